"""What else a figure could be: the readings of a sentence that the record bears out, when the first one fails.

A figure with many digits hits a count by chance about never. If "2,726" is no number of the candidate it seemed to belong to, and is just
the margin between two who are named, the sentence was misread and is not wrong. A figure with few digits is met by chance: it is taken as
what the sentence has a word for, and where it has none, what it could be only keeps it from being contradicted. A name that stands beside
its figure is not explained away: "Ahn, 8,156" stays contradicted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import permutations, product

from racecall.coverage.claims import CheckedClaim, Claim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEAD, LEFT
from racecall.coverage.families.margins import margin_worth
from racecall.coverage.families.ranks import PLACES
from racecall.coverage.families.standing import among_percents, share_worth, votes_worth
from racecall.coverage.families.subjects import in_group, subject_of
from racecall.coverage.numbers import YEAR, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import GroupCount
from racecall.coverage.scene import Scene, other_scenes, scene_at
from racecall.coverage.settle import Measure, Value, Worth, claim_at, is_telling, once, settle
from racecall.model.counts import BallotKind

RATES = frozenset({Unit.PERCENT, Unit.POINTS})
OPEN = frozenset({Unit.NUMBER, Unit.PERCENT, Unit.POINTS, Unit.VOTES, Unit.BALLOTS})
"""What a figure may count that is looked for in the whole record."""
FEW = 4
"""Of more who are named, a figure with few digits is somebody's by chance."""


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
    said: bool = False


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
        for reading in (*_readings(parsed, item, moment), *_rounded(parsed, quantity, moment)):
            if _is_barred(reading, strong, telling=telling):
                continue
            if not any((value := reading.worth(held)) and quantity.fits(value.number) for held in moment.could_mean):
                continue
            measure = Measure(type=reading.type, quantity=quantity, worth=reading.worth, sure=False, args=reading.args)
            other = settle(parsed, item, moment, measure)
            if other.verdict is Verdict.CONFIRMED and (telling or reading.said):
                return other
            if other.verdict in {Verdict.CONFIRMED, Verdict.STALE} and open_ is None:
                open_ = other if other.verdict is Verdict.STALE else replace(other, verdict=Verdict.CANNOT_CHECK)
    return open_


WORDS = {
    "margin": re.compile(
        rf"\b(?:{LEAD}|margin|trail\w*|behind|back|short|shy|up|down|over|past|separat\w*|apart|between|within|edg\w+|clear|better|beat\w*|"
        r"defeat\w*|win|race|rout|romp|squeaker|finish|contest|closer?|points?)\b",
        re.IGNORECASE,
    ),
    "change": re.compile(
        r"\b(?:gain\w*|add\w*|picked up|more|since|grew|grown|rose|climb\w*|jump\w*|fell|slip\w*|drop\w*|shr[aiu]nk|late|later|"
        r"latest|new|newly|"
        r"remaining|after|update|batch|tranche|netted|another|increase\w*|up|went)\b",
        re.IGNORECASE,
    ),
}
"""Words without which a figure with few digits is no margin, and nothing that came in."""


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


def _moved(parsed: Parsed, item: Item, scene: Scene, named: tuple[str, ...]) -> Iterator[Reading]:
    """How far shares, and margins between two, have moved between two counts."""
    quantity, counts = item.figure, (*scene.earlier, *scene.counts)
    said = bool(MOVES.search(parsed.before_of(item, 40)))
    if quantity.unit in RATES:
        for option, before in product(named[:FEW], counts):
            yield Reading(type="change", worth=_share_moved(option, before, scene), args={"option": option}, said=said)
    if quantity.unit is not Unit.BALLOTS:
        points = quantity.unit in RATES
        for pair, before in product(permutations(named[:FEW], 2), counts):
            worth = _margin_moved(pair, before, scene, points=points)
            yield Reading(type="change", worth=worth, args={"option": pair[0], "behind": pair[1]}, said=said)


MOVES = re.compile(
    r"\b(?:up|down|gain\w*|lost|los(?:es|ing)|rose|fell|drop\w*|slip\w*|climb\w*|grew|net|more|shed|off|increase\w*|jump\w*)\b"
)


def _share_moved(option: str, before: Held, scene: Scene) -> Worth:
    def worth(held: Held) -> Value | None:
        then, now = before.share(option), held.share(option)
        if before.at >= held.at or then is None or now is None:
            return None
        words = f"{scene.name(option)} {100 * then:.2f}% → {100 * now:.2f}%"
        return Value(abs(100 * (now - then)), f"change[{option}]", words)

    return once(("share moved", option, before.row, scene.contest.id), worth)


def _margin_moved(pair: tuple[str, ...], before: Held, scene: Scene, *, points: bool) -> Worth:
    margin = margin_worth(pair[0], pair[1], scene, points=points)

    def worth(held: Held) -> Value | None:
        then, now = (margin(before), margin(held)) if before.at < held.at else (None, None)
        return Value(now.number - then.number, "change[margin]", f"{then.words}; then {now.words}") if then and now else None

    return once(("margin moved", *pair, before.row, scene.contest.id, points), worth)


PLACE = re.compile(
    r"\b(?P<place>first|second|third|fourth|fifth|sixth)(?:[- ]place)?\b(?! (?:time|round|slot|count|batch|update|debate|term|of))"
)


def _placed(parsed: Parsed, scene: Scene) -> tuple[str, ...]:
    """Who is meant by a place: "1,253 votes between third and fourth"."""
    order = scene.held.order() if scene.held else ()
    places = (PLACES[found["place"]] for found in PLACE.finditer(parsed.skeleton))
    return tuple(order[place - 1] for place in places if place <= len(order))


def _readings(parsed: Parsed, item: Item, scene: Scene) -> Iterator[Reading]:
    """Measures of the candidates who are meant, and of the count as a whole."""
    quantity, named = item.figure, _named(parsed, scene)
    percent = quantity.unit in RATES or (quantity.unit is Unit.NUMBER and quantity.value <= 100 and among_percents(parsed, quantity))
    here = {option for one in parsed.candidates for option in one.options}
    near = re.split(r";", parsed.before_of(item, 120))[-1] + "|" + parsed.after_of(item, 60)
    if quantity.unit is not Unit.POINTS and "ballot" not in quantity.base and "regist" not in quantity.base:
        for option in named if quantity.unit is not Unit.BALLOTS else ():
            own = share_worth(option, "votes", scene.name(option)) if percent else votes_worth(option, scene.name(option))
            said = percent and quantity.unit is Unit.PERCENT and option in here and len(named) <= FEW
            yield Reading(type="share" if percent else "votes", worth=own, args={"option": option}, said=said)
    if quantity.unit is not Unit.BALLOTS:
        worded = bool(WORDS["margin"].search(near)) and len(named) <= FEW
        for ahead, behind in permutations(named, 2):
            worth = margin_worth(ahead, behind, scene, points=percent)
            yield Reading(type="margin", worth=worth, args={"ahead": ahead, "behind": behind}, said=worded)
    yield from _moved(parsed, item, scene, named)
    if not percent:
        yield from _of_the_count(parsed, item)
        yield from (Reading(type=type_, worth=worth, args=args) for type_, worth, args in _supposed(parsed, scene, named))
    if not percent and quantity.unit is not Unit.BALLOTS:
        worded = bool(WORDS["change"].search(near))
        rounds = (held for contest in scene.race.contests for held in scene.race.counts[contest.id][-1:] if contest is not scene.contest)
        for option, before in product(named[:FEW], (*scene.earlier, *scene.counts, *rounds)):
            yield Reading(type="change", worth=gain_worth(option, before, scene), args={"option": option}, said=worded)


def _of_the_count(parsed: Parsed, item: Item) -> Iterator[Reading]:
    """All votes, all ballots: a bare figure is of what the words about it name."""
    near = f"{parsed.before_of(item, 45)}|{parsed.after_of(item, 30)}".lower()
    quantity, bare = item.figure, item.figure.unit is Unit.NUMBER
    if quantity.unit is not Unit.BALLOTS and not (bare and "ballot" in near and "vote" not in near):
        yield Reading(type="total", worth=lambda held: Value(held.total, "total", f"{held.total:,} votes in all") if held.total else None)
    if quantity.unit is not Unit.VOTES and not (bare and "vote" in near and "ballot" not in near):
        yield Reading(
            type="total", worth=lambda held: Value(held.ballots, "ballots", f"{held.ballots:,} ballots cast") if held.ballots else None
        )


def _rounded(parsed: Parsed, quantity: Quantity, scene: Scene) -> Iterator[Reading]:
    """What an office or a firm says in round numbers itself: ballots left, ballots that have come back."""
    if quantity.unit not in {Unit.BALLOTS, Unit.VOTES, Unit.NUMBER} or quantity.value < ROUND:
        return
    known = [one for _, one in scene.race.facts.records.statements if one.kind is BallotKind.OUTSTANDING]
    known = sorted((one for one in known if one.contest in {"", scene.contest.id}), key=lambda one: one.stated_at)
    worded = bool(LEFT_OVER.search(parsed.text))
    for one in reversed(known):
        yield Reading(type="outstanding", worth=_stated(one.ballots), said=worded and one is known[-1])
    for row in scene.race.coverage.of(GroupCount):
        if row.number and row.group == "all":
            yield Reading(type="group", worth=_returned(row.number), said=bool(EARLY.search(parsed.text)))


ROUND = 1_000
LEFT_OVER = Pattern(LEFT, re.IGNORECASE)
EARLY = re.compile(r"\b(?:return\w*|come back|came back|mail\w*|early|sent|cast)\b", re.IGNORECASE)


def _returned(ballots: int) -> Worth:
    return lambda _: Value(ballots, "number", f"{ballots:,} ballots had come back")


def _stated(ballots: int) -> Worth:
    return lambda _: Value(ballots, "ballots", f"{ballots:,} ballots were left")


def gain_worth(option: str, before: Held, scene: Scene) -> Worth:
    """Return what an option gained between one count and another."""

    def worth(held: Held) -> Value | None:
        if before.at >= held.at or option not in before.votes or option not in held.votes:
            return None
        gained = held.votes[option] - before.votes[option]
        return Value(gained, f"change[{option}]", f"{scene.name(option)} gained {gained:,}")

    return once(("gain", option, before.row, scene.contest.id), worth)


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
