"""`racecall check`: from a file, from standard input and from Python, in every format, with the exit codes that a pipeline needs."""

from __future__ import annotations

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

import racecall as package
from commands import BROKEN, FINDINGS, FINE, LATER, PLAIN, USAGE, county_json, demo, file, racecall, recorded
from racecall.cli.main import commands
from racecall.coverage.claims import CheckedStory, Verdict
from stories import EVERY, NIGHT_STORY, WRONG_STORY

LOCAL = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def right(tmp_path: Path) -> Path:
    """A story without a mistake."""
    return file(tmp_path, "right.txt", NIGHT_STORY)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The same with two digits changed about."""
    return file(tmp_path, "wrong.txt", WRONG_STORY)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The demo's election, to be written to."""
    return shutil.copytree(demo(), tmp_path / "election")


# -- what it ends with ---------------------------------------------------------------------------------------------------------------


def test_a_story_without_a_mistake_ends_with_0(right):
    """A pipeline goes on."""
    ran = racecall("check", right, "--in", demo())

    assert (ran.code, ran.out.splitlines()[0]) == (FINE, "No sentence needs a change")


def test_a_wrong_figure_ends_with_1_and_says_the_right_one(wrong):
    """A pipeline stops, and somebody sees both figures."""
    ran = racecall("check", wrong, "--in", demo())

    assert (ran.code, "8,651 votes" in ran.words, "8,156 votes" in ran.words) == (FINDINGS, True, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "which story?"),
        (("story.txt",), "against which election?"),
        (("story.txt", "--in", "nowhere"), "there is no such folder"),
        (("no.txt", "--in", "DEMO"), "there is no such file"),
        (("STORY", "--in", "DEMO", "--format", "pdf"), 'no format "pdf"'),
        (("STORY", "--in", "DEMO", "--contest", "mayor"), "mayor"),
        (("STORY", "--in", "DEMO", "--as-of", "noon"), '"noon" is not a time'),
        (("STORY", "--stale", "DEMO"), "--stale is about the stories that are stored"),
        (("-", "--in", "DEMO", "--watch"), "standard input does not change"),
        (("-", "--in", "DEMO", "--store"), "Save it as a file"),
    ],
)
def test_what_cannot_be_done_ends_with_2(right, words, said):
    """And says what can."""
    ran = racecall("check", *({"STORY": right, "DEMO": demo()}.get(word, word) for word in words))

    assert (ran.code, said in ran.err) == (USAGE, True)


def test_a_story_that_cannot_be_read_ends_with_3(tmp_path):
    """As every source that is broken."""
    ran = racecall("check", file(tmp_path, "a.txt", b""), "--in", demo())

    assert (ran.code, "the file is empty" in ran.err) == (BROKEN, True)


# -- where it comes from, and for when -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_format_can_be_checked(tmp_path, name):
    """Text, HTML, Markdown and Word have the same claim in them."""
    ran = racecall("check", file(tmp_path, name, EVERY[name]), "--in", demo(), "--format", "json")
    shares = [claim for claim in ran.json["claims"] if claim["type"] == "share" and "28" in claim["text"]]

    assert [claim["verdict"] for claim in shares] == ["confirmed"]


def test_standard_input_is_a_story():
    """So that an editor can hand over what is not saved yet."""
    ran = CliRunner(env=PLAIN).invoke(commands_app(), ["check", "-", "--in", str(demo()), "--format", "json"], input=WRONG_STORY.encode())

    assert (ran.exit_code, json.loads(ran.output)["story"]) == (FINDINGS, "standard input")


def commands_app():
    """Return the program as Typer's runner takes it."""
    from racecall.cli.main import app

    assert commands()
    return app


def test_a_story_is_checked_for_when_it_was_published(right):
    """A story of April is not wrong because of June."""
    ran = racecall("check", right, "--in", demo(), "--format", "json")

    assert ran.json["as_of"] == "2017-04-06T06:59:59Z"


def test_it_can_be_checked_for_another_moment(right):
    """The certified count says something else."""
    ran = racecall("check", right, "--in", demo(), "--as-of", "2017-04-20T12:00")

    assert (ran.code, "certified count" in ran.words) == (FINDINGS, True)


def test_a_story_that_says_no_time_is_checked_for_now(tmp_path):
    """What is written now is held against what is known now."""
    ran = racecall("check", file(tmp_path, "a.txt", "Gomez leads\n\nJimmy Gomez had 8,156 votes."), "--in", demo(), "--format", "json")
    age = datetime.now(LOCAL) - datetime.fromisoformat(ran.json["as_of"])

    assert timedelta(0) <= age < timedelta(minutes=5)


def test_python_calls_it_too(wrong):
    """The same values, without a terminal."""
    story = package.check(wrong, str(demo()))

    assert (type(story), {claim.verdict for claim in story.wrong}) == (CheckedStory, {Verdict.CONTRADICTED})


# -- how it is written ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "begins"), [("terminal", "One sentence needs a change"), ("html", "<!doctype html>"), ("json", "{"), ("sarif", "{")]
)
def test_every_format_goes_to_a_file(wrong, tmp_path, format_, begins):
    """An existing file is replaced."""
    racecall("check", wrong, "--in", demo(), "--format", format_, "--out", tmp_path / "out")

    assert (tmp_path / "out").read_text(encoding="utf-8").strip().startswith(begins.strip())


def test_all_shows_what_needs_nothing(right):
    """Each claim with its row."""
    short, long = (racecall("check", right, "--in", demo(), *more).words for more in ((), ("--all",)))

    assert ("8,156 / 28,985" in short, "8,156 / 28,985" in long) == (False, True)


def test_fix_says_what_would_be_right_and_writes_nothing(wrong):
    """The story is the reporter's."""
    ran = racecall("check", wrong, "--in", demo(), "--fix")

    assert ("Say: 8,156" in ran.words, wrong.read_text(encoding="utf-8")) == (True, WRONG_STORY)


def test_sarif_names_the_file_as_a_repository_does(wrong, monkeypatch):
    """The path from where the command runs."""
    monkeypatch.chdir(wrong.parent)
    log = racecall("check", wrong, "--in", demo(), "--format", "sarif").json
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]

    region = place["region"]

    assert (place["artifactLocation"]["uri"], region["startLine"], region["snippet"]["text"]) == (
        "wrong.txt",
        5,
        "8,651 votes",
    )


# -- while somebody writes -----------------------------------------------------------------------------------------------------------


def test_a_watch_ends_with_what_was_found_last(wrong):
    """It looks once at once."""
    ran = racecall("check", wrong, "--in", demo(), "--watch", "--for", "0s")

    assert (ran.code, "One sentence needs a change" in ran.out) == (FINDINGS, True)


def test_a_watch_goes_on_through_a_file_that_is_away(tmp_path):
    """Editors save by putting a new file in the place of the old one."""
    ran = racecall("check", tmp_path / "a.txt", "--in", demo(), "--watch", "--for", "0s")

    assert (ran.code, "there is no such file" in ran.out) == (USAGE, True)


# -- stored stories ------------------------------------------------------------------------------------------------------------------


def test_a_stored_story_is_listed_when_the_record_says_something_else(own, right):
    """With the old value and the new one."""
    stored = racecall("check", right, "--in", own, "--store", "--outlet", "A Paper", "--url", "https://example.org/a")
    ran = racecall("check", "--stale", own, "--as-of", "2017-04-20T12:00")

    assert (stored.code, "is stored as example-org-a" in stored.err) == (FINE, True)
    assert (ran.code, "28.14% → 25.36%" in ran.words, "1 stored story; 1 to be updated." in ran.words) == (FINDINGS, True, True)


def test_a_story_that_still_holds_is_not_listed(own, right):
    """As of the day after, nothing had changed."""
    racecall("check", right, "--in", own, "--store")
    ran = racecall("check", "--stale", own, "--as-of", "2017-04-06T12:00")

    assert (ran.code, ran.words) == (FINE, "1 stored story; 0 to be updated.")


def test_the_list_is_there_for_programs(own, right):
    """A line a story, with both verdicts and their rows."""
    racecall("check", right, "--in", own, "--store", "--title", "Another headline")
    line = racecall("check", "--stale", own, "--format", "json").lines[0]
    votes = next(change for change in line["changes"] if change["text"] == "8,156 votes")

    assert (line["title"], votes["before"]["verdict"], votes["before"]["evidence"][0]["value"]) == ("Another headline", "confirmed", 8156)


@pytest.mark.parametrize("ledger_in", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.usefixtures("ledger_in")
def test_a_story_is_stored_in_either_database(tmp_path):
    """A count of the next hour makes its figure old."""
    made = recorded(tmp_path)
    story = file(tmp_path, "story.txt", "Ann Lee has 600 votes.")
    stored = racecall("check", story, "--in", made, "--as-of", "2022-11-08T21:30", "--store", "--title", "Lee leads")
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-08T22:00:00")), "--backfill")
    ran = racecall("check", "--stale", made, "--as-of", "2022-11-09T12:00")

    assert (stored.code, ran.code, "600 → 800" in ran.words) == (FINE, FINDINGS, True), (stored.err, ran.out)
    assert racecall("verify", made).code == FINE


def test_nothing_stored_is_said(own):
    """And how to change that."""
    ran = racecall("check", "--stale", own)

    assert (ran.code, "No story is stored" in ran.words) == (FINE, True)
