"""The desk for programs: the same facts and the same deeds in JSON, under the same rules, described in OpenAPI.

A program signs in as a person does and gets a cookie and a form token; what it records stands under that person's name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import PermissionDeniedException
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import JSONBody, PathParameter, QueryParameter

from racecall import __version__
from racecall.desk.web import deeds, door
from racecall.desk.web.accounts import LONGEST_NAME, LONGEST_PASSWORD, Role
from racecall.desk.web.board import Board, Row
from racecall.desk.web.changes import Preview
from racecall.desk.web.deeds import REPORT, STATEMENT, Entry, Recorded
from racecall.desk.web.guards import FORM_HEADER, check_role, desk_of
from racecall.desk.web.keeper import Snapshot
from racecall.desk.web.kept import made_once
from racecall.desk.web.log import PER_PAGE, is_about
from racecall.desk.web.typed import HEAD, VOTES, TypedCount
from racecall.ledger.events import Event, EventKind, iso
from racecall.model.decision import DecisionKind
from racecall.publish.status_json import finding_object, status_object

Asked = Request[Any, Any, Any]
Object = dict[str, Any]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Word = Annotated[str, msgspec.Meta(max_length=200)]
Contest = Annotated[str, PathParameter(description="Contest id.", max_length=200)]


# -- what is sent ------------------------------------------------------------------------------------------------------------------------


class Problem(msgspec.Struct):
    """Why nothing was done, in words."""

    status: int
    problem: str


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """Who signs in."""

    name: Annotated[str, msgspec.Meta(max_length=LONGEST_NAME)]
    password: Annotated[str, msgspec.Meta(max_length=LONGEST_PASSWORD)]


class SignedIn(msgspec.Struct):
    """Who is signed in; `form_token` goes into the header `x-form-token` of everything that records."""

    name: str
    role: Role
    form_token: str


class RowObject(msgspec.Struct):
    """A contest on the board."""

    contest: str
    title: str
    part: str
    places: list[Object]
    tags: list[str]
    why: str
    pair: str
    lead_votes: int | None
    lead_points: float | None
    needs: str
    counted: str


class BoardObject(msgspec.Struct):
    """What needs a person."""

    head: str
    as_of: str
    number: int
    rehearsal: bool
    trouble: str
    summary: str
    findings: list[Object]
    rows: list[RowObject]


class ContestObject(msgspec.Struct):
    """A contest: `status` is what `racecall status --json` writes."""

    status: Object
    reports: list[Object]
    decisions: list[Object]


class EventObject(msgspec.Struct):
    """An event of the ledger, as it is hashed."""

    seq: int
    kind: str
    at: str
    recorded_at: str
    contest: str
    actor: str
    body: Object
    previous: str
    hash: str


class EventsObject(msgspec.Struct):
    """A page of events, newest first."""

    total: int
    page: int
    pages: int
    events: list[EventObject]


class StatementBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an office said of its ballots; without `head`, or with one that is not the last event, nothing is recorded."""

    kind: Word
    ballots: Annotated[int, msgspec.Meta(ge=0, le=10**12)]
    stated_at: Word
    source: Text
    category: Word = "total"
    approximate: bool = False
    includes_arrivals: bool | None = None
    note: Text = ""
    head: Word = ""


class ReportBody(msgspec.Struct, forbid_unknown_fields=True):
    """What an agency, a candidate or a paper said; `head` as with a statement."""

    kind: Word
    by: Word
    at: Word
    source: Text
    option: Word = ""
    slot: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    note: Text = ""
    head: Word = ""


class CountBody(msgspec.Struct, forbid_unknown_fields=True):
    """One typing of a count; `beside` is the id of the first typing when this is the second."""

    votes: dict[str, Annotated[int, msgspec.Meta(ge=0, le=10**12)]]
    published_at: Word
    source: Text
    status: Word = "unofficial_partial"
    ballots: Annotated[int, msgspec.Meta(ge=0, le=10**12)] | None = None
    units_reported: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None
    units_total: Annotated[int, msgspec.Meta(ge=0, le=10**9)] | None = None
    note: Text = ""
    beside: Word = ""


class TypedObject(msgspec.Struct):
    """What became of one typing: it waits for the second, differs from the first in these cells, or agrees with it."""

    state: str
    id: str
    differences: list[Object]


class HeadBody(msgspec.Struct, forbid_unknown_fields=True):
    """Hash of the last event that was seen."""

    head: Word = ""


class AcceptanceBody(msgspec.Struct, forbid_unknown_fields=True):
    """Why a finding may pass."""

    reason: Text


class DecisionBody(msgspec.Struct, forbid_unknown_fields=True):
    """What somebody decides about a call, why, and on which state of the record."""

    option: Word
    kind: DecisionKind
    reason: Text
    head: Word
    seen: bool = False


class DoneObject(msgspec.Struct):
    """What recording would change, or that it was recorded."""

    recorded: bool
    head: str
    changes: list[Object]
    more: int
    findings: list[Object]
    skipped: str


# -- what may go wrong -------------------------------------------------------------------------------------------------------------------

REFUSALS = {
    400: ResponseSpec(Problem, description="What was sent makes no sense, or cannot be done; the words say why."),
    401: ResponseSpec(Problem, description="Nobody is signed in."),
    403: ResponseSpec(Problem, description="The role is not enough, the form token is wrong, or the request comes from another site."),
    404: ResponseSpec(Problem, description="There is no such contest, option or finding."),
}
OPEN_REFUSALS = {400: REFUSALS[400], 403: REFUSALS[403], 429: ResponseSpec(Problem, description="Too many tries; wait.")}
COOKIE_SCHEME = "session"
RECORDING: Mapping[str, Any] = {"responses": REFUSALS, "status_code": 200, "tags": ["recording"], "sync_to_thread": True}
"""What is the same for everything that records."""


def openapi_config(cookie: str) -> OpenAPIConfig:
    """Return how the description is made; it is served as JSON, without a page that would load parts from elsewhere."""
    scheme = SecurityScheme(type="apiKey", name=cookie, security_scheme_in="cookie")
    return OpenAPIConfig(
        title="racecall desk",
        version=__version__,
        description=f"What needs a person, and what people decide. Whatever records takes the header {FORM_HEADER} as well.",
        openapi_router=Router(path="/api/schema", route_handlers=[], opt={"role": None}),
        render_plugins=[JsonRenderPlugin()],
        components=Components(security_schemes={COOKIE_SCHEME: scheme}),
        security=[{COOKIE_SCHEME: []}],
    )


# -- coming in ---------------------------------------------------------------------------------------------------------------------------


@post("/api/session", role=None, responses=OPEN_REFUSALS, status_code=201, security=[{}], tags=["session"])
async def sign_in(request: Asked, data: JSONBody[SignIn]) -> Response[SignedIn]:
    """Sign in: sets the cookie, and gives the form token."""
    desk = desk_of(request)
    account, problem = await door.try_sign_in(request, data.name, data.password)
    if account is None:
        raise TooMany(problem) if problem == door.WAIT else PermissionDeniedException(problem)
    token = await sync_to_thread(desk.sessions.begin, account)
    session = await sync_to_thread(desk.sessions.find, token)
    assert session is not None
    answer = Response(SignedIn(name=account.name, role=account.role, form_token=session.form_token))
    answer.set_cookie(door.session_cookie(desk, token))
    return answer


class TooMany(PermissionDeniedException):
    """Too many tries to sign in."""

    status_code = 429


# -- reading -----------------------------------------------------------------------------------------------------------------------------


@get("/api/board", role=Role.VIEWER, responses={401: REFUSALS[401]}, tags=["reading"])
async def read_board(request: Asked) -> BoardObject:
    """Return what needs a person."""
    now = desk_of(request).now
    return await made_once(desk_of(request).kept, now, "/api/board", lambda: _board(now))


def _board(now: Snapshot) -> BoardObject:
    return BoardObject(
        head=now.ledger.head,
        as_of=iso(now.as_of),
        number=now.number,
        rehearsal=now.rehearsal,
        trouble=now.trouble,
        summary=now.board.summary,
        findings=[finding_object(finding) for finding in now.board.files],
        rows=_rows(now.board),
    )


def _rows(board: Board) -> list[RowObject]:
    return [_row(row) for row in board.rows]


def _row(row: Row) -> RowObject:
    return RowObject(
        contest=row.contest,
        title=row.title,
        part=row.part,
        places=[{"slot": chip.number, "name": chip.name, "state": chip.state} for chip in row.chips],
        tags=[tag.text for tag in row.tags],
        why=row.why,
        pair=row.pair,
        lead_votes=row.lead_votes,
        lead_points=row.lead_points,
        needs=row.needs,
        counted=row.counted,
    )


@get(
    "/api/contests/{contest:str}",
    role=Role.VIEWER,
    sync_to_thread=True,
    responses={401: REFUSALS[401], 404: REFUSALS[404]},
    tags=["reading"],
)
def read_contest(request: Asked, contest: Contest) -> ContestObject:
    """Return everything that is known of a contest."""
    now = desk_of(request).now
    view = now.contest(contest)
    status = status_object(view, election=now.election.id, head=now.head, rehearsal=now.rehearsal)
    reports = [
        {"kind": one.kind, "by": one.by, "at": iso(one.at), "option": one.option, "slot": one.slot, "source": one.source}
        for one in view.reports
    ]
    decisions = [
        {"kind": one.kind, "by": one.by, "at": iso(one.at), "option": one.option, "reason": one.reason, "evidence": one.evidence}
        for one in view.decisions
    ]
    return ContestObject(status=status, reports=reports, decisions=decisions)


@get("/api/events", role=Role.VIEWER, sync_to_thread=True, responses={400: REFUSALS[400], 401: REFUSALS[401]}, tags=["reading"])
def read_events(
    request: Asked,
    contest: Annotated[str, QueryParameter(description="Only events about this contest.", max_length=200)] = "",
    kind: Annotated[EventKind | None, QueryParameter(description="Only events of this kind.")] = None,
    number: Annotated[int, QueryParameter(name="page", ge=1, le=1_000_000, description="Page, from 1.")] = 1,
) -> EventsObject:
    """Return the record, newest first: every event with its hash, so that the chain can be checked."""
    events = [event for event in reversed(desk_of(request).now.ledger.events) if kind in {None, event.kind}]
    found = [event for event in events if not contest or is_about(event, contest)]
    pages = max(1, -(-len(found) // PER_PAGE))
    number = min(number, pages)
    shown = found[(number - 1) * PER_PAGE : number * PER_PAGE]
    return EventsObject(total=len(found), page=number, pages=pages, events=[_event(event) for event in shown])


def _event(event: Event) -> EventObject:
    return EventObject(
        seq=event.seq,
        kind=event.kind,
        at=iso(event.at),
        recorded_at=iso(event.recorded_at),
        contest=event.contest,
        actor=event.actor,
        body=dict(event.body),
        previous=event.previous,
        hash=event.hash,
    )


# -- recording ---------------------------------------------------------------------------------------------------------------------------


@post("/api/statements", role=Role.EDITOR, **RECORDING)
def enter_whole_statement(request: Asked, data: JSONBody[StatementBody]) -> DoneObject:
    """Show what a statement about the whole jurisdiction would change, or record it."""
    return _entered(request, STATEMENT, _statement(data), data.head)


@post("/api/contests/{contest:str}/statements", role=Role.EDITOR, **RECORDING)
def enter_statement(request: Asked, contest: Contest, data: JSONBody[StatementBody]) -> DoneObject:
    """Show what a statement about one contest would change, or record it."""
    return _entered(request, STATEMENT, _statement(data) | {"contest": contest}, data.head)


def _statement(data: JSONBody[StatementBody]) -> dict[str, str]:
    arrivals = {None: "", True: "yes", False: "no"}[data.includes_arrivals]
    given = _given(data, "kind", "ballots", "stated_at", "source", "category", "note")
    return given | {"includes_arrivals": arrivals, "approximate": "yes" if data.approximate else ""}


@post("/api/contests/{contest:str}/reports", role=Role.EDITOR, **RECORDING)
def enter_report(request: Asked, contest: Contest, data: JSONBody[ReportBody]) -> DoneObject:
    """Show what a report of what others say would change, or record it."""
    fields = _given(data, "kind", "by", "at", "source", "option", "slot", "note") | {"contest": contest}
    return _entered(request, REPORT, fields, data.head)


def _given(data: msgspec.Struct, *names: str) -> dict[str, str]:
    values = {name: getattr(data, name) for name in names}
    return {name: str(value) for name, value in values.items() if value is not None}


def _entered(request: Asked, entry: Entry, fields: Mapping[str, str], head: str) -> DoneObject:
    return _done(request, deeds.enter(desk_of(request), entry, fields, by=request.user, head=head))


def _done(request: Asked, result: Preview | Recorded) -> DoneObject:
    if isinstance(result, Recorded):
        return DoneObject(recorded=True, head=desk_of(request).now.ledger.head, changes=[], more=0, findings=[], skipped="")
    changes = [{"contest": one.title, "lines": list(one.lines)} for one in result.contests]
    findings = [finding_object(finding) for finding in result.findings]
    return DoneObject(recorded=False, head=result.head, changes=changes, more=result.more, findings=findings, skipped=result.skipped)


@post("/api/contests/{contest:str}/count", role=Role.EDITOR, **RECORDING)
def type_count(request: Asked, contest: Contest, data: JSONBody[CountBody]) -> TypedObject:
    """Take one typing of a count; it is recorded by another request, when two agree."""
    fields = _given(data, *HEAD) | {f"{VOTES}{option}": str(votes) for option, votes in data.votes.items()}
    result = deeds.type_count(desk_of(request), contest, fields, by=request.user, beside=data.beside)
    if isinstance(result, TypedCount):
        return TypedObject(state="agrees" if result.again else "waits", id=result.id, differences=[])
    cells: list[Object] = [{"cell": one.cell, "first": one.first, "second": one.second} for one in result]
    return TypedObject(state="differs", id=data.beside, differences=cells)


@post("/api/contests/{contest:str}/count/record", role=Role.EDITOR, **RECORDING)
def record_count(request: Asked, contest: Contest, data: JSONBody[HeadBody]) -> DoneObject:
    """Show what a count that was typed twice would change, or record it."""
    return _done(request, deeds.record_count(desk_of(request), contest, by=request.user, head=data.head))


@post("/api/findings/{finding:str}/acceptance", role=Role.EDITOR, **RECORDING)
def accept(
    request: Asked, finding: Annotated[str, PathParameter(description="Id of the finding.", max_length=64)], data: JSONBody[AcceptanceBody]
) -> Object:
    """Accept a finding with a reason; `people_missing` says how many more must."""
    found = deeds.find_finding(desk_of(request), finding)
    check_role(request.auth, deeds.role_for(found))
    accepted = deeds.accept(desk_of(request), found, by=request.user, reason=data.reason)
    return {"finding": found.id, "people_missing": accepted.people_missing}


@post("/api/contests/{contest:str}/decisions", role=Role.CALLER, **RECORDING)
def decide(request: Asked, contest: Contest, data: JSONBody[DecisionBody]) -> DoneObject:
    """Record one person's decision about a call."""
    desk_of(request).now.contest(contest).contest.option(data.option)
    result = deeds.make_call(
        desk_of(request), contest, data.option, by=request.user, kind=data.kind, reason=data.reason, head=data.head, seen=data.seen
    )
    return _done(request, result)


HANDLERS = (
    sign_in,
    read_board,
    read_contest,
    read_events,
    enter_whole_statement,
    enter_statement,
    enter_report,
    type_count,
    record_count,
    accept,
    decide,
)
"""Every address for programs."""
