"""`racecall publish`: an election becomes a site, of which only what changed is written again, and which is whole whenever it is killed."""

import json
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from commands import (
    BROKEN,
    FINDINGS,
    FINE,
    LATER,
    NIGHT,
    USAGE,
    Ran,
    command,
    county_json,
    demo,
    file,
    files_of,
    racecall,
    recorded,
    surroundings,
)
from racecall.desk.publishing import owner_of
from racecall.publish.site.outlines import write_shapes

WAIT = 60
"""Longest wait for a command [seconds]."""


def publish(folder: Path, out: Path, *words: object) -> Ran:
    return racecall("publish", folder, "--out", out, *words)


def pointer(site: Path, contest: str = "") -> dict:
    return json.loads((site / (f"c/{contest}/latest.json" if contest else "latest.json")).read_text())


def add_later(folder: Path, votes=LATER) -> None:
    """Record the county's next count."""
    source = file(folder.parent, "later.json", county_json(votes, "2022-11-09T17:00:00"))
    assert racecall("add", folder, source, "--backfill").code == FINE


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """An election of two contests with one count, and its site."""
    folder = recorded(tmp_path_factory.mktemp("publish"))
    ran = publish(folder, folder.parent / "site")
    assert ran.code == FINE, ran.err
    return folder.parent


@pytest.fixture
def place(first, tmp_path) -> Path:
    """A copy of one's own: `election` and `site`."""
    return shutil.copytree(first, tmp_path / "own")


# -- what is there -------------------------------------------------------------------------------------------------------------------


def test_what_happened_is_told_in_every_language(place):
    """Each language has its feeds, and they say the same in their own words; programs read one JSON."""
    assert publish(place / "election", place / "other", "--address", "https://results.example.org/").code == FINE

    made = {path.relative_to(place / "other").parent.as_posix(): path.read_text() for path in (place / "other").glob("**/alerts.atom")}

    assert {folder for folder in made if "/" not in folder} == {".", "es", "ko"}
    assert ["first count" in made["."], "primer conteo" in made["es"], "첫 개표 발표" in made["ko"]] == [True, True, True]


def test_every_link_leads_somewhere_in_every_language(place):
    """A page in Spanish leads to no file that was made in English alone."""
    site = place / "site"
    links = {
        (page.parent / link.split("#")[0]).resolve()
        for page in site.rglob("*.html")
        for link in re.findall(r'href="([^"#:]+)', page.read_text())
    }

    assert sorted(link for link in links if not link.is_file()) == []


def test_a_published_site_verifies_against_its_record(place):
    """Every file is in the manifest, and every figure is the record's."""
    ran = racecall("verify", place / "site", "--ledger", place / "election", "--json")

    assert (ran.code, ran.json["differences"], ran.json["figures"]) == (FINE, [], 4)


def test_the_demo_verifies_too():
    """Two rounds, with every release, statement and claim."""
    ran = racecall("verify", demo().parent / "site", "--ledger", demo(), "--json")

    assert (ran.code, ran.json["differences"]) == (FINE, [])


def test_a_contest_has_a_page_a_pointer_its_state_and_its_counts(place):
    """And a page for each release."""
    files = {name for name in files_of(place / "site") if "mayor" in name}

    assert files >= {
        "c/mayor/index.html",
        "c/mayor/latest.json",
        "c/mayor/at/1/index.html",
        "c/mayor/openelections.csv",
        "c/mayor/nist-1.json",
        "v/1/state/mayor.json",
    }


def test_the_state_file_is_what_the_status_says(place):
    """Name for name, as of the moment the count became known."""
    said = json.loads((place / "site" / "v/1/state/mayor.json").read_text())
    [status] = racecall("status", place / "election", "--contest", "mayor", "--as-of", said["as_of"], "--json").lines

    assert said == status


def test_every_file_may_be_read_by_a_web_server_of_another_user(place):
    """A temporary file belongs to its owner alone; a published one does not."""
    closed = [str(path) for path in (place / "site").rglob("*") if path.is_file() and not path.stat().st_mode & 0o004]

    assert closed == []


# -- only what changed ---------------------------------------------------------------------------------------------------------------


def test_nothing_new_writes_nothing(place):
    """The version stays."""
    before = {path: path.stat().st_mtime_ns for path in (place / "site").rglob("*")}
    ran = publish(place / "election", place / "site", "--json")

    assert (ran.json["version"], ran.json["written"]) == (1, 0)
    assert {path: path.stat().st_mtime_ns for path in (place / "site").rglob("*")} == before


def test_a_contest_that_nothing_was_said_about_keeps_its_page(place):
    """The other one has a new version, a pointer to it, and a patch from the one before."""
    untouched = (place / "site/c/measure-a/index.html").read_bytes()
    add_later(place / "election", {"MAYOR": LATER["MAYOR"]})
    ran = publish(place / "election", place / "site", "--json")

    assert ran.json["changed"] == ["mayor"]
    assert (pointer(place / "site", "mayor")["from"], pointer(place / "site", "mayor")["patches"]["en"]) == (1, "v/2/mayor.json")
    assert (place / "site/c/measure-a/index.html").read_bytes() == untouched
    assert racecall("verify", place / "site", "--ledger", place / "election").code == FINE


def test_a_version_is_never_written_twice(place):
    """What lies under v/1 stays as it was."""
    before = files_of(place / "site" / "v" / "1")
    add_later(place / "election")
    publish(place / "election", place / "site")

    assert (files_of(place / "site" / "v" / "1"), pointer(place / "site")["version"]) == (before, 2)


def test_the_as_of_page_of_an_earlier_release_stays_as_it_was(place):
    """A link to it shows what was shown."""
    before = (place / "site/c/mayor/at/1/index.html").read_bytes()
    add_later(place / "election")
    publish(place / "election", place / "site")

    assert (place / "site/c/mayor/at/1/index.html").read_bytes() == before
    assert (place / "site/c/mayor/at/2/index.html").is_file()


def test_a_language_that_is_given_up_goes(place):
    """Its pages are removed, and the site verifies."""
    publish(place / "election", place / "two", "--language", "en", "--language", "es")
    before = {path for path in files_of(place / "two") if path.startswith("es/")}
    ran = publish(place / "election", place / "two", "--language", "en")

    assert {"es/index.html", "es/c/mayor/index.html", "es/embed/mayor.html"} <= before
    assert [path for path in files_of(place / "two") if path.startswith("es/")] == []
    assert (ran.code, racecall("verify", place / "two").code) == (FINE, FINE)


def test_a_contest_that_is_given_up_goes(place):
    """Its pages, widgets and cards are removed; what earlier versions said of it stays."""
    settings = place / "election/election.toml"
    first, *contests = settings.read_text().split("[[contest]]")
    settings.write_text("[[contest]]".join([first, *(one for one in contests if 'id = "mayor"' not in one)]))
    ran = publish(place / "election", place / "site")

    left = [path for path in files_of(place / "site") if "mayor" in path]
    assert (ran.code, [path for path in left if not path.startswith("v/1/")]) == (FINE, [])
    assert racecall("verify", place / "site").code == FINE


@pytest.mark.parametrize("path", ["c/mayor/index.html", "es/embed/mayor.html", "index.html", "v/1/state/mayor.json"])
@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(file.read_bytes()[:9]), lambda file: file.unlink()], ids=["cut", "gone"])
def test_a_damaged_file_is_made_again(place, path, damage):
    """A power failure leaves files cut short or missing; the next publication looks at the size of every one."""
    damage(place / "site" / path)
    ran = publish(place / "election", place / "site")

    assert (ran.code, racecall("verify", place / "site", "--ledger", place / "election").code) == (FINE, FINE)


def test_only_the_contest_of_a_damaged_file_is_made_again(place):
    """The other one keeps its version."""
    (place / "site/c/mayor/index.html").unlink()

    assert publish(place / "election", place / "site", "--json").json["changed"] == ["mayor"]


def test_a_map_that_is_added_makes_pages_anew(place):
    """A page rests on its map, which is no event of the record."""
    file(place / "election", "shapes.json", write_shapes({}).decode())

    assert publish(place / "election", place / "site", "--json").json["changed"] == ["mayor", "measure-a"]


@pytest.mark.parametrize(
    ("path", "contest"),
    [
        ("c/seat-2/index.html", "seat-2"),
        ("es/c/seat-2/at/1/index.html", "seat-2"),
        ("embed/seat-2.html", "seat-2"),
        ("ko/embed/seat-2.html", "seat-2"),
        ("card/seat-2-1.svg", "seat-2"),
        ("es/card/seat-2-11.svg", "seat-2"),
        ("v/3/es/seat-2.json", "seat-2"),
        ("v/3/state/seat-2.json", "seat-2"),
        ("embed/embed-parent.js", ""),
        ("es/index.html", ""),
        ("static/live-0a1b2c3d4e.js", ""),
    ],
)
def test_a_file_has_one_contest_or_none(path, contest):
    """A widget has no number of a place, also when the contest's id ends with a number."""
    assert owner_of(path) == contest


def test_a_preview_says_what_would_change_and_writes_nothing(place):
    """Votes and places, before and after."""
    add_later(place / "election", {"MAYOR": LATER["MAYOR"]})
    before = files_of(place / "site")
    ran = publish(place / "election", place / "site", "--preview")

    assert ran.words == "MAYOR: 1,100 -> 1,700 votes: ann-lee leading, as before."
    assert files_of(place / "site") == before


def test_a_preview_of_nothing_says_so(place):
    """No contest would change."""
    assert publish(place / "election", place / "site", "--preview").words == "Nothing would change."


def test_the_moment_can_be_given(place):
    """What became known later takes no part, and the site says its moment."""
    add_later(place / "election")
    publish(place / "election", place / "then", "--as-of", "2022-11-09T00:00")

    assert pointer(place / "then", "mayor")["as_of"] == "2022-11-09T05:00:00Z"
    assert racecall("verify", place / "then", "--ledger", place / "election").code == FINE


# -- what is held --------------------------------------------------------------------------------------------------------------------


CROWDED = """racecall = "entry/1"
[[release]]
contest = "mayor"
published_at = 2022-11-10T17:00:00-08:00
source = "the office"
[release.ballots]
cast = 2000
registered = 1900
[[release.count]]
option = "ann-lee"
votes = 900
[[release.count]]
option = "bo-nunez"
votes = 700
[[release.count]]
option = "cy-roe"
votes = 300
"""
"""More ballots than voters on the roll: that holds publication, and no calls."""


@pytest.fixture
def held(place) -> Path:
    """The site before a count is published that a finding holds."""
    racecall("add", place / "election", file(place, "crowded.toml", CROWDED), "--backfill")
    return place


def finding_of(folder: Path) -> str:
    return next(one["id"] for one in racecall("findings", "list", folder, "--json").lines if one["severity"] == "hold_publication")


def votes_shown(site: Path) -> int:
    figures = json.loads((site / "manifest.json").read_text())["contests"]
    return next(one["votes_counted"] for one in figures if one["contest"] == "mayor")


def test_a_held_count_leaves_the_page_as_it_was(held):
    """The contest keeps its last published figures, and the command says why."""
    ran = publish(held / "election", held / "site")

    assert votes_shown(held / "site") == 1100
    assert (ran.code, "Held: mayor keeps its last published page until people accept" in ran.words) == (FINDINGS, True)


def test_the_index_says_that_a_count_is_held(held):
    """A reader sees that there is more."""
    publish(held / "election", held / "site")

    assert "a later count is held until people have looked at it" in (held / "site/index.html").read_text()


def test_the_page_says_that_a_count_is_held(held):
    """In its head, in every language's page, and before anything is looked at."""
    publish(held / "election", held / "site")

    assert '<p class="flag" role="note">A later count is held until people have looked at it.</p>' in (
        held / "site/c/mayor/index.html"
    ).read_text(encoding="utf-8")


def test_a_held_site_verifies(held):
    """Its figures are the record's as of an earlier moment."""
    publish(held / "election", held / "site")

    assert racecall("verify", held / "site", "--ledger", held / "election", "--json").json["differences"] == []


def test_an_accepted_finding_lets_the_count_out(held):
    """The next publication shows it."""
    publish(held / "election", held / "site")
    reason = ("--by", "Pat Doe", "--reason", "Same-day registrations, says the office.")
    racecall("findings", "accept", held / "election", finding_of(held / "election"), *reason)
    ran = publish(held / "election", held / "site")

    assert (ran.code, votes_shown(held / "site")) == (FINE, 1900)


# -- what is refused -----------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_never_published(place):
    """Not even to an empty folder."""
    settings = place / "election/election.toml"
    settings.write_text(settings.read_text().replace("[election]", "[election]\nrehearsal = true"))
    ran = publish(place / "election", place / "other")

    assert (ran.code, "this is a rehearsal" in ran.err, (place / "other").exists()) == (USAGE, True, False)


def test_a_folder_with_something_else_in_it_is_left_alone(place):
    """A page that somebody wrote by hand is not overwritten."""
    file(place, "index.html", "mine")
    ran = publish(place / "election", place)

    assert (ran.code, "something here that is not a published site" in ran.err) == (USAGE, True)


def test_the_site_of_another_election_is_left_alone(place):
    """The manifest names it."""
    ran = publish(demo(), place / "site")

    assert (ran.code, 'this is the site of another election, "election"' in ran.err) == (USAGE, True)


def test_a_manifest_that_is_none_is_said(place):
    """Nothing is guessed from it."""
    file(place / "site", "manifest.json", "{}")

    assert "the manifest is not one that racecall wrote" in publish(place / "election", place / "site").err


def test_one_publishes_at_a_time(place):
    """The second is told to wait."""
    from racecall.desk.sitefolder import SiteFolder

    with SiteFolder(place / "site").locked():
        add_later(place / "election")
        ran = publish(place / "election", place / "site")

    assert (ran.code, "another process is publishing here" in ran.err) == (USAGE, True)


def test_an_id_that_cannot_be_a_file_is_refused(place):
    """It would lead out of the site."""
    settings = place / "election/election.toml"
    settings.write_text(settings.read_text().replace('id = "mayor"', 'id = "../mayor"'))
    ran = publish(place / "election", place / "new")

    assert (ran.code, "cannot be the name of a file" in ran.err) == (USAGE, True)


def test_a_changed_record_is_not_published(place):
    """The chain is read first."""
    ledger = place / "election/ledger.db"
    data = ledger.read_bytes()
    ledger.write_bytes(data.replace(b'"published_at"', b'"published_aT"', 1))

    assert publish(place / "election", place / "site").code == BROKEN


# -- killed --------------------------------------------------------------------------------------------------------------------------


def is_whole(site: Path) -> list[str]:
    """What a reader would find wrong: a page cut short, a pointer to nothing. Files still being written have no address yet."""
    wrong = []
    for path in site.rglob("latest.json"):
        said = json.loads(path.read_text())
        wrong += [f"{path}: {patch} is not there" for patch in said.get("patches", {}).values() if not (site / patch).is_file()]
    pages = [path for path in site.rglob("*.html") if not path.name.startswith(".writing-")]
    wrong += [f"{path} is cut short" for path in pages if "</html>" not in path.read_text()]
    return wrong


@pytest.mark.parametrize("kills", [pytest.param(4, id="4 kills"), pytest.param(60, id="60 kills", marks=pytest.mark.slow)])
def test_a_killed_publication_leaves_a_whole_site_and_is_repaired(tmp_path, kills):
    """At every moment each file is the old or the new one, each pointer leads to a patch, and the next publication verifies."""
    votes = {f"CONTEST {n}": dict(NIGHT["MAYOR"]) for n in range(8)}
    folder = recorded(tmp_path, votes)
    publish(folder, tmp_path / "site", "--language", "en")
    later = {name: {option: 2 * number for option, number in own.items()} for name, own in votes.items()}
    add_later(folder, later)
    words = command("publish", folder, "--language", "en", "--out")
    began = time.monotonic()
    whole = shutil.copytree(tmp_path / "site", tmp_path / "whole")
    subprocess.run([*words, whole], check=True, capture_output=True, env=surroundings(), timeout=WAIT)
    duration, rng = time.monotonic() - began, random.Random(20170404)
    wrong, killed = [], 0
    for number in range(kills):
        site = shutil.copytree(tmp_path / "site", tmp_path / f"site{number}")
        process = subprocess.Popen([*words, site], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings())
        until = time.monotonic() + WAIT
        while number % 2 and not (site / "v" / "2").is_dir() and process.poll() is None and time.monotonic() < until:
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.05) if number % 2 else rng.uniform(0, duration))
        process.send_signal(signal.SIGKILL)
        killed += process.wait(WAIT) != FINE
        wrong += is_whole(site)
        racecall("publish", folder, "--language", "en", "--out", site)
        ran = racecall("verify", site, "--ledger", folder, "--json")
        wrong += is_whole(site) + ran.json["differences"]
        wrong += [f"{path} is left over" for path in site.rglob(".writing-*")]
        shutil.rmtree(site)

    assert wrong == [], "\n".join(wrong)
    assert killed >= kills // 2
