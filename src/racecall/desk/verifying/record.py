"""The events as they lie in the database, and the chain that holds them together.

Reads with `sqlite3` and hashes with `hashlib`, by the recipe of `docs/ledger.md`. It looks at every row and says everything that is wrong,
instead of stopping at the first problem.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from racecall.desk.verifying.bodies import BODIES
from racecall.errors import NotAnElection, StorageError

FIELDS = ("seq", "kind", "at", "recorded_at", "contest", "actor", "body", "previous")
"""Fields of an event in the order in which they are hashed, one a line."""

TRIGGER = "CREATE TRIGGER events_no_{name} BEFORE {change} ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
"""How the database keeps the rule that no event is changed or removed."""

Row = dict[str, Any]
"""One event as columns; in a damaged file any of them may be missing, or hold anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row whose hash holds.

    Args:
        seq: Its number.
        kind: What it records.
        at: When the fact became known.
        contest: Contest id, "" if it is about none or several.
        actor: Who recorded it.
        raw: The fact, as JSON has it.
        body: The fact as one of `BODIES`, None for a kind that is not there.
        hash: Its hash.
    """

    seq: int
    kind: str
    at: datetime
    contest: str
    raw: Mapping[str, Any]
    body: Any
    hash: str
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the ledger says.

    Args:
        rows: How many rows it has.
        events: Those whose hash holds, in order.
        head: Hash of the last row, "" if there is none.
        problems: What is wrong with the database and the chain.
    """

    rows: int
    events: tuple[Event, ...]
    head: str
    problems: tuple[str, ...]

    def of_kind(self, kind: str) -> Iterator[Event]:
        """Yield the events of one kind, oldest first."""
        return (event for event in self.events if event.kind == kind)


def read_record(path: Path) -> Record:
    """Read the ledger of an election folder.

    Raises:
        NotAnElection: There is no ledger.
        StorageError: The ledger cannot be opened at all.
    """
    problems: list[str] = []
    rows = _rows(path, problems)
    problems += chain_problems(rows)
    events = tuple(events_of(rows, problems))
    return Record(rows=len(rows), events=events, head=str(rows[-1].get("hash")) if rows else "", problems=tuple(problems))


def _rows(path: Path, problems: list[str]) -> list[Row]:
    database = path / "ledger.db"
    if not database.is_file():
        raise NotAnElection(
            "there is no ledger.db in this folder, so there is nothing to verify.",
            where=str(path),
            next_step="Name the folder of an election. If this is one, its ledger.db is gone: restore it from a backup.",
        )
    return read_sqlite(database, problems)


def read_sqlite(database: Path, problems: list[str]) -> list[Row]:
    """Return the rows of a SQLite ledger, oldest first; none if it cannot be read, and why is added to `problems`."""
    connection = _open(database)
    try:
        connection.text_factory = lambda data: data.decode("utf-8", "replace")
        connection.row_factory = lambda cursor, row: {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
        said = [row["integrity_check"] for row in connection.execute("PRAGMA integrity_check")]
        problems += [f"ledger.db is damaged: {line}." for line in said if line != "ok"]
        problems += _trigger_problems(connection)
        return connection.execute("SELECT * FROM events ORDER BY seq").fetchall()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the second: names of tables and columns are not even text any more
        problems.append(f"ledger.db cannot be read: {error}.")
        return []
    finally:
        connection.close()


def _open(database: Path) -> sqlite3.Connection:
    """Open the ledger for reading; on a disk that takes no writing it is read as it lies, if no writer left anything beside it.

    Raises:
        StorageError: It cannot be opened; that says nothing about what is in it.
    """
    waiting = database.with_name("ledger.db-wal")
    for how in ("mode=ro", "mode=ro&immutable=1"):
        connection = sqlite3.connect(f"{database.resolve().as_uri()}?{how}", uri=True, timeout=30)
        said = _refusal(connection)
        if not said:
            return connection
        connection.close()
        if waiting.exists() and waiting.stat().st_size:
            break
    raise StorageError(
        f"the ledger cannot be opened ({said}); whether it is whole is not known.",
        where=str(database),
        next_step="Copy the folder to a disk with space that can be written, and verify it there.",
    )


def _refusal(connection: sqlite3.Connection) -> str:
    """Return why the disk keeps the ledger from being read, "" if it does not; damage is no refusal, and is said when it is read."""
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error) if getattr(error, "sqlite_errorcode", 0) & 0xFF in REFUSALS else ""
    return ""


REFUSALS = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
"""What SQLite says when a disk is full, or only to be read, and it cannot put a small file beside the ledger."""


def _trigger_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """The two triggers do not protect the hashes, but a desk should know when nothing stops a change by mistake."""
    found = {row["sql"] for row in connection.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger'")}
    for change in ("UPDATE", "DELETE"):
        if TRIGGER.format(name=change.lower(), change=change) not in found:
            yield f"ledger.db has lost the rule that refuses to {change.lower()} an event."


def chain_problems(rows: Iterable[Row]) -> Iterator[str]:
    """Say where the chain does not hold, a sentence each."""
    previous = "0" * 64
    for expected, row in enumerate(rows, 1):
        seq = row.get("seq")
        if seq != expected:
            yield f"event {expected} is missing: in its place is event {seq}."
        if row.get("previous") != previous:
            yield f"event {seq} does not follow the one before it."
        if not holds(row):
            yield f"event {seq} ({row.get('kind')}, {row.get('at')}) was changed after it was written."
        previous = row.get("hash", "")


def holds(row: Row) -> bool:
    """Whether a row is of the right types and has its own hash."""
    typed = isinstance(row.get("seq"), int) and all(isinstance(row.get(field), str) for field in (*FIELDS[1:], "hash"))
    return typed and own_hash(row) == row["hash"]


def own_hash(row: Row) -> str:
    """Return the hash that a row should have."""
    return hashlib.sha256("\n".join(str(row.get(field)) for field in FIELDS).encode()).hexdigest()


def events_of(rows: Iterable[Row], problems: list[str]) -> Iterator[Event]:
    """Yield the rows whose hash holds as events; one that was written with its hash and makes no sense is a problem."""
    for row in filter(holds, rows):
        try:
            yield _event(row)
        except (ValueError, TypeError) as error:
            problems.append(f"event {row['seq']} ({row['kind']}) has its hash, but not the form of such an event: {error}.")


def _event(row: Row) -> Event:
    at = datetime.fromisoformat(row["at"]).astimezone(UTC)
    form = BODIES.get(row["kind"])
    raw = msgspec.json.decode(row["body"], type=dict[str, Any])
    body = msgspec.convert(raw, form) if form else None
    return Event(seq=row["seq"], kind=row["kind"], at=at, contest=row["contest"], raw=raw, body=body, hash=row["hash"], actor=row["actor"])
