"""What a feed is: bytes in, a `Reading` out; nothing is fetched, opened or remembered.

A new feed is one file with one class of two methods, an entry point in `pyproject.toml` (group ``racecall.feeds``), a page under
`docs/feeds/` and a line in its test that calls `racecall.testing.check_feed`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from racecall.model.release import Reading
from racecall.origin import Capture, Origin

HEAD_BYTES = 65_536
"""How much of a document `sniff` may look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file to be read, with everything a reader may need beside it.

    Args:
        capture: The bytes as received (before decompression).
        data: The bytes to read (after decompression).
        timezone: IANA zone for times the source prints without one.
        companions: Other files of the same source, by name, for feeds that come in two parts.
        mapping: Column mapping for tables that no feed knows, None to let the feed decide.
        source: Who published it, if the user said so.
    """

    capture: Capture
    data: bytes
    timezone: str = "UTC"
    companions: Mapping[str, bytes] = field(default_factory=dict)
    mapping: object | None = None
    source: str = ""

    @property
    def head(self) -> bytes:
        """The first `HEAD_BYTES` of the document."""
        return self.data[:HEAD_BYTES]

    @property
    def zone(self) -> ZoneInfo:
        """The zone for times without one."""
        return ZoneInfo(self.timezone)

    @property
    def received_at(self) -> datetime:
        """When the bytes were received."""
        return self.capture.received_at

    def at(self, row: int | None = None, column: str = "") -> Origin:
        """Return the origin of a place in this document."""
        return Origin(capture=self.capture.sha256, name=self.capture.name, row=row, column=column)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A feed's claim to a document.

    Args:
        feed: Id of the feed.
        certainty: 0 to 1; 1 is a signature nobody else has, 0.5 a shape that fits.
        reason: What was seen, for people: "keys Election, ContestGroups, Timestamp".
    """

    feed: str
    certainty: float
    reason: str


@runtime_checkable
class Feed(Protocol):
    """A result format."""

    id: str
    """Short name, e.g. ``la_county_json``; also the name of its page under `docs/feeds/`."""
    title: str
    """For people, e.g. "LA County results JSON"."""

    def sniff(self, document: Document) -> Match | None:
        """Say whether this looks like our format, and why; look at `document.head` and the name only.

        A JSON object may be cut in the head, so match on bytes, not on a parse.
        """
        ...

    def parse(self, document: Document) -> Reading:
        """Read the document.

        Raises:
            SourceError: It cannot be read at all. Anything less is a finding in the reading.
        """
        ...
