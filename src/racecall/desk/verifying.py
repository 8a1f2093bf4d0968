"""Is the record what was written? Every link of the chain, every file by its hash, every total from its cells.

This module does not use the code that writes the ledger, only its file format (`docs/ledger.md`): it reads the database with `sqlite3`,
hashes with `hashlib`, and adds the cells up again. It looks at everything and says everything that is wrong, instead of stopping at the
first problem.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecall.errors import NotAnElection, StorageError

if TYPE_CHECKING:
    import polars as pl

FIELDS = ("seq", "kind", "at", "recorded_at", "contest", "actor", "body", "previous")
"""Fields of an event in the order in which they are hashed, one a line."""

TRIGGER = "CREATE TRIGGER events_no_{name} BEFORE {change} ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
"""How the database keeps the rule that no event is changed or removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was looked at, and what is wrong.

    Args:
        events: Links of the chain.
        captures: Captures found and hashed.
        tables: Count tables found, hashed and added up.
        head: Hash of the last event, "" if there is none.
        problems: What is wrong, a sentence each; empty if all is well.
        notes: What a person should know and is not wrong.
        unrecorded: Files that no event names: left by a command that was stopped, harmless.
    """

    events: int
    captures: int
    tables: int
    head: str
    problems: tuple[str, ...]
    notes: tuple[str, ...]
    unrecorded: tuple[str, ...]


def verify_folder(path: Path) -> Verified:
    """Check an election folder against its own record.

    Raises:
        NotAnElection: There is no ledger in the folder.
        StorageError: The ledger cannot be opened at all.
    """
    database = path / "ledger.db"
    if not database.is_file():
        raise NotAnElection(
            "there is no ledger.db in this folder, so there is nothing to verify.",
            where=str(path),
            next_step="Name the folder of an election. If this is one, its ledger.db is gone: restore it from a backup.",
        )
    problems: list[str] = []
    rows = _rows(database, problems)
    problems += _chain_problems(rows)
    bodies = [(row, json.loads(row["body"])) for row in rows if _own_hash(row) == row.get("hash")]
    captures, tables = _named_files(bodies)
    problems += _file_problems(path / "captures", "", captures)
    problems += _file_problems(path / "counts", ".parquet", tables)
    problems += [problem for row, body in bodies if row["kind"] == "release" for problem in _total_problems(path, row["seq"], body)]
    problems += () if (path / "election.toml").is_file() else ("election.toml is gone; a copy is among the captures.",)
    return Verified(
        events=len(rows),
        captures=len(captures),
        tables=len(tables),
        head=str(rows[-1].get("hash")) if rows else "",
        problems=tuple(problems),
        notes=tuple(_settings_notes(path, bodies)),
        unrecorded=() if problems else tuple(_unrecorded(path, captures.keys() | tables.keys())),
    )


def _rows(database: Path, problems: list[str]) -> list[dict[str, Any]]:
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


def _chain_problems(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Rows are taken as they come: in a damaged file any column may be missing or hold anything."""
    previous = "0" * 64
    for expected, row in enumerate(rows, 1):
        seq = row.get("seq")
        if seq != expected:
            yield f"event {expected} is missing: in its place is event {seq}."
        if row.get("previous") != previous:
            yield f"event {seq} does not follow the one before it."
        if _own_hash(row) != row.get("hash"):
            yield f"event {seq} ({row.get('kind')}, {row.get('at')}) was changed after it was written."
        previous = row.get("hash", "")


def _own_hash(row: dict[str, Any]) -> str:
    return hashlib.sha256("\n".join(str(row.get(field)) for field in FIELDS).encode()).hexdigest()


def _named_files(bodies: list[tuple[dict[str, Any], dict[str, Any]]]) -> tuple[dict[str, int], dict[str, int]]:
    """Hashes of the captures and tables that events name, with the first event that does."""
    captures: dict[str, int] = {}
    tables: dict[str, int] = {}
    for row, body in bodies:
        for key in ("sha256", "settings", "capture"):
            if body.get(key):
                captures.setdefault(body[key], row["seq"])
        for key in ("counts", "ballots") if row["kind"] == "release" else ():
            if body.get(key):
                tables.setdefault(body[key], row["seq"])
    return captures, tables


def _path(folder: Path, suffix: str, sha256: str) -> Path:
    return folder / sha256[:2] / f"{sha256}{suffix}"


def _file_problems(folder: Path, suffix: str, named: dict[str, int]) -> Iterator[str]:
    for sha256, seq in named.items():
        file = _path(folder, suffix, sha256)
        if not file.is_file():
            yield f"{folder.name}/{file.name} is gone; event {seq} needs it."
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            yield f"{folder.name}/{file.name} was changed after it was kept; event {seq} needs it."


def _total_problems(path: Path, seq: int, body: dict[str, Any]) -> Iterator[str]:
    """Add the cells of a release up again and compare with the totals in its event."""
    file = _path(path / "counts", ".parquet", body.get("counts") or "-")
    if not file.is_file():
        return
    try:
        sums = _sums(file)
    except Exception as error:  # noqa: BLE001  (a damaged Parquet file may fail in any way; that is what we report)
        yield f"the cells of event {seq} cannot be read ({type(error).__name__}): counts/{file.name}."
        return
    for contest, count in body["contests"].items():
        recorded = {**count["votes"], **count["unknown"]}
        if recorded != sums.get(contest, {}):
            yield f"event {seq}: the totals of {contest} are not the sum of its cells."


def _sums(file: Path) -> dict[str, dict[str, int]]:
    """Votes by contest and option: a printed total before its parts, for the unit and for the contest."""
    import polars as pl

    cells = pl.read_parquet(file, glob=False)  # a folder may have brackets in its name
    is_total, is_all = pl.col("count_type") == "total", pl.col("unit") == "all"
    unit = cells.group_by("contest", "unit", "option").agg(_printed_or_parts(is_total))
    contest = unit.group_by("contest", "option").agg(_printed_or_parts(is_all))
    sums: dict[str, dict[str, int]] = {}
    for name, option, votes in contest.select("contest", "option", "votes").rows():
        sums.setdefault(name, {}).update({} if votes is None else {option: votes})
    return sums


def _printed_or_parts(printed: pl.Expr) -> pl.Expr:
    """The votes of the printed row, else the sum of the others, else nothing: a withheld cell is no zero."""
    import polars as pl

    parts = pl.col("votes").filter(~printed)
    return pl.coalesce(pl.col("votes").filter(printed).first(), pl.when(parts.count() > 0).then(parts.sum())).alias("votes")


def _settings_notes(path: Path, bodies: list[tuple[dict[str, Any], dict[str, Any]]]) -> Iterator[str]:
    """People are meant to edit `election.toml`, so a change is no damage."""
    file = path / "election.toml"
    recorded = [body["settings"] for row, body in bodies if row["kind"] == "opened" and "settings" in body]
    if recorded and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != recorded[-1]:
        yield "election.toml is not as it was recorded last. If you edited it, the next racecall add records the change."


def _unrecorded(path: Path, named: set[str]) -> Iterator[str]:
    for folder in ("captures", "counts"):
        for file in sorted((path / folder).glob("??/*")):
            if file.name.removesuffix(".parquet") not in named:
                yield f"{folder}/{file.parent.name}/{file.name}"
