"""Which feed reads a document: every feed is asked, the surest one reads, and nobody guesses when two are equally sure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from racecall.errors import AmbiguousFormat, UnknownFormat, UnknownName
from racecall.feeds.base import Document, Feed, Match
from racecall.feeds.mapping import ColumnMap
from racecall.feeds.strangers import refuse_known
from racecall.feeds.text import refuse_empty
from racecall.feeds.xml import root_name
from racecall.model.release import Reading

TOO_CLOSE = 0.05
"""Two feeds whose certainty differs by less than this are equally sure."""
MAPPED = ("openelections", "table", "excel")
"""The feeds that heed a column mapping; one of them reads a document whose columns the user has named."""

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive", "Save the sheet as CSV (UTF-8), or unpack it, and try that file."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as CSV (UTF-8) and try that file."),
    (b"%PDF", "a PDF", "Ask the office for a table, or enter the figures by hand (docs/feeds/hand.md)."),
    (b"\x89PNG", "a picture", "Ask the office for a table, or enter the figures by hand (docs/feeds/hand.md)."),
)


def recognise(document: Document, feeds: Iterable[Feed]) -> tuple[Match, ...]:
    """Return the claims of all feeds to a document, surest first."""
    matches = [match for feed in feeds if (match := feed.sniff(document))]
    return tuple(sorted(matches, key=lambda match: (-match.certainty, match.feed)))


def choose(document: Document, feeds: Sequence[Feed]) -> tuple[Feed, Match]:
    """Return the feed that is to read a document, and why.

    With one feed there is no choice: the user named it. Columns that the user named leave only the feeds that heed them.

    Raises:
        BrokenFile: The document is empty.
        UnknownFormat: No feed recognises it, or it is known to hold no counts we can read.
        AmbiguousFormat: Two are equally sure.
    """
    refuse_empty(document)
    if len(feeds) == 1:
        return feeds[0], feeds[0].sniff(document) or Match(feed=feeds[0].id, certainty=0.0, reason="you named the format")
    if isinstance(document.mapping, ColumnMap) and document.mapping.names_columns:
        feeds = [feed for feed in feeds if feed.id in MAPPED] or feeds
    else:
        refuse_known(document)
    matches = recognise(document, feeds)
    if not matches:
        raise _unknown(document, feeds)
    if len(matches) > 1 and matches[0].certainty - matches[1].certainty < TOO_CLOSE:
        raise _ambiguous(document, matches)
    return by_id(feeds, matches[0].feed), matches[0]


def read(document: Document, feeds: Sequence[Feed]) -> Reading:
    """Read a document with the feed that recognises it best.

    Raises:
        SourceError: Nobody recognises it, two do equally well, or it cannot be read.
    """
    feed, _ = choose(document, feeds)
    return feed.parse(document)


def by_id(feeds: Iterable[Feed], feed_id: str) -> Feed:
    """Return the feed of that name.

    Raises:
        UnknownName: There is none.
    """
    feeds = list(feeds)
    for feed in feeds:
        if feed.id == feed_id:
            return feed
    raise UnknownName(f'no feed "{feed_id}".', next_step=f"Feeds: {', '.join(feed.id for feed in feeds)}.")


def _unknown(document: Document, feeds: Iterable[Feed]) -> UnknownFormat:
    head = document.data.lstrip()
    for signature, what, next_step in (*_SIGNATURES, *_markup(document)):
        if head.startswith(signature):
            return UnknownFormat(f"this is {what}; it cannot be read as results.", where=document.capture.name, next_step=next_step)
    return UnknownFormat(
        f"no format recognises this file; it begins with {_begins_with(document)}. Tried: {', '.join(feed.id for feed in feeds)}.",
        where=document.capture.name,
        next_step="If it is a table, say which column is what: --map contest=COLUMN,option=COLUMN,votes=COLUMN. "
        "All formats: racecall feed list",
    )


def _markup(document: Document) -> Iterator[tuple[bytes, str, str]]:
    """Yield the signature of XML by its outermost element, and of a web page: an office's error page, or a page that shows results."""
    root = root_name(document.head)
    page = root.lower() == "html" or b"<!doctype html" in document.head[:1000].lower()
    if root and not page:
        yield b"", f'XML with the outermost element "{root}", which no format here has', "All formats: racecall feed list"
    elif page or document.data.lstrip().startswith(b"<"):
        yield b"", "a web page", "The address may have changed. Look for the file with the results, or enter the figures by hand."


def _begins_with(document: Document) -> str:
    words = document.data[:60].decode("utf-8", "backslashreplace").split()
    return f'"{" ".join(words)[:60]}"'


def _ambiguous(document: Document, matches: Sequence[Match]) -> AmbiguousFormat:
    first, second = matches[:2]
    return AmbiguousFormat(
        f"two formats fit equally well: {first.feed} ({first.reason}) and {second.feed} ({second.reason}).",
        where=document.capture.name,
        next_step=f"Say which it is: --feed {first.feed} or --feed {second.feed}",
    )
