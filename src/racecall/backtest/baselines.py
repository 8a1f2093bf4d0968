"""Rules that others use, run on the same looks with the same votes to come: what the product must beat.

- *Leader persistence*: the votes still to come are a sample of the counted ones; call at 99.5%.
- *Required break* above 20 or 30 points: call when the rival would have to win what is left by more than that.
- *Arithmetic bound*: call when nothing that can come changes the place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from racecall.calls.bounds import lead_over_volume, majority_over_volume, safe_volume
from racecall.calls.night import JudgedCount
from racecall.calls.score import kth_smallest
from racecall.outstanding.path import Floats

PERSISTENCE_Z = 2.5758293035489004
"""99.5% one-sided, the networks' usual figure per call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A rule: strength of a place and of a majority at every look, and the bar.

    Args:
        title: For people.
        strength: Place and majority strength of a judged count, shape (look, option) each; None without a majority rule.
        bar: A call is made above it.
    """

    title: str
    strength: Callable[[JudgedCount], tuple[Floats, Floats | None]]
    bar: float


def persistence(judged: JudgedCount) -> tuple[Floats, Floats | None]:
    """Return standard deviations of the final lead if late votes were drawn from the counted ones."""
    path, setting = judged.count.path, judged.count.setting
    share = path.votes / np.maximum(path.total, 1.0)[:, None]
    to_come = judged.volume.likely[:, None]
    place = kth_smallest(
        _sample_z(path.votes[:, :, None], path.votes[:, None, :], share[:, :, None], share[:, None, :], to_come[:, :, None]), setting
    )
    if not setting.majority:
        return place, None
    rest = path.total[:, None] - path.votes
    majority = np.where(np.array(setting.eligible), _sample_z(path.votes, rest, share, 1 - share, to_come), -np.inf)
    return np.minimum(place, -majority.max(axis=1, keepdims=True)), majority


def _sample_z(own: Floats, rival: Floats, own_share: Floats, rival_share: Floats, to_come: Floats) -> Floats:
    lead = own - rival + to_come * (own_share - rival_share)
    return np.asarray(lead / np.sqrt(to_come * (own_share + rival_share) + 1e-9))


def required_break(judged: JudgedCount) -> tuple[Floats, Floats | None]:
    """Return the break a rival needs among the likely votes to come, as a share of them."""
    return _over(judged, judged.volume.likely)


def arithmetic_bound(judged: JudgedCount) -> tuple[Floats, Floats | None]:
    """Return the lead as a share of more votes than can reasonably come."""
    return _over(judged, safe_volume(judged.volume))


def _over(judged: JudgedCount, to_come: Floats) -> tuple[Floats, Floats | None]:
    path, setting = judged.count.path, judged.count.setting
    place = lead_over_volume(path, setting, to_come)
    if not setting.majority:
        return place, None
    majority = majority_over_volume(path, setting, to_come)
    return np.minimum(place, -majority.max(axis=1, keepdims=True)), majority


BASELINES: Mapping[str, Baseline] = {
    "leader_persistence_995": Baseline(title="Leader persistence at 99.5%", strength=persistence, bar=PERSISTENCE_Z),
    "required_break_20": Baseline(title="Required break above 20 points", strength=required_break, bar=0.20),
    "required_break_30": Baseline(title="Required break above 30 points", strength=required_break, bar=0.30),
    "arithmetic_bound": Baseline(title="Arithmetic bound", strength=arithmetic_bound, bar=1.0),
}

NOT_RUN: Mapping[str, dict[str, str]] = {
    "elex_model": {
        "title": "elex-model 2.2.5 (The Washington Post)",
        "not_run": "needs for every unit the votes of an earlier election between the same two parties; an archive holds one election, and "
        "most contests have no units. Its speed is measured in benchmarks/elex.py, beside ours.",
    }
}
"""Rules that cannot run on an archive, and why."""
