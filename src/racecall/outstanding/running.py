"""A count as it runs: the contest, its path so far, and what was public beside it. The live desk and the back-test both start from here."""

from __future__ import annotations

from dataclasses import dataclass

from racecall.outstanding.ballots import OnTheWay
from racecall.outstanding.cells import UnitCounts
from racecall.outstanding.path import CountPath
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Stated


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunningCount:
    """One contest and its count so far.

    Args:
        setting: The contest before the count.
        path: Every release that changed it.
        feed: First word of the election id (``la``, ``ca``): sources with one pace of counting; "" if unknown.
        cells: The count by unit and count type; None where the source has no units.
        stated: What was officially said to be still out at each look; None if nothing ever was.
        on_the_way: Votes still to come as reckoned from ballots sent out and returned, one a look; None where no such figures are public.
    """

    setting: ContestSetting
    path: CountPath
    feed: str = ""
    cells: UnitCounts | None = None
    stated: Stated | None = None
    on_the_way: OnTheWay | None = None

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
            cells=self.cells and self.cells.until(look),
            stated=stated,
            on_the_way=self.on_the_way and OnTheWay(likely=self.on_the_way.likely[:end], log_sd=self.on_the_way.log_sd[:end]),
        )
