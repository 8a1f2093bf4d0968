"""A contest as the model sees it at a moment: its counts since the polls closed, its counties, what an office said is out.

From the record and the settings alone; docs/methods/share.md and docs/methods/volume.md say what is used.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from functools import cached_property

from racecall.desk.verifying.bodies import Count, Release, Statement
from racecall.desk.verifying.election import Contest, Election
from racecall.desk.verifying.law import Rule, elect_of, places_of
from racecall.desk.verifying.lessons import Lessons, Mix
from racecall.desk.verifying.paper import Figure, Paper
from racecall.desk.verifying.record import Event

NIGHT_HOURS = 12.0
"""Election night is this long [hours after the polls close]."""
SIDES = {"DEM": 1, "D": 1, "REP": -1, "R": -1}
LEGISLATIVE = ("us_house", "state_senate", "state_assembly", "state_house")

Cells = Callable[[str, str], Mapping[tuple[str, str, str], int]]
"""Hash of a table and contest -> votes by unit, count type and option."""
Rolls = Callable[[str, str], Mapping[str, float]]
"""Hash of a table of ballots and contest -> voters on the roll by unit."""


class Unscored(Exception):
    """Why a score is not worked out again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables that the record names."""

    cells: Cells
    rolls: Rolls


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What an office said last is still out: over what was counted then, and when [hours after the polls closed]."""

    ratio: float
    hours: float
    with_arrivals: bool


@dataclass(frozen=True, kw_only=True)
class Running:
    """One contest and its counts.

    Args:
        contest: As the settings have it; `close` is when its polls closed.
        rule: Its rule.
        counts: Its counts since then with votes, oldest first.
        votes: Votes by look and option; a figure that is not given is the one before it.
        said: What is still out by the newest statement.
        on_paper: Votes to come by ballots sent out and returned, with the standard deviation of the log; None where nobody said.
        primary_night: Whether first rounds are held that day.
        state: Postal code.
        feed: First word of the election's id: sources with one pace of counting.
        county: The one county of the election, "" if it has several.
        night: Local day of the close.
        tables: Gives cells and rolls.
    """

    contest: Contest
    rule: Rule
    close: datetime
    counts: Sequence[tuple[datetime, Release, Count]]
    votes: Sequence[Sequence[float]]
    said: Said | None
    on_paper: Figure | None
    primary_night: bool
    state: str
    feed: str
    county: str
    night: str
    tables: Tables = field(repr=False)

    # -- the contest --------------------------------------------------------------------------------------------------------------

    @cached_property
    def options(self) -> list[str]:
        """Options that any count has, in ballot order."""
        given = {option for _, _, count in self.counts for option in count.votes}
        return [option.id for option in self.contest.options if option.id in given]

    @cached_property
    def able(self) -> list[bool]:
        """Which of them can fill a place."""
        standing = {option.id: option.is_standing for option in self.contest.options}
        return [standing[option] for option in self.options]

    @cached_property
    def sides(self) -> list[int]:
        """1 for a Democrat, -1 for a Republican, 0 for neither."""
        parties = {option.id: option.party for option in self.contest.options}
        return [SIDES.get(parties[option].upper(), 0) for option in self.options]

    @property
    def clause(self) -> Fraction | None:
        """The share that wins outright before a next round, None if there is none."""
        tests = [test for tests in elect_of(self.rule) for test in tests if test.what == "share"]
        return tests[0].amount if tests and "advance" in self.rule else None

    @property
    def first_round(self) -> bool:
        """Whether the contest sends options to another round."""
        return "advance" in self.rule

    @property
    def places(self) -> int:
        """Places to fill; with two options a majority decides at once."""
        seats = self.contest.number_elected
        return seats if self.clause is not None and sum(self.able) <= 2 else places_of(self.rule, seats)

    @property
    def has_majority(self) -> bool:
        """Whether more than half of the votes ends the contest."""
        return self.clause is not None and sum(self.able) > 2

    @property
    def is_partisan(self) -> bool:
        """Whether a major party stands."""
        return any(self.sides)

    @property
    def is_committee(self) -> bool:
        """Whether a party fills its own committee: everybody of one major party, several seats."""
        parties = {option.id: option.party for option in self.contest.options}
        named = {parties[option] for option, able in zip(self.options, self.able, strict=True) if able}
        return len(named) == 1 and self.is_partisan and not self.first_round and self.places > 1

    @cached_property
    def district(self) -> str:
        """The ground of a legislative contest, "" if there is none."""
        number = re.search(r"\d+", self.contest.title)
        legislative = self.contest.office in LEGISLATIVE and self.state and number
        return f"{self.state} {self.contest.office} {int(number[0])}" if legislative and number else ""

    # -- its count ----------------------------------------------------------------------------------------------------------------

    @cached_property
    def hours(self) -> list[float]:
        """When each look was [hours after the polls closed]."""
        return [(at - self.close).total_seconds() / 3600 for at, _, _ in self.counts]

    @cached_property
    def totals(self) -> list[float]:
        """Votes of the listed options at each look."""
        return [sum(votes) for votes in self.votes]

    @cached_property
    def night_end(self) -> int:
        """The last look of the night, the first if none is of the night."""
        return max(bisect_right(self.hours, NIGHT_HOURS) - 1, 0)

    @property
    def last(self) -> int:
        """The newest look."""
        return len(self.counts) - 1

    @cached_property
    def late(self) -> list[float]:
        """Votes since the night, by option."""
        pairs = zip(self.votes[self.last], self.votes[self.night_end], strict=True)
        return [max(now - then, 0.0) for now, then in pairs]

    # -- its counties -------------------------------------------------------------------------------------------------------------

    @property
    def has_units(self) -> bool:
        """Whether the newest count is by units."""
        return self.counts[-1][2].units >= 2

    @cached_property
    def units(self) -> tuple[list[str], dict[str, float], dict[str, float]]:
        """Names of the units, and the votes of each at the end of the night and now."""
        then, now = (self.tables.cells(self.counts[look][1].counts, self.contest.id) for look in (self.night_end, self.last))
        names = sorted({unit for unit, _, _ in (*then, *now)})
        return names, self._by_unit(then), self._by_unit({**then, **now})

    def _by_unit(self, cells: Mapping[tuple[str, str, str], int]) -> dict[str, float]:
        found: dict[str, float] = {}
        for (unit, _, option), votes in cells.items():
            found[unit] = found.get(unit, 0.0) + (votes if option in self.options else 0)
        return found

    def known_mix(self, lessons: Lessons) -> Mix:
        """Return the counties that are known beforehand, or from an earlier night."""
        return {self.county: 1.0} if self.county else lessons.counties_of(self.district)

    def mix(self, lessons: Lessons, look: int) -> Mix:
        """Return the county mix at a look: known, else by the units of the night, each over its habit; empty before the night's end."""
        known = self.known_mix(lessons)
        if known or not self.has_units or look < self.night_end:
            return known
        names, then, _ = self.units
        expected = {unit: then.get(unit, 0.0) * (1 + math.exp(-lessons.habit.get(unit, 0.0))) for unit in names}
        every = sum(expected.values())
        return {unit: votes / every for unit, votes in expected.items()} if every else {}

    def units_in(self, lessons: Lessons) -> float:
        """Return the part of the contest that usually lies in units which have sent something; 1 where nobody knows."""
        if not self.has_units:
            return 1.0
        names, _, now = self.units
        known = self._sizes(lessons)
        sizes = sorted(known[unit] for unit in names if unit in known)
        if not sizes:
            return 1.0
        middle = (sizes[(len(sizes) - 1) // 2] + sizes[len(sizes) // 2]) / 2
        size = {unit: known.get(unit, middle) for unit in names}
        return max(sum(size[unit] for unit in names if now.get(unit)) / max(sum(size.values()), 1e-9), 0.02)

    def _sizes(self, lessons: Lessons) -> Mapping[str, float]:
        newest = self.counts[-1][1].ballots
        roll = self.tables.rolls(newest, self.contest.id) if newest else {}
        return roll if roll.keys() & set(self.units[0]) else self.known_mix(lessons) or lessons.county_votes()


# -- from the record -----------------------------------------------------------------------------------------------------------------

Counts = Sequence[tuple[datetime, Release, Count]]


class _Known:
    """What the record says at a moment."""

    def __init__(self, events: Sequence[Event], as_of: datetime) -> None:
        self.as_of = as_of
        found = [(event.body.published_at or event.at, event.seq, event.body) for event in events if event.kind == "release"]
        self.releases = [(at, release) for at, _, release in sorted(found, key=lambda one: one[:2])]
        self._said = [(event.contest, event.body) for event in events if event.kind == "statement" and event.body.stated_at <= as_of]
        whole = [(said.stated_at, said.ballots) for said in self.said_of("") if said.kind == "cast" and said.category == "total"]
        printed = [(at, release.jurisdiction.get("cast", 0)) for at, release in self.releases if at <= as_of]
        self.counted = sorted(one for one in (*printed, *whole) if one[1])
        """Ballots counted in the whole jurisdiction, by moment."""

    def said_of(self, contest: str) -> list[Statement]:
        """Return the statements about a contest, or with "" about the whole jurisdiction."""
        return [said for about, said in self._said if about == contest]

    def counts(self, contest: str, close: datetime) -> Counts:
        """Return a contest's counts since the polls closed; none if the current one is certified, or from before."""
        own = [(at, release, release.contests[contest]) for at, release in self.releases if contest in release.contests]
        if not own or own[-1][1].status == "certified" or own[-1][0] < close:
            return []
        return [count for count in own if count[0] >= close and count[2].total]

    def said(self, contest: str, counts: Counts, close: datetime) -> Said | None:
        """Return what is still out: as said of the contest, else of the whole jurisdiction."""
        own = _newest(self.said_of(contest))
        counted = [(at, count.total) for at, _, count in counts] if own else self.counted
        return _over(own or _newest(self.said_of("")), counted, close)

    def paper(self, contest: Contest, counts: Counts, *, state: str, first_round: bool) -> Paper:
        """Return the paper behind a contest."""
        count = counts[-1][2]
        return Paper(
            said=self.said_of(""),
            counted=self.counted,
            ballots=count.ballots.get("cast") or -(-count.total // contest.votes_allowed),
            votes=count.total,
            first_look=counts[0][0],
            first_round=first_round,
            state=state,
        )


def running(
    contests: Sequence[tuple[Contest, Rule]], election: Election, events: Sequence[Event], as_of: datetime, tables: Tables
) -> Iterator[Running]:
    """Yield the contests that the model can judge: counted since the polls closed, not certified, more options than places.

    Args:
        contests: Contests with their rules, judged together.
        election: The settings.
        events: What was known at the moment.
        as_of: The moment.
        tables: Gives the tables that the record names.
    """
    known = _Known(events, as_of)
    first = {contest.close or election.close for contest, rule in contests if contest.type in {"primary", "other"} and "advance" in rule}
    for contest, rule in contests:
        close = contest.close or election.close
        if close and (counts := known.counts(contest.id, close)):
            made = _running(contest, rule, election, known, counts, close=close, primary=close in first, tables=tables)
            if made.clause in {None, Fraction(1, 2)} and sum(made.able) > made.places:
                yield made


def _running(
    contest: Contest, rule: Rule, election: Election, known: _Known, counts: Counts, *, close: datetime, primary: bool, tables: Tables
) -> Running:
    counties = [name.removesuffix(" County") for name in election.counties]
    paper = known.paper(contest, counts, state=election.state, first_round="advance" in rule)
    return Running(
        contest=contest,
        rule=rule,
        close=close,
        counts=counts,
        votes=_votes(contest, counts),
        said=known.said(contest.id, counts, close),
        on_paper=paper.votes_to_come(known.as_of),
        primary_night=primary,
        state=election.state,
        feed=election.id.partition("-")[0],
        county=counties[0] if len(counties) == 1 else "",
        night=contest.night or election.night,
        tables=tables,
    )


def _votes(contest: Contest, counts: Counts) -> list[list[float]]:
    given = {option for _, _, count in counts for option in count.votes}
    names = [option.id for option in contest.options if option.id in given]
    rows, before = [], [0.0] * len(names)
    for _, _, count in counts:
        before = [float(count.votes.get(name, old)) for name, old in zip(names, before, strict=True)]
        rows.append(before)
    return rows


def _newest(statements: Sequence[Statement]) -> list[Statement]:
    """The statements of ballots still out that were made last, all categories."""
    out = [said for said in statements if said.kind == "outstanding"]
    newest = max((said.stated_at for said in out), default=None)
    return [said for said in out if said.stated_at == newest]


def _over(newest: Sequence[Statement], counted: Sequence[tuple[datetime, int]], close: datetime) -> Said | None:
    """Set ballots that are out over what was counted when that was said."""
    if not newest or not counted:
        return None
    at = newest[0].stated_at
    before = [number for moment, number in counted if moment <= at] or [counted[0][1]]
    return Said(
        ratio=sum(said.ballots for said in newest) / max(before[-1], 1),
        hours=(at - close).total_seconds() / 3600,
        with_arrivals=all(said.includes_arrivals for said in newest),
    )
