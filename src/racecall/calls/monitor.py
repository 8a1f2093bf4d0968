"""Whether live errors still fit the calibration: a bet against it that grows only if it fails.

After every finished night the e-process multiplies by 1 + b (error rate - alpha). If the chance of a false call in a contest is alpha or
less, given all earlier nights, it is a supermartingale that starts at 1, so the chance that it *ever* reaches 20 is at most 1 in 20 (Ville
1939), however often one looks. Contests of one night count once, as their rate: they share their luck.

Source: research/live-models.md section 4; G. Shafer, Testing by betting, JRSS A 184 (2021) 407.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from racecall.errors import UsageError

ALARM = 20.0
"""E-value at which the calibration is called stale: 1 in 20 by luck, over all time."""
BET = 20.0
"""How hard to bet; 1 + BET (0 - alpha) must stay positive, so alpha is under 1 / BET."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightErrors:
    """What one finished night showed.

    Args:
        night: Election day.
        contests: Contests that were judged with the calibration.
        false: Contests with a false call.
    """

    night: str
    contests: int
    false: int

    def __post_init__(self) -> None:
        if not 0 <= self.false <= self.contests or not self.contests:
            raise UsageError(
                f"a night has contests, and no more false calls than contests; found {self.false} of {self.contests}.", where=self.night
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """The state of the bet.

    Args:
        e_values: After each night, oldest first.
        alarm: Whether any reached `ALARM`: raise the threshold, look for what changed.
    """

    e_values: tuple[float, ...]
    alarm: bool


def monitor(nights: Iterable[NightErrors], alpha: float, bet: float = BET) -> Monitor:
    """Bet against the calibration, night by night.

    Raises:
        UsageError: The bet could lose more than everything.
    """
    if not 0 < alpha < 1 / bet:
        raise UsageError(f"with a bet of {bet:g}, alpha lies between 0 and {1 / bet:g}; found {alpha:g}.")
    factors = [1 + bet * (night.false / night.contests - alpha) for night in nights]
    values = tuple(accumulate(factors, lambda wealth, factor: wealth * factor))
    return Monitor(e_values=values, alarm=any(value >= ALARM for value in values))
