"""The chain holds, and says where it does not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import builders as make
from racecall.ledger.events import GENESIS, Draft, EventKind, Ledger, broken_links, canonical, event_hash, from_iso, iso
from racecall.ledger.records import read_records, release_draft

NOON = datetime(2017, 4, 5, 19, tzinfo=UTC)


@pytest.fixture
def ledger() -> Ledger:
    drafts = [
        Draft(kind=EventKind.REPORT, at=NOON + timedelta(hours=hour), contest="a", body={"note": f"José {hour}"}) for hour in range(4)
    ]
    return Ledger().append(*drafts, recorded_at=NOON)


def test_a_ledger_that_was_only_appended_to_is_whole(ledger):
    """Appending in one go or one by one gives the same unbroken chain."""
    one_by_one = Ledger()
    for event in ledger:
        draft = Draft(kind=event.kind, at=event.at, contest=event.contest, actor=event.actor, body=event.body)
        one_by_one = one_by_one.append(draft, recorded_at=NOON)

    assert list(broken_links(ledger)) == []
    assert one_by_one == ledger


def test_the_first_event_follows_genesis(ledger):
    """The chain starts from a known hash."""
    assert ledger.events[0].previous == GENESIS


def test_a_changed_body_is_found_and_named(ledger):
    """One changed word breaks the chain at that event."""
    changed = replace(ledger.events[1], body={"note": "José 9"})

    assert list(broken_links([ledger.events[0], changed, *ledger.events[2:]])) == [
        "event 2 (report, 2017-04-05T20:00:00Z) was changed after it was written."
    ]


def test_a_removed_event_is_found_and_named(ledger):
    """A gap shows twice: in the numbers and in the hashes."""
    assert list(broken_links([*ledger.events[:1], *ledger.events[2:]])) == [
        "event 2 is missing: the next one is numbered 3.",
        "event 3 does not follow the event before it.",
    ]


def test_two_swapped_events_are_found(ledger):
    """Order is part of the record."""
    swapped = [ledger.events[0], ledger.events[2], ledger.events[1], ledger.events[3]]

    assert next(broken_links(swapped)) == "event 2 is missing: the next one is numbered 3."


def test_as_of_keeps_what_was_known_then(ledger):
    """Nothing that became known later takes part."""
    assert len(ledger.as_of(NOON + timedelta(hours=1))) == 2


def test_the_hash_can_be_made_by_hand():
    """The recipe of docs/ledger.md: the fields, one a line, SHA-256."""
    made = event_hash(seq=1, kind="report", at="a", recorded_at="b", contest="c", actor="d", body="{}", previous=GENESIS)

    assert made == "39c0bc60709e5d5e15377614e0dd8f3d949dd5cfa0d05195ec05768be606e8be"


def test_times_are_written_in_one_spelling():
    """Two zones, one moment, one text."""
    local = datetime.fromisoformat("2017-04-05T12:00:00-07:00")

    assert (iso(local), from_iso(iso(local))) == ("2017-04-05T19:00:00Z", local)


def test_canonical_json_has_one_spelling():
    """Keys sorted, no spaces, letters kept as they are."""
    assert canonical({"b": 1, "a": "Huízar"}) == '{"a":"Huízar","b":1}'


def test_equal_counts_of_two_releases_are_one_value():
    """A release that leaves a contest as it was: what follows from its count need not be reckoned again."""
    same = [make.recorded({"ana": 12, "ben": 7}, seq=seq, at=make.hours(seq), units_reported=3) for seq in (1, 2)]
    other = make.recorded({"ana": 12, "ben": 7}, seq=3, at=make.hours(3), units_reported=4)
    drafts = [release_draft(one, actor="t") for one in (*same, other)]
    (_, first), (_, second), (_, third) = read_records(Ledger().append(*drafts, recorded_at=NOON)).counts("c")

    assert first is second
    assert third != first
