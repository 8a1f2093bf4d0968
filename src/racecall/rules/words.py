"""Law in plain words, for clauses, tables and pages. No number is decided here; shares are rounded only on their way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from racecall.rules.law import (
    Advance,
    Area,
    BlankTest,
    Clauses,
    Confidence,
    Denominator,
    LeadTest,
    Method,
    PluralityTest,
    RecountLimit,
    Rule,
    ShareTest,
    SpreadTest,
    Stage,
    Test,
    Threshold,
    TieMethod,
    TurnoutTest,
)

DENOMINATORS: Mapping[Denominator, str] = {
    Denominator.VALID: "valid votes",
    Denominator.VALID_PLUS_BLANK: "valid votes and blank ballots",
    Denominator.BALLOTS: "all ballots cast",
    Denominator.VOTERS_IN_CONTEST: "the voters who voted in the contest",
    Denominator.VOTES_PER_SEAT: "valid votes divided by the seats",
    Denominator.REGISTERED: "registered voters",
    Denominator.CONTINUING: "the ballots still in play",
    Denominator.LEADER_VOTES: "the leader's votes",
    Denominator.PAIR_VOTES: "the votes of the two",
}

TIES: Mapping[TieMethod, str] = {
    TieMethod.ALL_ADVANCE: "all of the tied go on",
    TieMethod.CA_8142B: "all of the tied go on, never by lot; a tie for first leaves no second place",
    TieMethod.RUNOFF_OF_TIED: "a runoff between the tied",
    TieMethod.LOT: "by lot",
    TieMethod.RECOUNT_THEN_LOT: "a recount, then by lot",
    TieMethod.OLDEST: "the oldest takes it",
    TieMethod.WIDER_DISTRIBUTION: "the one with the wider support over the country",
    TieMethod.LEGISLATURE: "the legislature chooses",
    TieMethod.UNKNOWN: "not in our text",
}

CONFIDENCES: Mapping[Confidence, str] = {
    Confidence.READ: "the statute or official text was read",
    Confidence.SECONDARY: "a summary by others was read",
    Confidence.MEMORY: "from memory: read the statute before relying on it",
    Confidence.GENERIC: "a generic rule, not law",
}

METHODS: Mapping[Method, str] = {
    Method.TALLY: "votes by option",
    Method.IRV: "ranked choice: the rankings on the ballots decide",
    Method.LIST_BONUS: "lists with a bonus: seats are shared out between lists",
}

ROUNDS: Mapping[str, str] = {"general": "general election", "repeat": "repeat of the election"}
"""Next rounds whose name is longer than the word we keep."""

STAGES: Mapping[Stage, str] = {Stage.ANY: "", Stage.PRIMARY: "primaries only", Stage.GENERAL: "general elections only"}
AREAS: Mapping[Area, str] = {Area.ANY: "", Area.STATEWIDE: "statewide contests only", Area.OTHER: "contests that are not statewide"}


def decimal(value: Fraction, digits: int) -> str:
    """Write a fraction with so many decimals, rounded half to even; 28,985 and 12.5, never 1.2E+3."""
    rounded = round(value, digits)
    return f"{Decimal(rounded.numerator) / rounded.denominator:,.{digits}f}"


def percent(value: Fraction, threshold: Fraction) -> str:
    """Write a share as a percentage, with as many decimals as it takes not to look like a threshold it is not.

    A share of 50.0004% is written 50.0004%, never "50.0%", beside a threshold of 50%.
    """
    for digits in range(1, 12):
        if value == threshold or round(value * 100, digits) != threshold * 100:
            return f"{decimal(value * 100, digits)}%"
    return f"{'just over' if value > threshold else 'just under'} {amount(threshold)}"


def amount(fraction: Fraction) -> str:
    """Write a threshold exactly: ``50%``, ``12.5%``, and ``2/3`` where no decimal is exact."""
    written = Decimal(fraction.numerator * 100) / fraction.denominator
    return f"{written.normalize():f}%" if Fraction(written) == fraction * 100 else str(fraction)


def names(options: Sequence[str], *, joined_by: str = "and") -> str:
    """Join names as a sentence does: ``a, b and c``."""
    head, last = options[:-1], options[-1]
    return f"{', '.join(head)} {joined_by} {last}" if head else last


def over(test: Threshold) -> str:
    """Write a threshold with its strictness: ``more than 50%``, ``at least 35%``."""
    return f"{'more than' if test.strict else 'at least'} {amount(test.fraction)}"


REQUIREMENTS: Mapping[type[Any], Callable[[Any], str]] = {
    PluralityTest: lambda _: "the largest number of votes",
    ShareTest: lambda test: f"{over(test)} of {DENOMINATORS[test.of]}",
    LeadTest: lambda test: f"a lead of {over(test)} of {DENOMINATORS[test.of]}",
    BlankTest: lambda test: f"blank ballots {over(test)} of {DENOMINATORS[test.of]}",
    TurnoutTest: lambda test: f"a turnout of {over(test)}",
    SpreadTest: lambda test: f"{over(test)} of the valid votes in {over(test.parts)} of the {test.unit}",
}


def requirement(test: Test) -> str:
    """Say what a test asks for: ``more than 50% of valid votes``."""
    return REQUIREMENTS[type(test)](test)


NEEDS: Mapping[type[Any], Callable[[Any], str]] = {
    **dict.fromkeys((ShareTest, BlankTest, TurnoutTest), over),
    PluralityTest: REQUIREMENTS[PluralityTest],
    LeadTest: lambda test: f"a lead of {over(test)}",
    SpreadTest: lambda test: f"{over(test.parts)} of the {test.unit}",
}


def needs(test: Test) -> str:
    """Say what a test asks for where the denominator has just been named: ``more than 50%``."""
    return NEEDS[type(test)](test)


def clauses(elect: Clauses) -> str:
    """Say who wins outright: ``more than 45% of valid votes; or at least 40% of valid votes and a lead of …``."""
    return "; or ".join(" and ".join(requirement(test) for test in clause) for clause in elect)


def wins_outright(rule: Rule) -> str:
    """Say who wins outright under a rule."""
    return clauses(rule.elect) or "nobody, however large the lead"


def goes_on(rule: Rule) -> str:
    """Say who goes to the next round under a rule."""
    return _advancing(rule.advance) if rule.advance else rule.fallback or "no further round"


def _advancing(advance: Advance) -> str:
    floor = requirement(advance.qualify) if advance.qualify else ""
    if advance.count is None:
        return f"everybody with {floor}, and no fewer than the {advance.min} highest"
    highest = f"the {advance.count} highest" + (" for each open seat" if advance.per_seat else "")
    return f"{highest} with {floor}" if floor else highest


def denominators_of(rule: Rule) -> list[str]:
    """Name every denominator a rule uses, once each, in the order of the law."""
    tests = [test for tests in rule.elect for test in tests] + [rule.advance and rule.advance.qualify, rule.void_if]
    used = [test.of for test in tests if isinstance(test, ShareTest | LeadTest | BlankTest)]
    return [DENOMINATORS[of] for of in dict.fromkeys(used)]


def scope(limit: RecountLimit) -> str:
    """Say which contests a recount limit is for; "" if it is for all of the place."""
    return "; ".join(part for part in (AREAS[limit.area], STAGES[limit.stage], limit.note) if part)
