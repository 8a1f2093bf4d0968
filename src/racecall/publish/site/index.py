"""The page with all contests: what is least settled stands first, and what is shown of each is what its own page says.

Every row is made from a contest's state file, so that an index of hundreds of contests is made without judging one of them again. No colour
at all: states are glyphs with words, the line is an upright bar between names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from racecall.calls.states import SlotState
from racecall.model.contest import Contest, Election, is_measure
from racecall.publish.languages.words import Words
from racecall.publish.site.page import Beside

MOST_POINTS = 50
"""Bars stop here: nobody makes up so much [points]."""

ORDER = (
    SlotState.UNDER_REVIEW,
    SlotState.RETRACTED,
    SlotState.TOO_CLOSE,
    SlotState.TOO_EARLY,
    SlotState.LEADING,
    SlotState.LIKELY,
    SlotState.CALLED,
    SlotState.CERTIFIED,
)
"""Sections of the page: the least settled place decides where a contest stands."""


class Group(StrEnum):
    """What a reader may want to see alone."""

    HOUSE = "house"
    STATEWIDE = "statewide"
    LEGISLATURE = "legislature"
    COUNTY = "county"
    JUDGES = "judges"
    CITIES = "cities"
    SCHOOLS = "schools"
    MEASURES = "measures"
    OTHERS = "others"


GROUPS: Mapping[Group, Callable[[Words], str]] = {
    Group.HOUSE: lambda t: t("Congress"),
    Group.STATEWIDE: lambda t: t("Statewide"),
    Group.LEGISLATURE: lambda t: t("Legislature"),
    Group.COUNTY: lambda t: t("County"),
    Group.JUDGES: lambda t: t("Judges"),
    Group.CITIES: lambda t: t("Cities"),
    Group.SCHOOLS: lambda t: t("Schools"),
    Group.MEASURES: lambda t: t("Measures"),
    Group.OTHERS: lambda t: t("Other contests"),
}
"""Names of the groups, literal, so that translators find them."""


def group_words(group: Group, t: Words) -> str:
    """Name a group."""
    return GROUPS[group](t)


OFFICES: Mapping[str, Group] = {
    "us_house": Group.HOUSE,
    "us_senate": Group.HOUSE,
    "statewide": Group.STATEWIDE,
    "governor": Group.STATEWIDE,
    "state_senate": Group.LEGISLATURE,
    "state_assembly": Group.LEGISLATURE,
    "state_house": Group.LEGISLATURE,
    "county": Group.COUNTY,
    "judicial": Group.JUDGES,
    "city": Group.CITIES,
    "school": Group.SCHOOLS,
    "measure": Group.MEASURES,
}
"""Group by the office class of `election.toml`; a question is a measure whatever its class."""


class _Break(msgspec.Struct, frozen=True):
    rival: str
    points: float | None
    margin_votes: int
    cannot_happen: bool | None


class _Place(msgspec.Struct, frozen=True):
    slot: int
    kind: str
    option: str | None
    state: SlotState
    conditional: str = ""
    required_break: _Break | None = None


class _Line(msgspec.Struct, frozen=True):
    option: str
    name: str
    kind: str
    share: float | None


class _Outstanding(msgspec.Struct, frozen=True):
    official: int | None


class _Due(msgspec.Struct, frozen=True):
    at: datetime


class Said(msgspec.Struct, frozen=True):
    """What a state file says of a contest, as far as the index shows it."""

    contest: str
    title: str
    as_of: datetime
    votes_counted: int
    ballots_outstanding: _Outstanding
    options: tuple[_Line, ...]
    slots: tuple[_Place, ...]
    next_release: _Due | None = None


def read_said(data: bytes) -> Said:
    """Read a contest's state file."""
    return msgspec.json.decode(data, type=Said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A contest on the index.

    Args:
        contest: Its id.
        title: As a page shows it.
        group: What kind of contest it is.
        states: State of each place, in order.
        inside: Who holds the places, with the share so far (0 to 1).
        outside: Who is next, None if nobody is.
        lead: Points between the last place and who is next; None without votes [points of all votes].
        needed: Points by which who is next must win what is still out; None if nobody knows how much that is.
        cannot: Whether that cannot happen.
        outright: Whether somebody may still win outright, so that there is no second place.
        held: Whether later counts are kept off its page until people look at them.
    """

    contest: str
    title: str
    group: Group
    states: tuple[SlotState, ...]
    inside: tuple[tuple[str, float | None], ...]
    outside: tuple[str, float | None] | None
    lead: float | None
    needed: float | None
    cannot: bool
    outright: bool
    held: bool

    @property
    def state(self) -> SlotState:
        """The state of the least settled place."""
        return min(self.states, key=ORDER.index, default=SlotState.TOO_EARLY)

    @property
    def bar(self) -> float:
        """Width of the bar [per cent]."""
        if self.cannot:
            return 100.0
        return 0.0 if self.needed is None else 100 * min(self.needed, MOST_POINTS) / MOST_POINTS

    @property
    def order(self) -> tuple[bool, float, float]:
        """The turn that is needed, least first; then the lead; a contest without either stands last."""
        turn = float("inf") if self.cannot else self.needed
        return (turn is None and self.lead is None, turn if turn is not None else float("inf"), self.lead or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The contests of one state.

    Args:
        state: Of their least settled place.
        rows: What needs the least turn stands first.
    """

    state: SlotState
    rows: tuple[Row, ...]

    @property
    def id(self) -> str:
        """What links lead to."""
        return self.state.value.replace("_", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage:
    """Everything that the index shows.

    Args:
        election: The election.
        as_of: When something became known last.
        sections: The least settled first, none empty.
        official: The largest official figure of ballots still out that a contest has [ballots]: contests share ballots: nothing is added.
        due: The next announced count.
        groups: The groups that there are, with the number of contests.
        beside: Pages beside the count.
    """

    election: Election
    as_of: datetime
    sections: tuple[Section, ...]
    official: int | None
    due: datetime | None
    groups: Mapping[Group, int]
    beside: tuple[Beside, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All contests, in the order of their titles: where somebody looks for a name."""
        return tuple(sorted((row for section in self.sections for row in section.rows), key=lambda row: row.title.casefold()))

    @property
    def shares(self) -> tuple[tuple[Section, float, float], ...]:
        """Each section with where its part of the bar begins and how wide it is [per cent]."""
        total, made, start = len(self.rows) or 1, [], 0.0
        for section in self.sections:
            width = 100 * len(section.rows) / total
            made.append((section, start, width))
            start += width
        return tuple(made)

    def count(self, *states: SlotState) -> int:
        """How many contests have one of these states."""
        return sum(len(section.rows) for section in self.sections if section.state in states)


def index_page(
    election: Election, said: Iterable[Said], *, held: Iterable[str] = (), as_of: datetime, beside: Iterable[Beside] = ()
) -> IndexPage:
    """Return the index of what the state files say.

    Args:
        election: The election.
        said: What each contest's state file says.
        held: Contests whose later counts are kept off their pages.
        as_of: When something became known last.
        beside: Pages beside the count.
    """
    read, kept = list(said), set(held)
    rows = [_row(one, election.contest(one.contest), is_held=one.contest in kept) for one in read]
    groups = [row.group for row in rows]
    return IndexPage(
        election=election,
        as_of=as_of,
        sections=_sections(rows),
        official=max((one.ballots_outstanding.official or 0 for one in read), default=0) or None,
        due=min((one.next_release.at for one in read if one.next_release and one.next_release.at > as_of), default=None),
        groups={group: groups.count(group) for group in Group if group in groups},
        beside=tuple(beside),
    )


def _sections(rows: Sequence[Row]) -> tuple[Section, ...]:
    found = {state: sorted((row for row in rows if row.state is state), key=lambda row: row.order) for state in ORDER}
    return tuple(Section(state=state, rows=tuple(own)) for state, own in found.items() if own)


def _row(said: Said, contest: Contest, *, is_held: bool) -> Row:
    lines = {line.option: line for line in said.options}
    holders = [lines[place.option] for place in said.slots if place.option in lines]
    last = next((place.required_break for place in reversed(said.slots) if place.required_break), None)
    return Row(
        contest=said.contest,
        title=said.title,
        group=group_of(contest),
        states=tuple(place.state for place in said.slots),
        inside=tuple((line.name, line.share) for line in holders),
        outside=_outside(said, holders),
        lead=100 * last.margin_votes / said.votes_counted if last and said.votes_counted else None,
        needed=last.points if last else None,
        cannot=bool(last and (last.cannot_happen or (last.points or 0) > 100)),
        outright=any(place.conditional for place in said.slots),
        held=is_held,
    )


def _outside(said: Said, holders: Sequence[_Line]) -> tuple[str, float | None] | None:
    people = (line for line in said.options if line not in holders and line.kind in {"printed", "write_in"} and line.share is not None)
    return next(((line.name, line.share) for line in people), None)


def group_of(contest: Contest) -> Group:
    """Return the group that a contest is filtered by."""
    return Group.MEASURES if is_measure(contest) else OFFICES.get(contest.office, Group.OTHERS)
