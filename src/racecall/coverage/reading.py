"""A story's bytes as headline, captions and paragraphs: plain text, HTML, Markdown, DOCX; nothing is fetched, and nothing in a file is run.

What is read is what a reader sees. Menus, scripts and what a draft has struck out are left out. When the story was published is taken from
the file if it says so in its head or on a line of its own; when a file was saved says nothing of that, and is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, tzinfo

from racecall.coverage.document import Block, Document, Role
from racecall.errors import BrokenFile, UnknownFormat
from racecall.feeds.text import MEBIBYTE, size_words

LARGEST = 4 * MEBIBYTE
"""A story of 1,000 words is 6 kB, and a newspaper's page around it seldom 1 MB [bytes]."""
LARGEST_MARKDOWN = MEBIBYTE // 4
"""Less, because marks that are opened and never closed take time that grows with their square [bytes]."""
MOST_BLOCKS = 20_000
"""Paragraphs of a story; a book of 500 pages has 5,000."""

ENDINGS: Mapping[str, str] = {
    "txt": "text",
    "text": "text",
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "md": "markdown",
    "markdown": "markdown",
    "docx": "docx",
}
"""What a file's name says of its format."""
FORMATS = tuple(dict.fromkeys(ENDINGS.values()))


def read_story(name: str, data: bytes, *, zone: tzinfo = UTC, format: str = "") -> Document:  # noqa: A002 - the field's name
    """Read a story.

    Args:
        name: File name or title; its ending says the format where the bytes do not.
        data: The bytes.
        zone: The county's time zone, for a time of publication that is printed without one.
        format: ``text``, ``html``, ``markdown`` or ``docx``; found out if "".

    Raises:
        BrokenFile: Empty, too large, wrongly encoded, damaged, or without a word.
        UnknownFormat: A kind of file that is not read.
    """
    found = format or format_of(name, data)
    _refuse(name, data, LARGEST_MARKDOWN if found == "markdown" else LARGEST)
    document = READERS[found](name, data, zone)
    if not any(block.role is not Role.ALT for block in document.blocks):
        raise BrokenFile(
            "there is not a word in it.", where=name, next_step="Check that it is the story, and not its cover or an empty page."
        )
    if len(document.blocks) > MOST_BLOCKS:
        raise BrokenFile(
            f"it has {len(document.blocks):,} paragraphs; the limit is {MOST_BLOCKS:,}.", where=name, next_step="Check one story at a time."
        )
    return document


def _refuse(name: str, data: bytes, largest: int) -> None:
    if not data.strip():
        raise BrokenFile(f"the file is empty ({len(data):,} bytes).", where=name, next_step="Save the story and try again.")
    if len(data) > largest:
        raise BrokenFile(
            f"the file is {size_words(len(data))}; a story is at most {size_words(largest)}.",
            where=name,
            next_step="Save the text without its pictures.",
        )


# -- which format --------------------------------------------------------------------------------------------------------------------

SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Word document", "Save it as .docx or as text."),
    (b"%PDF", "a PDF", "Save the story as text, or copy it into a text file."),
    (b"{\\rtf", "a rich text file (RTF)", "Save it as .docx or as text."),
)
"""How files begin that people will try, and that are not read."""
ZIP = b"PK\x03\x04"
PAGE = re.compile(r"\s*(<!doctype html|<html\b|<!--|<head\b|<body\b|<article\b|<h1\b|<p\b|<div\b)", re.IGNORECASE)


def format_of(name: str, data: bytes) -> str:
    """Return a story's format: by its bytes where they are plain, else by the ending of its name, else text.

    Raises:
        UnknownFormat: It is of a kind that is not read.
    """
    for signature, what, next_step in SIGNATURES:
        if data.startswith(signature):
            raise UnknownFormat(f"this is {what}, which is not read.", where=name, next_step=next_step)
    if data.startswith(ZIP):
        return "docx"
    stem, _, ending = name.rpartition(".")
    if stem and ending.lower() in ENDINGS and ending.lower() != "docx":
        return ENDINGS[ending.lower()]
    return "html" if PAGE.match(data[:1000].decode("utf-8", "replace").lstrip("\ufeff")) else "text"


# -- bytes to text -------------------------------------------------------------------------------------------------------------------

MARKS: tuple[tuple[bytes, str], ...] = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks, and what they announce (Unicode 15.0, section 23.8)."""


def text_of(name: str, data: bytes) -> str:
    """Return a story as text: UTF-8, or UTF-16 with its mark; nothing else is guessed, since a wrong guess makes another name.

    Raises:
        BrokenFile: The bytes are not that.
    """
    codec = next((codec for mark, codec in MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BrokenFile(
            f"byte {error.start + 1:,} (line {line:,}) is not {codec.upper().removesuffix('-SIG')}.",
            where=name,
            next_step="Save the story as UTF-8. Of a page from the web, save what the browser shows as text.",
        ) from error
    if "\0" in text:
        raise BrokenFile("this is not a text file: it has zero bytes.", where=name, next_step="Save the story as text in UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


# -- plain text ----------------------------------------------------------------------------------------------------------------------

WRAPPED = 100
"""Longest line that a program or a person breaks by hand; a longer one is a paragraph [characters]."""
LONGEST_HEADLINE = 160
LONGEST_CAPTION = 400
"""In characters."""
CREDIT = r"\([^()]{3,80}(?: / |/)[^()]{3,80}\)"
CAPTION = re.compile(
    rf"(?:photo|caption|pictured|image|picture)s?\s*:.+|\((?:photo|caption|pictured)\b[^()]+\)|.+{CREDIT}|.+\(photo by [^()]+\)",
    re.IGNORECASE | re.DOTALL,
)
"""What is clearly a caption in plain text: it says so, or ends with a picture's credit: "(A. Name / A Newspaper)"."""


def read_text(name: str, data: bytes, zone: tzinfo) -> Document:
    """Read plain text: the first line is a headline if it is short and does not end with a full stop; empty lines part paragraphs."""
    source = text_of(name, data)
    blocks = tuple(plain_blocks(source))
    return Document(name=name, blocks=blocks, format="text", published=printed_time(blocks, zone), source=source)


def plain_blocks(source: str) -> Iterator[Block]:
    """Yield the paragraphs of plain text, each on one line, with where it begins."""
    for number, paragraph in enumerate(_paragraphs(_lines(source))):
        text = " ".join(line for _, _, line in paragraph)
        role = Role.HEADLINE if not number and is_headline(text) else role_of(text)
        line, offset, _ = paragraph[0]
        yield Block(role=role, text=" ".join(text.split()), line=line, offset=offset)


Line = tuple[int, int, str]
"""Number from 1, character of the source at which its words begin, and the words."""


def _lines(source: str) -> Iterator[Line]:
    offset = 0
    for number, line in enumerate(source.split("\n"), 1):
        yield number, offset + len(line) - len(line.lstrip()), line.strip()
        offset += len(line) + 1


def _paragraphs(lines: Iterator[Line]) -> Iterator[Sequence[Line]]:
    """Put lines together that were broken only because the next word had no room; a line that had room was ended on purpose."""
    found = list(lines)
    width = max((len(text) for _, _, text in found if len(text) <= WRAPPED), default=0)
    together: list[Line] = []
    for line in found:
        if together and not _goes_on(together[-1][2], line[2], width):
            yield tuple(together)
            together = []
        together += [line] if line[2] else []
    if together:
        yield tuple(together)


def _goes_on(before: str, after: str, width: int) -> bool:
    if not after or max(len(before), len(after)) > WRAPPED:
        return False
    return len(before) + 1 + len(after.split(maxsplit=1)[0]) > width


def is_headline(text: str) -> bool:
    """Whether a first line reads as a headline: short, and no full stop at its end."""
    return len(text) <= LONGEST_HEADLINE and not text.endswith((".", '."', ".”", ".’", ":", ";", ","))


def role_of(text: str) -> Role:
    """Return what a paragraph of plain text is: a caption only where that is clear."""
    return Role.CAPTION if len(text) <= LONGEST_CAPTION and CAPTION.fullmatch(text) else Role.BODY


# -- when it was published -----------------------------------------------------------------------------------------------------------

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_MONTH = "|".join(rf"{month[:3]}(?:{month[3:]}|t)?" for month in MONTHS)
_DAY = (
    rf"(?:(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}}),? (?P<y1>\d{{4}})|"
    rf"(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH})\.?,? (?P<y2>\d{{4}})|(?P<iso>\d{{4}}-\d\d-\d\d))"
)
_CLOCK = (
    r"(?:[,T]? ?(?:at )?(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::\d\d)?)? ?(?P<half>[ap])?\.?(?:m\.?)?(?: ?(?:[PMCE][SD]?T|UTC|GMT))?)?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_LEAD = rf"\(?(?:(?:published|posted|first published|date|updated)(?: on)?:? )?(?:{_WEEKDAY},? )?"
PRINTED = re.compile(rf"{_LEAD}{_DAY}{_CLOCK}\)?\.?", re.IGNORECASE)
"""A line that is a date and nothing else: "Published April 5, 2017, 9:05 a.m.", "(5 April 2017)"."""
HEAD = 8
"""Paragraphs among which the date of a story is looked for."""


def printed_time(blocks: Sequence[Block], zone: tzinfo) -> datetime | None:
    """Return when a story says that it was published, on a line of its own near the top; a day without a time is taken to its end.

    The end of the day, because a story may rest on everything that was known that day.
    """
    found = (PRINTED.fullmatch(block.text) for block in blocks[:HEAD])
    return next((moment for one in found if one and (moment := _printed(one.groupdict(), zone))), None)


def _printed(found: Mapping[str, str | None], zone: tzinfo) -> datetime | None:
    try:
        return datetime.combine(datetime(*_day(found), tzinfo=zone).date(), _clock(found), tzinfo=zone)
    except ValueError:
        return None


def _day(found: Mapping[str, str | None]) -> tuple[int, int, int]:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return year, month, day
    name = found["m1"] or found["m2"] or ""
    month = next(number for number, known in enumerate(MONTHS, 1) if known.startswith(name[:3].lower()))
    return int(found["y1"] or found["y2"] or 0), month, int(found["d1"] or found["d2"] or 0)


def _clock(found: Mapping[str, str | None]) -> time:
    if not found["hour"]:
        return END_OF_DAY
    hour = int(found["hour"])
    hour = hour % 12 + (12 if found["half"] in {"p", "P"} else 0) if found["half"] else hour
    return time(hour, int(found["minute"] or 0))


END_OF_DAY = time(23, 59, 59)


def stated_time(text: str, zone: tzinfo) -> datetime | None:
    """Read a time as heads of pages and front matter have it (ISO 8601, or as it is printed); None if it is none."""
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
        moment = moment if len(text) > len("2017-04-05") else datetime.combine(moment.date(), END_OF_DAY)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        moment.astimezone(UTC)  # the first and the last hours of the calendar have no UTC
    except (ValueError, OverflowError):
        found = PRINTED.fullmatch(text)
        return _printed(found.groupdict(), zone) if found else None
    return moment


# -- the formats ---------------------------------------------------------------------------------------------------------------------


def _html(name: str, data: bytes, zone: tzinfo) -> Document:
    from racecall.coverage.reading_html import read_html

    return _dated(read_html(name, text_of(name, data), zone), zone)


def _markdown(name: str, data: bytes, zone: tzinfo) -> Document:
    from racecall.coverage.reading_markdown import read_markdown

    return _dated(read_markdown(name, text_of(name, data), zone), zone)


def _docx(name: str, data: bytes, zone: tzinfo) -> Document:
    from racecall.coverage.reading_docx import read_docx

    return _dated(read_docx(name, data), zone)


def _dated(document: Document, zone: tzinfo) -> Document:
    """Take the date from a line of the story where its head says none."""
    return document if document.published else replace(document, published=printed_time(document.blocks, zone))


READERS: Mapping[str, Callable[[str, bytes, tzinfo], Document]] = {"text": read_text, "html": _html, "markdown": _markdown, "docx": _docx}
"""By format."""
