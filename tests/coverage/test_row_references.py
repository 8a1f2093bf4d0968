"""What rows refer to is in the record or in the settings."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

import builders as make
from racecall.coverage.references import REFERENCES, broken_references, contest_of, names_known
from racecall.coverage.rows import KINDS, Allegation, Elsewhere, Endorsement, Person, Polarity, StatedClaim, Turn, TurnRole

SAID = {"source": "A paper", "as_of": datetime(2017, 4, 1, tzinfo=UTC)}
ANN = Person(id="ann", name="Ann Lee", option="ann", **SAID)
ELECTION = make.election(make.contest("Ann", "Bo"))


def broken(*rows):
    """What rows refer to in vain, beside Ann."""
    found = broken_references(rows, names_known([ANN, *rows], ELECTION))
    return [(one.row.id, one.field, one.value, one.kinds) for one in found]


def test_people_contests_and_options_are_found():
    """Candidates by person id, stages by contest id, options in the settings."""
    row = Endorsement(id="e", endorser="A Club", endorser_type="club", polarity=Polarity.ENDORSED, stage="c", candidate="ann", **SAID)

    assert broken(ANN, row) == []


def test_a_name_that_is_nowhere_is_told_with_what_it_could_be():
    """Row, field, what it names, which kinds were looked at."""
    row = StatedClaim(id="s", text="A claim", speaker="bo", appearance="debate", **SAID)

    assert broken(row) == [("s", "speaker", "bo", ("person", "organization")), ("s", "appearance", "debate", ("story", "debate"))]


def test_every_id_of_a_list_is_looked_up():
    """One claim of two is there."""
    claim = StatedClaim(id="one", text="A claim", **SAID)
    turn = Turn(id="t", exchange="x", number=1, speaker="ann", role=TurnRole.CLAIM, text="Says so.", claims=("one", "two"), **SAID)

    assert broken(claim, turn) == [("t", "exchange", "x", ("exchange",)), ("t", "claims", "two", ("claim",))]


def test_nothing_is_no_reference():
    """A declined endorsement names no candidate."""
    row = Endorsement(id="e", endorser="A Club", endorser_type="club", polarity=Polarity.DECLINED, stage="c", **SAID)

    assert broken(row) == []


def test_who_accuses_is_told_in_words():
    """An accusation may come from several people; whom it is against is looked up."""
    assert broken(Allegation(id="a", by="former staffers", against="bo", text="Of something", **SAID)) == [
        ("a", "against", "bo", ("person", "organization"))
    ]


def test_a_row_is_about_the_contest_it_names():
    """The audit log shows it with the contest; another contest's name is words."""
    stage = Endorsement(id="e", endorser="A Club", endorser_type="club", polarity=Polarity.DECLINED, stage="c", **SAID)
    other = Elsewhere(id="o", contest="2016 primary", division="CA-34", held_on=SAID["as_of"].date(), winner="Ann", **SAID)

    assert [contest_of(row) for row in (stage, other, ANN)] == ["c", "", ""]


@pytest.mark.parametrize("name", REFERENCES)
def test_every_reference_is_a_field_and_leads_to_a_kind(name):
    """The table is about fields that exist."""
    kind, field = name.split(".")

    assert field in {one.name for one in fields(KINDS[kind])}
    assert set(REFERENCES[name]) <= {*KINDS, "contest", "option"}
