"""Findings: what looks wrong in a release, said in words, kept beside the record and never instead of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from racecall.origin import Origin


class Severity(StrEnum):
    """What a finding stops until it is accepted with a reason: by two people where it holds calls, by one elsewhere."""

    HOLD_CALLS = "hold_calls"
    HOLD_PUBLICATION = "hold_publication"
    NOTE = "note"

    @property
    def people(self) -> int:
        """How many people must accept such a finding: a call takes two, and so does what lets one pass."""
        return 2 if self is Severity.HOLD_CALLS else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that looks wrong, or that a reader should know.

    Args:
        check: Name of the check; each has a page under `docs/findings/`.
        severity: What it holds.
        problem: Where, what was found, what was expected: one or two sentences.
        next_step: What a person can do now.
        contest: Contest it is about, "" if the whole release.
        unit: Reporting unit, "" if the whole contest.
        option: Option, "" if none.
        origin: Place in the source.
        count: How many cells it stands for when many are alike.
    """

    check: str
    severity: Severity
    problem: str
    next_step: str = ""
    contest: str = ""
    unit: str = ""
    option: str = ""
    origin: Origin = field(default_factory=Origin)
    count: int = 1

    @property
    def id(self) -> str:
        """Eight hexadecimal digits that stay the same when the same finding is made again on the same bytes."""
        key = "\x1f".join((self.check, self.origin.capture, str(self.origin.row), self.contest, self.unit, self.option, self.problem))
        return hashlib.sha256(key.encode()).hexdigest()[:8]

    def __str__(self) -> str:
        place = f"{self.origin}: " if str(self.origin) else ""
        hint = f" {self.next_step}" if self.next_step else ""
        return f"{place}{self.problem}{hint}"
