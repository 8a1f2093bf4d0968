"""What is recorded of a race's coverage comes back as it was: rows to events, to a database's text, and to rows."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from types import NoneType
from typing import get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from racecall.coverage.record import coverage_of, row_draft, row_from, standing_rows
from racecall.coverage.rows import KINDS, kind_of
from racecall.ledger.events import Ledger, canonical

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=5, minutes=30))])
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
MOMENTS = st.datetimes(datetime.fromisoformat("1970-01-01"), datetime.fromisoformat("2100-01-01"), timezones=ZONES)
VALUES = {
    str: TEXT,
    int: st.integers(0, 10**9),
    float: st.floats(0, 1e9),
    bool: st.booleans(),
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    datetime: MOMENTS,
    NoneType: st.none(),
}
"""What a field of each type may hold."""


def values(hint):
    """Return anything that a field of this type may hold."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if get_origin(hint) is tuple:
        return st.lists(TEXT, max_size=3).map(tuple)
    if len(get_args(hint)) == 2 and get_origin(hint) is not None and NoneType not in get_args(hint):
        return st.dictionaries(TEXT, values(get_args(hint)[1]), max_size=3)
    return st.one_of(*map(values, get_args(hint))) if get_args(hint) else VALUES[hint]


def rows(kind):
    """Return rows of a kind, with anything in every field."""
    return st.builds(KINDS[kind], **{name: values(hint) for name, hint in get_type_hints(KINDS[kind]).items()})


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_comes_back_from_its_event(kind):
    """Every field of every kind, through the JSON that is hashed."""

    @settings(max_examples=25)
    @given(rows(kind))
    def holds(row):
        draft = row_draft(row, actor="A. Editor")
        body = json.loads(canonical(draft.body))

        assert row_from(body["kind"], body["row"], as_of=draft.at) == row

    holds()


@settings(max_examples=50)
@given(st.lists(st.one_of(*map(rows, ("person", "endorsement", "money"))), max_size=6), MOMENTS)
def test_what_stood_at_a_moment_does_not_change_with_what_is_recorded_later(found, moment):
    """Rows that became known afterwards are as if they had never been."""
    ledger = Ledger().append(*(row_draft(row, actor="A. Editor") for row in found), recorded_at=moment)
    before = [row for row in found if row.as_of <= moment]

    assert coverage_of(ledger, moment).rows == standing_rows(before, moment)
    assert len({(kind_of(row), row.id) for row in before}) == len(standing_rows(before, moment))
