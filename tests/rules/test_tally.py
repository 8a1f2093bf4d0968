"""From a contest to a tally: who can win, whose votes only count, and whose do not."""

from __future__ import annotations

import pytest

from racecall.errors import UnknownName
from racecall.model.contest import Contest, Option, OptionKind
from racecall.rules.engine import decide
from racecall.rules.tally import tally_for

OPTIONS = (
    Option(id="a", name="Ann"),
    Option(id="b", name="Ben"),
    Option(id="gone", name="Gus", withdrawn=True),
    Option(id="w", name="Wil", kind=OptionKind.WRITE_IN),
    Option(id="none", name="None of These Candidates", kind=OptionKind.NON_CANDIDATE),
    Option(id="rest", name="All others", kind=OptionKind.AGGREGATE),
)
CONTEST = Contest(id="c", title="A contest", rule="r", options=OPTIONS)
VOTES = {"rest": 5, "w": 4, "gone": 3, "b": 20, "a": 10, "none": 2}


def test_people_stand_under_their_names_in_ballot_order(book):
    """The source's order does not matter; the ballot's does."""
    tally = tally_for(book.rule("us-ca-special-primary"), CONTEST, VOTES)

    assert list(tally.votes.items()) == [("a", 10), ("b", 20), ("w", 4)]


def test_aggregates_nobodies_and_the_withdrawn_only_count(book):
    """All others, none of these and a withdrawn candidate are in the denominator and can win nothing."""
    assert tally_for(book.rule("us-ca-special-primary"), CONTEST, VOTES).other_valid == 5 + 2 + 3


def test_louisiana_voids_votes_for_the_withdrawn(book):
    """La. R.S. 18:481 and following: they are in no denominator."""
    tally = tally_for(book.rule("us-la-open-primary"), CONTEST, VOTES)

    assert (tally.other_valid, "gone" in tally.votes) == (5 + 2, False)


def test_votes_for_the_withdrawn_can_turn_an_election(book):
    """20 of 39 is more than half, 20 of 42 is not: void votes elect Ben in Louisiana, and counted ones do not in Georgia."""
    votes = {"a": 19, "b": 20, "gone": 3}
    elected = [decide(book.rule(rule), tally_for(book.rule(rule), CONTEST, votes)).elected for rule in ("us-la-open-primary", "us-ga-all")]

    assert elected == [("b",), ()]


def test_write_ins_are_not_counted_in_a_california_general(book):
    """Cal. Elec. Code 8606: no write-in in a voter-nominated general."""
    tally = tally_for(book.rule("us-ca-general-voter-nominated"), CONTEST, VOTES)

    assert ("w" in tally.votes, tally.other_valid) == (False, 5 + 2 + 3)


def test_write_ins_that_cannot_advance_only_count(written):
    """Counted, and never through."""
    tally = tally_for(written('advance = { count = 2 }\nwrite_ins = { counted = "declared", can_advance = false }'), CONTEST, VOTES)

    assert ("w" in tally.votes, tally.other_valid) == (False, 5 + 2 + 3 + 4)


def test_a_rule_without_a_word_on_write_ins_lets_them_in(book):
    """Leaving out somebody with enough votes would be the worse mistake."""
    assert book.rule("us-or-nonpartisan").write_ins is None
    assert "w" in tally_for(book.rule("us-or-nonpartisan"), CONTEST, VOTES).votes


def test_nevadas_none_of_these_is_nobody_whatever_the_source_calls_it(book):
    """NRS 293.269: even printed among the candidates it cannot advance."""
    printed = Contest(id="c", title="t", rule="r", options=(OPTIONS[0], Option(id="n", name="None of These Candidates")))
    tally = tally_for(book.rule("us-nv-nonpartisan"), printed, {"a": 10, "n": 30})

    assert (dict(tally.votes), tally.other_valid) == ({"a": 10}, 30)


def test_an_option_without_a_number_is_not_zero(book):
    """Not reported is left out, so that nobody is ranked with no votes by mistake."""
    assert list(tally_for(book.rule("us-ga-all"), CONTEST, {"a": 1}).votes) == ["a"]


def test_ballots_are_handed_through(book):
    """What was reported of ballots stands beside the votes."""
    tally = tally_for(
        book.rule("us-ga-all"), CONTEST, {"a": 1}, blank=2, invalid=3, ballots=6, voters_in_contest=4, registered=9, units=({"a": 1},)
    )

    assert (tally.blank, tally.invalid, tally.ballots, tally.voters_in_contest, tally.registered, tally.units) == (
        2,
        3,
        6,
        4,
        9,
        ({"a": 1},),
    )


def test_void_votes_are_void_in_every_part_of_the_country(written):
    """A spread test has the same denominator as the whole."""
    rule = written('elect = ["plurality"]\nwithdrawn_votes = "void"')

    assert tally_for(rule, CONTEST, {"a": 1}, units=({"a": 1, "gone": 7},)).units == ({"a": 1},)


def test_a_vote_for_an_option_the_contest_does_not_have_is_refused(book):
    """A new name is a mistake until a person says otherwise."""
    with pytest.raises(UnknownName) as error:
        tally_for(book.rule("us-ga-all"), CONTEST, {"zoe": 1})

    assert str(error.value) == "contest c: no option 'zoe'.\nOptions: a, b, gone, w, none, rest."
