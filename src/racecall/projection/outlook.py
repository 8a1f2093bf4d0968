"""From the path of a count to a look that can be drawn: where late votes are expected, option by option."""

from __future__ import annotations

from dataclasses import replace

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
NEW_TYPE_SPREAD = 0.9
"""Factor on the class spread, in a count by unit and count type, for votes of count types of which nothing is counted."""
NEW_UNIT_SPREAD = 0.35
"""The same for units that are out while most of their count type is in. Both fitted to seeded partial counts of 60 Georgia contests and 80
Louisiana first rounds, and checked on others (docs/methods/projection.md)."""
NEW_TYPE_PARTY_SD = 0.6
"""Spread of the party drift of votes of which nothing alike is counted. Georgia in 2021: mail and election day were 1.3 apart in the log
ratio of the parties; in 2014 to 2018, about .3. One state, so rounded, and an assumption elsewhere."""
COUNTY_SCATTER = 0.10
"""Scatter of the late shift between counties, beside what they share [log ratio]. Source: late-shift study section 4a (.07 to .09)."""


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


def unit_look(
    setting: ContestSetting,
    counted: Floats,
    to_come: Floats,
    to_come_log_sd: float,
    *,
    groups: Floats | None = None,
    settings: ShiftSettings = DRAWN,
) -> Look:
    """Return a look at a contest known by unit and count type.

    Args:
        setting: The contest.
        counted: Votes so far, shape (unit, count_type, option) [votes].
        to_come: Votes still to come, shape (unit, count_type) [votes].
        to_come_log_sd: Uncertainty of their sum, standard deviation of the log.
        groups: Group of each unit; None if there are none.
        settings: Spreads of the shift.
    """
    pair = settings.first_round if setting.first_round else settings.general
    pair = pair * (settings.crowded if crowded_first_round(setting, settings) else 1.0)
    seen = types_seen(counted, to_come)
    options = len(setting.options)
    return Look(
        setting=setting,
        counted=counted,
        to_come=to_come,
        to_come_log_sd=to_come_log_sd,
        late_mean=np.zeros(options),
        late_sd=np.full(options, (NEW_TYPE_SPREAD * (1 - seen) + NEW_UNIT_SPREAD * seen) * NIGHT_SPREAD * pair / np.sqrt(2)),
        late_tail=CROWDED_TAIL if crowded_first_round(setting, settings) else None,
        groups=groups,
        drift_sd=NEW_TYPE_PARTY_SD * (1 - seen) if len(set(setting.sides) - {0}) > 1 else 0.0,
    )


def types_seen(counted: Floats, to_come: Floats) -> float:
    """Return how far the votes still to come are like counted ones, on average; 0 to 1.

    Votes of units that are wholly out are, as far as their count type is counted elsewhere. Votes still out in a unit that is partly
    counted are not: what a county has left is its late mail, or its city precincts, and no sample of what it has counted.
    """
    by_type = counted.sum(axis=(0, 2))
    share = by_type / np.maximum(by_type + to_come.sum(axis=0), 1.0)
    wholly_out = np.where(counted.sum(axis=2) > 0, 0.0, to_come).sum(axis=0)
    return float((share * wholly_out).sum() / max(to_come.sum(), 1.0))


def over_units(look: Look, counted: Floats, weights: Floats) -> Look:
    """Return a contest-level look with its one row replaced by units.

    Args:
        look: The contest as one row.
        counted: Votes so far by unit, shape (unit, option) [votes].
        weights: What each unit is expected to have left, in any measure, shape (unit,).
    """
    share = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights))
    return replace(look, counted=counted[:, None, :], to_come=(look.to_come.sum() * share)[:, None], unit_sd=COUNTY_SCATTER)


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
