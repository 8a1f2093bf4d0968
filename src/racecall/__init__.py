"""racecall: an open election desk for contests in which more than one candidate can go through.

The way of the data, in ten lines:

    capture      the bytes a county published, kept by their SHA-256              desk, origin
    release      the same bytes as votes by contest, unit, count type, option     feeds
    ledger       every release, statement, finding and report, hash-chained       ledger
    inventory    how many ballots are left, official and estimated kept apart     outstanding
    evidence     clinched, eliminated, the required break for every pair          calls
    outcome      what the law makes of the count: elected, advancing, tie         rules
    view         everything that can be said of a contest at one moment           calls.judge
    artifact     the terminal table and the JSON made from a view                 publish

A night is a fold: append events to the ledger, judge the ledger as of a moment. racecall does not certify and does not count ballots.

`check` is the way in for other programs: a story's file and an election's folder in, a verdict for each claim out.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from racecall.coverage.claims import CheckedStory

__version__ = "0.1.0"


def check(story: str | Path, folder: str | Path, *, as_of: datetime | None = None, contest: str = "") -> CheckedStory:
    """Hold every claim of a story against an election's record: what `racecall check` does, as a value.

    Args:
        story: The story's file: text, HTML, Markdown or Word.
        folder: The election's folder.
        as_of: The moment to check it for (aware); when the story says it was published, else now, if None.
        contest: Contest id, "" to find it from the story.

    Raises:
        UsageError: There is no such file, folder or contest.
        SourceError: The file is no story that can be read.
    """
    from racecall.desk.checking import check_file

    return check_file(Path(story), Path(folder), as_of=as_of, contest=contest)
