"""The shelf: every stored story with what became of it, worked out again when the record has moved, and kept in between.

Checking a thousand stories takes seconds, so it is done in a thread of its own; the board shows what was found last.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from racecall.coverage.rows import Story
from racecall.desk.clock import Clock
from racecall.desk.folder import open_folder
from racecall.desk.judging import present
from racecall.desk.stale import Standing, basis, standings
from racecall.errors import RacecallError

EVERY = 1.0
"""How often it is looked whether the record has moved [seconds]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What became of the stories, as of one event of the record.

    Args:
        head: Hash of that event, "" before anybody looked.
        basis: Hash of the last event that the checks rest on.
        stories: The newest first.
        trouble: Why it is older than it should be, "" if it is not.
    """

    head: str = ""
    basis: str = ""
    stories: tuple[Standing, ...] = ()
    trouble: str = ""

    @property
    def stale(self) -> tuple[Standing, ...]:
        """Stories that need an update."""
        return tuple(one for one in self.stories if one.is_stale)

    def standing(self, story: Story) -> Standing:
        """Return what became of a story, nothing yet if it has not been looked at."""
        return next((one for one in self.stories if one.story == story), Standing(story=story))


class Shelf:
    """Keeps what became of the stored stories of an election.

    Args:
        path: The election's folder.
        clock: What time it is.
    """

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self.path = path
        self.clock = clock
        self.now = Shelved()
        self._looking = Lock()

    def look(self) -> Shelved:
        """Check the stories again if the record has moved, and return what became of them; while somebody else does, what they had."""
        if not self._looking.acquire(blocking=False):
            return self.now
        try:
            self.now = self._looked(self.now)
        except RacecallError as error:
            self.now = replace(self.now, head="", trouble=str(error))
        finally:
            self._looking.release()
        return self.now

    def _looked(self, before: Shelved) -> Shelved:
        folder = open_folder(self.path, clock=self.clock)
        if folder.store.home.head() == before.head:
            return before
        ledger = folder.ledger()
        rests_on = basis(ledger)
        kept = before.stories if rests_on == before.basis else ()
        found = tuple(standings(folder, ledger, present(folder, ledger), before=kept))
        return Shelved(head=ledger.head, basis=rests_on, stories=found)
