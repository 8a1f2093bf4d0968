"""True sentences made false: one thing is other than it was, and what the desk says of it has a name."""

from datetime import datetime

import pytest

from coverage.findings import a_text, found
from coverage.mutations import mutants, outcome
from coverage.texts import read_texts

CERTIFIED = datetime.fromisoformat("2017-04-15T09:00:00-07:00")
A_MUTANT = next(mutants(a_text()))


def mutated(words, type_, **more):
    """Each kind of change, and the words it leaves."""
    return {mutant.kind: mutant.words for mutant in mutants(a_text(words, claims=((words, type_, "confirmed"),), **more))}


@pytest.mark.parametrize(
    ("words", "type_", "changed"),
    [
        ("8,156 votes", "votes", {"number": "9,156 votes"}),
        ("Ahn 19%", "share", {"number": "Ahn 29%", "name": "Carmona 19%"}),
        ("came third", "rank", {"number": "came second"}),
        ("Jimmy Gomez conceded", "event", {"name": "Sara Hernandez conceded"}),
        ("$244,766", "money", {"number": "$344,766"}),
        ("42,902 ballots", "total", {"number": "52,902 ballots", "base": "42,902 votes"}),
        ("Gomez leads", "status", {"name": "Carmona leads", "hedge": "Gomez has won"}),
        ("Gomez, a Democrat", "party", {}),
        ("within 3 points", "margin", {}),
        ("fewer than 2,000 ballots", "outstanding", {}),
        ("Ahn with less than 20 percent", "share", {}),
        ("more than 40,000 ballots", "total", {"number": "more than 50,000 ballots"}),
        ("the 2016 primary", "other_contest", {}),
    ],
)
def test_one_thing_is_another(words, type_, changed):
    """A number, a name, a base or a hedge; a copy each."""
    assert mutated(words, type_) == changed


def test_a_certainty_is_no_mistake_after_certification():
    """Then nothing is overstated."""
    assert "hedge" not in mutated("Gomez leads", "status", as_of=CERTIFIED)


def test_only_what_is_surely_true_is_changed():
    """Where another verdict would do as well, a change proves nothing."""
    marked = {"words": "8,156 votes", "type": "votes", "verdict": "confirmed", "or_verdict": ["cannot_check"], "why": ""}

    assert list(mutants(a_text(claim=[marked]))) == []


def test_the_rest_of_the_text_stays():
    """One claim is wrong, and nothing else."""
    assert A_MUTANT.text.document.source == "Gomez had 9,156 votes, and Ahn led."


@pytest.mark.parametrize(
    ("claims", "became"),
    [
        ([("9,156 votes", "votes", "contradicted")], "alarming"),
        ([("9,156 votes", "votes", "cannot_check")], "open"),
        ([("Ahn led", "status", "contradicted")], "unseen"),
        ([("9,156 votes", "votes", "confirmed")], "missed"),
    ],
)
def test_what_becomes_of_it_has_a_name(claims, became):
    """Only what is still confirmed is missed."""
    assert outcome(A_MUTANT, lambda text: found(text, *claims)) == became


def test_there_are_many():
    """More than two hundred of the sentences that may be seen, of every kind."""
    made = [mutant.kind for text in read_texts("seen") for mutant in mutants(text)]

    assert len(made) > 200
    assert set(made) == {"number", "name", "base", "hedge"}
