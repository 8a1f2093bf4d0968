"""The ledger's tables and how they are written, through SQLAlchemy Core: the same statements for SQLite and for PostgreSQL.

Kept apart from `racecall.desk.store` because importing SQLAlchemy takes longer than judging four hundred contests: commands that only read
never come here. How the tables are made, and made new, is in `racecall.desk.migrations`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import exc

from racecall.desk.revisions import FIRST, NEWEST

Row = dict[str, Any]
"""One event as columns: text, but for the number."""

TEXTS = ("kind", "at", "recorded_at", "contest", "actor", "body", "previous", "hash")
EVENTS = sql.table("events", sql.column("seq"), *(sql.column(name) for name in TEXTS))
VERSION = sql.table("alembic_version", sql.column("version_num"))


class Database:
    """A database that is written by one command at a time.

    Args:
        engine: How it is reached.
        lock: Statements that begin a transaction in which nobody else writes.
    """

    def __init__(self, engine: sql.Engine, *lock: str) -> None:
        self._engine = engine
        self._lock = lock

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Lock the ledger; what is inserted is kept together when the block ends well, and nothing if it fails.

        Raises:
            The driver's own errors, without SQLAlchemy's wrapping.
        """
        try:
            with self._engine.begin() as connection:
                for statement in self._lock:
                    connection.exec_driver_sql(statement)
                yield Transaction(connection)
        except exc.DBAPIError as error:
            raise error.orig or error from error


class Transaction:
    """An open transaction on the events."""

    def __init__(self, connection: sql.Connection) -> None:
        self._connection = connection

    def rows(self) -> Iterable[Row]:
        """Yield every event, oldest first."""
        return (dict(row) for row in self._connection.execute(sql.select(EVENTS).order_by(EVENTS.c.seq)).mappings())

    def insert(self, rows: list[Row]) -> None:
        """Add events."""
        self._connection.execute(sql.insert(EVENTS), rows)

    def revision(self) -> str:
        """Return the revision of the tables; a ledger that does not say is of the first."""
        return "".join(self._connection.scalars(sql.select(VERSION.c.version_num))) if self._says_revision() else FIRST

    def needs_migration(self) -> bool:
        """Whether these are not the newest tables."""
        return self.revision() != NEWEST

    def migrate(self) -> None:
        """Make the tables, or make them new: the scripts that were not run yet, in this transaction."""
        from racecall.desk.migrations import migrate

        migrate(self._connection, says_revision=self._says_revision())

    def _says_revision(self) -> bool:
        return sql.inspect(self._connection).has_table(VERSION.name)


def sqlite_database(path: Path, *, busy_seconds: int) -> Database:
    """Return the database in a SQLite file."""
    return Database(sqlite_engine(path, busy_seconds=busy_seconds))


def sqlite_engine(path: Path, *, busy_seconds: int) -> sql.Engine:
    """Return the way to a SQLite file (WAL): every transaction locks it from its beginning, and is on the disk when it ends."""
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


def postgres_database(connect: Callable[[], Any], *lock: str) -> Database:
    """Return the database behind PostgreSQL connections, each opened for one transaction.

    Read committed: what is read after the lock is what was committed before it was given. A stricter level would read what stood when the
    lock was asked for, and miss the events of whoever held it.
    """
    engine = sql.create_engine("postgresql+psycopg://", creator=connect, poolclass=sql.pool.NullPool, isolation_level="READ COMMITTED")
    return Database(engine, *lock)
