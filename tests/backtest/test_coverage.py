"""Intervals and chances of the development archive at fixed looks, as the page says."""

import numpy as np
import pytest

from racecall.backtest.coverage import check_contest, summed_up
from racecall.calls.night import judge_night
from racecall.projection.forecast import forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.outlook import contest_look

pytestmark = [pytest.mark.slow, pytest.mark.shared]


@pytest.fixture(scope="module")
def judged(archive, calibration):
    """Every contest with what was known of it at every look."""
    contests = [contest for election in archive for contest in election.contests]
    nights = {night: [c for c in contests if c.setting.night == night] for night in sorted({c.setting.night for c in contests})}
    return [
        pair
        for night, mine in nights.items()
        for pair in zip(mine, judge_night([c.count for c in mine], calibration.experience(night)), strict=True)
    ]


@pytest.fixture(scope="module")
def coverage(judged):
    """Coverage by look with 500 draws."""
    ours = LogRatioProjection()
    return summed_up([one for contest, count in judged for one in check_contest(contest, count, ours, draws=500, seed=1)])


@pytest.mark.parametrize("look", ["first", "night", "three_days"])
def test_intervals_cover_at_every_look(coverage, look):
    """90% intervals cover 87% to 93% and 50% intervals 46% to 54%, at the first release, at the end of the night and after three days."""
    made = coverage["coverage_by_look"][look]
    assert (0.87 <= made["0.9"] <= 0.93, 0.46 <= made["0.5"] <= 0.54) == (True, True), made


def test_the_2017_primary_is_not_outside_its_intervals(judged):
    """5 April 2017, from the archive: the final votes of Gomez and Ahn lie inside, and the order is open."""
    contest, count = next((c, j) for c, j in judged if c.setting.id == "ca34-2017-primary")
    look = contest_look(contest.path, 0, contest.setting, count.volume, count.drift)
    made = forecast(LogRatioProjection().draw(look, draws=20_000, seed=1), contest.setting)
    both = [contest.setting.options.index(name) for name in ("Jimmy Gomez", "Robert Lee Ahn")]
    final = contest.path.votes[-1] / contest.path.votes[-1].sum()
    bounds = made.share_interval[0.9]
    inside = [bool(bounds[at, 0] <= final[at] <= bounds[at, 1]) for at in both]
    assert (inside, bool(np.isclose(made.p_rank[both[0], 0], 1.0, atol=5e-4))) == ([True, True], False)
