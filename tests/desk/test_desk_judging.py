"""The record judged in a process of its own: the same view, only what is new on the way, and a desk that outlives that process."""

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from commands import LATER, county_json, file, racecall, recorded
from databases import Database
from desks import NIGHT, Clock, counted, desk_over, words
from racecall.desk.folder import open_folder
from racecall.desk.judging import judge_folder
from racecall.desk.web.accounts import Role
from racecall.desk.web.judged import Judged, Known, judge_record
from racecall.desk.web.kept import Kept
from racecall.desk.workers import Apart, apart


@pytest.fixture
def process() -> Iterator[Apart]:
    """A process beside this one."""
    with apart() as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An election with one count."""
    return counted(tmp_path)


def added(folder: Path, tmp_path: Path) -> None:
    """Record the county's next count."""
    racecall("add", folder, file(tmp_path, "later.json", county_json(LATER, "2022-11-08T21:30:00")), "--backfill")


def known(judged: Judged) -> Known:
    """Return what a desk has after its first look."""
    return Known(events=len(judged.events), head=judged.events[-1].hash, settings=judged.settings)


# -- what travels --------------------------------------------------------------------------------------------------------------------


def test_a_view_comes_back_as_it_was_made(folder: Path, tmp_path: Path):
    """Packed and read again, with the release put back from the record, each contest is what was judged."""
    added(folder, tmp_path)
    opened = open_folder(folder, clock=Clock())
    made = judge_folder(opened, opened.ledger(), NIGHT)

    assert desk_over(folder).desk.now.view == made


def test_what_the_desk_has_is_not_sent_again(folder: Path, tmp_path: Path):
    """After a look only the new events come, and no settings; they follow those that the desk has."""
    first = judge_record(folder, NIGHT, Known())
    added(folder, tmp_path)
    again = judge_record(folder, NIGHT, known(first))

    assert (first.since, len(first.events), again.election) == (0, again.since, None)
    assert (*first.events, *again.events) == open_folder(folder).ledger().events


def test_another_record_is_sent_whole(folder: Path):
    """A desk whose last event is not in the record, because a backup was restored, gets all of it."""
    again = judge_record(folder, NIGHT, Known(events=2, head="f" * 64))

    assert (again.since, again.events) == (0, open_folder(folder).ledger().events)


def test_settings_that_were_edited_are_sent(folder: Path):
    """A title that somebody corrected is on the next view."""
    first = judge_record(folder, NIGHT, Known())
    settings = (folder / "election.toml").read_text(encoding="utf-8")
    (folder / "election.toml").write_text(settings.replace('title = "MAYOR"', 'title = "Mayor of Springfield"'), encoding="utf-8")
    again = judge_record(folder, NIGHT, known(first))

    assert again.election is not None
    assert again.election.contest("mayor").title == "Mayor of Springfield"


# -- a desk beside it ----------------------------------------------------------------------------------------------------------------


def test_what_somebody_records_is_on_their_next_page(folder: Path, process: Apart):
    """The answer to a form waits for the judgement, whoever makes it."""
    served = desk_over(folder, judge=partial(process, judge_record))
    said = {"kind": "outstanding", "ballots": "1,000", "category": "total", "stated_at": "2022-11-08T21:30", "source": "Registrar"}
    with served.person() as editor:
        seen = editor.head()
        answer = editor.send("/contests/mayor/statement", **said, do="record", head=seen)
        page = words(editor.get("/contests/mayor").text)

    assert (answer.status_code, "1,000" in page, served.desk.now.ledger.head == seen) == (303, True, False)


def test_a_call_is_on_the_next_page_of_whoever_made_it(folder: Path, tmp_path: Path, process: Apart):
    """One approves and sees their own proposal; the second approves and sees the call."""
    head = '[[statement]]\ncontest = "mayor"\nstated_at = 2022-11-08T21:30:00-08:00\nsource = "Registrar"\n'
    out = f'{head}kind = "outstanding"\nballots = 10\nincludes_arrivals = true\n{head}kind = "registered"\nballots = 1105\n'
    racecall("add", folder, file(tmp_path, "left.toml", f'racecall = "entry/1"\n{out}'), "--backfill")
    served = desk_over(folder, judge=partial(process, judge_record))
    pages = []
    for name in ("C. One", "D. Two"):
        with served.person(name, Role.CALLER) as caller:
            caller.send("/contests/mayor/decide/ann-lee", kind="approve", reason="Looked.", seen="yes", head=caller.head())
            pages.append(f"{name} : approves the call of ANN LEE" in words(caller.get("/contests/mayor").text))

    assert (pages, served.desk.now.contest("mayor").slots[0].state) == ([True, True], "called")


def test_a_desk_goes_on_when_the_process_that_judges_is_killed(tmp_path: Path, process: Apart, database: Database):
    """The next look is made by another process, and the new count is on the board."""
    del database  # each in turn: the fixture is enough
    folder = recorded(tmp_path)
    served = desk_over(folder, judge=partial(process, judge_record))
    os.kill(process(os.getpid), signal.SIGKILL)
    added(folder, tmp_path)
    change = served.desk.keeper.look()

    assert change is not None
    assert (sorted(change.contests), served.desk.now.trouble) == (["mayor", "measure-a"], "")


def test_a_desk_without_a_process_that_judges_says_how_old_it_is(folder: Path, process: Apart, tmp_path: Path):
    """While each process ends at once the last board stays, with words and its time; the first that lives brings it up to date."""
    ends = False
    served = desk_over(folder, judge=lambda *asked: process(os._exit, 1) if ends else process(judge_record, *asked))
    ends = True
    added(folder, tmp_path)
    with served.person() as person:
        served.clock.later(minutes=5)
        served.desk.keeper.look()
        old, health = words(person.get("/").text), person.get("/health")
        ends = False
        served.desk.keeper.look()
        new = words(person.get("/").text)

    assert "the process that does this work has ended" in old
    assert ("What is shown is from Tue 8 Nov 2022, 22:00 PST." in old, health.status_code, health.json()["seconds_since_judged"]) == (
        True,
        503,
        300.0,
    )
    assert ("has ended" in new, "100" in new) == (False, True)


# -- pages that are kept ---------------------------------------------------------------------------------------------------------------


def test_two_who_ask_at_once_are_given_one_page(folder: Path):
    """The second waits for the first, and nothing is made twice."""
    now, kept, made, begun, go = desk_over(folder).desk.now, Kept(), [], Event(), Event()

    def make() -> str:
        made.append("page")
        begun.set()
        assert go.wait(10)
        return "page"

    threads = [Thread(target=lambda: kept.get(now, "board", make)) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go.set()
    for thread in threads:
        thread.join(10)

    assert made == ["page"]


def test_somebody_slow_does_not_throw_away_the_pages_of_the_last_view(folder: Path, tmp_path: Path):
    """A request that still holds the view before makes its page for itself alone."""
    served, kept = desk_over(folder), Kept()
    before = served.desk.now
    added(folder, tmp_path)
    served.clock.at += timedelta(minutes=1)
    served.desk.keeper.look()
    pages = [kept.get(now, "board", object) for now in (served.desk.now, before, served.desk.now)]

    assert (pages[0] is pages[2], pages[0] is pages[1]) == (True, False)
