"""What a unit that is out is expected to look like."""

import numpy as np
import pytest

from racecall.outstanding.setting import ContestSetting
from racecall.projection.logratio import pool_rows
from racecall.projection.outlook import over_units, types_seen, unit_look


def looked(counted, to_come, **more):
    counted = np.array(counted, dtype=float)
    setting = ContestSetting(id="c", options=("A", "B"), parties=more.pop("parties", ("", "")), eligible=(True, True), slots=1)
    return unit_look(setting, counted, np.array(to_come, dtype=float), 0.1, **more)


def test_a_type_that_is_out_resembles_its_unit():
    """Unit 1 has 80% for A in early votes: its election-day votes are expected near 80%, not near the 50% of the whole."""
    look = looked([[[800, 200], [0, 0]], [[200, 800], [0, 0]]], [[0, 1000], [0, 1000]])
    assert pool_rows(look).share[2:, 0] == pytest.approx([0.8, 0.2], abs=0.05)


def test_a_type_differs_as_it_differs_elsewhere():
    """Where unit 1 moved from 50% early to 70% on election day, unit 2 is expected to move up as well."""
    look = looked([[[500, 500], [1400, 600]], [[500, 500], [0, 0]]], [[0, 0], [0, 1000]])
    assert pool_rows(look).share[3, 0] > 0.55


def test_a_unit_that_is_out_resembles_its_group():
    """Two counties, one at 80% and one at 20%: a precinct of the first that is wholly out is expected near 80%."""
    counted = [[[800, 200]], [[0, 0]], [[200, 800]], [[0, 0]]]
    look = looked(counted, [[0], [500], [0], [500]], groups=np.array([0.0, 0.0, 1.0, 1.0]))
    assert pool_rows(look).share[[1, 3], 0] == pytest.approx([0.8, 0.2], abs=0.06)


def test_the_rest_of_a_partly_counted_unit_is_not_seen():
    """What a county has left is no sample of what it has counted; a precinct wholly out, with its type in elsewhere, is seen."""
    counted = np.array([[[500.0, 500.0]], [[0.0, 0.0]]])
    assert [types_seen(counted, np.array(left)) for left in ([[1000.0], [0.0]], [[0.0], [1000.0]])] == [0.0, 0.5]


def test_parties_drift_more_where_nothing_alike_is_counted():
    """Democrat against Republican, mail counted and election day out: the party drift is unsure by .6."""
    look = looked([[[500, 500], [0, 0]]], [[0, 1000]], parties=("DEM", "REP"))
    assert look.drift_sd == pytest.approx(0.6)


def test_units_share_out_what_a_contest_has_left():
    """1,000 to come, weights 3 to 1: 750 and 250."""
    whole = looked([[[600, 400]]], [[1000]])
    assert over_units(whole, np.array([[400.0, 200.0], [200.0, 200.0]]), np.array([3.0, 1.0])).to_come.tolist() == [[750.0], [250.0]]


def test_units_without_weights_share_alike():
    """Where nobody knows which unit has what left, each has as much."""
    whole = looked([[[600, 400]]], [[1000]])
    assert over_units(whole, np.array([[400.0, 200.0], [200.0, 200.0]]), np.zeros(2)).to_come.tolist() == [[500.0], [500.0]]
