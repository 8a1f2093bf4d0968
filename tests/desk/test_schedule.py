"""When which source is asked next: calculated, so that no test waits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from racecall.desk.schedule import after_answer, after_trouble, backoff, earliest, first_turn, silence
from racecall.model.contest import ReleaseDue
from racecall.model.source import Source

NOW = datetime(2022, 11, 9, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ZONE = ZoneInfo("America/Los_Angeles")
COUNTY = Source(name="county", url="http://localhost/count.json", every_seconds=60)
TURN = first_turn(COUNTY, NOW)


def test_a_source_is_asked_at_once_and_then_at_its_pace():
    """Every minute, from the answer on."""
    after = after_answer(TURN, NOW + timedelta(seconds=3), is_new=True)

    assert (TURN.due, after.due, after.new_at) == (NOW, NOW + timedelta(seconds=63), NOW + timedelta(seconds=3))


def test_who_is_due_first_comes_first():
    """Of two at the same time, the one listed first."""
    state = first_turn(replace(COUNTY, name="state"), NOW)

    assert earliest([TURN, state]) is TURN
    assert earliest([replace(TURN, due=NOW + MINUTE), state]) is state


def test_waits_grow_and_end_at_a_quarter_of_an_hour():
    """Doubled each time; never less than the ordinary wait, and at most half as long again."""
    waits = [backoff(MINUTE, failures, seed="a") / MINUTE for failures in range(1, 12)]
    longest = [min(2**failures, 15) for failures in range(11)]

    assert all(least <= wait <= 1.5 * least for least, wait in zip(longest, waits, strict=True))


def test_the_wait_is_a_calculation():
    """The same seed gives the same wait, and two desks do not come back together."""
    assert backoff(MINUTE, 3, seed="a") == backoff(MINUTE, 3, seed="a")
    assert backoff(MINUTE, 3, seed="a") != backoff(MINUTE, 3, seed="b")


def test_a_source_that_is_seldom_asked_is_not_asked_more_often_after_trouble():
    """An hour stays an hour at least."""
    assert backoff(timedelta(hours=1), 1, seed="a") >= timedelta(hours=1)


def test_failures_are_counted_and_forgotten():
    """An answer ends them."""
    failed = after_trouble(after_trouble(TURN, NOW, retry_after=None, seed="a"), NOW, retry_after=None, seed="a")

    assert (failed.failures, after_answer(failed, NOW, is_new=False).failures) == (2, 0)


@pytest.mark.parametrize(("asked", "waited"), [(timedelta(minutes=20), timedelta(minutes=20)), (timedelta(days=7), timedelta(hours=1))])
def test_a_server_is_obeyed_within_reason(asked, waited):
    """A week of silence asked for on the night is an hour of it."""
    assert after_trouble(TURN, NOW, retry_after=asked, seed="a").due == NOW + waited


def test_silence_is_said_after_its_time():
    """Three hours, if nothing else is set."""
    assert silence(TURN, NOW + timedelta(minutes=179), (), ZONE) == ""
    assert silence(TURN, NOW + timedelta(minutes=180), (), ZONE) == "nothing new since 2022-11-09 00:00 PST."


def test_an_announced_count_that_does_not_come_is_late():
    """A quarter of an hour after its time; one that came is not late."""
    due = ReleaseDue(at=NOW + 30 * MINUTE, what="second count")

    assert silence(TURN, NOW + 44 * MINUTE, [due], ZONE) == ""
    assert silence(TURN, NOW + 45 * MINUTE, [due], ZONE) == "the count announced for 2022-11-09 00:30 PST (second count) has not come."
    assert silence(replace(TURN, new_at=NOW + 31 * MINUTE), NOW + 45 * MINUTE, [due], ZONE) == ""
