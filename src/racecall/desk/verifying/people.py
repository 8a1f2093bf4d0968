"""What people have signed about each option, worked out again from the events alone, by docs/methods/states.md.

Two different people make a call; one puts it under review, a second one withdraws it, two let it stand. A count that speaks against a call
puts it under review as well. The score of the model can do that too, and is not worked out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from racecall.desk.verifying.election import bare
from racecall.desk.verifying.record import Event

STANDS = ("called", "under_review")
AGAINST = "against"
CERTIFIED = "certified"

Verdict = Callable[[str, str, Event], str]
"""What a release says of an option and a goal: `AGAINST`, `CERTIFIED`, or "" for neither."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What has become of one option and goal.

    Args:
        option, goal: Who, and what it is said to reach.
        state: ``called``, ``under_review``, ``retracted``, ``certified``, or "" while nobody has called it.
        by, at, evidence: Who called it, when the second of them did, and the hash that one saw.
        signed: Who has signed what since the state last changed, by kind of decision.
    """

    option: str
    goal: str
    state: str = ""
    by: tuple[str, ...] = ()
    at: datetime | None = None
    evidence: str = ""
    signed: Mapping[str, tuple[str, ...]]

    @property
    def stands(self) -> bool:
        """Whether it is called, if only under review."""
        return self.state in STANDS


def people_said(decisions: Iterable[Event], releases: Iterable[Event], verdict: Verdict) -> tuple[Called, ...]:
    """Return what every option that somebody signed for has come to.

    Args:
        decisions: Events of decisions about one contest.
        releases: Those of its releases that were the newest when they became known.
        verdict: What a release says of an option.
    """
    found: dict[tuple[str, str], Called] = {}
    decisions = list(decisions)
    for event in decisions:
        key = (event.body.option, event.body.goal)
        found.setdefault(key, Called(option=key[0], goal=key[1], signed={}))
    for event in sorted((*decisions, *releases), key=lambda event: (event.at, event.seq)):
        for key, call in found.items():
            if event.kind == "release":
                found[key] = _counted(call, verdict(*key, event))
            elif key == (event.body.option, event.body.goal):
                found[key] = _decided(call, event)
    return tuple(found.values())


def _counted(call: Called, said: str) -> Called:
    if said == CERTIFIED and call.state != "certified":
        kept = call if call.stands else replace(call, by=(), at=None, evidence="")
        return replace(kept, state="certified", signed={})
    return replace(call, state="under_review", signed={}) if said == AGAINST and call.state == "called" else call


def _decided(call: Called, event: Event) -> Called:
    kind = event.body.kind
    if kind == "retract":
        call = replace(call, signed={"retract": call.signed.get("retract", ())})
    if kind not in POSSIBLE[call.state]:
        return call
    names = call.signed.get(kind, ())
    if bare(event.actor) in map(bare, names):
        return call
    names = (*names, event.actor)
    signed = replace(call, signed={**call.signed, kind: names})
    if kind == "retract" and call.state == "called":
        return replace(signed, state="under_review", signed={"retract": names})
    if len(names) < 2:
        return signed
    if kind == "approve":
        return replace(call, state="called", by=names, at=event.at, evidence=event.body.evidence, signed={})
    return replace(call, state="called" if kind == "reaffirm" else "retracted", signed={})


POSSIBLE = {"": ("approve",), "retracted": ("approve",), "called": ("retract",), "under_review": ("retract", "reaffirm"), "certified": ()}
"""The decisions that mean something in each state."""
