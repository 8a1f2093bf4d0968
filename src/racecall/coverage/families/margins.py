"""How far one is ahead of another, in votes or points, and between whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEAD
from racecall.coverage.families.standing import as_unit, share_worth, unsettled
from racecall.coverage.families.subjects import Subject, clause_subject, in_group, subject_of
from racecall.coverage.numbers import Firmness, Unit
from racecall.coverage.parsing import C, G, Item, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import Measure, Value, Worth, claim_at, fits_any, is_telling, judged, once, settle
from racecall.model.contest import Contest

NOBODY_DOES = re.compile(r"\b(?:[Nn]one|[Nn]obody|[Nn]o one|[Nn]either|[Nn]ever|[Nn]o (?:other )?candidate)\b[^.;{]*$")
OUTRIGHT = re.compile(
    rf"(?P<ahead>{C})(?:, [a-z ]{{3,20}},)?(?:,? (?:\w+ ){{0,3}}?)"
    rf"(?P<verb>[a-z-]+(?: (?:out|past|ahead of))?) (?:fellow \w+ |[a-z]+-place (?:\w+ )?|rival )?"
    rf"(?P<behind>{C})[^{{}};]{{0,24}}? by "
    r"(?:a (?:margin|mere|scant|whisker) (?:of )?|just |only |about |some )*$"
)
"""One does something to another by so many: "nipped Carrillo by just 10"."""


def _outright(parsed: Parsed, item: Item) -> tuple[str, ...]:
    found = OUTRIGHT.search(parsed.skeleton[: parsed.place(item)[0]])
    if not found or re.match(r"and|or|to|with|lost|fell", found["verb"]):
        return ()
    two = (*parsed.item(found["ahead"]).options[:1], *parsed.item(found["behind"]).options[:1])
    return two[::-1] if re.match(r"trail|lag|follow", found["verb"]) else two


def margin(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How far one is ahead of another, in votes or points."""
    if several := _all_behind(parsed, item, scene):
        yield several
        return
    if re.match(rf"[^.;,{{]{{0,25}}\{{P\d+\}}(?!(?:'s)? (?:\w+ ){{1,3}}{C})", parsed.after_of(item)):
        yield unsettled(parsed, item, scene, "margin", "It is between somebody who stands and somebody who does not.")
        return
    if NOBODY_DOES.search(parsed.before_of(item)):
        yield unsettled(parsed, item, scene, "margin", "It is said of nobody, and not of two who are named.")
        return
    yield from _between(parsed, item, scene)


MAJORITY = 50
"""What is needed to win outright [percent]."""


def short(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "22 points shy of the 50 percent needed": how far a share is from half of the votes."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:1]:
        of_votes = share_worth(option, "votes", scene.name(option))

        def worth(held: Held, of_votes: Worth = of_votes) -> Value | None:
            value = of_votes(held)
            return value and replace(
                value, number=MAJORITY - value.number, words=f"{value.words}: {MAJORITY - value.number:.2f} short of half"
            )

        quantity = as_unit(item.figure, Unit.POINTS)
        yield settle(
            parsed,
            item,
            scene,
            Measure(type="margin", quantity=quantity, worth=worth, sure=subject.sure, args={"ahead": option}, suffix=" points"),
        )


def _between(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A margin between those whom the sentence names for it; where they have another one, between others it may mean."""
    quantity = item.figure
    pair, sure = margin_pair(parsed, item, scene)
    if len(outright := _outright(parsed, item)) == 2:
        pair, sure = outright, True
    strong = pair == outright
    if SYMMETRIC.search(parsed.before_of(item, 30) + "|" + parsed.after_of(item, 12)) and not re.search(rf"{C}|{G}", parsed.skeleton):
        pair, sure = in_group("top", scene), True
    if len(set(pair)) != 2:
        yield unsettled(parsed, item, scene, "margin", "It is not settled between whom this margin is.")
        return
    points = quantity.unit in {Unit.PERCENT, Unit.POINTS} or (quantity.unit is Unit.NUMBER and quantity.value < 100)
    only_two = sum(option.is_person for option in scene.contest.options) == len(pair)
    symmetric = (
        (only_two and not sure)
        or quantity.firmness is Firmness.AT_MOST
        or bool(SYMMETRIC.search(parsed.before_of(item, 30) + "|" + parsed.after_of(item, 22)))
    )
    if quantity.unit is Unit.NUMBER and quantity.value == int(quantity.value):
        in_votes = _margin_of(parsed, item, scene, pair, points=False, symmetric=symmetric, sure=sure)
        points = points and in_votes.verdict is not Verdict.CONFIRMED
    first = _margin_of(parsed, item, scene, pair, points=points, symmetric=symmetric, sure=sure or only_two)
    if strong or first.verdict not in {Verdict.CONTRADICTED, Verdict.CANNOT_CHECK, Verdict.STALE}:
        yield replace(first, claim=replace(first.claim, args={**first.claim.args, "strong": strong}))
        return
    yield _of_other_pairs(parsed, item, scene, first, pair, points=points)


def _of_other_pairs(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim, pair: tuple[str, ...], *, points: bool) -> CheckedClaim:
    """Return a margin that others have, if the name beside the figure is one of theirs; else the first verdict, or that it is theirs."""
    beside = _beside(parsed, item)
    others = dict.fromkeys(_other_pairs(parsed, scene, pair))
    told = (
        _margin_of(parsed, item, scene, other, points=points, sure=False)
        for other in others
        if _could_be(item, scene, other, points=points)
    )
    fitting = [other for other in told if other.verdict is Verdict.CONFIRMED]
    theirs = [other for other in fitting if beside in {"", other.claim.args["ahead"], other.claim.args["behind"]}]
    return theirs[0] if theirs else _of_others(first, fitting, beside, item, scene) if beside else first


BESIDE_AFTER = re.compile(
    rf"^(?:[- ](?!ahead|clear|behind)\w+){{0,3}}? (?:ahead of|clear of|in front of|over|behind|back of|short of|shy of|more than|"
    rf"fewer than|above|against|of) (?:Mr |Ms |Mrs |fellow |rival )?({C})"
)
BESIDE_BEFORE = re.compile(
    rf"({C})'s (?:\w+ ){{0,2}}$|({C})(?:'s)? (?:\w+ ){{0,2}}?{LEAD}\b(?: (?:over|against|on) {C})? (?:(?:is|was|of|at|past|\w+s past) )?$|"
    rf"{LEAD} (?:over|against|on) ({C}) (?:is|was|of|stood at|stands at) $"
)
"""A name beside a margin: it is hers, or the one that it is over."""


def _beside(parsed: Parsed, item: Item) -> str:
    """Return the candidate whose name stands beside a margin, "" if none does."""
    after = BESIDE_AFTER.match(parsed.after_of(item))
    found = after or BESIDE_BEFORE.search(parsed.before_of(item))
    named = parsed.item(next(mark for mark in found.groups() if mark)) if found else None
    return named.options[0] if named and named.sure and len(named.options) == 1 else ""


def _of_others(first: CheckedClaim, fitting: list[CheckedClaim], beside: str, item: Item, scene: Scene) -> CheckedClaim:
    """A margin that is between others than the one beside it is not hers, if it has digits enough to tell."""
    claim = replace(first.claim, args={**first.claim.args, "strong": True, "option": beside})
    if not fitting or not is_telling(item.figure) or first.verdict is Verdict.STALE or scene.foreign:
        return replace(first, claim=claim)
    words = f"{fitting[0].reason} That is not between {scene.name(beside)} and anybody named."
    return replace(fitting[0], claim=claim, verdict=Verdict.CONTRADICTED, reason=words)


def _as_share(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> Iterator[CheckedClaim]:
    """Read "Led by 50 to 49": what seems a margin may be a share of somebody named."""
    named = list(dict.fromkeys(option for one in parsed.candidates for option in one.options)) or list(in_group("top", scene))
    figure_ = as_unit(item.figure, Unit.PERCENT)
    for option in named:
        measure = Measure(
            type="share", quantity=figure_, worth=share_worth(option, "votes", scene.name(option)), sure=False, args={"option": option}
        )
        if (checked := settle(parsed, item, scene, measure)).verdict is Verdict.CONFIRMED:
            yield checked
            return
    others = (_margin_of(parsed, item, scene, other, points=True, sure=False) for other in _other_pairs(parsed, scene, tuple(named[:2])))
    yield next((other for other in others if other.verdict is Verdict.CONFIRMED), first)


def _margin_of(
    parsed: Parsed, item: Item, scene: Scene, pair: tuple[str, ...], *, points: bool, sure: bool, symmetric: bool = False
) -> CheckedClaim:
    measure = _measure(item, scene, pair, points=points)
    worth = _absolute(measure.worth) if symmetric else measure.worth
    return settle(parsed, item, scene, replace(measure, worth=worth, sure=sure))


def _measure(item: Item, scene: Scene, pair: tuple[str, ...], *, points: bool) -> Measure:
    return Measure(
        type="margin",
        quantity=as_unit(item.figure, Unit.POINTS) if points else item.figure,
        worth=margin_worth(pair[0], pair[1], scene.contest, points=points),
        args={"ahead": pair[0], "behind": pair[1]},
        suffix=" points" if points else " votes",
    )


def _could_be(item: Item, scene: Scene, pair: tuple[str, ...], *, points: bool) -> bool:
    """Whether a margin is between two in any count that the sentence could mean."""
    return fits_any(_measure(item, scene, pair, points=points), scene.could_mean)


def _other_pairs(parsed: Parsed, scene: Scene, first: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Whom else a margin may be between: any two who are named, and who is named with those next in the count and those that lead."""
    named = list(dict.fromkeys(option for item in parsed.candidates for option in item.options)) or list(first)
    held = next((one for one in reversed(scene.counts) if not one.printed), None)
    order = list(held.order()) if held else []
    for one in named:
        place = order.index(one) if one in order else -1
        near = [*order[max(place - 1, 0) : place], *order[place + 1 : place + 2], *order[:3]] if place >= 0 else []
        for other in (*named, *near):
            if other != one and place >= 0 and other in order:
                yield (one, other) if order.index(one) < order.index(other) else (other, one)


def _all_behind(parsed: Parsed, item: Item, scene: Scene) -> CheckedClaim | None:
    """Read "All three, A, B and C, were trailing D and E by thousands of votes": every pair of them."""
    start, _ = parsed.place(item)
    found = re.search(
        rf"((?:{C}(?:, and |, | and )?){{2,}}),? (?:\w+ ){{0,2}}(?:trail\w*|behind|lag\w*) ((?:{C}(?:, and |, | and )?)+)[^.;]{{0,12}}$",
        parsed.skeleton[:start],
    )
    if not found or not scene.held:
        return None
    behind = [option for mark in re.findall(C, found[1]) for option in parsed.item(mark).options]
    ahead = [option for mark in re.findall(C, found[2]) for option in parsed.item(mark).options]
    held, quantity = scene.held, item.figure
    gaps = {(one, two): held.votes[one] - held.votes[two] for one in ahead for two in behind if one in held.votes and two in held.votes}
    claim = claim_at(parsed, "margin", item.start, item.end, ahead=ahead, behind=behind, value=quantity.value)
    words = ", ".join(f"{scene.name(two)} {gap:,} behind {scene.name(one)}" for (one, two), gap in gaps.items())
    if not gaps:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No count is held that has all of them.")
    fits = all(quantity.fits(gap) or quantity.is_weak(gap) for gap in gaps.values())
    return judged(
        scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{words}.", [held.trace("margin", min(gaps.values()), words)]
    )


SYMMETRIC = re.compile(r"\b(?:within|margin|gap|difference|spread|apart|separat\w*|cushion)\b", re.IGNORECASE)
"""Words for a margin that do not say who is ahead."""


def _absolute(worth: Worth) -> Worth:
    def either(held: Held) -> Value | None:
        value = worth(held)
        return value and replace(value, number=abs(value.number))

    return either


def margin_worth(ahead: str, behind: str, contest: Contest, *, points: bool) -> Worth:
    """Return what a count says of a margin, in votes or percentage points."""
    name = contest.name_of

    def told(held: Held) -> Value | None:
        one, two = held.votes.get(ahead), held.votes.get(behind)
        if points:
            first, second = held.share(ahead), held.share(behind)
            if first is None or second is None:
                return None
            words = f"{name(ahead)} {100 * first:.2f}%, {name(behind)} {100 * second:.2f}%: {100 * (first - second):.2f} points"
            return Value(100 * (first - second), f"margin[{ahead},{behind}]", words, f"{100 * first:.2f} - {100 * second:.2f}")
        if one is None or two is None:
            return None
        words = f"{name(ahead)} {one:,}, {name(behind)} {two:,}: {one - two:,} votes"
        return Value(one - two, f"margin[{ahead},{behind}]", words, f"{one:,} - {two:,}")

    return once(("margin", ahead, behind, contest.id, points), told)


BEHIND = re.compile(
    r"\b(?:within|trail\w*|behind|lag\w*|short|shy of|back|fewer|down|deficit|los(?:t|es|ing)|adrift|miss(?:ed|es|ing))\b",
    re.IGNORECASE,
)


def margin_pair(parsed: Parsed, item: Item, scene: Scene) -> tuple[tuple[str, ...], bool]:
    """Return who is ahead of whom, and whether both are settled."""
    start, end = parsed.place(item)
    clause_start = max((found.end() for found in re.finditer(r";|, (?:but|while)\b", parsed.skeleton[:start])), default=0)
    clause_end = next(
        (found.start() for found in re.finditer(r"[,;] (?:and|but|while|with) ", parsed.skeleton) if found.start() >= end), None
    )
    clause = parsed.skeleton[clause_start:clause_end]
    within = item.figure.firmness is Firmness.AT_MOST and parsed.text[item.start : item.end].lower().startswith("within")
    behind = within or bool(BEHIND.search(parsed.skeleton[clause_start:end] + parsed.skeleton[end : end + 25]))
    subject = _margin_subject(parsed, item, scene)
    if beside := BESIDE.match(parsed.skeleton[end:]):
        rival = (parsed.item(beside["who"]).options or in_group(parsed.item(beside["who"]).group, scene))[:1]
        if rival and subject.options and subject.options[0] != rival[0]:
            back = beside["where"] in {"behind", "short of", "shy of", "fewer than"}
            return _ordered(subject.options[0], list(rival), behind=back), subject.sure
    others = [
        option
        for found in re.findall(rf"{C}|{G}", clause)
        for option in (parsed.item(found).options or in_group(parsed.item(found).group, scene)[:1])
    ]
    rivals = [option for option in dict.fromkeys(others) if option not in subject.options]
    if len(two := _short_of_second(parsed, item, scene, parsed.skeleton[clause_start:start])) == 2:
        return two, parsed.candidates[0].sure
    own = subject.options[:1] or tuple(rivals[:1])
    if len(subject.options) == 2 and not rivals:
        return subject.options, subject.sure
    rivals = [option for option in rivals if option not in own]
    if not rivals and own:
        rivals = list(_neighbour(own[0], scene, behind=behind, text=parsed.text))
        return _ordered(own[0], rivals, behind=behind), subject.sure and bool(rivals)
    if not own:
        return _leaders(clause, scene)
    return _ordered(own[0], rivals, behind=behind), subject.sure and len(rivals) == 1


def _leaders(clause: str, scene: Scene) -> tuple[tuple[str, ...], bool]:
    """The two that lead, where nobody is named: surely meant if nobody else stands."""
    top = in_group("top", scene)
    if sum(option.is_person for option in scene.contest.options) == len(top):
        return top, re.search(rf"\b{LEAD}\b|\bdown\b|\bup\b", clause) is not None
    return (top, False) if re.search(rf"\b{LEAD}\b", clause) else ((), False)


BESIDE = re.compile(
    rf"(?:[- ](?!ahead|clear|behind)\w+){{0,2}}? (?P<where>ahead of|clear of|in front of|over|behind|short of|shy of|"
    rf"more than|fewer than|above) (?:\w+ ){{0,2}}?(?P<who>{C}|{G})"
)
"""Whom a margin is over, just behind the figure."""


SHORT_OF_SECOND = re.compile(
    r"^(?: votes| points)? (?:shy|short) of (?:a |the )?(?:runoff|(?:runoff |second |final )?(?:spot|place|slot|berth))\b"
)
"""Short of going through is behind the second."""


def _short_of_second(parsed: Parsed, item: Item, scene: Scene, before: str) -> tuple[str, ...]:
    """Return the second and who is short of that place, () if it is no such margin."""
    second = in_group("second", scene) if SHORT_OF_SECOND.match(parsed.after_of(item)) else ()
    last = next((parsed.item(mark).options for mark in reversed(re.findall(C, before))), ())
    return (*second, *last) if len(second) == len(last) == 1 and last != second else ()


def _ordered(own: str, rivals: list[str], *, behind: bool) -> tuple[str, ...]:
    if not rivals:
        return ()
    return (rivals[0], own) if behind else (own, rivals[0])


def _margin_subject(parsed: Parsed, item: Item, scene: Scene) -> Subject:
    """The subject of the clause; "a nine-point lead for Gomez", "Gomez's lead of nine points"."""
    after = parsed.after_of(item)
    if found := re.match(rf"^[^.;,{{]{{0,30}}\bfor ({C})", after):
        return Subject(options=parsed.item(found[1]).options, sure=True)
    if found := re.match(rf"^ (?:votes )?separat\w+ ({C}|{G})", after):
        return Subject(options=parsed.item(found[1]).options or in_group(parsed.item(found[1]).group, scene), sure=True)
    start, _ = parsed.place(item)
    found_subject = clause_subject(parsed, start, scene)
    if not found_subject.options and (following := re.match(rf"^(?: votes| points)?, ({C})(?!'s)", after)):
        return Subject(options=parsed.item(following[1]).options, sure=True)
    return found_subject if found_subject.options else subject_of(parsed, item, scene)


def _neighbour(own: str, scene: Scene, *, behind: bool, text: str) -> tuple[str, ...]:
    """The one a margin without a rival is over: the next in the count, or the leader for somebody behind."""
    held = next((one for one in reversed(scene.counts) if not one.printed), None)
    order = list(held.order()) if held else [option.id for option in scene.contest.options if option.is_person]
    if own not in order or len(order) < 2:
        return ()
    place = order.index(own)
    if re.search(r"\b(?:rest of the|the field|everyone else|third|the pack|nearest rival|next)\b", text) and not behind:
        return tuple(order[place + 1 : place + 2])
    if behind:
        return tuple(order[place - 1 : place]) if place else (order[1],)
    return tuple(order[place + 1 : place + 2])
