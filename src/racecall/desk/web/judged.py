"""The record judged, as it comes from the process that judges to the one that answers.

Both are Python, and whoever computes in one process holds up everybody else in it; so only what is needed travels, and little of it is
read at once. Events and settings that the desk has are not sent again. A contest is a few hundred bytes that are read when somebody opens
its page. A release holds the counts of every contest, so it is left out of each and put back from the record.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from racecall.calls.view import ContestView
from racecall.desk.folder import open_folder
from racecall.desk.judging import judge_folder, present
from racecall.desk.web.board import Board, make_board
from racecall.ledger.events import GENESIS, Event, Ledger
from racecall.ledger.records import Records
from racecall.model.contest import Election
from racecall.origin import sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the desk has already.

    Args:
        events: How many events.
        head: Hash of the last of them.
        settings: SHA-256 of `election.toml` as it was read.
    """

    events: int = 0
    head: str = GENESIS
    settings: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The record judged at a moment, without what the desk has.

    Args:
        since: How many of the desk's own events stand before these.
        events: The events after them.
        settings: SHA-256 of `election.toml`.
        election: What it says; None if the desk has it.
        as_of: The moment.
        rehearsal: Whether any of it comes from a recorded night played again.
        contests: Each contest, packed, in the order of `election.toml`.
        board: The board.
    """

    since: int
    events: tuple[Event, ...]
    settings: str
    election: Election | None
    as_of: datetime
    rehearsal: bool
    contests: Mapping[str, bytes]
    board: Board


Judge = Callable[[Path, datetime, Known], Judged]
"""Judges the record of a folder at a moment, for a desk that has something of it; `judge_record`, here or in a process of its own."""


def judge_record(path: Path, moment: datetime, known: Known) -> Judged:
    """Judge the record of an election's folder.

    Args:
        path: The folder.
        moment: What time it is.
        known: What need not be sent.

    Raises:
        RacecallError: The folder or its record cannot be read.
    """
    folder = open_folder(path, clock=lambda: moment)
    ledger, settings = folder.ledger(), sha256_hex(folder.settings)
    view = judge_folder(folder, ledger, present(folder, ledger))
    since = known.events if Ledger(ledger.events[: known.events]).head == known.head else 0
    return Judged(
        since=since,
        events=ledger.events[since:],
        settings=settings,
        election=None if settings == known.settings else folder.election,
        as_of=view.as_of,
        rehearsal=view.rehearsal,
        contests={one.contest.id: pickle.dumps(replace(one, release=None), pickle.HIGHEST_PROTOCOL) for one in view.contests},
        board=make_board(view, ledger),
    )


class Contests(Mapping[str, ContestView]):
    """The contests of a view, each unpacked when it is first asked for.

    Args:
        packed: As they came.
        records: Says which release is current.
    """

    def __init__(self, packed: Mapping[str, bytes], records: Records) -> None:
        self._packed = packed
        self._records = records
        self._read: dict[str, ContestView] = {}

    def __getitem__(self, contest: str) -> ContestView:
        """Return a contest; `KeyError` if it is not followed."""
        if contest not in self._read:
            self._read[contest] = self._unpacked(contest)
        return self._read[contest]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def _unpacked(self, contest: str) -> ContestView:
        view: ContestView = pickle.loads(self._packed[contest])  # noqa: S301 - our own process packed it a moment ago
        counts = self._records.counts(contest)
        return replace(view, release=counts[-1][0] if counts else None)
