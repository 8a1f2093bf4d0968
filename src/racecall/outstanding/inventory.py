"""What is still to be counted: official figures and estimates kept apart, by category, always as low, likely and high.

Theory of operation. Everything is reckoned from *expected ballots*: those counted when the office made its latest statement, plus those it
said were left. From these we take off what has been counted since. What remains falls into at most three lines:

* counted, but without votes by candidate: the office has given ballots and not yet votes (Los Angeles, 7 and 11 April 2017);
* official: what the latest statement says is left;
* estimate: how far such statements have been wrong, up and down (`Settings.with_arrivals`, `Settings.on_hand`).

Precincts take no part in it: on 5 April 2017 all 192 of 192 had reported and 31.5% of the votes were still out. Without a statement there
is no likely figure here, only the bound that the roll gives; estimates from past counts are a projection's business.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from racecall.ledger.records import ContestCount, Counts, RecordedRelease, Records
from racecall.model.contest import Contest
from racecall.model.counts import BallotKind
from racecall.model.release import ResultsStatus, Statement
from racecall.model.settings import Settings, Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryLine:
    """One kind of ballots that are not in the candidates' counts.

    Args:
        category: ``counted_without_votes``, or the category of the statement (``total``, ``mail``, ``provisional`` …), or ``estimate``.
        low, likely, high: Ballots [ballots]. For ``estimate`` they are what to add to the official lines, and may be negative.
        official: Whether an office said it.
        source: Who said it, or what the estimate rests on.
        stated_at: When it was said; None for an estimate.
        note: In the source's words, or why the figure is what it is.
    """

    category: str
    low: int
    likely: int
    high: int
    official: bool
    source: str
    stated_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    """Ballots that are not in the candidates' counts yet.

    Args:
        lines: What they are.
        low, likely, high: All lines together [ballots]; None if nothing is known.
        bound: The most that arithmetic has to reckon with [ballots]; None if nothing bounds it. Never below `high`.
        official: What the latest statement says is left, for the whole area it covers [ballots]; None without a statement.
        source: Who said it, "" without a statement.
        stale: The latest statement is older than `Settings.stale_after`.
        votes_per_ballot: Votes for this contest on an average ballot that carries it [votes per ballot].
        note: Why something is not known, "" if it is.
    """

    lines: tuple[InventoryLine, ...] = ()
    low: int | None = None
    likely: int | None = None
    high: int | None = None
    bound: int | None = None
    official: int | None = None
    source: str = ""
    stale: bool = False
    votes_per_ballot: float = 1.0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number with what it could be instead."""

    low: float
    likely: float
    high: float


NOTHING_LEFT = Inventory(low=0, likely=0, high=0, bound=0, official=0, source="certified")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Position:
    """Where the count stands: what the candidates' counts cover, what is counted, what an office said is left."""

    contest: Contest
    counts: Counts
    statements: tuple[Statement, ...]
    as_of: datetime

    @property
    def release(self) -> RecordedRelease:
        """The current release."""
        return self.counts[-1][0]

    @property
    def count(self) -> ContestCount:
        """The candidates' counts."""
        return self.counts[-1][1]

    @property
    def ballots(self) -> int:
        """Ballots behind the candidates' counts."""
        return _ballots_behind(self.count, self.contest)

    @property
    def cast_statements(self) -> tuple[Statement, ...]:
        """What an office said of all ballots counted, oldest first."""
        return tuple(said for said in self.statements if said.kind is BallotKind.CAST and said.category == "total")

    def counted_at(self, moment: datetime) -> int:
        """Ballots counted at a moment, as far as anybody said."""
        said = [statement.ballots for statement in self.cast_statements if statement.stated_at <= moment]
        shown = [_ballots_behind(count, self.contest) for release, count in self.counts if release.moment <= moment]
        return max([*said, *shown], default=0)


def _ballots_behind(count: ContestCount, contest: Contest) -> int:
    """Ballots behind a count; where they were not published, votes stand in, and blank ballots are missed."""
    given = count.ballots.get(BallotKind.CAST)
    return given if given is not None else -(-count.total // contest.votes_allowed)


def take_inventory(contest: Contest, records: Records, as_of: datetime, settings: Settings) -> Inventory:
    """Return what is still to be counted in a contest, as known at `as_of`.

    Args:
        contest: The contest.
        records: What was recorded up to `as_of`.
        as_of: The moment.
        settings: Spreads and limits.
    """
    counts = records.counts(contest.id)
    if not counts:
        return Inventory(note="no count has been published")
    if counts[-1][0].status is ResultsStatus.CERTIFIED:
        return NOTHING_LEFT
    own = tuple(statement for _, statement in records.statements if statement.contest == contest.id)
    position = _Position(contest=contest, counts=counts, statements=own, as_of=as_of)
    latest = _latest_outstanding(own)
    if latest:
        return _from_statement(position, latest, settings)
    return _from_jurisdiction(position, records, settings)


def _latest_outstanding(statements: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """The statements of ballots outstanding made last: a new one replaces all that came before."""
    out = [statement for statement in statements if statement.kind is BallotKind.OUTSTANDING]
    if not out:
        return ()
    newest = max(statement.stated_at for statement in out)
    made = [statement for statement in out if statement.stated_at == newest]
    totals = [statement for statement in made if statement.category == "total"]
    return tuple(totals[-1:] if totals and len(made) == len(totals) else [s for s in made if s.category != "total"])


def _from_statement(position: _Position, latest: tuple[Statement, ...], settings: Settings) -> Inventory:
    said = sum(statement.ballots for statement in latest)
    stated_at = latest[0].stated_at
    expected = position.counted_at(stated_at) + said
    counted = max([position.ballots, *(said.ballots for said in position.cast_statements)])
    left = max(0, expected - counted)
    spread = settings.with_arrivals if all(statement.includes_arrivals for statement in latest) else settings.on_hand
    lines = (*_without_votes(position, counted), *_official(latest, left, said), *_estimate(left, said, spread))
    return _add_up(
        lines,
        official=said,
        source=latest[0].source,
        stale=position.as_of - stated_at > settings.stale_after,
        votes_per_ballot=_votes_per_ballot(position),
    )


def _without_votes(position: _Position, counted: int) -> tuple[InventoryLine, ...]:
    pending = counted - position.ballots
    if pending <= 0:
        return ()
    said = max(position.cast_statements, key=lambda statement: statement.ballots)
    exact = BallotKind.CAST in position.count.ballots
    note = "" if exact else "Ballots behind the published votes were not given; blank ballots among them are in this figure."
    return (
        InventoryLine(
            category="counted_without_votes",
            low=pending,
            likely=pending,
            high=pending,
            official=True,
            source=said.source,
            stated_at=said.stated_at,
            note=note,
        ),
    )


def _official(latest: tuple[Statement, ...], left: int, said: int) -> tuple[InventoryLine, ...]:
    """The statement's categories, each less its share of what has been counted since."""
    return tuple(
        InventoryLine(
            category=statement.category,
            low=(share := round(left * statement.ballots / said) if said else 0),
            likely=share,
            high=share,
            official=True,
            source=statement.source,
            stated_at=statement.stated_at,
            note=statement.note,
        )
        for statement in latest
    )


def _estimate(left: int, said: int, spread: Spread) -> tuple[InventoryLine, ...]:
    low, high = -min(left, round(said * (1 - spread.low))), round(said * (spread.high - 1))
    if not (low or high):
        return ()
    source = f"such statements have come out at {spread.low:.2f} to {spread.high:.2f} times what they said"
    return (InventoryLine(category="estimate", low=low, likely=0, high=high, official=False, source=source),)


def _from_jurisdiction(position: _Position, records: Records, settings: Settings) -> Inventory:
    """A county-wide figure, split by the ballots counted so far; only the whole of it bounds the arithmetic."""
    county = tuple(statement for _, statement in records.statements if statement.contest == "")
    latest = _latest_outstanding(county)
    if not latest:
        return _from_roll(position.contest, position.count, position.release.jurisdiction.get(BallotKind.REGISTERED))
    cast = position.release.jurisdiction.get(BallotKind.CAST)
    said = sum(statement.ballots for statement in latest)
    since = max(0, cast - _counted_before(county, latest[0].stated_at, cast)) if cast else 0
    left = max(0, said - since)
    spread = settings.with_arrivals if all(statement.includes_arrivals for statement in latest) else settings.on_hand
    if not cast:
        return Inventory(
            bound=round(left * spread.high), official=said, source=latest[0].source, note="the county's figure cannot be split"
        )
    share = position.ballots / cast
    likely = round(left * share)
    line = InventoryLine(
        category="total",
        low=round(likely * spread.low * settings.allocation.low),
        likely=likely,
        high=min(round(likely * spread.high * settings.allocation.high), round(left * spread.high)),
        official=False,
        source=f"{latest[0].source}: {said:,} county-wide; this contest is on {share:.0%} of the ballots counted",
        stated_at=latest[0].stated_at,
    )
    made = _add_up((line,), official=said, source=latest[0].source, stale=position.as_of - latest[0].stated_at > settings.stale_after)
    return _bounded(made, round(left * spread.high), _votes_per_ballot(position))


def _counted_before(county: tuple[Statement, ...], moment: datetime, cast: int) -> int:
    """Ballots counted county-wide when the statement was made; if nobody said, as many as now."""
    said = [s.ballots for s in county if s.kind is BallotKind.CAST and s.stated_at <= moment]
    return max(said, default=cast)


@lru_cache(maxsize=1024)
def _from_roll(contest: Contest, count: ContestCount, roll: int | None) -> Inventory:
    """Without any statement only the roll bounds what can still come: the contest's own, else the whole jurisdiction's."""
    registered, ballots = count.ballots.get(BallotKind.REGISTERED, roll), _ballots_behind(count, contest)
    bound = max(0, registered - ballots) if registered is not None else None
    return Inventory(bound=bound, votes_per_ballot=_per_ballot(count, ballots), note="no statement of ballots outstanding is recorded")


def _votes_per_ballot(position: _Position) -> float:
    return _per_ballot(position.count, position.ballots)


def _per_ballot(count: ContestCount, ballots: int) -> float:
    return count.total / ballots if ballots else 1.0


def _add_up(lines: tuple[InventoryLine, ...], *, official: int, source: str, stale: bool, votes_per_ballot: float = 1.0) -> Inventory:
    high = max(0, sum(line.high for line in lines))
    return Inventory(
        lines=lines,
        low=max(0, sum(line.low for line in lines)),
        likely=max(0, sum(line.likely for line in lines)),
        high=high,
        bound=high,
        official=official,
        source=source,
        stale=stale,
        votes_per_ballot=votes_per_ballot,
    )


def _bounded(inventory: Inventory, bound: int, votes_per_ballot: float) -> Inventory:
    return replace(inventory, bound=max(bound, inventory.high or 0), votes_per_ballot=votes_per_ballot)


def share_counted(votes: int, inventory: Inventory) -> Interval | None:
    """Return the share of the expected votes that is counted (0 to 1), None if nothing is known of what is left.

    Source:
        counted / (counted + outstanding); never from reporting units (`docs/methods/outstanding.md`).
    """
    if inventory.low is None or inventory.likely is None or inventory.high is None:
        return None
    shares = [_share(votes, ballots * inventory.votes_per_ballot) for ballots in (inventory.high, inventory.likely, inventory.low)]
    return Interval(*shares)


def _share(votes: int, outstanding: float) -> float:
    return votes / (votes + outstanding) if votes else 0.0
