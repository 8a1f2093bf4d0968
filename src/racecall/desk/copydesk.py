"""A folder's facts for the copy desk: everything that was known at a moment, each contest judged once however often it is asked for."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from racecall.calls.view import ContestView
from racecall.coverage.facts import Facts
from racecall.coverage.record import coverage_of
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.ledger.events import Ledger
from racecall.ledger.records import records_at


def facts_of(folder: ElectionFolder, ledger: Ledger, moment: datetime) -> Facts:
    """Return what a story is held against at a moment."""
    known = ledger.as_of(moment)

    @lru_cache(maxsize=256)
    def look(contest: str, at: datetime) -> ContestView:
        return judge_folder(folder, ledger, at, [contest]).contests[0]

    return Facts(
        election=folder.election,
        records=records_at(ledger, moment),
        coverage=coverage_of(known, moment),
        as_of=moment,
        head=known.head,
        look=look,
    )
