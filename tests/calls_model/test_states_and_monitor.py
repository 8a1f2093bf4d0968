"""The table of states, and the bet against the calibration."""

import numpy as np
import pytest

from racecall.calls.monitor import NightErrors, monitor
from racecall.calls.states import TRANSITIONS, SlotEvent, SlotState, after, diagram, event_of
from racecall.errors import UsageError


def test_a_score_alone_never_makes_a_call():
    """Only approval leads to `called`, or reaffirming a call under review."""
    assert {event for (_, event), then in TRANSITIONS.items() if then is SlotState.CALLED} == {SlotEvent.APPROVED, SlotEvent.REAFFIRMED}


def test_a_small_score_does_not_undo_a_call():
    """A call stands until people decide."""
    assert after(SlotState.CALLED, SlotEvent.SCORE_SMALL) is SlotState.CALLED


def test_a_reversal_puts_a_call_under_review():
    """Evidence against a call holds everything."""
    assert after(SlotState.CALLED, SlotEvent.REVERSAL) is SlotState.UNDER_REVIEW


def test_certified_is_the_end():
    """Nothing leaves `certified`."""
    assert not [state for state, _ in TRANSITIONS if state is SlotState.CERTIFIED]


def test_without_calibration_nothing_is_likely():
    """A score of 9 with no threshold is leading."""
    assert event_of(9.0, None) is SlotEvent.SCORE_AHEAD


def test_the_diagram_shows_every_move():
    """The diagram is drawn from the table."""
    assert diagram().count("-->") == len([1 for (state, _), then in TRANSITIONS.items() if state is not then]) + 2


def test_one_error_in_two_hundred_raises_no_alarm():
    """Errors at the promised rate, ten nights long."""
    assert not monitor([NightErrors(night=str(at), contests=200, false=1) for at in range(10)], 0.005).alarm


def test_errors_of_one_in_ten_raise_an_alarm_within_three_nights():
    """Three nights at 10% are no luck."""
    assert monitor([NightErrors(night=str(at), contests=100, false=10) for at in range(3)], 0.005).alarm


@pytest.mark.slow
def test_the_alarm_is_as_rare_as_promised():
    """Null simulation: at the promised rate, at most 1 run in 20 of 50 nights ever alarms (2,000 seeded runs)."""
    rng = np.random.default_rng(1)
    runs = [[NightErrors(night="n", contests=2, false=int(x)) for x in rng.binomial(2, 0.005, 50)] for _ in range(2000)]
    assert np.mean([monitor(run, 0.005).alarm for run in runs]) <= 0.05


def test_more_errors_than_contests_is_a_mistake():
    """Three of two cannot be."""
    with pytest.raises(UsageError, match="no more false calls than contests; found 3 of 2"):
        NightErrors(night="2024-03-05", contests=2, false=3)
