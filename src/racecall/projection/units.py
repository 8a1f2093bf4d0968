"""A look at a contest known by unit and count type: the same late shift as for its total, and what the units themselves say.

Theory of operation. The votes still to come are of three kinds, and each is as uncertain as what resembles it is unknown:

- *alike*: owed by units that have sent nothing, of count types that are in elsewhere. Their composition is borrowed from their county, so
  what is unknown is how units differ.
- *new*: owed by cells of which nothing alike is counted (a county's mail is in, its polls are not). Most of the class spread, and the
  party drift between count types.
- *late*: what still comes in cells that have sent votes. The late shift of the contest as a whole, with its momentum.

The scatter between units is measured in the contest itself: precincts of one contest differ by .09, those of another by .8.

Source: the constants are fitted to partial counts simulated from 60 Georgia contests (2014-2018) and 80 Louisiana first rounds (2007-2023),
and checked on others (docs/methods/projection.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from racecall.outstanding.cells import CellVolume
from racecall.outstanding.path import Floats
from racecall.outstanding.setting import ContestSetting
from racecall.projection.base import Look

NEW_SHARE = 1.0
"""Part of the class variance that votes of which nothing alike is counted have."""
ALIKE_SHARE = 0.15
"""The same for votes owed by units whose count type is in elsewhere."""
SCATTER_FACTOR = 1.22
"""Standard deviation of what owed units do together, over the measured scatter divided by the root of their effective number."""
UNIT_TAIL = 2.4
"""Degrees of freedom of the shift in a count by units: contests differ more in how unlike their units are than any table of classes
says."""
TYPE_DRIFT_SD = {2020: 0.6, 0: 0.3}
"""Spread of the party drift between count types, from the year on. Georgia: .3 in 2014 to 2018, 1.3 in January 2021; since 2020 mail and
polls are a matter of party nearly everywhere in the United States. Rounded, and an assumption outside Georgia and Louisiana."""
COUNTY_SCATTER = 0.10
"""Scatter of the late shift between units, beside what they share [log ratio]. Source: late-shift study section 4a (.07 to .09)."""
USUAL_SCATTER = 0.40
"""Scatter of the composition between units where a contest cannot say [log ratio]: fitted; the median of the contests is .19
in Georgia and .31 in Louisiana, and a quarter lies above .36 and .45."""
USUAL_UNITS = 5.0
"""How many units' worth of evidence `USUAL_SCATTER` has."""
LEAST_UNIT = 30.0
"""Units with fewer votes say nothing about the scatter [votes]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """How the votes still to come divide; the three sum to 1.

    Args:
        alike: Owed by units that have sent nothing, as far as their count type is in elsewhere.
        new: Owed, and nothing alike is counted.
        late: Still to come in cells that have sent votes.
    """

    alike: float
    new: float
    late: float


def unit_look(whole: Look, counted: Floats, volume: CellVolume, *, groups: Floats | None = None) -> Look:
    """Return the look at a contest with its one row replaced by units and count types.

    Args:
        whole: The contest as one row: its volume, late shift and drift.
        counted: Votes so far, shape (unit, count_type, option) [votes].
        volume: Where the votes still to come lie, shape (unit, count_type).
        groups: Group (county) of each unit, shape (unit,); None if there are none.
    """
    kinds = kinds_of(counted.sum(axis=2), volume)
    own = whole.late_sd**2 * (kinds.late + NEW_SHARE * kinds.new + ALIKE_SHARE * kinds.alike)
    owed = (SCATTER_FACTOR * scatter(counted.sum(axis=1)) * (1 - kinds.late)) ** 2 / effective_number(volume.owed, volume.cell_sd)
    late = (COUNTY_SCATTER * kinds.late) ** 2 / effective_number(volume.late)
    return replace(
        whole,
        counted=counted,
        to_come=volume.to_come,
        late_mean=whole.late_mean * (1 - kinds.alike),
        late_sd=np.sqrt(own + owed + late),
        late_tail=UNIT_TAIL if kinds.late < 0.5 else whole.late_tail,
        groups=groups,
        unit_sd=0.0,
        drift_sd=_drift_sd(whole, kinds, several_types=counted.shape[1] > 1),
    )


def with_row(look: Look, votes: Floats) -> Look:
    """Return a look with one more unit that holds votes of which no unit is known and has nothing to come; as it is if there are none.

    Args:
        look: The look.
        votes: Votes by option, shape (option,) [votes].
    """
    if not votes.any():
        return look
    _, types, options = look.counted.shape
    row = np.zeros((1, types, options))
    row[0, 0] = votes
    groups = None if look.groups is None else np.append(look.groups, look.groups.max() + 1)
    counted, to_come = np.concatenate([look.counted, row]), np.concatenate([look.to_come, np.zeros((1, types))])
    return replace(look, counted=counted, to_come=to_come, groups=groups)


def _drift_sd(whole: Look, kinds: Kinds, *, several_types: bool) -> float:
    """Return the spread of the party drift: between count types for what is new, half of it for late votes whose types nobody knows."""
    between = type_drift_sd(whole.setting) if several_types else 0.0
    late = np.hypot(whole.drift_sd, LATE_TYPES * between)
    return float(np.sqrt(kinds.late * late**2 + kinds.new * max(whole.drift_sd, between) ** 2))


LATE_TYPES = 0.5
"""Part of the drift between count types that late votes of a count by types have: which types they are is not known."""


def type_drift_sd(setting: ContestSetting) -> float:
    """Return the spread of the party drift between count types at the time of a contest; 0 where no two sides stand."""
    year = int(setting.night[:4] or 9999)
    return next(sd for since, sd in TYPE_DRIFT_SD.items() if year >= since) if len(set(setting.sides) - {0}) > 1 else 0.0


def kinds_of(counted: Floats, volume: CellVolume) -> Kinds:
    """Say how the votes still to come divide.

    Args:
        counted: Votes so far, shape (unit, count_type) [votes].
        volume: Votes still to come, same shape.
    """
    total = max(float(volume.to_come.sum()), 1e-9)
    by_type = counted.sum(axis=0)
    in_elsewhere = by_type / np.maximum(by_type + volume.to_come.sum(axis=0), 1.0)
    silent = np.where(counted.sum(axis=1, keepdims=True) > 0, 0.0, volume.owed).sum(axis=0)
    alike, late = float((in_elsewhere * silent).sum()) / total, float(volume.late.sum()) / total
    return Kinds(alike=alike, new=max(1 - alike - late, 0.0), late=late)


def effective_number(to_come: Floats, cell_sd: float = 0.0) -> float:
    """Return how many units of one size would be as uncertain together; 1 or more.

    Args:
        to_come: What each unit has still to come, shape (unit, count_type) [votes].
        cell_sd: How far off these sizes may be, as a share: the fewer large ones among them, the fewer count.
    """
    by_unit = to_come.sum(axis=1)
    return max(float(by_unit.sum() ** 2 / max((by_unit**2).sum() * (1 + cell_sd**2), 1e-9)), 1.0)


def scatter(counted: Floats) -> Floats:
    """Return how far units of a contest differ in each option, beyond counting noise, shape (option,) [log ratio].

    Args:
        counted: Votes so far, shape (unit, option) [votes].
    """
    size = counted.sum(axis=1)
    use = size >= LEAST_UNIT
    if use.sum() < 2:
        return np.full(counted.shape[1], USUAL_SCATTER)
    votes, size = counted[use], size[use]
    share = np.maximum(votes.sum(axis=0) / votes.sum(), 1e-9)
    weight = size / size.sum()
    ratio = np.log((votes + 20 * share) / ((size + 20)[:, None] * share))
    noise = (1 - share) / np.maximum(size[:, None] * share, 1.0)
    variance = np.maximum(weight @ (ratio**2 - noise), 0.0)
    units = 1 / (weight**2).sum()
    return np.asarray(np.sqrt((units * variance + USUAL_UNITS * USUAL_SCATTER**2) / (units + USUAL_UNITS)))
