"""The application: every address, who is let in before it, and what is said when something goes wrong."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from litestar import Litestar, MediaType, Request, Response
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect

from racecall.desk.web import actions, api, copydesk, door, pages, shelf
from racecall.desk.web.front import Front, Tell
from racecall.desk.web.guards import admit, cookie_name
from racecall.desk.web.live import Broadcast
from racecall.desk.web.render import page
from racecall.desk.web.service import Desk
from racecall.errors import RacecallError, SourceError, StorageError, UnknownName, UsageError

THREADS = 32
"""Requests that are worked on at once: most of them wait, for the record, for a judgement, or for a page that another one is making."""
LARGEST_FORM = 1_000_000
"""A form of four hundred contests is a tenth of it [bytes]."""

HANDLERS = (
    pages.show_board,
    pages.show_contest,
    pages.show_log,
    pages.static,
    pages.live,
    pages.health,
    pages.metrics,
    door.show_door,
    door.sign_in,
    door.sign_out,
    door.show_password,
    door.change_password,
    door.show_accounts,
    door.change_accounts,
    actions.show_whole_statement,
    actions.enter_whole_statement,
    actions.show_statement,
    actions.enter_statement,
    actions.show_report,
    actions.enter_report,
    actions.show_count,
    actions.type_count,
    actions.show_agreed,
    actions.record_count,
    actions.discard_count,
    actions.show_finding,
    actions.accept,
    actions.show_decide,
    actions.decide,
    actions.show_publish,
    actions.publish,
    *copydesk.HANDLERS,
    *api.HANDLERS,
)
"""Every address of the desk."""

WORDS = {
    HTTPStatus.BAD_REQUEST: "This request is not one that the desk understands.",
    HTTPStatus.NOT_FOUND: "There is no such page.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "This is larger than any form of the desk.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong in the desk itself; the log has it. What is recorded is safe.",
}
"""What is said where the program gives no words of its own."""
HEADINGS = {
    HTTPStatus.UNAUTHORIZED: "You are signed out",
    HTTPStatus.FORBIDDEN: "This was refused",
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.BAD_REQUEST: "This cannot be done",
}
"""Above it, where the words of HTTP say little."""
SIGNED_OUT = "Your session is over; nothing was recorded. Sign in, open the form again, and take what you typed from below."
NEVER_SHOWN = {"password", "old", "new", "form_token", "head", "do", "seen", "beside", "to"}
"""Fields that people did not type, or that nobody should read over their shoulder."""


STATUSES: tuple[tuple[type[RacecallError], HTTPStatus], ...] = (
    (UnknownName, HTTPStatus.NOT_FOUND),
    (UsageError, HTTPStatus.BAD_REQUEST),
    (SourceError, HTTPStatus.BAD_REQUEST),  # an entry that somebody typed
    (RacecallError, HTTPStatus.SERVICE_UNAVAILABLE),
)
"""What a program is told, by whose fault it is; the first that fits."""


def application(desk: Desk, *, watching: bool = True) -> Litestar:
    """Return the desk as an application.

    Args:
        desk: The desk.
        watching: Whether the record is looked at every second; tests look themselves.
    """

    async def look() -> bool:
        return await sync_to_thread(_looked, desk)

    broadcast = Broadcast(desk.keeper, look)

    @asynccontextmanager
    async def looking(_: Litestar) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        tasks = [asyncio.create_task(work) for work in (broadcast.run(), _kept_on_shelf(desk))] if watching else []
        yield
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return Litestar(
        route_handlers=HANDLERS,
        guards=[admit],
        lifespan=[looking],
        exception_handlers={RacecallError: refused, HTTPException: failed, Exception: broken},
        request_max_body_size=LARGEST_FORM,
        logging_config=None,  # the log is `racecall.desk.web.front`
        openapi_config=api.openapi_config(cookie_name(desk.settings)),
        state=_state(desk, broadcast),
    )


def front(desk: Desk, app: Litestar, tell: Tell | None = None) -> Front:
    """Return the application with everything around it, as it is served."""
    return Front(app, figures=desk.figures, clock=desk.clock, tell=tell or to_stderr, secure=desk.settings.secure)


def to_stderr(line: str) -> None:
    """Write a line of the log."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - the log is what the desk prints


async def _kept_on_shelf(desk: Desk) -> None:
    """Check the stored stories again whenever the record has moved, for as long as the desk runs."""
    while True:
        await sync_to_thread(desk.shelf.look)
        await asyncio.sleep(shelf.EVERY)


def _looked(desk: Desk) -> bool:
    """Look at the record, and read what every page is asked with: who is signed in, and what waits."""
    with suppress(StorageError):  # whoever asks is told
        desk.sessions.look()
        desk.typed.look()
    return desk.keeper.look(stopwatch=time.perf_counter) is not None


def _state(desk: Desk, broadcast: Broadcast) -> Any:
    from litestar.datastructures import State

    return State({"desk": desk, "broadcast": broadcast})


# -- what is said when something goes wrong -----------------------------------------------------------------------------------------------


def refused(request: Request[Any, Any, Any], error: RacecallError) -> Response[Any]:
    """Say in words what cannot be done."""
    return said(request, next(status for kind, status in STATUSES if isinstance(error, kind)), str(error))


def failed(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Say what the guard or the router refused; who is not signed in is shown the door."""
    status = HTTPStatus(error.status_code)
    if isinstance(error, NotAuthorizedException) and not is_for_programs(request):
        if typed_in(request):
            return said(request, status, SIGNED_OUT)
        to = quote(request.url.path) if request.method == "GET" and request.url.path != "/live" else "/"
        return Redirect(f"/sign-in?to={to}", status_code=303)
    return said(request, status, WORDS.get(status) or error.detail)


def broken(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Say that the desk itself failed, and write where into the log."""
    import traceback

    to_stderr("".join(traceback.format_exception(error)))
    return said(request, HTTPStatus.INTERNAL_SERVER_ERROR, WORDS[HTTPStatus.INTERNAL_SERVER_ERROR])


def is_for_programs(request: Request[Any, Any, Any]) -> bool:
    """Whether a program asks, which is answered in JSON."""
    return request.url.path.startswith("/api/")


def said(request: Request[Any, Any, Any], status: HTTPStatus, words: str) -> Response[Any]:
    """Answer with a sentence, as a page or as JSON."""
    if is_for_programs(request):
        return Response({"status": status.value, "problem": words}, status_code=status, media_type=MediaType.JSON)
    return page(request, "problem", status=status, heading=HEADINGS.get(status, status.phrase), problem=words, typed=typed_in(request))


def typed_in(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return what somebody typed into a form that was refused, without what no page should show: they can copy it from there."""
    form: dict[str, str] = request.scope.get("typed", {})  # type: ignore[assignment]
    return {name: text for name, text in form.items() if text.strip() and name not in NEVER_SHOWN}
