"""The second readers: what they read of the regular case, and that they say so where a file leaves it."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from commands import FINE, county_json, file, racecall, table
from racecall.desk.verifying.counted import Part, Unclear, number, totals
from racecall.desk.verifying.election import Names
from racecall.desk.verifying.folder import verify_folder
from racecall.desk.verifying.reread import read_again

SAMPLES = Path(__file__).resolve().parents[1] / "feeds" / "samples"
LA = "America/Los_Angeles"


def read(feed: str, data: bytes, name: str = "file") -> list:
    return read_again(feed, data, name=name, zone=LA)


def counts(part: Part) -> dict[str, int]:
    return totals(part.cells.items())


# -- numbers and sums ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        (5, 5),
        ("5", 5),
        ("1,204", 1204),
        ("12.0", 12),
        (" 7 ", 7),
        ("", None),
        (None, None),
        ("****", None),
        (0, 0),
        ("1 204", 1204),
        (12.0, 12),
    ],
)
def test_a_plain_number_is_read(printed, value):
    """Blank and withheld are no zero."""
    assert number(printed) == value


@pytest.mark.parametrize("printed", [-1, "1.5", "about 5", "1,20", True, 2.5, 10**11, "9" * 40, "<10", "12%"])
def test_what_is_no_count_is_not_reported(printed):
    """As the first reader has it: no figure, and no zero."""
    assert number(printed) is None


def test_a_name_in_other_letters_is_found_and_one_for_two_is_nobody():
    """As printed, then without case, then without accents and punctuation."""
    names = Names([("José Huízar", "huizar"), ("Kim Lee", "kim"), ("KIM LEE", "other")])

    assert [names.id_of(name) for name in ("José Huízar", "JOSÉ  HUÍZAR", "Jose Huizar", "kim lee", "Kim Lee", "x")] == [
        "huizar",
        "huizar",
        "huizar",
        "",
        "kim",
        "",
    ]


# -- files ---------------------------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: zipped(a=data)], ids=["plain", "gzip", "zip"])
def test_a_county_file_is_read_again_however_it_is_packed(pack):
    """Time and votes."""
    [counted] = read("la_county_json", pack(county_json()))

    assert (counted.at.isoformat(), counts(counted.parts["MAYOR",])) == (
        "2022-11-09T05:00:00+00:00",
        {"ANN LEE": 600, "BO NÚÑEZ": 350, "CY ROE": 150},
    )


@pytest.mark.parametrize(
    ("feed", "data", "said"),
    [
        ("clarity", b"<x/>", "no second reader for clarity"),
        ("la_county_json", b"\xff\xfe{", "UnicodeDecodeError"),
        ("la_county_json", b"{", "DecodeError"),
        ("la_county_json", b"[]", "TypeError"),
        ("la_county_json", gzip.compress(b"{}")[:-4], "cut short"),
        ("la_county_json", zipped(a=b"{}", b=b"{}"), "several files"),
        ("hand", b"[[release]]", "KeyError: 'published_at'"),
        ("table", b"race,candidate,votes\n", "its columns were named by a guess, or by the user"),
        ("table", b"contest,unit,count_type,option,votes\nc,1,postal,a,5\n", '"postal" is not one of our words'),
        ("openelections", b"office,name\n", "no columns office, candidate and votes"),
        ("ca_sos", b'{"raceTitle": "Judge - Office 5 Results", "candidates": []}', "may be a contest or a part of one"),
    ],
    ids=lambda value: value if isinstance(value, str) else "bytes",  # packed bytes have the time in them
)
def test_a_file_out_of_the_ordinary_is_not_guessed_at(feed, data, said):
    """The reason goes into the note."""
    with pytest.raises(Unclear, match=said):
        read(feed, data)


def test_one_unclear_contest_leaves_the_others_clear():
    """Only the contest is left out."""
    [counted] = read("la_county_json", county_json({"MAYOR": {"": 5}, "MEASURE A": {"YES": 1, "NO": 2}}))

    assert (counted.parts["MAYOR",].unclear, counted.parts["MEASURE A",].unclear) == ("an option has no name", "")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Kern,1,Mayor,,,Ann (I),5", '"Ann (I)" holds more than a name'),
        ("Kern,Total,Mayor,,,Ann,5", 'the unit "Total" may be a sum of units'),
        ("Kern,1,Mayor,,,Ann,5\nKern,1,Mayor,,,Ann,6", '"Ann" stands twice in one place'),
        ("Kern,1,Mayor,,,Ann,5\nKern,1,Mayor,,,Over Votes,3", ""),
    ],
)
def test_openelections_rows_of_the_regular_kind(row, said):
    """Marks in names, totals among units and repeated rows are left to people; over votes are no votes."""
    [counted] = read("openelections", f"county,precinct,office,district,party,candidate,votes\n{row}\n".encode())

    assert counted.parts["Mayor",].unclear == said


# -- folders -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["la_county.json", "ca_sos_house.json", "ca_sos_county.json", "ca_sos_measures.json", "ca_sos_night.jsonl"]
)
def test_both_readers_agree_on_real_files(tmp_path, name):
    """Every release is counted again, and nothing differs."""
    racecall("new", tmp_path / "e", "--from", SAMPLES / name, "--date", "2022-11-08")
    added = racecall("add", tmp_path / "e", SAMPLES / name, "--backfill")
    found = verify_folder(tmp_path / "e")

    assert added.err == ""
    assert (found.recounted, found.problems, found.notes) == (found.releases, (), ())
    assert found.releases > 0


def test_both_readers_agree_on_a_table(tmp_path):
    """Our plain CSV: parts, totals and a withheld cell."""
    rows = ("Mayor,1,absentee_mail,Ann,5", "Mayor,1,election_day,Ann,7", "Mayor,2,total,Ann,", "Mayor,all,total,Bo,9", "Mayor,1,total,Bo,4")
    source = file(tmp_path, "night.csv", table(*rows))
    racecall("new", tmp_path / "e", "--from", source)
    racecall("add", tmp_path / "e", source, "--published-at", "2022-11-08T21:00")
    found = verify_folder(tmp_path / "e")

    assert (found.recounted, found.problems, found.notes) == (1, (), ())


def test_a_table_read_with_a_mapping_is_said_not_to_be_counted_again(tmp_path):
    """The record does not keep the mapping."""
    source = file(tmp_path, "night.csv", "wer,wie\nAnn,5\nBo,3\n")
    words = ("--map", "option=wer,votes=wie,contest:=Mayor", "--published-at", "2022-11-08T21:00")
    made = racecall("new", tmp_path / "e", "--settings", file(tmp_path, "s.toml", MAYOR))
    racecall("add", tmp_path / "e", source, *words)
    found = verify_folder(tmp_path / "e")

    assert (made.code, found.recounted, found.problems) == (FINE, 0, ())
    assert found.notes == (
        "not recomputed: its columns were named by a guess, or by the user, and the record does not keep which (event 3).",
    )


MAYOR = """
[election]
id = "e"
title = "E"
date = 2022-11-08
timezone = "America/Los_Angeles"

[[contest]]
id = "mayor"
title = "Mayor"
rule = "generic-plurality"

[[contest.option]]
id = "ann"
name = "Ann"

[[contest.option]]
id = "bo"
name = "Bo"
"""


def test_each_release_is_named_by_the_settings_of_its_time(tmp_path):
    """An option that was given another id afterwards keeps the id it was recorded under."""
    made = tmp_path / "e"
    racecall("new", made, "--settings", file(tmp_path, "s.toml", MAYOR))
    first = file(tmp_path, "first.csv", table("Mayor,all,total,Ann,5", "Mayor,all,total,Bo,3"))
    second = file(tmp_path, "second.csv", table("Mayor,all,total,Ann,8", "Mayor,all,total,Bo,7"))
    racecall("add", made, first, "--published-at", "2022-11-08T21:00")
    file(made, "election.toml", MAYOR.replace('id = "ann"', 'id = "ann-lee"'))
    racecall("add", made, second, "--published-at", "2022-11-08T22:00")
    found = verify_folder(made)

    assert (found.recounted, found.problems, found.notes) == (2, (), ())


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "files", "words"),
    [
        ("la-lavote-json", "*.json.gz", ()),
        ("ca-sos-json", "us-rep*.jsonl.gz", ()),
        ("openelections", "20170404*precinct.csv.gz", ("--published-at", "2017-04-14T17:00")),
    ],
)
def test_both_readers_agree_on_the_large_files(shared, tmp_path, folder, files, words):
    """The whole night of two offices, and 195 precincts."""
    paths = sorted((shared / "feeds" / folder).glob(files))
    racecall("new", tmp_path / "e", "--from", paths[0])
    racecall("add", tmp_path / "e", *paths, "--backfill", *words)
    found = verify_folder(tmp_path / "e")

    assert (found.recounted, found.problems, found.notes) == (found.releases, (), ())
