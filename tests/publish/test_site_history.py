"""What a page rests on, what may be shown of it, and what an open page fetches."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

from commands import demo
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView
from racecall.desk.folder import open_folder
from racecall.desk.judging import judge_folder
from racecall.ledger.events import Draft, EventKind, Ledger
from racecall.model.finding import Finding, Severity
from racecall.publish.languages.words import Words
from racecall.publish.site import history, live

NIGHT = datetime(2022, 11, 9, 5, tzinfo=UTC)
PRIMARY = "ca34-2017-primary"


def ledger(*drafts: tuple[EventKind, str, int]) -> Ledger:
    """Events by kind, contest and hours after the polls closed."""
    made = (
        Draft(kind=kind, at=NIGHT + timedelta(hours=hours), contest=contest, body={"contests": {contest: {}}})
        for kind, contest, hours in drafts
    )
    return Ledger().append(*made, recorded_at=NIGHT)


@cache
def look() -> ContestView:
    """The demo's first round on 5 April, noon."""
    folder = open_folder(demo())
    return judge_folder(folder, folder.ledger(), datetime(2017, 4, 5, 19, tzinfo=UTC), [PRIMARY]).contests[0]


def held() -> ContestView:
    return replace(look(), findings=(Finding(check="x", severity=Severity.HOLD_PUBLICATION, problem="p"),))


# -- what a page rests on ------------------------------------------------------------------------------------------------------------


def test_an_event_about_no_contest_touches_all():
    """A statement of the whole county."""
    events = history.touching(ledger((EventKind.STATEMENT, "", 1), (EventKind.RELEASE, "a", 2)), ["a", "b"])

    assert {contest: len(own) for contest, own in events.items()} == {"a": 2, "b": 1}


def test_bytes_that_came_in_touch_nobody():
    """What was read from them does."""
    assert history.touching(ledger((EventKind.CAPTURE, "", 1)), ["a"]) == {"a": ()}


def test_an_endorsement_touches_no_count():
    """A page of a count is not younger for what stories speak of."""
    assert history.touching(ledger((EventKind.COVERAGE, "a", 1)), ["a"]) == {"a": ()}


def test_the_key_of_a_page_changes_with_its_events_alone():
    """Another contest's release changes nothing."""
    one = ledger((EventKind.RELEASE, "a", 1))
    two = ledger((EventKind.RELEASE, "a", 1), (EventKind.RELEASE, "b", 2), (EventKind.RELEASE, "a", 3))
    later = NIGHT + timedelta(hours=2)
    keys = [history.key(history.touching(own, ["a"])["a"], later) for own in (one, two)]

    assert keys[0] == keys[1]
    assert history.key(history.touching(two, ["a"])["a"], later + timedelta(hours=2)) != keys[0]


def test_a_contest_that_nothing_was_said_about_has_one_moment():
    """The beginning."""
    assert history.moments((), NIGHT) == (NIGHT,)


# -- what may be shown ---------------------------------------------------------------------------------------------------------------


def test_a_held_look_is_not_shown():
    """Nor is what comes after it, until a look that nothing holds."""
    assert [history.shown(looks) for looks in ([look(), held()], [look(), held(), look()], [held()])] == [1, 3, 0]


def test_the_page_of_a_release_is_the_last_look_at_which_it_was_current():
    """What became known before the next one is on it."""
    view = look()
    assert view.release is not None
    other = replace(view, release=replace(view.release, seq=99))

    assert history.look_after(view.release, [view, view, other]) == 1
    assert history.look_after(view.release, [other]) is None


# -- what an open page fetches -------------------------------------------------------------------------------------------------------


def test_a_patch_has_the_parts_that_are_others():
    """The rest is on the page already."""
    before = '<div data-part="head"><p>1</p></div><div data-part="log"><p>2</p></div>'

    assert live.changed_parts(before, {"head": "<p>1</p>", "log": "<p>3</p>"}) == {"log": "<p>3</p>"}


def test_the_sentence_begins_with_places_whose_state_is_new():
    """Then how much is counted."""
    states = {slot.slot.number: str(slot.state) for slot in look().slots}
    said = live.sentence(look(), {**states, 2: "too_close"}, Words("en"))

    assert said.startswith("Update: Place 2, Robert Lee Ahn: ")
    assert said.endswith("of ballots are counted.")


def test_only_a_withdrawn_call_is_urgent():
    """And only when it is new."""
    first = replace(look().slots[0], state=SlotState.RETRACTED)
    view = replace(look(), slots=(first, *look().slots[1:]))

    assert (live.is_withdrawn(view, {1: "called"}), live.is_withdrawn(view, {1: "retracted"})) == (True, False)
    assert live.is_withdrawn(look(), {1: "called"}) is False


def test_a_first_version_has_nothing_to_patch():
    """Whoever holds none fetches the page."""
    said = json.loads(live.contest_pointer(look(), ["en"], version=1, before=0))

    assert (said["from"], said["patches"]) == (0, {})


def test_a_pointer_is_tiny():
    """It is asked for every half minute: three languages in under 300 bytes."""
    assert len(live.contest_pointer(look(), ["en", "es", "ko"], version=123, before=122)) < 300
