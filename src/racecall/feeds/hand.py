"""Figures entered by hand, in TOML: counts, statements about ballots, and what agencies, candidates and papers said (``entry/1``).

The person who typed the file can correct it, so nothing in it is guessed at and nothing is skipped: all problems are named together, each
with its table, its number in the file, its key and its line, and the file is read when there are none.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from racecall.errors import BrokenFile
from racecall.feeds.base import Document, Match
from racecall.feeds.frames import BallotRow, CountRow, ballot_frame, count_frame
from racecall.feeds.text import MAX_COUNT, CellKind, decode, local_time, tidy, whole_number
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import (
    ListedContest,
    ListedOption,
    Reading,
    Release,
    Report,
    ReportKind,
    ResultsStatus,
    Statement,
)
from racecall.model.units import ALL_UNITS

CHECKS: Mapping[str, str] = {
    "figure_sources": "Figures in a release have a source of their own.",
    "doubtful_time": "A time cannot be read, happened twice, or never happened.",
}
"""What is looked for here, by the name of the finding."""

FORMAT = "entry/1"
CATEGORIES = ("total", "mail", "provisional", "conditional", "other")
"""What the ballots of a statement are, as offices list them."""
WITHHELD = object()
"""Stands for a figure that the source withholds (``"****"``)."""
MOST_PROBLEMS = 20
MOST_CHARACTERS = 256_000
"""About fifty pages of figures, more than anybody types in a night; the largest entry we ship has 20,000. A figure with its unit takes ten
characters and becomes a row with names: a million characters took two seconds and 60 MB."""
_DOTTED = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){16}""")
"""A key of many parts (``a.b.c``): the TOML reader takes the square of their number."""

Place = tuple[str | int, ...]
"""Where a value stands: ``("release", 2, "count", 1, "votes")``; tables are numbered from 1."""


class HandFeed:
    """Figures entered by hand."""

    id = "hand"
    title = "Hand entry (TOML)"

    def sniff(self, document: Document) -> Match | None:
        """Look for the line ``racecall = "entry/1"``, or for our tables in a TOML file."""
        head = document.head.decode("utf-8", "replace")
        if re.search(r'^[ \t]*+racecall\s*+=\s*+["\']entry/', head, re.MULTILINE):
            return Match(feed=self.id, certainty=1.0, reason=f'the line racecall = "{FORMAT}"')
        if re.search(r"^[ \t]*+\[\[\s*+(?:release|statement|report)\s*+\]\]", head, re.MULTILINE):
            return Match(feed=self.id, certainty=0.8, reason="tables [[release]], [[statement]] or [[report]]")
        return None

    def parse(self, document: Document) -> Reading:
        """Read the entries.

        Raises:
            BrokenFile: Not TOML, or anything in it is not as the format has it; all problems are listed.
        """
        text, notes = decode(document)
        data = toml_of(text, where=document.capture.name, page="docs/feeds/hand.md")
        entry = _Entry(document=document, lines=line_numbers(text))
        entry.check_head(data)
        releases = [_release(entry, table, ("release", number)) for number, table in entry.tables(data, "release")]
        statements = [_statement(entry, table, ("statement", number)) for number, table in entry.tables(data, "statement")]
        reports = [_report(entry, table, ("report", number)) for number, table in entry.tables(data, "report")]
        entry.refuse_if_wrong()
        return Reading(
            feed=self.id,
            releases=tuple(sorted(filter(None, releases), key=_published)),
            statements=tuple(filter(None, statements)),
            reports=tuple(filter(None, reports)),
            findings=(*notes, *entry.findings),
        )


def _published(release: Release) -> datetime:
    return release.published_at or datetime.min.replace(tzinfo=UTC)


def toml_of(text: str, *, where: str, page: str) -> Mapping[str, Any]:
    """Read TOML that a person typed.

    Args:
        text: The file.
        where: Its name, for messages.
        page: The page with its format.

    Raises:
        BrokenFile: It is not TOML, or longer than anybody types.
    """
    if len(text) > MOST_CHARACTERS or _DOTTED.search(text):
        raise BrokenFile(
            f"the entry has more than {MOST_CHARACTERS:,} characters, or a key of more than 16 parts; nobody types that.",
            where=where,
            next_step="Split the entry into several files, or give its figures as a table, as CSV (docs/feeds/table.md).",
        )
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: not TOML, or a number of more than 4,300 digits
        raise BrokenFile(
            f"this is not TOML: {'it is nested too deeply' if isinstance(error, RecursionError) else error}.",
            where=where,
            next_step=f"Compare the line with {page}; text stands in quotation marks, times do not.",
        ) from error


# --- Line numbers ------------------------------------------------------------------------------------------------------------------

_HEADER = re.compile(r"^\s*+(?P<open>\[\[?)\s*+(?P<path>[A-Za-z0-9_.\- ]++)\s*+\]\]?\s*+(?:#.*)?$")
_KEY = re.compile(r'^\s*(?:"(?P<quoted>[^"]*)"|\'(?P<literal>[^\']*)\'|(?P<bare>[A-Za-z0-9_-]+))\s*=')


def line_numbers(text: str) -> Mapping[Place, int]:
    """Map tables and keys to the lines they stand on; tables written inline have none."""
    lines: dict[Place, int] = {}
    seen: Counter[Place] = Counter()
    table: Place = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _table_path(header["path"].split("."), header["open"] == "[[", seen)
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            lines.setdefault((*table, key["quoted"] or key["literal"] or key["bare"] or ""), number)
    return lines


def _table_path(names: Sequence[str], is_list: bool, seen: Counter[Place]) -> Place:
    """Return the numbered path of a table: ``[[release.count]]`` is the next count of the last release."""
    path: Place = ()
    for name in names[:-1]:
        path = (*path, name.strip(), seen[*path, name.strip()]) if seen[*path, name.strip()] else (*path, name.strip())
    path = (*path, names[-1].strip())
    if is_list:
        seen[path] += 1
        return (*path, seen[path])
    return path


# --- Keys and their values ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    """What a key takes.

    Args:
        read: Makes the value, or raises `_Wrong` with what was expected.
        required: Whether it may be left out.
        usual: The value when it is left out.
    """

    read: Callable[[Any], Any]
    required: bool = False
    usual: Any = None


class _Wrong(Exception):
    """A value is not what its key takes; the text says what it takes."""


def _text(value: Any) -> str:
    if isinstance(value, str) and tidy(value):
        return tidy(value)
    raise _Wrong("text in quotation marks")


def _any_text(value: Any) -> str:
    if isinstance(value, str):
        return tidy(value)
    raise _Wrong("text in quotation marks")


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _Wrong("true or false")


def _moment(value: Any) -> datetime | str:
    if isinstance(value, datetime) or (isinstance(value, str) and value):
        return value
    raise _Wrong("a time such as 2017-04-05T02:00:00-07:00")


def _votes(value: Any) -> Any:
    """Read a figure: a whole number, or a mark that it is withheld."""
    expected = "a whole number, 0 or more"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _Wrong(expected)
    cell = whole_number(value)
    if cell.kind is CellKind.WITHHELD:
        return WITHHELD
    if cell.value is None or (isinstance(value, float)):
        raise _Wrong(expected + (', or "****" if it is withheld' if isinstance(value, str) else ""))
    return cell.value


def _number(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_COUNT:
        return value
    raise _Wrong("a whole number, 0 or more")


def _share(value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise _Wrong("a share from 0 to 1 (28 percent is 0.28)")


def _one_of(kind: type[StrEnum]) -> Callable[[Any], StrEnum]:
    def read(value: Any) -> StrEnum:
        try:
            return kind(value)
        except ValueError:
            raise _Wrong(f"one of {', '.join(kind)}") from None

    return read


def _category(value: Any) -> str:
    if value in CATEGORIES:
        return str(value)
    raise _Wrong(f"one of {', '.join(CATEGORIES)}")


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(item, str) and tidy(item) for item in value):
        return tuple(tidy(item) for item in value)
    raise _Wrong('a list of options, such as ["gomez", "ahn"]')


def _table(value: Any) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return value
    raise _Wrong("a table")


def _list(value: Any) -> list[Any]:
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    raise _Wrong("tables, each headed [[release.count]]")


_RELEASE: Mapping[str, _Key] = {
    "contest": _Key(read=_text, required=True),
    "published_at": _Key(read=_moment, required=True),
    "source": _Key(read=_text, required=True),
    "status": _Key(read=_one_of(ResultsStatus), usual=ResultsStatus.UNOFFICIAL_PARTIAL),
    "note": _Key(read=_any_text, usual=""),
    "units_reported": _Key(read=_number),
    "units_total": _Key(read=_number),
    "ballots": _Key(read=_table, usual={}),
    "count": _Key(read=_list, usual=()),
    "options": _Key(read=_texts, usual=()),
    "units": _Key(read=_table, usual={}),
}
_COUNT: Mapping[str, _Key] = {
    "option": _Key(read=_text, required=True),
    "votes": _Key(read=_votes, required=True),
    "unit": _Key(read=_text, usual=ALL_UNITS),
    "count_type": _Key(read=_one_of(CountType), usual=CountType.TOTAL),
    "source": _Key(read=_text, usual=""),
}
_STATEMENT: Mapping[str, _Key] = {
    "contest": _Key(read=_any_text, usual=""),
    "kind": _Key(read=_one_of(BallotKind), required=True),
    "ballots": _Key(read=_number, required=True),
    "stated_at": _Key(read=_moment, required=True),
    "source": _Key(read=_text, required=True),
    "category": _Key(read=_category, usual="total"),
    "unit": _Key(read=_text, usual=ALL_UNITS),
    "approximate": _Key(read=_truth, usual=False),
    "includes_arrivals": _Key(read=_truth),
    "note": _Key(read=_any_text, usual=""),
}
_REPORT: Mapping[str, _Key] = {
    "contest": _Key(read=_text, required=True),
    "kind": _Key(read=_one_of(ReportKind), required=True),
    "by": _Key(read=_text, required=True),
    "at": _Key(read=_moment, required=True),
    "source": _Key(read=_text, required=True),
    "option": _Key(read=_any_text, usual=""),
    "slot": _Key(read=_number),
    "votes": _Key(read=_number),
    "gain": _Key(read=_number),
    "share": _Key(read=_share),
    "due_at": _Key(read=_moment),
    "note": _Key(read=_any_text, usual=""),
}


@dataclass(slots=True, kw_only=True)
class _Entry:
    """The file while it is read; collects what is wrong, so that all of it can be said at once."""

    document: Document
    lines: Mapping[Place, int]
    problems: list[tuple[int, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def check_head(self, data: Mapping[str, Any]) -> None:
        """Check the top level of the file."""
        if data.get("racecall", FORMAT) != FORMAT:
            self.wrong(("racecall",), f'found "{data["racecall"]}", expected "{FORMAT}"')
        for key in data:
            if key not in {"racecall", "release", "statement", "report"}:
                self.wrong((key,), "there is no such key; expected [[release]], [[statement]] or [[report]]")
        if not any(data.get(key) for key in ("release", "statement", "report")):
            self.wrong((), "nothing is entered; expected [[release]], [[statement]] or [[report]]")

    def tables(self, data: Mapping[str, Any], name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield the tables of one name with their numbers."""
        tables = data.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.wrong((name,), f"expected tables, each headed [[{name}]]")
            return
        yield from enumerate(tables, 1)

    def read(self, table: Mapping[str, Any], keys: Mapping[str, _Key], path: Place) -> dict[str, Any]:
        """Read the keys of one table; what is wrong or missing has its usual value, so that the reading goes on to the next problem."""
        for name in table:
            if name not in keys:
                self.wrong((*path, name), f"there is no such key; expected one of {', '.join(keys)}")
        return {name: self.value(table, name, key, path) for name, key in keys.items()}

    def value(self, table: Mapping[str, Any], name: str, key: _Key, path: Place) -> Any:
        """Read one key."""
        if name not in table:
            if key.required:
                self.wrong(path, f'"{name}" is missing')
            return key.usual
        try:
            return key.read(table[name])
        except _Wrong as wrong:
            self.wrong((*path, name), f"found {_printed(table[name])}, expected {wrong}")
            return key.usual

    def wrong(self, path: Place, problem: str) -> None:
        """Note a problem at a place."""
        self.problems.append((self.row(path) or 0, f"{_place(path)}: {problem}."))

    def row(self, path: Place) -> int | None:
        """Return the line of a key, or of the nearest table around it that has one."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return None

    def moment(self, value: Any, path: Place) -> datetime | None:
        """Return the time as aware; a doubt about it is noted, a time that is none is a problem."""
        if value is None:
            return None
        read = local_time(value, self.document.zone)
        if read.at is None:
            self.wrong(path, f"found {_printed(value)}, expected a time such as 2017-04-05T02:00:00-07:00")
        elif read.doubt:
            origin = self.document.at(row=self.row(path), column=str(path[-1]))
            self.findings.append(Finding(check="doubtful_time", severity=Severity.NOTE, problem=read.doubt, origin=origin))
        return read.at

    def refuse_if_wrong(self) -> None:
        """Raise `BrokenFile` with every problem found."""
        if not self.problems:
            return
        listed = [f"row {row:,}, {problem}" if row else problem for row, problem in sorted(self.problems)[:MOST_PROBLEMS]]
        more = len(self.problems) - len(listed)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        raise BrokenFile(
            "\n  ".join([f"{count}; nothing was read.", *listed, *([f"… and {more} more."] if more else [])]),
            where=self.document.capture.name,
            next_step="The format is in docs/feeds/hand.md.",
        )


def _place(path: Place) -> str:
    """Write a place for people: ``[[release]] 2, [[release.count]] 1, "votes"``."""
    words: list[str] = []
    names: list[str] = []
    for step, following in zip(path, (*path, None)[1:], strict=True):
        if isinstance(step, int):
            continue
        names.append(step)
        if isinstance(following, int):
            words.append(f"[[{'.'.join(names)}]] {following}")
        elif following is None:
            words.append(f'"{step}"')
        else:
            words.append(f"[{'.'.join(names)}]")
    return ", ".join(words) or "the file"


def _printed(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value[:60]}"'
    return str(value).lower() if isinstance(value, bool) else str(value)[:60]


# --- Tables to values --------------------------------------------------------------------------------------------------------------


def _release(entry: _Entry, table: Mapping[str, Any], path: Place) -> Release | None:
    values = entry.read(table, _RELEASE, path)
    contest = values["contest"]
    rows = [*_counted(entry, values["count"], contest, path), *_by_unit(entry, values, contest, path)]
    ballots = list(_ballots(entry, values["ballots"], contest, path))
    if not rows and not ballots:
        entry.wrong(path, "it has no figures; expected [[release.count]], or options and [release.units]")
    _refuse_repeats(entry, rows, path)
    published_at = entry.moment(values["published_at"], (*path, "published_at"))
    if entry.problems:
        return None
    entry.findings += _own_sources(entry, values, path)
    return Release(
        source=values["source"],
        feed=HandFeed.id,
        published_at=published_at,
        counts=count_frame(rows),
        ballots=ballot_frame(ballots),
        contests=(_listed(values, rows),),
        status=values["status"],
        origin=entry.document.at(row=entry.row(path)),
        note=values["note"],
    )


def _listed(values: Mapping[str, Any], rows: Sequence[CountRow]) -> ListedContest:
    options = dict.fromkeys(row[3] for row in rows)
    return ListedContest(
        key=values["contest"],
        title=values["contest"],
        options=tuple(ListedOption(key=option, name=option) for option in options),
        units_reported=values["units_reported"],
        units_total=values["units_total"],
    )


def _counted(entry: _Entry, tables: Sequence[Mapping[str, Any]], contest: str, path: Place) -> Iterator[CountRow]:
    for number, table in enumerate(tables, 1):
        here = (*path, "count", number)
        values = entry.read(table, _COUNT, here)
        votes = None if values["votes"] is WITHHELD else values["votes"]
        yield contest, values["unit"], values["count_type"].value, values["option"], votes, entry.row(here) or number


def _by_unit(entry: _Entry, values: Mapping[str, Any], contest: str, path: Place) -> Iterator[CountRow]:
    options, units = values["options"], values["units"]
    if bool(options) != bool(units):
        entry.wrong(path, 'expected both "options" and [release.units], or neither')
        return
    for number, (unit, figures) in enumerate(units.items(), 1):
        here = (*path, "units", unit)
        row = entry.row(here) or number
        if not isinstance(figures, list) or len(figures) != len(options):
            found = f"{len(figures)} figures" if isinstance(figures, list) else _printed(figures)
            entry.wrong(here, f"found {found}, expected {len(options)}, in the order of options")
            continue
        for option, figure in zip(options, figures, strict=True):
            yield contest, tidy(unit), CountType.TOTAL.value, option, _figure(entry, figure, here), row


def _figure(entry: _Entry, figure: Any, path: Place) -> int | None:
    try:
        votes = _votes(figure)
    except _Wrong as wrong:
        entry.wrong(path, f"found {_printed(figure)}, expected {wrong}")
        return None
    return None if votes is WITHHELD else int(votes)


def _ballots(entry: _Entry, table: Mapping[str, Any], contest: str, path: Place) -> Iterator[BallotRow]:
    for name in table:
        here = (*path, "ballots", name)
        if name not in set(BallotKind):
            entry.wrong(here, f"there is no such key; expected one of {', '.join(BallotKind)}")
            continue
        yield contest, ALL_UNITS, CountType.TOTAL.value, name, _figure(entry, table[name], here), entry.row(here) or 0


def _refuse_repeats(entry: _Entry, rows: Sequence[CountRow], path: Place) -> None:
    for (unit, count_type, option), times in Counter(row[1:4] for row in rows).items():
        if times > 1 and option:
            entry.wrong(path, f'"{option}" is entered {times} times for unit "{unit}", count type "{count_type}"')


def _own_sources(entry: _Entry, values: Mapping[str, Any], path: Place) -> Iterator[Finding]:
    """Note that figures have sources of their own: they stand beside them in the entry, which is kept whole."""
    own = [table for table in values["count"] if table.get("source") and tidy(str(table["source"])) != values["source"]]
    if own:
        yield Finding(
            check="figure_sources",
            severity=Severity.NOTE,
            problem=f"{len(own)} of the release's figures have a source of their own, given beside them in the entry.",
            contest=values["contest"],
            origin=entry.document.at(row=entry.row(path)),
            count=len(own),
        )


def _statement(entry: _Entry, table: Mapping[str, Any], path: Place) -> Statement | None:
    values = entry.read(table, _STATEMENT, path)
    stated_at = entry.moment(values["stated_at"], (*path, "stated_at"))
    if entry.problems:
        return None
    return Statement(**{**values, "stated_at": stated_at}, origin=entry.document.at(row=entry.row(path)))


def _report(entry: _Entry, table: Mapping[str, Any], path: Place) -> Report | None:
    values = entry.read(table, _REPORT, path)
    at = entry.moment(values["at"], (*path, "at"))
    due_at = entry.moment(values["due_at"], (*path, "due_at"))
    if values["kind"] is ReportKind.NEXT_RELEASE and values["due_at"] is None:
        entry.wrong(path, '"due_at" is missing; a report of the next release says when it is due')
    if entry.problems:
        return None
    return Report(**{**values, "at": at, "due_at": due_at}, origin=entry.document.at(row=entry.row(path)))
