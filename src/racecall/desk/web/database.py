"""`desk.db`: who may sign in, who is signed in, and counts that were typed once. Nothing in it belongs to the record.

It lies in the election's folder, beside the ledger or, where several desks share one in PostgreSQL, without it: each desk has its own
people. It can be lost without losing a vote, and must not be published: it holds the hashes of passwords.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sql
from sqlalchemy import exc

from racecall.errors import StorageError

FILE = "desk.db"
BUSY_SECONDS = 5
"""How long one of us waits for another; everything written here is small."""
FRESH_SECONDS = 3.0
"""How long what was read counts as what is there, if the file looks as it did: a desk that runs reads it again every second."""

SETTLED_SECONDS = 0.05
"""So long after it was written, a file that is written again has another time, and whoever reads it sees all of it."""

T = TypeVar("T")
Looks = tuple[int, ...]
"""Time, size and number of a file, nothing if there is none."""


class Stamp(NamedTuple):
    """How the database looks from outside: how often this process wrote, the file, and its log of what is not in it yet."""

    written: int
    file: Looks
    log: Looks

    @property
    def is_settled(self) -> bool:
        """Whether nobody has written for a while."""
        return time.time_ns() - max((looks[0] for looks in (self.file, self.log) if looks), default=0) > SETTLED_SECONDS * 1e9


TABLES = sql.MetaData()
ACCOUNTS = sql.Table(
    "accounts",
    TABLES,
    sql.Column("name", sql.Text, primary_key=True),
    sql.Column("folded", sql.Text, unique=True, nullable=False),
    sql.Column("role", sql.Text, nullable=False),
    sql.Column("password", sql.Text, nullable=False),
    sql.Column("disabled", sql.Boolean, nullable=False, default=False),
    sql.Column("created_at", sql.Text, nullable=False),
)
SESSIONS = sql.Table(
    "sessions",
    TABLES,
    sql.Column("token", sql.Text, primary_key=True),
    sql.Column("account", sql.ForeignKey("accounts.name"), nullable=False),
    sql.Column("form_token", sql.Text, nullable=False),
    sql.Column("begun_at", sql.Text, nullable=False),
    sql.Column("seen_at", sql.Text, nullable=False),
)
TYPED = sql.Table(
    "typed",
    TABLES,
    sql.Column("id", sql.Text, primary_key=True),
    sql.Column("contest", sql.Text, nullable=False),
    sql.Column("by", sql.Text, nullable=False),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("entry", sql.Text, nullable=False),
)


class DeskDatabase:
    """The small database of a desk.

    Args:
        folder: The election's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        address = sql.URL.create("sqlite", database=str(self.path))
        self._written = 0
        self._engine = sql.create_engine(address, connect_args={"timeout": BUSY_SECONDS}, poolclass=sql.pool.NullPool)
        sql.event.listen(self._engine, "connect", _set_up)
        with _in_words(self.path):
            self.path.touch(mode=0o600)
            TABLES.create_all(self._engine)

    @contextmanager
    def open(self) -> Iterator[sql.Connection]:
        """Give a connection; what is written in the block is kept together when it ends well.

        Raises:
            StorageError: The file cannot be read or written, or is damaged.
        """
        with self.reading() as connection:
            yield connection
        self._written += 1

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Give a connection through which nothing is written.

        Raises:
            StorageError: The file cannot be read, or is damaged.
        """
        with _in_words(self.path), self._engine.begin() as connection:
            yield connection

    def stamp(self) -> Stamp:
        """Return how the database looks from outside."""
        return Stamp(self._written, _looks(f"{self.path}"), _looks(f"{self.path}-wal"))


class Reading(Generic[T]):
    """What was read from the database, remembered for as long as nobody writes: a page is asked for far more often than that.

    What this process writes is seen at once, and what another one does in how the file looks. What was read in the moment of writing is not
    remembered: the file may look then as it will, and what is in it be what was.

    Args:
        database: The database.
        read: Reads it.
    """

    def __init__(self, database: DeskDatabase, read: Callable[[sql.Connection], T]) -> None:
        self._database = database
        self._read = read
        self._kept: tuple[Stamp, float, T] | None = None
        self._one_at_a_time = Lock()

    def recall(self) -> T | None:
        """Return what is remembered, None if it has to be read; waits for nothing."""
        kept = self._kept
        if kept and kept[0] == self._database.stamp() and time.monotonic() - kept[1] < FRESH_SECONDS:
            return kept[2]
        return None

    def get(self) -> T:
        """Return what is there.

        Raises:
            StorageError: The file cannot be read, or is damaged.
        """
        with self._one_at_a_time:
            found = self.recall()
            return self._again() if found is None else found

    def again(self) -> T:
        """Read again, whatever is remembered; `StorageError` as above."""
        with self._one_at_a_time:
            return self._again()

    def _again(self) -> T:
        stamp, moment = self._database.stamp(), time.monotonic()
        with self._database.reading() as connection:
            found = self._read(connection)
        self._kept = (stamp, moment, found) if stamp.is_settled else None
        return found


def _looks(path: str) -> Looks:
    """Return what tells a file from what it was; an empty log, which comes and goes with every reader, looks like none."""
    try:
        status = os.stat(path)  # noqa: PTH116 -- asked for with every page; to make a `Path` takes longer
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_size, status.st_ino) if status.st_size else ()


def _set_up(connection: sqlite3.Connection, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except (exc.DBAPIError, OSError) as error:
        said = getattr(error, "orig", None) or error
        raise StorageError(
            f"the accounts and sessions cannot be read or written ({said}); the record is untouched.",
            where=str(path),
            next_step="Look at the disk. If the file is damaged, restore it, or move it away and make the accounts anew.",
        ) from error
