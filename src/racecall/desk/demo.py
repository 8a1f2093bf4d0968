"""The demo elections: packaged entries, California's 34th district in 2017 before all, added one by one as if it were that night.

Each entry is recorded as known from the time its source gives, and written down at that same time, so that the same package always makes
the same ledger, to the last hash. Rows of the record of coverage are written down before the first entry that is younger than they are.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from racecall.coverage.files import Usual, rows_of, toml_entries
from racecall.coverage.rows import Row
from racecall.desk import maps
from racecall.desk.covering import add_rows
from racecall.desk.files import write_whole
from racecall.desk.folder import ElectionFolder, new_folder, open_folder
from racecall.desk.packaged import DEMO, demo_coverage, demo_files, demo_maps
from racecall.desk.recording import AddOptions, add_files
from racecall.desk.settings import parse_election
from racecall.desk.store import Store
from racecall.errors import RacecallError, UsageError
from racecall.ledger.events import EventKind

ACTOR = "racecall demo"
NEVER = datetime(2199, 12, 31, tzinfo=UTC)
"""When a packaged row without a time of its own would be known: the desk refuses it."""


class SteppingClock:
    """Says the time it was set to."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the time it was set to."""
        return self.moment


def build_demo(path: Path, election: str = DEMO) -> ElectionFolder:
    """Make a packaged election in a folder, in place of an earlier demo.

    Raises:
        UnknownName: No such election is packaged.
        UsageError: There is something else in the folder.
    """
    settings, entries = demo_files(election)
    if path.exists():
        _remove_old(path)
    clock = SteppingClock(_before_polls(settings))
    folder = new_folder(path, settings, clock=clock, actor=ACTOR)
    options, waiting = AddOptions(backfill=True, actor=ACTOR), packaged_rows(election, folder.election.zone)
    with tempfile.TemporaryDirectory() as scratch:
        for name, data in entries:
            entry = Path(scratch) / name
            entry.write_bytes(data)
            clock.moment = _latest(data)
            waiting = _cover(folder, waiting)
            list(add_files(folder, [entry], options))
    while waiting:
        clock.moment = waiting[0].as_of
        waiting = _cover(folder, waiting)
    if shapes := demo_maps(election):
        write_whole(path / maps.FILE, shapes)
    return open_folder(path)


def packaged_rows(election: str, zone: ZoneInfo) -> tuple[Row, ...]:
    """Return a packaged election's record of coverage, oldest first; every row says from when it was known."""
    usual = Usual(zone=zone, now=NEVER)
    rows = [row for name, text in demo_coverage(election) for row in rows_of(toml_entries(name, text), usual, where=name)]
    return tuple(sorted(rows, key=lambda row: row.as_of))


def _cover(folder: ElectionFolder, waiting: Sequence[Row]) -> tuple[Row, ...]:
    """Record the rows that are known by now, and return the others."""
    now = folder.store.clock()
    if known := [row for row in waiting if row.as_of <= now]:
        add_rows(folder, known, by=ACTOR)
    return tuple(row for row in waiting if row.as_of > now)


def _before_polls(settings: bytes) -> datetime:
    election = parse_election(settings.decode())
    return election.polls_close or datetime(election.date.year, election.date.month, election.date.day, tzinfo=election.zone)


def _latest(entry: bytes) -> datetime:
    """The latest time in an entry: when it could be written down at the earliest."""
    tables = tomllib.loads(entry.decode())
    times: list[datetime] = [table[key] for name, key in TIMES for table in tables.get(name, ())]
    return max(times).astimezone(UTC)


TIMES = (("release", "published_at"), ("statement", "stated_at"), ("report", "at"))


def _remove_old(path: Path) -> None:
    """Remove an earlier demo, and nothing else: least of all somebody's own election."""
    if not path.is_dir() or (any(path.iterdir()) and not _is_demo(path)):
        raise UsageError(
            "there is something here that is not an earlier demo.",
            where=str(path),
            next_step="Choose another folder: racecall demo --out DIR",
        )
    shutil.rmtree(path)


def _is_demo(path: Path) -> bool:
    known = {"election.toml", "ledger.db", "ledger.db-wal", "ledger.db-shm", "captures", "counts", maps.FILE}
    if {item.name for item in path.iterdir()} - known or not (path / "ledger.db").is_file():
        return False
    try:
        return any(event.actor == ACTOR for event in Store(path).ledger().of_kind(EventKind.OPENED))
    except RacecallError:
        return False
