"""What is read: the board, a contest, the audit log, what is new, and how the desk itself is doing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from hmac import compare_digest
from typing import Annotated, Any

from litestar import MediaType, Request, Response, get
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath, FromQuery, HeaderParameter, QueryParameter
from litestar.response import Stream
from litestar.response.sse import ServerSentEventMessage

from racecall.desk.web.accounts import Role
from racecall.desk.web.board import TITLES, Part
from racecall.desk.web.guards import cookie_name, desk_of, session_of
from racecall.desk.web.live import Broadcast
from racecall.desk.web.log import KINDS, line_of, log_page
from racecall.desk.web.render import STATIC, shared_page, static_file
from racecall.desk.web.service import Desk
from racecall.desk.web.typed import TypedCount, waiting_in
from racecall.ledger.events import EventKind

Asked = Request[Any, Any, Any]
KEPT_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
RECENT = 5
"""Events below the board."""
MANY = 30
"""From more contests on than this the board has a field to look for one."""


@get("/", role=Role.VIEWER, include_in_schema=False)
async def show_board(request: Asked, find: FromQuery[str] = "") -> Response[bytes]:
    """Show what needs a person; of many contests those that somebody looks for."""
    desk = desk_of(request)
    now, typed, stale = desk.now, await typed_counts(desk), len(desk.shelf.now.stale)

    def values() -> dict[str, Any]:
        recent = [line_of(event, now.election) for event in now.ledger.events[: -RECENT - 1 : -1]]
        return {
            "board": now.board.found(find),
            "find": find,
            "many": len(now.board.rows) > MANY,
            "parts_of_board": tuple(Part),
            "titles": TITLES,
            "recent": recent,
            "typed": typed,
            "stale_stories": stale,
        }

    return await shared_page(request, "board", (stale, *((one.id, one.again) for one in typed)), values)


async def typed_counts(desk: Desk) -> tuple[TypedCount, ...]:
    """Return the counts that wait for their second typing; a thread is asked only if they have to be read."""
    known = desk.typed.reading.recall()
    return await sync_to_thread(desk.typed.all) if known is None else known


@get("/contests/{contest:str}", role=Role.VIEWER, include_in_schema=False)
async def show_contest(request: Asked, contest: FromPath[str]) -> Response[bytes]:
    """Show everything that is known of a contest."""
    desk = desk_of(request)
    now, typed = desk.now, waiting_in(await typed_counts(desk), contest)
    now.check(contest)

    def values() -> dict[str, Any]:
        view = now.contest(contest)
        accepted = {finding.id: now.records.accepted(finding) for finding in view.findings}
        log = log_page(now.ledger, now.election, contest=contest)
        batches = tuple(reversed(now.records.counts(contest)))
        return {"view": view, "accepted": accepted, "log": log, "batches": batches, "typed": typed}

    return await shared_page(request, "contest", typed is not None, values)


@get("/log", role=Role.VIEWER, include_in_schema=False)
async def show_log(
    request: Asked,
    contest: FromQuery[str] = "",
    kind: FromQuery[str] = "",
    number: Annotated[int, QueryParameter(name="page", ge=1, le=1_000_000)] = 1,
) -> Response[bytes]:
    """Show the audit log."""
    now = desk_of(request).now
    shown = kind if kind in set(EventKind) else ""

    def values() -> dict[str, Any]:
        found = log_page(now.ledger, now.election, contest=contest, kind=shown, number=number)
        return {"log": found, "kinds": KINDS, "contest": contest, "kind": shown}

    return await shared_page(request, "log", "", values)


@get("/static/{name:str}", role=None, include_in_schema=False)
async def static(name: FromPath[str]) -> Response[bytes]:
    """Give a file that pages ask for; its address changes with its bytes."""
    if name not in STATIC:
        raise NotFoundException("there is no such file.")
    return Response(static_file(name), media_type=STATIC[name], headers=KEPT_FOR_EVER)


# -- what is new -------------------------------------------------------------------------------------------------------------------------


@get("/live", role=Role.VIEWER, include_in_schema=False)
async def live(
    request: Asked,
    number: Annotated[int, QueryParameter(name="from", ge=0)] = 0,
    last: Annotated[str, HeaderParameter(name="last-event-id")] = "",
) -> Stream | Response[str]:
    """Tell a page what is new, for as long as it is open."""
    desk = desk_of(request)
    broadcast: Broadcast = request.app.state.broadcast
    if broadcast.is_full:
        return Response("Too many pages are open; this one is not kept fresh.", status_code=503, media_type=MediaType.TEXT)
    token = request.cookies.get(cookie_name(desk.settings), "")

    async def is_signed_in() -> bool:
        return await session_of(desk, token, click=False) is not None

    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else number
    return Stream(_told(broadcast.changes(seen, is_signed_in)), media_type="text/event-stream", headers=AT_ONCE)


AT_ONCE = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
"""Headers of what is told: nobody on the way keeps it, or waits for more."""
RETRY = b"retry: 3000\r\n\r\n"
"""When a page comes back after the desk was away [milliseconds]."""


async def _told(changes: AsyncIterator[tuple[str, str]]) -> AsyncIterator[bytes]:
    yield RETRY
    async for kind, text in changes:
        yield _event(kind, text)


@lru_cache(maxsize=8)
def _event(kind: str, text: str) -> bytes:
    """Write an event as it is sent, once for every page that is told the same; one without a kind is a sign of life."""
    if not kind:
        return ServerSentEventMessage(data=None, comment="here").encode()
    return ServerSentEventMessage(event=kind, id=text.partition(" ")[0] or None, data=text).encode()


# -- how the desk is doing ---------------------------------------------------------------------------------------------------------------


@get("/health", role=None, include_in_schema=False)
async def health(request: Asked) -> Response[dict[str, Any]]:
    """Say whether the record is read and judged; for whoever watches the desk by program."""
    now = desk_of(request).now
    age = (desk_of(request).clock() - now.made_at).total_seconds()
    said = {"ok": not now.trouble, "seconds_since_judged": age}
    return Response(said, status_code=503 if now.trouble else 200)


@get("/metrics", role=None, include_in_schema=False)
async def metrics(request: Asked) -> Response[str]:
    """Give the figures about the desk itself, to this machine or to whoever shows the token."""
    desk = desk_of(request)
    if not may_read_metrics(request):
        raise PermissionDeniedException("the figures are given to this machine alone, or for the token of --metrics-token.")
    now, broadcast = desk.now, request.app.state.broadcast
    gauges = {
        "pages_open": broadcast.open,
        "judged_seconds": desk.keeper.judged_seconds,
        "view_age_seconds": (desk.clock() - now.made_at).total_seconds(),
        "trouble": float(bool(now.trouble)),
        "events": len(now.ledger),
        "contests": len(now.contests),
        **{f"board_{part.value}": float(now.board.count(part)) for part in Part},
    }
    return Response(desk.figures.text(gauges), media_type="text/plain; version=0.0.4; charset=utf-8")


def may_read_metrics(request: Asked) -> bool:
    """Whether a program on this machine asks, or one that shows the token."""
    token = desk_of(request).settings.metrics_token
    if token:
        return compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    return request.client is not None and request.client.host in LOOPBACK and "x-forwarded-for" not in request.headers


LOOPBACK = {"127.0.0.1", "::1", "testclient"}
