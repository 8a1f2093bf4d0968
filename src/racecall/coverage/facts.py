"""What a story is held against: the election, its counts, what was said of them, the record of coverage, and the states of the places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from racecall.calls.view import ContestView
from racecall.coverage.record import Coverage
from racecall.ledger.records import Records
from racecall.model.contest import Election

Look = Callable[[str, datetime], ContestView]
"""Judges one contest at one moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was known at a moment.

    Args:
        election: The election.
        records: Releases, statements, reports, decisions known at the moment.
        coverage: The record of coverage at the moment.
        as_of: The moment.
        head: Hash of the last ledger event it all rests on.
        look: Judges one contest as of a moment up to `as_of`; kept by whoever made it, so that asking twice costs nothing.
        rehearsal: Whether any of it comes from a recorded night played again; whatever is made of it has to say so.
    """

    election: Election
    records: Records
    coverage: Coverage
    as_of: datetime
    head: str
    look: Look
    rehearsal: bool = False
