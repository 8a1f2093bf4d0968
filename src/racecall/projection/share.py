"""A plain-share projection: late ballots differ by points, not by ratios.

The same looks, volumes, tails and pooling as `racecall.projection.logratio`, but the shift of a draw is *added* to the share of every unit:

    late share_i  =  p_ri + step_i,      step_i = scale · π_i^power · (shift_i - Σ_j π_j shift_j)

with π the composition of the whole count. Every unit moves by the same points (a uniform swing); a share below zero becomes zero and the
row is brought back to one. With power 1 a small shift of one row is that of the log-ratio form to first order. The archive favours log
ratios, slightly (docs/methods/tried.md), so this one is a plugin for comparison and not the default.

Source: research/late-shift-study.md section 3 (additive shifts grow like π to the 1.0-1.2); research/live-models.md section 4, layer 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.path import Floats
from racecall.projection.logratio import SETTINGS, Bins, LogRatioProjection, LogRatioSettings

LEAST_SHARE = 1e-6
"""A share never falls under this: a candidate with votes in a unit can get another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSettings:
    """Constants of the plain-share form.

    Args:
        power: How the spread of the shift grows with the share.
        level: Share at which the spread equals that of the log-ratio form, whatever the power.
        pooled: Constants shared with the log-ratio form.
    """

    power: float = 1.0
    level: float = 0.25
    pooled: LogRatioSettings = SETTINGS


class ShareProjection(LogRatioProjection):
    """See the head of the module."""

    id = "share"
    title = "Shares with heavy-tailed late shifts in points"

    def __init__(self, settings: ShareSettings | None = None) -> None:
        self.share = settings or ShareSettings()
        super().__init__(self.share.pooled)

    def late_votes(self, bins: Bins, volume: Floats, moved: Floats, scatter: Floats, rng: np.random.Generator) -> Floats:
        """Return expected late votes: the bins' shares, each with the draw's step added."""
        step = self._step(bins, moved)
        expected = np.zeros_like(moved)
        for row in np.flatnonzero(bins.to_come > 0):
            share = bins.share[row] + step
            if len(bins.units) > 1:
                share = share + bins.share[row] * scatter[row] * rng.standard_normal(share.shape, dtype=np.float32)
            share = np.maximum(share, LEAST_SHARE)
            expected += share * (volume[:, row] / share.sum(axis=1))[:, None]
        return expected

    def _step(self, bins: Bins, moved: Floats) -> Floats:
        """Return the points by which every share moves, shape (draw, option); they sum to zero."""
        weight = bins.to_come / max(bins.to_come.sum(), 1e-9)
        overall = weight @ bins.share
        overall = overall / max(overall.sum(), 1e-9)
        centred = moved - (moved @ overall)[:, None]
        step = self.share.level ** (1 - self.share.power) * overall**self.share.power * centred
        return np.asarray(step - overall * step.sum(axis=1, keepdims=True))
