"""A count as it runs: the contest, its path so far, and what was public beside it. The live desk and the back-test both start from here."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Stated


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunningCount:
    """One contest and its count so far.

    Args:
        setting: The contest before the count.
        path: Every release that changed it.
        feed: First word of the election id (``la``, ``ca``): sources with one pace of counting; "" if unknown.
        counties: Names of the columns of `county_votes`.
        county_votes: Votes by county at each look, shape (look, county) [votes]; no columns where the source has no counties.
        stated: What was officially said to be still out at each look; None if nothing ever was.
    """

    setting: ContestSetting
    path: CountPath
    feed: str = ""
    counties: tuple[str, ...] = ()
    county_votes: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    stated: Stated | None = None

    def until(self, look: int) -> RunningCount:
        """Return the count as it was known at a look (from 0)."""
        end = look + 1
        stated = self.stated and Stated(
            ratio=self.stated.ratio[:end], hours=self.stated.hours[:end], includes_arrivals=self.stated.includes_arrivals
        )
        return RunningCount(
            setting=self.setting,
            path=self.path.until(look),
            feed=self.feed,
            counties=self.counties,
            county_votes=self.county_votes[:end],
            stated=stated,
        )
