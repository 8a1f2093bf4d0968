"""What came in between two counts: votes gained, margins that grew, shares that moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.counts import Held, day_words
from racecall.coverage.families.figures import LATE, LEAD
from racecall.coverage.families.margins import margin, margin_pair, margin_worth
from racecall.coverage.families.standing import as_unit, unsettled, votes
from racecall.coverage.families.subjects import in_group, subject_of
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import LATER, PAST, SUPPOSED, claim_at, figure, judged
from racecall.model.release import ReportKind


@dataclass(frozen=True, slots=True)
class Between:
    """What came in between two counts."""

    before: Held
    after: Held
    number: float
    words: str


def change(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """What a candidate gained between two counts."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:2]:
        steps = [
            Between(
                one,
                two,
                two.votes[option] - one.votes[option],
                f"{scene.name(option)} {one.votes[option]:,} → {two.votes[option]:,}: {two.votes[option] - one.votes[option]:+,}",
            )
            for one, two in _steps(scene)
            if option in one.votes and option in two.votes
        ]
        if steps:
            steps = steps[:1] if BATCH.search(parsed.text) and steps[0].after is scene.counts[-1] else steps
            yield _of_steps(parsed, item, scene, steps, "change", sure=subject.sure, option=option, strong=subject.strong)
            continue
        said = _by_report(parsed, item, scene, option, strong=subject.strong)
        only = said.verdict is Verdict.CANNOT_CHECK and not any(not held.printed for held in scene.earlier)
        yield from votes(parsed, item, scene) if only and not LATELY.search(parsed.text) else [said]
    if not subject.options:
        yield from change_total(parsed, item, scene)


BATCH = re.compile(
    r"\b(?:(?:latest|newest|last|Monday's|Tuesday's|Wednesday's|Thursday's|Friday's) (?:batch|update|count|tally|release))\b"
)
"""Words for what came in with the newest count."""
LATELY = re.compile(rf"\b{LATE}\b", re.IGNORECASE)


def _by_report(parsed: Parsed, item: Item, scene: Scene, option: str, *, strong: bool) -> CheckedClaim:
    """A gain that was printed and that no two counts give."""
    quantity = item.figure
    claim = claim_at(parsed, "change", item.start, item.end, option=option, value=quantity.value, strong=strong)
    said = [
        one for one in scene.race.facts.records.reports if one.kind is ReportKind.FIGURE and one.option == option and one.gain is not None
    ]
    for one in reversed(said):
        if one.gain is not None and abs(one.gain - quantity.value) <= max(0.05 * one.gain, quantity.high - quantity.value):
            words = f"{one.by} printed a gain of about {one.gain:,} on {day_words(one.at, scene.race.zone)}"
            trace = Trace(table="report", row=one.at.isoformat(), column="gain", value=one.gain, words=words, at=one.at)
            return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    return judged(scene, claim, Verdict.CANNOT_CHECK, f"No two counts are held that give what {scene.name(option)} gained.")


def change_total(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """What was added to the count, in votes or ballots."""
    paper = item.figure.unit is Unit.BALLOTS
    steps = [
        Between(one, two, number, f"{one.words} to {two.words}: {number:+,}")
        for one, two in _steps(scene)
        if (number := _added(one, two, paper=paper)) is not None
    ]
    known = all(not paper or (step.before.ballots and step.after.ballots) for step in steps)
    whole = item.figure.unit is not Unit.NUMBER and not any(step.before.printed or step.after.printed for step in steps[:1])
    yield _of_steps(parsed, item, scene, steps, "change", sure=known and whole and not parsed.candidates)


def _added(one: Held, two: Held, *, paper: bool) -> int | None:
    first, second = (one.ballots, two.ballots) if paper else (one.total, two.total)
    if paper and (first is None or second is None):
        first, second = one.total, two.total
    return second - first if first is not None and second is not None else None


def _steps(scene: Scene) -> list[tuple[Held, Held]]:
    """Pairs of counts a gain can be between, the one up to the newest first; of a moment that is named, those that end there."""
    counts = (*scene.earlier, *scene.counts)
    ends = counts[-max(len(scene.counts), 1) :] if counts else ()
    every = [(one, two) for two in reversed(ends) for one in reversed(counts) if one.at < two.at]
    return every if scene.explicit else every + [pair for pair in reversed(list(pairwise(counts))) if pair not in every]


def _of_steps(
    parsed: Parsed, item: Item, scene: Scene, steps: Sequence[Between], type_: str, *, sure: bool, option: str = "", strong: bool = False
) -> CheckedClaim:
    quantity = item.figure
    of = {"option": option, "strong": strong} if option else {}
    claim = claim_at(parsed, type_, item.start, item.end, value=quantity.value, **of)
    sure = sure and not scene.foreign and not SUPPOSED.search(parsed.text[: item.end])
    if not steps:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
    found = next((step for step in steps if quantity.fits(step.number)), None)
    step = found or steps[0]
    traces = [step.before.trace(type_, round(step.number, 2), step.words), step.after.trace(type_, round(step.number, 2), step.words)]
    reason = f"{step.words} ({step.before.words}; {step.after.words})."
    verdict = (
        Verdict.CONFIRMED
        if found
        else Verdict.UNDERSTATED
        if quantity.is_weak(step.number)
        else Verdict.CONTRADICTED
        if sure
        else Verdict.CANNOT_CHECK
    )
    return judged(scene, claim, verdict, reason, traces, "" if found else figure(step.number, quantity.unit))


def batch(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """A candidate's share of what came in between two counts."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:1]:
        yield batch_of(parsed, item, scene, option, sure=subject.sure)
    if not subject.options:
        yield unsettled(parsed, item, scene, "change", "It is not said whose share of the late ballots this is.")


def batch_of(parsed: Parsed, item: Item, scene: Scene, option: str, *, sure: bool) -> CheckedClaim:
    """Return whether an option had this share of what came in between two counts."""
    steps = []
    for one, two in _steps(scene):
        if option in one.votes and option in two.votes and one.total and two.total and two.total > one.total:
            got, came = two.votes[option] - one.votes[option], two.total - one.total
            steps.append(Between(one, two, 100 * got / came, f"{scene.name(option)} {got:,} of {came:,} votes, {100 * got / came:.1f}%"))
    return _of_steps(parsed, item, scene, steps, "change", sure=sure, option=option)


OF_A_MARGIN = Pattern(
    rf"\b(?:{LEAD}|narrow\w*|shr[aiu]nk\w*|clos\w+|cut|trim\w*|widen\w*|grew|grow\w*|swell\w*|slic\w+|whittl\w+|pull\w*|moved?|slip\w*|fell|fall\w*|drop\w*|rose|ris\w+|jump\w*|climb\w*)\b",
    re.IGNORECASE,
)
"""Words without which "to 200" need not be a margin at all."""


GAP = re.compile(r"\b(?:gap|lead|deficit)\b")
"""Between the two that lead, whichever of them is named."""


def _leaders_or(found: tuple[tuple[str, ...], bool], parsed: Parsed, scene: Scene) -> tuple[tuple[str, ...], bool]:
    """Return between whom a margin is: the two that lead, where one of them is named with a gap."""
    top, named = in_group("top", scene), {option for one in parsed.candidates for option in one.options}
    return (top, found[1]) if len(named) == 1 and named <= set(top) and GAP.search(parsed.text) else found


def change_margin_was(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Closed a nine-point gap": what it was."""
    return change_margin(parsed, item, scene, was=True)


SEVERAL = 13
ODDS = re.compile(r"(?<!from )(?:\{Q\d+\}) to $")
"""Odds, "by 4 to 1", are no margin that moved."""


def change_margin(parsed: Parsed, item: Item, scene: Scene, *, was: bool = False) -> Iterator[CheckedClaim]:
    """Read "Cut the lead from nine points to three": what it was, or what it is."""
    quantity = item.figure
    if quantity.unit is Unit.NUMBER and quantity.value < SEVERAL and ODDS.search(parsed.before_of(item)):
        return
    if parsed.text[item.start : item.end].lower().startswith("within"):
        yield from margin(parsed, item, scene)
        return
    was = was or bool(re.search(r"\bfrom (?:a )?(?:mere |just |only )?$", parsed.before_of(item)))
    pair, sure = _leaders_or(margin_pair(parsed, item, scene), parsed, scene)
    pair, sure = pair if len(pair) == 2 else (), sure and bool(OF_A_MARGIN.search(parsed.text))
    if not pair:
        yield unsettled(parsed, item, scene, "margin", "It is not settled between whom this margin is.")
        return
    points = quantity.unit in {Unit.POINTS, Unit.PERCENT} or quantity.value < 100
    quantity = as_unit(quantity, Unit.POINTS) if points and quantity.unit is Unit.NUMBER else quantity
    best = max((pair, pair[::-1]), key=lambda two: _leads_now(scene, two))
    worth = margin_worth(*best, scene.contest, points=points)
    claim = claim_at(parsed, "change", item.start, item.end, value=quantity.value, ahead=best[0], behind=best[1])
    counts = scene.race.counts[scene.contest.id][:-1] if was else scene.counts
    held = [(one, value) for one in counts if (value := worth(one))]
    if not held:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "No count is held that gives this margin.")
        return
    one, value = next((pair for pair in reversed(held) if quantity.fits(pair[1].number)), held[-1])
    fits = quantity.fits(value.number)
    if not fits and (shared := _share_then(parsed, item, scene)):
        yield shared
        return
    newer, now = held[-1]
    past = was or scene.explicit or quantity.fits(now.number) or newer.at - one.at < LATER or PAST.search(parsed.text[: item.start])
    stale = fits and not past
    verdict = Verdict.STALE if stale else Verdict.CONFIRMED if fits else Verdict.CONTRADICTED if sure else Verdict.CANNOT_CHECK
    trace = one.trace(value.column, round(value.number, 2), value.words, value.formula)
    yield judged(scene, claim, verdict, f"{value.words}, {one.words}.", [trace])


def margin_change(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "His margin grew by 1,250 votes"."""
    pair, sure = _leaders_or(margin_pair(parsed, item, scene), parsed, scene)
    quantity = item.figure
    if len(pair) != 2:
        yield unsettled(parsed, item, scene, "change", "It is not settled whose margin this is.")
        return
    worth = margin_worth(*pair, scene.contest, points=quantity.unit in {Unit.POINTS, Unit.PERCENT})
    told = [(one, two, worth(one), worth(two)) for one, two in _steps(scene)]
    steps = [
        Between(one, two, abs(after.number - before.number), f"{before.words}; then {after.words}")
        for one, two, before, after in told
        if before and after
    ]
    yield _of_steps(parsed, item, scene, steps, "change", sure=sure or len(scene.contest.options) == 2, option=pair[0])


def change_share(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "His share rose by 3.2 points"; without such a share, the margin it may be."""
    subject = subject_of(parsed, item, scene)
    for option in subject.options[:1]:
        told = [(one, two, one.share(option), two.share(option)) for one, two in _steps(scene)]
        steps = [
            Between(one, two, 100 * abs(after - before), f"{scene.name(option)} {100 * before:.2f}% → {100 * after:.2f}%")
            for one, two, before, after in told
            if before is not None and after is not None
        ]
        checked = _of_steps(parsed, item, scene, steps, "change", sure=False, option=option)
        other = () if checked.verdict is Verdict.CONFIRMED else tuple(margin(parsed, item, scene))
        yield from other if other and all(one.verdict is Verdict.CONFIRMED for one in other) else [checked]
    if not subject.options:
        yield from margin(parsed, item, scene)


def _share_then(parsed: Parsed, item: Item, scene: Scene) -> CheckedClaim | None:
    """Read "from 28.1 to 25.4" as shares of whoever the sentence is about, at one count or another."""
    quantity = item.figure
    if quantity.unit not in {Unit.PERCENT, Unit.NUMBER} or quantity.value > 100:
        return None
    low, high = (quantity.low, quantity.high) if quantity.low != quantity.high else (quantity.value - 0.5, quantity.value + 0.5)
    for option in dict.fromkeys(option for one in parsed.candidates for option in one.options):
        for held in reversed((*scene.earlier, *scene.counts)):
            share = held.share(option)
            if share is not None and low <= 100 * share <= high:
                words = f"{scene.name(option)} {100 * share:.2f}%, {held.words}"
                claim = claim_at(parsed, "share", item.start, item.end, option=option, value=quantity.value)
                return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [held.trace(f"share[{option}]", round(100 * share, 2), words)])
    return None


def _leads_now(scene: Scene, pair: tuple[str, str]) -> int:
    held = next((one for one in reversed((*scene.earlier, *scene.counts)) if pair[0] in one.votes and pair[1] in one.votes), None)
    return held.votes[pair[0]] - held.votes[pair[1]] if held else 0


def up(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Up 863 votes": ahead by so many, or so many more than before."""
    ahead = list(margin(parsed, item, scene))
    gained = list(change(parsed, item, scene)) if item.figure.unit in {Unit.VOTES, Unit.NUMBER} else []
    yield from next((found for found in (ahead, gained) if any(one.verdict is Verdict.CONFIRMED for one in found)), ahead or gained)
