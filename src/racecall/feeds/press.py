"""What the agencies of the press send: counts, their calls and their estimates, each kept as what it is.

AP and Decision Desk HQ collect counts from the offices and say themselves who is through. A feed decodes its file into `Race` values; from
there on the work is the same. Counts become a release, whose source is the agency. A call becomes a report by the agency, never a call of
ours. What an agency expects to be counted in the end is its estimate and no office's statement: it stands in the note of the release, for
people, and nothing is computed from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from racecall.feeds.frames import ballot_frame, count_frame
from racecall.feeds.listing import RawVotes, listed, read_votes, tabulate, unique_keys
from racecall.feeds.text import local_time
from racecall.feeds.typed import Part, short_types
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release, Report, ReportKind, ResultsStatus
from racecall.model.units import ALL_UNITS

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from racecall.feeds.base import Document

CHECKS: Mapping[str, str] = {
    "test_data": "The file says that it is a test.",
    "districts_left_out": "Districts that allot delegates are no parts of the count; they were left out.",
}
"""What is looked for here, by the name of the finding."""

ESTIMATES_SHOWN = 5
"""How many estimates the note of a release gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who sends a file.

    Args:
        feed: Id of the feed.
        by: Who makes the calls.
        source: Who publishes the counts.
    """

    feed: str
    by: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an agency says about an option.

    Args:
        option: Name as in the file.
        at: When (aware), None if the file does not say.
        withdrawn: The agency takes its call back.
        note: What it says, in our words.
        row: Place in the file.
    """

    option: str
    at: datetime | None
    row: int
    withdrawn: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """A contest as an agency sends it.

    Args:
        id: The agency's number for it.
        title: Office, seat, party and kind of election, in one line.
        parts: The whole contest and its units.
        updated: When its counts are from (aware), None if the file does not say.
        test: The agency says that it is a test.
        uncontested: Nobody stands against the only candidate; no votes are collected then.
        certified: The agency says that the counts are certified.
        calls: What the agency says about its options.
        expected: The agency's estimate of what is counted, in words; "" if it gives none.
        districts: Districts left out.
    """

    id: str
    title: str
    parts: Sequence[Part]
    updated: datetime | None = None
    test: bool = False
    uncontested: bool = False
    certified: bool = False
    calls: Sequence[Call] = ()
    expected: str = ""
    districts: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether its votes are a count: the noughts of an uncontested race are none."""
        return not self.uncontested or any(read_votes(line.votes)[0] for part in self.parts for line in part.entry.lines)


# --- Steps that the feeds share ----------------------------------------------------------------------------------------------------


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return a time as an agency writes it, None if there is none that can be read."""
    return local_time(text, zone).at if text else None


def person(*parts: str | None) -> str:
    """Join the parts of a name: first, middle, last, suffix."""
    return " ".join(" ".join(part for part in parts if part).split())


def reported_of(reporting: RawVotes, total: RawVotes) -> tuple[int | None, int | None]:
    """Return the precincts that sent something, and all; nothing for "0 of 0", which says that there are no precincts here."""
    some, every = read_votes(reporting)[0], read_votes(total)[0]
    return (some, every) if every else (None, None)


# --- Races to a reading ------------------------------------------------------------------------------------------------------------


def reading(document: Document, agency: Agency, races: Sequence[Race], notes: Iterable[Finding], note: str = "") -> Reading:
    """Return what a file of an agency holds.

    Args:
        document: The file.
        agency: Who sent it.
        races: Its contests.
        notes: What was found while decoding it.
        note: What else people should know of the file.
    """
    keys = unique_keys([(race.id, race.title) for race in races])
    keyed = list(zip(keys, races, strict=True))
    if not any(race.parts for race in races):
        return Reading(feed=agency.feed, findings=tuple(notes), defines=True)
    release, found = _release(document, agency, keyed, note)
    return Reading(
        feed=agency.feed,
        releases=(release,),
        reports=tuple(_reports(document, agency, keyed)),
        findings=(*notes, *_about_races(document, agency, keyed), *found),
        repeats_calls=True,
    )


Keyed = tuple[str, Race]
"""A contest's key in the tables, and the race."""


def _release(document: Document, agency: Agency, races: Sequence[Keyed], note: str) -> tuple[Release, tuple[Finding, ...]]:
    entries = {key: [msgspec.structs.replace(entry, key=key) for part in race.parts for entry in part.entries] for key, race in races}
    listing = tabulate(document, [entry for key, race in races if race.is_counted for entry in entries[key]])
    release = Release(
        source=document.source or agency.source,
        feed=agency.feed,
        published_at=max((race.updated for _, race in races if race.updated), default=None),
        counts=count_frame(listing.rows),
        ballots=ballot_frame(),
        contests=listed(entry for key, _ in races for entry in entries[key]),
        status=ResultsStatus.CERTIFIED if all(race.certified for _, race in races) else ResultsStatus.UNOFFICIAL_PARTIAL,
        origin=document.at(),
        note="; ".join(part for part in (note, _estimates(agency, races)) if part),
    )
    return release, listing.findings


def _estimates(agency: Agency, races: Iterable[Keyed]) -> str:
    """Give the agency's own estimates, as such."""
    said = [f"{key}: {race.expected}" for key, race in races if race.expected]
    rest = f"; and {len(said) - ESTIMATES_SHOWN:,} more" if len(said) > ESTIMATES_SHOWN else ""
    return f"{agency.by}'s own estimates: {'; '.join(said[:ESTIMATES_SHOWN])}{rest}" if said else ""


def _reports(document: Document, agency: Agency, races: Iterable[Keyed]) -> Iterator[Report]:
    """Return the agency's calls; those of a test are no calls."""
    for key, race in races:
        for call in () if race.test else race.calls:
            yield Report(
                contest=key,
                kind=ReportKind.AGENCY_RETRACTION if call.withdrawn else ReportKind.AGENCY_CALL,
                by=agency.by,
                at=call.at or race.updated or document.received_at,
                source=f"{agency.source}, race {race.id}",
                option=call.option,
                note=call.note,
                origin=document.at(row=call.row),
            )


# --- What looks wrong --------------------------------------------------------------------------------------------------------------


def _about_races(document: Document, agency: Agency, races: Sequence[Keyed]) -> Iterator[Finding]:
    yield from _tests(document, agency, races)
    yield from _districts(document, races)
    yield from _precincts(document, races)
    yield from short_types(document, (part for _, race in races for part in race.parts))


def _districts(document: Document, races: Iterable[Keyed]) -> Iterator[Finding]:
    found = [(key, race.districts) for key, race in races if race.districts]
    if found:
        total = sum(districts for _, districts in found)
        yield Finding(
            check="districts_left_out",
            severity=Severity.NOTE,
            problem=f"{'1 district was' if total == 1 else f'{total:,} districts were'} left out (first in {found[0][0]}): they allot "
            "delegates, and their numbers may be of another kind, or those of the whole contest again.",
            origin=document.at(),
            count=total,
        )


def _tests(document: Document, agency: Agency, races: Sequence[Keyed]) -> Iterator[Finding]:
    """One finding if the whole file is a test, else one for each contest that is."""
    tests = [key for key, race in races if race.test]
    whole = len(tests) == len(races)
    for key in [""] if tests and whole else tests:
        what = f"the file is a test ({len(tests):,} contests)" if whole and len(tests) > 1 else f"{key or tests[0]} is a test"
        yield Finding(
            check="test_data",
            severity=Severity.HOLD_CALLS,
            contest=key,
            problem=f"{agency.by} says that {what}: the votes are made up, and its calls in it were not read as calls.",
            next_step="Do not add it to a real election. Ask for the live results, and add those.",
            origin=document.at(),
            count=1 if key else len(tests),
        )


def _precincts(document: Document, races: Iterable[Keyed]) -> Iterator[Finding]:
    for key, race in races:
        whole = next((part.entry for part in race.parts if part.entry.unit == ALL_UNITS), None)
        if whole and (whole.units_reported or 0) > (whole.units_total or 0):
            yield Finding(
                check="precincts_above_total",
                severity=Severity.NOTE,
                contest=key,
                problem=f"{key}: {whole.units_reported:,} of {whole.units_total:,} precincts have reported, it says; more than there are.",
                origin=document.at(),
            )
