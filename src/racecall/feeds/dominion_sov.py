"""Dominion's statement of votes as tab-separated text: a table a contest, a row a precinct and count type.

San Francisco published it until 2018. Each contest has two tables: precincts, and districts and neighbourhoods, whose votes are those
of the precincts again. Only the precincts are read, with the grand totals in their last rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.crosstab import STAGES, Block, Column, Row, Rows, cut, lay_out, lines_of, ragged
from racecall.feeds.listing import doubtful_time, head_of, numbered, release_time, zone_or
from racecall.feeds.rows import Work, run, to_reading
from racecall.feeds.text import decode, tidy
from racecall.model.finding import Finding
from racecall.model.release import Reading

ZONE = "America/Los_Angeles"
"""San Francisco's, whose files are the only ones we have."""
LABELS = ("PrecinctName", "ReportingType", "PrecinctID", "Precincts")
"""Columns that are no counts; the first names the unit, the second says how the ballots were cast ("" is the total)."""
HEAD = 50
"""The first lines, in one of which the file says when it was made."""
TIME_FORMAT = "%A, %B %d, %Y at %I:%M:%S %p"
_TITLE = re.compile(r"^\*\*\* (?P<title>.+?)(?: \((?P<number>[0-9]+)\))?$")
_MADE = re.compile(r"^Report generated on: (?P<time>.+)$")


class DominionSovFeed:
    """Reads the statement of votes."""

    id = "dominion_sov"
    title = "Dominion statement of votes (tab-separated)"

    def sniff(self, document: Document) -> Match | None:
        """Recognise the header of its tables."""
        if "\t".join(LABELS).encode() in head_of(document):
            return Match(feed=self.id, certainty=1, reason=f"columns {', '.join(LABELS)}")
        return None

    def parse(self, document: Document) -> Reading:
        """Read one release.

        Raises:
            BrokenFile: Empty, not UTF-8, or without a table of precincts.
        """
        work, head = _laid_out(document)
        return to_reading(run(work, STAGES), feed=self.id, source=document.source or tidy(head[0]))


def _laid_out(document: Document) -> tuple[Work, Sequence[str]]:
    """Return one row a count, and the head of the file."""
    rows = Rows()
    head, blocks, notes = _cut_up(document, rows)
    time, row = next(((found["time"], row) for row, line in enumerate(head, 1) if (found := _MADE.match(line))), ("", None))
    at, doubt = release_time(time, zone_or(document, ZONE), (TIME_FORMAT,)) if time else (None, "")
    doubts = doubtful_time(document, at, doubt, row=row, column="Report generated on")
    odd = [*doubts, *notes, *ragged(document, blocks, rows)]
    return lay_out(document, blocks, rows, released=at.isoformat() if at else "").noting(odd), head


def _cut_up(document: Document, rows: Rows) -> tuple[Sequence[str], Sequence[Block], Sequence[Finding]]:
    """Return the head of the file, its tables, whose rows are added to `rows`, and what is odd about it as text.

    Raises:
        BrokenFile: Empty, not UTF-8, or without a table of precincts.
    """
    text, notes = decode(document)
    tables = list(_tables(lines_of(text), rows))
    if not any(table.rows for table in tables):
        raise _no_tables(document)
    keys = numbered(("", table.contest or "(no title)") for table in tables)
    return list(islice(lines_of(text), HEAD)), [replace(table, contest=key) for key, table in zip(keys, tables, strict=True)], notes


def _no_tables(document: Document) -> BrokenFile:
    return BrokenFile(
        f"there is no table of precincts; a header {', '.join(LABELS)} and rows were expected.",
        where=document.capture.name,
        next_step="The download may be cut off. Fetch it again.",
    )


def _tables(lines: Iterable[str], rows: Rows) -> Iterator[Block]:
    """Yield every table of precincts; a table ends at the first blank line."""
    title, numbered_lines = "", enumerate(lines, 1)
    for _, line in numbered_lines:
        if found := _TITLE.match(line):
            title = found["title"]
        if line.startswith("\t".join(LABELS)):
            header = [tidy(name) for name in line.split("\t")]
            body = takewhile(lambda numbered_line: numbered_line[1].strip(), numbered_lines)
            columns = _columns(header)
            own = rows.take((_row(number, cut(text)) for number, text in body), columns)
            yield Block(contest=tidy(title), columns=columns, rows=own, header=header)


def _columns(header: Sequence[str]) -> list[Column]:
    return [Column(place=place, printed=name, option=name) for place, name in enumerate(header) if name not in LABELS]


def _row(line: int, cells: Sequence[str | None]) -> Row:
    unit, word, *_ = (*(cell or "" for cell in cells[:2]), "", "")
    return Row(place=line, unit=unit, word=word, cells=cells)
