"""What every feed of alerts shares: which alerts, in what order, since when, and where they are read in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from urllib.parse import quote

from racecall.model.contest import Election
from racecall.publish import words
from racecall.publish.alerts.event import AlertEvent, plain
from racecall.publish.alerts.events import superseded
from racecall.publish.alerts.sentences import Translate, language_of
from racecall.publish.site import paths

NEWEST = 500
"""Longest feed; older alerts stay in the record."""


def entries(events: Sequence[AlertEvent]) -> Iterator[tuple[AlertEvent, AlertEvent | None]]:
    """Yield each alert, newest first, with the one that took its place."""
    taken = superseded(events)
    yield from ((event, taken.get(event.id)) for event in events[: -NEWEST - 1 : -1])


def updated(event: AlertEvent, successor: AlertEvent | None) -> datetime:
    """Return when what is said of an alert was last another: when something took its place, else when it was made."""
    return successor.at if successor else event.at


def began(election: Election) -> datetime:
    """Return the moment a feed without alerts is from: the close of the polls, else the day's beginning."""
    return election.polls_close or datetime.combine(election.date, time(), election.zone)


def feed_title(election: Election, events: Sequence[AlertEvent], translate: Translate = str) -> str:
    """Name a feed; one that comes from a rehearsal says so first."""
    rehearsed = election.rehearsal or any(event.rehearsal for event in events)
    return plain(f"{translate(words.REHEARSAL)} {election.title}" if rehearsed else election.title)


def page_of(event: AlertEvent, base_url: str, translate: Translate = str) -> str:
    """Return where an alert's contest is read in full."""
    language = language_of(translate)
    return base_url + (quote(paths.contest(event.contest, language)) if event.contest else paths.folder(language))
