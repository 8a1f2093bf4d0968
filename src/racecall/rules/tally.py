"""From a contest and its votes to the tally a rule decides on: who can be elected or advance, and whose votes only count."""

from __future__ import annotations

from collections.abc import Mapping

from racecall.model.contest import Contest, Option, OptionKind
from racecall.model.outcome import Tally
from racecall.rules.law import Rule, WriteIns


def tally_for(
    rule: Rule,
    contest: Contest,
    votes: Mapping[str, int],
    *,
    blank: int | None = None,
    invalid: int | None = None,
    ballots: int | None = None,
    voters_in_contest: int | None = None,
    registered: int | None = None,
    units: tuple[Mapping[str, int], ...] = (),
) -> Tally:
    """Put every option's votes where the rule wants them.

    A person's votes stand under the person's id. Votes for aggregates, for "none of these", for a withdrawn candidate whose votes count,
    and for write-ins that cannot advance are `other_valid`: in every denominator, never through. Votes that the law voids (withdrawn
    candidates in Louisiana, write-ins in a California voter-nominated general) are left out altogether. An option without a number is
    left out too: not reported is not zero.

    Args:
        rule: The law.
        contest: The contest, for the kind of each option and the ballot order.
        votes: Votes by option id [votes].
        blank: Blank ballots; None here and below if not reported [ballots].
        invalid: Overvoted and spoiled ballots [ballots].
        ballots: Ballots cast, blank and invalid included [ballots].
        voters_in_contest: Ballots with at least one vote that counts here [ballots].
        registered: Voters on the roll [voters].
        units: Votes by option id in each province, county or state, for spread rules; every option, so that the parts add up.

    Raises:
        UnknownName: A vote is for an option the contest does not have.
    """
    for option_id in votes:
        contest.option(option_id)
    reported = [option for option in contest.options if option.id in votes]
    void = {option.id for option in contest.options if _is_void(rule, option)}
    return Tally(
        votes={option.id: votes[option.id] for option in reported if option.id not in void and _can_win(rule, option)},
        other_valid=sum(votes[option.id] for option in reported if option.id not in void and not _can_win(rule, option)),
        blank=blank,
        invalid=invalid,
        ballots=ballots,
        voters_in_contest=voters_in_contest,
        registered=registered,
        units=tuple({option: number for option, number in unit.items() if option not in void} for unit in units),
        names={option.id: option.name for option in reported},
    )


def _can_win(rule: Rule, option: Option) -> bool:
    # A rule without a word on write-ins lets them in: leaving out somebody with enough votes would be the worse mistake.
    barred = option.kind is OptionKind.WRITE_IN and not (rule.write_ins or WriteIns()).can_advance
    return option.can_advance and option.name not in rule.non_candidates and not barred


def _is_void(rule: Rule, option: Option) -> bool:
    uncounted = option.kind is OptionKind.WRITE_IN and not (rule.write_ins or WriteIns()).counted
    return uncounted or (option.withdrawn and rule.withdrawn_votes == "void")
