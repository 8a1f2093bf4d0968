"""What else a figure could be: the readings of a sentence that the record bears out, when the first one fails.

A figure with many digits hits a count by chance about never. If "2,726" is no number of the candidate it seemed to belong to, and is just
the margin between two who are named, the sentence was misread and is not wrong. A name that stands beside its figure is not explained away:
"Ahn, 8,156" stays contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import permutations, product

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEFT
from racecall.coverage.families.margins import margin_worth
from racecall.coverage.families.standing import share_worth, votes_worth
from racecall.coverage.numbers import YEAR, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import GroupCount
from racecall.coverage.scene import Scene
from racecall.coverage.settle import Measure, Value, Worth, is_telling, settle
from racecall.model.counts import BallotKind


def reread(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> CheckedClaim:
    """Return the first verdict, or that of a reading which the record bears out."""
    quantity = item.quantity
    if quantity is None or first.verdict not in {Verdict.CONTRADICTED, Verdict.CANNOT_CHECK}:
        return first
    readings = _readings(parsed, quantity, scene) if is_telling(quantity) else _rounded(quantity, scene)
    for type_, worth, args in readings:
        if first.claim.args.get("strong") and type_ == first.claim.type:
            continue
        if other := _borne_out(parsed, item, scene, Measure(type=type_, quantity=quantity, worth=worth, sure=False, args=args)):
            return other
    return first


def _borne_out(parsed: Parsed, item: Item, scene: Scene, measure: Measure) -> CheckedClaim | None:
    """Return a reading that is confirmed, None if no count that it could mean has the figure."""
    if not any((value := measure.worth(held)) and measure.quantity.fits(value.number) for held in scene.could_mean):
        return None
    checked = settle(parsed, item, scene, measure)
    return checked if checked.verdict is Verdict.CONFIRMED else None


def unclaimed(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Yield what a figure is that no family took, if the record bears a reading out: a verb that nobody listed is no error."""
    quantity = item.quantity
    if (
        quantity is None
        or quantity.unit not in {Unit.NUMBER, Unit.PERCENT, Unit.VOTES}
        or YEAR.fullmatch(parsed.text[item.start : item.end])
    ):
        return
    readings = (
        _readings(parsed, quantity, scene) if is_telling(quantity) else _rounded(quantity, scene) if LEFT_OVER.search(parsed.text) else ()
    )
    for type_, worth, args in readings:
        if checked := _borne_out(parsed, item, scene, Measure(type=type_, quantity=quantity, worth=worth, sure=False, args=args)):
            yield checked
            return


LEFT_OVER = Pattern(LEFT, re.IGNORECASE)


def _readings(parsed: Parsed, quantity: Quantity, scene: Scene) -> Iterator[tuple[str, Worth, dict[str, str]]]:
    """Measures of the candidates who are named here or just before, and of the count as a whole."""
    named = dict.fromkeys(option for one in (parsed, parsed.before) if one for item in one.candidates for option in item.options)
    percent = quantity.unit in {Unit.PERCENT, Unit.POINTS} or quantity.value <= 100
    for option in named:
        own = share_worth(option, "votes", scene.name(option)) if percent else votes_worth(option, scene.name(option))
        yield "share" if percent else "votes", own, {"option": option}
    for ahead, behind in permutations(named, 2):
        yield "margin", margin_worth(ahead, behind, scene, points=percent), {"ahead": ahead, "behind": behind}
    if not percent:
        yield from _of_the_count(scene)
        yield from _supposed(parsed, scene, tuple(named))
        for option in named:
            yield "change", _gain(option, scene), {"option": option}


def _of_the_count(scene: Scene) -> Iterator[tuple[str, Worth, dict[str, str]]]:
    yield "total", lambda held: Value(held.total, "total", f"{held.total:,} votes in all") if held.total else None, {}
    yield "total", lambda held: Value(held.ballots, "ballots", f"{held.ballots:,} ballots cast") if held.ballots else None, {}
    for _, said in scene.race.facts.records.statements:
        if said.kind is BallotKind.OUTSTANDING and said.contest in {"", scene.contest.id}:
            yield "outstanding", _stated(said.ballots), {}


def _rounded(quantity: Quantity, scene: Scene) -> Iterator[tuple[str, Worth, dict[str, str]]]:
    """What an office or a firm says in round numbers itself: ballots left, ballots that have come back."""
    if quantity.unit not in {Unit.BALLOTS, Unit.VOTES, Unit.NUMBER} or quantity.value < ROUND:
        return
    for _, said in scene.race.facts.records.statements:
        if said.kind is BallotKind.OUTSTANDING and said.contest in {"", scene.contest.id}:
            yield "outstanding", _stated(said.ballots), {}
    for row in scene.race.coverage.of(GroupCount):
        if row.number and row.group == "all":
            yield "group", _returned(row.number), {}


ROUND = 1_000


def _returned(ballots: int) -> Worth:
    return lambda _: Value(ballots, "number", f"{ballots:,} ballots had come back")


def _stated(ballots: int) -> Worth:
    return lambda _: Value(ballots, "ballots", f"{ballots:,} ballots were left")


def _gain(option: str, scene: Scene) -> Worth:
    def worth(held: Held) -> Value | None:
        before = [one for one in (*scene.earlier, *scene.counts) if one.at < held.at and option in one.votes]
        if not before or option not in held.votes:
            return None
        gained = held.votes[option] - before[-1].votes[option]
        return Value(gained, f"change[{option}]", f"{scene.name(option)} gained {gained:,}")

    return worth


def _supposed(parsed: Parsed, scene: Scene, named: tuple[str, ...]) -> Iterator[tuple[str, Worth, dict[str, str]]]:
    """What the count would be if a share that is written went to somebody: "70 percent of them would make it 22,899 to 20,430"."""
    held = scene.held
    statements = (one for _, one in scene.race.facts.records.statements if one.contest in {"", scene.contest.id})
    left = [one.ballots for one in statements if one.kind is BallotKind.OUTSTANDING]
    if held is None or not left:
        return
    figures = (item.quantity for one in (parsed, parsed.before) if one for item in one.items if item.quantity)
    parts = [one.value / 100 for one in figures if one.unit is Unit.PERCENT]
    for option, part in product(held.order()[:2] or named, [*parts, *(1 - part for part in parts)]):
        number = held.votes.get(option, 0) + round(part * left[-1])
        words = f"{scene.name(option)} with {100 * part:.0f}% of {left[-1]:,} ballots: {number:,}"
        yield "whatif", _supposing(number, words), {"option": option}


def _supposing(number: int, words: str) -> Worth:
    return lambda _: Value(number, "whatif", words)
