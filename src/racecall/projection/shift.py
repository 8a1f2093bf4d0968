"""How late votes may differ from the counted ones: the mean and the spread of the log ratio of every pair of options.

Theory of operation. Late ballots are not a sample of the counted ones. For a pair of options the log ratio of the votes still to come is

    counted log ratio + party drift of the place + momentum of the late votes so far + a shift nobody can foresee,

and the spread of the last term depends on the class of contest, not on the size of the pair: it is flat in the log ratio where a shift in
points would grow with the pair's share. First rounds shift half as much again as generals, party committees less.

*Momentum*: once votes have come after the end of the night, those that follow resemble them. With `w` the share of the late votes that is
in, the shift seen so far counts with weight g = s²/(s² + counting noise + 0.008 (1 - w)/w).

Source: research/late-shift-study.md sections 3 and 4 (log-ratio spread .17-.25 in 2022, .19-.34 in 2024 at every share);
docs/methods/shift.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.path import CountPath, Flags, Floats
from racecall.outstanding.setting import ContestSetting


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSettings:
    """Spread of the late shift of a pair, in standard deviations of the log ratio.

    Each is the root mean square of the late log ratio around its expected value at the end of the night, over the pairs above 5% of the two
    archived Californian nights (docs/methods/shift.md has the table). Both nights were seen when these were set. `known_drift` and
    `known_drift_first` are wider than measured (.14 and .19): their tails are heavy (Assembly district 75 in 2024 moved by .66).

    Args:
        general: Contests that end the election.
        primary_night: Contests that end the election on the day of a primary.
        first_round: Contests that send options to another round.
        same_party: Two options of one party in a partisan first round.
        crowded: Factor where more than `crowd` options stand in a first round.
        crowd: See `crowded`.
        committee: Party committees.
        known_drift: Democrat against Republican in a general where the county's drift is known.
        known_drift_first: The same in a first round.
        unknown_drift: Of the party drift where no night taught it, and in the first hours.
        early_hours: Before this the first mail and the polls still cancel, and no drift is applied [hours].
        clustering: Design effect of a late batch: ballots come in clusters (precincts, drives), so a small batch says less than its size.
        batch_noise: Scatter between late batches, the 0.008 of the momentum weight.
        rest: Spread that stays after momentum.
    """

    general: float = 0.20
    primary_night: float = 0.28
    first_round: float = 0.31
    same_party: float = 0.20
    crowded: float = 1.4
    crowd: int = 6
    committee: float = 0.125
    known_drift: float = 0.15
    known_drift_first: float = 0.25
    unknown_drift: float = 0.20
    early_hours: float = 4.5
    clustering: float = 2.0
    batch_noise: float = 0.008
    rest: float = 0.15


SETTINGS = ShiftSettings()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drift:
    """Party drift expected of the votes still to come, one a look.

    Args:
        mean: Log ratio Democratic to Republican.
        variance: Its uncertainty.
        known: Whether an earlier night taught it.
    """

    mean: Floats
    variance: Floats
    known: Flags


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairShift:
    """The log ratio of the votes still to come, for every pair at every look.

    Args:
        mean: Shape (look, option, rival).
        variance: Same shape, without counting noise.
    """

    mean: Floats
    variance: Floats


def expected_drift(path: CountPath, learned: tuple[Floats, Floats, Flags], settings: ShiftSettings = SETTINGS) -> Drift:
    """Return the party drift expected at each look: nothing but doubt in the first hours, then what earlier nights taught."""
    mean, variance, known = learned
    early = path.hours < settings.early_hours
    return Drift(
        mean=np.where(early, 0.0, mean), variance=np.where(early, settings.unknown_drift**2, variance), known=np.asarray(known & ~early)
    )


def pair_shift(
    path: CountPath, setting: ContestSetting, drift: Drift, to_come: Floats, sd: Floats, *, settings: ShiftSettings = SETTINGS
) -> PairShift:
    """Return the late log ratio of every pair of options.

    Args:
        path: The count so far.
        setting: The contest.
        drift: Party drift expected.
        to_come: Votes still to come for a pair's momentum, shape (look, option, rival) or (look, 1, 1) [votes].
        sd: Spread of the shift before momentum, shape (look, option, rival).
        settings: Constants.
    """
    contrast = party_contrast(setting)
    votes, late = path.votes, path.late_votes
    share = pair_share(votes, path.total)
    mean = log_ratio(votes) + drift.mean[:, None, None] * contrast
    variance = sd**2 + drift.variance[:, None, None] * contrast**2
    shift = drift.mean[:, None, None] * contrast
    moved = late_momentum(path, mean_shift=shift, variance=variance, pair_to_come=to_come * share, settings=settings)
    has_late = (late[:, :, None] + late[:, None, :]) >= 1
    return PairShift(mean=np.where(has_late, moved.mean, mean), variance=np.where(has_late, moved.variance, variance))


def late_momentum(
    path: CountPath, *, mean_shift: Floats, variance: Floats, pair_to_come: Floats, settings: ShiftSettings = SETTINGS
) -> PairShift:
    """Return the late log ratio, learned from the late votes so far (see the head of the module)."""
    late = path.late_votes
    night = log_ratio(path.votes[path.night_end][None, :])
    own, rival = late[:, :, None], late[:, None, :]
    share_in = np.clip((own + rival) / np.maximum(own + rival + pair_to_come, 1e-9), 1e-6, 1 - 1e-6)
    noise = settings.clustering * (1 / (own + 1) + 1 / (rival + 1)) + settings.batch_noise * (1 - share_in) / share_in
    weight = variance / (variance + noise)
    seen = log_ratio(late, prior=1.0) - night - mean_shift
    return PairShift(
        mean=night + mean_shift + weight * seen,
        variance=variance * (1 - weight) + settings.rest**2 * (1 + 2 * share_in**4),
    )


def class_sd(setting: ContestSetting, drift: Drift, settings: ShiftSettings = SETTINGS) -> Floats:
    """Return the spread of the late shift by class of contest and pair, shape (look, option, rival)."""
    contrast = np.abs(party_contrast(setting))
    if setting.party_committee:
        table = np.full_like(contrast, settings.committee)
        return np.broadcast_to(table, (len(drift.mean), *contrast.shape))
    if not setting.first_round:
        general = settings.primary_night if setting.primary_night else settings.general
        return np.where(drift.known[:, None, None] & (contrast == 1), settings.known_drift, general)
    crowded = settings.crowded if setting.field_size > settings.crowd else 1.0
    same = settings.same_party if setting.partisan else settings.first_round
    across = np.where(drift.known[:, None, None] & (contrast == 1), settings.known_drift_first, settings.first_round)
    return np.where(contrast == 0, same, across) * crowded


def party_contrast(setting: ContestSetting) -> Floats:
    """Return half the difference of sides: 1 for Democrat over Republican, 0 for two of one side, shape (option, rival)."""
    side = np.array(setting.sides, dtype=np.float64)
    return (side[:, None] - side[None, :]) / 2


def log_ratio(votes: Floats, prior: float = 0.5) -> Floats:
    """Log ratio of every pair, with a little added so that zero votes stay finite; shape (look, option, rival)."""
    logs = np.log(votes + prior)
    return np.asarray(logs[:, :, None] - logs[:, None, :])


def pair_share(votes: Floats, total: Floats) -> Floats:
    """Share of all votes that a pair holds together, shape (look, option, rival)."""
    share = votes / np.maximum(total, 1.0)[:, None]
    return np.asarray(share[:, :, None] + share[:, None, :])
