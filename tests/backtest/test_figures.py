"""The published figures: risk beside speed."""

import pytest

from racecall.backtest.calls import SlotCall
from racecall.backtest.figures import ContestCalls, clopper_pearson_upper, figures, night_clustered_upper


def contest(*calls, places=1, night="2024-03-05"):
    return ContestCalls(contest="c", night=night, places=places, calls=calls)


def test_no_error_in_three_hundred_bounds_the_rate_near_one_percent():
    """Zero of 300: the exact two-sided bound is 1.22%."""
    assert clopper_pearson_upper(0, 300) == pytest.approx(0.0122, abs=1e-4)


def test_all_wrong_bounds_nothing():
    """Errors in every contest leave the bound at one."""
    assert clopper_pearson_upper(5, 5) == 1.0


def test_one_night_bounds_nothing():
    """One night says nothing of the next."""
    assert night_clustered_upper({"a": (0, 300)}) == 1.0


def test_errors_on_one_of_two_nights_widen_the_bound():
    """Two nights of 200 contests with 4 and 0 errors: the bound by night is far above the one that counts contests."""
    assert night_clustered_upper({"a": (4, 200), "b": (0, 200)}) > 5 * clopper_pearson_upper(4, 400)


def test_a_place_never_called_counts_as_one():
    """Time to call is the whole count where nobody was called before the last release."""
    made = figures([contest(SlotCall(slot=1, option="A", share_counted=0.4, correct=True), SlotCall(slot=2), places=2)])
    assert (made["time_to_call"]["median"], made["never_called"]) == (0.7, 0.5)


def test_a_contest_with_two_wrong_calls_is_one_false_contest():
    """The promise is about any false call in a contest."""
    wrong = [SlotCall(slot=at, option=str(at), share_counted=0.5, correct=False) for at in (1, 2)]
    assert figures([contest(*wrong)])["false_calls"] == 1


def test_no_contest_gives_the_worst_figures():
    """Nothing judged promises nothing."""
    assert figures([])["false_call_upper95"] == 1.0
