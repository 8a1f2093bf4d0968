"""The record of coverage for the programs of others: Popolo, ClaimReview, CSV, private persons left out."""

import json
from dataclasses import fields

import pytest

from coverage_pages import APRIL, SAID, packaged_pages
from racecall.coverage.files import Usual, csv_entries, rows_of
from racecall.coverage.openly import openly
from racecall.coverage.popolo import popolo_entries, slug
from racecall.coverage.record import Coverage
from racecall.coverage.rows import KINDS, Organization, Person, Review, kind_of
from racecall.desk.demo import NEVER
from racecall.publish.claim_review import claim_reviews
from racecall.publish.popolo import popolo, popolo_json
from racecall.publish.rows_csv import csv_files, rows_csv
from racecall.publish.site.beside import RecordPages
from racecall.publish.site.beside_files import export_files

COVERAGE = packaged_pages().coverage
ZONE = packaged_pages().pages[0].election.zone


# -- CSV -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind, type_ in KINDS.items() if COVERAGE.of(type_)])
def test_a_table_is_read_back_as_it_was(kind):
    """Every packaged row of every kind."""
    text = csv_files(COVERAGE)[f"{kind}.csv"].decode()
    rows = rows_of(csv_entries("x.csv", text, kind), Usual(zone=ZONE, now=NEVER))

    assert rows == COVERAGE.of(KINDS[kind])


def test_a_table_has_every_field_of_its_kind():
    """In the order in which the value has them."""
    head = csv_files(COVERAGE)["money.csv"].decode().partition("\n")[0]

    assert head.split(",") == [one.name for one in fields(KINDS["money"])]


def test_a_text_that_a_spreadsheet_would_run_is_escaped():
    """And is read back without the apostrophe."""
    row = Person(id="x", name="=1+1", **SAID)

    assert ",'=1+1," in rows_csv(Person, [row]).decode()


# -- ClaimReview ---------------------------------------------------------------------------------------------------------------------


def test_every_review_is_one_claim_review():
    """With a word for a rating and no number: verdicts are no scale."""
    made = list(claim_reviews(COVERAGE, {}))

    assert len(made) == len(COVERAGE.of(Review))
    assert all(set(one["reviewRating"]) == {"@type", "alternateName", "identifier"} for one in made)


def test_a_claim_review_has_what_its_readers_need():
    """Claim, speaker, where it was said, reviewer, day, verdict."""
    made = next(
        one for one in claim_reviews(COVERAGE, {"ahn-gas-tax-july": "https://example.org/#c"}) if one["identifier"] == "ahn-gas-tax-july"
    )

    assert (made["@type"], made["url"], made["author"]["name"]) == ("ClaimReview", "https://example.org/#c", "racecall")
    assert made["claimReviewed"] == "California's gas taxes rise on July 1, 2017."
    assert made["itemReviewed"]["author"] == {"@type": "Person", "name": "Robert Lee Ahn"}
    assert made["itemReviewed"]["appearance"]["@type"] == "CreativeWork"
    assert made["reviewRating"]["alternateName"] == "Contradicted"


def test_reviews_name_the_page_of_their_claim_where_the_site_has_an_address():
    """The debate's page for what was claimed there."""
    made = json.loads(export_files(packaged_pages(), "https://example.org/")["claimreview"]["claimreview.jsonld"])
    places = {one["itemReviewed"]["identifier"]: one["url"] for one in made}

    assert places["ahn-house"] == "https://example.org/coverage/debate/debate-2017-05-25/index.html#claim-ahn-house"


# -- Popolo --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Person, Organization])
def test_people_and_bodies_are_read_back(kind):
    """Names, other names, ids elsewhere."""
    entries = [entry for entry in popolo_entries("x.json", popolo_json(COVERAGE).decode()) if KINDS[entry.kind] is kind]
    rows = {row.id: row for row in rows_of(entries, Usual(zone=ZONE, now=NEVER, as_of=APRIL, source="x"))}

    assert all((rows[slug(row.id)].name, rows[slug(row.id)].aliases) == (row.name, row.aliases) for row in COVERAGE.of(kind))


def test_every_membership_names_a_person_and_a_body_in_the_file():
    """Bodies that nobody recorded are added."""
    made = popolo(COVERAGE)
    people, bodies = ({one["id"] for one in made[name]} for name in ("persons", "organizations"))

    assert [one["id"] for one in made["memberships"] if one["person_id"] not in people] == []
    assert [one["id"] for one in made["memberships"] if one.get("organization_id", next(iter(bodies))) not in bodies] == []


def test_a_debate_is_an_event_with_speeches_in_order():
    """Turns are summaries, because their words are ours; quotations are speeches."""
    made = popolo(COVERAGE)
    turns = [one for one in made["speeches"] if one["type"] == "summary"]

    assert [one["position"] for one in turns] == list(range(1, 12))
    assert {one["event_id"] for one in turns} == {made["events"][0]["id"]}
    assert "hard line" in {one["text"] for one in made["speeches"] if one["type"] == "speech"}


def test_nothing_private_is_in_any_file():
    """A private person leaves every format."""
    row = Person(id="neighbor", name="Jane Private", private=True, **SAID)
    made = export_files(RecordPages(coverage=openly(Coverage((*COVERAGE.rows, row)))), "")

    assert [name for files in made.values() for name, data in files.items() if b"Jane Private" in data] == []


def test_kinds_of_the_packaged_record_have_a_table_each():
    """No more and no fewer."""
    assert set(csv_files(COVERAGE)) == {f"{kind_of(row)}.csv" for row in COVERAGE.rows}
