"""Counts that are typed by hand, twice: the first typing waits here until a second one says the same, cell by cell.

A figure that one pair of eyes has read wrong is rarely read wrong in the same way again (Shiawassee County, Michigan, 2020: a zero too
many). The second typing may be by the same person, for a desk of one; the record then says so. Nothing that waits here is in the record.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sql

from racecall.desk.web.database import TYPED, DeskDatabase, Reading
from racecall.desk.web.sessions import Tokens
from racecall.errors import UsageError
from racecall.feeds.text import tidy
from racecall.ledger.events import from_iso, iso
from racecall.model.contest import Contest

VOTES = "votes:"
"""Before the option's id, in the names of cells."""
HEAD: Mapping[str, str] = {
    "published_at": "Time of the count",
    "source": "Source",
    "status": "Status",
    "ballots": "Ballots counted",
    "units_reported": "Precincts reported",
    "units_total": "Precincts in all",
    "note": "Note",
}
"""Cells that are not votes, and what they are called."""
_SEPARATED = re.compile(r"\d{1,3}([,.\u202f\u00a0 ]\d{3})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedCount:
    """A count as somebody typed it.

    Args:
        id: Its id.
        contest: Contest id.
        by: Who typed it first.
        at: When.
        cells: What was typed, by cell; cells left empty are not in it.
        again: Who typed the same a second time, "" if nobody has.
    """

    id: str
    contest: str
    by: str
    at: datetime
    cells: Mapping[str, str]
    again: str = ""

    @property
    def signed(self) -> str:
        """Who typed it, as the record says it."""
        return f"Typed twice by {self.by}." if self.by == self.again else f"Typed by {self.by}, and again by {self.again}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A cell that the two typings do not agree on; an empty text is a cell that was left empty."""

    cell: str
    first: str
    second: str


class TypedCounts:
    """Counts that wait for their second typing, one a contest.

    Args:
        database: Where they wait.
        tokens: Gives their ids.
    """

    def __init__(self, database: DeskDatabase, *, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens
        self.reading = Reading(database, _all)

    def waiting(self, contest: str) -> TypedCount | None:
        """Return the count of a contest that waits as the file has it now, None if there is none."""
        return waiting_in(self.reading.again(), contest)

    def all(self) -> tuple[TypedCount, ...]:
        """Return every count that waits, as far as a page shows it."""
        return self.reading.get()

    def look(self) -> None:
        """Read them again, so that nobody who asks has to."""
        self.reading.again()

    def first(self, contest: str, cells: Mapping[str, str], *, by: str, at: datetime) -> TypedCount:
        """Keep a first typing.

        Raises:
            UsageError: Another one waits already.
        """
        if waiting := self.waiting(contest):
            raise UsageError(f"a count typed by {waiting.by} waits already.", next_step="Type it a second time, or discard it.")
        typed = TypedCount(id=self._tokens(), contest=contest, by=by, at=at, cells=cells)
        with self._database.open() as connection:
            values = {"id": typed.id, "contest": contest, "by": by, "at": iso(at), "entry": _entry(typed)}
            connection.execute(sql.insert(TYPED).values(**values))
        return typed

    def agree(self, typed: TypedCount, *, by: str) -> TypedCount:
        """Note that somebody typed the same again."""
        agreed = replace(typed, again=by)
        with self._database.open() as connection:
            connection.execute(sql.update(TYPED).where(TYPED.c.id == typed.id).values(entry=_entry(agreed)))
        return agreed

    def discard(self, typed: TypedCount) -> None:
        """Forget a count: it was recorded, or it was wrong."""
        with self._database.open() as connection:
            connection.execute(sql.delete(TYPED).where(TYPED.c.id == typed.id))


def waiting_in(typed: Iterable[TypedCount], contest: str) -> TypedCount | None:
    """Return the count of a contest that waits, None if there is none."""
    return next((one for one in typed if one.contest == contest), None)


def _all(connection: sql.Connection) -> tuple[TypedCount, ...]:
    return tuple(map(_typed_of, connection.execute(sql.select(TYPED).order_by(TYPED.c.at)).mappings()))


def _entry(typed: TypedCount) -> str:
    return json.dumps({"cells": dict(typed.cells), "again": typed.again}, ensure_ascii=False)


def _typed_of(row: sql.RowMapping) -> TypedCount:
    entry: dict[str, Any] = json.loads(row["entry"])
    return TypedCount(id=row["id"], contest=row["contest"], by=row["by"], at=from_iso(row["at"]), **entry)


def read_cells(form: Mapping[str, str], contest: Contest) -> dict[str, str]:
    """Return the cells of a form that hold something, each in one spelling: figures without separators, text without stray spaces.

    Args:
        form: What was sent.
        contest: Names the options.
    """
    names = [*HEAD, *(f"{VOTES}{option.id}" for option in contest.options)]
    cells = {name: tidy(form.get(name, "")) for name in names}
    figures = {name: spelt(text) if name in FIGURES or name.startswith(VOTES) else text for name, text in cells.items()}
    return {name: text for name, text in figures.items() if text}


FIGURES = {"ballots", "units_reported", "units_total"}


def spelt(figure: str) -> str:
    """Write a figure without the separators of thousands: "1,204", "1.204" and "1 204" are 1204; anything else stays as it is."""
    return re.sub(r"\D", "", figure) if _SEPARATED.fullmatch(figure) else figure


def differences(first: Mapping[str, str], second: Mapping[str, str]) -> tuple[Mismatch, ...]:
    """Return the cells on which two typings do not agree, in the order of the form."""
    cells = [cell for cell in dict.fromkeys((*first, *second)) if first.get(cell) != second.get(cell)]
    return tuple(Mismatch(cell=cell, first=first.get(cell, ""), second=second.get(cell, "")) for cell in cells)


def cell_name(cell: str, contest: Contest) -> str:
    """Name a cell for people."""
    return HEAD.get(cell) or f"Votes of {contest.name_of(cell.removeprefix(VOTES))}"
