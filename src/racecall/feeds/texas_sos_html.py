"""Texas Secretary of State: pages of returns, of election night and of past elections.

Two kinds of tables. A race summary has a line for each candidate, below a line with the office; a table by county has a column for each
candidate, with the name over several lines of headings. Both are read by the words of their headings, never by position, because columns
come and go. What is early is a part of the total: the rest is election day. `docs/feeds/texas_sos_html.md` has the details.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import ballot_frame, count_frame
from racecall.feeds.listing import NO_NAME, NO_TITLE, Entry, Line, RawVotes, doubtful_time, head_of, numbered, read_votes, tabulate, zone_or
from racecall.feeds.options import option_kind
from racecall.feeds.text import decode, local_time
from racecall.feeds.typed import Part, Typed, short_types
from racecall.feeds.xml import SAFE
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading, Release, ResultsStatus
from racecall.model.units import ALL_UNITS

SOURCE = "Texas Secretary of State"
ZONE = "America/Chicago"
"""Texas keeps Central Time, but for two counties in the west; the office is in Austin."""

EVERY_COUNTY = "ALL COUNTIES"
RACE_TOTAL = "Race Total"
EARLY = "Early"
FILLER = re.compile(r"[.\-\s]*")
"""Dots and lines that stand in empty cells."""
INCUMBENT = re.compile(r"(?<!\s)\s*+\(I\)$")
"""A mark behind the name of whoever holds the office."""


class TexasSosHtmlFeed:
    """Reads pages of returns of the Texas Secretary of State."""

    id = "texas_sos_html"
    title = "Texas Secretary of State pages"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the office's name and one of the two tables."""
        head = head_of(document).lower()
        if b"office of the secretary of state" in head and (b"votes</th>" in head or b">county</th>" in head):
            return Match(feed=self.id, certainty=0.9, reason="a page of the Office of the Secretary of State with a table of votes")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release.

        Raises:
            BrokenFile: Empty, not UTF-8, or a page without such a table.
        """
        text, notes = decode(document)
        _refuse_cut(document, text.lower())
        page = _page(document, text)
        tables = [table for table in page.tables if _reader(table)]
        counted = _set_apart([one for table in tables for one in _read(table)])
        if not counted:
            raise _no_table(document)
        listing = tabulate(document, [entry for one in counted for entry in one.part.entries])
        at, doubt = _time(document, page)
        release = Release(
            source=document.source or SOURCE,
            feed=self.id,
            published_at=at,
            counts=count_frame(listing.rows),
            ballots=ballot_frame(),
            contests=listing.contests,
            status=ResultsStatus.CERTIFIED if _is_canvass(tables) else ResultsStatus.UNOFFICIAL_PARTIAL,
            origin=document.at(),
            note=_note(page),
        )
        short = short_types(document, (one.part for one in counted))
        findings = (*notes, *doubtful_time(document, at, doubt), *_wrong_totals(document, counted), *short, *listing.findings)
        return Reading(feed=self.id, releases=(release,), findings=findings)


# --- The page ----------------------------------------------------------------------------------------------------------------------


def _page(document: Document, text: str) -> Page:
    """Read the page as a stream: its tree would take twenty times its size, and all that is wanted are tables and headlines."""
    from lxml import etree

    make: Any = etree.HTMLParser  # whose types know no options that are said elsewhere
    page, options = Page(), {name: value for name, value in SAFE.items() if name not in {"resolve_entities", "load_dtd"}}
    try:
        parser = make(target=page, **options)
        parser.feed(text)
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_table(document) from error
    return page


def _refuse_cut(document: Document, text: str) -> None:
    """A browser shows a page that was cut off as if it were whole; its last table then lacks counties or candidates."""
    if text.count("<table") > text.count("</table"):
        raise BrokenFile(
            "the page stops in the middle of a table.", where=document.capture.name, next_step="The download was cut off. Fetch it again."
        )


def _no_table(document: Document) -> BrokenFile:
    return BrokenFile(
        'the page has no table of votes; headings with "NAME" and "VOTES", or with "County" and "Total Votes", were expected.',
        where=document.capture.name,
        next_step="The office may have changed its page: compare it with docs/feeds/texas_sos_html.md, or enter the figures by hand.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table: its place among the lines of the page, and its cells, each as often as it spans columns."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """Return a cell, "" for fillers, for cells that are not there, and without a column."""
        text = self.cells[column] if column is not None and column < len(self.cells) else ""
        return "" if FILLER.fullmatch(text) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: what stands above it, its headings by column (several lines joined), and its rows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]

    def column(self, *wanted: str, without: str = "\0") -> int | None:
        """Return the first column whose heading has all these words."""
        found = (
            number for number, text in enumerate(map(str.lower, self.headings)) if all(w in text for w in wanted) and without not in text
        )
        return next(found, None)


@dataclass(slots=True, kw_only=True)
class OpenTable:
    """A table while it is read: what it will be, the line that is read, and whether it holds other tables."""

    title: str
    headings: list[Sequence[str]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    line: list[str] | None = None
    has_cells: bool = False
    is_layout: bool = False

    def end_line(self, number: int) -> None:
        """Keep the line, if one is open: without plain cells it is of headings."""
        if self.line is not None and self.has_cells:
            self.rows.append(Row(number=number, cells=tuple(self.line)))
        elif self.line is not None:
            self.headings.append(self.line)
        self.line, self.has_cells = None, False

    def close(self) -> Table:
        """Return the table."""
        return Table(title=self.title, headings=tuple(_joined(self.headings)), rows=tuple(self.rows))


@dataclass(slots=True)
class Page:
    """What is kept of a page: its tables and its headlines. lxml calls `start`, `data`, `end` and `close` as it reads.

    As in a browser, a line, a cell or a headline that was not ended is ended by the next one.
    """

    tables: list[Table] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    _open: list[OpenTable] = field(default_factory=list)
    _lines: int = 0
    _span: int = 1
    _above: str = ""
    _text: list[str] = field(default_factory=list)
    _cell: list[str] | None = None
    _headline: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin an element."""
        self._end_text()
        if begin := _BEGIN.get(tag):
            begin(self, attributes)

    def data(self, text: str) -> None:
        """Take a piece of text; a long one comes in several."""
        self._text.append(text)

    def end(self, tag: str) -> None:
        """End an element, if only because another cannot stand in it."""
        self._end_text()
        if finish := _END.get(tag):
            finish(self)

    def close(self) -> Page:
        """Return what was kept."""
        return self

    def _end_text(self) -> None:
        text, self._text = "".join(self._text), []
        self._above = text if text.strip() else self._above
        for part in (self._cell, self._headline):
            if part is not None:
                part.append(text)

    def begin_headline(self, _: Mapping[str, str]) -> None:
        """Begin to keep words for a headline."""
        self.end_headline()
        self._headline = []

    def end_headline(self) -> None:
        """Keep a headline that says something."""
        self.headlines += filter(None, [words(self._headline)])
        self._headline = None

    def begin_table(self, _: Mapping[str, str]) -> None:
        """Begin a table; its title is the last text before it: a heading, or bare words behind one."""
        self.end_cell()
        self._open.append(OpenTable(title=words([self._above])))

    def end_table(self) -> None:
        """Keep a table, unless it holds others and only lays out the page: each would say their rows again."""
        self.end_line()
        table = self._open.pop()
        self.tables += [] if table.is_layout else [table.close()]
        for around in self._open:
            around.is_layout = True

    def begin_line(self, _: Mapping[str, str]) -> None:
        """Begin a line."""
        self.end_line()
        self._lines += 1
        for table in self._open[-1:]:
            table.line = []

    def end_line(self) -> None:
        """Keep a line of a table."""
        self.end_cell()
        for table in self._open[-1:]:
            table.end_line(self._lines)

    def begin_heading(self, attributes: Mapping[str, str]) -> None:
        """Begin a cell, which may span columns."""
        self.end_cell()
        span = attributes.get("colspan", "1")
        self._cell, self._span = [], min(int(span), 100) if span.isdecimal() and len(span) < 5 else 1

    def begin_cell(self, attributes: Mapping[str, str]) -> None:
        """Begin a plain cell, which makes its line one of numbers."""
        self.begin_heading(attributes)
        for table in self._open[-1:]:
            table.has_cells = True

    def end_cell(self) -> None:
        """Keep the cell, if one is open, as often as it spans columns: its text stands in the first."""
        for table in self._open[-1:]:
            if self._cell is not None and table.line is not None:
                table.line += [words(self._cell), *[""] * (self._span - 1)]
        self._cell = None


_BEGIN: Mapping[str, Callable[[Page, Mapping[str, str]], None]] = {
    "h2": Page.begin_headline,
    "h3": Page.begin_headline,
    "table": Page.begin_table,
    "tr": Page.begin_line,
    "th": Page.begin_heading,
    "td": Page.begin_cell,
}
_END: Mapping[str, Callable[[Page], None]] = {
    "h2": Page.end_headline,
    "h3": Page.end_headline,
    "table": Page.end_table,
    "tr": Page.end_line,
    "th": Page.end_cell,
    "td": Page.end_cell,
}


def words(parts: Iterable[str] | None) -> str:
    """Put pieces of text together, white space squeezed."""
    return " ".join("".join(parts or ()).split())


def _joined(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Join each column's headings: "Jamaal R.", "Smith" and "DEM" are one candidate; the last line, a party, is kept behind a tab."""
    for column in range(max(map(len, lines), default=0)):
        parts = ["" if FILLER.fullmatch(line[column]) else line[column] for line in lines if column < len(line)]
        yield "\t".join([" ".join(part for part in parts[:-1] if part), parts[-1]])


_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{4}(?:\s+\d{1,2}:\d{2}:\d{2} [AP]M)?")


def _time(document: Document, page: Page) -> tuple[datetime | None, str]:
    """Return when the page is from: night pages give the minute; pages of past elections give the election day only, which is no time."""
    printed = next((text for text in page.headlines if _DATE.fullmatch(text) and text.endswith("M")), "")
    if not printed:
        return None, ""
    read = local_time(printed, ZoneInfo(zone_or(document, ZONE).key), ["%m/%d/%Y %I:%M:%S %p"])
    return read.at, read.doubt


def _note(page: Page) -> str:
    """Name the election: the headlines that are neither the office nor a contest."""
    return next((text for text in page.headlines if "election" in text.lower() or "runoff" in text.lower()), "")


def _is_canvass(tables: Sequence[Table]) -> bool:
    return all(table.column("canvass") is not None for table in tables)


# --- The two tables ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A contest in a unit: its votes, and the total printed beside them.

    Args:
        part: The votes, with what is early.
        printed: The total as printed.
        row: Its place in the page.
    """

    part: Part
    printed: str = ""
    row: int = 0


def _reader(table: Table) -> Callable[[Table], Iterator[Counted]] | None:
    """Return what reads a table, by the words of its headings; None for a table that is not of votes."""
    if None not in (table.column("county"), table.column("total", "votes")):
        return _by_county
    return _summary if None not in (table.column("name"), table.column("votes", without="early")) else None


def _read(table: Table) -> Iterator[Counted]:
    reader = _reader(table)
    return reader(table) if reader else iter(())


def _summary(table: Table) -> Iterator[Counted]:
    """Read a race summary: the office, its candidates, and "Race Total"."""
    race, name, party = table.column("race"), table.column("name"), table.column("party")
    total, early = table.column("votes", without="early"), table.column("early", "votes")
    title, people = "", list[Row]()
    for row in (*table.rows, Row(number=0, cells=())):
        ends = row.cell(party) == RACE_TOTAL
        if people and (ends or row.cell(race) or not row.cells):
            lines = [_line(one.cell(name), one.cell(party), one.cell(total), one.number) for one in people]
            part = _part(title, ALL_UNITS, lines, [one.cell(early) for one in people])
            yield Counted(part=part, printed=row.cell(total) if ends else "", row=row.number)
            people = []
        title = row.cell(race) or title
        if row.cell(name) and not ends:
            people.append(row)


def _by_county(table: Table) -> Iterator[Counted]:
    """Read a table by county; the line "Early" says how much of the line above it is early. An only county is the whole contest as well."""
    county = table.column("county") or 0
    rows = [row for row in table.rows if row.cell(county) != EARLY]
    early = {above.number: row for above, row in zip(table.rows, table.rows[1:], strict=False) if row.cell(county) == EARLY}
    units = [(ALL_UNITS if row.cell(county) == EVERY_COUNTY else row.cell(county), row) for row in rows]
    for unit, row in [(ALL_UNITS, rows[0]), *units] if len(rows) == 1 else units:
        yield _in_unit(table, unit, row, early.get(row.number) or Row(number=0, cells=()))


def _in_unit(table: Table, unit: str, row: Row, early: Row) -> Counted:
    total = table.column("total", "votes") or 0
    people = range((table.column("county") or 0) + 1, total)
    lines = [_line(*_names(table, column), row.cell(column), row.number) for column in people]
    part = _part(table.title, unit, lines, [early.cell(column) for column in people])
    numbers = {field: read_votes(row.cell(table.column(*heading)))[0] for field, heading in PRECINCTS.items()}
    return Counted(part=_with(part, **numbers), printed=row.cell(total), row=row.number)


PRECINCTS = {"units_reported": ("precincts", "reported"), "units_total": ("total", "precincts")}
"""Headings of the columns about precincts."""


def _names(table: Table, column: int) -> tuple[str, str]:
    name, _, party = table.headings[column].partition("\t")
    return name, party


def _line(name: str, party: str, votes: str, row: int) -> Line:
    plain = INCUMBENT.sub("", name) or NO_NAME
    return Line(option=plain, votes=votes, row=row, party=party, kind=option_kind(plain))


def _part(title: str, unit: str, lines: list[Line], early: Sequence[str]) -> Part:
    entry = Entry(key=title or NO_TITLE, title=title, lines=lines, unit=unit)
    return Part(entry=entry, types=[_types(line.votes, votes) for line, votes in zip(lines, early, strict=True)])


def _types(total: RawVotes, early: str) -> Typed:
    """Split a candidate's total: what is not early is election day. More early than in all is left as it is, for the finding about it."""
    votes, before = read_votes(total)[0], read_votes(early)[0]
    if votes is None or before is None:
        return {}
    return {CountType.EARLY: before} | ({CountType.ELECTION_DAY: votes - before} if before <= votes else {})


def _with(part: Part, **changes: str | int | None) -> Part:
    return replace(part, entry=msgspec.structs.replace(part.entry, **changes))


def _set_apart(counted: Sequence[Counted]) -> list[Counted]:
    """Give offices that stand twice in a page keys of their own; the finding about them is made from the titles."""
    keys = numbered([(one.part.entry.unit, one.part.entry.key) for one in counted])
    return [replace(one, part=_with(one.part, key=key)) for one, key in zip(counted, keys, strict=True)]


def _wrong_totals(document: Document, counted: Sequence[Counted]) -> Iterator[Finding]:
    """Compare each printed total with its candidates."""
    for one in counted:
        entry, printed = one.part.entry, read_votes(one.printed)[0]
        votes = [read_votes(line.votes)[0] for line in entry.lines]
        total = sum(number or 0 for number in votes)
        if printed is not None and None not in votes and printed != total:
            yield Finding(
                check="options_do_not_add_up",
                severity=Severity.HOLD_CALLS,
                contest=entry.key,
                unit=entry.unit,
                problem=f"{entry.where}: the printed total is {printed:,}, the options add up to {total:,}.",
                next_step="An option may be missing or read wrongly. Compare with the source.",
                origin=document.at(row=one.row),
            )
