"""The number that decides: how many model standard deviations a candidate is from losing its place.

For an option i and a rival j, `z` is the distance from the expected late log ratio to the one at which j would draw level with i, the
*break-even*, in standard deviations. For k places the score of i is the k-th smallest z over its rivals: i loses its place only if k
rivals pass it. The break-even is the required break, so the number that decides also explains.

A leader must survive the upper figure of what is left; a trailing option may count on the lower one only.

Majority-or-runoff is two questions. `elected` is z of i against everybody else at one half; `advances` is the lower of the place score and
minus the best majority score: a place that vanishes if somebody passes one half is no place.

Source: research/live-models.md section 4; research/late-shift-study.md section 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume
from racecall.projection.shift import SETTINGS as SHIFT
from racecall.projection.shift import Drift, ShiftSettings, class_sd, late_momentum, log_ratio, pair_shift


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSettings:
    """Constants of the score.

    Args:
        shift: Spreads of the late shift.
    """

    shift: ShiftSettings = SHIFT


SETTINGS = ScoreSettings()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Scores of every option at every look; -inf for options that cannot fill a place.

    Args:
        place: Score for one of the contest's places, shape (look, option).
        elected: Score for a majority outright, same shape; None where the rule knows no majority.
        pair: Score of every pair, shape (look, option, rival).
    """

    place: Floats
    elected: Floats | None
    pair: Floats


def score_path(path: CountPath, setting: ContestSetting, volume: Volume, drift: Drift, settings: ScoreSettings = SETTINGS) -> Scores:
    """Score every option at every look, from what was public at that look."""
    pair = pair_scores(path, setting, volume, drift, settings)
    place = kth_smallest(pair, setting)
    if not setting.majority:
        return Scores(place=place, elected=None, pair=pair)
    elected = majority_scores(path, setting, volume, settings)
    advances = np.minimum(place, -elected.max(axis=1, keepdims=True))
    return Scores(place=advances, elected=elected, pair=pair)


def pair_scores(path: CountPath, setting: ContestSetting, volume: Volume, drift: Drift, settings: ScoreSettings = SETTINGS) -> Floats:
    """Return z for every pair, shape (look, option, rival)."""
    votes = path.votes
    lead = votes[:, :, None] - votes[:, None, :]
    to_come = np.where(lead >= 0, volume.upper[:, None, None], volume.lower[:, None, None])
    late = pair_shift(path, setting, drift, to_come, class_sd(setting, drift, settings.shift), settings=settings.shift)
    share = votes / np.maximum(path.total, 1.0)[:, None]
    even = break_even(lead, to_come * (share[:, :, None] + share[:, None, :]))
    return (late.mean - even) / np.sqrt(late.variance + _counting_noise(to_come, share))


def majority_scores(path: CountPath, setting: ContestSetting, volume: Volume, settings: ScoreSettings = SETTINGS) -> Floats:
    """Return z of every option against all others together, shape (look, option)."""
    total = path.total[:, None]
    both = np.stack([path.votes, total - path.votes], axis=2).reshape(-1, 2)
    looks, options = path.votes.shape
    scores = np.full((looks, options), -np.inf)
    spread = settings.shift.same_party if setting.partisan else settings.shift.first_round
    spread = spread * (settings.shift.crowded if setting.field_size > settings.shift.crowd else 1.0)
    pairs = both.reshape(looks, options, 2)
    for option in np.flatnonzero(setting.eligible):
        scores[:, option] = _against_the_rest(path, pairs[:, option], volume, spread, settings.shift)
    return scores


def kth_smallest(pair: Floats, setting: ContestSetting) -> Floats:
    """Return the k-th smallest z over the rivals of each option, shape (look, option)."""
    able = np.array(setting.eligible)
    against = np.where(able[None, None, :] & ~np.eye(len(able), dtype=bool), pair, np.inf)
    place = min(setting.slots, int(able.sum()) - 1) - 1
    score = np.partition(against, place, axis=2)[:, :, place]
    return np.where(able, score, -np.inf)


def break_even(lead: Floats, pair_to_come: Floats) -> Floats:
    """Return the late log ratio at which a lead is used up.

    A lead of D votes with n votes of the pair to come is used up when the late margin is -D/n, so at log ratio -2 artanh(D/n).
    """
    return np.asarray(-2 * np.arctanh(np.clip(lead / np.maximum(pair_to_come, 1e-9), -0.9995, 0.9995)))


def _counting_noise(to_come: Floats, share: Floats) -> Floats:
    own, rival = to_come * share[:, :, None], to_come * share[:, None, :]
    return 1 / np.maximum(own, 1.0) + 1 / np.maximum(rival, 1.0)


def _against_the_rest(path: CountPath, two: Floats, volume: Volume, sd: float, shift: ShiftSettings) -> Floats:
    lead = two[:, 0] - two[:, 1]
    to_come = np.where(lead >= 0, volume.upper, volume.lower)
    pooled = CountPath(hours=path.hours, votes=two, night_hours=path.night_hours)
    still = np.zeros((len(two), 2, 2))
    late = late_momentum(pooled, mean_shift=still, variance=still + sd**2, pair_to_come=to_come[:, None, None] + still, settings=shift)
    has_late = pooled.late_votes.sum(axis=1) >= 1
    mean = np.where(has_late, late.mean[:, 0, 1], log_ratio(two)[:, 0, 1])
    variance = np.where(has_late, late.variance[:, 0, 1], sd**2)
    share = two / np.maximum(path.total, 1.0)[:, None]
    noise = 1 / np.maximum(to_come * share[:, 0], 1.0) + 1 / np.maximum(to_come * share[:, 1], 1.0)
    return np.asarray((mean - break_even(lead, to_come)) / np.sqrt(variance + noise))
