"""Stored stories: kept with their bytes, checked again, told once when the record says something else."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands import demo, racecall
from racecall.coverage.reading import read_story
from racecall.desk.carrying import Carried
from racecall.desk.channels import parse_alerts
from racecall.desk.delivering import Desk
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.desk.judging import present
from racecall.desk.outbox import Outbox
from racecall.desk.stale import Known, basis, stale_stories, standings
from racecall.desk.storing import About, Stored, store_story, stored_stories, story_id
from racecall.errors import UnknownName, UsageError
from racecall.publish.alerts.event import AlertKind
from racecall.publish.alerts.sentences import headline, text
from stories import NIGHT_STORY

NOW = datetime(2017, 4, 20, 12, tzinfo=UTC)
"""The count is certified."""
HOOK = '[[webhook]]\nname = "hook"\nurl = "http://127.0.0.1:9/"\nsecret = "file:hook.secret"\n'
ASKS = f'{HOOK}kinds = ["story_stale"]\n'


@pytest.fixture
def folder(tmp_path: Path) -> ElectionFolder:
    """The demo's election as it was in April 2017, to be written to."""
    return open_folder(shutil.copytree(demo(), tmp_path / "election"), clock=lambda: NOW)


def store(folder: ElectionFolder, story: str = NIGHT_STORY, **about: str) -> Stored:
    """Store a story."""
    data = story.encode()
    return store_story(folder, read_story("story.txt", data, zone=folder.election.zone), data, About(**{"by": "A. Editor", **about}))


def stale(folder: ElectionFolder):
    """Return the stories that need an update now."""
    ledger = folder.ledger()
    return stale_stories(folder, ledger, present(folder, ledger))


# -- storing -------------------------------------------------------------------------------------------------------------------------


def test_a_stored_story_keeps_its_bytes(folder):
    """By their hash, among the captures."""
    story = store(folder).story

    assert folder.store.captures.get(story.capture) == NIGHT_STORY.encode()


def test_a_stored_story_is_known_from_when_it_was_published(folder):
    """As a file is that is filled in afterwards; when it was written down is in the event as well."""
    story = store(folder).story
    event = folder.ledger().events[-1]

    assert (event.at, event.recorded_at, story.published) == (story.published, NOW, story.published)


def test_the_same_story_is_stored_once(folder):
    """A second time changes nothing."""
    before = (store(folder), len(folder.ledger()))

    assert (store(folder).already, len(folder.ledger())) == (True, before[1])


def test_a_changed_story_takes_the_place_of_the_one_before(folder):
    """Both are in the record, and one is checked."""
    first, second = store(folder).story, store(folder, NIGHT_STORY.replace("8,156", "10,728")).story
    ledger = folder.ledger()

    assert ([one.capture for one in stored_stories(ledger, NOW)], second.published, second.updated) == (
        [second.capture],
        first.published,
        NOW,
    )


def test_the_record_with_a_stored_story_is_whole(folder):
    """`racecall verify` knows that the capture belongs to a story."""
    store(folder)
    ran = racecall("verify", folder.path)

    assert (ran.code, "no event names" in ran.out) == (0, False)


def test_a_story_whose_bytes_were_changed_is_found(folder):
    """It is evidence like any other capture."""
    capture = store(folder).story.capture
    next(folder.path.glob(f"captures/*/{capture}")).write_bytes(b"Something else.")
    ran = racecall("verify", folder.path)

    assert (ran.code, f"captures/{capture} was changed" in ran.out) == (3, True)


def test_a_story_needs_a_headline(folder):
    """Nobody could tell it from others."""
    with pytest.raises(UsageError, match="no headline") as caught:
        store(folder, "Gomez leads.\n\nAhn is second.")

    assert "--title" in caught.value.next_step


def test_a_story_about_a_contest_that_is_not_followed_is_refused(folder):
    """By its id."""
    with pytest.raises(UnknownName):
        store(folder, contest="mayor")


@pytest.mark.parametrize(
    ("words", "id_"),
    [
        ("https://example.org/2017/Primary", "example-org-2017-primary"),
        ("A Paper Señal única", "a-paper-senal-unica"),
        ("a" * 80, f"{'a' * 51}-bf2cb58a"),
        ("기사", "9a6d3bc6"),
    ],
)
def test_an_id_is_short_plain_and_the_same_for_the_same(words, id_):
    """What has no Latin letters, or too many, is told by its hash."""
    made = story_id(words)

    assert (made == story_id(words), len(made) <= 60, made[:20]) == (True, True, made[:20] if len(id_) == 8 else id_[:20])


# -- what became of them -------------------------------------------------------------------------------------------------------------


def test_a_story_is_stale_with_old_and_new_figures(folder):
    """28% was right on the night; the certified count says 25.36%."""
    store(folder)
    changed = {change.text: (change.old, change.new) for change in stale(folder)[0].changes}

    assert changed["28% of the vote"] == ("28.14%", "25.36%")


def test_a_story_that_was_updated_is_not_stale(folder):
    """What is stored again is held against when it was changed."""
    store(folder)
    store(folder, "Gomez leads, Ahn is second\n\nJimmy Gomez had 10,728 votes in the certified count.")

    assert stale(folder) == ()


def test_a_story_whose_bytes_are_gone_says_so(folder):
    """And the others are checked."""
    capture = store(folder).story.capture
    store(folder, outlet="Another paper", title="Another")
    next(folder.path.glob(f"captures/*/{capture}")).unlink()
    found = list(standings(folder, folder.ledger(), NOW))

    assert ["gone" in one.trouble for one in found] == [True, True]


def test_moments_between_two_events_are_looked_at_once(folder):
    """A thousand stories were published at a thousand moments."""
    known = Known(folder, folder.ledger())
    one, two = known.facts(datetime(2017, 4, 6, 10, tzinfo=UTC)), known.facts(datetime(2017, 4, 6, 11, tzinfo=UTC))
    contest = "ca34-2017-primary"

    assert one.records is two.records
    assert one.look(contest, one.as_of) is two.look(contest, two.as_of)


def test_storing_a_story_is_no_reason_to_check_the_others_again(folder):
    """Checks rest on the last event that is no stored story, and what was found on it is taken over."""
    store(folder)
    first, on = stale(folder), basis(folder.ledger())
    store(folder, NIGHT_STORY.replace("8,156", "8,157"), title="Another")
    both = list(standings(folder, folder.ledger(), NOW, before=first))

    assert basis(folder.ledger()) == on
    assert next(one for one in both if one.story == first[0].story) is first[0]


# -- who is told ---------------------------------------------------------------------------------------------------------------------


def desk(folder: ElectionFolder, toml: str = ASKS) -> Desk:
    """Return the desk that sends alerts; nothing leaves the house."""
    (folder.path / "hook.secret").write_text("a secret of both sides\n")
    return Desk(folder, carry=lambda *_: Carried(arrived=True), alerts=parse_alerts(toml, folder.election))


def test_a_stale_story_is_told_once(folder):
    """To a channel that asks for it."""
    desk(folder).take_in()
    store(folder)

    assert [desk(folder).take_in(), desk(folder).take_in()] == [1, 0]


def test_nobody_is_told_who_did_not_ask(folder):
    """Readers want to hear of the count, and not of our mistakes in the making."""
    desk(folder, HOOK).take_in()
    store(folder)
    desk(folder, HOOK).take_in()

    assert AlertKind.STORY_STALE not in {event.kind for event in Outbox(folder.path).events()}


def test_the_alert_says_which_story_and_what_changed(folder):
    """On one line, and a line below."""
    desk(folder).take_in()
    store(folder)
    desk(folder).take_in()
    event = Outbox(folder.path).events()[-1]

    assert (event.kind, headline(event).partition(": ")[2]) == (
        AlertKind.STORY_STALE,
        "a story needs an update: Gomez leads, Ahn is second",
    )
    assert "28.14% → 25.36%" in text(event)


def test_a_later_alert_takes_the_place_of_the_first(folder):
    """What waits of the first is not sent any more."""
    desk(folder).take_in()
    store(folder)
    desk(folder).take_in()
    store(folder, NIGHT_STORY.replace("8,156", "8,157"))
    desk(folder).take_in()

    assert Counter(item.state.value for item in Outbox(folder.path).items()) == Counter(waiting=1) or stale(folder) == ()
