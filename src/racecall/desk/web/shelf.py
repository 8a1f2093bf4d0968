"""The shelf: every stored story with what became of it, worked out again when the record has moved, and kept in between.

Checking a thousand stories takes seconds, so it is done in a thread of its own; the board shows what was found last.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from racecall.desk.clock import Clock
from racecall.desk.folder import open_folder
from racecall.desk.judging import present
from racecall.desk.stale import Standing, standings
from racecall.errors import RacecallError, UnknownName

EVERY = 1.0
"""How often it is looked whether the record has moved [seconds]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """What became of the stories, as of one event of the record.

    Args:
        head: Hash of that event, "" before anybody looked.
        stories: The newest first.
        trouble: Why it is older than it should be, "" if it is not.
    """

    head: str = ""
    stories: tuple[Standing, ...] = ()
    trouble: str = ""

    @property
    def stale(self) -> tuple[Standing, ...]:
        """Stories that need an update."""
        return tuple(one for one in self.stories if one.is_stale)

    def story(self, story: str) -> Standing:
        """Return one story; `UnknownName` if none of that id is stored."""
        found = next((one for one in self.stories if one.story.id == story), None)
        if found is None:
            raise UnknownName(f"no stored story {story!r}.", next_step="The list of stories has all of them.")
        return found


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
        """Check the stories again if the record has moved, and return what became of them."""
        with self._looking:
            try:
                folder = open_folder(self.path, clock=self.clock)
                if folder.store.home.head() != self.now.head:
                    ledger = folder.ledger()
                    self.now = Shelved(head=ledger.head, stories=tuple(standings(folder, ledger, present(folder, ledger))))
            except RacecallError as error:
                self.now = Shelved(head="", stories=self.now.stories, trouble=str(error))
            return self.now
