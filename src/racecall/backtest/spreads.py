"""How far late votes really differed, by class of contest: the table behind the spreads of `racecall.projection.shift`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.calls.night import JudgedCount
from racecall.outstanding.path import Flags, Floats
from racecall.outstanding.setting import ContestSetting
from racecall.projection.shift import ShiftSettings, log_ratio, party_contrast

LEAST_SHARE = 0.05
"""Options under this share of the night's votes are left out."""
LEAST_LATE = 200
"""A contest with fewer late votes shows mostly counting noise [votes]."""
LEAST_PAIRS = 10
"""A class with fewer pairs has no spread of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The late shift of one class of pairs.

    Args:
        pairs: Pairs of options seen.
        rms: Root mean square of the late log ratio around its expected value at the end of the night, counting noise taken out.
    """

    pairs: int
    rms: float


def measured_spreads(contests: Iterable[ArchiveContest], judged: Iterable[JudgedCount]) -> dict[str, Spread]:
    """Return the spread by class, named as in `ShiftSettings`; crowded first rounds have ``crowded`` before the name."""
    squares: dict[str, list[float]] = {}
    for contest, count in zip(contests, judged, strict=True):
        for name, values in _squares(contest, count):
            squares.setdefault(name, []).extend(values.tolist())
    return {name: Spread(pairs=len(seen), rms=max(float(np.mean(seen)), 0.0) ** 0.5) for name, seen in sorted(squares.items()) if seen}


def _squares(contest: ArchiveContest, judged: JudgedCount) -> Iterable[tuple[str, Floats]]:
    path, setting = contest.path, contest.setting
    end = path.night_end
    night, late = path.votes[end], path.late_votes[-1]
    if late.sum() < LEAST_LATE:
        return
    contrast = party_contrast(setting)
    expected = log_ratio(night[None])[0] + judged.drift.mean[end] * contrast
    noise = 1 / np.maximum(late[:, None], 1) + 1 / np.maximum(late[None, :], 1)
    square = (log_ratio(late[None])[0] - expected) ** 2 - noise
    big = (night / night.sum() > LEAST_SHARE) & np.array(setting.eligible) & (late > 0)
    pairs = np.triu(big[:, None] & big[None, :], 1)
    for name, which in _classes(setting, contrast, known=bool(judged.drift.known[end])).items():
        yield name, square[pairs & which]


def _classes(setting: ContestSetting, contrast: Floats, *, known: bool) -> Mapping[str, Flags]:
    everything, across = np.ones_like(contrast, dtype=bool), (np.abs(contrast) == 1) & known
    if setting.party_committee:
        return {"committee": everything}
    if not setting.first_round:
        return {"primary_night" if setting.primary_night else "general": ~across, "known_drift": across}
    crowd = "crowded " if setting.field_size > ShiftSettings().crowd else ""
    same = (contrast == 0) & setting.partisan
    return {f"{crowd}same_party": same, f"{crowd}first_round": ~same & ~across, f"{crowd}known_drift_first": across}


def settings_of(measured: Mapping[str, Spread]) -> ShiftSettings:
    """Return settings whose spreads are those measured, to two digits; a class that was not seen takes that of the nearest one seen.

    The nearest classes are named beforehand: all contests that end an election stand for each other, first rounds take the spread of
    generals where no first round was seen, and then a crowd makes no difference.
    """

    def spread(*names: str) -> float:
        found = [measured[name].rms for name in names if name in measured and measured[name].pairs >= LEAST_PAIRS]
        return round(found[0], 2) if found else ShiftSettings().general

    return ShiftSettings(
        general=spread("general", "primary_night"),
        primary_night=spread("primary_night", "general"),
        first_round=spread("first_round", "general", "primary_night"),
        same_party=spread("same_party", "first_round", "general", "primary_night"),
        crowded=_crowding(measured),
        committee=spread("committee", "general", "primary_night"),
        known_drift=spread("known_drift", "known_drift_first"),
        known_drift_first=spread("known_drift_first", "known_drift"),
    )


def _crowding(measured: Mapping[str, Spread]) -> float:
    ratios = [
        measured[f"crowded {name}"].rms / measured[name].rms
        for name in ("first_round", "same_party")
        if f"crowded {name}" in measured and name in measured and measured[name].rms
    ]
    return round(float(np.mean(ratios)), 1) if ratios else 1.0
