"""Stories that are kept: their bytes among the captures, a row in the record of coverage, so that they can be checked again.

A story that is stored again under the same address, or the same outlet and headline, takes the place of the one before; both stay in the
record.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from racecall.coverage.document import Document, Role
from racecall.coverage.record import coverage_of, row_draft
from racecall.coverage.rows import Story
from racecall.desk.clock import login_name
from racecall.desk.folder import ElectionFolder
from racecall.desk.judging import present
from racecall.errors import UsageError
from racecall.ledger.events import Ledger
from racecall.origin import sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person says of a story that is stored.

    Args:
        title: Its headline; the story's own if "".
        outlet: Who publishes it; ourselves if "".
        url: Where to read it.
        contest: Contest id it is about, "" if several.
        by: Who stores it; the login name if "".
    """

    title: str = ""
    outlet: str = ""
    url: str = ""
    contest: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A story that was stored, and whether it was there already."""

    story: Story
    already: bool = False


def store_story(folder: ElectionFolder, document: Document, data: bytes, about: About, *, published: datetime | None = None) -> Stored:
    """Keep a story, so that it is checked again after every release.

    Args:
        folder: The election.
        document: The story, as it was read.
        data: Its bytes.
        about: What is said of it.
        published: When it was published; what the story says, else now, if None.

    Raises:
        UsageError: It has no headline and none was given.
        UnknownName: There is no such contest.
    """
    if about.contest:
        folder.election.contest(about.contest)
    with folder.store.writing() as writing:
        now = present(folder, writing.ledger)
        story = _row(document, data, about, min(published or document.published or now, now))
        earlier = next((one for one in coverage_of(writing.ledger, now).of(Story) if one.id == story.id), None)
        if earlier and earlier.capture == story.capture:
            return Stored(earlier, already=True)
        folder.store.captures.put(data)
        story = _updated(story, earlier, now) if earlier else story
        writing.append([row_draft(story, actor=about.by.strip() or login_name(), contest=story.contest)])
    return Stored(story)


def _row(document: Document, data: bytes, about: About, published: datetime) -> Story:
    title = about.title.strip() or headline_of(document)
    if not title:
        raise UsageError("this story has no headline.", where=document.name, next_step="Give one: --title TEXT")
    outlet = about.outlet.strip() or OURSELVES
    return Story(
        id=story_id(about.url.strip() or f"{outlet} {title}"),
        source=f"{outlet}, {about.url.strip()}" if about.url.strip() else outlet,
        as_of=published,
        title=title,
        outlet=outlet,
        published=published,
        url=about.url.strip(),
        capture=sha256_hex(data),
        format=document.format,
        contest=about.contest,
    )


OURSELVES = "this newsroom"
"""The outlet of a story of which nobody said whose it is."""


def _updated(story: Story, earlier: Story, now: datetime) -> Story:
    """Return a story as it takes the place of an earlier version: known from now on, published when it first was."""
    return replace(story, as_of=now, published=earlier.published, updated=now)


def headline_of(document: Document) -> str:
    """Return the headline of a story, "" if it has none."""
    return next((block.text for block in document.blocks if block.role is Role.HEADLINE), "")


LONGEST_ID = 60


def story_id(text: str) -> str:
    """Return a short id of an address, or of an outlet and a headline: the same for the same."""
    plain = unicodedata.normalize("NFKD", text.casefold().removeprefix("https://").removeprefix("http://"))
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")
    return slug if slug and len(slug) <= LONGEST_ID else f"{slug[: LONGEST_ID - 9]}-{sha256_hex(text.encode())[:8]}".lstrip("-")


def stored_stories(ledger: Ledger, moment: datetime) -> Iterator[Story]:
    """Yield the stories that are kept and can be checked again, the newest first."""
    kept = (story for story in coverage_of(ledger.as_of(moment), moment).of(Story) if story.capture)
    yield from sorted(kept, key=lambda story: (moment_of_story(story), story.id), reverse=True)


def moment_of_story(story: Story) -> datetime:
    """Return the moment at which a story was last as it is."""
    return story.updated or story.published
