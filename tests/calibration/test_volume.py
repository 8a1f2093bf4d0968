"""Volume: how many votes are left, as an interval."""

import numpy as np
import pytest

from racecall.errors import UsageError
from racecall.outstanding.experience import Experience, logit
from racecall.outstanding.path import CountPath
from racecall.outstanding.setting import district_key
from racecall.outstanding.volume import Stated, VolumeClues, estimate_volume

HOURS = np.array([1.0, 6.0, 40.0, 90.0, 160.0])


def path(*totals):
    votes = np.array([[0.6 * total, 0.4 * total] for total in totals])
    return CountPath(hours=HOURS[: len(totals)], votes=votes)


def clues(looks, share=0.5, total=np.nan, stated=None):
    curve = Experience().curve("", "")
    return VolumeClues(
        curve=curve, night_log_odds=np.full(looks, float(logit(share))), comparable_total=np.full(looks, total), stated=stated
    )


def test_the_night_is_read_with_the_county_s_habit():
    """Where half is counted on the night, as much is left as is counted."""
    assert estimate_volume(path(900, 1000), clues(2)).likely[1] == pytest.approx(1000, rel=0.01)


def test_a_comparable_election_counts_for_more_than_the_habit():
    """Where the habit says 2,000 in all and a comparable election 3,000, more is expected, and more surely."""
    with_it, without = (estimate_volume(path(900, 1000, 1200), clues(3, total=total)) for total in (3000.0, np.nan))
    assert (with_it.likely[2] > without.likely[2], with_it.log_sd[2] < without.log_sd[2]) == (True, True)


def test_the_upper_figure_is_never_under_the_last_three_days():
    """What came in 72 hours may come again."""
    made = estimate_volume(path(900, 1000, 1800, 2600, 2650), clues(5))
    assert made.upper[3] >= 1600


def test_the_upper_figure_is_never_under_one_percent():
    """A canvass that drags on is not finished."""
    made = estimate_volume(path(900, 1000, 1990, 1991, 1992), clues(5))
    assert (made.upper >= 0.01 * made.upper[-1]).all()


def test_a_first_day_statement_is_raised_by_what_such_leave_out():
    """A statement of ballots on hand enters higher than it was said."""
    on_hand = Stated(ratio=np.array([np.nan, 0.5, 0.5]), hours=np.array([np.nan, 6.0, 6.0]))
    full = Stated(ratio=on_hand.ratio, hours=on_hand.hours, includes_arrivals=True)
    values = [estimate_volume(path(900, 1000, 1000), clues(3, stated=stated)).likely[2] for stated in (on_hand, full)]
    assert values[0] > values[1]


def test_a_late_statement_outweighs_the_curve():
    """On day six 100 ballots on hand are nearly all there is."""
    said = Stated(ratio=np.array([np.nan] * 4 + [0.05]), hours=np.array([np.nan] * 4 + [159.0]))
    with_it, without = (estimate_volume(path(900, 1000, 1500, 1900, 2000), clues(5, stated=s)).likely[4] for s in (said, None))
    assert abs(with_it - 100) < abs(without - 100)


def test_times_that_run_backwards_are_refused():
    """The message says what to do."""
    with pytest.raises(UsageError, match=r"the releases are not in order of time\.\nSort them"):
        CountPath(hours=np.array([2.0, 1.0]), votes=np.ones((2, 2)))


def test_a_district_has_one_key_in_all_spellings():
    """The number in the title and the office make the key."""
    assert district_key("CA", "us_house", "United States Representative, 34th District, special primary") == "CA us_house 34"
