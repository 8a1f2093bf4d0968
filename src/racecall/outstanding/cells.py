"""Where the votes still to come lie: a contest's volume spread over units and count types.

Theory of operation. Two kinds of votes are still out, and they differ in what is known of them:

1. *Owed*: a cell (a unit's votes of one count type) that has sent nothing while others have. Cells are expected to follow a table without
   interaction, unit size times share of the count type, fitted to the cells that are in; a unit that has sent nothing at all has the size
   that its voters on the roll, or the units of its group, let expect.
2. *Late*: what still comes in cells that have sent votes, mostly mail that was on its way. It is spread like what they have counted, times
   the pace of the unit (a county that counts a quarter on the night has more left than one that counts three quarters).

The contest's volume decides the sum. Owed cells come first, up to `OWED_MOST` of it; what the volume holds beyond them is late.

Source: the fit is quasi-independence for tables with holes (Goodman, JASA 63 (1968) 1091-1131); docs/methods/volume.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from racecall.outstanding.path import Flags, Floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

OWED_MOST = 0.95
"""Cells that have sent nothing are at most this share of what is still out: some mail is always late."""
ROLLS_SD = 0.5
"""How far off a cell's size is where the voters on the roll are known: Georgia's and Louisiana's precincts, .4 to .6."""
SIZE_SD = 1.6
"""The same where only the units of its group can say. Fitted to the coverage of partial counts; measured: .9 to 1.2."""
ROUNDS = 30
"""Steps of the fit; the sizes move by less than 0.1% after a dozen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitCounts:
    """A contest's count by unit and count type as it grew.

    Args:
        units: Names of the units; counties as `Experience` names them.
        votes: Cumulative votes, shape (look, unit, count_type, option) [votes].
        groups: Group (county) of each unit, shape (unit,); None if there are none.
        sizes: How large each unit is by what is public before the count (voters on its roll, else its precincts), shape (unit,), NaN where
            unknown; None if nobody said. Only its proportions are used.
    """

    units: tuple[str, ...]
    votes: Floats
    groups: Floats | None = None
    sizes: Floats | None = None

    @property
    def unit_votes(self) -> Floats:
        """Votes by unit at each look, shape (look, unit) [votes]."""
        return np.asarray(self.votes.sum(axis=(2, 3)))

    def until(self, look: int) -> UnitCounts:
        """Return the count as it was known at a look (from 0)."""
        return replace(self, votes=self.votes[: look + 1])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellVolume:
    """Votes still to come, by unit and count type.

    Args:
        owed: In cells that have sent nothing, shape (unit, count_type) [votes].
        late: In cells that have sent votes, same shape [votes].
        cell_sd: How far off the size of a cell may be, as a share of it.
    """

    owed: Floats
    late: Floats
    cell_sd: float = 0.0

    @property
    def to_come(self) -> Floats:
        """Both together, shape (unit, count_type) [votes]."""
        return self.owed + self.late


def spread_over_cells(
    counted: Floats, total: float, *, groups: Floats | None = None, sizes: Floats | None = None, pace: Floats | None = None
) -> CellVolume:
    """Spread a contest's votes still to come over its units and count types.

    Args:
        counted: Votes so far, shape (unit, count_type) [votes].
        total: Votes still to come in all [votes].
        groups: Group (county) of each unit, shape (unit,); None if there are none.
        sizes: How large each unit is, in any measure, shape (unit,); NaN where unknown, None if nobody said.
        pace: How much each unit has left for a vote counted, in any measure, shape (unit,); None if all have the same.

    Returns:
        The sum of both parts is `total`.
    """
    owed = np.where(counted > 0, 0.0, expected_cells(counted, groups=groups, sizes=sizes)) * may_come(counted)
    owed = owed * min(1.0, OWED_MOST * total / max(owed.sum(), 1e-9))
    late = counted * (np.ones(len(counted)) if pace is None else pace)[:, None]
    return CellVolume(
        owed=owed, late=_scaled(late, total - owed.sum()), cell_sd=SIZE_SD if sizes is None or not np.isfinite(sizes).any() else ROLLS_SD
    )


def _scaled(weight: Floats, total: float) -> Floats:
    """Return weights scaled to a sum; evenly where there is no weight."""
    weight = weight if weight.sum() > 0 else np.ones_like(weight)
    return np.asarray(weight * (total / weight.sum()))


def may_come(counted: Floats) -> Floats:
    """Say in which cells votes may be expected: 1 where a count type lives in the same units as one the unit has sent, else 0.

    Louisiana reports a parish's early votes in a unit of their own: its precincts never send any, and that unit nothing else. Two count
    types live together if half the units that have sent one have sent the other too; a type of which nothing is in may come anywhere, and
    anything may come in a unit that has sent nothing.
    """
    seen = (counted > 0).astype(np.float64)
    both, number = seen.T @ seen, seen.sum(axis=0)
    rate = both / np.maximum(number, 1.0)
    together = (np.maximum(rate, rate.T) >= 0.5) | (number == 0)[:, None] | (number == 0)[None, :]
    silent = seen.sum(axis=1) == 0
    return np.asarray(((seen @ together) > 0) | silent[:, None], dtype=np.float64)


def expected_cells(counted: Floats, *, groups: Floats | None = None, sizes: Floats | None = None) -> Floats:
    """Return what each cell is expected to hold when its unit has reported it, shape (unit, count_type) [votes]."""
    size, share = _without_interaction(counted)
    silent = counted.sum(axis=1) <= 0
    size = np.where(silent, _size_of_silent(size, silent, groups, sizes), size)
    return np.asarray(size[:, None] * share)


def _without_interaction(counted: Floats) -> tuple[Floats, Floats]:
    """Fit size of the unit times share of the count type to the cells that are in; sizes of shape (unit,), shares that sum to 1."""
    seen = (counted > 0).astype(np.float64)
    units, kinds = counted.sum(axis=1), counted.sum(axis=0)
    share = kinds / max(kinds.sum(), 1.0)
    size = units
    for _ in range(ROUNDS):
        size = units / np.maximum(seen @ share, 1e-9)
        share = kinds / np.maximum(size @ seen, 1e-9)
        share = share / max(share.sum(), 1e-9)
    return np.where(units > 0, units / np.maximum(seen @ share, 1e-9), 0.0), share


def _size_of_silent(size: Floats, silent: Flags, groups: Floats | None, sizes: Floats | None) -> Floats:
    """Return the size expected of units that have sent nothing: their own at the rate of their group, else the mean of its units."""
    group = np.zeros(len(size), dtype=int) if groups is None else np.unique(groups, return_inverse=True)[1]
    mean = _by_group(size, ~silent, group)
    if sizes is None:
        return mean
    known = np.isfinite(sizes) & (sizes > 0)
    own = np.where(known, sizes, 1.0)
    return np.where(known, own * _by_group(size / own, known & ~silent, group), mean)


def _by_group(values: Floats, use: Flags, group: NDArray[np.int_]) -> Floats:
    """Return the mean of the usable values of each unit's group, of all where the group has none, shape (unit,)."""
    number = np.bincount(group[use], minlength=int(group.max()) + 1)
    total = np.bincount(group[use], weights=values[use], minlength=int(group.max()) + 1)
    everywhere = total.sum() / max(number.sum(), 1)
    return np.asarray(np.where(number > 0, total / np.maximum(number, 1), everywhere)[group])


def filled_forward(votes: Floats) -> Floats:
    """Return votes by look (first axis) with every gap filled by the figure before it; before a first figure there are none."""
    looks = np.arange(len(votes)).reshape(-1, *[1] * (votes.ndim - 1))
    known = np.maximum.accumulate(np.where(np.isfinite(votes), looks, 0), axis=0)
    return np.nan_to_num(np.take_along_axis(votes, known, axis=0), nan=0.0)
