"""A view as JSON, with the names that others build on: they may be added to, never renamed (`docs/commands/status.md`)."""

from __future__ import annotations

import json
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from racecall.calls.arithmetic import OutrightTest, PairBreak
from racecall.calls.decided import Call
from racecall.calls.view import ContestView, OptionLine, SlotView
from racecall.ledger.events import iso
from racecall.model.contest import ReleaseDue
from racecall.model.decision import Decision
from racecall.model.finding import Finding
from racecall.model.outcome import Outcome
from racecall.outstanding.inventory import Interval, Inventory


def status_object(view: ContestView, *, election: str, head: str, rehearsal: bool = False) -> dict[str, Any]:
    """Return one contest at one moment as plain JSON values; shares are 0 to 1, points are per cent points."""
    return {**_when(view, election, head, rehearsal), **_what(_What(*WHAT(view)))}


def status_text(view: ContestView, *, election: str, head: str, rehearsal: bool = False) -> str:
    """Return the same as one line of JSON: what is the same at several moments of a replay is written out once."""
    when, what = _text(_when(view, election, head, rehearsal)), _What(*WHAT(view))
    return f"{when[:-1]}, {(_text_again if view.calibration is None else _text_once)(what)[1:]}"


def status_bytes(view: ContestView, *, election: str, head: str) -> bytes:
    """Return the same as a site keeps it."""
    return (status_text(view, election=election, head=head) + "\n").encode()


class _What(NamedTuple):
    """What is said of a contest, apart from the moment and the release: the fields of a view by their names."""

    votes_counted: int
    inventory: Inventory
    share_counted: Interval | None
    units_reported: int | None
    units_total: int | None
    options: tuple[OptionLine, ...]
    slots: tuple[SlotView, ...]
    outright: OutrightTest | None
    outcome: Outcome
    votes_to_come: tuple[float, float, float] | None
    p_tie_or_recount: float | None
    calibration: tuple[str, float] | None
    due: ReleaseDue | None
    findings: tuple[Finding, ...]
    calls: tuple[Call, ...]
    decisions: tuple[Decision, ...]


WHAT = attrgetter(*_What._fields)


def _when(view: ContestView, election: str, head: str, rehearsal: bool) -> dict[str, Any]:
    return {
        "election": election,
        "contest": view.contest.id,
        "title": view.contest.title,
        "as_of": iso(view.as_of),
        "ledger_head": head,
        "rehearsal": rehearsal,
        "rule": {"id": view.contest.rule, "source": view.rule_source, "warning": view.rule_warning},
        "results_status": view.release.status if view.release else None,
        "released_at": iso(view.release.moment) if view.release else None,
    }


def _what(view: _What) -> dict[str, Any]:
    return {
        "votes_counted": view.votes_counted,
        "ballots_outstanding": _outstanding(view.inventory),
        "share_counted": _interval(view.share_counted),
        "units_reported": view.units_reported,
        "units_total": view.units_total,
        "options": [_option(line) for line in view.options],
        "slots": [_slot(slot) for slot in view.slots],
        "outright": _outright(view.outright),
        "outcome_if_final": _outcome(view.outcome),
        "votes_to_come": dict(zip(("low", "likely", "high"), map(round, view.votes_to_come), strict=True)) if view.votes_to_come else None,
        "p_tie_or_recount": None if view.p_tie_or_recount is None else _share(view.p_tie_or_recount),
        "calibration": {"version": view.calibration[0], "alpha": view.calibration[1]} if view.calibration else None,
        "next_release": {"at": iso(view.due.at), "what": view.due.what, "source": view.due.source} if view.due else None,
        "findings": [finding_object(finding) for finding in view.findings],
        "calls": [call_object(call) for call in view.calls],
        "decisions": [decision_object(decision) for decision in view.decisions],
    }


_text = json.JSONEncoder(ensure_ascii=False).encode


def _text_once(what: _What) -> str:
    """A model says something else at every moment, and nothing need be kept of it."""
    return _text(_what(what))


_text_again = lru_cache(maxsize=1024)(_text_once)
"""Arithmetic says the same as long as the count stands."""


def _outstanding(inventory: Inventory) -> dict[str, Any]:
    return {
        "low": inventory.low,
        "likely": inventory.likely,
        "high": inventory.high,
        "official": inventory.official,
        "source": inventory.source,
        "bound": inventory.bound,
        "stale": inventory.stale,
        "note": inventory.note,
        "lines": [
            {
                "category": line.category,
                "low": line.low,
                "likely": line.likely,
                "high": line.high,
                "official": line.official,
                "source": line.source,
                "stated_at": iso(line.stated_at) if line.stated_at else None,
                "note": line.note,
            }
            for line in inventory.lines
        ],
    }


def _interval(interval: Interval | None) -> dict[str, float] | None:
    return {"low": _share(interval.low), "likely": _share(interval.likely), "high": _share(interval.high)} if interval else None


def _share(value: float) -> float:
    return round(value, 6)


def _option(line: OptionLine) -> dict[str, Any]:
    return {
        "option": line.option.id,
        "name": line.option.name,
        "party": line.option.party,
        "kind": line.option.kind,
        "votes": line.votes,
        "share": None if line.share is None else _share(line.share),
        "share_low": None if line.share_low is None else _share(line.share_low),
        "share_high": None if line.share_high is None else _share(line.share_high),
        "p_advance": None if line.p_advance is None else _share(line.p_advance),
        "p_elected": None if line.p_elected is None else _share(line.p_elected),
        "clinched": line.clinched,
        "eliminated": line.eliminated,
    }


def _slot(slot: SlotView) -> dict[str, Any]:
    return {
        "slot": slot.slot.number,
        "of": slot.slot.of,
        "kind": slot.slot.kind,
        "option": slot.option.id if slot.option else None,
        "state": slot.state,
        "recommendation": slot.recommendation,
        "reasons": list(slot.reasons),
        "conditional": slot.conditional,
        "score": _points(slot.score),
        "threshold": _points(slot.threshold),
        "required_break": _break(slot.required_break),
        "since": iso(slot.since) if slot.since else None,
        "called": _called(slot),
    }


def _called(slot: SlotView) -> dict[str, Any] | None:
    call = slot.called
    return {"by": list(call.by), "at": iso(call.at), "evidence": call.evidence} if call and call.stands and call.at else None


def _break(pair: PairBreak | None) -> dict[str, Any] | None:
    if pair is None:
        return None
    return {
        "rival": pair.rival,
        "points": _points(pair.points),
        "points_low": _points(pair.points_low),
        "points_high": _points(pair.points_high),
        "observed_points": _points(pair.observed_points),
        "margin_votes": pair.margin_votes,
        "cannot_happen": pair.cannot_happen,
    }


def _points(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _outright(test: OutrightTest | None) -> dict[str, Any] | None:
    if test is None:
        return None
    needed = None if test.needed is None else _share(test.needed)
    return {
        "option": test.option,
        "share": _share(test.share),
        "needs_share_of_outstanding": needed,
        "possible": test.possible,
        "assured": test.assured,
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "elected": list(outcome.elected),
        "advancing": list(outcome.advancing),
        "ties": [{"options": list(tie.options), "places": tie.places, "method": tie.method} for tie in outcome.ties],
        "next_round": outcome.next_round,
        "recounts": [
            {
                "pair": list(r.pair),
                "margin_votes": r.margin_votes,
                "limit": r.limit_votes,
                "kind": r.kind,
                "source": r.source,
                "uncertain": r.uncertain,
            }
            for r in outcome.recounts
        ],
        "clauses": [
            {"text": clause.text, "holds": clause.holds, "decides": list(clause.decides), "source": clause.source}
            for clause in outcome.clauses
        ],
        "undecided": outcome.undecided,
    }


def calls_object(view: ContestView, *, head: str, rehearsal: bool) -> dict[str, Any]:
    """Return what somebody looks at who decides about a call: the places, what people made of them, and the hash it rests on."""
    said = status_object(view, election="", head=head, rehearsal=rehearsal)
    names = ("contest", "title", "as_of", "rehearsal", "slots", "calls", "decisions")
    return {name: said[name] for name in names} | {"evidence": head}


def call_object(call: Call) -> dict[str, Any]:
    """Return what people have made of an option as plain JSON values; `state` is null while it is only proposed."""
    return {
        "option": call.option,
        "goal": call.goal,
        "state": call.state if call.made else None,
        "since": iso(call.since) if call.since else None,
        "by": list(call.by),
        "at": iso(call.at) if call.at else None,
        "evidence": call.evidence or None,
        "waiting": [{"kind": decision.kind, "by": decision.by} for decision in call.waiting],
    }


def decision_object(decision: Decision) -> dict[str, Any]:
    """Return a person's decision as plain JSON values."""
    return {
        "kind": decision.kind,
        "option": decision.option,
        "goal": decision.goal,
        "slot": decision.slot,
        "by": decision.by,
        "reason": decision.reason,
        "at": iso(decision.at),
        "evidence": decision.evidence,
        "state": decision.state,
        "score": _points(decision.score),
        "threshold": _points(decision.threshold),
    }


def finding_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as plain JSON values."""
    origin = finding.origin
    return {
        "id": finding.id,
        "check": finding.check,
        "severity": finding.severity,
        "contest": finding.contest,
        "unit": finding.unit,
        "option": finding.option,
        "problem": finding.problem,
        "next_step": finding.next_step,
        "count": finding.count,
        "origin": {"capture": origin.capture, "name": origin.name, "row": origin.row, "column": origin.column},
    }
