"""What is published of the record of coverage: nobody who is marked private, and nothing that names or rests on such a person."""

from datetime import UTC, datetime

import pytest

from racecall.coverage.openly import openly
from racecall.coverage.record import Coverage
from racecall.coverage.rows import Allegation, Endorsement, Person, Polarity, Post, Quote, Review, StatedClaim

SAID = {"source": "A story", "as_of": datetime(2017, 5, 26, tzinfo=UTC)}
KNOWN = Person(id="gomez", name="Jimmy Gomez", **SAID)
PRIVATE = Person(id="neighbor", name="Jane Private", aliases=("Janie",), private=True, **SAID)
CLAIM = StatedClaim(id="c", text="It rained.", speaker="neighbor", **SAID)


def left(*rows):
    return openly(Coverage((KNOWN, PRIVATE, *rows))).rows


def test_a_record_without_private_persons_stays_as_it_is():
    """The same value, not a copy."""
    coverage = Coverage((KNOWN,))

    assert openly(coverage) is coverage


@pytest.mark.parametrize(
    "row",
    [
        Post(id="p", person="neighbor", role="teacher", **SAID),
        Quote(id="q", speaker="neighbor", text="hello", **SAID),
        CLAIM,
        Endorsement(id="e", endorser="Jane Private", endorser_type="group", polarity=Polarity.ENDORSED, stage="c", **SAID),
        Allegation(id="a", by="Janie and others", against="gomez", text="Noise.", **SAID),
    ],
    ids=lambda row: type(row).__name__,
)
def test_what_is_about_a_private_person_or_names_one_is_left_out(row):
    """By a reference, by the name, by another spelling of it."""
    assert left(row) == (KNOWN,)


def test_what_rests_on_such_a_row_is_left_out_as_well():
    """A review of a claim that is not shown is not shown."""
    assert left(CLAIM, Review(id="r", claim="c", verdict="opinion", reason="None.", reviewer="us", **SAID)) == (KNOWN,)


def test_an_accusation_of_somebody_public_stays():
    """It is recorded who said it."""
    row = Allegation(id="a", by="former staff", against="gomez", text="Noise.", **SAID)

    assert left(row) == (KNOWN, row)
