"""Contests that are not followed here: who carried this district in another one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from racecall.coverage.claims import CheckedClaim
from racecall.coverage.parsing import Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import folded_text
from racecall.coverage.rows import Elsewhere
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, from_row, judged, right

FAVOURED = Pattern(
    r"\b(?:favou?red|preferred|voted for|backed|chose|picked|went for|supported|carried by|won by|sided with)\b|"
    r"\b(?P<won>carried|won|beat|defeated|bested)\b(?= (?:the |it|in|this))",
    re.IGNORECASE,
)


OVER = re.compile(r"\b(?:over|beat|against|edged|defeated|bested|topped|ahead of|to)\b")
LOST = re.compile(r"lost to|fell to|behind")


def elsewhere(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "one of the few districts that favored Sanders over Clinton"."""
    for row in scene.race.coverage.of(Elsewhere):
        winner, loser = _surname(row.winner, parsed.text), _surname(row.loser, parsed.text)
        if winner is None or loser is None:
            yield from _of_one(parsed, scene, row, winner or loser)
            continue
        first, last = sorted((winner, loser), key=lambda name: name.start())
        between, verb = parsed.text[first.end() : last.start()], FAVOURED.search(parsed.text)
        if verb and _is_somebodys(parsed, verb):
            continue
        if OVER.search(between) and (verb or not re.fullmatch(r"\s*to\s*", between)):
            start = min(first.start(), verb.start()) if verb else first.start()
            claim = claim_at(parsed, "other_contest", start, last.end(), contest=row.contest)
            words = f"{row.contest}, {row.division}: {row.winner} over {row.loser}"
            is_right = (first is winner) != bool(LOST.search(between))
            yield judged(scene, claim, right(is_right), f"{words}.", [from_row(row, "winner", row.winner, words)])


WON = r"(?:carried|won|took|captured)(?! the (?:seat|nomination|presidency))"
THERE = re.compile(r"\b(?:district|34th|area|neighborhood|here|seat|it)\b|\b(?:which|that) $")
THEN = re.compile(
    r"\b(?:presidential (?:primary|primaries|nomination|race|contest)|Democratic primary|2016 primary|"
    r"last (?:year|June|spring)(?!'s (?:general|November)))\b"
)
NOT_THEN = re.compile(r"\b(?:November|general election|percent|endors\w*|debate)\b|%")


def _of_one(parsed: Parsed, scene: Scene, row: Elsewhere, named: re.Match[str] | None) -> Iterator[CheckedClaim]:
    """Read "which Sanders carried in last year's presidential primary": whoever is named has won there, or somebody else has."""
    if named is None or not (THEN.search(parsed.text) and THERE.search(parsed.text)) or NOT_THEN.search(parsed.text):
        return
    name = re.escape(named[0])
    how = r"(?:narrowly |easily |comfortably )?"
    forms = rf"{name},? (?:who )?(?:has |had )?{how}{WON}|(?:voted|went|turned out) {how}for (?:\w+ ){{0,2}}{name}"
    if found := re.search(forms, parsed.text):
        claim = claim_at(parsed, "other_contest", *found.span(), contest=row.contest)
        words = f"{row.contest}, {row.division}: {row.winner} over {row.loser}"
        is_winner = bool(_surname(row.winner, named[0]))
        yield judged(scene, claim, right(is_winner), f"{words}.", [from_row(row, "winner", row.winner, words)])


def _is_somebodys(parsed: Parsed, verb: re.Match[str]) -> bool:
    """Whether one person is said to have favored somebody: "Gomez supported Clinton over Sanders"."""
    named = (item for item in parsed.items if item.mark in {"C", "P"} and item.end < verb.start())
    return any(re.fullmatch(r",? (?:(?:who|also|had|has|\w+ly) )*", parsed.text[item.end : verb.start()]) for item in named)


def _surname(name: str, text: str) -> re.Match[str] | None:
    return _pattern(name).search(text) if name else None


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(folded_text(name.rsplit(maxsplit=1)[-1]))}\b")
