"""How many places there are, what filling one means, and which may vanish."""

from __future__ import annotations

import pytest

from racecall.model.contest import Contest, Slot, SlotKind
from racecall.rules.places import majority_clause, slots
from racecall.rules.text import text_of


def contest(number_elected: int = 1) -> Contest:
    return Contest(id="c", title="t", rule="r", options=(), number_elected=number_elected)


def test_a_top_two_primary_has_two_places_to_advance(book):
    """First and second of two."""
    places = slots(book.rule("us-ca-special-primary"), contest())

    assert places == (Slot(number=1, of=2, kind=SlotKind.ADVANCE), Slot(number=2, of=2, kind=SlotKind.ADVANCE))


@pytest.mark.parametrize(
    ("rule", "seats", "expected"),
    [
        ("us-ak-primary", 1, (4, SlotKind.ADVANCE)),
        ("us-la-open-primary", 3, (6, SlotKind.ADVANCE)),
        ("fr-legislative", 1, (2, SlotKind.ADVANCE)),
        ("us-ca-general-voter-nominated", 1, (1, SlotKind.ELECT)),
        ("generic-top-k", 5, (5, SlotKind.ELECT)),
        ("us-ca-sf-rcv", 1, (1, SlotKind.ELECT)),
        ("measure-majority", 1, (1, SlotKind.ELECT)),
    ],
)
def test_places_follow_the_rule_and_the_seats(book, rule: str, seats: int, expected: tuple[int, SlotKind]):
    """Next-round places where there can be a next round, seats otherwise."""
    places = slots(book.rule(rule), contest(seats))

    assert (len(places), places[0].kind) == expected


@pytest.mark.parametrize(
    ("rule", "clause"),
    [
        ("us-ca-special-primary", "share > 50% of valid"),
        ("ar-president", "share > 45% of valid"),
        ("us-sd-primary", "share >= 35% of valid"),
        ("fr-legislative", "share > 50% of valid"),
    ],
)
def test_a_place_is_conditional_where_somebody_can_win_outright(book, rule: str, clause: str):
    """The share that ends the contest is named."""
    found = majority_clause(book.rule(rule))

    assert found is not None
    assert text_of(found) == clause


@pytest.mark.parametrize(
    "rule", ["us-ca-primary-voter-nominated", "us-wa-primary", "us-ca-general-voter-nominated", "us-ak-general", "us-ia-primary"]
)
def test_a_place_is_not_conditional_where_nobody_wins_outright_or_no_round_follows(book, rule: str):
    """There is no second place that could vanish."""
    assert majority_clause(book.rule(rule)) is None
