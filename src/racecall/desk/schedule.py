"""When which source is asked next: a calculation, so that a night of polling can be tried in a millisecond."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from racecall.model.contest import ReleaseDue
from racecall.model.source import Source

LONGEST_WAIT = timedelta(minutes=15)
"""After trouble a source is asked again at the latest after this: an office that comes back on the night should be seen."""
LONGEST_OBEYED = timedelta(hours=1)
"""A server may ask for at most this much patience (`Retry-After`); a desk that heeded a week would miss the count."""
GRACE = timedelta(minutes=15)
"""An announced count is called late after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A source and when it is asked next.

    Args:
        source: The source.
        due: When it is asked.
        failures: Polls in a row that found trouble with the server.
        new_at: When it last brought something new; the start of the watch before that.
        said: The silence that has been spoken of already, so that it is said once.
    """

    source: Source
    due: datetime
    new_at: datetime
    failures: int = 0
    said: str = ""


def first_turn(source: Source, now: datetime) -> Turn:
    """Return the turn of a source that is asked at once."""
    return Turn(source=source, due=now, new_at=now)


def earliest(turns: Iterable[Turn]) -> Turn:
    """Return the turn that comes first; of two at the same time, the one listed first."""
    return min(turns, key=lambda turn: turn.due)


def after_answer(turn: Turn, now: datetime, *, is_new: bool) -> Turn:
    """Return the turn after the server answered: what it sent may still be unreadable, but asking was fine."""
    return replace(turn, due=now + turn.source.every, failures=0, new_at=now if is_new else turn.new_at)


def after_trouble(turn: Turn, now: datetime, *, retry_after: timedelta | None, seed: str) -> Turn:
    """Return the turn after the server could not be asked, or did not answer as it should."""
    failures = turn.failures + 1
    wait = backoff(turn.source.every, failures, seed=f"{seed}/{turn.source.name}")
    asked_for = min(retry_after or timedelta(), LONGEST_OBEYED)
    return replace(turn, due=now + max(wait, asked_for), failures=failures)


def backoff(every: timedelta, failures: int, *, seed: str) -> timedelta:
    """Return how long to wait after so many failures in a row: twice as long each time, up to half as long again by chance.

    Args:
        every: The ordinary wait; never waited less.
        failures: From 1.
        seed: Of the chance. Desks that lost the same server come back at different moments only if their seeds differ.

    Source:
        Exponential backoff with jitter, as in RFC 9110 and "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
    """
    doubled = every * (1 << min(failures - 1, 20))
    return max(every, min(doubled, LONGEST_WAIT)) * random.Random(f"{seed}/{failures}").uniform(1, 1.5)  # noqa: S311 - no secret


def silence(turn: Turn, now: datetime, calendar: Sequence[ReleaseDue], zone: ZoneInfo) -> str:
    """Say in the county's time that a source has been silent for longer than expected, "" if it has not."""
    late = [due for due in calendar if turn.new_at < due.at <= now - GRACE]
    if late:
        return f"the count announced for {late[-1].at.astimezone(zone):%Y-%m-%d %H:%M %Z} ({late[-1].what}) has not come."
    if now - turn.new_at >= timedelta(minutes=turn.source.quiet_after_minutes):
        return f"nothing new since {turn.new_at.astimezone(zone):%Y-%m-%d %H:%M %Z}."
    return ""
