"""What may be said of contests at each moment something became known of them, oldest first, and what of it a process remembers.

A look is a function of the settings and of what was known at its moment. So a program that lives through the night judges what a new count
brings, and remembers the moments before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from racecall.calls.view import ContestView
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import judge_folder
from racecall.ledger.events import Event, Ledger
from racecall.origin import sha256_hex
from racecall.publish.site import history

Look = tuple[ContestView, str]
"""What may be said of a contest at a moment, and the hash of the last event behind it."""

Moment = tuple[str, str, datetime]
"""Settings and record, hashed; when it was."""


@dataclass(slots=True)
class Memory:
    """Looks that were judged, those that were asked for least lately forgotten first.

    Args:
        most: How many are kept; one takes 3 to 4 kB.
        kept: By moment and contest.
    """

    most: int = 8192
    kept: dict[tuple[Moment, str], Look] = field(default_factory=dict)

    def recall(self, moment: Moment, contests: Sequence[str]) -> dict[str, Look]:
        """Return the looks that are remembered, by contest."""
        found = {contest: look for contest in contests if (look := self.kept.pop((moment, contest), None))}
        self.keep(moment, found)
        return found

    def keep(self, moment: Moment, looks: Mapping[str, Look]) -> None:
        """Remember looks, and forget others for them."""
        self.kept.update({(moment, contest): look for contest, look in looks.items()})
        for key in list(self.kept)[: max(0, len(self.kept) - self.most)]:
            del self.kept[key]


def looks_of(
    folder: ElectionFolder, ledger: Ledger, touched: Mapping[str, Sequence[Event]], memory: Memory | None = None
) -> dict[str, list[Look]]:
    """Judge contests at every moment something became known of them, oldest first.

    Args:
        folder: The election.
        ledger: Its ledger, read once.
        touched: The events that touch each contest to be judged.
        memory: What was judged before; None judges everything.
    """
    beginning = ledger.events[0].at
    wanted: dict[datetime, list[str]] = {}
    for contest, events in touched.items():
        for moment in history.moments(events, beginning):
            wanted.setdefault(moment, []).append(contest)
    settings = sha256_hex(folder.settings)
    found: dict[str, list[Look]] = {contest: [] for contest in touched}
    for at in sorted(wanted):
        for contest, look in _looks_at(folder, ledger, (settings, _known(ledger, at), at), wanted[at], memory or Memory(most=0)):
            found[contest].append(look)
    return found


def _looks_at(
    folder: ElectionFolder, ledger: Ledger, moment: Moment, contests: Sequence[str], memory: Memory
) -> Iterator[tuple[str, Look]]:
    """Judge what is not remembered."""
    looks = memory.recall(moment, contests)
    if missing := [contest for contest in contests if contest not in looks]:
        view = judge_folder(folder, ledger, moment[-1], missing)
        made = {look.contest.id: (look, view.head) for look in view.contests}
        memory.keep(moment, made)
        looks |= made
    return ((contest, looks[contest]) for contest in contests)


def _known(ledger: Ledger, moment: datetime) -> str:
    """Return a hash of all that was known at a moment; the head is none, for something may have become known later and stand before it."""
    return sha256_hex("".join(event.hash for event in ledger.events if event.at <= moment).encode())


def visible(folder: ElectionFolder, ledger: Ledger, looks: Sequence[Look]) -> Sequence[Look]:
    """Return the looks up to the last one that may be shown; if all are held, the contest as it was before the first."""
    number = history.shown([look for look, _ in looks])
    if number:
        return looks[:number]
    first = looks[0][0]
    view = judge_folder(folder, ledger, first.as_of - timedelta(microseconds=1), [first.contest.id])
    return [(view.contests[0], view.head)]
