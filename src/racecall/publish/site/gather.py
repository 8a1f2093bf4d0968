"""Views into page values: what every contest's page shows at the last of a row of moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
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
    marks, looks = all_marks(now.election, records), _looks_of(views)
    return tuple(
        replace(
            contest_page(now.election, looks[view.contest.id], records, marks=marks[view.contest.id], tables=tables),
            rehearsal=now.rehearsal,
            shapes=(shapes or {}).get(view.contest.id),
            earlier=(earlier or {}).get(view.contest.id, ()),
        )
        for view in now.contests
    )


def contest_page(
    election: Election,
    looks: Sequence[tuple[ContestView, str]],
    records: Records,
    *,
    marks: Mapping[str, Mark],
    tables: Tables | None = None,
) -> ContestPage:
    """Return the page of one contest as it stands at the last of its looks.

    Args:
        election: The election.
        looks: What may be said at each moment something became known of it, oldest first, with the hash of the last event behind it.
        records: What was recorded up to the last look.
        marks: Shapes and colours by option id.
        tables: Gives the cells of a release; None leaves units out.
    """
    view, head = looks[-1]
    return ContestPage(
        view=view,
        election=election,
        head=head,
        marks=marks,
        looks=tuple(look for look, _ in looks),
        heads=tuple(head for _, head in looks),
        releases=release_looks(records.counts(view.contest.id)),
        units=_units(view, election, tables) if tables else (),
        before=_round_before(view.contest, election),
        after=_round_after(view.contest, election),
    )


def all_marks(election: Election, records: Records) -> Mapping[str, Mapping[str, Mark]]:
    """Return shapes and colours by contest and option."""
    return {contest.id: marks_of_contest(contest, election, records) for contest in election}


def marks_of_contest(contest: Contest, election: Election, records: Records) -> Mapping[str, Mark]:
    """Return shapes and colours by option: a later round keeps those of the rounds before."""
    rounds = [contest]
    while (before := _round_before(rounds[-1], election)) and before not in rounds:  # a round that names itself ends the walk
        rounds.append(before)
    marks: Mapping[str, Mark] | None = None
    for one in reversed(rounds):
        marks = _marks(one, records, marks)
    return marks or {}


def _marks(contest: Contest, records: Records, inherited: Mapping[str, Mark] | None) -> Mapping[str, Mark]:
    people = {option.id for option in contest.options if option.can_advance}
    first = next((count for _, count in records.counts(contest.id) if count.total), None)
    votes = {option: votes for option, votes in first.votes.items() if option in people} if first else {}
    places = 2 if contest.next_round else contest.number_elected
    return marks_of(ranked(votes), places, inherited)


def _looks_of(views: Sequence[View]) -> Mapping[str, list[tuple[ContestView, str]]]:
    found: dict[str, list[tuple[ContestView, str]]] = {}
    for view in views:
        for contest in view.contests:
            found.setdefault(contest.contest.id, []).append((contest, view.head))
    return found


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
