"""The copy desk's pages: a story is pasted and comes back with notes, is stored, and is listed when the record says something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from racecall.coverage.claims import CheckedStory
from racecall.coverage.document import Document
from racecall.coverage.reading import read_story, stated_time
from racecall.coverage.rows import Story
from racecall.desk.checking import check_document
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import present
from racecall.desk.stale import read_stored
from racecall.desk.storing import About, headline_of, moment_of_story, store_story, stored_stories
from racecall.desk.web.accounts import Role
from racecall.desk.web.guards import desk_of, form_of
from racecall.desk.web.render import page
from racecall.desk.web.service import Desk
from racecall.errors import RacecallError, UnknownName, UsageError
from racecall.ledger.events import Ledger
from racecall.publish.checked.page import story_values

Asked = Request[Any, Any, Any]
Answer = Response[Any]
PASTED = "pasted story"
"""What a story is called that came in no file."""


@get("/stories", role=Role.VIEWER, sync_to_thread=True, include_in_schema=False)
def show_stories(request: Asked) -> Response[str]:
    """Show the stored stories, those that need an update first."""
    return page(request, "stories", shelf=desk_of(request).shelf.look())


@get("/stories/{story:str}", role=Role.VIEWER, sync_to_thread=True, include_in_schema=False)
def show_story(request: Asked, story: FromPath[str], then: FromQuery[str] = "") -> Response[str]:
    """Show a stored story with notes: as things stand, or as they stood when it was published."""
    desk = desk_of(request)
    folder = desk.acting()
    ledger = folder.ledger()
    now = present(folder, ledger)
    standing = desk.shelf.look().standing(_stored_story(ledger, now, story))
    as_of = moment_of_story(standing.story) if then else now
    checked = check_document(folder, ledger, read_stored(folder, standing.story), as_of=as_of, contest=standing.story.contest)
    return page(request, "story_page", standing=standing, then=bool(then), zone=folder.election.zone, **story_values(checked))


def _stored_story(ledger: Ledger, now: datetime, id_: str) -> Story:
    """Return a stored story; `UnknownName` if there is none of that id."""
    found = next((story for story in stored_stories(ledger, now) if story.id == id_), None)
    if found is None:
        raise UnknownName(f"no stored story {id_!r}.", next_step="The list of stories has all of them.")
    return found


@get("/check", role=Role.EDITOR, include_in_schema=False)
async def show_check(request: Asked) -> Response[str]:
    """Show the form for a story."""
    return await sync_to_thread(_form, request, {})


@post("/check", role=Role.EDITOR, include_in_schema=False)
async def check(request: Asked) -> Answer:
    """Give a story back with notes, or store it."""
    return await sync_to_thread(_checked, request, await form_of(request))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A story as it was pasted.

    Args:
        document: The story.
        data: Its bytes.
        as_of: The moment it is to be checked for, None to find it from the story.
        contest: Contest id, "" to find it from the story.
    """

    document: Document
    data: bytes
    as_of: datetime | None
    contest: str


def _form(request: Asked, form: Mapping[str, str], *, problem: str = "") -> Response[str]:
    listed = _contests(desk_of(request).acting())
    return page(request, "check", status=400 if problem else 200, form=form, problem=problem, checked_story=None, listed=listed)


def _checked(request: Asked, form: Mapping[str, str]) -> Answer:
    desk = desk_of(request)
    folder = desk.acting()
    try:
        pasted = _pasted(folder, form)
        if form.get("do") == "store":
            return Redirect(f"/stories/{_stored(desk, folder, pasted, form, by=request.user.name)}", status_code=303)
        story = check_document(folder, folder.ledger(), pasted.document, as_of=pasted.as_of, contest=pasted.contest)
    except RacecallError as error:
        return _form(request, form, problem=str(error))
    return _with_notes(request, form, story, folder)


def _with_notes(request: Asked, form: Mapping[str, str], story: CheckedStory, folder: ElectionFolder) -> Response[str]:
    values: dict[str, Any] = {"zone": folder.election.zone, "headline": headline_of(story.document), **story_values(story)}
    return page(request, "check", form=form, problem="", checked_story=story, listed=_contests(folder), **values)


def _contests(folder: ElectionFolder) -> list[tuple[str, str]]:
    return [(contest.id, contest.title) for contest in folder.election.contests]


def _pasted(folder: ElectionFolder, form: Mapping[str, str]) -> Pasted:
    data = form.get("text", "").encode("utf-8", "replace")
    if not data.strip():
        raise UsageError("there is no story.", next_step="Paste its text, its HTML or its Markdown.")
    document = read_story(PASTED, data, zone=folder.election.zone)
    return Pasted(document=document, data=data, as_of=_moment(folder, form.get("as_of", "")), contest=form.get("contest", ""))


def _moment(folder: ElectionFolder, text: str) -> datetime | None:
    if not text.strip():
        return None
    moment = stated_time(text, folder.election.zone)
    if moment is None:
        raise UsageError(f'"{text}" is not a time.', next_step="Choose a day and a time, or leave it empty.")
    return moment


def _stored(desk: Desk, folder: ElectionFolder, pasted: Pasted, form: Mapping[str, str], *, by: str) -> str:
    """Store a story, and return its id."""
    told = {name: form.get(name, "") for name in ("title", "outlet", "url")}
    stored = store_story(folder, pasted.document, pasted.data, About(**told, contest=pasted.contest, by=by), published=pasted.as_of)
    desk.figures.actions["story"] += 0 if stored.already else 1
    desk.keeper.look()
    return stored.story.id


HANDLERS = (show_stories, show_story, show_check, check)
"""Every address of the copy desk."""
