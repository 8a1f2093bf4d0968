"""The demo elections: packaged entries, California's 34th district in 2017 before all, added one by one as if it were that night.

Each entry is recorded as known from the time its source gives, and written down at that same time, so that the same package always makes
the same ledger, to the last hash.
"""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from racecall.desk import maps
from racecall.desk.files import write_whole
from racecall.desk.folder import ElectionFolder, new_folder, open_folder
from racecall.desk.packaged import DEMO, demo_files, demo_maps
from racecall.desk.recording import AddOptions, add_files
from racecall.desk.settings import parse_election
from racecall.desk.store import Store
from racecall.errors import RacecallError, UsageError
from racecall.ledger.events import EventKind

ACTOR = "racecall demo"


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
    options = AddOptions(backfill=True, actor=ACTOR)
    with tempfile.TemporaryDirectory() as scratch:
        for name, data in entries:
            entry = Path(scratch) / name
            entry.write_bytes(data)
            clock.moment = _latest(data)
            list(add_files(folder, [entry], options))
    if shapes := demo_maps(election):
        write_whole(path / maps.FILE, shapes)
    return open_folder(path)


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
