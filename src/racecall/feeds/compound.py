"""How large the sheets of an old Excel workbook are, looked up before calamine reads them: it keeps a cell for every place to the last.

The file is a small file system (a compound file) of sectors in chains; one of its streams is the workbook, and that is records one after
the other. A file of six kilobytes whose chain of sectors ran in a circle took 24 gigabytes before anything was said; nothing is kept here
but the corner of each sheet.

Source:
    [MS-CFB] 2.2 to 2.6 (header, sectors, directory), [MS-XLS] 2.1.4 and 2.4 (records).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

WORKBOOKS = frozenset({"workbook", "book"})
BOUND_SHEET, END, SEVERAL = 0x0085, 0x000A, 0x00BD
CELLS = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x027E})
"""Records of cells: each begins with its row and its column; `SEVERAL` ends with its last column."""
STREAM, ROOT = 2, 5
"""Kinds of directory entries."""
SMALL = 4096
"""Streams shorter than this [bytes] lie in sectors of their own, inside the root's stream."""
CIRCLES = "its chains of sectors run in circles"
LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here up mark the end of a chain, or sectors of other kinds."""


def room(data: bytes) -> int:
    """Return how many cells the sheets of a workbook have room for, up to the last of each.

    Raises:
        struct.error: The file breaks off.
        ValueError: A chain bites its tail, or many share their sectors: calamine would follow it until the memory is full.
    """
    return sum(_corner(stream, start) for stream in _workbooks(data) for start in _sheets(stream))


def _workbooks(data: bytes) -> Iterator[bytes]:
    """Yield the streams that hold a workbook; every stream is followed to its end, since calamine follows those of macros too."""
    size, small = (1 << min(power, 16) for power in struct.unpack_from("<HH", data, 30))
    directory, small_table = struct.unpack_from("<I8xI", data, 48)
    table = _table(data, size)
    entries = list(_entries(_stream(data, size, 1, table, directory)))
    inner = next((_stream(data, size, 1, table, start) for _, kind, start, _ in entries if kind == ROOT), b"")
    small_chain = _numbers(_stream(data, size, 1, table, small_table))
    left = 2 * len(data)
    for name, start, length in ((name, start, length) for name, kind, start, length in entries if kind == STREAM):
        whole = _stream(inner, small, 0, small_chain, start) if length < SMALL else _stream(data, size, 1, table, start)
        left -= len(whole)
        if left < 0:
            raise ValueError(CIRCLES)
        if name.lower() in WORKBOOKS:
            yield whole[:length]


def _table(data: bytes, size: int) -> Sequence[int]:
    """Return the number of the sector that follows each sector; the places of this table are in the header, and in a chain of their own."""
    places = list(_numbers(data[76:512]))
    following, met = struct.unpack_from("<I", data, 68)[0], set()
    while following < LAST_SECTOR and (more := _numbers(_sector(data, size, 1, following))):
        if following in met:
            raise ValueError(CIRCLES)
        met.add(following)
        places += more[:-1]
        following = more[-1]
    return _numbers(b"".join(_sector(data, size, 1, place) for place in places if place < LAST_SECTOR))


def _numbers(data: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _sector(data: bytes, size: int, before: int, place: int) -> bytes:
    return data[(place + before) * size : (place + before + 1) * size]


def _stream(data: bytes, size: int, before: int, table: Sequence[int], start: int) -> bytes:
    """Follow a chain of sectors to its end; `before` is how many stand before the first."""
    chain: dict[int, None] = {}
    while start < len(table):
        if start in chain:
            raise ValueError(CIRCLES)
        chain[start] = None
        start = table[start]
    return b"".join(_sector(data, size, before, place) for place in chain)


def _entries(directory: bytes) -> Iterator[tuple[str, int, int, int]]:
    """Yield name, kind first sector and length [bytes] of every entry."""
    for place in range(0, len(directory) - 127, 128):
        name, length, kind, start, size = struct.unpack_from("<64sHB49xII", directory, place)
        yield name[: max(length - 2, 0)].decode("utf-16-le", "replace"), kind, start, size


def _records(stream: bytes, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of every record."""
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length


def _sheets(stream: bytes) -> Sequence[int]:
    """Return where each sheet begins in the stream."""
    return [struct.unpack_from("<I", content)[0] for kind, content in _records(stream) if kind == BOUND_SHEET and len(content) >= 4]


def _corner(stream: bytes, start: int) -> int:
    rows = columns = 0
    for kind, content in _records(stream, start):
        if kind == END:
            break
        if kind in CELLS and len(content) >= 4:
            row, column = struct.unpack_from("<HH", content)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
            if kind == SEVERAL:
                columns = max(columns, struct.unpack_from("<H", content, len(content) - 2)[0] + 1)
    return rows * columns
