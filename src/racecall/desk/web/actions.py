"""The forms: each is typed, shown with what it would change, and recorded; what happens then is in `racecall.desk.web.deeds`.

Handlers go to a thread by themselves here: Litestar 2.25 wraps a handler twice if its address takes GET and POST and says `sync_to_thread`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import Redirect

from racecall.desk.web import deeds
from racecall.desk.web.accounts import Role
from racecall.desk.web.changes import Preview
from racecall.desk.web.deeds import MOVED, REPORT, STATEMENT, Entry, Recorded
from racecall.desk.web.guards import check_role, desk_of, form_of
from racecall.desk.web.render import page
from racecall.desk.web.typed import HEAD, VOTES, TypedCount, cell_name
from racecall.errors import RacecallError, UnknownName, UsageError

Asked = Request[Any, Any, Any]
Answer = Response[Any]
NOT_FIELDS = {"do", "head", "form_token", "contest"}


# -- Statements and reports --------------------------------------------------------------------------------------------------------------


@get("/statement", role=Role.EDITOR, include_in_schema=False)
async def show_whole_statement(request: Asked) -> Response[str]:
    """Show the form for what an office said of all its ballots."""
    return await sync_to_thread(_form, request, STATEMENT, "", {})


@post("/statement", role=Role.EDITOR, include_in_schema=False)
async def enter_whole_statement(request: Asked) -> Answer:
    """Show what a statement about the whole jurisdiction would change, or record it."""
    return await sync_to_thread(_entered, request, STATEMENT, "", await form_of(request))


@get("/contests/{contest:str}/statement", role=Role.EDITOR, include_in_schema=False)
async def show_statement(request: Asked, contest: FromPath[str]) -> Response[str]:
    """Show the form for what an office said of one contest's ballots."""
    return await sync_to_thread(_form, request, STATEMENT, contest, {})


@post("/contests/{contest:str}/statement", role=Role.EDITOR, include_in_schema=False)
async def enter_statement(request: Asked, contest: FromPath[str]) -> Answer:
    """Show what a statement would change, or record it."""
    return await sync_to_thread(_entered, request, STATEMENT, contest, await form_of(request))


@get("/contests/{contest:str}/report", role=Role.EDITOR, include_in_schema=False)
async def show_report(request: Asked, contest: FromPath[str]) -> Response[str]:
    """Show the form for what others say."""
    return await sync_to_thread(_form, request, REPORT, contest, {})


@post("/contests/{contest:str}/report", role=Role.EDITOR, include_in_schema=False)
async def enter_report(request: Asked, contest: FromPath[str]) -> Answer:
    """Show what a report would change, or record it."""
    return await sync_to_thread(_entered, request, REPORT, contest, await form_of(request))


def _form(request: Asked, entry: Entry, contest: str, form: Mapping[str, str], *, problem: str = "") -> Response[str]:
    view = desk_of(request).now.contest(contest) if contest else None
    return page(request, entry.name, status=400 if problem else 200, view=view, form=form, problem=problem)


def _entered(request: Asked, entry: Entry, contest: str, form: Mapping[str, str]) -> Answer:
    """Go the way of an entry: back to the form if it is wrong, to the page that shows what changes, or into the record."""
    wants = form.get("do") == "record"
    typed = {name: text for name, text in form.items() if name not in NOT_FIELDS} | {"contest": contest}
    try:
        result = deeds.enter(desk_of(request), entry, typed, by=request.user, head=form.get("head", "") if wants else "")
    except UnknownName:
        raise
    except RacecallError as error:
        return _form(request, entry, contest, form, problem=str(error))
    place = f"/contests/{contest}" if contest else "/"
    if isinstance(result, Recorded):
        return Redirect(place, status_code=303)
    return _preview(request, result, contest, back=f"{place.rstrip('/')}/{entry.name}", kept=typed, moved=wants)


def _preview(
    request: Asked, shown: Preview, contest: str, *, back: str, kept: Mapping[str, str], signed: str = "", moved: bool
) -> Response[str]:
    notice = MOVED if moved and not shown.skipped else ""
    return page(request, "preview", shown=shown, kept=kept, back=back, notice=notice, contest=contest, signed=signed)


# -- A count by hand: typed, typed again, shown, recorded --------------------------------------------------------------------------------


@get("/contests/{contest:str}/count", role=Role.EDITOR, include_in_schema=False)
async def show_count(request: Asked, contest: FromPath[str]) -> Response[str]:
    """Show the form for a count: empty the first time, and empty again the second, so that nobody copies what is there."""
    return await sync_to_thread(_count_form, request, contest, {})


def _count_form(request: Asked, contest: str, typed: Mapping[str, str], *, problem: str = "", different: Any = ()) -> Response[str]:
    desk = desk_of(request)
    values: dict[str, Any] = {"view": desk.now.contest(contest), "waiting": desk.typed.waiting(contest), "different": different}
    return page(request, "count", status=400 if problem else 200, cells=typed, problem=problem, votes=VOTES, head=HEAD, **values)


@post("/contests/{contest:str}/count", role=Role.EDITOR, include_in_schema=False)
async def type_count(request: Asked, contest: FromPath[str]) -> Answer:
    """Take one typing of a count: keep the first, compare the second, and show what changes when they agree."""
    return await sync_to_thread(_typed, request, contest, await form_of(request))


def _typed(request: Asked, contest: str, form: Mapping[str, str]) -> Answer:
    desk = desk_of(request)
    try:
        result = deeds.type_count(desk, contest, form, by=request.user, beside=form.get("beside", ""))
    except UnknownName:
        raise
    except RacecallError as error:
        return _count_form(request, contest, form, problem=str(error))
    if isinstance(result, TypedCount):
        return Redirect(f"/contests/{contest}{'/count/agreed' if result.again else ''}", status_code=303)
    named = [(cell_name(one.cell, desk.now.contest(contest).contest), one) for one in result]
    return _count_form(request, contest, form, different=named)


@get("/contests/{contest:str}/count/agreed", role=Role.EDITOR, include_in_schema=False)
async def show_agreed(request: Asked, contest: FromPath[str]) -> Answer:
    """Show what a count that was typed twice would change."""
    return await sync_to_thread(_recorded_count, request, contest, "")


@post("/contests/{contest:str}/count/agreed", role=Role.EDITOR, include_in_schema=False)
async def record_count(request: Asked, contest: FromPath[str]) -> Answer:
    """Record a count that was typed twice."""
    return await sync_to_thread(_recorded_count, request, contest, (await form_of(request)).get("head", ""))


def _recorded_count(request: Asked, contest: str, head: str) -> Answer:
    desk, place = desk_of(request), f"/contests/{contest}"
    signed = deeds.waiting_count(desk, contest).signed
    result = deeds.record_count(desk, contest, by=request.user, head=head)
    if isinstance(result, Recorded):
        return Redirect(place, status_code=303)
    return _preview(request, result, contest, back=place, kept={}, signed=signed, moved=bool(head))


@post("/contests/{contest:str}/count/discard", role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def discard_count(request: Asked, contest: FromPath[str]) -> Redirect:
    """Throw away a count that waits for its second typing; nothing of it was recorded."""
    deeds.discard_count(desk_of(request), contest)
    return Redirect(f"/contests/{contest}/count", status_code=303)


# -- Findings ----------------------------------------------------------------------------------------------------------------------------


@get("/findings/{finding:str}", role=Role.VIEWER, include_in_schema=False)
async def show_finding(request: Asked, finding: FromPath[str]) -> Response[str]:
    """Show a finding, who has accepted it, and what accepting it would set free."""
    return await sync_to_thread(_finding, request, finding)


def _finding(request: Asked, finding: str, *, problem: str = "", reason: str = "") -> Response[str]:
    now = desk_of(request).now
    found = deeds.find_finding(desk_of(request), finding)
    held = tuple(view for view in now.contests.values() if found in view.findings)
    values: dict[str, Any] = {"signed": now.records.accepted(found), "missing": now.records.people_missing(found), "held": held}
    status = 400 if problem else 200
    return page(request, "finding", status=status, finding=found, needed=deeds.role_for(found), problem=problem, reason=reason, **values)


@post("/findings/{finding:str}", role=Role.EDITOR, include_in_schema=False)
async def accept(request: Asked, finding: FromPath[str]) -> Answer:
    """Accept a finding with a reason."""
    return await sync_to_thread(_accepted, request, finding, (await form_of(request)).get("reason", ""))


def _accepted(request: Asked, finding: str, reason: str) -> Answer:
    found = deeds.find_finding(desk_of(request), finding)
    check_role(request.auth, deeds.role_for(found))
    try:
        deeds.accept(desk_of(request), found, by=request.user, reason=reason)
    except UsageError as error:
        return _finding(request, finding, problem=str(error), reason=reason)
    return Redirect(f"/contests/{found.contest}" if found.contest else "/", status_code=303)


# -- Calls -------------------------------------------------------------------------------------------------------------------------------


@get("/contests/{contest:str}/decide/{option:str}", role=Role.CALLER, include_in_schema=False)
async def show_decide(request: Asked, contest: FromPath[str], option: FromPath[str]) -> Response[str]:
    """Show what a call rests on and what it would change, and take the decision."""
    return await sync_to_thread(_decide, request, contest, option)


def _decide(request: Asked, contest: str, option: str, *, problem: str = "", reason: str = "") -> Response[str]:
    view = desk_of(request).now.contest(contest)
    place = next((slot for slot in view.slots if slot.option and slot.option.id == option), None)
    call, kinds = deeds.call_of(view, option), deeds.kinds_for(view, option, request.user)
    show = partial(page, request, "decide", view=view, option=view.contest.option(option), place=place, call=call, kinds=kinds)
    return show(status=400 if problem else 200, problem=problem, reason=reason)


@post("/contests/{contest:str}/decide/{option:str}", role=Role.CALLER, include_in_schema=False)
async def decide(request: Asked, contest: FromPath[str], option: FromPath[str]) -> Answer:
    """Record one person's decision about a call."""
    return await sync_to_thread(_decided, request, contest, option, await form_of(request))


def _decided(request: Asked, contest: str, option: str, form: Mapping[str, str]) -> Answer:
    kind, reason, head = (form.get(name, "") for name in ("kind", "reason", "head"))
    try:
        seen = bool(form.get("seen"))
        deeds.make_call(desk_of(request), contest, option, by=request.user, kind=kind, reason=reason, head=head, seen=seen)
    except UnknownName:
        raise
    except UsageError as error:
        return _decide(request, contest, option, problem=str(error), reason=reason)
    return Redirect(f"/contests/{contest}", status_code=303)


# -- Publishing --------------------------------------------------------------------------------------------------------------------------


@get("/publish", role=Role.ADMIN, include_in_schema=False)
async def show_publish(request: Asked) -> Response[str]:
    """Show what publishing would change for readers."""
    return await sync_to_thread(_publish, request)


def _publish(request: Asked, *, notice: str = "") -> Response[str]:
    changes = deeds.look_at_publication(desk_of(request))
    return page(request, "publish", changes=changes, site=desk_of(request).settings.site, notice=notice)


@post("/publish", role=Role.ADMIN, include_in_schema=False)
async def publish(request: Asked) -> Answer:
    """Publish what was looked at."""
    return await sync_to_thread(_published, request, (await form_of(request)).get("head", ""))


def _published(request: Asked, head: str) -> Answer:
    if deeds.publish_site(desk_of(request), head=head) is None:
        return _publish(request, notice=MOVED)
    return Redirect("/", status_code=303)
