"""The record as it stood at a moment: nothing that came later, and of two versions the later one."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from racecall.coverage.record import Coverage, coverage_of, row_draft, row_from, standing_rows
from racecall.coverage.rows import Endorsement, Money, Person, Polarity
from racecall.errors import SettingsError
from racecall.ledger.events import Ledger

APRIL, MAY, JUNE = (datetime(2017, month, 1, tzinfo=UTC) for month in (4, 5, 6))
SAID = {"source": "A paper", "endorser": "Our Revolution", "endorser_type": "group"}
DECLINED = Endorsement(id="primary", polarity=Polarity.DECLINED, stage="primary", as_of=APRIL, **SAID)
ENDORSED = Endorsement(id="runoff", polarity=Polarity.ENDORSED, stage="runoff", candidate="gomez", as_of=MAY, **SAID)


def test_declined_and_endorsed_are_both_true_in_their_time():
    """In the primary the group declined; in the runoff it endorsed, and the first is still true of the primary."""
    before, after = (Coverage(standing_rows([DECLINED, ENDORSED], moment)) for moment in (APRIL, JUNE))

    assert [(row.stage, row.polarity.value) for row in before.endorsements()] == [("primary", "declined")]
    assert [(row.stage, row.polarity.value) for row in after.endorsements()] == [("primary", "declined"), ("runoff", "endorsed")]


def test_the_later_version_stands_from_its_own_moment():
    """Both stay in the record, and each is asked for by its time."""
    person = Person(id="ahn", name="Robert Ahn", source="A paper", as_of=APRIL)
    later = replace(person, age=41, as_of=MAY)
    names = [standing_rows([later, person], moment)[0].age for moment in (APRIL, MAY - timedelta(seconds=1), MAY, JUNE)]

    assert names == [None, None, 41, 41]


def test_of_two_versions_of_one_moment_the_one_recorded_last_stands():
    """A slip is put right at once."""
    person = Person(id="ahn", name="Robert Anh", source="A paper", as_of=APRIL)

    assert standing_rows([person, replace(person, name="Robert Ahn")], APRIL)[0].name == "Robert Ahn"


def test_an_end_of_cycle_total_never_answers_for_an_earlier_day():
    """Asked for the spring of 2017, the sum to the end of 2018 is silent, whenever it is asked."""
    rows = (
        Money(id="cycle", candidate="ahn", end=date(2018, 12, 31), receipts=1_670_407.62, source="FEC", as_of=JUNE),
        Money(id="march", candidate="ahn", end=date(2017, 3, 15), donors=338_702.0, source="A paper", as_of=APRIL),
    )

    assert [row.id for row in Coverage(rows).money("ahn", date(2017, 6, 6))] == ["march"]
    assert [row.id for row in Coverage(rows).money("ahn", date(2018, 12, 31))] == ["cycle", "march"]


def test_rows_are_read_back_from_the_ledger():
    """What is recorded is what comes back, cut by the moment it was known."""
    ledger = Ledger().append(*(row_draft(row, actor="A. Editor") for row in (DECLINED, ENDORSED)), recorded_at=JUNE)

    assert coverage_of(ledger, APRIL).rows == (DECLINED,)
    assert coverage_of(ledger, JUNE).rows == (DECLINED, ENDORSED)


def test_a_ledger_of_a_later_racecall_is_not_half_read():
    """A field that nobody here knows may change what the others mean."""
    with pytest.raises(SettingsError) as error:
        row_from("person", {"id": "a", "name": "Ann", "source": "x", "nickname": "Annie"}, as_of=APRIL, where="event 7")

    assert str(error.value).startswith("event 7: a row of kind person has no 'nickname'.\nIt has: age, age_on, aliases,")
