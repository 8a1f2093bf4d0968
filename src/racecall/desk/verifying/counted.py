"""What a file says, read a second time: cells with the names as printed, and their totals.

These readers read the regular case and nothing else. Where a file leaves the road, they say so and give no figure (`Unclear`): a second
reader that guesses is worth nothing.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from racecall.desk.verifying.bodies import Columns

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE, TOTAL = "all", "total"
"""The unit that is the whole contest, and the count type that is all of them together."""

MOST = 10_000_000_000
"""No count is larger: more than the people on Earth."""

NO_VOTES = re.compile(r"(over|under)[ -]?votes?|(total )?(ballots|voters)( cast)?|registered( voters)?", re.IGNORECASE)
"""What stands in the place of an option and surely is none."""

MOST_BYTES = 1 << 30
"""No file is unpacked to more [bytes]."""


class Unclear(Exception):
    """A file, or a contest in it, is not of the regular form; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A capture as text, and what the record says of how to read it.

    Args:
        text: The file, unpacked.
        name: Name it was received under.
        zone: For times that it prints without one.
        mapping: Which column of a table is what, None where the record does not say.
    """

    text: str
    name: str
    zone: str
    mapping: Columns | None = None


@dataclass(slots=True, kw_only=True)
class Part:
    """One contest in one release, as printed.

    Args:
        cells: (unit, count type, option as printed) -> votes, None for a cell that is blank or withheld.
        ballots: Ballots by kind.
        units: Units reported and units in all, None where the file does not say.
        unclear: Why no figure is given, "" if one is.
    """

    cells: dict[tuple[str, str, str], int | None] = field(default_factory=dict)
    ballots: dict[str, int] | None = None
    units: tuple[int | None, int | None] | None = None
    unclear: str = ""

    def put(self, unit: str, count_type: str, option: str, printed: Any) -> None:
        """Add a cell; one without an option, or that stands there already, makes the contest unclear."""
        key = (unit, count_type, option)
        if key in self.cells or not option:
            self.unclear = self.unclear or (f'"{option}" stands twice in one place' if option else "an option has no name")
        self.cells[key] = number(printed)


@dataclass(slots=True, kw_only=True)
class Counted:
    """One release, as printed.

    Args:
        at: When it is from, None if that is not said, or not in a way that is read here.
        parts: By the contest's names as printed: key first, then title.
        complete: Whether every contest of the file is here under the name it goes by; a table can be given other names by the user.
    """

    at: datetime | None
    parts: dict[tuple[str, ...], Part] = field(default_factory=dict)
    complete: bool = True

    def part(self, *names: str) -> Part:
        """Return the part of a contest, a new one if it is not here yet."""
        return self.parts.setdefault(names, Part())


NUMBER = re.compile(r"[0-9]+(?:\.0*)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.0*)?|[0-9]{1,3}(?:[ '\u2019\u00a0\u2007\u2009\u202f][0-9]{3})+")
"""How a count is printed: digits, alone or in groups of three."""


def number(printed: Any) -> int | None:
    """Read a count; None where nothing, or no count, is printed: that is not reported, and no zero (docs/feeds/table.md)."""
    text = "" if printed is None or isinstance(printed, bool) else str(printed).strip()
    if not NUMBER.fullmatch(text):
        return None
    count = int(re.sub(r"[^0-9]", "", text.partition(".")[0]))
    return count if count <= MOST else None


def squeezed(text: str) -> str:
    """Return a name with its spaces squeezed and its accents composed."""
    import unicodedata

    return " ".join(unicodedata.normalize("NFC", text).split())


def local(moment: datetime, zone: str) -> datetime:
    """Return a printed time in UTC, in a zone if it carries none; of an hour that happened twice the first."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


# -- bytes to text -------------------------------------------------------------------------------------------------------------------


def text_of(data: bytes, encoding: str = "") -> str:
    """Return a capture as text: unpacked, in UTF-8 if the record names no other encoding.

    Raises:
        Unclear: It is packed in a way, or written in an encoding, that is not read here.
    """
    with in_words():
        return _unpacked(data).decode(encoding or "utf-8-sig")


def _unpacked(data: bytes) -> bytes:
    unpack = next((unpack for begins, unpack in PACKED if data.startswith(begins)), None)
    return unpack(data) if unpack else data


def _gunzipped(data: bytes) -> bytes:
    worker = zlib.decompressobj(wbits=31)
    made = worker.decompress(data, MOST_BYTES)
    if not worker.eof or worker.unused_data.strip(b"\0"):
        raise Unclear("the file is too large, cut short, or packed in several parts")
    return made


def _unzipped(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1 or members[0].file_size > MOST_BYTES:
            raise Unclear("the archive holds several files, or one too large")
        return archive.read(members[0])


PACKED: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = ((b"\x1f\x8b", _gunzipped), (b"PK\x03\x04", _unzipped))
"""How packed files begin, and how they are unpacked."""


@contextmanager
def in_words() -> Iterator[None]:
    """Turn whatever a reader stumbles over into a reason."""
    try:
        yield
    except Unclear:
        raise
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
        raise Unclear(f"{type(error).__name__}: {error}") from error


# -- cells to totals -----------------------------------------------------------------------------------------------------------------


def totals(cells: Iterable[tuple[tuple[str, str, str], int | None]]) -> dict[str, int]:
    """Return votes by option: in a unit a printed total before its count types, in a contest a printed total before its units."""
    units: dict[str, dict[str, dict[str, int | None]]] = {}
    for (unit, count_type, option), votes in cells:
        units.setdefault(option, {}).setdefault(unit, {})[count_type] = votes
    added = {option: _whole({unit: _whole(types, TOTAL) for unit, types in places.items()}, WHOLE) for option, places in units.items()}
    return {option: votes for option, votes in added.items() if votes is not None}


def _whole(parts: dict[str, int | None], printed: str) -> int | None:
    whole = parts.get(printed)
    given = [votes for name, votes in parts.items() if name != printed and votes is not None]
    return whole if whole is not None else sum(given) if given else None
