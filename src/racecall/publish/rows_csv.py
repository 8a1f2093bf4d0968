"""The record of coverage as CSV, a table a kind: what a spreadsheet opens, and what `racecall coverage import` reads back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime

from racecall.coverage.record import Coverage
from racecall.coverage.rows import KINDS, Row
from racecall.ledger.events import iso
from racecall.publish.cells import CellValue, csv_bytes


def csv_files(coverage: Coverage) -> dict[str, bytes]:
    """Return a table for every kind of which there are rows, by its name, e.g. ``endorsement.csv``."""
    return {f"{kind}.csv": rows_csv(type_, rows) for kind, type_ in KINDS.items() if (rows := coverage.of(type_))}


def rows_csv(kind: type[Row], rows: Sequence[Row]) -> bytes:
    """Return rows of one kind as a table: every field is a column, the id first."""
    names = [one.name for one in fields(kind)]
    return csv_bytes(names, ([_cell(getattr(row, name)) for name in names] for row in rows))


def _cell(value: object) -> CellValue:
    """Write a value as an import reads it: the items of a list apart by semicolons, which become commas inside an item."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "; ".join(str(one).replace(";", ",") for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}={one}" for name, one in value.items())
    return value if isinstance(value, int | float) else "" if value is None else str(value)
