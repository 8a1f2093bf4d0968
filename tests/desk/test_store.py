"""The ledger on disk: append-only, whole or not at all, and checked whenever it is read; the same in SQLite and in PostgreSQL."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import builders as make
from databases import Database
from racecall.desk.files import storage_error
from racecall.desk.store import Store
from racecall.errors import LedgerError
from racecall.ledger.events import Draft, EventKind


def draft(note: str) -> Draft:
    return Draft(kind=EventKind.REPORT, at=make.NIGHT, body={"note": note})


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Callable[[], Store]:
    """A way for one more desk to work on the same ledger; the election's id is the folder's name, as `racecall new` makes it."""
    election = replace(make.election(), id=tmp_path.name, ledger=database.address)
    return lambda: Store(tmp_path, election, clock=lambda: make.NIGHT)


@pytest.fixture
def store(desk: Callable[[], Store]) -> Store:
    made = desk()
    made.create()
    with made.writing() as writing:
        writing.append([draft("one"), draft("two"), draft("three")])
    return made


def test_what_is_appended_is_read_back(store):
    """Bodies, order and times survive."""
    assert [event.body["note"] for event in store.ledger()] == ["one", "two", "three"]


def test_a_failed_block_leaves_nothing(store):
    """All events of a command are kept together, or none."""

    def fail_half_way() -> None:
        with store.writing() as writing:
            writing.append([draft("four")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()

    assert len(store.ledger()) == 3


@pytest.mark.parametrize("change", ["UPDATE events SET body = '{}' WHERE seq = 2", "DELETE FROM events WHERE seq = 2"])
@pytest.mark.usefixtures("store")
def test_the_database_refuses_to_change_or_remove(database, tmp_path, change):
    """Even by hand: the table is append-only."""
    with pytest.raises(database.refusal, match="the ledger is append-only"):
        database.execute(tmp_path, change)


def test_an_event_changed_behind_our_back_is_named_when_read(store, database, tmp_path):
    """Whoever drops the rules still cannot hide."""
    database.drop_rules(tmp_path)
    database.execute(tmp_path, 'UPDATE events SET body = \'{"note":"2"}\' WHERE seq = 2')

    with pytest.raises(LedgerError) as error:
        store.ledger()

    assert str(error.value) == (
        f"{store.home.where}: event 2 is not what was written, or does not follow the event before it.\n"
        f"Run racecall verify to see all that is wrong, and restore {store.home.name} from a backup."
    )


def test_an_event_changed_after_it_was_read_is_named(store, database, tmp_path):
    """What is known of a row is known of all its columns, and of no other row."""
    assert len(store.ledger()) == 3
    database.drop_rules(tmp_path)
    database.execute(tmp_path, "UPDATE events SET actor = 'somebody' WHERE seq = 2")

    with pytest.raises(LedgerError, match="event 2 is not what was written"):
        store.ledger()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_damaged_database_is_said_in_words(store):
    """A file that is no database any more."""
    store.path.write_bytes(b"not a database" * 1000)

    with pytest.raises(LedgerError, match="the ledger is damaged"):
        store.ledger()


def test_a_full_disk_is_said_in_words(tmp_path):
    """What is recorded is untouched, and the command can be run again."""
    said = str(storage_error(OSError(errno.ENOSPC, "No space left on device"), tmp_path / "x"))

    assert said == (
        f"{tmp_path / 'x'}: the disk is full; nothing was recorded, and what was recorded before is untouched.\n"
        "Free some space and run the same command again."
    )


def test_tables_are_kept_by_their_hash_once(store):
    """The same table twice is one file."""
    table = pl.DataFrame({"votes": [1, 2]})
    first, second = store.put_table(table), store.put_table(table)

    assert first == second
    assert store.get_table(first).equals(table)
    assert list(store.tables) == [first]


def test_an_empty_table_is_no_file(store):
    """A release without ballots keeps no table of them."""
    assert store.put_table(pl.DataFrame({"votes": []})) == ""


def test_a_capture_that_was_touched_is_not_handed_out(store, database, tmp_path):
    """Bytes are given only if they are the bytes."""
    sha256 = store.captures.put(b"as published")
    database.spoil(tmp_path, sha256, b"x")

    with pytest.raises(LedgerError, match="was changed after it was kept"):
        store.captures.get(sha256)


def test_a_capture_that_was_lost_is_said_to_be_gone(store):
    """With its place."""
    with pytest.raises(LedgerError, match=f"{'0' * 64}: the file is gone"):
        store.captures.get("0" * 64)


def test_two_desks_keep_one_chain(store, desk):
    """A second desk continues the chain."""
    with desk().writing() as writing:
        writing.append([draft("four")])
    with store.writing() as writing:
        writing.append([draft("five")])

    assert [event.seq for event in store.ledger()] == [1, 2, 3, 4, 5]
