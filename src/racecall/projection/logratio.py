"""The product's projection: log ratios by unit and count type, heavy-tailed shifts by candidate, a shared party drift.

For option i in a row r (a unit and count type) with composition p the votes still to come in one draw are

    N_r  =  likely_r · exp(volume),                         volume: heavy-tailed, heavier upwards, shared by all rows
    late composition  ∝  p_ri · exp(mean_i + shift_i + drift · side_i / 2 + row_ri)
    late votes_i  ~  Poisson(sum over rows of N_r · late composition)

`shift` is Student-t with 6 degrees of freedom (measured: 6 to 10), one an option, shared by all rows: late ballots move together. `row` is
the scatter between units; it shrinks with the effective number of units. Rows whose composition is alike are drawn as one (up to 32 bins a
count type along the main direction in which units differ), which keeps 5,000 units, 4 count types and 24 options under two seconds.

Source: research/live-models.md section 4, layers 1 and 2; docs/methods/projection.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.path import Floats
from racecall.projection.base import FinalDraws, Look


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRatioSettings:
    """Constants of the projection.

    Args:
        tail: Degrees of freedom of the shift, where the look does not give its own.
        unit_sd: Scatter of the late composition between units [log ratio].
        borrow: Votes of what is expected of a row (its unit, moved as its count type differs elsewhere) that are mixed into it [votes].
        bins: Rows drawn apart, a count type.
        block: Draws made at once; bounds the memory.
        volume_tail: Degrees of freedom of the volume.
        upward: Stretch of the volume's upper half: a stale or partial statement errs upwards.
    """

    tail: float = 6.0
    unit_sd: float = 0.25
    borrow: float = 50.0
    bins: int = 32
    block: int = 1000
    volume_tail: float = 6.0
    upward: float = 1.25


SETTINGS = LogRatioSettings()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bins:
    """Rows pooled: share of each option, votes to come, effective number of units, count type."""

    share: Floats
    to_come: Floats
    units: Floats
    count_type: Floats


class LogRatioProjection:
    """See the head of the module."""

    id = "logratio"
    title = "Log ratios with heavy-tailed late shifts"

    def __init__(self, settings: LogRatioSettings = SETTINGS) -> None:
        self.settings = settings

    def draw(self, look: Look, *, draws: int, seed: int) -> FinalDraws:
        """Draw final counts."""
        rng = np.random.default_rng(seed)
        bins = pool_rows(look, self.settings)
        types = look.to_come.shape[1]
        blocks = [self._block(look, bins, min(self.settings.block, draws - start), rng) for start in range(0, draws, self.settings.block)]
        late = np.concatenate([votes for votes, _ in blocks])
        volume = np.concatenate([by_bin for _, by_bin in blocks])
        by_type = np.stack([volume[:, bins.count_type == kind].sum(axis=1) for kind in range(types)], axis=1)
        return FinalDraws(votes=look.votes + late, to_come=by_type)

    def _block(self, look: Look, bins: Bins, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        options = len(look.setting.options)
        volume = np.maximum(_volume_factor(look.to_come_log_sd, draws, rng, self.settings)[:, None] * bins.to_come, 0.0)
        lacking = np.maximum(look.floor / np.maximum(volume.sum(axis=1, keepdims=True), 1e-9), 1.0)
        volume = volume * lacking
        shift = _standard_t(look.late_tail or self.settings.tail, (draws, options), rng) * look.late_sd + look.late_mean
        drift = look.drift_sd * rng.standard_normal((draws, 1))
        moved = shift + drift * np.array(look.setting.sides) / 2
        scatter = (self.settings.unit_sd if look.unit_sd is None else look.unit_sd) / np.sqrt(bins.units)
        return rng.poisson(self.late_votes(bins, volume, moved, scatter, rng)).astype(np.float64), volume

    def late_votes(self, bins: Bins, volume: Floats, moved: Floats, scatter: Floats, rng: np.random.Generator) -> Floats:
        """Return expected late votes: the bins' compositions moved by the draw's shift, summed with their volume.

        Args:
            bins: Rows of like composition.
            volume: Votes still to come, shape (draw, bin) [votes].
            moved: Late shift, shape (draw, option) [log ratio].
            scatter: Scatter of the late composition of each bin, shape (bin,) [log ratio]; none where there is one bin.
            rng: Source of the scatter.

        Returns:
            Shape (draw, option) [votes].
        """
        return _late_votes(bins, volume, moved, scatter, rng)


def pool_rows(look: Look, settings: LogRatioSettings = SETTINGS) -> Bins:
    """Pool the rows of a look into bins of like composition, count type by count type."""
    overall = _composition(look.votes[None, :], np.full(len(look.votes), 1 / len(look.votes)), 1.0)[0]
    units = _unit_compositions(look, overall, settings)
    parts = [_pool_type(look, kind, units, settings) for kind in range(look.to_come.shape[1])]
    return Bins(
        share=np.concatenate([share for share, _, _ in parts]),
        to_come=np.concatenate([to_come for _, to_come, _ in parts]),
        units=np.concatenate([units for _, _, units in parts]),
        count_type=np.concatenate([np.full(len(to_come), kind) for kind, (_, to_come, _) in enumerate(parts)]),
    )


def _unit_compositions(look: Look, overall: Floats, settings: LogRatioSettings) -> Floats:
    """Return each unit's composition over all count types, borrowed from its group, and that from the whole; shape (unit, option)."""
    counted = look.counted.sum(axis=1)
    if look.groups is None:
        return _composition(counted, overall, settings.borrow)
    _, group = np.unique(look.groups, return_inverse=True)
    together = np.zeros((int(group.max()) + 1, counted.shape[1]))
    np.add.at(together, group, counted)
    return _composition(counted, _composition(together, overall, settings.borrow)[group], settings.borrow)


def _pool_type(look: Look, kind: int, units: Floats, settings: LogRatioSettings) -> tuple[Floats, Floats, Floats]:
    counted, to_come = look.counted[:, kind, :], look.to_come[:, kind]
    expected = counted.sum(axis=1) @ units
    prior = settings.borrow * units.mean(axis=0)
    expecting = units * (counted.sum(axis=0) + prior) / (expected + prior)
    share = _composition(counted, expecting / expecting.sum(axis=1, keepdims=True), settings.borrow)
    if len(to_come) <= settings.bins:
        return share, to_come, np.ones(len(to_come))
    order = np.argsort(_main_direction(share, to_come), kind="stable")
    reach = np.cumsum(to_come[order] + 1e-9)
    starts = np.unique(np.searchsorted(reach, reach[-1] * np.arange(settings.bins) / settings.bins))
    weight = to_come[order] + 1e-9
    total = np.add.reduceat(weight, starts)
    pooled = np.add.reduceat(share[order] * weight[:, None], starts, axis=0) / total[:, None]
    return pooled, np.add.reduceat(to_come[order], starts), total**2 / np.add.reduceat(weight**2, starts)


def _composition(counted: Floats, towards: Floats, borrow: float) -> Floats:
    return np.asarray((counted + borrow * towards) / (counted.sum(axis=1, keepdims=True) + borrow))


def _main_direction(share: Floats, weight: Floats) -> Floats:
    """Return each row's place along the direction in which rows differ most."""
    centred = np.sqrt(share)
    centred = centred - np.average(centred, axis=0, weights=weight + 1e-9)
    _, vectors = np.linalg.eigh((centred * (weight + 1e-9)[:, None]).T @ centred)
    return np.asarray(centred @ vectors[:, -1])


def _late_votes(bins: Bins, volume: Floats, moved: Floats, scatter: Floats, rng: np.random.Generator) -> Floats:
    """Return expected late votes, shape (draw, option): the bins' compositions moved by the draw's shift, summed with their volume."""
    factor = np.exp(np.clip(moved - moved.max(axis=1, keepdims=True), -30.0, 0.0))
    expected = np.zeros_like(moved)
    for row in np.flatnonzero(bins.to_come > 0):
        weight = bins.share[row] * factor
        if len(bins.units) > 1:
            weight = weight * np.exp(scatter[row] * rng.standard_normal(weight.shape, dtype=np.float32))
        expected += weight * (volume[:, row] / weight.sum(axis=1))[:, None]
    return expected


def _standard_t(freedom: float, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Return Student-t draws scaled to unit variance."""
    return np.asarray(rng.standard_t(freedom, shape) / np.sqrt(freedom / (freedom - 2)))


def _volume_factor(log_sd: float, draws: int, rng: np.random.Generator, settings: LogRatioSettings) -> Floats:
    step = _standard_t(settings.volume_tail, (draws,), rng)
    return np.exp(np.clip(log_sd * np.where(step > 0, settings.upward * step, step), -6.0, 2.0))
