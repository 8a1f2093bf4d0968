"""The last good view of the record: judged once for everybody, and again when the record, the settings or the minute has changed.

Judging four hundred contests takes a good part of a second, so a process of its own does it, and whoever asks meanwhile gets the view
before. If the record cannot be read, the last view stays with a word about it: a desk that goes dark helps nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

from racecall.calls.view import ContestView, View
from racecall.desk.clock import Clock
from racecall.desk.settings import FILE
from racecall.desk.store import Store
from racecall.desk.web.board import Board
from racecall.desk.web.judged import Contests, Judge, Known
from racecall.errors import RacecallError, UnknownName
from racecall.ledger.events import Ledger
from racecall.ledger.records import Records, records_at
from racecall.model.contest import Election

FRESH = timedelta(minutes=1)
"""A view is judged anew after this even if nothing came in: figures grow old and announced counts become late by the clock alone."""
REMEMBERED = 200
"""Changes that are remembered for pages that were away for a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The record judged at a moment; everything on one page comes from one of these.

    Args:
        number: Grows with each; what a page was made from.
        election: The election.
        settings: SHA-256 of `election.toml`.
        ledger: The record.
        records: What it says, as far as it was known then.
        as_of: The moment.
        rehearsal: Whether any of it comes from a recorded night played again.
        contests: The judgement of each contest, by id.
        board: The board.
        made_at: When it was judged.
        trouble: Why it is older than it should be, "" if it is not.
    """

    number: int
    election: Election
    settings: str
    ledger: Ledger
    records: Records
    as_of: datetime
    rehearsal: bool
    contests: Contests
    board: Board
    made_at: datetime
    trouble: str = ""

    def contest(self, contest: str) -> ContestView:
        """Return one contest; `UnknownName` if it is not followed."""
        self.check(contest)
        return self.contests[contest]

    def check(self, contest: str) -> None:
        """Raise `UnknownName` if a contest is not followed."""
        if contest not in self.contests:
            raise UnknownName(f"no contest {contest!r} in this election.", next_step="The board has all of them.")

    @property
    def head(self) -> str:
        """Hash of the last event that the judgement rests on."""
        return self.ledger.as_of(self.as_of).head

    @property
    def view(self) -> View:
        """The whole judgement; every contest is unpacked for it, so it is for what cannot be done with one of them."""
        contests = tuple(self.contests.values())
        return View(election=self.election, as_of=self.as_of, head=self.head, contests=contests, rehearsal=self.rehearsal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new view brought.

    Args:
        number: Number of the view.
        contests: Contests whose row on the board is not what it was.
    """

    number: int
    contests: tuple[str, ...]


class Keeper:
    """Keeps the last good view of an election.

    Args:
        path: The election's folder.
        clock: What time it is.
        judge: Judges the record.
    """

    def __init__(self, path: Path, *, clock: Clock, judge: Judge) -> None:
        self.path = path
        self.clock = clock
        self.judge = judge
        self._judging = Lock()
        self._seen = self._stamp()
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._asked: tuple[Snapshot, int, Change] | None = None  # what was asked last: two hundred pages ask the same
        self.now = self._judged(int(clock().timestamp()), None)  # larger than any number of a desk that ran before
        self.judged_seconds = 0.0

    def look(self, *, stopwatch: Callable[[], float] = lambda: 0.0) -> Change | None:
        """Judge anew if there is a reason to, and return what changed, None if nothing did.

        Args:
            stopwatch: Seconds from any beginning, for the figures about ourselves.
        """
        with self._judging:
            before, began = self.now, stopwatch()
            try:
                if not self._is_due(before):
                    return None
                after = self._judged(before.number + 1, before)
            except RacecallError as error:
                self.now = replace(before, trouble=str(error))
                return None
            self.judged_seconds = stopwatch() - began
            if after.ledger.head == before.ledger.head and after.board == before.board and not before.trouble:
                self.now = replace(after, number=before.number)
                return None
            change = Change(number=after.number, contests=after.board.changed(before.board))
            self._changes.append(change)
            self.now = after
            return change

    def since(self, number: int) -> Change | None:
        """Return everything that changed after a view, None if nothing did; for one that is forgotten, every contest."""
        now, asked = self.now, self._asked
        if number == now.number:
            return None
        if asked is None or asked[0] is not now or asked[1] != number:
            self._asked = asked = (now, number, self._between(number, now))
        return asked[2]

    def _between(self, number: int, now: Snapshot) -> Change:
        later = [change for change in tuple(self._changes) if change.number > number]
        known = later and later[0].number == number + 1
        every = dict.fromkeys(contest for change in later for contest in change.contests) if known else (r.contest for r in now.board.rows)
        return Change(number=now.number, contests=tuple(every))

    def _is_due(self, before: Snapshot) -> bool:
        stamp = self._stamp()
        moved, self._seen = stamp != self._seen, stamp
        fresh = self.clock() - before.made_at < FRESH
        return moved or not fresh or bool(before.trouble) or self._head(before) != before.ledger.head

    def _stamp(self) -> tuple[int, int]:
        """Size and time of `election.toml`: whether somebody has edited it."""
        try:
            status = (self.path / FILE).stat()
        except OSError:
            return (0, 0)
        return (status.st_size, status.st_mtime_ns)

    def _head(self, before: Snapshot) -> str:
        return Store(self.path, before.election).home.head()

    def _judged(self, number: int, before: Snapshot | None) -> Snapshot:
        known = Known(events=len(before.ledger), head=before.ledger.head, settings=before.settings) if before else Known()
        got = self.judge(self.path, self.clock(), known)
        election = got.election or (before.election if before else None)
        assert election is not None  # it is left out only for a desk that has it
        ledger = Ledger((*(before.ledger.events[: got.since] if before else ()), *got.events))
        records = records_at(ledger, got.as_of)
        return Snapshot(
            number=number,
            election=election,
            settings=got.settings,
            ledger=ledger,
            records=records,
            as_of=got.as_of,
            rehearsal=got.rehearsal,
            contests=Contests(got.contests, records),
            board=got.board,
            made_at=self.clock(),
        )
