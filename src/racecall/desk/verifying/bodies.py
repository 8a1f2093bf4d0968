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


class Columns(msgspec.Struct, frozen=True):
    """Which column of a table is what (docs/feeds/table.md); several for a contest or a unit are joined."""

    contest: list[str] = []
    unit: list[str] = []
    county: str = ""
    count_type: str = ""
    option: str = ""
    votes: str = ""
    released_at: str = ""
    by_count_type: list[tuple[str, str]] = []
    by_option: list[tuple[str, str]] = []
    fixed: list[tuple[str, str]] = []
    words: list[tuple[str, str]] = []
    unit_rules: list[str] = []
    duplicates: str = "first"
    as_written: bool = False

    @property
    def named(self) -> list[str]:
        """Every column of the table that is read."""
        single = (self.county, self.count_type, self.option, self.votes, self.released_at)
        wide = (column for column, _ in (*self.by_count_type, *self.by_option))
        return [*self.contest, *self.unit, *filter(None, single), *wide]


class Capture(msgspec.Struct, frozen=True):
    """Bytes that were received, and how they were read where they do not say it; `feed` is "" if nobody could read them."""

    sha256: Sha256
    name: str
    feed: str = ""
    encoding: str = ""
    timezone: str = ""
    mapping: Columns | None = None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """The count of one contest in one release: votes by option id, and by printed name where the election lists no such option."""

    votes: dict[str, int]
    unknown: dict[str, int] = {}
    ballots: dict[str, int] = {}
    units_reported: int | None = None
    units_total: int | None = None
    units: int = 0

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
    ballots: Sha256 = ""
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


class Named(msgspec.Struct, frozen=True):
    """What every row of the record of coverage has."""

    id: str
    source: str


class Coverage(msgspec.Struct, frozen=True):
    """A row of the record of coverage."""

    kind: str
    row: Named


Body: TypeAlias = Opened | Capture | Release | Statement | Finding | Acceptance | Decision | Coverage

BODIES: Mapping[str, type[msgspec.Struct]] = {
    "opened": Opened,
    "capture": Capture,
    "release": Release,
    "statement": Statement,
    "finding": Finding,
    "acceptance": Acceptance,
    "decision": Decision,
    "coverage": Coverage,
}
"""Kind of event -> what its body holds; other kinds are chained and hashed, and nothing is worked out from them."""
