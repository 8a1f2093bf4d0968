"""A ledger in a database, copied into a plain folder, so that `racecall verify` and anybody's own program can check it like any other.

Rows and bytes are copied as they are: nothing is checked, repaired or left out, and what is wrong in the database is wrong in the copy.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.errors import NotAnElection

if TYPE_CHECKING:
    import psycopg

EVENTS = "SELECT seq, kind, at, recorded_at, contest, actor, body, previous, hash FROM events ORDER BY seq"
FILES = "SELECT folder, sha256 FROM files WHERE folder IN ('captures', 'counts') ORDER BY folder, sha256"
BYTES = "SELECT bytes FROM files WHERE folder = %s AND sha256 = %s"
RULES = "SELECT 1 FROM pg_trigger WHERE tgrelid = 'events'::regclass AND tgname = 'events_append_only' AND tgenabled IN ('O', 'A')"
"""Whether the rule against changes is there and switched on."""

TABLE = "CREATE TABLE events (seq INTEGER, kind, at, recorded_at, contest, actor, body, previous, hash)"
TRIGGER = "CREATE TRIGGER events_no_{name} BEFORE {change} ON events BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
SUFFIX = {"captures": "", "counts": ".parquet"}
HASH = re.compile("[0-9a-f]{64}")


@contextmanager
def plain_folder(path: Path) -> Iterator[Path]:
    """Give a folder with the whole record: the folder itself, or a passing copy if its ledger is in a database."""
    address, election = _database_of(path)
    if not address:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="racecall-") as scratch:
        copy = Path(scratch) / path.name
        copy_down(path, address, election, copy)
        yield copy


def copy_down(path: Path, address: str, election: str, copy: Path) -> None:
    """Copy settings, events and files into a new folder.

    Raises:
        NotAnElection: The database has no ledger of the election.
        StorageError: The database cannot be read.
    """
    from racecall.desk.postgres import PostgresHome

    home = PostgresHome(address, election)
    if not home.begun():
        raise NotAnElection(
            "there is no ledger of this election in the database, so there is nothing to verify.",
            where=home.where,
            next_step="Check the id and the ledger in election.toml. If they are right, restore the database from a backup.",
        )
    copy.mkdir(parents=True)
    shutil.copy(path / "election.toml", copy)
    with home.connected() as connection:
        _copy_events(connection, copy / "ledger.db")
        _copy_files(connection, copy)


def _database_of(path: Path) -> tuple[str, str]:
    """Return address and election's id of a ledger in a database, two empty texts for one in the folder."""
    with suppress(OSError, ValueError, AttributeError):  # settings that cannot be read name no database
        election = tomllib.loads((path / "election.toml").read_text(encoding="utf-8-sig")).get("election", {})
        return str(election.get("ledger", "")), str(election.get("id", ""))
    return "", ""


def _copy_events(connection: psycopg.Connection, ledger: Path) -> None:
    with closing(sqlite3.connect(ledger)) as copy, copy:
        copy.execute(TABLE)
        copy.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", connection.execute(EVENTS))
        for change in ("UPDATE", "DELETE") if connection.execute(RULES).fetchone() else ():
            copy.execute(TRIGGER.format(name=change.lower(), change=change))


def _copy_files(connection: psycopg.Connection, copy: Path) -> None:
    """Copy one file after the other; a name that is no hash could lie outside the folder, and no event can name it."""
    for folder, sha256 in connection.execute(FILES).fetchall():
        if HASH.fullmatch(sha256):
            place = copy / folder / sha256[:2]
            place.mkdir(parents=True, exist_ok=True)
            [data] = connection.execute(BYTES, (folder, sha256)).fetchone() or [b""]
            (place / f"{sha256}{SUFFIX[folder]}").write_bytes(data)
