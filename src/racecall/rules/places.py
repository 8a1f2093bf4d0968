"""How many places a rule has in a contest, and whether the last of them may vanish because somebody wins outright."""

from __future__ import annotations

from racecall.model.contest import Contest, Slot, SlotKind
from racecall.rules.law import Rule, ShareTest


def slots(rule: Rule, contest: Contest) -> tuple[Slot, ...]:
    """Return the places to be filled: those of the next round if there can be one, otherwise the seats.

    Where the number of places depends on the count (everybody above a floor) these are the ones that are certain. A place in a next
    round is conditional where `majority_clause` is not None.
    """
    number = rule.advance.places(contest.number_elected) if rule.advance else contest.number_elected
    kind = SlotKind.ADVANCE if rule.advance else SlotKind.ELECT
    return tuple(Slot(number=place, of=number, kind=kind) for place in range(1, number + 1))


def majority_clause(rule: Rule) -> ShareTest | None:
    """Return the share that wins outright and ends the contest before a next round, so that a slot can be called conditional.

    None if nobody can win outright or if there is no next round. A rule may have other ways to win (a lead, a spread); `rule.elect` has
    them all, and this is the first share among them, in the order of the law.
    """
    if rule.advance is None:
        return None
    return next((test for tests in rule.elect for test in tests if isinstance(test, ShareTest)), None)
