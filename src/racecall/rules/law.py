"""Election law as values: what a rule tests, who goes on, what a tie means, when a recount follows.

Nothing here computes an outcome (`racecall.rules.engine` does) or reads a file (`racecall.rules.text` does). Every number is an `int`
or a `Fraction`. The words are those of docs/rules/index.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from racecall.errors import SettingsError, UnknownName


class Denominator(StrEnum):
    """What a share is a share of: the parameter that is got wrong most often, and the one that turned Guam's election of 1998 round."""

    VALID = "valid"
    """Votes for candidates, "all others" and "none of these" included; blank and invalid ballots are out."""
    VALID_PLUS_BLANK = "valid_plus_blank"
    """Votes for candidates and blank ballots (Colombia: a blank ballot is a valid vote)."""
    BALLOTS = "ballots"
    """All ballots cast, blank and invalid ones included (Uruguay: "votantes")."""
    VOTERS_IN_CONTEST = "voters_in_contest"
    """Ballots with at least one vote that counts in this contest (Cal. Elec. Code 8140: "all the ballots cast for ... that office")."""
    VOTES_PER_SEAT = "votes_per_seat"
    """Valid votes divided by the seats to fill (La. R.S. 18:511(A))."""
    REGISTERED = "registered"
    """Voters on the roll, whether they voted or not (Romania, the French floor)."""
    CONTINUING = "continuing"
    """Ranked choice: ballots still in play in the round. Votes by option do not give it."""
    LEADER_VOTES = "leader_votes"
    """Recounts: the votes of the option with the most votes (N.D.C.C. 16.1-16-01: "the highest vote cast")."""
    PAIR_VOTES = "pair_votes"
    """Recounts: the votes of the two at the cut together (RCW 29A.64.021: "cast for both candidates")."""


MARGIN_DENOMINATORS = (Denominator.VALID, Denominator.LEADER_VOTES, Denominator.PAIR_VOTES)
"""What the margin at the cut can be a share of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A fraction to reach, or to exceed.

    Args:
        fraction: The fraction, exact.
        strict: True: it must be exceeded ("more than"); False: reaching it is enough ("at least").
    """

    fraction: Fraction
    strict: bool

    def met_by(self, value: Fraction) -> bool:
        """Whether a value passes."""
        return value > self.fraction if self.strict else value >= self.fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTest(Threshold):
    """The option's votes, as a share `of` a denominator."""

    of: Denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadTest(Threshold):
    """The option's lead over the next candidate, as a share `of` a denominator; "ten points" is 10% of valid votes."""

    of: Denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankTest(Threshold):
    """Blank ballots as a share `of` a denominator (Colombia: a majority of them voids the election)."""

    of: Denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnoutTest(Threshold):
    """Ballots cast as a share of registered voters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadTest(Threshold):
    """A share of the valid votes that must be met in enough parts of the country.

    Args:
        fraction: Share within one part.
        strict: Whether that share must be exceeded.
        parts: How many of the parts, as a share of all of them.
        unit: What the parts are, in the plural: provinces, counties, states.
    """

    parts: Threshold
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PluralityTest:
    """Fewer options have more votes than there are seats. Options tied for the last seat all pass, and are then a tie."""


Test: TypeAlias = ShareTest | LeadTest | BlankTest | TurnoutTest | SpreadTest | PluralityTest
Clauses: TypeAlias = tuple[tuple[Test, ...], ...]
"""Any clause is enough; every test of a clause must hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginVotes:
    """The margin at the cut is at most this many votes (`strict`: fewer)."""

    votes: int
    strict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginShare:
    """The margin at the cut is at most this share `of` a denominator (`strict`: less)."""

    fraction: Fraction
    of: Denominator
    strict: bool

    def __post_init__(self) -> None:
        if self.of not in MARGIN_DENOMINATORS:
            raise SettingsError(f'a margin of "{self.of}" is not defined.', next_step=f"A margin is of {', '.join(MARGIN_DENOMINATORS)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestSize:
    """The contest has at least, or at most, so many valid votes [votes]."""

    at_least: int = 0
    at_most: int | None = None


MarginTest: TypeAlias = MarginVotes | MarginShare | ContestSize


class TieMethod(StrEnum):
    """How the law breaks a tie. The first three send all of the tied on; the others leave a tie for somebody to break."""

    ALL_ADVANCE = "all_advance"
    CA_8142B = "ca_8142b"
    """Cal. Elec. Code 8142(b): all tied for first advance and there is no second place; all tied for second advance; never by lot."""
    RUNOFF_OF_TIED = "runoff_of_tied"
    LOT = "lot"
    RECOUNT_THEN_LOT = "recount_then_lot"
    OLDEST = "oldest"
    WIDER_DISTRIBUTION = "wider_distribution"
    LEGISLATURE = "legislature"
    UNKNOWN = "unknown"
    """Our text does not say. Nobody is put through by guessing."""


class Method(StrEnum):
    """What decides: votes by option, or something that votes by option do not hold."""

    TALLY = "tally"
    IRV = "irv"
    LIST_BONUS = "list_bonus"


class Confidence(StrEnum):
    """How well the entry is founded."""

    READ = "read"
    """The statute, constitution or official text was read."""
    SECONDARY = "secondary"
    """A summary by others was read (NCSL, Ballotpedia, news, project tests)."""
    MEMORY = "memory"
    """From memory: read the statute before relying on it."""
    GENERIC = "generic"
    """Not law at all."""


class Stage(StrEnum):
    """Which vote of a cycle a rule or recount provision is about."""

    ANY = ""
    PRIMARY = "primary"
    GENERAL = "general"


class Area(StrEnum):
    """Which contests a recount provision covers."""

    ANY = ""
    STATEWIDE = "statewide"
    OTHER = "other"


class RecountKind(StrEnum):
    """Who starts the recount: nobody need ask, an officer may order it, or a candidate or voter may ask."""

    AUTOMATIC = "automatic"
    DISCRETIONARY = "discretionary"
    REQUEST = "request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Who goes to the next round when nobody, or not everybody, is elected outright.

    Args:
        count: Places; None: everybody who passes `qualify`.
        per_seat: `count` is for each seat that is still open.
        qualify: A floor to pass before a place can be taken.
        min: At least so many go on, the highest first, if fewer pass the floor.
        max: At most so many go on.
        second: What the second place is given for, if not votes (Nigeria); votes then do not decide it.
    """

    count: int | None = None
    per_seat: bool = False
    qualify: ShareTest | None = None
    min: int = 0
    max: int | None = None
    second: str = ""

    def __post_init__(self) -> None:
        if (self.count or self.min) < 1:
            raise SettingsError("a next round needs at least one place.", next_step='Write `count = 2`, or `qualify = "…"` with `min = 2`.')

    def places(self, seats_open: int) -> int:
        """Return how many places there are for certain with so many seats still open."""
        return (self.count or self.min) * (seats_open if self.per_seat else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A next round that is held only if somebody asks, and how many days they have."""

    on_request_by: str
    deadline_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runoff:
    """The next round: when it is held and how it is won.

    Args:
        days: Days after the first round; `days_max`: at most so many; `gap`: in the law's own words.
        counted_from: What the days are counted from, if not election day.
        winner: ``plurality`` or "" if our text does not say.
        voluntary_withdrawal: A qualified candidate may step back.
    """

    days: int | None = None
    days_max: int | None = None
    gap: str = ""
    counted_from: str = ""
    winner: str = ""
    voluntary_withdrawal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """Who takes the place of a candidate who is through and drops out."""

    rule: str
    until: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteIns:
    """What becomes of write-in votes.

    Args:
        counted: ``declared`` (only for declared candidates) or False (not at all).
        can_advance: Whether a write-in candidate can go through.
        printed_in_runoff: Whether the name is printed in the next round.
    """

    counted: str | bool = True
    can_advance: bool = True
    printed_in_runoff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IrvOptions:
    """How a ranked ballot is read; places differ, and results have turned on it (Alameda County 2022). "" and None: not in our text."""

    skipped_rank: str = ""
    overvote: str = ""
    duplicate: str = ""
    stop: str = ""
    batch_elimination: bool = False
    max_rankings: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effective:
    """The first and the last day a rule is in force; None: no limit known."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecountLimit:
    """One margin under which a recount follows.

    Args:
        tests: Any line is enough; every test of a line must hold.
        stage: Only primaries, or only general elections.
        area: Only statewide contests, or only the others.
        note: Anything else it is limited to.
    """

    tests: tuple[tuple[MarginTest, ...], ...]
    stage: Stage = Stage.ANY
    area: Area = Area.ANY
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """What a place says of recounts.

    Args:
        jurisdiction: As in a rule, e.g. ``US-WA``.
        place: For people.
        kind: Automatic, discretionary or on request.
        text: The provision in our notes' own words.
        limits: What of it can be computed exactly; empty: nothing, it is only listed.
        applies_to: Which pair or which contests, if the law says so.
        source: The statute, or who says so.
        confidence: How well it is founded.
        uncertain: Sources disagree, or it is from memory.
    """

    jurisdiction: str
    place: str
    kind: RecountKind
    text: str
    source: str
    confidence: Confidence
    limits: tuple[RecountLimit, ...] = ()
    applies_to: str = ""
    note: str = ""
    check: str = ""
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one kind of contest is decided in one place.

    Args:
        id: Stable id, as `election.toml` names it.
        place: For people: ``Los Angeles, California``.
        jurisdiction: Code: ``US-CA``, ``US-CA/Los Angeles``, ``FR``; "" for a generic rule.
        offices: Which contests it is for.
        family: The family of rules it belongs to, which is also its page under `docs/rules/`.
        elect: Who wins outright: any clause is enough, every test of it must hold. Empty: nobody, however large the lead.
        advance: Who goes on otherwise; None: no further round.
        min_candidates: With fewer candidates the most votes win.
        void_if: If this holds the election is held again.
        tie_cut: A tie for the last place in the next round.
        tie_final: A tie for a seat.
        next_round: What the next round is called.
        trigger: The next round is held only on request.
        fallback: What follows if nobody is elected and there is no next round, or none is asked for.
        withdrawn_votes: ``counted`` (in the denominators) or ``void``.
        source: The statute.
        confidence: How well the entry is founded.
        uncertain: From memory, or a detail is open; `check` names it.
        recounts: Recount provisions of the place.
    """

    id: str
    place: str
    offices: str
    elect: Clauses
    source: str
    confidence: Confidence
    uncertain: bool
    family: str = ""
    jurisdiction: str = ""
    stage: Stage = Stage.ANY
    round: int | None = None
    field: str = ""
    method: Method = Method.TALLY
    advance: Advance | None = None
    min_candidates: int = 0
    void_if: BlankTest | None = None
    tie_cut: TieMethod = TieMethod.UNKNOWN
    tie_final: TieMethod = TieMethod.UNKNOWN
    next_round: str = "runoff"
    trigger: Trigger | None = None
    fallback: str = ""
    withdrawal: str = ""
    uncontested: str = ""
    withdrawn_votes: str = "counted"
    non_candidates: tuple[str, ...] = ()
    write_ins: WriteIns | None = None
    replacement: Replacement | None = None
    runoff: Runoff | None = None
    merge: ShareTest | None = None
    irv: IrvOptions | None = None
    effective: Effective | None = None
    note: str = ""
    check: str = ""
    recounts: tuple[Recount, ...] = ()

    def __post_init__(self) -> None:
        if self.confidence in {Confidence.MEMORY, Confidence.GENERIC} and not self.uncertain:
            raise SettingsError(
                f'confidence "{self.confidence}" without `uncertain = true`.',
                where=f"rule {self.id}",
                next_step="What has not been read is uncertain: read the statute, or mark the rule.",
            )

    def __hash__(self) -> int:
        """Let what follows from a rule be kept beside it; whether two rules are the same is told from all their fields."""
        return hash(self.id)

    @property
    def warning(self) -> str:
        """One sentence to print wherever an uncertain rule is used; "" if the rule is not marked uncertain."""
        if not self.uncertain:
            return ""
        doubt = self.check or "written from memory, read the statute before relying on it"
        return f"This rule is marked uncertain: {doubt}. Source: {self.source}."

    def in_force_on(self, day: date) -> bool:
        """Whether the rule was in force on a day, as far as our text says."""
        effective = self.effective or Effective()
        return (effective.since or day) <= day <= (effective.until or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Rules that work alike. `docs/rules/<id>.md` is its page."""

    id: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All the law we hold, in the order it was written.

    Args:
        rules: Every rule.
        families: The families, in order.
        recounts: Every recount provision, those included that no rule uses.
        version: SHA-256 of the text it was read from; a page names it beside the rule id.
    """

    rules: tuple[Rule, ...]
    families: tuple[Family, ...]
    recounts: tuple[Recount, ...]
    version: str
    _by_id: dict[str, Rule] = field(init=False, repr=False, compare=False, hash=False, default_factory=dict)

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule.id in self._by_id:
                raise SettingsError(f"rule {rule.id!r} is written twice.", next_step="Give each rule its own id.")
            self._by_id[rule.id] = rule

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with this id; `UnknownName` with the nearest ids if there is none."""
        try:
            return self._by_id[rule_id]
        except KeyError:
            near = difflib.get_close_matches(rule_id, self._by_id)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise UnknownName(f"no rule {rule_id!r}.", next_step=f"{hint}All rules: racecall rules list") from None

    def recounts_for(self, jurisdiction: str) -> tuple[Recount, ...]:
        """Return the recount provisions of a place: a city has those of its state, and a rule for two places those of both."""
        places = states_of(jurisdiction)
        return tuple(entry for entry in self.recounts if entry.jurisdiction in places)


def states_of(jurisdiction: str) -> frozenset[str]:
    """Return the states (or countries) a jurisdiction lies in: ``US-CA/Los Angeles`` lies in ``US-CA``."""
    return frozenset(place.strip().partition("/")[0] for place in jurisdiction.split(",") if place.strip())
