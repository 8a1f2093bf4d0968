"""How many times as many, in words: somebody who doubled a total, somebody with twice as many votes as another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.subjects import clause_subject
from racecall.coverage.parsing import C, G, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged

TIMES = {"doubl": 2, "tripl": 3, "quadrupl": 4, "twice": 2, "three": 3, "four": 4}
HOW = r"(?P<how>(?:more than|better than|well over|over|nearly|almost|close to|just under|about|roughly|around|virtually) )?"
BEFORE = r"(?:\{D\d+\}|in April|in the primary|in the first round|on election night)"
GROWN = Pattern(
    rf"\b{HOW}(?P<times>doubl|tripl|quadrupl)(?:ed|ing) (?:his|her|their|{C}(?:'s)?) (?:(?:\{{D\d+\}}|[\w-]+) ){{0,2}}?"
    r"(?:vote total|total|votes?|vote count|tally|count)\b",
    re.IGNORECASE,
)
AS_MANY = Pattern(
    rf"\b{HOW}(?P<times>twice|doubl|tripl|three|four)e?(?: times)? (?:as many(?: votes)?|the votes|the number of votes) (?:as|of) "
    rf"(?P<than>(?:(?:he|she|{C}) (?:did |had |got |won |received )?)?(?:(?:in |on )?{BEFORE})|{C})",
    re.IGNORECASE,
)
OF_ANOTHER = Pattern(
    rf"\b{HOW}(?P<times>twice|doubl|tripl)(?:e|ed|ing)? (?:the (?:vote )?(?:total|votes?|tally|count|share) of )?"
    rf"(?:{G},? |third[- ]place finisher,? |fellow \w+ )?(?P<than>{C})(?: \([^)]*\))?"
    r"(?:(?:'s)?(?: \([^)]*\))?(?: vote)? (?:total|votes?|tally|count|share|haul)\b|(?=[,.;]|$))",
    re.IGNORECASE,
)
ROUND = 0.12
"""How far from "twice" a ratio of votes may be, as a part of it. *Our choice*, as for "2 to 1"."""
BELOW = 0.85
"""How far below twice "nearly twice" is said. *Our choice.*"""


def multiples(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "nearly doubled his vote total", "more than twice as many votes as Cabildo", "almost twice as many as in April"."""
    for found in GROWN.finditer(parsed.skeleton):
        yield from _of_before(parsed, found, scene)
    for found in (*AS_MANY.finditer(parsed.skeleton), *OF_ANOTHER.finditer(parsed.skeleton)):
        than = parsed.item(found["than"]).options if re.fullmatch(C, found["than"]) else ()
        yield from _of_another(parsed, found, scene, than[0]) if len(than) == 1 else _of_before(parsed, found, scene)


def _fits(found: re.Match[str], ratio: float) -> bool:
    times, how = TIMES[found["times"].lower()], (found["how"] or "").lower()
    if how.startswith(("more", "better", "well", "over")):
        return times < ratio < times + 1
    if how.startswith(("nearly", "almost", "close", "just")):
        return BELOW * times <= ratio < times
    return abs(ratio - times) <= ROUND * times


def _of_before(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """What somebody has now, beside earlier counts of this round and the last one of the round before."""
    options = clause_subject(parsed, found.start(), scene).options
    if len(options) != 1:
        return
    rounds = [counts[-1] for contest, counts in scene.race.counts.items() if counts and contest != scene.race.current.id]
    ratios = [
        (held.votes[options[0]] / before.votes[options[0]], before, held)
        for held in (scene.race.counts[scene.race.current.id][-1:] if "than" in found.re.groupindex else scene.counts)
        for before in (*rounds, *scene.earlier)
        if before.at < held.at and before.votes.get(options[0]) and options[0] in held.votes
    ]
    claim = claim_at(parsed, "change", *parsed.span(*found.span()), option=options[0])
    right = next((one for one in ratios if _fits(found, one[0])), None)
    ratio, before, held = right or (ratios[0] if ratios else (0.0, None, None))
    if before is None or held is None:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "No two counts are held to tell this from.")
        return
    words = f"{scene.name(options[0])} {before.votes[options[0]]:,} → {held.votes[options[0]]:,}: {ratio:.2f} times as many"
    verdict = Verdict.CONFIRMED if right else Verdict.CANNOT_CHECK
    yield judged(scene, claim, verdict, f"{words} ({before.words}; {held.words}).", [_trace(held, ratio, words)])


def _of_another(parsed: Parsed, found: re.Match[str], scene: Scene, other: str) -> Iterator[CheckedClaim]:
    """What somebody has, beside what another has in the same count."""
    subject = clause_subject(parsed, found.start(), scene)
    known = [held for held in scene.counts if held.votes.get(other) and all(option in held.votes for option in subject.options)]
    if len(subject.options) != 1 or other in subject.options or not known:
        return
    option = subject.options[0]
    ratios = [(held.votes[option] / held.votes[other], held) for held in reversed(known)]
    right = next((one for one in ratios if _fits(found, one[0])), None)
    ratio, held = right or ratios[0]
    claim = claim_at(parsed, "margin", *parsed.span(*found.span()), ahead=option, behind=other)
    words = f"{scene.name(option)} {held.votes[option]:,}, {scene.name(other)} {held.votes[other]:,}: {ratio:.2f} times as many"
    unsure = scene.foreign or scene.partial or not subject.sure
    verdict = Verdict.CONFIRMED if right else Verdict.CANNOT_CHECK if unsure else Verdict.CONTRADICTED
    yield judged(scene, claim, verdict, f"{words}, {held.words}.", [_trace(held, ratio, words)])


def _trace(held: Held, ratio: float, words: str) -> Trace:
    return held.trace("votes", round(ratio, 4), words)
