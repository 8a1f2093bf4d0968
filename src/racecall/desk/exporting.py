"""Puts together what a publisher needs: the judged view, and the cells of the counts that are current at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

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
Cut = Callable[[str, Sequence[str]], "pl.DataFrame"]
"""Gives the rows about contests of the table that a hash names."""


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
    return export_of(judge_folder(folder, folder.ledger(), moment, contests, model=False), partial(_filtered, folder.store.get_table))


def _filtered(tables: Tables, sha256: str, contests: Sequence[str]) -> pl.DataFrame:
    table = tables(sha256)
    return table.filter(table["contest"].is_in(contests))


def one_by_one(tables: Tables) -> Cut:
    """Return what cuts tables for many contests, each by itself: a table is taken apart once, for a filter takes longer than the file."""

    @lru_cache(maxsize=2)
    def parts(sha256: str) -> Mapping[Any, pl.DataFrame]:
        return tables(sha256).partition_by("contest", as_dict=True)

    def cut(sha256: str, contests: Sequence[str]) -> pl.DataFrame:
        if len(contests) > 1:
            return _filtered(tables, sha256, contests)
        found = parts(sha256).get((contests[0],))
        return tables(sha256).clear() if found is None else found

    return cut


def export_of(view: View, cut: Cut) -> Export:
    """Return a judged view with the cells behind it.

    Args:
        view: What may be said.
        cut: Gives the rows about contests of the table that a hash names.
    """
    current: dict[int, RecordedRelease] = {one.release.seq: one.release for one in view.contests if one.release}
    ordered = sorted(current.values(), key=lambda release: release.order)
    return Export(view=view, counted=tuple(_counted(release, view.contests, cut) for release in ordered))


def _counted(release: RecordedRelease, views: Sequence[ContestView], cut: Cut) -> Counted:
    own = tuple(view for view in views if view.release and view.release.seq == release.seq)
    ids = [view.contest.id for view in own]
    return Counted(
        release=release,
        contests=own,
        counts=cut(release.counts, ids),
        ballots=cut(release.ballots, [*ids, ""]) if release.ballots else _no_ballots(),
    )


@lru_cache(maxsize=1)
def _no_ballots() -> pl.DataFrame:
    """Most releases have none, and an empty table takes as long to make as a full one."""
    return ballot_frame()
