"""Dominion's statement of votes as tab-separated text: a table a contest, a row a precinct and count type.

San Francisco published it until 2018. Each contest has two tables: precincts, and districts and neighbourhoods, whose votes are those
of the precincts again. Only the precincts are read, with the grand totals in their last rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.crosstab import STAGES, Block, Column, Row, lay_out
from racecall.feeds.listing import doubtful_time, head_of, numbered, release_time, zone_or
from racecall.feeds.rows import Work, run, to_reading
from racecall.feeds.sheet import ragged_rows
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of precincts as it stands in the file: the contest's title, the header, and its lines with their numbers."""

    title: str
    header: Sequence[str]
    lines: Sequence[tuple[int, Sequence[str]]]


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
        text, notes = decode(document)
        head = [line.rstrip("\r") for line in text.split("\n", HEAD)[:HEAD]]
        time, row = next(((found["time"], row) for row, line in enumerate(head, 1) if (found := _MADE.match(line))), ("", None))
        at, doubt = release_time(time, zone_or(document, ZONE), (TIME_FORMAT,)) if time else (None, "")
        work = run(_laid_out(document, text, at.isoformat() if at else "", notes), STAGES)
        reading = to_reading(work, feed=self.id, source=document.source or tidy(head[0]))
        doubts = doubtful_time(document, at, doubt, row=row, column="Report generated on")
        return replace(reading, findings=(*doubts, *reading.findings))


def _laid_out(document: Document, text: str, released: str, notes: Sequence[Finding]) -> Work:
    """Return one row a count. The lines cut into cells end here: beside the rows they would take as much memory again."""
    tables = list(_tables([line.rstrip("\r") for line in text.split("\n")]))
    if not any(table.lines for table in tables):
        raise _no_tables(document)
    odd = [finding for table in tables for finding in ragged_rows(document, table.lines, len(table.header))]
    return lay_out(document, _blocks(tables), released=released).noting([*notes, *odd])


def _no_tables(document: Document) -> BrokenFile:
    return BrokenFile(
        f"there is no table of precincts; a header {', '.join(LABELS)} and rows were expected.",
        where=document.capture.name,
        next_step="The download may be cut off. Fetch it again.",
    )


def _tables(lines: Sequence[str]) -> Iterator[Table]:
    """Yield every table of precincts; a table ends at the first blank line."""
    title = ""
    for place, line in enumerate(lines):
        if found := _TITLE.match(line):
            title = found["title"]
        if line.startswith("\t".join(LABELS)):
            end = next((end for end in range(place + 1, len(lines)) if not lines[end].strip()), len(lines))
            body = [(number + 1, lines[number].split("\t")) for number in range(place + 1, end)]
            yield Table(title=tidy(title), header=[tidy(name) for name in line.split("\t")], lines=body)


def _blocks(tables: Sequence[Table]) -> Iterator[Block]:
    keys = numbered(("", table.title or "(no title)") for table in tables)
    for key, table in zip(keys, tables, strict=True):
        yield Block(contest=key, columns=_columns(table.header), rows=[_row(line, cells, table.header) for line, cells in table.lines])


def _columns(header: Sequence[str]) -> list[Column]:
    return [Column(place=place, printed=name, option=name) for place, name in enumerate(header) if name not in LABELS]


def _row(line: int, cells: Sequence[str], header: Sequence[str]) -> Row:
    padded = [cell or None for cell in cells] + [None] * (len(header) - len(cells))
    return Row(place=line, unit=padded[0] or "", word=padded[1] or "", cells=padded)
