"""Calls that need no model: a place nobody can take away even if every vote still to come went to rivals.

Used where there is no calibration: another state's mail rules, too few archived nights. Slow on purpose.
"""

from __future__ import annotations

import numpy as np

from racecall.calls.score import kth_smallest
from racecall.outstanding.path import CountPath, Flags, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume

SAFE_SDS = 3.0
"""Standard deviations of the log volume added to the likely figure: arithmetic is only as safe as the number left."""
SAFE_FACTOR = 1.5
"""And never less than this times the likely figure: first statements in Los Angeles were too low by 1.76 (2024) and 1.53 (2020)."""


def safe_volume(volume: Volume) -> Floats:
    """Return more votes than can reasonably come, shape (look,) [votes]."""
    return np.maximum(volume.upper, volume.likely * np.maximum(np.exp(SAFE_SDS * volume.log_sd), SAFE_FACTOR))


def lead_over_volume(path: CountPath, setting: ContestSetting, to_come: Floats) -> Floats:
    """Return, for every option, its lead over the k-th rival as a share of the votes to come, shape (look, option).

    This is the required break: a rival must win the votes still to come by this many points (over 100) to draw level. Above 1 it cannot.
    """
    votes = path.votes
    lead = votes[:, :, None] - votes[:, None, :]
    return kth_smallest(lead / np.maximum(to_come, 1.0)[:, None, None], setting)


def majority_over_volume(path: CountPath, setting: ContestSetting, to_come: Floats) -> Floats:
    """Return, for every option, its lead over all others together as a share of the votes to come, shape (look, option)."""
    able = np.array(setting.eligible)
    lead = (2 * path.votes - path.total[:, None]) / np.maximum(to_come, 1.0)[:, None]
    return np.where(able, lead, -np.inf)


def clinched(path: CountPath, setting: ContestSetting, volume: Volume) -> tuple[Flags, Flags | None]:
    """Return which options have a place, and which a majority, whatever comes; shape (look, option) each, None without a majority rule."""
    to_come = safe_volume(volume)
    place = lead_over_volume(path, setting, to_come) > 1
    if not setting.majority:
        return place, None
    majority = majority_over_volume(path, setting, to_come)
    return place & (majority.max(axis=1, keepdims=True) < -1), majority > 1
