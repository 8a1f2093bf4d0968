"""What the figures would be without the choices that were made with results in view.

Constants that were set after seeing which contests are called wrongly make a back-test look better than the next night will. Nothing can
undo that, but each such choice can be taken back, one by one and all at once, and the figures given: that is this module. The strictest row
measures the spreads of each night on the *other* nights alone.

The command line does not need it; `tests/backtest/test_choices.py` holds the table of docs/methods/calibration.md to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from racecall.backtest.archive import ArchiveContest, ArchiveElection, all_contests
from racecall.backtest.calls import calls_at, evidence, path_maximum
from racecall.backtest.figures import ContestCalls
from racecall.backtest.spreads import Spread, measured_spreads, settings_of
from racecall.calls.calibration import Regime, conformal_value, least_value, regime_of
from racecall.calls.calibration_file import Calibration
from racecall.calls.night import judge_night
from racecall.calls.score import ScoreSettings
from racecall.projection.shift import SETTINGS, ShiftSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way the constants could have been set.

    Args:
        title: For people.
        shift: Spreads; None if they are measured on the other nights.
        floor: Whether the threshold has its prudential floor.
    """

    title: str
    shift: ShiftSettings | None = SETTINGS
    floor: bool = True


AS_MEASURED = replace(SETTINGS, known_drift=0.14, known_drift_first=0.19, committee=0.14)
"""Both nights' own measured values in place of the three that were moved after seeing false calls or slow calls."""
ONE_SPREAD = replace(
    SETTINGS,
    general=0.22,
    primary_night=0.22,
    first_round=0.22,
    same_party=0.22,
    crowded=1.0,
    committee=0.22,
    known_drift=0.22,
    known_drift_first=0.22,
)
"""No classes at all: one spread for every pair."""
CHOICES: Mapping[str, Choice] = {
    "shipped": Choice(title="as shipped"),
    "no_floor": Choice(title="without the floor of the threshold", floor=False),
    "first_round_drift": Choice(
        title="Democrat against Republican in a first round .19, as measured", shift=replace(SETTINGS, known_drift_first=0.19)
    ),
    "committee": Choice(title="committees .14, as measured", shift=replace(SETTINGS, committee=0.14)),
    "measured": Choice(title="all three spreads as measured", shift=AS_MEASURED),
    "measured_no_floor": Choice(title="all three spreads as measured, no floor", shift=AS_MEASURED, floor=False),
    "one_spread": Choice(title="one spread of .22 for every class, no floor", shift=ONE_SPREAD, floor=False),
    "other_nights": Choice(title="spreads of each night measured on the other nights alone", shift=None),
    "other_nights_no_floor": Choice(title="the same, no floor: nothing that was set with results in view", shift=None, floor=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFigures:
    """What a choice would have given on one night.

    Args:
        night: Election day.
        contests: Contests judged.
        false: Those with a false call, by name.
        threshold: Threshold from the other nights.
        median: Share of the final vote counted when the median place was called.
        by60: Share of places called by 60% of the final vote.
        by75: Share of places called by 75%.
    """

    night: str
    contests: int
    false: tuple[str, ...]
    threshold: float
    median: float
    by60: float
    by75: float


def figures_under(
    choice: Choice, elections: Sequence[ArchiveElection], calibration: Calibration, nights: Sequence[str], alpha: float = 0.005
) -> tuple[NightFigures, ...]:
    """Back-test nights under a choice, each with a threshold from the others.

    Args:
        choice: How the constants are set.
        elections: Archived elections.
        calibration: Its lessons and habits are used, its path maxima are not: they belong to the shipped constants.
        nights: Nights to judge.
        alpha: Chance of any false call in a contest.
    """
    contests = [c for c in all_contests(tuple(elections)) if regime_of(c.setting.state) is Regime.LATE_MAIL]
    by_night = {night: [c for c in contests if c.setting.night == night] for night in sorted({c.setting.night for c in contests})}
    return tuple(_night(choice, by_night, calibration, night, alpha) for night in nights)


def _night(
    choice: Choice, by_night: Mapping[str, Sequence[ArchiveContest]], calibration: Calibration, night: str, alpha: float
) -> NightFigures:
    settings = ScoreSettings(shift=choice.shift or settings_of(_spreads_elsewhere(by_night, calibration, night)))
    others = [maximum for name in by_night if name != night for maximum in _maxima(by_night[name], calibration, settings)]
    conformal = conformal_value(others, alpha)
    bar = max(np.inf if conformal is None else conformal, least_value(alpha) if choice.floor else -np.inf)
    return _figures(_calls(by_night[night], calibration, settings, bar), night, bar)


def _spreads_elsewhere(by_night: Mapping[str, Sequence[ArchiveContest]], calibration: Calibration, night: str) -> dict[str, Spread]:
    contests = [contest for name, group in by_night.items() if name != night for contest in group]
    judged = [
        count
        for name, group in by_night.items()
        if name != night
        for count in judge_night([contest.count for contest in group], calibration.experience(name))
    ]
    return measured_spreads(contests, judged)


def _maxima(contests: Sequence[ArchiveContest], calibration: Calibration, settings: ScoreSettings) -> list[float]:
    judged = judge_night([c.count for c in contests], calibration.experience(contests[0].setting.night), settings)
    return [path_maximum(evidence(c, j.scores.place, j.scores.elected)) for c, j in zip(contests, judged, strict=True)]


def _calls(contests: Sequence[ArchiveContest], calibration: Calibration, settings: ScoreSettings, bar: float) -> list[ContestCalls]:
    judged = judge_night([c.count for c in contests], calibration.experience(contests[0].setting.night), settings)
    return [
        ContestCalls(
            contest=c.key,
            night=c.setting.night,
            places=c.places,
            calls=calls_at(c, evidence(c, j.scores.place, j.scores.elected), bar),
        )
        for c, j in zip(contests, judged, strict=True)
    ]


def _figures(made: Sequence[ContestCalls], night: str, bar: float) -> NightFigures:
    times = np.array([time for one in made for time in one.times])
    return NightFigures(
        night=night,
        contests=len(made),
        false=tuple(one.contest for one in made if one.false),
        threshold=float(bar),
        median=float(np.median(times)),
        by60=float((times <= 0.6).mean()),
        by75=float((times <= 0.75).mean()),
    )
