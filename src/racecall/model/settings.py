"""The numbers that a judgement rests on, as one frozen object: handed in, never read from the surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far an official figure of ballots outstanding has been from what came in, as factors.

    Args:
        low: Realised over announced, lowest.
        high: Realised over announced, highest.
    """

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Documented defaults; see `docs/methods/outstanding.md` and `docs/methods/arithmetic.md`.

    Args:
        with_arrivals: Spread of statements that count mail still to arrive, or were made after the last day mail may arrive.
            Measured: 1.01 (CA-34, 5 April 2017), 1.01, 0.98, 0.83 (Los Angeles County, 11, 12 and 13 March 2024).
        on_hand: Spread of statements of ballots on hand, or that do not say. Measured: 1.76 (Los Angeles County, 6 March 2024),
            2.42 (Thurston County, 7 November 2023).
        stale_after: A statement older than this is called stale.
        allocation: Factors on a contest's share of a county-wide figure, which is split by ballots counted: late ballots may come from
            other parts of the county than the early ones.
        too_close_points: A place is too close to speak of a lead when the rival needs a smaller break than this [points]. One standard
            deviation of the late shift between two candidates at the cut: 6.0 points over 102 California primaries, 5 March 2024.
        too_early_share: Below this share of the expected votes nobody "leads".
    """

    with_arrivals: Spread = Spread(low=0.83, high=1.15)
    on_hand: Spread = Spread(low=0.83, high=2.5)
    stale_after: timedelta = timedelta(hours=72)
    allocation: Spread = Spread(low=0.8, high=1.5)
    too_close_points: float = 6.0
    too_early_share: float = 0.05
