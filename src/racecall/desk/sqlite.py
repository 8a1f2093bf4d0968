"""A ledger in the election's folder: a SQLite file, beside two folders of files.

Writing goes through SQLAlchemy (`racecall.desk.database`). Reading is one SELECT through `sqlite3`, so that `racecall status` starts fast.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecall.desk.files import HashedFiles
from racecall.desk.revisions import FIRST
from racecall.errors import LedgerError, RacecallError, StorageError
from racecall.ledger.events import GENESIS

if TYPE_CHECKING:
    from racecall.desk.database import Database, Transaction

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


class SqliteHome:
    """`ledger.db`, `captures/` and `counts/` of an election folder."""

    name = "ledger.db"

    def __init__(self, folder: Path) -> None:
        self.path = folder / self.name
        self.where = str(self.path)
        self.captures = HashedFiles(folder / "captures")
        self.tables = HashedFiles(folder / "counts", ".parquet")

    @cached_property
    def _database(self) -> Database:
        from racecall.desk.database import sqlite_database

        return sqlite_database(self.path, busy_seconds=BUSY_SECONDS)

    def begun(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def create(self) -> None:
        """Make the file with its empty table."""
        with _in_words(self.path), self._database.writing() as transaction:
            transaction.migrate()

    @contextmanager
    def reading(self) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
        """Open the file for reading."""
        with _in_words(self.path), closing(_reader(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            yield _revision(connection), map(dict, connection.execute("SELECT * FROM events ORDER BY seq"))

    def head(self) -> str:
        """Look up the hash of the last event."""
        with _in_words(self.path), closing(_reader(self.path)) as connection:
            last = connection.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return str(last[0]) if last else GENESIS

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Lock the file."""
        with _in_words(self.path), self._database.writing() as transaction:
            yield transaction

    def backup(self, revision: str) -> str:
        """Copy the file to one beside it, e.g. `ledger.db.revision-1`, whatever is still waiting in the write-ahead log included."""
        copy = self.path.with_name(f"{self.name}.revision-{revision}")
        with closing(sqlite3.connect(self.path)) as own, closing(sqlite3.connect(copy)) as other:
            own.backup(other)
        return str(copy)


def _revision(connection: sqlite3.Connection) -> str:
    """Return the revision of the tables; a ledger that does not say is of the first."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return FIRST
    return "".join(str(number) for (number,) in connection.execute("SELECT version_num FROM alembic_version"))


def _reader(path: Path) -> sqlite3.Connection:
    """Open the ledger for reading; on a disk that takes no writing, and nothing waits beside it, as it lies.

    SQLite puts a small file beside a ledger even to read it (https://www.sqlite.org/wal.html#read_only_databases).
    """
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        waiting = path.with_name(f"{path.name}-wal")
        if error.sqlite_errorcode & 0xFF not in NO_WRITING or (waiting.exists() and waiting.stat().st_size):
            raise
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    return connection


NO_WRITING = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
"""What SQLite says when it cannot put a file beside the ledger: a disk that is full, or only to be read."""


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    """Turn what the database says into what a person can act on."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the second: names of tables and columns are not even text any more
        raise _storage_problem(str(error), path) from error


def _storage_problem(said: str, path: Path) -> RacecallError:
    """Say which of the things that can happen to a database has happened."""
    for words, kind, problem, next_step in TROUBLES:
        if any(word in said for word in words):
            return kind(problem.format(said=said, seconds=BUSY_SECONDS), where=str(path), next_step=next_step)
    raise AssertionError("the last row of TROUBLES takes everything")


TROUBLES: tuple[tuple[tuple[str, ...], type[RacecallError], str, str], ...] = (
    (
        ("full",),
        StorageError,
        "the disk is full; nothing was recorded, and what was recorded before is untouched.",
        "Free some space and run the same command again.",
    ),
    (
        ("locked", "busy"),
        StorageError,
        "another racecall has been writing to the ledger for {seconds} seconds.",
        "Wait for it to end, then run the same command again.",
    ),
    (("readonly", "unable to open"), StorageError, "the ledger cannot be opened ({said}).", "Check the folder's permissions and its disk."),
    (
        ("disk I/O",),
        StorageError,
        "the disk did not take or give what it should ({said}); nothing was recorded, and what was recorded before is untouched.",
        "Look at the disk's space, its quota and its health, then run the same command again.",
    ),
    (
        ("no such table",),
        LedgerError,
        "the ledger has no table of events: it was not made to the end, or it is damaged.",
        "If there is a backup, restore ledger.db. If nothing was ever recorded here, remove ledger.db and run racecall new again.",
    ),
    (("",), LedgerError, "the ledger is damaged ({said}).", "Restore ledger.db from a backup, then run racecall verify."),
)
"""What the database says, whose fault it is, our words, and what to do; the last row takes everything."""
