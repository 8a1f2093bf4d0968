"""The published figures, always in pairs: how often a rule was wrong, beside how early it was right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from racecall.backtest.calls import SlotCall

SHARES = (0.5, 0.6, 0.75, 0.9)
"""Shares of the final vote at which `called_by` is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestCalls:
    """The calls of one rule in one contest."""

    contest: str
    night: str
    places: int
    calls: tuple[SlotCall, ...]

    @property
    def false(self) -> bool:
        """Whether any call was wrong."""
        return any(call.correct is False for call in self.calls)

    @property
    def times(self) -> tuple[float, ...]:
        """Share of the final vote counted when each place was rightly called; 1 where it never was."""
        right = sorted(call.share_counted for call in self.calls if call.correct)[: self.places]
        return (*right, *[1.0] * (self.places - len(right)))


def clopper_pearson_upper(errors: int, trials: int, confidence: float = 0.95) -> float:
    """Return the upper end of the exact two-sided interval for a rate.

    >>> round(clopper_pearson_upper(1, 590), 4)
    0.0094

    Source: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404.
    """
    from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

    if errors >= trials:
        return 1.0
    return float(betaincinv(errors + 1, trials - errors, (1 + confidence) / 2))


def night_clustered_upper(by_night: Mapping[str, tuple[int, int]], confidence: float = 0.95) -> float:
    """Return an upper bound on the false-call rate that takes the night, not the contest, as the unit.

    Student-t over the rates of the nights, weighted by contests; never under the bound that takes contests as independent, and 1 for one
    night. With few nights it is wide, and where no night had an error it is too narrow to mean much: read it with the number of nights.

    Args:
        by_night: Errors and contests of each night.
        confidence: Two-sided.
    """
    from scipy.special import stdtrit  # type: ignore[import-untyped, unused-ignore]

    table = np.array(list(by_night.values()), dtype=np.float64)
    errors, contests = table.sum(axis=0)
    plain = clopper_pearson_upper(int(errors), int(contests), confidence)
    nights = len(table)
    if nights < 2:
        return 1.0
    rate = errors / contests
    residual = (table[:, 0] - rate * table[:, 1]) / contests
    spread = np.sqrt(nights / (nights - 1) * (residual**2).sum())
    return float(min(max(plain, rate + stdtrit(nights - 1, (1 + confidence) / 2) * spread), 1.0))


def figures(contests: Sequence[ContestCalls]) -> dict[str, Any]:
    """Return the figures of one rule under the names that `backtest --json` fixes."""
    times = np.array([time for contest in contests for time in contest.times])
    false = sum(contest.false for contest in contests)
    by_night = _by_night(contests)
    return {
        "contests": len(contests),
        "slots": len(times),
        "false_calls": false,
        "false_call_rate": false / max(len(contests), 1),
        "false_call_upper95": clopper_pearson_upper(false, len(contests)) if contests else 1.0,
        "false_call_upper95_by_night": night_clustered_upper(by_night) if contests else 1.0,
        "nights": {night: {"false_calls": wrong, "contests": count} for night, (wrong, count) in by_night.items()},
        "time_to_call": {"median": _quantile(times, 0.5), "p90": _quantile(times, 0.9)},
        "called_by": {f"{share:g}": float((times <= share).mean()) if len(times) else 0.0 for share in SHARES},
        "never_called": float((times >= 1).mean()) if len(times) else 1.0,
    }


def _quantile(times: Sequence[float] | np.ndarray[Any, Any], at: float) -> float:
    return float(np.quantile(np.asarray(times), at)) if len(times) else 1.0


def _by_night(contests: Sequence[ContestCalls]) -> dict[str, tuple[int, int]]:
    nights = sorted({contest.night for contest in contests})
    return {night: (sum(c.false for c in contests if c.night == night), sum(c.night == night for c in contests)) for night in nights}
