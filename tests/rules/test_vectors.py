"""The 26 decision vectors: statutes, worked examples and real elections, each with the outcome it must have."""

from __future__ import annotations

import pytest

from racecall.desk.packaged import rule_vectors_text
from racecall.model.outcome import Tally
from racecall.rules.engine import decide
from racecall.rules.vectors import Vector, parse_vectors

VECTORS = parse_vectors(rule_vectors_text())


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_every_vector_has_its_outcome(book, vector: Vector):
    """The engine finds who is elected, who goes on and who is tied."""
    outcome = decide(book.rule(vector.rule), vector.tally, seats=vector.seats, votes_allowed=vector.votes_allowed)

    expected = (vector.elected, outcome.advancing if vector.advancing is None else vector.advancing, vector.ties, "")
    assert (outcome.elected, outcome.advancing, outcome.ties, outcome.undecided) == expected


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_every_vector_says_what_decided(book, vector: Vector):
    """Every decision has at least one clause, and every clause names the statute."""
    outcome = decide(book.rule(vector.rule), vector.tally, seats=vector.seats, votes_allowed=vector.votes_allowed)

    assert [clause.source for clause in outcome.clauses] == [book.rule(vector.rule).source] * max(1, len(outcome.clauses))


def test_there_are_26_vectors():
    """None got lost on the way from the research to the package."""
    assert len(VECTORS) == 26


def test_16th_district_of_california_2024(outcome):
    """Two tied for second, so three went through, and no lots were drawn.

    Source: California Secretary of State, statement of vote, primary of 5 March 2024, US House district 16 (eleven candidates).
    """
    votes = {
        "liccardo": 38_489,
        "low": 30_249,
        "simitian": 30_249,
        "ohtaki": 23_275,
        "dixon": 14_673,
        "kumar": 12_377,
        "ryan": 11_557,
        "lythcott-haims": 11_383,
        "mostafa": 5_811,
        "tanaka": 2_421,
        "bernstein": 1_651,
    }
    decided = outcome("us-ca-primary-voter-nominated", votes)

    tie = "low and simitian are tied with 30,249 votes each for 1 place"
    assert (decided.advancing, decided.ties, tie in decided.clauses[-1].text) == (("liccardo", "low", "simitian"), (), True)


def test_guam_1998_out_of_slate_votes(outcome):
    """51.88% of the votes for a slate elects.

    Source: Gutierrez v. Ada, 528 U.S. 250 (2000); the split of the other ballots is from memory, their sum is not.
    """
    decided = outcome("us-gu-governor", {"gutierrez": 24_250, "ada": 21_200}, other_valid=1_294, blank=1_313, invalid=609)

    said = "gutierrez: 24,250 of 46,744 valid votes is 51.9%; more than 50% elects"
    assert (decided.elected, decided.next_round, decided.clauses[0].text) == (("gutierrez",), "", said)


def test_guam_1998_out_of_all_ballots(written):
    """The same count out of 48,666 ballots is 49.83%, and orders a runoff: the denominator decides."""
    rule = written('elect = ["share > 50% of ballots"]\nadvance = { count = 2 }')
    tally = Tally(votes={"gutierrez": 24_250, "ada": 21_200}, other_valid=1_294, blank=1_313, invalid=609)
    decided = decide(rule, tally)

    ballots = "48,666 ballots cast (46,744 valid votes + 1,313 blank + 609 invalid, one vote a voter)"
    said = f"gutierrez: 24,250 of {ballots} is 49.8%; more than 50% elects"
    assert (decided.elected, decided.advancing, decided.clauses[0].text) == ((), ("gutierrez", "ada"), said)
