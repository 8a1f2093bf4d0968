"""Where the ledger lives: one append-only table, beside two folders of files named by their hash.

A file is always on disk before the event that names it is committed, and the events of one command are committed together: a process that
is killed at any moment leaves either the whole command in the ledger or none of it, and at worst a file that no event names.

Writing goes through SQLAlchemy (`racecall.desk.database`). Reading is one SELECT through `sqlite3`, so that `racecall status` starts fast.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecall.desk.clock import Clock, now
from racecall.desk.files import HashedFiles
from racecall.errors import LedgerError, RacecallError, StorageError
from racecall.ledger.events import Draft, Event, EventKind, Ledger, canonical, chain, event_hash, from_iso, iso

if TYPE_CHECKING:
    import polars as pl

    from racecall.desk.database import Database, Transaction

BUSY_SECONDS = 30
"""How long a writer waits for another one."""


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
    """The ledger, captures and count tables of one election folder."""

    def __init__(self, folder: Path, *, clock: Clock = now) -> None:
        self.path = folder / "ledger.db"
        self.captures = HashedFiles(folder / "captures")
        self.tables = HashedFiles(folder / "counts", ".parquet")
        self.clock = clock

    @cached_property
    def _database(self) -> Database:
        from racecall.desk.database import Database

        return Database(self.path, busy_seconds=BUSY_SECONDS)

    def create(self) -> None:
        """Make the empty ledger."""
        with _in_words(self.path):
            self._database.create()

    def ledger(self) -> Ledger:
        """Read the whole ledger, checking every link.

        Raises:
            LedgerError: The chain does not hold, or the file is no database any more.
        """
        with _in_words(self.path), closing(_reader(self.path)) as connection:
            connection.row_factory = sqlite3.Row
            return _checked(map(dict, connection.execute("SELECT * FROM events ORDER BY seq")), self.path)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Lock the ledger for writing; everything appended is kept together when the block ends well, and nothing if it fails."""
        with _in_words(self.path), self._database.writing() as transaction:
            yield Writing(transaction, _checked(transaction.rows(), self.path), self.clock)

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


def _checked(rows: Iterable[Mapping[str, Any]], path: Path) -> Ledger:
    """Read rows into a ledger, stopping at the first link that does not hold."""
    events: list[Event] = []
    previous = Ledger().head
    for row in rows:
        own = _own_hash(row)
        if row.get("previous") != previous or row.get("seq") != len(events) + 1 or row.get("hash") != own:
            raise LedgerError(
                f"event {len(events) + 1} is not what was written, or does not follow the event before it.",
                where=str(path),
                next_step="Run racecall verify to see all that is wrong, and restore ledger.db from a backup.",
            )
        previous = own
        events.append(_event(row))
    return Ledger(tuple(events))


def _own_hash(row: Mapping[str, Any]) -> str:
    """Return the hash that a row should have, "" if a column is not even text any more."""
    try:
        return event_hash(**{key: value for key, value in row.items() if key != "hash"})
    except TypeError:
        return ""


def _event(row: Mapping[str, Any]) -> Event:
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
