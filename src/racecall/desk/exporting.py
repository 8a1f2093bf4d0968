"""Puts together what a publisher needs: the judged view, and the cells of the counts that are current at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from racecall.calls.view import ContestView, View
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.feeds.frames import ballot_frame
from racecall.ledger.records import RecordedRelease
from racecall.publish.base import Counted, Export

if TYPE_CHECKING:
    import polars as pl

Tables = Callable[[str], "pl.DataFrame"]
"""Gives the table that a hash names."""


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
    return export_of(judge_folder(folder, folder.ledger(), moment, contests, model=False), folder.store.get_table)


def export_of(view: View, tables: Tables) -> Export:
    """Return a judged view with the cells behind it.

    Args:
        view: What may be said.
        tables: Gives the table that a hash names.
    """
    current: dict[int, RecordedRelease] = {one.release.seq: one.release for one in view.contests if one.release}
    ordered = sorted(current.values(), key=lambda release: release.order)
    return Export(view=view, counted=tuple(_counted(release, view.contests, tables) for release in ordered))


def _counted(release: RecordedRelease, views: Sequence[ContestView], tables: Tables) -> Counted:
    own = tuple(view for view in views if view.release and view.release.seq == release.seq)
    ids = [view.contest.id for view in own]
    return Counted(
        release=release,
        contests=own,
        counts=_about(ids, tables(release.counts)),
        ballots=_about([*ids, ""], tables(release.ballots)) if release.ballots else _no_ballots(),
    )


def _about(contests: Sequence[str], table: pl.DataFrame) -> pl.DataFrame:
    return table.filter(table["contest"] == contests[0] if len(contests) == 1 else table["contest"].is_in(contests))


@lru_cache(maxsize=1)
def _no_ballots() -> pl.DataFrame:
    """Most releases have none, and an empty table takes as long to make as a full one."""
    return ballot_frame()
