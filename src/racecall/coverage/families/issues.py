"""Where candidates stand on an issue, as it is recorded of each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.parsing import Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.record import Coverage
from racecall.coverage.roster import folded_text
from racecall.coverage.rows import Position
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, from_row, judged

SMALL = frozenset(
    [
        "that",
        "with",
        "their",
        "have",
        "this",
        "from",
        "would",
        "they",
        "into",
        "than",
        "keeping",
        "fight",
        "support",
        "supports",
        "position",
        "candidates",
        "both",
        "agree",
        "agreed",
    ]
)
"""Words that say nothing of an issue."""
AGREES = Pattern(
    r"\b(?:agree\w*|support\w*|back\w*|favou?r\w*|oppos\w*|champion\w*|called for|promis\w*|vow\w*|pledg\w*|"
    r"would (?:fight|vote|push|keep|protect)|said|against|for)\b",
    re.IGNORECASE,
)
STEM = 6
"""So many letters of a word are compared: "immigrants" and "immigration" are one."""


def positions(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "both agreed that …": an issue is told by its words, a stance is as recorded of each candidate who is named."""
    if not AGREES.search(parsed.text):
        return
    here = tuple(_stems(parsed.text))
    for rows, words in _issues(scene.race.coverage):
        hits = [(stem, found) for stem, found in here if stem in words]
        if len({stem for stem, _ in hits}) >= max(2, min(3, len(words))):
            yield _of_issue(parsed, scene, rows, (hits[0][1].start(), hits[-1][1].end()))


@lru_cache(maxsize=16)
def _issues(coverage: Coverage) -> tuple[tuple[Sequence[Position], frozenset[str]], ...]:
    """The positions on each issue, with the words by which it is told."""
    issues: dict[str, list[Position]] = {}
    for row in coverage.of(Position):
        issues.setdefault(row.issue, []).append(row)
    return tuple((rows, frozenset(stem for row in rows for stem, _ in _stems(f"{row.text} {row.issue}"))) for rows in issues.values())


def _stems(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    for found in re.finditer(r"[a-z]{4,}", folded_text(text).lower()):
        if found.group() not in SMALL:
            yield found.group()[:STEM], found


def _of_issue(parsed: Parsed, scene: Scene, rows: Sequence[Position], span: tuple[int, int]) -> CheckedClaim:
    """What is recorded of everybody named; where somebody is not recorded, or stands elsewhere, it cannot be checked."""
    who = {option for item in parsed.candidates for option in item.options}
    people = scene.race.coverage.people
    known = {people[row.candidate].option if row.candidate in people else row.candidate: row.stance for row in rows}
    wanted = "oppose" if re.search(r"\boppos|\bagainst\b", parsed.text, re.IGNORECASE) else "support"
    claim = claim_at(parsed, "position", *span, issue=rows[0].issue, options=sorted(who))
    said = "; ".join(f"{scene.name(option)}: {stance}" for option, stance in known.items())
    fits = all(known.get(option) == wanted for option in who)
    traces = [from_row(row, "stance", row.stance, f"positions · {row.text}") for row in rows]
    return judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CANNOT_CHECK, f"{said}.", traces)
