"""Ballots: how many are still out, as offices stated them, and how many came by mail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import Held, day_words
from racecall.coverage.numbers import Quantity, Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import LATER, claim_at, judged, upper
from racecall.model.counts import BallotKind
from racecall.model.release import Statement


def outstanding(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How many ballots are left."""
    quantity = item.figure
    claim = claim_at(parsed, "outstanding", item.start, item.end, value=quantity.value, unit=quantity.unit.value)
    if scene.held and scene.held.certified:
        trace = scene.held.trace("outstanding", 0, "nothing is left to count")
        said = [one for one in statements_left(scene) if _fits(quantity, one, scene)]
        verdict = Verdict.STALE if said else Verdict.CONTRADICTED
        yield judged(
            scene, claim, verdict, "The count is certified: nothing is left to count.", [trace, *(_row(one, scene) for one in said[-1:])]
        )
        return
    said = statements_left(scene)
    if not said:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")
        return
    yield _of_statements(claim, quantity, said, scene)


def _of_statements(claim: Claim, quantity: Quantity, said: Sequence[Statement], scene: Scene) -> CheckedClaim:
    last = said[-1]
    said_votes = quantity.unit is Unit.VOTES or bool(VOTES_LEFT.search(claim.sentence.text[: claim.start]))
    if said_votes and _fits(quantity, last, scene):
        words = f"{_says(last, scene)}: ballots, and not every ballot holds a vote for this contest."
        return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [_row(last, scene)], f"{quantity.value:,.0f} ballots")
    for one in [last, *(other for other in said if other.stated_at == last.stated_at)]:
        if _fits(quantity, one, scene):
            return _fitting(claim, one, scene)
    if quantity.unit is not Unit.PERCENT and quantity.is_weak(last.ballots):
        return judged(
            scene,
            claim,
            Verdict.UNDERSTATED,
            f"{_says(last, scene)}: more than is written.",
            [_row(last, scene)],
            f"about {last.ballots:,}",
        )
    if past := next((one for one in reversed(said) if _fits(quantity, one, scene)), None):
        reason = f"{_says(past, scene)}; since then: {_says(last, scene)}."
        if WAS.search(re.split(r"[;:]", claim.sentence.text[: claim.start])[-1]):
            return judged(scene, claim, Verdict.CONFIRMED, reason, [_row(past, scene)])
        return judged(scene, claim, Verdict.STALE, reason, [_row(past, scene), _row(last, scene)], f"about {last.ballots:,}")
    reason = f"{_says(last, scene)}{_as_share(last, scene) if quantity.unit is Unit.PERCENT else ''}."
    if quantity.value < last.ballots and PART.search(claim.sentence.text[: claim.start]) and quantity.unit is not Unit.PERCENT:
        verdict, reason, fix = Verdict.CANNOT_CHECK, f"{reason} How many of them were of one kind is not recorded.", ""
    else:
        verdict, fix = Verdict.CONTRADICTED, f"about {last.ballots:,} ballots"
    return judged(scene, claim, verdict, reason, [_row(last, scene)], fix)


def _fitting(claim: Claim, said: Statement, scene: Scene) -> CheckedClaim:
    """What an office said last is right, or out of date where more has been counted on a later day."""
    if newer := _counted_since(said, claim, scene):
        words = f"{_says(said, scene)}; since then more has been counted: {newer.words}."
        return judged(scene, claim, Verdict.STALE, words, [_row(said, scene), newer.trace("ballots", newer.ballots, newer.words)])
    return judged(scene, claim, Verdict.CONFIRMED, f"{_says(said, scene)}.", [_row(said, scene)])


def _counted_since(said: Statement, claim: Claim, scene: Scene) -> Held | None:
    """Return a count of a later day than a statement of what was left, if the sentence speaks of what is left now."""
    held = scene.counts[-1] if scene.counts else None
    now = not scene.explicit and not WAS.search(claim.sentence.text[: claim.start]) and not WERE.search(claim.sentence.text)
    return held if now and held and held.ballots and held.at - said.stated_at > LATER else None


PART = re.compile(
    r"\b(?:including|among (?:them|those|these)|of (?:which|whom|them|those|these)|consisting of|made up of|plus)"
    r"(?: (?:about|some|roughly|around|nearly|an estimated|more than|at least|the))*,? ?$"
)
"""What comes is a part of what has been said: ballots of one kind."""
WERE = re.compile(r"\b(?:were|was|had|remained|would|said)\b")
"""What was left when somebody said so."""
VOTES_LEFT = re.compile(r"\b[Vv]otes (?:yet|left|still|remaining|outstanding|uncounted|not)[^.;]{0,24}: ?$")
"""Votes by name where ballots are left."""
WAS = re.compile(
    r"\b(?:[Ee]arlier|had been|there (?:were|had)|at (?:first|one point|that point|"
    r"the time)|originally|once|last week|down from|from (?:about |some )?$)\b"
)
"""Words for what was left, and is no more."""


def statements_left(scene: Scene) -> list[Statement]:
    """Statements of ballots left that hold for the count of the sentence, oldest first."""
    known = [
        one
        for _, one in scene.race.facts.records.statements
        if one.contest in {"", scene.contest.id} and one.kind is BallotKind.OUTSTANDING
    ]
    return sorted(known, key=lambda one: one.stated_at)


def _fits(quantity: Quantity, said: Statement, scene: Scene) -> bool:
    if quantity.unit is Unit.PERCENT:
        share = _share_of(said, scene)
        return share is not None and quantity.low - 1.5 <= share <= quantity.high + 1.5
    near = 0.02 * said.ballots if said.approximate else 0
    return quantity.fits(said.ballots) or (quantity.firmness.value == "exact" and abs(quantity.value - said.ballots) <= near)


def _share_of(said: Statement, scene: Scene) -> float | None:
    """Ballots left as a part of all ballots, in percent; votes stand for the ballots counted where those are not given."""
    before = [held for held in (*scene.earlier, *scene.counts) if held.at <= said.stated_at and (held.ballots or held.total)]
    counted = (before[-1].ballots or before[-1].total) if before else None
    return 100 * said.ballots / (counted + said.ballots) if counted else None


def _as_share(said: Statement, scene: Scene) -> str:
    share = _share_of(said, scene)
    return f", {share:.0f}% of all ballots" if share is not None else ""


def _says(said: Statement, scene: Scene) -> str:
    about = "About " if said.approximate else ""
    category = "" if said.category == "total" else f"{said.category} "
    return f"{about}{said.ballots:,} {category}ballots were left on {day_words(said.stated_at, scene.race.zone)} ({_short(said.source)})"


def _short(source: str) -> str:
    return re.split(r"[,:;]", source)[0]


def _row(said: Statement, scene: Scene) -> Trace:
    words = f"ballots out · {day_words(said.stated_at, scene.race.zone)} · {said.ballots:,} · {_short(said.source)}"
    return Trace(table="statement", row=said.stated_at.isoformat(), column="ballots", value=said.ballots, words=words, at=said.stated_at)


KINDS_LEFT = Pattern(
    r"\b(?P<kinds>(?:provisional|late|mail|late-arriving|vote-by-mail|absentee|mail-in|conditional|damaged|ballots|votes|"
    r"thousands)\b[\w ,-]{0,60}?\b(?:ballots|votes|envelopes))\b[^.;{]{0,25}\b"
    r"(?:(?:are|were|is|remain\w*) (?:still )?(?:to be|being|left|uncounted|outstanding|not yet|yet to)|still (?:to|being|"
    r"need|have|had|remain\w*|uncounted|outstanding|out)|(?:have|had|has) (?:yet|not)|remain\w*|left to|"
    r"yet to)(?: (?:be )?(?:counted|tallied|processed|count))?",
    re.IGNORECASE,
)
COUNTING_ON = Pattern(
    r"\b(?:ballots|votes) (?:are |were |is )?(?:still being (?:counted|tallied|processed)|left to (?:be )?count|"
    r"remain(?:ed)? to be counted)\b|\bcounting (?:continues|goes on|will continue|is not (?:over|finished|done))\b",
    re.IGNORECASE,
)


def kinds_left(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Provisional and late mail ballots are still to be counted", without a number."""
    found = KINDS_LEFT.search(parsed.skeleton) or COUNTING_ON.search(parsed.skeleton)
    if not found or "{Q" in parsed.skeleton[max(0, found.start() - 24) : found.end()]:
        return
    claim = claim_at(parsed, "outstanding", *parsed.span(*found.span()))
    held, said = scene.held, statements_left(scene)
    if held and held.certified:
        yield judged(
            scene,
            claim,
            Verdict.CONTRADICTED,
            "The count is certified: nothing is left to count.",
            [held.trace("outstanding", 0, "certified")],
        )
    elif said:
        note = f" {said[-1].note.split('.')[0]}." if said[-1].note else ""
        yield judged(scene, claim, Verdict.CONFIRMED, f"{_says(said[-1], scene)}.{note}", [_row(said[-1], scene)])
    elif held:
        words = "no statement of ballots left is recorded yet; the count is not certified"
        yield judged(scene, claim, Verdict.CANNOT_CHECK, f"{upper(words)}.", [held.trace("status", "not certified", words)])


NONE_LEFT = Pattern(
    r"\b(?:all|every one of the|every)(?: (?:the|of the))?(?: \w+)? (?:votes|ballots?) (?:has|have|had|are|were|"
    r"is)?\s*(?:now |been )*(?:counted|tallied|in\b)|\bno (?:more )?(?:ballots|votes) (?:are |were )?(?:left|remain)|"
    r"\bwith (?:all|every) (?:votes?|ballots?) (?:counted|tallied|in\b)|\b(?:count|counting|tally) (?:is|"
    r"was) (?:now )?(?:complete|finished|over)\b",
    re.IGNORECASE,
)


ALMOST = re.compile(
    r"\b(?:nearly|almost|virtually|practically|not|n't|until|once|when|before|after|if|by the time) (?:\w+ )?$", re.IGNORECASE
)


def nothing_left(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "All votes have been counted"."""
    for found in NONE_LEFT.finditer(parsed.skeleton):
        if ALMOST.search(parsed.skeleton[: found.start()]):
            continue
        claim = claim_at(parsed, "outstanding", *parsed.span(*found.span()))
        held, said = scene.held, statements_left(scene)
        if held and held.certified:
            yield judged(scene, claim, Verdict.CONFIRMED, f"{upper(held.words)}.", [held.trace("status", "certified", "nothing left")])
        elif said and said[-1].ballots:
            yield judged(scene, claim, Verdict.CONTRADICTED, f"{_says(said[-1], scene)}.", [_row(said[-1], scene)])
        else:
            yield judged(scene, claim, Verdict.CANNOT_CHECK, "Nobody is recorded as having said how many ballots are left.")


def mail(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Ballots cast by mail, as an office stated them."""
    said = _by_mail(scene)
    if said:
        claim = claim_at(parsed, "total", item.start, item.end, value=item.figure.value)
        words = f"{said[-1].ballots:,} ballots by mail ({_short(said[-1].source)})"
        verdict = Verdict.CONFIRMED if item.figure.fits(said[-1].ballots) else Verdict.CONTRADICTED
        yield judged(scene, claim, verdict, f"{words}.", [_row(said[-1], scene)])


def mail_share(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "more than half of those came by mail": ballots by mail of all that were cast."""
    said = _by_mail(scene)
    whole = next((held for held in reversed(scene.counts) if held.ballots), None)
    if not said or whole is None or not whole.ballots:
        return
    claim = claim_at(parsed, "total", item.start, item.end, value=item.figure.value)
    part = 100 * said[-1].ballots / whole.ballots
    words = f"{said[-1].ballots:,} of {whole.ballots:,} ballots by mail, {part:.1f}%"
    fits = item.figure.fits(part)
    verdict = Verdict.CONFIRMED if fits else Verdict.UNDERSTATED if item.figure.is_weak(part) else Verdict.CONTRADICTED
    yield judged(scene, claim, verdict, f"{words}.", [_row(said[-1], scene), whole.trace("ballots", whole.ballots, words)])


def _by_mail(scene: Scene) -> list[Statement]:
    """Ballots cast by mail, as offices stated them: of this round if anybody did."""
    said = [one for _, one in scene.race.facts.records.statements if one.kind is BallotKind.CAST and one.category == "mail"]
    return [one for one in said if one.contest in {"", scene.contest.id}] or said
