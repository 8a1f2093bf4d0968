"""The threshold of a printed call, worked out again from the path maxima of the packaged calibration.

For every archived contest the calibration keeps the highest score that any option without a place ever reached. With n contests of the same
mail rules, none of the night itself, the ceil((n + 1)(1 - alpha))-th smallest of them is the threshold; never less than 2.1 at an alpha of
0.5%, and at another alpha in proportion to the normal quantile. Source: docs/methods/calibration.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from statistics import NormalDist
from typing import Any

import msgspec

LATE_MAIL = frozenset({"CA", "WA", "OR", "NV", "AK"})
"""States that count mail postmarked by election day for days."""
FLOOR = 2.1
FLOOR_ALPHA = 0.005
REAL_NIGHT = 20
"""Contests that make a night count as one; two such nights are needed."""


class Maximum(msgspec.Struct, frozen=True):
    """The closest that an archived contest came to a false call."""

    night: str
    regime: str
    score: float


class Calibration(msgspec.Struct, frozen=True):
    """What the packaged calibration says, as far as a threshold needs it."""

    score_version: str
    path_maxima: list[Maximum]


@cache
def packaged() -> Calibration:
    """Return the packaged calibration."""
    return msgspec.json.decode((files("racecall.data") / "calibration.json").read_bytes(), type=Calibration)


def threshold_of(calibration: Calibration, *, state: str, night: str, alpha: float) -> float | None:
    """Return the score from which a place is called; None where too little is archived.

    Args:
        calibration: Path maxima.
        state: Postal code of the election's state.
        night: Its day, ``YYYY-MM-DD``: contests of the same night are left out.
        alpha: Chance of any false call in a contest.
    """
    regime = "late_mail" if state in LATE_MAIL else "night_count"
    alike = [one for one in calibration.path_maxima if one.regime == regime and one.night != night]
    nights = sum(contests >= REAL_NIGHT for contests in Counter(one.night for one in alike).values())
    place = -(-(len(alike) + 1) * (1 - Fraction(str(alpha))) // 1)
    if nights < 2 or place > len(alike):
        return None
    normal = NormalDist()
    floor = FLOOR * normal.inv_cdf(1 - min(alpha, 0.4)) / normal.inv_cdf(1 - FLOOR_ALPHA)
    return max(sorted(one.score for one in alike)[int(place) - 1], floor)


def threshold_problem(claim: Mapping[str, Any], *, state: str, night: str) -> str:
    """Say what is wrong with the printed thresholds of a claim, "" if nothing, or nothing can be said."""
    used = claim.get("calibration") or {}
    printed = {slot.get("threshold") for slot in claim.get("slots") or ()}
    if not is_packaged(claim) or not printed:
        return ""
    own = threshold_of(packaged(), state=state, night=night, alpha=used["alpha"])
    if all(_alike(one, own) for one in printed):
        return ""
    said = ", ".join("none" if one is None else str(one) for one in sorted(printed, key=str))
    return f"the threshold is printed as {said}; the calibration gives {'none' if own is None else f'{own:.3f}'}."


def is_packaged(claim: Mapping[str, Any]) -> bool:
    """Whether a claim names the calibration that is packaged here."""
    return (claim.get("calibration") or {}).get("version") == packaged().score_version


def _alike(printed: float | None, own: float | None) -> bool:
    if printed is None or own is None:
        return printed is own
    return abs(printed - own) <= 0.00051
