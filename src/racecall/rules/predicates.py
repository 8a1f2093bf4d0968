"""The five predicates of election law, and the blank-ballot test: each asks one question of an option and answers in a sentence.

An answer is yes, no, or not known. Not known is not no: a clause with an unknown test and no failed one is itself unknown, and a
contest that hangs on it is undecided (`all_hold` and `any_holds` are Kleene's strong logic of three values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from racecall.model.words import some
from racecall.rules.count import Count, Total, total
from racecall.rules.law import BlankTest, Denominator, LeadTest, PluralityTest, ShareTest, SpreadTest, Test, Threshold, TurnoutTest
from racecall.rules.words import over, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a test says of an option.

    Args:
        holds: Yes, no, or None: not known.
        say: Writes the sentence, with the numbers put in; called only for the options that a page shows.
        missing: What would have to be reported to know; "" if it is known.
    """

    holds: bool | None
    say: Callable[[], str]
    missing: str = ""


Question = Callable[[str], Answer]


def question(test: Test, count: Count) -> Question:
    """Return a test as a question that can be put to each option of a count."""
    return QUESTIONS[type(test)](test, count)


def all_hold(values: Iterable[bool | None]) -> bool | None:
    """Whether all hold: one no is no, otherwise one unknown is unknown."""
    seen = set(values)
    return False if False in seen else None if None in seen else True


def any_holds(values: Iterable[bool | None]) -> bool | None:
    """Whether any holds: one yes is yes, otherwise one unknown is unknown."""
    seen = set(values)
    return True if True in seen else None if None in seen else False


def _compare(test: Threshold, votes: int, base: Total, subject: Callable[[], str]) -> Answer:
    if base.number is None:
        return Answer(holds=None, say=lambda: f"{subject()}, but {base.words}", missing=base.words)
    share = votes / base.number
    return Answer(holds=test.met_by(share), say=lambda: f"{subject()} of {base.words} is {percent(share, test.fraction)}")


def _share(test: ShareTest, count: Count) -> Question:
    base, votes = total(test.of, count), count.votes
    return lambda option: _compare(test, votes[option], base, lambda: f"{count.name(option)}: {votes[option]:,}")


def _lead(test: LeadTest, count: Count) -> Question:
    base, votes, ranked = total(test.of, count), count.votes, count.ranked

    def ask(option: str) -> Answer:
        rival = next((other for other in ranked if other != option), "")
        lead = votes[option] - votes.get(rival, 0)
        against = f"{'ahead of' if lead >= 0 else 'behind'} {count.name(rival)}" if rival else "ahead of nobody"
        return _compare(test, lead, base, lambda: f"{count.name(option)} is {some(abs(lead), 'vote')} {against}; {lead:,}")

    return ask


def _blank(test: BlankTest, count: Count) -> Question:
    base, blank = total(test.of, count), count.tally.blank or 0
    return lambda _: _compare(test, blank, base, lambda: some(blank, "blank ballot"))


def _turnout(test: TurnoutTest, count: Count) -> Question:
    ballots, registered = total(Denominator.BALLOTS, count), total(Denominator.REGISTERED, count)
    if ballots.number is None or not registered.number:
        missing = ballots.words if ballots.number is None else registered.words
        return lambda _: Answer(holds=None, say=lambda: f"the turnout is not known: {missing}", missing=missing)
    share = ballots.number / registered.number
    text = f"{ballots.words}, by {registered.words}, is a turnout of {percent(share, test.fraction)}"
    return lambda _: Answer(holds=test.met_by(share), say=lambda: text)


def _spread(test: SpreadTest, count: Count) -> Question:
    units = count.tally.units
    if not units:
        missing = f"votes by {test.unit} were not reported"
        return lambda option: Answer(holds=None, say=lambda: f"{count.name(option)}: {missing}", missing=missing)

    def ask(option: str) -> Answer:
        passed = sum(_passes(test, option, unit) for unit in units)
        text = f"{count.name(option)}: {over(test)} of the valid votes in {passed:,} of {len(units):,} {test.unit}"
        return Answer(holds=test.parts.met_by(Fraction(passed, len(units))), say=lambda: text)

    return ask


def _passes(test: SpreadTest, option: str, unit: Mapping[str, int]) -> bool:
    cast = sum(unit.values())
    return cast > 0 and test.met_by(Fraction(unit.get(option, 0), cast))


def _plurality(_: PluralityTest, count: Count) -> Question:
    votes = count.votes
    ordered = sorted(votes.values(), reverse=True)

    def ask(option: str) -> Answer:
        ahead = ordered.index(votes[option])
        tied = "tied for " if ordered.count(votes[option]) > 1 else ""
        text = f"{count.name(option)}: {some(votes[option], 'vote')}, {tied}place {ahead + 1} of {len(votes)}"
        return Answer(holds=ahead < count.seats, say=lambda: text)

    return ask


QUESTIONS: Mapping[type[Any], Callable[[Any, Count], Question]] = {
    ShareTest: _share,
    LeadTest: _lead,
    TurnoutTest: _turnout,
    SpreadTest: _spread,
    PluralityTest: _plurality,
    BlankTest: _blank,
}
"""Predicate -> the question it asks."""
