"""How the demo is built: at the times its sources give, and never over anything else."""

from datetime import UTC, datetime

import pytest

from racecall.desk.demo import SteppingClock, build_demo
from racecall.desk.folder import new_folder
from racecall.desk.packaged import demo_files
from racecall.errors import UsageError
from racecall.ledger.events import EventKind

MINE = b'[election]\nid = "ca34-2017"\ntitle = "Ours"\ndate = 2017-04-04\ntimezone = "America/Los_Angeles"\n'


def test_a_stepping_clock_says_what_it_was_set_to():
    """Time is handed in, never looked up."""
    clock = SteppingClock(datetime(2017, 4, 4, tzinfo=UTC))
    first = clock()
    clock.moment = datetime(2017, 4, 5, tzinfo=UTC)

    assert (first.day, clock().day) == (4, 5)


def test_every_entry_is_one_capture_in_the_order_of_its_name(tmp_path):
    """The folder's captures are the packaged files, oldest first."""
    ledger = build_demo(tmp_path / "e").ledger()
    names = [event.body["name"] for event in ledger.of_kind(EventKind.CAPTURE)]

    assert names == [name for name, _ in demo_files()[1]]
    assert list(ledger) == sorted(ledger, key=lambda event: event.recorded_at)
    assert [event for event in ledger if event.at > event.recorded_at] == [], "nothing is written down before it is known"


def test_an_election_of_the_same_id_is_not_taken_for_the_demo(tmp_path):
    """Whoever follows the real race in a folder of that name keeps it."""
    mine = new_folder(tmp_path / "e", MINE, actor="A. Editor")
    with pytest.raises(UsageError) as error:
        build_demo(tmp_path / "e")

    assert str(error.value) == (
        f"{tmp_path / 'e'}: there is something here that is not an earlier demo.\nChoose another folder: racecall demo --out DIR"
    )
    assert mine.settings == MINE == (tmp_path / "e" / "election.toml").read_bytes()
    assert len(mine.ledger()) == 1


def test_a_demo_whose_ledger_cannot_be_read_is_left_for_a_person(tmp_path):
    """What cannot be recognised is not removed."""
    mine = new_folder(tmp_path / "e", MINE)
    mine.store.path.write_bytes(b"not a database")

    with pytest.raises(UsageError, match="there is something here that is not an earlier demo"):
        build_demo(tmp_path / "e")
