"""The two stories the copy desk was made for: that the list of what to find in them is right about the words."""

import pytest

from coverage.findings import as_expected
from coverage.golden import CLAIMS, STORIES, read_story
from coverage.scoring import score

pytestmark = pytest.mark.shared


@pytest.fixture
def stories(shared):
    return shared.parent / "stories"


@pytest.mark.parametrize(("name", "checkable"), [("results", 29), ("debate", 13)])
def test_the_words_stand_in_the_story(stories, name, checkable):
    """Each once; so many of them the record settles."""
    text = read_story(name, stories)

    assert sum(one.is_checkable for one in text.expected) == checkable


@pytest.mark.parametrize("name", STORIES)
def test_the_ids_are_those_of_the_list_of_claims(shared, name):
    """So that a miss can be looked up there."""
    listed = {line.split("|")[0] for line in (shared / "coverage" / "story_claims.psv").read_text(encoding="utf-8").splitlines()}

    assert {id_ for id_, *_ in CLAIMS[name]} <= listed


@pytest.mark.parametrize("name", STORIES)
def test_only_a_few_words_of_the_story_are_kept(name):
    """Eight at the most of a claim."""
    assert max(len(words.split()) for _, words, *_ in CLAIMS[name]) <= 8


def test_all_that_is_listed_can_be_found(stories):
    """By somebody who finds all of it."""
    assert score([read_story(name, stories) for name in STORIES], as_expected).recall == 1
