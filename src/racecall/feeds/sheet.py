"""A table as it lies in a file: header, cells and line numbers, before anybody asks what the columns mean.

Three readers, one result. A file whose lines all have the header's cells is read by Polars at speed. With some short, long or blank
lines, each line is looked at as well. Where quotation marks or line ends are irregular, Python's `csv` reads the whole file again: slower,
forgiving, and with the same rows. Row numbers are lines of the file; the header is a line like any other.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecall.errors import BrokenFile, UnknownFormat
from racecall.feeds.base import HEAD_BYTES, Document
from racecall.feeds.mapping import COLUMN_WORDS, DISTRICT_WORDS, count_type_of, listed, plain_word
from racecall.feeds.text import ByteCounts, Limits, count_bytes, looks_plain, tidy, utf8
from racecall.model.finding import Finding, Severity

if TYPE_CHECKING:
    import polars as pl

CHECKS: Mapping[str, str] = {
    "lines_above_header": "The header is not in the first line.",
    "repeated_header": "The header stands again among the rows.",
    "repeated_column": "Two columns have the same name.",
    "ragged_rows": "Rows have fewer or more cells than the header.",
    "cut_off": "The last row breaks off.",
}
"""What is looked for here, by the name of the finding."""

PARQUET = b"PAR1"
SEPARATORS = (",", "\t", ";", "|")
HEADER_WITHIN = 20
"""How many lines may stand above the header (a title, a date)."""
LINES_IN_A_CELL = 100
"""A quoted cell over more lines than this is a quotation mark that was never closed."""
CHUNK = 100_000
BLANK = " \t\r"
"""What a cell may hold and still be blank."""
PRINTED = "!"
"""The first character that is neither a blank nor a control: an empty cell and one that begins with a blank come before it."""
MAX_COLUMNS = 2_000
"""The widest Parquet table of our archive has 26 columns; a statement of votes has one for each option."""
CELLS_IN_A_BYTE = 50
"""A table that repeats itself packs well in Parquet: the best of our archive has 15 cells a byte, a bomb has thousands."""
ROOM = 5_000_000
"""Cells that any table may have."""
LINE = "\x1f"
"""A character that separates nothing: with it a line is one cell."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """A table as it lies in a file.

    Args:
        header: Names of the columns, tidied; unnamed ones are ``column 3``, a second ``votes`` is ``votes (2)``.
        cells: The cells under those names (text in a CSV, typed in Parquet, null where there is nothing) and ``row``, the line.
        findings: What was odd about the lay-out.
    """

    header: tuple[str, ...]
    cells: pl.DataFrame
    findings: tuple[Finding, ...] = ()


def read_sheet(document: Document, limits: Limits | None = None) -> Sheet:
    """Read the table in a document.

    Raises:
        BrokenFile: Empty, cut off, wrongly encoded, too many rows, or a quotation mark that is never closed.
        UnknownFormat: Not a table.
    """
    limits = limits or Limits()
    return _from_parquet(document, limits) if document.data.startswith(PARQUET) else _from_text(document, limits)


def header_of(head: bytes) -> tuple[tuple[str, ...], int, str]:
    """Return the likely header in the first bytes of a file: its names, its line (from 0) and the separator; no names if there is none.

    A carriage return ends a line only where nothing else does, as in `decode`.
    """
    codec = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"  # Excel's "Unicode text" is UTF-16
    text = head.decode(codec, "replace").removeprefix("\ufeff")
    return _header(text.replace("\r\n", "\n").split("\r" if "\r" in text and "\n" not in text else "\n")[:HEADER_WITHIN])


def _header(lines: list[str]) -> tuple[tuple[str, ...], int, str]:
    rows = [_split(line) for line in lines]
    scored = [(len(names), sum(map(_is_known, names)), -index) for index, (names, _) in enumerate(rows)]
    full = [score for score in scored if score[0] > 1 and any(rows[-score[2]][0])]
    if not full:
        return (), 0, ","
    # The line with most names we know; without any, the first of the lines that have several cells.
    best = max(full, key=lambda score: (score[1], score[2]))
    names, separator = rows[-best[2]]
    return names, -best[2], separator


def _split(line: str) -> tuple[tuple[str, ...], str]:
    separator = max(SEPARATORS, key=line.count)
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = []
    return tuple(tidy(cell) for cell in cells), separator


_KNOWN = frozenset(word for words in (*COLUMN_WORDS.values(), DISTRICT_WORDS) for word in words)


def _is_known(name: str) -> bool:
    return plain_word(name) in _KNOWN or count_type_of(name) is not None


_TAKEN = re.compile(r"\*|\^.*\$|row|width|filled")


def _unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """Give every column a name of its own, and none that Polars takes for several columns or that our own columns have."""
    seen: dict[str, int] = {}
    result = []
    for place, name in enumerate(names, 1):
        name = name or f"column {place}"  # noqa: PLW2901 - one name, tidied in place
        name = f"column {place}: {name}" if _TAKEN.fullmatch(name) else name  # noqa: PLW2901 - same
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(result)


# --- Parquet -----------------------------------------------------------------------------------------------------------------------


def _from_parquet(document: Document, limits: Limits) -> Sheet:
    import polars as pl

    try:
        columns = len(pl.read_parquet_schema(io.BytesIO(document.data)))
        cells = pl.read_parquet(io.BytesIO(document.data), n_rows=_room(document) // max(columns, 1) + 1)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BrokenFile(
            f"this is a Parquet file that cannot be read ({str(error).splitlines()[0]}).",
            where=document.capture.name,
            next_step="The download may be cut off. Fetch it again.",
        ) from error
    _refuse_rows(document, cells.height, columns, limits)
    if not cells.height:
        raise _no_rows(document, tuple(cells.columns))
    numbered = "row" in cells.columns and cells.schema["row"].is_integer() and not cells["row"].null_count()
    printed = _unique(tuple(tidy(name) for name in cells.columns))
    header = tuple("row" if numbered and raw == "row" else name for raw, name in zip(cells.columns, printed, strict=True))
    cells.columns = list(header)
    return Sheet(header=header, cells=cells if numbered else cells.with_row_index("row", offset=1))


def _room(document: Document) -> int:
    """Return how many cells a table of so many bytes may have."""
    return max(ROOM, CELLS_IN_A_BYTE * len(document.data))


def _refuse_rows(document: Document, rows: int, columns: int, limits: Limits) -> None:
    """Refuse what would take far more memory than the file has bytes: too many rows, columns, or places in both together."""
    sizes = (
        (rows, limits.max_rows, "rows"),
        (columns, MAX_COLUMNS, "columns"),
        (rows * columns, _room(document), "cells, most of them blank or alike"),
    )
    if wrong := next((size for size in sizes if size[0] > size[1]), None):
        raise BrokenFile(
            f"the table has {wrong[0]:,} {wrong[2]}; the limit is {wrong[1]:,}.",
            where=document.capture.name,
            next_step="Split the file by county or by contest.",
        )


def _no_rows(document: Document, header: tuple[str, ...]) -> BrokenFile:
    return BrokenFile(
        f"the table has a header and no rows. Columns: {listed(header)}.",
        where=document.capture.name,
        next_step="The count may not have begun, or the download was cut off. Fetch the file again.",
    )


# --- Text --------------------------------------------------------------------------------------------------------------------------


def _from_text(document: Document, limits: Limits) -> Sheet:
    data, notes, counts = _plain(document)
    names, above, separator = header_of(data[:HEAD_BYTES])
    if not names:
        raise _no_table(document)
    _refuse_rows(document, counts.lines, len(names), limits)
    body = _skip_lines(data, above)
    counts -= count_bytes(data[: len(data) - len(body)])
    raw = _read_regular(body, separator, len(names), counts) or _read_odd(document, body, separator, len(names), above)
    header = _unique(names)
    cells = raw.cells.rename(dict(zip(raw.columns, header, strict=True)))
    cells = cells.with_columns(cells["row"] + above) if above else cells
    return _checked(document, Sheet(header=header, cells=cells, findings=notes), names)


def _plain(document: Document) -> tuple[bytes, tuple[Finding, ...], ByteCounts]:
    """Return the table as UTF-8, what had to be undone, and how often each byte of meaning stands in it."""
    counts = count_bytes(document.data)
    if looks_plain(document.data, counts):
        return document.data, (), counts
    data, notes = utf8(document)
    return data, notes, counts if data is document.data else count_bytes(data)


def _no_table(document: Document) -> UnknownFormat:
    utf8(document)  # what is wrong with the encoding is said first
    return UnknownFormat(
        "this is not a table: no line has two cells.",
        where=document.capture.name,
        next_step="Expected a header and rows, separated by commas, tabs, semicolons or bars.",
    )


def _skip_lines(data: bytes, lines: int) -> bytes:
    return data.split(b"\n", lines)[-1] if lines else data


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Raw:
    """Cells under numbered columns; with ``row`` (line, from 1), ``width`` (cells in the line) and ``filled`` (up to the last filled)."""

    columns: tuple[str, ...]
    cells: pl.DataFrame


def _read_regular(body: bytes, separator: str, width: int, counts: ByteCounts) -> _Raw | None:
    """Read a file whose every line has `width` cells with Polars, and tell from its length that it is one; None if it is not."""
    import polars as pl

    lines = counts.lines + (not body.endswith(b"\n"))
    try:
        table = pl.read_csv(body, has_header=False, separator=separator, infer_schema=False, row_index_name="row", row_index_offset=1)
    except pl.exceptions.PolarsError:
        return None
    cells = table.drop("row")
    if cells.height != lines or cells.width != width or not _accounted_for(body, cells, counts):
        return None
    full, blank = pl.lit(width, pl.UInt32), _all_blank(cells)
    filled = pl.when(pl.col("row").is_in((blank + 1).implode())).then(pl.lit(0, pl.UInt32)).otherwise(full) if blank.len() else full
    return _Raw(columns=tuple(cells.columns), cells=table.with_columns(width=full, filled=filled))


def _accounted_for(body: bytes, cells: pl.DataFrame, counts: ByteCounts) -> bool:
    """Say whether each byte is in a cell, separates two, ends a line or is a quotation mark around a cell or before another mark.

    What is left over on the right is then the marks inside cells, each written twice. A short or blank line makes it larger, and nothing
    makes it smaller (a long line is an error); so it must be nothing, or be the doubled marks of a file that has no short line, since
    a short line has no last cell.
    """
    import polars as pl

    if counts.returns not in {0, cells.height}:
        return False
    held: int = sum(cells.select(pl.all().str.len_bytes().sum().cast(pl.Int64)).row(0))
    left_over = held + cells.width * cells.height + counts.returns + counts.marks - len(body) - (not body.endswith(b"\n"))
    if not left_over:
        return True
    if cells.to_series(-1).null_count() or left_over > counts.pairs:
        return False
    empty: int = sum(cells.select((pl.all().str.len_bytes() == 0).sum().cast(pl.Int64)).row(0))  # "" is a pair too, around nothing
    return left_over == counts.pairs - empty


def _all_blank(cells: pl.DataFrame) -> pl.Series:
    """Return the places of the rows that hold nothing; only those whose first cell begins with a blank are looked at."""
    import polars as pl

    maybe = cells.select((pl.first() < PRINTED).fill_null(value=True).arg_true()).to_series()
    nothing = cells[maybe].select(pl.all_horizontal(pl.all().fill_null("").str.strip_chars(BLANK) == "")).to_series()
    return maybe.filter(nothing)


def _read_odd(document: Document, body: bytes, separator: str, width: int, above: int) -> _Raw:
    """Read any other file: with Polars after a look at each line, or, where quotation marks stand alone, with Python's `csv`."""
    utf8(document)
    return _read_ragged(body, separator, width) or _read_slow(document, body, separator, width, above)


def _read_ragged(body: bytes, separator: str, width: int) -> _Raw | None:
    """Read a file with some lines that are short, long or blank; None if quotation marks or line ends make it irregular."""
    import polars as pl

    lines = _lines(body, separator, width)
    if lines is None:
        return None
    try:
        cells = pl.read_csv(body, has_header=False, separator=separator, infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.PolarsError:
        return None
    if cells.height != lines.height or cells.width != width:
        return None
    return _Raw(columns=tuple(cells.columns), cells=pl.concat([cells, lines], how="horizontal"))


def _lines(body: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """Return ``row``, ``width`` and ``filled`` of every line; None if a quotation mark stands alone in a line.

    Nearly all lines are regular, so each step looks only at those that are not: 1.6 million lines take a third of a second.
    """
    import polars as pl

    if LINE.encode() in body:
        return None
    table = pl.read_csv(body, has_header=False, separator=LINE, quote_char=None, infer_schema=False, new_columns=["line"])
    line = table["line"]
    widths = _cells_in(line, separator)
    if b'"' in body:
        marks = line.str.count_matches('"', literal=True).fill_null(0)
        if (marks % 2 == 1).any():
            return None
        quoted = (marks > 0).arg_true()
        widths = widths.scatter(quoted, _cells_in(_unquoted(line.gather(quoted)), separator))
    starts_blank = line.str.contains(f'^(?:"[{BLANK}]*"|[{BLANK}{separator}])').fill_null(value=True)
    odd = ((widths != width) | starts_blank).arg_true()
    full = _unquoted(line.gather(odd)).fill_null("").str.strip_chars_end(separator + BLANK)
    filled = widths.clone().scatter(odd, _cells_in(full, separator).set(full == "", 0))
    rows = pl.int_range(1, table.height + 1, dtype=pl.UInt32, eager=True)
    return pl.DataFrame({"row": rows, "width": widths, "filled": filled})


def _cells_in(line: pl.Series, separator: str) -> pl.Series:
    return line.str.count_matches(separator, literal=True).fill_null(0) + 1


def _unquoted(line: pl.Series) -> pl.Series:
    """Write each quoted cell as x and an empty one as nothing: a separator inside quotation marks separates nothing.

    A cell that holds one mark and nothing else (four marks in the file) is not empty.
    """
    filled = line.str.replace_all(f'"[{BLANK}]*""[{BLANK}]*"', '"x"')
    return filled.str.replace_all(f'"[{BLANK}]*"', "").str.replace_all('"[^"]*"', "x")


def _read_slow(document: Document, body: bytes, separator: str, width: int, above: int) -> _Raw:
    """Read an irregular file with Python's `csv`."""
    return _raw(_records(document, body, separator, above), width)


def sheet_of(document: Document, names: tuple[str, ...], lines: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """Return the table in some lines, already cut into cells; the first of them is the header, `names` are its names.

    Raises:
        BrokenFile: A header and no rows.
    """
    raw, header = _raw(lines, len(names)), _unique(names)
    cells = raw.cells.rename(dict(zip(raw.columns, header, strict=True)))
    return _checked(document, Sheet(header=header, cells=cells), names)


def _raw(lines: Iterable[tuple[int, Sequence[str]]], width: int) -> _Raw:
    """Return lines as a frame, a chunk at a time."""
    import polars as pl

    columns = tuple(f"column_{place}" for place in range(width))
    schema = {**dict.fromkeys(columns, pl.String), "width": pl.UInt32, "filled": pl.UInt32, "row": pl.UInt32}
    chunks, chunk = [], []
    for line, cells in lines:
        padded = [cell or None for cell in cells[:width]] + [None] * (width - len(cells))
        chunk.append((*padded, len(cells), _filled(cells), line))
        if len(chunk) == CHUNK:
            chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
            chunk = []
    chunks.append(pl.DataFrame(chunk, schema=schema, orient="row"))
    return _Raw(columns=columns, cells=pl.concat(chunks))


def _records(document: Document, body: bytes, separator: str, above: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line it begins on."""
    reader = csv.reader(io.StringIO(body.decode(), newline=""), delimiter=separator)
    line = 1
    try:
        for cells in reader:
            if reader.line_num - line > LINES_IN_A_CELL:
                raise _open_quote(document, line + above)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise _open_quote(document, line + above) from error


def _open_quote(document: Document, line: int) -> BrokenFile:
    return BrokenFile(
        f"a quotation mark opened in row {line:,} is not closed.",
        where=document.capture.name,
        next_step="The download may be cut off; if not, look at that row in an editor.",
    )


# --- Lay-out -----------------------------------------------------------------------------------------------------------------------


def _checked(document: Document, sheet: Sheet, names: tuple[str, ...]) -> Sheet:
    """Take out blank lines and repeated headers, and say which lines are ragged."""
    import polars as pl

    first = sheet.cells["row"][0]
    body = sheet.cells.slice(1)
    repeats = _like_header(body, sheet.header, names)
    if repeats.height or (body["filled"] == 0).any():
        body = body.filter((pl.col("filled") > 0) & ~pl.col("row").is_in(repeats["row"].implode()))
    if not body.height:
        raise _no_rows(document, sheet.header)
    findings = (
        *_above(document, first),
        *_repeats(document, repeats),
        *_twins(document, body, sheet.header),
        *_ragged(document, body, len(names)),
    )
    return Sheet(header=sheet.header, cells=body.drop("width", "filled"), findings=(*sheet.findings, *findings))


def _like_header(body: pl.DataFrame, header: tuple[str, ...], names: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows that say the header again; one column is looked at first, since there are few of them."""
    import polars as pl

    named = [(column, name) for column, name in zip(header, names, strict=True) if name]
    column, name = named[-1]
    long_enough = body.filter(pl.col(column).str.len_bytes() >= len(name))
    some = long_enough.filter(pl.col(column).str.contains(name, literal=True))
    return some.filter(pl.all_horizontal(pl.col(column).fill_null("").str.strip_chars() == name for column, name in named))


def _above(document: Document, first: int) -> Iterator[Finding]:
    if first > 1:
        yield Finding(
            check="lines_above_header",
            severity=Severity.NOTE,
            problem=f"The header is in row {first:,}; what stands above it was not read.",
            origin=document.at(row=first),
            count=first - 1,
        )


def _repeats(document: Document, rows: pl.DataFrame) -> Iterator[Finding]:
    if rows.height:
        yield Finding(
            check="repeated_header",
            severity=Severity.NOTE,
            problem=f"The header stands again in row {rows['row'][0]:,}{_others(rows.height)}; not read as a count.",
            origin=document.at(row=rows["row"][0]),
            count=rows.height,
        )


def _others(count: int) -> str:
    return "" if count == 1 else f" and in {count - 1:,} more"


def _twins(document: Document, body: pl.DataFrame, header: tuple[str, ...]) -> Iterator[Finding]:
    """Say which column names stand twice, and whether the columns differ."""
    for name in header:
        twin = f"{name} (2)"
        if twin in header:
            same = body[name].equals(body[twin], null_equal=True)
            yield Finding(
                check="repeated_column",
                severity=Severity.NOTE if same else Severity.HOLD_CALLS,
                problem=f'The column "{name}" stands twice, with {"the same" if same else "different"} cells; the first was read.',
                next_step="" if same else f'To read the other one: --map "votes={twin}"',
                origin=document.at(column=name),
            )


def _ragged(document: Document, body: pl.DataFrame, width: int) -> Iterator[Finding]:
    import polars as pl

    short, long = body.filter(pl.col("width") < width), body.filter(pl.col("filled") > width)
    if short.height == 1 and short["row"][0] == body["row"][-1] and not document.data.endswith((b"\n", b"\r")):
        yield _cut_off(document, short, width)
    elif short.height:
        yield _ragged_finding(document, short, width, column="width", words="fewer", effect="Missing cells were read as blank.")
    if long.height:
        yield _ragged_finding(document, long, width, column="filled", words="more", effect="The extra ones were not read.")


def ragged_rows(document: Document, lines: Iterable[tuple[int, Sequence[str | None]]], width: int) -> Iterator[Finding]:
    """Say which of some lines, already cut into cells, are ragged."""
    import polars as pl

    body = pl.DataFrame([(row, len(cells), _filled(cells)) for row, cells in lines], schema=["row", "width", "filled"], orient="row")
    if body.height:
        yield from _ragged(document, body, width)


def _filled(cells: Sequence[str | None]) -> int:
    """How many cells there are up to the last that is filled."""
    return next((place for place in range(len(cells), 0, -1) if (cells[place - 1] or "").strip(BLANK)), 0)


def _ragged_finding(document: Document, rows: pl.DataFrame, width: int, *, column: str, words: str, effect: str) -> Finding:
    first = rows.row(0, named=True)
    lines = "1 row has" if rows.height == 1 else f"{rows.height:,} rows have"
    return Finding(
        check="ragged_rows",
        severity=Severity.HOLD_CALLS,
        problem=f"{lines} {words} cells than the header's {width} (first row {first['row']:,}, with {first[column]}). {effect}",
        next_step="Look whether the cells of those rows have shifted.",
        origin=document.at(row=first["row"]),
        count=rows.height,
    )


def _cut_off(document: Document, rows: pl.DataFrame, width: int) -> Finding:
    first = rows.row(0, named=True)
    return Finding(
        check="cut_off",
        severity=Severity.HOLD_CALLS,
        problem=f"The last row, {first['row']:,}, breaks off after {first['width']} of {width} cells.",
        next_step="The download was probably cut off, and more rows may be missing. Fetch the file again.",
        origin=document.at(row=first["row"]),
    )
