"""Who may ask for what: one guard before every handler, which lets nothing through that it does not know.

Each handler names the role it takes (`role=Role.EDITOR`), or that it is open to everybody (`role=None`). What changes something is taken
from our own pages only: the browser says where a form comes from, and every form carries a token of its session.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException

from racecall.desk.web.accounts import Role
from racecall.desk.web.service import Desk, DeskSettings
from racecall.desk.web.sessions import Session

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

COOKIE = "racecall-desk"
"""The cookie with the token of a session; browsers take `__Host-` before it from HTTPS alone, for this host and all paths."""
FORM_FIELD = "form_token"
FORM_HEADER = "x-form-token"
"""Where a form, or a program, gives the token of its session."""
NO_CLICK = "x-racecall-live"
"""Header of requests that a script makes by itself: they keep no session alive."""
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

NOT_SIGNED_IN = "Please sign in."
NOT_ALLOWED = "This takes the role {needed}; yours is {role}."
NOT_OUR_NAME = "The desk does not answer to the name {name}. Whoever runs it can add it: racecall desk DIR --name {name}"
FOREIGN = "This form does not come from the desk; nothing was recorded. Open the page again and send it from there."


def desk_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Desk:
    """Return the desk behind a request."""
    desk: Desk = connection.app.state.desk
    return desk


def cookie_name(settings: DeskSettings) -> str:
    """Return the name of the session's cookie."""
    return f"__Host-{COOKIE}" if settings.secure else COOKIE


async def admit(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find out who asks, and whether they may.

    Raises:
        NotAuthorizedException: Nobody is signed in.
        PermissionDeniedException: The role is not enough, or the form is not one of ours, or the desk has another name.
    """
    check_host(connection)
    form = await _checked_form(connection)
    needed: Role | None = handler.opt.get("role", Role.ADMIN)  # a handler that does not say is not for everybody
    session = await signed_in(connection)
    connection.scope["auth"] = session
    connection.scope["user"] = session.account if session else None
    if needed is not None:
        connection.scope["typed"] = form or {}  # type: ignore[typeddict-unknown-key]  # so that whoever is refused sees what they typed
        check_role(session, needed)
        if form is not None:
            check_form(connection, session, form)


async def _checked_form(connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, str] | None:
    """Return what is sent to be recorded, None if something is only asked for."""
    if not isinstance(connection, Request) or connection.method in SAFE_METHODS:
        return None
    check_origin(connection)
    return await form_of(connection)


def check_host(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse who came under a name that is not ours: a foreign name may be made to point here, and its pages would then count as ours."""
    name = urlsplit(f"//{connection.headers.get('host', '')}").hostname
    if name not in desk_of(connection).settings.names:
        raise PermissionDeniedException(NOT_OUR_NAME.format(name=name))


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any]) -> Session | None:
    """Return the session that the browser's cookie stands for."""
    desk = desk_of(connection)
    token = connection.cookies.get(cookie_name(desk.settings), "")
    click = NO_CLICK not in connection.headers and connection.scope["path"] != "/live"
    return await session_of(desk, token, click=click)


async def session_of(desk: Desk, token: str, *, click: bool) -> Session | None:
    """Return the session of a token, None if there is none; a thread is asked only if something has to be read or written for it."""
    known = desk.sessions.recall(token, click=click)
    return known[0] if known else await sync_to_thread(desk.sessions.find, token, click=click)


def check_role(session: Session | None, needed: Role) -> None:
    """Refuse whoever is not signed in, or may not do this."""
    if session is None:
        raise NotAuthorizedException(NOT_SIGNED_IN)
    if not session.account.role.may(needed):
        raise PermissionDeniedException(NOT_ALLOWED.format(needed=needed, role=session.account.role))


def check_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse what another site sends through somebody's browser; programs that are no browsers say nothing of where they are."""
    origin, site = connection.headers.get("origin"), connection.headers.get("sec-fetch-site", "same-origin")
    own = connection.headers.get("host", "")
    if (origin is not None and urlsplit(origin).netloc != own) or site not in {"same-origin", "none"}:
        raise PermissionDeniedException(FOREIGN)


def check_form(connection: ASGIConnection[Any, Any, Any, Any], session: Session | None, form: Mapping[str, str]) -> None:
    """Refuse a form that was not made for this session."""
    given = connection.headers.get(FORM_HEADER, form.get(FORM_FIELD, ""))
    if session is None or not session.signed(given):
        raise PermissionDeniedException(FOREIGN)


async def form_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Return the fields of a form; of a field that is sent twice the last, and no files."""
    if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
        return {}
    return {name: value for name, value in (await request.form()).multi_items() if isinstance(value, str)}
