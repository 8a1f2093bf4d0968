"""What a projection is: a look at a count in, joint draws of the final votes out.

A new projection is one class of one method, an entry point in `pyproject.toml` (group ``racecall.projections``), a page under
`docs/methods/` and a test that calls `racecall.testing.check_projection`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from racecall.errors import UsageError
from racecall.outstanding.path import Floats
from racecall.outstanding.setting import ContestSetting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """One moment of a count, with what may still come.

    Where a source gives no units or no count types, there is one of each: the contest as a whole is a table of one row.

    Args:
        setting: The contest.
        counted: Votes so far, shape (unit, count_type, option) [votes].
        to_come: Votes still to come, likely figure, shape (unit, count_type) [votes].
        to_come_log_sd: Uncertainty of the sum of `to_come`, standard deviation of the log.
        late_mean: Expected log ratio of the late composition to the counted one, shape (option,); only differences matter.
        late_sd: Spread of the late shift of each option, independent between options, shape (option,).
        late_tail: Degrees of freedom of the late shift (Student-t, scaled to `late_sd`); None for the projection's own.
        drift_sd: Uncertainty of the party drift, shared by all options of a side [log ratio].
        unit_sd: Scatter of the late composition between units [log ratio]; None for the projection's own.
        groups: Key of the group (county) of each unit, shape (unit,): a unit without votes resembles its group; None if there are none.
        floor: Fewer votes than this do not come [votes].
        residual: Votes of options that are not in the table are counted under aggregates; nothing else is missing.
    """

    setting: ContestSetting
    counted: Floats
    to_come: Floats
    to_come_log_sd: float
    late_mean: Floats
    late_sd: Floats
    late_tail: float | None = None
    unit_sd: float | None = None
    groups: Floats | None = None
    drift_sd: float = 0.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        options = len(self.setting.options)
        if self.counted.ndim != 3 or self.counted.shape[2] != options or self.to_come.shape != self.counted.shape[:2]:
            raise UsageError(
                f"a look needs counts of shape (unit, count type, {options}) and votes to come of shape (unit, count type); "
                f"found {self.counted.shape} and {self.to_come.shape}.",
                where=f"contest {self.setting.id}",
            )
        if (self.counted < 0).any() or (self.to_come < 0).any() or not np.isfinite(self.to_come).all():
            raise UsageError("votes counted and votes to come must be zero or more.", where=f"contest {self.setting.id}")

    @property
    def votes(self) -> Floats:
        """Votes counted, shape (option,) [votes]."""
        return np.asarray(self.counted.sum(axis=(0, 1)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FinalDraws:
    """Joint draws of the final count.

    Args:
        votes: Final votes, shape (draw, option) [votes]; never under what is counted.
        to_come: Votes still to come by count type, shape (draw, count_type) [votes].
    """

    votes: Floats
    to_come: Floats


@runtime_checkable
class Projection(Protocol):
    """A way to draw final counts."""

    id: str
    """Short name, also the name of its page under `docs/methods/`."""
    title: str
    """For people."""

    def draw(self, look: Look, *, draws: int, seed: int) -> FinalDraws:
        """Draw final counts; the same look and seed give the same bytes."""
        ...
