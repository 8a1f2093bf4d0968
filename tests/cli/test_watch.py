"""`racecall watch` and `racecall rehearse`: what they print, in which order, and what they end with."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands import (
    BROKEN,
    FINDINGS,
    FINE,
    LATER,
    USAGE,
    command,
    county_json,
    election,
    events,
    file,
    files_of,
    racecall,
    recorded,
    surroundings,
    votes_of,
)
from racecall.cli.common import parse_duration
from racecall.desk.sitefolder import SiteFolder
from racecall.errors import UsageError
from web import Web, answer, serving

PAGES = Path(__file__).resolve().parents[2] / "docs" / "commands"
TIME = r"^\d\d:\d\d:\d\d  "


@pytest.fixture
def web() -> Iterator[Web]:
    """A server that does as it is told."""
    with serving() as made:
        yield made


def watched(folder: Path, url: str, *, rehearsal: bool = False) -> Path:
    """An election of two contests with a source."""
    made = election(folder)
    settings = (made / "election.toml").read_text()
    mark = "rehearsal = true\n" if rehearsal else ""
    source = f'\n[[sources]]\nname = "county"\nurl = "{url}"\nevery_seconds = 1\n'
    file(made, "election.toml", settings.replace("[election]\n", f"[election]\n{mark}", 1) + source)
    return made


def stops_the_watch(_: object) -> None:
    """What a server does with the last request of a watch: however slow the machine is, it was asked that often."""
    os.kill(os.getpid(), signal.SIGTERM)


# -- watch -------------------------------------------------------------------------------------------------------------------------


def test_a_count_is_one_line(web, tmp_path):
    """The time, the source, what came and what it added."""
    made = watched(tmp_path, web.will(answer(county_json())))
    ran = racecall("watch", made, "--once")

    assert (ran.code, ran.err) == (FINE, "")
    assert re.fullmatch(TIME + r"county: 1 release, 2 contests, 2,050 votes \(\+2,050\)\n", ran.out)


def test_nothing_new_is_no_line(web, tmp_path):
    """A quiet night is quiet; what was read from the file before is not read again."""
    made = watched(tmp_path, web.will(answer(county_json())))
    racecall("watch", made, "--once")

    assert racecall("watch", made, "--once").out == ""


def test_findings_stand_below_the_line(web, tmp_path):
    """As below a file that was added, and the exit code says so."""
    made = watched(tmp_path, web.will(answer(county_json(LATER)), answer(county_json(at="2022-11-08T22:00:00"))))
    racecall("watch", made, "--once")
    ran = racecall("watch", made, "--once")

    assert ran.code == FINDINGS
    assert "1 release, 2 contests, 2,050 votes (-1,040); 5 findings" in ran.out
    assert "holds calls ANN LEE falls from 800 to 600 votes (-200)." in ran.words


def test_trouble_is_said_and_is_the_exit_code(web, tmp_path):
    """Nothing is recorded, and nothing is lost."""
    made = watched(tmp_path, web.will(answer(status=503)))
    ran = racecall("watch", made, "--once")

    assert ran.code == BROKEN
    assert f"county: trouble: 127.0.0.1:{web.port} is overloaded, or closed for work (status 503): {web.url()}" in ran.words


def test_the_same_trouble_is_said_once(web, tmp_path):
    """Until something else happens."""
    made = watched(tmp_path, web.will(answer(b"<html>no"), answer(b"<html>no"), stops_the_watch))
    ran = racecall("watch", made)

    assert (ran.code, ran.out.count("trouble"), len(web.asked)) == (BROKEN, 1, 3)


def test_every_poll_is_one_json_object(web, tmp_path):
    """And its page explains every name in it."""
    made = watched(tmp_path, web.will(answer(county_json())))
    [first] = racecall("watch", made, "--once", "--json").lines
    [again] = racecall("watch", made, "--once", "--json").lines
    page = (PAGES / "watch.md").read_text(encoding="utf-8")
    documented = {name for cell in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", page, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)}

    assert (first["kind"], first["votes_added"], first["feed"], first["events"]) == ("added", 2050, "la_county_json", 3)
    assert (again["kind"], again["sha256"], again["rehearsal"]) == ("unchanged", "", False)
    assert sorted({*first, *again} - documented) == []


def test_who_watches_is_in_the_record(web, tmp_path):
    """The name given, as with add."""
    made = watched(tmp_path, web.will(answer(county_json())))
    racecall("watch", made, "--once", "--by", "Night desk")

    assert events(made)[-1]["actor"] == "Night desk"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_watch_and_leaves_the_record_whole(web, tmp_path, number):
    """Also while a server keeps it waiting."""
    made = watched(tmp_path, web.will(answer(county_json()), lambda _: time.sleep(3)))
    process = subprocess.Popen(command("watch", made), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings())
    deadline = time.monotonic() + 60
    while len(web.asked) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)

    assert (process.returncode, err.decode(), b"2,050 votes" in out) == (FINE, "Stopped.\n", True)
    assert racecall("verify", made).code == FINE


def test_no_source_is_a_mistake_of_usage(tmp_path):
    """And the message says what to write where."""
    ran = racecall("watch", election(tmp_path), "--once")

    assert ran.code == USAGE
    assert "there is no [[sources]] table, so there is nothing to watch.\nAdd one, e.g. [[sources]] name" in ran.err


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("4h", 14400), (" 2 d ", 172800)])
def test_lengths_of_time(text, seconds):
    """A number and a letter."""
    assert parse_duration(text).total_seconds() == seconds


@pytest.mark.parametrize("text", ["", "90", "1h30m", "soon", "-5m", "9999999s"])
def test_what_is_no_length_of_time(text):
    """And what one looks like."""
    with pytest.raises(UsageError, match=r"is no length of time\.") as error:
        parse_duration(text)

    assert "90s, 30m, 4h" in str(error.value)


# -- the site ----------------------------------------------------------------------------------------------------------------------


def test_a_new_count_is_on_the_site_after_the_poll(web, tmp_path):
    """And the line says what was made."""
    made = watched(tmp_path, web.will(answer(county_json())))
    ran = racecall("watch", made, "--once", "--publish", tmp_path / "site")

    assert (ran.code, "1,100" in (tmp_path / "site" / "c" / "mayor" / "index.html").read_text()) == (FINE, True)
    assert re.search(TIME + r"site: version 1, 2 contests changed, \d+ files$", ran.out.splitlines()[1])


def test_nothing_new_is_no_publication(web, tmp_path):
    """No line, and no file is touched."""
    made = watched(tmp_path, web.will(answer(county_json())))
    racecall("watch", made, "--once", "--publish", tmp_path / "site")
    before = files_of(tmp_path / "site")

    assert racecall("watch", made, "--once", "--publish", tmp_path / "site").out == ""
    assert files_of(tmp_path / "site") == before


def test_what_another_command_recorded_is_published_with_the_next_poll(web, tmp_path):
    """A decision of the desk is on the site as soon as a count would be."""
    made = watched(tmp_path, web.will(answer(county_json())))
    racecall("watch", made, "--once", "--publish", tmp_path / "site")
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")

    assert "site: version 2, 2 contests changed" in racecall("watch", made, "--once", "--publish", tmp_path / "site").out


def test_a_publication_is_an_object_of_its_own(web, tmp_path):
    """With the names of `racecall publish --json`."""
    made = watched(tmp_path, web.will(answer(county_json())))
    _, done = racecall("watch", made, "--once", "--publish", tmp_path / "site", "--json").lines
    alone = racecall("publish", made, "--out", tmp_path / "site", "--json").json

    assert (set(done), done["version"], done["changed"]) == (set(alone), 1, ["mayor", "measure-a"])


def test_a_site_that_cannot_be_published_does_not_end_the_watch(web, tmp_path):
    """Every count is recorded, the trouble is said once, and the site is tried again after each poll."""
    later = answer(county_json(LATER, "2022-11-08T22:00:00"))
    made = watched(tmp_path, web.will(answer(county_json()), later, stops_the_watch))
    (tmp_path / "site").mkdir()
    with SiteFolder(tmp_path / "site").locked():
        ran = racecall("watch", made, "--publish", tmp_path / "site")
    web.will(later)
    after = racecall("watch", made, "--once", "--publish", tmp_path / "site")

    assert (ran.code, ran.out.count("1 release"), ran.out.count("site: trouble: ")) == (BROKEN, 2, 1)
    assert "another process is publishing here." in ran.words
    assert (after.code, "site: version 1, 2 contests changed" in after.out) == (FINE, True)


def test_a_finding_that_holds_is_said_and_is_the_exit_code(web, tmp_path):
    """The page keeps the count before."""
    made = watched(tmp_path, web.will(answer(county_json(LATER)), answer(county_json(at="2022-11-08T22:00:00"))))
    racecall("watch", made, "--once", "--publish", tmp_path / "site")
    ran = racecall("watch", made, "--once", "--publish", tmp_path / "site")

    assert (ran.code, "site: version 2" in ran.out) == (FINDINGS, True)


def test_a_rehearsal_is_not_published_by_a_watch_either(web, tmp_path):
    """And that is said before the first poll."""
    made = watched(tmp_path, web.will(answer(county_json())), rehearsal=True)
    ran = racecall("watch", made, "--once", "--publish", tmp_path / "site")

    assert (ran.code, web.asked, (tmp_path / "site").exists()) == (USAGE, [], False)
    assert "a rehearsal is never published." in ran.err


def test_the_language_of_no_site(web, tmp_path):
    """Options that would do nothing are refused."""
    made = watched(tmp_path, web.will(answer(county_json())))
    ran = racecall("watch", made, "--once", "--address", "https://results.example.org/")

    assert (ran.code, "Add --publish SITE." in ran.err) == (USAGE, True)


# -- rehearsals --------------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_says_so_everywhere(web, tmp_path):
    """Above every page, and in every object."""
    served = answer(county_json(), X_Racecall_Rehearsal="2022-11-09T05:00:00Z")
    made = watched(tmp_path, web.will(served), rehearsal=True)
    mark = "REHEARSAL: a recorded night played again. Nothing here is a count of today."
    pages = [racecall("watch", made, "--once"), racecall("status", made), racecall("replay", made)]
    objects = [racecall(name, made, "--json").lines[0] for name in ("status", "replay")]

    assert [mark in page.out for page in pages] == [True] * 3
    assert [made_of["rehearsal"] for made_of in objects] == [True] * 2
    assert racecall("watch", made, "--once", "--json").lines[0]["rehearsal"]


def test_a_rehearsals_now_is_the_nights(web, tmp_path):
    """The status is of the last moment that came in, not of years later."""
    served = answer(county_json(), X_Racecall_Rehearsal="2022-11-09T05:00:00Z")
    made = watched(tmp_path, web.will(served), rehearsal=True)
    racecall("watch", made, "--once")

    assert racecall("status", made, "--contest", "mayor", "--json").json["as_of"] == "2022-11-09T05:00:00Z"


def test_an_election_that_is_fed_a_rehearsal_is_held(web, tmp_path):
    """No count, a finding, and exit codes that a script notices."""
    served = answer(county_json(), X_Racecall_Rehearsal="2022-11-09T05:00:00Z")
    made = watched(tmp_path, web.will(served))
    ran = racecall("watch", made, "--once")
    shown = racecall("status", made, "--contest", "mayor", "--json")

    assert (ran.code, shown.code, votes_of(shown.json)) == (BROKEN, FINDINGS, {})
    assert ("holds publication" in ran.words, shown.json["rehearsal"]) == (True, False)


def test_a_rehearsal_says_what_it_serves(tmp_path):
    """And what to put into election.toml."""
    ran = racecall("rehearse", recorded(tmp_path), "--port", "0", "--for", "0s")

    assert ran.code == FINE
    assert "1 file of 0.0 hours, played in 0.0 minutes; Ctrl-C ends it." in ran.out
    assert '[[sources]]\nname = "la-county-json"\nurl = "http://127.0.0.1:' in ran.out


def test_a_folder_to_rehearse_in_is_made(tmp_path):
    """An election like the recorded one, with the mark."""
    ran = racecall("rehearse", recorded(tmp_path), "--port", "0", "--for", "0s", "--into", tmp_path / "practice")
    settings = (tmp_path / "practice" / "election.toml").read_text()

    assert f"Made {tmp_path / 'practice'}. In another window: racecall watch" in ran.words
    assert ("rehearsal = true\n" in settings, settings.count("[[contest]]")) == (True, 2)
    assert racecall("status", tmp_path / "practice").code == FINE


def test_the_two_commands_work_together(tmp_path):
    """Two processes, one night of no length."""
    source = recorded(tmp_path)
    served = subprocess.Popen(
        command("rehearse", source, "--port", "0", "--into", tmp_path / "practice"), stdout=subprocess.PIPE, env=surroundings()
    )
    assert served.stdout is not None
    assert any(line.startswith(b"Made ") for line in served.stdout)
    ran = racecall("watch", tmp_path / "practice", "--for", "1s", "--json")
    served.send_signal(signal.SIGTERM)
    served.communicate(timeout=60)

    assert (served.returncode, [json.loads(line)["kind"] for line in ran.out.splitlines()][:1]) == (FINE, ["added"])


def test_nothing_to_rehearse(tmp_path):
    """A folder that is not there."""
    ran = racecall("rehearse", tmp_path / "nowhere")

    assert (ran.code, "there is no such folder." in ran.err) == (USAGE, True)
