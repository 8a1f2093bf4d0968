"""California Secretary of State JSON: the returns behind electionresults.sos.ca.gov, by way of its API or of a scraper.

One address gives one shape: an object with candidates, an object or a list of such races, ballot measures, justices to be retained.
A file may also hold one object a line (``.jsonl``): a night of snapshots, each a release. Numbers are text. "100% (174 of 174) precincts
reporting" says how many precincts sent something, never how much is counted. `docs/feeds/ca_sos.md` says what each field means here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET, UnsetType

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import ballot_frame, count_frame
from racecall.feeds.listing import (
    NO_NAME,
    NO_TITLE,
    Entry,
    Line,
    RawVotes,
    doubtful_time,
    head_of,
    numbered,
    percent_notes,
    read_json,
    read_votes,
    release_time,
    tabulate,
    zone_or,
)
from racecall.feeds.text import decode
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release
from racecall.model.units import ALL_UNITS

SOURCE = "California Secretary of State"
ZONE = "America/Los_Angeles"

LONGEST_COUNT = timedelta(days=40)
"""A contest whose time is this much older than the others' is from another election: on 5 March 2024 the feed still listed 20 State Senate
seats with their results of November 2022. The Secretary of State certifies by the 38th day (Elections Code 15501)."""

WHOLE = frozenset({"Districtwide", "Statewide"})
"""What the title of a total ends in, before "Results"; a part has the county's name there."""
_COUNTIES = """
    Alameda, Alpine, Amador, Butte, Calaveras, Colusa, Contra Costa, Del Norte, El Dorado, Fresno, Glenn,
    Humboldt, Imperial, Inyo, Kern, Kings, Lake, Lassen, Los Angeles, Madera, Marin, Mariposa, Mendocino, Merced,
    Modoc, Mono, Monterey, Napa, Nevada, Orange, Placer, Plumas, Riverside, Sacramento, San Benito, San
    Bernardino, San Diego, San Francisco, San Joaquin, San Luis Obispo, San Mateo, Santa Barbara, Santa Clara,
    Santa Cruz, Shasta, Sierra, Siskiyou, Solano, Sonoma, Stanislaus, Sutter, Tehama, Trinity, Tulare, Tuolumne,
    Ventura, Yolo, Yuba
"""
COUNTIES = frozenset(re.split(r",\s+", _COUNTIES.strip()))
"""The 58 counties of California, as the titles of parts name them."""


# --- The file ----------------------------------------------------------------------------------------------------------------------


Percent = int | float | str | None
"""A share as printed [percent]."""


class _Candidate(msgspec.Struct, frozen=True, rename="pascal", gc=False):
    name: str
    votes: RawVotes = UNSET
    party: str | None = None
    percent: Percent = None


class _YesNo(msgspec.Struct, frozen=True, rename="camel", gc=False):
    name: str = msgspec.field(name="Name")
    number: str = msgspec.field(name="Number", default="")
    yes_votes: RawVotes = UNSET
    no_votes: RawVotes = UNSET
    yes_percent: Percent = None
    no_percent: Percent = None


class _Race(msgspec.Struct, frozen=True, rename="camel"):
    """A race. Keys we do not use may come and go; one of the four lists must be there."""

    race_title: str
    reporting: str = msgspec.field(name="Reporting", default="")
    reporting_time: str = msgspec.field(name="ReportingTime", default="")
    candidates: list[_Candidate] | UnsetType = UNSET
    measures: list[_YesNo] | UnsetType = msgspec.field(name="ballot-measures", default=UNSET)
    supreme_court: list[_YesNo] | UnsetType = msgspec.field(name="supreme-court", default=UNSET)
    courts_of_appeal: list[_YesNo] | UnsetType = msgspec.field(name="courts-of-appeal", default=UNSET)


class _File(_Race, frozen=True, kw_only=True):
    """An object at the top: a race, or several, and what a scraper adds."""

    race_title: str = ""
    races: list[_Race] | UnsetType = UNSET
    scraped_datetime: str = msgspec.field(name="scraped_datetime", default="")


class CaSosFeed:
    """Reads the Secretary of State's returns, one release or a night of snapshots."""

    id = "ca_sos"
    title = "California Secretary of State JSON"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the keys `raceTitle` and `Reporting`."""
        head = head_of(document)
        if b'"raceTitle"' in head and b'"Reporting"' in head:
            return Match(feed=self.id, certainty=1, reason="keys raceTitle and Reporting")
        if b'"ReportingTime"' in head and b'"Reporting"' in head:  # a list so long that its title comes after the head
            return Match(feed=self.id, certainty=0.8, reason="keys Reporting and ReportingTime")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release, or one for each line.

        Raises:
            BrokenFile: Not JSON, cut short, or not of a shape we know.
        """
        text, notes = decode(document)
        parts = _lines(document, text) if is_lines(document.capture.name, text) else [Part(document=document)]
        read = [_read(part) for part in parts]
        releases = sorted((release for release, _ in read), key=_order) if all(r.published_at for r, _ in read) else [r for r, _ in read]
        findings = [finding for _, found in read for finding in found]
        return Reading(feed=self.id, releases=tuple(releases), findings=(*notes, *once(findings)))


def is_lines(name: str, text: str) -> bool:
    """Whether there is one object a line: by the name, or because the first of several lines is a whole object."""
    if re.search(r"\.(jsonl|ndjson)(\.gz)?$", name, re.IGNORECASE):
        return True
    first, _, rest = text.strip().partition("\n")
    return first.startswith("{") and first.rstrip().endswith("}") and rest.lstrip().startswith("{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object to be read.

    Args:
        document: Its bytes, under the name of the file.
        line: Its line, None if it is the whole file.
    """

    document: Document
    line: int | None = None


def _lines(document: Document, text: str) -> list[Part]:
    lines = ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())
    return [Part(document=replace(document, data=line.encode()), line=number) for number, line in lines]


def _decoded(part: Part) -> tuple[list[_Race], str]:
    """Return the races and what a scraper says of its time."""
    try:
        file, _ = read_json(part.document, list[_Race] | _File)
    except BrokenFile as error:
        if part.line is None:
            raise
        raise BrokenFile(error.problem, where=f"{error.where}, line {part.line:,}", next_step=error.next_step) from error
    if isinstance(file, list):
        return file, ""
    return ([file] if file.races is UNSET else file.races), file.scraped_datetime


# --- Races to a release ------------------------------------------------------------------------------------------------------------


def _read(part: Part) -> tuple[Release, tuple[Finding, ...]]:
    document = part.document
    races, scraped = _decoded(part)
    entries = _set_apart([entry for race, row in _numbered_rows(part, races) for entry in _entries(part, race, row)])
    listing = tabulate(document, entries)
    clock = _clock(part, races)
    release = Release(
        source=document.source or SOURCE,
        feed=CaSosFeed.id,
        published_at=clock.latest,
        counts=count_frame(listing.rows),
        ballots=ballot_frame(),
        contests=listing.contests,
        origin=document.at(row=part.line),
        note=_note(scraped, clock),
    )
    findings = (
        *clock.findings,
        *_old_races(part, races, clock),
        *_precinct_notes(part, races),
        *(note for entry in entries for note in percent_notes(document, entry)),
        *listing.findings,
    )
    return release, findings


def _numbered_rows(part: Part, races: Sequence[_Race]) -> Iterator[tuple[_Race, int]]:
    """Return each race with the row of its first option: the line, or the ordinal of the option in the file."""
    row = 1
    for race in races:
        yield race, part.line or row
        row += len(race.candidates or ()) + 2 * sum(len(group) for _, group in _yes_no_groups(race))


def _yes_no_groups(race: _Race) -> list[tuple[str, list[_YesNo]]]:
    groups = (("ballot-measures", race.measures), ("supreme-court", race.supreme_court), ("courts-of-appeal", race.courts_of_appeal))
    return [(name, group) for name, group in groups if not isinstance(group, UnsetType)]


def _entries(part: Part, race: _Race, row: int) -> Iterator[Entry]:
    """Return the contests of a race: one for candidates, one for each measure or justice."""
    office, unit = place_of(race.race_title)
    reported, total = precincts(race.reporting) or (None, None)
    groups = _yes_no_groups(race)
    if isinstance(race.candidates, UnsetType) and not groups:
        raise _no_contests(part, race)
    step = 0 if part.line else 1
    if not isinstance(race.candidates, UnsetType):
        lines = [_candidate_line(candidate, row + step * number) for number, candidate in enumerate(race.candidates)]
        row += step * len(lines)
        yield Entry(key=office or NO_TITLE, title=race.race_title, lines=lines, unit=unit, units_reported=reported, units_total=total)
    for hint, group in groups:
        for question in group:
            key, title = _question_names(office or NO_TITLE, question)
            lines = [
                _line("Yes", question.yes_votes, question.yes_percent, row),
                _line("No", question.no_votes, question.no_percent, row + step),
            ]
            row += 2 * step
            yield Entry(key=key, title=title, lines=lines, unit=unit, rule_hint=hint, units_reported=reported, units_total=total)


def _no_contests(part: Part, race: _Race) -> BrokenFile:
    line = f", line {part.line:,}" if part.line else ""
    race_words = f'the race "{race.race_title}"' if race.race_title else "the file"
    return BrokenFile(
        f'{race_words} has none of the lists we know; "races", "candidates", "ballot-measures", "supreme-court" or "courts-of-appeal" '
        "was expected.",
        where=f"{part.document.capture.name}{line}",
        next_step="The office may have changed its format: compare the file with docs/feeds/ca_sos.md.",
    )


def _question_names(office: str, question: _YesNo) -> tuple[str, str]:
    """Return key and title of a measure (by its number, which outlives a change of wording) or of a justice."""
    key = f"{office} {question.number}" if question.number else f"{office}: {question.name or NO_NAME}"
    return key, f"{key}: {question.name}" if question.number else key


def _candidate_line(candidate: _Candidate, row: int) -> Line:
    line = _line(candidate.name or NO_NAME, candidate.votes, candidate.percent, row)
    return msgspec.structs.replace(line, party=candidate.party or "")


def _line(option: str, printed: RawVotes, percent: Percent, row: int) -> Line:
    votes = read_votes(printed)[0]
    return Line(option=option, votes=printed if votes is None else votes, row=row, percent=percent)


def _set_apart(entries: Sequence[Entry]) -> list[Entry]:
    """Give contests that are listed twice keys of their own; the finding about them is made from the titles."""
    keys = numbered([(entry.unit, entry.key) for entry in entries])
    return [entry if entry.key == key else msgspec.structs.replace(entry, key=key) for entry, key in zip(entries, keys, strict=True)]


def place_of(title: str) -> tuple[str, str]:
    """Split "State Assembly District 11 - Solano County Results" into the office and the unit; a total is for all units.

    What ends in neither a county nor "Districtwide" or "Statewide" is a title of its own, as a whole.
    """
    office, _, rest = title.rpartition(" - ")
    if not (office and rest.endswith(" Results")):
        return title, ALL_UNITS
    unit = rest.removesuffix(" Results").removesuffix(" County")
    if unit in WHOLE:
        return office, ALL_UNITS
    return (office, unit) if unit in COUNTIES else (title, ALL_UNITS)


def precincts(prose: str) -> tuple[int, int] | None:
    """Read "96.3% (547 of 568) precincts reporting" as 547 of 568. The percentage is of precincts, never of votes."""
    found = re.search(r"\(([\d,]{1,12}) of ([\d,]{1,12})\)", prose)
    numbers = [read_votes(group)[0] for group in found.groups()] if found else []
    return (numbers[0], numbers[1]) if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None else None


# --- Times -------------------------------------------------------------------------------------------------------------------------

_PROSE_TIME = re.compile(
    r"(?P<month>[A-Za-z]{3})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4}), "
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))? (?P<half>[ap])\.?m\.?|(?P<word>noon|midnight))"
)
_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}
_WORDS = {"noon": 12, "midnight": 0}


@lru_cache(maxsize=4096)
def prose_time(prose: str, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """Read "November 9, 2022, 8:05 a.m." (also "8 a.m.", "noon"); returns the time, or None, and the doubt in words."""
    found = _PROSE_TIME.fullmatch(prose.strip())
    return release_time(_calendar(found) if found else prose, zone)


def _calendar(found: re.Match[str]) -> datetime | str:
    """Return the local time, or the prose again if there is no such day or hour."""
    hour = _WORDS[found["word"]] if found["word"] else int(found["hour"]) % 12 + (12 if found["half"] == "p" else 0)
    month = _MONTHS.get(found["month"].lower(), 0)
    try:
        return datetime(int(found["year"]), month, int(found["day"]), hour, int(found["minute"] or 0))  # noqa: DTZ001 - zone added by caller
    except ValueError:
        return found[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The times that the races of one object carry.

    Args:
        times: Each race's own, None if it has none we can read.
        findings: About those that cannot be read.
    """

    times: tuple[datetime | None, ...]
    findings: tuple[Finding, ...]

    @property
    def known(self) -> list[datetime]:
        """The times that could be read."""
        return [at for at in self.times if at]

    @property
    def latest(self) -> datetime | None:
        """The release is from when its newest contest is from."""
        return max(self.known, default=None)


def _clock(part: Part, races: Sequence[_Race]) -> Clock:
    zone = zone_or(part.document, ZONE)
    read = [prose_time(race.reporting_time, zone) if race.reporting_time else (None, "") for race in races]
    doubts = {doubt: at for at, doubt in read if doubt}
    if not any(race.reporting_time for race in races):
        doubts['"ReportingTime" is missing: the file does not say when its counts are from.'] = None
    findings = [
        finding
        for doubt, at in doubts.items()
        for finding in doubtful_time(part.document, at, doubt, row=part.line, column="ReportingTime")
    ]
    return Clock(times=tuple(at for at, _ in read), findings=tuple(findings))


def _note(scraped: str, clock: Clock) -> str:
    spread = sorted(set(clock.known))
    words = [f"scraped {scraped}"] if scraped else []
    if len(spread) > 1:
        words.append(f"contests are from {spread[0]:%Y-%m-%d %H:%M} to {spread[-1]:%Y-%m-%d %H:%M}, each with a time of its own")
    return "; ".join(words)


def _order(release: Release) -> datetime:
    return release.published_at or datetime.min.replace(tzinfo=UTC)


# --- What else looks wrong ---------------------------------------------------------------------------------------------------------


def _old_races(part: Part, races: Sequence[_Race], clock: Clock) -> Iterator[Finding]:
    """Find results of an earlier election that are still in the feed."""
    latest = clock.latest
    for race, at in zip(races, clock.times, strict=True):
        if at and latest and latest - at > LONGEST_COUNT:
            yield Finding(
                check="old_contest",
                severity=Severity.HOLD_CALLS,
                contest=place_of(race.race_title)[0],
                problem=f"{race.race_title} is from {race.reporting_time}, but other contests in the file from {latest:%B %Y}: "
                "a count is certified within 38 days, so this is probably an earlier election.",
                next_step="Do not follow this contest until the office has taken the old results away.",
                origin=part.document.at(row=part.line, column="ReportingTime"),
            )


def _precinct_notes(part: Part, races: Sequence[_Race]) -> Iterator[Finding]:
    for race in races:
        read = precincts(race.reporting)
        if race.reporting and (read is None or read[0] > read[1]):
            expected = '"96.3% (547 of 568) precincts reporting" was expected' if read is None else "more than there are"
            yield Finding(
                check="precincts_unread" if read is None else "precincts_above_total",
                severity=Severity.NOTE,
                contest=place_of(race.race_title)[0],
                problem=f'{race.race_title}: it says "{race.reporting}"; {expected}.',
                origin=part.document.at(row=part.line, column="Reporting"),
            )


def once(findings: Iterable[Finding]) -> list[Finding]:
    """Say the same thing once: ninety snapshots with one strange party make one note, which counts them."""
    found: dict[tuple[str, str, str, str], Finding] = {}
    times: Counter[tuple[str, str, str, str]] = Counter()
    for finding in findings:
        key = (finding.check, finding.contest, finding.option, finding.problem)
        found.setdefault(key, finding)
        times[key] += finding.count
    return [replace(finding, count=times[key]) for key, finding in found.items()]
