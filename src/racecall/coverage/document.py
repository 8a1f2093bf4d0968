"""A story as an editor sees it: headline, captions, sentences, each with its place in the text that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a piece of a story is; a headline and a caption are held to the same words as the body."""

    HEADLINE = "headline"
    CAPTION = "caption"
    BODY = "body"
    ALT = "alt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A headline, a caption, a paragraph, the alternative text of a picture.

    Args:
        role: What it is.
        text: Its text, on one line, no markup.
        line: Line of the source it begins on, from 1 (paragraph number in a DOCX).
        offset: Character of `Document.source` it begins at, None where the text does not stand in the source as it is read (DOCX).
    """

    role: Role
    text: str
    line: int = 1
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence.

    Args:
        number: Its place in the story, from 0.
        block: Number of its block in the document, from 0.
        start, end: Characters of the block's text.
        text: Its text.
        role: Role of its block.
    """

    number: int
    block: int
    start: int
    end: int
    text: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A story.

    Args:
        name: File name or title, for messages.
        blocks: In reading order.
        format: ``text``, ``html``, ``markdown`` or ``docx``.
        published: When it was published, as far as the file says (a meta tag, front matter, a dateline); None if it does not.
        source: The text that came in, decoded; "" for a DOCX.
    """

    name: str
    blocks: tuple[Block, ...]
    format: str = "text"
    published: datetime | None = None
    source: str = ""
