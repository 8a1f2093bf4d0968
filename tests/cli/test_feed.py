"""`racecall feed check` and `racecall feed list`, as they are typed."""

import gzip
import json
import os
import subprocess
import sys

import pytest

PLAIN = "contest,unit,count_type,option,votes\nMayor,1,total,Ana,10\nMayor,1,total,Bo,7\nMayor,2,total,Ana,1234\n"
FEEDS = ["ca_sos", "dominion_sov", "excel", "hand", "la_counters", "la_county_json", "la_ets", "openelections", "sf_orr", "table"]


def racecall(*arguments):
    """Run the command."""
    environment = {**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONWARNINGS": "error"}
    code = "import sys; from racecall.cli.main import run; sys.argv[0] = 'racecall'; run()"
    command = [sys.executable, "-c", code, "feed", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def table(tmp_path):
    """A table in order."""
    path = tmp_path / "counts.csv"
    path.write_text(PLAIN)
    return path


def test_a_file_in_order(table):
    """Format, what is in it, and that nothing looks wrong; exit code 0."""
    done = racecall("check", table)

    assert (done.returncode, done.stderr) == (0, "")
    assert "counts.csv  100 bytes" in done.stdout
    assert "CSV, TSV or Parquet table  (table: the header contest,unit,count_type,option,votes)" in done.stdout
    assert "no time in the file  counts.csv  ·  unofficial partial" in done.stdout
    assert [line.split() for line in done.stdout.splitlines() if line.startswith("Mayor")] == [["Mayor", "2", "2", "1,251", "total"]]
    assert done.stdout.rstrip().endswith("Nothing looks wrong.")


def test_what_is_wrong_has_row_and_column(tmp_path):
    """Findings that hold calls end with exit code 1."""
    path = tmp_path / "counts.csv"
    path.write_text("contest,precinct,candidate,votes\nMayor,1,Ana,-10\nMayor,1,Bo,****\nMayor,2,Bo,3\n")

    done = racecall("check", path)

    assert done.returncode == 1
    words = " ".join(done.stdout.split())
    assert 'holds calls: row 2, column "votes": 1 cell negative in column "votes" (first in row 2: "-10")' in words
    assert words.index("holds calls:") < words.index("note: row 3")


def test_notes_alone_are_fine(tmp_path):
    """A withheld cell is no reason to stop a script."""
    path = tmp_path / "counts.csv"
    path.write_text("contest,precinct,candidate,votes\nMayor,1,Ana,10\nMayor,1,Bo,****\n")

    assert racecall("check", path).returncode == 0


def test_json_has_one_object_a_file(table, tmp_path):
    """With format, releases, findings, or the error."""
    broken = tmp_path / "empty.csv"
    broken.write_bytes(b"")

    done = racecall("check", table, broken, "--json")

    first, second = map(json.loads, done.stdout.splitlines())
    assert (first["feed"]["id"], first["releases"][0]["votes"], first["findings"]) == ("table", 1251, [])
    assert first["releases"][0]["contests"] == [
        {"contest": "Mayor", "options": 2, "units": 2, "count_types": ["total"], "votes": 1251, "withheld": 0}
    ]
    assert second["error"]["problem"] == "the file is empty (0 bytes)."
    assert done.returncode == 3


def test_a_broken_file_does_not_stop_the_others(table, tmp_path):
    """Each is said; the worst decides the exit code."""
    broken = tmp_path / "notes.txt"
    broken.write_text("Dear reader\n")

    done = racecall("check", broken, table)

    assert done.returncode == 3
    assert "racecall: notes.txt: no format recognises this file" in done.stderr
    assert "1,251" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.csv"], "missing.csv: there is no such file."),
        (["--feed", "clarity"], f'no feed "clarity".\nFeeds: {", ".join(FEEDS)}.'),
        (["--map", "votes"], '--map: "votes" has no equals sign.'),
        (["--map", "votes=Stimmen"], 'the table has no column "Stimmen".'),
        (["--timezone", "Mars"], 'no time zone "Mars".\nUse an IANA name, e.g. "America/Los_Angeles".'),
        (["--encoding", "klingon"], 'no encoding "klingon".'),
    ],
)
def test_usage(table, arguments, words):
    """What cannot be done is said, with exit code 2."""
    done = racecall("check", table, *arguments)

    assert done.returncode == 2
    assert words in done.stderr


def test_a_mapping_file(tmp_path):
    """--map takes the name of a TOML file."""
    table, mapping = tmp_path / "counts.csv", tmp_path / "map.toml"
    table.write_text("Bezirk,Name,Stimmen\n1,Ana,10\n")
    mapping.write_text('unit = "Bezirk"\noption = "Name"\nvotes = "Stimmen"\n[fixed]\ncontest = "Mayor"\n')

    done = racecall("check", table, "--map", mapping)

    assert done.returncode == 0
    assert "you named its columns" in done.stdout


def test_a_compressed_file(tmp_path):
    """.gz is unpacked."""
    path = tmp_path / "counts.csv.gz"
    path.write_bytes(gzip.compress(PLAIN.encode()))

    assert "1,251" in racecall("check", path).stdout


def test_a_file_of_a_gigabyte_is_not_read(tmp_path):
    """Its size is looked at first: this one is empty but for its length."""
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(1 << 30)

    done = racecall("check", path)

    assert done.returncode == 3
    assert "the file is 1,024 MB; the limit is 512 MB.\nIf it really is a results file, raise the limit: --max-size 1024" in done.stderr


def test_another_encoding_is_named_and_then_read(tmp_path):
    """The message says how, and it works."""
    path = tmp_path / "old.csv"
    path.write_bytes(PLAIN.replace("Ana", "Mar\u00eda").encode("cp1252"))

    refused, read = racecall("check", path), racecall("check", path, "--encoding", "cp1252")

    assert refused.returncode == 3
    assert "byte 55 of the file is 0xED" in refused.stderr
    assert read.returncode == 0


def test_the_list_of_formats():
    """Every installed format with its page."""
    done = racecall("list")

    assert done.returncode == 0
    for name in FEEDS:
        assert f"docs/feeds/{name}.md" in done.stdout
    ids = [json.loads(line)["id"] for line in racecall("list", "--json").stdout.splitlines()]
    assert ids == FEEDS


def test_the_samples_of_2017(shared):
    """The county file and the file of 195 precincts both have 42,308 votes."""
    folder = shared / "feeds" / "openelections"

    done = racecall("check", *sorted(folder.glob("20170404*")))

    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("U.S. House 34")]
    assert [row[3:6] for row in rows] == [["24", "1", "42,308"], ["23", "195", "42,308"]]
    assert done.returncode == 0
