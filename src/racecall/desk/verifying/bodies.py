"""The bodies of the events that are worked out again, as docs/ledger.md and the ledgers of today have them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

Sha256: TypeAlias = str
"""64 hexadecimal digits, "" for none."""


class Opened(msgspec.Struct, frozen=True):
    """The settings of the election, as they stood."""

    settings: Sha256 = ""


class Capture(msgspec.Struct, frozen=True):
    """Bytes that were received; `feed` is "" if nobody could read them."""

    sha256: Sha256
    name: str
    feed: str = ""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """The count of one contest in one release: votes by option id, and by printed name where the election lists no such option."""

    votes: dict[str, int]
    unknown: dict[str, int] = {}
    ballots: dict[str, int] = {}
    units_reported: int | None = None
    units_total: int | None = None

    @property
    def total(self) -> int:
        """All votes counted [votes]."""
        return sum(self.votes.values()) + sum(self.unknown.values())


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A published state of the count."""

    capture: Sha256
    feed: str
    status: str
    contests: dict[str, Count]
    published_at: datetime | None = None
    counts: Sha256 = ""
    jurisdiction: dict[str, int] = {}


class Origin(msgspec.Struct, frozen=True):
    """Where something was said."""

    capture: Sha256 = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """Ballots that an office gave without candidate votes."""

    kind: str
    ballots: int
    stated_at: datetime
    category: str = "total"
    includes_arrivals: bool | None = None
    origin: Origin = Origin()


class Finding(msgspec.Struct, frozen=True):
    """Something that looks wrong."""

    id: str
    severity: str


class Acceptance(msgspec.Struct, frozen=True):
    """A person let a finding pass."""

    finding: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A person approved a call, took one back, or let one stand."""

    kind: Literal["approve", "retract", "reaffirm"]
    option: str
    goal: Literal["advance", "elect"]
    slot: int
    reason: str
    evidence: Sha256


Body: TypeAlias = Opened | Capture | Release | Statement | Finding | Acceptance | Decision

BODIES: Mapping[str, type[msgspec.Struct]] = {
    "opened": Opened,
    "capture": Capture,
    "release": Release,
    "statement": Statement,
    "finding": Finding,
    "acceptance": Acceptance,
    "decision": Decision,
}
"""Kind of event -> what its body holds; other kinds are chained and hashed, and nothing is worked out from them."""
