"""A recorded night served again: in its order, at its offsets, at any speed, and never without its mark."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from commands import NIGHT, county_json, demo, file, recorded
from racecall.desk.fetching import Answer, Kept, Outcome, Request, fetch
from racecall.desk.folder import open_folder
from racecall.desk.rehearsing import Recording, Stage, named_time, read_recording, rehearsal_folder
from racecall.desk.watching import World, watch
from racecall.errors import SourceError, UsageError
from racecall.ledger.records import read_records
from racecall.model.source import Source

ZONE = "America/Los_Angeles"
BEGAN = datetime(2022, 11, 9, 4, 0, tzinfo=UTC)


class Hand:
    """A clock that is turned by hand [seconds]."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def __call__(self) -> float:
        return self.elapsed


@pytest.fixture
def night(tmp_path) -> Path:
    """Three files: at the closing of the polls, half an hour and an hour later."""
    folder = tmp_path / "night"
    folder.mkdir()
    for number, name in enumerate(("2022-11-08T200000", "2022-11-08T203000", "2022-11-08T210000"), 1):
        votes = {title: {option: number * int(count or 0) for option, count in options.items()} for title, options in NIGHT.items()}
        file(folder, f"{name}.json", county_json(votes, f"{name[:13]}:{name[13:15]}:00"))
    file(folder, "README.md", "A night.")
    return folder


@contextmanager
def played(recording: Recording, hand: Hand, speed: float = 60) -> Iterator[Stage]:
    """Serve a recording while the block lasts."""
    with Stage(recording, elapsed=hand, speed=speed) as stage:
        thread = Thread(target=stage.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield stage
        stage.shutdown()
        thread.join(5)


def ask(stage: Stage, path: str = "results", kept: Kept | None = None) -> Answer:
    url = f"http://127.0.0.1:{stage.server_port}/{path}"
    return fetch(Request(source=Source(name="r", url=url), address=url, kept=kept or Kept()))


# -- reading -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "moment"),
    [
        ("2022-11-09T083136.json.gz", datetime(2022, 11, 9, 16, 31, 36, tzinfo=UTC)),
        ("results_20221109_0831.csv", datetime(2022, 11, 9, 16, 31, tzinfo=UTC)),
        ("2022-11-09T08:31:36Z", datetime(2022, 11, 9, 8, 31, 36, tzinfo=UTC)),
        ("2022-13-09T083136.json", None),
        ("results.json", None),
    ],
)
def test_a_name_may_have_a_time(name, moment):
    """The county's, unless it ends in Z."""
    assert named_time(name, ZoneInfo(ZONE)) == moment


def test_files_are_played_in_the_order_of_their_names_times(night):
    """What has no time in its name is left out, where others have."""
    recording = read_recording(night, ZONE)

    assert (recording.files, recording.began, recording.ended - recording.began) == (3, BEGAN, timedelta(hours=1))


def test_files_without_times_go_by_when_they_were_written(tmp_path):
    """Better than nothing, and no better than the clock that wrote them."""
    import os

    for seconds, name in ((30, "b.csv"), (10, "a.csv")):
        os.utime(file(tmp_path, name, name), (seconds, seconds))
    recording = read_recording(tmp_path, ZONE)

    assert [frame.name for frame in recording.streams[0].frames] == ["a.csv", "b.csv"]


def test_an_election_is_played_by_its_captures(tmp_path):
    """One address a format, at the times at which they became known."""
    recording = read_recording(recorded(tmp_path), ZONE)

    assert [(stream.path, len(stream.frames)) for stream in recording.streams] == [("la-county-json", 1)]
    assert recording.began == datetime(2022, 11, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_nothing_can_be_played_of_nothing(tmp_path, name):
    """No folder, or no file in it."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(UsageError):
        read_recording(tmp_path / name, ZONE)


# -- serving -----------------------------------------------------------------------------------------------------------------------


def test_each_file_is_served_from_its_moment_on(night):
    """Sixty minutes of the night in one."""
    hand = Hand()
    names = []
    with played(read_recording(night, ZONE), hand) as stage:
        for hand.elapsed in (0, 29, 30, 59, 60, 1000):
            fetched = ask(stage).fetched
            assert fetched is not None
            names.append(fetched.rehearsal)

    assert names == [f"2022-11-09T{time}:00Z" for time in ("04:00", "04:00", "04:30", "04:30", "05:00", "05:00")]


def test_what_is_served_is_what_was_recorded(night):
    """To the byte; the mark is beside it."""
    with played(read_recording(night, ZONE), Hand()) as stage:
        got = ask(stage)

    assert got.body == (night / "2022-11-08T200000.json").read_bytes()
    assert got.fetched is not None
    assert got.fetched.content_type == "application/json"


def test_a_file_is_sent_once(night):
    """The stage knows conditions."""
    with played(read_recording(night, ZONE), Hand()) as stage:
        first = ask(stage).fetched
        assert first is not None
        again = ask(stage, kept=Kept(etag=first.etag))

    assert again.outcome is Outcome.NOT_MODIFIED


def test_nothing_else_is_served(night):
    """No other path leads to a file, and what is wrong is said with the mark on it."""
    with played(read_recording(night, ZONE), Hand()) as stage:
        words = [ask(stage, path).words for path in ("", "../README.md", "README.md", "results/../README.md")]

    assert all("has no such file (status 404)" in said for said in words)


def test_a_port_that_is_taken_is_said(night):
    """And what to do."""
    recording = read_recording(night, ZONE)

    with played(recording, Hand()) as stage, pytest.raises(UsageError, match="cannot be used"):
        Stage(recording, elapsed=Hand(), speed=1, port=stage.server_port)


# -- from beginning to end -----------------------------------------------------------------------------------------------------------


class Evening:
    """One clock for the stage and for the watch, turned by those who sleep."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand

    def clock(self) -> datetime:
        return datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(seconds=self.hand.elapsed)

    def sleep(self, seconds: float) -> None:
        self.hand.elapsed += seconds


def rehearse(recording: Recording, recorded_in: Path, into: Path, seconds: int) -> Path:
    """Serve a recording, make a folder for it, and watch it for some seconds that pass in no time."""
    hand = Hand()
    evening = Evening(hand)
    with played(recording, hand) as stage:
        rehearsal_folder(into, recording, recorded_in, recording.sources(stage.server_port, 60), ZONE)
        world = World(fetch=fetch, sleep=evening.sleep, clock=evening.clock, actor="A test")
        list(watch(into, world, lasting=timedelta(seconds=seconds)))
    return into


def test_a_night_is_rehearsed_from_a_folder_of_files(night, tmp_path):
    """Every count comes in at the time of the night, from files that name the contests themselves."""
    made = rehearse(read_recording(night, ZONE), night, tmp_path / "practice", 62)
    folder = open_folder(made)
    records = read_records(folder.ledger())

    assert folder.election.rehearsal
    assert [release.at for release in records.releases] == [BEGAN, BEGAN + timedelta(minutes=30), BEGAN + timedelta(hours=1)]
    assert records.counts("mayor")[-1][1].total == 3 * 1_100


def test_what_was_rehearsed_can_be_rehearsed(night, tmp_path):
    """The folder of a rehearsal is a recording like any other."""
    first = rehearse(read_recording(night, ZONE), night, tmp_path / "practice", 62)
    again = rehearse(read_recording(first, ZONE), first, tmp_path / "again", 62)
    told = [read_records(open_folder(made).ledger()).counts("mayor") for made in (first, again)]

    assert [[count.votes for _, count in counts] for counts in told] == [[count.votes for _, count in told[0]]] * 2


def test_no_mark_is_lost_when_the_settings_are_changed(night, tmp_path):
    """Taking rehearsal = true out of election.toml makes no election of it."""
    made = rehearse(read_recording(night, ZONE), night, tmp_path / "practice", 5)
    settings = (made / "election.toml").read_text()
    (made / "election.toml").write_text(settings.replace("rehearsal = true\n", ""))
    folder = open_folder(made)

    assert (folder.election.rehearsal, folder.ledger().was_rehearsed) == (False, True)


def test_a_recording_that_cannot_be_read_makes_no_folder(tmp_path):
    """The message says how to make one."""
    night = tmp_path / "night"
    night.mkdir()
    file(night, "2022-11-08T200000.bin", b"\0\1")
    recording = read_recording(night, ZONE)

    with pytest.raises(SourceError, match="Make the election yourself"):
        rehearsal_folder(tmp_path / "practice", recording, night, (), ZONE)
    assert not (tmp_path / "practice").exists()


def test_the_demo_is_a_recording_too(tmp_path):
    """Its settings go along: contests, calendar, the closing of the polls."""
    recording = read_recording(demo(), ZONE)
    made = rehearsal_folder(tmp_path / "practice", recording, demo(), recording.sources(8765, 60), ZONE)
    original = open_folder(demo()).election

    assert [contest.id for contest in made.election] == [contest.id for contest in original]
    assert (made.election.calendar, made.election.polls_close) == (original.calendar, original.polls_close)
    assert [source.name for source in made.election.sources] == ["hand"]


@pytest.mark.shared
def test_los_angeles_in_november_2022(shared, tmp_path):
    """Fifteen files of four weeks, played in half a minute: the last count of the mayor comes out."""
    night = tmp_path / "night"
    night.mkdir()
    for source in sorted((shared / "feeds" / "la-lavote-json").glob("2022-*.gz")):
        (night / source.name).symlink_to(source.resolve())
    recording = read_recording(night, ZONE)
    hand = Hand()
    evening = Evening(hand)
    with played(recording, hand, speed=100_000) as stage:
        made = rehearsal_folder(tmp_path / "la", recording, night, recording.sources(stage.server_port, 100_000), ZONE)
        list(watch(made.path, World(fetch=fetch, sleep=evening.sleep, clock=evening.clock, actor="A test"), lasting=timedelta(seconds=30)))
    mayor = read_records(open_folder(made.path).ledger()).counts("los-angeles-city-general-municipal-election-mayor")
    assert len(mayor) > 5
    assert sorted(mayor[-1][1].votes.values()) == [420_030, 509_944]
