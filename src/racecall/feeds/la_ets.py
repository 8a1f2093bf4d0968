"""LA County ETS: lines of fixed width, the county's feed from the 1990s to January 2021; first called ``internet.dat``.

A line is a record: three digits that number the contest (its *page*), two letters that say what kind of record it is, and fields by
column. A contest is the run of records with its page; 000 opens the file and 999 closes it, with the number of records. There are no
count types, no write-ins and no over votes; the ballots of the county stand in the last page, by how they were cast.

Measures and justices come as pairs of lines, YES and NO; in 1998 several pairs shared a page, so each YES opens a contest of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import BallotRow, CountRow, ballot_frame, count_frame
from racecall.feeds.la_county_json import SOURCE, ZONE
from racecall.feeds.listing import (
    NO_NAME,
    Entry,
    Line,
    doubtful_time,
    head_of,
    percent_notes,
    read_votes,
    release_time,
    tabulate,
    unique_keys,
    zone_or,
)
from racecall.feeds.mapping import listed
from racecall.feeds.text import Cell, CellPlace, cell_findings, decode, tidy
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release, ResultsStatus
from racecall.model.units import ALL_UNITS

CHECKS: Mapping[str, str] = {
    "records_missing": "The file has another number of records than it says, or no end record.",
    "unknown_records": "Records are of a kind that we do not know, or are no records.",
    "test_votes": "The votes are from before the election: a rehearsal.",
}
"""What is looked for here, by the name of the finding."""

Columns = tuple[int, int]

PAGE: Columns = (0, 3)
KIND: Columns = (3, 5)
TITLE: Columns = (15, 95)
VOTES: Columns = (70, 85)
"""The county's list says 73 to 82, with blanks around; the blanks are read too, so that a number that has moved is seen."""
VOTES_END = 82
"""A record with votes that ends before this column was cut, and what is left of its number is not read."""
PERCENT: Columns = (85, 91)

LAYOUT: Mapping[str, Mapping[str, Columns]] = {
    "ET": {"text": TITLE},
    "TD": {"text": TITLE},
    "CC": {"title": (15, 41), "more": (44, 70)},
    "MC": {"title": (15, 41), "more": (44, 70)},
    "JC": {"title": (15, 41), "more": (44, 70)},
    "PT": {"party": (15, 41)},
    "VF": {"number": (37, 40)},
    "VN": {"text": TITLE},
    "CN": {"name": (18, 41), "party": (41, 44), "votes": VOTES, "percent": PERCENT},
    "MT": {"name": (18, 70), "votes": VOTES, "percent": PERCENT},
    "JN": {"name": (18, 70), "votes": VOTES, "percent": PERCENT},
    "PR": {"total": (35, 42), "reported": (76, 83)},
    "DR": {"number": (31, 42)},
    "BC": {"name": (52, 72), "number": (72, 85)},
    "AB": {"name": (58, 72), "number": (72, 85)},
    "EF": {"number": (15, 19)},
    "ST": {},
    "PS": {},
    "PC": {},
    "BK": {},
}
"""Kinds of records, and the columns (from 0) of the fields that are read.

Source: the county's list of 2016, kept with the sample in SCPR/kpcc_backroom_handshakes (ballot_box/documentation/la_county). VN and PC
are not in it; what they hold is told by the samples. Names are read a little wider than listed: justices of 2018 begin three columns
early. PS and PC (registration and ballots by party) and the headings ST and BK are known and not kept.
"""
BLANK = " \t\r\x1a"
"""What ends a line and says nothing; 1A closes a file of MS-DOS."""
CANDIDATE, PAIR = "CN", frozenset({"MT", "JN"})
CONTEST = ("CC", "MC", "JC")
METHODS = {
    "VOTE AT POLL": CountType.ELECTION_DAY,
    "VOTE BY MAIL": CountType.ABSENTEE_MAIL,
    "ABSENTEE TOTAL": CountType.ABSENTEE_MAIL,
    "BALLOTS CAST/TURNOUT": CountType.TOTAL,
}
"""What the county's ballots are called, by how they were cast."""

_RECORD = re.compile(r"[0-9]{3}[A-Z]{2}")
_ANSWER = re.compile(r"^(?P<text>.*?)\s*-\s*(?P<answer>YES|NO)$")
_MOMENT = re.compile(r"(?P<time>[0-9]{1,2}:[0-9]{2})\s+(?P<date>[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})")
_ELECTION_DAY = re.compile(r"(?<![A-Z])(?P<date>[A-Z][a-z]++ [0-9]{1,2}, [0-9]{4})", re.IGNORECASE)
TIME_FORMAT = "%H:%M %m/%d/%Y"


@dataclass(frozen=True, slots=True)
class Record:
    """One line.

    Args:
        row: Its number, from 1.
        text: The line without its end.
    """

    row: int
    text: str

    @property
    def page(self) -> str:
        """Number of the contest in this file."""
        return self.text[slice(*PAGE)]

    @property
    def kind(self) -> str:
        """Two letters."""
        return self.text[slice(*KIND)]

    @property
    def known(self) -> bool:
        """Whether it is a record of a kind we know."""
        return self.kind in LAYOUT and _RECORD.match(self.text) is not None

    def field(self, name: str) -> str:
        """Return what stands in the columns of a field, tidied."""
        return tidy(self.text[slice(*LAYOUT[self.kind][name])])

    @property
    def votes(self) -> str | None:
        """Votes as printed; nothing if the line was cut before the end of its number, and all of a number that begins too early."""
        if len(self.text) < VOTES_END:
            return None
        start, end = VOTES
        return self.field("votes") if self.text[start - 1].isspace() else tidy(self.text[:end])


Page = Sequence[Record]


class LaEtsFeed:
    """Reads the fixed-width results of the Los Angeles County Registrar-Recorder/County Clerk."""

    id = "la_ets"
    title = "LA County ETS (internet.dat)"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the first record: page 000, an election title."""
        if head_of(document).lstrip(b"\xef\xbb\xbf").startswith(b"000ET"):
            return Match(feed=self.id, certainty=1, reason="first record 000ET, an election title")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release.

        Raises:
            BrokenFile: Empty, not UTF-8, or without a single record of a contest.
        """
        text, notes = decode(document)
        records = [Record(row, line.rstrip(BLANK)) for row, line in enumerate(text.split("\n"), 1) if line.strip(BLANK)]
        known = [record for record in records if record.known]
        pages = [list(page) for _, page in groupby(known, key=lambda record: record.page)]
        contests = _contests(pages)
        if not contests:
            raise _no_contests(document, records)
        release, findings = _release(document, known, pages, contests)
        about_file = (*notes, *_records_missing(document, records), *_unknown(document, records))
        return Reading(feed=self.id, releases=(release,), findings=(*about_file, *findings))


def _no_contests(document: Document, records: Sequence[Record]) -> BrokenFile:
    return BrokenFile(
        f"no line holds votes (lines: {len(records):,}); records of the kinds CN, MT or JN were expected.",
        where=document.capture.name,
        next_step="The download may be cut off, or this is another format: racecall feed list",
    )


def _release(
    document: Document, records: Page, pages: Sequence[Page], contests: Sequence[tuple[Page, Entry]]
) -> tuple[Release, tuple[Finding, ...]]:
    entries = [entry for _, entry in contests]
    listing = tabulate(document, entries)
    figures = list(_figures(pages, contests))
    at, doubt, row = _time(document, records)
    titles = [record.field("text") for record in _of(records, "ET")]
    early = _days_early(titles, at)
    release = Release(
        source=document.source or SOURCE,
        feed=LaEtsFeed.id,
        published_at=at,
        counts=count_frame(listing.rows),
        ballots=ballot_frame(_ballot_rows(figures)),
        contests=listing.contests,
        status=ResultsStatus.PRE_ELECTION if early else ResultsStatus.UNOFFICIAL_PARTIAL,
        origin=document.at(),
        note=", ".join(titles[2:]),
    )
    findings = (
        *doubtful_time(document, at, doubt, row=row, column="TD"),
        *_test_votes(document, titles, early, listing.rows),
        *(note for entry in entries if entry.votes_allowed is None for note in percent_notes(document, entry)),
        *_ballot_faults(document, figures),
        *_methods_differ(document, figures),
        *listing.findings,
    )
    return release, findings


def _of(records: Iterable[Record], *kinds: str) -> list[Record]:
    return [record for record in records if record.kind in kinds]


def _first(page: Page, kind: str, field: str) -> str:
    """Return a field of the first record of a kind, "" if there is none."""
    return next((record.field(field) for record in _of(page, kind)), "")


# --- Contests ----------------------------------------------------------------------------------------------------------------------


def _contests(pages: Iterable[Page]) -> list[tuple[Page, Entry]]:
    """Return each contest with its page; a title that stands twice gets its party or its district, as in a primary."""
    found = [(page, part) for page in pages for part in _parts(page)]
    titles = [(_first(page, "PT", "party") or page[0].text[5:15].strip(), _title(page, part)) for page, part in found]
    named = zip(unique_keys(titles), titles, found, strict=True)
    return [(page, _entry(key, title, page, part)) for key, (_, title), (page, part) in named]


def _entry(key: str, title: str, page: Page, part: Page) -> Entry:
    return Entry(
        key=key,
        title=title,
        lines=[_line(record, _first(page, "PT", "party")) for record in part],
        votes_allowed=_number(_first(page, "VF", "number")),
        rule_hint=_rule_hint(page, part),
        units_reported=_number(_first(page, "PR", "reported")),
        units_total=_number(_first(page, "PR", "total")),
    )


def _parts(page: Page) -> Iterator[Page]:
    """Yield the lines of each contest of a page: the candidates, and each pair that begins with a text."""
    if candidates := _of(page, CANDIDATE):
        yield candidates
    pair: list[Record] = []
    for record in _of(page, *PAIR):
        if pair and _answer(record) == _answer(pair[0]):
            yield pair
            pair = []
        pair.append(record)
    if pair:
        yield pair


def _title(page: Page, part: Page) -> str:
    """Return the title; a measure's or a justice's has its text too, since "SUPREME COURT JUSTICES" is the title of several."""
    head = next(iter(_of(page, *CONTEST)), None)
    title = " ".join(filter(None, (head.field("title"), head.field("more")))) if head else ""
    return title if part[0].kind == CANDIDATE else ": ".join(filter(None, (title, _text(part[0]))))


def _line(record: Record, party: str) -> Line:
    own = record.field("party") if record.kind == CANDIDATE else ""
    name = record.field("name") if record.kind == CANDIDATE else _answer(record)
    return Line(option=name or NO_NAME, party=own or party, votes=record.votes, row=record.row, percent=record.field("percent") or None)


def _answer(record: Record) -> str:
    found = _ANSWER.match(record.field("name"))
    return found["answer"] if found else record.field("name")


def _text(record: Record) -> str:
    found = _ANSWER.match(record.field("name"))
    return found["text"] if found else ""


def _rule_hint(page: Page, part: Page) -> str:
    """Return what the file says about the rule: "VOTER NOMINATED", or the share a measure needs, beside its NO."""
    needed = [text for record in part[1:] if record.kind in PAIR and (text := _text(record).strip("()"))]
    return needed[0] if needed else _first(page, "VN", "text")


def _number(printed: str) -> int | None:
    return read_votes(printed)[0]


# --- Ballots -----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of ballots or voters: its record, its contest ("" for the county), how the ballots were cast, and what it counts."""

    record: Record
    contest: str
    count_type: CountType
    kind: BallotKind

    @property
    def number(self) -> tuple[int | None, Cell | None]:
        """The number, or None and what stood in its place."""
        return read_votes(self.record.field("number"))


def _figures(pages: Iterable[Page], contests: Sequence[tuple[Page, Entry]]) -> Iterator[Figure]:
    keys: dict[int, list[str]] = defaultdict(list)
    for page, entry in contests:
        keys[id(page)].append(entry.key)
    for page in pages:
        for record in _of(page, "DR"):
            yield from (Figure(record, key, CountType.TOTAL, BallotKind.REGISTERED) for key in keys.get(id(page), [""]))
        for record in _of(page, "BC", "AB"):
            if method := METHODS.get(record.field("name")):
                yield Figure(record, "", method, BallotKind.CAST)


def _ballot_rows(figures: Iterable[Figure]) -> Iterator[BallotRow]:
    for figure in figures:
        yield figure.contest, ALL_UNITS, figure.count_type.value, figure.kind.value, figure.number[0], figure.record.row


def _ballot_faults(document: Document, figures: Iterable[Figure]) -> tuple[Finding, ...]:
    cells = [(figure.record, cell) for figure in figures if (cell := figure.number[1])]
    return cell_findings(document, (CellPlace(row=record.row, column=record.kind, cell=cell) for record, cell in cells))


def _methods_differ(document: Document, figures: Iterable[Figure]) -> Iterator[Finding]:
    """Compare the county's ballots with the sum of the polls and the mail, where all three are given."""
    cast = {figure.count_type: figure for figure in figures if figure.kind is BallotKind.CAST}
    numbers = [figure.number[0] for figure in cast.values()]
    if len(cast) < len(set(METHODS.values())) or None in numbers:
        return
    total, parts = cast.pop(CountType.TOTAL), sum(figure.number[0] or 0 for figure in cast.values())
    if total.number[0] != parts:
        yield Finding(
            check="identity_methods",
            severity=Severity.HOLD_CALLS,
            problem=f"The county has {total.number[0]:,} ballots, but {parts:,} at the polls and by mail together.",
            next_step="Fetch the file again; if it stays so, ask the county.",
            origin=document.at(row=total.record.row, column="BC"),
        )


# --- The file ----------------------------------------------------------------------------------------------------------------------


def _time(document: Document, records: Page) -> tuple[datetime | None, str, int | None]:
    """Return the time of the release, the doubt about it, and its line."""
    record = next(iter(_of(records, "TD")), None)
    if record is None:
        return None, "The file has no record TD with its time and date.", None
    found = _MOMENT.search(record.field("text"))
    printed = f"{found['time']} {found['date']}" if found else record.field("text")
    return (*release_time(printed, zone_or(document, ZONE), (TIME_FORMAT,)), record.row)


def _election_day(titles: Iterable[str]) -> date | None:
    """Return the day in the title: "JUNE 05, 2018 - 2018 STATEWIDE DIRECT PRIMARY ELECTION"."""
    days = [day for title in titles for found in _ELECTION_DAY.findall(title) if (day := _day(found))]
    return days[0] if days else None


def _day(printed: str) -> date | None:
    try:
        return datetime.strptime(printed.title(), "%B %d, %Y").date()  # noqa: DTZ007 - a day, no moment
    except ValueError:
        return None


def _days_early(titles: Iterable[str], at: datetime | None) -> int:
    """Return by how many days the file is older than its election, 0 if it is not."""
    day = _election_day(titles)
    return max(0, (day - at.date()).days) if day and at else 0


def _test_votes(document: Document, titles: Sequence[str], days: int, rows: Iterable[CountRow]) -> Iterator[Finding]:
    """A file with votes from before the election is a rehearsal; one that is all zeros is what a county shows before polls close."""
    said = [title for title in titles if re.search(r"\btest\b", title, re.IGNORECASE)]
    if (days or said) and any(votes for *_, votes, _ in rows):
        early = f"is from {days:,} day{'s' if days > 1 else ''} before the election" if days else f'calls itself "{said[0]}"'
        yield Finding(
            check="test_votes",
            severity=Severity.HOLD_CALLS,
            problem=f"The file {early} and has votes: these are test figures, which the county sends round for rehearsals.",
            next_step="Do not publish them. For a rehearsal, keep them in an election folder of their own.",
            origin=document.at(row=1, column="ET"),
        )


def _records_missing(document: Document, records: Page) -> Iterator[Finding]:
    """Compare the number of records with what the last one, EF, says."""
    end = next(iter(_of(records, "EF")), None)
    said = _number(end.field("number")) if end else None
    if said == len(records):
        return
    words = "has no end record (999EF)" if end is None else f'says that it has "{end.field("number")}" records'
    yield Finding(
        check="records_missing",
        severity=Severity.HOLD_CALLS,
        problem=f"The file {words}; {len(records):,} were read.",
        next_step="The download was probably cut off, and contests may be missing. Fetch the file again.",
        origin=document.at(row=records[-1].row, column="EF"),
    )


def _unknown(document: Document, records: Page) -> Iterator[Finding]:
    """Say which lines are no records we know; with a number where votes stand, they may be votes that we do not read."""
    unread = [record for record in records if not record.known]
    if not unread:
        return
    with_votes = any(_number(tidy(record.text[slice(*VOTES)])) is not None for record in unread)
    kinds = listed(sorted({record.kind if _RECORD.match(record.text) else record.text[:20] for record in unread}), 5)
    yield Finding(
        check="unknown_records",
        severity=Severity.HOLD_CALLS if with_votes else Severity.NOTE,
        problem=f"{'1 line is' if len(unread) == 1 else f'{len(unread):,} lines are'} of no kind we know: {kinds}. "
        f"{'Numbers stand where votes are expected; they' if with_votes else 'They'} were left out.",
        next_step="Compare with the kinds on docs/feeds/la_ets.md; if the line is damaged, fetch the file again.",
        origin=document.at(row=unread[0].row),
        count=len(unread),
    )
