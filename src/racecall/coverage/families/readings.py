"""What else a figure could be: the readings of a sentence that the record bears out, when the first one fails.

A figure with many digits hits a count by chance about never. If "2,726" is no number of the candidate it seemed to belong to, and is just
the margin between two who are named, the sentence was misread and is not wrong. A figure with few digits is met by chance: it is taken as
what the sentence has a word for, and where it has none, what it could be only keeps it from being contradicted. A name that stands beside
its figure is not explained away: "Ahn, 8,156" stays contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import product

from racecall.coverage.claims import CheckedClaim, Claim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEFT
from racecall.coverage.families.ranks import PLACES
from racecall.coverage.families.standing import votes_worth
from racecall.coverage.families.subjects import in_group, subject_of
from racecall.coverage.families.tables import Reading, gains_table, ground_of, kind_of, standing_table, unsaid
from racecall.coverage.numbers import YEAR, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import GroupCount
from racecall.coverage.scene import Scene, other_scenes, scene_at
from racecall.coverage.settle import Measure, Value, Worth, claim_at, is_telling, settle
from racecall.model.counts import BallotKind

OPEN = frozenset({Unit.NUMBER, Unit.PERCENT, Unit.POINTS, Unit.VOTES, Unit.BALLOTS})
"""What a figure may count that is looked for in the whole record."""


def reread(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> CheckedClaim:
    """Return the first verdict, or that of a reading which the record bears out."""
    if first.verdict not in {Verdict.CONTRADICTED, Verdict.CANNOT_CHECK} or first.claim.type not in REREAD:
        return first
    strong = first.claim if first.claim.args.get("strong") else None
    other = _borne_out(parsed, item, scene, strong)
    if other is None or other.verdict is Verdict.CONFIRMED:
        return other or first
    stale = other.verdict is Verdict.STALE and other.claim.type in STANDING and is_telling(item.figure) and parsed.candidates
    if first.verdict is Verdict.CANNOT_CHECK:
        return other if stale else first
    may_be = other.claim.type == first.claim.type or (first.claim.type in {"votes", "share"} and not strong)
    return _left_open(first, other) if may_be else first


REREAD = frozenset(
    {"votes", "share", "pair", "margin", "change", "total", "progress", "outstanding", "turnout", "group", "whatif", "field"}
)
"""Families whose figures may be misread; what is no figure of the count is looked for in no count."""


STANDING = frozenset({"votes", "share", "margin"})
"""What a count says of a candidate: once it has gone out of date, the figure that it was is told again by mistake."""


def _left_open(first: CheckedClaim, other: CheckedClaim) -> CheckedClaim:
    """A figure that would be right of something else, and has too few digits to say that it is meant."""
    words = f"Not settled what this figure is: {other.reason}"
    return replace(first, verdict=Verdict.CANNOT_CHECK, reason=words, evidence=(*first.evidence, *other.evidence), suggestion="")


def unclaimed(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Yield what a figure is that no family took, if the record bears a reading out: a verb that nobody listed is no error."""
    if not YEAR.fullmatch(parsed.text[item.start : item.end]):
        own = subject_of(parsed, item, scene)
        beside = claim_at(parsed, "votes", item.start, item.end, option=own.options[0]) if own.strong and len(own.options) == 1 else None
        found = _borne_out(parsed, item, scene, beside)
        stale = found and found.verdict is Verdict.STALE and found.claim.type in STANDING and is_telling(item.figure)
        if found and (found.verdict is Verdict.CONFIRMED or (stale and parsed.candidates)):
            yield found
        elif not found and beside and ENDS.match(parsed.after_of(item)) and item.figure.unit is Unit.NUMBER and is_telling(item.figure):
            name = scene.name(own.options[0])
            args = {"option": own.options[0], "strong": True}
            measure = Measure(type="votes", quantity=item.figure, worth=votes_worth(own.options[0], name), sure=own.sure, args=args)
            yield settle(parsed, item, scene_at(parsed, item, scene), measure)


ENDS = re.compile(r"^(?:[,.;)]|$| and\b| while\b| but\b| to \{)")
"""Nothing is counted by name: "Ahn mustered 5,504 and …"."""


def _is_barred(reading: Reading, strong: Claim | None, *, telling: bool) -> bool:
    """Whether a name beside the figure rules a reading out: it is hers, and no one else's; between those two, and no others."""
    if strong is None or "option" not in strong.args:
        return strong is not None and reading.type == strong.type
    if reading.args and strong.args["option"] not in reading.args.values():
        return True
    return strong.type == "share" and reading.type == "margin" and not telling


def _borne_out(parsed: Parsed, item: Item, scene: Scene, strong: Claim | None) -> CheckedClaim | None:
    """Return the first reading that the record bears out, of the moment that is meant and of others that are named, None if none is.

    It is confirmed where the figure has digits enough or the sentence a word for it, stale where an earlier count has it, else open.
    """
    quantity, telling, open_ = item.figure, is_telling(item.figure), None
    if quantity.unit not in OPEN:
        return None
    for moment in (scene_at(parsed, item, scene), *other_scenes(parsed, item, scene)):
        for reading in _fitting(parsed, item, moment):
            if _is_barred(reading, strong, telling=telling):
                continue
            measure = Measure(type=reading.type, quantity=quantity, worth=reading.worth, sure=False, args=reading.args)
            other = settle(parsed, item, moment, measure)
            if other.verdict is Verdict.CONFIRMED and (telling or reading.said(parsed, item)):
                return other
            if other.verdict in {Verdict.CONFIRMED, Verdict.STALE} and open_ is None:
                open_ = other if other.verdict is Verdict.STALE else replace(other, verdict=Verdict.CANNOT_CHECK)
    return open_


@lru_cache(maxsize=256)
def _named(parsed: Parsed, scene: Scene) -> tuple[str, ...]:
    """Who may be meant: those who are named here, those by their place, those who were named just before; else those who lead."""
    placed = _placed(parsed, scene)
    for one in (parsed, parsed.before):
        found = [
            option
            for item in (one.items if one else ())
            for option in (item.options or (in_group(item.group, scene) if item.group else ()))
        ]
        if found and one is parsed:
            before = [option for item in (parsed.before.candidates if parsed.before else ()) for option in item.options]
            return tuple(dict.fromkeys((*found, *placed, *before)))
        if found:
            return tuple(dict.fromkeys((*placed, *found)))
    return placed or in_group("top", scene)


PLACE = Pattern(
    r"\b(?P<place>first|second|third|fourth|fifth|sixth)(?:[- ]place)?\b(?! (?:time|round|slot|count|batch|update|debate|term|of))"
)


def _placed(parsed: Parsed, scene: Scene) -> tuple[str, ...]:
    """Who is meant by a place: "1,253 votes between third and fourth"."""
    order = scene.held.order() if scene.held else ()
    places = (PLACES[found["place"]] for found in PLACE.finditer(parsed.skeleton))
    return tuple(order[place - 1] for place in places if place <= len(order))


def _fitting(parsed: Parsed, item: Item, scene: Scene) -> Iterator[Reading]:
    """Yield what a figure could be that the record gives: of the candidates who are meant, of the count as a whole, of what was stated."""
    if not scene.could_mean:
        return
    quantity, named = item.figure, _named(parsed, scene)
    ground, kind = ground_of(scene), kind_of(parsed, quantity)
    yield from standing_table(ground, named, kind).fitting(quantity)
    if not kind.percent:
        yield from _of_the_count(parsed, item, scene)
        yield from _supposed(parsed, quantity, scene, named)
        yield from gains_table(ground, named, kind).fitting(quantity)
    yield from _rounded(quantity, scene)


def _of_the_count(parsed: Parsed, item: Item, scene: Scene) -> Iterator[Reading]:
    """All votes, all ballots: a bare figure is of what the words about it name."""
    for worth in _sums(parsed, item):
        if any((value := worth(held)) and item.figure.fits(value.number) for held in scene.could_mean):
            yield Reading(type="total", worth=worth)


@lru_cache(maxsize=256)
def _sums(parsed: Parsed, item: Item) -> tuple[Worth, ...]:
    near = f"{parsed.before_of(item, 45)}|{parsed.after_of(item, 30)}".lower()
    unit, bare = item.figure.unit, item.figure.unit is Unit.NUMBER
    is_votes = unit is not Unit.BALLOTS and not (bare and "ballot" in near and "vote" not in near)
    is_ballots = unit is not Unit.VOTES and not (bare and "vote" in near and "ballot" not in near)
    return (*((_all_votes,) if is_votes else ()), *((_all_ballots,) if is_ballots else ()))


def _all_votes(held: Held) -> Value | None:
    return Value(held.total, "total", f"{held.total:,} votes in all") if held.total else None


def _all_ballots(held: Held) -> Value | None:
    return Value(held.ballots, "ballots", f"{held.ballots:,} ballots cast") if held.ballots else None


def _rounded(quantity: Quantity, scene: Scene) -> Iterator[Reading]:
    """What an office or a firm says in round numbers itself: ballots left, ballots that have come back."""
    if quantity.unit not in {Unit.BALLOTS, Unit.VOTES, Unit.NUMBER} or quantity.value < ROUND:
        return
    known = [one for _, one in scene.race.facts.records.statements if one.kind is BallotKind.OUTSTANDING]
    known = sorted((one for one in known if one.contest in {"", scene.contest.id}), key=lambda one: one.stated_at)
    for one in (one for one in reversed(known) if quantity.fits(one.ballots)):
        yield Reading(type="outstanding", worth=_stated(one.ballots), said=_says_left if one is known[-1] else unsaid)
    for row in scene.race.coverage.of(GroupCount):
        if row.number and row.group == "all" and quantity.fits(row.number):
            yield Reading(type="group", worth=_returned(row.number), said=_says_returned)


ROUND = 1_000
LEFT_OVER = Pattern(LEFT, re.IGNORECASE)
EARLY = re.compile(r"\b(?:return\w*|come back|came back|mail\w*|early|sent|cast)\b", re.IGNORECASE)


def _says_left(parsed: Parsed, _item: Item) -> bool:
    return bool(LEFT_OVER.search(parsed.text))


def _says_returned(parsed: Parsed, _item: Item) -> bool:
    return bool(EARLY.search(parsed.text))


def _returned(ballots: int) -> Worth:
    return lambda _: Value(ballots, "number", f"{ballots:,} ballots had come back")


def _stated(ballots: int) -> Worth:
    return lambda _: Value(ballots, "ballots", f"{ballots:,} ballots were left")


def _supposed(parsed: Parsed, quantity: Quantity, scene: Scene, named: tuple[str, ...]) -> Iterator[Reading]:
    """What the count would be if a share that is written went to somebody: "70 percent of them would make it 22,899 to 20,430"."""
    figures = (item.quantity for one in (parsed, parsed.before) if one for item in one.items if item.quantity)
    parts = [one.value / 100 for one in figures if one.unit is Unit.PERCENT]
    statements = (one for _, one in scene.race.facts.records.statements if one.contest in {"", scene.contest.id})
    left = [one.ballots for one in statements if one.kind is BallotKind.OUTSTANDING] if parts else []
    held = scene.held
    if held is None or not left:
        return
    for option, part in product(held.order()[:2] or named, [*parts, *(1 - part for part in parts)]):
        number = held.votes.get(option, 0) + round(part * left[-1])
        if quantity.fits(number):
            words = f"{scene.name(option)} with {100 * part:.0f}% of {left[-1]:,} ballots: {number:,}"
            yield Reading(type="whatif", worth=_supposing(number, words), args={"option": option})


def _supposing(number: int, words: str) -> Worth:
    return lambda _: Value(number, "whatif", words)
