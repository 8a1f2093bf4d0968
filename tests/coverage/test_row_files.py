"""Files of rows: TOML, CSV and what is typed make the same rows, and everything that is wrong is said at once."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from racecall.coverage.files import Usual, csv_entries, known_from, required, rows_of, toml_entries, typed_entry
from racecall.coverage.rows import KINDS, Completeness, Endorsement, Person, Polarity
from racecall.errors import BrokenFile, SettingsError, UnknownName, UsageError

ZONE = ZoneInfo("America/Los_Angeles")
NOON = datetime(2017, 6, 1, 19, tzinfo=UTC)
"""Noon in Los Angeles."""
USUAL = Usual(zone=ZONE, now=NOON, source="The campaign")

ROW = {"id": "schiff", "endorser": "Adam Schiff", "endorser_type": "officeholder", "polarity": "endorsed", "stage": "runoff"}
TOML = """racecall = "coverage/1"

[[endorsement]]
id = "schiff"
endorser = "Adam Schiff"
endorser_type = "officeholder"
polarity = "endorsed"
stage = "runoff"
"""
CSV = "id,endorser,endorser_type,polarity,stage\nschiff,Adam Schiff,officeholder,endorsed,runoff\n"


def toml_rows(text: str):
    return rows_of(toml_entries("rows.toml", text), USUAL, where="rows.toml")


def csv_rows(text: str, kind: str = "endorsement"):
    return rows_of(csv_entries("rows.csv", text, kind), USUAL, where="rows.csv")


def typed_row(kind: str, *words: str):
    (row,) = rows_of([typed_entry(kind, words)], USUAL)
    return row


def problem(*words: str, kind: str = "endorsement") -> str:
    """What is said of one wrong field among right ones."""
    right = {name: value for name, value in ROW.items() if kind == "endorsement" and name not in {word.split("=")[0] for word in words}}
    with pytest.raises(SettingsError) as error:
        typed_row(kind, *(f"{name}={value}" for name, value in right.items()), *words)
    return str(error.value)


def test_three_ways_to_write_a_row_make_the_same_row():
    """A TOML table, a line of a CSV and words on the command line."""
    expected = Endorsement(**{**ROW, "polarity": Polarity.ENDORSED}, source="The campaign", as_of=NOON)

    assert (*toml_rows(TOML), *csv_rows(CSV), typed_row("endorsement", *(f"{k}={v}" for k, v in ROW.items()))) == (expected,) * 3


def test_a_row_says_itself_who_says_so_and_since_when():
    """What stands in the file goes before what was given for all rows."""
    (row,) = toml_rows(TOML + 'source = "A paper"\nas_of = 2017-05-25T20:00:00-07:00\n')

    assert (row.source, row.as_of) == ("A paper", datetime(2017, 5, 26, 3, tzinfo=UTC))


def test_a_day_is_its_end_in_the_elections_zone():
    """Whatever became known on a day was known by then."""
    (row,) = toml_rows(TOML + "as_of = 2017-05-25\n")

    assert row.as_of == datetime(2017, 5, 25, 23, 59, 59, tzinfo=ZONE)


def test_a_day_that_is_not_over_is_now():
    """The end of today has not come."""
    (row,) = toml_rows(TOML + "as_of = 2017-06-01\n")

    assert row.as_of == NOON


def test_a_time_without_an_offset_is_the_countys():
    """As everywhere."""
    assert known_from("2017-05-25T20:00", USUAL) == datetime(2017, 5, 26, 3, tzinfo=UTC)


def test_an_hour_that_happened_twice_needs_its_offset():
    """A file can be put right, so nothing is guessed."""
    with pytest.raises(UsageError) as error:
        known_from("2016-11-06T01:30", USUAL)

    assert "its offset as well" in str(error.value)
    assert "happened twice" in str(error.value)


def test_lists_and_tables_of_one_cell_are_split_at_semicolons():
    """A cell holds several names, or several names and values."""
    row = typed_row("person", "id=a", "name=Ann Lee", "aliases=A. Lee; Annie Lee;", "identifiers=fec=H8; wikidata=Q1", "born=1974-11-25")

    assert (row.aliases, row.identifiers, row.born) == (("A. Lee", "Annie Lee"), {"fec": "H8", "wikidata": "Q1"}, date(1974, 11, 25))


def test_an_empty_cell_says_nothing():
    """A CSV has a cell for every field."""
    (row,) = csv_rows("id,name,born,aliases\na,Ann Lee,,\n", "person")

    assert row == Person(id="a", name="Ann Lee", source="The campaign", as_of=NOON)


def test_the_apostrophe_against_formulas_is_taken_off():
    """A spreadsheet was kept from taking a name for a formula."""
    (row,) = csv_rows("id,name\na,'=SUM(A1)\n", "person")

    assert row.name == "=SUM(A1)"


def test_false_is_said_and_kept():
    """A list that is not whole is a fact."""
    row = typed_row("completeness", "id=e", "of=endorsement", "complete=false")

    assert row == Completeness(id="e", of="endorsement", complete=False, source="The campaign", as_of=NOON)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["polarity=endorses"], 'polarity: found "endorses", expected one of endorsed, declined, withdrawn.'),
        (["date=May 25"], 'date: found "May 25", expected a day such as 2017-05-26.'),
        (["as_of=yesterday"], 'as_of: found "yesterday", expected a time such as 2017-04-05T02:00-07:00, or a day, which means its end.'),
        (["as_of=2017-02-30"], 'as_of: found "2017-02-30", expected a time such as'),
        (["id=Schiff!"], 'id: found "Schiff!", expected small letters, digits and - _ . only, 80 at most.'),
        (["stage="], "stage: it is missing."),
        (["candidat=gomez"], "candidat: there is no such field. A row of kind endorsement has: id, source, as_of, note, endorser,"),
    ],
)
def test_what_is_wrong_is_said_with_its_field(words, said):
    """What was found, what was expected."""
    assert said in problem(*words)


@pytest.mark.parametrize(
    ("kind", "words", "said"),
    [
        ("money", ["id=m", "candidate=ahn", "end=2017-03-15", "receipts=$1,000"], "expected a number, without commas or a currency."),
        ("money", ["id=m", "candidate=ahn", "end=2017-03-15", "receipts=nan"], "expected a number, without commas or a currency."),
        ("money", ["id=m", "candidate=ahn", "start=2017-04-01", "end=2017-03-15"], "end: 2017-03-15 is before start (2017-04-01)."),
        ("group_count", ["id=g", "contest=c", "group=all", "measure=registered", "share=27"], "expected a share from 0 to 1"),
        ("group_count", ["id=g", "contest=c", "group=all", "measure=ballots"], "expected one of ballots_returned, registered."),
        ("review", ["id=r", "claim=c", "verdict=true", "reason=x", "reviewer=y"], "expected one of contradicted, overstated,"),
        ("completeness", ["id=c", "of=endorsements", "complete=true"], "expected one of person, post,"),
        ("completeness", ["id=c", "of=endorsement", "complete=maybe"], 'complete: found "maybe", expected true or false.'),
        ("exchange", ["id=e", "debate=d", "number=first", "label=x"], 'number: found "first", expected a whole number.'),
        ("person", ["id=a", "name=A\udcffnn"], "expected text in UTF-8."),
        ("exchange", ["id=e", "debate=d", "number=-1", "label=x"], 'number: found "-1", expected a whole number, 0 or more.'),
        ("person", ["id=a", "name=Ann", "identifiers=fec=H8; Q1"], "expected a table of names and values."),
        ("person", ["id=a", "name=Ann", "identifiers=H8"], 'identifiers: found "H8", expected a table of names and values.'),
    ],
)
def test_each_type_of_field_says_what_it_takes(kind, words, said):
    """Numbers, shares, words out of a few, tables."""
    assert said in problem(*words, kind=kind)


def test_a_row_needs_a_source():
    """A fact without one is not recorded."""
    with pytest.raises(SettingsError) as error:
        rows_of([typed_entry("person", ["id=a", "name=Ann Lee"])], Usual(zone=ZONE, now=NOON))

    assert "what was typed, source: it is missing." in str(error.value)


def test_every_problem_of_a_file_is_named_with_its_row():
    """Nothing is recorded until all of them are put right."""
    with pytest.raises(SettingsError) as error:
        toml_rows(TOML.replace("endorsed", "for") + '\n[[money]]\nid = "m"\nend = "soon"\n')

    assert str(error.value) == (
        "rows.toml: 3 problems; nothing was recorded.\n"
        '  [[endorsement]] 1, line 3, polarity: found "for", expected one of endorsed, declined, withdrawn.\n'
        '  [[money]] 1, line 10, end: found "soon", expected a day such as 2017-05-26.\n'
        "  [[money]] 1, line 10, candidate: it is missing.\n"
        "The fields of every kind are in docs/coverage.md."
    )


def test_a_file_full_of_problems_names_the_first_ones():
    """A column in the wrong place makes hundreds."""
    with pytest.raises(SettingsError, match="and 5 more") as error:
        csv_rows("id,name,born\n" + "a,Ann Lee,1974\n" * 25, "person")

    assert str(error.value).startswith("rows.csv: 25 problems; nothing was recorded.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("racecall = ", "this is not TOML"),
        ('racecall = "coverage/2"\n', 'found racecall = "coverage/2", expected "coverage/1".'),
        ('racecall = "coverage/1"\n', "there is no row in it."),
        ('[person]\nid = "a"\n', '"person" is no list of tables.\nHead each row with [[person]], in two pairs of brackets.'),
        ("person = 3\n", '"person" is no list of tables.'),
    ],
)
def test_a_toml_file_that_is_none(text, said):
    """What was found, and what to do."""
    with pytest.raises(BrokenFile) as error:
        toml_entries("rows.toml", text)

    assert said in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\na\n", "line 2 has more or fewer cells than the header."),
        ("id,name\na,b,c\n", "line 2 has more or fewer cells than the header."),
        ("id,name,name\na,b,c\n", 'two columns are called "name".'),
        ("id,name\n", "there is no row in it."),
        ("", "there is no row in it."),
        ('id,name\na,"Ann\n', "after line 1 it is no CSV: unexpected end of data."),
    ],
)
def test_a_csv_that_is_none(text, said):
    """A line short of cells would move values into other fields."""
    with pytest.raises(BrokenFile) as error:
        csv_entries("rows.csv", text, "person")

    assert said in str(error.value)


def test_a_kind_that_is_none_is_answered_with_those_there_are():
    """Singular, in small letters."""
    with pytest.raises(UnknownName) as error:
        typed_entry("endorsements", [])

    assert 'no kind of row "endorsements".\nKinds: person, post, party,' in str(error.value)


def test_a_word_that_gives_no_field():
    """Somebody forgot the name."""
    with pytest.raises(UsageError) as error:
        typed_entry("person", ["Ann"])

    assert str(error.value).startswith('"Ann" gives no field.\nWrite field=value')


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_needs_an_id_a_source_and_a_moment(kind):
    """Whatever its kind."""
    assert {"id", "source", "as_of"} <= set(required(kind))
