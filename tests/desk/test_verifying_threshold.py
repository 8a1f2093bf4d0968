"""The threshold of a call, worked out a second time."""

import pytest

from racecall.calls.calibration_file import parse_calibration
from racecall.desk.archives import packaged_calibration
from racecall.desk.verifying.threshold import Calibration, Maximum, packaged, threshold_of, threshold_problem


@pytest.mark.parametrize("state", ["CA", "WA", "GA", ""])
@pytest.mark.parametrize("night", ["2017-04-04", "2022-11-08", "2024-03-05", "2026-11-03"])
@pytest.mark.parametrize("alpha", [0.005, 0.01, 0.02, 0.1])
def test_the_second_threshold_is_the_first(state, night, alpha):
    """Every regime, with and without the archived nights, at several alphas: the same value, or none from both."""
    first = parse_calibration(packaged_calibration()).threshold(state, night, alpha).value
    second = threshold_of(packaged(), state=state, night=night, alpha=alpha)
    assert second == (None if first is None else pytest.approx(first, abs=1e-9))


def test_too_few_contests_give_no_threshold():
    """198 contests cannot promise half a percent; 199 can: the highest of them."""
    for number, wanted in ((198, None), (199, 5.0)):
        maxima = [Maximum(night=f"2022-11-0{1 + at % 2}", regime="late_mail", score=5.0) for at in range(number)]
        found = threshold_of(Calibration(score_version="v", path_maxima=maxima), state="CA", night="", alpha=0.005)
        assert found == wanted


def claim(threshold, version=None):
    return {"calibration": {"version": version or packaged().score_version, "alpha": 0.005}, "slots": [{"threshold": threshold}]}


def test_a_threshold_that_was_lowered_is_named():
    """2.1 by the calibration, 1.9 in print."""
    said = threshold_problem(claim(1.9), state="CA", night="2026-11-03")
    assert said == "the threshold is printed as 1.9; the calibration gives 2.100."


@pytest.mark.parametrize("printed", [claim(2.1), claim(1.9, version="another"), {"slots": [{"threshold": 1.9}]}, {}])
def test_what_is_right_or_cannot_be_said_is_no_problem(printed):
    """The right figure; a calibration that is not here; a claim that names none."""
    assert threshold_problem(printed, state="CA", night="2026-11-03") == ""
