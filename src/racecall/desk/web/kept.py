"""What was made from the last good view, kept while it is the last: two hundred open pages that ask at once are given the same one.

One thing is made at a time. Threads of Python take turns, so that several pages in the making come no sooner, and whoever answers all
others would wait for a turn of each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from litestar.concurrency import sync_to_thread

from racecall.desk.web.keeper import Snapshot

Made = TypeVar("Made")
MOST = 300
"""Things that are kept of one view; a board of four hundred contests takes a quarter of a megabyte."""


class Kept:
    """Pages and objects of one view; a new view empties it."""

    def __init__(self) -> None:
        self._of: Snapshot | None = None
        self._made: dict[Hashable, tuple[Any]] = {}
        self._lock = Lock()
        self._making = Lock()

    def get(self, now: Snapshot, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made under a key from a view, or make it.

        Args:
            now: The view; told from others by being it, not by what is in it.
            key: Everything else that it depends on.
            make: Makes it.
        """
        found: tuple[Made] | None = self.found(now, key)
        if found:
            return found[0]
        with self._making:
            found = self.found(now, key) or (make(),)
            with self._lock:
                if self._of is now and len(self._made) < MOST:
                    self._made[key] = found
        return found[0]

    def found(self, now: Snapshot, key: Hashable) -> tuple[Any] | None:
        """Return what was made before, in a tuple of its own, None if nothing was; forget what was made from an earlier view."""
        with self._lock:
            if self._of is None or (self._of is not now and self._of.number <= now.number):
                self._of, self._made = now, {}
            return self._made.get(key) if self._of is now else None


async def made_once(kept: Kept, now: Snapshot, key: Hashable, make: Callable[[], Made]) -> Made:
    """Return what was made under a key from a view; a thread is asked only if it has to be made."""
    found: tuple[Made] | None = kept.found(now, key)
    return found[0] if found else await sync_to_thread(kept.get, now, key, make)
