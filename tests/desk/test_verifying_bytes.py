"""The second readers: what they read of the regular case, and that they say so where a file leaves it."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from msgspec import convert

from commands import FINE, county_json, file, racecall, table
from racecall.desk.verifying.bodies import Columns
from racecall.desk.verifying.counted import Part, Unclear, number, totals
from racecall.desk.verifying.election import Names
from racecall.desk.verifying.folder import verify_folder
from racecall.desk.verifying.record import read_record
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
        ("smoke_signals", b"<x/>", "no second reader for smoke_signals"),
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


TABLES = {
    "named by the user": ("wer,wie\nAnn,5\nBo,3\n", "option=wer,votes=wie,contest:=Mayor"),
    "guessed": ("race;precinct;candidate;votes\nMayor;1;Ann;5\nMayor;2;Ann;6\nMayor;1;Bo;3\nMayor;2;Bo;\n", ""),
    "a column a count type": ("race,candidate,election_day,mail,total\nMayor,Ann,5,7,12\nMayor,Bo,3,,3\n", ""),
    "a column an option": ("precinct,A,B\n1,5,3\n2,6,4\n", "map.toml"),
    "a title above": ("Results of the night\n\nrace,candidate,votes\nMayor,Ann,5\nMayor,Bo,3\n", ""),
    "words for count types": ("race,candidate,mode,votes\nMayor,Ann,Kiosk,5\nMayor,Ann,All,9\nMayor,Bo,Kiosk,3\n", "words.toml"),
    "over votes": ("race,candidate,votes\nMayor,Ann,5\nMayor,Bo,3\nMayor,Over Votes,2\n", ""),
    "times": (
        "race,candidate,votes,timestamp\nMayor,Ann,5,2022-11-08T20:00\nMayor,Bo,3,2022-11-08T20:00\nMayor,Ann,6,2022-11-08T21:00\n",
        "",
    ),
    "zeros": ("race,ward,candidate,votes\nMayor,001,Ann,5\nMayor,000,Bo,3\n", "units=strip_leading_zeros"),
    "counties": ("race,county,precinct,candidate,votes\nMayor,Kern,1,Ann,5\nMayor,Inyo,1,Ann,6\nMayor,Inyo,1,Bo,3\n", ""),
}
"""Tables whose columns the record names, and what the user says of them."""
MAPS = {
    "map.toml": 'unit = "precinct"\n[options]\nA = "Ann"\nB = "Bo"\n[fixed]\ncontest = "Mayor"\n',
    "words.toml": '[words]\nKiosk = "early"\nAll = "total"\n',
}


def added(folder: Path, source: Path, *words: str) -> None:
    racecall("new", folder, "--settings", file(folder.parent, "s.toml", MAYOR))
    ran = racecall("add", folder, source, *words)
    assert (ran.code in {FINE, 1}, ran.err) == (True, "")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_counted_again_by_the_columns_that_the_record_names(tmp_path, name):
    """Named by the user or guessed: both readers agree."""
    text, said = TABLES[name]
    said = str(file(tmp_path, said, MAPS[said])) if said in MAPS else said
    when = () if name == "times" else ("--published-at", "2022-11-08T21:00")
    added(tmp_path / "e", file(tmp_path, "night.csv", text), *(("--map", said) if said else ()), *when)
    found = verify_folder(tmp_path / "e")

    assert (found.recounted, found.problems, found.notes) == (found.releases, (), ())


def test_a_table_in_another_encoding_is_counted_again(tmp_path):
    """The record keeps how the letters are to be read, since the bytes do not say it."""
    source = file(tmp_path, "night.csv", "race,candidate,votes\nMayor,Ann,5\nMayor,Bö,3\n".encode("cp1252"))
    added(tmp_path / "e", source, "--encoding", "cp1252", "--published-at", "2022-11-08T21:00")
    found = verify_folder(tmp_path / "e")
    [capture] = [event for event in read_record(tmp_path / "e").of_kind("capture") if event.body.feed]

    assert (capture.body.encoding, found.recounted, found.problems, found.notes) == ("cp1252", 1, (), ())


def test_the_same_bytes_read_in_two_ways_are_counted_again_in_both(tmp_path):
    """The first mapping had the columns of two options confused; each release goes by its own."""
    source = file(tmp_path, "night.csv", "contestant,first,second\nAnn,5,7\nBo,3,4\n")
    added(tmp_path / "e", source, "--map", "option=contestant,votes=first,contest:=Mayor", "--published-at", "2022-11-08T21:00")
    racecall("add", tmp_path / "e", source, "--map", "option=contestant,votes=second,contest:=Mayor", "--published-at", "2022-11-08T22:00")
    found = verify_folder(tmp_path / "e")

    assert (found.releases, found.recounted, found.problems, found.notes) == (2, 2, (), ())


def test_a_table_is_counted_again_by_the_columns_after_a_change_of_the_settings(tmp_path):
    """The file is read again for a contest that was added, and its columns are recorded again."""
    source = file(tmp_path, "night.csv", "race,candidate,votes\nMayor,Ann,5\nMayor,Bo,3\nJudge,Kim,4\n")
    added(tmp_path / "e", source, "--published-at", "2022-11-08T21:00")
    file(tmp_path / "e", "election.toml", MAYOR + JUDGE)
    racecall("add", tmp_path / "e", source, "--published-at", "2022-11-08T21:00")
    found = verify_folder(tmp_path / "e")

    assert (found.releases, found.recounted, found.problems, found.notes) == (2, 2, (), ())


COLUMNS = {"contest": ["race"], "option": "candidate", "votes": "votes"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Mayor,1,Grand Total,9", '"Grand Total" may be no option'),
        ("Mayor,Total,Ann,9", 'the unit "Total" may be a sum of units'),
        ("Mayor,1,Ann,5\nMayor,1,Ann,6", '"Ann" stands twice in one place'),
        ("Mayor,1,,5", "an option has no name"),
    ],
)
def test_a_contest_of_a_table_out_of_the_ordinary_is_unclear(row, said):
    """Rows that the first reader weighs are left to people."""
    data = f"race,precinct,candidate,votes\n{row}\n".encode()
    [counted] = read_again("table", data, name="night.csv", zone=LA, mapping=convert(COLUMNS | {"unit": ["precinct"]}, Columns))

    assert counted.parts["Mayor",].unclear == said


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"race,candidate\n", "no line has all the columns that the record names"),
        (b"race,candidate,votes,votes\n", "a column that the record names stands twice in the table"),
        (b"race,candidate,votes\nMayor,Ann\n", "a row has more or fewer cells than the header, or is the header again"),
        (b"race,candidate,votes\nrace,candidate,votes\n", "a row has more or fewer cells than the header, or is the header again"),
    ],
)
def test_a_table_out_of_the_ordinary_is_refused(data, said):
    """The reason goes into the note."""
    with pytest.raises(Unclear, match=said):
        read_again("table", data, name="night.csv", zone=LA, mapping=convert(COLUMNS, Columns))


def test_a_format_that_was_read_with_the_user_s_columns_is_not_guessed_at():
    """OpenElections heeds a mapping; its second reader does not."""
    with pytest.raises(Unclear, match="no second reader for openelections with a mapping of the user's"):
        read_again("openelections", b"", name="x", zone=LA, mapping=convert(COLUMNS, Columns))


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


JUDGE = """
[[contest]]
id = "judge"
title = "Judge"
rule = "generic-plurality"

[[contest.option]]
id = "kim"
name = "Kim"
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
