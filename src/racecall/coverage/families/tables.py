"""What the counts say of those who are meant, by size: a figure is looked up, and not tried as one thing after the other.

A figure of a sentence could be the votes of each who is named, their share, how far each is ahead of each other one, and what all that has
moved by since any count before: some hundreds of numbers, the same for every sentence that names the same people and can mean the same
counts. They are reckoned once and sorted, and of a figure only what it fits is looked at (`racecall.coverage.families.readings`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import permutations, product

from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEAD
from racecall.coverage.families.margins import margin_worth
from racecall.coverage.families.standing import among_percents, share_worth, votes_worth
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import Value, Worth, once
from racecall.model.contest import Contest

RATES = frozenset({Unit.PERCENT, Unit.POINTS})
FEW = 4
"""Of more who are named, a figure with few digits is somebody's by chance."""

Said = Callable[[Parsed, Item], bool]
"""Whether a sentence has a word for what a figure is read as."""


def unsaid(_parsed: Parsed, _item: Item) -> bool:
    """No word of the sentence says it."""
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a figure could be.

    Args:
        type: Family of the claim.
        worth: What a count says of it.
        args: What the claim says.
        said: The sentence has a word for it, so that a figure with few digits may be taken as it.
    """

    type: str
    worth: Worth
    args: dict[str, str] = field(default_factory=dict)
    said: Said = unsaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What of a scene the numbers follow from.

    Args:
        contest: The round.
        counts: Its counts, oldest first, between which something may have moved.
        rounds: The last counts of the other rounds.
        could_mean: Every count that a figure could be of.
    """

    contest: Contest
    counts: tuple[Held, ...]
    rounds: tuple[Held, ...]
    could_mean: tuple[Held, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What sort of figure is looked for.

    Args:
        unit: What it counts.
        percent: It is one of a hundred.
        of_votes: It is none of ballots or of voters on the roll.
    """

    unit: Unit
    percent: bool
    of_votes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The numbers of some readings, by size.

    Args:
        readings: The readings, the likeliest first.
        numbers: What counts say of them, the least first.
        places: Of each number, the place of its reading.
    """

    readings: tuple[Reading, ...]
    numbers: tuple[float, ...]
    places: tuple[int, ...]

    def fitting(self, quantity: Quantity) -> Iterator[Reading]:
        """Yield the readings of which a count says a number that a figure fits, the likeliest first."""
        low, high = quantity.reach
        near = range(bisect_left(self.numbers, low), bisect_right(self.numbers, high))
        places = {self.places[at] for at in near if quantity.fits(self.numbers[at])}
        return (self.readings[place] for place in sorted(places))


@lru_cache(maxsize=256)
def ground_of(scene: Scene) -> Ground:
    """Return what of a scene the numbers follow from."""
    race = scene.race
    rounds = tuple(held for contest in race.contests if contest is not scene.contest for held in race.counts[contest.id][-1:])
    return Ground(contest=scene.contest, counts=(*scene.earlier, *scene.counts), rounds=rounds, could_mean=scene.could_mean)


def kind_of(parsed: Parsed, quantity: Quantity) -> Kind:
    """Return what sort of figure it is."""
    bare = quantity.unit is Unit.NUMBER and quantity.value <= 100 and among_percents(parsed, quantity)
    of_votes = "ballot" not in quantity.base and "regist" not in quantity.base
    return Kind(unit=quantity.unit, percent=quantity.unit in RATES or bare, of_votes=of_votes)


@lru_cache(maxsize=1024)
def standing_table(ground: Ground, named: tuple[str, ...], kind: Kind) -> Table:
    """Return how those who are meant stand, and how that has moved: the same for every story that is held against the same counts."""
    return _table((*_own(ground, named, kind), *_between(ground, named, kind), *_moved(ground, named[:FEW], kind)), ground.could_mean)


@lru_cache(maxsize=1024)
def gains_table(ground: Ground, named: tuple[str, ...], kind: Kind) -> Table:
    """Return what those who are meant have gained between two counts."""
    return _table(_gained(ground, named, kind), ground.could_mean)


def _table(readings: Iterable[Reading], counts: Iterable[Held]) -> Table:
    known, held = tuple(readings), tuple(counts)
    found = sorted((value.number, place) for place, reading in enumerate(known) for one in held if (value := reading.worth(one)))
    return Table(readings=known, numbers=tuple(number for number, _ in found), places=tuple(place for _, place in found))


def _own(ground: Ground, named: tuple[str, ...], kind: Kind) -> Iterator[Reading]:
    """The votes or the share of each."""
    if kind.unit in {Unit.POINTS, Unit.BALLOTS} or not kind.of_votes:
        return
    for option in named:
        name, args = ground.contest.name_of(option), {"option": option}
        if kind.percent:
            said = partial(_names, option) if kind.unit is Unit.PERCENT and len(named) <= FEW else unsaid
            yield Reading(type="share", worth=share_worth(option, "votes", name), args=args, said=said)
        else:
            yield Reading(type="votes", worth=votes_worth(option, name), args=args)


def _between(ground: Ground, named: tuple[str, ...], kind: Kind) -> Iterator[Reading]:
    """How far each is ahead of each other one."""
    said = _says_margin if len(named) <= FEW else unsaid
    for ahead, behind in permutations(named, 2) if kind.unit is not Unit.BALLOTS else ():
        worth = margin_worth(ahead, behind, ground.contest, points=kind.percent)
        yield Reading(type="margin", worth=worth, args={"ahead": ahead, "behind": behind}, said=said)


def _moved(ground: Ground, named: tuple[str, ...], kind: Kind) -> Iterator[Reading]:
    """How far shares, and margins between two, have moved between two counts."""
    points = kind.unit in RATES
    for option, before in product(named, ground.counts) if points else ():
        yield Reading(type="change", worth=_share_moved(option, before, ground.contest), args={"option": option}, said=_says_moved)
    for pair, before in product(permutations(named, 2), ground.counts) if kind.unit is not Unit.BALLOTS else ():
        worth = _margin_moved(pair, before, ground.contest, points=points)
        yield Reading(type="change", worth=worth, args={"option": pair[0], "behind": pair[1]}, said=_says_moved)


def _gained(ground: Ground, named: tuple[str, ...], kind: Kind) -> Iterator[Reading]:
    """What each has gained in votes."""
    if kind.percent or kind.unit is Unit.BALLOTS:
        return
    said = _says_gain if len(named) <= FEW else unsaid
    for option, before in product(named[:FEW], (*ground.counts, *ground.rounds)):
        yield Reading(type="change", worth=gain_worth(option, before, ground.contest), args={"option": option}, said=said)


def gain_worth(option: str, before: Held, contest: Contest) -> Worth:
    """Return what an option gained between one count and another."""

    def worth(held: Held) -> Value | None:
        if before.at >= held.at or option not in before.votes or option not in held.votes:
            return None
        gained = held.votes[option] - before.votes[option]
        return Value(gained, f"change[{option}]", f"{contest.name_of(option)} gained {gained:,}")

    return once(("gain", option, before.row, contest.id), worth)


def _share_moved(option: str, before: Held, contest: Contest) -> Worth:
    def worth(held: Held) -> Value | None:
        then, now = before.share(option), held.share(option)
        if before.at >= held.at or then is None or now is None:
            return None
        words = f"{contest.name_of(option)} {100 * then:.2f}% → {100 * now:.2f}%"
        return Value(abs(100 * (now - then)), f"change[{option}]", words)

    return once(("share moved", option, before.row, contest.id), worth)


def _margin_moved(pair: tuple[str, ...], before: Held, contest: Contest, *, points: bool) -> Worth:
    margin = margin_worth(pair[0], pair[1], contest, points=points)

    def worth(held: Held) -> Value | None:
        then, now = (margin(before), margin(held)) if before.at < held.at else (None, None)
        return Value(now.number - then.number, "change[margin]", f"{then.words}; then {now.words}") if then and now else None

    return once(("margin moved", *pair, before.row, contest.id, points), worth)


# -- what a sentence has a word for --------------------------------------------------------------------------------------------------

MARGIN_WORDS = re.compile(
    rf"\b(?:{LEAD}|margin|trail\w*|behind|back|short|shy|up|down|over|past|separat\w*|apart|between|within|edg\w+|clear|better|beat\w*|"
    r"defeat\w*|win|race|rout|romp|squeaker|finish|contest|closer?|points?)\b",
    re.IGNORECASE,
)
"""Words without which a figure with few digits is no margin."""
GAIN_WORDS = re.compile(
    r"\b(?:gain\w*|add\w*|picked up|more|since|grew|grown|rose|climb\w*|jump\w*|fell|slip\w*|drop\w*|shr[aiu]nk|late|later|"
    r"latest|new|newly|"
    r"remaining|after|update|batch|tranche|netted|another|increase\w*|up|went)\b",
    re.IGNORECASE,
)
"""Words without which it is nothing that came in."""
MOVED_WORDS = re.compile(
    r"\b(?:up|down|gain\w*|lost|los(?:es|ing)|rose|fell|drop\w*|slip\w*|climb\w*|grew|net|more|shed|off|increase\w*|jump\w*)\b"
)
"""Words without which nothing has moved by it."""


def _names(option: str, parsed: Parsed, _item: Item) -> bool:
    return any(option in one.options for one in parsed.candidates)


def _says_margin(parsed: Parsed, item: Item) -> bool:
    return bool(MARGIN_WORDS.search(_near(parsed, item)))


def _says_gain(parsed: Parsed, item: Item) -> bool:
    return bool(GAIN_WORDS.search(_near(parsed, item)))


def _says_moved(parsed: Parsed, item: Item) -> bool:
    return bool(MOVED_WORDS.search(parsed.before_of(item, 40)))


def _near(parsed: Parsed, item: Item) -> str:
    """The words about a figure, from the last semicolon on."""
    return re.split(r";", parsed.before_of(item, 120))[-1] + "|" + parsed.after_of(item, 60)
