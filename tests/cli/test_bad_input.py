"""Whatever is handed to `racecall add`: it says where, what and what next, ends with the right code, and nothing recorded is lost."""

import errno
import gzip
import io
import os
import random
import resource
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import (
    BROKEN,
    FINDINGS,
    FINE,
    LATER,
    USAGE,
    Ran,
    county_json,
    events,
    file,
    files_of,
    racecall,
    recorded,
    started,
    status,
    surroundings,
    table,
    votes_of,
)

BEFORE = {"ann-lee": 600, "bo-nunez": 350, "cy-roe": 150}
LATE = ("--published-at", "2022-11-09T17:00", "--source", "LA County RR/CC")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """An election with the night's count, to be copied."""
    return recorded(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def made(kept, tmp_path) -> Path:
    return shutil.copytree(kept, tmp_path / "election")


def add(folder: Path, name: str, content: bytes | str, *options: str) -> Ran:
    return racecall("add", folder, file(folder.parent, name, content), *options)


def is_untouched(folder: Path) -> bool:
    """Whether the record is whole and still says what it said."""
    return (
        racecall("verify", folder, "--json").json["problems"] == []
        and votes_of(status(folder, "mayor", "--as-of", "2022-11-08T21:00")) == BEFORE
    )


def votes_now(folder: Path) -> dict[str, int]:
    return votes_of(status(folder))


def mayor(*cells: str) -> str:
    """A table of the mayor's contest: votes of the three candidates."""
    rows = zip(("ANN LEE", "BO NÚÑEZ", "CY ROE"), cells, strict=True)
    return table(*(f"MAYOR,all,total,{name},{cell}" for name, cell in rows))


# -- no results at all: exit code 3, kept as a capture -------------------------------------------------------------------------------


def workbook() -> bytes:
    """Return the least that is a workbook: an archive with the list of types."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return made.getvalue()


UNREADABLE = {
    "a PDF": ("night.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "this is a PDF; it cannot be read as results."),
    "a page": ("night.html", b"<!DOCTYPE html>\n<html><body>404</body></html>", "this is a web page; it cannot be read as results."),
    "a workbook": (
        "night.xlsx",
        workbook(),
        "the workbook is damaged (",
    ),
    "a picture": ("night.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "this is a picture; it cannot be read as results."),
    "noise": ("night.bin", random.Random(7).randbytes(4000), "no format recognises this file; it begins with"),
    "prose": ("night.txt", b"Ann Lee leads.\nMore at eleven.\n", 'no format recognises this file; it begins with "Ann Lee leads.'),
    "another table": ("other.csv", b"a,b,c\n1,2,3\n", "no format recognises this file; it begins with"),
    "another JSON": ("other.json", b'{"results": [1, 2, 3]}', "no format recognises this file; it begins with"),
    "nothing": ("night.csv", b"", "the file is empty (0 bytes).\nThe download may have failed. Fetch it again."),
    "white space": ("night.csv", b" \n\n", "the file is empty (3 bytes)."),
    "a header": ("night.csv", table().encode(), "the table has a header and no rows."),
    "half a JSON": ("night.json", county_json()[:-60], "the JSON stops in the middle, after"),
    "half a gzip": ("night.json.gz", gzip.compress(county_json())[:-30], "the compressed file stops short after"),
    "a bad gzip": ("night.json.gz", b"\x1f\x8b\x08\0" + b"junk" * 20, "the compressed data is damaged"),
    "a bomb": ("night.csv.gz", gzip.compress(b"0" * 60_000_000), "the file unpacks to more than 200 times its"),
    "half a letter": ("night.json", county_json()[: county_json().index("Ú".encode()) + 1], "the file stops in the middle of a character"),
    "cp1252": ("night.csv", mayor("1", "2", "3").encode("cp1252"), "line 3 is not UTF-8: byte"),
    "zeros": ("night.csv", mayor("1", "2", "3").encode() + b"\0" * 8, "this is not a text file: byte"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_kept_and_named(made, name):
    """The file, what it is, what to do; exit code 3; the bytes are a capture; what was recorded is untouched."""
    called, content, said = UNREADABLE[name]
    ran = add(made, called, content)
    problem, *next_step = ran.err.removeprefix("racecall: ").strip().split("\n")

    assert (ran.code, ran.out) == (BROKEN, "")
    assert f"{called}: {said}" in ran.err
    assert len(next_step) == 1, "one sentence what is wrong, one line what to do"
    assert next_step[0][0].isupper()
    assert problem.endswith(".")
    assert [event["body"]["name"] for event in events(made)[3:]] == [called]
    assert is_untouched(made)


def test_a_file_that_cannot_be_read_is_kept_once(made):
    """Trying again and again does not fill the record."""
    for _ in range(3):
        add(made, "night.pdf", b"%PDF-1.7\n")

    assert len(events(made)) == 4


def test_a_file_that_could_not_be_read_can_be_read_later(made):
    """With the encoding named, the same bytes are results."""
    content = mayor("700", "600", "200").encode("cp1252")
    first = add(made, "later.csv", content, *LATE)
    second = add(made, "later.csv", content, *LATE, "--encoding", "cp1252")

    assert "racecall add --encoding cp1252" in first.err
    assert (first.code, second.code, votes_now(made)) == (BROKEN, FINE, {"ann-lee": 700, "bo-nunez": 600, "cy-roe": 200})


def test_a_wrong_encoding_is_said_to_be_wrong(made):
    """The byte, the line, and to try another."""
    ran = add(made, "later.csv", mayor("700", "600", "200"), *LATE, "--encoding", "ascii")

    assert ran.code == BROKEN
    assert "later.csv: line 3 is not ascii: byte" in ran.err
    assert "Try another --encoding." in ran.err


def test_an_encoding_that_does_not_exist_is_our_own_mistake(made):
    """Exit code 2, and the common ones."""
    ran = add(made, "later.csv", mayor("700", "600", "200"), *LATE, "--encoding", "windows")

    assert ran.code == USAGE
    assert ran.err == 'racecall: no encoding "windows".\nCommon ones: utf-8, cp1252, latin-1, mac-roman, utf-16.\n'


# -- files that are none, or too large -----------------------------------------------------------------------------------------------


def test_a_gigabyte_is_refused_before_it_is_read(made):
    """By its size, in no time and no memory; with the option that lifts the limit."""
    large = made.parent / "large.csv"
    large.touch()
    os.truncate(large, 1 << 30)
    at_most = 600 << 20
    ran = started("add", made, large, before=lambda: resource.setrlimit(resource.RLIMIT_DATA, (at_most, at_most)))

    assert ran.code == BROKEN
    assert ran.err == (
        f"racecall: {large}: the file is 1,024 MB; the limit is 512 MB.\nIf it really is a results file, raise the limit: --max-size 1024\n"
    )
    assert is_untouched(made)


def test_the_limit_can_be_lowered(made):
    """--max-size counts in megabytes."""
    ran = add(made, "later.csv", b"x" * 1_100_000, "--max-size", "1")

    assert ran.code == BROKEN
    assert "the file is 1 MB; the limit is 1 MB." in ran.err


@pytest.mark.parametrize("size", ["0", "-1", "many"])
def test_a_limit_must_be_a_size(made, size):
    """At least one megabyte."""
    ran = add(made, "later.csv", mayor("1", "2", "3"), "--max-size", size)

    assert ran.code == USAGE
    assert "--max-size" in ran.err


def test_a_folder_is_no_file(made):
    """Name the files in it."""
    ran = racecall("add", made, made.parent)

    assert (ran.code, ran.err) == (USAGE, f"racecall: {made.parent}: this is a folder, not a file.\nName the files in it.\n")


@pytest.mark.parametrize("name", ["none.json", "election/election.toml/none.json"])
def test_a_file_that_is_not_there_is_named(made, name):
    """Check the name."""
    ran = racecall("add", made, made.parent / name)

    assert (ran.code, ran.err) == (USAGE, f"racecall: {made.parent / name}: there is no such file.\nCheck the name.\n")


def test_a_file_with_a_name_of_another_alphabet_or_none(made):
    """A name that is not even UTF-8 is recorded in letters that can be written down."""
    odd = os.fsdecode(os.fsencode(made.parent) + b"/caf\xe9 [b] 1.json")
    Path(odd).write_bytes(county_json(LATER, "2022-11-09T17:00:00"))
    ran = racecall("add", made, odd)

    assert (ran.code, ran.out) == (FINE, "caf\N{REPLACEMENT CHARACTER} [b] 1.json: 1 release, 2 contests, 3,090 votes\n")
    assert racecall("verify", made).code == FINE


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--feed", "none"], "no feed 'none'.\nFeeds: "),
        (["--map", "votes"], '--map: "votes" has no equals sign.\nWrite KEY=COLUMN'),
        (["--map", "vote=Total"], "vote"),
        (["--map", "none.toml"], "none.toml: there is no such file.\nCheck the name."),
        (["--map", "votes=Ballots"], 'the table has no column "Ballots".'),
        (["--status", "final"], 'no results status "final".\nOne of: pre_election, unofficial_partial'),
        (["--published-at", "noon"], '"noon" is not a time.\nWrite it like'),
    ],
)
def test_options_that_make_no_sense_end_with_2(made, options, said):
    """What was wrong, what would be right, and nothing is recorded."""
    ran = add(made, "later.csv", mayor("700", "600", "200"), *options)

    assert (ran.code, ran.out, len(events(made))) == (USAGE, "", 3)
    assert said in ran.err


# -- results with something wrong in them: recorded, with findings -------------------------------------------------------------------


def test_a_byte_order_mark_is_accepted(made):
    """And noted."""
    ran = add(made, "later.csv", b"\xef\xbb\xbf" + mayor("700", "600", "200").encode(), *LATE)

    assert (ran.code, votes_now(made)) == (FINE, {"ann-lee": 700, "bo-nunez": 600, "cy-roe": 200})
    assert "The file begins with a byte order mark (UTF-8); it was read accordingly and the mark dropped." in ran.words


@pytest.mark.parametrize("printed", ['"1,234"', "1\u202f234", "1'234", "1\N{RIGHT SINGLE QUOTATION MARK}234", " 1234 ", "1234.0", "01234"])
def test_thousands_are_read_however_they_are_printed(made, printed):
    """Commas, thin spaces, apostrophes: 1,234."""
    ran = add(made, "later.csv", mayor(printed, "600", "200"), *LATE)

    assert (ran.code, votes_now(made)["ann-lee"]) == (FINE, 1234)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("", '1 cell blank in column "votes" (first in row 2); read as not reported, not as 0.'),
        ("****", '1 cell withheld in column "votes" (first in row 2: "****"); read as not reported'),
        ("<10", '1 cell withheld in column "votes" (first in row 2: "<10"); read as not reported'),
    ],
)
def test_a_blank_or_withheld_cell_is_not_zero(made, cell, said):
    """Nothing is made up: the option has no votes, which is not none."""
    ran = add(made, "later.csv", mayor(cell, "600", "200"), *LATE)

    assert said in ran.words
    assert "ann-lee" not in votes_now(made)
    assert is_untouched(made)


@pytest.mark.parametrize(
    ("cell", "check", "said"),
    [
        ("-5", "negative_count", '1 cell negative in column "votes" (first in row 2: "-5"); a count is 0 or more. Read as not reported.'),
        ("(5)", "negative_count", "a count is 0 or more."),
        ("12.5", "fractional_count", '1 cell with a fraction in column "votes" (first in row 2: "12.5"); a count is a whole number.'),
        ("99999999999999", "impossible_count", '1 cell larger than the people on Earth in column "votes"'),
        ("twelve", "not_a_number", '1 cell without a number in column "votes" (first in row 2: "twelve"). Read as not reported.'),
        ("12%", "not_a_number", 'first in row 2: "12%"'),
        ("1,23", "not_a_number", "cell"),
        ("1e3", "not_a_number", 'first in row 2: "1e3"'),
    ],
)
def test_a_cell_that_is_no_count_holds_the_calls(made, cell, check, said):
    """Row, column, what was found, what was expected."""
    ran = add(made, "later.csv", mayor(f'"{cell}"', "600", "200"), *LATE)
    found = racecall("findings", "list", made, "--json").lines

    assert ran.code == FINDINGS
    assert said in ran.words
    assert (check, "hold_calls") in {(finding["check"], finding["severity"]) for finding in found}
    assert "ann-lee" not in votes_now(made)
    assert is_untouched(made)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (-5, FINDINGS, 'MAYOR, ANN LEE: 1 cell negative in column "Votes" (first in row 1: "-5"); a count is 0 or more.'),
        (5.5, FINDINGS, "a count is a whole number."),
        ("1,234", FINE, "Votes are printed as text in 1 place"),
        (None, FINDINGS, "MAYOR: no votes are given for ANN LEE"),
        ("****", FINE, '1 cell withheld in column "Votes"'),
    ],
)
def test_the_same_is_so_in_json(made, number, code, said):
    """Another format, the same rules."""
    votes = {**LATER, "MAYOR": {**LATER["MAYOR"], "ANN LEE": number}}
    ran = add(made, "later.json", county_json(votes, "2022-11-09T17:00:00"), "--backfill")

    assert said in ran.words
    assert ran.code in {code, FINDINGS}
    assert is_untouched(made)


PRECINCTS = "contest,precinct,candidate,votes"


def test_total_rows_are_not_added_to_their_parts(made):
    """30 is 10 and 20."""
    rows = ("MAYOR,1,ANN LEE,400", "MAYOR,2,ANN LEE,300", "MAYOR,Total,ANN LEE,700", "MAYOR,1,BO NÚÑEZ,600", "MAYOR,1,CY ROE,200")
    ran = add(made, "later.csv", table(*rows, header=PRECINCTS), *LATE)

    assert votes_now(made) == {"ann-lee": 700, "bo-nunez": 600, "cy-roe": 200}
    assert "total" in ran.words


def test_a_total_row_that_does_not_add_up_is_a_finding(made):
    """The printed total is kept, and both figures are named."""
    rows = ("MAYOR,1,ANN LEE,400", "MAYOR,2,ANN LEE,300", "MAYOR,Total,ANN LEE,750", "MAYOR,1,BO NÚÑEZ,600", "MAYOR,1,CY ROE,200")
    ran = add(made, "later.csv", table(*rows, header=PRECINCTS), *LATE)

    assert (ran.code, votes_now(made)["ann-lee"]) == (FINDINGS, 750)
    assert "750" in ran.words
    assert "700" in ran.words
    assert "A unit may be missing or loaded twice." in ran.words


def test_the_same_key_with_two_numbers_is_a_finding(made):
    """The first is kept, both are named, and how to add them up if they are parts."""
    rows = ("MAYOR,1,ANN LEE,700", "MAYOR,1,ANN LEE,70", "MAYOR,1,BO NÚÑEZ,600", "MAYOR,1,CY ROE,200")
    source = table(*rows, header=PRECINCTS)
    ran = add(made, "later.csv", source, *LATE)

    assert (ran.code, votes_now(made)["ann-lee"]) == (FINDINGS, 700)
    assert "ANN LEE, unit 1: 700 and 70 in rows 2 and 3. The first was kept." in ran.words
    assert "--map duplicates:=sum" in ran.words
    add(made, "later.csv", source, *LATE, "--map", "duplicates:=sum")
    assert votes_now(made)["ann-lee"] == 770


def test_the_same_row_twice_counts_once(made):
    """A note, no hold."""
    rows = ("MAYOR,1,ANN LEE,700", "MAYOR,1,ANN LEE,700", "MAYOR,1,BO NÚÑEZ,600", "MAYOR,1,CY ROE,200")
    ran = add(made, "later.csv", table(*rows, header=PRECINCTS), *LATE[:2], "--source", "The county's table of precincts")

    assert (ran.code, votes_now(made)["ann-lee"]) == (FINE, 700)
    assert "counted once" in ran.words


def test_an_unknown_candidate_holds_the_calls_and_counts_in_the_total(made):
    """Never a new candidate by itself."""
    ran = add(made, "later.csv", mayor("700", "600", "200") + "MAYOR,all,total,ZED ZOE,50\n", *LATE)

    assert ran.code == FINDINGS
    assert '"ZED ZOE" is not an option of this contest.' in ran.words
    assert status(made)["votes_counted"] == 1550
    assert "zed-zoe" not in votes_now(made)


def test_a_candidate_who_is_gone_holds_the_calls(made):
    """A name that vanishes is more often a renaming than a withdrawal."""
    ran = add(made, "later.csv", table("MAYOR,all,total,ANN LEE,700", "MAYOR,all,total,BO NÚÑEZ,600"), *LATE)

    assert ran.code == FINDINGS
    assert "CY ROE had 150 votes and is not in this release." in ran.words


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_one_name_in_two_spellings_of_unicode_is_one_name(made, form):
    """Ñ as one letter, or as N with a tilde: nobody can see the difference, and nothing is noted."""
    ran = add(made, "later.csv", unicodedata.normalize(form, mayor("700", "600", "200")), *LATE)

    assert (ran.code, votes_now(made)) == (FINE, {"ann-lee": 700, "bo-nunez": 600, "cy-roe": 200})
    assert "BO N" not in ran.out


@pytest.mark.parametrize("name", ["BO NUNEZ", "Bo Nunez", "BO NÚNEZ", "BO NÚÑEZ."])
def test_a_name_without_its_accents_is_matched_and_noted(made, name):
    """The votes are the candidate's; a person is told."""
    ran = add(made, "later.csv", mayor("700", "600", "200").replace("BO NÚÑEZ", name), *LATE)

    assert (ran.code, votes_now(made)["bo-nunez"]) == (FINE, 600)
    assert f'"{name}" was read as' in ran.words


def test_a_name_in_other_case_is_the_same_name(made):
    """Nothing to note."""
    ran = add(made, "later.csv", mayor("700", "600", "200").lower(), *LATE)

    assert (ran.code, votes_now(made)["bo-nunez"], "finding" in ran.out) == (FINE, 600, False)


def test_a_table_that_breaks_off_is_held(made):
    """The last row has three cells of four: what there is is kept, and nothing is called on it."""
    rows = ("MAYOR,1,ANN LEE,700", "MAYOR,1,BO NÚÑEZ,600")
    ran = add(made, "later.csv", table(*rows, header=PRECINCTS) + "MAYOR,1,CY", *LATE)

    assert ran.code == FINDINGS
    assert "The last row, 4, breaks off after 3 of 4 cells." in ran.words
    assert is_untouched(made)


# -- the machine -----------------------------------------------------------------------------------------------------------------------


def small_files(size: int) -> Callable[[], None]:
    """Allow no file larger than `size` bytes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.parametrize("size", [100, 2_000, 20_000])
def test_a_machine_that_takes_no_more_keeps_what_was_recorded(made, size):
    """Wherever the writing stops: exit code 3, in words, and the same command completes the record when there is room."""
    later = file(made.parent, "later.json", county_json({f"CONTEST {n}": LATER["MAYOR"] for n in range(60)} | LATER, "2022-11-09T17:00:00"))
    ran = started("add", made, later, "--backfill", before=small_files(size))

    assert (ran.code, ran.out) == (BROKEN, "")
    assert "nothing was recorded, and what was recorded before is untouched." in ran.err
    assert "run the same command again." in ran.err
    assert is_untouched(made)
    assert (len(events(made)), racecall("add", made, later, "--backfill").code) == (3, FINE)
    assert votes_now(made)["ann-lee"] == 800


def test_an_output_that_cannot_be_written_is_said(made):
    """/dev/full is a disk without space: the words go to stderr, the exit code is 3, the record is untouched."""
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "racecall", "status", str(made)], stdout=full, stderr=subprocess.PIPE, check=False, env=surroundings()
        )

    assert ran.returncode == BROKEN
    assert ran.stderr.decode() == (
        f"racecall: what the command printed: cannot be read or written ({os.strerror(errno.ENOSPC)}).\n"
        "Look at the disk's space and the permissions. What is recorded is safe: racecall verify DIR\n"
    )


def on_a_disk(folder: Path, script: str, *words: str) -> list[str]:
    """Run a shell script as the owner of its own disks (a user namespace): $RACECALL, the election folder as $1, then the words."""
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", str(folder), *words]
    environment = {**surroundings(), "RACECALL": f"{sys.executable} -m racecall"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=120)
    except FileNotFoundError:
        pytest.skip("needs unshare(1), to mount a small disk")
    if "mounted" not in done.stdout:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()}")
    return done.stdout.splitlines()


FULL = """
set -e; mkdir "$1/../disk"; mount -t tmpfs -o size=300k tmpfs "$1/../disk"; cd "$1/../disk"; echo mounted
cp -r "$1" e; cp "$1/../later.json" .; dd if=/dev/zero of=ballast bs=1k count=1000 2>/dev/null || true
for kilobytes in $(seq 0 "$2" 160); do
  if $RACECALL add e later.json --backfill 2>../said >/dev/null; then break; fi
  echo "refused $(tr '\\n' ' ' <../said)"
  $RACECALL verify e >/dev/null || echo "not whole with $kilobytes"
  $RACECALL status e >/dev/null || echo "no status with $kilobytes"
  truncate -s "-$2k" ballast
done
echo "then $($RACECALL add e later.json --backfill)"; echo "and $($RACECALL verify e --json)"
"""


@pytest.mark.parametrize(("step", "times"), [("120", 1), pytest.param("8", 3, marks=pytest.mark.slow)])
def test_a_full_disk_for_real(made, step, times):
    """A small disk filled to the brim and emptied step by step: refused in words until there is room, never damaged."""
    file(made.parent, "later.json", county_json({f"CONTEST {n}": LATER["MAYOR"] for n in range(60)} | LATER, "2022-11-09T17:00:00"))
    said = on_a_disk(made, FULL, step)
    refused = [line for line in said if line.startswith("refused")]

    assert len(refused) >= times
    assert [line for line in refused if "untouched" not in line and "cannot be opened" not in line] == []
    assert any("the disk is full; nothing was recorded, and what was recorded before is untouched." in line for line in refused)
    assert [line for line in said if line.startswith(("not whole", "no status"))] == []
    assert "then later.json: already in the record as event 4; nothing changes" in said
    assert '"problems": []' in said[-1]


READ_ONLY = """
set -e; mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"; echo mounted
set +e; cd "$1/.."
$RACECALL add election later.json 2>&1 >/dev/null | tr '\\n' ' '; echo
$RACECALL findings accept election 00 --reason x 2>&1 >/dev/null | tr '\\n' ' '; echo
$RACECALL status election >/dev/null; echo "status $?"
$RACECALL verify election; echo "verify $?"
"""


def test_a_folder_that_can_only_be_read(made):
    """An archive on a disk that takes no writing can be read and verified; what would write says why it cannot."""
    file(made.parent, "later.json", county_json(LATER, "2022-11-09T17:00:00"))
    before = (files_of(made), events(made))
    _, add_said, accept_said, *rest = on_a_disk(made, READ_ONLY)

    assert "this disk can be read and not written; nothing was recorded. Copy the folder to another disk and work there." in add_said
    assert accept_said.endswith("Check the folder's permissions and its disk. ")
    assert rest[0] == "status 0"
    assert (rest[-2], rest[-1]) == ("The record is whole.", "verify 0")
    assert (files_of(made), events(made)) == before


def test_words_that_are_no_text_are_refused(made, tmp_path):
    """The record is UTF-8; a terminal in another encoding hands over bytes that no reader could give back."""
    later, before = file(tmp_path, "later.json", county_json(LATER, "2022-11-09T17:00:00")), events(made)
    ran = racecall("add", made, later, "--by", os.fsdecode(b"Jos\xe9"))

    assert (ran.code, ran.err) == (
        USAGE,
        'racecall: "Jos?" is not UTF-8.\nSet the terminal to UTF-8 (LANG=C.UTF-8), and type it again.\n',
    )
    assert events(made) == before


def test_a_files_name_may_be_any_bytes(made, tmp_path):
    """A county's archive has names from other systems."""
    odd = tmp_path / os.fsdecode(b"Jos\xe9.json")
    odd.write_bytes(county_json(LATER, "2022-11-09T17:00:00"))

    assert racecall("add", made, odd).code == FINE
