"""A calibration as JSON: what it was made of, what it learned, and the path maximum of every contest, so that anyone can check it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from racecall.calls.calibration import PathMaximum, Regime, Threshold, fit_threshold, regime_of
from racecall.calls.score import SETTINGS
from racecall.errors import BrokenFile, UsageError
from racecall.outstanding.experience import CountyDrift, Experience, NightLesson
from racecall.outstanding.volume import SETTINGS as VOLUME

FORMAT = 1
SCORE_CODE = "2026-11-22"
"""Date of the scoring code. Change it with every change to volume, shift or score that moves a score: old calibrations then refuse."""


def score_version() -> str:
    """Name the scoring function: its code date and a hash of its constants."""
    constants = hashlib.sha256(repr((SETTINGS, VOLUME)).encode()).hexdigest()[:12]
    return f"{SCORE_CODE}-{constants}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """Everything a fresh install needs to call.

    Args:
        score_version: The scoring function that made the maxima.
        archives: SHA-256 of each archive by election id.
        lessons: What each night taught.
        night_share: Habitual log odds of the share of the night, by night left out ("" for none) and county.
        maxima: Path maximum of each contest, each scored with the experience of other nights.
    """

    score_version: str
    archives: Mapping[str, str]
    lessons: tuple[NightLesson, ...]
    night_share: Mapping[str, Mapping[str, float]]
    maxima: tuple[PathMaximum, ...]

    @property
    def nights(self) -> tuple[str, ...]:
        """Nights that gave contests."""
        return tuple(sorted({maximum.night for maximum in self.maxima}))

    def experience(self, night: str) -> Experience:
        """Return what may be used on a night: everything but the night itself."""
        return Experience(
            lessons=tuple(lesson for lesson in self.lessons if lesson.night != night),
            night_share=self.night_share.get(night, self.night_share.get("", {})),
        )

    def threshold(self, state: str, night: str, alpha: float, open_tonight: float | None = None) -> Threshold:
        """Return the threshold for a state on a night, fitted without that night."""
        others = [maximum for maximum in self.maxima if maximum.night != night]
        return fit_threshold(others, alpha, regime_of(state), open_tonight)


def calibration_json(calibration: Calibration, alphas: tuple[float, ...] = (0.005, 0.01, 0.02)) -> str:
    """Write a calibration as JSON; the same calibration gives the same bytes."""
    return json.dumps(
        {
            "format": FORMAT,
            "score_version": calibration.score_version,
            "archives": dict(sorted(calibration.archives.items())),
            "nights": list(calibration.nights),
            "contests": len(calibration.maxima),
            "thresholds": [_threshold_row(calibration, regime, alpha) for regime in Regime for alpha in alphas],
            "lessons": [_lesson_row(lesson) for lesson in calibration.lessons],
            "night_share": {night: _rounded(habit) for night, habit in sorted(calibration.night_share.items())},
            "path_maxima": [_maximum_row(maximum) for maximum in calibration.maxima],
        },
        indent=1,
        sort_keys=False,
    )


def _threshold_row(calibration: Calibration, regime: Regime, alpha: float) -> dict[str, Any]:
    fitted = fit_threshold(calibration.maxima, alpha, regime)
    value = None if fitted.value is None else round(fitted.value, 4)
    conformal = None if fitted.conformal is None else round(fitted.conformal, 4)
    row = {"regime": regime.value, "alpha": alpha, "threshold": value, "conformal": conformal}
    return row | {"contests": fitted.contests, "nights": fitted.nights, "reason": fitted.reason}


def _lesson_row(lesson: NightLesson) -> dict[str, Any]:
    return {
        "night": lesson.night,
        "state": lesson.state,
        "curves": {feed: [None if math.isnan(value) else round(value, 4) for value in curve] for feed, curve in lesson.curves.items()},
        "district_votes": dict(lesson.district_votes),
        "district_counties": {district: _rounded(mix) for district, mix in lesson.district_counties.items()},
        "drift": {county: [round(d.mean, 4), round(d.variance, 5)] for county, d in lesson.drift.items()},
        "drift_elsewhere": None if lesson.drift_elsewhere is None else round(lesson.drift_elsewhere, 4),
    }


def _maximum_row(maximum: PathMaximum) -> dict[str, Any]:
    score = None if math.isinf(maximum.score) else round(maximum.score, 4)
    return {
        "contest": maximum.contest,
        "night": maximum.night,
        "regime": maximum.regime.value,
        "score": score,
        "open_early": maximum.open_early,
    }


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in values.items()}


def parse_calibration(text: str, where: str = "calibration") -> Calibration:
    """Read a calibration.

    Raises:
        BrokenFile: It is not one.
        UsageError: It was made by another scoring function: its thresholds would promise nothing.
    """
    try:
        row = json.loads(text)
        made = Calibration(
            score_version=str(row["score_version"]),
            archives=dict(row["archives"]),
            lessons=tuple(_lesson(lesson) for lesson in row["lessons"]),
            night_share=row["night_share"],
            maxima=tuple(_maximum(maximum) for maximum in row["path_maxima"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenFile(
            f"not a calibration: {error}.", where=where, next_step="Make one with: racecall calibrate ARCHIVE… --out FILE"
        ) from error
    if made.score_version != score_version():
        raise UsageError(
            f"made by scoring code {made.score_version}, while this is {score_version()}: its thresholds promise nothing here.",
            where=where,
            next_step="Make a new one with: racecall calibrate ARCHIVE… --out FILE",
        )
    return made


def _lesson(row: Mapping[str, Any]) -> NightLesson:
    return NightLesson(
        night=row["night"],
        state=row["state"],
        curves={feed: tuple(float("nan") if value is None else float(value) for value in curve) for feed, curve in row["curves"].items()},
        district_votes=row["district_votes"],
        district_counties=row["district_counties"],
        drift={county: CountyDrift(mean=mean, variance=variance) for county, (mean, variance) in row["drift"].items()},
        drift_elsewhere=row["drift_elsewhere"],
    )


def _maximum(row: Mapping[str, Any]) -> PathMaximum:
    return PathMaximum(
        contest=row["contest"],
        night=row["night"],
        regime=Regime(row["regime"]),
        score=-math.inf if row["score"] is None else float(row["score"]),
        open_early=bool(row["open_early"]),
    )
