"""Popolo JSON: people, bodies and memberships as civic databases publish them."""

import json
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from racecall.coverage.files import Usual, rows_of
from racecall.coverage.popolo import popolo_entries, slug
from racecall.coverage.rows import Organization, Party, Person, Post
from racecall.errors import BrokenFile, SettingsError

NOW = datetime(2017, 6, 1, tzinfo=UTC)
SAID = {"source": "A registry", "as_of": NOW}
FILE = {
    "persons": [
        {
            "id": "ocd-person/4F8A",
            "name": "Jimmy Gomez",
            "birth_date": "1974-11-25",
            "gender": "male",
            "other_names": [{"name": "Jimmy Gómez", "note": "accent"}],
            "identifiers": [{"scheme": "bioguide", "identifier": "G000585"}],
            "images": [{"url": "https://example.org/a.jpg"}],
        }
    ],
    "organizations": [
        {"id": "assembly", "name": "California State Assembly", "classification": "legislature"},
        {"id": "dem", "name": "Democratic Party", "classification": "Party"},
    ],
    "posts": [{"id": "ad51", "label": "Member for AD-51", "role": "assemblyman", "organization_id": "assembly", "area": {"name": "AD-51"}}],
    "memberships": [
        {"person_id": "ocd-person/4F8A", "post_id": "ad51", "start_date": "2012-12"},
        {"id": "m2", "person_id": "ocd-person/4F8A", "organization_id": "dem", "start_date": "2004-01-31"},
    ],
}


def rows(value):
    entries = popolo_entries("people.json", json.dumps(value))
    return rows_of(entries, Usual(zone=ZoneInfo("UTC"), now=NOW, source="A registry"), where="people.json")


def test_a_file_becomes_people_bodies_posts_and_parties():
    """A membership in a party is a party, any other a post; a month is no day and stands in the note."""
    assert rows(FILE) == (
        Person(
            id="ocd-person-4f8a",
            name="Jimmy Gomez",
            aliases=("Jimmy Gómez",),
            born=date(1974, 11, 25),
            gender="male",
            identifiers={"bioguide": "G000585"},
            **SAID,
        ),
        Organization(id="assembly", name="California State Assembly", type="legislature", **SAID),
        Organization(id="dem", name="Democratic Party", type="party", **SAID),
        Post(
            id="post-ocd-person-4f8a-1",
            person="ocd-person-4f8a",
            role="assemblyman",
            organization="California State Assembly",
            area="AD-51",
            note="Printed only as start 2012-12.",
            **SAID,
        ),
        Party(id="m2", person="ocd-person-4f8a", party="Democratic Party", start=date(2004, 1, 31), **SAID),
    )


def test_the_source_of_a_thing_goes_before_the_commands():
    """The first address that the file gives."""
    (row,) = rows({"people": [{"id": "a", "name": "Ann Lee", "sources": [{"url": "https://example.org/ann"}]}]})

    assert row.source == "https://example.org/ann"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "this is not Popolo JSON: Input data was truncated."),
        ('{"persons": [{"name": 3}]}', "this is not Popolo JSON: Expected `str`, got `int` - at `$.persons[0].name`."),
        ('{"results": []}', "there are no persons, organizations or memberships in it."),
    ],
)
def test_a_file_that_is_something_else(text, said):
    """What was found, and where."""
    with pytest.raises(BrokenFile) as error:
        popolo_entries("people.json", text)

    assert said in str(error.value)


def test_somebody_without_a_name_is_told_by_number():
    """The file is refused, with the place in it."""
    with pytest.raises(SettingsError) as error:
        rows({"persons": [{"id": "a"}]})

    assert "people.json: 1 problem; nothing was recorded.\n  persons, number 1, name: it is missing." in str(error.value)


def test_an_id_is_put_into_our_letters():
    """Ids stand in addresses."""
    assert (slug("ocd-person/4F8A"), slug("José Huízar"), slug("--")) == ("ocd-person-4f8a", "jose-huizar", "")
