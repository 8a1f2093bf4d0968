"""Stories that need an update: every stored one checked as of when it was published and as of now, and the claims that came apart.

What was known changes only when something is recorded, so a moment is looked at once for all stories: what is known then is read once, and
each contest is judged at the last thing that was recorded before a moment, not at every minute that a story was published at. Of a story
only the sentences that need a person now are looked at as of then. Many stories are checked by all cores, each with a part of them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from racecall.calls.view import ContestView
from racecall.coverage.changes import Change, changes
from racecall.coverage.check import check_story
from racecall.coverage.document import Document
from racecall.coverage.facts import Facts, Look
from racecall.coverage.reading import read_story
from racecall.coverage.rows import Story
from racecall.desk.collector import kept_away
from racecall.desk.copydesk import facts_of
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.judging import judge_folder
from racecall.desk.storing import moment_of_story, stored_stories
from racecall.desk.workers import cores, workers
from racecall.errors import RacecallError
from racecall.ledger.events import Event, Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A stored story, and what became of it.

    Args:
        story: The story.
        changes: Claims that were fine and need a person now.
        wrong: How many claims need a person now, those that were wrong from the beginning too.
        trouble: Why it could not be checked, "" if it could.
    """

    story: Story
    changes: tuple[Change, ...] = ()
    wrong: int = 0
    trouble: str = ""

    @property
    def is_stale(self) -> bool:
        """Whether it needs an update."""
        return bool(self.changes)


MANY = 100
"""From more stories on it is worth to start processes: one takes a second to start, in which a core checks some twenty stories."""
PARTS = 32
"""Parts for each core: the last one to end then holds the others up the less."""


def basis(ledger: Ledger) -> str:
    """Return the hash of the last event that a check may rest on."""
    return next((event.hash for event in reversed(ledger.events) if _tells(event)), "")


def _tells(event: Event) -> bool:
    """Whether an event may change what is said of a story: one that is stored changes nothing for the others."""
    return event.body.get("kind") != "story"


def standings(
    folder: ElectionFolder, ledger: Ledger, moment: datetime, *, before: Iterable[Standing] = (), jobs: int = 0
) -> Iterator[Standing]:
    """Yield every stored story with what became of it, the newest first.

    Args:
        folder: The election.
        ledger: Its ledger, read once.
        moment: Now.
        before: What became of stories on the same `basis`: they are not checked again.
        jobs: Processes that check many stories; 1 checks in this one, 0 takes one a core.
    """
    stories, done = tuple(stored_stories(ledger, moment)), {one.story: one for one in before}
    new = {one.story: one for one in _checked(folder, ledger, tuple(story for story in stories if story not in done), moment, jobs)}
    yield from ((done | new)[story] for story in stories)


def _checked(folder: ElectionFolder, ledger: Ledger, stories: tuple[Story, ...], moment: datetime, jobs: int) -> Iterator[Standing]:
    if len(stories) <= MANY:
        yield from _in_this_process(Known(folder, ledger), stories, moment)
        return
    parts = [Part(path=folder.path, stories=part, moment=moment, head=ledger.head) for part in _parts(stories, PARTS * (jobs or cores()))]
    with workers(jobs) as run:
        found = dict(run(check_part, parts))
    yield from (standing for at in sorted(found) for standing in found[at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Stories that one process checks.

    Args:
        path: The election's folder.
        stories: The stories.
        moment: Now.
        head: Hash of the last event that is to be looked at: others may be recorded meanwhile.
    """

    path: Path
    stories: tuple[Story, ...]
    moment: datetime
    head: str


def check_part(part: Part) -> list[Standing]:
    """Check a part of the stories, in a process that may have checked another part of them before."""
    known = _known(part.path, part.head)
    with kept_away():
        return list(_in_this_process(known, part.stories, part.moment))


@lru_cache(maxsize=1)
def _known(path: Path, head: str) -> Known:
    """What was known at every moment until an event: a process reads and judges it once for all its parts."""
    folder = open_folder(path)
    ledger = folder.ledger()
    last = next((event.seq for event in reversed(ledger.events) if event.hash == head), len(ledger))
    return Known(folder, Ledger(ledger.events[:last]))


def _parts(stories: tuple[Story, ...], number: int) -> Iterator[tuple[Story, ...]]:
    size = -(-len(stories) // number)
    return (stories[at : at + size] for at in range(0, len(stories), size))


def _in_this_process(known: Known, stories: Iterable[Story], moment: datetime) -> Iterator[Standing]:
    return (_standing(known, story, moment) for story in stories)


def stale_stories(folder: ElectionFolder, ledger: Ledger, moment: datetime) -> tuple[Standing, ...]:
    """Return the stories that need an update, the newest first."""
    return tuple(one for one in standings(folder, ledger, moment) if one.is_stale)


def _standing(known: Known, story: Story, moment: datetime) -> Standing:
    try:
        document = read_stored(known.folder, story)
        after = check_story(document, known.facts(moment), contest=story.contest)
        if not after.wrong:
            return Standing(story=story)
        asked = {one.claim.sentence.number for one in after.wrong}
        before = check_story(document, known.facts(moment_of_story(story)), contest=story.contest, only=asked)
    except RacecallError as error:
        return Standing(story=story, trouble=str(error))
    return Standing(story=story, changes=changes(before, after), wrong=len(after.wrong))


def read_stored(folder: ElectionFolder, story: Story) -> Document:
    """Read a stored story again; it was published when its row says, whatever its file says.

    Raises:
        LedgerError: Its bytes are gone.
        SourceError: They cannot be read any more.
    """
    data = folder.store.captures.get(story.capture)
    document = read_story(story.title, data, zone=folder.election.zone, format=story.format)
    return replace(document, published=story.published)


class Known:
    """What was known at moments: the same for all moments between two events.

    Args:
        folder: The election.
        ledger: Its ledger.
    """

    def __init__(self, folder: ElectionFolder, ledger: Ledger) -> None:
        self.folder = folder
        self.ledger = ledger
        self._times = sorted({event.at for event in ledger.events if _tells(event)})
        self._facts: dict[datetime, Facts] = {}
        self._look = self._looking()
        self.facts: Callable[[datetime], Facts] = lru_cache(maxsize=16)(self._at)
        """Returns what was known at a moment: the same for every story that is held against it."""

    def _at(self, moment: datetime) -> Facts:
        last = self._last(moment)
        if last not in self._facts:
            self._facts[last] = facts_of(self.folder, self.ledger, last)
        return replace(self._facts[last], as_of=moment, look=self._look)

    def _last(self, moment: datetime) -> datetime:
        """Return when the last thing before a moment was recorded."""
        place = bisect_right(self._times, moment)
        return self._times[place - 1] if place else moment

    def _looking(self) -> Look:
        @lru_cache(maxsize=1024)
        def judged(contest: str, at: datetime) -> ContestView:
            return judge_folder(self.folder, self.ledger, at, [contest]).contests[0]

        return lambda contest, at: judged(contest, self._last(at))
