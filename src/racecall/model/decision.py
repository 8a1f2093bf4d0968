"""What people decided about a place: two approve a call, two take one back, each with a reason and on evidence that can be looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from racecall.model.contest import SlotKind


class DecisionKind(StrEnum):
    """What somebody decided."""

    APPROVE = "approve"
    """Call it: the first approval proposes, one by a second person makes the call."""
    RETRACT = "retract"
    """Take the call back: the first puts it under review, one by a second person withdraws it."""
    REAFFIRM = "reaffirm"
    """Let a call under review stand: it takes two people as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One person's decision about one option.

    A call is about the option and not about the number of its place: two that are called to advance may still change the order.

    Args:
        contest: Contest id.
        option: Option id.
        goal: Whether it is said to advance or to be elected.
        slot: Number of the place it held when this was decided, from 1; for the record.
        kind: Approve, retract or reaffirm.
        by: Who decided.
        reason: Why, in their words; it is published.
        at: When.
        evidence: Hash of the last ledger event they could see: what they saw can be computed again from it.
        state: What was said of the place then (a value of `racecall.calls.states.SlotState`).
        score, threshold: As printed then, None where there was no projection.
        seq: Number of its event, 0 before it is recorded.
    """

    contest: str
    option: str
    goal: SlotKind
    slot: int
    kind: DecisionKind
    by: str
    reason: str
    at: datetime
    evidence: str
    state: str = ""
    score: float | None = None
    threshold: float | None = None
    seq: int = 0
