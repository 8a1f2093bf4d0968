"""What counts what was found: right, wrong, missed, and contradicted without reason."""

import json

import pytest

from coverage.findings import a_text, as_expected, found
from coverage.scoring import Score, as_json, as_table, misses, score, type_of
from coverage.texts import read_texts

TWO = (("8,156 votes", "votes", "confirmed"), ("Ahn led", "status", "contradicted"))


def scored(text, *claims) -> Score:
    return score([text], lambda text: found(text, *claims))


def test_finding_all_that_is_marked_is_full_recall():
    """On every text there is."""
    result = score(read_texts("seen") + read_texts("held_back") + read_texts("practice"), as_expected)

    assert (result.recall, result.precision, result.false_contradictions) == (1, 1, ())


def test_finding_nothing_is_no_recall():
    """And no verdict was wrong."""
    result = scored(a_text(claims=TWO))

    assert (result.recall, result.precision, result.given) == (0, 1, 0)


def test_a_claim_is_found_where_the_words_overlap():
    """The stretch that was found may be longer or shorter than ours."""
    assert scored(a_text(), ("had 8,156", "votes", "confirmed")).recall == 1


def test_a_claim_of_another_type_is_not_the_one_that_is_meant():
    """A share is no number of votes."""
    assert scored(a_text(), ("8,156 votes", "share", "confirmed")).recall == 0


def test_another_type_counts_where_the_mark_allows_it():
    """Some claims can be read as either."""
    text = a_text(claim=[{"words": "Ahn led", "type": "status", "or_type": ["rank"], "verdict": "contradicted", "why": ""}])

    assert scored(text, ("Ahn led", "rank", "contradicted")).recall == 1


def test_another_verdict_counts_where_the_mark_allows_it():
    """An impossible certainty is contradicted as well as overstated."""
    text = a_text(claim=[{"words": "Ahn led", "type": "status", "verdict": "overstated", "or_verdict": ["contradicted"], "why": ""}])

    assert scored(text, ("Ahn led", "status", "contradicted")).recall == 1


def test_a_wrong_verdict_costs_recall_and_precision():
    """One of two is right."""
    result = scored(a_text(claims=TWO), ("8,156 votes", "votes", "confirmed"), ("Ahn led", "status", "confirmed"))

    assert (result.recall, result.precision) == (0.5, 0.5)


def test_what_cannot_be_checked_is_not_asked_for():
    """It is not in the denominator."""
    assert scored(a_text(claims=(("Ahn led", "status", "cannot_check"),))).checkable == 0


def test_saying_that_it_cannot_be_checked_is_no_wrong_verdict():
    """It settles nothing, and misses what is checkable."""
    result = scored(a_text(), ("8,156 votes", "votes", "cannot_check"))

    assert (result.recall, result.precision) == (0, 1)


def test_a_contradiction_of_what_is_true_is_false():
    """By verdicts given."""
    result = scored(a_text(claims=TWO), ("8,156 votes", "votes", "contradicted"), ("Ahn led", "status", "contradicted"))

    assert (len(result.false_contradictions), result.false_contradiction_rate) == (1, 0.5)


def test_a_contradiction_where_there_is_no_claim_is_false():
    """And counts against precision."""
    result = scored(a_text("Call 213-555-0134.", claims=()), ("213-555-0134", "votes", "contradicted"))

    assert (result.precision, len(result.false_contradictions)) == (0, 1)


def test_a_contradiction_under_another_type_is_not_false():
    """The words are wrong, whatever they are read as."""
    assert scored(a_text(claims=TWO), ("Ahn led", "margin", "contradicted")).false_contradictions == ()


def test_a_confirmation_that_nobody_marked_is_not_counted():
    """A text may say more than we marked."""
    assert scored(a_text(), ("Ahn led", "status", "confirmed")).precision == 1


def test_recall_is_told_by_type():
    """Asked and found."""
    assert scored(a_text(claims=TWO), ("8,156 votes", "votes", "confirmed")).by(type_of) == {"votes": (1, 1), "status": (1, 0)}


def test_the_table_has_the_figures():
    """In its first two lines."""
    lines = as_table(scored(a_text(claims=TWO), ("8,156 votes", "votes", "confirmed"))).splitlines()

    assert lines[:2] == [
        "1 texts, 2 claims marked, 2 checkable, 1 verdicts given",
        "recall 50.0%   precision 100.0%   false contradictions 0 (0.00%)",
    ]


def test_the_json_has_the_same():
    """For programs."""
    values = json.loads(as_json(scored(a_text(claims=TWO), ("8,156 votes", "votes", "confirmed"))))

    assert (values["recall"], values["by_type"]["status"]) == (0.5, {"checkable": 1, "found": 0})


def test_a_miss_says_what_was_found_instead():
    """At those words."""
    [line] = misses(scored(a_text(), ("8,156 votes", "votes", "cannot_check")))

    assert line == "missed  t: '8,156 votes' is votes confirmed; found: votes cannot_check"


def test_words_that_stand_twice_are_refused():
    """Nobody could say which are meant."""
    with pytest.raises(ValueError, match="'28%' stands 2 times in the text, and has to once"):
        a_text("Gomez 28%, or 28%.", claims=(("28%", "share", "confirmed"),))


def test_a_claim_is_looked_for_in_its_own_block():
    """The same characters of the headline are somewhere else."""
    text = a_text(headline="Gomez had more votes")

    assert scored(text, ("Gomez had more", "votes", "confirmed")).recall == 0
