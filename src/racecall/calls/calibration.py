"""The threshold that makes calls honest: conformal over the whole path of a contest.

For every archived contest take `M`, the highest score that any option which did *not* fill a place reached at any look. A false call
happens exactly if M reaches the threshold. With n contests scored by one frozen function, the ceil((n + 1)(1 - alpha))-th smallest M
bounds the chance of *any* false call over *all* looks of a new exchangeable contest by alpha, whatever the model, and with no
independence between looks.

What the bound needs, and how it fails: contests of one night share their luck, so nights count as well as contests; contests of another
regime (other mail rules) are not exchangeable and are left out; fewer than 1/alpha contests give no threshold, and then only arithmetic
calls. With two large nights the rate is a promise about contests like theirs, no more.

*Floor*: `LEAST_VALUE`. *Open weighting* (not the default) holds the same rate for each contest still open early in the night: alpha is
multiplied by the share of contests that were open at their first looks on the calibration nights, over the same share tonight.

Source: research/live-models.md section 4; research/late-shift-study.md section 5; docs/methods/calibration.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from racecall.errors import UsageError

LEAST_NIGHTS = 2
"""Calibration nights under which no rate is promised."""
LEAST_CONTESTS_A_NIGHT = 20
"""A night counts as a night with this many contests; a single special election does not."""
LEAST_VALUE = 2.1
"""No threshold under this at alpha 0.5% while so few nights are archived; at another alpha in proportion to the normal quantile.

The conformal value rests on the one or two hardest contests of the other nights: over resampled contests it runs from 1.6 to 2.4 at alpha
0.5% (late-shift study section 5), and a quiet night would promise too much. 2.1 was set with both Californian nights in view (the hardest
losing contest of November 2022 reached 2.08): a prudential figure, not a measured one. It can only delay calls.
"""
MOST_ALPHA = 0.30
"""Cap on the weighted alpha: a very quiet night must not lower the threshold to nothing."""
LEAST_OPEN = 0.02
"""An open share is never taken as less."""
LEAST_TONIGHT = 50
"""Fewer contests tonight say nothing of how open the night is, and alpha is not weighted."""


class Regime(StrEnum):
    """Mail rules that decide how a count moves after the night."""

    LATE_MAIL = "late_mail"
    """Ballots postmarked by election day are accepted for days; half the vote or less is counted on the night."""
    NIGHT_COUNT = "night_count"
    """Mail must be in when the polls close; nearly all is counted in a day or two, in whatever order."""


LATE_MAIL_STATES = frozenset({"CA", "WA", "OR", "NV", "AK"})
"""States that accept postmarked mail after election day and vote mostly by mail.

Source: the archive for CA and WA. Unknown: OR, NV and AK are named from memory of their postmark rules, no night of theirs is archived, and
laws change; check the rule before the first election there.
"""


def regime_of(state: str) -> Regime:
    """Return the regime of a state (postal code); a full name or an unknown one counts by night."""
    return Regime.LATE_MAIL if state in LATE_MAIL_STATES else Regime.NIGHT_COUNT


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMaximum:
    """The closest a contest came to a false call.

    Args:
        contest: Election and contest id.
        night: Election day.
        regime: Mail rules.
        score: Highest score of an option that did not fill a place, over all looks.
        open_early: Whether the boundary score was under 1 at the first looks.
    """

    contest: str
    night: str
    regime: Regime
    score: float
    open_early: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The score from which a place is called.

    Args:
        value: The threshold; None if there is none.
        conformal: The order statistic before `LEAST_VALUE`; None if there are too few contests.
        alpha: Chance of any false call in a contest that it promises.
        contests: Contests it rests on.
        nights: Nights it rests on.
        regime: Mail rules.
        reason: Why there is none; "" if there is one.
    """

    value: float | None
    conformal: float | None
    alpha: float
    contests: int
    nights: int
    regime: Regime
    reason: str = ""


def conformal_value(scores: Sequence[float], alpha: float) -> float | None:
    """Return the ceil((n + 1)(1 - alpha))-th smallest score, None if n is too small for alpha.

    >>> conformal_value(range(199), 0.005)
    198.0
    >>> conformal_value(range(198), 0.005) is None
    True

    Raises:
        UsageError: Alpha is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise UsageError(f"alpha is a chance between 0 and 1; found {alpha}.", next_step="Try --alpha 0.005, one contest in two hundred.")
    place = int(np.ceil((len(scores) + 1) * (1 - alpha) - 1e-9))
    return float(np.sort(np.asarray(scores, dtype=np.float64))[place - 1]) if place <= len(scores) else None


def fit_threshold(maxima: Sequence[PathMaximum], alpha: float, regime: Regime, open_tonight: float | None = None) -> Threshold:
    """Return the threshold for a new contest of a regime.

    Args:
        maxima: Path maxima of archived contests, none of them of the night that is judged.
        alpha: Chance of any false call in a contest.
        regime: Mail rules of the new contest.
        open_tonight: Share of tonight's contests that were open at their first looks; None for no weighting.
    """
    alike = [maximum for maximum in maxima if maximum.regime is regime]
    nights = len(_real_nights(alike))
    value = conformal_value([maximum.score for maximum in alike], _weighted(alpha, alike, open_tonight)) if alike else None
    reason = _why_none(alike, nights, alpha, regime, value)
    return Threshold(
        value=None if reason or value is None else max(value, least_value(alpha)),
        conformal=value,
        alpha=alpha,
        contests=len(alike),
        nights=nights,
        regime=regime,
        reason=reason,
    )


def least_value(alpha: float) -> float:
    """Return the floor of the threshold at an alpha.

    >>> round(least_value(0.005), 3), round(least_value(0.02), 3)
    (2.1, 1.674)
    """
    normal = NormalDist()
    return LEAST_VALUE * normal.inv_cdf(1 - min(alpha, 0.4)) / normal.inv_cdf(0.995)


def _weighted(alpha: float, alike: Sequence[PathMaximum], open_tonight: float | None) -> float:
    if open_tonight is None:
        return alpha
    open_before = sum(maximum.open_early for maximum in alike) / len(alike)
    return min(MOST_ALPHA, alpha * max(open_before, LEAST_OPEN) / max(open_tonight, LEAST_OPEN))


def _real_nights(maxima: Sequence[PathMaximum]) -> set[str]:
    nights = [maximum.night for maximum in maxima]
    return {night for night in set(nights) if nights.count(night) >= LEAST_CONTESTS_A_NIGHT}


def _why_none(alike: Sequence[PathMaximum], nights: int, alpha: float, regime: Regime, value: float | None) -> str:
    words = regime.value.replace("_", " ")
    if not alike:
        return f"insufficient calibration: no archived contest with these mail rules ({words})"
    if nights < LEAST_NIGHTS:
        return f"insufficient calibration: {nights} archived night(s) with these mail rules ({words}), {LEAST_NIGHTS} are needed"
    if value is None:
        needed = int(np.ceil(1 / alpha)) - 1
        return f"insufficient calibration: {len(alike)} archived contests, {needed} are needed for a chance of {alpha:.1%}"
    return ""
