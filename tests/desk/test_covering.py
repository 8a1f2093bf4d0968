"""Rows into the ledger: in one transaction, none twice, none that refers to nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import builders as make
from racecall.coverage.record import coverage_of
from racecall.coverage.rows import Completeness, Organization, Person, Post
from racecall.desk.covering import add_entries, add_rows, news, read_entries, versions_of
from racecall.desk.folder import new_folder
from racecall.desk.settings import render_election
from racecall.errors import SettingsError, UnknownFormat, UnknownName, UsageError
from racecall.ledger.events import EventKind

APRIL = datetime(2017, 4, 1, tzinfo=UTC)
NOW = datetime(2017, 6, 1, 19, tzinfo=UTC)
ANN = Person(id="ann", name="Ann Lee", option="ann", source="A paper", as_of=APRIL)
POST = Post(id="mayor", person="ann", role="mayor", source="A paper", as_of=APRIL)


@pytest.fixture
def folder(tmp_path):
    """An election between two people, on the first of June."""
    settings = render_election(make.election(make.contest("Ann", "Bo")))
    return new_folder(tmp_path / "e", settings.encode(), clock=lambda: NOW)


def rows(folder):
    return coverage_of(folder.ledger(), NOW).rows


def test_rows_of_one_batch_may_refer_to_each_other(folder):
    """In any order; each is an event, known from its own moment, by whoever added it."""
    covered = add_rows(folder, [POST, ANN], by="A. Editor")
    events = list(folder.ledger().of_kind(EventKind.COVERAGE))

    assert (covered.recorded, covered.events, rows(folder)) == ((POST, ANN), 2, (POST, ANN))
    assert {(event.at, event.recorded_at, event.actor) for event in events} == {(APRIL, NOW, "A. Editor")}


def test_a_row_that_stands_already_changes_nothing(folder):
    """Whatever the moment it is said again."""
    add_rows(folder, [ANN])
    covered = add_rows(folder, [ANN, replace(ANN, as_of=NOW)])

    assert (covered.recorded, covered.known, covered.events) == ((), (ANN, replace(ANN, as_of=NOW)), 0)


def test_another_version_takes_its_place_from_its_own_moment(folder):
    """And what stood before it is in the record."""
    later = replace(ANN, age=41, as_of=NOW)
    add_rows(folder, [ANN])
    add_rows(folder, [later], by="A. Editor")

    assert rows(folder) == (later,)
    assert [(version.row, version.actor) for version in versions_of(folder.ledger(), "person", "ann")][1] == (later, "A. Editor")


def test_what_was_said_between_two_equal_versions_is_new():
    """A, then B, then A again are three rows."""
    other = replace(ANN, name="Ann L. Lee", as_of=APRIL + timedelta(days=1))
    again = replace(ANN, as_of=APRIL + timedelta(days=2))

    assert list(news([other, again], [ANN])) == [other, again]


def test_an_earlier_version_is_news_even_if_it_says_what_stands_now():
    """It says since when."""
    earlier = replace(ANN, as_of=APRIL - timedelta(days=30))

    assert list(news([earlier], [ANN])) == [earlier]


def test_a_reference_to_nothing_refuses_the_whole_batch(folder):
    """Each is named, and nothing is recorded."""
    with pytest.raises(UnknownName) as error:
        add_rows(folder, [ANN, replace(POST, person="anne"), replace(ANN, id="bo", option="bob")])

    assert str(error.value) == (
        "2 references to nothing; nothing was recorded.\n"
        '  post/mayor, person: there is no person "anne".\n'
        '  person/bo, option: there is no option "bob".\n'
        "Put what is named into the same file or record it first. What is there: racecall coverage list DIR KIND"
    )
    assert rows(folder) == ()


def test_a_row_that_is_known_from_tomorrow_is_refused(folder):
    """A day that is still to come is no moment at which anything is known."""
    with pytest.raises(UsageError) as error:
        add_rows(folder, [replace(ANN, as_of=NOW + timedelta(days=1))])

    assert str(error.value) == (
        "person/ann: as_of is 2017-06-02T19:00:00Z, and it is 2017-06-01T19:00:00Z; nothing was recorded.\n"
        "as_of is when the row became known. A day that is still to come has a field of its own (effective, date …)."
    )


def test_files_of_one_import_may_refer_to_each_other(folder, tmp_path):
    """The posts stand in a CSV, the person in TOML, and the body in Popolo."""
    (tmp_path / "posts.csv").write_text("id,person,role\nmayor,ann,mayor\n", encoding="utf-8")
    (tmp_path / "ann.toml").write_text('[[person]]\nid = "ann"\nname = "Ann Lee"\noption = "ann"\n', encoding="utf-8")
    (tmp_path / "city.json").write_text('{"organizations": [{"id": "city", "name": "The City"}]}', encoding="utf-8")
    files = read_entries(folder, [tmp_path / name for name in ("posts.csv", "ann.toml", "city.json")], "post")
    add_entries(folder, files, source="A paper", as_of="2017-04-01T00:00+00:00")

    assert rows(folder) == (POST, ANN, Organization(id="city", name="The City", source="A paper", as_of=APRIL))


def test_nothing_of_an_import_is_recorded_unless_all_of_it_is(folder, tmp_path):
    """A slip in the second file keeps the first one out."""
    (tmp_path / "a.toml").write_text('[[person]]\nid = "ann"\nname = "Ann Lee"\n', encoding="utf-8")
    (tmp_path / "b.toml").write_text('[[person]]\nid = "bo"\nborn = "soon"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"b\.toml: 2 problems; nothing was recorded\."):
        add_entries(folder, read_entries(folder, [tmp_path / "a.toml", tmp_path / "b.toml"]), source="A paper")

    assert rows(folder) == ()


def test_a_csv_without_a_kind_and_a_file_of_another_sort(folder, tmp_path):
    """What to do is said."""
    for name in ("rows.csv", "rows.xlsx"):
        (tmp_path / name).write_text("id\n", encoding="utf-8")
    with pytest.raises(UsageError) as no_kind:
        list(read_entries(folder, [tmp_path / "rows.csv"]))
    with pytest.raises(UnknownFormat) as other:
        list(read_entries(folder, [tmp_path / "rows.xlsx"]))

    assert str(no_kind.value) == "rows.csv: a CSV does not say what its rows are.\nName the kind: --kind endorsement"
    assert str(other.value) == "rows.xlsx: this is no file of rows.\nGive one that ends in toml, csv, json."


def test_what_is_false_comes_back_false(folder):
    """A body leaves out what is empty, and false is not."""
    row = Completeness(id="list", of="endorsement", complete=False, source="A paper", as_of=APRIL)
    add_rows(folder, [row])

    assert rows(folder) == (row,)


def test_a_row_that_is_not_there(folder):
    """Where to look."""
    with pytest.raises(UnknownName) as error:
        versions_of(folder.ledger(), "person", "ann")

    assert str(error.value) == 'there is no row "person/ann".\nSee what there is: racecall coverage list DIR KIND'
