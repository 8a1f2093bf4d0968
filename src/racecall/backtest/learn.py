"""What a finished night teaches: progress curves, votes by district, county mixes and party drift.

A lesson is made of one night's final counts only, so that leaving the night out of the experience leaves nothing of it behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.outstanding.experience import CURVE_HOURS, CountyDrift, NightLesson, logit
from racecall.outstanding.path import Floats

LEAST_CONTESTS = 10
"""Fewer contests than this teach no curve and no drift."""
PRIOR_DRIFT_SD = 0.20
"""Spread of the party drift between counties. Source: late-shift study section 4a."""
HABIT_STEP = 0.05
"""Habits are rounded to this [log odds], about one point of share: what ships is a habit, and no row of the table can be worked back.

Two habits of one county, with and without a night, differ by that night alone. At this step the night comes back with an error of up to
0.15 log odds, four points of share (docs/methods/calibration.md, Rights)."""
CONTEST_DRIFT_SD = 0.12
"""Spread of the party drift between contests of one county. Same source (.07 within a county, plus counting noise)."""


def lessons(contests: Iterable[ArchiveContest]) -> tuple[NightLesson, ...]:
    """Return one lesson a night and state, in order of night."""
    groups: dict[tuple[str, str], list[ArchiveContest]] = {}
    for contest in contests:
        groups.setdefault((contest.setting.night, contest.setting.state), []).append(contest)
    mixes = {contest.setting.district: mix for group in groups.values() for contest in group if (mix := _final_mix(contest))}
    return tuple(_lesson(night, state, group, mixes) for (night, state), group in sorted(groups.items()))


def _lesson(night: str, state: str, contests: Sequence[ArchiveContest], mixes: Mapping[str, Mapping[str, float]]) -> NightLesson:
    drift, elsewhere = _drift(contests, mixes)
    return NightLesson(
        night=night,
        state=state,
        curves=_curves(contests),
        district_votes={c.setting.district: float(c.path.total[-1]) for c in contests if c.setting.district and c.setting.partisan},
        district_counties={c.setting.district: mix for c in contests if c.setting.district and (mix := _final_mix(c))},
        drift=drift,
        drift_elsewhere=elsewhere,
    )


def _final_mix(contest: ArchiveContest) -> Mapping[str, float]:
    cells = contest.count.cells
    if cells is None or not cells.votes[-1].sum():
        return {}
    shares = cells.unit_votes[-1] / cells.votes[-1].sum()
    return {county: float(share) for county, share in zip(cells.units, shares, strict=True) if share > 0}


def _curves(contests: Sequence[ArchiveContest]) -> dict[str, tuple[float, ...]]:
    feeds = sorted({contest.count.feed for contest in contests})
    return {feed: curve for feed in feeds if (curve := _curve([c for c in contests if c.count.feed == feed]))}


def _curve(contests: Sequence[ArchiveContest]) -> tuple[float, ...]:
    if len(contests) < LEAST_CONTESTS:
        return ()
    table = np.array([_progress(contest) for contest in contests])
    return tuple(float(np.nanmedian(column)) if np.isfinite(column).any() else float("nan") for column in table.T)


def _progress(contest: ArchiveContest) -> Floats:
    at = np.searchsorted(contest.path.hours, np.array(CURVE_HOURS), side="right") - 1
    share = contest.path.total[np.maximum(at, 0)] / contest.path.total[-1]
    return np.where(at >= 0, logit(np.clip(share, 0.002, 0.9995)), np.nan)


def _drift(contests: Sequence[ArchiveContest], mixes: Mapping[str, Mapping[str, float]]) -> tuple[dict[str, CountyDrift], float | None]:
    """Fit the drift of every county by ridge regression of contests' drift on their county mix."""
    seen = [(mix, value) for c in contests if (mix := mixes.get(c.setting.district, {})) and (value := party_shift(c)) is not None]
    if len(seen) < LEAST_CONTESTS:
        return {}, None
    names = sorted({county for mix, _ in seen for county in mix})
    design = np.array([[mix.get(county, 0.0) for county in names] for mix, _ in seen])
    values = np.array([value for _, value in seen])
    centre = float(values.mean())
    information = design.T @ design / CONTEST_DRIFT_SD**2 + np.eye(len(names)) / PRIOR_DRIFT_SD**2
    fitted = centre + np.linalg.solve(information, design.T @ (values - design.sum(axis=1) * centre) / CONTEST_DRIFT_SD**2)
    variance = np.diag(np.linalg.inv(information))
    drift = {name: CountyDrift(mean=float(m), variance=float(v)) for name, m, v in zip(names, fitted, variance, strict=True)}
    return drift, centre


def party_shift(contest: ArchiveContest) -> float | None:
    """Return how far the late votes leaned to the Democratic side of a contest, as a log ratio against the night; None if it cannot say."""
    side = np.array(contest.setting.sides)
    night, late = contest.path.votes[contest.path.night_end], contest.path.late_votes[-1]
    democratic, republican = night[side > 0].sum(), night[side < 0].sum()
    late_democratic, late_republican = late[side > 0].sum(), late[side < 0].sum()
    final = contest.path.votes[-1][side != 0].sum()
    if min(democratic, republican) < 200 or late_democratic + late_republican <= max(300.0, 0.05 * final):
        return None
    return float(np.log((late_democratic + 5) / (late_republican + 5)) - np.log((democratic + 5) / (republican + 5)))


def night_share_habits(rows: Iterable[tuple[str, str, float]], night: str) -> dict[str, float]:
    """Return every county's habitual log odds of the share counted on election night, without the night that is judged.

    Elections since 2022 count fully, those of 2018-2020 at 0.15 (before all-mail), older ones not at all, shrunk to one half; a night
    before 2018 looks at 2017 and earlier alone.

    Args:
        rows: County, election date ``YYYY-MM-DD``, share counted on the night (0 to 1).
        night: The night being judged, "" for a new one.
    """
    values: dict[str, list[tuple[float, float]]] = {}
    old = bool(night) and night < "2018"
    for county, date, share in rows:
        weight = _habit_weight(int(date[:4]), old=old) if date != night else 0.0
        if weight:
            values.setdefault(county.removesuffix(" County"), []).append((weight, float(logit(share))))
    shrink = 0.0 if old else 0.5
    return {c: _habit(seen, shrink) for c, seen in sorted(values.items())}


def _habit(seen: Sequence[tuple[float, float]], shrink: float) -> float:
    fitted = sum(weight * value for weight, value in seen) / (sum(weight for weight, _ in seen) + shrink)
    return round(HABIT_STEP * round(fitted / HABIT_STEP), 5)


def _habit_weight(year: int, *, old: bool) -> float:
    if old:
        return float(year <= 2017)
    return 1.0 if year >= 2022 else 0.15 if year >= 2018 else 0.0
