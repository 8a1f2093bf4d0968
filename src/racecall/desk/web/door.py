"""Coming in and going out: sign in, sign out, another password, and the list of those who may."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.response import Redirect

from racecall.desk.web.accounts import LONGEST_NAME, SHORTEST_PASSWORD, Account, Role
from racecall.desk.web.attempts import WINDOW
from racecall.desk.web.guards import FOREIGN, FORM_FIELD, cookie_name, desk_of, form_of
from racecall.desk.web.render import page
from racecall.desk.web.service import Desk
from racecall.desk.web.sessions import random_token
from racecall.errors import UsageError

Asked = Request[Any, Any, Any]
DOOR = "racecall-door"
"""Cookie of the sign-in form, which has no session yet: what the form carries must be what the browser holds."""
WRONG = "Name or password is wrong."
WAIT = f"Too many tries. Wait {WINDOW.seconds // 60} minutes and try again; whoever is signed in stays so."


@get("/sign-in", role=None, include_in_schema=False)
async def show_door(request: Asked) -> Response[str]:
    """Show the form to sign in."""
    return _door(request)


def _door(request: Asked, *, problem: str = "", status: int = 200) -> Response[str]:
    token = random_token()
    desk = desk_of(request)
    shown = page(request, "sign_in", door=token, problem=problem, status=status, to=_local(request.query_params.get("to", "/")))
    shown.set_cookie(Cookie(key=DOOR, value=token, path="/sign-in", httponly=True, samesite="strict", secure=desk.settings.secure))
    return shown


def _local(path: str) -> str:
    """Return where somebody wanted to go, if it is a page of ours."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


@post("/sign-in", role=None, include_in_schema=False)
async def sign_in(request: Asked) -> Response[Any]:
    """Sign somebody in, under a new token whatever the browser brought."""
    desk, form = desk_of(request), await form_of(request)
    door = request.cookies.get(DOOR, "")
    if not door or not compare_digest(door.encode(), form.get(FORM_FIELD, "").encode()):
        raise PermissionDeniedException(FOREIGN)
    account, problem = await try_sign_in(request, form.get("name", ""), form.get("password", ""))
    if account is None:
        return _door(request, problem=problem, status=429 if problem == WAIT else 403)
    return await _with_session(request, desk, account, to=_local(form.get("to", "/")))


async def try_sign_in(request: Asked, name: str, password: str) -> tuple[Account | None, str]:
    """Return who signs in, or nobody and why."""
    desk = desk_of(request)
    address = request.client.host if request.client else ""
    if not desk.attempts.begin(name, address):
        desk.figures.sign_ins["refused"] += 1
        return None, WAIT
    account = await sync_to_thread(desk.accounts.check, name, password)
    desk.figures.sign_ins["right" if account else "wrong"] += 1
    if account:
        desk.attempts.succeeded(name, address)
    return account, "" if account else WRONG


async def _with_session(request: Asked, desk: Desk, account: Account, *, to: str) -> Response[Any]:
    if request.auth:
        await sync_to_thread(desk.sessions.end, request.auth)
    answer = Redirect(to, status_code=303)
    answer.set_cookie(session_cookie(desk, await sync_to_thread(desk.sessions.begin, account)))
    return answer


def session_cookie(desk: Desk, token: str) -> Cookie:
    """Return the cookie that holds a session's token: out of reach of scripts, and sent to no other site."""
    return Cookie(key=cookie_name(desk.settings), value=token, path="/", httponly=True, samesite="strict", secure=desk.settings.secure)


@post("/sign-out", role=Role.VIEWER, include_in_schema=False)
async def sign_out(request: Asked) -> Redirect:
    """Sign somebody out in this browser."""
    desk = desk_of(request)
    await sync_to_thread(desk.sessions.end, request.auth)
    answer = Redirect("/sign-in", status_code=303)
    answer.delete_cookie(cookie_name(desk.settings), path="/")
    return answer


# -- passwords and accounts --------------------------------------------------------------------------------------------------------------


@get("/password", role=Role.VIEWER, include_in_schema=False)
async def show_password(request: Asked) -> Response[str]:
    """Show the form for another password."""
    return page(request, "password", problem="", shortest=SHORTEST_PASSWORD)


@post("/password", role=Role.VIEWER, include_in_schema=False)
async def change_password(request: Asked) -> Response[Any]:
    """Change one's own password, and sign out everywhere."""
    desk, form = desk_of(request), await form_of(request)
    account, problem = await try_sign_in(request, request.user.name, form.get("old", ""))
    if account:
        problem = await sync_to_thread(_set_password, desk, account, form.get("new", ""))
    if problem:
        return page(request, "password", status=400, problem=problem, shortest=SHORTEST_PASSWORD)
    return Redirect("/sign-in", status_code=303)


def _set_password(desk: Desk, account: Account, password: str) -> str:
    """Set a password; return what is wrong with it, "" if nothing."""
    try:
        desk.accounts.set_password(account.name, password)
    except UsageError as error:
        return str(error)
    return ""


@get("/accounts", role=Role.ADMIN, include_in_schema=False)
async def show_accounts(request: Asked) -> Response[str]:
    """Show who may sign in."""
    return await sync_to_thread(_accounts, request)


def _accounts(request: Asked, *, problem: str = "", status: int = 200) -> Response[str]:
    everyone = desk_of(request).accounts.all()
    limits = {"shortest": SHORTEST_PASSWORD, "longest": LONGEST_NAME}
    return page(request, "accounts", status=status, everyone=everyone, roles=tuple(Role), problem=problem, **limits)


@post("/accounts", role=Role.ADMIN, include_in_schema=False)
async def change_accounts(request: Asked) -> Response[Any]:
    """Let somebody in, or change what they may do."""
    form = await form_of(request)
    try:
        await sync_to_thread(_change_account, desk_of(request), request.user, form)
    except UsageError as error:
        return _accounts(request, problem=str(error), status=400)
    return Redirect("/accounts", status_code=303)


def _change_account(desk: Desk, admin: Account, form: dict[str, str]) -> None:
    name, role = form.get("name", ""), form.get("role", "")
    if role and role not in set(Role):
        raise UsageError(f'no role "{role}".', next_step=f"Roles: {', '.join(Role)}.")
    if name == admin.name:
        raise UsageError("you cannot change your own account here.", next_step="Ask another admin: nobody should lock the last door.")
    match form.get("do", ""):
        case "add":
            desk.accounts.add(name, Role(role or Role.VIEWER), form.get("password", ""))
        case "role":
            desk.accounts.set_role(name, Role(role or Role.VIEWER))
        case "disable" | "enable" as what:
            desk.accounts.disable(name, disabled=what == "disable")
        case _:
            raise UsageError("nothing was asked for.")
