"""One sentence an editor can print, the same for every candidate."""

from __future__ import annotations

from dataclasses import dataclass

from racecall.outstanding.path import CountPath
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredBreak:
    """What a rival needs among the votes still to come to draw level with an option.

    Args:
        option: Who is ahead.
        rival: Who must catch up.
        points: By how many points of the votes still to come (likely figure).
        observed_points: By how many points it has led among the votes counted; negative if it trailed.
        to_come: Votes still to come, likely [votes].
    """

    option: str
    rival: str
    points: float
    observed_points: float
    to_come: float

    def __str__(self) -> str:
        so_far = f"has led by {self.observed_points:.1f}" if self.observed_points > 0 else f"has trailed by {-self.observed_points:.1f}"
        if self.points > 100:
            return f"{self.rival} cannot draw level with {self.option} on the {self.to_come:,.0f} votes that are likely still to come."
        return (
            f"{self.rival} must win the {self.to_come:,.0f} votes likely still to come by {self.points:.1f} points over {self.option} "
            f"to draw level, and {so_far} so far."
        )


def required_break(path: CountPath, look: int, setting: ContestSetting, volume: Volume, option: int) -> RequiredBreak:
    """Return the required break of the rival that decides the place of an option: the k-th nearest one.

    Args:
        path: The count.
        look: Index of the look.
        setting: The contest.
        volume: Votes still to come.
        option: Index of the option.
    """
    votes = path.votes[look]
    rivals = [at for at, able in enumerate(setting.eligible) if able and at != option]
    rivals.sort(key=lambda at: -votes[at])
    rival = rivals[min(setting.slots, len(rivals)) - 1]
    to_come = max(float(volume.likely[look]), 1.0)
    lead = float(votes[option] - votes[rival])
    return RequiredBreak(
        option=setting.options[option],
        rival=setting.options[rival],
        points=100 * lead / to_come,
        observed_points=-100 * lead / max(float(path.total[look]), 1.0),
        to_come=to_come,
    )
