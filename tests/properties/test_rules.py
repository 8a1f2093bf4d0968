"""What must hold of the rules engine for every count, not only for those somebody thought of."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from racecall.desk.packaged import rulebook
from racecall.model.contest import Contest, Option, OptionKind
from racecall.model.outcome import Outcome, Tally
from racecall.rules.engine import decide
from racecall.rules.tally import tally_for

BOOK = rulebook()
EVERY_RULE = [rule.id for rule in BOOK]
SIMPLE = [
    "us-ca-primary-voter-nominated",
    "us-ca-special-primary",
    "us-wa-primary",
    "us-ak-primary",
    "us-ga-all",
    "us-sd-primary",
    "cr-president",
    "ar-president",
    "us-ca-general-voter-nominated",
    "generic-majority-or-runoff",
]
"""Rules without a denominator that a count could lack."""
NAMES = [f"c{number}" for number in range(8)]

small = st.integers(0, 12)
wide = st.integers(0, 5_000_000)
any_size = st.one_of(small, wide)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Any count: few or many votes, ties likely, every ballot figure reported or not."""
    names = NAMES[: draw(st.integers(1, len(NAMES)))]
    cast = {name: draw(any_size) for name in names}
    other = draw(st.one_of(st.just(0), any_size))
    blank, invalid = draw(st.one_of(st.none(), small)), draw(st.one_of(st.none(), small))
    most = sum(cast.values()) + other
    registered = draw(st.one_of(st.none(), st.integers(most, 3 * most + 40)))
    units = (dict(cast), {name: draw(small) for name in names}) if draw(st.booleans()) else ()
    return Tally(votes=cast, other_valid=other, blank=blank, invalid=invalid, registered=registered, units=units)


rules = st.sampled_from(EVERY_RULE).map(BOOK.rule)
simple_rules = st.sampled_from(SIMPLE).map(BOOK.rule)


def named(outcome: Outcome) -> list[str]:
    return [*outcome.elected, *outcome.advancing, *(option for tie in outcome.ties for option in tie.options)]


def facts(outcome: Outcome) -> tuple[object, ...]:
    """Who, without the order of equals and the words."""
    ties = sorted((tuple(sorted(tie.options)), tie.places, tie.method) for tie in outcome.ties)
    return set(outcome.elected), set(outcome.advancing), ties, outcome.next_round, outcome.undecided


@given(rules, tallies(), st.integers(1, 4))
def test_only_candidates_are_named_and_nobody_twice(rule, tally: Tally, seats: int):
    """Elected, advancing and tied are candidates of the contest, each in one place only."""
    people = named(decide(rule, tally, seats=seats, votes_allowed=seats))

    assert set(people) <= set(tally.votes)
    assert len(people) == len(set(people))


@given(rules, tallies(), st.integers(1, 4))
def test_an_undecided_outcome_names_nobody(rule, tally: Tally, seats: int):
    """Either a reason or a result, never both; and a clause about a decided contest is never silent."""
    outcome = decide(rule, tally, seats=seats, votes_allowed=seats)

    assert not (outcome.undecided and (named(outcome) or outcome.next_round or outcome.recounts))
    assert all(clause.text for clause in outcome.clauses)


@given(rules, tallies(), st.integers(1, 4))
def test_no_more_seats_are_filled_than_there_are(rule, tally: Tally, seats: int):
    """Elected and the places that are tied for make at most the seats."""
    outcome = decide(rule, tally, seats=seats, votes_allowed=seats)

    assert len(outcome.elected) <= seats


@given(rules, tallies(), st.randoms(use_true_random=False))
def test_the_order_of_candidates_changes_nothing(rule, tally: Tally, luck: random.Random):
    """Shuffle the ballot: the same are elected, advance and are tied."""
    names = list(tally.votes)
    luck.shuffle(names)
    shuffled = replace(tally, votes={name: tally.votes[name] for name in names})

    assert facts(decide(rule, shuffled)) == facts(decide(rule, tally))


@given(rules, tallies(), st.permutations(NAMES))
def test_renaming_candidates_renames_the_outcome(rule, tally: Tally, order: list[str]):
    """No name is luckier than another."""
    new = dict(zip(NAMES, order, strict=True))
    renamed = replace(
        tally,
        votes={new[name]: votes for name, votes in tally.votes.items()},
        units=tuple({new[name]: votes for name, votes in unit.items()} for unit in tally.units),
    )
    before, after = decide(rule, tally), decide(rule, renamed)

    assert (after.elected, after.advancing) == (tuple(new[name] for name in before.elected), tuple(new[name] for name in before.advancing))


@given(simple_rules, tallies(), st.integers(1, 1_000), st.data())
def test_more_votes_never_put_anybody_out(rule, tally: Tally, more: int, data: st.DataObject):
    """Votes added to somebody who is through leave that person through: advancing, or elected."""
    through = named(decide(rule, tally))
    assume(through)
    lucky = data.draw(st.sampled_from(through))
    after = decide(rule, replace(tally, votes={**tally.votes, lucky: tally.votes[lucky] + more}))

    assert lucky in named(after)


@given(rules, tallies(), st.integers(2, 1_000))
def test_the_same_count_many_times_over_has_the_same_outcome(rule, tally: Tally, times: int):
    """Shares, leads and turnouts do not depend on size; nothing is rounded."""
    scaled = Tally(
        votes={name: votes * times for name, votes in tally.votes.items()},
        other_valid=tally.other_valid * times,
        blank=None if tally.blank is None else tally.blank * times,
        invalid=None if tally.invalid is None else tally.invalid * times,
        registered=None if tally.registered is None else tally.registered * times,
        units=tuple({name: votes * times for name, votes in unit.items()} for unit in tally.units),
    )

    assert facts(decide(rule, scaled)) == facts(decide(rule, tally))


@given(st.sampled_from(["us-ca-primary-voter-nominated", "us-ak-primary", "generic-top-two", "generic-plurality"]), tallies(), wide)
def test_votes_for_others_change_nothing_without_a_denominator(rule_id: str, tally: Tally, others: int):
    """Where no share is asked for, "all others" decide nothing."""
    rule = BOOK.rule(rule_id)

    assert facts(decide(rule, replace(tally, other_valid=others))) == facts(decide(rule, tally))


@given(rules, st.lists(wide, min_size=2, max_size=5), wide, wide)
def test_others_in_one_row_or_in_two_are_the_same(rule, votes: list[int], first: int, second: int):
    """A source that splits its remainder into two rows has the same outcome."""
    people = tuple(Option(id=name, name=name) for name in NAMES[: len(votes)])
    rest = tuple(Option(id=f"rest{number}", name="All others", kind=OptionKind.AGGREGATE) for number in (1, 2))
    contest = Contest(id="c", title="t", rule=rule.id, options=(*people, *rest))
    cast = dict(zip(NAMES, votes, strict=False))
    split = tally_for(rule, contest, {**cast, "rest1": first, "rest2": second})
    joined = tally_for(rule, contest, {**cast, "rest1": first + second})

    assert decide(rule, split) == decide(rule, joined)


@given(tallies(), st.integers(1, 5))
def test_top_k_agrees_with_counting_who_is_ahead(tally: Tally, seats: int):
    """Another way to find the highest k: in if fewer than k others have as many, tied if fewer than k have more."""
    assume(any(tally.votes.values()))
    outcome = decide(BOOK.rule("generic-top-k"), tally, seats=seats, votes_allowed=seats)
    ahead = {name: sum(other > votes for other in tally.votes.values()) for name, votes in tally.votes.items()}
    level = {name: sum(other == votes for other in tally.votes.values()) for name, votes in tally.votes.items()}
    sure = {name for name in ahead if ahead[name] + level[name] <= seats}
    open_to = {name for name in ahead if ahead[name] < seats} - sure

    assert (set(outcome.elected), {name for tie in outcome.ties for name in tie.options}) == (sure, open_to)


@given(tallies())
def test_top_two_agrees_with_sorting(tally: Tally):
    """Without ties at the cut, the two highest of a sorted list go on."""
    ordered = sorted(tally.votes, key=lambda name: -tally.votes[name])
    assume(tally.votes[ordered[0]] > 0)
    assume(len(ordered) < 3 or tally.votes[ordered[1]] > tally.votes[ordered[2]])

    assert decide(BOOK.rule("us-ca-primary-voter-nominated"), tally).advancing == tuple(ordered[:2])


@given(tallies())
def test_a_majority_agrees_with_twice_the_votes(tally: Tally):
    """More than half is: twice as many as all, plus one, in whole numbers."""
    assume(any(tally.votes.values()))
    valid = sum(tally.votes.values()) + tally.other_valid
    winners = tuple(name for name, votes in tally.votes.items() if 2 * votes > valid)

    assert decide(BOOK.rule("us-ca-special-primary"), tally).elected == winners


@given(rules, tallies())
def test_a_recount_pair_straddles_the_cut(rule, tally: Tally):
    """One is through and the other is out, or both are tied; and the margin is theirs."""
    outcome = decide(rule, tally)
    through = {*outcome.elected, *outcome.advancing}
    for trigger in outcome.recounts:
        first, second = trigger.pair
        tied = any({first, second} <= set(tie.options) for tie in outcome.ties)

        assert tied or (first in through and second not in through)
        assert (
            trigger.margin_votes
            == tally.votes[first] - tally.votes[second]
            <= int(trigger.limit_votes.removeprefix("<= ").replace(",", ""))
        )


@pytest.mark.parametrize("rule_id", EVERY_RULE)
def test_every_rule_says_something_of_an_ordinary_count(rule_id: str):
    """Three candidates, everything reported: a result, or a reason in words."""
    units = ({"a": 30, "b": 20, "c": 10},) * 3
    tally = Tally(votes={"a": 90, "b": 60, "c": 30}, blank=5, invalid=5, ballots=190, voters_in_contest=180, registered=300, units=units)
    outcome = decide(BOOK.rule(rule_id), tally)

    assert (
        outcome.elected
        or outcome.advancing
        or outcome.ties
        or outcome.undecided.endswith(".")
        or outcome.clauses[-1].text.endswith(" follows")
    )
