"""What the packaged calibration says of other nights: how much is counted when, how late each county counts, which way late votes lean.

A second reading of `data/calibration.json`, by docs/methods/volume.md and docs/methods/shift.md, for the score of a printed place. What a
calibration holds of the night itself is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from statistics import fmean

import msgspec

HOURS = (0.4, 1.0, 2.0, 3.0, 4.5, 6.0, 9.0, 13.0, 24.0, 48.0, 72.0, 96.0, 120.0, 168.0, 240.0, 336.0, 480.0, 720.0)
"""Hours after the polls close at which the calibration has the share counted."""
END_OF_NIGHT = HOURS.index(13.0)
USUAL_NIGHT = 0.52
"""Share counted on the night where nobody knows better."""
PLAIN_GROWTH = 0.9
"""Growth of the log odds with the log of time where no night of the state is archived."""
NEW_NIGHT = 0.10
"""Standard deviation of a county's drift from one night to another."""
UNSEEN = 0.04
"""Variance of the drift of a county that no night has shown."""
UNKNOWN = (0.10, 0.04)
"""Mean and variance of the drift where nothing is known of the place."""

Mix = Mapping[str, float]
"""Share of a contest's votes by county; empty where nobody knows."""


class Lesson(msgspec.Struct, frozen=True):
    """What one night taught."""

    night: str
    state: str
    curves: dict[str, list[float | None]]
    district_votes: dict[str, float]
    district_counties: dict[str, dict[str, float]]
    drift: dict[str, tuple[float, float]]
    drift_elsewhere: float | None


class Taught(msgspec.Struct, frozen=True):
    """What all nights taught; `night_share` is log odds of the share counted on the night, by night left out and county."""

    lessons: list[Lesson]
    night_share: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far late votes lean from Republican to Democratic, in log ratio; `known` if a night of the state taught it."""

    mean: float
    variance: float
    known: bool


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """What may be used on a night in a state.

    Args:
        nights: Lessons of all other nights.
        habit: Log odds of the share counted on the night, by county.
        state: Postal code.
    """

    nights: Sequence[Lesson]
    habit: Mapping[str, float]
    state: str

    @cached_property
    def here(self) -> list[Lesson]:
        """The lessons of the state."""
        return [lesson for lesson in self.nights if lesson.state == self.state]

    def counties_of(self, district: str) -> Mix:
        """Return the counties of a district by the latest night that has it."""
        known = [lesson for lesson in self.nights if district in lesson.district_counties]
        return max(known, key=lambda lesson: lesson.night).district_counties[district] if known else {}

    def county_votes(self) -> Mapping[str, float]:
        """Return how many votes each county of the state has had, over all districts that are known there."""
        found: dict[str, float] = {}
        for lesson in self.here:
            for district, votes in lesson.district_votes.items():
                for county, share in lesson.district_counties.get(district, {}).items():
                    found[county] = found.get(county, 0.0) + share * votes
        return found

    def votes_of(self, district: str) -> float | None:
        """Return the votes of a district in other nights, their geometric mean; None if there are none."""
        seen = [math.log(lesson.district_votes[district]) for lesson in self.nights if district in lesson.district_votes]
        return math.exp(fmean(seen)) if seen else None

    def night_odds(self, mix: Mix) -> float:
        """Return the log odds of the share that is counted on the night, by the habit of the counties."""
        return sum(share * self.habit.get(county, 0.0) for county, share in mix.items()) if is_known(mix) else logit(USUAL_NIGHT)

    def curve(self, feed: str) -> Sequence[tuple[float, float]]:
        """Return the log odds of the share counted by the log of the hour, as points of a line."""
        if feed not in self._curves:
            self._curves[feed] = [(math.log(hour), odds) for hour, odds in zip(HOURS, self._odds(feed), strict=True)]
        return self._curves[feed]

    @cached_property
    def _curves(self) -> dict[str, list[tuple[float, float]]]:
        return {}  # filled by `curve`: every look of every contest asks

    def _odds(self, feed: str) -> list[float]:
        """By the nights of the source, else of the state, else a plain curve."""
        own = _means(curve for lesson in self.here for name, curve in lesson.curves.items() if name == feed)
        every = _means(curve for lesson in self.here for curve in lesson.curves.values())
        joined = [every[at] if own[at] is None else own[at] for at in range(len(HOURS))]
        known = [(float(at), value) for at, value in enumerate(joined) if value is not None]
        if known:
            return [between(at, known) for at in range(len(HOURS))]
        return [logit(USUAL_NIGHT) + PLAIN_GROWTH * math.log(max(hour / HOURS[END_OF_NIGHT], 1.0)) for hour in HOURS]

    def drift(self, mix: Mix) -> Drift:
        """Return the drift that the counties of a contest let expect."""
        taught = [lesson for lesson in self.here if lesson.drift_elsewhere is not None]
        if not taught or not is_known(mix):
            return Drift(mean=UNKNOWN[0], variance=UNKNOWN[1], known=False)
        means, variances = [], []
        for lesson in taught:
            seen = [(share, lesson.drift.get(county, (lesson.drift_elsewhere or 0.0, UNSEEN))) for county, share in mix.items()]
            means.append(sum(share * mean for share, (mean, _) in seen))
            variances.append(sum(share**2 * variance for share, (_, variance) in seen))
        return Drift(mean=fmean(means), variance=fmean(variances) / len(taught) + NEW_NIGHT**2, known=True)


@cache
def lessons_of(night: str, state: str) -> Lessons:
    """Return what the packaged calibration teaches for a night."""
    taught = msgspec.json.decode((files("racecall.data") / "calibration.json").read_bytes(), type=Taught)
    habit = taught.night_share.get(night, taught.night_share.get("", {}))
    return Lessons(nights=[lesson for lesson in taught.lessons if lesson.night != night], habit=habit, state=state)


def is_known(mix: Mix) -> bool:
    """Whether anything is known of where a contest's votes are."""
    return sum(mix.values()) > 0.5


def _means(curves: Iterable[Sequence[float | None]]) -> list[float | None]:
    seen = [[value for value in values if value is not None] for values in zip(*curves, strict=True)]
    return [fmean(values) if values else None for values in seen] or [None] * len(HOURS)


def logit(share: float) -> float:
    """Log odds of a share."""
    return math.log(share) - math.log1p(-share)


def expit(odds: float) -> float:
    """Share for log odds."""
    return 1 / (1 + math.exp(-odds))


def between(at: float, points: Sequence[tuple[float, float]]) -> float:
    """Return the height of a line through points at a place; outside of them that of the nearest."""
    if at <= points[0][0]:
        return points[0][1]
    for (x, low), (y, high) in pairwise(points):
        if at <= y:
            return low + (high - low) * (at - x) / (y - x)
    return points[-1][1]
