"""Migrations: a ledger made by an older racecall is made new without an event being touched, in SQLite and in PostgreSQL."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import builders as make
from commands import FINE, USAGE, events, racecall, recorded
from racecall.desk import migrations, revisions
from racecall.desk.folder import open_folder
from racecall.desk.store import Store
from racecall.errors import LedgerError, UsageError
from racecall.ledger.events import Draft, EventKind

NEXT = """
import sqlalchemy as sql
from alembic import op
revision, down_revision = "2", "1"
def upgrade():
    op.create_table("notes", sql.Column("note", sql.Text))
    {more}
"""
"""A revision that is not there yet."""
CHANGES_AN_EVENT = "op.execute(\"UPDATE events SET actor = 'somebody'\")"


@pytest.fixture
def made(database, tmp_path) -> Store:
    """A ledger of revision 1 with an event."""
    election = replace(make.election(), id=tmp_path.name, ledger=database.address)
    made = Store(tmp_path, election, clock=lambda: make.NIGHT)
    made.create()
    with made.writing() as writing:
        writing.append([Draft(kind=EventKind.REPORT, at=make.NIGHT, body={"note": "one"})])
    return made


@pytest.fixture
def next_revision(tmp_path_factory, monkeypatch):
    """Let this racecall be one that knows a revision 2."""

    def know(more: str = "") -> None:
        folder = tmp_path_factory.mktemp("migrations") / "migrations"
        own = Path(migrations.__file__).parent
        (folder / "versions").mkdir(parents=True)
        for name in ("env.py", "versions/events.py"):
            (folder / name).write_text((own / name).read_text())
        (folder / "versions" / "notes.py").write_text(NEXT.format(more=more))
        monkeypatch.setattr(migrations, "FOLDER", folder)
        monkeypatch.setattr(revisions, "NEWEST", "2")
        monkeypatch.setattr("racecall.desk.database.NEWEST", "2")

    return know


def test_the_newest_revision_is_the_last_script(made):
    """What commands compare with is what the scripts make."""
    assert made.migrate() == (revisions.NEWEST, "")


def test_an_older_ledger_is_not_read_before_it_is_made_new(made, next_revision):
    """The words name the command."""
    next_revision()

    with pytest.raises(UsageError) as error:
        made.ledger()

    assert str(error.value) == (
        f"{made.home.where}: this ledger was made by an older racecall (revision 1; this one reads 2).\n"
        "Make it new; every event stays as it is: racecall migrate DIR"
    )


def test_an_older_ledger_is_not_written_to(made, next_revision):
    """Accepting a finding, for example, locks the ledger without reading it first."""
    next_revision()

    with pytest.raises(UsageError, match="made by an older racecall"), made.writing():
        pass


def test_a_ledger_is_made_new_and_its_events_stay(made, next_revision):
    """Same events, same head; then it is read and written as before."""
    before = made.ledger()
    next_revision()
    revision, _ = made.migrate()
    with made.writing() as writing:
        writing.append([Draft(kind=EventKind.REPORT, at=make.NIGHT, body={"note": "two"})])

    assert (revision, made.ledger().events[:1]) == ("1", before.events)
    assert made.migrate() == ("2", "")


def test_a_migration_that_would_change_an_event_is_undone(made, database, tmp_path, next_revision):
    """Whatever a script does: the chain is read before and after, and everything is taken back."""
    before = made.ledger()
    next_revision(CHANGES_AN_EVENT)
    database.drop_rules(tmp_path)
    with pytest.raises(LedgerError, match="event 1 is not what was written"):
        made.migrate()
    with made.home.reading() as (revision, rows):
        assert (revision, list(rows)[-1]["hash"]) == ("1", before.head)


def test_the_rules_stop_a_migration_that_changes_an_event(made, next_revision):
    """A script is bound by them like everybody."""
    next_revision(CHANGES_AN_EVENT)

    with pytest.raises(LedgerError, match="the ledger is append-only"):
        made.migrate()


def test_a_ledger_of_a_newer_racecall_is_not_read(made, database, tmp_path):
    """An older desk says that it is the older one."""
    database.execute(tmp_path, "UPDATE alembic_version SET version_num = '99'")

    with pytest.raises(UsageError) as error:
        made.ledger()

    assert str(error.value) == (
        f"{made.home.where}: this racecall does not know the ledger's revision (99; this one reads 1).\n"
        "If a newer racecall made it: pip install --upgrade racecall. If not, it may be damaged: racecall verify DIR"
    )


# -- in a folder ---------------------------------------------------------------------------------------------------------------------


def as_before_revisions(folder: Path) -> None:
    """Make a ledger what it was before racecall kept revisions."""
    with closing(sqlite3.connect(folder / "ledger.db")) as connection:
        connection.execute("DROP TABLE alembic_version")


def test_a_ledger_that_does_not_say_is_of_revision_1(tmp_path):
    """It is read and written as it is, and nothing needs to be done."""
    folder = recorded(tmp_path)
    as_before_revisions(folder)
    ran = racecall("migrate", folder)

    assert (racecall("status", folder).code, ran.code) == (FINE, FINE)
    assert ran.words == "The ledger is of revision 1, the newest; nothing to do."


def test_the_command_says_what_was_done_and_where_the_copy_is(tmp_path, next_revision):
    """The copy is the ledger from before, readable by itself."""
    folder = recorded(tmp_path)
    as_before_revisions(folder)
    before = events(folder)
    next_revision()
    refused, ran = racecall("status", folder), racecall("migrate", folder)
    copy = folder / "ledger.db.revision-1"
    with closing(sqlite3.connect(copy)) as connection:
        copied = connection.execute("SELECT max(seq), count(*) FROM events").fetchone()

    assert (refused.code, ran.code, events(folder)) == (USAGE, FINE, before)
    assert ran.words == (
        f"The ledger was of revision 1 and is of revision 2 now; every event is as it was. A copy from before is in {copy}."
    )
    assert copied == (len(before), len(before))
    assert open_folder(folder).ledger().head == before[-1]["hash"]


def test_a_damaged_ledger_is_not_made_new(tmp_path, next_revision):
    """A file without the table is not filled with an empty one."""
    folder = recorded(tmp_path)
    (folder / "ledger.db").write_bytes(b"")
    next_revision()
    ran = racecall("migrate", folder)

    assert "the ledger has no table of events" in ran.err
