"""How much may be said of each place: one rung a state, and nothing above it.

| what there is | words |
|---|---|
| a count | "led", "was in second place" |
| the place is likely | "is likely to advance" |
| an agency has called it | "will advance, according to …", always with its name |
| two people have called it here | "will advance, racecall projects" |
| the office has certified it | "advanced", "won" |

A claim of victory and a concession are what somebody said, and move nothing. A recount takes every certain word away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView
from racecall.coverage.claims import Trace
from racecall.coverage.story.ground import Ground
from racecall.coverage.story.told import Stage
from racecall.model.contest import Option
from racecall.model.release import Report, ReportKind, ResultsStatus


class Rung(IntEnum):
    """What may be said of a place, from little to much."""

    COUNT = 1
    LIKELY = 2
    AGENCY = 3
    CALLED = 4
    CERTIFIED = 5


HIGHEST: Mapping[Stage, Rung] = {
    Stage.BEFORE: Rung.COUNT,
    Stage.RUNOFF: Rung.COUNT,
    Stage.COUNTING: Rung.COUNT,
    Stage.LIKELY: Rung.LIKELY,
    Stage.CALLED: Rung.CALLED,
    Stage.COUNTED: Rung.CALLED,
    Stage.CERTIFIED: Rung.CERTIFIED,
}
"""The highest rung of a stage: whoever asks for a lower stage than the contest has reached gets its careful words."""
STATES: Mapping[SlotState, Rung] = {SlotState.LIKELY: Rung.LIKELY, SlotState.CALLED: Rung.CALLED}
"""What our own state of a place allows beyond its count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Options of which the same may be said.

    Args:
        rung: How much.
        goal: ``advance``, ``elect`` or ``prevail``.
        options: Who, in the order of the places.
        trace: The row that allows it.
        call: The agency's call, None if it is no agency's.
    """

    rung: Rung
    goal: str
    options: tuple[Option, ...]
    trace: Trace
    call: Report | None = None


def is_certified(view: ContestView) -> bool:
    """Whether the office has certified the count."""
    return view.release is not None and view.release.status is ResultsStatus.CERTIFIED


def agency_calls(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the calls of agencies that they have not taken back, oldest first; a call said again is one call."""
    standing: dict[tuple[str, str], Report] = {}
    for report in reports:
        key = (report.by, report.option)
        if report.kind is ReportKind.AGENCY_CALL:
            standing.setdefault(key, report)
        elif report.kind is ReportKind.AGENCY_RETRACTION:
            for withdrawn in [one for one in standing if one == key or (one[0] == report.by and not report.option)]:
                del standing[withdrawn]
    return tuple(standing.values())


def groups(ground: Ground) -> tuple[Group, ...]:
    """Return who may be said to be through, or likely, the strongest words first; () where there is only a count to tell."""
    if ground.is_recount or HIGHEST[ground.stage] is Rung.COUNT:
        return ()
    if ground.stage is Stage.CERTIFIED:
        return tuple(_certified(ground))
    found = [(rung, call.by if call else "", slot, call) for slot in ground.view.slots for rung, call in _rungs(slot, ground)]
    ordered = sorted(found, key=lambda one: (-one[0], one[1], one[2].slot.number))
    return tuple(_group(ground, list(same)) for _, same in groupby(ordered, key=lambda one: one[:2]))


def _rungs(slot: SlotView, ground: Ground) -> Iterator[tuple[Rung, Report | None]]:
    """Yield the highest thing that may be said of a place, if it is more than its count; whoever withdrew is never said to be through."""
    if slot.option is None or not slot.option.can_advance:
        return
    called = _agency(slot.option, ground)
    may: dict[Rung, Report | None] = {STATES[slot.state]: None} if slot.state in STATES else {}
    if ground.stage is Stage.COUNTED:
        may.pop(Rung.LIKELY, None)  # whoever is ahead when nothing is left has finished ahead: "likely" would say less
    if called and slot.state is not SlotState.UNDER_REVIEW:
        may[Rung.AGENCY] = called
    allowed = [rung for rung in may if rung <= HIGHEST[ground.stage]]
    if allowed:
        yield max(allowed), may[max(allowed)]


def _agency(option: Option, ground: Ground) -> Report | None:
    """Return the call of an option to tell: of several agencies the one that has called most of the places, then the first."""
    held = {slot.option.id for slot in ground.view.slots if slot.option and slot.option.can_advance}
    made = [call for call in agency_calls(ground.view.reports) if call.option in held]
    places = Counter(call.by for call in made)
    began = {call.by: call.at for call in sorted(made, key=lambda call: call.at, reverse=True)}
    return min((call for call in made if call.option == option.id), key=lambda call: (-places[call.by], began[call.by]), default=None)


def _group(ground: Ground, same: list[tuple[Rung, str, SlotView, Report | None]]) -> Group:
    rung, _, slot, call = same[0]
    options = tuple(one.option for _, _, one, _ in same if one.option)
    trace = ground.said(call, "option", ", ".join(option.id for option in options)) if call else _state(ground, slot)
    return Group(rung=rung, goal=ground.goal, options=options, trace=trace, call=call)


def _state(ground: Ground, slot: SlotView) -> Trace:
    """Return the row of a place's state: the second signature of a call, else the count that the state follows from."""
    state, column = slot.state.value, f"state[{slot.slot.number}]"
    if slot.called and slot.called.last:
        last = slot.called.last[-1]
        words = f"decision of {', '.join(one.by for one in slot.called.last)}, {ground.local(last.at):%Y-%m-%d %H:%M} · {state}"
        return Trace(table="call", row=str(last.seq), column=column, value=state, words=words, at=last.at)
    return ground.of_count(column, state)


def _certified(ground: Ground) -> Iterator[Group]:
    """Yield who was elected and who goes on, as the law reads the certified count; a tie is left to the law."""
    outcome = ground.view.outcome
    tied = {option for tie in outcome.ties for option in tie.options}
    through = (("elect", outcome.elected), ("advance", outcome.advancing))
    for goal, ids in through if not outcome.undecided else ():
        options = tuple(line.option for line in ground.lines if line.option.id in set(ids) - tied)
        if options:
            trace = ground.of_count(f"outcome.{goal}", [option.id for option in options])
            yield Group(rung=Rung.CERTIFIED, goal="prevail" if ground.is_measure else goal, options=options, trace=trace)


def in_state(ground: Ground, state: SlotState) -> tuple[Option, ...]:
    """Return who holds the places of a state."""
    return tuple(slot.option for slot in ground.view.slots if slot.state is state and slot.option and slot.option.can_advance)


def state_trace(ground: Ground, state: SlotState) -> Trace:
    """Return the row behind the first place in a state."""
    return _state(ground, next(slot for slot in ground.view.slots if slot.state is state and slot.option))


def stage_of(view: ContestView, *, is_second_round: bool) -> Stage:
    """Return where a contest is."""
    if not view.votes_counted or view.release is None:
        return Stage.RUNOFF if is_second_round else Stage.BEFORE
    return next(stage for stage, holds in STAGES if holds(view))


def _is_counted(view: ContestView) -> bool:
    """Nothing is left by the latest figures; "100% of precincts" has no part in it."""
    return view.inventory.high == 0 and view.inventory.bound == 0 and not _is_recount(view)


def _is_called(view: ContestView) -> bool:
    held = {slot.option.id for slot in view.slots if slot.option and slot.option.can_advance}
    by_agency = any(call.option in held for call in agency_calls(view.reports))
    return not _is_recount(view) and (by_agency or _has(view, SlotState.CALLED))


def _has(view: ContestView, state: SlotState) -> bool:
    return any(slot.state is state for slot in view.slots)


def _is_recount(view: ContestView) -> bool:
    return view.release is not None and view.release.status is ResultsStatus.RECOUNT


STAGES = (
    (Stage.CERTIFIED, is_certified),
    (Stage.COUNTED, _is_counted),
    (Stage.CALLED, _is_called),
    (Stage.LIKELY, lambda view: not _is_recount(view) and _has(view, SlotState.LIKELY)),
    (Stage.COUNTING, lambda _: True),
)
"""Stages of a contest that has a count, from the top; the first one that holds."""
