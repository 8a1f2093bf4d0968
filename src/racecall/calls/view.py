"""Everything that can be said about a contest at one moment; what publishers turn into pages, tables and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from racecall.calls.arithmetic import OutrightTest, PairBreak
from racecall.calls.decided import Call
from racecall.calls.states import SlotState
from racecall.ledger.diff import Change
from racecall.ledger.records import RecordedRelease
from racecall.model.contest import Contest, Election, Option, ReleaseDue, Slot
from racecall.model.decision import Decision
from racecall.model.finding import Finding
from racecall.model.outcome import Outcome
from racecall.model.release import Report, Statement
from racecall.outstanding.inventory import Interval, Inventory


class Recommendation(StrEnum):
    """What the desk is advised to do; people decide."""

    CALL = "call"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLine:
    """One option in the standing.

    Args:
        option: The option; for a name that the election does not list, an aggregate made for it.
        votes: Votes [votes]; None if the current release does not give this option's votes.
        share: Of all votes counted (0 to 1), None with `votes`.
        clinched: Finishes in a place whatever the ballots still out say.
        eliminated: Cannot finish in a place.
        advances, elected: What the rule makes of the count, were it final.
        share_low, share_high: 90% interval of the final share (0 to 1); None without a projection.
        share_inner: 50% interval of the final share (0 to 1), low and high; None without a projection.
        p_advance, p_elected: Chances to advance and to be elected by this contest; None without a projection.
    """

    option: Option
    votes: int | None
    share: float | None
    clinched: bool = False
    eliminated: bool = False
    advances: bool = False
    elected: bool = False
    share_low: float | None = None
    share_high: float | None = None
    share_inner: tuple[float, float] | None = None
    p_advance: float | None = None
    p_elected: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One place, who holds it, and what may be said.

    Args:
        slot: The place.
        option: Who holds it: whoever is called while the call stands, if only under review, else by votes; None if nobody does (no
            votes, or a tie for it).
        state: What may be said.
        recommendation: Call or wait.
        reasons: Why, in sentences that can be printed.
        required_break: What the best option outside would need; None if there is none.
        since: The release since which the option has held the place.
        conditional: What the place depends on, "" if nothing: somebody may still win outright.
        score: Standard deviations from losing the place; None without a projection.
        threshold: The score from which a place is called; None where too little is archived.
        called: What people have made of the option, None if nobody has signed anything.
    """

    slot: Slot
    option: Option | None
    state: SlotState
    recommendation: Recommendation
    reasons: tuple[str, ...] = ()
    required_break: PairBreak | None = None
    since: datetime | None = None
    conditional: str = ""
    score: float | None = None
    threshold: float | None = None
    called: Call | None = None

    @property
    def called_at(self) -> datetime | None:
        """When the option was called, None if it is not."""
        return self.called.at if self.called and self.called.stands else None

    @property
    def called_by(self) -> tuple[str, ...]:
        """Who called it, () if it is not called."""
        return self.called.by if self.called and self.called.stands else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestView:
    """One contest at one moment.

    Args:
        contest: The contest.
        rule_source: The statute behind its rule.
        rule_warning: What is uncertain about the rule, "" if nothing.
        as_of: The moment.
        release: The current release, None if there is none.
        change: What the current release added to the one before, None if there is no release.
        votes_counted: All votes counted [votes].
        inventory: What is still to be counted.
        share_counted: Of the expected votes (0 to 1), None if nothing is known of what is left.
        units_reported, units_total: Units that sent something. Never a share of the count.
        options: The standing, most votes first, then those whose votes are not given.
        slots: The places.
        pairs: Every pair across the cut, closest first.
        votes_to_come: Low, likely and high votes still to come as the model estimates them, None without a projection [votes].
        p_tie_or_recount: Chance that the cut ends inside the recount zone, None without a projection.
        calibration: Version of the calibration that the thresholds are of, and the alpha they promise; None without a projection.
        outright: Whether somebody may still win outright, None if the rule has no such clause.
        outcome: What the rule makes of the count, were it final.
        findings: Open findings about the contest.
        statements, reports: What offices and others have said, oldest first.
        due: The next announced release, None if none is known.
        decisions: What people decided about its places, oldest first.
        calls: What these decisions have come to, an option and goal each, those that no place shows included.
    """

    contest: Contest
    rule_source: str
    rule_warning: str
    as_of: datetime
    release: RecordedRelease | None
    change: Change | None
    votes_counted: int
    inventory: Inventory
    share_counted: Interval | None
    units_reported: int | None
    units_total: int | None
    options: tuple[OptionLine, ...]
    slots: tuple[SlotView, ...]
    pairs: tuple[PairBreak, ...]
    votes_to_come: tuple[float, float, float] | None
    p_tie_or_recount: float | None
    calibration: tuple[str, float] | None
    outright: OutrightTest | None
    outcome: Outcome
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]
    reports: tuple[Report, ...]
    due: ReleaseDue | None
    decisions: tuple[Decision, ...] = ()
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An election at one moment.

    Args:
        election: The election.
        as_of: The moment.
        head: Hash of the last ledger event that the view rests on: the same head and settings give the same view.
        contests: One view a contest, in the order of `election.toml`.
        rehearsal: Whether any of it comes from a recorded night played again; whatever is made of the view has to say so.
    """

    election: Election
    as_of: datetime
    head: str
    contests: tuple[ContestView, ...]
    rehearsal: bool = False
