"""`racecall status`: how things stand, at any moment, for people and for programs."""

from collections.abc import Iterator
from typing import Any

import pytest

from commands import BROKEN, FINDINGS, FINE, LATER, NIGHT, USAGE, county_json, demo, election, file, racecall, recorded, status, votes_of

PRIMARY = "ca34-2017-primary"

FIXED: dict[str, Any] = {
    "election": None,
    "contest": None,
    "as_of": None,
    "rule": {"id": None, "source": None},
    "votes_counted": None,
    "ballots_outstanding": {"low": None, "likely": None, "high": None, "official": None, "source": None},
    "share_counted": {"low": None, "likely": None, "high": None},
    "units_reported": None,
    "units_total": None,
    "options": [dict.fromkeys(("option", "party", "votes", "share", "share_low", "share_high", "p_advance", "p_elected"))],
    "slots": [
        {
            **dict.fromkeys(("slot", "option", "state", "recommendation", "reasons", "score", "threshold", "since")),
            "required_break": {"rival": None, "points": None, "observed_points": None},
        }
    ],
    "p_tie_or_recount": None,
    "findings": [],
}
"""The names of design.md, section 4: they may be added to, never renamed."""

STATES = {"too_early", "too_close", "leading", "likely", "called", "retracted", "certified"}


def missing(wanted: Any, found: Any, where: str = "") -> Iterator[str]:
    """Yield the fixed names that are not there; an object may be null as a whole, where it is not known."""
    if isinstance(wanted, dict) and found is not None:
        for name, inside in wanted.items():
            if name not in found:
                yield f"{where}.{name}"
            else:
                yield from missing(inside, found[name], f"{where}.{name}")
    elif isinstance(wanted, list):
        if not isinstance(found, list):
            yield f"{where} is no list"
            return
        for number, item in enumerate(found):
            for inside in wanted:
                yield from missing(inside, item, f"{where}[{number}]")


# -- for programs --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "moment", ["2017-04-04T12:00", "2017-04-05T00:31", "2017-04-05T12:00", "2017-04-20", "2017-06-06T22:00", "2017-07-01"]
)
def test_the_demo_has_every_fixed_name_at_every_moment(moment):
    """Before the polls close, on the night, with a statement, certified: others build on the names."""
    states = racecall("status", demo(), "--json", "--as-of", moment).lines

    assert [name for state in states for name in missing(FIXED, state)] == []
    assert {slot["state"] for state in states for slot in state["slots"]} <= STATES
    assert {slot["recommendation"] for state in states for slot in state["slots"]} <= {"call", "wait"}


def test_an_election_made_by_hand_has_every_fixed_name(tmp_path):
    """Without a count, and with one."""
    made = election(tmp_path)
    before = racecall("status", made, "--json").lines
    racecall("add", made, tmp_path / "night.json")
    after = racecall("status", made, "--json").lines

    assert [name for state in (*before, *after) for name in missing(FIXED, state)] == []


def test_json_has_one_object_a_contest(tmp_path):
    """One a line, in the order of election.toml."""
    assert [state["contest"] for state in racecall("status", recorded(tmp_path), "--json").lines] == ["mayor", "measure-a"]


def test_votes_are_ordered_by_votes_and_then_by_the_ballot(tmp_path):
    """The same order for everyone: votes, then ballot order."""
    made = recorded(tmp_path, {"MAYOR": {"ANN LEE": 5, "BO ROE": 7, "CY DOE": 7}})

    assert [option["option"] for option in status(made)["options"]] == ["bo-roe", "cy-doe", "ann-lee"]


def test_shares_are_between_0_and_1(tmp_path):
    """600 of 1,100."""
    assert status(recorded(tmp_path))["options"][0]["share"] == pytest.approx(600 / 1100, abs=1e-6)


def test_what_is_not_known_is_null_and_never_zero(tmp_path):
    """Nobody has said what is left, so nothing is said about the share counted."""
    state = status(recorded(tmp_path))

    assert (state["share_counted"], state["ballots_outstanding"]["likely"], state["units_reported"]) == (None, None, None)
    assert state["ballots_outstanding"]["note"] == "no statement of ballots outstanding is recorded"


def test_times_are_in_utc(tmp_path):
    """Programs get one zone; people get the county's."""
    made = recorded(tmp_path)

    assert status(made)["released_at"] == "2022-11-09T05:00:00Z"
    assert "PST" in racecall("status", made, "--contest", "mayor").out


# -- moments -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path):
    """Two counts a day apart."""
    made = recorded(tmp_path)
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")
    return made


@pytest.mark.parametrize(
    ("moment", "leader"),
    [
        ("2022-11-08T20:59", None),
        ("2022-11-08T21:00", 600),
        ("2022-11-08T21:00-08:00", 600),
        ("2022-11-09T05:00Z", 600),
        ("2022-11-09T16:59:59", 600),
        ("2022-11-09T17:00", 800),
        ("2030-01-01", 800),
    ],
)
def test_as_of_shows_what_was_known_then(two, moment, leader):
    """A time without an offset is the county's; the moment itself is included."""
    assert votes_of(status(two, "mayor", "--as-of", moment)).get("ann-lee") == leader


def test_a_later_file_does_not_change_an_earlier_moment(tmp_path):
    """What was said at ten stays what was said at ten."""
    made = recorded(tmp_path)
    before = status(made, "mayor", "--as-of", "2022-11-08T22:00")
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")

    assert status(made, "mayor", "--as-of", "2022-11-08T22:00") == before


# -- for people ----------------------------------------------------------------------------------------------------------------------


def test_one_contest_is_a_page(tmp_path):
    """The count, what is out, the place, the law."""
    page = racecall("status", recorded(tmp_path), "--contest", "mayor").words

    assert "1 ANN LEE 600 54.5%" in page
    assert "Not known: no statement of ballots outstanding is recorded." in page
    assert "To be elected: ANN LEE" in page


def test_many_contests_are_a_table(tmp_path):
    """One line a contest."""
    made = recorded(tmp_path, {**NIGHT, "SHERIFF": {"A": 1, "B": 2}, "CLERK": {"C": 3, "D": 4}})
    lines = racecall("status", made).out.splitlines()

    assert sum(line.startswith(("MAYOR", "MEASURE A", "SHERIFF", "CLERK")) for line in lines) == 4


def test_precincts_are_never_progress():
    """5 April 2017: all precincts had reported, and about two thirds of the votes were counted."""
    page = racecall("status", demo(), "--contest", PRIMARY, "--as-of", "2017-04-05T12:00").words

    assert "192 of 192 have reported. That is not a measure of progress." in page
    assert "28,985 votes, about 68% of the expected votes (65% to 72%)." in page
    assert "complete" not in page


@pytest.mark.parametrize("name", ["[bold]LEE[/bold]", "LEE [/x]", ":smile:", "[link=http://x]LEE", "\\[a]"])
def test_a_name_is_never_taken_for_markup(tmp_path, name):
    """Brackets in a name are the source's business; they neither vanish nor stop the page."""
    made = recorded(tmp_path, {"MAYOR [/b]": {name: 5, "BO ROE": 3}})
    page = racecall("status", made, "--contest", "mayor-b")

    assert page.code == FINE
    assert name in page.out
    assert "MAYOR [/b]" in page.out


def test_a_name_cannot_paint_the_screen(tmp_path):
    """Control characters in a file do not reach the terminal: not on the page, not in an error."""
    made = recorded(tmp_path, {"MAYOR": {"ANN \x1b[2J\x07LEE": 5, "BO \u202eROE": 3}})
    words = [racecall(*command).out for command in (("status", made), ("status", made, "--contest", "mayor"), ("replay", made))]
    error = racecall("add", made, file(tmp_path, "odd\x1b[31m.txt", b"\x1b[31mhello\n")).err

    assert [char for text in (*words, error) for char in text if char != "\n" and not char.isprintable()] == []


# -- exit codes ----------------------------------------------------------------------------------------------------------------------


def test_an_open_finding_ends_with_1(tmp_path):
    """A script can tell that a person is wanted."""
    made = recorded(tmp_path)
    racecall("add", made, file(tmp_path, "c.json", county_json({"MAYOR": {"ANN LEE": 1}}, "2022-11-08T22:00:00")), "--backfill")

    assert (racecall("status", made).code, racecall("status", made, "--as-of", "2022-11-08T21:30").code) == (FINDINGS, FINE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--contest", "mayer"], "no contest 'mayer' in this election.\nContests: mayor, measure-a"),
        (["--as-of", "noon"], '"noon" is not a time.\nWrite it like 2017-04-05T02:00 or 2017-04-05T02:00-07:00.'),
        (["--as-of", "9999-12-31T23:59"], '"9999-12-31T23:59" is not a time.\nWrite it like 2017-04-05T02:00 or 2017-04-05T02:00-07:00.'),
    ],
)
@pytest.mark.parametrize("command", ["status", "replay"])
def test_what_makes_no_sense_ends_with_2(tmp_path, command, words, said):
    """What was wrong, and what would be right."""
    ran = racecall(command, recorded(tmp_path), *words)

    assert (ran.code, ran.out, ran.err) == (USAGE, "", f"racecall: {said}\n")


NO_LEDGER = (
    "this folder has settings but no ledger.\n"
    "If it had one, restore ledger.db from a backup. If not, start it: racecall new {0} --settings {0}/election.toml"
)


@pytest.mark.parametrize(
    "words", [["status"], ["replay"], ["add", "x.json"], ["findings", "list"], ["findings", "accept", "1f", "--reason", "x"]]
)
@pytest.mark.parametrize(
    ("holds", "said"),
    [
        (None, "there is no such folder.\nMake one: racecall new {0}"),
        ((), "this folder has no election.toml, so it is not an election.\nMake one: racecall new {0}"),
        (("election.toml",), NO_LEDGER),
    ],
)
def test_a_folder_that_is_no_election_ends_with_2(tmp_path, words, holds, said):
    """Every command says the same: what is missing, and the command that makes it."""
    folder = tmp_path / "e"
    if holds is not None:
        folder.mkdir()
    for name in holds or ():
        file(folder, name, "")
    place = 2 if words[0] == "findings" else 1
    ran = racecall(*words[:place], folder, *words[place:])

    assert (ran.code, ran.out, ran.err) == (USAGE, "", f"racecall: {folder}: {said.format(folder)}\n")


def test_mistakes_in_the_settings_are_said_at_once(tmp_path):
    """Table, key, what was found, what was expected: for every mistake, by every command."""
    made = recorded(tmp_path)
    settings = made / "election.toml"
    text = settings.read_text().replace('rule = "generic-plurality"', 'rool = "generic-plurality"\nnumber_elected = "one"')
    settings.write_text(text.replace('timezone = "America/Los_Angeles"', "timezone = 8"))
    ran = racecall("status", made)

    assert ran.code == USAGE
    assert ran.err.startswith(f"racecall: {settings}: \n")
    assert "[election]: timezone is 8; expected text in quotes." in ran.err
    assert "[[contest]] mayor: no such key: rool." in ran.err
    assert "[[contest]] mayor: number_elected is 'one'; expected a whole number." in ran.err
    assert "[[contest]] mayor: rule is missing." in ran.err
    assert ran.err.endswith(f"Correct {settings} and run the command again; nothing was changed.\n")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "MAYOR"', 'title = "MAYOR', "not valid TOML"),
        ('"America/Los_Angeles"', '"Mars/Olympus"', "no time zone 'Mars/Olympus'."),
        ("[[contest]]", "[[contests]]", "no such table: [contests]."),
        ("date = 2022-11-08", 'date = "8 November"', "date is '8 November'; expected a date, e.g. 2017-04-04."),
        ('id = "cy-roe"', 'id = "ann-lee"', "contest mayor: option 'ann-lee' is listed twice."),
        ('rule = "generic-plurality"', 'rule = "most-votes"', "no rule 'most-votes'."),
    ],
)
def test_each_mistake_in_the_settings_has_its_words(tmp_path, old, new, said):
    """Exit code 2, and the record is as it was."""
    made = recorded(tmp_path)
    settings = made / "election.toml"
    settings.write_text(settings.read_text().replace(old, new))
    ran = racecall("status", made)

    assert (ran.code, ran.out) == (USAGE, "")
    assert said in ran.err
    assert racecall("verify", made).code != BROKEN


def test_settings_in_another_encoding_are_said_to_be(tmp_path):
    """An old Windows editor writes Ñ as one byte."""
    made = recorded(tmp_path)
    settings = made / "election.toml"
    settings.write_bytes(settings.read_text().encode("cp1252"))
    ran = racecall("status", made)

    assert ran.code == USAGE
    assert "is not UTF-8.\nSave the file as UTF-8." in ran.err
