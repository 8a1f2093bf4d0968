"""Counts by unit and count type, cut open: partial reporting simulated from final precinct results, and looks at real unit releases.

Final results by precinct and count type are many, archived releases by precinct and count type are few. So final results are revealed the
way offices report: a cell (a unit's votes of one count type) is in or out; early and mail votes come before election-day ones, small units
before large ones, one county earlier than another. How many votes are still to come is then known up to a stated error, as from an office's
statement; which units and count types owe them, and what they are like, the product has to say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.cells import spread_over_cells
from racecall.outstanding.experience import UNKNOWN_DRIFT_VARIANCE
from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume
from racecall.projection.base import Look
from racecall.projection.outlook import contest_look
from racecall.projection.shift import Drift
from racecall.projection.units import unit_look


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitResult:
    """The final result of a contest by unit and count type.

    Args:
        setting: The contest.
        final: Votes, shape (unit, count_type, option) [votes].
        groups: Group of each unit that reports together (its county), shape (unit,).
        order: Place of each count type in the order of reporting, 0 first, shape (count_type,); equal places come together.
    """

    setting: ContestSetting
    final: Floats
    groups: Floats
    order: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """How units report.

    Args:
        group_sd: Scatter of the time of reporting between groups.
        cell_sd: The same between cells.
        size: How much later a unit comes that is e times larger.
        type_step: How much later the next count type comes.
    """

    group_sd: float = 0.7
    cell_sd: float = 0.7
    size: float = 0.3
    type_step: float = 1.0


def reveal(result: UnitResult, share: float, rng: np.random.Generator, how: Reporting | None = None) -> Floats:
    """Return the count when about a share of the votes is in, shape (unit, count_type, option) [votes].

    Args:
        result: The final result.
        share: Share of the votes counted, 0 to 1.
        rng: Source of the order of reporting.
        how: How units report.
    """
    how = how or Reporting()
    cells = result.final.sum(axis=2)
    group = how.group_sd * rng.standard_normal(int(result.groups.max()) + 1)
    late = group[result.groups.astype(int)][:, None] + how.cell_sd * rng.standard_normal(cells.shape)
    late = late + how.size * np.log1p(cells.sum(axis=1, keepdims=True)) + how.type_step * result.order
    order = np.argsort(late, axis=None, kind="stable")
    in_time = np.cumsum(cells.ravel()[order]) <= share * cells.sum()
    seen = np.zeros(cells.size, dtype=bool)
    seen[order[in_time]] = True
    return np.asarray(result.final * seen.reshape(cells.shape)[:, :, None])


def partial_look(
    result: UnitResult, counted: Floats, rng: np.random.Generator, *, volume_sd: float = 0.1, sizes_sd: float | None = 0.2
) -> Look:
    """Return the look of a partly counted contest: its volume is right but for a stated error, where it lies is for the product to say.

    Args:
        result: The final result.
        counted: Votes so far, shape (unit, count_type, option) [votes].
        rng: Source of the errors.
        volume_sd: Error of the whole [log].
        sizes_sd: Error of what is known of each unit's size beforehand [log]; None if nothing is.
    """
    units = result.final.sum(axis=(1, 2))
    left = float(np.maximum(units.sum() - counted.sum(), 0.0) * np.exp(volume_sd * rng.standard_normal()))
    sizes = None if sizes_sd is None else units * np.exp(sizes_sd * rng.standard_normal(len(units)))
    volume = spread_over_cells(counted.sum(axis=2), left, groups=result.groups, sizes=sizes)
    return unit_look(_whole(result.setting, counted, left, volume_sd), counted, volume, groups=result.groups)


def _whole(setting: ContestSetting, counted: Floats, left: float, log_sd: float) -> Look:
    """Return the contest as one total on its night, where no earlier night has taught a drift."""
    path = CountPath(hours=np.array([NIGHT]), votes=counted.sum(axis=(0, 1))[None, :])
    one = np.ones(1)
    volume = Volume(likely=left * one, log_sd=log_sd * one, lower=left * one, upper=left * one)
    drift = Drift(mean=0 * one, variance=UNKNOWN_DRIFT_VARIANCE * one, known=np.zeros(1, dtype=bool))
    return contest_look(path, 0, setting, volume, drift)


NIGHT = 6.0
"""The hour of election night at which partial counts are looked at [hours after the polls close]."""
