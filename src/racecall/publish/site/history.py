"""What each contest's page rests on: the events that touch it, the moments they became known, and a key that changes only with them.

A page is a function of these events, of the settings and of the program. So a contest that nothing was said about keeps its page, its
version and its moment: "as of" on a page is when something about it became known last, and not when somebody pressed a button.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from racecall.calls.view import ContestView
from racecall.ledger.events import Event, EventKind, Ledger
from racecall.ledger.records import RecordedRelease
from racecall.model.finding import Finding, Severity

SILENT = frozenset({EventKind.OPENED, EventKind.CAPTURE, EventKind.COVERAGE})
"""Events that say nothing of a contest's count by themselves."""


def touching(ledger: Ledger, contests: Iterable[str]) -> Mapping[str, tuple[Event, ...]]:
    """Return the events that touch each contest, in the order in which they became known; an event about no contest touches all."""
    found: dict[str, list[Event]] = {contest: [] for contest in contests}
    for event in sorted((one for one in ledger if one.kind not in SILENT), key=lambda one: (one.at, one.seq)):
        for contest in _touched(event) or found:
            if contest in found:
                found[contest].append(event)
    return {contest: tuple(events) for contest, events in found.items()}


def _touched(event: Event) -> Iterable[str]:
    if event.kind is EventKind.RELEASE:
        return tuple(event.body["contests"])
    return (event.contest,) if event.contest else ()


def moments(events: Iterable[Event], beginning: datetime) -> tuple[datetime, ...]:
    """Return when something of a contest became known, each moment once; `beginning` if nothing ever did."""
    return tuple(dict.fromkeys(event.at for event in events)) or (beginning,)


def key(events: Iterable[Event], until: datetime, *base: str) -> str:
    """Return a short hash of all that a page rests on.

    Args:
        events: What touches the contest.
        until: The moment that the page shows.
        base: What else it rests on: settings, program, languages.
    """
    known = (event.hash for event in events if event.at <= until)
    return hashlib.sha256("\n".join((*base, *known)).encode()).hexdigest()[:16]


def holding(look: ContestView) -> tuple[Finding, ...]:
    """Return the open findings that keep a look off the page until people accept them."""
    return tuple(finding for finding in look.findings if finding.severity is Severity.HOLD_PUBLICATION)


def shown(looks: Sequence[ContestView]) -> int:
    """Return how many looks may be shown: up to the last one that no finding holds; 0 if every one is held."""
    return next((number for number in range(len(looks), 0, -1) if not holding(looks[number - 1])), 0)


def look_after(release: RecordedRelease, looks: Sequence[ContestView]) -> int | None:
    """Return the position of the last look at which a release was the current one; None if it never was, or is held.

    A release that arrived after a later one was never on the page, and has no page of its own.
    """
    found = (at for at in range(len(looks) - 1, -1, -1) if (own := looks[at].release) and own.seq == release.seq)
    return next((at for at in found if not holding(looks[at])), None)
