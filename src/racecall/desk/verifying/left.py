"""Ballots still out, from the statements in the record and nothing else (docs/methods/outstanding.md).

The spreads are those of that page, here as fractions: figures that the first code rounds from floating point may differ by a ballot a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from racecall.desk.verifying.bodies import Count, Release, Statement

WITH_ARRIVALS = (Fraction(83, 100), Fraction(115, 100))
"""How far statements that count mail still to arrive have been from what came: lowest and highest factor."""
ON_HAND = (Fraction(83, 100), Fraction(250, 100))
"""The same for statements of ballots on hand, or that do not say."""
ALLOCATION = (Fraction(80, 100), Fraction(150, 100))
"""Factors on a contest's share of a county-wide figure."""
OLD = timedelta(hours=72)
"""A statement older than this is called stale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Ballots that are not in the candidates' counts.

    Args:
        low, likely, high: How many; None if that is not known [ballots].
        bound: The most that arithmetic reckons with; None if nothing bounds it [ballots].
        official: What the latest statement says is left [ballots].
        stale: Whether that statement is old.
        lines: How many figures were rounded on the way.
    """

    low: int | None = None
    likely: int | None = None
    high: int | None = None
    bound: int | None = None
    official: int | None = None
    stale: bool = False
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a contest stands.

    Args:
        counts: Its counts with the moment each is from, oldest first.
        release: The current release.
        own, county: Statements about the contest, and about the whole jurisdiction, in the order recorded.
        votes_allowed: Votes a voter may cast.
        as_of: The moment.
    """

    counts: Sequence[tuple[datetime, Count]]
    release: Release
    own: Sequence[Statement]
    county: Sequence[Statement]
    votes_allowed: int
    as_of: datetime

    @property
    def ballots(self) -> int:
        """Ballots behind the current count."""
        return self.behind(self.counts[-1][1])

    def behind(self, count: Count) -> int:
        """Ballots behind a count; where they are not given, as few as its votes allow."""
        return count.ballots.get("cast", -(-count.total // self.votes_allowed))


def left_of(position: Position) -> Left:
    """Return what is still out."""
    if position.release.status == "certified":
        return Left(low=0, likely=0, high=0, bound=0, official=0)
    own, county = _latest(position.own), _latest(position.county)
    return _from_own(position, own) if own else _from_county(position, county) if county else _from_roll(position)


def _latest(statements: Sequence[Statement]) -> list[Statement]:
    """The statements of ballots outstanding made last: one total, or all categories."""
    out = [said for said in statements if said.kind == "outstanding"]
    newest = [said for said in out if said.stated_at == max(one.stated_at for one in out)]
    parts = [said for said in newest if said.category != "total"]
    return parts or newest[-1:]


def _spread(latest: Sequence[Statement]) -> tuple[Fraction, Fraction]:
    return WITH_ARRIVALS if all(said.includes_arrivals for said in latest) else ON_HAND


def _is_old(position: Position, latest: Sequence[Statement]) -> bool:
    return position.as_of - latest[0].stated_at > OLD


def _from_own(position: Position, latest: Sequence[Statement]) -> Left:
    cast = [said for said in position.own if said.kind == "cast" and said.category == "total"]
    stated_at, said = latest[0].stated_at, sum(one.ballots for one in latest)
    then = [one.ballots for one in cast if one.stated_at <= stated_at]
    then += [position.behind(count) for moment, count in position.counts if moment <= stated_at]
    counted = max([position.ballots, *(one.ballots for one in cast)])
    left = max(0, max(then, default=0) + said - counted)
    without_votes = max(0, counted - position.ballots)
    official = sum(round(Fraction(left * one.ballots, said)) for one in latest) if said else 0
    low, high = _spread(latest)
    fewer, more = min(left, round(said * (1 - low))), round(said * (high - 1))
    likely = without_votes + official
    return Left(
        low=max(0, likely - fewer),
        likely=likely,
        high=likely + more,
        bound=likely + more,
        official=said,
        stale=_is_old(position, latest),
        lines=len(latest) + 1,
    )


def _from_county(position: Position, latest: Sequence[Statement]) -> Left:
    said, (low, high) = sum(one.ballots for one in latest), _spread(latest)
    cast = position.release.jurisdiction.get("cast")
    if not cast:
        return Left(bound=round(said * high), official=said, lines=1)
    then = [one.ballots for one in position.county if one.kind == "cast" and one.stated_at <= latest[0].stated_at]
    left = max(0, said - max(0, cast - max(then, default=cast)))
    likely, whole = round(Fraction(left * position.ballots, cast)), round(left * high)
    most = min(round(likely * high * ALLOCATION[1]), whole)
    return Left(
        low=round(likely * low * ALLOCATION[0]),
        likely=likely,
        high=most,
        bound=max(whole, most),
        official=said,
        stale=_is_old(position, latest),
        lines=2,
    )


def _from_roll(position: Position) -> Left:
    count = position.counts[-1][1]
    registered = count.ballots.get("registered", position.release.jurisdiction.get("registered"))
    return Left(bound=None if registered is None else max(0, registered - position.ballots))
