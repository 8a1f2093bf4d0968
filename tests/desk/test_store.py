"""The ledger on disk: append-only, whole or not at all, and checked whenever it is read."""

import errno
import sqlite3
from pathlib import Path

import polars as pl
import pytest

import builders as make
from racecall.desk.files import HashedFiles, storage_error
from racecall.desk.store import Store
from racecall.errors import LedgerError
from racecall.ledger.events import Draft, EventKind


def draft(note: str) -> Draft:
    return Draft(kind=EventKind.REPORT, at=make.NIGHT, body={"note": note})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path, clock=lambda: make.NIGHT)
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
def test_the_database_refuses_to_change_or_remove(store, change):
    """Even by hand: the table is append-only."""
    with sqlite3.connect(store.path) as connection, pytest.raises(sqlite3.IntegrityError, match="the ledger is append-only"):
        connection.execute(change)
    connection.close()


def test_an_event_changed_behind_our_back_is_named_when_read(store):
    """Whoever drops the trigger still cannot hide."""
    with sqlite3.connect(store.path) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute('UPDATE events SET body = \'{"note":"2"}\' WHERE seq = 2')
    connection.close()

    with pytest.raises(LedgerError) as error:
        store.ledger()

    assert str(error.value) == (
        f"{store.path}: event 2 is not what was written, or does not follow the event before it.\n"
        "Run racecall verify to see all that is wrong, and restore ledger.db from a backup."
    )


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


@pytest.mark.parametrize(
    ("spoil", "words"), [(lambda p: p.write_bytes(b"x"), "was changed after it was kept"), (lambda p: p.unlink(), "is gone")]
)
def test_a_capture_that_was_touched_is_not_handed_out(tmp_path, spoil, words):
    """Bytes are given only if they are the bytes."""
    files = HashedFiles(tmp_path)
    sha256 = files.put(b"as published")
    spoil(files.path(sha256))

    with pytest.raises(LedgerError, match=words):
        files.get(sha256)


def test_two_desks_keep_one_chain(store, tmp_path):
    """A second process on the same folder continues the chain."""
    other = Store(tmp_path, clock=lambda: make.NIGHT)
    with other.writing() as writing:
        writing.append([draft("four")])
    with store.writing() as writing:
        writing.append([draft("five")])

    assert [event.seq for event in store.ledger()] == [1, 2, 3, 4, 5]
