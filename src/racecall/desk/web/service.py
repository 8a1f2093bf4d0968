"""The desk as one value: everything that a page or an action needs, made once when the desk is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from racecall.desk.clock import Clock, now
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.web.accounts import Accounts, Hasher, hasher
from racecall.desk.web.attempts import Attempts
from racecall.desk.web.database import DeskDatabase
from racecall.desk.web.figures import Figures
from racecall.desk.web.judged import Judge, judge_record
from racecall.desk.web.keeper import Keeper, Snapshot
from racecall.desk.web.kept import Kept
from racecall.desk.web.sessions import Sessions, Tokens, random_token
from racecall.desk.web.shelf import Shelf
from racecall.desk.web.typed import TypedCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """How a desk is reached.

    Args:
        folder: The election's folder.
        secure: Whether browsers reach it over HTTPS alone: cookies are then sent in no other way.
        site: Folder of the published site, None if nothing is published from here.
        languages: Languages of the site, the root's first; all that there are if empty.
        address: Where the site will lie.
        metrics_token: What a program on another machine must show to read the figures; "" lets this machine alone read them.
        names: Host names that the desk answers to.
    """

    folder: Path
    secure: bool = False
    site: Path | None = None
    languages: tuple[str, ...] = ()
    address: str = ""
    metrics_token: str = ""
    names: tuple[str, ...] = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A running desk.

    Args:
        settings: How it is reached.
        clock: What time it is.
        keeper: The last good view.
        accounts, sessions, attempts: Who may come in, who is in, and who tries.
        typed: Counts that were typed once and wait for the second time.
        shelf: Stored stories, and what became of them.
        figures: What is counted about ourselves.
        kept: Pages that were made from the last view.
    """

    settings: DeskSettings
    clock: Clock
    keeper: Keeper
    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    typed: TypedCounts
    shelf: Shelf
    figures: Figures = field(default_factory=Figures)
    kept: Kept = field(default_factory=Kept)

    @property
    def now(self) -> Snapshot:
        """The last good view."""
        return self.keeper.now

    def acting(self) -> ElectionFolder:
        """Return the folder for an action; in a rehearsal the clock stands at the moment of the night that is played."""
        moment = self.now.as_of
        return open_folder(self.settings.folder, clock=(lambda: moment) if self.now.rehearsal else self.clock)


def open_desk(
    settings: DeskSettings,
    *,
    clock: Clock = now,
    tokens: Tokens = random_token,
    passwords: Hasher | None = None,
    judge: Judge = judge_record,
) -> Desk:
    """Open the desk of an election.

    Args:
        settings: How it is reached.
        clock: What time it is.
        tokens: Gives tokens that nobody can guess.
        passwords: Makes the hashes of passwords; the one in use if None.
        judge: Judges the record; a process of its own does it where people wait for answers.

    Raises:
        NotAnElection: The folder is none.
    """
    keeper = Keeper(settings.folder, clock=clock, judge=judge)
    database = DeskDatabase(settings.folder)
    return Desk(
        settings=settings,
        clock=clock,
        keeper=keeper,
        accounts=Accounts(database, clock=clock, hasher=passwords or hasher()),
        sessions=Sessions(database, clock=clock, tokens=tokens),
        attempts=Attempts(clock),
        typed=TypedCounts(database, tokens=tokens),
        shelf=Shelf(settings.folder, clock=clock),
    )
