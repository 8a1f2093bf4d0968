"""A story held against an election's folder: which moment it is checked for, and what was known then."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from racecall.coverage.check import check_story
from racecall.coverage.claims import CheckedStory
from racecall.coverage.document import Document
from racecall.coverage.reading import LARGEST, read_story
from racecall.desk.copydesk import facts_of
from racecall.desk.files import read_limited
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.judging import present
from racecall.feeds.text import Limits
from racecall.ledger.events import Ledger

LIMITS = Limits(max_bytes=LARGEST + 1)
"""One byte more than is read, so that what is too large is said to be that."""


def check_file(story: Path, folder: Path, *, as_of: datetime | None = None, contest: str = "") -> CheckedStory:
    """Check a story's file against an election's folder: what `racecall.check` does.

    Args:
        story: The file.
        folder: The election's folder.
        as_of: The moment; when the story says it was published, else now, if None.
        contest: Contest id, "" to find it from the story.

    Raises:
        UsageError: There is no such file, folder or contest.
        SourceError: The file is no story that can be read.
    """
    election = open_folder(folder)
    document = read_story(story.name, read_limited(story, LIMITS), zone=election.election.zone)
    return check_document(election, election.ledger(), document, as_of=as_of, contest=contest)


def check_document(
    folder: ElectionFolder, ledger: Ledger, document: Document, *, as_of: datetime | None = None, contest: str = ""
) -> CheckedStory:
    """Check a story that was read.

    Args:
        folder: The election.
        ledger: Its ledger, read once.
        document: The story.
        as_of: The moment; `moment_of` the story if None.
        contest: Contest id, "" to find it from the story.

    Raises:
        UnknownName: There is no such contest.
    """
    if contest:
        folder.election.contest(contest)
    return check_story(document, facts_of(folder, ledger, as_of or moment_of(folder, ledger, document)), contest=contest)


def moment_of(folder: ElectionFolder, ledger: Ledger, document: Document) -> datetime:
    """Return the moment that a story is checked for: when it says it was published, if that has come, else now."""
    now = present(folder, ledger)
    return document.published if document.published and document.published <= now else now


def read_stream(stream: BinaryIO) -> bytes:
    """Read a story from standard input, no more of it than a story can be."""
    return stream.read(LARGEST + 1)
