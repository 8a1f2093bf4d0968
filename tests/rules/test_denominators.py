"""What a share is a share of, how a missing denominator is added up, and when it is not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from racecall.model.outcome import Tally
from racecall.rules.count import Count, denominator_votes, total
from racecall.rules.engine import decide
from racecall.rules.law import Denominator

TALLY = Tally(votes={"A": 600, "B": 300}, other_valid=100, blank=40, invalid=10, ballots=1_050, voters_in_contest=990, registered=2_000)


@pytest.mark.parametrize(
    ("of", "votes"),
    [
        (Denominator.VALID, 1_000),
        (Denominator.VALID_PLUS_BLANK, 1_040),
        (Denominator.BALLOTS, 1_050),
        (Denominator.VOTERS_IN_CONTEST, 990),
        (Denominator.REGISTERED, 2_000),
        (Denominator.LEADER_VOTES, 600),
        (Denominator.CONTINUING, None),
        (Denominator.PAIR_VOTES, None),
    ],
)
def test_each_denominator_is_what_it_says(of: Denominator, votes: int | None):
    """Reported numbers are taken as reported; "all others" are valid votes."""
    assert denominator_votes(of, TALLY) == votes


def test_votes_per_seat_is_exact():
    """1,000 votes for three seats are 333 and a third, not 333."""
    assert denominator_votes(Denominator.VOTES_PER_SEAT, TALLY, seats=3) == Fraction(1_000, 3)


@pytest.mark.parametrize("of", list(Denominator))
def test_every_denominator_is_known_to_the_count(of: Denominator):
    """A denominator that can be written can be looked up."""
    assert total(of, Count(tally=TALLY)).words


def test_ballots_are_added_up_where_a_voter_has_one_vote():
    """Valid votes, blank and invalid ballots make all ballots, and the clause says that they were added up."""
    found = total(Denominator.BALLOTS, Count(tally=Tally(votes={"A": 51, "B": 49}, blank=3, invalid=2)))

    assert (found.number, found.words) == (105, "105 ballots cast (100 valid votes + 3 blank + 2 invalid, one vote a voter)")


@pytest.mark.parametrize(("blank", "invalid"), [(None, 2), (3, None), (None, None)])
def test_ballots_are_not_added_up_from_some_of_the_parts(blank: int | None, invalid: int | None):
    """A part that was not reported is not zero."""
    assert denominator_votes(Denominator.BALLOTS, Tally(votes={"A": 51}, blank=blank, invalid=invalid)) is None


def test_ballots_are_not_added_up_from_votes_where_a_voter_has_several():
    """With two votes a voter, a hundred votes may be fifty ballots."""
    assert denominator_votes(Denominator.BALLOTS, Tally(votes={"A": 51, "B": 49}, blank=3, invalid=2), votes_allowed=2) is None


def test_voters_in_the_contest_are_its_votes_where_a_voter_has_one():
    """One vote, one voter."""
    found = total(Denominator.VOTERS_IN_CONTEST, Count(tally=Tally(votes={"A": 51, "B": 49})))

    assert (found.number, found.words) == (100, "100 voters in the contest (as many as valid votes, one vote a voter)")


def test_a_missing_denominator_leaves_the_contest_undecided(outcome):
    """California counts voters, not votes, for county offices: without them nobody is named."""
    decided = outcome("us-ca-nonpartisan-primary", {"A": 600, "B": 520, "C": 400}, seats=2, votes_allowed=2)

    said = "A: 600, but voters in the contest were not reported; more than 50% elects"
    expected = ((), (), "Voters in the contest were not reported.", said, None)
    first = decided.clauses[0]
    assert (decided.elected, decided.advancing, decided.undecided, first.text, first.holds) == expected


def test_what_is_not_needed_need_not_be_reported(outcome):
    """Without half of the votes the roll does not matter for winning in France, only for the floor of the second round."""
    decided = outcome("fr-legislative", {"A": 40, "B": 35, "C": 25})

    assert (decided.undecided, decided.clauses[0].holds, decided.clauses[1].holds) == ("Registered voters were not reported.", False, None)


def test_a_failed_test_outweighs_one_that_is_not_known(written):
    """Without half of the votes the roll does not matter: the two highest go on."""
    rule = written('elect = ["share > 50% of valid and share >= 25% of registered"]\nadvance = { count = 2 }')
    decided = decide(rule, Tally(votes={"A": 40, "B": 35, "C": 25}))

    assert (decided.undecided, decided.advancing) == ("", ("A", "B"))


def test_a_clause_that_holds_outweighs_one_that_is_not_known(outcome):
    """Lithuania: a third of the roll elects, whatever the turnout was."""
    decided = outcome("lt-president", {"A": 400, "B": 100}, registered=1_000)

    assert (decided.elected, decided.undecided) == (("A",), "")


def test_a_denominator_smaller_than_one_options_votes_is_not_used(outcome):
    """60 votes out of 50 ballots is a mistake in the report, not a majority."""
    decided = outcome("uy-president", {"A": 60, "B": 30}, ballots=50)

    assert decided.undecided == "50 ballots cast cannot be right, one option alone has 60 votes."


def test_turnout_needs_the_roll(outcome):
    """A turnout that cannot be computed is not a turnout that was missed."""
    decided = outcome("bg-president", {"A": 60, "B": 30}, blank=5, invalid=5)

    assert decided.undecided == "Registered voters were not reported."


@pytest.mark.parametrize(("registered", "elected"), [(199, ("A",)), (200, ())])
def test_turnout_of_exactly_half_is_not_more_than_half(outcome, registered: int, elected: tuple[str, ...]):
    """Bulgaria asks for more than half of the voters to take part."""
    assert outcome("bg-president", {"A": 60, "B": 30}, blank=5, invalid=5, registered=registered).elected == elected


def test_spread_needs_the_provinces(outcome):
    """A majority without votes by province is undecided in Indonesia."""
    assert outcome("id-president", {"A": 60, "B": 30}).undecided == "Votes by provinces were not reported."


def test_spread_counts_the_parts_of_the_country(outcome):
    """A fifth in three provinces of four is more than half of them."""
    units = ({"A": 5, "B": 5}, {"A": 2, "B": 8}, {"A": 2, "B": 8}, {"A": 1, "B": 9})
    decided = outcome("id-president", {"A": 60, "B": 30}, units=units)

    said = "A: at least 20% of the valid votes in 3 of 4 provinces; more than 50% of the provinces is needed"
    assert (decided.elected, decided.clauses[1].text) == (("A",), said)


def test_a_province_without_a_vote_is_not_won(outcome):
    """Nobody has a fifth of nothing."""
    assert outcome("id-president", {"A": 60, "B": 30}, units=({"A": 1}, {"A": 0, "B": 0})).elected == ()


def test_a_share_just_over_the_threshold_does_not_look_like_the_threshold(outcome):
    """50.0001% is not printed as 50.0% beside a threshold of 50%."""
    decided = outcome("us-ca-special-primary", {"A": 500_001, "B": 499_999})

    assert (decided.elected, decided.clauses[0].text) == (("A",), "A: 500,001 of 1,000,000 valid votes is 50.0001%; more than 50% elects")


def test_colombia_counts_blank_ballots_and_can_void_the_election(outcome):
    """A majority of blank ballots and nobody is elected: the election is held again."""
    decided = outcome("co-president", {"A": 30, "B": 10}, blank=41)

    said = "41 blank ballots of 81 valid votes and blank ballots is 50.6%; more than 50% voids the election"
    assert (decided.elected, decided.advancing, decided.next_round, decided.clauses[0].text) == ((), (), "repeat", said)


def test_colombia_without_blank_ballots_is_undecided(outcome):
    """Blank ballots that were not reported may have voided it."""
    assert outcome("co-president", {"A": 90, "B": 10}).undecided == "Blank ballots were not reported."


def test_no_vote_at_all_is_said_plainly(outcome):
    """Before the first count there is nothing to decide, and nobody is tied."""
    decided = outcome("us-ca-special-primary", {"A": 0, "B": 0})

    assert (decided.undecided, decided.ties, decided.advancing) == ("No candidate has a vote.", (), ())


def test_votes_for_nobody_are_no_votes_for_a_candidate(outcome):
    """With every vote for "none of these" there is still no candidate to name."""
    assert outcome("us-nv-nonpartisan", {"A": 0}, other_valid=10).undecided == "No candidate has a vote."


def test_an_empty_list_of_candidates_is_said_plainly(written):
    """A contest with nobody in it has no outcome."""
    assert decide(written('elect = ["plurality"]'), Tally(votes={})).undecided == "No candidate is listed."
