"""Where a number came from: which bytes, which row, which column.

A `Capture` is the exact bytes somebody published, known by their SHA-256. An `Origin` points into a capture, so that an error,
a finding or a source link can name the place a reader should look at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hexadecimal digits (FIPS 180-4)."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """How bytes came over the network: who was asked, and what the server said about its answer.

    Args:
        source: Name of the source in `election.toml`.
        address: The address that was asked.
        status: HTTP status (RFC 9110, section 15).
        etag, last_modified: What the server calls this state of the file, as printed; asked about again the next time.
        date: When the server says that it answered, as printed.
        content_type: What the server says the file is, as printed.
        redirected_to: The address that answered in the end, "" if it was the one that was asked.
        rehearsal: The mark of a rehearsal: the moment of the night that is played again; "" on a night of its own.
    """

    source: str
    address: str
    status: int = 200
    etag: str = ""
    last_modified: str = ""
    date: str = ""
    content_type: str = ""
    redirected_to: str = ""
    rehearsal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Bytes as they were received, before anything was read from them.

    Args:
        sha256: Hash of the bytes, 64 hexadecimal digits; also the name under which they are kept.
        name: File name or address they came from.
        size: Length [bytes].
        received_at: When we got them (aware).
        fetched: How they came over the network, None for a file that somebody gave us.
    """

    sha256: str
    name: str
    size: int
    received_at: datetime
    fetched: Fetched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A place inside a capture.

    Args:
        capture: SHA-256 of the capture, or "" when it is not known yet.
        name: File name or address, for people.
        row: Row (tables: line of the file, the header is 1) or ordinal of the record (JSON: from 1); None if it is about the whole file.
        column: Column or key; "" if it is about the whole row.
    """

    capture: str = ""
    name: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [self.name or self.capture[:12]]
        if self.row is not None:
            parts.append(f"row {self.row:,}")
        if self.column:
            parts.append(f'column "{self.column}"')
        return ", ".join(part for part in parts if part)
