"""People call a place, take a call back, or let one stand: who, why and on what evidence go into the record.

People dispose, and the desk never calls what its own rule does not support: an approval is refused while the place is not recommended, and
the refusal says what shuts it. Taking a call back is always possible. The record knows names and not persons (`racecall.desk.accepting`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from racecall.calls.decided import Call, signed
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, Recommendation, SlotView
from racecall.desk.clock import login_name
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder, present
from racecall.errors import UnknownName, UsageError
from racecall.ledger.events import Event, EventKind, Ledger, iso
from racecall.ledger.records import decision_draft
from racecall.ledger.resolve import folded
from racecall.model.contest import Option
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Severity
from racecall.model.release import ResultsStatus

LIST = "See the calls: racecall call list DIR"
SHORTEST = 8
"""Fewer letters of a hash than this name no event."""
FIGURES = frozenset({EventKind.RELEASE, EventKind.STATEMENT})
"""Events that change the figures that a person looked at; a finding that holds calls is a reason of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a decision.

    Args:
        decision: As it is recorded.
        call: What people have made of the option by now.
        rehearsal: Whether it was made in a rehearsal, and so calls nothing.
    """

    decision: Decision
    call: Call
    rehearsal: bool

    @property
    def state(self) -> SlotState | None:
        """The state of the call after the decision, None while it is only proposed."""
        return self.call.state if self.call.made else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision that somebody asks for, beside what may be said at that moment.

    Args:
        view: The contest now.
        option: The option.
        slot: The place it holds, None if it holds none.
        call: What people have made of it, an empty one if nothing.
        kind: Approve, retract or reaffirm.
        who: Who decides.
    """

    view: ContestView
    option: Option
    slot: SlotView | None
    call: Call
    kind: DecisionKind
    who: str

    @property
    def where(self) -> str:
        """The contest, for messages."""
        return f"contest {self.view.contest.id}"


def decide(folder: ElectionFolder, contest: str, option: str, kind: DecisionKind, *, by: str, reason: str, evidence: str = "") -> Decided:
    """Record one person's decision about an option, judged at that moment and under the ledger's lock.

    Args:
        folder: The election.
        contest: Contest id.
        option: Option id.
        kind: Approve, retract or reaffirm.
        by: Who decides; the login name if empty.
        reason: Why; it is published.
        evidence: Hash of the last event they looked at, or its first letters; "" for the record as it is now.

    Raises:
        UsageError: There is no reason, the evidence does not allow it, the figures have changed, or this person has signed the same.
        UnknownName: There is no such contest, option or event.
    """
    if not reason.strip():
        raise UsageError("a decision is made with a reason, and the reason is published.", next_step='Say why: --reason "…"')
    with folder.store.writing() as writing:
        at = present(folder, writing.ledger)
        view = judge_folder(folder, writing.ledger, at, [contest])
        asked = _asked(view.contests[0], option, kind, by.strip() or login_name())
        for refuse in REFUSALS[kind]:
            refuse(asked)
        seen = _seen(writing.ledger, asked, evidence) if evidence else view.head
        decision = _decision(asked, view.contests[0].as_of, reason.strip(), seen)
        writing.append([decision_draft(decision)])
    return Decided(decision=decision, call=signed(asked.call, decision), rehearsal=view.rehearsal)


def _asked(view: ContestView, option_id: str, kind: DecisionKind, who: str) -> Asked:
    option = view.contest.option(option_id)
    slot = next((slot for slot in view.slots if slot.option == option), None)
    goal = slot.slot.kind if slot else view.slots[0].slot.kind
    own = [call for call in view.calls if call.option == option.id and (call.goal is goal or kind is not DecisionKind.APPROVE)]
    call = max(own, key=lambda call: (call.stands, call.goal is goal), default=Call(option=option.id, goal=goal))
    return Asked(view=view, option=option, slot=slot, call=call, kind=kind, who=who)


def _decision(asked: Asked, at: datetime, reason: str, evidence: str) -> Decision:
    slot, call = asked.slot, asked.call
    return Decision(
        contest=asked.view.contest.id,
        option=call.option,
        goal=call.goal,
        slot=slot.slot.number if slot else 0,
        kind=asked.kind,
        by=asked.who,
        reason=reason,
        at=at,
        evidence=evidence,
        state=slot.state if slot else call.state,
        score=slot.score if slot else None,
        threshold=slot.threshold if slot else None,
    )


def _seen(ledger: Ledger, asked: Asked, evidence: str) -> str:
    """Return the hash of the event somebody looked at last; refuse if the contest's figures are others by now."""
    found = [event for event in ledger if len(evidence) >= SHORTEST and event.hash.startswith(evidence.lower())]
    if len(found) != 1:
        raise UnknownName(
            f"no event of this record has the hash {evidence!r}.", next_step=f"Give its first {SHORTEST} letters or more. {LIST}"
        )
    newer = [event for event in ledger.events[found[0].seq :] if event.kind in FIGURES and _is_about(event, asked.view.contest.id)]
    if newer and asked.kind is not DecisionKind.RETRACT:
        raise UsageError(
            f"the figures have changed since {found[0].hash[:SHORTEST]}: a {newer[-1].kind} came in ({iso(newer[-1].at)}).",
            where=f"contest {asked.view.contest.id}",
            next_step="Look again, and decide on what you see: racecall call list DIR",
        )
    return found[0].hash


def _is_about(event: Event, contest: str) -> bool:
    return contest in event.body["contests"] if event.kind is EventKind.RELEASE else event.contest in {contest, ""}


# -- refusals ------------------------------------------------------------------------------------------------------------------------


def _refuse_certified(asked: Asked) -> None:
    if asked.view.release and asked.view.release.status is ResultsStatus.CERTIFIED:
        raise UsageError("the count is certified: there is nothing left to call.", where=asked.where, next_step=LIST)


def _refuse_called(asked: Asked) -> None:
    if asked.call.state is SlotState.CALLED:
        raise UsageError(f"{asked.option.name} is called already, by {' and '.join(asked.call.by)}.", where=asked.where, next_step=LIST)


def _refuse_reviewed(asked: Asked) -> None:
    if asked.call.state is SlotState.UNDER_REVIEW:
        raise UsageError(
            f"the call of {asked.option.name} is under review.",
            where=asked.where,
            next_step="Two people let it stand (racecall call reaffirm) or withdraw it (racecall call retract).",
        )


def _refuse_again(asked: Asked) -> None:
    mine = next((one for one in asked.call.waiting if one.kind is asked.kind and folded(one.by) == folded(asked.who)), None)
    if mine:
        raise UsageError(
            f"{mine.by} has signed this already: {mine.reason}",
            where=asked.where,
            next_step="It takes two people: a second one must look, and sign with another name.",
        )


def _refuse_held(asked: Asked) -> None:
    held = [finding for finding in asked.view.findings if finding.severity is Severity.HOLD_CALLS]
    if held:
        raise UsageError(
            f"calls are held by finding {held[0].id}: {held[0].problem}",
            where=asked.where,
            next_step="Look at it, and have two people accept it if it may pass: racecall findings list DIR",
        )


def _refuse_unsupported(asked: Asked) -> None:
    if asked.slot is None:
        raise UsageError(f"{asked.option.name} holds no place in the current count.", where=asked.where, next_step=LIST)
    if asked.slot.recommendation is Recommendation.WAIT:
        raise UsageError(
            f"a call of {asked.option.name} is not recommended. {' '.join(asked.slot.reasons)}",
            where=asked.where,
            next_step="People decide, and the desk calls nothing that its own rule does not support.",
        )


def _refuse_nothing(asked: Asked) -> None:
    if not asked.call.stands and not asked.call.waiting:
        raise UsageError(f"{asked.option.name} is not called, and nobody proposes it.", where=asked.where, next_step=LIST)


def _refuse_not_reviewed(asked: Asked) -> None:
    if asked.call.state is not SlotState.UNDER_REVIEW:
        raise UsageError(f"no call of {asked.option.name} is under review.", where=asked.where, next_step=LIST)


REFUSALS: Mapping[DecisionKind, tuple[Callable[[Asked], None], ...]] = {
    DecisionKind.APPROVE: (_refuse_certified, _refuse_called, _refuse_reviewed, _refuse_again, _refuse_held, _refuse_unsupported),
    DecisionKind.RETRACT: (_refuse_nothing, _refuse_again),
    DecisionKind.REAFFIRM: (_refuse_not_reviewed, _refuse_again, _refuse_held),
}
"""Why a decision is not taken, in the order in which it is said. Nothing that evidence says keeps anybody from taking a call back."""
