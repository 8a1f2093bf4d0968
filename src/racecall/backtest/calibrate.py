"""Make a calibration of archives: lessons of every night, habits, and the path maximum of every contest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from racecall.backtest.archive import ArchiveContest, ArchiveElection, all_contests
from racecall.backtest.calls import evidence, path_maximum
from racecall.backtest.learn import lessons, night_share_habits
from racecall.calls.calibration import PathMaximum, regime_of
from racecall.calls.calibration_file import Calibration, score_version
from racecall.calls.night import JudgedCount, judge_night
from racecall.errors import UsageError

FIRST_LOOKS = 1.3
"""Looks up to this many hours after the polls close are the first ones; a contest that starts later has one."""


def make_calibration(elections: Sequence[ArchiveElection], night_shares: Iterable[tuple[str, str, float]] = ()) -> Calibration:
    """Learn from archives, and score every contest with the experience of the other nights.

    Args:
        elections: Archived elections.
        night_shares: County, election date, share counted on the night: habits that reach further back than the archives. Dates after the
            newest archived night are left out: nothing here could be tested on them, and later nights are for tests.

    Raises:
        UsageError: No contest can be judged.
    """
    contests = tuple(all_contests(tuple(elections)))
    nights = sorted({contest.setting.night for contest in contests})
    if not nights:
        raise UsageError(
            "no contest of these archives can be judged, so nothing can be learned from them.",
            next_step="`racecall backtest` lists each contest that is left out, with its reason.",
        )
    rows = tuple(row for row in night_shares if row[1] <= nights[-1])
    bare = Calibration(
        score_version=score_version(),
        archives={election.election_id: election.sha256 for election in elections},
        lessons=lessons(contests),
        night_share=_habits(rows, nights),
        maxima=(),
    )
    maxima = [maximum for night in nights for maximum in _night_maxima(bare, [c for c in contests if c.setting.night == night])]
    return Calibration(
        score_version=bare.score_version, archives=bare.archives, lessons=bare.lessons, night_share=bare.night_share, maxima=tuple(maxima)
    )


def _habits(rows: Sequence[tuple[str, str, float]], nights: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the habits for a new night, and for every archived night whose habits differ from these."""
    new = night_share_habits(rows, "")
    return {"": new} | {night: habit for night in nights if (habit := night_share_habits(rows, night)) != new}


def _night_maxima(calibration: Calibration, contests: Sequence[ArchiveContest]) -> list[PathMaximum]:
    judged = judge_night([contest.count for contest in contests], calibration.experience(contests[0].setting.night))
    return [
        PathMaximum(
            contest=contest.key,
            night=contest.setting.night,
            regime=regime_of(contest.setting.state),
            score=path_maximum(evidence(contest, count.scores.place, count.scores.elected)),
            open_early=open_early(count),
        )
        for contest, count in zip(contests, judged, strict=True)
    ]


def open_early(judged: JudgedCount) -> bool:
    """Whether the boundary of a contest was open (score under 1) at the last of its first looks; public early in the night."""
    path, setting = judged.count.path, judged.count.setting
    look = max(int(np.searchsorted(path.hours, FIRST_LOOKS, side="right")) - 1, 0)
    place = np.sort(judged.scores.place[look])[::-1]
    return bool(place[min(setting.slots, setting.field_size) - 1] < 1)
