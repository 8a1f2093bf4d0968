"""Where the words of a story stand in the file that came in: past its tags, its entities and its line ends."""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from racecall.coverage.document import Block, Document, Sentence

BLANK = "\0"
"""Stands for each character of markup; no story has one (`racecall.coverage.reading.text_of`)."""
HIDDEN = {
    "html": re.compile(
        r"<!--.*?(?:-->|\Z)|<(script|style|nav|aside|footer|head|noscript|template)\b.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.DOTALL | re.IGNORECASE
    ),
    "markdown": re.compile(r"<!--.*?(?:-->|\Z)|</?[A-Za-z][^<>]*>|\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"),
}
"""What a reader does not see, by format."""
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
PROBE = 32
"""Characters by which the beginning of a block is found again."""
WINDOW = 100_000
"""How far ahead it is looked for."""
SKIPPED = 200
"""Characters of markup that a word may be interrupted by."""


def shown(source: str, format: str) -> str:  # noqa: A002 - the field's name
    """Return a source of the same length with everything blanked that no reader sees."""
    pattern = HIDDEN.get(format)
    return pattern.sub(lambda found: BLANK * len(found[0]), source) if pattern else source


def placed(blocks: Iterable[Block], source: str, format: str) -> tuple[Block, ...]:  # noqa: A002 - the field's name
    """Return blocks with the line and the character at which each begins, found one after the other."""
    text, starts, found, cursor = shown(source, format), line_starts(source), [], 0
    for block in blocks:
        at = _find(block.text, source if block.role.value == "alt" else text, cursor)
        if at is not None:
            cursor = at + 1
        found.append(Block(role=block.role, text=block.text, line=bisect_right(starts, at or cursor), offset=at))
    return tuple(found)


def _find(words: str, text: str, cursor: int) -> int | None:
    found = _probe(words[:PROBE]).search(text, cursor, cursor + WINDOW)
    return found.start() if found else None


@lru_cache(maxsize=256)
def _probe(words: str) -> re.Pattern[str]:
    """Return a pattern of the words as a source may write them: markup and line ends between them, entities in place of signs."""
    return re.compile("[\0*_`\\\\\\[]*?".join(_as_written(sign) for sign in words))


def _as_written(sign: str) -> str:
    if sign == " ":
        return "(?:[\\s\0>]|&nbsp;|&#160;)+"
    return re.escape(sign) if sign.isascii() and sign.isalnum() else f"(?:{re.escape(sign)}|{ENTITY.pattern})"


def line_starts(source: str) -> list[int]:
    """Return the character at which each line begins."""
    return [0, *(found.end() for found in re.finditer("\n", source))]


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of the source; lines and columns from 1, as editors count, the end one past the last character.

    Args:
        start, end: Characters from 0.
        line, column, end_line, end_column: The same for people.
    """

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


def region_of(document: Document, sentence: Sentence, start: int, end: int) -> Region | None:
    """Return where words of a sentence stand in the source, None where there is no source to point into (DOCX).

    Args:
        document: The story.
        sentence: The sentence.
        start: First character of the sentence.
        end: One past the last.
    """
    block = document.blocks[sentence.block]
    if block.offset is None or not document.source or start >= end:
        return None
    first, last = sentence.start + start, sentence.start + end - 1
    places = _places(document.source, document.format, block)
    return _region(places[first], places[last] + 1, _starts(document.source)) if last < len(places) else None


def _region(start: int, end: int, starts: Sequence[int]) -> Region:
    line, end_line = bisect_right(starts, start), bisect_right(starts, end)
    return Region(start, end, line, start - starts[line - 1] + 1, end_line, end - starts[end_line - 1] + 1)


@lru_cache(maxsize=4)
def _starts(source: str) -> tuple[int, ...]:
    return tuple(line_starts(source))


@lru_cache(maxsize=4)
def _shown(source: str, format: str) -> str:  # noqa: A002 - the field's name
    return shown(source, format)


@lru_cache(maxsize=256)
def _places(source: str, format: str, block: Block) -> tuple[int, ...]:  # noqa: A002 - the field's name
    """Return the character of the source at which each character of a block stands, as far as they can be followed."""
    text = source if block.role.value == "alt" else _shown(source, format)
    at, found = block.offset or 0, []
    for sign in block.text:
        place = _next(text, at, sign)
        if place is None:
            break
        found.append(place[0])
        at = place[1]
    return tuple(found)


def _next(text: str, at: int, sign: str) -> tuple[int, int] | None:
    """Return where a sign begins and ends, markup before it skipped; None if it is nowhere near. Markup may stand for a space itself."""
    if sign == " " and text[at : at + 1] == BLANK:
        return at, at + 1
    for place in range(at, min(at + SKIPPED, len(text)) if text[at : at + 1] != BLANK else len(text)):
        here = text[place]
        if here == sign or (sign == " " and here.isspace()):
            return place, place + 1
        if here == "&" and (entity := ENTITY.match(text, place)) and html.unescape(entity[0]).replace("\xa0", " ")[:1] == sign:
            return place, entity.end()
    return None
