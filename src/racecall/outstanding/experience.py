"""What earlier nights taught: how much is counted when, how many vote where, and which way late ballots lean.

One `NightLesson` holds what one night taught and depends on no other night, so leaving a night out means leaving its lesson out.
`racecall.backtest.learn` makes lessons from archives; the packaged ones are in `data/calibration.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from racecall.outstanding.path import Flags, Floats

CURVE_HOURS = (0.4, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 13.0, 24.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0, 336.0, 480.0, 720.0)
"""Hours after the polls close at which progress curves are kept."""
NIGHT_KNOT = CURVE_HOURS.index(13.0)
"""The knot that stands for the end of election night."""
DEFAULT_NIGHT_SHARE = 0.52
"""Share counted on election night where nothing is known of a place (median county of California, 2022-2024)."""


def logit(share: float | Floats) -> Floats:
    """Log odds of a share."""
    return np.asarray(np.log(share) - np.log1p(-np.asarray(share)), dtype=np.float64)


def expit(log_odds: float | Floats) -> Floats:
    """Share for log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(log_odds, dtype=np.float64))), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountyDrift:
    """How far late ballots of one county leaned from Republican to Democratic, against election night.

    Args:
        mean: Log ratio Democratic to Republican, late minus night.
        variance: Uncertainty of `mean`.
    """

    mean: float
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CountyWeights:
    """The county mix of a contest at each look.

    Args:
        counties: Names.
        weights: Shares of the contest's votes, shape (look, county); rows sum to 1, or to 0 where nothing is known.
    """

    counties: tuple[str, ...]
    weights: Floats

    @property
    def known(self) -> Flags:
        """Where the mix is known, shape (look,)."""
        return np.asarray(self.weights.sum(axis=1) > 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightLesson:
    """What one election night taught.

    Args:
        night: Election day, ``YYYY-MM-DD``.
        state: Postal code.
        curves: Log odds of the share counted at `CURVE_HOURS`, by feed (``la``, ``ca``); NaN where not seen.
        district_votes: Final votes by district key [votes].
        district_counties: County mix by district key.
        drift: Party drift by county.
        drift_elsewhere: Mean drift of the night, for counties not seen; None if the night had too few party contests.
    """

    night: str
    state: str
    curves: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    district_votes: Mapping[str, float] = field(default_factory=dict)
    district_counties: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    drift: Mapping[str, CountyDrift] = field(default_factory=dict)
    drift_elsewhere: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """The lessons that may be used for one night.

    Args:
        lessons: One a night.
        night_share: Habitual log odds of the share counted on election night, by county, each fitted without the night being judged.
    """

    lessons: tuple[NightLesson, ...] = ()
    night_share: Mapping[str, float] = field(default_factory=dict)

    def for_state(self, state: str) -> tuple[NightLesson, ...]:
        """Return the lessons of one state."""
        return tuple(lesson for lesson in self.lessons if lesson.state == state)

    def counties_of(self, district: str) -> Mapping[str, float]:
        """Return the county mix of a district, from the latest night that has it; empty if none has."""
        for lesson in sorted(self.lessons, key=lambda lesson: lesson.night, reverse=True):
            if district in lesson.district_counties:
                return lesson.district_counties[district]
        return {}

    def county_votes(self, state: str) -> Mapping[str, float]:
        """Return the votes of every county of a state in earlier nights, over the districts known there [votes]; empty if none are.

        A measure of size among counties, no turnout: every class of districts that covers the state counts once more.
        """
        found: dict[str, float] = {}
        for lesson in self.for_state(state):
            for district, votes in lesson.district_votes.items():
                for county, share in lesson.district_counties.get(district, {}).items():
                    found[county] = found.get(county, 0.0) + share * votes
        return found

    def night_log_odds(self, mix: CountyWeights) -> Floats:
        """Return the habitual log odds of the share counted on election night for a mix of counties, shape (look,)."""
        habit = np.array([self.night_share.get(county, 0.0) for county in mix.counties])
        return np.where(mix.known, mix.weights @ habit, logit(DEFAULT_NIGHT_SHARE))

    def curve(self, state: str, feed: str) -> Floats:
        """Return the log odds of the share counted at `CURVE_HOURS`, the feed's own nights before all others of the state.

        A state that has taught no night gets a plain curve: nothing moves during the night, then the odds grow with time.
        """
        lessons = self.for_state(state)
        own = [curve for lesson in lessons for name, curve in lesson.curves.items() if name == feed]
        every = [curve for lesson in lessons for curve in lesson.curves.values()]
        return _filled(_mean_curve(own), _mean_curve(every))

    def party_drift(self, state: str, mix: CountyWeights) -> tuple[Floats, Floats, Flags]:
        """Return mean and variance of the party drift expected for a mix of counties, and whether a night taught it; shape (look,)."""
        lessons = [lesson for lesson in self.for_state(state) if lesson.drift_elsewhere is not None]
        if not lessons:
            return _same(mix, UNKNOWN_DRIFT), _same(mix, UNKNOWN_DRIFT_VARIANCE), np.zeros(len(mix.weights), dtype=bool)
        means, variances = zip(*(_mix_drift(lesson, mix) for lesson in lessons), strict=True)
        mean, variance = np.mean(means, axis=0), np.mean(variances, axis=0) / len(lessons) + NEW_NIGHT_DRIFT**2
        return np.where(mix.known, mean, UNKNOWN_DRIFT), np.where(mix.known, variance, UNKNOWN_DRIFT_VARIANCE), mix.known


NEW_NIGHT_DRIFT = 0.10
"""Standard deviation of a county's drift between two nights [log ratio]. Source: late-shift study section 4a."""
UNSEEN_COUNTY_VARIANCE = 0.04
"""Variance of the drift of a county no night has shown (sd 0.2 between counties). Source: late-shift study section 4a."""


UNKNOWN_DRIFT = 0.10
"""Party drift where nothing is known of the place: half the mean of the two archived Californian nights."""
UNKNOWN_DRIFT_VARIANCE = 0.04


def _same(mix: CountyWeights, value: float) -> Floats:
    return np.full(len(mix.weights), value)


def _mix_drift(lesson: NightLesson, mix: CountyWeights) -> tuple[Floats, Floats]:
    elsewhere = CountyDrift(mean=lesson.drift_elsewhere or 0.0, variance=UNSEEN_COUNTY_VARIANCE)
    drifts = [lesson.drift.get(county, elsewhere) for county in mix.counties]
    return mix.weights @ np.array([drift.mean for drift in drifts]), mix.weights**2 @ np.array([drift.variance for drift in drifts])


def _mean_curve(curves: list[tuple[float, ...]]) -> Floats:
    if not curves:
        return np.full(len(CURVE_HOURS), np.nan)
    table = np.array(curves, dtype=np.float64)
    seen = np.isfinite(table)
    total = np.where(seen, table, 0.0).sum(axis=0)
    return np.asarray(np.divide(total, seen.sum(axis=0), out=np.full(len(CURVE_HOURS), np.nan), where=seen.any(axis=0)))


def _filled(own: Floats, every: Floats) -> Floats:
    curve = np.where(np.isfinite(own), own, every)
    known = np.isfinite(curve)
    if not known.any():
        return _plain_curve()
    steps = np.arange(len(curve))
    return np.interp(steps, steps[known], curve[known])


def _plain_curve() -> Floats:
    late = np.maximum(np.array(CURVE_HOURS) / CURVE_HOURS[NIGHT_KNOT], 1.0)
    return np.asarray(logit(DEFAULT_NIGHT_SHARE) + PLAIN_GROWTH * np.log(late))


PLAIN_GROWTH = 0.9
"""Growth of the log odds of the share counted with the log of time, after the night (Thurston County 2023: .53, .67, .81, .94)."""
