"""Recount provisions: read at the cut, turned into one whole number each, and silent where nothing can be computed."""

from __future__ import annotations

import re

import pytest

from racecall.model.outcome import Tally
from racecall.rules.count import Count
from racecall.rules.engine import decide
from racecall.rules.law import Rulebook
from racecall.rules.recounts import largest_margin

ALL_STATES = re.findall("..", "ALAKAZCOCTDEDCFLGAHIKYMIMTNENMNYNDOHORPASCSDTXUTVTVAWAWYCACAWINCMNIDNH")


def limits(book: Rulebook, state: str, first: int, second: int, others: int = 0) -> list[int]:
    """The largest margins under which each computed provision of a state applies to A and B [votes]."""
    count = Count(tally=Tally(votes={"A": first, "B": second}, other_valid=others))
    return [
        largest_margin(limit, ("A", "B"), count)
        for recount in book.recounts_for(f"US-{state}")
        for limit in recount.limits
        if recount.limits
    ]


@pytest.mark.parametrize(
    ("state", "votes", "expected"),
    [
        ("AL", (60_000, 40_000), [500]),
        ("AK", (60_000, 40_000), [0]),
        ("AZ", (60_000, 24_700), [423]),
        ("CO", (60_000, 40_000), [300]),
        ("CT", (60_000, 40_000), [499]),
        ("CT", (600_000, 400_000), [2_000]),
        ("CT", (600, 400), [19]),
        ("DE", (60_000, 40_000), [499]),
        ("DE", (600_000, 400_000), [999]),
        ("DC", (60_000, 40_000), [999]),
        ("FL", (60_000, 40_000), [500, 250]),
        ("GA", (60_000, 40_000), [500]),
        ("HI", (600, 400), [100]),
        ("HI", (60_000, 40_000), [250]),
        ("KY", (60_000, 40_000), [500]),
        ("MI", (60_000, 40_000), [2_000]),
        ("MT", (60_000, 40_000), [0]),
        ("NE", (60_000, 40_000), [600]),
        ("NE", (300, 200), [6]),
        ("NE", (301, 200), [3]),
        ("NM", (60_000, 40_000), [249, 499, 999]),
        ("NM", (60, 40), [0, 0, 5]),
        ("NY", (600, 400), [20]),
        ("NY", (60_000, 40_000), [500]),
        ("NY", (600_000, 400_000), [5_000]),
        ("ND", (60_000, 40_000), [300, 600]),
        ("OH", (60_000, 40_000), [249, 499]),
        ("OR", (60_000, 40_000), [200]),
        ("PA", (60_000, 40_000), [500]),
        ("SC", (60_000, 40_000), [999]),
        ("SD", (60_000, 40_000), [0]),
        ("TX", (60_000, 40_000), [0]),
        ("UT", (60_000, 40_000), [0]),
        ("VT", (60_000, 40_000), [0]),
        ("VA", (50_000, 40_000, 10_000), [900]),
        ("WA", (50_000, 40_000, 10_000), [449, 224, 149]),
        ("WA", (2_000_000, 1_000_000), [1_999, 999, 149]),
        ("WY", (60_000, 40_000), [599]),
        ("CA", (60_000, 40_000), [15]),
        ("CA", (6_000_000, 4_000_000), [1_000]),
        ("WI", (60_000, 40_000), [1_000]),
        ("NC", (60_000, 40_000), [500, 1_000]),
        ("NC", (3_000_000, 2_000_000), [10_000, 50_000]),
        ("MN", (60_000, 40_000), [249]),
        ("ID", (60_000, 40_000), [100]),
        ("NH", (60_000, 40_000), [19_999]),
    ],
)
def test_each_provision_is_the_margin_of_its_law(book, state: str, votes: tuple[int, ...], expected: list[int]):
    """The largest margin that still falls under the law, "<" and "<=" told apart."""
    assert limits(book, state, *votes) == expected


def test_there_are_35_provisions_and_one_without_a_margin(book):
    """California lets any voter ask within five days, whatever the margin: listed, and never computed."""
    without = [(recount.jurisdiction, recount.kind) for recount in book.recounts if not recount.limits]

    assert (len(book.recounts), without) == (35, [("US-CA", "request")])


def test_every_state_with_a_provision_is_there(book):
    """34 places, California twice."""
    assert [recount.jurisdiction for recount in book.recounts] == [f"US-{state}" for state in ALL_STATES]


def test_the_pair_is_at_the_cut_not_at_the_top(outcome):
    """Washington: second against third, and the leader's distance does not matter."""
    decided = outcome("us-wa-primary", {"A": 90_000, "B": 50_100, "C": 50_000})

    trigger = decided.recounts[0]
    assert (trigger.pair, trigger.margin_votes, trigger.limit_votes) == (("B", "C"), 100, "<= 500")


def test_a_close_race_for_first_is_no_recount_when_both_go_on(outcome):
    """First against second decides nothing in a top-two primary."""
    assert outcome("us-wa-primary", {"A": 50_001, "B": 50_000, "C": 100}).recounts == ()


def test_a_recount_names_its_scope(outcome):
    """A count does not say whether a contest is statewide; the line does."""
    triggers = outcome("us-wa-primary", {"A": 90_000, "B": 50_100, "C": 50_000}).recounts

    assert [trigger.scope for trigger in triggers] == [
        "by machine",
        "statewide contests only; by hand",
        "contests that are not statewide; by hand",
    ]


def test_a_winner_outright_is_measured_against_the_first_out(outcome):
    """Georgia: the one elected against the next, on request."""
    trigger = outcome("us-ga-all", {"A": 50_100, "B": 49_900}).recounts[0]

    assert (trigger.pair, trigger.margin_votes, trigger.limit_votes, trigger.kind) == (("A", "B"), 200, "<= 500", "request")


def test_a_tie_at_the_cut_is_a_margin_of_zero(outcome):
    """Alaska recounts ties, and the pair is two of the tied."""
    trigger = outcome("us-ak-primary", {"A": 9, "B": 8, "C": 7, "D": 5, "E": 5}).recounts[0]

    assert (trigger.pair, trigger.margin_votes, trigger.limit_votes) == (("D", "E"), 0, "<= 0")


def test_all_through_is_no_cut(outcome):
    """With three tied for second and nobody behind them there is nobody to be recounted against."""
    assert outcome("us-ca-primary-voter-nominated", {"A": 9, "B": 5, "C": 5}).recounts == ()


def test_a_provision_for_general_elections_is_not_for_primaries(outcome):
    """Alabama's is for general elections only (Attorney General, 8 June 2010)."""
    assert outcome("us-al-primary", {"A": 50_001, "B": 49_999}).recounts == ()


def test_an_uncertain_provision_says_so(book):
    """Sources disagree on Alabama's "less than" or "at most"."""
    alabama = book.recounts_for("US-AL")[0]

    assert (alabama.uncertain, alabama.check) == (True, "strictness conflict")


def test_a_city_has_the_recounts_of_its_state(book):
    """Los Angeles lies in California."""
    assert [recount.place for recount in book.rule("us-ca-la-city").recounts] == ["California", "California"]


def test_a_rule_for_two_places_has_the_recounts_of_both(book):
    """ "US-AZ, US-VA" is Arizona and Virginia."""
    assert [recount.place for recount in book.recounts_for("US-AZ, US-VA")] == ["Arizona", "Virginia"]


def test_a_rule_without_a_place_has_no_recounts(book):
    """A generic rule is not law anywhere."""
    assert book.rule("generic-top-two").recounts == ()


def test_an_undecided_contest_has_no_recount(book):
    """No cut, no pair."""
    decided = decide(book.rule("us-ak-general"), Tally(votes={"A": 5, "B": 5}))

    assert decided.recounts == ()


def test_an_unknown_denominator_of_a_margin_is_refused():
    """A margin is of votes, never of registered voters."""
    from racecall.errors import SettingsError
    from racecall.rules.law import MarginShare
    from racecall.rules.text import parse_test

    with pytest.raises(SettingsError) as error:
        parse_test("margin <= 1% of registered", MarginShare)

    assert str(error.value) == 'a margin of "registered" is not defined.\nA margin is of valid, leader_votes, pair_votes.'
