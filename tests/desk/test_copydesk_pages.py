"""The copy desk's pages: a story is pasted and comes back with notes, stored, listed, and shown as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import demo
from desks import Person, Served, desk_over, words
from racecall.desk.web.accounts import Role
from stories import NIGHT_STORY, WRONG_STORY

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def served(tmp_path: Path) -> Served:
    """A desk over the demo's election, after its primary was certified."""
    made = desk_over(shutil.copytree(demo(), tmp_path / "election"))
    made.clock.at = datetime(2017, 4, 20, 12, tzinfo=UTC)
    made.desk.keeper.look()
    return made


@pytest.fixture
def editor(served: Served) -> Iterator[Person]:
    """An editor at the desk."""
    with served.person() as person:
        yield person


def test_a_story_comes_back_with_notes(editor: Person):
    """The sentence, the verdict, the reason, and what would be right."""
    answer = editor.send("/check", text=WRONG_STORY, do="check")

    assert answer.status_code == 200
    assert "One sentence needs a change" in words(answer.text)
    assert "Say: “8,156 votes”" in words(answer.text)


def test_checking_a_story_records_nothing(served: Served, editor: Person):
    """Somebody may try a text as often as they like."""
    before = served.desk.acting().store.home.head()
    editor.send("/check", text=WRONG_STORY, do="check")

    assert served.desk.acting().store.home.head() == before


def test_a_moment_can_be_chosen(editor: Person):
    """As of the certified count, the figures of the night are old."""
    answer = editor.send("/check", text=NIGHT_STORY, as_of="2017-04-20T04:00", do="check")

    assert "certified count" in words(answer.text)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": " "}, "there is no story"),
        ({"text": "Gomez leads.", "as_of": "noon"}, '"noon" is not a time'),
        ({"text": "Gomez leads.", "contest": "mayor"}, "mayor"),
        ({"text": "Gomez leads. Ahn is second.", "do": "store"}, "this story has no headline"),
    ],
)
def test_what_cannot_be_checked_is_said_and_the_text_is_kept(editor: Person, fields: dict[str, str], said: str):
    """Nobody types a story twice."""
    answer = editor.send("/check", **fields)

    assert (answer.status_code, said in words(answer.text)) == (400, True)
    assert fields["text"].strip() in answer.text


def test_what_was_pasted_is_shown_and_not_obeyed(editor: Person):
    """In the notes, in the text field and in the hidden fields."""
    answer = editor.send("/check", text=f"Gomez {SCRIPT} leads\n\nJimmy Gomez had 8,156 votes.\n</textarea>{SCRIPT}", do="check")

    assert (answer.status_code, SCRIPT in answer.text) == (200, False)


def test_a_stored_story_is_listed_with_what_changed(editor: Person):
    """28% was right on the night."""
    stored = editor.send("/check", text=NIGHT_STORY, do="store", title="Gomez leads", url="https://example.org/a")
    listed, page = editor.get("/stories"), editor.get(stored.headers["location"])

    assert (stored.status_code, stored.headers["location"]) == (303, "/stories/example-org-a")
    assert "One story needs an update" in words(listed.text)
    assert "28.14% → 25.36%" in words(page.text)


def test_a_stored_story_is_shown_as_it_was_when_it_was_published(editor: Person):
    """Nothing was wrong with it."""
    place = editor.send("/check", text=NIGHT_STORY, do="store").headers["location"]

    assert "No sentence needs a change" in words(editor.get(f"{place}?then=1").text)


def test_the_board_says_how_many_stories_need_an_update(served: Served, editor: Person):
    """With a link to them."""
    before = editor.get("/").text
    editor.send("/check", text=NIGHT_STORY, do="store")
    served.desk.shelf.look()

    assert ("stored story needs an update" in before, "stored story needs an update" in editor.get("/").text) == (False, True)


def test_the_audit_log_says_who_stored_a_story(editor: Person):
    """As of every event."""
    editor.send("/check", text=NIGHT_STORY, do="store", title="Gomez leads")

    assert "A. Editor" in words(editor.get("/log").text)


def test_a_story_that_is_not_stored_is_said_not_to_be(editor: Person):
    """By its id."""
    answer = editor.get("/stories/no-such")

    assert (answer.status_code, "no stored story" in answer.text) == (404, True)


def test_a_viewer_sees_the_stories_and_checks_none(served: Served):
    """To paste and to store takes an editor."""
    with served.person("V. Wall", Role.VIEWER) as viewer:
        answers = [viewer.get("/stories"), viewer.get("/check"), viewer.send("/check", text=NIGHT_STORY, do="store")]

    assert [answer.status_code for answer in answers] == [200, 403, 403]


def test_stories_that_cannot_be_looked_at_are_said_to_be_old(served: Served, editor: Person):
    """The desk goes on with what it had."""
    editor.send("/check", text=NIGHT_STORY, do="store")
    editor.get("/stories")
    (served.desk.settings.folder / "election.toml").write_text("no [settings")
    shelf = served.desk.shelf.look()

    assert (len(shelf.stories), bool(shelf.trouble)) == (1, True)
