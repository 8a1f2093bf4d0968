"""`racecall new`: a folder from nothing, from a results file, from settings; and what it refuses without touching anything."""

from pathlib import Path

import pytest

from commands import BROKEN, FINE, NIGHT, USAGE, county_json, election, events, file, files_of, racecall, status, table
from racecall.desk.settings import parse_election
from racecall.model.contest import Election

SAMPLES = Path(__file__).resolve().parents[1] / "feeds" / "samples"


def settings_of(folder: Path) -> Election:
    return parse_election((folder / "election.toml").read_text(encoding="utf-8"))


def options_of(folder: Path, contest: str) -> list[str]:
    return [option.name for option in settings_of(folder).contest(contest).options]


# -- from a results file -------------------------------------------------------------------------------------------------------------


def test_contests_and_options_are_the_files_own(tmp_path):
    """Every contest, every name, in the order of the file."""
    made = election(tmp_path)

    assert [contest.title for contest in settings_of(made)] == ["MAYOR", "MEASURE A"]
    assert options_of(made, "mayor") == ["ANN LEE", "BO NÚÑEZ", "CY ROE"]


def test_a_guessed_rule_says_that_it_is_guessed(tmp_path):
    """A results file does not say by which law it is decided: the rule put in is no law, and the status says so."""
    state = status(election(tmp_path))

    assert state["rule"]["id"] == "generic-plurality"
    assert state["rule"]["warning"].startswith("This rule is marked uncertain")


def test_the_reader_is_told_to_set_the_rules(tmp_path):
    """How many contests were found, what is missing, and the next command."""
    source = file(tmp_path, "night.json", county_json())

    ran = racecall("new", tmp_path / "e", "--from", source)

    assert ran.words == (
        f"Made {tmp_path / 'e'}: 2 contests. Rules for contests between candidates were not in the file: set each contest's rule in "
        f"election.toml before the night. Next: racecall add {tmp_path / 'e'} FILE"
    )


def test_a_rule_given_goes_to_contests_between_candidates_only(tmp_path):
    """--rule is for people; Yes and No keep the rule for measures."""
    made = election(tmp_path, NIGHT, "--rule", "us-ca-special-primary")

    assert [contest.rule for contest in settings_of(made)] == ["us-ca-special-primary", "measure-majority"]


def test_an_election_from_a_table(tmp_path):
    """Any CSV that can be read can name the contests."""
    source = file(tmp_path, "night.csv", table("Mayor,1,total,Ann Lee,10", "Mayor,2,total,Bo Roe,20"))
    racecall("new", tmp_path / "e", "--from", source)

    assert options_of(tmp_path / "e", "mayor") == ["Ann Lee", "Bo Roe"]


def test_an_election_from_two_files_that_belong_together(tmp_path):
    """Los Angeles' numbers stand in one file and their names in another."""
    made = tmp_path / "e"
    ran = racecall("new", made, "--from", SAMPLES / "la_counter_data.json", "--from", SAMPLES / "la_election_data.json")

    assert (ran.code, options_of(made, "state-senator-99th-district")) == (FINE, ["GUS HOE", "HAL JOE"])


# -- from nothing, from settings -----------------------------------------------------------------------------------------------------


def test_an_empty_election_is_a_form_to_fill_in(tmp_path):
    """Without a file the settings hold an example in comments, and are valid as they are."""
    made = tmp_path / "tulare"
    racecall("new", made, "--title", "Tulare County", "--date", "2026-06-02")
    text = (made / "election.toml").read_text()

    assert '# rule = "generic-majority-or-runoff"' in text
    assert (settings_of(made).title, settings_of(made).date.isoformat(), settings_of(made).contests) == ("Tulare County", "2026-06-02", ())


def test_the_form_filled_in_is_an_election(tmp_path):
    """Taking the comment signs away is enough."""
    made = tmp_path / "tulare"
    racecall("new", made)
    lines = (made / "election.toml").read_text().splitlines()
    example = [line.removeprefix("# ") for line in lines[lines.index("# [[contest]]") :]]
    (made / "election.toml").write_text("\n".join([*lines[:5], *example]).replace("\n#\n", "\n\n"))

    assert status(made)["options"][0]["option"] == "first-candidate"


def test_settings_are_taken_as_they_are_written(tmp_path):
    """--settings keeps every byte, comments and all."""
    settings = file(tmp_path, "mine.toml", '# ours\n[election]\nid = "e"\ntitle = "E"\ndate = 2026-06-02\ntimezone = "UTC"\n')
    racecall("new", tmp_path / "e", "--settings", settings)

    assert (tmp_path / "e" / "election.toml").read_bytes() == settings.read_bytes()


def test_the_first_event_records_the_settings(tmp_path):
    """The ledger begins with what the election was when it was made."""
    made = election(tmp_path)
    [first] = events(made)

    assert (first["kind"], first["body"]["contests"]) == ("opened", 2)
    assert (racecall("verify", made).code, racecall("status", made).code) == (FINE, FINE)


@pytest.mark.parametrize("name", ['my "own" night', "what?", "100%", "a#b", "[bold]", "[/x]y", "back\\slash", "Łódź", "{id}"])
def test_any_folder_name_will_do(tmp_path, name):
    """Quotes, brackets and question marks in a folder's name break neither the settings, nor the ledger, nor the screen."""
    made = tmp_path / name
    racecall("new", made, "--from", file(tmp_path, "night.json", county_json()))
    codes = [
        racecall(*words).code for words in (("add", made, tmp_path / "night.json"), ("status", made), ("replay", made), ("verify", made))
    ]

    assert codes == [FINE] * 4
    assert settings_of(made).title == made.resolve().name


def test_any_title_will_do(tmp_path):
    """A title is kept letter by letter."""
    title = 'A "big" \\ night: [red]'
    racecall("new", tmp_path / "e", "--title", title)

    assert settings_of(tmp_path / "e").title == title


# -- refused, and nothing touched ----------------------------------------------------------------------------------------------------


def test_an_election_is_not_made_twice(tmp_path):
    """The folder is left as it is."""
    made = election(tmp_path)
    before = files_of(made)
    ran = racecall("new", made)

    assert (ran.code, files_of(made)) == (USAGE, before)
    assert ran.err == f"racecall: {made}: there is an election in this folder already.\nSee it: racecall status {made}\n"


def test_settings_written_by_hand_are_not_overwritten(tmp_path):
    """Whoever wrote election.toml first and then calls `new` keeps the work of the evening."""
    mine = file(tmp_path, "election.toml", '[election]\nid = "mine"\ntitle = "Mine"\ndate = 2026-06-02\ntimezone = "UTC"\n').read_text()
    ran = racecall("new", tmp_path)

    assert (ran.code, (tmp_path / "election.toml").read_text()) == (USAGE, mine)
    assert ran.err == (
        f"racecall: {tmp_path}: there is an election.toml in this folder already; it was left as it is.\n"
        f"To use it: racecall new {tmp_path} --settings {tmp_path / 'election.toml'}\n"
    )


def test_the_advice_for_settings_written_by_hand_works(tmp_path):
    """The command that the message gives makes the ledger."""
    settings = file(tmp_path, "election.toml", '[election]\nid = "mine"\ntitle = "Mine"\ndate = 2026-06-02\ntimezone = "UTC"\n')

    assert racecall("new", tmp_path, "--settings", settings).code == FINE
    assert racecall("verify", tmp_path).code == FINE


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--settings", "none.toml"], USAGE, "none.toml: there is no such file.\nCheck the name."),
        (["--from", "none.json"], USAGE, "none.json: there is no such file.\nCheck the name."),
        (["--from", "."], USAGE, ".: this is a folder, not a file.\nName the files in it."),
        (["--from", "a.json", "--settings", "b.toml"], USAGE, "--from and --settings both give the settings.\nLeave one of them out."),
        (["--date", "yesterday"], USAGE, '"yesterday" is not a date.\nWrite it like 2022-11-08.'),
        (["--timezone", "Mars/Olympus"], USAGE, 'no time zone "Mars/Olympus".\nUse an IANA name, e.g. "America/Los_Angeles".'),
        (["--timezone", "../etc/passwd"], USAGE, 'no time zone "../etc/passwd".\nUse an IANA name, e.g. "America/Los_Angeles".'),
        (["--rule", "none"], USAGE, "no rule 'none'.\nAll rules: racecall rules list"),
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, monkeypatch, words, code, said):
    """What was wrong, what to do, and no folder is left behind."""
    monkeypatch.chdir(tmp_path)
    ran = racecall("new", "e", *words)

    assert (ran.code, ran.err) == (code, f"racecall: {said}\n")
    assert not Path("e").exists()


def test_no_folder_is_left_when_the_results_file_cannot_be_read(tmp_path):
    """A PDF names no contests."""
    ran = racecall("new", tmp_path / "e", "--from", file(tmp_path, "night.pdf", b"%PDF-1.4\n"))

    assert ran.code == BROKEN
    assert "night.pdf: this is a PDF; it cannot be read as results." in ran.err
    assert not (tmp_path / "e").exists()


def test_a_mistake_in_the_settings_makes_no_folder(tmp_path):
    """Everything that is wrong is said at once."""
    settings = file(tmp_path, "mine.toml", '[election]\nid = "e"\ntitel = "E"\n')
    ran = racecall("new", tmp_path / "e", "--settings", settings)

    assert ran.code == USAGE
    assert "[election]: no such key: titel." in ran.err
    assert "[election]: title is missing." in ran.err
    assert not (tmp_path / "e").exists()
