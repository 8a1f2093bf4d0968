"""A night judged: every look of every contest scored from what was public then.

The live desk and the back-test call the same `judge_night`. Knowledge across contests (the turnout factor of the night) is a step function
of time, read at the look, so that nothing from later leaks in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from racecall.calls.score import SETTINGS, Scores, ScoreSettings, score_path
from racecall.outstanding.experience import CountyWeights, Experience, expit
from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.running import RunningCount
from racecall.outstanding.volume import Volume, VolumeClues, curve_log_odds, estimate_volume
from racecall.projection.shift import Drift, expected_drift

TURNOUT_HOURS = np.arange(4.5, 14.01, 0.5)
"""Hours after the polls close at which the night's turnout factor is taken; the last one stays."""
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
    """

    count: RunningCount
    volume: Volume
    drift: Drift
    scores: Scores


def judge_night(counts: Sequence[RunningCount], experience: Experience, settings: ScoreSettings = SETTINGS) -> tuple[JudgedCount, ...]:
    """Judge all contests of one night with the experience of other nights."""
    clues = [_first_clues(count, experience) for count in counts]
    expected = [_comparable_votes(count, experience) for count in counts]
    factor = turnout_factor([count.path for count in counts], clues, expected)
    return tuple(
        _judge(count, experience, _with_turnout(count.path, clue, votes, factor), settings)
        for count, clue, votes in zip(counts, clues, expected, strict=True)
    )


def _judge(count: RunningCount, experience: Experience, clues: VolumeClues, settings: ScoreSettings) -> JudgedCount:
    volume = estimate_volume(count.path, clues)
    drift = expected_drift(count.path, experience.party_drift(count.setting.state, county_weights(count, experience)), settings.shift)
    return JudgedCount(count=count, volume=volume, drift=drift, scores=score_path(count.path, count.setting, volume, drift, settings))


def county_weights(count: RunningCount, experience: Experience) -> CountyWeights:
    """Return the county mix of a contest at each look: known beforehand, or from an earlier night, or from tonight's counts so far.

    Tonight's counts are divided by each county's habitual share of the night, and stay as they were at the end of the night.
    """
    looks = len(count.path.hours)
    known = count.setting.counties or experience.counties_of(count.setting.district)
    if known:
        return CountyWeights(counties=tuple(known), weights=np.tile(np.array(list(known.values())), (looks, 1)))
    if not count.counties:
        return CountyWeights(counties=(), weights=np.zeros((looks, 0)))
    expected = expit(np.array([experience.night_share.get(county, 0.0) for county in count.counties]))
    frozen = np.minimum(np.arange(looks), count.path.night_end)
    votes = count.county_votes[frozen] / expected
    total = votes.sum(axis=1, keepdims=True)
    return CountyWeights(counties=count.counties, weights=np.divide(votes, total, out=np.zeros_like(votes), where=total > 0))


def _first_clues(count: RunningCount, experience: Experience) -> VolumeClues:
    return VolumeClues(
        curve=experience.curve(count.setting.state, count.feed),
        night_log_odds=experience.night_log_odds(county_weights(count, experience)),
        comparable_total=np.full(len(count.path.hours), np.nan),
        stated=count.stated,
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
    return VolumeClues(curve=clue.curve, night_log_odds=clue.night_log_odds, comparable_total=votes * np.exp(known), stated=clue.stated)
