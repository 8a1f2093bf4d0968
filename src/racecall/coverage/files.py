"""Files of rows: TOML with a table a row, CSV with a kind a file, and the words of a command line all become the same rows.

The person who typed a file can correct it, so nothing is guessed at and nothing is skipped: all problems are named together, each with its
row and its field, and there are rows when there are none.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import msgspec

from racecall.coverage.claims import Verdict
from racecall.coverage.rows import KINDS, Row
from racecall.errors import BrokenFile, SettingsError, UnknownName, UsageError
from racecall.feeds.hand import line_numbers, toml_of
from racecall.feeds.text import MAX_COUNT, local_time, tidy, unescape_formula

FORMAT = "coverage/1"
PAGE = "docs/coverage.md"
SEPARATOR = ";"
"""Between the items of a list in one cell or one word."""
MOST_PROBLEMS = 20
ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
"""Ids stand in addresses of pages, in file names and on command lines."""

SURROGATE = re.compile("[\ud800-\udfff]")
"""What Python makes of bytes of a command line that are not UTF-8."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "review.verdict": tuple(Verdict),
    "answer.stance": ("support", "oppose", "mixed", ""),
    "position.stance": ("support", "oppose", "mixed"),
    "completeness.of": tuple(KINDS),
    "group_count.measure": ("ballots_returned", "registered"),
    "roll_call.vote": ("aye", "no", "abstain", "absent", ""),
}
"""Fields of text that take a few words only."""
SHARES = frozenset({"group_count.share", "group_count.return_rate"})
"""Numbers from 0 to 1."""
PERIODS = (("start", "end"),)
"""Days of which the second cannot come before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row as somebody wrote it.

    Args:
        kind: A name of `KINDS`.
        values: Its fields; text where a file knows nothing but text.
        place: Where it stands, for messages, e.g. ``[[endorsement]] 3, line 41``.
    """

    kind: str
    values: Mapping[str, Any]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What holds for rows that do not say it themselves.

    Args:
        zone: For times without an offset, and for the end of a day.
        now: The moment they are recorded.
        as_of: From when they were known, None for `now`.
        source: Who says so.
    """

    zone: ZoneInfo
    now: datetime
    as_of: datetime | None = None
    source: str = ""


# -- from a file to entries -----------------------------------------------------------------------------------------------------------


def toml_entries(name: str, text: str) -> tuple[Entry, ...]:
    """Read the tables of a TOML file, ``[[endorsement]]``, ``[[person]]`` and so on.

    Raises:
        BrokenFile: It is not TOML, or not in our format.
        UnknownName: It has a table that is no kind of row.
    """
    tables = dict(toml_of(text, where=name, page=PAGE))
    if (found := tables.pop("racecall", FORMAT)) != FORMAT:
        raise BrokenFile(f'found racecall = "{found}", expected "{FORMAT}".', where=name, next_step=f"The format is in {PAGE}.")
    lines = line_numbers(text)
    entries = [
        Entry(kind=kind, values=table, place=f"[[{kind}]] {number}, line {lines.get((kind, number), 1)}")
        for kind in tables
        for number, table in enumerate(_tables(tables[_known(kind, name)], kind, name), 1)
    ]
    return _some(entries, name)


def _tables(value: Any, kind: str, name: str) -> list[dict[str, Any]]:
    if isinstance(value, list) and all(isinstance(table, dict) for table in value):
        return value
    raise BrokenFile(f'"{kind}" is no list of tables.', where=name, next_step=f"Head each row with [[{kind}]], in two pairs of brackets.")


def csv_entries(name: str, text: str, kind: str) -> tuple[Entry, ...]:
    """Read a table of one kind: the header has the names of fields, lists are split at semicolons.

    Raises:
        BrokenFile: It is not a table.
        UnknownName: There is no such kind.
    """
    _known(kind, name)
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise BrokenFile(f"after line {reader.line_num} it is no CSV: {error}.", where=name, next_step="Save it as CSV again.") from error
    if repeated := [head for head, times in Counter(reader.fieldnames or ()).items() if times > 1]:
        raise BrokenFile(f'two columns are called "{repeated[0]}".', where=name, next_step="Name each column once.")
    if ragged := next((line for line, row in rows if None in row or None in row.values()), 0):
        raise BrokenFile(f"line {ragged} has more or fewer cells than the header.", where=name, next_step="Give each row as many cells.")
    return _some([Entry(kind=kind, values=_spread(kind, row), place=f"line {line}") for line, row in rows], name)


def typed_entry(kind: str, words: Sequence[str]) -> Entry:
    """Read the words of a command line, ``name=value`` each.

    Raises:
        UsageError: A word is not of that form.
        UnknownName: There is no such kind.
    """
    _known(kind, "")
    if wrong := next((word for word in words if "=" not in word), ""):
        raise UsageError(f'"{wrong}" gives no field.', next_step=f'Write field=value, e.g. id=schiff name="Adam Schiff". {_has(kind)}')
    return Entry(kind=kind, values=_spread(kind, dict(word.split("=", 1) for word in words)), place="what was typed")


def _known(kind: str, where: str) -> str:
    if kind not in KINDS:
        raise UnknownName(f'no kind of row "{kind}".', where=where, next_step=f"Kinds: {', '.join(KINDS)}.")
    return kind


def _some(entries: Sequence[Entry], name: str) -> tuple[Entry, ...]:
    if not entries:
        raise BrokenFile("there is no row in it.", where=name, next_step=f"The format is in {PAGE}.")
    return tuple(entries)


def _spread(kind: str, cells: Mapping[str, str]) -> dict[str, Any]:
    """Return what cells of text hold: an empty one nothing, one of a list its items, one of a table its names and values."""
    return {name: _parts(_hints(kind).get(name), unescape_formula(cell.strip())) for name, cell in cells.items() if cell.strip()}


def _parts(hint: Any, cell: str) -> Any:
    items = [item.strip() for item in cell.split(SEPARATOR) if item.strip()]
    if get_origin(hint) is tuple:
        return items
    pairs = [[part.strip() for part in item.split("=", 1)] for item in items]
    return dict(pairs) if get_origin(hint) is Mapping and all(len(pair) == 2 for pair in pairs) else cell


def known_from(text: str, usual: Usual) -> datetime:
    """Read the moment from which rows were known, as typed.

    Raises:
        UsageError: It is no time.
    """
    try:
        return _moment(text, usual)
    except _Wrong as wrong:
        raise UsageError(f'found "{text}".', where="--as-of", next_step=f"Write {wrong}.") from None


# -- from entries to rows -------------------------------------------------------------------------------------------------------------


def rows_of(entries: Iterable[Entry], usual: Usual, *, where: str = "") -> tuple[Row, ...]:
    """Return the rows that entries make.

    Args:
        entries: As read from a file or a command line.
        usual: What holds where they say nothing.
        where: Name of the file, for messages.

    Raises:
        SettingsError: Something is not what its field takes; every problem is listed.
    """
    reader = _Reader(usual)
    rows = [reader.row(entry) for entry in entries]
    reader.refuse_if_wrong(where)
    return tuple(filter(None, rows))


@dataclass(slots=True)
class _Reader:
    """Reads rows and collects what is wrong, so that all of it can be said at once."""

    usual: Usual
    problems: list[str] = field(default_factory=list)

    def row(self, entry: Entry) -> Row | None:
        """Return the row of an entry, None if something in it is wrong."""
        before = len(self.problems)
        hints = _hints(entry.kind)
        given = {"source": self.usual.source, "as_of": self.usual.as_of or self.usual.now, **entry.values}
        values = {name: self.value(entry, name, given[name]) for name in given if name in hints and given[name] != ""}
        for problem in (*_unknown(entry), *_missing(entry.kind, given), *_backwards(values)):
            self.wrong(entry, problem)
        return KINDS[entry.kind](**values) if len(self.problems) == before else None

    def value(self, entry: Entry, name: str, value: Any) -> Any:
        """Return a field's value; what is wrong with it is noted."""
        try:
            return _checked(f"{entry.kind}.{name}", _converted(_hints(entry.kind)[name], value, self.usual))
        except _Wrong as wrong:
            self.wrong(entry, f"{name}: found {_printed(value)}, expected {wrong}")
            return None

    def wrong(self, entry: Entry, problem: str) -> None:
        """Note a problem of an entry."""
        self.problems.append(f"{entry.place}, {problem}.")

    def refuse_if_wrong(self, where: str) -> None:
        """Raise `SettingsError` with what was found."""
        if not self.problems:
            return
        more = len(self.problems) - MOST_PROBLEMS
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        listed = [*self.problems[:MOST_PROBLEMS], *([f"… and {more} more."] if more > 0 else [])]
        raise SettingsError(
            "\n  ".join([f"{count}; nothing was recorded.", *listed]), where=where, next_step=f"The fields of every kind are in {PAGE}."
        )


class _Wrong(Exception):
    """A value is not what its field takes; the text says what it takes."""


def _converted(hint: Any, value: Any, usual: Usual) -> Any:
    wanted = _wanted(hint)
    if wanted is datetime:
        return _moment(value, usual)
    value = _tidied(value)
    if isinstance(value, datetime) and wanted is date:
        raise _Wrong(EXPECTED[date])
    try:
        return msgspec.convert(value, hint, strict=False)
    except msgspec.ValidationError:
        raise _Wrong(_expected(wanted)) from None


def _tidied(value: Any) -> Any:
    """Return text as it is compared, and a list without blank items; bytes that were no text when they were typed cannot be hashed."""
    if isinstance(value, list):
        return [item for item in map(_tidied, value) if item != ""]
    if isinstance(value, str) and SURROGATE.search(value):
        raise _Wrong("text in UTF-8")
    return tidy(value) if isinstance(value, str) else value


def _moment(value: Any, usual: Usual) -> datetime:
    """Read a time; a day alone is its end, or now if it is not over: whatever became known on a day was known by then."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        value = _day(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        today = value == usual.now.astimezone(usual.zone).date()
        value = usual.now if today else datetime.combine(value, time(23, 59, 59), usual.zone)
    read = local_time(value, usual.zone) if isinstance(value, str | datetime) else None
    if read is None or read.at is None:
        raise _Wrong(EXPECTED[datetime])
    if read.doubt:
        raise _Wrong(f"its offset as well, as in 2017-04-05T02:00-07:00. {read.doubt.rstrip('.')}")
    return read.at


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _Wrong(EXPECTED[datetime]) from None


def _checked(name: str, value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise _Wrong(EXPECTED[float])
    if isinstance(value, int) and not 0 <= value <= MAX_COUNT:
        raise _Wrong(f"{EXPECTED[int]}, 0 or more")
    if name in CHOICES and value not in CHOICES[name]:
        raise _Wrong(f"one of {', '.join(filter(None, CHOICES[name]))}")
    if name in SHARES and value is not None and not 0 <= value <= 1:
        raise _Wrong("a share from 0 to 1 (28 percent is 0.28)")
    if name.endswith(".id") and not ID.fullmatch(value):
        raise _Wrong("small letters, digits and - _ . only, 80 at most")
    return value


def _unknown(entry: Entry) -> Iterator[str]:
    for name in entry.values:
        if name not in _hints(entry.kind):
            yield f"{name}: there is no such field. {_has(entry.kind).rstrip('.')}"


def _missing(kind: str, given: Mapping[str, Any]) -> Iterator[str]:
    for name in required(kind):
        if given.get(name, "") in ("", [], ()):
            yield f"{name}: it is missing"


def _backwards(values: Mapping[str, Any]) -> Iterator[str]:
    for first, last in PERIODS:
        start, end = values.get(first), values.get(last)
        if start and end and end < start:
            yield f"{last}: {end} is before {first} ({start})"


EXPECTED: Mapping[Any, str] = {
    str: "text",
    int: "a whole number",
    float: "a number, without commas or a currency",
    bool: "true or false",
    date: "a day such as 2017-05-26",
    datetime: "a time such as 2017-04-05T02:00-07:00, or a day, which means its end",
    tuple: "a list of texts",
    Mapping: "a table of names and values",
}
"""What a field takes, by its type."""


def _expected(wanted: Any) -> str:
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return f"one of {', '.join(wanted)}"
    return EXPECTED[get_origin(wanted) or wanted]


def _wanted(hint: Any) -> Any:
    """Return the type a field takes when it takes something: ``date`` of ``date | None``."""
    several = [one for one in get_args(hint) if one is not type(None)] if type(None) in get_args(hint) else []
    return several[0] if several else hint


def _printed(value: Any) -> str:
    return f'"{value[:60]}"' if isinstance(value, str) else str(value)[:60]


@cache
def _hints(kind: str) -> Mapping[str, Any]:
    return get_type_hints(KINDS[kind])


@cache
def required(kind: str) -> tuple[str, ...]:
    """Return the fields that every row of a kind has."""
    return tuple(one.name for one in fields(KINDS[kind]) if one.default is MISSING and one.default_factory is MISSING)


def _has(kind: str) -> str:
    return f"A row of kind {kind} has: {', '.join(_hints(kind))}."
