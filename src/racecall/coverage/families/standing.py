"""Votes, shares, pairs and totals: what the count itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.subjects import Subject, in_group, objects_after, subject_of
from racecall.coverage.numbers import Firmness, Quantity, Unit
from racecall.coverage.parsing import BOTH, C, G, Item, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene, scene_at
from racecall.coverage.settle import Measure, Value, Worth, claim_at, is_telling, judged, once, options_words, settle

MANY = 3
"""More than so many are not each said to have one figure: "the rest" is a group and no list."""
BASES = {"votes": "the vote", "ballots": "all ballots", "registered": "registered voters"}


def share_worth(option: str, base: str, name: str) -> Worth:
    """Return what a count says of an option's share, in percent."""

    def told(held: Held) -> Value | None:
        share = held.share(option, base)
        if share is None:
            return None
        whole = {"votes": held.total, "ballots": held.ballots, "registered": held.registered}[base]
        votes = held.votes.get(option)
        if votes is None or not whole:
            return Value(100 * share, f"share[{option}]", f"{name} {100 * share:.1f}% of {BASES[base]}")
        formula = f"{votes:,} / {whole:,}"
        return Value(100 * share, f"share[{option}]", f"{name} {votes:,} of {whole:,} {_paper(base)}, {100 * share:.2f}%", formula)

    return once(("share", option, base, name), told)


def _paper(base: str) -> str:
    return {"votes": "votes", "ballots": "ballots", "registered": "registered voters"}[base]


def votes_worth(option: str, name: str) -> Worth:
    """Return what a count says of an option's votes."""

    def told(held: Held) -> Value | None:
        votes = held.votes.get(option)
        return None if votes is None else Value(votes, f"votes[{option}]", f"{name} = {votes:,} votes")

    return once(("votes", option, name), told)


def base_of(quantity: Quantity) -> str:
    """Return what a share is written to be of: ``votes`` unless ballots or the roll are named."""
    if re.search(r"regist|electorate|eligible", quantity.base):
        return "registered"
    return "ballots" if "ballot" in quantity.base else "votes"


OF_ALL = re.compile(
    r"(?:^|[;:,] )(?:[Oo]f|[Aa]mong|[Oo]ut of|[Aa]s a share of) ((?:all |the |those |every )*(?:[\w-]+ ){0,2}?"
    r"(?:registered|voters|ballots|electorate|rolls?|votes)\b[^,;{]{0,30}),[^;]{0,30}$"
)
"""What a share is of, said before it: "Of all registered voters, 3.5% chose Gomez"."""


def _base_before(parsed: Parsed, item: Item) -> str:
    found = OF_ALL.search(parsed.before_of(item))
    return found[1].lower() if found else ""


def share(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A candidate's share."""
    subject = subject_of(parsed, item, scene)
    quantity = item.figure
    base = base_of(quantity if quantity.base else replace(quantity, base=_base_before(parsed, item)))
    if len(subject.options) > MANY:
        return
    if TOGETHER.search(parsed.text) and (sum_ := _summed(parsed, subject)):
        yield _together(parsed, item, scene, sum_)
        return
    if TOGETHER.search(parsed.text) and not subject.strong:
        yield unsettled(parsed, item, scene, "share", "It is not said who is added up.")
        return
    if quantity.firmness is not Firmness.EXACT and (both := _both(parsed, item)):
        joint = _together(parsed, item, scene, both)
        if joint.verdict is Verdict.CONFIRMED:
            yield joint
            return
    for option in subject.options:
        yield settle(parsed, item, scene, _share_of(option, quantity, base, subject, scene))
    if not subject.options:
        yield unsettled(parsed, item, scene, "share", "It is not said whose share this is.")


def _share_of(option: str, quantity: Quantity, base: str, subject: Subject, scene: Scene) -> Measure:
    name = scene.name(option)
    return Measure(
        type="share",
        quantity=quantity,
        worth=share_worth(option, base, name),
        others={BASES[other]: share_worth(option, other, name) for other in BASES if other != base},
        sure=subject.sure,
        args={"option": option, "base": base, "strong": subject.strong},
        suffix="%",
    )


BALLOT_OF_OTHERS = Pattern(
    r"\b(?:[AS]B \d+|bill|Assembly (?:vote|passed)|legislature|roll call|"
    r"votes in (?:Sacramento|the (?:Assembly|Senate|House|Legislature))|"
    r"missed [^.;,]{0,14}votes|"
    r"(?:caucus|delegates?|board|council)\b(?=[^.;]{0,40}\b(?:voted|voting|vote to|went|to endorse|approv|pass)))"
)
"""Votes of a chamber or a club are no votes of the count."""
TOGETHER = Pattern(
    r"\b(?:together|combined|collectively|(?<!gap )(?<!lead )(?<!margin )(?<!difference )(?<!distance )between them|in total|jointly)\b",
    re.IGNORECASE,
)


def is_of_others(parsed: Parsed, item: Item) -> bool:
    """Whether a number of votes is one of a chamber, a board or a club."""
    return item.figure.unit in {Unit.NUMBER, Unit.VOTES} and bool(BALLOT_OF_OTHERS.search(parsed.text))


def _summed(parsed: Parsed, subject: Subject) -> Subject | None:
    """Who is added up: those the sentence names, or those of the one before; None if that is but one."""
    for named in (
        _listed(parsed, subject),
        subject.options,
        *(tuple(option for item in one.candidates for option in item.options) for one in (parsed, parsed.before) if one),
    ):
        if len(options := tuple(dict.fromkeys(named))) > 1:
            return Subject(options=options, sure=named is subject.options and subject.sure)
    return None


TWO = re.compile(rf"({C}) and (?:[\w-]+ ){{0,3}}?({C}) (?:[a-z]+ )?(?:got|had|have|won|took|received|drew|earned) $")


def _both(parsed: Parsed, item: Item) -> Subject | None:
    """Read "Gomez and Ahn got less than 48 percent": a bound may be said of two together."""
    found = TWO.search(parsed.before_of(item, 160))
    both = found and (*parsed.item(found[1]).options, *parsed.item(found[2]).options)
    return Subject(options=both, sure=True) if both and len(both) == BOTH and not EACH.search(parsed.text) else None


LIST = re.compile(rf"{C}(?:, (?:\w+ ){{0,3}}?{C})+,? and (?:\w+ ){{0,3}}?{C}")


def _listed(parsed: Parsed, subject: Subject) -> tuple[str, ...]:
    """Three or more who are named in a row, the subject among them."""
    for found in LIST.finditer(parsed.skeleton):
        options = tuple(option for mark in re.findall(C, found[0]) for option in parsed.item(mark).options)
        if set(subject.options) <= set(options):
            return options
    return ()


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
    if quantity.unit is Unit.NUMBER and quantity.value <= 100 and among_percents(parsed, quantity):
        yield from share(parsed, replace(item, quantity=as_unit(quantity, Unit.PERCENT)), scene)
        return
    if not subject.options and quantity.unit is Unit.VOTES:
        yield from total(parsed, item, scene)
        return
    if SUMMED.search(parsed.text) and (sum_ := _summed(parsed, subject)) and not EACH.search(parsed.text):
        summed = _votes_together(parsed, item, scene, sum_)
        if summed.verdict is Verdict.CONFIRMED or len(subject.options) > 1:
            yield summed
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


SUMMED = Pattern(
    r"\b(?:accounted for|account for|shared|split|divided|combined for|altogether|"
    r"(?:got|had|won|took|drew|have|has) [^.;]{0,30}(?:together|between them|combined|in total))\b"
)
"""Words that add up what several have."""
EACH = re.compile(r"\b(?:each|apiece|respectively)\b")


def _votes_together(parsed: Parsed, item: Item, scene: Scene, subject: Subject) -> CheckedClaim:
    """What several candidates have between them, in votes."""

    def worth(held: Held) -> Value | None:
        if any(option not in held.votes for option in subject.options):
            return None
        number = sum(held.votes[option] for option in subject.options)
        formula = " + ".join(f"{held.votes[option]:,}" for option in subject.options)
        return Value(number, "votes[*]", f"{options_words(scene, subject.options)} together {number:,} votes", formula)

    args = {"options": list(subject.options)}
    measure = Measure(type="votes", quantity=item.figure, worth=worth, sure=subject.sure, args=args, suffix=" votes")
    return settle(parsed, item, scene, measure)


def attached(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Flores posted 1,072": whatever the verb is, so large a figure beside a name is of the count."""
    if item.figure.value >= LARGE and "," in parsed.text[item.start : item.end]:
        yield from (replace(one, claim=replace(one.claim, args={**one.claim.args, "strong": True})) for one in votes(parsed, item, scene))


LARGE = 1_000
"""Figures that are printed with a comma."""


def among_percents(parsed: Parsed, quantity: Quantity) -> bool:
    """Whether a bare figure is a percentage: it has decimals, or another one in the sentence has its sign."""
    near = (*parsed.items, *(parsed.before.items if parsed.before else ()))
    percent = any(item.quantity and item.quantity.unit is Unit.PERCENT for item in near)
    return percent or quantity.low != quantity.value


def _as_votes(parsed: Parsed, item: Item, scene: Scene) -> CheckedClaim | None:
    """Read "Carrillo's 2,195 ballots" as her votes, which ballots are not: None if it is no candidate's figure."""
    subject = subject_of(parsed, item, scene) if item.figure.unit is Unit.BALLOTS and is_telling(item.figure) else Subject()
    for option in subject.options[:1] if subject.strong else ():
        worth = votes_worth(option, scene.name(option))
        for held in scene.counts:
            if (value := worth(held)) and item.figure.fits(value.number):
                claim = claim_at(parsed, "votes", item.start, item.end, option=option, value=item.figure.value)
                trace = held.trace(value.column, value.number, value.words)
                words = f"{value.words}: votes, and a ballot is paper that may hold none."
                return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [trace], f"{value.number:,.0f} votes")
    return None


def total(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """All votes, or all ballots."""
    quantity = item.figure
    if theirs := _as_votes(parsed, item, scene):
        yield theirs
        return

    def of_votes(held: Held) -> Value | None:
        return None if held.total is None else Value(held.total, "total", f"{held.total:,} votes in all")

    def of_ballots(held: Held) -> Value | None:
        return None if held.ballots is None else Value(held.ballots, "ballots", f"{held.ballots:,} ballots cast")

    is_paper = quantity.unit is Unit.BALLOTS or (
        quantity.unit is not Unit.VOTES and bool(PAPER.search(parsed.before_of(item, 60) + "|" + parsed.after_of(item, 40)))
    )
    own, other, base = (of_ballots, of_votes, "votes") if is_paper else (of_votes, of_ballots, "ballots")
    sure = bool(WHOLE.search(parsed.before_of(item, 40) + "|" + parsed.after_of(item, 40)))
    if not any(held.ballots for held in scene.counts) and quantity.unit is not Unit.BALLOTS and "allots" not in parsed.before_of(item, 60):
        own = of_votes
    sure = sure or bool(DONE.match(parsed.after_of(item, 60)))
    measure = Measure(type="total", quantity=quantity, worth=own, others={base: other}, sure=sure, suffix=f" {quantity.noun}")
    checked = settle(parsed, item, scene, measure)
    yield _somebodys(parsed, item, scene, checked) if checked.verdict is Verdict.CONTRADICTED else checked


def _somebodys(parsed: Parsed, item: Item, scene: Scene, first: CheckedClaim) -> CheckedClaim:
    """Read "whom 8,156 people had chosen": just what one who stands has of the votes is no total that is wrong."""
    people = [option.id for option in scene.contest.options if option.is_person] if is_telling(item.figure) else []
    fits = [option for option in people if any(item.figure.fits(held.votes.get(option, 0)) for held in scene.could_mean)]
    near = {option for one in (parsed, parsed.before) if one for named in one.candidates for option in named.options}
    if len(fits) != 1:
        return first
    if fits[0] not in near:
        return unsettled(parsed, item, scene, "total", f"It is what {scene.name(fits[0])} has of the votes, who is not named near it.")
    worth = votes_worth(fits[0], scene.name(fits[0]))
    return settle(parsed, item, scene, Measure(type="votes", quantity=item.figure, worth=worth, sure=False, args={"option": fits[0]}))


DONE = re.compile(
    r"^,? (?:(?:had |have |actually )*(?:voted\b(?! for)|turned out\b)|(?:residents|people|voters) (?:voted|turned out)\b|"
    r"(?:have |had |has |were |was |now |been |so far |already )*(?:counted|tallied|cast|tabulated|processed|run through|in all)\b)"
    r"(?! (?:since|after|on|in|between|by|for))"
)
"""What has been done with all of them, just behind the figure."""
PAPER = Pattern(
    r"allots|(?:returned|cast|mailed|turned in|handed in) (?:a|their|\{C\d+\}) ballot|\bvoted\b|turned out|went to the polls|showed up|"
    r"took part\b|participated\b|"
    r"(?:drew|attracted|brought out) \|"
)
"""Who votes casts a ballot, whether or not it has a vote here."""
WHOLE = re.compile(
    r"\b(?:total|in all|all told|cast|counted|processed|reached|tallied|tabulated|turned out|combined|altogether|votes were|so far|"
    r"[Oo]f the|[Ww]ith)\b"
)
"""Words that make a number of votes all of them."""


ROLL_OF = re.compile(r"^.*[.;{}]|registered (?:with|as)")
"""What stands before the words that a number of the roll follows."""


def voters(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """The roll of voters."""

    def roll(held: Held) -> Value | None:
        return None if held.registered is None else Value(held.registered, "registered", f"{held.registered:,} registered voters")

    quantity = item.figure
    if re.search(
        r"regist|eligib|could have|on the rolls", quantity.words + parsed.after_of(item, 30) + ROLL_OF.sub("", parsed.before_of(item, 50))
    ):
        yield settle(parsed, item, scene, Measure(type="total", quantity=quantity, worth=roll, suffix=" registered voters"))


PAIR = Pattern(
    rf"({Q})\s*(?:percent|%)?\s*(?:to|-|versus|vs\.?|against)\s*(?:({C})(?:'s)?\s*(?:with |at )?)?({Q})(?!\s*(?:precinct|a\.m|p\.m))"
)


AHEAD = re.compile(
    r"\b(?:lead\w*|led|beat\w*|defeat\w*|w[io]n\w*|ahead|edg\w+|top\w*|over|best\w*|trounc\w+|rout\w*|outpoll\w*|first|front)\b"
)
"""Words that say who of two has more: without one, the larger figure of a pair is whoever's it is."""


def pairs(parsed: Parsed, scene: Scene) -> Iterator[tuple[tuple[Item, Item], CheckedClaim]]:
    """Two figures in one breath, "28% to 19%", "8,156-5,504": the larger one is the winner's, whoever the sentence is about."""
    for found in PAIR.finditer(parsed.skeleton):
        first, second = parsed.item(found[1]), parsed.item(found[3])
        who = _pair_options(parsed, found, scene)
        if len(who) != BOTH or re.search(r"\b(?:from|between)\s*$", parsed.skeleton[: found.start()]):
            continue
        if is_ratio(parsed, first, second):
            yield (first, second), _times_as_many(parsed, scene_at(parsed, first, scene), (first, second), who)
        elif _is_pair(first, second):
            checked = _checked_pair(parsed, scene, (first, second), who)
            if checked.verdict is Verdict.CONTRADICTED and not found[2] and not AHEAD.search(parsed.skeleton):
                turned = _checked_pair(parsed, scene, (first, second), (who[1], who[0]))
                checked = turned if turned.verdict is Verdict.CONFIRMED else checked
            yield (first, second), checked


ODDS = 13
"""Two small numbers are odds, a score or a panel's votes: "by 4 to 1", "11-7"."""


def _is_pair(first: Item, second: Item) -> bool:
    one, two = first.figure, second.figure
    units = {one.unit, two.unit} - {Unit.NUMBER}
    if max(one.value, two.value) < ODDS and units <= {Unit.NUMBER}:
        return False
    return units <= {Unit.PERCENT} or units <= {Unit.VOTES} or units <= {Unit.POINTS}


ROUND_RATIO = 0.12
"""How far from "2 to 1" a ratio of votes may be, as a part of it: such words are said of 1.8 and of 2.2. *Our choice.*"""


def is_ratio(parsed: Parsed, first: Item, second: Item) -> bool:
    """Whether a pair says how many times as many: "by 2 to 1", "3-1", "by a 3-2 margin"."""
    if {first.figure.unit, second.figure.unit} != {Unit.NUMBER} or first.figure.value <= second.figure.value:
        return False
    worded = RATIO.match(parsed.after_of(second)) or BY.search(parsed.before_of(first))
    return second.figure.value == 1 or bool(second.figure.value > 0 and first.figure.value < ODDS and worded)


RATIO = re.compile(r"^[ -](?:margin|ratio|edge|lead|landslide)\b")
BY = re.compile(r"\bby (?:a |about |roughly |nearly |almost |more than |better than )*$")


def _times_as_many(parsed: Parsed, scene: Scene, items: tuple[Item, Item], who: tuple[str, ...]) -> CheckedClaim:
    many, parts = items[0].figure, items[1].figure.value
    ahead, behind = (scene.name(option) for option in who)
    room = ROUND_RATIO if many.firmness is Firmness.EXACT else 0
    many = replace(many, value=many.value / parts, low=many.low * (1 - room) / parts, high=many.high * (1 + room) / parts)

    def worth(held: Held) -> Value | None:
        if not held.votes.get(who[1]) or who[0] not in held.votes:
            return None
        times = held.votes[who[0]] / held.votes[who[1]]
        words = f"{ahead} {held.votes[who[0]]:,}, {behind} {held.votes[who[1]]:,}: {parts * times:.2f} to {parts:g}"
        return Value(times, f"margin[{who[0]},{who[1]}]", words, f"{held.votes[who[0]]:,} / {held.votes[who[1]]:,}")

    measure = Measure(type="margin", quantity=many, worth=worth, args={"options": list(who)}, suffix=" to 1")
    return settle(parsed, items[0], scene, measure, span=(items[0].start, items[1].end))


def _pair_options(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """The winner and the loser as the sentence has them; the two that lead where it names only one or nobody."""
    before = parsed.skeleton[: found.start()]
    named = [parsed.item(mark) for mark in re.findall(rf"{C}|{G}", before)]
    named = [item for item in named if not PRONOUN.fullmatch(parsed.text[item.start : item.end])] or named
    told = [option for item in named for option in (item.options or in_group(item.group, scene))]
    ids = [*dict.fromkeys(reversed(told))][:2][::-1]
    loses = re.search(r"\b(?:within|chas\w+|trail\w*|lost|lag\w*|behind|fell|conced\w+)\b[^;]*$", before)
    if own := re.search(rf"({C}),? who (?:[a-z]+ )?(?:led|leads|won|carried|took)\b[^{{}};]*$", before):
        ids = list(parsed.item(own[1]).options)
    if found[2]:
        after = parsed.item(found[2]).options
        both = (*[option for option in ids if option not in after][-1:], *after)
        larger_first = parsed.item(found[1]).figure.value >= parsed.item(found[3]).figure.value
        return both if larger_first else both[::-1]
    if not ids:
        people = in_group("top", scene)
        return people if sum(option.is_person for option in scene.contest.options) == len(people) else ()
    if len(ids) == 1:
        ahead = objects_after(parsed, found.end(), scene)
        rest = [option for option in (*ahead, *(in_group("top", scene))) if option not in ids]
        ids = [*ids, *rest[:1]]
    return tuple(reversed(ids)) if loses else tuple(ids)


PRONOUN = re.compile(r"h(?:e|is|er|im)|she|their|they|them", re.IGNORECASE)


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
    name, quantity = scene.name(option), as_unit(item.figure, Unit.PERCENT if percent else Unit.VOTES)
    worth = share_worth(option, "votes", name) if percent else votes_worth(option, name)
    return settle(
        parsed,
        item,
        scene,
        Measure(type="pair", quantity=quantity, worth=worth, args={"option": option}, suffix="%" if percent else " votes"),
    )


def as_unit(quantity: Quantity, unit: Unit) -> Quantity:
    """A figure that hangs on the unit of the next one: "52.2-47.8 percent"; "28-19" is rounded to whole percent."""
    if quantity.unit is Unit.NUMBER and unit in {Unit.PERCENT, Unit.POINTS} and quantity.low == quantity.high == quantity.value:
        return replace(quantity, unit=unit, low=quantity.value - 0.5, high=quantity.value + 0.5)
    return replace(quantity, unit=unit)


MAJORITY = Pattern(
    r"\b(?:[Nn]o(?: one| (?:other )?(?:candidate|contender|rival|challenger|Democrat|Republican)|body)|[Nn]either|[Nn]one)\b[^.;]{0,50}?"
    r"(?:majority|50 percent|50%|\{Q\d+\}|outright|half)|"
    r"\b(?:fell|falls|finished|came up|landed|well|just) short of (?:the |an? )?(?:outright )?(?:majority|half|50 percent|50%)",
    re.IGNORECASE,
)
OTHERS = re.compile(r"\b(?:else|others?|rest)\b")


def majorities(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "No candidate reached a majority", "no one else cracked 10%", "neither Ahn nor Gomez received more than 11,000 votes"."""
    for found in MAJORITY.finditer(parsed.skeleton):
        marks = [parsed.item(mark) for mark in re.findall(Q, found[0]) if parsed.item(mark).quantity]
        if scene.held and scene.held.total and (not marks or _is_limit(marks[0])):
            yield from _nobody_over(parsed, found, scene, scene.held, marks[0] if marks else None)


BUT = re.compile(r"\b(?:but|except|besides|other than|save|apart from)\b")


def _nobody_over(parsed: Parsed, found: re.Match[str], scene: Scene, held: Held, most: Item | None) -> Iterator[CheckedClaim]:
    """Hold what nobody reached, half of the votes if no figure is named, against whoever has most of those who are meant."""
    held = next((one for one in reversed(scene.counts) if not one.printed), held)
    others = _others(parsed, scene) if OTHERS.search(found[0]) else ()
    named = [option for mark in re.findall(C, found[0]) for option in parsed.item(mark).options]
    others, named = (tuple(named), []) if named and BUT.search(found[0]) else (others, named)
    if not (first := next((option for option in held.order() if option not in others and option in (named or [option])), "")):
        return
    kind = "votes" if most and most.figure.unit is Unit.VOTES else "share"
    number = held.votes.get(first, 0) if kind == "votes" else 100 * (held.share(first) or 0)
    limit = most.figure.value if most else HALF
    claim = claim_at(parsed, kind, *parsed.span(*found.span()), majority=False)
    among = " of the others" if others else " of these" if named else ""
    words = f"{scene.name(first)} has most{among}, {f'{number:,} votes' if kind == 'votes' else f'{number:.2f}%'}"
    unsure = scene.foreign or scene.partial or others or (limit != HALF and not named)
    verdict = Verdict.CONFIRMED if number <= limit else Verdict.CANNOT_CHECK if unsure else Verdict.CONTRADICTED
    yield judged(scene, claim, verdict, f"{words}.", [held.trace(f"{kind}[{first}]", number, words)])


def _is_limit(item: Item) -> bool:
    """Whether a figure is what nobody reached, and no distance."""
    figure = item.figure
    return figure.firmness is not Firmness.AT_MOST and (figure.unit in {Unit.PERCENT, Unit.VOTES} or figure.value == HALF)


def denied(parsed: Parsed) -> Iterator[Item]:
    """Yield the figures of a sentence that nobody is said to have reached: they are nobody's."""
    for found in MAJORITY.finditer(parsed.skeleton):
        marks = [parsed.item(mark) for mark in re.findall(Q, found[0])]
        yield from (item for item in marks if item.quantity and _is_limit(item))


def _others(parsed: Parsed, scene: Scene) -> tuple[str, ...]:
    """Who is set apart from everybody else: who is named here or just before, else the two that lead."""
    named = [
        item for one in (parsed, parsed.before) if one for item in one.items if item.options or item.group in {"top", "first", "second"}
    ]
    return tuple(option for item in named for option in (item.options or in_group(item.group, scene))) or in_group("top", scene)


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
