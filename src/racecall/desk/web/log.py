"""The audit log: every event of the ledger in a sentence, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from racecall.ledger.events import Event, EventKind, Ledger
from racecall.model.contest import Election
from racecall.model.counts import BallotKind
from racecall.model.decision import DecisionKind
from racecall.model.release import ReportKind, ResultsStatus
from racecall.publish import words

PER_PAGE = 100

KINDS: Mapping[EventKind, str] = {
    EventKind.OPENED: "settings",
    EventKind.CAPTURE: "file kept",
    EventKind.RELEASE: "count",
    EventKind.STATEMENT: "statement",
    EventKind.REPORT: "report",
    EventKind.FINDING: "finding",
    EventKind.ACCEPTANCE: "acceptance",
    EventKind.DECISION: "decision",
    EventKind.COVERAGE: "coverage",
}
"""What the kinds are called on the page."""
BALLOTS: Mapping[BallotKind, str] = {
    BallotKind.OUTSTANDING: "ballots still out",
    BallotKind.CAST: "ballots counted",
}
DECIDED: Mapping[DecisionKind, str] = {
    DecisionKind.APPROVE: "approves the call of {name}",
    DecisionKind.RETRACT: "takes the call of {name} back",
    DecisionKind.REAFFIRM: "lets the call of {name} stand",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event as the log shows it.

    Args:
        seq: Its number.
        at, recorded_at: When it became known, and when it was written down.
        who: Who put it in.
        kind: What it is, in a word.
        contest: Title of the contest, "" if it is about none or several.
        contest_id: Its id.
        words: What it records, in a sentence.
        reason: The reason that was given, "" for most.
        hash: Its hash.
    """

    seq: int
    at: datetime
    recorded_at: datetime
    who: str
    kind: str
    contest: str
    contest_id: str
    words: str
    reason: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """A page of the log.

    Args:
        lines: Newest first.
        number: Page, from 1.
        pages: How many there are.
        total: How many events there are on all of them.
    """

    lines: tuple[Line, ...]
    number: int
    pages: int
    total: int


def log_page(ledger: Ledger, election: Election, *, contest: str = "", kind: str = "", number: int = 1) -> LogPage:
    """Return a page of the log.

    Args:
        ledger: The record.
        election: For names.
        contest: Only events about this contest, all if empty.
        kind: Only events of this kind, all if empty.
        number: Page, from 1; the last one if there are fewer.
    """
    found = [event for event in reversed(ledger.events) if kind in {"", event.kind} and (not contest or is_about(event, contest))]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(max(1, number), pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return LogPage(lines=tuple(line_of(event, election) for event in shown), number=number, pages=pages, total=len(found))


def is_about(event: Event, contest: str) -> bool:
    """Whether an event is about a contest, alone or among others."""
    return event.contest == contest or (event.kind is EventKind.RELEASE and contest in event.body["contests"])


def line_of(event: Event, election: Election) -> Line:
    """Put an event into words."""
    title = next((contest.title for contest in election if contest.id == event.contest), event.contest)
    return Line(
        seq=event.seq,
        at=event.at,
        recorded_at=event.recorded_at,
        who=event.actor,
        kind=KINDS[event.kind],
        contest=title,
        contest_id=event.contest,
        words=SENTENCES[event.kind](event.body, event, election),
        reason=event.body.get("reason", "") if event.kind in {EventKind.ACCEPTANCE, EventKind.DECISION} else "",
        hash=event.hash,
    )


Body = Mapping[str, Any]


def _opened(body: Body, _: Event, __: Election) -> str:
    return f"Settings of {body['contests']:,} contests."


def _capture(body: Body, _: Event, __: Election) -> str:
    source = body.get("fetched", {}).get("source")
    origin = f" from the source {source}" if source else ""
    return f"{body['name']}{origin}, {body['size']:,} bytes" + (f", read as {body['feed']}." if body["feed"] else "; it could not be read.")


_VOTES: dict[str, int] = {}
"""Votes of each release, by the hash of its event: every page of a contest has a line about each, and adding them up takes longer."""


def _votes_of(event: Event) -> int:
    if event.hash not in _VOTES:
        counts = event.body["contests"].values()
        _VOTES[event.hash] = sum(sum(count["votes"].values()) + sum(count["unknown"].values()) for count in counts)
    return _VOTES[event.hash]


def _release(body: Body, event: Event, _: Election) -> str:
    votes = _votes_of(event)
    contests = len(body["contests"])
    note = f" {body['note']}" if body["note"] else ""
    return f"{votes:,} votes in {contests:,} contest{'s' * (contests != 1)}, {words.RESULTS[ResultsStatus(body['status'])]}.{note}"


def _statement(body: Body, _: Event, __: Election) -> str:
    kind = BALLOTS.get(BallotKind(body["kind"]), f"ballots {body['kind']}")
    about = "about " if body["approximate"] else ""
    return f"{about}{body['ballots']:,} {kind} ({body['category']}), says {body['source']}."


def _report(body: Body, event: Event, election: Election) -> str:
    name = _name(election, event.contest, body["option"])
    place = f"place {body['slot']}" if body["slot"] else "the contest"
    return words.REPORTS[ReportKind(body["kind"])].format(by=body["by"], name=name, place=place)


def _finding(body: Body, _: Event, __: Election) -> str:
    return f"{body['id']}: {body['problem']}"


def _acceptance(body: Body, _: Event, __: Election) -> str:
    return f"Lets the finding {body['finding']} ({body['check']}) pass."


def _decision(body: Body, event: Event, election: Election) -> str:
    sentence = DECIDED[DecisionKind(body["kind"])].format(name=_name(election, event.contest, body["option"]))
    return f"{sentence[0].upper()}{sentence[1:]}."


def _coverage(body: Body, _: Event, __: Election) -> str:
    return f"{body['kind']}/{body['row']['id']}, says {body['row']['source']}."


def _name(election: Election, contest: str, option: str) -> str:
    found = next((one for one in election if one.id == contest), None)
    return found.name_of(option) if found else option


SENTENCES: Mapping[EventKind, Callable[[Body, Event, Election], str]] = {
    EventKind.OPENED: _opened,
    EventKind.CAPTURE: _capture,
    EventKind.RELEASE: _release,
    EventKind.STATEMENT: _statement,
    EventKind.REPORT: _report,
    EventKind.FINDING: _finding,
    EventKind.ACCEPTANCE: _acceptance,
    EventKind.DECISION: _decision,
    EventKind.COVERAGE: _coverage,
}
