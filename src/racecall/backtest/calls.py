"""Which places a rule would have called, when, and whether it was right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from racecall.backtest.archive import ArchiveContest
from racecall.outstanding.path import Flags, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotCall:
    """One place, called or not.

    Args:
        slot: Order of the call, from 1; places never called come last.
        option: Who was called; "" if nobody was before the last release.
        called_at: Time of the release, ISO 8601; "" if never.
        share_counted: Share of the final vote counted at the call; 1 if never.
        correct: Whether the call held; None if nobody was called.
        meaning: ``advance`` or ``elect``.
    """

    slot: int
    option: str = ""
    called_at: str = ""
    share_counted: float = 1.0
    correct: bool | None = None
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Strength of one kind of call at every look.

    Args:
        meaning: ``advance`` or ``elect``.
        strength: Shape (look, option): what is compared with the bar.
        right: Which options such a call is right for, shape (option,).
    """

    meaning: str
    strength: Floats
    right: Flags


def evidence(contest: ArchiveContest, place: Floats, elected: Floats | None) -> tuple[Evidence, ...]:
    """Pair what was scored with what came true. Where a majority ends the contest, calling a place to advance is false."""
    setting = contest.setting
    holds = contest.good & (contest.advanced or not setting.majority)
    ahead = Evidence(meaning="advance" if setting.first_round else "elect", strength=place, right=holds)
    if elected is None:
        return (ahead,)
    return ahead, Evidence(meaning="elect", strength=elected, right=contest.good & (not contest.advanced))


def path_maximum(kinds: Iterable[Evidence]) -> float:
    """Return the highest strength that a false call would have had, over all looks before the last release."""
    return max(float(np.max(np.where(kind.right, -np.inf, kind.strength[:-1]), initial=-np.inf)) for kind in kinds)


def calls_at(contest: ArchiveContest, kinds: Iterable[Evidence], bar: float) -> tuple[SlotCall, ...]:
    """Return the calls of a rule that calls at the first look at which the strength is above the bar.

    The last release is the result and is not called. Every false call is listed, also where that makes more calls than places.
    """
    made = sorted(_first_calls(contest, kinds, bar), key=lambda call: (call.called_at, call.option))
    right = sum(bool(call.correct) for call in made)
    never = [SlotCall(slot=0)] * max(contest.places - right, 0)
    return tuple(
        SlotCall(slot=at, option=c.option, called_at=c.called_at, share_counted=c.share_counted, correct=c.correct, meaning=c.meaning)
        for at, c in enumerate([*made, *never], start=1)
    )


def _first_calls(contest: ArchiveContest, kinds: Iterable[Evidence], bar: float) -> Iterable[SlotCall]:
    for kind in kinds:
        above = kind.strength[:-1] > bar
        for option in np.flatnonzero(above.any(axis=0)):
            look = int(above[:, option].argmax())
            yield SlotCall(
                slot=0,
                option=contest.setting.options[option],
                called_at=contest.released_at[look],
                share_counted=float(contest.share_counted[look]),
                correct=bool(kind.right[option]),
                meaning=kind.meaning,
            )
