"""The projection: promises every one must keep, and what ours adds."""

import time
from dataclasses import replace

import numpy as np
import pytest

from racecall.errors import UsageError
from racecall.outstanding.setting import ContestSetting
from racecall.projection.base import FinalDraws, Look, Projection
from racecall.projection.forecast import forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.testing_projection import check_projection, coverage, example_look


def big(units, types, options):
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(options), size=(units, types))
    setting = ContestSetting(
        id="big", options=tuple(map(str, range(options))), parties=("",) * options, eligible=(True,) * options, slots=2, majority=True
    )
    return Look(
        setting=setting,
        counted=rng.poisson(40 * shares).astype(float),
        to_come=rng.gamma(2, 20, (units, types)),
        to_come_log_sd=0.2,
        late_mean=np.zeros(options),
        late_sd=np.full(options, 0.2),
    )


def draws_of(votes, slots=1, **more):
    votes = np.array(votes, dtype=float)
    options = votes.shape[1]
    setting = ContestSetting(
        id="c", options=tuple(map(str, range(options))), parties=("",) * options, eligible=(True,) * options, slots=slots, **more
    )
    return forecast(FinalDraws(votes=votes, to_come=np.zeros((len(votes), 1))), setting)


@pytest.mark.slow
def test_ours_passes_the_public_check():
    """Never below the count, same bytes, names do not matter, nothing to come, coverage 85% to 95%."""
    check_projection(LogRatioProjection())


def test_it_is_a_projection():
    """The protocol is met."""
    assert isinstance(LogRatioProjection(), Projection)


@pytest.mark.slow
def test_fifty_percent_intervals_cover_half():
    """Truth recovery: 46% to 54% over 300 seeded contests of six units and two count types."""
    assert 0.44 <= coverage(LogRatioProjection(), contests=300, seed=11, level=0.5) <= 0.56


def test_one_total_without_baseline_is_enough():
    """A contest known by its total alone gets a projection."""
    look = example_look(np.random.default_rng(2), units=1, types=1)
    assert forecast(LogRatioProjection().draw(look, draws=200, seed=1), look.setting).p_place.sum() > 0


def test_an_expected_shift_moves_the_shares():
    """A late mean for one option raises its median share."""
    look = example_look(np.random.default_rng(2))
    moved = replace(look, late_mean=np.array([0.5, 0, 0, 0, 0]))
    shares = [forecast(LogRatioProjection().draw(one, draws=400, seed=1), one.setting).share[0] for one in (look, moved)]
    assert shares[1] > shares[0]


def test_places_add_up():
    """With two places and no majority the chances of a place sum to two."""
    assert draws_of([[5, 4, 3], [3, 4, 5]], slots=2).p_place.sum() == 2


def test_a_majority_leaves_no_second_place():
    """60 of 100 ends the contest: nobody advances in that draw."""
    made = draws_of([[60, 30, 10], [45, 35, 20]], slots=2, majority=True)
    assert (made.p_no_second_place, made.p_place.tolist(), made.p_majority[0]) == (0.5, [0.5, 0.5, 0.0], 0.5)


def test_equal_votes_at_the_cut_are_a_tie():
    """A tie at the cut counts as recount zone."""
    assert draws_of([[50, 50], [90, 10]]).p_tie_or_recount == 0.5


def test_a_wrong_shape_is_refused_in_words():
    """The message gives the shapes."""
    look = example_look(np.random.default_rng(2))
    with pytest.raises(UsageError, match=r"a look needs counts of shape \(unit, count type, 5\)"):
        replace(look, to_come=np.zeros(3))


@pytest.mark.slow
def test_a_large_contest_is_drawn_in_time():
    """5,000 units, 4 count types, 24 options, 10,000 draws: 2 seconds on a quiet machine, 6 allowed on a busy one."""
    look = big(5000, 4, 24)
    start = time.perf_counter()
    LogRatioProjection().draw(look, draws=10_000, seed=1)
    assert time.perf_counter() - start < 6
