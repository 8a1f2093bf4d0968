"""Puts together what a publisher needs: the judged view, and the cells of the counts that are current at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from racecall.calls.view import ContestView
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.feeds.frames import ballot_frame
from racecall.ledger.records import RecordedRelease
from racecall.publish.base import Counted, Export


def gather(folder: ElectionFolder, moment: datetime, contests: Iterable[str] = ()) -> Export:
    """Return the election at a moment with the cells behind it.

    Args:
        folder: The election.
        moment: Nothing that became known later takes part.
        contests: Ids, all if empty.

    Raises:
        UnknownName: There is no such contest.
        LedgerError: A table of counts is gone or was changed.
    """
    view = judge_folder(folder, folder.ledger(), moment, contests, model=False)
    current: dict[int, RecordedRelease] = {one.release.seq: one.release for one in view.contests if one.release}
    ordered = sorted(current.values(), key=lambda release: release.order)
    return Export(view=view, counted=tuple(_counted(folder, release, view.contests) for release in ordered))


def _counted(folder: ElectionFolder, release: RecordedRelease, views: Sequence[ContestView]) -> Counted:
    own = tuple(view for view in views if view.release and view.release.seq == release.seq)
    ids = [view.contest.id for view in own]
    counts = folder.store.get_table(release.counts)
    ballots = folder.store.get_table(release.ballots) if release.ballots else ballot_frame()
    return Counted(
        release=release,
        contests=own,
        counts=counts.filter(counts["contest"].is_in(ids)),
        ballots=ballots.filter(ballots["contest"].is_in([*ids, ""])),
    )
