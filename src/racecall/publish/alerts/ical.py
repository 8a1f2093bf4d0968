"""The calendar of releases as iCalendar (RFC 5545): when the next counts are due, in the county's time, moved where the office moved them.

A release keeps its UID when its time changes, and its SEQUENCE goes up by one, so that a subscriber's calendar moves the entry and makes no
second one. What the office announces is told apart by what it calls it: a new time for the same words, said while the old one is still to
come, is the same release moved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from racecall.ledger.events import iso
from racecall.model.contest import Election, ReleaseDue
from racecall.publish.alerts.event import AlertEvent, AlertKind, plain
from racecall.publish.alerts.events import due_of
from racecall.publish.alerts.feed import began, feed_title

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//racecall//release calendar//EN"
LASTS = timedelta(minutes=15)
"""How long an entry is drawn: a release is a moment, and calendars draw moments badly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A release that is to come, or was.

    Args:
        uid: Its name for ever.
        due: When, and in whose words.
        said_at: When this time was announced.
        sequence: How often its time was changed.
    """

    uid: str
    due: ReleaseDue
    said_at: datetime
    sequence: int = 0


def announced(events: Iterable[AlertEvent]) -> tuple[tuple[datetime, ReleaseDue], ...]:
    """Return what offices announced, from the alerts about it: when it was said, and what."""
    told = (event for event in events if event.kind is AlertKind.NEXT_RELEASE)
    return tuple(
        (event.at, ReleaseDue(at=due_of(event), what=str(event.facts["what"]), source=str(event.facts["source"] or ""))) for event in told
    )


def calendar(election: Election, due: Iterable[tuple[datetime, ReleaseDue]] = (), *, before: Sequence[Election] = ()) -> bytes:
    """Write the calendar: what `election.toml` lists, then what offices announced on the way.

    Args:
        election: The election, for its calendar and its time zone.
        due: What was announced since, oldest first: when it was said, and what (`announced` makes it of alerts).
        before: The election as `election.toml` had it earlier, oldest first: a time that was edited there counts as moved.
    """
    from icalendar import Calendar

    plan = planned(election, tuple(due), before=before)
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", feed_title(election, ()))
    for release in plan:
        made.add_component(_event(release, election))
    years = [release.due.at.astimezone(election.zone).date() for release in plan]
    if years:
        made.add_missing_timezones(first_date=min(years).replace(month=1, day=1), last_date=max(years).replace(month=12, day=31))
    return bytes(made.to_ical())


def planned(election: Election, due: Sequence[tuple[datetime, ReleaseDue]], *, before: Sequence[Election] = ()) -> tuple[Planned, ...]:
    """Return every release with its name, in the order in which they are due; arguments as those of `calendar`."""
    plan = [
        replace(_new(election, one, began(election), number), sequence=_edits(number, (*before, election)))
        for number, one in enumerate(election.calendar)
    ]
    for said_at, one in due:
        moved = _moved(plan, one, said_at)
        if moved is None:
            plan.append(_new(election, one, said_at, len(plan)))
        elif plan[moved].due.at != one.at:
            plan[moved] = replace(plan[moved], due=one, said_at=said_at, sequence=plan[moved].sequence + 1)
    return tuple(sorted(plan, key=lambda release: (release.due.at, release.uid)))


def _edits(number: int, elections: Sequence[Election]) -> int:
    """Return how often the time of a line of the calendar was edited."""
    times = [election.calendar[number].at for election in elections if number < len(election.calendar)]
    return sum(earlier != later for earlier, later in pairwise(times))


def _moved(plan: Sequence[Planned], due: ReleaseDue, said_at: datetime) -> int | None:
    """Return which planned release an announcement is about: the same moment, or the same words while that one is still to come."""
    same = [place for place, old in enumerate(plan) if old.due.at == due.at]
    alike = [place for place, old in enumerate(plan) if old.due.at > said_at and old.due.what.casefold() == due.what.casefold()]
    return next(iter((*same, *alike)), None)


def _new(election: Election, due: ReleaseDue, said_at: datetime, number: int) -> Planned:
    # The time is not part of the name in election.toml, so that an edited time moves the entry there as well.
    key = f"{number}" if due in election.calendar else f"{number}\x1f{iso(due.at)}"
    name = hashlib.sha256(f"{election.id}\x1f{due.what}\x1f{key}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Planned(uid=f"{name}@racecall", due=due, said_at=said_at)


def _event(release: Planned, election: Election) -> Event:
    from icalendar import Event

    starts = release.due.at.astimezone(election.zone)
    made = Event()
    made.add("uid", release.uid)
    made.add("sequence", release.sequence)
    made.add("dtstamp", release.said_at.astimezone(UTC))
    made.add("dtstart", starts)
    made.add("duration", LASTS)
    made.add("summary", plain(f"{feed_title(election, ())}: {release.due.what}"))
    if release.due.source:
        made.add("description", plain(release.due.source))
    made.add("transp", "TRANSPARENT")
    return made
