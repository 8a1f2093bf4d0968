"""A folder judged: the ledger, the packaged law, and the packaged calibration where a past count can be compared at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from racecall.calls.judge import judge
from racecall.calls.view import View
from racecall.desk import packaged
from racecall.desk.folder import ElectionFolder
from racecall.ledger.events import EventKind, Ledger
from racecall.model.contest import Election


def judge_folder(folder: ElectionFolder, ledger: Ledger, moment: datetime, contests: Iterable[str] = (), *, model: bool = True) -> View:
    """Return what may be said of an election folder at a moment.

    Args:
        folder: The election.
        ledger: Its ledger, read once.
        moment: The moment.
        contests: Ids to judge, all if empty.
        model: False for arithmetic alone, where nobody asks for more and there are many moments to judge.
    """
    calibration = packaged.calibration() if model and is_comparable(folder.election) else None
    tables = lru_cache(maxsize=2)(folder.store.get_table)
    return judge(ledger, folder.election, packaged.rulebook(), as_of=moment, contests=contests, calibration=calibration, tables=tables)


def present(folder: ElectionFolder, ledger: Ledger) -> datetime:
    """Return the moment that "now" means: what the clock says, and in a rehearsal the last moment of the night that came in."""
    now = folder.store.clock()
    return max((event.at for event in ledger.of_kind(EventKind.CAPTURE)), default=now) if folder.election.rehearsal else now


def is_comparable(election: Election) -> bool:
    """Whether past counts can be set beside this one: they are aligned by the hours since the polls closed."""
    return election.polls_close is not None or any(contest.polls_close for contest in election)
