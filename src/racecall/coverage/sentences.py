"""Where a sentence ends in newspaper prose: not after an abbreviation, an initial or a figure, and not between a quote and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from racecall.coverage.document import Document, Sentence

ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "rev",
        "hon",
        "sen",
        "sens",
        "rep",
        "reps",
        "gov",
        "lt",
        "gen",
        "col",
        "sgt",
        "capt",
        "st",
        "ave",
        "blvd",
        "jr",
        "sr",
        "no",
        "nos",
        "vs",
        "dist",
        "dept",
        "est",
        "approx",
        "pct",
        "inc",
        "corp",
        "co",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "tues",
        "wed",
        "thu",
        "thurs",
        "fri",
        "sat",
        "sun",
        "calif",
        "assem",
        "assn",
        "ext",
        "fig",
    ]
)
"""Words that carry a full stop inside a sentence."""
END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[:](?=\s+[A-Z\"“][^:.]{0,40}:)")
STARTS = re.compile(r"\s+[\"'“‘(\[]*[A-Z0-9$À-ÖØ-Þ]")
"""A sentence begins with a capital, a figure or a quotation."""
SPEAKS = re.compile(
    r"\s+(?:(?:he|she|they|it|who)\s+)?(?:said|says|added|tweeted|wrote|told|asked|replied|insisted|argued|shot back|continued)\b"
)
TAG = re.compile(r"\s+(?:[A-Z][\w'’.-]*\s+){1,3}(?:said|says|asked|added|replied|told|wrote|shot back|cried|shouted)\b")
"""Who spoke, after a question or a cry: a quotation that ends with a full stop is whole without."""
INITIALS = re.compile(r"(?:^|[\s(\"“])(?:[A-Z]\.)+$|\b(?:[ap]\.m\.|i\.e\.|e\.g\.)$", re.IGNORECASE)
ASKS = re.compile(r"[!?]+[\"'”’]")
WORD = re.compile(r"([\w'’]+)\.$")
INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")
SURE_START = re.compile(
    r"\s+[\"“]?(?:The|A|An|In|On|At|It|He|She|They|But|And|Both|With|As|That|This|There|His|Her|Its|If|After|About|Of)\b"
)
"""Words that begin a sentence even after "U.S." or "p.m."."""


@lru_cache(maxsize=16)
def sentences_of(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of a story in reading order."""
    found = ((number, block, span) for number, block in enumerate(document.blocks) for span in spans(block.text))
    return tuple(
        Sentence(number=place, block=number, start=start, end=end, text=block.text[start:end], role=block.role)
        for place, (number, block, (start, end)) in enumerate(found)
    )


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last place of each sentence of a paragraph."""
    start = 0
    for end in (found for found in END.finditer(text) if _ends(text, found)):
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    inner = text[start:end]
    if inner.strip():
        yield start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())


def _ends(text: str, end: re.Match[str]) -> bool:
    """Whether what looks like an end is one."""
    after = text[end.end() : end.end() + 48]
    asks = bool(ASKS.match(end.group()))
    if not STARTS.match(after) or SPEAKS.match(after) or (asks and TAG.match(after)):
        return False
    before = text[max(0, end.start() - 24) : end.start()] + "."
    word = WORD.search(before)
    if INITIALS.search(before):
        return bool(SURE_START.match(after)) and not INITIAL.search(before)
    return not (word and end.group().startswith(".") and word[1].lower() in ABBREVIATIONS)
