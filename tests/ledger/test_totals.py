"""Totals stand beside their parts and are never added to them."""

import builders as make
from racecall.ledger.resolve import resolve
from racecall.ledger.totals import contest_counts
from racecall.model.counts import BallotKind

ELECTION = make.election(make.contest("A", "B"))


def counted(rows, **values):
    counts, jurisdiction, findings = contest_counts(resolve(make.release(rows, **values), ELECTION), ELECTION)
    return counts["c"], jurisdiction, findings


def test_units_are_added_up():
    """Two precincts, one option."""
    assert counted([("c", "p1", "total", "A", 3), ("c", "p2", "total", "A", 4)])[0].votes == {"a": 7}


def test_count_types_are_added_up_where_no_total_is_printed():
    """Mail and election day make the total."""
    assert counted([("c", "p1", "absentee_mail", "A", 3), ("c", "p1", "election_day", "A", 4)])[0].votes == {"a": 7}


def test_a_printed_total_is_not_added_to_its_parts():
    """A row for the whole contest beside its precincts."""
    count, _, findings = counted([("c", "all", "total", "A", 7), ("c", "p1", "total", "A", 3), ("c", "p2", "total", "A", 4)])

    assert (count.votes, findings) == ({"a": 7}, ())


def test_parts_that_do_not_add_up_are_a_finding_with_both_numbers():
    """The printed total is shown; the difference is said."""
    count, _, findings = counted([("c", "all", "total", "A", 9), ("c", "p1", "total", "A", 3), ("c", "p2", "total", "A", 4)])

    assert count.votes == {"a": 9}
    assert findings[0].problem == "A: the printed total is 9, the reporting units add up to 7."


def test_count_types_that_do_not_add_up_are_a_finding_with_the_unit():
    """Columns that were moved by one show here first."""
    _, _, findings = counted([("c", "p1", "total", "A", 9), ("c", "p1", "absentee_mail", "A", 3), ("c", "p1", "election_day", "A", 4)])

    assert findings[0].problem == ("Printed totals and count types disagree in 1 cell; first: unit p1, A: total 9, count types 7.")


def test_a_withheld_cell_is_no_zero_and_no_contradiction():
    """A cell withheld for privacy explains why the parts fall short of the total."""
    rows = [("c", "all", "total", "A", 9), ("c", "p1", "total", "A", None), ("c", "p2", "total", "A", 4)]

    count, _, findings = counted(rows)

    assert (count.votes, findings) == ({"a": 9}, ())


def test_a_printed_total_that_stands_twice_is_counted_once():
    """Printed totals that stand alone are not grouped; one that stands twice still is, and the first is taken."""
    rows = [("c", "1", "total", "A", 7), ("c", "1", "total", "A", 7), ("c", "2", "total", "A", 5)]

    assert counted(rows)[0].votes == {"a": 12}


def test_ballots_stay_apart_from_votes():
    """Ballots of the contest and of the whole county are told apart."""
    ballots = [("c", "all", "total", "cast", 12), ("", "all", "total", "cast", 99), ("c", "all", "total", "overvoted", None)]

    count, jurisdiction, _ = counted([("c", "all", "total", "A", 7)], ballots=ballots)

    assert (dict(count.ballots), jurisdiction) == ({BallotKind.CAST: 12}, {BallotKind.CAST: 99})


def test_mail_and_in_person_ballots_add_up_to_the_county():
    """Where no total is printed, the parts make it."""
    ballots = [("", "all", "absentee_mail", "cast", 60), ("", "all", "in_person", "cast", 39)]

    assert counted([("c", "all", "total", "A", 7)], ballots=ballots)[1] == {BallotKind.CAST: 99}
