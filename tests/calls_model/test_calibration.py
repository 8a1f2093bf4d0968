"""Thresholds: what they promise, when there is none."""

import json

import numpy as np
import pytest

from racecall.calls.calibration import LEAST_VALUE, PathMaximum, Regime, conformal_value, fit_threshold
from racecall.calls.calibration_file import Calibration, calibration_json, parse_calibration, score_version
from racecall.errors import BrokenFile, UsageError


def maxima(count, nights=2, regime=Regime.LATE_MAIL, top=3.0):
    return [
        PathMaximum(contest=f"c{at}", night=f"2024-0{1 + at % nights}-01", regime=regime, score=top * at / count) for at in range(count)
    ]


def test_the_order_statistic_is_the_conformal_one():
    """With 199 contests and alpha 0.5% the largest of them."""
    assert conformal_value(range(199), 0.005) == 198


def test_too_few_contests_give_no_threshold():
    """198 contests promise nothing at 0.5%."""
    assert fit_threshold(maxima(198), 0.005, Regime.LATE_MAIL).reason == (
        "insufficient calibration: 198 archived contests, 199 are needed for a chance of 0.5%"
    )


def test_one_night_gives_no_threshold():
    """However many contests, one night is one."""
    fitted = fit_threshold(maxima(400, nights=1), 0.005, Regime.LATE_MAIL)
    assert fitted.reason == "insufficient calibration: 1 archived night(s) with these mail rules (late mail), 2 are needed"


def test_contests_of_other_mail_rules_do_not_count():
    """A foreign regime is left out, and said so."""
    fitted = fit_threshold(maxima(400), 0.005, Regime.NIGHT_COUNT)
    assert fitted.reason == "insufficient calibration: no archived contest with these mail rules (night count)"


def test_quiet_nights_do_not_lower_the_threshold_under_the_floor():
    """Where no loser ever came near, the prudential floor stays."""
    assert fit_threshold(maxima(400, top=0.1), 0.005, Regime.LATE_MAIL).value == LEAST_VALUE


def test_a_night_with_more_open_contests_needs_more():
    """Open weighting raises the threshold of a more open night."""
    values = [fit_threshold(maxima(800, top=9.0), 0.05, Regime.LATE_MAIL, share).value for share in (1.0, 0.5)]
    assert values[0] > values[1]


def test_alpha_must_be_a_chance():
    """Alpha 5 is a mistake, and the message shows the usual figure."""
    with pytest.raises(UsageError, match=r"alpha is a chance between 0 and 1; found 5.\nTry --alpha 0\.005"):
        conformal_value([1.0], 5)


@pytest.mark.slow
def test_the_promise_holds_on_exchangeable_contests():
    """Null simulation: over 400 calibrations of 399 contests, a new contest passes the threshold in 1% of cases.

    Seeded. 400 x 50 trials: the rate lies within .0075 and .0125 but for about one run in a thousand.
    """
    rng = np.random.default_rng(5)
    wrong = [(rng.standard_t(4, 50) > conformal_value(rng.standard_t(4, 399), 0.01)).mean() for _ in range(400)]
    assert 0.0075 <= np.mean(wrong) <= 0.0125


def made(version=""):
    return Calibration(score_version=version or score_version(), archives={}, lessons=(), night_share={"": {}}, maxima=tuple(maxima(3)))


def test_a_calibration_is_read_back_as_written():
    """What is written is read back, byte for byte."""
    text = calibration_json(made())
    assert calibration_json(parse_calibration(text)) == text


def test_a_calibration_of_other_code_is_refused():
    """Thresholds of another scoring function promise nothing."""
    with pytest.raises(UsageError, match=r"made by scoring code 2019-01-01-abc, while this is .*: its thresholds promise nothing here\."):
        parse_calibration(calibration_json(made("2019-01-01-abc")))


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps({"format": 1})])
def test_something_else_is_no_calibration(text):
    """The message says what to run."""
    with pytest.raises(BrokenFile, match=r"not a calibration: .*\n?.*racecall calibrate"):
        parse_calibration(text)
