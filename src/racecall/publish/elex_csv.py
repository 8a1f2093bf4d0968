"""The current counts as CSV with the columns of `elex results`, the form in which newsroom scripts pass the Associated Press's results on.

One row a candidate and reporting unit, totals only. What AP has and we do not (its ids, FIPS codes, first names, incumbents) is left blank:
a name is not taken apart, because nobody can tell where "de León" ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from racecall import __version__
from racecall.calls.view import ContestView
from racecall.ledger.events import iso
from racecall.ledger.totals import by_contest, by_unit
from racecall.model.contest import Election, ElectionType, Option, is_measure
from racecall.model.release import ResultsStatus
from racecall.model.units import ALL_UNITS, UnitType
from racecall.publish.base import Counted, Export, options_of
from racecall.publish.cells import csv_bytes

_COLUMNS = (
    "id raceid racetype racetypeid ballotorder candidateid description delegatecount electiondate electtotal electwon fipscode first "
    "incumbent initialization_data is_ballot_measure last lastupdated level national officeid officename party polid polnum "
    "precinctsreporting precinctsreportingpct precinctstotal reportingunitid reportingunitname runoff seatname seatnum statename "
    "statepostal test uncontested votecount votepct winner"
)
HEADER = tuple(_COLUMNS.split())
"""Columns of `elex results`, version 2.4.4."""
RACE_TYPES: Mapping[ElectionType, str] = {
    ElectionType.PRIMARY: "Primary",
    ElectionType.GENERAL: "General",
    ElectionType.RUNOFF: "Runoff",
    ElectionType.SPECIAL: "Special Election",
    ElectionType.SPECIAL_PRIMARY: "Special Primary",
    ElectionType.SPECIAL_RUNOFF: "Special Runoff",
}
LEVELS: Mapping[UnitType, str] = {UnitType.STATE: "state", UnitType.COUNTY: "county"}


class ElexPublisher:
    """Writes every current count into one table."""

    id = "elex"
    title = "CSV with the columns of elex results"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield the table, nothing before the first count."""
        if export.counted:
            rows = (row for counted in export.counted for view in counted.contests for row in _rows(export.view.election, view, counted))
            yield "elex.csv", csv_bytes(HEADER, ([row.get(name, "") for name in HEADER] for row in rows))


def _rows(election: Election, view: ContestView, counted: Counted) -> Iterator[dict[str, Any]]:
    contest = view.contest
    votes = _votes(view, counted)
    options = {option.id: option for option in options_of(contest, counted)}
    race = _race(election, view, counted)
    for (unit, option), number in votes.items():
        total = sum(other for (place, _), other in votes.items() if place == unit)
        place = _unit(election, contest.id, unit)
        yield (
            race | place | _candidate(view, options[option]) | {"votecount": number, "votepct": round(number / total, 6) if total else 0.0}
        )


def _votes(view: ContestView, counted: Counted) -> dict[tuple[str, str], int]:
    """Votes by unit and option: the whole contest first, then its units."""
    units = by_unit(counted.counts.filter(counted.counts["contest"] == view.contest.id))
    whole = {(ALL_UNITS, option): votes for option, votes in by_contest(units).select("option", "votes").rows() if votes is not None}
    parts = {(unit, option): votes for unit, option, votes in units.select("unit", "option", "votes").rows() if votes is not None}
    return whole | {place: votes for place, votes in parts.items() if place[0] != ALL_UNITS}


def _race(election: Election, view: ContestView, counted: Counted) -> dict[str, Any]:
    contest = view.contest
    reported, total = view.units_reported, view.units_total
    return {
        "raceid": contest.id,
        "racetype": RACE_TYPES.get(contest.election_type, ""),
        "electiondate": election.date.isoformat(),
        "initialization_data": False,
        "is_ballot_measure": is_measure(contest),
        "lastupdated": iso(counted.release.moment),
        "national": False,
        "officename": contest.title,
        "precinctsreporting": reported,
        "precinctstotal": total,
        "precinctsreportingpct": round(reported / total, 6) if reported is not None and total else None,
        "seatname": contest.electoral_district,
        "statepostal": election.state,
        "test": False,
        "uncontested": len(contest.options) == 1,
        "description": f"racecall {__version__}",
    }


def _unit(election: Election, contest: str, unit: str) -> dict[str, Any]:
    if unit == ALL_UNITS:
        return {"level": "state", "reportingunitid": contest, "reportingunitname": ""}
    known = next((one for one in election.units if one.id == unit), None)
    level = LEVELS.get(known.type, "subunit") if known else "subunit"
    return {"level": level, "reportingunitid": unit, "reportingunitname": known.name or unit if known else unit}


def _candidate(view: ContestView, option: Option) -> dict[str, Any]:
    """The candidate; winner and runoff only by law, once the count is certified."""
    certified = view.release is not None and view.release.status is ResultsStatus.CERTIFIED
    return {
        "id": f"{view.contest.id}-{option.id}",
        "candidateid": option.id,
        "ballotorder": option.ballot_order or None,
        "last": option.name,
        "party": option.party,
        "runoff": certified and option.id in view.outcome.advancing,
        "winner": certified and option.id in view.outcome.elected,
    }
