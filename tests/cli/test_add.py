"""`racecall add`: what goes into the record, once, in order, and what it says about it."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import press_files as press
from commands import (
    BROKEN,
    FINDINGS,
    FINE,
    LATER,
    NIGHT,
    USAGE,
    county_json,
    election,
    events,
    file,
    racecall,
    recorded,
    status,
    table,
    votes_of,
)

SAMPLES = Path(__file__).resolve().parents[1] / "feeds" / "samples"


def kinds(folder: Path) -> list[str]:
    return [event["kind"] for event in events(folder)]


def with_votes(**votes: int) -> dict[str, dict[str, int]]:
    """The night's votes with some of the mayor's changed, by last name."""
    return {**NIGHT, "MAYOR": {name: votes.get(name.split()[-1].lower(), number) for name, number in NIGHT["MAYOR"].items()}}


# -- once and in order ---------------------------------------------------------------------------------------------------------------


def test_a_release_is_recorded_and_said_in_one_line(tmp_path):
    """How many contests, how many votes."""
    made = election(tmp_path)
    ran = racecall("add", made, tmp_path / "night.json")

    assert (ran.code, ran.out) == (FINE, "night.json: 1 release, 2 contests, 2,050 votes\n")
    assert kinds(made) == ["opened", "capture", "release"]
    assert votes_of(status(made)) == {"ann-lee": 600, "bo-nunez": 350, "cy-roe": 150}


def test_one_contest_is_not_called_contests(tmp_path):
    """Numbers and words agree."""
    made = election(tmp_path, {"MAYOR": {"ANN LEE": 1}})

    assert racecall("add", made, tmp_path / "night.json").out == "night.json: 1 release, 1 contest, 1 vote\n"


def test_the_same_file_twice_changes_nothing(tmp_path):
    """The second time names the event of the first."""
    made = recorded(tmp_path)
    before = events(made)
    ran = racecall("add", made, tmp_path / "night.json", "--backfill")

    assert (ran.code, ran.out) == (FINE, "night.json: already in the record as event 2; nothing changes\n")
    assert events(made) == before


def test_the_same_bytes_under_another_name_change_nothing(tmp_path):
    """A file is known by its bytes."""
    made = recorded(tmp_path)
    before = events(made)
    ran = racecall("add", made, file(tmp_path, "copy.json", county_json()))

    assert ran.out == "copy.json: already in the record as event 2; nothing changes\n"
    assert events(made) == before


def test_the_same_file_twice_in_one_command(tmp_path):
    """A shell pattern that matches a file twice does no harm."""
    made = election(tmp_path)
    ran = racecall("add", made, tmp_path / "night.json", tmp_path / "night.json")

    assert (ran.code, kinds(made).count("release")) == (FINE, 1)


def test_several_files_are_recorded_in_the_order_given(tmp_path):
    """One command, one line a file."""
    made = election(tmp_path)
    later = file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00"))
    ran = racecall("add", made, tmp_path / "night.json", later, "--backfill")

    assert ran.out.splitlines() == ["night.json: 1 release, 2 contests, 2,050 votes", "later.json: 1 release, 2 contests, 3,090 votes"]
    assert votes_of(status(made)) == {"ann-lee": 800, "bo-nunez": 700, "cy-roe": 200}


def test_votes_of_several_releases_in_one_file_are_not_added_up(tmp_path):
    """Counts are cumulative: the file's last one is said."""
    rows = ["2022-11-08T21:00:00-08:00,Mayor,Ann,10", "2022-11-09T21:00:00-08:00,Mayor,Ann,25"]
    source = file(tmp_path, "all.csv", table(*rows, header="released_at,contest,option,votes"))
    racecall("new", tmp_path / "e", "--from", source)

    assert racecall("add", tmp_path / "e", source).out == "all.csv: 2 releases, 1 contest, 25 votes\n"


def test_json_has_one_object_a_file(tmp_path):
    """For programs that feed the record."""
    made = election(tmp_path)
    ran = racecall("add", made, tmp_path / "night.json", "--json")

    assert ran.json == {
        "file": "night.json",
        "feed": "la_county_json",
        "releases": 1,
        "statements": 0,
        "reports": 0,
        "events": 2,
        "skipped": "",
        "findings": [],
    }


def test_who_adds_a_file_is_in_the_record(tmp_path):
    """--by, or the login name."""
    made = election(tmp_path)
    racecall("add", made, tmp_path / "night.json", "--by", "A. Editor")

    assert events(made)[-1]["actor"] == "A. Editor"


def test_a_change_of_the_settings_is_recorded_with_the_next_file(tmp_path):
    """election.toml is the reader's to edit; each version that was used is kept."""
    made = recorded(tmp_path)
    settings = made / "election.toml"
    settings.write_text(settings.read_text().replace('"generic-plurality"', '"generic-majority-or-runoff"'))
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), "--backfill")

    assert kinds(made).count("opened") == 2
    assert racecall("verify", made).code == FINE


# -- times ---------------------------------------------------------------------------------------------------------------------------


def test_backfill_records_a_file_at_the_time_it_gives(tmp_path):
    """An archive is read as it would have been that night."""
    made = recorded(tmp_path)

    assert [event["at"] for event in events(made)[1:]] == ["2022-11-09T05:00:00Z"] * 2


def test_a_live_file_is_known_from_now(tmp_path):
    """Without --backfill a file that prints an old time was not known then."""
    made = election(tmp_path)
    racecall("add", made, tmp_path / "night.json")

    last = events(made)[-1]
    waited = datetime.fromisoformat(last["recorded_at"]) - datetime.fromisoformat(last["at"])
    assert (last["body"]["published_at"], timedelta() <= waited < timedelta(seconds=30)) == ("2022-11-09T05:00:00Z", True)


def test_backfill_needs_a_time(tmp_path):
    """A table without a time is refused, with the option that gives it; the election stays as it was."""
    source = file(tmp_path, "night.csv", table("MAYOR,all,total,ANN LEE,10"))
    made = recorded(tmp_path)
    before = events(made)
    ran = racecall("add", made, source, "--backfill")

    assert (ran.code, events(made)) == (USAGE, before)
    assert ran.err == (
        "racecall: night.csv: the file does not say when its counts are from.\nGive the time: --published-at 2017-04-14T17:00-07:00\n"
    )


def test_what_a_file_does_not_say_is_taken_from_the_command(tmp_path):
    """Time, status and source of a bare table."""
    made = recorded(tmp_path)
    source = file(
        tmp_path, "canvass.csv", table("MAYOR,all,total,ANN LEE,900", "MAYOR,all,total,BO NÚÑEZ,800", "MAYOR,all,total,CY ROE,300")
    )
    options = ("--published-at", "2022-12-05T12:00", "--status", "certified", "--source", "The county's canvass")
    racecall("add", made, source, "--backfill", *options)
    body = next(event["body"] for event in reversed(events(made)) if event["kind"] == "release")

    assert (body["published_at"], body["status"], body["source"]) == ("2022-12-05T20:00:00Z", "certified", "The county's canvass")
    assert [slot["state"] for slot in status(made)["slots"]] == ["certified"]


def test_a_release_that_comes_late_does_not_become_the_count(tmp_path):
    """An old copy served again is kept, and holds the calls until somebody looks."""
    made = election(tmp_path)
    later = file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00"))
    racecall("add", made, later, "--backfill")
    ran = racecall("add", made, tmp_path / "night.json", "--backfill")

    assert ran.code == FINDINGS
    assert "is already recorded. It is kept and does not become the current count." in ran.words
    assert "Fetch it again, or accept the finding if the file was added late on purpose." in ran.words
    assert votes_of(status(made)) == {"ann-lee": 800, "bo-nunez": 700, "cy-roe": 200}
    assert kinds(made).count("release") == 2


# -- corrections ---------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def fallen(tmp_path):
    """A county takes a hundred votes back."""
    made = recorded(tmp_path)
    ran = racecall("add", made, file(tmp_path, "corrected.json", county_json(with_votes(lee=500), "2022-11-08T23:00:00")), "--backfill")
    return made, ran


def test_a_fall_is_recorded_and_held(fallen):
    """Name, before, after, and what to do; exit code 1."""
    made, ran = fallen

    assert ran.code == FINDINGS
    assert "corrected.json: 1 release, 2 contests, 1,950 votes; 1 finding" in ran.out
    assert "holds calls ANN LEE falls from 600 to 500 votes (-100). Counts do not usually fall." in ran.words
    assert "If the office has corrected itself, accept the finding with its words as the reason." in ran.words
    assert votes_of(status(made))["ann-lee"] == 500


def test_a_held_finding_keeps_the_exit_code_at_one_until_it_is_accepted(fallen):
    """From hold, through the reasons of two people, to free."""
    made, _ = fallen
    [finding] = racecall("findings", "list", made, "--json").lines
    held = racecall("status", made).code
    accepted = racecall("findings", "accept", made, finding["id"], "--by", "A. Editor", "--reason", "The county said so at 23:05.")
    half = racecall("status", made).code
    racecall("findings", "accept", made, finding["id"], "--by", "B. Chief", "--reason", "Read on the county's page.")

    assert (held, accepted.code, half, racecall("status", made).code) == (FINDINGS, FINE, FINDINGS, FINE)
    assert f"Accepted {finding['id']} (fall): ANN LEE falls from 600 to 500 votes (-100)." in accepted.words
    assert status(made)["findings"] == []


def test_a_held_finding_is_a_reason_to_wait(fallen):
    """Every place of the contest says why no call is recommended."""
    made, _ = fallen
    [slot] = status(made)["slots"]

    assert slot["recommendation"] == "wait"
    assert any("finding" in reason for reason in slot["reasons"]), slot["reasons"]


def test_a_finding_of_one_contest_does_not_hold_another(fallen):
    """The measure goes on."""
    made, _ = fallen

    assert racecall("status", made, "--contest", "measure-a").code == FINE


# -- adding a file again after a correction of ours ----------------------------------------------------------------------------------


def test_an_unknown_candidate_is_counted_for_nobody(tmp_path):
    """The name, what became of the votes, and the two things it may be."""
    made = recorded(tmp_path)
    later = {**LATER, "MAYOR": {"ANN LEE": 800, "BO NUNIEZ": 700, "CY ROE": 200}}
    ran = racecall("add", made, file(tmp_path, "later.json", county_json(later, "2022-11-09T17:00:00")), "--backfill")

    assert ran.code == FINDINGS
    assert 'holds calls "BO NUNIEZ" is not an option of this contest.' in ran.words
    assert "Its votes are kept and counted in the total, for nobody." in ran.words
    assert "add it to the option's aliases in election.toml; if it is new, add the option." in ran.words
    assert status(made)["votes_counted"] == 1700


@pytest.fixture
def misspelt(tmp_path):
    """A second count with a name that nobody knew, and the alias added afterwards."""
    made = recorded(tmp_path)
    later = {**LATER, "MAYOR": {"ANN LEE": 800, "BO NUNIEZ": 700, "CY ROE": 200}}
    source = file(tmp_path, "later.json", county_json(later, "2022-11-09T17:00:00"))
    racecall("add", made, source, "--backfill")
    settings = made / "election.toml"
    settings.write_text(settings.read_text().replace('name = "BO NÚÑEZ"\n', 'name = "BO NÚÑEZ"\naliases = ["BO NUNIEZ"]\n'))
    return made, source


def test_the_advice_for_an_unknown_candidate_works(misspelt):
    """With the alias in election.toml the same file is read again, and the votes are the candidate's."""
    made, source = misspelt
    ran = racecall("add", made, source, "--backfill")

    assert "later.json: 1 release, 1 contest, 1,700 votes" in ran.out
    assert votes_of(status(made)) == {"ann-lee": 800, "bo-nunez": 700, "cy-roe": 200}


def test_only_what_reads_differently_is_recorded_again(misspelt):
    """The measure of the same file was read well the first time."""
    made, source = misspelt
    racecall("add", made, source, "--backfill")
    last = next(event for event in reversed(events(made)) if event["kind"] == "release")

    assert list(last["body"]["contests"]) == ["mayor"]
    assert racecall("verify", made).code == FINE


def test_a_file_read_again_changes_nothing_the_third_time(misspelt):
    """Once the record has what the file says, it has it."""
    made, source = misspelt
    racecall("add", made, source, "--backfill")
    before = events(made)
    ran = racecall("add", made, source, "--backfill")

    assert "already in the record as event" in ran.out
    assert events(made) == before


def test_findings_are_not_made_twice(misspelt):
    """The same finding about the same bytes is one finding."""
    made, source = misspelt
    racecall("add", made, source, "--backfill")
    ids = [finding["id"] for finding in racecall("findings", "list", made, "--all", "--json").lines]

    assert len(ids) == len(set(ids))


def test_a_contest_that_is_followed_later_is_read_from_the_old_file(tmp_path):
    """The note about contests left out says to add the file again; that works, and leaves the others alone."""
    made = election(tmp_path, {"MAYOR": NIGHT["MAYOR"]})
    source = file(tmp_path, "both.json", county_json())
    first = racecall("add", made, source, "--backfill")
    measure = '\n[[contest]]\nid = "a"\ntitle = "MEASURE A"\nrule = "measure-majority"\n'
    measure += '[[contest.option]]\nid = "yes"\nname = "YES"\n[[contest.option]]\nid = "no"\nname = "NO"\n'
    (made / "election.toml").write_text((made / "election.toml").read_text() + measure)
    second = racecall("add", made, source, "--backfill")

    assert "Left out, because election.toml does not have them: 1 contest: MEASURE A." in first.words
    assert (second.code, second.out) == (FINE, "both.json: 1 release, 1 contest, 950 votes\n")
    assert votes_of(status(made, "a")) == {"yes": 520, "no": 430}


def test_a_column_that_was_mapped_wrongly_can_be_mapped_rightly(tmp_path):
    """The same file with another --map is another reading of it."""
    made = recorded(tmp_path)
    source = file(tmp_path, "wide.csv", table("MAYOR,ANN LEE,1,700", "MAYOR,BO NÚÑEZ,2,600", header="race,who,line,ballots"))
    options = ("--published-at", "2022-11-09T17:00", "--source", "LA County RR/CC", "--backfill")
    racecall("add", made, source, "--map", "contest=race,option=who,votes=line", *options)
    racecall("add", made, source, "--map", "contest=race,option=who,votes=ballots", *options)
    before = events(made)
    again = racecall("add", made, source, "--map", "contest=race,option=who,votes=ballots", *options)

    assert votes_of(status(made)) == {"ann-lee": 700, "bo-nunez": 600}
    assert ("already in the record" in again.out, events(made) == before) == (True, True)


def test_what_was_said_by_hand_is_not_said_twice(tmp_path):
    """A hand entry that is read again after a change of the settings repeats no statement and no report."""
    made = recorded(tmp_path)
    source = file(tmp_path, "entry.toml", ENTRY)
    racecall("add", made, source)
    (made / "election.toml").write_text((made / "election.toml").read_text() + "\n# looked at\n")
    racecall("add", made, source)

    assert (kinds(made).count("statement"), kinds(made).count("report")) == (1, 1)


# -- the ways in ---------------------------------------------------------------------------------------------------------------------


ENTRY = """\
racecall = "entry/1"

[[statement]]
contest = "mayor"
kind = "outstanding"
ballots = 400
stated_at = 2022-11-09T09:00:00-08:00
source = "The registrar, by telephone"
includes_arrivals = true

[[report]]
contest = "mayor"
kind = "agency_call"
by = "An agency"
at = 2022-11-09T10:00:00-08:00
source = "The agency's page"
option = "ann-lee"
"""


def test_hand_entry_gives_what_is_left(tmp_path):
    """A statement by telephone makes the required break: 250 votes of 400 ballots are 62.5 points."""
    made = recorded(tmp_path)
    ran = racecall("add", made, file(tmp_path, "entry.toml", ENTRY), "--backfill")
    state = status(made)

    assert (ran.code, ran.out) == (FINE, "entry.toml: 1 statement; 1 report\n")
    assert (state["ballots_outstanding"]["official"], state["slots"][0]["required_break"]["points"]) == (400, 62.5)


def test_hand_entry_about_a_contest_that_is_not_followed_is_noted(tmp_path):
    """A slip in an id does not pass in silence."""
    made = recorded(tmp_path)
    ran = racecall("add", made, file(tmp_path, "entry.toml", ENTRY.replace('"mayor"', '"mayer"')))

    assert ran.code == FINE
    assert '"mayer" is no contest of this election; what was said about it is kept and used nowhere.' in ran.words


def test_a_mistake_in_a_hand_entry_is_named_with_its_line(tmp_path):
    """The person who typed it can correct it."""
    made = recorded(tmp_path)
    ran = racecall("add", made, file(tmp_path, "entry.toml", ENTRY.replace("ballots = 400", 'ballots = "many"')))

    assert ran.code == BROKEN
    assert "entry.toml" in ran.err
    assert 'row 6, [[statement]] 1, "ballots": found "many", expected a whole number, 0 or more.' in ran.err


def test_a_table_is_read_through_a_mapping(tmp_path):
    """--map says which column is which."""
    made = recorded(tmp_path)
    rows = ["MAYOR,1,ANN LEE,400,", "MAYOR,2,ANN LEE,300,", "MAYOR,1,BO NÚÑEZ,500,", "MAYOR,2,BO NÚÑEZ,100,"]
    source = file(tmp_path, "wards.csv", table(*rows, header="Race,Ward,Name,Count,Note"))
    ran = racecall("add", made, source, "--map", "contest=Race,unit=Ward,option=Name,votes=Count", "--source", "LA County RR/CC")

    assert "wards.csv: 1 release, 1 contest, 1,300 votes" in ran.out
    assert votes_of(status(made)) == {"ann-lee": 700, "bo-nunez": 600}


def test_a_mapping_can_stand_in_a_file(tmp_path):
    """--map takes the name of a TOML file, as `feed check` does."""
    made = recorded(tmp_path)
    source = file(tmp_path, "wards.csv", table("MAYOR,1,ANN LEE,700", "MAYOR,1,BO NÚÑEZ,600", header="Race,Ward,Name,Count"))
    mapping = file(tmp_path, "map.toml", 'contest = "Race"\nunit = "Ward"\noption = "Name"\nvotes = "Count"\n')
    racecall("add", made, source, "--map", mapping, "--source", "LA County RR/CC")

    assert votes_of(status(made)) == {"ann-lee": 700, "bo-nunez": 600}


def test_numbers_wait_for_their_names(tmp_path):
    """Los Angeles' counter file alone is kept and says what it needs; with the definition file given earlier it is read."""
    made = tmp_path / "e"
    racecall("new", made, "--from", SAMPLES / "la_counter_data.json", "--from", SAMPLES / "la_election_data.json")
    alone = racecall("add", made, SAMPLES / "la_counter_data.json")
    names = racecall("add", made, SAMPLES / "la_election_data.json")
    together = racecall("add", made, SAMPLES / "la_counter_data.json")

    assert (alone.code, names.code, together.code) == (BROKEN, FINE, FINE)
    assert "Give GetElectionData of the same election as well" in alone.err
    assert names.out == ("la_election_data.json: read; it names contests and options only, and was kept for the files that need it\n")
    assert together.out == "la_counter_data.json: 1 release, 4 contests, 4,050 votes\n"
    assert "no second reader for la_counters" in racecall("verify", made).out


def test_two_files_that_belong_together_can_come_together(tmp_path):
    """In either order, in one command."""
    made = tmp_path / "e"
    racecall("new", made, "--from", SAMPLES / "la_counter_data.json", "--from", SAMPLES / "la_election_data.json")
    ran = racecall("add", made, SAMPLES / "la_counter_data.json", SAMPLES / "la_election_data.json")

    assert ran.code == FINE
    assert "la_counter_data.json: 1 release, 4 contests, 4,050 votes" in ran.out


# -- several files, one of them bad --------------------------------------------------------------------------------------------------


def test_files_before_a_broken_one_are_recorded(tmp_path):
    """The broken one is kept as a capture, and the command ends there."""
    made = election(tmp_path)
    broken = file(tmp_path, "broken.json", county_json(LATER, "2022-11-09T17:00:00")[:-40])
    last = file(tmp_path, "last.json", county_json(LATER, "2022-11-10T17:00:00"))
    ran = racecall("add", made, tmp_path / "night.json", broken, last, "--backfill")

    assert ran.code == BROKEN
    assert "night.json: 1 release" in ran.out
    assert "racecall: broken.json: the JSON stops in the middle" in ran.err
    assert [(event["kind"], event["body"].get("name", "")) for event in events(made)[1:]] == [
        ("capture", "night.json"),
        ("release", ""),
        ("capture", "broken.json"),
    ]


def test_nothing_is_recorded_when_a_file_is_missing(tmp_path):
    """A slip in a name is found before anything is done."""
    made = election(tmp_path)
    ran = racecall("add", made, tmp_path / "night.json", tmp_path / "nihgt.json")

    assert (ran.code, kinds(made)) == (USAGE, ["opened"])
    assert ran.err == f"racecall: {tmp_path / 'nihgt.json'}: there is no such file.\nCheck the name.\n"


def test_json_findings_carry_their_place(tmp_path):
    """Each finding names the file and what it holds."""
    made = recorded(tmp_path)
    ran = racecall("add", made, file(tmp_path, "c.json", county_json(with_votes(lee=500), "2022-11-08T23:00:00")), "--backfill", "--json")
    [finding] = json.loads(ran.out)["findings"]

    assert (finding["check"], finding["severity"], finding["contest"], finding["option"]) == ("fall", "hold_calls", "mayor", "ann-lee")


# -- what an agency says -------------------------------------------------------------------------------------------------------------


def ap_night(votes: int, flag: str) -> bytes:
    """Return AP's answer about the mayor, with a flag for Ann Lee."""
    people = [press.ap_candidate("ANN LEE", votes, winner=flag), press.ap_candidate("BO NÚÑEZ", 350)]
    names = {"officeName": "MAYOR", "seatName": "", "raceType": ""}
    other = press.ap_race(press.ap_unit(press.ANA | {"winner": "X"}), raceID="102")
    return press.ap(press.ap_race(press.ap_unit(*people, statePostal=""), **names), other)


def test_an_agencys_call_is_recorded_once_under_our_names(tmp_path):
    """AP says it in every file; contests that are not followed are left out, like their counts."""
    made = election(tmp_path)
    first = racecall("add", made, file(tmp_path, "ap1.json", ap_night(600, "X")))
    again = racecall("add", made, file(tmp_path, "ap2.json", ap_night(700, "X")))
    said = [event["body"] for event in events(made) if event["kind"] == "report"]

    assert first.out.startswith("ap1.json: 1 release")
    assert "1 report" in first.out
    assert "report" not in again.out
    assert [(body["kind"], body["by"], body["option"]) for body in said] == [("agency_call", "AP", "ann-lee")]


def test_a_call_taken_back_is_recorded_too(tmp_path):
    """AP's flag N: the record has both."""
    made = election(tmp_path)
    racecall("add", made, file(tmp_path, "ap1.json", ap_night(600, "X")))
    racecall("add", made, file(tmp_path, "ap2.json", ap_night(600, "N")))

    assert [event["body"]["kind"] for event in events(made) if event["kind"] == "report"] == ["agency_call", "agency_retraction"]
