"""Putting files into the record: bytes first, times, what is new, and what two desks do at once."""

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

import builders as make
from commands import county_json, file, table
from racecall.desk.clock import login_name
from racecall.desk.files import name_of, read_limited
from racecall.desk.folder import ElectionFolder, new_folder
from racecall.desk.recording import Added, AddOptions, Times, add_files
from racecall.desk.settings import render_election
from racecall.errors import BrokenFile, LedgerError, UsageError
from racecall.feeds.text import Limits
from racecall.ledger.events import EventKind
from racecall.model.release import Reading, ResultsStatus
from racecall.origin import sha256_hex

NOW = datetime(2022, 11, 9, 8, tzinfo=UTC)
MAYOR = {"MAYOR": {"Ann": 10, "Bo": 20}}


@pytest.fixture
def folder(database, tmp_path) -> ElectionFolder:
    """An election between two, on a desk whose clock stands still."""
    election = make.election(make.contest("Ann", "Bo", id="mayor", title="MAYOR", rule="generic-plurality"))
    settings = render_election(replace(election, id="election", ledger=database.address))
    return new_folder(tmp_path / "election", settings.encode(), clock=lambda: NOW)


def add(folder: ElectionFolder, *paths: Path, **options) -> list[Added]:
    return list(add_files(folder, paths, AddOptions(**{"actor": "A test"} | options)))


def bodies(folder: ElectionFolder, kind: EventKind) -> list[dict]:
    return [dict(event.body) for event in folder.ledger().of_kind(kind)]


# -- bytes first ---------------------------------------------------------------------------------------------------------------------


def test_the_bytes_are_kept_as_they_came(folder, tmp_path):
    """Compressed is compressed: the capture is what was received."""
    source = file(tmp_path, "night.json", county_json(MAYOR))
    add(folder, source)

    assert folder.store.captures.get(sha256_hex(source.read_bytes())) == source.read_bytes()


def test_a_file_that_cannot_be_unpacked_is_kept_too(folder, tmp_path):
    """Even when nothing can be read of it."""
    source = file(tmp_path, "night.json.gz", b"\x1f\x8b\x08\0junk")
    with pytest.raises(BrokenFile):
        add(folder, source)

    assert bodies(folder, EventKind.CAPTURE) == [
        {"sha256": sha256_hex(source.read_bytes()), "name": "night.json.gz", "size": 8, "feed": "", "defines": False}
    ]


def test_a_definition_file_that_was_changed_is_not_used(folder, database, tmp_path):
    """Bytes that others are read with are given only if they are the bytes."""
    names = Path(__file__).resolve().parents[1] / "feeds" / "samples" / "la_election_data.json"
    add(folder, names)
    database.spoil(folder.path, sha256_hex(names.read_bytes()), b"{}")

    with pytest.raises(LedgerError, match="the file was changed after it was kept"):
        add(folder, file(tmp_path, "night.json", county_json(MAYOR)))


def test_a_file_that_brings_nothing_new_leaves_no_event(folder, tmp_path):
    """And says in which event it stands."""
    source = file(tmp_path, "night.json", county_json(MAYOR))
    add(folder, source)
    head = folder.ledger().head
    [again] = add(folder, source)

    assert (again.skipped, again.events, folder.ledger().head) == ("already in the record as event 2; nothing changes", 0, head)


def test_options_that_change_the_reading_are_followed(folder, tmp_path):
    """The same bytes as the certified count are a release of their own; a third time they are not."""
    source = file(tmp_path, "night.json", county_json(MAYOR))
    add(folder, source)
    [certified] = add(folder, source, status=ResultsStatus.CERTIFIED)
    [again] = add(folder, source, status=ResultsStatus.CERTIFIED)

    assert [body["status"] for body in bodies(folder, EventKind.RELEASE)] == ["unofficial_partial", "certified"]
    assert (certified.events > 0, again.events) == (True, 0)


# -- times ---------------------------------------------------------------------------------------------------------------------------


def reading(*hours_after: float | None) -> Reading:
    releases = tuple(make.release([], published_at=None if hours is None else make.hours(hours)) for hours in hours_after)
    return Reading(feed="test", releases=releases)


def test_live_everything_is_known_from_now():
    """Whatever the file prints."""
    times = Times(NOW, backfill=False, name="f")

    assert (times.of(make.NIGHT), times.of(None), times.earliest(reading(1))) == (NOW, NOW, NOW)


def test_backfilled_everything_is_known_from_its_time():
    """The capture from the first of them."""
    times = Times(NOW, backfill=True, name="f")

    assert (times.of(make.hours(3)), times.earliest(reading(5, 3, None))) == (make.hours(3), make.hours(3))


def test_a_backfilled_fact_needs_a_time():
    """With the option that gives it."""
    with pytest.raises(UsageError) as error:
        Times(NOW, backfill=True, name="night.csv").of(None)

    assert str(error.value) == (
        "night.csv: the file does not say when its counts are from.\nGive the time: --published-at 2017-04-14T17:00-07:00"
    )


def test_a_refused_file_leaves_no_event(folder, tmp_path):
    """The transaction is undone as a whole."""
    with pytest.raises(UsageError):
        add(folder, file(tmp_path, "night.csv", table("MAYOR,all,total,Ann,10")), backfill=True)

    assert len(folder.ledger()) == 1


# -- releases ------------------------------------------------------------------------------------------------------------------------


def test_a_release_after_another_in_the_same_second_takes_its_place(folder, tmp_path):
    """Two undated tables in one command: the second is the current count, and nothing is out of order."""
    first, second = (file(tmp_path, f"{n}.csv", table(f"MAYOR,all,total,Ann,{n}0", f"MAYOR,all,total,Bo,{n}5")) for n in (1, 2))
    _, added = add(folder, first, second, source="The county")

    assert [finding.check for finding in added.findings] == []


def test_two_releases_in_one_file_are_compared_with_each_other(folder, tmp_path):
    """A fall between them is found."""
    rows = ["2022-11-08T21:00:00-08:00,MAYOR,Ann,10", "2022-11-08T22:00:00-08:00,MAYOR,Ann,7"]
    [added] = add(folder, file(tmp_path, "all.csv", table(*rows, header="released_at,contest,option,votes")), source="The county")

    assert "Ann falls from 10 to 7 votes (-3)." in [finding.problem for finding in added.findings]


def test_a_file_of_another_election_is_recorded_and_holds_publication(folder, tmp_path):
    """Nothing in it is followed: the bytes are kept, no count is made, a person is asked."""
    [added] = add(folder, file(tmp_path, "other.csv", table("SHERIFF,all,total,Cy,1")))

    assert ("nothing_followed", "hold_publication") in {(finding.check, finding.severity) for finding in added.findings}
    assert bodies(folder, EventKind.RELEASE)[0]["contests"] == {}


# -- two desks -----------------------------------------------------------------------------------------------------------------------


def test_two_desks_that_add_the_same_file_record_it_once(folder, tmp_path):
    """Whoever comes second finds it there."""
    source = file(tmp_path, "night.json", county_json(MAYOR))
    start = threading.Barrier(4)
    said: list[str] = []

    def one_desk() -> None:
        start.wait()
        said.extend(added.skipped for added in add(folder, source))

    desks = [threading.Thread(target=one_desk) for _ in range(4)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()

    assert sorted(said) == ["", *["already in the record as event 2; nothing changes"] * 3]
    assert [event.kind for event in folder.ledger()] == [EventKind.OPENED, EventKind.CAPTURE, EventKind.RELEASE]


# -- the machine ---------------------------------------------------------------------------------------------------------------------


def test_somebody_is_always_at_the_desk():
    """A name for the record, even where the machine knows none."""
    assert login_name()


@pytest.mark.parametrize(
    ("name", "written"), [("a.json", "a.json"), ("Ñ.json", "Ñ.json"), ("caf\udce9.json", "caf\N{REPLACEMENT CHARACTER}.json")]
)
def test_a_file_name_can_always_be_written_down(name, written):
    """Bytes that are no UTF-8 are replaced."""
    assert name_of(Path("x") / name) == written


def test_a_size_is_looked_at_before_the_bytes(tmp_path):
    """The limit is on what the disk says."""
    with pytest.raises(BrokenFile) as error:
        read_limited(file(tmp_path, "a.csv", b"12345"), Limits(max_bytes=4))

    assert str(error.value) == (
        f"{tmp_path / 'a.csv'}: the file is 5 bytes; the limit is 4 bytes.\nIf it really is a results file, raise the limit: --max-size 1"
    )
