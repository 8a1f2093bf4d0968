"""Words for a margin that is next to nothing: a dead heat, neck and neck, virtually tied."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.families.subjects import in_group
from racecall.coverage.parsing import BOTH, C, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import FIRST_COUNT, Scene
from racecall.coverage.settle import claim_at, judged, options_words

TIE = Pattern(
    r"\b(?:dead heat|(?:virtual|statistical|near) (?:tie|dead heat)|(?:virtually|all but|nearly|essentially|practically) tied|"
    r"neck[- ]and[- ]neck|evenly matched|closely matched)\b",
    re.IGNORECASE,
)
NEAR, FAR = 2.0, 5.0
"""A tie is said of margins up to so many percentage points, and of none beyond. *Our choice.*"""
NOT_OF_A_COUNT = re.compile(r"\b(?:poll|polls|polling|survey|surveys|money|fund-?rais\w+|if|could|might)\b", re.IGNORECASE)
EARLY = re.compile(r"\b(?:early|initial|first|mail|began|begun|start\w*|had been|at first)\b", re.IGNORECASE)


def ties(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "a dead heat", "virtually tied": two who are named, else the two that lead, apart by hardly anything."""
    for found in TIE.finditer(parsed.skeleton):
        named = [option for mark in re.findall(C, parsed.skeleton) for option in parsed.item(mark).options]
        two = tuple(dict.fromkeys(named))[:2] if len(set(named)) > 1 else in_group("top", scene)
        if len(two) != BOTH or NOT_OF_A_COUNT.search(parsed.text):
            continue
        early = scene.earlier if EARLY.search(parsed.text) or FIRST_COUNT.search(parsed.text) else ()
        gaps = [
            (100 * abs(one - other), held)
            for held in (*reversed(scene.counts), *early)
            if (one := held.share(two[0])) is not None and (other := held.share(two[1])) is not None
        ]
        if not gaps:
            continue
        gap, held = min(gaps, key=lambda told: told[0])
        claim = claim_at(parsed, "margin", *parsed.span(*found.span()), options=list(two))
        words = f"{options_words(scene, two)}: {gap:.2f} points apart"
        wrong = gap > FAR and not (scene.foreign or scene.partial) and len(set(named)) > 1 and "match" not in found[0]
        verdict = Verdict.CONFIRMED if gap <= NEAR else Verdict.CONTRADICTED if wrong else Verdict.CANNOT_CHECK
        yield judged(scene, claim, verdict, f"{words}, {held.words}.", [held.trace("margin", round(gap, 2), words)])
