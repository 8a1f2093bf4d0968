"""The ledger's one table and how it is written, through SQLAlchemy Core.

Kept apart from `racecall.desk.store` because importing SQLAlchemy takes longer than judging four hundred contests: commands that only read
never come here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import exc

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

Row = dict[str, Any]
"""One event as columns: text, but for the number."""


class Database:
    """A SQLite file (WAL) that is written by one command at a time."""

    def __init__(self, path: Path, *, busy_seconds: int) -> None:
        self._engine = _engine(path, busy_seconds)

    def create(self) -> None:
        """Make the table and the triggers that refuse to change or remove a row."""
        with self._transaction() as connection:
            EVENTS.metadata.create_all(connection)
            for trigger in APPEND_ONLY:
                connection.execute(sql.text(trigger))

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Lock the table; what is inserted is kept together when the block ends well, and nothing if it fails."""
        with self._transaction() as connection:
            yield Transaction(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sql.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except exc.DBAPIError as error:
            raise _plain(error) from error


class Transaction:
    """An open transaction on the events."""

    def __init__(self, connection: sql.Connection) -> None:
        self._connection = connection

    def rows(self) -> Iterable[Row]:
        """Yield every event, oldest first."""
        return (dict(row) for row in self._connection.execute(sql.select(EVENTS).order_by(EVENTS.c.seq)).mappings())

    def insert(self, rows: list[Row]) -> None:
        """Add events."""
        self._connection.execute(EVENTS.insert(), rows)


def _engine(path: Path, busy_seconds: int) -> sql.Engine:
    address = sql.URL.create("sqlite", database=str(path))  # not as text: a folder may have a question mark in its name
    engine = sql.create_engine(address, connect_args={"timeout": busy_seconds}, poolclass=sql.pool.NullPool)

    @sql.event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN itself, below
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")

    @sql.event.listens_for(engine, "begin")
    def begin(connection: sql.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _plain(error: exc.DBAPIError) -> sqlite3.Error:
    """What the driver said, without SQLAlchemy's wrapping."""
    return error.orig if isinstance(error.orig, sqlite3.Error) else sqlite3.DatabaseError(str(error))
