"""`racecall demo`: the night of 4 April 2017 on one page, and an ordinary election left behind."""

import shutil
from pathlib import Path

import pytest

from commands import FINE, USAGE, Ran, county_json, demo, events, file, files_of, racecall, recorded, started, status, votes_of

PRIMARY, RUNOFF = "ca34-2017-primary", "ca34-2017-runoff"
AHEAD = {"leading", "likely"}
"""What may be said of a place while ballots are out and nobody has called it."""


def page() -> str:
    """What the demo printed, line breaks undone."""
    return " ".join((demo().parent / "page.txt").read_text(encoding="utf-8").split())


# -- the page ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "28,985",
        "13,400",
        "42,308",
        "68.5%",
        "Maria Cabildo would have to win by 20.3 points over Robert Lee Ahn; so far Maria Cabildo has trailed by 9.4.",
        "Maria Cabildo would have to win by 40.1 points over Jimmy Gomez",
        "13,400 ballots left.",
        "192 of 192 have reported. That is not a measure of progress.",
        'On 5 April 192 of 192 precincts had reported: "100% of precincts".',
        "The certified count has 42,308 votes, so the 28,985 of that morning were 68.5% of them.",
        "The 13,323 votes counted later: Jimmy Gomez 19.3%, Robert Lee Ahn 29.4%, Maria Cabildo 11.1%.",
        "Maria Cabildo lost them by 18.2.",
        "Associated Press calls place 1 for Jimmy Gomez.",
        "Robert Lee Ahn claims place 2.",
        "Robert Lee Ahn concedes.",
        "takes the concession",
    ],
)
def test_the_night_is_told(words):
    """The figures of the night, and what was said about it."""
    assert words in page()


def test_every_line_fits_a_terminal():
    """No line is longer than the 110 columns it was made for."""
    assert max(map(len, (demo().parent / "page.txt").read_text(encoding="utf-8").splitlines())) <= 110


def test_the_page_ends_with_the_commands_to_go_on_with():
    """Where the folder is, the hash to keep, four commands."""
    for command in ("status", "replay", "findings list", "verify"):
        assert f"racecall {command} {demo()}" in page()
    assert racecall("verify", demo(), "--json").json["head"][:16] in page()


def test_the_commands_on_the_page_work():
    """Each of them, as printed."""
    lines = (demo().parent / "page.txt").read_text(encoding="utf-8").splitlines()
    printed = [line.split()[1:] for line in lines if line.startswith("  racecall ")]

    assert len(printed) == 4
    assert [racecall(*words).code for words in printed] == [FINE] * 4


@pytest.fixture(scope="module")
def again(tmp_path_factory) -> tuple[Ran, Path]:
    """The demo once more: in another process, as JSON, into a folder that is there and empty."""
    folder = tmp_path_factory.mktemp("again") / "election"
    folder.mkdir()
    return started("demo", "--out", folder.parent, "--json"), folder


def test_json_is_the_replay_of_the_folder(again):
    """One status object for each moment and contest."""
    ran, folder = again

    assert ran.out == racecall("replay", folder, "--json").out


# -- the folder ----------------------------------------------------------------------------------------------------------------------


def test_the_demo_is_the_same_to_the_last_hash(again):
    """Another folder, another process: the same ledger, the same files."""
    ran, folder = again

    assert ran.code == FINE, ran.err
    assert racecall("verify", folder, "--json").json["head"] == racecall("verify", demo(), "--json").json["head"]
    assert files_of(folder) == files_of(demo())


def test_the_record_of_the_demo_is_whole():
    """Chain, captures, cells; nothing left over."""
    checked = racecall("verify", demo(), "--json")

    assert checked.code == FINE
    assert (checked.json["problems"], checked.json["notes"], checked.json["unrecorded"]) == ([], [], [])


def test_every_event_was_written_down_when_it_became_known():
    """The demo is as if somebody had sat there that night: nothing is dated today. Sums of the whole cycle were known in January 2019."""
    assert {event["recorded_at"][:4] for event in events(demo()) if event["kind"] != "coverage"} == {"2017"}
    assert {event["recorded_at"][:7] for event in events(demo()) if event["recorded_at"] > "2018"} == {"2019-02"}


@pytest.mark.parametrize(
    ("moment", "contest", "votes", "states"),
    [
        ("2017-04-04T19:00", PRIMARY, 0, [{"too_early"}, {"too_early"}]),
        ("2017-04-05T00:30", PRIMARY, 28985, [AHEAD, AHEAD]),
        ("2017-04-14T16:59", PRIMARY, 28985, [AHEAD, AHEAD]),
        ("2017-04-14T17:00", PRIMARY, 42308, [{"certified"}, {"certified"}]),
        ("2017-06-06T20:00", RUNOFF, 0, [{"too_early"}]),
        ("2017-06-06T22:55", RUNOFF, 32869, [AHEAD]),
        ("2017-06-16T17:00", RUNOFF, 43179, [{"certified"}]),
    ],
)
def test_the_states_of_2017(moment, contest, votes, states):
    """What was counted at that moment, and what could be said: never more than that somebody leads before the count is certified."""
    state = status(demo(), contest, "--as-of", moment)

    assert state["votes_counted"] == votes
    assert [slot["state"] in allowed for slot, allowed in zip(state["slots"], states, strict=True)] == [True] * len(states)


def test_all_24_candidates_are_there():
    """23 printed and one write-in; all others are nobody."""
    kinds = [option["kind"] for option in status(demo(), PRIMARY, "--as-of", "2017-04-05T12:00")["options"]]

    assert (kinds.count("printed"), kinds.count("write_in"), kinds.count("aggregate")) == (23, 1, 1)


def test_the_folder_takes_further_files(tmp_path):
    """It is an ordinary election: a made-up correction is added, held and seen."""
    made = shutil.copytree(demo(), tmp_path / "copy")
    entry = 'racecall = "entry/1"\n[[release]]\ncontest = "ca34-2017-runoff"\npublished_at = 2017-06-20T12:00:00-07:00\n'
    entry += 'source = "A test"\n[[release.count]]\noption = "gomez"\nvotes = 25000\n[[release.count]]\noption = "ahn"\nvotes = 17610\n'
    ran = racecall("add", made, file(tmp_path, "correction.toml", entry), "--backfill")

    assert "Jimmy Gomez falls from 25,569 to 25,000 votes (-569)." in ran.words
    assert votes_of(status(made, RUNOFF)) == {"gomez": 25000, "ahn": 17610}
    assert racecall("verify", made).code == FINE


# -- where it is put -----------------------------------------------------------------------------------------------------------------


def test_an_earlier_demo_is_replaced(tmp_path):
    """Whoever has played with it gets a fresh one."""
    made = shutil.copytree(demo(), tmp_path / "election")
    finding = racecall("findings", "list", made, "--json").lines[0]["id"]
    racecall("findings", "accept", made, finding, "--reason", "Playing.")
    ran = racecall("demo", "--out", tmp_path)

    assert ran.code == FINE
    assert racecall("verify", made, "--json").json["head"] == racecall("verify", demo(), "--json").json["head"]


def refuses(out: Path) -> bool:
    """Whether the demo says in words that it will not touch what is there."""
    ran = racecall("demo", "--out", out)
    said = f"racecall: {out / 'election'}: there is something here that is not an earlier demo.\n"
    return (ran.code, ran.err) == (USAGE, f"{said}Choose another folder: racecall demo --out DIR\n")


def test_somebodys_election_is_never_replaced(tmp_path):
    """A folder that looks like a demo and holds a county's night is left alone, to the last byte."""
    made = recorded(tmp_path)
    before = (files_of(made), events(made))

    assert refuses(tmp_path)
    assert (files_of(made), events(made)) == before


def test_other_files_are_never_removed(tmp_path):
    """A folder with anything else in it is left alone."""
    (tmp_path / "election").mkdir()
    letter = file(tmp_path / "election", "letter.txt", "Dear editor")

    assert refuses(tmp_path)
    assert letter.read_text() == "Dear editor"


def test_a_demo_with_something_added_by_hand_is_left_alone(tmp_path):
    """A note put into the folder is worth keeping."""
    made = shutil.copytree(demo(), tmp_path / "election")
    file(made, "notes.txt", "mine")

    assert refuses(tmp_path)


def test_a_file_in_the_way_is_left_alone(tmp_path):
    """DIR/election is a file."""
    file(tmp_path, "election", county_json())

    assert refuses(tmp_path)


def test_an_empty_folder_in_the_way_is_used(again):
    """Nothing is lost by it."""
    ran, folder = again

    assert (ran.code, (folder / "ledger.db").is_file()) == (FINE, True)
