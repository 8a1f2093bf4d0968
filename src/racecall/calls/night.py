"""A night judged: every look of every contest scored from what was public then.

The live desk and the back-test call the same `judge_night`. Knowledge across contests (the turnout factor of the night) is a step function
of time, read at the look, so that nothing from later leaks in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from racecall.calls.score import SETTINGS, Scores, ScoreSettings, score_path
from racecall.outstanding.cells import spread_over_cells
from racecall.outstanding.experience import CountyWeights, Experience, expit
from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.running import RunningCount
from racecall.outstanding.volume import Volume, VolumeClues, curve_log_odds, estimate_volume
from racecall.projection.base import Look
from racecall.projection.outlook import contest_look
from racecall.projection.shift import Drift, expected_drift
from racecall.projection.units import unit_look, with_row

TURNOUT_HOURS = np.arange(4.5, 14.01, 0.5)
"""Hours after the polls close at which the night's turnout factor is taken; the last one stays."""
LEAST_IN_UNITS = 0.90
"""Units that hold less than this share of the contest's total are not used."""
LEAST_COMPARABLE = 5
"""Contests with a comparable election that are needed for a turnout factor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class JudgedCount:
    """One count, judged at every look.

    Args:
        count: The contest and its count.
        volume: Votes still to come at each look.
        drift: Party drift expected at each look.
        scores: Scores at each look.
        pace: What each unit has left for a vote counted, by its habit, shape (unit,); None where there are no units.
        sizes: Votes that each unit usually has, in any measure, shape (unit,), NaN where unknown; None where there are no units.
    """

    count: RunningCount
    volume: Volume
    drift: Drift
    scores: Scores
    pace: Floats | None = None
    sizes: Floats | None = None


def judge_night(
    counts: Sequence[RunningCount], experience: Experience, settings: ScoreSettings = SETTINGS, *, asked: Collection[str] | None = None
) -> tuple[JudgedCount, ...]:
    """Judge contests of one night with the experience of other nights.

    Args:
        counts: All contests of the night: what they say of its turnout is shared.
        experience: What other nights taught.
        settings: Spreads and limits of the score.
        asked: Ids of the contests to judge; all if None.
    """
    clues = [_first_clues(count, experience) for count in counts]
    expected = [_comparable_votes(count, experience) for count in counts]
    factor = turnout_factor([count.path for count in counts], clues, expected)
    return tuple(
        _judge(count, experience, _with_turnout(count.path, clue, votes, factor), settings)
        for count, clue, votes in zip(counts, clues, expected, strict=True)
        if asked is None or count.setting.id in asked
    )


def _judge(count: RunningCount, experience: Experience, clues: VolumeClues, settings: ScoreSettings) -> JudgedCount:
    volume = estimate_volume(count.path, clues)
    drift = expected_drift(count.path, experience.party_drift(count.setting.state, county_weights(count, experience)), settings.shift)
    scores = score_path(count.path, count.setting, volume, drift, settings)
    pace, sizes = _pace(count, experience), unit_sizes(count, experience)
    return JudgedCount(count=count, volume=volume, drift=drift, scores=scores, pace=pace, sizes=sizes)


def _pace(count: RunningCount, experience: Experience) -> Floats | None:
    """Return the odds that a vote is still out at the end of the night, by unit, from habit; a unit nobody knows has the median habit."""
    if count.cells is None:
        return None
    usual = float(np.median(list(experience.night_share.values()))) if experience.night_share else 0.0
    return np.asarray(np.exp(-np.array([experience.night_share.get(unit, usual) for unit in count.cells.units])))


def unit_sizes(count: RunningCount, experience: Experience) -> Floats | None:
    """Return how large each unit is: as somebody said, else its part of the district in an earlier night, else its part of the state."""
    if count.cells is None:
        return None
    if count.cells.sizes is not None:
        return count.cells.sizes
    known = count.setting.counties or experience.counties_of(count.setting.district) or experience.county_votes(count.setting.state)
    return np.array([known.get(unit, np.nan) for unit in count.cells.units])


def _units_in(count: RunningCount, experience: Experience) -> Floats | None:
    """Return the share of a contest that its units usually hold which have sent something, one a look; None where nobody knows."""
    sizes = unit_sizes(count, experience)
    if count.cells is None or sizes is None or not np.isfinite(sizes).any():
        return None
    sizes = np.where(np.isfinite(sizes), sizes, np.nanmedian(sizes))
    return np.asarray((count.cells.unit_votes > 0) @ sizes / max(sizes.sum(), 1e-9))


def look_at(judged: JudgedCount, at: int) -> Look:
    """Return the look that is projected: by unit and count type where the source gives them, else the contest as one total.

    Votes that the units do not hold (the source's own total is newer than its units) are a row of their own. Where the units hold more
    than the total, or less than `LEAST_IN_UNITS` of it, they cannot be from the same moment, and the total stands alone.
    """
    count = judged.count
    whole = contest_look(count.path, at, count.setting, judged.volume, judged.drift)
    if count.cells is None or len(count.cells.units) < 2:
        return whole
    counted = count.cells.votes[at]
    beside = count.path.votes[at] - counted.sum(axis=(0, 1))
    if (beside < 0).any() or counted.sum() < LEAST_IN_UNITS * count.path.total[at]:
        return whole
    cells = count.cells
    volume = spread_over_cells(counted.sum(axis=2), float(whole.to_come.sum()), groups=cells.groups, sizes=judged.sizes, pace=judged.pace)
    return with_row(unit_look(whole, counted, volume, groups=cells.groups), beside)


def county_weights(count: RunningCount, experience: Experience) -> CountyWeights:
    """Return the county mix of a contest at each look: known beforehand, or from an earlier night, or from tonight's counts so far.

    Tonight's counts are divided by each county's habitual share of the night, and stay as they were at the end of the night.
    """
    looks = len(count.path.hours)
    known = count.setting.counties or experience.counties_of(count.setting.district)
    if known:
        return CountyWeights(counties=tuple(known), weights=np.tile(np.array(list(known.values())), (looks, 1)))
    if count.cells is None:
        return CountyWeights(counties=(), weights=np.zeros((looks, 0)))
    units = count.cells.units
    expected = expit(np.array([experience.night_share.get(county, 0.0) for county in units]))
    frozen = np.minimum(np.arange(looks), count.path.night_end)
    votes = count.cells.unit_votes[frozen] / expected
    total = votes.sum(axis=1, keepdims=True)
    return CountyWeights(counties=units, weights=np.divide(votes, total, out=np.zeros_like(votes), where=total > 0))


def _first_clues(count: RunningCount, experience: Experience) -> VolumeClues:
    return VolumeClues(
        curve=experience.curve(count.setting.state, count.feed),
        night_log_odds=experience.night_log_odds(county_weights(count, experience)),
        comparable_total=np.full(len(count.path.hours), np.nan),
        stated=count.stated,
        on_the_way=count.on_the_way,
        units_in=_units_in(count, experience),
    )


def _comparable_votes(count: RunningCount, experience: Experience) -> float:
    seen = [
        lesson.district_votes[count.setting.district] for lesson in experience.lessons if count.setting.district in lesson.district_votes
    ]
    return float(np.exp(np.mean(np.log(seen)))) if seen and count.setting.partisan else float("nan")


def turnout_factor(paths: Sequence[CountPath], clues: Sequence[VolumeClues], expected: Sequence[float]) -> Floats:
    """Return the night's votes against the comparable elections, at `TURNOUT_HOURS`; NaN while too few contests can say.

    Each contest's total is its count so far over the share its habit gives; the factor is the median over contests.
    """
    rows = [_turnout_ratio(path, clue, votes) for path, clue, votes in zip(paths, clues, expected, strict=True) if np.isfinite(votes)]
    table = np.array(rows).reshape(len(rows), len(TURNOUT_HOURS))
    enough = np.isfinite(table).sum(axis=0) >= LEAST_COMPARABLE
    return np.array([float(np.nanmedian(column)) if ok else np.nan for column, ok in zip(table.T, enough, strict=True)])


def _turnout_ratio(path: CountPath, clue: VolumeClues, votes: float) -> Floats:
    at = np.searchsorted(path.hours, np.minimum(TURNOUT_HOURS, path.night_hours), side="right") - 1
    seen = np.maximum(at, 0)
    share = expit(np.where(path.hours > 5.5, clue.night_log_odds, curve_log_odds(path, clue)))[seen]
    ratio = np.log(np.maximum(path.total[seen], 1.0)) - np.log(share) - np.log(votes)
    return np.where(at >= 0, ratio, np.nan)


def _with_turnout(path: CountPath, clue: VolumeClues, votes: float, factor: Floats) -> VolumeClues:
    at = np.searchsorted(TURNOUT_HOURS, path.hours, side="right") - 1
    known = np.where(at >= 0, factor[np.maximum(at, 0)], np.nan)
    return replace(clue, comparable_total=votes * np.exp(known))
