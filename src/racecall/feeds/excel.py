"""Excel workbooks, old and new: statements of votes as counties and states hand them out.

A workbook is sheets, and a sheet is one of two things. A *list* has a column each for contest, option and votes, and is read as a CSV is
(`feeds.table`). A *crosstab* is one contest: its title above a header, a row a reporting unit and a column an option; count types stand in
a second line of the header, in a column, or in rows under the name of their unit. Every other sheet is left out, and named.

What is opened is looked at first: a workbook is a zip archive, so the sizes of its members are checked, each is unpacked once within
them, and the corner of each sheet is found before calamine, which keeps a cell for every place up to that corner, may read it. Formulas
are not computed and macros not run; what is read is what the office's Excel saved.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.compound import room
from racecall.feeds.crosstab import STAGES, Block, Column, Row, Rows, lay_out
from racecall.feeds.frames import as_text
from racecall.feeds.listing import numbered
from racecall.feeds.mapping import COLUMN_WORDS, ColumnMap, count_type_of, guess, plain_word, settle
from racecall.feeds.mapping import listed as named
from racecall.feeds.options import SHARE, not_an_option
from racecall.feeds.rows import Work, run, stretch, to_reading
from racecall.feeds.sheet import Sheet, sheet_of
from racecall.feeds.table import given_mapping, left_open
from racecall.feeds.text import WORKBOOK, CellKind, Limits, refuse_empty, refuse_swollen, tidy, unpack_member, unpacked_cap, whole_number
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

CHECKS: Mapping[str, str] = {
    "sheets_read": "A workbook was read: which sheets, and which not.",
    "hidden_sheets": "Sheets of a workbook are hidden.",
    "formulas_without_values": "Cells hold formulas whose results were not saved.",
    "dates_as_names": "Cells that name reporting units hold dates.",
}
"""What is looked for here, by the name of the finding."""

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY = b"xl/workbook.bin"
"""The part of an archive that makes it a binary workbook (MS-XLSB, section 2.1.7.61)."""
MAX_SHEETS = 1_000
MAX_CELLS = 20_000_000
"""Cells up to the corners of all sheets: calamine keeps 32 bytes for each, filled or not. The whole of San Francisco has half a million."""
HEADER_WITHIN = 20
"""How many lines may stand above a header (titles, dates)."""

Cells = Sequence[str]
Sizes = tuple[int, int]


class ExcelFeed:
    """Reads workbooks."""

    id = "excel"
    title = "Excel workbook"

    def sniff(self, document: Document) -> Match | None:
        """Recognise an Office archive, or the container of Excel 97 to 2003."""
        head = document.head
        if head.startswith(ZIP) and (WORKBOOK.encode() in head or b"xl/" in head):
            return Match(feed=self.id, certainty=0.9, reason="a zip archive with the parts of a workbook")
        if head.startswith(OLE):
            return Match(feed=self.id, certainty=0.85, reason="the container of Excel 97 to 2003")
        return None

    def parse(self, document: Document) -> Reading:
        """Read every sheet that holds counts.

        Raises:
            BrokenFile: Empty, damaged, locked, too large when unpacked, or without a sheet of counts.
            SettingsError: The mapping names a column that no sheet has.
        """
        refuse_empty(document)
        _refuse_binary(document)
        formulas = _look_inside(document, Limits()) if document.data.startswith(ZIP) else _look_at_old(document)
        pages, hidden = _pages(document)
        lists, crosstabs, rest = _sorted_out(document, pages)
        work = _work(document, lists, crosstabs)
        if work is None:
            raise _no_counts(document, pages, hidden)
        about = (
            *_read_note(document, lists, crosstabs, rest),
            *_hidden_note(document, hidden),
            *_formula_note(document, formulas),
            *_date_note(document, crosstabs),
        )
        return to_reading(replace(work, findings=(*about, *work.findings)), feed=self.id, source=document.source or document.capture.name)


def _refuse_binary(document: Document) -> None:
    """Refuse `.xlsb`: how much its sheets hold cannot be seen before they are read."""
    if document.data.startswith(ZIP) and BINARY in document.data:
        raise BrokenFile(
            "this is a binary workbook (.xlsb), and is not read.",
            where=document.capture.name,
            next_step="Open it in Excel, save it as a workbook (.xlsx) or as CSV (UTF-8), and add that.",
        )


# --- The file ----------------------------------------------------------------------------------------------------------------------

_PLACE = re.compile(rb"""\br\s*+=\s*+["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ROW = re.compile(rb"""\br\s*+=\s*+["']([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:\w++:)?+c[\s/>]")
_FORMULA = re.compile(rb"<f\b(?:[^<>]*+(?<=/)>|[^<>]*+(?<!/)>[^<]*+</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?+\s*+</c>")
"""None of these looks back: a sheet made of openings costs one pass."""
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def _look_inside(document: Document, limits: Limits) -> dict[str, int]:
    """Check the members of the archive, and return how many formulas without a value each sheet's has.

    Each member is unpacked once within the size that the archive says it has: one that says too little fails its checksum.

    Raises:
        BrokenFile: Damaged, locked, too large, or with a sheet whose corner is too far out.
    """
    name = document.capture.name
    try:
        with zipfile.ZipFile(io.BytesIO(document.data)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > unpacked_cap(document.data, limits):
                refuse_swollen(name, len(document.data), limits)
            if any(member.flag_bits & 1 for member in members):
                raise _locked(document)
            return _look_at(document, ((member.filename, unpack_member(document.data, member)) for member in members))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, struct.error) as error:
        raise _damaged(document, str(error)) from error


def _look_at_old(document: Document) -> dict[str, int]:
    """Check the sheets of an old workbook; its formulas hold their values."""
    try:
        _refuse_cells(document, room(document.data) if document.data.startswith(OLE) else 0)
    except (struct.error, ValueError) as error:
        raise _damaged(document, str(error)) from error
    return {}


def _look_at(document: Document, parts: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    """Refuse sheets that have room for too much, wherever they lie; return the formulas without a value of each part."""
    formulas, cells = {}, 0
    for name, data in parts:
        cells += _room(data)
        _refuse_cells(document, cells)
        formulas[name] = len(_FORMULA.findall(data)) if _SHEET.fullmatch(name) else 0
    return formulas


def _room(data: bytes) -> int:
    """Return how many cells a sheet has room for, up to its last: none in a part that is no sheet.

    A cell without a place of its own stands in the row that has one, after the cell before it: then every row counts, and the longest.
    """
    columns, rows, named = set(), set(), 0
    for place in _PLACE.finditer(data):
        columns.add(place[1])
        rows.add(int(place[2]))
        named += 1
    longest = 0
    if sum(1 for _ in _CELL.finditer(data)) > named:
        rows |= {int(row[1]) for row in _ROW.finditer(data)}
        longest = max(sum(1 for _ in _CELL.finditer(row)) for row in data.split(b"row"))
    return max(rows, default=0) * max(longest, *map(_column_number, columns), 0)


def _column_number(letters: bytes) -> int:
    """``A`` is 1, ``AA`` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_cells(document: Document, cells: int) -> None:
    if cells > MAX_CELLS:
        raise BrokenFile(
            f"the sheets have room for {cells:,} cells up to the last of each; the limit is {MAX_CELLS:,}.",
            where=document.capture.name,
            next_step="Delete what stands far out on the sheet, or save the counts as CSV and add that.",
        )


def _damaged(document: Document, why: str) -> BrokenFile:
    return BrokenFile(
        f"the workbook is damaged ({why.strip().splitlines()[0] if why.strip() else 'no reason given'}).",
        where=document.capture.name,
        next_step="The download may be cut off. Fetch it again; if Excel opens it, save the sheet as CSV (UTF-8) and add that.",
    )


def _locked(document: Document) -> BrokenFile:
    return BrokenFile(
        "the workbook is locked with a password.",
        where=document.capture.name,
        next_step="Open it in Excel, save it without the password, and add that.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet as calamine reads it.

    Args:
        name: Its name.
        rows: Its cells as text, from A1; "" is nothing.
        merged: For a merged cell, the place of each cell it covers and the place of the first.
        dates: Rows (from 1) whose first cell is a date.
    """

    name: str
    rows: Sequence[Cells]
    merged: Mapping[Sizes, Sizes]
    dates: Sequence[int]


def _pages(document: Document) -> tuple[list[Page], list[str]]:
    """Return the sheets that can be seen, and the names of those that cannot."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(document.data)) as book:
            sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            seen = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
            _refuse_sheets(document, len(sheets))
            return [_page(document, book, name) for name in seen], [sheet.name for sheet in sheets if sheet.name not in seen]
    except PasswordError as error:
        raise _locked(document) from error
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged(document, str(error)) from error
    except BaseException as error:
        # On some damaged .xls files calamine panics, and that reaches Python as a BaseException without a name to import. What Rust prints
        # of it is kept from the screen by `racecall.desk.panics`.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(document, "its records point outside the file") from error


def _refuse_sheets(document: Document, sheets: int) -> None:
    if sheets > MAX_SHEETS:
        raise BrokenFile(
            f"the workbook has {sheets:,} sheets; the limit is {MAX_SHEETS:,}.",
            where=document.capture.name,
            next_step="Split it, or save the counts as CSV.",
        )


def _page(document: Document, book: CalamineWorkbook, name: str) -> Page:
    sheet = book.get_sheet_by_name(name)
    _refuse_cells(document, sheet.total_height * sheet.total_width)
    cells = sheet.to_python(skip_empty_area=False)
    merged = {
        (row, column): first
        for first, last in sheet.merged_cell_ranges or ()
        for row in range(first[0], min(last[0], HEADER_WITHIN) + 1)
        for column in range(first[1], min(last[1], sheet.total_width) + 1)
    }
    dates = [place for place, row in enumerate(cells, 1) if row and isinstance(row[0], (date, datetime))]
    return Page(name=name, rows=[[_text(cell) for cell in row] for row in cells], merged=merged, dates=dates)


def _text(cell: float | str | bool | time | date | timedelta) -> str:
    """Write a cell as a CSV would have it: 12.0 is 12, a date is a date."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


# --- Which sheet is what -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosstab:
    """A sheet that is one contest: its title, its columns of numbers, and its rows."""

    page: Page
    contest: str
    columns: Sequence[Column]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class List:
    """A sheet that is a list of counts."""

    page: Page
    sheet: Sheet
    columns: ColumnMap


def _sorted_out(document: Document, pages: Sequence[Page]) -> tuple[list[List], list[Crosstab], list[str]]:
    """Return the lists, the crosstabs, and the names of the sheets that are neither.

    Raises:
        SettingsError: The user named columns, and no sheet has them.
    """
    given = given_mapping(document)
    lists, crosstabs, rest = [], [], []
    for page in pages:
        if found := _list(document, page, given):
            lists.append(found)
        elif not (given and given.names_columns) and (crosstab := _crosstab(page, given)):
            crosstabs.append(crosstab)
        else:
            rest.append(page.name)
    if given and given.names_columns and not lists and pages:
        settle(given, tuple(tidy(name) for name in _likely_header(pages[0])))
    return lists, crosstabs, rest


def _likely_header(page: Page) -> Cells:
    """Return the line with most cells among the first."""
    return max(page.rows[:HEADER_WITHIN], key=lambda row: sum(map(bool, row)), default=[])


def _list(document: Document, page: Page, given: ColumnMap | None) -> List | None:
    """Return the sheet as a list if one of its first lines names contest, option and votes, or the columns that the user named."""
    for place, row in enumerate(page.rows[:HEADER_WITHIN]):
        names = _trimmed(row)
        if not names or not _names_columns(names, given):
            continue
        columns = settle(given, names)
        if not left_open(columns) and len(page.rows) > place + 1:
            lines = [(line, cells) for line, cells in enumerate(page.rows, 1) if line > place]
            return List(page=page, sheet=sheet_of(document, names, lines), columns=columns)
    return None


def _trimmed(row: Cells) -> tuple[str, ...]:
    names = [tidy(name) for name in row]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _names_columns(names: tuple[str, ...], given: ColumnMap | None) -> bool:
    """Say whether a line names every column that the user named, or that we need."""
    if given and given.names_columns:
        return {plain_word(name) for name in given.columns} <= {plain_word(name) for name in names}
    found = guess(names)
    return bool(found.option) and not left_open(given.over(found) if given else found)


# --- A contest a sheet -------------------------------------------------------------------------------------------------------------

WORD_COLUMNS = frozenset({*COLUMN_WORDS["count_type"], "reporting_type", "reportingtype", "counting_group", "type", "votetype"})
LABELS = frozenset({*(word for words in COLUMN_WORDS.values() for word in words), "precinctid", "precincts"})
"""Names of columns that are no options, beside the first and those of count types."""
_VOTE_FOR = re.compile(r"(?<!\s)\s*+\((?:vote for|elect)[^()]*+\)\s*$", re.IGNORECASE)


def _crosstab(page: Page, given: ColumnMap | None) -> Crosstab | None:
    """Return the contest of a sheet; None if no line with two names stands above a line with two numbers."""
    start = next((place for place, row in enumerate(page.rows) if sum(map(_is_count, row[1:])) > 1), 0)
    header = next((place for place in range(start - 1, -1, -1) if len(_names(page, place)) > 1), None)
    if header is None or start - header > HEADER_WITHIN:
        return None
    unit = _place_of(page.rows[header], COLUMN_WORDS["unit"]) or 0
    columns, top = _columns(page, header, start)
    rows = list(_rows(page, header, unit, _place_of(page.rows[header], WORD_COLUMNS)))
    title = (given.fixed_value("contest") if given else "") or _title(page, top)
    return Crosstab(page=page, contest=title, columns=columns, rows=rows) if columns and rows else None


def _names(page: Page, place: int) -> set[str]:
    """Return the different names in a line that are no numbers."""
    return {name for name in page.rows[place] if name and not _is_count(name)}


def _is_count(cell: str) -> bool:
    return bool(cell) and whole_number(cell).kind in {CellKind.NUMBER, CellKind.WITHHELD} and cell != "-"


def _columns(page: Page, header: int, start: int) -> tuple[list[Column], int]:
    """Return the columns of numbers, and the first line of the header."""
    lines = [header]
    while lines[0] > 0 and len(_names(page, lines[0] - 1)) > 1:
        lines.insert(0, lines[0] - 1)
    below = page.rows[start:]
    columns = [
        column
        for place in range(1, len(page.rows[header]))
        if any(_is_count(row[place]) for row in below) and (column := _column(page, lines, place))
    ]
    return columns, lines[0]


def _column(page: Page, lines: Sequence[int], place: int) -> Column | None:
    """Read a column's name: the last line may be a count type and those above the option, or all of them are one name."""
    parts = [part for part in (_covering(page, line, place, lines[-1]) for line in lines) if part]
    if not parts or plain_word(" ".join(parts)) in LABELS | WORD_COLUMNS:
        return None
    has_word = len(parts) > 1 and count_type_of(parts[-1]) is not None
    option = tidy(" ".join(dict.fromkeys(parts[:-1] if has_word else parts)))
    if not_an_option(option) == SHARE:
        return None
    return Column(place=place, printed=f"{page.name}: {' / '.join(parts)}", option=option, word=parts[-1] if has_word else "")


def _covering(page: Page, line: int, place: int, last: int) -> str:
    """Return the name over a column: its own cell, the merged cell it lies under, or without merged cells the next one to the left."""
    row = page.rows[line]
    if row[place] or line == last:
        return row[place]
    if page.merged:
        first = page.merged.get((line, place))
        return page.rows[first[0]][first[1]] if first else ""
    return next((row[left] for left in range(place, 0, -1) if row[left]), "")


def _place_of(header: Cells, words: Collection[str]) -> int | None:
    return next((place for place, name in enumerate(header) if plain_word(name) in words), None)


def _rows(page: Page, header: int, unit: int, word: int | None) -> Iterator[Row]:
    """Yield the rows of counts; a line with a name alone gives its name to the count types in the lines below it."""
    group = ""
    for place, cells in enumerate(page.rows[header + 1 :], header + 2):
        name, kind = tidy(cells[unit]), tidy(cells[word]) if word is not None else ""
        if not any(cell for at, cell in enumerate(cells) if at != unit):
            group = name or group
        elif group and word is None and count_type_of(name) is not None:
            yield Row(place=place, unit=group, word=name, cells=_blank_as_none(cells))
        else:
            group = ""
            yield Row(place=place, unit=name, word=kind, cells=_blank_as_none(cells))


def _blank_as_none(cells: Cells) -> list[str | None]:
    return [cell or None for cell in cells]


def _title(page: Page, top: int) -> str:
    """Return the nearest title above the header, without "(Vote for 1)"; the sheet's name if there is none."""
    alone = [next(iter(names)) for place in range(top) if len(names := _names(page, place)) == 1]
    return tidy(_VOTE_FOR.sub("", alone[-1])) if alone else page.name


# --- Together ----------------------------------------------------------------------------------------------------------------------


def _work(document: Document, lists: Sequence[List], crosstabs: Sequence[Crosstab]) -> Work | None:
    """Return the counts of all sheets, each list as a table and all crosstabs together; None if there are none."""
    from racecall.feeds.table import STAGES as OF_TABLES

    works = [run(stretch(document, found.sheet, found.columns), OF_TABLES) for found in lists]
    if crosstabs:
        rows, keys = Rows(), numbered(("", found.contest) for found in crosstabs)
        named = zip(keys, crosstabs, strict=True)
        blocks = [Block(contest=key, columns=found.columns, rows=rows.take(found.rows, found.columns)) for key, found in named]
        works.append(run(lay_out(document, blocks, rows), STAGES))
    return _joined(works) if works else None


def _joined(works: Sequence[Work]) -> Work:
    import polars as pl

    first = works[0]
    if len(works) == 1:
        return first
    parts = ([as_text(getattr(work, name).select(first.rows.columns)) for work in works] for name in ("rows", "ballots"))
    rows, ballots = (pl.concat(part, how="vertical_relaxed") for part in parts)
    return replace(first, rows=rows, ballots=ballots, findings=tuple(finding for work in works for finding in work.findings))


def _no_counts(document: Document, pages: Sequence[Page], hidden: Sequence[str]) -> BrokenFile:
    seen = f"Sheets: {named(page.name for page in pages)}." if pages else "It has no sheet that can be seen."
    unseen = f" Hidden: {named(hidden)}." if hidden else ""
    return BrokenFile(
        f"no sheet of the workbook holds counts. {seen}{unseen}",
        where=document.capture.name,
        next_step="Say which column is what: --map contest=COLUMN,option=COLUMN,votes=COLUMN. A hidden sheet is read after Excel shows it.",
    )


def _read_note(document: Document, lists: Sequence[List], crosstabs: Sequence[Crosstab], rest: Sequence[str]) -> Iterator[Finding]:
    read = [f'"{found.page.name}" (a list, {found.sheet.cells.height:,} rows)' for found in lists]
    read += [f'"{found.page.name}" ({found.contest}, {len(found.rows):,} rows)' for found in crosstabs]
    more = f" and {len(read) - 12:,} more" if len(read) > 12 else ""
    yield Finding(
        check="sheets_read",
        severity=Severity.NOTE,
        problem=f"Sheets read: {', '.join(read[:12])}{more}. " + (f"Not read: {named(rest)}." if rest else "Every sheet was read."),
        next_step="If a sheet with counts is among those not read, say which column is what (--map), or save it as CSV." if rest else "",
        origin=document.at(),
        count=len(read),
    )


def _hidden_note(document: Document, hidden: Sequence[str]) -> Iterator[Finding]:
    if hidden:
        yield Finding(
            check="hidden_sheets",
            severity=Severity.NOTE,
            problem=f"{'1 sheet is' if len(hidden) == 1 else f'{len(hidden):,} sheets are'} hidden and not read: {named(hidden)}.",
            next_step="Look at it in Excel (right-click a tab, Unhide): it may hold older counts, or some that are not published.",
            origin=document.at(),
            count=len(hidden),
        )


def _formula_note(document: Document, formulas: Mapping[str, int]) -> Iterator[Finding]:
    """Cells that Excel would compute, and whose results nobody saved: to us they are blank."""
    if count := sum(formulas.values()):
        where = named(member.rpartition("/")[2] for member, number in formulas.items() if number)
        yield Finding(
            check="formulas_without_values",
            severity=Severity.HOLD_CALLS,
            problem=f"{'1 cell holds a formula' if count == 1 else f'{count:,} cells hold formulas'} without a saved result (in {where}); "
            "read as blank, since racecall computes nothing.",
            next_step="Open the workbook in Excel, save it, and add it again.",
            origin=document.at(),
            count=count,
        )


def _date_note(document: Document, crosstabs: Sequence[Crosstab]) -> Iterator[Finding]:
    for found in crosstabs:
        places = {row.place for row in found.rows} & set(found.page.dates)
        if places:
            first = min(places)
            yield Finding(
                check="dates_as_names",
                severity=Severity.NOTE,
                contest=found.contest,
                problem=f'Sheet "{found.page.name}": {len(places):,} reporting unit{"s are" if len(places) > 1 else " is"} named by a date '
                f"(first in row {first:,}: {found.page.rows[first - 1][0][:10]}); Excel makes dates of names such as 1-2.",
                next_step="Compare with the office's list of precincts; the votes are read as they are.",
                origin=document.at(row=first),
                count=len(places),
            )
