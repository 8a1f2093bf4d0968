"""The record of coverage on a terminal: how much there is of each kind, the rows of one kind, one row in all its versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from racecall.coverage.record import Version
from racecall.coverage.rows import KINDS, Row, kind_of
from racecall.model.release import Report
from racecall.publish.words import percent

REPORT = "report"
"""What the list calls what others said of the count: calls, claims of victory, concessions, figures (``[[report]]`` of an entry)."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "person": ("name", "option", "born", "age", "gender", "descriptors"),
    "post": ("person", "role", "organization", "area", "start", "end"),
    "party": ("person", "party", "start", "end"),
    "organization": ("name", "type", "aliases"),
    "story": ("title", "outlet", "published"),
    "quote": ("speaker", "text", "appearance"),
    "claim": ("speaker", "type", "text"),
    "review": ("verdict", "reviewer", "reason"),
    "debate": ("title", "at", "venue", "broadcast"),
    "exchange": ("debate", "number", "label", "topic"),
    "turn": ("speaker", "role", "text"),
    "question": ("number", "text", "topic"),
    "answer": ("question", "candidate", "stance", "text"),
    "position": ("issue", "candidate", "stance", "text"),
    "endorsement": ("endorser", "polarity", "candidate", "stage", "date", "vote"),
    "completeness": ("of", "scope", "complete"),
    "money": ("candidate", "end", "receipts", "donors", "spent", "cash"),
    "group_count": ("group", "measure", "number", "share"),
    "promise": ("by", "text", "made_on"),
    "allegation": ("by", "against", "text", "made_on"),
    "roll_call": ("bill", "chamber", "held_on", "person", "vote", "ayes", "noes"),
    "policy": ("topic", "law", "effective", "before", "after", "unit"),
    "elsewhere": ("contest", "division", "winner", "loser"),
    REPORT: ("at", "by", "kind", "option", "slot", "contest"),
}
"""Columns of each kind's table, between the id and the day it was known from; those without a word in them are left out."""
MONEY = frozenset(
    {"receipts", "donors", "individual", "pac", "party", "self_contributed", "loans", "spent", "cash", "debts", "sector_amount"}
)
NUMBERS = frozenset({"number", "slot", "age", "ayes", "noes", "before", "after", "share"})
FLOWING = frozenset(
    {"name", "title", "text", "reason", "label", "endorser", "outlet", "organization", "chamber", "venue", "broadcast", "role"}
    | {"aliases", "descriptors", "vote", "by", "against", "reviewer", "contest", "area"}
)
"""Columns of words, which may take several lines; ids, days and numbers take one."""
SHARES = frozenset({"share", "return_rate"})
APART = frozenset({"id", "as_of", "source", "note"})
"""Fields that stand above or below a row's others."""


def counts_table(counts: Mapping[str, int]) -> RenderableType:
    """Return how many rows there are of each kind."""
    table = _table(["kind"])
    table.add_column("Rows", justify="right")
    for kind, number in counts.items():
        table.add_row(kind, f"{number:,}")
    return table


def rows_table(rows: Sequence[Row | Report], kind: str, zone: ZoneInfo) -> RenderableType:
    """Return the rows of one kind as a table."""
    wanted = [name for name in ("id", *COLUMNS[kind], "as_of") if any(_cell(row, name, zone) for row in rows)]
    table = _table(wanted)
    for row in rows:
        table.add_row(*(_cell(row, name, zone) for name in wanted))
    return table


def versions_page(versions: Iterable[Version], zone: ZoneInfo) -> RenderableType:
    """Return every version of a row, oldest first: what it says, who says so, and who recorded it when."""
    return Group(*(part for version in versions for part in (*_version(version, zone), "")))


def _version(version: Version, zone: ZoneInfo) -> Iterable[RenderableType]:
    row = version.row
    yield Text(f"{kind_of(row)}/{row.id}, known from {_time(row.as_of, zone)}", style="bold")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for name in (*(one.name for one in fields(row) if one.name not in APART and getattr(row, one.name) is not False), "note", "source"):
        if words := _cell(row, name, zone):
            grid.add_row(name.replace("_", " "), Text(words, overflow="fold"))
    grid.add_row("recorded", f"{_time(version.recorded_at, zone)} by {version.actor}, event {version.seq:,}")
    yield grid


def _table(names: Iterable[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in names:
        head = "Known from" if name == "as_of" else name.replace("_", " ").capitalize()
        table.add_column(head, no_wrap=name not in FLOWING, justify="right" if name in MONEY | NUMBERS else "left")
    return table


def _cell(row: Row | Report, name: str, zone: ZoneInfo) -> str:
    """Write a value of a row for people."""
    value = getattr(row, name, None)
    if name == "as_of" and isinstance(value, datetime):
        return value.astimezone(zone).date().isoformat()
    if value is None or value == "":
        return ""
    if name in MONEY and isinstance(value, float):
        return f"${value:,.0f}"
    return percent(value) if name in SHARES else _words(value, zone)


def _words(value: Any, zone: ZoneInfo) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return _time(value, zone)
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, tuple):
        return "; ".join(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def row_object(row: Row) -> dict[str, Any]:
    """Return a row as JSON has it: which kind of row, and every field, whether anything is in it or not."""
    return {"row": kind_of(row), **msgspec.to_builtins(row)}


def version_object(version: Version) -> dict[str, Any]:
    """Return a version of a row as JSON has it."""
    return {**row_object(version.row), "recorded_at": version.recorded_at.isoformat(), "recorded_by": version.actor, "event": version.seq}


def report_object(report: Report) -> dict[str, Any]:
    """Return as JSON what somebody said of the count."""
    names = ("contest", "kind", "by", "at", "source", "option", "slot", "votes", "gain", "share", "due_at", "note")
    return {"row": REPORT, **{name: msgspec.to_builtins(getattr(report, name)) for name in names}}


def counted(rows: Iterable[Row], reports: Sequence[Report]) -> dict[str, int]:
    """Return how many rows there are of each kind there are any of, and how many reports."""
    kinds = [kind_of(row) for row in rows]
    found = {kind: kinds.count(kind) for kind in KINDS if kind in kinds}
    return {**found, **({REPORT: len(reports)} if reports else {})}
