"""What was known at a moment is the same whether the record ends there or goes on."""

from dataclasses import replace
from random import Random

import pytest

import builders as make
from racecall.ledger.events import Ledger
from racecall.ledger.records import read_records, records_at, release_draft


def ledger_of(*releases) -> Ledger:
    drafts = [release_draft(release, actor="racecall") for release in releases]
    return Ledger().append(*drafts, recorded_at=make.NIGHT)


def elsewhere(release):
    """The same release, of a contest that nobody asks about."""
    return replace(release, contests={"d": release.contests["c"]})


def votes_at(ledger, hour):
    return [count.votes["ana"] for _, count in records_at(ledger, make.hours(hour)).counts("c")]


@pytest.mark.parametrize("seed", range(20))
def test_a_moment_has_the_counts_of_a_record_that_ends_there(seed):
    """Whatever order releases come in, whatever time they are from and whatever they leave out (20 seeds; no chance of failing)."""
    draw = Random(seed)
    made = [make.recorded({"ana": n}, at=make.hours(draw.randrange(6)), published_at=make.hours(draw.randrange(6))) for n in range(8)]
    ledger = ledger_of(*(elsewhere(one) if draw.random() < 0.2 else one for one in made))
    moments = [make.hours(hour) for hour in range(-1, 7)]

    found = [records_at(ledger, moment).counts("c") for moment in moments]

    assert found == [read_records(ledger.as_of(moment)).counts("c") for moment in moments]


def test_an_old_copy_that_comes_late_is_put_where_it_is_from():
    """A copy from half past twelve came at three: nothing of it was known at two, and at three it stands between the others."""
    early, late = (make.recorded({"ana": votes}, at=make.hours(hour)) for votes, hour in ((10, 0), (30, 2)))
    copy = make.recorded({"ana": 20}, at=make.hours(3), published_at=make.hours(0.5))
    ledger = ledger_of(early, late, copy)

    assert [votes_at(ledger, hour) for hour in (-1, 0, 2, 3)] == [[], [10], [10, 30], [10, 20, 30]]


def test_a_release_of_other_contests_adds_no_count():
    """Between two counts of a contest lies a release that does not have it."""
    first, other, last = (make.recorded({"ana": hour}, at=make.hours(hour)) for hour in (1, 2, 3))
    ledger = ledger_of(first, elsewhere(other), last)

    assert [votes_at(ledger, hour) for hour in (1, 2, 3)] == [[1], [1], [1, 3]]
