"""How many votes are still to come in a contest: a likely figure, its uncertainty, and an upper figure that leaders must survive.

Theory of operation. No single source is good alone, so three are joined on the log scale by their precision:

1. *Progress curve*: the share counted by this hour on other nights, moved to the county's own habit. Good on the night, poor later: the
   pace of a canvass differs between nights by a factor of e.
2. *Night anchor*: votes at the end of the night, divided by the county's habitual share of the night.
3. *Turnout anchor*: votes of the same ground in a comparable election, times one factor for the night (the median over all contests of
   the night so far). Half the error of anchor 2, and no heavy tail.
4. *Statements* of ballots on hand. They leave out mail that has not arrived (Los Angeles 2024: 43% too low, Thurston 2023: 59%), so
   they enter as a lower figure multiplied by what such statements left out, with that uncertainty.

The upper figure is never under what was added in the last 72 hours nor under 1% of the count: without this floor a canvass that drags on
looks finished. Precincts reporting is not used: California's 41st district showed 459 of 459 at 33% of the vote.

Source: research/late-shift-study.md section 2, measured on five California and Washington counts; docs/methods/volume.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.ballots import OnTheWay
from racecall.outstanding.experience import CURVE_HOURS, NIGHT_KNOT, expit, logit
from racecall.outstanding.path import CountPath, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeSettings:
    """Constants of the volume estimate.

    Args:
        curve_sd: Standard deviation of the log of what is left around the progress curve, at `curve_sd_hours`.
        curve_sd_hours: Hours after the polls close.
        night_anchor_sd: Of the log of the total, from the night share alone.
        turnout_anchor_sd: Of the log of the total, with a comparable election.
        turnout_weight: Weight of the comparable election against the night share in the total.
        least_anchor_sd: Nothing anchored is surer than this (log of what is left).
        upper_sds: Standard deviations from likely to upper.
        lower_sds: Standard deviations from likely to lower.
        floor_hours: Votes added in this time are taken to be able to come again [hours].
        floor_share: Upper figure is at least this share of the count.
        first_hour_sd: Log sd in the first 90 minutes.
        night_sd: Log sd on the rest of the night.
        units_out_sd: Log sd on top where counties have sent nothing, times their usual share.
        left_out_hours: Hours after the polls close at which `left_out` holds.
        left_out: Log of what came over what was stated, as long as mail may still arrive. Measured: Los Angeles 2024 +0.57 on day 1 and
            0.00 on day 6, Los Angeles 2020 +0.43, Thurston 2023 +0.88 on the night, CA-34 2017 0.00, Los Angeles 2022 about +0.1.
        left_out_sd: Its spread.
        allocation_sd: Spread of a contest's share of a county-wide figure.
    """

    curve_sd: tuple[float, ...] = (0.40, 0.45, 0.60, 0.75, 1.1, 1.5, 1.6)
    curve_sd_hours: tuple[float, ...] = (13.0, 24.0, 72.0, 120.0, 168.0, 240.0, 480.0)
    night_anchor_sd: float = 0.15
    turnout_anchor_sd: float = 0.10
    turnout_weight: float = 0.75
    least_anchor_sd: float = 0.20
    upper_sds: float = 0.5
    lower_sds: float = 1.0
    floor_hours: float = 72.0
    floor_share: float = 0.01
    first_hour_sd: float = 0.5
    night_sd: float = 0.27
    units_out_sd: float = 1.0
    left_out_hours: tuple[float, ...] = (24.0, 72.0, 144.0)
    left_out: tuple[float, ...] = (0.40, 0.25, 0.03)
    left_out_sd: tuple[float, ...] = (0.35, 0.30, 0.15)
    allocation_sd: float = 0.10


SETTINGS = VolumeSettings()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VolumeClues:
    """What is public about the size of a contest, beside its own count.

    Args:
        curve: Log odds of the share counted at `CURVE_HOURS` on other nights.
        night_log_odds: Habitual log odds of the share counted on election night, one a look.
        comparable_total: Votes expected in all from a comparable election, one a look [votes]; NaN where there is none yet.
        stated: The newest official statement at each look; None where nobody has said anything all along.
        on_the_way: Votes still to come as reckoned from ballots issued, returned or on hand; None where no such figures are public.
        units_in: Share of the contest's votes that units (counties) usually hold which have sent something, one a look (0 to 1); None where
            the source has no units.
    """

    curve: Floats
    night_log_odds: Floats
    comparable_total: Floats
    stated: Stated | None = None
    on_the_way: OnTheWay | None = None
    units_in: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stated:
    """What an office said was still out, as it was known at each look.

    Args:
        ratio: Ballots still out over ballots counted when it was said, shape (look,); NaN before the first statement. A county's statement
            is spread over its contests by this ratio.
        hours: When it was said [hours after the polls closed], shape (look,); NaN before the first statement.
        includes_arrivals: Whether the office says that mail still to arrive is in the figure.
    """

    ratio: Floats
    hours: Floats
    includes_arrivals: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Volume:
    """Votes still to come, one figure a look.

    Args:
        likely: Median [votes].
        log_sd: Standard deviation of the log.
        lower: What a trailing candidate may count on [votes].
        upper: What a leading candidate must survive [votes].
    """

    likely: Floats
    log_sd: Floats
    lower: Floats
    upper: Floats


def estimate_volume(path: CountPath, clues: VolumeClues, settings: VolumeSettings = SETTINGS) -> Volume:
    """Estimate the votes still to come at every look, from what was public at that look.

    Args:
        path: The count so far.
        clues: Habit, comparable election, statements.
        settings: Constants.

    Returns:
        Likely, lower and upper figures, each of shape (look,).
    """
    curve = curve_log_odds(path, clues)
    from_curve = np.log(np.maximum(path.total, 1.0)) - curve
    units_in = np.ones(len(curve)) if clues.units_in is None else np.maximum(clues.units_in, LEAST_UNITS_IN)
    likely_night = _night_likely(path, clues, np.log(np.maximum(path.total, 1.0)) - logit(expit(curve) * units_in))
    late_log, late_sd = _late_likely(path, clues, curve, from_curve, settings)
    night = path.during_night
    likely = np.where(night, likely_night, np.exp(late_log))
    night_sd = np.hypot(np.where(path.hours < 1.5, settings.first_hour_sd, settings.night_sd), settings.units_out_sd * (1 - units_in))
    log_sd = np.where(night, night_sd, late_sd)
    likely, log_sd = _with_statement(path, clues.stated, likely, log_sd, settings)
    likely, log_sd = _with_ballots(clues.on_the_way, likely, log_sd)
    return bounded(path, likely, log_sd, settings)


def _with_statement(
    path: CountPath, stated: Stated | None, likely: Floats, log_sd: Floats, settings: VolumeSettings
) -> tuple[Floats, Floats]:
    """Join the estimate with the newest official statement, by precision on the log scale."""
    if stated is None:
        return likely, log_sd
    said = np.isfinite(stated.ratio)
    hours = np.where(said, stated.hours, settings.left_out_hours[-1])
    left_out = np.zeros(len(hours)) if stated.includes_arrivals else np.interp(hours, settings.left_out_hours, settings.left_out)
    spread = np.hypot(np.interp(hours, settings.left_out_hours, settings.left_out_sd), settings.allocation_sd)
    then = path.total[np.maximum(np.searchsorted(path.hours, hours + 1e-6, side="right") - 1, 0)]
    out_then = then * np.where(said, stated.ratio, 0.0) * np.exp(left_out)
    out_now = np.maximum(out_then - (path.total - then), 0.003 * path.total)
    sd = np.where(said, np.maximum(spread * out_then / out_now, spread), np.inf)
    weight = log_sd**2 / (log_sd**2 + sd**2)
    joined = np.exp((1 - weight) * np.log(np.maximum(likely, 1.0)) + weight * np.log(np.maximum(out_now, 1.0)))
    return np.where(said, joined, likely), np.where(said, log_sd * np.sqrt(1 - weight), log_sd)


def _with_ballots(on_the_way: OnTheWay | None, likely: Floats, log_sd: Floats) -> tuple[Floats, Floats]:
    """Join the estimate with what ballots on the way say, by precision on the log scale."""
    if on_the_way is None:
        return likely, log_sd
    known = np.isfinite(on_the_way.likely) & (on_the_way.likely > 0)
    sd = np.where(known, np.maximum(on_the_way.log_sd, LEAST_BALLOT_SD), np.inf)
    weight = log_sd**2 / (log_sd**2 + sd**2)
    logs = (1 - weight) * np.log(np.maximum(likely, 1.0)) + weight * np.log(np.where(known, on_the_way.likely, 1.0))
    return np.where(known, np.exp(logs), likely), np.where(known, log_sd * np.sqrt(1 - weight), log_sd)


LEAST_UNITS_IN = 0.02
"""Units that have sent something are taken to hold at least this share of a contest."""
LEAST_BALLOT_SD = 0.05
"""Ballots on the way are never known better than this [log]."""


def bounded(path: CountPath, likely: Floats, log_sd: Floats, settings: VolumeSettings = SETTINGS) -> Volume:
    """Put the lower and the upper figure around a likely one."""
    recent = path.added_within(settings.floor_hours)
    upper = np.maximum.reduce(
        [likely * np.exp(settings.upper_sds * log_sd), recent, settings.floor_share * path.total, np.ones(len(likely))]
    )
    lower = np.maximum(likely * np.exp(-settings.lower_sds * log_sd), 0.002 * path.total)
    return Volume(likely=likely, log_sd=log_sd, lower=np.minimum(lower, upper), upper=upper)


def curve_log_odds(path: CountPath, clues: VolumeClues) -> Floats:
    """Return the log odds of the share counted at each look: the curve, on the night moved to the county's habit."""
    knots = np.log(np.array(CURVE_HOURS))
    at = np.log(np.clip(path.hours, CURVE_HOURS[0], CURVE_HOURS[-1]))
    curve = np.interp(at, knots, clues.curve)
    return np.where(path.during_night, curve - clues.curve[NIGHT_KNOT] + clues.night_log_odds, curve)


def _night_likely(path: CountPath, clues: VolumeClues, from_curve: Floats) -> Floats:
    """On the night the curve decides, until the last hours, when a comparable election may."""
    anchored = _comparable(path, clues, expit(curve_log_odds(path, clues)), 0.75) - path.total
    use = np.isfinite(clues.comparable_total) & (path.hours > 9.0)
    return np.where(use, np.maximum(np.where(use, anchored, 0.0), 0.05 * path.total), np.exp(from_curve))


def _late_likely(path: CountPath, clues: VolumeClues, curve: Floats, from_curve: Floats, settings: VolumeSettings) -> tuple[Floats, Floats]:
    end = path.night_end
    night_share = expit(np.where(path.hours[end] > 5.5, clues.night_log_odds, curve[end]))
    known = np.isfinite(clues.comparable_total)
    total = _comparable(path, clues, night_share, settings.turnout_weight, at=end)
    total_sd = np.where(known, settings.turnout_anchor_sd, settings.night_anchor_sd)
    anchored = np.maximum(total - path.total, 0.01 * total)
    anchored_sd = np.maximum(total_sd * total / anchored, settings.least_anchor_sd)
    curve_sd = np.interp(np.log(np.maximum(path.hours, 1.0)), np.log(settings.curve_sd_hours), settings.curve_sd)
    weight = curve_sd**2 / (anchored_sd**2 + curve_sd**2)
    return weight * np.log(anchored) + (1 - weight) * from_curve, 1.0 / np.sqrt(1.0 / anchored_sd**2 + 1.0 / curve_sd**2)


def _comparable(path: CountPath, clues: VolumeClues, share: Floats, weight: float, at: int | None = None) -> Floats:
    """Return the final total: the count at the end of the night over its share, joined with the comparable election where there is one."""
    counted = path.total if at is None else np.full(len(path.total), path.total[at])
    own = np.log(np.maximum(counted, 1.0)) - np.log(share)
    other = np.log(np.where(np.isfinite(clues.comparable_total), clues.comparable_total, 1.0))
    return np.exp(np.where(np.isfinite(clues.comparable_total), (1 - weight) * own + weight * other, own))
