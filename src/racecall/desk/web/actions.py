"""What people record: each action is a form, a page that shows what it would change, and one more event of the ledger in their name.

The page before carries the hash of the last event that it was made from. If the record has moved by the time somebody presses the button,
nothing is recorded and the page is shown again: nobody signs what they have not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.response import Redirect

from racecall.calls.view import ContestView
from racecall.desk.accepting import accept_finding
from racecall.desk.web import entries
from racecall.desk.web.accounts import Role
from racecall.desk.web.board import waiting
from racecall.desk.web.changes import Preview, preview, record
from racecall.desk.web.guards import check_role, desk_of, form_of
from racecall.desk.web.render import page
from racecall.desk.web.service import Desk, decider
from racecall.desk.web.typed import HEAD, VOTES, TypedCount, cell_name, differences, read_cells
from racecall.errors import RacecallError, UnknownName, UsageError
from racecall.feeds.hand import CATEGORIES
from racecall.ledger.events import iso
from racecall.model.counts import BallotKind
from racecall.model.decision import DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import ReportKind, ResultsStatus

Asked = Request[Any, Any, Any]
Answer = Response[Any]
MOVED = "The record has moved since this page was made. Look again at what would change, then record it."
NO_CALLS = "this racecall cannot decide calls: racecall.desk.calling is not there."

REPORTED = (
    ReportKind.AGENCY_CALL,
    ReportKind.AGENCY_RETRACTION,
    ReportKind.VICTORY_CLAIM,
    ReportKind.CONCESSION,
    ReportKind.CONCESSION_RETRACTED,
)
"""What may be reported of others here."""
STATED = (BallotKind.OUTSTANDING, BallotKind.CAST, BallotKind.RETURNED, BallotKind.ISSUED, BallotKind.REGISTERED)
"""What an office may have stated."""


# -- Statements and reports: typed once, shown, recorded ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that is typed, shown and recorded.

    Args:
        name: What the entry is called, and what is counted.
        template: The form.
        write: Makes the entry from the fields of the form.
        choices: What the form offers.
    """

    name: str
    template: str
    write: Callable[[Mapping[str, str]], bytes]
    choices: Mapping[str, Any]


STATEMENT = Action(
    name="statement",
    template="statement",
    write=entries.statement_entry,
    choices={"kinds": STATED, "categories": CATEGORIES},
)
REPORT = Action(name="report", template="report", write=entries.report_entry, choices={"kinds": REPORTED})


@get(["/statement", "/contests/{contest:str}/statement"], role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def show_statement(request: Asked, contest: str = "") -> Response[str]:
    """Show the form for what an office said of its ballots."""
    return _form(request, STATEMENT, contest, {"contest": contest})


@post(["/statement", "/contests/{contest:str}/statement"], role=Role.EDITOR, include_in_schema=False)
async def enter_statement(request: Asked, contest: str = "") -> Answer:
    """Show what a statement would change, or record it."""
    return await _enter(request, STATEMENT, contest)


@get("/contests/{contest:str}/report", role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def show_report(request: Asked, contest: str) -> Response[str]:
    """Show the form for what others say."""
    return _form(request, REPORT, contest, {"contest": contest})


@post("/contests/{contest:str}/report", role=Role.EDITOR, include_in_schema=False)
async def enter_report(request: Asked, contest: str) -> Answer:
    """Show what a report would change, or record it."""
    return await _enter(request, REPORT, contest)


def _form(request: Asked, action: Action, contest: str, form: Mapping[str, str], *, problem: str = "") -> Response[str]:
    view = desk_of(request).now.contest(contest) if contest else None
    status = 400 if problem else 200
    return page(request, action.template, status=status, view=view, form=form, problem=problem, **action.choices)


async def _enter(request: Asked, action: Action, contest: str) -> Answer:
    """Go the way of an entry: back to the form if it is wrong, to the page that shows what changes, or into the record."""
    form = await form_of(request) | {"contest": contest}
    try:
        return await sync_to_thread(_entered, request, action, form)
    except UnknownName:
        raise
    except RacecallError as error:
        return await sync_to_thread(partial(_form, request, action, contest, form, problem=str(error)))


def _entered(request: Asked, action: Action, form: Mapping[str, str]) -> Answer:
    desk, raw, contest = desk_of(request), action.write(form), form["contest"]
    name = f"{action.name}-{iso(desk.clock())}"
    shown = preview(desk.acting(), desk.now.view, raw, name)
    if form.get("do") != "record" or form.get("head") != shown.head or shown.skipped:
        back = f"/contests/{contest}/{action.name}" if contest else f"/{action.name}"
        return _preview(request, action.name, shown, form, back=back, moved=form.get("do") == "record")
    record(desk.acting(), raw, name, by=request.user.name)
    return _done(desk, action.name, f"/contests/{contest}" if contest else "/")


def _preview(request: Asked, what: str, shown: Preview, form: Mapping[str, str], *, back: str, moved: bool) -> Response[str]:
    kept = {name: text for name, text in form.items() if name not in {"do", "head", "form_token"}}
    notice = MOVED if moved and not shown.skipped else ""
    return page(request, "preview", what=what, shown=shown, kept=kept, back=back, notice=notice, contest=form.get("contest", ""))


def _done(desk: Desk, what: str, to: str) -> Redirect:
    """Take up what was recorded, and go where it can be seen."""
    desk.figures.actions[what] += 1
    desk.recorded()
    return Redirect(to, status_code=303)


# -- A count by hand: typed, typed again, shown, recorded --------------------------------------------------------------------------------


@get("/contests/{contest:str}/count", role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def show_count(request: Asked, contest: str) -> Response[str]:
    """Show the form for a count: empty the first time, and empty again the second, so that nobody copies what is there."""
    return _count_form(request, contest, {})


def _count_form(request: Asked, contest: str, cells: Mapping[str, str], *, problem: str = "", **more: Any) -> Response[str]:
    desk = desk_of(request)
    view = desk.now.contest(contest)
    values: dict[str, Any] = {
        "view": view,
        "cells": cells,
        "waiting": desk.typed.waiting(contest),
        "problem": problem,
        "votes": VOTES,
        "head": HEAD,
        "different": (),
    } | more
    return page(request, "count", status=400 if problem else 200, statuses=tuple(ResultsStatus), **values)


@post("/contests/{contest:str}/count", role=Role.EDITOR, include_in_schema=False)
async def type_count(request: Asked, contest: str) -> Answer:
    """Take one typing of a count: keep the first, compare the second, and show what changes when they agree."""
    form = await form_of(request)
    return await sync_to_thread(_typed, request, contest, form)


def _typed(request: Asked, contest: str, form: Mapping[str, str]) -> Answer:
    desk = desk_of(request)
    cells = read_cells(form, desk.now.contest(contest).contest)
    try:
        return (
            _first_typing(request, desk, contest, cells)
            if _is_first(desk, contest, form)
            else _second_typing(request, desk, contest, cells)
        )
    except RacecallError as error:
        return _count_form(request, contest, cells, problem=str(error))


def _is_first(desk: Desk, contest: str, form: Mapping[str, str]) -> bool:
    """Whether a typing is the first; a second one names the first it was made beside, which may be gone by now."""
    waiting = desk.typed.waiting(contest)
    if form.get("beside", "") != (waiting.id if waiting else ""):
        raise UsageError("another count of this contest was typed or discarded meanwhile.", next_step="Look again, then type it.")
    return waiting is None


def _first_typing(request: Asked, desk: Desk, contest: str, cells: Mapping[str, str]) -> Answer:
    typed = TypedCount(id="", contest=contest, by=request.user.name, at=desk.clock(), cells=cells)
    preview(desk.acting(), desk.now.view, entries.count_entry(typed), "count")  # says what is wrong before a second person types it
    desk.typed.first(contest, cells, by=request.user.name, at=desk.clock())
    desk.figures.actions["count typed"] += 1
    return Redirect(f"/contests/{contest}", status_code=303)


def _second_typing(request: Asked, desk: Desk, contest: str, cells: Mapping[str, str]) -> Answer:
    waiting = _waiting(desk, contest)
    found = differences(waiting.cells, cells)
    if found:
        named = [(cell_name(one.cell, desk.now.contest(contest).contest), one) for one in found]
        return _count_form(request, contest, cells, different=named)
    desk.typed.agree(waiting, by=request.user.name)
    return Redirect(f"/contests/{contest}/count/agreed", status_code=303)


def _waiting(desk: Desk, contest: str) -> TypedCount:
    waiting = desk.typed.waiting(contest)
    if waiting is None:
        raise UnknownName("no count of this contest waits.", next_step="It was recorded or discarded.")
    return waiting


@get("/contests/{contest:str}/count/agreed", role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def show_agreed(request: Asked, contest: str) -> Answer:
    """Show what a count that was typed twice would change."""
    return _agreed(request, contest)


def _agreed(request: Asked, contest: str, *, moved: bool = False) -> Answer:
    desk = desk_of(request)
    waiting = _waiting(desk, contest)
    if not waiting.again:
        return Redirect(f"/contests/{contest}/count", status_code=303)
    shown = preview(desk.acting(), desk.now.view, entries.count_entry(waiting), _count_name(waiting))
    values: dict[str, Any] = {"what": "count", "shown": shown, "kept": {}, "back": f"/contests/{contest}", "signed": waiting.signed}
    return page(request, "preview", **values, contest=contest, notice=MOVED if moved else "")


def _count_name(typed: TypedCount) -> str:
    return f"count-{typed.contest}-{iso(typed.at)}"


@post("/contests/{contest:str}/count/agreed", role=Role.EDITOR, include_in_schema=False)
async def record_count(request: Asked, contest: str) -> Answer:
    """Record a count that was typed twice."""
    form = await form_of(request)
    return await sync_to_thread(_record_count, request, contest, form.get("head", ""))


def _record_count(request: Asked, contest: str, head: str) -> Answer:
    desk = desk_of(request)
    waiting, folder = _waiting(desk, contest), desk.acting()
    if not waiting.again or head != folder.store.home.head():
        return _agreed(request, contest, moved=True)
    record(folder, entries.count_entry(waiting), _count_name(waiting), by=request.user.name)
    desk.typed.discard(waiting)
    return _done(desk, "count", f"/contests/{contest}")


@post("/contests/{contest:str}/count/discard", role=Role.EDITOR, sync_to_thread=True, include_in_schema=False)
def discard_count(request: Asked, contest: str) -> Redirect:
    """Throw away a count that waits for its second typing; nothing of it was recorded."""
    desk = desk_of(request)
    desk.typed.discard(_waiting(desk, contest))
    return _done(desk, "count discarded", f"/contests/{contest}/count")


# -- Findings ----------------------------------------------------------------------------------------------------------------------------


def find_finding(desk: Desk, finding: str) -> Finding:
    """Return a finding; `UnknownName` if there is none of this id."""
    for _, one in desk.now.records.findings:
        if one.id == finding:
            return one
    raise UnknownName(f"no finding {finding!r}.", next_step="The board and the audit log have all of them.")


def role_for(finding: Finding) -> Role:
    """Return who may accept a finding: letting one pass that holds calls is half of a call."""
    return Role.CALLER if finding.severity is Severity.HOLD_CALLS else Role.EDITOR


@get("/findings/{finding:str}", role=Role.VIEWER, sync_to_thread=True, include_in_schema=False)
def show_finding(request: Asked, finding: str) -> Response[str]:
    """Show a finding, who has accepted it, and what accepting it would set free."""
    return _finding(request, finding)


def _finding(request: Asked, finding: str, *, problem: str = "", reason: str = "") -> Response[str]:
    desk = desk_of(request)
    found = find_finding(desk, finding)
    now = desk.now
    held = tuple(view for view in now.view.contests if found in view.findings)
    values: dict[str, Any] = {
        "finding": found,
        "signed": now.records.accepted(found),
        "missing": now.records.people_missing(found),
        "held": held,
    }
    status = 400 if problem else 200
    return page(request, "finding", status=status, **values, needed=role_for(found), problem=problem, reason=reason)


@post("/findings/{finding:str}", role=Role.EDITOR, include_in_schema=False)
async def accept(request: Asked, finding: str) -> Answer:
    """Accept a finding with a reason."""
    form = await form_of(request)
    return await sync_to_thread(_accept, request, finding, form.get("reason", ""))


def _accept(request: Asked, finding: str, reason: str) -> Answer:
    desk = desk_of(request)
    found = find_finding(desk, finding)
    check_role(request.auth, role_for(found))
    try:
        accept_finding(desk.acting(), found.id, by=request.user.name, reason=reason)
    except UsageError as error:
        return _finding(request, finding, problem=str(error), reason=reason)
    return _done(desk, "acceptance", f"/contests/{found.contest}" if found.contest else "/")


# -- Calls -------------------------------------------------------------------------------------------------------------------------------


@get("/contests/{contest:str}/decide/{option:str}", role=Role.CALLER, sync_to_thread=True, include_in_schema=False)
def show_decide(request: Asked, contest: str, option: str) -> Response[str]:
    """Show what a call rests on and what it would change, and take the decision."""
    return _decide(request, contest, option)


def _decide(request: Asked, contest: str, option: str, *, problem: str = "", reason: str = "") -> Response[str]:
    if decider() is None:
        raise NotFoundException(NO_CALLS)
    view = desk_of(request).now.contest(contest)
    chosen = view.contest.option(option)
    place = next((slot for slot in view.slots if slot.option and slot.option.id == option), None)
    said = tuple(decision for decision in view.decisions if decision.option == option)
    first = next((decision for decision in waiting(view) if decision.option == option), None)
    values: dict[str, Any] = {"view": view, "option": chosen, "place": place, "said": said, "first": first, "kinds": _kinds(view, option)}
    return page(request, "decide", status=400 if problem else 200, **values, problem=problem, reason=reason)


def _kinds(view: ContestView, option: str) -> tuple[DecisionKind, ...]:
    """What may be decided: a call that was made or begun may be taken back, one that is doubted may be let stand."""
    said = [decision.kind for decision in view.decisions if decision.option == option]
    if not said:
        return (DecisionKind.APPROVE,)
    return (DecisionKind.APPROVE, DecisionKind.RETRACT, *([DecisionKind.REAFFIRM] if DecisionKind.RETRACT in said else []))


@post("/contests/{contest:str}/decide/{option:str}", role=Role.CALLER, include_in_schema=False)
async def decide(request: Asked, contest: str, option: str) -> Answer:
    """Record one person's decision about a call."""
    form = await form_of(request)
    return await sync_to_thread(_decided, request, contest, option, form)


def _decided(request: Asked, contest: str, option: str, form: Mapping[str, str]) -> Answer:
    desk, make = desk_of(request), decider()
    if make is None:
        raise NotFoundException(NO_CALLS)
    try:
        kind = _kind(form.get("kind", ""))
        _check_seen(desk, form)
        make(desk.acting(), contest, option, kind, by=request.user.name, reason=form.get("reason", ""), evidence=form["head"])
    except UsageError as error:
        return _decide(request, contest, option, problem=str(error), reason=form.get("reason", ""))
    return _done(desk, f"call {kind}", f"/contests/{contest}")


def _check_seen(desk: Desk, form: Mapping[str, str]) -> None:
    """Refuse a decision on what was not seen, or is not what it was."""
    if form.get("head") != desk.acting().store.home.head():
        desk.recorded()
        raise UsageError(MOVED)
    if not form.get("seen"):
        raise UsageError("a call is decided by somebody who has looked.", next_step="Open the count and the statement, then say so.")


def _kind(text: str) -> DecisionKind:
    try:
        return DecisionKind(text)
    except ValueError:
        raise UsageError("nothing was decided.", next_step=f"Choose one of: {', '.join(DecisionKind)}.") from None
