"""What ships is fitted: no row of a table that may not ship comes back from the packaged calibration."""

import json

import numpy as np
import pytest

from racecall.backtest.learn import HABIT_STEP, night_share_habits
from racecall.desk.archives import night_share_rows, packaged_calibration
from racecall.outstanding.experience import expit, logit


def test_a_habit_is_rounded():
    """A county with one night of 82.04% has a habit that is not that night's log odds, nor its shrunk value."""
    habit = night_share_habits([("Colusa County", "2022-11-08", 0.8204)], "")["Colusa"]
    shrunk = float(logit(0.8204)) / 1.5
    assert (habit != pytest.approx(shrunk, abs=1e-4), abs(habit - shrunk) <= HABIT_STEP / 2) == (True, True)


def test_every_habit_that_ships_is_rounded():
    """Each is a multiple of the step."""
    shipped = [value for habit in json.loads(packaged_calibration())["night_share"].values() for value in habit.values()]
    assert np.allclose(np.array(shipped) / HABIT_STEP, np.round(np.array(shipped) / HABIT_STEP), atol=1e-6)


@pytest.mark.shared
def test_no_share_of_the_table_comes_back(shared):
    """Neither a habit, nor one with its shrinking undone, nor the difference of two habits is a row's share to a tenth of a point.

    Over some fifty rows a hit by chance is expected in a few: rows come back no more often than the step alone would have it.
    """
    rows = night_share_rows(shared / "count_timelines" / "county_election_night_share.csv")
    habits = json.loads(packaged_calibration())["night_share"]
    worked_back = {}
    for county, value in habits[""].items():
        guesses = [float(expit(value)), float(expit(value * 1.5))]
        for habit in habits.values():
            guesses += [float(expit(n * value - (n - 1) * habit[county])) for n in (1.5, 2.5, 3.5)]
        worked_back[county] = guesses
    recent = [(county.removesuffix(" County"), share) for county, date, share in rows if "2022" <= date < "2024-06"]
    hits = [share for county, share in recent if min(abs(guess - share) for guess in worked_back[county]) < 0.001]
    assert len(hits) <= len(recent) / 4
