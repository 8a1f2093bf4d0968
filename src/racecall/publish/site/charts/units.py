"""Precincts and counties: a map where outlines are held, and honest pictures that are no map where none are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import floor

from markupsafe import Markup, escape

from racecall.publish.languages.words import Words
from racecall.publish.site.charts.svg import Scale, at, box, chart, cut, outline, text, ticks, upright
from racecall.publish.site.page import LETTERS, ContestPage, Mark, UnitCount
from racecall.publish.site.speech import plain_name

FEWEST = 30
"""Votes below which a unit is counted in words and not drawn: a handful of voters is no place's opinion [votes]."""
STEPS = (10.0, 30.0)
"""A lead is small below the first, large from the second [points]."""
BIN = 5
"""Width of a column of the stack [points]."""
MOST_MARKS = 600
"""Units that are drawn one by one; of more, the stack is bars and there are no tiles."""
HIGHEST = 44
"""Marks in a column; where one would be higher, the stack is bars."""
LISTED = 64
"""Units that a table lists one by one."""
MAP_ROOM = 5
"""Distance from its edge at which an outline has room for a mark [units of the map]."""
STACK = 232.0
"""Height of the stack [pixels]."""
ORDER = (Mark.FIRST, Mark.SECOND, Mark.THIRD, Mark.OTHERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLead:
    """Who is first in a unit.

    Args:
        unit: The unit's votes.
        leader: Option id, "" for a tie of two or more.
        mark: The leader's mark; a tie has that of the others.
        lead: First over second [points of the unit's votes].
        gap: The first of the two at issue over the second [points of the unit's votes].
    """

    unit: UnitCount
    leader: str
    mark: Mark
    lead: float
    gap: float

    @property
    def step(self) -> int:
        """0, 1 or 2 for a small, middling or large lead."""
        return sum(self.lead >= limit for limit in STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsLook:
    """A contest's units, sorted out for the pictures.

    Args:
        pair: The two whose gap is drawn: the leaders, or the two at the line where there are more than two places.
        drawn: Units with enough votes, in the order of their ids.
        few: Units with some votes, but fewer than `FEWEST`.
        empty: Units without votes.
        groups: Groups of ballots that belong to no ground; they are in no picture.
        leads: How many drawn units each option leads, most first; "" are ties.
    """

    pair: tuple[str, str]
    drawn: tuple[UnitLead, ...]
    few: int
    empty: int
    groups: int
    leads: tuple[tuple[str, int], ...]

    @property
    def all(self) -> int:
        """All units on the ground."""
        return len(self.drawn) + self.few + self.empty


def units_look(page: ContestPage) -> UnitsLook | None:
    """Sort a contest's units out; None where the source has none, or nobody to compare."""
    pair = _at_issue(page)
    ground = [unit for unit in page.units if unit.territory]
    if not ground or pair is None:
        return None
    people = [option.id for option in page.contest.options if option.is_person]
    drawn = tuple(_lead(page, unit, people, pair) for unit in ground if unit.total >= FEWEST)
    if not drawn:
        return None
    empty = sum(1 for unit in ground if not unit.total)
    return UnitsLook(
        pair=pair,
        drawn=drawn,
        few=len(ground) - len(drawn) - empty,
        empty=empty,
        groups=len(page.units) - len(ground),
        leads=_leads(page, drawn),
    )


def _at_issue(page: ContestPage) -> tuple[str, str] | None:
    """The two leaders; where there are more than two places, the last inside and the first outside."""
    if len(page.view.slots) > 2 and page.view.pairs:
        return page.view.pairs[0].holder, page.view.pairs[0].rival
    people = [line.option.id for line in page.view.options if line.option.is_person and line.votes is not None]
    return (people[0], people[1]) if len(people) > 1 else None


def _lead(page: ContestPage, unit: UnitCount, people: Sequence[str], pair: tuple[str, str]) -> UnitLead:
    """Whoever is nobody (a sum over others, "None of these") leads no unit."""
    total, votes = unit.total, [unit.votes.get(option, 0) for option in people]
    first, second = sorted(votes)[:-3:-1]
    leader = people[votes.index(first)] if first > second else ""
    gap = unit.votes.get(pair[0], 0) - unit.votes.get(pair[1], 0)
    lead = 100 * (first - second) / total
    return UnitLead(unit=unit, leader=leader, mark=page.mark(leader), lead=lead, gap=100 * gap / total)


def _leads(page: ContestPage, drawn: Iterable[UnitLead]) -> tuple[tuple[str, int], ...]:
    counted = Counter(one.leader for one in drawn)
    order = {line.option.id: number for number, line in enumerate(page.view.options)}
    return tuple(sorted(counted.items(), key=lambda item: (item[0] == "", -item[1], order.get(item[0], len(order)))))


# The stack.


def stack_bins(look: UnitsLook) -> Mapping[int, Mapping[Mark, int]]:
    """Return how many units of each mark have a gap in each column, by the column's lower end [points]."""
    found: dict[int, Counter[Mark]] = {}
    for one in look.drawn:
        found.setdefault(min(100 - BIN, BIN * floor(one.gap / BIN)), Counter())[one.mark] += 1
    return dict(sorted(found.items()))


def stack_chart(page: ContestPage, look: UnitsLook, t: Words) -> Markup:
    """Draw one mark a unit, stacked by the gap between the two at issue; bars where there are too many for marks."""
    bins = stack_bins(look)
    highest = max(sum(column.values()) for column in bins.values())
    scale = Scale(min(-10, *bins), max(10, max(bins) + BIN), 1, 99)
    pitch = min(9.0, STACK / highest)
    top = highest * pitch if highest <= HIGHEST else STACK
    as_bars = highest > HIGHEST or len(look.drawn) > MOST_MARKS
    pieces = _gap_axis(scale, top, t)
    for low, column in bins.items():
        pieces += _bar(scale, low, column, top, STACK / highest) if as_bars else [_column(scale(low + BIN / 2), column, top, pitch)]
    left, right = (cut(page.contest.name_of(option)) for option in (look.pair[1], look.pair[0]))
    pieces += [text(0, top + 36, t("← %(name)s ahead, points", name=left), "s")]
    pieces += [text(100, top + 53, t("%(name)s ahead, points →", name=right), "s", anchor="end")]
    return chart(top + 58, stack_sentence(page, look, t), pieces)


def stack_sentence(page: ContestPage, look: UnitsLook, t: Words) -> str:
    """Say what the stack shows."""
    first, second = (plain_name(page.contest.option(option), t) for option in look.pair)
    ahead = sum(1 for one in look.drawn if one.gap > 0), sum(1 for one in look.drawn if one.gap < 0)
    return t(
        "%(units)s places by the gap between %(first)s and %(second)s: %(first)s has more votes in %(ahead)s of them, and "
        "%(second)s in %(behind)s.",
        units=t.number(len(look.drawn)),
        first=first,
        second=second,
        ahead=t.number(ahead[0]),
        behind=t.number(ahead[1]),
    )


def _gap_axis(scale: Scale, top: float, t: Words) -> list[str]:
    pieces = []
    for value in ticks(scale.low, scale.high, 9):
        x = scale(value)
        words = t.number(abs(value)) if value else t("even")
        pieces += [upright(x, 0, top, "axis" if value else "ink"), text(x, top + 16, words, "s", anchor="middle")]
    return pieces


def _column(x: float, column: Mapping[Mark, int], top: float, pitch: float) -> str:
    """One column of marks, drawn as dots of lines without length: eight bytes a unit."""
    made, height = [], top - pitch / 2
    for kind in ORDER:
        if count := column.get(kind, 0):
            made.append(_marks(kind, [(0, height - pitch * number) for number in range(count)], pitch - 1.4))
            height -= pitch * count
    return f'<svg x="{at(x)}" y="0">{"".join(made)}</svg>'


def _marks(kind: Mark, spots: Iterable[tuple[float, float]], size: float) -> str:
    """Draw the same mark at many spots: squares and dots are ends of lines, diamonds and dashes have their outline."""
    letter = LETTERS[kind]
    if kind in {Mark.FIRST, Mark.SECOND}:
        end, wide = ("square", size) if kind is Mark.FIRST else ("round", size)
        return f'<path class="s{letter} {end}" stroke-width="{wide:.1f}" d="{"".join(f"M{x:g} {y:.4g}h0" for x, y in spots)}"/>'
    shape = outline(kind, round(size / 2, 1))
    moved = "".join(f'<path transform="translate({x:g} {y:.4g})" d="{shape}"/>' for x, y in spots)
    return f'<g class="f{letter}">{moved}</g>'


def _bar(scale: Scale, low: int, column: Mapping[Mark, int], top: float, per_unit: float) -> list[str]:
    made, x, wide, height = [], scale(low), scale(low + BIN) - scale(low), top
    for kind in ORDER:
        if high := column.get(kind, 0) * per_unit:
            height -= high
            made.append(box(x + 0.15, round(height, 1), wide - 0.3, round(high, 1), f'class="f{LETTERS[kind]} edge"'))
    return made


# Tiles.


def tile_chart(look: UnitsLook, t: Words) -> Markup:
    """Draw one mark a unit in the order of their ids; its shape is who is first, its size by how much."""
    cell = 18 if len(look.drawn) <= 256 else 12
    across = 288 // cell
    spots: dict[tuple[Mark, int], list[tuple[float, float]]] = {}
    for number, one in enumerate(look.drawn):
        spot = (cell * (number % across + 0.5), cell * (number // across + 0.5))
        spots.setdefault((one.mark, one.step), []).append(spot)
    drawn = [_marks(kind, places, (cell - 3) * (0.5, 0.75, 1.0)[step]) for (kind, step), places in sorted(spots.items())]
    high = cell * -(-len(look.drawn) // across)
    label = t("One mark a place, in the order of their ids, not on a map: the shape is who is first there, the size by how much.")
    head = f'<svg class="tiles" width="288" height="{high}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(drawn) + "</svg>")  # noqa: S704 -- only numbers and classes are in it


# The map.


def map_chart(page: ContestPage, look: UnitsLook, t: Words) -> Markup:
    """Draw the outlines by who leads, in three steps of the lead; a mark stands where it has room, so that colour is not alone.

    This picture alone has a `viewBox`: there is no text in it.
    """
    if page.shapes is None:
        return Markup()
    leads = {one.unit.id: one for one in look.drawn}
    areas: dict[str, list[str]] = {}
    marks: dict[Mark, list[str]] = {}
    for shape in page.shapes.shapes:
        one = leads.get(shape.unit)
        areas.setdefault(f"f{LETTERS[one.mark]} l{one.step + 1}" if one else "few", []).append(shape.path)
        if one and shape.room >= MAP_ROOM:
            marks.setdefault(one.mark, []).append(f"M{shape.x} {shape.y}" + MAP_MARKS[one.mark])
    label = t("Map of who leads in each place, in stronger colour where the lead is larger; the numbers are in the table that follows.")
    head = f'<svg class="map" viewBox="0 0 {page.shapes.width} {page.shapes.height}" role="img" aria-label="{escape(label)}">'
    drawn = [f'<path class="{name}" d="{escape("".join(paths))}"/>' for name, paths in sorted(areas.items())]
    drawn += [f'<path class="on" d="{"".join(spots)}"/>' for _, spots in sorted(marks.items())]
    return Markup(head + "".join(drawn) + "</svg>")  # noqa: S704 -- the outlines are escaped, the rest is ours


MAP_MARKS = {
    Mark.FIRST: "m-3-3h6v6h-6z",
    Mark.SECOND: "m-3.3 0a3.3 3.3 0 1 1 6.6 0a3.3 3.3 0 1 1-6.6 0z",
    Mark.THIRD: "m0-4l4 4-4 4-4-4z",
    Mark.OTHERS: "m-4-1h8v2h-8z",
}
"""Marks on the map, around the spot that the path has moved to."""


def without_outline(page: ContestPage, look: UnitsLook) -> int:
    """Return how many of the units that could be drawn have no outline."""
    held = {shape.unit for shape in page.shapes.shapes} if page.shapes else set()
    return sum(1 for one in look.drawn if one.unit.id not in held)
