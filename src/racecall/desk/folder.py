"""An election is a folder: `election.toml`, `captures/`, `counts/`, `ledger.db`; or `election.toml` alone, if it names a database.

Opening one reads the settings and checks the ledger's chain; making one writes the settings and records them as the first event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from racecall.desk.clock import Clock, now
from racecall.desk.files import read_limited, write_whole
from racecall.desk.settings import FILE, parse_election
from racecall.desk.store import Appending, Store
from racecall.errors import NotAnElection, SettingsError, UsageError
from racecall.ledger.events import Draft, EventKind, Ledger
from racecall.model.contest import Election
from racecall.origin import sha256_hex


@dataclass(frozen=True, slots=True)
class ElectionFolder:
    """An open election folder.

    Args:
        path: The folder.
        election: What `election.toml` says.
        settings: Its bytes.
        store: The ledger, captures and count tables.
    """

    path: Path
    election: Election
    settings: bytes
    store: Store

    def ledger(self) -> Ledger:
        """Read the ledger, every link checked."""
        return self.store.ledger()

    def record_settings(self, writing: Appending, at: datetime, actor: str) -> tuple[Draft, ...]:
        """Return the event that records `election.toml`, if it is not the one recorded last."""
        sha256 = sha256_hex(self.settings)
        known = [event.body["settings"] for event in writing.ledger.of_kind(EventKind.OPENED)]
        if known and known[-1] == sha256:
            return ()
        self.store.captures.put(self.settings)
        body = {"settings": sha256, "election": self.election.id, "contests": len(self.election.contests)}
        return (Draft(kind=EventKind.OPENED, at=at, actor=actor, body=body),)


def open_folder(path: Path, *, clock: Clock = now) -> ElectionFolder:
    """Open an election folder.

    Raises:
        NotAnElection: The folder is missing, or has no `election.toml` or no ledger.
        SettingsError: `election.toml` does not make sense.
    """
    if not path.is_dir():
        raise NotAnElection("there is no such folder.", where=str(path), next_step=f"Make one: racecall new {path}")
    if not (path / FILE).is_file():
        raise NotAnElection(
            f"this folder has no {FILE}, so it is not an election.", where=str(path), next_step=f"Make one: racecall new {path}"
        )
    settings = read_limited(path / FILE)
    if not (path / "ledger.db").is_file() and not NAMES_LEDGER.search(settings):
        raise NotAnElection(
            "this folder has settings but no ledger.",
            where=str(path),
            next_step=f"If it had one, restore ledger.db from a backup. If not, start it: racecall new {path} --settings {path / FILE}",
        )
    election = _parsed(settings, path / FILE)
    if election.ledger and (path / "ledger.db").exists():
        raise UsageError(
            f"{FILE} names a database for the ledger, and there is a ledger.db in the folder as well: an election has one record.",
            where=str(path),
            next_step=f"Take the ledger out of {FILE}, or move ledger.db away.",
        )
    return ElectionFolder(path, election, settings, Store(path, election, clock=clock))


NAMES_LEDGER = re.compile(rb"^\s*ledger\s*=", re.MULTILINE)
"""Settings that may name a database: looked for before they are read, so that a folder without a ledger is said to be one, whatever is in
them."""


def new_folder(path: Path, settings: bytes, *, clock: Clock = now, at: datetime | None = None, actor: str = "racecall") -> ElectionFolder:
    """Make an election folder from the text of its `election.toml`.

    Raises:
        UsageError: There is a ledger in the folder or in the database already, or an `election.toml` that says something else.
        SettingsError: The settings do not make sense; nothing is written.
    """
    there = read_limited(path / FILE) if (path / FILE).exists() else settings
    if (path / "ledger.db").exists() or (there != settings and NAMES_LEDGER.search(there)):
        raise UsageError("there is an election in this folder already.", where=str(path), next_step=f"See it: racecall status {path}")
    if there != settings:
        raise UsageError(
            f"there is an {FILE} in this folder already; it was left as it is.",
            where=str(path),
            next_step=f"To use it: racecall new {path} --settings {path / FILE}",
        )
    election = parse_election(_text(settings, path / FILE), where=str(path / FILE))
    store = Store(path, election, clock=clock)
    if store.begun():
        raise UsageError(
            "the database has a ledger of this election already.",
            where=store.home.where,
            next_step=f"To work on it from here, copy its {FILE} into {path}. Another election needs another id.",
        )
    write_whole(path / FILE, settings)
    store.create()
    folder = ElectionFolder(path, election, settings, store)
    with store.writing() as writing:
        writing.append(folder.record_settings(writing, at or clock(), actor))
    return folder


@lru_cache(maxsize=4)
def _parsed(settings: bytes, path: Path) -> Election:
    """Read settings once for as long as they stay as they are: a desk opens its folder again for every count."""
    return parse_election(_text(settings, path), where=str(path))


def _text(settings: bytes, path: Path) -> str:
    try:
        return settings.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"byte {error.start:,} is not UTF-8.", where=str(path), next_step="Save the file as UTF-8.") from error
