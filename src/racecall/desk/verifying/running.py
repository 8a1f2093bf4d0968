"""A contest as the model sees it at a moment: its counts since the polls closed, its counties, what an office said is out.

From the record and the settings alone; docs/methods/share.md and docs/methods/volume.md say what is used.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property

from racecall.desk.verifying.bodies import Count, Release, Statement
from racecall.desk.verifying.election import Contest, Election
from racecall.desk.verifying.law import Rule, elect_of, places_of
from racecall.desk.verifying.lessons import Lessons, Mix
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
        return [(at - self.close) / timedelta(hours=1) for at, _, _ in self.counts]

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
    releases = sorted((one for one in events if one.kind == "release"), key=lambda one: (_moment(one), one.seq))
    first = {contest.close or election.close for contest, rule in contests if contest.type in {"primary", "other"} and "advance" in rule}
    counties = [name.removesuffix(" County") for name in election.counties]
    for contest, rule in contests:
        close = contest.close or election.close
        own = [(_moment(one), one.body, one.body.contests[contest.id]) for one in releases if contest.id in one.body.contests]
        if close is None or not own or own[-1][1].status == "certified" or own[-1][0] < close:
            continue
        counts = [count for count in own if count[0] >= close and count[2].total]
        if not counts:
            continue
        made = Running(
            contest=contest,
            rule=rule,
            close=close,
            counts=counts,
            votes=_votes(contest, counts),
            said=_said(contest.id, events, counts, close, as_of),
            primary_night=close in first,
            state=election.state,
            feed=election.id.partition("-")[0],
            county=counties[0] if len(counties) == 1 else "",
            night=contest.night or election.night,
            tables=tables,
        )
        if made.clause in {None, Fraction(1, 2)} and sum(made.able) > made.places:
            _refuse_returns(events)
            yield made


def _moment(release: Event) -> datetime:
    return release.body.published_at or release.at


def _refuse_returns(events: Sequence[Event]) -> None:
    if any(event.kind == "statement" and event.body.kind == "returned" and not event.contest for event in events):
        raise Unscored("ballots returned are stated, and what comes of them is not reckoned here")


def _votes(contest: Contest, counts: Sequence[tuple[datetime, Release, Count]]) -> list[list[float]]:
    given = {option for _, _, count in counts for option in count.votes}
    names = [option.id for option in contest.options if option.id in given]
    rows, before = [], [0.0] * len(names)
    for _, _, count in counts:
        before = [float(count.votes.get(name, old)) for name, old in zip(names, before, strict=True)]
        rows.append(before)
    return rows


def _said(
    contest: str, events: Sequence[Event], counts: Sequence[tuple[datetime, Release, Count]], close: datetime, as_of: datetime
) -> Said | None:
    """Return what is still out: as said of the contest, else of the whole jurisdiction."""
    own = _newest([event.body for event in events if event.kind == "statement" and event.contest == contest], as_of)
    if own:
        return _over(own, [(at, count.total) for at, _, count in counts], close)
    whole = [event.body for event in events if event.kind == "statement" and not event.contest]
    stated = [(said.stated_at, said.ballots) for said in whole if said.kind == "cast" and said.category == "total"]
    printed = [(_moment(one), one.body.jurisdiction.get("cast", 0)) for one in events if one.kind == "release"]
    counted = sorted((at, number) for at, number in (*printed, *stated) if number and at <= as_of)
    return _over(_newest(whole, as_of), counted, close)


def _newest(statements: Sequence[Statement], as_of: datetime) -> list[Statement]:
    """The statements of ballots still out that were made last, all categories."""
    out = [said for said in statements if said.kind == "outstanding" and said.stated_at <= as_of]
    return [said for said in out if said.stated_at == max(one.stated_at for one in out)]


def _over(newest: Sequence[Statement], counted: Sequence[tuple[datetime, int]], close: datetime) -> Said | None:
    """Set ballots that are out over what was counted when that was said."""
    if not newest or not counted:
        return None
    at = newest[0].stated_at
    before = [number for moment, number in counted if moment <= at] or [counted[0][1]]
    return Said(
        ratio=sum(said.ballots for said in newest) / max(before[-1], 1),
        hours=(at - close) / timedelta(hours=1),
        with_arrivals=all(said.includes_arrivals for said in newest),
    )
