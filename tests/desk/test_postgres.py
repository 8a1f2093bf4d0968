"""A ledger in PostgreSQL: who may do what, elections beside each other, and what is said when the server says no."""

import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

import builders as make
from commands import BROKEN, FINE, LATER, USAGE, county_json, file, racecall, recorded, status, votes_of
from racecall.desk.postgres import schema_of
from racecall.desk.store import Store
from racecall.errors import SettingsError, StorageError, UsageError
from racecall.ledger.events import Draft, EventKind

WRITER = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT INSERT ON {schema}.events, {schema}.files TO {role}",
)
"""The rights of a writer, as docs/postgresql.md gives them."""
READER = WRITER[:2]


def as_role(postgres, folder: Path, role: str, rights: tuple[str, ...]) -> None:
    """Give a role these rights and let the folder's desk work as that role."""
    with psycopg.connect(postgres.address, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
            connection.execute(f"CREATE ROLE {role} LOGIN")
        for right in rights:
            connection.execute(right.format(schema="racecall_election", role=role))
    settings = folder / "election.toml"
    settings.write_text(settings.read_text().replace("//racecall@", f"//{role}@"))


def later(folder: Path) -> Path:
    return file(folder, "later.json", county_json(LATER, "2022-11-09T17:00:00"))


def store_of(postgres, folder: Path, election: str) -> Store:
    made = Store(folder, replace(make.election(), id=election, ledger=postgres.address), clock=lambda: make.NIGHT)
    made.create()
    return made


def report(store: Store, note: str) -> None:
    with store.writing() as writing:
        writing.append([Draft(kind=EventKind.REPORT, at=make.NIGHT, body={"note": note})])


# -- rights --------------------------------------------------------------------------------------------------------------------------


def test_a_writer_needs_no_right_to_change_anything(postgres, tmp_path):
    """INSERT and SELECT are enough for add, status and verify."""
    made = recorded(tmp_path)
    as_role(postgres, made, "desk", WRITER)
    added = racecall("add", made, later(tmp_path), "--backfill")

    assert (added.code, votes_of(status(made))["ann-lee"]) == (FINE, LATER["MAYOR"]["ANN LEE"])
    assert "The record is whole." in racecall("verify", made).out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = 'x'",
        "DELETE FROM events",
        "TRUNCATE events",
        "DROP TRIGGER events_append_only ON events",
        "DROP TABLE files",
    ],
)
def test_a_writer_cannot_change_anything(postgres, tmp_path, statement):
    """Not even by hand, and not the rules either."""
    made = recorded(tmp_path)
    as_role(postgres, made, "desk", WRITER)
    desk = psycopg.connect(postgres.address, user="desk", options="-c search_path=racecall_election", autocommit=True)

    with desk, pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(statement)


@pytest.mark.parametrize("statement", ["TRUNCATE events", "UPDATE files SET bytes = ''", "DELETE FROM files", "TRUNCATE files"])
def test_the_owner_is_bound_by_the_rules_too(postgres, tmp_path, statement):
    """Until the rules are dropped, and verify says that."""
    made = recorded(tmp_path)

    with pytest.raises(psycopg.IntegrityError, match="the ledger is append-only"):
        postgres.execute(made, statement)


def test_a_reader_reads_and_is_told_what_is_missing_to_write(postgres, tmp_path):
    """Status works; add says which right, and where it is explained."""
    made = recorded(tmp_path)
    as_role(postgres, made, "reader", READER)
    ran = racecall("add", made, later(tmp_path), "--backfill")

    assert (votes_of(status(made))["ann-lee"], ran.code) == (600, BROKEN)
    assert ran.err == (
        f"racecall: {postgres.address.replace('racecall@', 'reader@')}, schema racecall_election: PostgreSQL does not allow this "
        "(permission denied for table files); nothing was recorded, and what was recorded before is untouched.\n"
        "Ask whoever runs the database for the rights of a writer (docs/postgresql.md).\n"
    )


# -- elections beside each other -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["two", "TWO", 'two "and" a half', "zwölf", "public", "%s"])
def test_elections_in_one_database_are_kept_apart(postgres, tmp_path, other):
    """Each has a chain of its own, whatever its id."""
    first, second = store_of(postgres, tmp_path, "one"), store_of(postgres, tmp_path, other)
    report(first, "of the first")
    report(second, "of the second")

    assert [event.body["note"] for store in (first, second) for event in store.ledger()] == ["of the first", "of the second"]


def test_an_election_does_not_wait_for_another(postgres, tmp_path):
    """The lock is on one election's ledger."""
    first, second = store_of(postgres, tmp_path, "one"), store_of(postgres, tmp_path, "two")
    with first.writing():
        report(second, "meanwhile")

    assert len(second.ledger()) == 1


def test_an_id_that_is_too_long_is_refused():
    """PostgreSQL would cut it short, and two elections would have one schema."""
    with pytest.raises(SettingsError) as error:
        schema_of("x" * 55)

    assert str(error.value) == (
        f"election.toml: the election's id is {'x' * 55!r}; with a ledger in PostgreSQL it has at most 54 bytes.\n"
        "Give the election a shorter id."
    )


# -- the server says no --------------------------------------------------------------------------------------------------------------


def test_a_server_that_is_not_there_is_said_in_words(tmp_path):
    """What was tried, what the driver said, what to look at."""
    store = Store(tmp_path, replace(make.election(), ledger=f"postgresql:///x?host={tmp_path}"))
    with pytest.raises(StorageError) as error:
        store.ledger()

    said = str(error.value)
    assert said.startswith(f"postgresql:///x?host={tmp_path}, schema racecall_e: the database did not do what was asked (connection ")
    assert said.endswith(
        "\nCheck the address, the password (PGPASSWORD, ~/.pgpass) and the server, and run the command again: nothing is recorded twice."
    )


def test_an_address_that_makes_no_sense_is_said_in_words(tmp_path):
    """libpq's own words, since it knows what it takes."""
    store = Store(tmp_path, replace(make.election(), ledger="postgresql://host/x?colour=blue"))

    with pytest.raises(StorageError, match="colour"):
        store.ledger()


def test_a_ledger_that_was_never_made_is_said_in_words(postgres, tmp_path):
    """The command that makes it."""
    made = recorded(tmp_path)
    postgres.empty()
    ran = racecall("status", made)

    assert (ran.code, ran.out) == (USAGE, "")
    assert ran.err == (
        f"racecall: {postgres.address}, schema racecall_election: this database has no ledger of the election that this user may see.\n"
        "Ask for the rights to it (docs/postgresql.md). If it is lost, restore it. Or make one: racecall new DIR --settings FILE\n"
    )


def test_a_new_ledger_can_be_made_again_from_the_same_settings(postgres, tmp_path):
    """After a new that was killed before its first event, too."""
    made = recorded(tmp_path)
    postgres.empty()
    store_of(postgres, tmp_path, "election")

    assert racecall("new", made, "--settings", made / "election.toml").code == FINE
    assert racecall("add", made, tmp_path / "night.json", "--backfill").code == FINE


def test_a_text_that_postgresql_cannot_keep_is_not_recorded(postgres, tmp_path):
    """It takes no NUL character; the words say so, and the ledger is as it was."""
    store = store_of(postgres, tmp_path, "one")

    with pytest.raises(StorageError, match="NUL"), store.writing() as writing:
        writing.append([Draft(kind=EventKind.REPORT, at=make.NIGHT, body={}, actor="a\0b")])


@pytest.mark.usefixtures("postgres")
def test_two_records_of_one_election_are_refused(tmp_path):
    """A ledger.db that was there before the database was named."""
    made = recorded(tmp_path)
    (made / "ledger.db").write_bytes(b"")
    ran = racecall("status", made)

    assert ran.err == (
        f"racecall: {made}: election.toml names a database for the ledger, and there is a ledger.db in the folder as well: "
        "an election has one record.\nTake the ledger out of election.toml, or move ledger.db away.\n"
    )


def test_without_the_driver_the_command_that_installs_it_is_said(tmp_path, monkeypatch):
    """PostgreSQL is an extra."""
    store = Store(tmp_path, replace(make.election(), ledger="postgresql://desk@host/elections"))
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(UsageError) as error:
        store.ledger()

    assert str(error.value) == (
        "postgresql://desk@host/elections: a ledger in PostgreSQL needs the driver psycopg.\n"
        'Install it with: pip install "racecall[postgres]"'
    )
