"""Where the ledger lives: one append-only table, beside two folders of files named by their hash.

The table is reached through SQLAlchemy Core, so that SQLite (WAL) and later PostgreSQL are one code. A file is always on disk before the
event that names it is committed, and the events of one command are committed together: a process that is killed at any moment leaves
either the whole command in the ledger or none of it, and at worst a file that no event names.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql
from sqlalchemy import exc

from racecall.desk.clock import Clock, now
from racecall.desk.files import HashedFiles
from racecall.errors import LedgerError, StorageError
from racecall.ledger.events import Draft, Event, EventKind, Ledger, canonical, chain, event_hash, from_iso, iso

if TYPE_CHECKING:
    import polars as pl

BUSY_SECONDS = 30
"""How long a writer waits for another one."""

EVENTS = sql.Table(
    "events",
    sql.MetaData(),
    sql.Column("seq", sql.Integer, primary_key=True, autoincrement=False),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("recorded_at", sql.Text, nullable=False),
    sql.Column("contest", sql.Text, nullable=False),
    sql.Column("actor", sql.Text, nullable=False),
    sql.Column("body", sql.Text, nullable=False),
    sql.Column("previous", sql.Text, nullable=False),
    sql.Column("hash", sql.Text, nullable=False, unique=True),
)

APPEND_ONLY = (
    "CREATE TRIGGER IF NOT EXISTS events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END",
)


@dataclass(frozen=True, slots=True)
class Writing:
    """An open transaction: the ledger as it stands, and a way to add to it."""

    connection: sql.Connection
    ledger: Ledger
    clock: Clock

    def append(self, drafts: Iterable[Draft]) -> tuple[Event, ...]:
        """Chain the drafts onto the ledger; they are kept when the transaction ends well."""
        events = tuple(chain(drafts, seq=len(self.ledger), previous=self.ledger.head, recorded_at=self.clock()))
        if events:
            self.connection.execute(EVENTS.insert(), [_row(event) for event in events])
        return events


class Store:
    """The ledger, captures and count tables of one election folder."""

    def __init__(self, folder: Path, *, clock: Clock = now) -> None:
        self.path = folder / "ledger.db"
        self.captures = HashedFiles(folder / "captures")
        self.tables = HashedFiles(folder / "counts", ".parquet")
        self.clock = clock
        self._engine = _engine(self.path)
        self._writer = self._engine.execution_options(writing=True)

    def create(self) -> None:
        """Make the empty ledger."""
        with _in_words(self.path), self._writer.begin() as connection:
            EVENTS.metadata.create_all(connection)
            for trigger in APPEND_ONLY:
                connection.execute(sql.text(trigger))

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    def ledger(self) -> Ledger:
        """Read the whole ledger, checking every link.

        Raises:
            LedgerError: The chain does not hold, or the file is no database any more.
        """
        with _in_words(self.path), self._engine.connect() as connection:
            return _read(connection, self.path)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Lock the ledger for writing; everything appended is kept together when the block ends well, and nothing if it fails."""
        with _in_words(self.path), self._writer.begin() as connection:
            yield Writing(connection, _read(connection, self.path), self.clock)

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


def _engine(path: Path) -> sql.Engine:
    engine = sql.create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.pool.NullPool)

    @sql.event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @sql.event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


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


def _read(connection: sql.Connection, path: Path) -> Ledger:
    rows = connection.execute(sql.select(EVENTS).order_by(EVENTS.c.seq)).mappings()
    events: list[Event] = []
    previous = Ledger().head
    for row in rows:
        if (
            row["previous"] != previous
            or row["seq"] != len(events) + 1
            or row["hash"] != event_hash(**{k: row[k] for k in row if k != "hash"})
        ):
            raise LedgerError(
                f"event {len(events) + 1} is not what was written, or does not follow the event before it.",
                where=str(path),
                next_step="Run racecall verify to see all that is wrong, and restore ledger.db from a backup.",
            )
        previous = row["hash"]
        events.append(_event(row))
    return Ledger(tuple(events))


def _event(row: sql.RowMapping) -> Event:
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


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what the database says into what a person can act on."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _storage_problem(str(error.orig), path) from error


def _storage_problem(said: str, path: Path) -> StorageError | LedgerError:
    if "full" in said:
        return StorageError(
            "the disk is full; nothing was recorded, and what was recorded before is untouched.",
            where=str(path),
            next_step="Free some space and run the same command again.",
        )
    if "locked" in said or "busy" in said:
        return StorageError(
            f"another racecall has been writing to the ledger for {BUSY_SECONDS} seconds.",
            where=str(path),
            next_step="Wait for it to end, then run the same command again.",
        )
    if "readonly" in said or "unable to open" in said:
        return StorageError(f"the ledger cannot be written ({said}).", where=str(path), next_step="Check the folder's permissions.")
    return LedgerError(
        f"the ledger is damaged ({said}).", where=str(path), next_step="Restore ledger.db from a backup, then run racecall verify."
    )
