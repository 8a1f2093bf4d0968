"""What a unit that is out is expected to look like."""

import numpy as np
import pytest

from racecall.errors import UsageError
from racecall.outstanding.cells import CellVolume, spread_over_cells
from racecall.outstanding.setting import ContestSetting
from racecall.projection.base import Look
from racecall.projection.logratio import LogRatioProjection, pool_rows
from racecall.projection.units import USUAL_SCATTER, effective_number, kinds_of, scatter, unit_look, with_row


def setting(parties=("", ""), night=""):
    return ContestSetting(id="c", options=("A", "B"), parties=parties, eligible=(True, True), slots=1, night=night)


def whole_look(counted, to_come, **more):
    votes = np.array(counted, dtype=float).sum(axis=(0, 1))[None, None, :]
    sd, mean = np.array([0.2, 0.2]), np.array([0.1, 0.0])
    to_come = np.array([[float(np.sum(to_come))]])
    return Look(setting=setting(**more), counted=votes, to_come=to_come, to_come_log_sd=0.1, late_mean=mean, late_sd=sd, drift_sd=0.1)


def volume_of(counted, to_come):
    """Votes to come of cells that have sent nothing are owed, of others late."""
    to_come = np.array(to_come, dtype=float)
    silent = np.array(counted, dtype=float).sum(axis=2) == 0
    return CellVolume(owed=np.where(silent, to_come, 0.0), late=np.where(silent, 0.0, to_come))


def looked(counted, to_come, *, groups=None, **more):
    whole = whole_look(counted, to_come, **more)
    return unit_look(whole, np.array(counted, dtype=float), volume_of(counted, to_come), groups=groups)


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


def test_votes_to_come_are_of_three_kinds():
    """A county's rest is late, its polls that are out are new, a silent precinct whose type is half in elsewhere is half alike."""
    kinds = [
        kinds_of(np.array(counted, dtype=float), CellVolume(owed=np.array(owed, dtype=float), late=np.array(late, dtype=float)))
        for counted, owed, late in (
            ([[1000], [0]], [[0], [0]], [[1000], [0]]),
            ([[1000, 0]], [[0, 1000]], [[0, 0]]),
            ([[1000], [0]], [[0], [1000]], [[0], [0]]),
        )
    ]
    assert [(kind.alike, kind.new, kind.late) for kind in kinds] == [(0, 0, 1), (0, 1, 0), (0.5, 0.5, 0)]


@pytest.mark.parametrize(("night", "sd"), [("2018-11-06", 0.3), ("2024-11-05", 0.6), ("", 0.6)])
def test_parties_drift_more_where_nothing_alike_is_counted(night, sd):
    """Democrat against Republican, mail counted and election day out: the party drift is unsure by .3 before 2020 and by .6 since."""
    look = looked([[[500, 500], [0, 0]]], [[0, 1000]], parties=("DEM", "REP"), night=night)
    assert look.drift_sd == pytest.approx(sd)


def test_late_votes_keep_the_shift_of_the_contest():
    """Where every cell has sent votes, mean and drift are those of the contest as one total."""
    counted = [[[400, 200]], [[200, 200]]]
    look = looked(counted, [[750], [250]], parties=("DEM", "REP"))
    assert (look.late_mean.tolist(), look.drift_sd, look.late_tail) == ([0.1, 0.0], 0.1, None)


def test_a_unit_of_votes_that_no_unit_holds_changes_the_count_alone():
    """5 votes that the total has and the units have not are counted, and nothing comes there."""
    look = with_row(looked([[[400, 200]], [[200, 200]]], [[750], [250]]), np.array([3.0, 2.0]))
    assert (look.votes.tolist(), look.to_come[-1].tolist()) == ([603.0, 402.0], [0.0])


def test_no_votes_beside_the_units_change_nothing():
    """Where the units hold all votes the look stays as it is."""
    look = looked([[[400, 200]], [[200, 200]]], [[750], [250]])
    assert with_row(look, np.zeros(2)) is look


def test_the_scatter_between_units_is_recovered():
    """500 precincts of 800 votes whose log odds differ by .40: the option near a half differs by half of that, found within 15%."""
    rng = np.random.default_rng(4)
    share = 1 / (1 + np.exp(-0.4 * rng.standard_normal(500)))
    counted = np.stack([rng.binomial(800, share), np.zeros(500)], axis=1)
    counted[:, 1] = 800 - counted[:, 0]
    assert scatter(counted.astype(float)) == pytest.approx([0.2, 0.2], rel=0.15)


def test_units_that_differ_by_luck_alone_have_next_to_no_scatter():
    """Null: 500 precincts of one composition show less than .05, the rest is the prior of five units."""
    counted = np.random.default_rng(5).binomial(800, 0.5, 500).astype(float)
    assert scatter(np.stack([counted, 800 - counted], axis=1)).max() < 0.05


def test_one_unit_says_nothing_about_scatter():
    """With one unit counted, the usual scatter is taken."""
    assert scatter(np.array([[500.0, 400.0], [0.0, 0.0]])).tolist() == [USUAL_SCATTER, USUAL_SCATTER]


def test_equal_units_count_as_many_as_they_are():
    """Four equal units are four; where their sizes may be wrong by their own size, two."""
    assert [effective_number(np.full((4, 1), 100.0), sd) for sd in (0.0, 1.0)] == [4.0, 2.0]


def test_more_units_out_are_more_certain_together():
    """A tenth of the units out is less sure of its composition than nine tenths of a like count."""
    rng = np.random.default_rng(6)
    counted = np.stack([rng.integers(100, 900, 50), rng.integers(100, 900, 50)], axis=1).astype(float)[:, None, :]
    spread = []
    for silent in (2, 25):
        known = counted.copy()
        known[:silent] = 0
        volume = spread_over_cells(known.sum(axis=2), 2000.0)
        spread.append(float(unit_look(whole_look(known, 2000), known, volume).late_sd[0]))
    assert spread[0] > spread[1]


def test_the_same_seed_gives_the_same_bytes():
    """Two draws of one look with one seed are equal to the last bit."""
    look = looked([[[400, 200]], [[0, 0]]], [[100], [500]])
    first, second = (LogRatioProjection().draw(look, draws=50, seed=3).votes.tobytes() for _ in range(2))
    assert first == second


def test_a_look_of_another_shape_is_refused():
    """Units and votes to come must go together: the error says both shapes."""
    counted = np.ones((2, 1, 2))
    with pytest.raises(UsageError, match=r"found \(2, 1, 2\) and \(1, 1\)"):
        unit_look(whole_look(counted, 10), counted, CellVolume(owed=np.zeros((1, 1)), late=np.ones((1, 1))))
