"""AP's results as NPR passes them on: races, in each the results of the whole or of counties, with every winner AP has named.

The file is what NPR's programs make of AP's, so the counts and the calls are AP's. Two can win: an all-party primary has two winners here.
`docs/feeds/npr_ap.md` says what each field means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from racecall.feeds.base import Document, Match
from racecall.feeds.listing import NO_NAME, Entry, Line, RawVotes, head_of, read_json
from racecall.feeds.options import option_kind
from racecall.feeds.press import Agency, Call, Race, person, reading, reported_of
from racecall.feeds.typed import Part
from racecall.model.release import Reading
from racecall.model.units import ALL_UNITS

NPR = Agency(feed="npr_ap", by="AP", source="AP, by way of NPR")

OFFICES: Mapping[str, str] = {"P": "President", "S": "U.S. Senate", "H": "U.S. House", "G": "Governor", "I": "Measure"}
"""AP's letters for offices; any other letter stays as it is."""
LATEST_SECOND = 4_102_444_800
"""The first second of 2100: a later time is a broken clock."""


# --- The file ----------------------------------------------------------------------------------------------------------------------


class _Candidate(msgspec.Struct, frozen=True, gc=False):
    last: str = ""
    first: str = ""
    party: str = ""
    votes: RawVotes = msgspec.UNSET
    winner: bool | str = False


class _Result(msgspec.Struct, frozen=True, kw_only=True):
    candidates: list[_Candidate]
    updated: int | None = None
    precincts: RawVotes = None
    reporting: RawVotes = None
    eevp: float | None = None
    county: str = ""
    fips: str = ""


class _Race(msgspec.Struct, frozen=True, kw_only=True):
    id: str | int
    results: list[_Result]
    state: str = ""
    office: str = ""
    seat: str = ""
    description: str = ""
    party: str = ""
    type: str = ""
    test: bool = False
    eevp: float | None = None


class _File(msgspec.Struct, frozen=True):
    races: list[_Race]


class NprApFeed:
    """Reads NPR's files of AP results."""

    id = NPR.feed
    title = "AP results as NPR passes them on"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys `races`, `results` and `reportingPercentage`."""
        head = head_of(document)
        if all(key in head for key in (b'"races"', b'"results"', b'"reportingPercentage"')):
            return Match(feed=self.id, certainty=1, reason="keys races, results and reportingPercentage")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release, and AP's calls.

        Raises:
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        file, notes = read_json(document, _File)
        races = [race for number, race in enumerate(file.races) if race not in file.races[:number]]
        again = len(file.races) - len(races)
        note = f"{again:,} of {len(file.races):,} races stand in the file twice, with equal numbers" if again else ""
        return reading(document, NPR, list(_races(races)), notes, note)


# --- Races -------------------------------------------------------------------------------------------------------------------------

Placed = tuple[_Result, int]
"""A result, and the place of its first candidate in the file."""


def _races(races: Sequence[_Race]) -> Iterator[Race]:
    row = 1
    for race in races:
        results = []
        for result in race.results:
            results.append((result, row))
            row += len(result.candidates)
        yield _race(race, results)


def _race(race: _Race, results: Sequence[Placed]) -> Race:
    whole = [placed for placed in results if not _unit(placed[0])]
    return Race(
        id=str(race.id),
        title=_title(race),
        parts=[Part(entry=_entry(race, result, row)) for result, row in results],
        updated=max((at for result, _ in results if (at := _moment(result.updated))), default=None),
        test=race.test,
        calls=[call for placed in whole for call in _calls(placed)],
        expected="" if race.eevp is None else f"{race.eevp:g}% of the expected vote counted",
    )


def _title(race: _Race) -> str:
    """Return "CA U.S. Senate 1, All-Party Primary"."""
    party = "" if race.party in race.type else race.party
    names = (person(race.state, OFFICES.get(race.office, race.office), race.seat, race.description), person(party, race.type))
    return ", ".join(part for part in names if part)


def _unit(result: _Result) -> str:
    """Name the county of a result, "" for the whole."""
    return result.county or result.fips


def _entry(race: _Race, result: _Result, row: int) -> Entry:
    lines = [
        Line(option=_name(candidate), votes=candidate.votes, row=place, party=candidate.party, kind=option_kind(_name(candidate)))
        for place, candidate in enumerate(result.candidates, start=row)
    ]
    reported, total = reported_of(result.reporting, result.precincts)
    return Entry(
        key="",
        title=_title(race),
        lines=lines,
        unit=_unit(result) or ALL_UNITS,
        rule_hint=race.type,
        units_reported=reported,
        units_total=total,
    )


def _name(candidate: _Candidate) -> str:
    return person(candidate.first, candidate.last) or NO_NAME


def _moment(milliseconds: int | None) -> datetime | None:
    """Return a time given in milliseconds since 1970."""
    seconds = (milliseconds or 0) / 1000
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST_SECOND else None


def _calls(placed: Placed) -> Iterator[Call]:
    result, first = placed
    for row, candidate in enumerate(result.candidates, start=first):
        if candidate.winner:
            yield Call(option=_name(candidate), at=_moment(result.updated), row=row, note="named as winner; the time is that of the count")
