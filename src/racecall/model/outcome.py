"""What a rule decides from a count: elected, advancing, tie, next round, recount, each with the clause that decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Votes and ballots of one contest, as a rule needs them.

    Args:
        votes: Votes of every option that can be elected or advance [votes], in ballot order.
        other_valid: Votes for aggregates and non-candidates: in every denominator, never through.
        blank: Blank ballots [ballots]; None if not reported.
        invalid: Overvoted and spoiled ballots [ballots]; None if not reported.
        ballots: Ballots cast, blank and invalid included; None if not reported.
        voters_in_contest: Ballots with at least one countable vote here; None if not reported.
        registered: Voters on the roll; None if not reported.
        units: Votes per reporting unit (province, county), for spread rules.
        names: Names for people by option id, for the sentences of the outcome; ids stand in where there is none.
    """

    votes: Mapping[str, int]
    other_valid: int = 0
    blank: int | None = None
    invalid: int | None = None
    ballots: int | None = None
    voters_in_contest: int | None = None
    registered: int | None = None
    units: tuple[Mapping[str, int], ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One sentence of law applied to one count.

    Args:
        text: What was tested and with which numbers, e.g. "8,156 of 28,985 valid votes is 28.1%; more than 50% elects".
        holds: Whether it held; None if a number it needs was not reported.
        decides: Option ids it decides for.
        source: The statute.
    """

    text: str
    holds: bool | None
    decides: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Equal votes across the last place.

    Args:
        options: The tied options, in ballot order.
        places: How many places they tie for.
        method: How the law breaks it: ``lot``, ``oldest``, ``recount_then_lot``, ``unknown`` …
    """

    options: tuple[str, ...]
    places: int
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountTrigger:
    """A recount that the margin of a pair allows or requires.

    Args:
        pair: The two options at the cut, the one that is through first.
        margin_votes: Their margin [votes].
        limit_votes: The margin at or under which it applies [votes], as an exact text such as ``"<= 423"``.
        kind: ``automatic``, ``discretionary`` or ``request``.
        source: The statute.
        uncertain: The entry rests on secondary sources or they disagree.
        scope: Contests it is limited to ("statewide contests only"), for a person to check; "" if none.
    """

    pair: tuple[str, str]
    margin_votes: int
    limit_votes: str
    kind: str
    source: str
    uncertain: bool = False
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rule makes of a count, were it final.

    Args:
        rule: Rule id.
        elected: Option ids elected, most votes first.
        advancing: Option ids that go to the next round, most votes first; more than the number of places if ties all advance.
        ties: Ties that the law breaks by other means than votes.
        next_round: ``runoff``, ``general``, ``convention`` … or "" if nothing follows.
        recounts: Recount provisions that the margin at the cut falls under.
        clauses: What decided, in order.
        undecided: Why the rule could not decide (a denominator was not reported, the method needs ballots); "" if it could.
    """

    rule: str
    elected: tuple[str, ...] = ()
    advancing: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    next_round: str = ""
    recounts: tuple[RecountTrigger, ...] = ()
    clauses: tuple[Clause, ...] = field(default=())
    undecided: str = ""
