"""The score: the required break in model standard deviations."""

import numpy as np
import pytest

from racecall.calls.explain import required_break
from racecall.calls.score import break_even, kth_smallest, score_path
from racecall.outstanding.path import CountPath
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume
from racecall.projection.shift import expected_drift


def setting(options=3, slots=2, **more):
    return ContestSetting(
        id="c",
        options=tuple("ABCDEFG"[:options]),
        parties=("",) * options,
        eligible=(True,) * options,
        slots=slots,
        first_round=True,
        **more,
    )


def judged(votes, to_come, **more):
    path = CountPath(hours=np.array([6.0]), votes=np.array([votes], dtype=float))
    flat = np.array([float(to_come)])
    volume = Volume(likely=flat, log_sd=np.array([0.2]), lower=flat, upper=flat)
    drift = expected_drift(path, (np.zeros(1), np.zeros(1), np.zeros(1, dtype=bool)))
    return path, volume, score_path(path, setting(len(votes), **more), volume, drift)


def test_break_even_of_no_lead_is_an_even_split():
    """With no lead the late votes decide at log ratio 0."""
    assert break_even(np.array(0.0), np.array(1000.0)) == 0


def test_a_place_is_lost_only_if_k_rivals_pass():
    """With two places the second smallest z counts."""
    pair = np.array([[[0.0, 1.0, 5.0], [-1.0, 0.0, 4.0], [-5.0, -4.0, 0.0]]])
    assert kth_smallest(pair, setting()).tolist() == [[5.0, 4.0, -4.0]]


def test_an_aggregate_never_scores():
    """ "All others" cannot fill a place."""
    some = ContestSetting(id="c", options=("A", "B", "All others"), parties=("",) * 3, eligible=(True, True, False), slots=1)
    assert kth_smallest(np.zeros((1, 3, 3)), some)[0, 2] == -np.inf


def test_more_votes_to_come_lower_the_score_of_a_leader():
    """The same lead is worth less when more is left."""
    few, many = (judged([500, 400, 100], n)[2].place[0, 0] for n in (200, 2000))
    assert few > many


def test_a_tie_at_the_cut_scores_zero():
    """Equal votes: neither is ahead."""
    assert judged([500, 300, 300], 500)[2].place[0, 1] == pytest.approx(0, abs=1e-9)


def test_a_leader_near_half_leaves_the_second_place_conditional():
    """Where the leader may pass one half, second place scores low however far third place is behind."""
    _, _, near = judged([499, 400, 101], 600, majority=True)
    _, _, far = judged([400, 390, 210], 600, majority=True)
    assert near.place[0, 1] < 0.5 < far.place[0, 1]


def test_order_of_options_does_not_matter():
    """Options in another order have the same scores in that order."""
    forward, backward = judged([500, 300, 200], 500)[2].place[0], judged([200, 300, 500], 500)[2].place[0]
    assert forward.tolist() == pytest.approx(backward[::-1].tolist())


def test_the_2017_second_place_needed_a_break_of_twenty_points():
    """2,726 votes over 13,400 to come are 20.3 points, and Cabildo had trailed by 9.4."""
    path = CountPath(hours=np.array([6.0]), votes=np.array([[8156.0, 5504.0, 2778.0, 12547.0]]))
    flat = np.array([13400.0])
    some = ContestSetting(
        id="c", options=("Gomez", "Ahn", "Cabildo", "All others"), parties=("",) * 4, eligible=(True, True, True, False), slots=2
    )
    made = required_break(path, 0, some, Volume(likely=flat, log_sd=flat * 0, lower=flat, upper=flat), 1)
    assert str(made) == (
        "Cabildo must win the 13,400 votes likely still to come by 20.3 points over Ahn to draw level, and has trailed by 9.4 so far."
    )
