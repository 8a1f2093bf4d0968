"""What looks wrong in single units: doubled votes, more votes than paper, more paper than people."""

import pytest

import builders as make
from racecall.feeds.frames import ballot_frame, count_frame
from racecall.ledger.checks_units import check_ballots, check_cells
from racecall.origin import Origin

ELECTION = make.election(make.contest("Gomez", "Ahn"))


def counts(**units: tuple[int | None, int | None]):
    """Votes of two options, by unit."""
    return count_frame(
        ("c", unit, "total", option, number, 1)
        for unit, votes in units.items()
        for option, number in zip(("gomez", "ahn"), votes, strict=True)
    )


def ballots(*rows: tuple[str, str, int | None]):
    """Ballots by unit and kind."""
    return ballot_frame(("c", unit, "total", kind, number, 1) for unit, kind, number in rows)


def doubled(before, after) -> list[str]:
    return [finding.problem for finding in check_cells(before, after, ELECTION, origin=Origin()) if finding.check == "doubled_units"]


def paper(votes, *rows: tuple[str, str, int | None]) -> dict[str, object]:
    return {finding.check: finding for finding in check_ballots(votes, ballots(*rows), ELECTION, origin=Origin())}


def test_a_unit_with_twice_the_votes_is_found():
    """Monmouth County, 2022: a memory was loaded twice."""
    assert doubled(counts(p1=(50, 30), p2=(20, 10)), counts(p1=(100, 60), p2=(20, 10))) == [
        "Exactly twice the votes of the release before, for every option, in 1 unit: p1."
    ]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ((50, 30), (100, 61), "one option has not doubled"),
        ((50, 0), (100, 0), "one option alone may double by chance"),
        ((8, 4), (16, 8), "a dozen votes are few"),
        ((0, 0), (0, 0), "nothing was counted"),
    ],
)
def test_other_units_are_let_be(before, after, why):
    """Units grow as votes come in."""
    assert doubled(counts(p1=before), counts(p1=after)) == [], why


def test_doubled_units_are_one_finding():
    """With the first three names."""
    before = counts(**{f"p{n}": (50 + n, 30) for n in range(5)})
    after = counts(**{f"p{n}": (100 + 2 * n, 60) for n in range(5)})

    assert doubled(before, after) == ["Exactly twice the votes of the release before, for every option, in 5 units: p0, p1, p2 …."]


def test_a_unit_with_more_votes_than_ballots():
    """The contest's sum may still fit."""
    finding = paper(counts(p1=(60, 30), p2=(10, 10)), ("p1", "cast", 80), ("p2", "cast", 100))["votes_above_ballots"]

    assert (finding.unit, finding.severity) == ("p1", "hold_calls")
    assert finding.problem == "Unit p1: 90 votes on 80 ballots, with 1 allowed on each."


def test_units_with_more_ballots_than_voters():
    """Antrim County, November 2020: 1,552 ballots in a town with half as many."""
    finding = paper(
        counts(p1=(60, 30), p2=(1, 1)), ("p1", "cast", 95), ("p1", "registered", 90), ("p2", "cast", 5), ("p2", "registered", 4)
    )["ballots_above_registered"]

    assert (finding.severity, finding.count) == ("hold_publication", 2)
    assert finding.problem == "Unit p1: 95 ballots counted, 90 voters on the roll; 1 other unit as well."


def test_ballots_that_fit_are_no_finding():
    """Nor are ballots that were not reported."""
    assert paper(counts(p1=(60, 30)), ("p1", "cast", 90), ("p1", "registered", 90), ("p2", "cast", None)) == {}


def test_the_whole_contest_is_looked_at_elsewhere():
    """Its ballots are not those of a unit."""
    assert paper(counts(p1=(60, 30)), ("all", "cast", 10)) == {}
