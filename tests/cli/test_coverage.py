"""`racecall coverage`: what stories speak of is added, imported, listed as it stood, and shown in all its versions."""

import shutil

import pytest

from commands import BROKEN, FINE, USAGE, demo, election, events, file, racecall

CLUB = ("id=club", "endorser=A Club", "endorser_type=club", "polarity=endorsed", "stage=mayor")
MORNING = "2017-04-05T09:00"


@pytest.fixture
def made(tmp_path):
    """An election that nothing is recorded of but its settings."""
    return election(tmp_path)


def add(folder, *words: str, source: str = "A page"):
    return racecall("coverage", "add", folder, *words, "--source", source, "--by", "A. Editor", "--as-of", "2022-11-01")


def test_nothing_is_said_to_be_nothing(made):
    """A new election has no record of coverage."""
    assert racecall("coverage", "list", made).out == "Nothing is recorded.\n"
    assert racecall("coverage", "list", made, "person").out == "Nothing is recorded.\n"


def test_a_row_is_an_event_with_its_contest(made):
    """Who added it, since when it was known, and the row itself."""
    ran = add(made, "endorsement", *CLUB)
    event = events(made)[-1]

    assert (ran.code, ran.out) == (FINE, "Recorded 1 endorsement.\n")
    assert (event["kind"], event["contest"], event["actor"], event["at"]) == ("coverage", "mayor", "A. Editor", "2022-11-02T06:59:59Z")
    assert event["body"] == {
        "kind": "endorsement",
        "row": {
            "id": "club",
            "source": "A page",
            "endorser": "A Club",
            "endorser_type": "club",
            "polarity": "endorsed",
            "stage": "mayor",
        },
    }


def test_the_same_row_twice_is_said(made):
    """Nothing is appended."""
    add(made, "endorsement", *CLUB)
    before = len(events(made))

    assert add(made, "endorsement", *CLUB).out == "Nothing new; 1 row in the record already.\n"
    assert len(events(made)) == before


def test_json_gives_what_was_recorded(made):
    """Every field, those that are empty too."""
    ran = racecall("coverage", "add", made, "person", "id=ann", "name=Ann Lee", "--source", "A page", "--json")

    assert (ran.json["events"], ran.json["known"]) == (1, 0)
    assert {name: ran.json["recorded"][0][name] for name in ("row", "id", "name", "born")} == {
        "row": "person",
        "id": "ann",
        "name": "Ann Lee",
        "born": None,
    }


def test_a_row_without_a_source_is_refused(made):
    """Where to read it is part of the fact."""
    ran = racecall("coverage", "add", made, "person", "id=ann", "name=Ann Lee")

    assert (ran.code, ran.err.splitlines()[1]) == (USAGE, "  what was typed, source: it is missing.")


def test_a_row_that_refers_to_nothing_is_refused(made):
    """Which row, which field, and where to look."""
    ran = add(made, "endorsement", *CLUB, "candidate=ann")

    assert ran.code == USAGE
    assert 'endorsement/club, candidate: there is no person "ann".' in ran.err


def test_a_moment_that_is_none(made):
    """What to write is said."""
    ran = racecall("coverage", "add", made, "person", "id=ann", "name=Ann Lee", "--source", "A page", "--as-of", "last week")

    assert (ran.code, ran.err) == (
        USAGE,
        'racecall: --as-of: found "last week".\nWrite a time such as 2017-04-05T02:00-07:00, or a day, which means its end.\n',
    )


def test_an_import_is_whole_or_nothing(made, tmp_path):
    """One wrong cell keeps both rows out; put right, both are in."""
    rows = "id,name,born\nann,Ann Lee,1970-02-30\nbo,Bo Núñez,\n"
    wrong = racecall("coverage", "import", made, file(tmp_path, "people.csv", rows), "--kind", "person", "--source", "A page")
    right = racecall(
        "coverage", "import", made, file(tmp_path, "people.csv", rows.replace("30", "03")), "--kind", "person", "--source", "A page"
    )

    assert (wrong.code, wrong.err.splitlines()[1]) == (
        USAGE,
        '  line 2, born: found "1970-02-30", expected a day such as 2017-05-26.',
    )
    assert (right.code, right.out) == (FINE, "Recorded 2 person.\n")


def test_a_file_that_cannot_be_read(made, tmp_path):
    """Not UTF-8: the byte and the line."""
    ran = racecall("coverage", "import", made, file(tmp_path, "people.csv", "id,name\na,Núñez\n".encode("latin-1")), "--kind", "person")

    assert ran.code == BROKEN
    assert "people.csv" in ran.err
    assert "UTF-8" in ran.err


def test_a_kind_that_is_none(made):
    """Reports can be listed; they are entered elsewhere."""
    ran = racecall("coverage", "list", made, "endorsements")

    assert (ran.code, 'no kind of row "endorsements".' in ran.err, "elsewhere, report." in ran.err) == (USAGE, True, True)


def test_a_row_is_named_by_kind_and_id(made):
    """Either alone names nothing."""
    ran = racecall("coverage", "show", made, "ann")

    assert (ran.code, ran.err.splitlines()[0]) == (USAGE, 'racecall: "ann" names no row.')


def test_the_demo_has_every_kind():
    """How many of each, in the order of the page; reports stand with them."""
    counts = racecall("coverage", "list", demo(), "--json").json["rows"]
    told = racecall("coverage", "list", demo())

    assert (counts["endorsement"], counts["money"], counts["exchange"], counts["report"]) == (15, 28, 6, 48)
    assert told.words.startswith("Kind Rows person 37 post 13 party 5")


def test_the_record_is_listed_as_it_stood():
    """On the morning after the primary nobody knew of the runoff's endorsements."""
    then = racecall("coverage", "list", demo(), "endorsement", "--as-of", MORNING, "--json").lines
    now = racecall("coverage", "list", demo(), "endorsement", "--json").lines

    assert {row["stage"] for row in then} == {"ca34-2017-primary"}
    assert {row["stage"] for row in now} == {"ca34-2017-primary", "ca34-2017-runoff"}


def test_a_table_leaves_out_columns_without_a_word():
    """Dates of endorsements were not found, so there is no column for them."""
    ran = racecall("coverage", "list", demo(), "endorsement")

    assert ran.out.splitlines()[0].split() == ["Id", "Endorser", "Polarity", "Candidate", "Stage", "Vote", "Known", "from"]


def test_reports_are_listed_beside_the_rows():
    """A concession and its retraction are reports of a hand entry."""
    kinds = [
        row["kind"] for row in racecall("coverage", "list", demo(), "report", "--json").lines if row["by"].startswith("Robert Lee Ahn")
    ]

    assert kinds == ["victory_claim", "concession", "concession", "concession_retracted"]


def test_every_version_of_a_row_is_shown():
    """On 5 April a page gave an age; what was recorded before is still there."""
    ran = racecall("coverage", "show", demo(), "person/ahn")
    versions = racecall("coverage", "show", demo(), "person/ahn", "--json").lines

    assert [version["age"] for version in versions] == [None, 41]
    assert "person/ahn, known from 2017-02-15 23:59" in ran.out
    assert "person/ahn, known from 2017-04-05 00:00" in ran.out
    assert "by racecall demo, event " in ran.words


def test_the_record_of_coverage_is_verified_with_the_rest(tmp_path):
    """It hangs on the same chain: a changed row is found."""
    folder = shutil.copytree(demo(), tmp_path / "demo")
    racecall("coverage", "add", folder, "promise", "id=p", "by=ahn", "text=A promise.", "--source", "A page")
    ran = racecall("verify", folder)

    assert (ran.code, "The record is whole." in ran.out) == (FINE, True)


def test_a_row_shows_nothing_that_moves_the_cursor(made):
    """Whoever wrote the name."""
    add(made, "person", "id=ann", "name=Ann\x1b[2J Lee")

    assert "\x1b" not in racecall("coverage", "list", made, "person").out
