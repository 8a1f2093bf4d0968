"""What was made from the last good view, kept while it is the last: two hundred open pages that ask at once are given the same one."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from racecall.desk.web.keeper import Snapshot

Made = TypeVar("Made")
MOST = 300
"""Things that are kept of one view; a board of four hundred contests takes a quarter of a megabyte."""


class Kept:
    """Pages and objects of one view; a new view empties it."""

    def __init__(self) -> None:
        self._of: Snapshot | None = None
        self._made: dict[Hashable, Any] = {}
        self._lock = Lock()

    def get(self, now: Snapshot, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made under a key from a view, or make it.

        Args:
            now: The view; told from others by being it, not by what is in it.
            key: Everything else that it depends on.
            make: Makes it.
        """
        with self._lock:
            if self._of is not now:
                self._of, self._made = now, {}
            if key in self._made:
                found: Made = self._made[key]
                return found
        made = make()
        with self._lock:
            if self._of is now and len(self._made) < MOST:
                self._made[key] = made
        return made
