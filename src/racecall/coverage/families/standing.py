"""Votes, shares, pairs, places, margins and totals: what the count itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.figures import LEAD
from racecall.coverage.families.subjects import Subject, clause_subject, in_group, objects_after, subject_of
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import C, G, Item, Parsed, Q
from racecall.coverage.scene import Scene
from racecall.coverage.settle import Measure, Value, Worth, claim_at, judged, options_words, settle

PLACES = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "10th": 10,
    "tenth": 10,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "no. 1": 1,
    "no. 2": 2,
    "last": -1,
}
MANY = 3
"""More than so many are not each said to have one figure: "the rest" is a group and no list."""
BASES = {"votes": "the vote", "ballots": "all ballots", "registered": "registered voters"}


def share_worth(option: str, base: str, name: str) -> Worth:
    """Return what a count says of an option's share, in percent."""

    def worth(held: Held) -> Value | None:
        share = held.share(option, base)
        if share is None:
            return None
        whole = {"votes": held.total, "ballots": held.ballots, "registered": held.registered}[base]
        votes = held.votes.get(option)
        if votes is None or not whole:
            return Value(100 * share, f"share[{option}]", f"{name} {100 * share:.1f}% of {BASES[base]}")
        formula = f"{votes:,} / {whole:,}"
        return Value(100 * share, f"share[{option}]", f"{name} {votes:,} of {whole:,} {_paper(base)}, {100 * share:.2f}%", formula)

    return worth


def _paper(base: str) -> str:
    return {"votes": "votes", "ballots": "ballots", "registered": "registered voters"}[base]


def votes_worth(option: str, name: str) -> Worth:
    """Return what a count says of an option's votes."""

    def worth(held: Held) -> Value | None:
        votes = held.votes.get(option)
        return None if votes is None else Value(votes, f"votes[{option}]", f"{name} = {votes:,} votes")

    return worth


def base_of(quantity: Quantity) -> str:
    """Return what a share is written to be of: ``votes`` unless ballots or the roll are named."""
    if re.search(r"regist|electorate|eligible", quantity.base):
        return "registered"
    return "ballots" if "ballot" in quantity.base else "votes"


def share(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A candidate's share."""
    subject = subject_of(parsed, item, scene)
    quantity = item.figure
    base = base_of(quantity)
    if len(subject.options) > MANY:
        return
    if len(subject.options) > 1 and TOGETHER.search(parsed.text):
        yield _together(parsed, item, scene, subject)
        return
    for option in subject.options:
        name = scene.name(option)
        others = {BASES[other]: share_worth(option, other, name) for other in BASES if other != base}
        yield settle(
            parsed,
            item,
            scene,
            Measure(
                type="share",
                quantity=quantity,
                worth=share_worth(option, base, name),
                others=others,
                sure=subject.sure,
                args={"option": option, "base": base, "strong": subject.strong},
                suffix="%",
            ),
        )
    if not subject.options:
        yield unsettled(parsed, item, scene, "share", "It is not said whose share this is.")


BALLOT_OF_OTHERS = re.compile(r"\b(?:[AS]B \d+|bill|Assembly (?:vote|passed)|legislature|roll call|caucus|delegates?|board|council)\b")
"""Votes of a chamber or a club are no votes of the count."""
TOGETHER = re.compile(r"\b(?:together|combined|between them|in total|jointly)\b", re.IGNORECASE)


def is_of_others(parsed: Parsed, item: Item) -> bool:
    """Whether a number of votes is one of a chamber, a board or a club."""
    return item.figure.unit in {Unit.NUMBER, Unit.VOTES} and bool(BALLOT_OF_OTHERS.search(parsed.text))


def _together(parsed: Parsed, item: Item, scene: Scene, subject: Subject) -> CheckedClaim:
    """What several candidates have between them."""

    def of(base: str) -> Worth:
        def worth(held: Held) -> Value | None:
            shares = [held.share(option, base) for option in subject.options]
            if any(one is None for one in shares):
                return None
            number = 100 * sum(one or 0 for one in shares)
            return Value(number, "share[*]", f"{options_words(scene, subject.options)} together {number:.2f}% of {BASES[base]}")

        return worth

    base = base_of(item.figure)
    others = {BASES[other]: of(other) for other in BASES if other != base}
    args = {"options": list(subject.options), "base": base}
    return settle(
        parsed,
        item,
        scene,
        Measure(type="share", quantity=item.figure, worth=of(base), others=others, sure=subject.sure, args=args, suffix="%"),
    )


def votes(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A candidate's votes; without a candidate, all votes."""
    subject = subject_of(parsed, item, scene)
    quantity = item.figure
    if quantity.unit is Unit.NUMBER and quantity.value <= 100 and _among_percents(parsed, quantity):
        yield from share(parsed, replace(item, quantity=_as(quantity, Unit.PERCENT)), scene)
        return
    if not subject.options and quantity.unit is Unit.VOTES:
        yield from total(parsed, item, scene)
        return
    if len(subject.options) > MANY:
        return
    for option in subject.options:
        worth = votes_worth(option, scene.name(option))
        yield settle(
            parsed,
            item,
            scene,
            Measure(
                type="votes",
                quantity=quantity,
                worth=worth,
                sure=subject.sure,
                args={"option": option, "strong": subject.strong},
                suffix=" votes",
            ),
        )


def _among_percents(parsed: Parsed, quantity: Quantity) -> bool:
    """Whether a bare figure is a percentage: it has decimals, or another one in the sentence has its sign."""
    percent = any(item.quantity and item.quantity.unit is Unit.PERCENT for item in parsed.items)
    return percent or quantity.low != quantity.value


def total(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """All votes, or all ballots."""
    quantity = item.figure

    def of_votes(held: Held) -> Value | None:
        return None if held.total is None else Value(held.total, "total", f"{held.total:,} votes in all")

    def of_ballots(held: Held) -> Value | None:
        return None if held.ballots is None else Value(held.ballots, "ballots", f"{held.ballots:,} ballots cast")

    is_paper = quantity.unit is Unit.BALLOTS or (quantity.unit is Unit.NUMBER and "allots" in parsed.before_of(item, 60))
    own, other, base = (of_ballots, of_votes, "votes") if is_paper else (of_votes, of_ballots, "ballots")
    sure = bool(WHOLE.search(parsed.before_of(item, 40) + "|" + parsed.after_of(item, 40)))
    measure = Measure(type="total", quantity=quantity, worth=own, others={base: other}, sure=sure, suffix=f" {quantity.noun}")
    yield settle(parsed, item, scene, measure)


WHOLE = re.compile(
    r"\b(?:total|in all|all told|cast|counted|tallied|tabulated|turned out|combined|altogether|votes were|so far|of the|[Ww]ith)\b"
)
"""Words that make a number of votes all of them."""


def voters(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """The roll of voters."""

    def roll(held: Held) -> Value | None:
        return None if held.registered is None else Value(held.registered, "registered", f"{held.registered:,} registered voters")

    quantity = item.figure
    if "registered" in quantity.words or "eligible" in quantity.words:
        yield settle(parsed, item, scene, Measure(type="total", quantity=quantity, worth=roll, suffix=" registered voters"))


PAIR = re.compile(
    rf"({Q})\s*(?:percent|%)?\s*(?:to|-|versus|vs\.?|against)\s*(?:({C})(?:'s)?\s*(?:with |at )?)?({Q})(?!\s*(?:precinct|a\.m|p\.m))"
)


def pairs(parsed: Parsed, scene: Scene) -> Iterator[tuple[tuple[Item, Item], CheckedClaim]]:
    """Two figures in one breath, "28% to 19%", "8,156-5,504": the larger one is the winner's, whoever the sentence is about."""
    for found in PAIR.finditer(parsed.skeleton):
        first, second = parsed.item(found[1]), parsed.item(found[3])
        who = _pair_options(parsed, found, scene)
        if len(who) == 2 and _is_pair(first, second) and not re.search(r"\b(?:from|between)\s*$", parsed.skeleton[: found.start()]):
            yield (first, second), _checked_pair(parsed, scene, (first, second), who)


def _is_pair(first: Item, second: Item) -> bool:
    one, two = first.figure, second.figure
    units = {one.unit, two.unit} - {Unit.NUMBER}
    return units <= {Unit.PERCENT} or units <= {Unit.VOTES} or units <= {Unit.POINTS}


def _pair_options(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """The winner and the loser as the sentence has them; the two that lead where it names only one or nobody."""
    before = parsed.skeleton[: found.start()]
    named = [parsed.item(mark) for mark in re.findall(rf"{C}|{G}", before)]
    ids = list(dict.fromkeys(option for item in named for option in (item.options or in_group(item.group, scene))))[-2:]
    loses = re.search(r"\b(?:trail\w*|lost|lag\w*|behind|fell|conced\w+)\b[^;]*$", before)
    if found[2]:
        after = parsed.item(found[2]).options
        ids = [*ids[-1:], *after]
        return tuple(ids)
    if not ids:
        people = in_group("top", scene)
        return people if sum(option.is_person for option in scene.contest.options) == len(people) else ()
    if len(ids) == 1:
        ahead = objects_after(parsed, found.end(), scene)
        rest = [option for option in (*ahead, *(in_group("top", scene))) if option not in ids]
        ids = [*ids, *rest[:1]]
    return tuple(reversed(ids)) if loses else tuple(ids)


def _checked_pair(parsed: Parsed, scene: Scene, items: tuple[Item, Item], who: tuple[str, ...]) -> CheckedClaim:
    figures = [item.figure for item in items]
    percent = any(one.unit in {Unit.PERCENT, Unit.POINTS} for one in figures) or max(one.value for one in figures) <= 100
    ordered = sorted(items, key=lambda item: -item.figure.value)
    checked = [_one_of_pair(parsed, item, scene, option, percent=percent) for item, option in zip(ordered, who, strict=True)]
    worst = min(checked, key=lambda one: list(Verdict).index(one.verdict))
    claim = claim_at(parsed, "pair", items[0].start, items[1].end, options=list(who), values=[item.figure.value for item in ordered])
    reason = " ".join(dict.fromkeys(one.reason for one in checked))
    return judged(scene, claim, worst.verdict, reason, [trace for one in checked for trace in one.evidence], worst.suggestion)


def _one_of_pair(parsed: Parsed, item: Item, scene: Scene, option: str, *, percent: bool) -> CheckedClaim:
    name, quantity = scene.name(option), _as(item.figure, Unit.PERCENT if percent else Unit.VOTES)
    worth = share_worth(option, "votes", name) if percent else votes_worth(option, name)
    return settle(
        parsed,
        item,
        scene,
        Measure(type="pair", quantity=quantity, worth=worth, args={"option": option}, suffix="%" if percent else " votes"),
    )


def _as(quantity: Quantity, unit: Unit) -> Quantity:
    """A figure that hangs on the unit of the next one: "52.2-47.8 percent"; "28-19" is rounded to whole percent."""
    from dataclasses import replace

    if quantity.unit is Unit.NUMBER and unit is Unit.PERCENT and quantity.low == quantity.high == quantity.value:
        return replace(quantity, unit=unit, low=quantity.value - 0.5, high=quantity.value + 0.5)
    return replace(quantity, unit=unit)


def margin(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How far one is ahead of another, in votes or points."""
    quantity = item.figure
    if several := _all_behind(parsed, item, scene):
        yield several
        return
    pair, sure = margin_pair(parsed, item, scene)
    if SYMMETRIC.search(parsed.before_of(item, 30)) and not re.search(rf"{C}|{G}", parsed.skeleton):
        pair, sure = in_group("top", scene), True
    if len(pair) != 2:
        yield unsettled(parsed, item, scene, "margin", "It is not settled between whom this margin is.")
        return
    points = quantity.unit in {Unit.PERCENT, Unit.POINTS} or (quantity.unit is Unit.NUMBER and quantity.value < 100)
    symmetric = bool(SYMMETRIC.search(parsed.before_of(item, 30) + "|" + parsed.after_of(item, 22)))
    if quantity.unit is Unit.NUMBER and quantity.value == int(quantity.value):
        in_votes = _margin_of(parsed, item, scene, pair, points=False, symmetric=symmetric, sure=sure)
        points = points and in_votes.verdict is not Verdict.CONFIRMED
    first = _margin_of(
        parsed, item, scene, pair, points=points, symmetric=symmetric, sure=sure or (symmetric and len(scene.contest.options) == len(pair))
    )
    if first.verdict not in {Verdict.CONTRADICTED, Verdict.CANNOT_CHECK, Verdict.STALE}:
        yield first
        return
    others = (
        _margin_of(parsed, item, scene, other, points=points, symmetric=False, sure=False) for other in _other_pairs(parsed, scene, pair)
    )
    yield next((other for other in others if other.verdict is Verdict.CONFIRMED), first)


def _as_share(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> Iterator[CheckedClaim]:
    """Read "Led by 50 to 49": what seems a margin may be a share of somebody named."""
    named = list(dict.fromkeys(option for one in parsed.candidates for option in one.options)) or list(in_group("top", scene))
    figure_ = _as(item.figure, Unit.PERCENT)
    for option in named:
        measure = Measure(
            type="share", quantity=figure_, worth=share_worth(option, "votes", scene.name(option)), sure=False, args={"option": option}
        )
        if (checked := settle(parsed, item, scene, measure)).verdict is Verdict.CONFIRMED:
            yield checked
            return
    others = (
        _margin_of(parsed, item, scene, other, points=True, symmetric=False, sure=False)
        for other in _other_pairs(parsed, scene, tuple(named[:2]))
    )
    yield next((other for other in others if other.verdict is Verdict.CONFIRMED), first)


def _margin_of(
    parsed: Parsed, item: Item, scene: Scene, pair: tuple[str, ...], *, points: bool, symmetric: bool, sure: bool
) -> CheckedClaim:
    quantity = item.figure
    worth = margin_worth(pair[0], pair[1], scene, points=points)
    measure = Measure(
        type="margin",
        quantity=_as(quantity, Unit.POINTS) if points else quantity,
        worth=_absolute(worth) if symmetric else worth,
        sure=sure,
        args={"ahead": pair[0], "behind": pair[1]},
        suffix=" points" if points else " votes",
    )
    return settle(parsed, item, scene, measure)


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


SYMMETRIC = re.compile(r"\b(?:margin|gap|difference|spread|apart|separat\w*|cushion)\b", re.IGNORECASE)
"""Words for a margin that do not say who is ahead."""
PAIR_OF_TWO = ("one", "the other")


def _absolute(worth: Worth) -> Worth:
    def either(held: Held) -> Value | None:
        value = worth(held)
        return value and replace(value, number=abs(value.number))

    return either


def margin_worth(ahead: str, behind: str, scene: Scene, *, points: bool) -> Worth:
    """Return what a count says of a margin, in votes or percentage points."""

    def worth(held: Held) -> Value | None:
        one, two = held.votes.get(ahead), held.votes.get(behind)
        if points:
            first, second = held.share(ahead), held.share(behind)
            if first is None or second is None:
                return None
            words = f"{scene.name(ahead)} {100 * first:.2f}%, {scene.name(behind)} {100 * second:.2f}%: {100 * (first - second):.2f} points"
            return Value(100 * (first - second), f"margin[{ahead},{behind}]", words, f"{100 * first:.2f} - {100 * second:.2f}")
        if one is None or two is None:
            return None
        words = f"{scene.name(ahead)} {one:,}, {scene.name(behind)} {two:,}: {one - two:,} votes"
        return Value(one - two, f"margin[{ahead},{behind}]", words, f"{one:,} - {two:,}")

    return worth


BEHIND = re.compile(r"\b(?:trail\w*|behind|lag\w*|short|shy of|back|fewer|down|deficit|los(?:t|es|ing)|adrift)\b")


def margin_pair(parsed: Parsed, item: Item, scene: Scene) -> tuple[tuple[str, ...], bool]:
    """Return who is ahead of whom, and whether both are settled."""
    start, end = parsed.place(item)
    clause_start = max((found.end() for found in re.finditer(r";|, (?:but|while)\b", parsed.skeleton[:start])), default=0)
    clause_end = next(
        (found.start() for found in re.finditer(r"[,;] (?:and|but|while|with) ", parsed.skeleton) if found.start() >= end), None
    )
    clause = parsed.skeleton[clause_start:clause_end]
    behind = bool(BEHIND.search(parsed.skeleton[clause_start:end] + parsed.skeleton[end : end + 25]))
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
    own = subject.options[:1] or tuple(rivals[:1])
    if len(subject.options) == 2 and not rivals:
        return subject.options, subject.sure
    rivals = [option for option in rivals if option not in own]
    if not rivals and own:
        rivals = list(_neighbour(own[0], scene, behind=behind, text=parsed.text))
        return _ordered(own[0], rivals, behind=behind), subject.sure and bool(rivals)
    if not own:
        top = in_group("top", scene)
        return (top, False) if re.search(rf"\b{LEAD}\b", clause) else ((), False)
    return _ordered(own[0], rivals, behind=behind), subject.sure and len(rivals) == 1


BESIDE = re.compile(
    rf"(?:[- ](?!ahead|clear|behind)\w+){{0,2}}? (?P<where>ahead of|clear of|in front of|over|behind|short of|shy of|"
    rf"more than|fewer than|above) (?:\w+ ){{0,2}}?(?P<who>{C}|{G})"
)
"""Whom a margin is over, just behind the figure."""


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


RANK = re.compile(
    r"(?:\b(?:in|into|to|for|a distant|a strong|a close|finish\w*|placed|placing|"
    r"takes?|took|eked out|wound up|ended up|grabbed|snagged|landed|came|was|were|is|ran|running|rank\w*|stood|"
    r"stands|stand|a|the)|(?<=\})'s|(?<=\}))\s+(?:a )?(?:distant |strong |close |surprising |solid |comfortable )*"
    r"(?P<place>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|10th|1st|2nd|3rd|4th|5th|"
    r"last)(?:[- ]place)?\b(?!\s+(?:of the|of a|among|round|time|debate|term|batch|count|update|release|returns|result|"
    r"district|of (?:the|all) (?:vote|ballot)|amendment|and only|week|day|few|woman|korean|latina?|person|half|quarter))",
    re.IGNORECASE,
)
TOP = re.compile(
    r"\b(?:(?P<lead>(?:held|holds|has|had|maintain\w*|kept|enjoy\w*|took|takes|opened|built|with) (?:a|an|the|his|"
    r"her) (?:[\w-]+ ){0,2}lead\b|leads?|led|leading|was leading|is leading|in the lead|ahead|in front|top(?:ped|"
    r"ping)? the (?:field|ballot|poll|crowded)|top vote-getter|front-?runner|out front|most votes|first-place)|"
    r"(?P<next>runner-up|trail(?:s|ed|ing)?(?! off)))\b"
)


def ranks(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Finished second", "in third place", "led the field"."""
    for found in RANK.finditer(parsed.skeleton):
        if PLACED.match(parsed.skeleton[found.start("place") :]):
            continue
        if re.match(r"\s*(?:slot|spot|place in|seat|candidate to)", parsed.skeleton[found.end() :]) or re.search(
            r"\bfight|battl|contest|race for|vying|call\w* (?:the )?$", parsed.skeleton[: found.start()][-30:]
        ):
            continue
        place = PLACES[found["place"].lower()]
        subject = _rank_subject(parsed, found, scene)
        for option in subject.options[:1]:
            yield ranked_claim(parsed, found.span("place"), scene, option, place, sure=subject.sure)
    for found in PLACED.finditer(parsed.skeleton):
        item = parsed.item(found["who"])
        for option in item.options[:1]:
            yield ranked_claim(parsed, found.span("place"), scene, option, place_of(found["place"]), sure=item.sure)
    for found in TOP.finditer(parsed.skeleton):
        if found["lead"]:
            yield from _leads(parsed, found, scene)


PLACED = re.compile(
    rf"\b(?P<place>{'|'.join(PLACES)}|\d{{1,2}}(?:st|nd|rd|th))[- ]place(?:d)? "
    rf"(?:finisher|candidate|contender|challenger)?,? ?(?P<who>{C})",
    re.IGNORECASE,
)


def place_of(word: str) -> int:
    """Return the place a word stands for: "second", "8th"."""
    return PLACES[word.lower()] if word.lower() in PLACES else int(re.sub(r"\D", "", word))


def _rank_subject(parsed: Parsed, found: re.Match[str], scene: Scene) -> Subject:
    """The name before; "in second place was Ahn", "second was Ahn", "runner-up Ahn"."""
    near = re.search(
        rf"({C}),? (?:in|a distant|a close|a strong|at)? ?(?:a )?(?:distant |close |strong )*$", parsed.skeleton[: found.start("place")]
    )
    if near:
        return Subject(options=parsed.item(near[1]).options, sure=parsed.item(near[1]).sure)
    after = re.match(
        rf"(?:[- ]place)?\s*(?:place )?(?:was|is|came|went to|belong\w* to|goes to|,|(?=\s))\s+(?:fellow \w+ )?({C})",
        parsed.skeleton[found.end("place") :],
    )
    if after and re.search(r"(?:^|[.,;] |\b[Ii]n |and in |\bthe )$", parsed.skeleton[: found.start("place")][-8:]):
        return Subject(options=parsed.item(after[1]).options, sure=True)
    subject = clause_subject(parsed, found.start(), scene)
    return replace(subject, sure=subject.sure and len({option for item in parsed.candidates for option in item.options}) == 1)


def ranked_claim(parsed: Parsed, span: tuple[int, int], scene: Scene, option: str, place: int, *, sure: bool) -> CheckedClaim:
    """Return the verdict on a place in the count."""
    start, end = parsed.span(*span)
    claim = claim_at(parsed, "rank", start, end, option=option, rank=place)
    whole = [held for held in (*scene.earlier, *scene.counts) if held.rank(option)]
    held = next((one for one in reversed(whole) if one in scene.counts), None) or (whole[-1] if whole else None)
    if held is None or (rank := held.rank(option)) is None:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No count is held that ranks {scene.name(option)}.")
    wanted = len(held.order()) if place == -1 else place
    words = f"{scene.name(option)} is number {rank}{_with(held, option)}"
    trace = held.trace(f"rank[{option}]", rank, words)
    if rank == wanted:
        return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    if not scene.explicit and (past := next((one for one in reversed(scene.earlier) if one.rank(option) == wanted), None)):
        reason = f"True of the {past.words}; now {words}."
        return judged(
            scene, claim, Verdict.STALE, reason, [past.trace(f"rank[{option}]", wanted, f"{scene.name(option)} number {wanted}"), trace]
        )
    first = scene.race.counts[scene.race.contests[0].id]
    if not scene.explicit and scene.contest is not scene.race.contests[0] and first and first[-1].rank(option) == wanted:
        reason = f"Number {wanted} in the {first[-1].words} of the first round."
        return judged(scene, claim, Verdict.CONFIRMED, reason, [first[-1].trace(f"rank[{option}]", wanted, reason)])
    if not sure:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"It is not settled who is meant; {words}.", [trace])
    return judged(scene, claim, Verdict.CONTRADICTED, f"{words}, {held.words}.", [trace])


def _with(held: Held, option: str) -> str:
    return f" with {held.votes[option]:,} votes" if option in held.votes else f" with {100 * held.shares[option]:.1f}%"


def _leads(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez led" is first place; "Ahn led Cabildo" only that he is ahead of her."""
    after = parsed.skeleton[found.end() :]
    if (
        re.match(
            r"\s*(?:to|up to|role|role in|the (?:fight|effort|way|charge|city|county|party|campaign|opposition|committee)|"
            r"a (?:group|team|campaign))\b",
            after,
        )
        or _is_noun(parsed, found)
        or (found.group().lower() == "ahead" and re.match(rf" of (?!{C}|{G}|fellow|the (?:field|rest|pack))", after))
    ):
        return
    subject = clause_subject(parsed, found.start(), scene)
    rivals = re.match(rf"(?: of| over| with)?,?\s*(?:fellow \w+ |rival )?({C})", after)
    for option in subject.options[:1]:
        if rivals and (others := parsed.item(rivals[1]).options):
            yield ahead_of(parsed, found, scene, option, others[0], sure=subject.sure)
        else:
            yield ranked_claim(parsed, found.span(), scene, option, 1, sure=subject.sure and not subject.group)


def _is_noun(parsed: Parsed, found: re.Match[str]) -> bool:
    before = parsed.skeleton[: found.start()]
    word = found.group().lower()
    if re.search(r"\b(?:campaign|strategist|consultant) $", before):
        return True
    return (
        word == "lead"
        and bool(
            re.search(
                r"(?:\b(?:a|the|his|her|their|of|whose|'s|this|early|narrow|wide|point|vote|slim|commanding|comfortable|big|initial|cut|"
                r"assemblyman's)\b[- ]|-|\} )$",
                before,
            )
        )
    ) or (
        word in {"leading", "ahead"}
        and bool(re.search(r"\b(?:the|two|a|look\w*|go\w*|days?|months?|weeks?|stay\w*|plan\w*|far)\s$", before))
    )


def ahead_of(parsed: Parsed, found: re.Match[str], scene: Scene, option: str, rival: str, *, sure: bool) -> CheckedClaim:
    """Return whether one has more votes than another."""
    start, end = parsed.span(*found.span())
    claim = claim_at(parsed, "rank", start, end, option=option, ahead_of=rival)
    held = next((one for one in reversed(scene.counts) if option in one.votes and rival in one.votes), None)
    if held is None:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No count is held that has both {options_words(scene, (option, rival))}.")
    words = f"{scene.name(option)} {held.votes[option]:,}, {scene.name(rival)} {held.votes[rival]:,}"
    verdict = Verdict.CONFIRMED if held.votes[option] > held.votes[rival] else Verdict.CONTRADICTED if sure else Verdict.CANNOT_CHECK
    return judged(
        scene, claim, verdict, f"{words}.", [held.trace(f"margin[{option},{rival}]", held.votes[option] - held.votes[rival], words)]
    )


MAJORITY = re.compile(
    r"\b(?:[Nn]o(?: one| candidate|body)|neither|none)\b[^.;]{0,50}?(?:majority|50 percent|50%|\{Q\d+\}|outright|half)", re.IGNORECASE
)


def majorities(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "No candidate reached a majority"."""
    for found in MAJORITY.finditer(parsed.skeleton):
        marks = [parsed.item(mark).quantity for mark in re.findall(Q, found.group())]
        if (marks and not any(one and one.value == HALF for one in marks)) or not scene.held or not scene.held.total:
            continue
        held = next((one for one in reversed(scene.counts) if not one.printed), scene.held)
        first = held.order()[0]
        share_ = 100 * (held.share(first) or 0)
        claim = claim_at(parsed, "share", *parsed.span(*found.span()), majority=False)
        words = f"{scene.name(first)} has most, {share_:.2f}%"
        yield judged(
            scene,
            claim,
            Verdict.CONFIRMED if share_ <= HALF else Verdict.CONTRADICTED,
            f"{words}.",
            [held.trace(f"share[{first}]", share_, words)],
        )


HALF = 50


def blank(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Ballots without a valid vote here: ballots cast less votes."""

    def worth(held: Held) -> Value | None:
        if not held.ballots or not held.total:
            return None
        words = f"{held.ballots:,} ballots less {held.total:,} votes: {held.ballots - held.total:,}"
        return Value(held.ballots - held.total, "blank", words, f"{held.ballots} - {held.total}")

    yield settle(parsed, item, scene, Measure(type="total", quantity=item.figure, worth=worth))


def unsettled(parsed: Parsed, item: Item, scene: Scene, type_: str, why: str) -> CheckedClaim:
    """Return a figure of which it is not settled what it says."""
    claim = claim_at(parsed, type_, item.start, item.end, value=item.figure.value)
    return judged(scene, claim, Verdict.CANNOT_CHECK, why)
