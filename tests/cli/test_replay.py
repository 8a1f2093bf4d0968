"""`racecall replay`: the count again, in the order in which it became known; the demo against the facts of the race."""

import tomllib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from commands import FINE, LATER, county_json, demo, file, racecall, recorded, status, votes_of

EXPECTED = tomllib.loads((Path(__file__).resolve().parents[1] / "races" / "ca34-2017" / "expected.toml").read_text(encoding="utf-8"))
PRIMARY, RUNOFF = "ca34-2017-primary", "ca34-2017-runoff"


@cache
def looks() -> list[dict[str, Any]]:
    """Every line of `racecall replay --json` on the demo."""
    return racecall("replay", demo(), "--json").lines


def at(moment: datetime, contest: str) -> dict[str, Any]:
    [found] = [look for look in looks() if look["contest"] == contest and datetime.fromisoformat(look["as_of"]) == moment]
    return found


def slot(look: dict[str, Any], number: int) -> dict[str, Any]:
    return next(slot for slot in look["slots"] if slot["slot"] == number)


def morning() -> dict[str, Any]:
    """5 April, noon: the night's count, and the county's figure of what is left."""
    return at(datetime.fromisoformat("2017-04-05T12:00:00-07:00"), PRIMARY)


# -- the shape -----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two counts a day apart."""
    made = recorded(tmp_path)
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
    return made


def test_there_is_one_object_a_release_and_contest(two):
    """JSON lines, oldest first."""
    lines = racecall("replay", two, "--json").lines

    assert [(line["as_of"], line["contest"], line["votes_counted"]) for line in lines] == [
        ("2022-11-09T05:00:00Z", "mayor", 1100),
        ("2022-11-09T05:00:00Z", "measure-a", 950),
        ("2022-11-10T01:00:00Z", "mayor", 1700),
        ("2022-11-10T01:00:00Z", "measure-a", 1390),
    ]


def test_one_contest_alone(two):
    """--contest leaves the others out."""
    assert {line["contest"] for line in racecall("replay", two, "--contest", "measure-a", "--json").lines} == {"measure-a"}


def test_as_of_stops_the_replay(two):
    """What came later is not there."""
    assert len(racecall("replay", two, "--as-of", "2022-11-09T12:00", "--json").lines) == 2


def test_replay_says_what_status_said_at_the_time(two):
    """One path for the live desk and the archive."""
    line = racecall("replay", two, "--contest", "mayor", "--json").lines[0]

    assert line == status(two, "mayor", "--as-of", "2022-11-08T21:00")


def test_a_replay_is_the_same_every_time(two):
    """Ledger, rules and settings decide, and nothing else."""
    assert racecall("replay", two, "--json").out == racecall("replay", two, "--json").out


def test_the_page_has_a_line_for_every_moment(two):
    """For people: when, what came, the leaders."""
    ran = racecall("replay", two, "--contest", "mayor")

    assert ran.code == FINE
    assert [line[:16] for line in ran.out.splitlines() if " Nov " in line] == ["Tue 8 Nov 21:00 ", "Wed 9 Nov 17:00 "]


def test_a_contest_nobody_has_counted_has_nothing_to_replay(tmp_path):
    """A new election says so, and is fine."""
    racecall("new", tmp_path / "e")
    ran = racecall("replay", tmp_path / "e")

    assert (ran.code, ran.out) == (FINE, "Nothing has been published yet.\n")


# -- the facts of 2017 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("release", EXPECTED["release"], ids=lambda release: release["entry"])
def test_every_release_has_its_votes_and_total(release):
    """As printed that night: votes by candidate, their total, the precincts."""
    look = at(release["published_at"], release["contest"])

    assert votes_of(look) == release["votes"]
    assert (look["votes_counted"], look["results_status"]) == (release["total"], release["status"])
    assert (look["units_reported"], look["units_total"]) == (release.get("units_reported"), release.get("units_total"))


def test_the_morning_after_has_the_counties_figure():
    """13,400 ballots out, said by the county."""
    outstanding = morning()["ballots_outstanding"]

    assert (outstanding["official"], outstanding["likely"]) == (EXPECTED["night"]["ballots_outstanding"],) * 2
    assert outstanding["low"] < outstanding["likely"] < outstanding["high"]
    assert "Los Angeles County" in outstanding["source"]


def test_third_place_needed_twenty_points():
    """Cabildo over Ahn: 20.3 points of the ballots left, after trailing by 9.4."""
    needed = slot(morning(), 2)["required_break"]
    night = EXPECTED["night"]

    assert (needed["rival"], needed["margin_votes"]) == ("cabildo", night["margin_votes"]["ahn over cabildo"])
    assert needed["points"] == pytest.approx(night["required_break_points"]["cabildo over ahn"], abs=0.05)
    assert needed["observed_points"] == pytest.approx(night["observed_points"]["cabildo over ahn"], abs=0.05)


def test_the_first_place_was_twice_as_far():
    """Cabildo over Gomez: 40.1 points."""
    needed = slot(morning(), 1)["required_break"]

    assert needed["points"] == pytest.approx(EXPECTED["night"]["required_break_points"]["cabildo over gomez"], abs=0.05)


def test_the_share_counted_is_near_what_it_turned_out_to_be():
    """ "100% of precincts" was 68.5% of the votes; the interval of that noon holds it."""
    share = morning()["share_counted"]

    assert share["low"] < EXPECTED["night"]["share_of_final_votes"] < share["high"]
    assert share["likely"] == pytest.approx(EXPECTED["night"]["share_of_final_votes"], abs=0.01)
    assert (morning()["units_reported"], morning()["units_total"]) == (192, 192)


def test_the_order_of_the_night():
    """Gomez, Ahn, Cabildo."""
    assert [option["option"] for option in morning()["options"]][:3] == EXPECTED["night"]["order"]


def test_the_two_first_of_the_certified_count_go_on():
    """No majority, so the two highest; each place is certified."""
    last = [look for look in looks() if look["contest"] == PRIMARY][-1]

    assert last["outcome_if_final"]["advancing"] == EXPECTED["outcome"]["advancing"]
    assert [(slot["option"], slot["state"]) for slot in last["slots"]] == [("gomez", "certified"), ("ahn", "certified")]
    assert last["share_counted"] == {"low": 1, "likely": 1, "high": 1}


def test_the_runoff_elects_one():
    """Certified: Gomez."""
    last = [look for look in looks() if look["contest"] == RUNOFF][-1]

    assert last["outcome_if_final"]["elected"] == [EXPECTED["outcome"]["elected"]]


def test_the_night_of_the_runoff_needed_more_than_four_in_five():
    """6,653 behind with 10,460 out: 81.8% of them, that is a break of 63.6 points."""
    look = at(datetime.fromisoformat("2017-06-07T12:00:00-07:00"), RUNOFF)
    needed = slot(look, 1)["required_break"]

    assert needed["margin_votes"] == EXPECTED["runoff"]["margin_votes"]
    assert (1 + needed["points"] / 100) / 2 == pytest.approx(EXPECTED["runoff"]["required_share_of_outstanding"], abs=0.001)


def test_nothing_is_called_before_a_ballot_is_counted():
    """The agencies' figures of the evening are reports, not counts."""
    first = looks()[0]

    assert (first["votes_counted"], {slot["state"] for slot in first["slots"]}) == (0, {"too_early"})
