"""Intervals and chances at fixed looks, held against what came: coverage and Brier score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.backtest.baselines import persistence, required_break
from racecall.calls.night import JudgedCount, look_at
from racecall.outstanding.path import Flags, Floats
from racecall.projection.base import Projection
from racecall.projection.forecast import forecast

FIXED_LOOKS = {"first": None, "night": 14.0, "three_days": 75.0}
"""Looks at which intervals are held against the outcome: the newest at this hour after the polls close; None is the first release."""
STALE_HOURS = 60.0
"""A look older than this at its hour is left out."""
CHANCE_BANDS = (0.0, 0.01, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99, 1.0 + 1e-9)
"""Bounds of the bands of chances in which `reliability` counts: narrow at the ends, where calls are made."""
LEAST_SHARE = 0.02
"""Options outside this share and its complement are hopeless or certain, and flatter every interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One contest at one fixed look.

    Args:
        look: Name of the look.
        inside50: Which options' final share lies inside the 50% interval.
        inside90: The same for 90%.
        brier: Mean squared error of the chance to go through, by rule.
        chance: The product's chance to go through, option by option.
        good: Whether each went through.
    """

    look: str
    inside50: tuple[bool, ...]
    inside90: tuple[bool, ...]
    brier: dict[str, float]
    chance: tuple[float, ...] = ()
    good: tuple[bool, ...] = ()


def fixed_looks(contest: ArchiveContest) -> Iterator[tuple[str, int]]:
    """Yield name and index of the fixed looks of a contest that come before its last release."""
    hours = contest.path.hours
    for name, hour in FIXED_LOOKS.items():
        at = 0 if hour is None else int(np.searchsorted(hours, hour, side="right")) - 1
        if 0 <= at < len(hours) - 1 and (hour is None or hours[at] >= hour - STALE_HOURS):
            yield name, at


def check_contest(contest: ArchiveContest, judged: JudgedCount, projection: Projection, *, draws: int, seed: int) -> list[Checked]:
    """Project a contest at its fixed looks and hold the intervals and chances against the outcome."""
    return [_check(contest, judged, projection, name, at, draws=draws, seed=seed) for name, at in fixed_looks(contest)]


def _check(contest: ArchiveContest, judged: JudgedCount, projection: Projection, name: str, at: int, *, draws: int, seed: int) -> Checked:
    setting, path = contest.setting, contest.path
    made = forecast(projection.draw(look_at(judged, at), draws=draws, seed=seed + at), setting)
    who = contenders(path.votes[at], setting.eligible, setting.slots)
    final = path.votes[-1] / path.votes[-1].sum()
    inside = {level: (bounds[who, 0] <= final[who]) & (final[who] <= bounds[who, 1]) for level, bounds in made.share_interval.items()}
    chances = {"racecall": made.p_place + made.p_majority} | baseline_chances(judged, at)
    good = contest.good[who].astype(float)
    return Checked(
        look=name,
        inside50=tuple(inside[0.5].tolist()),
        inside90=tuple(inside[0.9].tolist()),
        brier={rule: float(((chance[who] - good) ** 2).mean()) for rule, chance in chances.items()} if len(who) else {},
        chance=tuple(chances["racecall"][who].tolist()),
        good=tuple(contest.good[who].tolist()),
    )


def contenders(votes: Floats, eligible: Sequence[bool], slots: int) -> Floats:
    """Return the options that matter: the first `slots` + 2 with a share between 2% and 98%."""
    order = [int(option) for option in np.argsort(-votes, kind="stable") if eligible[option]][: slots + 2]
    share = votes / max(votes.sum(), 1.0)
    return np.array([option for option in order if LEAST_SHARE < share[option] < 1 - LEAST_SHARE], dtype=int)


def baseline_chances(judged: JudgedCount, at: int) -> dict[str, Floats]:
    """Return the chance to go through that each baseline implies.

    Persistence has a chance of its own. A required break says "through" above its bar; the places it leaves open are shared evenly.
    """
    place, elected = persistence(judged)
    strength = place[at] if elected is None else np.maximum(place[at], elected[at])
    needed, majority = required_break(judged)
    gap = needed[at] if majority is None else np.maximum(needed[at], majority[at])
    setting = judged.count.setting
    able = np.array(setting.eligible)
    return {
        "leader_persistence_995": _normal_cdf(strength) * able,
        "required_break_20": _shared_out(gap > 0.20, able, setting.slots),
        "required_break_30": _shared_out(gap > 0.30, able, setting.slots),
        "arithmetic_bound": _shared_out(gap > 1.0, able, setting.slots),
    }


def _shared_out(through: Flags, able: Flags, slots: int) -> Floats:
    free = max(slots - int(through.sum()), 0)
    others = max(int((able & ~through).sum()), 1)
    return np.where(through, 1.0, np.where(able, min(free / others, 1.0), 0.0))


def _normal_cdf(z: Floats) -> Floats:
    from scipy.special import ndtr  # type: ignore[import-untyped, unused-ignore]

    return np.asarray(ndtr(np.clip(z, -40, 40)))


def summed_up(checked: Sequence[Checked]) -> dict[str, object]:
    """Return coverage by level, overall and by look, and the Brier score by rule; each contest and look counts once in Brier."""
    rules = sorted({rule for one in checked for rule in one.brier})
    return {
        "coverage": _coverage(checked),
        "coverage_by_look": {name: _coverage([one for one in checked if one.look == name]) for name in FIXED_LOOKS},
        "brier": {rule: float(np.mean([one.brier[rule] for one in checked if rule in one.brier])) for rule in rules},
    }


def reliability(checked: Sequence[Checked]) -> list[dict[str, float]]:
    """Return how often what was given a chance came true: one row for each band of chances that was used."""
    chance = np.array([chance for one in checked for chance in one.chance])
    good = np.array([good for one in checked for good in one.good], dtype=bool)
    band = np.searchsorted(CHANCE_BANDS, chance, side="right") - 1
    return [
        {
            "low": CHANCE_BANDS[at],
            "high": CHANCE_BANDS[at + 1],
            "options": int((band == at).sum()),
            "mean_chance": float(chance[band == at].mean()),
            "came_true": float(good[band == at].mean()),
        }
        for at in np.unique(band).tolist()
    ]


def _coverage(checked: Sequence[Checked]) -> dict[str, float | None]:
    if not any(len(one.inside90) for one in checked):
        return {"0.5": None, "0.9": None}
    return {
        "0.5": float(np.mean([inside for one in checked for inside in one.inside50])),
        "0.9": float(np.mean([inside for one in checked for inside in one.inside90])),
    }
