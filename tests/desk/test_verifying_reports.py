"""The second readers of reports (Clarity, AP, NIST as JSON), held to the first; what is out of the ordinary they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest

import press_files as press
from commands import file, racecall
from nist_reports import CANDIDATES, FORMS, NIGHT, contest, election, report, selection, text, votes
from racecall.desk.verifying.counted import Counted, Unclear, totals
from racecall.desk.verifying.folder import verify_folder
from racecall.desk.verifying.reread import read_again

SAMPLES = Path(__file__).resolve().parents[1] / "feeds" / "samples"
LA = "America/Los_Angeles"


def read(feed: str, data: bytes) -> Counted:
    [counted] = read_again(feed, data, name="file", zone=LA)
    return counted


def counts(counted: Counted, *names: str) -> dict[str, int]:
    return totals(counted.parts[names].cells.items())


def verified(folder: Path, source: Path, *words: Any):
    racecall("new", folder, "--from", source, "--date", "2022-11-08")
    racecall("add", folder, source, *(words or ("--backfill",)))
    return verify_folder(folder)


# -- both readers --------------------------------------------------------------------------------------------------------------------

FILES = {
    "clarity by county": (SAMPLES / "clarity_counties.xml").read_bytes(),
    "clarity by precinct": (SAMPLES / "clarity_precincts.xml").read_bytes(),
    "clarity summary": (SAMPLES / "clarity_summary.json").read_bytes(),
    "ap": press.AP,
    "ap, two units and no whole": press.ap(
        press.ap_race(
            press.ap_unit(press.ANA, press.BEN, level="FIPSCode", name="Kern"), press.ap_unit(press.ANA, level="FIPSCode", name="Inyo")
        )
    ),
    "ap, one title twice": press.ap(
        press.ap_race(press.ap_unit(press.ANA)), press.ap_race(press.ap_unit(press.BEN, press.ANA), raceID="102")
    ),
    "nist": FORMS["json"](NIGHT),
}


@pytest.mark.parametrize("name", FILES)
def test_both_readers_agree(tmp_path, name):
    """Every release is counted again, and nothing differs."""
    source = tmp_path / ("night.xml" if FILES[name].startswith(b"<") else "night.json")
    source.write_bytes(FILES[name])
    found = verified(tmp_path / "e", source, "--published-at", "2022-11-08T21:00")

    assert (found.recounted, found.releases, found.problems, found.notes) == (1, 1, (), ())


def test_what_we_write_as_nist_is_counted_again(tmp_path):
    """A report of our own carries our ids, and contests go by them."""
    made = racecall("new", tmp_path / "one", "--from", SAMPLES / "clarity_precincts.xml", "--date", "2020-11-03")
    racecall("add", tmp_path / "one", SAMPLES / "clarity_precincts.xml", "--backfill")
    written = racecall("export", tmp_path / "one", "--format", "nist-json")
    found = verified(tmp_path / "two", file(tmp_path, "report.json", written.out))

    assert (made.err, written.err, found.recounted, found.problems, found.notes) == ("", "", 1, (), ())


@pytest.mark.shared
@pytest.mark.parametrize("pattern", ["clarity/*.xml*", "ap-elex/2012*.gz", "ap-elex/2015*national.json.gz", "ap-elex/2016*.json.gz"])
def test_both_readers_agree_on_the_large_files(shared, tmp_path, pattern):
    """Ten files of real nights."""
    paths = sorted((shared / "feeds").glob(pattern))
    found = [verified(tmp_path / path.name, path, "--published-at", "2022-11-08T21:00") for path in paths]

    assert [(one.recounted, one.problems, one.notes) for one in found] == [(1, (), ())] * len(paths)


# -- what they read ------------------------------------------------------------------------------------------------------------------


def clarity(*choices: str, head: str = "", stamp: str = "11/3/2020 9:00:00 PM EST") -> bytes:
    lines = "".join(f"<Choice {choice}/>" for choice in choices)
    about = 'key="1" text="Mayor" precinctsReported="3" precinctsParticipating="5"'
    return f"{head}<ElectionResult><Timestamp>{stamp}</Timestamp><Contest {about}>{lines}</Contest></ElectionResult>".encode()


def test_a_clarity_file_gives_printed_totals_units_and_the_time():
    """The letters behind the time are its zone."""
    counted = read("clarity", clarity('text="Ann" totalVotes="5"', 'text="Over Votes" totalVotes="1"'))

    assert (counts(counted, "Mayor"), counted.parts["Mayor",].units) == ({"Ann": 5}, (3, 5))
    assert counted.at.isoformat() == "2020-11-04T02:00:00+00:00"


@pytest.mark.parametrize("stamp", ["11/3/2020 6:00:00 PM", "11/3/2020 6:00:00 PM XYZ"])
def test_letters_that_are_no_zone_leave_the_election_s(stamp):
    """As with a time that has none."""
    assert read("clarity", clarity(stamp=stamp)).at.isoformat() == "2020-11-04T02:00:00+00:00"


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        (['text="Ann" totalVotes="5"', 'text="Ann" totalVotes="6"'], '"Ann" stands twice in one place'),
        (['text="Ann"'], '"Ann" may be no option, or has no total'),
        (['text="Total Votes" totalVotes="5"'], '"Total Votes" may be no option, or has no total'),
    ],
)
def test_a_clarity_contest_out_of_the_ordinary_is_unclear(choices, said):
    """Its other contests are not."""
    assert read("clarity", clarity(*choices)).parts["Mayor",].unclear == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (clarity(head='<!DOCTYPE x [<!ENTITY a "1">]>'), "it declares a document type, or entities"),
        (clarity()[:-5], "it is no whole XML: "),
        (b'<ElectionResult><Choice text="a" totalVotes="1"/></ElectionResult>', "IndexError"),
    ],
)
def test_a_clarity_file_out_of_the_ordinary_is_refused(data, said):
    """Entities above all: they may stand for anything."""
    with pytest.raises(Unclear, match=said):
        read("clarity", data)


def test_an_ap_race_is_read_at_the_level_of_the_whole():
    """Counties beside it are parts of it."""
    whole = press.ap_unit(press.ANA, press.BEN)
    counted = read("ap", press.ap(press.ap_race(whole, press.ap_unit(press.ANA, level="FIPSCode", name="Kern"))))

    [(names, part)] = counted.parts.items()
    assert (names, part.units) == (("CA U.S. House District 34, Primary",), (3, 5))
    assert (counts(counted, *names), counted.at.isoformat()) == ({"Ana Ruiz": 1204, "Ben Cole": 900}, "2026-11-04T05:30:00+00:00")


def test_an_ap_race_of_one_candidate_is_no_count():
    """Its noughts are none."""
    race = press.ap_race(press.ap_unit(press.ap_candidate("Ana Ruiz", 0)), uncontested=True)

    assert read("ap", press.ap(race)).parts == {}


def test_two_ap_races_of_one_title_go_by_their_numbers_first():
    """As the first reader names them."""
    unit = press.ap_unit(press.ANA)
    title = "CA U.S. House District 34, Primary"
    counted = read("ap", press.ap(press.ap_race(unit), press.ap_race(unit, raceID="102")))

    assert list(counted.parts) == [(f"{title} (101)", title), (f"{title} (102)", title)]


def nist(*counts_: Any, **fields: Any) -> bytes:
    return json.dumps(report(election(contest(selection(1, *counts_), **fields), candidates=CANDIDATES))).encode()


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([votes(5)], 5),
        ([votes(3, "ru2"), votes(4, "ru3")], 7),
        ([votes(3, "ru2", "absentee"), votes(2, "ru2", "absentee-mail"), votes(1, "ru2", "uocava")], 3),
        ([votes(3, "ru2"), votes(9, "ru2", Round=2), votes(1, "ru2", "seats")], 3),
        ([votes(3, "ru2"), votes(0, "ru3", IsSuppressedForPrivacy=True)], 3),
    ],
)
def test_nist_votes_are_added_as_the_standard_has_them(given, wanted):
    """A sum beside its parts, later rounds and seats are left out; a count withheld is no zero."""
    assert counts(read("nist_json", nist(*given)), "Mayor") == {"Ana Ruiz": wanted}


@pytest.mark.parametrize("given", [votes(1, "ru2", "other"), votes(1, "ru2", DeviceClass={"@type": "ElectionResults.DeviceClass"})])
def test_nist_counts_of_a_device_or_of_another_kind_are_unclear(given):
    """Whether they are parts or the whole is not guessed at."""
    part = read("nist_json", nist(given)).parts["Mayor",]

    assert part.unclear == "votes of one device, or of a kind with a name of its own"


def test_a_nist_name_is_in_english_where_it_can_be():
    """Whatever the order of the languages."""
    spanish, english = text("Alcalde", language="es"), text("Mayor", language="en-US")
    both = {"@type": "ElectionResults.InternationalizedText", "Text": [*spanish["Text"], *english["Text"]]}
    measure = contest({**selection(1, votes(5)), "CandidateIds": [], "Selection": both})

    assert counts(read("nist_json", json.dumps(report(election(measure))).encode()), "Mayor") == {"Mayor": 5}


def test_a_nist_report_in_parts_is_refused():
    """A contest may go on in another part."""
    with pytest.raises(Unclear, match="it holds several elections, or is one part of several"):
        read("nist_json", json.dumps(report(election(), SequenceEnd=2)).encode())
