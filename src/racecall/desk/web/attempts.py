"""How often somebody may try a password: so often for a name, so often from an address, and then a wait.

The limit on a name counts tries from everywhere, so that a crowd of machines cannot guess one password; whoever knows a name can lock it
out for a while by guessing wrong, and nobody who is signed in notices. Tries are remembered until the desk is started again.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

from racecall.desk.clock import Clock
from racecall.ledger.resolve import folded

WINDOW = timedelta(minutes=15)
"""Failures older than this are forgotten."""
PER_NAME = 10
PER_ADDRESS = 30
"""More from one address, because a newsroom sits behind one."""
MOST_KEPT = 10_000
"""Names and addresses that are remembered; beyond that, those first seen are forgotten."""


class Attempts:
    """Failed tries to sign in.

    Args:
        clock: What time it is.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: dict[tuple[str, str], deque[datetime]] = {}
        self._lock = Lock()

    def begin(self, name: str, address: str) -> bool:
        """Count a try as failed before it is made, so that many at once cannot slip through; return whether it may be made."""
        moment = self._clock()
        with self._lock:
            kept = [(self._recent(key, moment), most) for key, most in _keys(name, address)]
            if any(len(tries) >= most for tries, most in kept):
                return False
            for tries, _ in kept:
                tries.append(moment)
            return True

    def succeeded(self, name: str, address: str) -> None:
        """Forget the failures of a name after the right password; those of the address lose this one try."""
        by_name, by_address = (key for key, _ in _keys(name, address))
        with self._lock:
            self._failed.pop(by_name, None)
            if tries := self._failed.get(by_address):
                tries.pop()

    def _recent(self, key: tuple[str, str], moment: datetime) -> deque[datetime]:
        while len(self._failed) > MOST_KEPT:
            self._failed.pop(next(iter(self._failed)))
        tries = self._failed.setdefault(key, deque())
        while tries and tries[0] <= moment - WINDOW:
            tries.popleft()
        return tries


def _keys(name: str, address: str) -> tuple[tuple[tuple[str, str], int], tuple[tuple[str, str], int]]:
    return (("name", folded(name)), PER_NAME), (("address", address), PER_ADDRESS)
