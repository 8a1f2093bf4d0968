"""Small Excel workbooks, written by hand: as much of both formats as counts need."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.sax.saxutils import escape

Cell = str | int | float | date | None
Rows = Sequence[Sequence[Cell]]

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
STYLES = (
    f'<styleSheet {MAIN}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def workbook(sheets: Mapping[str, Rows], *, hidden: Iterable[str] = (), merged: Mapping[str, Sequence[str]] | None = None) -> bytes:
    """Return an .xlsx file (ECMA-376): a text that begins with "=" is a formula without a value."""
    merged = merged or {}
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": _links([("rId1", f"{PARTS}/officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _book(list(sheets), set(hidden)),
        "xl/_rels/workbook.xml.rels": _links(
            [(f"rId{n}", f"{PARTS}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
            + [("rIdS", f"{PARTS}/styles", "styles.xml")]
        ),
        "xl/styles.xml": STYLES,
    }
    for number, (name, rows) in enumerate(sheets.items(), 1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows, merged.get(name, ()))
    return archive(parts)


def archive(parts: Mapping[str, str]) -> bytes:
    """Return a zip archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name, text in parts.items():
            target.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)  # a time of its own: the same bytes every time
    return made.getvalue()


def _links(links: Iterable[tuple[str, str, str]]) -> str:
    each = "".join(f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>' for key, kind, target in links)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{each}</Relationships>'


def _book(names: Sequence[str], hidden: set[str]) -> str:
    state = dict.fromkeys(hidden, ' state="hidden"')
    each = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"{state.get(name, "")}/>' for number, name in enumerate(names, 1)
    )
    return f"<workbook {MAIN} {LINKS}><sheets>{each}</sheets></workbook>"


def _sheet(rows: Rows, merged: Sequence[str]) -> str:
    lines = "".join(f'<row r="{place}">{"".join(_cells(place, row))}</row>' for place, row in enumerate(rows, 1))
    spans = f'<mergeCells count="{len(merged)}">{"".join(f"<mergeCell ref={chr(34)}{ref}{chr(34)}/>" for ref in merged)}</mergeCells>'
    return f"<worksheet {MAIN}><sheetData>{lines}</sheetData>{spans if merged else ''}</worksheet>"


def _cells(place: int, row: Sequence[Cell]) -> Iterable[str]:
    for column, cell in enumerate(row):
        at = f"{_letters(column)}{place}"
        if isinstance(cell, date):
            yield f'<c r="{at}" s="1"><v>{(cell - date(1899, 12, 30)).days}</v></c>'
        elif isinstance(cell, str) and cell.startswith("="):
            yield f'<c r="{at}"><f>{escape(cell[1:])}</f></c>'
        elif isinstance(cell, str):
            yield f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        elif cell is not None:
            yield f'<c r="{at}"><v>{cell}</v></c>'


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


# --- Excel 97 ----------------------------------------------------------------------------------------------------------------------

SECTOR = 512
FREE, CHAIN_END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def old_workbook(name: str, rows: Rows) -> bytes:
    """Return an .xls file with one sheet: BIFF8 records ([MS-XLS]) in a compound file ([MS-CFB])."""
    bof, eof = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6)), _record(0x000A, b"")
    title = name.encode("latin-1")
    size = len(bof) + 4 + 8 + len(title) + len(eof)
    bound = _record(0x0085, struct.pack("<IBBBB", size, 0, 0, len(title), 0) + title)
    body = b"".join(_old_cell(place, column, cell) for place, row in enumerate(rows) for column, cell in enumerate(row) if cell is not None)
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6)) + body + eof
    return _compound("Workbook", (bof + bound + eof + sheet).ljust(4096, b"\0"))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _old_cell(row: int, column: int, cell: Cell) -> bytes:
    if isinstance(cell, str):
        text = cell.encode("latin-1")
        return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text)
    assert isinstance(cell, int | float)
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, float(cell)))


def _compound(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream: header, one sector of the table, one of the directory, then the stream."""
    count = -(-len(stream) // SECTOR)
    table = [FAT_SECTOR, CHAIN_END, *range(3, 2 + count), CHAIN_END]
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        1,
        1,
        0,
        4096,
        CHAIN_END,
        0,
        CHAIN_END,
        0,
    )
    header += struct.pack("<109I", 0, *[FREE] * 108)
    fat = struct.pack(f"<{SECTOR // 4}I", *table, *[FREE] * (SECTOR // 4 - len(table)))
    directory = _entry("Root Entry", 5, 1, CHAIN_END, 0) + _entry(name, 2, FREE, 2, len(stream))
    return header + fat + directory.ljust(SECTOR, b"\0") + stream.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    title = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", title, len(title), kind, 1, FREE, FREE, child, b"", 0, 0, 0, start, size)
