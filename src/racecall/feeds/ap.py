"""AP Elections API JSON, versions 2 and 3: counts that the Associated Press collected, its flags for winners, its expected vote.

Races, in each the reporting units of one level beside the whole, in each unit the candidates with one number. Names are in parts, times end
in Z. `docs/feeds/ap.md` says what each field means here, and which of them we have seen in real files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from racecall.feeds.base import Document, Match
from racecall.feeds.listing import NO_NAME, Entry, Line, RawVotes, head_of, read_json, read_votes
from racecall.feeds.options import option_kind
from racecall.feeds.press import Agency, Call, Race, moment, person, reading, reported_of
from racecall.feeds.typed import Part, Typed
from racecall.model.counts import CountType
from racecall.model.release import Reading
from racecall.model.units import ALL_UNITS

AP = Agency(feed="ap", by="AP", source="AP")
ZONE = ZoneInfo("UTC")

LEVELS = ("subunit", "FIPSCode", "state")
"""Levels of units that are parts of the whole, finest first: counties and towns, counties, the states of a national race. One is read."""
WHOLE = ("national", "state")
"""Levels of the unit that is the whole contest."""

FLAGS: Mapping[str, str] = {"X": "winner flag X", "R": "winner flag R: goes on to a runoff", "N": "winner flag N: the call was reversed"}
"""AP's flags at the level of the whole; the flags of its parts repeat them. Version 3 also writes U, for "uncalled"."""
REVERSED = "N"

TYPES: Mapping[str, CountType] = {
    "election_day_in_person": CountType.ELECTION_DAY,
    "provisional": CountType.PROVISIONAL,
    "early_in_person": CountType.EARLY,
    "absentee_in_person": CountType.EARLY,
    "absentee_mail": CountType.ABSENTEE_MAIL,
    "in_person_total": CountType.IN_PERSON,
    "advance_in_person_total": CountType.EARLY,
    "absentee_total": CountType.ABSENTEE_MAIL,
    "advance_total": CountType.OTHER,
}
"""AP's count types (developer.ap.org, Vote Types, the model in use before 4 August 2026) and what we make of them."""
_EARLY = frozenset({"early_in_person", "absentee_in_person"})
_ABSENTEE = frozenset({"absentee_in_person", "absentee_mail", "absentee_total"})
SUMS: Mapping[str, frozenset[str]] = {
    "in_person_total": frozenset({"election_day_in_person", "early_in_person"}),
    "advance_in_person_total": _EARLY,
    "absentee_total": frozenset({"absentee_in_person", "absentee_mail"}),
    "advance_total": _EARLY | _ABSENTEE | {"advance_in_person_total"},
}
"""Sums, "or populated when a further breakdown is not available": each is left out where one of its parts is given."""


# --- The file ----------------------------------------------------------------------------------------------------------------------


class _Shape(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """An object of the file. Keys we do not use may come and go."""


class _VoteTypes(_Shape, frozen=True, kw_only=True):
    election_day_in_person: RawVotes = None
    provisional: RawVotes = None
    early_in_person: RawVotes = None
    absentee_in_person: RawVotes = None
    absentee_mail: RawVotes = None
    in_person_total: RawVotes = None
    advance_in_person_total: RawVotes = None
    absentee_total: RawVotes = None
    advance_total: RawVotes = None


class _Candidate(_VoteTypes, frozen=True, kw_only=True):
    """A candidate. The documentation names the count types of "each candidate" and does not show where they stand: both places are read."""

    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""
    party: str = ""
    vote_count: RawVotes = msgspec.UNSET
    winner: str = ""
    winner_date_time: str = ""
    vote_types: _VoteTypes | None = None


class _Unit(_Shape, frozen=True, kw_only=True):
    level: str
    candidates: list[_Candidate]
    state_postal: str = ""
    reporting_unit_name: str = msgspec.field(name="reportingunitName", default="")
    reporting_unit_id: str | int = msgspec.field(name="reportingunitID", default="")
    last_updated: str = ""
    precincts_reporting: RawVotes = None
    precincts_total: RawVotes = None
    eevp: float | None = None


class _Race(_Shape, frozen=True, kw_only=True):
    race_id: str | int = msgspec.field(name="raceID")
    office_name: str = ""
    race_type: str = ""
    state_postal: str = ""
    seat_name: str = ""
    party: str = ""
    test: bool = False
    results_type: str = ""
    uncontested: bool = False
    num_winners: int | None = None
    num_runoff: int | None = None
    eevp: float | None = None
    last_updated: str = ""
    candidates: list[_Candidate] = []
    reporting_units: list[_Unit] = []


class _File(_Shape, frozen=True):
    races: list[_Race]
    timestamp: str = ""


class ApFeed:
    """Reads the answers of AP's Elections API."""

    id = AP.feed
    title = "AP Elections API JSON"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys `races`, `raceID` and `officeID`."""
        head = head_of(document)
        if all(key in head for key in (b'"races"', b'"raceID"', b'"officeID"')):
            return Match(feed=self.id, certainty=1, reason="keys races, raceID and officeID")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release, and AP's calls; a file without results (`omitResults`) only names contests and options.

        Raises:
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        file, notes = read_json(document, _File)
        return reading(document, AP, list(_races(file)), notes)


# --- Races -------------------------------------------------------------------------------------------------------------------------

Placed = tuple[_Unit, int]
"""A unit, and the place of its first candidate in the file."""


def _races(file: _File) -> Iterator[Race]:
    row = 1
    for race in file.races:
        units = list(_placed(race.reporting_units, row))
        row += sum(len(unit.candidates) for unit, _ in units)
        yield _race(race, units, moment(file.timestamp, ZONE))


def _placed(units: Sequence[_Unit], row: int) -> Iterator[Placed]:
    for unit in units:
        yield unit, row
        row += len(unit.candidates)


def _race(race: _Race, units: Sequence[Placed], written: datetime | None) -> Race:
    whole = [placed for level in WHOLE for placed in units if placed[0].level == level][:1]
    return Race(
        id=str(race.race_id),
        title=_title(race),
        parts=[*(_part(race, placed, ALL_UNITS) for placed in whole), *_parts(race, [placed for placed in units if placed not in whole])],
        updated=max((at for unit, _ in units if (at := moment(unit.last_updated, ZONE))), default=written),
        test=race.test or race.results_type == "test",
        certified=race.results_type == "certified",
        uncontested=race.uncontested,
        calls=[call for placed in whole for call in _calls(placed)],
        expected=_expected(race, whole),
        districts=sum(unit.level == "district" for unit, _ in units),
    )


def _title(race: _Race) -> str:
    """Return "MA President, GOP Primary"; some kinds of election name the party themselves."""
    state = race.state_postal or next((unit.state_postal for unit in race.reporting_units), "")
    party = "" if race.party in race.race_type else race.party
    return ", ".join(part for part in (person(state, race.office_name, race.seat_name), person(party, race.race_type)) if part)


def _parts(race: _Race, units: Sequence[Placed]) -> Iterator[Part]:
    """Return the units of the finest level; two levels would count every vote twice."""
    level = next((level for level in LEVELS if any(unit.level == level for unit, _ in units)), "")
    parts = [placed for placed in units if placed[0].level == level]
    seen = Counter(_unit_name(unit) for unit, _ in parts)
    for unit, row in parts:
        name = _unit_name(unit)
        yield _part(race, (unit, row), name if seen[name] == 1 else f"{name} ({unit.reporting_unit_id})")


def _unit_name(unit: _Unit) -> str:
    return unit.reporting_unit_name or unit.state_postal


def _part(race: _Race, placed: Placed, name: str) -> Part:
    unit, row = placed
    reported, total = reported_of(unit.precincts_reporting, unit.precincts_total)
    entry = Entry(
        key="",
        title=_title(race),
        lines=[_line(candidate, row) for row, candidate in enumerate(unit.candidates, start=row)],
        unit=name,
        rule_hint=_hint(race),
        units_reported=reported,
        units_total=total,
    )
    return Part(entry=entry, types=[by_type(candidate) for candidate in unit.candidates])


def _line(candidate: _Candidate, row: int) -> Line:
    name = _name(candidate)
    party = "" if candidate.party == candidate.last else candidate.party  # "Yes" and "No" are printed as the parties of a measure
    return Line(option=name, votes=candidate.vote_count, row=row, party=party, kind=option_kind(name))


def _name(candidate: _Candidate) -> str:
    return person(candidate.first, candidate.middle, candidate.last, candidate.suffix) or NO_NAME


def _hint(race: _Race) -> str:
    numbers = (("winners", race.num_winners), ("in the runoff", race.num_runoff))
    said = [race.race_type, *(f"{number} {words}" for words, number in numbers if number), "uncontested" if race.uncontested else ""]
    return ", ".join(part for part in said if part)


def by_type(candidate: _Candidate) -> Typed:
    """Return a candidate's votes by count type; a sum counts only where none of its parts is given."""
    source = candidate.vote_types or candidate
    given = {name: votes for name in TYPES if (votes := read_votes(getattr(source, name))[0]) is not None}
    found: Counter[CountType] = Counter()
    for name, votes in given.items():
        if not SUMS.get(name, frozenset()) & given.keys():
            found[TYPES[name]] += votes
    return found


def _calls(placed: Placed) -> Iterator[Call]:
    unit, first = placed
    for row, candidate in enumerate(unit.candidates, start=first):
        if candidate.winner in FLAGS:
            called = moment(candidate.winner_date_time, ZONE)
            late = "" if called else "; the time is that of the count"
            yield Call(
                option=_name(candidate),
                at=called or moment(unit.last_updated, ZONE),
                row=row,
                withdrawn=candidate.winner == REVERSED,
                note=FLAGS[candidate.winner] + late,
            )


def _expected(race: _Race, whole: Sequence[Placed]) -> str:
    share = next((unit.eevp for unit, _ in whole if unit.eevp is not None), race.eevp)
    return "" if share is None else f"{share:g}% of the expected vote counted"
