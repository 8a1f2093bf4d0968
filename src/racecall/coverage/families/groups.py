"""Ballots and voters by group: an estimate of somebody by a method, both of which are said with the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.record import Coverage
from racecall.coverage.rows import GroupCount
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, figure, from_row, judged


@lru_cache(maxsize=16)
def group_pattern(coverage: Coverage) -> re.Pattern[str] | None:
    """Return what finds the names of the groups that are counted in the record, None if none is."""
    names = sorted({row.group for row in coverage.of(GroupCount) if row.group != "all"}, key=lambda name: (-len(name), name))
    return re.compile("|".join(_spelt(name) for name in names), re.IGNORECASE) if names else None


def groups(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Korean Americans cast more than 4,000 early ballots": the group whose name is nearest to the figure."""
    rows = _rows_near(parsed, item, scene)
    if not rows:
        return
    quantity = item.figure
    claim = claim_at(parsed, "group", item.start, item.end, group=rows[-1].group, value=quantity.value)
    told = [(row, value) for row in reversed(_of_stage(rows, parsed, scene)) if (value := _value(row, quantity, parsed, item)) is not None]
    if not told:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"No such figure for {rows[-1].group} voters is recorded.")
        return
    row, value = next(((row, value) for row, value in told if _fits(quantity, value, row)), told[0])
    fits = _fits(quantity, value, row)
    settled = (
        not SIGNED_UP.match(parsed.after_of(item, 60))
        and (_gap(parsed, item, row.group) or 0) <= BESIDE
        and quantity.value < FAR * value
        and value < FAR * quantity.value
    )
    wrong = Verdict.CONTRADICTED if settled else Verdict.CANNOT_CHECK
    verdict = Verdict.CONFIRMED if fits else Verdict.UNDERSTATED if quantity.is_weak(value) else wrong
    words = _words(row, value, quantity)
    trace = from_row(row, "number", value, f"early ballots · {words}")
    yield judged(scene, claim, verdict, f"{words}.", [trace], "" if fits else figure(value, quantity.unit))


def returned(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "more than 18,000 mail ballots had been returned": what a firm counted before the day."""
    rows = [row for row in scene.race.coverage.of(GroupCount) if row.group == "all" and row.number and row.measure == "ballots_returned"]
    rows = _of_stage(rows, parsed, scene)
    if not rows:
        return
    quantity, row = item.figure, next((one for one in reversed(rows) if item.figure.fits(one.number or 0)), rows[-1])
    number = float(row.number or 0)
    claim = claim_at(parsed, "group", item.start, item.end, group="all", value=quantity.value)
    verdict = (
        Verdict.CONFIRMED if _fits(quantity, number, row) else Verdict.UNDERSTATED if quantity.is_weak(number) else Verdict.CANNOT_CHECK
    )
    words = _words(row, number, quantity)
    yield judged(scene, claim, verdict, f"{words}.", [from_row(row, "number", number, f"early ballots · {words}")])


def _rows_near(parsed: Parsed, item: Item, scene: Scene) -> list[GroupCount]:
    rows = scene.race.coverage.of(GroupCount)
    gaps = {group: gap for group in {row.group for row in rows} - {"all"} if (gap := _gap(parsed, item, group)) is not None}
    nearest = min(gaps, key=lambda group: gaps[group], default="")
    return [row for row in rows if nearest and row.group == nearest]


def _gap(parsed: Parsed, item: Item, group: str) -> int | None:
    """How far from the figure a group's name stands [characters], None if it is not near: two groups have a figure each."""
    places = (found.span() for found in re.finditer(_spelt(group), parsed.text, re.IGNORECASE))
    gaps = (max(item.start - end, start - item.end, 0) for start, end in places)
    return min((gap for gap in gaps if gap <= NEAR), default=None)


def _spelt(group: str) -> str:
    """A group's name as papers spell it: without what stands in brackets, with a hyphen or without, one or many."""
    return re.escape(re.sub(r"\s*\([^)]*\)", "", group)).replace(r"\ ", r"[ -]") + "s?"


SIGNED_UP = re.compile(r"^[^.;]{0,40}\bregister(?:ed|ing)\b(?! voters)")
"""Who signs up to vote has not returned a ballot."""
BESIDE, FAR = 40, 3
"""A figure is held against a group's only where its name is so near [characters], and where it is not of another size altogether."""
NEAR = 75
"""A name further from a figure than this [characters] is not what it counts."""


def _of_stage(rows: list[GroupCount], parsed: Parsed, scene: Scene) -> list[GroupCount]:
    """The rows of the round that is meant, all of them if it has none."""
    race = scene.race
    stage = {race.contests[0].id} if re.search(r"\bprimary\b|April", parsed.text) else {race.current.id, (race.coming or race.current).id}
    return [row for row in rows if row.contest in stage] or rows


def _value(row: GroupCount, quantity: Quantity, parsed: Parsed, item: Item) -> float | None:
    """What a row has of the measure that is written: ballots, a share of them, a share of the roll, a rate of return."""
    if quantity.unit is not Unit.PERCENT:
        return None if row.number is None or row.measure == "registered" else float(row.number)
    near = parsed.text[max(item.start - 45, 0) : item.end + 60]
    if row.return_rate is not None and RETURNED.search(near):
        return 100 * row.return_rate
    of_the_roll = bool(ROLL.search(near))
    return 100 * row.share if row.share is not None and (row.measure == "registered") == of_the_roll else None


RETURNED = re.compile(r"return rate|of (?:their|its)\b|of them (?:had )?(?:returned|voted|sent)|returned (?:their|a)")
ROLL = re.compile(r"regist|electorate|of (?:the )?(?:district's )?voters|(?:half|third|quarter) (?:of )?(?:the )?(?:district's )?voters")


def _fits(quantity: Quantity, value: float, row: GroupCount) -> bool:
    """Whether a figure is this one; a firm's rounded number of ballots may be off by a fiftieth, a share by half a point."""
    rounded = 0.5 if quantity.unit is Unit.PERCENT else max(0.02 * value, 1) if row.approximate else 0
    return quantity.fits(value) or (rounded > 0 and quantity.low - rounded <= value <= quantity.high + rounded)


def _words(row: GroupCount, value: float, quantity: Quantity) -> str:
    unit = "%" if quantity.unit is Unit.PERCENT else " ballots"
    method = row.method or "method not said"
    return f"{row.group}: {figure(value, quantity.unit)}{unit} by {row.as_of:%-d %B %Y}, an estimate of {row.firm or 'a firm'} ({method})"
