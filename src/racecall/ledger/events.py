"""The ledger's events and the chain that holds them together.

An event is never changed and never removed: a correction is a new event. Each carries the SHA-256 of itself with the hash of the event
before it, so that a changed byte anywhere breaks the chain at the first place it matters (`broken_links`).

Two times stand on every event. `at` is when the fact became known: live, the moment it was received; when an archive is filled in
afterwards, the time its source gives. `recorded_at` is when the desk wrote it down. `Ledger.as_of` cuts by `at`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

GENESIS = "0" * 64
"""What the first event carries as the hash before it."""


class EventKind(StrEnum):
    """What an event records."""

    OPENED = "opened"
    """The settings of the election, as they stood when the folder was made or changed."""
    CAPTURE = "capture"
    """Bytes were received and kept, before anything was read from them."""
    RELEASE = "release"
    STATEMENT = "statement"
    REPORT = "report"
    FINDING = "finding"
    ACCEPTANCE = "acceptance"
    """A person accepted a finding, with a reason."""
    DECISION = "decision"
    """A person approved a call, took one back, or let one stand."""
    COVERAGE = "coverage"
    """A row of the record of coverage: a person, an endorsement, a debate, a story (`racecall.coverage.rows`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that has not been chained yet.

    Args:
        kind: What it records.
        at: When the fact became known (aware).
        body: The fact, as plain JSON values.
        contest: Contest id, "" if it is about none or several.
        actor: Who or what put it in.
    """

    kind: EventKind
    at: datetime
    body: Mapping[str, Any]
    contest: str = ""
    actor: str = "racecall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A link of the chain.

    Args:
        seq: Position, from 1.
        previous: Hash of the event before, `GENESIS` for the first.
        hash: `event_hash` of everything else.
    """

    seq: int
    kind: EventKind
    at: datetime
    recorded_at: datetime
    contest: str
    actor: str
    body: Mapping[str, Any]
    previous: str
    hash: str

    def __hash__(self) -> int:
        """Let what was read from an event be kept beside it; whether two events are the same is told from all their fields."""
        return hash(self.hash)


def iso(moment: datetime) -> str:
    """Write an aware time in UTC, e.g. ``2017-04-05T09:00:00Z``: the one spelling that goes into hashes."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def from_iso(text: str) -> datetime:
    """Read a time written by `iso`."""
    return datetime.fromisoformat(text)


def canonical(body: Mapping[str, Any]) -> str:
    """Write plain JSON values in the one spelling that goes into hashes: sorted keys, no spaces, UTF-8 kept (RFC 8785 in spirit)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def event_hash(*, seq: int, kind: str, at: str, recorded_at: str, contest: str, actor: str, body: str, previous: str) -> str:
    """Return the SHA-256 of an event: the fields in this order, one a line, `body` in canonical JSON.

    The recipe is part of the file format (`docs/ledger.md`): a stranger can check a ledger with any SHA-256 tool.
    """
    lines = (str(seq), kind, at, recorded_at, contest, actor, body, previous)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def chain(drafts: Iterable[Draft], *, seq: int, previous: str, recorded_at: datetime) -> Iterator[Event]:
    """Link drafts onto a chain whose last event has number `seq` and hash `previous`."""
    for draft in drafts:
        seq += 1
        body = canonical(draft.body)
        previous_hash, previous = (
            previous,
            event_hash(
                seq=seq,
                kind=draft.kind,
                at=iso(draft.at),
                recorded_at=iso(recorded_at),
                contest=draft.contest,
                actor=draft.actor,
                body=body,
                previous=previous,
            ),
        )
        yield Event(
            seq=seq,
            kind=draft.kind,
            at=draft.at,
            recorded_at=recorded_at,
            contest=draft.contest,
            actor=draft.actor,
            body=json.loads(body),
            previous=previous_hash,
            hash=previous,
        )


@dataclass(frozen=True, slots=True)
class Ledger:
    """The record as one value: a tuple of events, oldest first."""

    events: tuple[Event, ...] = ()

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def __len__(self) -> int:
        return len(self.events)

    @property
    def head(self) -> str:
        """Hash of the last event, `GENESIS` if there is none."""
        return self.events[-1].hash if self.events else GENESIS

    @property
    def was_rehearsed(self) -> bool:
        """Whether anything was read from a recorded night played again; what `election.toml` says by now cannot take that back."""
        captures = (event.body for event in self.of_kind(EventKind.CAPTURE))
        return any(body["feed"] and body.get("fetched", {}).get("rehearsal") for body in captures)

    def append(self, *drafts: Draft, recorded_at: datetime) -> Ledger:
        """Return a ledger with these events at its end."""
        return Ledger((*self.events, *chain(drafts, seq=len(self.events), previous=self.head, recorded_at=recorded_at)))

    def as_of(self, moment: datetime) -> Ledger:
        """Return what was known at `moment`. The result is a view for judging, not a chain to append to."""
        return Ledger(tuple(event for event in self.events if event.at <= moment))

    def of_kind(self, kind: EventKind) -> Iterator[Event]:
        """Yield the events of one kind, oldest first."""
        return (event for event in self.events if event.kind == kind)


def broken_links(events: Iterable[Event]) -> Iterator[str]:
    """Yield one sentence for each place where the chain does not hold."""
    previous, seq = GENESIS, 0
    for event in events:
        seq += 1
        if event.seq != seq:
            yield f"event {seq} is missing: the next one is numbered {event.seq}."
            seq = event.seq
        if event.previous != previous:
            yield f"event {event.seq} does not follow the event before it."
        if event.hash != _hash_of(event):
            yield f"event {event.seq} ({event.kind}, {iso(event.at)}) was changed after it was written."
        previous = event.hash


def _hash_of(event: Event) -> str:
    return event_hash(
        seq=event.seq,
        kind=event.kind,
        at=iso(event.at),
        recorded_at=iso(event.recorded_at),
        contest=event.contest,
        actor=event.actor,
        body=canonical(event.body),
        previous=event.previous,
    )
