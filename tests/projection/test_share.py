"""The plain-share projection: a plugin beside the default."""

from dataclasses import replace

import numpy as np
import pytest

from racecall.projection.base import Projection
from racecall.projection.forecast import forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.share import ShareProjection, ShareSettings
from racecall.testing_projection import check_projection, example_look


@pytest.mark.slow
@pytest.mark.parametrize("power", [0.75, 1.0])
def test_it_passes_the_public_check(power):
    """Never below the count, same bytes, names do not matter, nothing to come, coverage 85% to 95%."""
    check_projection(ShareProjection(ShareSettings(power=power)))


def test_it_is_a_projection():
    """The protocol is met."""
    assert isinstance(ShareProjection(), Projection)


def test_steps_sum_to_zero():
    """What one option gains in points the others lose: final votes add up to the count and the votes to come."""
    look = replace(example_look(np.random.default_rng(3)), to_come_log_sd=0.0, late_mean=np.array([0.4, 0, 0, 0, -0.2]))
    made = ShareProjection().draw(look, draws=400, seed=1)
    assert made.votes.sum(axis=1).mean() == pytest.approx(look.counted.sum() + look.to_come.sum(), rel=0.002)


def test_a_small_shift_of_one_total_is_that_of_the_log_ratio():
    """With one unit and one count type, a shift of a tenth moves the shares of both forms alike, to a tenth of a point."""
    look = replace(
        example_look(np.random.default_rng(2), units=1, types=1), late_mean=np.array([0.1, 0, 0, 0, 0]), late_sd=np.full(5, 1e-6)
    )
    shares = [forecast(form().draw(look, draws=2000, seed=1), look.setting).share for form in (LogRatioProjection, ShareProjection)]
    assert shares[0] == pytest.approx(shares[1], abs=1e-3)
