"""Words in quotation marks that are recorded of somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.parsing import Parsed
from racecall.coverage.roster import folded_text
from racecall.coverage.rows import Quote
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, from_row, judged, upper

ALIKE = 0.85
"""Words so much alike are the same quotation, which may have been changed."""


def quotes(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read words in quotation marks; where they differ from those that are recorded, both are shown."""
    rows = scene.race.coverage.of(Quote)
    for start, end in parsed.quotes:
        said = _plain(parsed.text[start:end])
        near = [(alike, row) for row in rows if (alike := _alike(said, _plain(row.text))) >= ALIKE] if len(said.split()) > 1 else []
        if not near:
            continue
        _, row = max(near, key=lambda one: one[0])
        recorded = _plain(row.text)
        whole = recorded in said or said in recorded
        person = scene.race.coverage.people.get(row.speaker)
        words = f"recorded of {person.name if person else row.speaker}"
        reason = upper(words) + ("." if whole else f" in other words: “{row.text}”.")
        claim = claim_at(parsed, "quote", start, end, speaker=row.speaker)
        yield judged(scene, claim, Verdict.CONFIRMED if whole else Verdict.CANNOT_CHECK, reason, [from_row(row, "text", row.text, words)])


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", folded_text(text).lower()).strip()


def _alike(one: str, two: str) -> float:
    """How much two quotations are alike (0 to 1); one that stands in the other is it. What is surely less than `ALIKE` is not measured."""
    short, long_ = sorted((one, two), key=len)
    if short and short in long_ and len(short.split()) > 1:
        return 1.0
    if 2 * len(short) < ALIKE * (len(short) + len(long_)):
        return 0.0
    pair = SequenceMatcher(None, one, two)
    return pair.ratio() if pair.quick_ratio() >= ALIKE else 0.0
