"""Contests as a JSON file lists them: what the feeds of Los Angeles County and California share.

A feed decodes its file into `Entry` values, one for each contest (or one county's part of it), in the file's order. From there on the
work is the same: rows for the tables, contests for the reading, and a finding for everything that looks wrong. What is wrong with one
cell never costs the release; only a file that is not what it should be as a whole is refused.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from racecall.errors import BrokenFile
from racecall.feeds.base import Document
from racecall.feeds.frames import CountRow
from racecall.feeds.text import FAULTS, MAX_COUNT, Cell, CellKind, CellPlace, cell_findings, json_value, local_time, whole_number
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, ListedOption
from racecall.model.units import ALL_UNITS

RawVotes = int | float | str | msgspec.UnsetType | None
"""Votes as a file may print them. What is not a whole number becomes a finding."""

PARTIES = {
    "democratic": "DEM",
    "dem": "DEM",
    "republican": "REP",
    "rep": "REP",
    "american independent": "AIP",
    "ai": "AIP",
    "aip": "AIP",
    "green": "GRN",
    "grn": "GRN",
    "libertarian": "LIB",
    "lib": "LIB",
    "lbn": "LIB",
    "peace and freedom": "PFP",
    "p&f": "PFP",
    "pf": "PFP",
    "no party preference": "NPP",
    "npp": "NPP",
    "np": "",
    "non partisan": "",
    "nonpartisan": "",
    "non": "",
    "gop": "REP",
    "ind": "IND",
    "independent": "IND",
    "": "",
}
"""Party preferences as Los Angeles County (in full), the Secretary of State (in short) and the agencies of the press print them, in lower
case; the abbreviations are those of our archive. On Clarity sites "LBN" is West Virginia's Libertarian Party and "NP" is no party. "Non",
"NP" and "Non Partisan" belong to nonpartisan offices, where no preference is asked for."""

NO_TITLE = "(no title)"
NO_NAME = "(no name)"
ASK_OFFICE = "Ask the office, or correct the cell by hand entry."


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One option as a file lists it. A struct, because there are thousands: a dataclass takes ten times as long to make.

    Args:
        option: Name as printed.
        votes: Votes as printed.
        row: Place in the file: ordinal of the option from 1, or the line of a file with one object a line.
        party: Party as printed.
        kind: What the option is, "" if it is what the ballot prints.
        percent: Share as printed [percent], None if the file prints none.
        name: For people, if the printed name has more in it than that (a party, "incumbent").
    """

    option: str
    votes: RawVotes
    row: int
    party: str = ""
    kind: str = ""
    percent: float | str | None = None
    name: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One contest as a file lists it, or one unit's part of it.

    Args:
        key: Name used in the tables.
        title: As printed.
        lines: Its options, in the file's order.
        unit: Reporting unit.
        count_type: How the ballots behind the votes were cast.
        votes_allowed: If the file says it.
        rule_hint: What the file says about the rule.
        units_reported: Units that sent something.
        units_total: Units in the contest.
    """

    key: str
    title: str
    lines: Sequence[Line]
    unit: str = ALL_UNITS
    count_type: CountType = CountType.TOTAL
    votes_allowed: int | None = None
    rule_hint: str = ""
    units_reported: int | None = None
    units_total: int | None = None

    @property
    def where(self) -> str:
        """The contest for people, with the unit if it is a part."""
        return self.title if self.unit == ALL_UNITS or self.unit in self.title else f"{self.title} ({self.unit})"

    @property
    def is_total(self) -> bool:
        """Whether the votes are of all count types."""
        return self.count_type is CountType.TOTAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Entries made ready for a release.

    Args:
        rows: For the table of counts.
        contests: For the release.
        findings: What looks wrong.
    """

    rows: list[CountRow]
    contests: tuple[ListedContest, ...]
    findings: tuple[Finding, ...]


def tabulate(document: Document, entries: Sequence[Entry]) -> Listing:
    """Turn entries into rows and listed contests, with a finding for everything that looks wrong in them."""
    rows, holes = _rows(entries)
    findings = (*_hole_findings(document, holes), *name_findings(document, [entry for entry in entries if entry.is_total]))
    return Listing(rows=rows, contests=listed(entries), findings=findings)


# --- The file ----------------------------------------------------------------------------------------------------------------------


def head_of(document: Document) -> bytes:
    """Return the head for `sniff`, with UTF-16 undone, so that a file saved that way is still recognised."""
    head = document.head
    return head.decode("utf-16", "ignore").encode() if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else head


def read_json(document: Document, shape: Any) -> tuple[Any, tuple[Finding, ...]]:
    """Return the document as `shape`, with notes about its encoding.

    Raises:
        BrokenFile: Not JSON, cut short, or not of this shape: the place, what was found and what was expected are named.
    """
    try:
        return json_value(document, shape)
    except BrokenFile as error:
        raise _in_plain_words(document, error) from error


def _in_plain_words(document: Document, error: BrokenFile) -> BrokenFile:
    if document.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return BrokenFile(
            "this is a web page, not JSON.",
            where=error.where,
            next_step="The office may have sent an error page. Open the address in a browser, and fetch the file again when it is back.",
        )
    if isinstance(error.__cause__, msgspec.ValidationError):
        return BrokenFile(
            shape_words(str(error.__cause__)),
            where=error.where,
            next_step="The office may have changed its format: compare the file with the format's page under docs/feeds/.",
        )
    return error


_MISSING = re.compile(r"Object missing required field `([^`]+)`(?: - at `([^`]+)`)?$")
_UNEXPECTED = re.compile(r"Expected `([^`]+)`, got `([^`]+)`(?: - at `([^`]+)`)?$")
_KINDS = {
    "object": "an object {…}",
    "array": "a list […]",
    "str": "text",
    "int": "a whole number",
    "float": "a fraction",
    "bool": "true or false",
    "null": "nothing (null)",
}


def shape_words(message: str) -> str:
    """Say in plain words what the decoder (msgspec) says about a document of the wrong shape."""
    if missing := _MISSING.match(message):
        return f'{path_words(missing[2])}: "{missing[1]}" is missing.'
    if wrong := _UNEXPECTED.match(message):
        return f"{path_words(wrong[3])}: found {_kind_words(wrong[2])}, expected {_kind_words(wrong[1])}."
    return f"the file is JSON, but not as expected: {message}."


def _kind_words(kinds: str) -> str:
    return " or ".join(_KINDS.get(kind, kind) for kind in kinds.split(" | "))


def path_words(path: str | None) -> str:
    """Write a place for people, counting from 1: ``$.Data[0].Value`` becomes ``in "Data", item 1, "Value"``."""
    steps = re.findall(r"\[(\d+|\.\.\.)\]|([^.\[\]$]+)", path or "")
    words = [f'"{name}"' if name else f"item {int(number) + 1:,}" if number.isdigit() else "an item" for number, name in steps]
    return f"in {', '.join(words)}" if words else "at the top of the file"


# --- Times -------------------------------------------------------------------------------------------------------------------------

PLAUSIBLE_YEARS = range(1990, 2100)
"""Years a release can be from. Anything else is a broken clock, and may not survive a change of zone."""


def zone_or(document: Document, usual: str) -> ZoneInfo:
    """Return the document's zone, or the office's own if nobody named one (a document without a zone says UTC)."""
    return ZoneInfo(usual) if document.timezone == "UTC" else document.zone


def release_time(moment: str | datetime, zone: ZoneInfo, formats: Iterable[str] = ()) -> tuple[datetime | None, str]:
    """Return the time of a release, None if it cannot be one, and the doubt in words ("" if there is none)."""
    read = local_time(moment, zone, formats)
    if read.at and read.at.year not in PLAUSIBLE_YEARS:
        return None, f'"{moment}" cannot be the time of a release.'
    return read.at, read.doubt


def doubtful_time(document: Document, at: datetime | None, doubt: str, *, row: int | None = None, column: str = "") -> tuple[Finding, ...]:
    """Return the finding about a doubtful time, nothing if there is no doubt; without a time it holds calls."""
    if not doubt:
        return ()
    finding = Finding(
        check="doubtful_time",
        severity=Severity.NOTE if at else Severity.HOLD_CALLS,
        problem=doubt if at else f"{doubt} The counts are kept as a release without a time.",
        next_step="Compare with the office's page." if at else "Give the time with --published-at.",
        origin=document.at(row=row, column=column),
    )
    return (finding,)


# --- Entries to contests -----------------------------------------------------------------------------------------------------------


def unique_keys(titles: Sequence[tuple[str, str]]) -> list[str]:
    """Return a key for each (group, title): the title, with its group, and then a number, if other contests have the same title."""
    seen = Counter(title for _, title in titles)
    return numbered([("", title or NO_TITLE if seen[title] == 1 else f"{title or NO_TITLE} ({group})") for group, title in titles])


def numbered(keys: Iterable[tuple[str, str]]) -> list[str]:
    """Return the key of each (unit, key), with a number if the unit had it before: contests must not run into one another."""
    met: Counter[tuple[str, str]] = Counter()
    apart = []
    for place in keys:
        met[place] += 1
        apart.append(place[1] if met[place] == 1 else f"{place[1]} ({met[place]})")
    return apart


def listed(entries: Iterable[Entry]) -> tuple[ListedContest, ...]:
    """Return the contests in the order they first appear; parts of one contest make one, described by its total where there is one."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.key, []).append(entry)
    return tuple(_contest(key, parts) for key, parts in found.items())


def _contest(key: str, parts: Sequence[Entry]) -> ListedContest:
    shown = next((part for part in parts if part.unit == ALL_UNITS), parts[0])
    whole = shown.unit == ALL_UNITS
    lines = shown.lines if len(parts) == 1 else [line for part in (shown, *parts) for line in part.lines]
    return ListedContest(
        key=key,
        title=shown.title,
        options=tuple(_option(line) for line in first_of_each(lines)),
        votes_allowed=shown.votes_allowed,
        rule_hint=shown.rule_hint,
        units_reported=shown.units_reported if whole else None,
        units_total=shown.units_total if whole else None,
    )


def _option(line: Line) -> ListedOption:
    return ListedOption(key=line.option, name=line.name or line.option, party=party_code(line.party), kind=line.kind)


def party_code(printed: str) -> str:
    """Return our abbreviation of a party as printed; one we do not know stays as it is."""
    return PARTIES.get(printed.strip().casefold(), printed)


# --- Entries to rows ---------------------------------------------------------------------------------------------------------------

Hole = tuple[Line, Cell]
"""An option without a number, and what stood there."""


def _rows(entries: Iterable[Entry]) -> tuple[list[CountRow], list[tuple[Entry, list[Hole]]]]:
    rows: list[CountRow] = []
    holes: list[tuple[Entry, list[Hole]]] = []
    for entry in entries:
        cells = [(line, read_votes(line.votes)) for line in first_of_each(entry.lines)]
        rows += [(entry.key, entry.unit, entry.count_type.value, line.option, votes, line.row) for line, (votes, _) in cells]
        if missing := [(line, cell) for line, (_, cell) in cells if cell]:
            holes.append((entry, missing))
    return rows, holes


def first_of_each(lines: Iterable[Line]) -> Iterable[Line]:
    """Return each option once, as it stands first."""
    lines = list(lines)
    if len({line.option for line in lines}) == len(lines):  # nearly always
        return lines
    firsts: dict[str, Line] = {}
    for line in lines:
        firsts.setdefault(line.option, line)
    return firsts.values()


def read_votes(votes: RawVotes) -> tuple[int | None, Cell | None]:
    """Return the number, or None and what stood in its place."""
    if type(votes) is int and 0 <= votes <= MAX_COUNT:  # nearly always: no regular expression needed
        return votes, None
    cell = whole_number(None if votes is msgspec.UNSET else votes)
    return (None, cell) if cell.value is None else (cell.value, None)


def _hole_findings(document: Document, holes: Sequence[tuple[Entry, list[Hole]]]) -> Iterator[Finding]:
    quiet: list[CellPlace] = []
    for entry, missing in holes:
        yield from _faults(document, entry, missing)
        blank = [hole for hole in missing if hole[1].kind is CellKind.BLANK]
        if 0 < len(blank) < len(entry.lines):
            yield _missing_votes(document, entry, blank)
        elif blank:
            quiet += _places(blank)
        quiet += _places(hole for hole in missing if hole[1].kind is CellKind.WITHHELD)
    yield from cell_findings(document, quiet)


def _places(holes: Iterable[Hole]) -> list[CellPlace]:
    return [CellPlace(row=line.row, column="Votes", cell=cell) for line, cell in holes]


def _faults(document: Document, entry: Entry, missing: Sequence[Hole]) -> Iterator[Finding]:
    """One finding for each kind of fault in a contest, in the words that tables use, with the names of the options."""
    for kind in sorted(FAULTS):
        group = [hole for hole in missing if hole[1].kind is kind]
        for finding in cell_findings(document, _places(group)):
            yield replace(
                finding,
                contest=entry.key,
                option=group[0][0].option if len(group) == 1 else "",
                problem=f"{entry.where}, {_names(line for line, _ in group)}: {finding.problem}",
                next_step=ASK_OFFICE,
            )


def _names(lines: Iterable[Line]) -> str:
    names = [line.option for line in lines]
    return ", ".join(names[:3]) + (f" and {len(names) - 3:,} more" if len(names) > 3 else "")


def _missing_votes(document: Document, entry: Entry, blank: Sequence[Hole]) -> Finding:
    first = blank[0][0]
    return Finding(
        check="missing_votes",
        severity=Severity.HOLD_CALLS,
        contest=entry.key,
        option=first.option if len(blank) == 1 else "",
        problem=f"{entry.where}: no votes are given for {_names(line for line, _ in blank)}, though other options have them. "
        "Read as not reported, not as 0.",
        next_step=ASK_OFFICE,
        origin=document.at(row=first.row or None, column="Votes"),
        count=len(blank),
    )


# --- What else looks wrong ---------------------------------------------------------------------------------------------------------


def name_findings(document: Document, entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Return what looks wrong in the names of contests, options and parties, whatever their votes."""
    return (
        *_repeated_titles(document, entries),
        *_repeated_options(document, entries),
        *_empty_names(document, entries),
        *_unknown_parties(document, entries),
    )


def _repeated_titles(document: Document, entries: Iterable[Entry]) -> Iterator[Finding]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.title, entry.unit].append(entry)
    for (title, _), group in found.items():
        if len(group) == 1:
            continue
        for key in dict.fromkeys(entry.key for entry in group):
            yield Finding(
                check="contest_listed_twice",
                severity=Severity.HOLD_CALLS,
                contest=key,
                problem=f'The file has {len(group)} contests with the title "{title}"; a title should name one contest. All are kept.',
                next_step="Compare with the office's page. Nothing in the file says which of them earlier releases meant.",
                origin=document.at(row=_first_row(group[1]), column="title"),
                count=len(group),
            )


def _first_row(entry: Entry) -> int | None:
    return entry.lines[0].row if entry.lines else None


def _repeated_options(document: Document, entries: Iterable[Entry]) -> Iterator[Finding]:
    said: set[tuple[str, str]] = set()  # a name that stands twice in a contest does so in each of its units
    for entry in entries:
        names = [line.option for line in entry.lines]
        if len(set(names)) < len(names):
            lines: dict[str, list[Line]] = defaultdict(list)
            for line in entry.lines:
                lines[line.option].append(line)
            for name, group in lines.items():
                if len(group) > 1 and (entry.key, name) not in said:
                    said.add((entry.key, name))
                    yield _repeated_option(document, entry, group)


def _repeated_option(document: Document, entry: Entry, lines: Sequence[Line]) -> Finding:
    votes = " and ".join(str(line.votes) for line in lines)
    return Finding(
        check="option_listed_twice",
        severity=Severity.HOLD_CALLS,
        contest=entry.key,
        option=lines[0].option,
        problem=f'{entry.where}: "{lines[0].option}" is listed {len(lines)} times, with {votes} votes; once was expected. '
        "The first was kept.",
        next_step="Compare with the office's page before accepting: the votes may be shown once or twice.",
        origin=document.at(row=lines[1].row, column="Name"),
        count=len(lines),
    )


def _empty_names(document: Document, entries: Iterable[Entry]) -> Iterator[Finding]:
    for entry in entries:
        nameless = [line for line in entry.lines if line.option == NO_NAME]
        if nameless or entry.title in {"", NO_TITLE}:
            yield Finding(
                check="nameless_option" if nameless else "nameless_contest",
                severity=Severity.HOLD_CALLS,
                contest=entry.key,
                problem=f"{entry.where or NO_TITLE}: {'an option has no name' if nameless else 'the contest has no title'} in the file.",
                next_step=ASK_OFFICE,
                origin=document.at(row=nameless[0].row if nameless else _first_row(entry), column="Name" if nameless else "title"),
            )


def _unknown_parties(document: Document, entries: Iterable[Entry]) -> Iterator[Finding]:
    found: dict[str, list[tuple[Entry, Line]]] = {}
    for entry in entries:
        for line in entry.lines:
            if line.party and line.party.strip().casefold() not in PARTIES:
                found.setdefault(line.party, []).append((entry, line))
    for party, places in found.items():
        entry, line = places[0]
        yield Finding(
            check="unknown_party",
            severity=Severity.NOTE,
            problem=f'"{party}" is not a party we know (first at {line.option}, {entry.where}); it is kept as printed.',
            origin=document.at(row=line.row, column="Party"),
            count=len(places),
        )


# --- Printed shares ----------------------------------------------------------------------------------------------------------------


def percent_notes(document: Document, entry: Entry) -> Iterator[Finding]:
    """Compare the printed shares with the votes: a candidate left out of the file, or a stale number, shows here."""
    votes = [read_votes(line.votes)[0] for line in entry.lines]
    total = sum(number or 0 for number in votes)
    if not total or None in votes:
        return
    off = [(line, number) for line, number in zip(entry.lines, votes, strict=True) if _is_off(line, number or 0, total)]
    if off:
        first, number = off[0]
        more = f" {len(off) - 1:,} more options differ." if len(off) > 1 else ""
        yield Finding(
            check="percent_differs",
            severity=Severity.NOTE,
            contest=entry.key,
            unit="" if entry.unit == ALL_UNITS else entry.unit,
            option=first.option if len(off) == 1 else "",
            problem=f"{entry.where}: {first.option} is printed with {first.percent}%, but {number:,} of the {total:,} votes in the "
            f"file are {100 * (number or 0) / total:.1f}%.{more}",
            next_step="Votes may be missing from the file, such as those for write-in candidates. Compare with the office's page.",
            origin=document.at(row=first.row, column="Percent"),
            count=len(off),
        )


def _is_off(line: Line, votes: int, total: int) -> bool:
    """Whether the printed share is further from the votes than rounding explains."""
    printed = re.fullmatch(r"(\d{1,3}(?:\.(\d{1,6}))?)%?", str(line.percent).strip())
    if not printed:
        return False
    half_of_last_digit: float = 0.5 / 10 ** len(printed[2] or "")
    return abs(100 * votes / total - float(printed[1])) > half_of_last_digit + 1e-9
