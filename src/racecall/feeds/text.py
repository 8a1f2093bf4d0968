"""From bytes to text, numbers and times: the small steps every feed shares.

Nothing here guesses. Bytes that are not UTF-8 are an error with the byte, not a try at another encoding; a cell that is not a whole
number is kept as "not reported" with the kind of trouble beside it; a local time that happened twice says so.
"""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from racecall.errors import BrokenFile, UsageError
from racecall.feeds.base import Document
from racecall.model.finding import Finding, Severity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHECKS: Mapping[str, str] = {
    "byte_order_mark": "The file begins with a byte order mark.",
    "carriage_returns": "Lines end in a bare carriage return.",
    "blank_cells": "A count cell is blank: not reported, not 0.",
    "withheld_cells": "A mark stands in place of a count, mostly to protect small precincts.",
    "negative_count": "A count is below 0.",
    "fractional_count": "A count has a fraction.",
    "impossible_count": "A count is larger than the people on Earth.",
    "not_a_number": "A count cell holds something else.",
}
"""What is looked for here, by the name of the finding."""

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a file may be before we refuse to read it.

    Args:
        max_bytes: Size, as received and after decompression [bytes].
        max_ratio: Decompressed size over compressed size; results compress about 10 to 40 times, a bomb 1,000 times.
        max_rows: Lines of a table.
    """

    max_bytes: int = 512 * MEBIBYTE
    max_ratio: int = 200
    max_rows: int = 50_000_000


def size_words(size: int) -> str:
    """Write a size for people: ``1,024 MB``; a megabyte is 2^20 bytes here, as file listings have it."""
    return f"{size:,} bytes" if size < MEBIBYTE else f"{size / MEBIBYTE:,.0f} MB"


def refuse_large(name: str, size: int, limits: Limits) -> None:
    """Raise `BrokenFile` if a file of `size` bytes is over the limit; call it before the file is read."""
    if size > limits.max_bytes:
        raise BrokenFile(
            f"the file is {size_words(size)}; the limit is {size_words(limits.max_bytes)}.",
            where=name,
            next_step=f"If it really is a results file, raise the limit: --max-size {-(-size // MEBIBYTE)}",
        )


def unpack(name: str, data: bytes, limits: Limits | None = None) -> bytes:
    """Return the bytes to read: gzip undone, the one file of a zip archive taken out, anything else (also a workbook) as it is.

    Raises:
        BrokenFile: Too large before or after decompression, swollen beyond the ratio of `limits`, cut short, locked, or an archive of
            several files.
    """
    limits = limits or Limits()
    refuse_large(name, len(data), limits)
    unpacking = next((step for signature, step in _PACKED.items() if data.startswith(signature)), None)
    if not unpacking:
        return data
    try:
        return unpacking(name, data, limits)
    except DAMAGED_ARCHIVE as error:
        raise BrokenFile(
            f"the compressed data is damaged ({error}).", where=name, next_step="Fetch the file again; compare its size with the source's."
        ) from error


def _gunzip(name: str, data: bytes, limits: Limits) -> bytes:
    """Undo gzip (RFC 1952), member by member, never holding more than the limit plus one chunk."""
    cap = unpacked_cap(data, limits)
    parts, size, rest = [], 0, data
    while rest.startswith(b"\x1f\x8b"):
        worker = zlib.decompressobj(wbits=31)
        part = worker.decompress(rest, cap - size + 1)
        size += len(part)
        if size > cap:
            refuse_swollen(name, len(data), limits)
        if not worker.eof:
            raise BrokenFile(
                f"the compressed file stops short after {size_words(size)} of data.",
                where=name,
                next_step="The download was cut off. Fetch the file again.",
            )
        parts.append(part)
        rest = worker.unused_data.lstrip(b"\0")
    return b"".join(parts)


def unpacked_cap(data: bytes, limits: Limits) -> int:
    """How large the file may be when it is unpacked [bytes]."""
    return min(limits.max_bytes, max(len(data) * limits.max_ratio, MEBIBYTE))


WORKBOOK = "[Content_Types].xml"
"""The member every Office Open XML file has (ISO/IEC 29500-2): a workbook is a zip archive, and is read as it is."""


def _unzip(name: str, data: bytes, limits: Limits) -> bytes:
    """Take the one file out of a zip archive; no more is unpacked than the archive says there is, and its names are never paths.

    Raises:
        BrokenFile: No file, several files, a locked file, one packed in an unusual way, or too large.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if any(member.filename == WORKBOOK for member in members):
            return data
        _refuse_other_than_one(name, members)
        if members[0].file_size > unpacked_cap(data, limits):
            refuse_swollen(name, len(data), limits)
        return unpack_member(data, members[0])


def unpack_member(data: bytes, member: zipfile.ZipInfo) -> bytes:
    """Unpack one file of an archive, up to the size that was announced: `ZipFile.read` unpacks 2 GB before it compares."""
    start = member.header_offset
    name, extra = struct.unpack_from("<HH", data, start + 26)  # APPNOTE 4.3.7: the local header, with lengths of its own
    begin = start + 30 + name + extra
    packed = data[begin : begin + member.compress_size]
    stored = member.compress_type == zipfile.ZIP_STORED
    unpacked = packed if stored else zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.file_size + 1)
    if len(unpacked) != member.file_size or zlib.crc32(unpacked) != member.CRC:
        raise zipfile.BadZipFile("size or check sum are not as announced")
    return unpacked


def _refuse_other_than_one(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) != 1:
        names = ", ".join(_printable(member.filename[:60]) for member in members[:5])
        raise BrokenFile(
            f"the archive holds {len(members):,} files ({names})." if members else "the archive holds no file.",
            where=name,
            next_step="Unpack it, and add the file with the results." if members else "Fetch the file again.",
        )
    locked = members[0].flag_bits & 1
    if locked or members[0].compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:  # the others unpack without a limit
        how = "locked with a password" if locked else "packed in a way that is not read here"
        raise BrokenFile(f"the archive is {how}.", where=name, next_step="Unpack it, and add the file with the results.")


DAMAGED_ARCHIVE = (
    zlib.error,
    zipfile.BadZipFile,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    OverflowError,
    OSError,
    struct.error,
)
"""What the libraries raise on damaged archives; each was seen, or is raised in their source."""
_PACKED: Mapping[bytes, Callable[[str, bytes, Limits], bytes]] = {b"\x1f\x8b": _gunzip, b"PK\x03\x04": _unzip, b"PK\x05\x06": _unzip}
"""How packed files begin, and the step that unpacks them."""


def refuse_swollen(name: str, packed: int, limits: Limits) -> None:
    """Raise `BrokenFile` for a file that unpacks to more than `unpacked_cap`."""
    ratio_first = packed * limits.max_ratio < limits.max_bytes
    limit = f"{limits.max_ratio} times its {size_words(packed)}" if ratio_first else size_words(limits.max_bytes)
    raise BrokenFile(
        f"the file unpacks to more than {limit}, which is the limit.",
        where=name,
        next_step="Results do not compress that well, so it may be hostile. If you trust it, unpack it yourself and add the unpacked file.",
    )


_DECLARED = re.compile(r"""^(\ufeff?<\?xml\b[^>]{0,100}?)\s+encoding=["'][^"'>]{0,100}["']""")
"""The encoding that an XML file announces: no longer true once the file is UTF-8."""


def recode(name: str, data: bytes, encoding: str) -> bytes:
    """Return `data` as UTF-8, read in the encoding the user named (``--encoding``).

    Raises:
        UsageError: No encoding of that name.
        BrokenFile: The bytes are not in that encoding.
    """
    try:
        return _DECLARED.sub(r"\1", data.decode(encoding), count=1).encode()
    except LookupError as error:
        raise UsageError(f'no encoding "{encoding}".', next_step="Common ones: utf-8, cp1252, latin-1, mac-roman, utf-16.") from error
    except UnicodeDecodeError as error:
        raise BrokenFile(_bad_byte(data, error, encoding), where=name, next_step="Try another --encoding.") from error


# --- Bytes to text -----------------------------------------------------------------------------------------------------------------

_BOMS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
    (b"\xff\xfe", "utf-16", "UTF-16, low byte first"),
    (b"\xfe\xff", "utf-16", "UTF-16, high byte first"),
)


def decode(document: Document) -> tuple[str, tuple[Finding, ...]]:
    """Return the document as text, with a note for each thing that had to be undone.

    Strict UTF-8. A byte order mark (UTF-8 or UTF-16) is obeyed and noted, as are line ends of a bare carriage return. Other
    encodings are never guessed: an accent read wrongly makes a new candidate.

    Raises:
        BrokenFile: Empty, or bytes that are not UTF-8: the byte, its offset and its line are named.
    """
    refuse_empty(document)
    data, name = document.data, document.capture.name
    mark, codec, words = next((bom for bom in _BOMS if data.startswith(bom[0])), (b"", "utf-8", ""))
    if codec != "utf-16" and b"\0" in data:
        raise BrokenFile(
            f"this is not a text file: byte {data.index(0) + 1:,} is zero.",
            where=name,
            next_step="Export the results as CSV or JSON in UTF-8 and try that file.",
        )
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(name, data, error, words) from error
    notes = (bom_note(document, words),) if mark else ()
    if "\r" in text and "\n" not in text:
        return text.replace("\r", "\n"), (*notes, line_end_note(document))
    return text, notes


def refuse_empty(document: Document) -> None:
    """Raise `BrokenFile` for a document without a byte, or with nothing but white space."""
    if not document.data[:4096].strip() and not document.data.strip():
        raise BrokenFile(
            f"the file is empty ({len(document.data):,} bytes).",
            where=document.capture.name,
            next_step="The download may have failed. Fetch it again.",
        )


def utf8(document: Document) -> tuple[bytes, tuple[Finding, ...]]:
    """Return the document as clean UTF-8 bytes for a table reader: as `decode`, without a copy when nothing had to be undone."""
    data = document.data
    if data.isascii() and b"\n" in data and b"\0" not in data:
        refuse_empty(document)
        return data, ()
    text, notes = decode(document)
    return (text.encode(), notes) if notes else (data, ())


COUNTED_AT_ONCE = MEBIBYTE // 4
"""A piece that stays in the processor's cache while it is looked at more than once [bytes]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteCounts:
    """How often a table's bytes of meaning stand in it.

    Args:
        zeros: Zero bytes, which no text has.
        lines: Line feeds.
        returns: Carriage returns.
        marks: Quotation marks.
        pairs: Two quotation marks together; three in a row are one pair, as `bytes.count` has it.
    """

    zeros: int = 0
    lines: int = 0
    returns: int = 0
    marks: int = 0
    pairs: int = 0

    def __add__(self, other: ByteCounts) -> ByteCounts:
        """Add the counts of another piece."""
        return ByteCounts(**{name: getattr(self, name) + getattr(other, name) for name in ByteCounts.__slots__})

    def __sub__(self, other: ByteCounts) -> ByteCounts:
        """Take the counts of a piece away."""
        return ByteCounts(**{name: getattr(self, name) - getattr(other, name) for name in ByteCounts.__slots__})


def looks_plain(data: bytes, counts: ByteCounts) -> bool:
    """Whether nothing has to be undone if the bytes are UTF-8; that they are is left to the reader, since it looks at each of them."""
    return not any(data.startswith(mark) for mark, *_ in _BOMS) and counts.lines > 0 and not counts.zeros


def count_bytes(data: bytes) -> ByteCounts:
    """Count the bytes that have a meaning in a table, all in one look: over a large file the memory is what takes the time.

    A piece ends with a line, so that no pair lies in two of them. Pieces are counted side by side, on as many threads as read the table.
    """
    if len(data) <= COUNTED_AT_ONCE:
        return _count_small(data)
    from concurrent.futures import ThreadPoolExecutor

    import polars as pl

    pieces, threads = tuple(_pieces(data)), pl.thread_pool_size()
    with ThreadPoolExecutor(threads) as pool:
        counts = pool.map(lambda own: [_count_piece(data, *piece) for piece in own], (pieces[first::threads] for first in range(threads)))
        return sum(chain.from_iterable(counts), ByteCounts())


def _pieces(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each piece begins and ends."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start + COUNTED_AT_ONCE) + 1 or len(data)
        yield start, end
        start = end


def _count_small(data: bytes) -> ByteCounts:
    zeros, lines, returns, marks, pairs = map(data.count, (b"\0", b"\n", b"\r", b'"', b'""'))
    return ByteCounts(zeros=zeros, lines=lines, returns=returns, marks=marks, pairs=pairs)


def _count_piece(data: bytes, start: int, end: int) -> ByteCounts:
    """Count with NumPy what is frequent (`bytes.count` looks at one byte after the other), and look for what is rare."""
    import numpy as np

    piece = np.frombuffer(data, np.uint8, end - start, start)
    is_mark = piece == ord('"')
    marks = int(np.count_nonzero(is_mark))
    return ByteCounts(
        zeros=data.count(b"\0", start, end) if data.find(b"\0", start, end) >= 0 else 0,
        lines=int(np.count_nonzero(piece == ord("\n"))),
        returns=int(np.count_nonzero(piece == ord("\r"))) if data.find(b"\r", start, end) >= 0 else 0,
        marks=marks,
        pairs=_pairs(is_mark, data, start, end) if marks else 0,
    )


def _pairs(is_mark: NDArray[np.bool_], data: bytes, start: int, end: int) -> int:
    """Count the pairs: n marks in a row are n // 2 of them, which is the places where two begin, less those where three do, and so on."""
    import numpy as np

    pairs, run = 0, is_mark
    for sign in (1, -1, 1, -1, 1, -1):
        run = run[1:] & run[:-1]
        places = int(np.count_nonzero(run))
        if not places:
            return pairs
        pairs += sign * places
    return data.count(b'""', start, end)  # nobody writes so many in a row: it may be a million


def bom_note(document: Document, encoding: str) -> Finding:
    """Note that the file begins with a byte order mark."""
    return Finding(
        check="byte_order_mark",
        severity=Severity.NOTE,
        problem=f"The file begins with a byte order mark ({encoding}); it was read accordingly and the mark dropped.",
        origin=document.at(row=1),
    )


def line_end_note(document: Document) -> Finding:
    """Note that lines end in a bare carriage return."""
    return Finding(
        check="carriage_returns",
        severity=Severity.NOTE,
        problem="Lines end in a bare carriage return (old Macintosh style); they were read as line ends.",
        origin=document.at(),
    )


def _wrong_encoding(name: str, data: bytes, error: UnicodeDecodeError, bom: str) -> BrokenFile:
    if bom.startswith("UTF-16"):
        return BrokenFile(
            f"the file announces {bom}, but cannot be read as that at byte {error.start + 1:,} of {len(data):,}.",
            where=name,
            next_step="The download may be cut off. Fetch it again.",
        )
    if error.reason == "unexpected end of data":
        return BrokenFile(
            f"the file stops in the middle of a character, at byte {error.start + 1:,}.",
            where=name,
            next_step="The download was cut off. Fetch it again.",
        )
    return BrokenFile(
        _bad_byte(data, error, "UTF-8"),
        where=name,
        next_step="If it comes from an old Windows program, say so: racecall add --encoding cp1252",
    )


def _bad_byte(data: bytes, error: UnicodeDecodeError, encoding: str) -> str:
    start = error.start
    line = data.count(b"\n", 0, start) + 1 if b"\n" in data else data.count(b"\r", 0, start) + 1
    around = data[max(0, start - 20) : start + 20].decode("ascii", "replace")
    return f'line {line:,} is not {encoding}: byte {start + 1:,} of the file is 0x{data[start]:02X}, near "{_printable(around)}".'


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).strip()


def tidy(text: str) -> str:
    """Return a name as we compare it: Unicode NFC, runs of white space made one space, ends stripped."""
    return " ".join(unicodedata.normalize("NFC", text).split())


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escape_formula(text: str) -> str:
    """Return a text cell that no spreadsheet takes for a formula: an apostrophe goes before ``=``, ``+``, ``-``, ``@``, tab and return.

    A cell that looks escaped already gets one more, so that `unescape_formula` gives every text back.

    Source:
        OWASP, "CSV Injection".
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unescape_formula(text: str) -> str:
    """Undo `escape_formula`."""
    return text[1:] if _ESCAPED.match(text) else text


def json_value(document: Document, shape: Any = Any) -> tuple[Any, tuple[Finding, ...]]:
    """Return the JSON document as `shape` (anything msgspec can decode), with the notes of `decode`.

    Raises:
        BrokenFile: Not JSON, cut short, nested too deeply, or not of the shape: the place and what was expected are named.
    """
    import msgspec

    text, notes = decode(document)
    name = document.capture.name
    try:
        return msgspec.json.decode(text, type=shape), notes
    except msgspec.ValidationError as error:
        raise BrokenFile(
            f"the file is JSON, but not as expected: {error}.", where=name, next_step="Compare it with the format's page under docs/feeds/."
        ) from error
    except msgspec.DecodeError as error:
        raise BrokenFile(_json_trouble(text, error), where=name, next_step="The download may be cut off. Fetch it again.") from error
    except RecursionError as error:
        raise BrokenFile("the JSON is nested too deeply to be results.", where=name, next_step="Look at the file in an editor.") from error


def _json_trouble(text: str, error: Exception) -> str:
    if "truncated" in str(error):
        return f"the JSON stops in the middle, after {len(text.encode()):,} bytes."
    return f"this is not JSON: {error}."


# --- Cells to numbers --------------------------------------------------------------------------------------------------------------

MAX_COUNT = 10_000_000_000
"""No count is larger than this, ten thousand million: more than the people on Earth. Sums of 50 million cells still fit 64 bits."""


class CellKind(StrEnum):
    """What a count cell held."""

    NUMBER = "number"
    BLANK = "blank"
    """Nothing: not reported."""
    WITHHELD = "withheld"
    """A mark in place of a number, mostly to protect the secrecy of small precincts."""
    NEGATIVE = "negative"
    FRACTION = "fraction"
    TOO_LARGE = "too_large"
    NOT_A_NUMBER = "not_a_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One count cell as read.

    Args:
        value: The number, None unless `kind` is NUMBER.
        kind: What was found.
        text: The cell as printed, at most 40 characters.
    """

    value: int | None
    kind: CellKind
    text: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the cell should have been a number and is not: blank and withheld are no faults."""
        return self.kind in FAULTS


FAULTS = frozenset({CellKind.NEGATIVE, CellKind.FRACTION, CellKind.TOO_LARGE, CellKind.NOT_A_NUMBER})

SPACES = "\u00a0\u2007\u2009\u202f"
"""Spaces that printers put between thousands."""
WITHHELD = r"(?i)^(?:\*+|x+|[-\u2013\u2014]+|n/?a|n\.a\.|nr|<\s*[0-9]+|withheld|suppressed|redacted|masked)$"
"""Marks that sources print where a number is withheld or not available (`docs/feeds/table.md`). Works in Python and in Polars."""
DIGITS = r"^[0-9]+(?:\.0*)?$"
GROUPED = r"^[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?$|^[0-9]{1,3}(?:[ '\u2019\u00a0\u2007\u2009\u202f][0-9]{3})+$"
NEGATIVE = r"^[-\u2212\u2013]\s*[0-9][0-9,.]*$|^\([0-9][0-9,.]*\)$"
FRACTION = r"^[0-9][0-9,]*\.[0-9]+$|^\.[0-9]+$"

_PATTERNS: tuple[tuple[re.Pattern[str], CellKind], ...] = (
    (re.compile(DIGITS), CellKind.NUMBER),
    (re.compile(GROUPED), CellKind.NUMBER),
    (re.compile(WITHHELD), CellKind.WITHHELD),
    (re.compile(NEGATIVE), CellKind.NEGATIVE),
    (re.compile(FRACTION), CellKind.FRACTION),
)


def whole_number(cell: str | float | None) -> Cell:
    """Read a count cell.

    Thousands may be separated by commas, apostrophes or thin spaces, if every group has three digits; ``12.0`` is 12. Everything else
    that is not a whole number from 0 to `MAX_COUNT` keeps no value, and its kind says why.
    """
    if cell is None:
        return Cell(value=None, kind=CellKind.BLANK)
    printed = _plain(cell)
    if len(printed) <= 10 and printed.isascii() and printed.isdigit():  # nearly always: no regular expression needed
        return Cell(value=int(printed), kind=CellKind.NUMBER, text=printed)
    text = printed.strip(" \t" + SPACES)
    if not text:
        return Cell(value=None, kind=CellKind.BLANK)
    kind = next((kind for pattern, kind in _PATTERNS if pattern.match(text)), CellKind.NOT_A_NUMBER)
    if kind is not CellKind.NUMBER:
        return Cell(value=None, kind=kind, text=printed[:40])
    digits = re.sub(r"[^0-9]", "", text.split(".", 1)[0]).lstrip("0") or "0"
    if len(digits) > 11 or int(digits) > MAX_COUNT:
        return Cell(value=None, kind=CellKind.TOO_LARGE, text=printed[:40])
    return Cell(value=int(digits), kind=CellKind.NUMBER, text=printed[:40])


def _plain(cell: str | float) -> str:
    """Write a JSON number as its digits; truth values are not numbers."""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlace:
    """A cell that holds no number, and where.

    Args:
        row: Row of the table, or ordinal of the record.
        column: Column or key.
        cell: What was found.
        count: How many like it are meant (when only the first place is kept).
    """

    row: int
    column: str
    cell: Cell
    count: int = 1


_CELL_WORDS: Mapping[CellKind, tuple[str, Severity, str, str]] = {
    CellKind.BLANK: (
        "blank_cells",
        Severity.NOTE,
        "{cells} blank in column {column} (first in row {row}); read as not reported, not as 0.",
        "",
    ),
    CellKind.WITHHELD: (
        "withheld_cells",
        Severity.NOTE,
        "{cells} withheld in column {column} (first in row {row}: {text}); read as not reported, so sums over units fall short of totals.",
        "Compare with the totals the office prints.",
    ),
    CellKind.NEGATIVE: (
        "negative_count",
        Severity.HOLD_CALLS,
        "{cells} negative in column {column} (first in row {row}: {text}); a count is 0 or more. Read as not reported.",
        "Ask the office, or correct the cell by hand entry.",
    ),
    CellKind.FRACTION: (
        "fractional_count",
        Severity.HOLD_CALLS,
        "{cells} with a fraction in column {column} (first in row {row}: {text}); a count is a whole number. Read as not reported.",
        "The column may hold a share; map the column with votes instead: --map votes=COLUMN",
    ),
    CellKind.TOO_LARGE: (
        "impossible_count",
        Severity.HOLD_CALLS,
        "{cells} larger than the people on Earth in column {column} (first in row {row}: {text}). Read as not reported.",
        "The column may hold ids or telephone numbers; map the column with votes instead: --map votes=COLUMN",
    ),
    CellKind.NOT_A_NUMBER: (
        "not_a_number",
        Severity.HOLD_CALLS,
        "{cells} without a number in column {column} (first in row {row}: {text}). Read as not reported.",
        "Ask the office, or correct the cell by hand entry.",
    ),
}


def cell_findings(document: Document, places: Iterable[CellPlace]) -> tuple[Finding, ...]:
    """Return one finding for each kind of trouble in each column, naming the first row and how many cells there are."""
    groups: dict[tuple[str, CellKind], list[CellPlace]] = defaultdict(list)
    for place in places:
        groups[place.column, place.cell.kind].append(place)
    return tuple(_cell_finding(document, kind, groups[column, kind]) for column, kind in sorted(groups) if kind in _CELL_WORDS)


def _cell_finding(document: Document, kind: CellKind, group: list[CellPlace]) -> Finding:
    check, severity, words, next_step = _CELL_WORDS[kind]
    first = min(group, key=lambda place: place.row)
    count = sum(place.count for place in group)
    cells = "1 cell" if count == 1 else f"{count:,} cells"
    problem = words.format(cells=cells, column=f'"{first.column}"', row=f"{first.row:,}", text=f'"{first.cell.text}"')
    return Finding(
        check=check,
        severity=severity,
        problem=problem,
        next_step=next_step,
        origin=document.at(row=first.row, column=first.column),
        count=count,
    )


# --- Times -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time as read.

    Args:
        at: Aware time, None if it could not be read.
        doubt: Why it is doubtful, in words; "" if it is not.
    """

    at: datetime | None
    doubt: str = ""


def local_time(moment: str | datetime, zone: ZoneInfo, formats: Iterable[str] = ()) -> Moment:
    """Read a time, taken as local to `zone` when it carries no offset.

    Args:
        moment: Text (ISO 8601, or one of `formats`) or a datetime.
        zone: The county's zone.
        formats: `strptime` formats to try before ISO 8601.

    Returns:
        The aware time, with a fixed offset. When clocks went back and the hour happened twice, the first of the two is taken and `doubt`
        says so; an hour that never happened is moved forward and `doubt` says so.
    """
    read = moment if isinstance(moment, datetime) else _parsed(moment, formats)
    if read is None:
        return Moment(at=None, doubt=f'"{moment}" is not a time we can read; write it as 2017-04-05T02:00:00-07:00.')
    if read.year not in YEARS:
        return Moment(at=None, doubt=f'"{moment}" cannot be the time of a release.')
    return Moment(at=read) if read.tzinfo is not None else _settle(read.replace(tzinfo=zone, fold=0), zone)


YEARS = range(1900, 2200)
"""Years of elections we may be asked about; beyond them a time is a typing error, and may not survive a change of zone."""


def _settle(at: datetime, zone: ZoneInfo) -> Moment:
    """Fix the offset of a local time: Python finds no local time of a repeated hour equal to any time in another zone (PEP 495)."""
    fixed = at.replace(tzinfo=timezone(at.utcoffset() or timedelta()))
    if at.utcoffset() == at.replace(fold=1).utcoffset():
        return Moment(at=fixed)
    there = fixed.astimezone(zone)
    words = f"{at:%Y-%m-%d %H:%M} in {zone.key}"
    if there.replace(tzinfo=None, fold=0) != at.replace(tzinfo=None):
        return Moment(at=fixed, doubt=f"{words} never happened: clocks went forward over it. Read as {there:%H:%M %Z}.")
    return Moment(at=fixed, doubt=f"{words} happened twice: clocks went back. Read as the first, {at:%H:%M %Z}.")


def _parsed(text: str, formats: Iterable[str]) -> datetime | None:
    text = text.strip()
    for pattern in formats:
        try:
            return datetime.strptime(text, pattern)  # noqa: DTZ007 - the zone is the county's, added by the caller
        except ValueError:
            continue
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
