"""The record of an election: one append-only chain of events, beside files named by their hash.

Where it lies is a home: in the folder, in SQLite (`racecall.desk.sqlite`), or in a PostgreSQL database that several desks share
(`racecall.desk.postgres`). What is written, and how it is checked, is the same.

A file is always kept before the event that names it is committed, and the events of one command are committed together: a process that
is killed at any moment leaves either the whole command in the ledger or none of it, and at worst a file that no event names.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from racecall.desk.clock import Clock, now
from racecall.desk.files import Files
from racecall.desk.revisions import check_revision
from racecall.desk.sqlite import SqliteHome
from racecall.errors import LedgerError
from racecall.ledger.events import Draft, Event, EventKind, Ledger, canonical, chain, event_hash, from_iso, iso
from racecall.model.contest import Election

if TYPE_CHECKING:
    import polars as pl

    from racecall.desk.database import Transaction

Row = Mapping[str, Any]
"""One event as columns: text, but for the number."""


class Home(Protocol):
    """Where a ledger lies, and its files."""

    @property
    def where(self) -> str:
        """The place, for people."""

    @property
    def name(self) -> str:
        """What is restored from a backup."""

    @property
    def captures(self) -> Files:
        """Every file as it was received."""

    @property
    def tables(self) -> Files:
        """The cells of every release."""

    def begun(self) -> bool:
        """Whether there is a ledger already."""

    def create(self) -> None:
        """Make the empty ledger."""

    def reading(self) -> AbstractContextManager[tuple[str, Iterable[Row]]]:
        """Give the revision and every row, oldest first."""

    def head(self) -> str:
        """Look up the hash of the last event, cheaply and unchecked: whether there is anything new to read."""

    def writing(self) -> AbstractContextManager[Transaction]:
        """Lock the ledger; what is inserted is kept together when the block ends well, and nothing if it fails."""

    def backup(self, revision: str) -> str:
        """Keep a copy of a ledger that is about to be migrated, where racecall can; say where it is, "" if there is none."""


class Appending(Protocol):
    """A ledger, and a way to add to it: a transaction, or a trial of one."""

    @property
    def ledger(self) -> Ledger:
        """The ledger as it stands."""

    def append(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Chain the drafts onto the ledger."""


@dataclass(frozen=True, slots=True)
class Writing:
    """An open transaction: the ledger as it stands, and a way to add to it."""

    transaction: Transaction
    ledger: Ledger
    clock: Clock

    def append(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Chain the drafts onto the ledger; they are kept when the transaction ends well."""
        events = tuple(chain(drafts, seq=len(self.ledger), previous=self.ledger.head, recorded_at=self.clock()))
        if events:
            self.transaction.insert([_row(event) for event in events])
        return events


class Store:
    """The ledger, captures and count tables of one election.

    Args:
        folder: The election's folder.
        shared: The election, if its settings name a database; None keeps everything in the folder.
        clock: What time it is.
    """

    def __init__(self, folder: Path, shared: Election | None = None, *, clock: Clock = now) -> None:
        self.path = folder / "ledger.db"
        self.clock = clock
        self.home: Home = _shared_home(shared) if shared and shared.ledger else SqliteHome(folder)
        self.captures = self.home.captures
        self.tables = self.home.tables

    def begun(self) -> bool:
        """Whether there is a ledger already."""
        return self.home.begun()

    def create(self) -> None:
        """Make the empty ledger."""
        self.home.create()

    def ledger(self) -> Ledger:
        """Read the whole ledger, checking every link.

        Raises:
            LedgerError: The chain does not hold, or the database is damaged.
            UsageError: The ledger was made by an older or a newer racecall.
        """
        with self.home.reading() as (revision, rows):
            check_revision(revision, self.home.where)
            return self._checked(rows)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Lock the ledger for writing; everything appended is kept together when the block ends well, and nothing if it fails."""
        with self.home.writing() as transaction:
            check_revision(transaction.revision(), self.home.where)
            yield Writing(transaction, self._checked(transaction.rows()), self.clock)

    def migrate(self) -> tuple[str, str]:
        """Take a ledger made by an older racecall to the newest tables; every event stays as it is, or nothing is changed.

        Returns:
            The revision it had, and where the copy of it is ("" if there is none).

        Raises:
            LedgerError: The chain does not hold, or an event would not be what it was.
        """
        with self.home.writing() as transaction:
            before, revision = self._checked(transaction.rows()), transaction.revision()
            copy = self.home.backup(revision) if transaction.needs_migration() else ""
            transaction.migrate()
            if self._checked(transaction.rows()) != before:
                raise LedgerError(
                    "the migration would have changed an event; nothing was changed.", where=self.home.where, next_step="Report this."
                )
        return revision, copy

    def put_table(self, table: pl.DataFrame) -> str:
        """Keep a table as Parquet and return its hash, "" for an empty one."""
        if not table.height:
            return ""
        buffer = io.BytesIO()
        table.write_parquet(buffer, compression="zstd", statistics=False)
        return self.tables.put(buffer.getvalue())

    def get_table(self, sha256: str) -> pl.DataFrame:
        """Return a table kept by `put_table`."""
        import polars as pl

        return pl.read_parquet(io.BytesIO(self.tables.get(sha256)))

    def _checked(self, rows: Iterable[Row]) -> Ledger:
        """Read rows into a ledger, stopping at the first link that does not hold."""
        events: list[Event] = []
        previous = Ledger().head
        for row in rows:
            event = _event(**row)
            if event is None or event.previous != previous or event.seq != len(events) + 1:
                raise LedgerError(
                    f"event {len(events) + 1} is not what was written, or does not follow the event before it.",
                    where=self.home.where,
                    next_step=f"Run racecall verify to see all that is wrong, and restore {self.home.name} from a backup.",
                )
            previous = event.hash
            events.append(event)
        return Ledger(tuple(events))


def _shared_home(election: Election) -> Home:
    from racecall.desk.postgres import PostgresHome

    return PostgresHome(election.ledger, election.id)


def _row(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "kind": event.kind.value,
        "at": iso(event.at),
        "recorded_at": iso(event.recorded_at),
        "contest": event.contest,
        "actor": event.actor,
        "body": canonical(event.body),
        "previous": event.previous,
        "hash": event.hash,
    }


def _own_hash(row: Row) -> str:
    """Return the hash that a row should have, "" if a column is not even text any more."""
    try:
        return event_hash(**{key: value for key, value in row.items() if key != "hash"})
    except TypeError:
        return ""


KEPT = 512
"""Rows of which it is known what they say: a command reads the ledger before and inside its transaction, and a replay again and again."""


@lru_cache(maxsize=KEPT, typed=True)
def _event(**row: Any) -> Event | None:
    """Return the event of a row, None if it is not what was written; the same for a row of which every column is the same."""
    if not row.get("hash") or row["hash"] != _own_hash(row):
        return None
    return Event(
        seq=row["seq"],
        kind=EventKind(row["kind"]),
        at=from_iso(row["at"]),
        recorded_at=from_iso(row["recorded_at"]),
        contest=row["contest"],
        actor=row["actor"],
        body=json.loads(row["body"]),
        previous=row["previous"],
        hash=row["hash"],
    )
