"""The states of a place, as a table: what was, what happened, what is.

Theory of operation. Every place to be filled has one state. Evidence (a score against the threshold, the arithmetic, a finding) proposes;
two people dispose: the model never moves a place to `called`, it recommends. A call that evidence turns against, or that one person doubts,
is first *under review*, which holds everything, and then confirmed or retracted by people. Nothing leaves the record. What people signed
becomes an event in `racecall.calls.decided`. The diagram in docs/methods/states.md is drawn from `TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class SlotState(StrEnum):
    """What is said of a place."""

    TOO_EARLY = "too_early"
    """Too little is counted, or nobody knows how much is left."""
    TOO_CLOSE = "too_close"
    """The score at the boundary is small: the order may change."""
    LEADING = "leading"
    """Ahead, and behind nothing but the threshold."""
    LIKELY = "likely"
    """Near the threshold; not a call."""
    CALLED = "called"
    """Two people called it on evidence that had cleared the threshold."""
    UNDER_REVIEW = "under_review"
    """Called, and new evidence or a person speaks against it: everything is held until people decide."""
    RETRACTED = "retracted"
    """Called and taken back, in public."""
    CERTIFIED = "certified"
    """The office has certified the result."""


class SlotEvent(StrEnum):
    """What happened to a place."""

    NOTHING_TO_SAY = "nothing_to_say"
    SCORE_SMALL = "score_small"
    SCORE_AHEAD = "score_ahead"
    SCORE_NEAR = "score_near"
    APPROVED = "approved"
    """By two people."""
    REVERSAL = "reversal"
    """A count speaks against it."""
    DOUBTED = "doubted"
    """One person took it back."""
    REAFFIRMED = "reaffirmed"
    """By two people."""
    WITHDRAWN = "withdrawn"
    """By two people, the one who doubted it first among them."""
    CERTIFIED = "certified"


LIKELY_PART = 0.7
"""A place is likely from this part of the threshold on."""
CLOSE_SCORE = 0.5
"""Under this score the order of two candidates is open."""

_OPEN = (SlotState.TOO_EARLY, SlotState.TOO_CLOSE, SlotState.LEADING, SlotState.LIKELY, SlotState.RETRACTED)
_SHOWN = {
    SlotEvent.NOTHING_TO_SAY: SlotState.TOO_EARLY,
    SlotEvent.SCORE_SMALL: SlotState.TOO_CLOSE,
    SlotEvent.SCORE_AHEAD: SlotState.LEADING,
    SlotEvent.SCORE_NEAR: SlotState.LIKELY,
    SlotEvent.APPROVED: SlotState.CALLED,
    SlotEvent.CERTIFIED: SlotState.CERTIFIED,
}
TRANSITIONS: Mapping[tuple[SlotState, SlotEvent], SlotState] = MappingProxyType(
    {(state, event): after for state in _OPEN for event, after in _SHOWN.items()}
    | {
        (SlotState.CALLED, SlotEvent.REVERSAL): SlotState.UNDER_REVIEW,
        (SlotState.CALLED, SlotEvent.DOUBTED): SlotState.UNDER_REVIEW,
        (SlotState.CALLED, SlotEvent.CERTIFIED): SlotState.CERTIFIED,
        (SlotState.UNDER_REVIEW, SlotEvent.REAFFIRMED): SlotState.CALLED,
        (SlotState.UNDER_REVIEW, SlotEvent.WITHDRAWN): SlotState.RETRACTED,
        (SlotState.UNDER_REVIEW, SlotEvent.CERTIFIED): SlotState.CERTIFIED,
    }
)
"""State and event to the state after. A pair that is not here changes nothing: a small score does not undo a call, only people do."""


def after(state: SlotState, event: SlotEvent) -> SlotState:
    """Return the state after an event; the same one where the table says nothing."""
    return TRANSITIONS.get((state, event), state)


def event_of(score: float | None, threshold: float | None) -> SlotEvent:
    """Say what a score means for a place that nobody has called.

    Args:
        score: Score of the leading option for the place; None if nobody knows how much is left.
        threshold: Threshold of the regime; None if there is no calibration, and then nothing is ever "likely".
    """
    if score is None:
        return SlotEvent.NOTHING_TO_SAY
    if score < CLOSE_SCORE:
        return SlotEvent.SCORE_SMALL
    near = threshold is not None and score >= LIKELY_PART * threshold
    return SlotEvent.SCORE_NEAR if near else SlotEvent.SCORE_AHEAD


def reversal(score_of_called: float) -> bool:
    """Whether the evidence speaks against a call: the called option is expected to lose its place."""
    return score_of_called < 0


def diagram() -> str:
    """Return the table as a Mermaid state diagram, for the docs."""
    lines = [f"    {state.value} --> {then.value}: {event.value}" for (state, event), then in TRANSITIONS.items() if state is not then]
    return "\n".join(["stateDiagram-v2", "    [*] --> too_early", *lines, "    certified --> [*]"])
