"""Views into page values: what every contest's page shows at the last of a row of moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from racecall.calls.arithmetic import ranked
from racecall.calls.view import ContestView, View
from racecall.ledger.records import Records
from racecall.model.contest import Contest, Election
from racecall.model.units import ALL_UNITS
from racecall.publish.site.page import ContestPage, EarlierContest, MapShapes, Mark, UnitCount, marks_of, release_looks

if TYPE_CHECKING:
    import polars as pl

Tables = Callable[[str], "pl.DataFrame"]
"""Gives the table of cells that a hash names; reading it is the caller's business."""


def contest_pages(
    views: Sequence[View],
    records: Records,
    *,
    tables: Tables | None = None,
    shapes: Mapping[str, MapShapes] | None = None,
    earlier: Mapping[str, tuple[EarlierContest, ...]] | None = None,
) -> tuple[ContestPage, ...]:
    """Return the page of every contest in the last view.

    Args:
        views: The election at each moment something became known, oldest first; the last one is what the pages show.
        records: What was recorded up to the last moment.
        tables: Gives the cells of a release; None leaves units out.
        shapes: Maps by contest id.
        earlier: Earlier contests in the same district, by contest id.
    """
    now = views[-1]
    marks = all_marks(now.election, records)
    looks = _looks_of(views)
    return tuple(
        ContestPage(
            view=view,
            election=now.election,
            head=now.head,
            rehearsal=now.rehearsal,
            marks=marks[view.contest.id],
            looks=looks[view.contest.id],
            heads=tuple(one.head for one in views) if len(looks[view.contest.id]) == len(views) else (),
            releases=release_looks(records.counts(view.contest.id)),
            units=_units(view, now.election, tables) if tables else (),
            shapes=(shapes or {}).get(view.contest.id),
            earlier=(earlier or {}).get(view.contest.id, ()),
            before=_round_before(view.contest, now.election),
            after=_round_after(view.contest, now.election),
        )
        for view in now.contests
    )


def all_marks(election: Election, records: Records) -> Mapping[str, Mapping[str, Mark]]:
    """Return shapes and colours by contest and option: a later round keeps those of the round before."""
    made: dict[str, Mapping[str, Mark]] = {}
    for contest in sorted(election, key=lambda one: _depth(one, election)):
        before = _round_before(contest, election)
        made[contest.id] = _marks(contest, records, made.get(before.id) if before else None)
    return made


def _marks(contest: Contest, records: Records, inherited: Mapping[str, Mark] | None) -> Mapping[str, Mark]:
    people = {option.id for option in contest.options if option.can_advance}
    first = next((count for _, count in records.counts(contest.id) if count.total), None)
    votes = {option: votes for option, votes in first.votes.items() if option in people} if first else {}
    places = 2 if contest.next_round else contest.number_elected
    return marks_of(ranked(votes), places, inherited)


def _looks_of(views: Sequence[View]) -> Mapping[str, tuple[ContestView, ...]]:
    found: dict[str, list[ContestView]] = {}
    for view in views:
        for contest in view.contests:
            found.setdefault(contest.contest.id, []).append(contest)
    return {contest: tuple(looks) for contest, looks in found.items()}


def _units(view: ContestView, election: Election, tables: Tables) -> tuple[UnitCount, ...]:
    """Return the votes of each unit, all count types together; none where the source has no more than one."""
    import polars as pl

    count = view.release.contests[view.contest.id] if view.release else None
    if view.release is None or count is None or count.units < 2:
        return ()
    cells = tables(view.release.counts).filter((pl.col("contest") == view.contest.id) & (pl.col("unit") != ALL_UNITS))
    sums = cells.group_by("unit", "option").agg(pl.col("votes").sum()).sort("unit", "option")
    known = {unit.id: unit for unit in election.units}
    found: dict[str, dict[str, int]] = {}
    for unit, option, votes in sums.iter_rows():
        found.setdefault(unit, {})[option] = votes
    return tuple(
        UnitCount(
            id=unit,
            name=known[unit].name or unit if unit in known else unit,
            votes=votes,
            territory=unit not in known or known[unit].territory,
        )
        for unit, votes in found.items()
    )


def _round_before(contest: Contest, election: Election) -> Contest | None:
    return next((one for one in election if one.next_round == contest.id), None)


def _round_after(contest: Contest, election: Election) -> Contest | None:
    return next((one for one in election if one.id == contest.next_round), None)


def _depth(contest: Contest, election: Election) -> int:
    """How many rounds came before; a round that names itself ends the walk."""
    before, seen = _round_before(contest, election), {contest.id}
    while before and before.id not in seen:
        seen.add(before.id)
        before = _round_before(before, election)
    return len(seen) - 1
