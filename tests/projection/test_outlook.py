"""From a count to a look that can be drawn: whose late votes may differ by how much."""

import numpy as np
import pytest

from racecall.outstanding.path import CountPath
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume
from racecall.projection.forecast import forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.outlook import CROWDED_TAIL, contest_look
from racecall.projection.shift import expected_drift

APRIL_5 = {"Gomez": 8156, "Ahn": 5504, "Cabildo": 2778, "Flores": 1368, "Carrillo": 1500, "Hernandez": 1700, "Carmona": 1600, "Mejia": 1300}
"""The first eight of 24 as counted on 5 April 2017, the last five rounded; the others are in "All others"."""


def looked(votes, *, primary_night, others=0):
    """A first round with 10,000 to come, six hours after the close."""
    names = (*votes, "All others")
    setting = ContestSetting(
        id="c",
        options=names,
        parties=("",) * len(names),
        eligible=(True,) * len(votes) + (False,),
        slots=2,
        first_round=True,
        majority=True,
        primary_night=primary_night,
    )
    path = CountPath(hours=np.array([6.0]), votes=np.array([[*votes.values(), others]], dtype=float))
    drift = expected_drift(path, (np.zeros(1), np.zeros(1), np.zeros(1, dtype=bool)))
    flat = np.array([13_400.0])
    return contest_look(path, 0, setting, Volume(likely=flat, log_sd=np.array([0.2]), lower=flat, upper=flat), drift)


def test_a_crowded_first_round_has_heavier_tails():
    """More than six in a first round: one candidate's late voters are a matter of their own."""
    few = dict(list(APRIL_5.items())[:6])
    assert [looked(votes, primary_night=True).late_tail for votes in (APRIL_5, few)] == [CROWDED_TAIL, None]


def test_a_special_election_has_twice_the_spread():
    """A crowded first round with a day to itself."""
    special, usual = (looked(APRIL_5, primary_night=night).late_sd[0] for night in (False, True))
    assert special == pytest.approx(2 * usual)


def test_the_order_of_the_2017_primary_is_open_on_april_5():
    """Gomez led by nine points and it ended at three: his chance of being first is not printed as 1.000, in 20,000 seeded draws.

    The chance lies near .98; that it passes .9995 by luck is less than one in a million.
    """
    look = looked(APRIL_5, primary_night=False, others=5_000)
    made = forecast(LogRatioProjection().draw(look, draws=20_000, seed=1), look.setting)
    assert 0.9 < made.p_rank[0, 0] < 0.9995


def test_the_interval_of_april_5_holds_what_came():
    """Ahn had 9,415 votes in the end, and the 90% interval says that could be."""
    look = looked(APRIL_5, primary_night=False, others=5_000)
    low, high = forecast(LogRatioProjection().draw(look, draws=20_000, seed=1), look.setting).votes_interval[0.9][1]
    assert low < 9_415 < high
