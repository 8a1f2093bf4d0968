"""A name beside a figure that is somebody else's: "Carmona drew 19,761 votes", where Gomez did.

What the record says of the one who is named may be nothing at all, and then a figure could not be checked. But a figure with many digits
that is just what somebody else has, or one of somebody who does not stand in the round, is settled: it is not that candidate's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.standing import share_worth, votes_worth
from racecall.coverage.families.tables import gain_worth
from racecall.coverage.numbers import Firmness, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene, other_scenes, scene_at
from racecall.coverage.settle import SUPPOSED, Value, Worth, is_telling

OWN = frozenset({"votes", "share", "pair", "change"})
"""Families of figures that are one candidate's."""
TWO = "margin"
"""The family of figures that are between two."""


def whose(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> CheckedClaim:
    """Return the verdict on a figure, contradicted where it could not be checked and is not of the one whose name stands beside it."""
    option = first.claim.args.get("option", "")
    named = first.claim.args.get("strong") and first.claim.type in {*OWN, TWO} and isinstance(option, str)
    if first.verdict is not Verdict.CANNOT_CHECK or not named or scene.foreign or SUPPOSED.search(parsed.text[: item.end]):
        return first
    for moment in (scene_at(parsed, item, scene), *other_scenes(parsed, item, scene)):
        if theirs := _of_another(item, moment, first, option):
            return theirs
    return first


def _of_another(item: Item, moment: Scene, first: CheckedClaim, option: str) -> CheckedClaim | None:
    people = {one.id: one.name for one in moment.contest.options if one.is_person}
    owners = list(_owners(item.figure, first.claim.type, [one for one in people if one != option], moment))
    if owners and is_telling(item.figure) and item.figure.firmness is Firmness.EXACT:
        owner, value, held = owners[0]
        words = f"{value.words}, {held.words}; of {moment.race.name(option)} no such figure is recorded."
        return _not_theirs(first, words, held, value, people[owner])
    if option not in people and moment.counts and not any(_owners(item.figure, first.claim.type, [option], moment)):
        words = f"{moment.race.name(option)} does not stand in this round ({moment.contest.title})."
        value = Value(0, f"options[{option}]", words)
        fix = people[owners[0][0]] if len({owner for owner, _, _ in owners}) == 1 else ""
        return _not_theirs(first, words, moment.counts[-1], value, fix)
    return None


def pair_of_others(parsed: Parsed, items: tuple[Item, Item], scene: Scene, first: CheckedClaim) -> CheckedClaim | None:
    """Return a pair of which one does not stand in the round, None if both do."""
    if first.verdict is not Verdict.CANNOT_CHECK or scene.foreign:
        return None
    larger_first = sorted(items, key=lambda item: -item.figure.value)
    for item, option in zip(larger_first, first.claim.args["options"], strict=True):
        claim = replace(first.claim, args={**first.claim.args, "option": option, "strong": True})
        half = whose(parsed, item, scene, replace(first, claim=claim))
        if half.verdict is Verdict.CONTRADICTED and all(option != one.id for one in scene.contest.options):
            return replace(half, claim=first.claim)
    return None


def _owners(quantity: Quantity, type_: str, options: list[str], scene: Scene) -> Iterator[tuple[str, Value, Held]]:
    """Yield who has just this figure in a count that the sentence could mean."""
    for option in options if type_ in OWN else ():
        for worth in _measures(type_, quantity, scene)(option):
            for held in scene.could_mean:
                if (value := worth(held)) and quantity.fits(value.number):
                    yield option, value, held
                    break


def _measures(type_: str, quantity: Quantity, scene: Scene) -> Callable[[str], Iterator[Worth]]:
    """Return what a family's figure is of a candidate."""

    def of(option: str) -> Iterator[Worth]:
        name = scene.name(option)
        if type_ == "change":
            yield from (gain_worth(option, before, scene.contest) for before in (*scene.earlier, *scene.counts))
        elif quantity.unit is Unit.PERCENT or quantity.value <= 100:
            yield share_worth(option, "votes", name)
        else:
            yield votes_worth(option, name)

    return of


def _not_theirs(first: CheckedClaim, words: str, held: Held, value: Value, owner: str) -> CheckedClaim:
    trace = held.trace(value.column, round(value.number, 4), value.words, value.formula)
    return replace(first, verdict=Verdict.CONTRADICTED, reason=words, evidence=(*first.evidence, trace), suggestion=owner)
