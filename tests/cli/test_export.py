"""racecall export: where the files go, what is refused, and that what is written can be added again."""

import json

import pytest

from commands import BROKEN, FINDINGS, FINE, LATER, USAGE, county_json, election, file, racecall, recorded, status, votes_of

FORMATS = ["arrow", "elex", "nist-json", "nist-xml", "openelections", "parquet"]


@pytest.mark.parametrize("format_", FORMATS)
def test_every_format_goes_to_a_file(tmp_path, format_):
    """And nothing is said."""
    ran = racecall("export", recorded(tmp_path), "--format", format_, "--out", tmp_path / "night")

    assert (ran.code, ran.out, ran.err) == (FINE, "", "")
    assert (tmp_path / "night").stat().st_size > 100


def test_a_text_goes_to_standard_output(tmp_path):
    """Ready for a pipe."""
    ran = racecall("export", recorded(tmp_path), "--format", "openelections", "--contest", "mayor")

    assert ran.out.splitlines()[:2] == ["county,precinct,office,district,party,candidate,votes", ",,MAYOR,,,ANN LEE,600"]


def test_several_contests_may_be_named(tmp_path):
    """The others are left out."""
    made = recorded(tmp_path)
    one = racecall("export", made, "--format", "nist-json", "--contest", "measure-a").json
    two = racecall("export", made, "--format", "nist-json", "--contest", "measure-a", "--contest", "mayor").json

    assert [len(report["Election"][0]["Contest"]) for report in (one, two)] == [1, 2]


def test_an_earlier_moment_gives_the_earlier_count(tmp_path):
    """Nothing that became known later takes part."""
    made = recorded(tmp_path)
    racecall("add", made, file(tmp_path, "later.json", county_json(LATER, "2022-11-09T09:00:00")), "--backfill")
    now, then = (
        racecall("export", made, "--format", "elex", "--contest", "mayor", *extra).out for extra in ((), ("--as-of", "2022-11-08T22:00"))
    )

    assert (",800," in now, ",600," in then, ",800," in then) == (True, True, False)


@pytest.mark.parametrize("format_", ["nist-json", "nist-xml", "parquet", "openelections"])
def test_what_is_exported_can_be_added_elsewhere(tmp_path, format_):
    """Another desk gets the same votes."""
    out = tmp_path / "night.out"
    racecall("export", recorded(tmp_path), "--format", format_, "--out", out)
    (tmp_path / "other").mkdir()
    other = election(tmp_path / "other")
    racecall("add", other, out, "--published-at", "2022-11-08T21:00")

    assert votes_of(status(other)) == {"ann-lee": 600, "bo-nunez": 350, "cy-roe": 150}


def test_counts_of_two_releases_need_a_folder(tmp_path):
    """A report is one release; in a folder each has its file."""
    made = recorded(tmp_path)
    racecall("add", made, file(tmp_path, "later.json", county_json({"MAYOR": LATER["MAYOR"]}, "2022-11-09T09:00:00")), "--backfill")
    (tmp_path / "out").mkdir()
    refused = racecall("export", made, "--format", "nist-json")
    racecall("export", made, "--format", "nist-json", "--out", tmp_path / "out")
    reports = [json.loads((tmp_path / "out" / f"nist-{number}.json").read_bytes()) for number in (1, 2)]

    assert refused.code == USAGE
    assert refused.err == (
        "racecall: the contests' counts come from 2 releases, and this format has one file for each.\n"
        "Name an existing folder with --out, or one contest with --contest.\n"
    )
    assert [report["Election"][0]["Contest"][0]["Name"] for report in reports] == ["MEASURE A", "MAYOR"]


def test_open_findings_are_said_beside_the_file(tmp_path):
    """The file is written, and the command ends with 1."""
    made = recorded(tmp_path)
    lower = {"MAYOR": {"ANN LEE": 500, "BO NÚÑEZ": 350, "CY ROE": 150}}
    racecall("add", made, file(tmp_path, "later.json", county_json(lower, "2022-11-09T09:00:00")), "--backfill")
    ran = racecall("export", made, "--format", "elex", "--contest", "mayor")

    assert (ran.code, ",500," in ran.out) == (FINDINGS, True)
    assert ran.err == f"1 finding nobody has accepted yet: racecall findings list {made}\n"


def test_an_unknown_format_is_named_with_the_known_ones(tmp_path):
    """The list is short enough to print."""
    ran = racecall("export", recorded(tmp_path), "--format", "pdf")

    assert (ran.code, ran.err) == (USAGE, f'racecall: no format "pdf".\nFormats: {", ".join(FORMATS)}.\n')


def test_before_the_first_count_there_is_nothing_to_write(tmp_path):
    """No empty file."""
    ran = racecall("export", election(tmp_path), "--format", "nist-xml")

    assert (ran.code, "nothing is counted yet." in ran.err) == (USAGE, True)


def test_an_unknown_contest_is_refused(tmp_path):
    """With the known ones."""
    ran = racecall("export", recorded(tmp_path), "--format", "elex", "--contest", "sheriff")

    assert (ran.code, 'no contest "sheriff"' in ran.err.replace("'", '"')) == (USAGE, True)


def test_a_table_that_was_changed_is_not_handed_on(tmp_path):
    """What cannot be trusted is not passed on."""
    made = recorded(tmp_path)
    next((made / "counts").glob("*/*.parquet")).write_bytes(b"PAR1")

    assert racecall("export", made, "--format", "elex").code == BROKEN
