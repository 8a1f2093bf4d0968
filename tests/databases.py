"""The two databases that a ledger can lie in, for tests that hold for both; the PostgreSQL server is a real one, started for the tests.

The server is Debian's, or whatever lies in the same place, in a temporary folder and behind a socket in it: it opens no port. It refuses to
run as root, so it is then started as the user `postgres` or `nobody`.
"""

from __future__ import annotations

import os
import pwd
import sqlite3
import subprocess
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import IntegrityError, connect
from psycopg.rows import dict_row

EVENTS = "SELECT * FROM events ORDER BY seq"
REQUIRED = "RACECALL_POSTGRES"
"""Set to `required`, tests that need the server fail where it is absent, instead of being skipped."""


def binaries() -> Path | None:
    """Return the folder of the newest PostgreSQL server on this machine, None if there is none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """Start a server with an empty database, give its address, and stop it."""
    with tempfile.TemporaryDirectory(
        prefix="racecall-", ignore_cleanup_errors=True
    ) as name:  # short: a socket's path has at most 107 bytes
        folder = Path(name)
        prefix = _as_somebody(folder)
        control = (*prefix, programs / "pg_ctl", "-D", folder / "data", "-w")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=50"
        _run(*prefix, programs / "initdb", "-D", folder / "data", "-U", "racecall", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        _run(*control, "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://racecall@/postgres?host={folder}"
        finally:
            _run(*control, "-m", "immediate", "stop")


def _as_somebody(folder: Path) -> tuple[str, ...]:
    """Return the words that run a program as a user that PostgreSQL accepts, and give that user the folder."""
    if os.geteuid() != 0:
        return ()
    names = {entry.pw_name for entry in pwd.getpwall()}
    somebody = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, somebody.pw_uid, somebody.pw_gid)
    return ("setpriv", f"--reuid={somebody.pw_uid}", f"--regid={somebody.pw_gid}", "--clear-groups")


def _run(*words: object) -> None:
    ran = subprocess.run([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr.decode()


@dataclass(frozen=True, slots=True)
class Database:
    """Where the ledgers of a test lie.

    Args:
        address: Of a PostgreSQL server, "" for SQLite in the election's folder.
    """

    address: str

    @property
    def refusal(self) -> type[Exception]:
        """What the driver raises when a rule of the table is broken."""
        return IntegrityError if self.address else sqlite3.IntegrityError

    def empty(self) -> None:
        """Remove every election that a test before left in the server."""
        with connect(self.address, autocommit=True) as connection:
            for (name,) in connection.execute("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname LIKE 'racecall%'").fetchall():
                connection.execute(f"DROP SCHEMA {name} CASCADE")

    def execute(self, ledger: Path, statement: str, *values: object) -> None:
        """Run a statement by hand.

        Args:
            ledger: The election's folder; its name is the election's id.
        """
        if self.address:
            with in_schema(self.address, ledger.name) as connection:
                connection.execute(statement.replace("?", "%s"), values)
            return
        with closing(sqlite3.connect(ledger / "ledger.db")) as connection, connection:
            connection.execute(statement, values)

    def drop_rules(self, ledger: Path) -> None:
        """Take away what refuses changes."""
        rules = ("events_append_only ON events", "files_append_only ON files") if self.address else ("events_no_update", "events_no_delete")
        for rule in rules:
            self.execute(ledger, f"DROP TRIGGER {rule}")

    def spoil(self, ledger: Path, sha256: str, data: bytes) -> None:
        """Change the bytes of a capture."""
        if self.address:
            self.execute(ledger, "DROP TRIGGER IF EXISTS files_append_only ON files")
            self.execute(ledger, "UPDATE files SET bytes = ? WHERE sha256 = ?", data, sha256)
            return
        (ledger / "captures" / sha256[:2] / sha256).write_bytes(data)


@contextmanager
def in_schema(address: str, election: str) -> Iterator[Any]:
    """Connect as a stranger would who has read docs/postgresql.md."""
    with connect(address, autocommit=True) as connection:
        connection.execute("SELECT set_config('search_path', %s, false)", (f'"racecall_{election}"',))
        yield connection


def rows_of(folder: Path) -> list[dict[str, Any]]:
    """Return the events of an election's folder as rows, wherever they lie."""
    election = tomllib.loads((folder / "election.toml").read_text(encoding="utf-8"))["election"]
    if "ledger" in election:
        with in_schema(election["ledger"], election["id"]) as connection:
            return connection.cursor(row_factory=dict_row).execute(EVENTS).fetchall()
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(EVENTS)]
