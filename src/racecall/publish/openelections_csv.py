"""The current counts as OpenElections CSV: one row a contest, unit and option, one column a count type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from racecall.calls.view import ContestView
from racecall.model.contest import Election
from racecall.model.counts import BallotKind, CountType
from racecall.model.units import ALL_UNITS, ReportingUnit, UnitType
from racecall.publish.base import Cell, Counted, Export, options_of
from racecall.publish.cells import CellValue, csv_bytes

HEADER = ("county", "precinct", "office", "district", "party", "candidate", "votes")
COLUMNS: Mapping[str, str] = {
    CountType.ELECTION_DAY: "election_day",
    CountType.EARLY: "early_voting",
    CountType.IN_PERSON: "in_person",
    CountType.ABSENTEE_MAIL: "mail",
    CountType.PROVISIONAL: "provisional",
    CountType.UOCAVA: "uocava",
    CountType.OTHER: "other",
}
"""Columns of the count types, as OpenElections files name them."""
BALLOTS: Mapping[str, str] = {
    BallotKind.REGISTERED: "Registered Voters",
    BallotKind.CAST: "Ballots Cast",
    BallotKind.OVERVOTED: "Over Votes",
    BallotKind.UNDERVOTED: "Under Votes",
    BallotKind.BLANK: "Blank Ballots",
    BallotKind.INVALID: "Invalid Ballots",
}
"""Ballots stand among the candidates in these files, under these names."""

Cells = Mapping[str, int | None]
"""Numbers by count type."""


class OpenElectionsPublisher:
    """Writes every current count into one table."""

    id = "openelections"
    title = "OpenElections CSV"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield the table, nothing before the first count."""
        if export.counted:
            types = {kind for counted in export.counted for table in (counted.counts, counted.ballots) for kind in table["count_type"]}
            shown = [kind for kind in COLUMNS if kind in types]
            header = (*HEADER, *(COLUMNS[kind] for kind in shown))
            yield "openelections.csv", csv_bytes(header, _rows(export, shown))


def _rows(export: Export, types: Sequence[str]) -> Iterator[list[CellValue]]:
    election = export.view.election
    for counted in export.counted:
        for row in _jurisdiction(counted):
            yield _row(election, *row, types)
        for view in counted.contests:
            yield from (_row(election, *row, types) for row in _contest(view, counted))


Row = tuple[str, str, str, str, Cells]
"""unit, office, party, candidate, numbers."""


def _row(election: Election, unit: str, office: str, party: str, candidate: str, cells: Cells, types: Sequence[str]) -> list[CellValue]:
    return [*_place(election, unit), office, "", party, candidate, _total(cells), *(cells.get(kind) for kind in types)]


def _place(election: Election, unit: str) -> tuple[str, str]:
    """County and precinct of a unit; both are blank for the whole contest."""
    known = {one.id: one for one in election.units}
    found = known.get(unit, ReportingUnit(id=unit))
    if unit == ALL_UNITS or found.type is UnitType.COUNTY:
        return ("", "") if unit == ALL_UNITS else (found.name or unit, "")
    parent = known.get(found.parent)
    return (parent.name or parent.id if parent and parent.type is UnitType.COUNTY else "", unit)


def _total(cells: Cells) -> int | None:
    """The printed total, else the sum of the count types if all are given."""
    if CountType.TOTAL in cells:
        return cells[CountType.TOTAL]
    given = [number for number in cells.values() if number is not None]
    return sum(given) if len(given) == len(cells) else None


def _contest(view: ContestView, counted: Counted) -> Iterator[Row]:
    contest = view.contest
    options = {option.id: option for option in options_of(contest, counted)}
    for (unit, option), cells in _by_place(counted.votes_of(contest.id)).items():
        yield unit, contest.title, options[option].party, options[option].name, cells
    for (unit, kind), cells in _by_place(counted.ballots_of(contest.id)).items():
        if kind in BALLOTS:
            yield unit, contest.title, "", BALLOTS[kind], cells


def _jurisdiction(counted: Counted) -> Iterator[Row]:
    """Ballots of the whole jurisdiction: the office is the figure's name, and nobody stands for it."""
    for (unit, kind), cells in _by_place(counted.ballots_of("")).items():
        if kind in BALLOTS:
            yield unit, BALLOTS[kind], "", "", cells


def _by_place(cells: Iterable[Cell]) -> dict[tuple[str, str], dict[str, int | None]]:
    found: dict[tuple[str, str], dict[str, int | None]] = {}
    for unit, name, count_type, value in cells:
        found.setdefault((unit, name), {})[count_type] = value
    return found
