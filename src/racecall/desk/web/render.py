"""Pages from templates: everything in them is escaped, and what is missing is an error and not a blank."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

from litestar import MediaType, Request, Response
from markupsafe import escape

from racecall.desk.web.accounts import Role
from racecall.desk.web.guards import FORM_FIELD, desk_of
from racecall.desk.web.kept import made_once
from racecall.desk.web.sessions import Session
from racecall.origin import sha256_hex
from racecall.publish import words
from racecall.publish.checked import words as said

if TYPE_CHECKING:
    from jinja2 import Environment

STATIC = {"desk.css": "text/css", "live.js": "text/javascript", "checked.css": "text/css"}
"""Files that pages ask for, and what they are."""
PACKAGES = {"checked.css": "racecall.publish.checked"}
"""Where a file lies that is not the desk's own."""


@cache
def static_file(name: str) -> bytes:
    """Return one of `STATIC`."""
    return (resources.files(PACKAGES.get(name, "racecall.desk.web")) / "static" / name).read_bytes()


@cache
def static_path(name: str) -> str:
    """Return the address of one of `STATIC`: another one when its bytes change, so that browsers may keep it for ever."""
    return f"/static/{name}?v={sha256_hex(static_file(name))[:12]}"


@cache
def templates() -> Environment:
    """Return the templates."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader([PackageLoader("racecall.desk.web"), PackageLoader("racecall.publish.checked")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(static=static_path, form_field=FORM_FIELD, Role=Role, words=words, said=said)
    made.filters.update(percent=words.percent, signed=words.signed, thousands=lambda number: f"{number:,}")
    return made


def read_templates() -> None:
    """Read every template, which takes a tenth of a second each time: nobody should wait for it at their first click."""
    for name in templates().list_templates():
        templates().get_template(name)


def page(request: Request[Any, Any, Any], name: str, *, status: int = 200, **values: Any) -> Response[str]:
    """Return a page.

    Args:
        request: Who asks.
        name: The template, without its endings.
        status: HTTP status.
        values: What the template shows.
    """
    return Response(html(request, name, **values), media_type=MediaType.HTML, status_code=status)


async def shared_page(request: Request[Any, Any, Any], name: str, key: Hashable, values: Callable[[], dict[str, Any]]) -> Response[bytes]:
    """Return a page that is the same for everybody of a role, but for their name and the token of their forms.

    Args:
        request: Who asks.
        name: The template, without its endings.
        key: What the page depends on, besides the view, the role and the address.
        values: Makes what the template shows.
    """
    desk, session = desk_of(request), request.auth
    whole = (name, session.account.role, request.url.path, request.url.query, key)
    somebody = replace(session, account=replace(session.account, name=NAME), form_token=TOKEN)
    text = await made_once(desk.kept, desk.now, whole, lambda: html(request, name, session=somebody, **values()).encode())
    own = text.replace(TOKEN.encode(), session.form_token.encode()).replace(NAME.encode(), escape(session.account.name).encode())
    return Response(own, media_type=MediaType.HTML)


NAME, TOKEN = (f"{what}-{secrets.token_hex(16)}" for what in ("name", "token"))
"""Stand in a page that is kept for what is somebody's own; nobody outside can know them, and so write them into a county's file."""


def html(request: Request[Any, Any, Any], name: str, *, session: Session | None = None, **values: Any) -> str:
    """Return a page as text, with what stands on every page: who is signed in, which election, whether it is a rehearsal."""
    now = desk_of(request).now
    session = session or request.scope.get("auth")
    base = {
        "now": now,
        "election": now.election,
        "account": session.account if session else None,
        "form_token": session.form_token if session else "",
        "clock": partial(words.clock, zone=now.election.zone),
        "may": lambda role: session is not None and session.account.role.may(role),
        "can_publish": desk_of(request).settings.site is not None and not now.rehearsal,
        "path": request.scope["path"],
    }
    return templates().get_template(f"{name}.html.j2").render(base | values)
