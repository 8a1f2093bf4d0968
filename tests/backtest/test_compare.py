"""Projections side by side."""

import pytest

from backtest_archives import tables
from racecall.backtest.archive import read_election
from racecall.backtest.compare import compare
from racecall.calls.night import judge_night
from racecall.outstanding.experience import Experience
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.share import ShareProjection


def test_two_projections_are_asked_about_the_same_looks():
    """One contest of three releases is asked about at the first release, at the end of the night and after three days."""
    contests = read_election(tables([[400, 300, 200], [700, 500, 360], [900, 640, 470]], hours=[1.0, 60.0, 200.0])).contests
    judged = judge_night([contest.count for contest in contests], Experience())
    made = compare(zip(contests, judged, strict=True), [LogRatioProjection(), ShareProjection()], draws=100)
    assert [(one.projection, one.looks) for one in made] == [("logratio", 3), ("share", 3)]


@pytest.mark.parametrize("form", [LogRatioProjection, ShareProjection])
def test_shares_that_stay_are_hit(form):
    """A count that keeps its shares to the end is projected within half a point."""
    contests = read_election(tables([[4000, 3000, 2000], [7000, 5250, 3500], [9000, 6750, 4500]], hours=[1.0, 60.0, 200.0])).contests
    judged = judge_night([contest.count for contest in contests], Experience())
    assert compare(zip(contests, judged, strict=True), [form()], draws=400)[0].rmse < 0.5
