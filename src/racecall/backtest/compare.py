"""Projections side by side on the same looks: error of the final shares, coverage, chances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.backtest.coverage import contenders, fixed_looks
from racecall.calls.night import JudgedCount, look_at
from racecall.outstanding.path import Flags, Floats
from racecall.projection.base import Projection
from racecall.projection.forecast import Forecast, forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How well a projection did.

    Args:
        projection: Its id.
        looks: Contests and looks it was asked about.
        rmse: Root mean square of median less final share, over contested options [points].
        inside: Share of final shares inside the interval, by its probability.
        width90: Mean width of the 90% interval of a share [points].
        brier: Mean squared error of the chance to go through.
    """

    projection: str
    looks: int
    rmse: float
    inside: dict[float, float]
    width90: float
    brier: float


def compare(
    pairs: Iterable[tuple[ArchiveContest, JudgedCount]], projections: Sequence[Projection], *, draws: int = 500, seed: int = 1
) -> list[Comparison]:
    """Hold projections against what came, at the fixed looks of every contest.

    Args:
        pairs: Contests and what was known of them.
        projections: Whom to compare.
        draws: Joint draws a look.
        seed: Same seed, same bytes.
    """
    known = [(contest, judged, at) for contest, judged in pairs for _, at in fixed_looks(contest)]
    return [_summed(projection, [_errors(*one, projection, draws, seed) for one in known]) for projection in projections]


def _errors(contest: ArchiveContest, judged: JudgedCount, at: int, projection: Projection, draws: int, seed: int) -> Floats:
    """Return one row an option: error, inside 50%, inside 90%, width of 90%, squared error of the chance."""
    made = forecast(projection.draw(look_at(judged, at), draws=draws, seed=seed + at), contest.setting)
    who = contenders(contest.path.votes[at], contest.setting.eligible, contest.setting.slots)
    return share_errors(made, contest.path.votes[-1], who, contest.good)


def share_errors(made: Forecast, final: Floats, who: Floats, good: Flags | None = None) -> Floats:
    """Return one row an option: error of its share, inside 50%, inside 90%, width of 90%, squared error of its chance to go through."""
    share = (final / max(final.sum(), 1.0))[who]
    inside = [(made.share_interval[level][who, 0] <= share) & (share <= made.share_interval[level][who, 1]) for level in (0.5, 0.9)]
    width = made.share_interval[0.9][who, 1] - made.share_interval[0.9][who, 0]
    chance = (made.p_place + made.p_majority)[who] - (0.0 if good is None else good[who].astype(float))
    return np.stack([made.share[who] - share, *inside, width, chance**2], axis=1)


def _summed(projection: Projection, looks: Sequence[Floats]) -> Comparison:
    table = np.concatenate(looks)
    brier = [look[:, 4].mean() for look in looks if len(look)]
    return Comparison(
        projection=projection.id,
        looks=len(looks),
        rmse=100 * float(np.sqrt((table[:, 0] ** 2).mean())),
        inside={0.5: float(table[:, 1].mean()), 0.9: float(table[:, 2].mean())},
        width90=100 * float(table[:, 3].mean()),
        brier=float(np.mean(brier)),
    )
