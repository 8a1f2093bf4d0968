"""The count of one contest as it grew: one row a release, nothing from later than the row.

Every function that takes a `CountPath` gives an answer for every look at once, and the answer at a look uses that look and earlier ones
only. Cutting the path after a look therefore changes nothing before the cut; `tests/backtest/test_as_of.py` holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from racecall.errors import UsageError

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class CountPath:
    """Cumulative votes of one contest, release by release.

    Args:
        hours: Time of each look after the polls closed, shape (look,) [hours], never falling.
        votes: Cumulative votes, shape (look, option) [votes]; aggregates ("Write-in") included, since they count in totals.
        night_hours: Length of election night [hours after the polls closed]: later votes are "late".

    Raises:
        UsageError: No look, times that run backwards, or negative votes.
    """

    hours: Floats
    votes: Floats
    night_hours: float = 12.0

    def __post_init__(self) -> None:
        if self.votes.ndim != 2 or len(self.hours) != len(self.votes) or not len(self.hours):
            raise UsageError(f"a count needs one row of votes a release; found {len(self.hours)} times and {len(self.votes)} rows.")
        if (np.diff(self.hours) < 0).any():
            raise UsageError("the releases are not in order of time.", next_step="Sort them by the time of publication.")
        if (self.votes < 0).any() or not np.isfinite(self.votes).all():
            raise UsageError("votes must be zero or more; a withheld count cannot be judged.")

    @cached_property
    def total(self) -> Floats:
        """Votes for all options, shape (look,) [votes]."""
        return np.asarray(self.votes.sum(axis=1))

    @cached_property
    def night_end(self) -> int:
        """Index of the last look of election night; the first look if the archive starts later."""
        return max(int(np.searchsorted(self.hours, self.night_hours, side="right")) - 1, 0)

    @cached_property
    def during_night(self) -> Flags:
        """Which looks belong to election night, shape (look,)."""
        return np.arange(len(self.hours)) <= self.night_end

    @cached_property
    def late_votes(self) -> Floats:
        """Votes added since the end of the night, shape (look, option) [votes]; zero during the night, never negative."""
        since = np.maximum(self.votes - self.votes[self.night_end], 0.0)
        return np.where(self.during_night[:, None], 0.0, since)

    def added_within(self, hours: float) -> Floats:
        """Votes added over the last `hours`, not counting the night itself, shape (look,) [votes]."""
        start = np.searchsorted(self.hours, self.hours - hours, side="right") - 1
        start = np.maximum(start, self.night_end)
        return np.where(self.during_night, 0.0, self.total - self.total[start])

    def until(self, look: int) -> CountPath:
        """Return the path as it was at a look (from 0)."""
        return CountPath(hours=self.hours[: look + 1], votes=self.votes[: look + 1], night_hours=self.night_hours)
