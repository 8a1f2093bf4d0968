"""One alert: what happened to a contest, told once; a value that can be kept, sent and told again with the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from racecall.ledger.events import from_iso, iso

Fact = str | int | float | Sequence[tuple[str, int, float]] | None
"""What goes into a sentence: words, a number, a share (0 to 1), a time as `iso` writes it, or a standing of names, votes and shares."""


class AlertKind(StrEnum):
    """What happened, the most urgent first: what takes something back comes before everything else."""

    RETRACTED = "retracted"
    """A call was withdrawn."""
    UNDER_REVIEW = "under_review"
    """A call is being looked at again."""
    STEPPED_BACK = "stepped_back"
    """A place that was said to be likely is not any more."""
    CALLED = "called"
    CERTIFIED = "certified"
    CORRECTION = "correction"
    """A count went down, or its office corrected it."""
    LIKELY = "likely"
    HELD = "held"
    """Something looks wrong, and holds calls."""
    FREE = "free"
    """What looked wrong was accepted by two people, and holds calls no more."""
    AGENCY_RETRACTION = "agency_retraction"
    AGENCY_CALL = "agency_call"
    CONCESSION_RETRACTED = "concession_retracted"
    CONCESSION = "concession"
    VICTORY_CLAIM = "victory_claim"
    RELEASE = "release"
    NEXT_RELEASE = "next_release"
    """The office said when it will publish next."""
    STORY_STALE = "story_stale"
    """A stored story says what the record does not say any more: about us and not the count, so told only to a channel that asks for it."""
    TEST = "test"
    """Nothing happened: somebody tries a channel."""


URGENCY: Mapping[AlertKind, int] = {kind: place for place, kind in enumerate(AlertKind)}
"""Place of each kind in the order of urgency, 0 the most urgent."""
NO_DIGEST = frozenset({AlertKind.RETRACTED, AlertKind.UNDER_REVIEW, AlertKind.STEPPED_BACK, AlertKind.CORRECTION})
"""Kinds that do not wait for the next digest: whoever was told something wrong is told at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertEvent:
    """One thing that happened, as it is told.

    Args:
        id: 32 hexadecimal digits, the same whenever it is made from the same record: who has it already can drop it.
        kind: What happened.
        election: Election id.
        contest: Contest id, "" if it is about all of them.
        title: Title of the contest, or of the election.
        topic: What it is about (a place's holder, a count, a finding): a later event on the same topic may take its place.
        at: The moment of the record at which it happened (aware).
        timezone: IANA zone in which times are written.
        head: Hash of the last ledger event it rests on.
        option: Option id, "" if none.
        slot: Number of the place, None if none.
        facts: What its sentences say; names as printed, on one line.
        supersedes: Ids of the events whose place it takes.
        rehearsal: Whether it comes from a recorded night played again; such an event is never sent.
    """

    id: str
    kind: AlertKind
    election: str
    contest: str
    title: str
    topic: str
    at: datetime
    timezone: str
    head: str
    option: str = ""
    slot: int | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    supersedes: tuple[str, ...] = ()
    rehearsal: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def urn(self) -> str:
        """Its name among all things on the network (RFC 4122)."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'racecall:{self.id}')}"


BREAKS = re.compile(r"\s+")
UNSAFE = re.compile("[^ -~\\xa0-\\u2029\\u202f-\\u2065\\u206a-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that no feed, header or page may hold: controls, those that turn the direction of reading, and what XML 1.0 (section 2.2) has
no way to write."""


def plain(text: str) -> str:
    """Return text as it may stand in one line of a header, a feed or a message, whoever wrote it."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", BREAKS.sub(" ", text)).strip()


def event_object(event: AlertEvent) -> dict[str, Any]:
    """Return an event as plain JSON values; `event_from` reads it."""
    return {
        "id": event.id,
        "kind": event.kind.value,
        "election": event.election,
        "contest": event.contest,
        "title": event.title,
        "topic": event.topic,
        "at": iso(event.at),
        "timezone": event.timezone,
        "ledger_head": event.head,
        "option": event.option,
        "slot": event.slot,
        "facts": dict(event.facts),
        "supersedes": list(event.supersedes),
        "rehearsal": event.rehearsal,
    }


def event_from(values: Mapping[str, Any]) -> AlertEvent:
    """Read an event that `event_object` wrote."""
    rest = {key: value for key, value in values.items() if key != "ledger_head"}
    return AlertEvent(
        **{**rest, "kind": AlertKind(values["kind"]), "at": from_iso(values["at"]), "supersedes": tuple(values["supersedes"])},
        head=values["ledger_head"],
    )
