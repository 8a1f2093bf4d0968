"""A ledger that several desks share: a schema of a PostgreSQL database, with the events and the files.

Each election has a schema of its own, so that its tables are those of a folder's ledger, are backed up and granted by themselves, and are
locked without stopping another election. Reading is one SELECT through psycopg, writing goes through SQLAlchemy (`racecall.desk.database`),
as in SQLite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from racecall.desk.files import check_bytes
from racecall.desk.sqlite import BUSY_SECONDS
from racecall.errors import LedgerError, NotAnElection, RacecallError, SettingsError, StorageError, UsageError
from racecall.ledger.events import GENESIS
from racecall.origin import sha256_hex

if TYPE_CHECKING:
    import psycopg

    from racecall.desk.database import Database, Transaction

CONNECT_SECONDS = 10
"""A server that has not answered by then is taken as absent, unless the address gives another `connect_timeout`."""
LONGEST_NAME = 63
"""PostgreSQL cuts longer names short without an error, and two elections would share a schema [bytes]."""
NO_EXTRA = 'Install it with: pip install "racecall[postgres]"'

EVENTS = "SELECT seq, kind, at, recorded_at, contest, actor, body, previous, hash FROM events ORDER BY seq"
SETTINGS = """SELECT set_config('search_path', %s, false), set_config('lock_timeout', %s, false),
set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
ELSE current_setting('synchronous_commit') END, false)"""
"""Where names are looked up, how long a writer waits, and that what is said to be recorded is on the server's disk."""


class PostgresHome:
    """The schema of one election in a database.

    Args:
        address: `postgresql://USER@HOST/DATABASE`, as libpq takes it.
        election: Id of the election.
    """

    name = "the database"

    def __init__(self, address: str, election: str) -> None:
        self.address = address
        self.schema = schema_of(election)
        self.where = f"{address}, schema {self.schema}"
        self.captures = SharedFiles(self, "captures")
        self.tables = SharedFiles(self, "counts")

    @cached_property
    def _database(self) -> Database:
        from racecall.desk.database import postgres_database

        # A lock of the application: LOCK TABLE would need the right to change rows.
        return postgres_database(self._connection, f"SELECT pg_advisory_xact_lock({_lock_number(self.schema)})")

    def begun(self) -> bool:
        """Whether an event was recorded."""
        with self.connected() as connection:
            return self._made(connection) and bool(connection.execute("SELECT 1 FROM events LIMIT 1").fetchone())

    def create(self) -> None:
        """Make the schema and its empty tables, unless somebody with the right to has made them."""
        from psycopg.sql import SQL, Identifier

        with self.connected() as connection:
            if self._made(connection):
                return
            connection.execute(SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(self.schema)))
        with self.writing() as transaction:
            transaction.migrate()

    @contextmanager
    def reading(self) -> Iterator[tuple[str, Iterable[Mapping[str, Any]]]]:
        """Read revision and events, as they were committed."""
        from psycopg.rows import dict_row

        with self.connected() as connection:
            revisions = connection.execute("SELECT version_num FROM alembic_version").fetchall()
            rows = connection.cursor(row_factory=dict_row).execute(EVENTS)
            yield "".join(number for (number,) in revisions), rows

    def head(self) -> str:
        """Look up the hash of the last event."""
        with self.connected() as connection:
            last = connection.execute("SELECT hash FROM events ORDER BY seq DESC LIMIT 1").fetchone()
        return str(last[0]) if last else GENESIS

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Lock the election's ledger against every desk; others may read."""
        with self._in_words(), self._database.writing() as transaction:
            yield transaction

    def backup(self, revision: str) -> str:  # noqa: ARG002  (a folder's ledger needs it)
        """Make no copy: a database is backed up by whoever runs it, and a migration that fails is undone as a whole."""
        return ""

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        """Open a connection that commits every statement by itself."""
        with self._in_words(), self._connection() as connection:
            connection.autocommit = True
            yield connection

    def _connection(self) -> psycopg.Connection:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict, make_conninfo

        given = conninfo_to_dict(self.address)
        waiting = {"connect_timeout": CONNECT_SECONDS} if "connect_timeout" not in given else {}
        connection = psycopg.connect(make_conninfo(self.address, **waiting, client_encoding="utf8", fallback_application_name="racecall"))
        connection.execute(SETTINGS, (_quoted(self.schema), f"{BUSY_SECONDS}s"))
        connection.commit()
        return connection

    def _made(self, connection: psycopg.Connection) -> bool:
        return connection.execute("SELECT to_regclass('events')").fetchone() != (None,)

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Turn what the server says into what a person can act on."""
        try:
            import psycopg
        except ImportError as error:
            raise UsageError("a ledger in PostgreSQL needs the driver psycopg.", where=self.address, next_step=NO_EXTRA) from error
        try:
            yield
        except psycopg.Error as error:
            raise _problem(error, self.where) from error


class SharedFiles:
    """Files in the database, named by their SHA-256: one folder of an election, for several desks."""

    def __init__(self, home: PostgresHome, folder: str) -> None:
        self._home = home
        self.folder = folder

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their hash; nothing is written if they are kept already."""
        sha256 = sha256_hex(data)
        with self._home.connected() as connection:
            if not connection.execute("SELECT 1 FROM files WHERE folder = %s AND sha256 = %s", (self.folder, sha256)).fetchone():
                connection.execute("INSERT INTO files VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", (self.folder, sha256, data))
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            LedgerError: They are gone, or not what they were.
        """
        with self._home.connected() as connection:
            found = connection.execute("SELECT bytes FROM files WHERE folder = %s AND sha256 = %s", (self.folder, sha256)).fetchone()
        return check_bytes(found[0] if found else None, sha256, where=f"{self._home.where}, {self.folder}/{sha256}")

    def __iter__(self) -> Iterator[str]:
        """Yield the hashes of all files kept here, sorted."""
        with self._home.connected() as connection:
            rows = connection.execute('SELECT sha256 FROM files WHERE folder = %s ORDER BY sha256 COLLATE "C"', (self.folder,)).fetchall()
        yield from (sha256 for (sha256,) in rows)


def schema_of(election: str) -> str:
    """Return the name of an election's schema.

    Raises:
        SettingsError: The election's id is too long for a name in PostgreSQL.
    """
    name = f"racecall_{election}"
    if len(name.encode()) > LONGEST_NAME or "\0" in name:
        raise SettingsError(
            f"the election's id is {election!r}; with a ledger in PostgreSQL it has at most {LONGEST_NAME - len('racecall_')} bytes.",
            where="election.toml",
            next_step="Give the election a shorter id.",
        )
    return name


def _lock_number(schema: str) -> int:
    """Return the number of an election's lock: eight bytes of a hash, signed, as PostgreSQL takes them."""
    return int.from_bytes(bytes.fromhex(sha256_hex(schema.encode()))[:8], signed=True)


def _quoted(name: str) -> str:
    """Write a name as the search path takes it."""
    return '"' + name.replace('"', '""') + '"'


def _problem(error: psycopg.Error, where: str) -> RacecallError:
    """Say what has happened; by PostgreSQL's code, since its words are in the server's language."""
    code = error.sqlstate or ""
    said = " ".join(str(error).split())
    for beginnings, kind, problem, next_step in TROUBLES:
        if code.startswith(beginnings):
            return kind(problem.format(said=said, seconds=BUSY_SECONDS), where=where, next_step=next_step)
    raise AssertionError("the last row of TROUBLES takes everything")


NOTHING = "nothing was recorded, and what was recorded before is untouched"
TROUBLES: tuple[tuple[tuple[str, ...], type[RacecallError], str, str], ...] = (
    (
        ("3F000", "42P01"),
        NotAnElection,
        "this database has no ledger of the election that this user may see.",
        "Ask for the rights to it (docs/postgresql.md). If it is lost, restore it. Or make one: racecall new DIR --settings FILE",
    ),
    (
        ("42501",),
        StorageError,
        f"PostgreSQL does not allow this ({{said}}); {NOTHING}.",
        "Ask whoever runs the database for the rights of a writer (docs/postgresql.md).",
    ),
    (("25006",), StorageError, f"this server takes no writing ({{said}}); {NOTHING}.", "Name the main server and not a standby."),
    (
        ("53", "54"),
        StorageError,
        f"the server has no room for this ({{said}}); {NOTHING}.",
        "Free some space on the server, or its connections, and run the same command again.",
    ),
    (
        ("55P03",),
        StorageError,
        "another racecall has been writing to the ledger for {seconds} seconds.",
        "Wait for it to end, then run the same command again.",
    ),
    (
        ("23",),
        LedgerError,
        f"the ledger refused it ({{said}}); {NOTHING}.",
        "Run the same command again; if it happens again, something else than racecall writes to these tables.",
    ),
    (
        ("XX",),
        LedgerError,
        "the database is damaged ({said}).",
        "Restore the database from a backup, then run racecall verify.",
    ),
    (
        ("",),
        StorageError,
        "the database did not do what was asked ({said}).",
        "Check the address, the password (PGPASSWORD, ~/.pgpass) and the server, and run the command again: nothing is recorded twice.",
    ),
)
"""Beginnings of PostgreSQL's codes (https://www.postgresql.org/docs/15/errcodes-appendix.html), whose fault it is, our words, and what to
do; the last row takes everything."""
