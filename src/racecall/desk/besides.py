"""The pages beside the count of an election folder: made of the record of coverage, and again only when a row was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from racecall.coverage.record import coverage_of
from racecall.ledger.events import EventKind, Ledger
from racecall.model.contest import Election
from racecall.publish.site import history
from racecall.publish.site.beside import RecordPages, record_pages


def pages_beside(election: Election, ledger: Ledger, as_of: datetime) -> RecordPages:
    """Return the pages beside the count as of a moment; an election without a record of coverage has none, at no cost."""
    return record_pages(coverage_of(ledger, as_of), election)


def coverage_key(ledger: Ledger, as_of: datetime, base: Sequence[str]) -> str:
    """Return a short hash of all that the pages beside the count rest on."""
    return history.key(ledger.of_kind(EventKind.COVERAGE), as_of, *base)
