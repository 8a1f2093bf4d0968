"""What is new, told to every open page at once (server-sent events).

One task looks at the record for everybody, once a second; a page that is slow, or was away, is told once of everything it missed. A page
whose person is signed out is told so and left.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from racecall.desk.web.keeper import Keeper

EVERY = 1.0
"""How often the record is looked at [seconds]."""
HEARTBEAT = 15.0
"""How often a silent page is sent a sign of life at the least, and its session is looked at [seconds]."""
SPREAD = 0.5
"""Within how long all pages are told of a change [seconds]: whoever asks for a page meanwhile need not wait for all of them."""
GOLDEN = (5**0.5 - 1) / 2
"""Times 1, 2, 3 and so on, its fractions are spread evenly, however many there are (Weyl): each open page has a turn of its own."""
MOST = 500
"""Pages that are kept open at once; each takes a connection."""

Look = Callable[[], Awaitable[bool]]
"""Looks at the record and says whether anything changed."""
Bell = asyncio.Event


class Broadcast:
    """Wakes every open page when there is something new.

    Args:
        keeper: Keeps the view.
        look: Looks at the record, outside the event loop.
    """

    def __init__(self, keeper: Keeper, look: Look) -> None:
        self.keeper = keeper
        self.open = 0
        self._seen = 0
        self._look = look
        self._bell: Bell | None = None

    @property
    def is_full(self) -> bool:
        """Whether no more pages are taken."""
        return self.open >= MOST

    async def run(self) -> None:
        """Look at the record for as long as the desk runs."""
        while True:
            await self.look()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Look once, and wake everybody if something is new."""
        if await self._look():
            bell, self._bell = self._bell, None
            if bell:
                bell.set()

    async def changes(self, number: int, is_signed_in: Look) -> AsyncIterator[tuple[str, str]]:
        """Yield what a page is told: kind of the event, and its text.

        Args:
            number: Number of the view that the page was made from.
            is_signed_in: Whether its person still is.
        """
        self.open, self._seen = self.open + 1, self._seen + 1
        turn = GOLDEN * self._seen % 1
        try:
            while True:
                if change := self.keeper.since(number):
                    number = change.number
                    yield "change", f"{number} {' '.join(change.contests)}".strip()
                elif not await is_signed_in():
                    yield "signed-out", ""
                    return
                else:
                    yield "", ""
                await self._wait(number, turn)
        finally:
            self.open -= 1

    async def _wait(self, number: int, turn: float) -> None:
        """Wait for the next change, or for the next sign of life; pages whose bell rings together hear of it one after the other."""
        if self.keeper.now.number != number:
            return
        self._bell = self._bell or asyncio.Event()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), HEARTBEAT * (1 + turn) / 2)
            await asyncio.sleep(SPREAD * turn)
