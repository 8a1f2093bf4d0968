"""Which recount provisions the margin at the cut falls under.

The pair is the last one through and the first one out; where a tie crosses the last place it is two of the tied, with a margin of 0.
Every provision is turned into one whole number, the largest margin under which it still applies, so that "<", "<=", shares, votes,
"and" and "or" compare in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from racecall.model.outcome import Outcome, RecountTrigger
from racecall.rules.count import Count
from racecall.rules.law import ContestSize, Denominator, MarginShare, MarginVotes, RecountLimit, Rule, Stage
from racecall.rules.words import scope

Pair = tuple[str, str]
NEVER = -1
"""A margin no pair can have."""


def recounts_at_cut(rule: Rule, count: Count, outcome: Outcome) -> tuple[RecountTrigger, ...]:
    """Return the recounts that the margin at the cut allows or requires; none if the outcome is undecided or nobody is out."""
    pair = cut_pair(count, outcome)
    if pair is None:
        return ()
    margin = count.votes[pair[0]] - count.votes[pair[1]]
    return tuple(
        RecountTrigger(
            pair=pair,
            margin_votes=margin,
            limit_votes=f"<= {limit:,}",
            kind=recount.kind.value,
            source=recount.source,
            uncertain=recount.uncertain,
            scope=scope(provision),
        )
        for recount in rule.recounts
        for provision in recount.limits
        if _covers(provision, rule) and margin <= (limit := largest_margin(provision, pair, count))
    )


def cut_pair(count: Count, outcome: Outcome) -> Pair | None:
    """Return the last one through and the first one out; two of the tied if a tie crosses the last place; None if there is no cut."""
    if outcome.ties:
        return outcome.ties[-1].options[0], outcome.ties[-1].options[1]
    through = [option for option in count.ranked if option in outcome.elected + outcome.advancing]
    out = [option for option in count.ranked if option not in through]
    return (through[-1], out[0]) if through and out else None


def largest_margin(provision: RecountLimit, pair: Pair, count: Count) -> int:
    """Return the largest margin under which a provision applies [votes]; `NEVER` if the contest is of the wrong size."""
    return max(min(LARGEST[type(test)](test, pair, count) for test in tests) for tests in provision.tests)


def _covers(provision: RecountLimit, rule: Rule) -> bool:
    return Stage.ANY in {provision.stage, rule.stage} or provision.stage == rule.stage


def _votes(test: MarginVotes, _: Pair, __: Count) -> int:
    return test.votes - 1 if test.strict else test.votes


def _share(test: MarginShare, pair: Pair, count: Count) -> int:
    limit = test.fraction * BASES[test.of](pair, count)
    return math.ceil(limit) - 1 if test.strict else math.floor(limit)


def _size(test: ContestSize, _: Pair, count: Count) -> int:
    most = count.valid if test.at_most is None else test.at_most
    return count.valid if test.at_least <= count.valid <= most else NEVER


LARGEST: Mapping[type[Any], Callable[[Any, Pair, Count], int]] = {MarginVotes: _votes, MarginShare: _share, ContestSize: _size}
"""Test -> the largest margin that passes it [votes]."""

BASES: Mapping[Denominator, Callable[[Pair, Count], int]] = {
    Denominator.VALID: lambda _, count: count.valid,
    Denominator.LEADER_VOTES: lambda _, count: count.most,
    Denominator.PAIR_VOTES: lambda pair, count: count.votes[pair[0]] + count.votes[pair[1]],
}
"""What a margin is a share of [votes]."""
