"""What a contest's page shows, as values without a word of any language: the view, and what it takes from before and around it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from racecall.calls.view import ContestView
from racecall.ledger.records import ContestCount, RecordedRelease
from racecall.model.contest import Contest, Election
from racecall.model.finding import Finding

More = ParamSpec("More")
T = TypeVar("T")


class Mark(StrEnum):
    """Shape and colour of a candidate in every chart (mock-ups/STYLE.md section 1): never a party's, and never handed on."""

    FIRST = "first"
    """Square, teal."""
    SECOND = "second"
    """Circle, ochre."""
    THIRD = "third"
    """Diamond, violet."""
    OTHERS = "others"
    """Dash, grey."""


LETTERS = {Mark.FIRST: "a", Mark.SECOND: "b", Mark.THIRD: "c", Mark.OTHERS: "o"}
"""Letter of each mark in classes and ids: ``fa`` fills, ``sa`` strokes, ``#pa`` hatches, ``#m-a`` is the mark in a line of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseLook:
    """One release of the contest.

    Args:
        number: Position among the contest's releases in the order of their counts, from 1: the name of its as-of page.
        release: The release.
        count: The contest's count in it.
        before: The count in the release before, None for the first.
    """

    number: int
    release: RecordedRelease
    count: ContestCount
    before: ContestCount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCount:
    """One reporting unit's votes in the current release.

    Args:
        id: Unit id, as the source prints it.
        name: For people.
        votes: Votes by option id [votes].
        territory: False for a ballot group that belongs to no ground.
    """

    id: str
    name: str
    votes: Mapping[str, int]
    territory: bool = True

    @property
    def total(self) -> int:
        """All votes of the unit [votes]."""
        return sum(self.votes.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A unit's outline, in the units of its map's box.

    Args:
        unit: Unit id.
        path: SVG path data.
        x, y: A spot inside the outline, far from its edge.
        room: How far from the edge.
    """

    unit: str
    path: str
    x: int = 0
    y: int = 0
    room: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapShapes:
    """The map of a contest.

    Args:
        width, height: The box that the paths lie in.
        shapes: One a unit.
        source: Who drew the boundaries.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A page beside the count that a contest's page leads to (`racecall.publish.site.beside`).

    Args:
        kind: ``race``, ``debate`` or ``questionnaire``.
        id: Part of its address.
        title: What the record calls it.
        day: When it was, for a debate.
    """

    kind: str
    id: str
    title: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestPage:
    """Everything that one contest's page shows at one moment.

    Args:
        view: What may be said.
        election: The election.
        head: Hash of the last ledger event behind it.
        rehearsal: Whether any of it is a recorded night played again.
        marks: Shape and colour by option id; whoever is missing is one of the others.
        looks: The view at each moment something became known, oldest first; the last one is `view`.
        heads: Hash of the last ledger event behind each look, in their order; empty if nobody kept them.
        releases: Every release of the contest, oldest first.
        units: Units of the current release; none where the source has none.
        shapes: Outlines, None where nobody has drawn any.
        before, after: The round before and the one that follows, if they are in this election.
        downloads: Files with the same counts, as paths from the site's root, by the id of the publisher that wrote them;
            ``calendar`` is the calendar of counts to come, ``card`` the share card as a picture that other sites show (PNG).
        held: Findings that keep later counts off this page; nothing later than `view` is shown until people accept them.
        is_current: False on an as-of page, which says so.
        known: What was worked out of the page already, by whatever asks for it; a page with another value begins anew.
        beside: Pages beside the count: endorsements, debates, questionnaires.
    """

    view: ContestView
    election: Election
    head: str
    rehearsal: bool = False
    marks: Mapping[str, Mark] = field(default_factory=dict)
    looks: tuple[ContestView, ...] = ()
    heads: tuple[str, ...] = ()
    releases: tuple[ReleaseLook, ...] = ()
    units: tuple[UnitCount, ...] = ()
    shapes: MapShapes | None = None
    before: Contest | None = None
    after: Contest | None = None
    downloads: Mapping[str, str] = field(default_factory=dict)
    held: tuple[Finding, ...] = ()
    is_current: bool = True
    known: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    beside: tuple[Beside, ...] = ()

    @property
    def contest(self) -> Contest:
        """The contest."""
        return self.view.contest

    def mark(self, option: str) -> Mark:
        """Return an option's shape and colour."""
        return self.marks.get(option, Mark.OTHERS)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what is known under a key; made now if nothing is."""
        if key not in self.known:
            self.known[key] = make()
        found: T = self.known[key]
        return found

    def as_of(self) -> ContestPage:
        """Return the same moment as a page of its own: it says that it is an earlier one, and leads to no files."""
        made = replace(self, is_current=False, held=(), downloads={})
        made.known.update(self.known)
        return made


def once(function: Callable[Concatenate[ContestPage, More], T]) -> Callable[Concatenate[ContestPage, More], T]:
    """Work something out once for all that shows it: three languages, the widget, the share cards, the as-of page.

    It may rest on anything of the page but `held`, `downloads` and `is_current`, which `ContestPage.as_of` changes.
    """

    @wraps(function)
    def remembering(page: ContestPage, /, *more: More.args, **named: More.kwargs) -> T:
        return page.remembered((function, *more, *named.items()), lambda: function(page, *more, **named))

    return remembering


def marks_of(ranked: Sequence[str], places: int, inherited: Mapping[str, Mark] | None = None) -> Mapping[str, Mark]:
    """Give shapes and colours to the three candidates nearest the line at first publication.

    Args:
        ranked: Option ids of people, most votes first, in the first count that was published.
        places: How many go through.
        inherited: Marks of the round before: whoever had one keeps it.
    """
    start = max(0, places - 2)
    nearest = ranked[start : start + 3]
    kept = {option: mark for option, mark in (inherited or {}).items() if option in ranked}
    free = (mark for mark in (Mark.FIRST, Mark.SECOND, Mark.THIRD) if mark not in kept.values())
    return kept | dict(zip((option for option in nearest if option not in kept), free, strict=False))


def release_looks(counts: Iterable[tuple[RecordedRelease, ContestCount]]) -> tuple[ReleaseLook, ...]:
    """Return a contest's releases, numbered, each beside the count before it."""
    pairs = list(counts)
    befores = [None, *(count for _, count in pairs)]
    return tuple(
        ReleaseLook(number=number, release=release, count=count, before=before)
        for number, ((release, count), before) in enumerate(zip(pairs, befores, strict=False), 1)
    )
