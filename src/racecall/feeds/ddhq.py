"""Decision Desk HQ API, version 4: counts, calls of single places, and three estimates of the votes there will be.

Races with candidates by number; votes of the whole, of counties, and of the towns in them, each also by two count types. Whoever goes on
to the next round stands in a list of its own. `docs/feeds/ddhq.md` says what each field means here, and what no real file has shown us yet.
"""

from __future__ import annotations

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

DDHQ = Agency(feed="ddhq", by="DDHQ", source="Decision Desk HQ")
ZONE = ZoneInfo("UTC")

TYPES: Mapping[str, CountType] = {"absentee_ballots_early_votes": CountType.OTHER, "election_day_votes": CountType.ELECTION_DAY}
"""DDHQ's count types; mail and early votes are one number, so they are neither."""


# --- The file ----------------------------------------------------------------------------------------------------------------------


class _Candidate(msgspec.Struct, frozen=True, gc=False):
    cand_id: int
    last_name: str
    first_name: str | None = None
    middle_name: str | None = None
    suffix: str | None = None
    party_name: str | None = None

    @property
    def name(self) -> str:
        return person(self.first_name, self.middle_name, self.last_name, self.suffix) or NO_NAME


class _Precincts(msgspec.Struct, frozen=True, gc=False):
    total: RawVotes = None
    reporting: RawVotes = None


class _Estimates(msgspec.Struct, frozen=True, gc=False):
    low: RawVotes = msgspec.field(name="estimated_votes_low", default=None)
    mid: RawVotes = msgspec.field(name="estimated_votes_mid", default=None)
    high: RawVotes = msgspec.field(name="estimated_votes_high", default=None)


class _Counts(msgspec.Struct, frozen=True, kw_only=True):
    """Votes of a place, by the number of the candidate."""

    votes: dict[str, RawVotes]
    voting_data: dict[str, dict[str, RawVotes]] = {}
    precincts: _Precincts = _Precincts()


class _Town(_Counts, frozen=True, kw_only=True):
    vcu: str


class _County(_Counts, frozen=True, kw_only=True):
    county: str
    vcus: list[_Town] = []


Times = list[str | dict[str, str | int | None] | None]
"""When calls were made: plain times, or objects with the candidate's number and a time. Both are in use; neither is in our sample."""


class _Topline(_Counts, frozen=True, kw_only=True):
    estimated_votes: _Estimates = _Estimates()
    called_candidates: list[int] = []
    call_times: Times = []
    advancing_candidates: list[int] = []
    advance_times: Times = []


class _Race(msgspec.Struct, frozen=True, kw_only=True):
    race_id: int
    topline_results: _Topline
    candidates: list[_Candidate]
    counties: list[_County] = []
    test_data: bool = False
    state: str | None = ""
    office: str | None = ""
    district: str | None = None
    party: str | None = None
    name: str | None = ""
    expected_winners: int | None = None
    uncontested: bool = False
    last_updated: str | None = ""


class _Page(msgspec.Struct, frozen=True):
    """The answer of the API: one page of several."""

    data: list[_Race]
    page: int = 1
    total_pages: int = 1


class DdhqFeed:
    """Reads races of Decision Desk HQ, as the API answers or as a list of its own."""

    id = DDHQ.feed
    title = "Decision Desk HQ API JSON"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys `race_id` and `topline_results`."""
        head = head_of(document)
        if b'"race_id"' in head and b'"topline_results"' in head:
            return Match(feed=self.id, certainty=1, reason="keys race_id and topline_results")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release, and DDHQ's calls.

        Raises:
            BrokenFile: Not JSON, cut short, or not of this shape.
        """
        file, notes = read_json(document, list[_Race] | _Page)
        races, note = (file, "") if isinstance(file, list) else (file.data, _page_words(file))
        return reading(document, DDHQ, list(_races(races)), notes, note)


def _page_words(page: _Page) -> str:
    return f"page {page.page:,} of {page.total_pages:,}: the other pages are files of their own" if page.total_pages > 1 else ""


# --- Races -------------------------------------------------------------------------------------------------------------------------


def _races(races: Sequence[_Race]) -> Iterator[Race]:
    row = 1
    for race in races:
        yield _race(race, row)
        row += len(race.candidates)


def _race(race: _Race, row: int) -> Race:
    """Return a race; `row` is the place of its first candidate among all candidates of the file."""
    top = race.topline_results
    updated = moment(race.last_updated or "", ZONE)
    return Race(
        id=str(race.race_id),
        title=_title(race),
        parts=[_part(race, top, ALL_UNITS, row), *(_part(race, counts, name, row) for name, counts in _units(race))],
        updated=updated,
        test=race.test_data,
        uncontested=race.uncontested,
        calls=[
            *_calls(race, top.called_candidates, top.call_times, row, "called"),
            *_calls(race, top.advancing_candidates, top.advance_times, row, "called as going on to the next round"),
        ],
        expected=_expected(top.estimated_votes),
    )


def _title(race: _Race) -> str:
    """Return "ME US Senate, Democratic Primary"."""
    return ", ".join(part for part in (person(race.state, race.office, race.district), person(race.party, race.name)) if part)


def _units(race: _Race) -> Iterator[tuple[str, _Counts]]:
    """Return the towns, and counties that have none: a county and its towns would count every vote twice."""
    for county in race.counties:
        if county.vcus:
            yield from ((f"{town.vcu} ({county.county})", town) for town in county.vcus)
        else:
            yield county.county, county


def _part(race: _Race, counts: _Counts, unit: str, row: int) -> Part:
    lines = [
        Line(
            option=candidate.name,
            votes=counts.votes.get(str(candidate.cand_id), msgspec.UNSET),
            row=place,
            party=candidate.party_name or "",
            kind=option_kind(candidate.name),
        )
        for place, candidate in enumerate(race.candidates, start=row)
    ]
    hint = [
        race.name or "",
        f"{race.expected_winners} winners" if (race.expected_winners or 0) > 1 else "",
        "uncontested" if race.uncontested else "",
    ]
    reported, total = reported_of(counts.precincts.reporting, counts.precincts.total)
    entry = Entry(
        key="",
        title=_title(race),
        lines=lines,
        unit=unit,
        rule_hint=", ".join(part for part in hint if part),
        units_reported=reported,
        units_total=total,
    )
    return Part(entry=entry, types=[_by_type(counts.voting_data.get(str(candidate.cand_id), {})) for candidate in race.candidates])


def _by_type(votes: Mapping[str, RawVotes]) -> Typed:
    numbers = {kind: read_votes(votes.get(name))[0] for name, kind in TYPES.items()}
    return {kind: number for kind, number in numbers.items() if number is not None}


def _calls(race: _Race, called: Sequence[int], times: Times, row: int, words: str) -> Iterator[Call]:
    places = {candidate.cand_id: (place, candidate) for place, candidate in enumerate(race.candidates, start=row)}
    for position, number in enumerate(called):
        if number in places:
            place, candidate = places[number]
            at = _time_of(number, position, times)
            yield Call(option=candidate.name, at=at, row=place, note=words if at else f"{words}; the time is that of the count")


def _time_of(number: int, position: int, times: Times) -> datetime | None:
    """Return when a candidate was called: the time that names the candidate, else the one in the same place of the list."""
    named = [entry for entry in times if isinstance(entry, dict) and entry.get("cand_id") == number]
    entry = named[0] if named else times[position] if position < len(times) else None
    if isinstance(entry, dict):
        entry = next((text for key, text in entry.items() if key.endswith("time") and isinstance(text, str)), None) if named else None
    return moment(entry or "", ZONE)


def _expected(estimates: _Estimates) -> str:
    low, mid, high = (read_votes(number)[0] for number in (estimates.low, estimates.mid, estimates.high))
    return f"{mid:,} votes in the end ({low:,} to {high:,})" if low and mid and high else ""
