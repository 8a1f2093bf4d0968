"""Around everything that the desk answers: the headers that keep a page to itself, a line in the log, and the figures.

A line is JSON: when, method, path without its query, status, milliseconds, who and from where. Passwords, tokens and what was typed are in
no line, because they are in no path.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from litestar.enums import ScopeType

from racecall.desk.clock import Clock
from racecall.desk.web.figures import Figures
from racecall.ledger.events import iso

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    b"frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),  # with no-referrer browsers send "Origin: null" with every form, and none could be known as ours
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
"""On every answer: nothing is loaded from elsewhere, nothing runs inside a page, no other page holds ours."""
NO_STORE = (b"cache-control", b"no-store")
"""On every answer that does not say otherwise: what is shown to people who are signed in stays in no cache."""
HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")

Tell = Callable[[str], None]
"""Takes a line of the log."""


class Front:
    """The outermost layer of the desk.

    Args:
        app: The application.
        figures: What is counted.
        clock: What time it is.
        tell: Takes lines of the log.
        secure: Whether browsers reach the desk over HTTPS alone.
    """

    def __init__(self, app: ASGIApp, *, figures: Figures, clock: Clock, tell: Tell, secure: bool) -> None:
        self.app = app
        self.figures = figures
        self.clock = clock
        self.tell = tell
        self.headers = (*HEADERS, HTTPS_ONLY) if secure else HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass on the beginning and the end of the desk."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*self._headers(list(message["headers"]))]
                self._note(scope, status, time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, sent)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        names = {name.lower() for name, _ in given}
        return [*given, *self.headers, *(() if NO_STORE[0] in names else (NO_STORE,))]

    def _note(self, scope: Any, status: int, seconds: float) -> None:
        """Count an answer and write its line, when its first byte goes out: an open page answers for hours."""
        self.figures.answered(scope["method"], status, seconds)
        user, client = scope.get("user"), scope.get("client")
        line = {
            "at": iso(self.clock()),
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "ms": round(1000 * seconds, 1),
            "by": user.name if user else None,
            "from": client[0] if client else None,
        }
        self.tell(json.dumps(line, ensure_ascii=True))
