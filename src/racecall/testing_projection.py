"""What every projection must pass. The public name is `racecall.testing.check_projection`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from racecall.outstanding.path import Floats
from racecall.outstanding.setting import ContestSetting
from racecall.projection.base import Look, Projection
from racecall.projection.forecast import Forecast, forecast

SEEDS = 200
"""Simulated contests. Coverage of a right projection leaves 85-95% by luck about once in fifty runs at this number; the seed is fixed."""


def check_projection(projection: Projection, *, contests: int = SEEDS, seed: int = 20170404) -> None:
    """Hold a projection to its promises; an `AssertionError` says which it broke.

    It must: never fall below what is counted; give the same bytes for the same seed; not look at names; take one
    unit, one count type and no votes to come; and cover a known truth with its 90% intervals in 85% to 95% of seeded contests.

    Args:
        projection: The projection.
        contests: Simulated contests.
        seed: Seed of the simulation.
    """
    look = example_look(np.random.default_rng(seed))
    _never_below(projection, look)
    _same_bytes(projection, look)
    _names_do_not_matter(projection, look)
    _nothing_to_come(projection, look)
    covered = coverage(projection, contests=contests, seed=seed)
    assert 0.85 <= covered <= 0.95, f"{projection.id}: 90% intervals cover {covered:.1%} of a known truth; 85% to 95% are allowed."


def coverage(projection: Projection, *, contests: int, seed: int, level: float = 0.9) -> float:
    """Return how often intervals cover the final share of the first two options in simulated contests with a known truth."""
    rng = np.random.default_rng(seed)
    hits: list[bool] = []
    for at in range(contests):
        look = example_look(rng)
        bounds = _forecast(projection, look, seed=at).share_interval[level]
        truth = simulate_final(look, rng)
        share = truth / truth.sum()
        hits.extend(bool(bounds[option, 0] <= share[option] <= bounds[option, 1]) for option in (0, 1))
    return float(np.mean(hits))


def example_look(rng: np.random.Generator, *, units: int = 6, types: int = 2, options: int = 5) -> Look:
    """Return a contest at half of its count."""
    setting = ContestSetting(
        id="example",
        options=tuple(f"option {at}" for at in range(options)),
        parties=("",) * options,
        eligible=(True,) * options,
        slots=2,
        first_round=True,
        majority=True,
    )
    shares = rng.dirichlet(6.0 * np.arange(options, 0, -1), size=(units, 1))
    counted = rng.poisson(shares * rng.integers(1_000, 4_000, size=(units, types, 1)))
    return Look(
        setting=setting,
        counted=counted.astype(np.float64),
        to_come=np.full((units, types), 2_000.0),
        to_come_log_sd=0.2,
        late_mean=np.zeros(options),
        late_sd=np.full(options, 0.2),
    )


def simulate_final(look: Look, rng: np.random.Generator) -> Floats:
    """Draw a true final count for a look: normal shifts of the stated spread, a log-normal volume, multinomial votes."""
    shift = look.late_mean + look.late_sd * rng.standard_normal(len(look.late_mean))
    shares = (look.counted + 1) * np.exp(shift)
    shares = shares / shares.sum(axis=2, keepdims=True)
    volume = look.to_come * np.exp(look.to_come_log_sd * rng.standard_normal())
    return np.asarray(look.votes + rng.poisson(volume[:, :, None] * shares).sum(axis=(0, 1)), dtype=np.float64)


def _forecast(projection: Projection, look: Look, *, seed: int, draws: int = 800) -> Forecast:
    return forecast(projection.draw(look, draws=draws, seed=seed), look.setting)


def _never_below(projection: Projection, look: Look) -> None:
    final = projection.draw(look, draws=500, seed=1)
    assert final.votes.shape == (500, len(look.setting.options)), f"{projection.id}: draws have shape {final.votes.shape}."
    assert (final.votes >= look.votes).all(), f"{projection.id}: a final count is below what is counted."


def _same_bytes(projection: Projection, look: Look) -> None:
    first, second = (projection.draw(look, draws=300, seed=7).votes.tobytes() for _ in range(2))
    assert first == second, f"{projection.id}: the same seed gave other bytes."


def _names_do_not_matter(projection: Projection, look: Look) -> None:
    renamed = replace(look, setting=replace(look.setting, options=tuple(name[::-1] for name in look.setting.options)))
    first, second = _forecast(projection, look, seed=3), _forecast(projection, renamed, seed=3)
    assert (first.p_place == second.p_place).all(), f"{projection.id}: another name changed a chance."


def _nothing_to_come(projection: Projection, look: Look) -> None:
    done = replace(look, counted=look.counted[:1, :1], to_come=np.zeros((1, 1)))
    final = projection.draw(done, draws=50, seed=1).votes
    assert (final == done.votes).all(), f"{projection.id}: votes came although none are left."
