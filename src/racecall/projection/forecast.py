"""What joint draws say: chances of places, ranks, a majority, a tie; final shares and votes with intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from racecall.outstanding.path import Floats
from racecall.outstanding.setting import ContestSetting
from racecall.projection.base import FinalDraws

INTERVALS = (0.5, 0.9)
"""Probabilities of the published intervals."""
RECOUNT_SHARE = 0.005
"""A margin at the cut of half a percent of the pair's votes or less is a recount zone, where a rule gives no trigger of its own."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Forecast:
    """Chances and intervals of one contest at one look; arrays follow the order of options.

    Args:
        options: Names.
        p_place: Chance to fill one of the contest's places by votes (by advancing, where a majority ends the contest), shape (option,).
        p_rank: Chance of each rank, shape (option, rank); rank 1 first. Options that cannot fill a place have none.
        p_majority: Chance of more than half of all votes, shape (option,); zeros where the rule knows no majority.
        p_no_second_place: Chance that a majority ends the contest.
        p_tie_or_recount: Chance that the margin at the cut is inside the recount zone.
        share: Median final share, shape (option,).
        share_interval: Bounds by probability, each of shape (option, 2).
        votes: Median final votes, shape (option,) [votes].
        votes_interval: Bounds by probability, each of shape (option, 2) [votes].
        to_come: Median votes still to come by count type, shape (count_type,) [votes].
        to_come_interval: Bounds by probability, each of shape (count_type, 2) [votes].
    """

    options: tuple[str, ...]
    p_place: Floats
    p_rank: Floats
    p_majority: Floats
    p_no_second_place: float
    p_tie_or_recount: float
    share: Floats
    share_interval: dict[float, Floats]
    votes: Floats
    votes_interval: dict[float, Floats]
    to_come: Floats
    to_come_interval: dict[float, Floats]


def forecast(final: FinalDraws, setting: ContestSetting, recount_share: float = RECOUNT_SHARE) -> Forecast:
    """Sum up joint draws.

    Args:
        final: The draws.
        setting: The contest.
        recount_share: Margin at the cut, as a share of the pair's votes, that counts as a recount zone.
    """
    able = np.array(setting.eligible)
    rank = _ranks(final.votes, able)
    total = np.maximum(final.votes.sum(axis=1), 1.0)
    majority = (final.votes > total[:, None] / 2) & able & setting.majority
    ended = majority.any(axis=1)
    share, share_interval = _summed_up(final.votes / total[:, None])
    votes, votes_interval = _summed_up(final.votes)
    to_come, to_come_interval = _summed_up(final.to_come)
    return Forecast(
        options=setting.options,
        p_place=((rank < setting.slots) & ~ended[:, None]).mean(axis=0),
        p_rank=(rank[:, :, None] == np.arange(int(able.sum()))).mean(axis=0),
        p_majority=majority.mean(axis=0),
        p_no_second_place=float(ended.mean()),
        p_tie_or_recount=_near_cut(final.votes, able, setting.slots, recount_share),
        share=share,
        share_interval=share_interval,
        votes=votes,
        votes_interval=votes_interval,
        to_come=to_come,
        to_come_interval=to_come_interval,
    )


def _ranks(votes: Floats, able: Floats) -> Floats:
    """Return ranks from 0; options that cannot fill a place come last. Ties share a draw in ballot order, and count as ties elsewhere."""
    order = np.argsort(np.where(able, -votes, 1.0), axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.broadcast_to(np.arange(votes.shape[1]), order.shape), axis=1)
    return np.where(able, rank, votes.shape[1])


def _near_cut(votes: Floats, able: Floats, slots: int, recount_share: float) -> float:
    best = -np.sort(-np.where(able, votes, -1.0), axis=1)
    last, next_one = best[:, slots - 1], best[:, min(slots, best.shape[1] - 1)]
    return float((last - next_one <= recount_share * (last + next_one)).mean()) if able.sum() > slots else 0.0


QUANTILES = (0.5, *(tail for level in INTERVALS for tail in ((1 - level) / 2, (1 + level) / 2)))
"""The median, then the two ends of each interval."""


def _summed_up(draws: Floats) -> tuple[Floats, dict[float, Floats]]:
    """Return the median and the intervals of draws, shape (draw, figure): `numpy.quantile`'s own rule, with one sort for all of them."""
    ordered = np.sort(draws, axis=0)
    place = np.array(QUANTILES) * (len(ordered) - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, len(ordered) - 1)
    found = ordered[below] + (place - below)[:, None] * (ordered[above] - ordered[below])
    return found[0], {level: np.stack([found[1 + 2 * at], found[2 + 2 * at]], axis=1) for at, level in enumerate(INTERVALS)}
