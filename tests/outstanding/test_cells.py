"""Where the votes still to come lie, by unit and count type."""

import numpy as np
import pytest

from racecall.outstanding.cells import OWED_MOST, UnitCounts, expected_cells, filled_forward, may_come, spread_over_cells


def cells(*rows):
    return np.array(rows, dtype=float)


def test_a_unit_without_interaction_is_filled_in_exactly():
    """Mail is 60% everywhere: a unit with 300 mail votes owes 200 election-day votes."""
    assert expected_cells(cells([600, 400], [300, 0]))[1, 1] == pytest.approx(200)


def test_a_silent_unit_is_as_large_as_its_roll_says():
    """1,000 voters gave 500 votes, so 400 voters are expected to give 200."""
    assert expected_cells(cells([500], [0]), sizes=np.array([1000.0, 400.0]))[1, 0] == pytest.approx(200)


def test_a_silent_unit_without_a_roll_is_as_large_as_its_group():
    """Two counties with precincts of 100 and of 900 votes: the silent precinct of the second is expected at 900."""
    found = expected_cells(cells([100], [100], [900], [0]), groups=np.array([0.0, 0.0, 1.0, 1.0]))
    assert found[3, 0] == pytest.approx(900)


def test_a_group_that_is_all_silent_is_like_the_rest():
    """Nothing is in from the second county: its precinct is expected at the mean of all."""
    assert expected_cells(cells([100], [300], [0]), groups=np.array([0.0, 0.0, 1.0]))[2, 0] == pytest.approx(200)


def test_a_parishs_early_votes_in_a_unit_of_their_own_owe_nothing():
    """Precincts that send election-day votes and a unit of early votes: neither is waited for in the other."""
    counted = cells([0, 100], [0, 120], [500, 0])
    assert may_come(counted).tolist() == [[0, 1], [0, 1], [1, 0]]


def test_a_count_type_that_is_out_everywhere_may_come_anywhere():
    """Only mail is in: every unit may still send election-day votes."""
    assert may_come(cells([100, 0], [200, 0])).tolist() == [[1, 1], [1, 1]]


def test_everything_adds_up_to_the_volume():
    """Owed and late votes together are the contest's votes to come, in every case."""
    rng = np.random.default_rng(1)
    for total in (0.0, 1.0, 50.0, 1e6):
        counted = rng.integers(0, 3, (6, 3)) * rng.integers(1, 500, (6, 3))
        found = spread_over_cells(counted.astype(float), total, groups=np.arange(6) // 2)
        assert found.to_come.sum() == pytest.approx(total)


def test_some_mail_is_always_late():
    """Though a silent unit could hold all that is out, a twentieth is left for the others."""
    found = spread_over_cells(cells([1000], [0]), 100.0)
    assert found.owed.sum() == pytest.approx(OWED_MOST * 100)


def test_late_votes_follow_the_pace_of_the_unit():
    """1,000 votes each, one county has three times as much left for a vote counted: 750 and 250."""
    found = spread_over_cells(cells([1000], [1000]), 1000.0, pace=np.array([3.0, 1.0]))
    assert found.late.tolist() == [[750.0], [250.0]]


def test_a_count_without_votes_is_shared_alike():
    """Where nothing is in and nobody knows a size, each unit has as much to come."""
    assert spread_over_cells(np.zeros((2, 1)), 500.0).to_come.tolist() == [[250.0], [250.0]]


def test_sizes_are_recovered_on_average():
    """Recovery: 200 precincts with half of them silent, sizes known up to 20%: what each owes is right within 25% for two in three."""
    rng = np.random.default_rng(2)
    final = rng.lognormal(5.5, 0.8, 200)[:, None] * np.array([0.6, 0.4])
    counted = final.copy()
    counted[::2] = 0
    found = spread_over_cells(counted, final.sum() - counted.sum(), sizes=final.sum(axis=1) * np.exp(0.2 * rng.standard_normal(200)))
    error = np.abs(np.log(found.to_come[::2].sum(axis=1) / final[::2].sum(axis=1)))
    assert np.quantile(error, 2 / 3) < 0.25


def test_gaps_keep_the_figure_before_them():
    """A look without a figure has the one before it; before the first there are none."""
    assert filled_forward(np.array([[np.nan, 1.0], [5.0, np.nan], [np.nan, 7.0]])).tolist() == [[0.0, 1.0], [5.0, 1.0], [5.0, 7.0]]


def test_a_count_by_units_can_be_cut_after_a_look():
    """What came later is gone."""
    count = UnitCounts(units=("a",), votes=np.arange(3.0).reshape(3, 1, 1, 1))
    assert count.until(1).unit_votes.tolist() == [[0.0], [1.0]]
