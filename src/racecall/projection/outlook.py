"""From the path of a count to a look that can be drawn: where late votes are expected, option by option."""

from __future__ import annotations

import numpy as np

from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.outstanding.volume import Volume
from racecall.projection.base import Look
from racecall.projection.shift import Drift, ShiftSettings, class_sd

DRAWN = ShiftSettings(rest=0.08, known_drift=0.11, known_drift_first=0.18)
"""Spreads used for intervals.

What stays after momentum is .08, fitted to the coverage at three days (.13 to .17 were measured for late batches, much of it counting noise
and volume, which the draws have apart), and pairs of known party drift have the spread that was measured. The score keeps larger ones: its
threshold is calibrated, its tail matters.
"""
FIRST_HOURS = 1.5
"""While only the first releases are in, whole classes of ballots (the polls, most counties) are not [hours after the polls close]."""
FIRST_SPREAD = 1.2
"""Factor on the spread of the shift in those hours."""
NIGHT_SPREAD = 0.90
"""Factor afterwards: the class spreads are rounded up. Both fitted to the coverage of the archive's two Californian nights."""
CROWDED_TAIL = 4.0
"""Degrees of freedom of the shift in a crowded first round, where one candidate's late voters may differ from all others'. Fitted to 114
options of March 2024: 4.4, against 6 elsewhere."""
SPECIAL_SPREAD = 2.0
"""Factor on the spread in a crowded first round with an election day to itself: few vote, and one campaign's late mail is much of it.

An assumption, not a measurement: the archive has one such election. In the 34th district of California in 2017 the log ratio of the
second to the first moved by .81, and 2.0 is the round number at which the 90% intervals hold both final shares. It moves intervals only.
"""


def contest_look(
    path: CountPath, at: int, setting: ContestSetting, volume: Volume, drift: Drift, *, settings: ShiftSettings = DRAWN
) -> Look:
    """Return the contest as one table row at a look, with the late shift expected of every option.

    Args:
        path: The count.
        at: Index of the look.
        setting: The contest.
        volume: Votes still to come.
        drift: Party drift expected.
        settings: Spreads of the shift.
    """
    votes = path.votes[at]
    mean, sd, party_sd = option_shift(path, at, setting, float(volume.likely[at]), drift, settings=settings)
    return Look(
        setting=setting,
        counted=votes[None, None, :],
        to_come=np.array([[float(volume.likely[at])]]),
        to_come_log_sd=float(volume.log_sd[at]),
        late_mean=mean,
        late_sd=sd,
        late_tail=CROWDED_TAIL if crowded_first_round(setting, settings) else None,
        drift_sd=party_sd,
    )


def crowded_first_round(setting: ContestSetting, settings: ShiftSettings = DRAWN) -> bool:
    """Whether so many stand in a first round that each candidate's late voters are a matter of their own."""
    return setting.first_round and setting.field_size > settings.crowd


def _spread_factor(setting: ContestSetting, hours: float, settings: ShiftSettings) -> float:
    special = SPECIAL_SPREAD if crowded_first_round(setting, settings) and not setting.primary_night else 1.0
    return special * (FIRST_SPREAD if hours < FIRST_HOURS else NIGHT_SPREAD)


def option_shift(
    path: CountPath, at: int, setting: ContestSetting, to_come: float, drift: Drift, *, settings: ShiftSettings = DRAWN
) -> tuple[Floats, Floats, float]:
    """Return mean and spread of every option's late shift against the count so far, and the spread of the party drift.

    The pair's spread is that of two independent options, so each has it over the square root of two. Momentum works as in
    `racecall.projection.shift.late_momentum`, option by option.
    """
    sides = np.array(setting.sides, dtype=np.float64)
    pairs = class_sd(setting, drift, settings)[at]
    rivals = path.votes[at] / max(path.total[at], 1.0)
    sd = np.sqrt((pairs**2) @ (rivals / rivals.sum())) / np.sqrt(2)
    sd = sd * _spread_factor(setting, float(path.hours[at]), settings)
    mean = drift.mean[at] * sides / 2
    late = path.late_votes[at]
    if late.sum() < 1:
        return mean, sd, float(np.sqrt(drift.variance[at]))
    return _moved(path, at, mean=mean, sd=sd, late=late, to_come=to_come, drift=drift, settings=settings)


def _moved(
    path: CountPath, at: int, *, mean: Floats, sd: Floats, late: Floats, to_come: float, drift: Drift, settings: ShiftSettings
) -> tuple[Floats, Floats, float]:
    night = path.votes[path.night_end]
    share_in = float(np.clip(late.sum() / (late.sum() + to_come), 1e-6, 1 - 1e-6))
    noise = 1 / (late + 1) + settings.batch_noise / 2 * (1 - share_in) / share_in
    variance = sd**2 + drift.variance[at] / 4
    weight = variance / (variance + noise)
    seen = _log_share(late, 1.0) - _log_share(night, 0.5)
    expected = _log_share(night, 0.5) + mean + weight * (seen - mean)
    spread = np.sqrt(sd**2 * (1 - weight) + settings.rest**2 / 2 * (1 + 2 * share_in**4))
    return expected - _log_share(path.votes[at], 0.5), spread, float(np.sqrt(drift.variance[at] * (1 - weight.mean())))


def _log_share(votes: Floats, prior: float) -> Floats:
    return np.asarray(np.log(votes + prior) - np.log(votes.sum() + prior * len(votes)))
