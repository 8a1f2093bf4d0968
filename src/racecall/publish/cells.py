"""CSV that is safe to open: one place where tables become text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from racecall.feeds.text import escape_formula

CellValue = str | int | float | bool | None


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Write a table as CSV (RFC 4180, UTF-8, lines end in a line feed); a text that a spreadsheet would run as a formula is escaped."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([escape_formula(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue().encode()
