"""A night replayed: every look of every contest scored from what was public then.

`replay_night` is what the live desk does, with the clock of the archive. Cross-contest knowledge (the turnout factor of the night) is a step
function of time, read at the look, so that nothing from later leaks in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.calls.score import SETTINGS, Scores, ScoreSettings, score_path
from racecall.outstanding.experience import CountyWeights, Experience, expit
from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.volume import Volume, VolumeClues, curve_log_odds, estimate_volume
from racecall.projection.shift import Drift, expected_drift

TURNOUT_HOURS = np.arange(4.5, 14.01, 0.5)
"""Hours after the polls close at which the night's turnout factor is taken; the last one stays."""
LEAST_COMPARABLE = 5
"""Contests with a comparable election that are needed for a turnout factor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """One contest, replayed.

    Args:
        contest: The contest.
        volume: Votes still to come at each look.
        drift: Party drift expected at each look.
        scores: Scores at each look.
    """

    contest: ArchiveContest
    volume: Volume
    drift: Drift
    scores: Scores


def replay_night(contests: Sequence[ArchiveContest], experience: Experience, settings: ScoreSettings = SETTINGS) -> tuple[Replay, ...]:
    """Replay all contests of one night with the experience of other nights."""
    clues = [_first_clues(contest, experience) for contest in contests]
    expected = [_comparable_votes(contest, experience) for contest in contests]
    factor = turnout_factor([contest.path for contest in contests], clues, expected)
    return tuple(
        _replay(contest, experience, _with_turnout(contest.path, clue, votes, factor), settings)
        for contest, clue, votes in zip(contests, clues, expected, strict=True)
    )


def _replay(contest: ArchiveContest, experience: Experience, clues: VolumeClues, settings: ScoreSettings) -> Replay:
    volume = estimate_volume(contest.path, clues)
    drift = expected_drift(contest.path, experience.party_drift(contest.setting.state, county_weights(contest, experience)), settings.shift)
    return Replay(contest=contest, volume=volume, drift=drift, scores=score_path(contest.path, contest.setting, volume, drift, settings))


def county_weights(contest: ArchiveContest, experience: Experience) -> CountyWeights:
    """Return the county mix of a contest at each look: known beforehand, or from an earlier night, or from tonight's counts so far.

    Tonight's counts are divided by each county's habitual share of the night, and stay as they were at the end of the night.
    """
    looks = len(contest.path.hours)
    known = contest.setting.counties or experience.counties_of(contest.setting.district)
    if known:
        return CountyWeights(counties=tuple(known), weights=np.tile(np.array(list(known.values())), (looks, 1)))
    if not contest.counties:
        return CountyWeights(counties=(), weights=np.zeros((looks, 0)))
    expected = expit(np.array([experience.night_share.get(county, 0.0) for county in contest.counties]))
    frozen = np.minimum(np.arange(looks), contest.path.night_end)
    votes = contest.county_votes[frozen] / expected
    total = votes.sum(axis=1, keepdims=True)
    return CountyWeights(counties=contest.counties, weights=np.divide(votes, total, out=np.zeros_like(votes), where=total > 0))


def _first_clues(contest: ArchiveContest, experience: Experience) -> VolumeClues:
    return VolumeClues(
        curve=experience.curve(contest.setting.state, contest.feed),
        night_log_odds=experience.night_log_odds(county_weights(contest, experience)),
        comparable_total=np.full(len(contest.path.hours), np.nan),
        stated=contest.stated,
    )


def _comparable_votes(contest: ArchiveContest, experience: Experience) -> float:
    seen = [lesson.district_votes[contest.setting.district] for lesson in experience.lessons if contest.setting.district in lesson.district_votes]
    return float(np.exp(np.mean(np.log(seen)))) if seen and contest.setting.partisan else float("nan")


def turnout_factor(paths: Sequence[CountPath], clues: Sequence[VolumeClues], expected: Sequence[float]) -> Floats:
    """Return the night's votes against the comparable elections, at `TURNOUT_HOURS`; NaN while too few contests can say.

    Each contest's total is its count so far over the share its habit gives; the factor is the median over contests.
    """
    rows = [
        _turnout_ratio(path, clue, votes) for path, clue, votes in zip(paths, clues, expected, strict=True) if np.isfinite(votes)
    ]
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
