"""From an office's paper to a contest's votes: what mail ballots that were sent out and returned let expect (docs/methods/volume.md)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from racecall.desk.verifying.bodies import Statement

ALL_MAIL = frozenset({"CO", "HI", "OR", "UT", "WA"})
"""States in which ballots counted are mail ballots counted."""
ACCEPTED = (0.985, 0.01)
"""Share of returned ballots that is counted: median, standard deviation of the log. So in all pairs here."""
COMES_BACK = {True: (0.38, 0.30), False: (0.62, 0.20)}
"""Share of ballots sent out that comes back, in a first round and otherwise."""
ARRIVAL, NIGHT = timedelta(days=8), timedelta(hours=12)

Figure = tuple[float, float]
Counted = Sequence[tuple[datetime, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is said of the ballots of a jurisdiction, and what a contest has of those counted.

    Args:
        said: Statements about the whole jurisdiction, known at the moment.
        counted: Ballots counted there, by moment.
        ballots, votes: Of the contest, counted.
        first_look: Moment of its first count.
        first_round: Whether it sends options to another round.
        state: Postal code.
    """

    said: Sequence[Statement]
    counted: Counted
    ballots: int
    votes: int
    first_look: datetime
    first_round: bool
    state: str

    def votes_to_come(self, as_of: datetime) -> Figure | None:
        """Return the contest's votes among mail ballots returned and still arriving; None where that cannot be told."""
        counted = self.counted if self.state in ALL_MAIL else self._of("cast", "mail")
        returned = self._of("returned")
        too_soon = self.state not in ALL_MAIL and as_of - self.first_look < NIGHT
        if too_soon or not (returned and counted and self.counted) or counted[-1][1] > returned[-1][1]:
            return None
        return _times(_times(self._left(returned[-1][1], counted[-1][1], as_of), self._share()), self._votes_a_ballot())

    def _of(self, kind: str, category: str = "") -> Counted:
        said = [(one.stated_at, one.ballots) for one in self.said if one.kind == kind and category in {"", one.category}]
        return sorted(said, key=lambda one: one[0])

    def _left(self, returned: int, counted: int, as_of: datetime) -> Figure:
        """Return the ballots still to be counted."""
        good = returned * ACCEPTED[0]
        left = max(good - counted, 0.0)
        here = (left, min(ACCEPTED[1] * good / max(left, 1.0), 1.0))
        issued = self._of("issued")
        if not issued or as_of >= self.first_look + ARRIVAL or issued[-1][1] < returned:
            return here
        rate, sd = COMES_BACK[self.first_round]
        back = min(issued[-1][1] * rate, issued[-1][1])
        still = max(back - returned, 0.0)
        return _sum(here, _times((still, min(sd * back / max(still, 1.0), 1.0)), ACCEPTED))

    def _share(self) -> Figure:
        """Return the contest's part of the jurisdiction's ballots."""
        whole = self.counted[-1][1]
        own = min(self.ballots, whole) + 0.5
        share = own / (whole + 1.0)
        return share, math.hypot(0.10 * math.sqrt(1 - share), math.sqrt((1 - share) / own))

    def _votes_a_ballot(self) -> Figure:
        rate, ballots = max(self.votes / self.ballots, 1e-6), self.ballots + 200.0
        rate = (self.votes + 200.0 * rate) / ballots
        return rate, math.sqrt(max(1 - min(rate, 1.0), 0.01) / (max(rate, 1e-6) * ballots))


def _times(one: Figure, other: Figure) -> Figure:
    return one[0] * other[0], math.hypot(one[1], other[1])


def _sum(*parts: Figure) -> Figure:
    """Return the sum of independent figures, matched in mean and variance."""
    mean = sum(likely * math.exp(sd**2 / 2) for likely, sd in parts)
    variance = sum(likely**2 * math.expm1(sd**2) * math.exp(sd**2) for likely, sd in parts)
    if mean <= 0:
        return 0.0, 0.0
    sd = math.sqrt(math.log1p(variance / mean**2))
    return mean * math.exp(-(sd**2) / 2), sd
