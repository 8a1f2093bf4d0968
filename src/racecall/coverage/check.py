"""A story in, a verdict for each of its claims out."""

from __future__ import annotations

from racecall.coverage.claims import CheckedStory
from racecall.coverage.document import Document
from racecall.coverage.facts import Facts


def check_story(document: Document, facts: Facts, *, contest: str = "") -> CheckedStory:
    """Hold every claim of a story against what was known when it was written.

    Args:
        document: The story.
        facts: What was known at the moment it is checked for.
        contest: Contest id it is about, "" to find it from the story's words and time.
    """
    raise NotImplementedError
