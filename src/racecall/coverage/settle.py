"""From a figure and the counts it can mean to a verdict: one way for every kind of figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.numbers import Firmness, Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import Row, kind_of
from racecall.coverage.scene import Scene

Worth = Callable[[Held], "Value | None"]
"""What a count says of a measure, None if it says nothing."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a count says.

    Args:
        number: In the unit of the printed figure (a percentage as 28.14).
        column: What was read of the count, e.g. ``share[gomez]``.
        words: For the evidence: "Gomez 8,156 of 28,985 votes, 28.14%".
        formula: How it follows, "" if it stands in the row.
    """

    number: float
    column: str
    words: str
    formula: str = ""


def once(key: tuple[str | bool, ...], worth: Worth) -> Worth:
    """Return what reckons a value once for each count: a thousand stories ask for the same ones."""

    def known(held: Held) -> Value | None:
        if key not in held.reckoned:
            held.reckoned[key] = worth(held)
        found: Value | None = held.reckoned[key]
        return found

    return known


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a figure is about, once everything in the sentence is understood.

    Args:
        type: Family of the claim.
        quantity: The figure.
        worth: What a count says of it.
        others: The same of other bases, by the base in words: a figure right of one of them has the wrong base written.
        sure: Subject and base are settled; if not, a figure that does not fit is not contradicted.
        args: What the claim says, for the record.
        suffix: Written after a figure in words: "%", " points", " votes".
        fix: Words that would be right, from the value.
    """

    type: str
    quantity: Quantity
    worth: Worth
    others: Mapping[str, Worth] = field(default_factory=dict)
    sure: bool = True
    args: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = ""
    fix: Callable[[float], str] | None = None


def claim_at(parsed: Parsed, type_: str, start: int, end: int, **args: Any) -> Claim:
    """Return a claim about a piece of a sentence."""
    return Claim(
        type=type_,
        sentence=parsed.sentence,
        start=start,
        end=end,
        args=args,
        attribution=parsed.attribution,
        quoted=parsed.is_quoted(start, end),
    )


def right(holds: object) -> Verdict:
    """Return "confirmed" where the record says the same, else "contradicted"."""
    return Verdict.CONFIRMED if holds else Verdict.CONTRADICTED


def from_row(row: Row, column: str, value: object, words: str) -> Trace:
    """Return a row of the record of coverage as evidence, with its source."""
    return Trace(table=kind_of(row), row=row.id, column=column, value=value, words=f"{words} · {row.source}", at=row.as_of)


DECIMAL, HUNDRED = 0.11, 100
TELLING, LEAST = 0.004, 100
"""A figure of at least so much, that stands for values within so small a part of itself, tells one count from another."""


def is_telling(quantity: Quantity) -> bool:
    """Whether a figure has digits enough that it is not met by chance."""
    if quantity.unit in {Unit.PERCENT, Unit.POINTS}:
        return quantity.high - quantity.low <= DECIMAL and quantity.value > 1
    if quantity.unit is Unit.NUMBER and quantity.value <= HUNDRED and quantity.value != int(quantity.value):
        return quantity.high - quantity.low <= DECIMAL
    return quantity.value >= LEAST and quantity.high - quantity.low <= TELLING * quantity.value


def judged(scene: Scene, claim: Claim, verdict: Verdict, reason: str, evidence: Iterable[Trace] = (), suggestion: str = "") -> CheckedClaim:
    """Return a claim with its verdict."""
    return CheckedClaim(
        claim=claim, verdict=verdict, reason=reason, evidence=tuple(evidence), as_of=scene.race.facts.as_of, suggestion=suggestion
    )


def settle(parsed: Parsed, item: Item, scene: Scene, measure: Measure, *, span: tuple[int, int] | None = None) -> CheckedClaim:
    """Hold a figure against the counts it can mean.

    The order is: true of a count it can mean; true and weak; right of another base; true of an earlier count (stale); else contradicted,
    if everything is settled. A figure of a count that is not held is never contradicted.
    """
    start, end = span or (item.start, item.end)
    claim = claim_at(parsed, measure.type, start, end, **measure.args, value=measure.quantity.value, unit=measure.quantity.unit.value)
    if scene.missing and not fits_any(measure, scene.counts):
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No count with {scene.missing} is held; this cannot be set beside another one.")
    known = [(held, value) for held in scene.counts if (value := measure.worth(held))] or _before(measure, scene)
    if not known:
        return _by_another_base(scene, claim, measure) or judged(scene, claim, Verdict.CANNOT_CHECK, _nothing(scene, measure))
    for held, value in reversed(known):
        if measure.quantity.fits(value.number):
            return _fitting(scene, claim, measure, (held, value), known[-1])
    released = next((one for one in reversed(known) if not one[0].printed), known[-1])
    held, value = known[-1] if measure.type == "votes" and _goes_on(known[-1][0], released[0]) else released
    if measure.quantity.is_weak(value.number):
        words = f"{_said(value, measure)}: true, and weaker than the count."
        return judged(scene, claim, Verdict.UNDERSTATED, words, [_trace(held, value)], _fixed(measure, value))
    return _not_so(scene, claim, measure, held, value)


def _fitting(scene: Scene, claim: Claim, measure: Measure, fits: tuple[Held, Value], last: tuple[Held, Value]) -> CheckedClaim:
    """A figure that fits is right, or out of date where a count of a later day says another one."""
    (held, value), (newer, now) = fits, last
    if scene.explicit or newer.at - held.at < LATER or _is_past(claim):
        return judged(scene, claim, Verdict.CONFIRMED, f"{_said(value, measure)}.", [_trace(held, value)])
    words = f"True of the {held.words} ({_printed(value, measure)}); {newer.words}: {_printed(now, measure)}."
    return judged(scene, claim, Verdict.STALE, words, [_trace(held, value), _trace(newer, now)], _fixed(measure, now))


LATER = timedelta(hours=18)
"""So long after a count a new figure takes its place; what several print in the hours after it is the same count."""


def _by_another_base(scene: Scene, claim: Claim, measure: Measure) -> CheckedClaim | None:
    """A figure right of a base that is not the one written, where nothing is known of the one written."""
    for base, worth in measure.others.items():
        for held in reversed(scene.counts):
            value = worth(held)
            if value and measure.quantity.fits(value.number):
                words = f"“{claim.text}” is right of {base} ({value.words}); what it would be as it is written is not recorded."
                return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [_trace(held, value)], f"of {base}")
    return None


def _not_so(scene: Scene, claim: Claim, measure: Measure, held: Held, value: Value) -> CheckedClaim:
    """The ways in which a figure that does not fit can still be no error, one after the other; then what is left."""
    for excuse in (_other_base, _true_once, _of_now, _of_the_other_round, _unsettled):
        if checked := excuse(scene, claim, measure, held, value):
            return checked
    words = f"{_said(value, measure)}, {held.words}."
    return judged(scene, claim, Verdict.CONTRADICTED, words, [_trace(held, value)], _fixed(measure, value))


def _other_base(scene: Scene, claim: Claim, measure: Measure, held: Held, value: Value) -> CheckedClaim | None:
    for base, worth in measure.others.items():
        other = next((one for at in (held, *reversed(scene.counts)) if (one := worth(at)) and measure.quantity.fits(one.number)), None)
        if other:
            words = f"“{claim.text}” is right of {base} ({other.words}); as it is written it would be {_printed(value, measure)}."
            return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [_trace(held, value), _trace(held, other)], f"of {base}")
    return None


BOUNDS = frozenset({Firmness.OVER, Firmness.UNDER, Firmness.AT_LEAST, Firmness.AT_MOST})
"""A bound that no longer holds is wrong, and not out of date."""


def _true_once(scene: Scene, claim: Claim, measure: Measure, held: Held, value: Value) -> CheckedClaim | None:
    if measure.quantity.firmness in BOUNDS and not _is_past(claim):
        return None
    for past in reversed(() if scene.explicit else scene.earlier):
        then = measure.worth(past)
        if then and measure.quantity.fits(then.number):
            if _is_past(claim):
                return judged(scene, claim, Verdict.CONFIRMED, f"{_said(then, measure)}, {past.words}.", [_trace(past, then)])
            words = f"True of the {past.words} ({_printed(then, measure)}); {held.words}: {_printed(value, measure)}."
            return judged(scene, claim, Verdict.STALE, words, [_trace(past, then), _trace(held, value)], _fixed(measure, value))
    return None


PAST = re.compile(
    r"\b(?:had|having|after|who'd) (?:\w+ )?(?:led|trailed|been|stood|held|begun|started|leading|trailing|enjoyed|\w+ed)\b|"
    r"\b(?:what|which|that) (?:had|was|began|started)\b|\b(?:began|started|once|initial\w*|originally|earlier|at first|had been|up from|"
    r"down from|first reported|became|become|dwindled|turned into)\b|\bfrom (?:a |the |just |only |about )*$",
    re.IGNORECASE,
)
"""Words for what was, and is no more."""


BREAK = re.compile(r"[;:]|, (?=but|and|while|now)")
STOP = re.compile(r"[,;.]")


def _is_past(claim: Claim) -> bool:
    """Whether the sentence says of a figure that it was so once: "who had led by nine points", "from nine points to three"."""
    text = claim.sentence.text
    before = BREAK.split(text[: claim.start])[-1][-60:]
    return bool(PAST.search(before)) or bool(PAST.search(STOP.split(text[claim.end :], maxsplit=1)[0][:40]))


def _of_now(scene: Scene, claim: Claim, measure: Measure, _held: Held, _value: Value) -> CheckedClaim | None:
    if by_now := _of_another_part(claim, scene, measure):
        held, value = by_now
        return judged(scene, claim, Verdict.CONFIRMED, f"{_said(value, measure)}, {held.words}.", [_trace(held, value)])
    return None


def _of_the_other_round(scene: Scene, claim: Claim, measure: Measure, _held: Held, _value: Value) -> CheckedClaim | None:
    if elsewhere := _other_round(scene, measure):
        held, value = elsewhere
        words = f"{_said(value, measure)}, in the {held.words} of {held.contest.title}."
        return judged(scene, claim, Verdict.CONFIRMED, words, [_trace(held, value)])
    return None


def _unsettled(scene: Scene, claim: Claim, measure: Measure, held: Held, value: Value) -> CheckedClaim | None:
    reason = next((words for holds, words in _doubts(scene, claim, measure, held, value) if holds), "")
    return judged(scene, claim, Verdict.CANNOT_CHECK, reason, [_trace(held, value)]) if reason else None


def _doubts(scene: Scene, claim: Claim, measure: Measure, held: Held, value: Value) -> Iterator[tuple[object, str]]:
    """Yield what may keep a figure that does not fit from being an error, and whether it does."""
    said = _said(value, measure)
    newer = _may_have_become(measure, value.number) and any(_goes_on(one, held) for one in scene.counts)
    yield newer, f"What was printed since does not give it; {held.words}: {said}."
    yield scene.foreign, "The sentence speaks of another race, year or place; nothing held settles it."
    yield scene.partial, "The sentence speaks of some of the ballots or voters; only the count of all is held."
    yield _is_of_a_campaign(scene, claim, measure), "Nothing says that the last count is meant: the next one is being fought for."
    yield claim.quoted and not scene.explicit and not measure.args.get("strong"), "It is said in a quotation, and not of whom."
    supposed = measure.type in {*STANDING, "total"} and SUPPOSED.search(EVENLY.sub("", claim.sentence.text[: claim.end]))
    yield supposed, "The sentence supposes something; the count does not settle it."
    yield held.printed and not _is_printed_whole(measure, held), f"Only printed figures are held ({said})."
    yield _of_another_size(measure, value), f"Of another size than what it seemed to be ({said})."
    telling = measure.type in {"votes", "share"} and is_telling(measure.quantity)
    yield not (measure.sure or (telling and not _is_somebodys(measure, scene))), f"It is not settled whose figure this is; {said}."


SIZE = 10


def _of_another_size(measure: Measure, value: Value) -> bool:
    """Whether a number of votes is so far from a candidate's that something else is counted: one precinct's, a street's, a club's."""
    number, actual = measure.quantity.value, value.number
    return measure.type in {"votes", "pair", "total"} and measure.quantity.unit is not Unit.PERCENT and number * SIZE < actual


def _is_of_a_campaign(scene: Scene, claim: Claim, measure: Measure) -> bool:
    """Whether a figure of the weeks before a round may be a poll's, or be of ballots that have come back."""
    if not scene.race.campaigning or scene.explicit:
        return False
    if measure.type == "total":
        return scene.contest is scene.race.current and not PAST_ROUND.search(claim.sentence.text)
    return measure.quantity.unit in {Unit.PERCENT, Unit.POINTS} and not COUNTED.search(claim.sentence.text)


PAST_ROUND = re.compile(r"\b(?:primary|first round|certified|official|election night|April|March)\b", re.IGNORECASE)
COUNTED = re.compile(
    r"\b(?:primary|first round|count\w*|tall\w+|certified|official|results?|returns|ballots|votes?|turnout|precincts?|election night|"
    r"April|March|finish\w*|won|took|received|got|drew|earned)\b",
    re.IGNORECASE,
)
"""Words for an election that has been held."""


def _is_printed_whole(measure: Measure, held: Held) -> bool:
    """Whether a printed figure says all that a measure needs: what one candidate has, ballots that an office has counted."""
    return measure.type in {"votes", "share", "pair"} or (measure.type in {"total", "turnout"} and held.ballots is not None)


def _is_somebodys(measure: Measure, scene: Scene) -> bool:
    """Whether a figure is right of any candidate in any count: then it is a question of whose it is."""
    fits, percent = measure.quantity.fits, measure.quantity.unit is Unit.PERCENT
    counts = (held for contest in scene.race.contests for held in scene.race.counts[contest.id])
    return any(fits(number) for held in counts for number in (_shares(held) if percent else held.votes.values()))


def _shares(held: Held) -> Iterator[float]:
    return (100 * share for option in (*held.votes, *held.shares) if (share := held.share(option)) is not None)


GROWN, MOVED = 1.75, 4.0
"""What a late count may make of a first one: votes grow by so much, shares and margins move by so many points. In April 2017 the votes of
the runner-up grew by 1.71 and his share by 3.3 points from the first morning to the certified count."""


def _goes_on(later: Held, held: Held) -> bool:
    """Whether a later count has more votes of anybody."""
    return later.at > held.at and any(votes > held.votes.get(option, votes) for option, votes in later.votes.items())


def _may_have_become(measure: Measure, number: float) -> bool:
    """Whether a figure may be that of a newer count than the one that gave a number."""
    figure_ = measure.quantity
    if measure.type == "votes":
        return number < figure_.high and figure_.low <= GROWN * number
    return measure.type in STANDING and figure_.unit in {Unit.PERCENT, Unit.POINTS} and abs(figure_.value - number) <= MOVED


STANDING = frozenset({"votes", "share", "pair", "margin"})
"""What a candidate has of the votes."""


def _printed(value: Value, measure: Measure) -> str:
    return f"{figure(value.number, measure.quantity.unit)}{measure.suffix}"


def _of_another_part(claim: Claim, scene: Scene, measure: Measure) -> tuple[Held, Value] | None:
    """The count in force, where the time that was said stands in another part of the sentence than the figure."""
    if scene.said is None:
        return None
    first, last = sorted(((claim.start, claim.end), (scene.said.start, scene.said.end)))
    if not scene.both and not PARTS.search(claim.sentence.text[first[1] : last[0]]):
        return None
    known = ((held, value) for held in reversed(scene.now) if (value := measure.worth(held)))
    return next(((held, value) for held, value in known if measure.quantity.fits(value.number)), None)


SUPPOSED = Pattern(
    r"\b(?:if|assuming|[Ww]ere [A-Z][\w. ]{2,30} to|needs? to|needed to|ha(?:s|ve|d) to|must|"
    r"would (?:have|make|put|give|leave|be(?! the (?:only|first|second|lone))|end|finish|win)|could have|"
    r"supposing|suppose|hypothetical\w*|had (?:he|she|they))\b|"
    r"\b(?:he|she|they)'d (?:come|be|end|finish|have|win|lose)\b",
    re.IGNORECASE,
)
EVENLY = re.compile(
    r"\b[Ii]f (?:they|these|those|the (?:rest|ballots left|late ballots)) (?:were to )?(?:split|broke|break) (?:evenly|equally|even)\b"
)
"""What changes no margin."""
PARTS = re.compile(r",|;|\b(?:than|but|before|after|having|when|while|up from|down from|compared)\b")


def _other_round(scene: Scene, measure: Measure) -> tuple[Held, Value] | None:
    """A figure of the last count of an earlier round, where the sentence names neither round nor count."""
    if scene.explicit:
        return None
    for contest in scene.race.contests:
        held = scene.race.counts[contest.id]
        if contest.id != scene.contest.id and held and contest is not scene.race.current:
            value = measure.worth(held[-1])
            if value and measure.quantity.fits(value.number):
                return held[-1], value
    return None


def _before(measure: Measure, scene: Scene) -> list[tuple[Held, Value]]:
    """The last earlier count that says anything of the measure: a printed figure may leave most candidates out."""
    if scene.counts and not scene.counts[-1].printed:
        return []
    return [(held, value) for held in scene.earlier if (value := measure.worth(held))][-1:]


def fits_any(measure: Measure, counts: Iterable[Held]) -> bool:
    """Whether one of some counts gives a figure."""
    return any((value := measure.worth(held)) is not None and measure.quantity.fits(value.number) for held in counts)


def _nothing(scene: Scene, measure: Measure) -> str:
    if scene.held is None:
        return "No count of this contest was held at that moment."
    return f"The {scene.held.words} does not give what is needed ({measure.type})."


def upper(words: str) -> str:
    """Begin a sentence with a capital, and leave the rest as it is."""
    return words[:1].upper() + words[1:]


def _said(value: Value, measure: Measure) -> str:
    del measure
    return upper(value.words)


def _trace(held: Held, value: Value) -> Trace:
    return held.trace(value.column, round(value.number, 4), value.words, value.formula)


def _fixed(measure: Measure, value: Value) -> str:
    return measure.fix(value.number) if measure.fix else f"{figure(value.number, measure.quantity.unit)}{measure.suffix}"


def figure(number: float, unit: Unit) -> str:
    """Write a figure: one or two decimals for percentages and points, thousands with a comma for the rest."""
    if unit in {Unit.PERCENT, Unit.POINTS, Unit.NUMBER} and number != int(number):
        return f"{number:.2f}"
    return f"{number:,.0f}"


def options_words(scene: Scene, options: Sequence[str]) -> str:
    """Write names: "Jimmy Gomez and Robert Lee Ahn"."""
    names = [scene.name(option) for option in options]
    return " and ".join(([", ".join(names[:-1])] if names[:-1] else []) + names[-1:])
