"""Units that stand apart and options left out: found where they were made, and silent where units merely differ."""

import numpy as np
import pytest

import builders as make
from racecall.feeds.frames import count_frame
from racecall.ledger.outliers import APART, FEWEST_UNITS, cells_of, check_units, distances, left_out
from racecall.origin import Origin

NAMES = ("Ahn", "Cabildo", "Gomez", "Mejia")
ELECTION = make.election(make.contest(*NAMES))
OPTIONS = tuple(name.lower() for name in NAMES)


def drawn(units: int, seed: int, *, voters=(150, 900)) -> np.ndarray:
    """Votes of units that differ as towns do, shape (unit, option): a Dirichlet share each, then a multinomial draw."""
    rng = np.random.default_rng(seed)
    base = 45 * np.array([0.30, 0.06, 0.62, 0.02])
    shares = rng.dirichlet(base, units)
    return np.array([rng.multinomial(rng.integers(*voters), share) for share in shares])


def rows(votes: np.ndarray, count_type: str = "total") -> list[tuple[str, str, str, str, int, int]]:
    """Rows of a count table."""
    return [
        ("c", f"p{unit:03}", count_type, option, int(votes[unit, at]), unit)
        for unit in range(len(votes))
        for at, option in enumerate(OPTIONS)
    ]


def found(*tables: list[tuple[str, str, str, str, int, int]]) -> dict[str, object]:
    return {
        finding.check: finding for finding in check_units(count_frame(row for table in tables for row in table), ELECTION, origin=Origin())
    }


def test_units_that_merely_differ_are_let_be():
    """Towns are not alike."""
    assert found(rows(drawn(60, 1))) == {}


def test_a_unit_with_moved_columns_is_like_no_other():
    """Every candidate has the votes of the one before."""
    votes = drawn(60, 1)
    votes[17] = np.roll(votes[17], 1)
    finding = found(rows(votes))["outlying_units"]

    assert (finding.unit, finding.count, finding.severity) == ("p017", 1, "hold_calls")
    assert finding.problem == (
        f"Unit p017 is like no other: Mejia has {votes[17, 3]} of {votes[17].sum()} votes "
        f"({100 * votes[17, 3] / votes[17].sum():.1f}%), in the whole contest {100 * votes[:, 3].sum() / votes.sum():.1f}%."
    )


def test_two_units_with_the_same_fault_do_not_vouch_for_each_other():
    """The third nearest counts."""
    votes = drawn(60, 1)
    votes[[17, 30]] = np.roll(votes[[17, 17]], 1, axis=1)
    finding = found(rows(votes))["outlying_units"]

    assert finding.count == 2
    assert finding.problem.endswith("; so is p030.")


def test_a_tiny_unit_proves_nothing():
    """Two votes for one candidate are no outlier."""
    votes = drawn(60, 1)
    votes[5] = (0, 0, 0, 2)

    assert found(rows(votes)) == {}


def test_few_units_are_not_judged():
    """There is no third that could be near."""
    votes = drawn(FEWEST_UNITS - 1, 1)
    votes[3] = np.roll(votes[3], 1)

    assert found(rows(votes)) == {}


def test_units_without_votes_are_left_out():
    """They have no shares."""
    votes = drawn(60, 1)
    votes[4:8] = 0

    assert found(rows(votes)) == {}


def test_a_printed_total_goes_before_its_parts():
    """Votes are not counted twice."""
    votes = drawn(25, 3)

    assert (cells_of(count_frame([*rows(votes), *rows(votes // 2, "early")])).totals == votes).all()


def test_screening_finds_the_same_units_as_comparing_all():
    """Distances beyond the limit are exact, however many were looked at first."""
    votes = drawn(3000, 4, voters=(20, 300))
    votes[::500] = np.roll(votes[::500], 1, axis=1)
    whole, screened = distances(votes, above=0.0), distances(votes)

    assert set(np.flatnonzero(whole > APART)) == set(np.flatnonzero(screened > APART))
    assert screened[whole > APART] == pytest.approx(whole[whole > APART])


def test_names_in_another_order_are_the_same_units():
    """No option is looked at otherwise than another."""
    votes = drawn(80, 5)

    assert distances(votes[:, ::-1], above=0.0) == pytest.approx(distances(votes, above=0.0))


def test_a_candidate_at_zero_nearly_everywhere_is_found():
    """Zero in 36 of 40 units: the few units that have any say what was due."""
    votes = drawn(40, 6)
    votes[4:, 0] = 0
    finding = found(rows(votes))["zeroed_option"]
    counted = votes[4:].sum()
    share = votes[:4, 0].sum() / votes[:4].sum()

    assert (finding.option, finding.count, finding.severity) == ("ahn", 36, "hold_calls")
    assert finding.problem == (
        f"Ahn has no vote in 36 units that counted {counted:,} votes; at the {100 * share:.1f}% of the units that have any, "
        f"{share * counted:,.0f} were to be expected."
    )


def test_a_candidate_at_zero_in_one_count_type_is_found():
    """The early votes say what the election day should have had."""
    early, day = drawn(40, 7), drawn(40, 8)
    day[:, 2] = 0
    finding = found(rows(early, "early"), rows(day, "election_day"))["zeroed_option"]

    assert finding.problem.startswith(f"Gomez has no vote in 40 units (election_day) that counted {day.sum():,} votes;")


def test_a_candidate_with_few_votes_may_have_none_in_many_units():
    """Two votes of a hundred are soon none."""
    votes = drawn(40, 9)
    votes[4:, 3], votes[:4, 3] = 0, 4

    assert list(left_out(cells_of(count_frame(rows(votes))))) == []


def test_a_candidate_without_any_vote_is_no_finding():
    """A person who withdrew, or nobody's choice: there is no share to expect anything from."""
    votes = drawn(40, 9)
    votes[:, 3] = 0

    assert found(rows(votes)) == {}


def test_all_others_may_be_at_zero():
    """A sum is nobody, and many files give it for the county only."""
    election = make.election(make.contest(*NAMES[:3], others=True))
    votes = drawn(40, 6)[:, [0, 1, 3, 2]]
    votes[4:, 3] = 0
    table = [
        (contest, unit, kind, "all_others" if option == "mejia" else option, number, row)
        for contest, unit, kind, option, number, row in rows(votes)
    ]

    assert [
        finding.check for finding in check_units(count_frame(table), election, origin=Origin()) if finding.check == "zeroed_option"
    ] == []


def test_withheld_cells_are_no_zeros():
    """A mark in place of a count says nothing of its size."""
    votes = drawn(40, 6)
    table = [(*row[:4], None if row[3] == "ahn" and row[1] > "p003" else row[4], row[5]) for row in rows(votes)]

    assert "zeroed_option" not in {finding.check for finding in check_units(count_frame(table), ELECTION, origin=Origin())}


def test_printed_totals_are_no_units():
    """A file of contest totals has nothing to compare."""
    assert list(check_units(count_frame([("c", "all", "total", "gomez", 5, 1)]), ELECTION, origin=Origin())) == []
