"""`desk.db`: who may sign in, who is signed in, and counts that were typed once. Nothing in it belongs to the record.

It lies in the election's folder, beside the ledger or, where several desks share one in PostgreSQL, without it: each desk has its own
people. It can be lost without losing a vote, and must not be published: it holds the hashes of passwords.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sql
from sqlalchemy import exc

from racecall.errors import StorageError

FILE = "desk.db"
BUSY_SECONDS = 5
"""How long one of us waits for another; everything written here is small."""

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
        with _in_words(self.path), self._engine.begin() as connection:
            yield connection


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
