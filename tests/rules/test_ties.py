"""Ties are outcomes: at the cut, for a seat, of everybody."""

from __future__ import annotations

import pytest

from racecall.model.outcome import Tally, Tie
from racecall.rules.engine import ALL_GO_ON, decide
from racecall.rules.law import TieMethod
from racecall.rules.words import TIES


@pytest.mark.parametrize("method", sorted(set(TieMethod) - ALL_GO_ON))
def test_a_tie_that_votes_do_not_break_names_the_tied_and_the_places(written, method: TieMethod):
    """Two for one place: the first goes on, and the law's way out is named."""
    rule = written(f'advance = {{ count = 2 }}\ntie_cut = "{method}"')
    decided = decide(rule, Tally(votes={"A": 9, "B": 5, "C": 5, "D": 1}))

    assert (decided.advancing, decided.ties) == (("A",), (Tie(options=("B", "C"), places=1, method=method.value),))


@pytest.mark.parametrize("method", sorted(ALL_GO_ON))
def test_a_tie_of_which_all_go_on_leaves_no_tie(written, method: TieMethod):
    """Three go on where two were to."""
    rule = written(f'advance = {{ count = 2 }}\ntie_cut = "{method}"')
    decided = decide(rule, Tally(votes={"A": 9, "B": 5, "C": 5, "D": 1}))

    assert (decided.advancing, decided.ties) == (("A", "B", "C"), ())


@pytest.mark.parametrize("method", list(TieMethod))
def test_a_tie_inside_the_places_is_no_tie(written, method: TieMethod):
    """Two tied for first take both places, and the third is out (Cal. Elec. Code 8142(b): there is no second place)."""
    rule = written(f'advance = {{ count = 2 }}\ntie_cut = "{method}"')
    decided = decide(rule, Tally(votes={"A": 9, "B": 9, "C": 8}))

    assert (decided.advancing, decided.ties) == (("A", "B"), ())


@pytest.mark.parametrize("method", list(TieMethod))
def test_every_way_to_break_a_tie_has_words(method: TieMethod):
    """A page can say each of them."""
    assert TIES[method]


def test_a_tie_of_all_for_two_places(outcome):
    """Three equal candidates and two places: nobody is through by the order of the list."""
    decided = outcome("us-wa-primary", {"A": 5, "B": 5, "C": 5})

    assert (decided.advancing, decided.ties) == ((), (Tie(options=("A", "B", "C"), places=2, method="lot"),))


def test_a_tie_for_one_seat(outcome):
    """California draws lots between the two."""
    decided = outcome("us-ca-general-voter-nominated", {"A": 5, "B": 5, "C": 1})

    assert (decided.elected, decided.ties, decided.next_round) == ((), (Tie(options=("A", "B"), places=1, method="lot"),), "")


def test_a_tie_for_the_last_of_several_seats(outcome):
    """The clear winner has a seat; the tied are tied for the other."""
    decided = outcome("generic-top-k", {"A": 9, "B": 5, "C": 5}, seats=2, votes_allowed=2)

    assert (decided.elected, decided.ties) == (("A",), (Tie(options=("B", "C"), places=1, method="unknown"),))


def test_vermont_holds_a_runoff_only_on_a_tie(outcome):
    """The most votes win; two tied for the most meet again."""
    tied, clear = outcome("us-vt-primary-tie", {"A": 5, "B": 5, "C": 1}), outcome("us-vt-primary-tie", {"A": 5, "B": 4, "C": 1})

    assert (tied.advancing, tied.next_round, clear.elected, clear.next_round) == (("A", "B"), "runoff", ("A",), "")


def test_two_above_a_low_threshold_are_ordered_by_votes(outcome):
    """In South Dakota two may pass 35%; the one with more votes is nominated."""
    assert outcome("us-sd-primary", {"A": 40, "B": 36, "C": 24}).elected == ("A",)


def test_two_tied_above_a_low_threshold_are_tied_for_the_seat(outcome):
    """Our text does not say who of two with 40% each is nominated in South Dakota, so nobody is."""
    decided = outcome("us-sd-primary", {"A": 40, "B": 40, "C": 20})

    assert (decided.elected, decided.advancing, decided.ties) == ((), (), (Tie(options=("A", "B"), places=1, method="unknown"),))


def test_the_tied_are_listed_in_ballot_order(outcome):
    """The order of equals is that of the ballot, not of the alphabet."""
    assert outcome("us-wa-primary", {"Z": 5, "M": 9, "A": 5}).ties[0].options == ("Z", "A")


def test_an_even_vote_on_a_measure_does_not_pass_it(outcome):
    """Exactly half is not more than half, for either side."""
    decided = outcome("measure-majority", {"yes": 50, "no": 50})

    assert (decided.elected, decided.ties, decided.clauses[-1].text) == ((), (), "nobody wins; no further round follows")
