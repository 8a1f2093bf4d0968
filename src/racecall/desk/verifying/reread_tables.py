"""A second reading of tables: our plain CSV, any table whose columns the record names, and OpenElections files of the regular kind."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from itertools import islice

from racecall.desk.verifying.bodies import Columns
from racecall.desk.verifying.counted import NO_VOTES, TOTAL, WHOLE, Counted, File, Unclear, local, squeezed

PLAIN = ["contest", "unit", "count_type", "option", "votes"]
COUNT_TYPES = frozenset({"total", "election_day", "early", "absentee_mail", "provisional", "uocava", "in_person", "other"})


def any_table(file: File) -> Iterator[Counted]:
    """Read a table as the record says, else our plain CSV (docs/feeds/table.md)."""
    return _mapped(file, file.mapping) if file.mapping else _plain(file)


def _plain(file: File) -> Iterator[Counted]:
    rows = csv.reader(StringIO(file.text, newline=""))
    if [squeezed(name) for name in next(rows, [])] != PLAIN:
        raise Unclear("its columns were named by a guess, or by the user, and the record does not keep which")
    counted = Counted(at=None, complete=False)
    for row in filter(any, rows):
        contest, unit, kind, option, votes = (squeezed(cell) for cell in row)
        if kind not in COUNT_TYPES:
            raise Unclear(f'"{kind}" is not one of our words for a count type')
        counted.part(contest).put(unit, kind, option, votes)
    yield counted


# -- columns that the record names ---------------------------------------------------------------------------------------------------

TOTAL_WORD = re.compile(r"|(total_?)?votes?(_(total|cast|count))?|totals?|num_votes|votecount")
"""Words of a count type that is all of them together; every other word is a part."""
ABOVE = 20
"""How many lines may stand above the header."""


def _mapped(file: File, columns: Columns) -> Iterator[Counted]:
    """Read a table by its columns; whoever stands for no option, or for a sum of units, makes the contest unclear."""
    counted: dict[str, Counted] = {}
    for cells in _rows(file.text, columns):
        when = _cell(cells, columns, "released_at", columns.released_at)
        release = counted.setdefault(when, Counted(at=local(datetime.fromisoformat(when), file.zone) if when else None))
        for count_type, option, votes in _votes(cells, columns):
            part = release.part(_joined(cells, columns, "contest", columns.contest, " "))
            unit = _unit(cells, columns)
            if not columns.as_written and NO_VOTES.fullmatch(option):
                continue
            part.unclear = part.unclear or ("" if columns.as_written else _odd(option, unit))
            part.put(unit, count_type, option, votes)
    yield from counted.values()


def _rows(text: str, columns: Columns) -> Iterator[Mapping[str, str]]:
    """Yield the rows under the header: the first line that has every column of the mapping."""
    for separator in ",\t;|":
        lines = csv.reader(StringIO(text, newline=""), delimiter=separator)
        for line in islice(lines, ABOVE):
            header = [squeezed(cell) for cell in line]
            if set(columns.named) <= set(header):
                yield from _under(header, lines, columns)
                return
    raise Unclear("no line has all the columns that the record names")


def _under(header: list[str], lines: Iterator[list[str]], columns: Columns) -> Iterator[Mapping[str, str]]:
    if any(header.count(name) > 1 for name in columns.named):
        raise Unclear("a column that the record names stands twice in the table")
    for line in lines:
        cells = [squeezed(cell) for cell in line]
        if any(cells) and (len(cells) != len(header) or cells == header):
            raise Unclear("a row has more or fewer cells than the header, or is the header again")
        if any(cells):
            yield dict(zip(header, cells, strict=True))


def _cell(cells: Mapping[str, str], columns: Columns, key: str, name: str) -> str:
    return cells[name] if name else squeezed(dict(columns.fixed).get(key, ""))


def _joined(cells: Mapping[str, str], columns: Columns, key: str, names: list[str], between: str) -> str:
    return between.join(cells[name] for name in names if cells[name]) if names else _cell(cells, columns, key, "")


def _unit(cells: Mapping[str, str], columns: Columns) -> str:
    if not columns.unit and not dict(columns.fixed).get("unit"):
        return WHOLE
    unit = _joined(cells, columns, "unit", columns.unit, " / ")
    unit = unit.lstrip("0") or unit[:1] if "strip_leading_zeros" in columns.unit_rules else unit
    county = _cell(cells, columns, "county", columns.county)
    return f"{county} / {unit}" if county and unit else unit


def _votes(cells: Mapping[str, str], columns: Columns) -> Iterator[tuple[str, str, str]]:
    """Yield count type, option and votes of every count in a row; words for one type are parts of it, so each may keep its own name."""
    if columns.by_option:
        yield from ((TOTAL, option, cells[column]) for column, option in columns.by_option)
        return
    option = _cell(cells, columns, "option", columns.option)
    if columns.by_count_type:
        yield from ((kind if kind == TOTAL else column, option, cells[column]) for column, kind in columns.by_count_type)
        return
    word = _cell(cells, columns, "count_type", columns.count_type)
    known = dict(columns.words).get(word, TOTAL if TOTAL_WORD.fullmatch(word.lower().replace(" ", "_")) else word)
    yield TOTAL if known == TOTAL else word, option, cells[columns.votes]


def _odd(option: str, unit: str) -> str:
    if NOT_OPTIONS.fullmatch(option):
        return f'"{option}" may be no option'
    return f'the unit "{unit}" may be a sum of units' if unit != WHOLE and WHOLE_UNIT.fullmatch(unit) else ""


# -- OpenElections (docs/feeds/openelections.md) -------------------------------------------------------------------------------------

NOT_OPTIONS = re.compile(
    r"(over|under)[ -]?votes?|(total )?(ballots|voters)( cast)?( total)?|registered( voters)?|blank.*|.*\btotal.*", re.IGNORECASE
)
"""What stands in the candidate column and is none; a name with "total" in it is left to people."""
MARKED = re.compile(r"[(]|write[ -]?in:|qualified|certified|^(DEM|REP|LIB|GRN|NPP|PFP|AIP|IND|CON)\b|reject|invalid|spoil", re.IGNORECASE)
"""Names that hold more than a name."""
WHOLE_UNIT = re.compile(r".*\btotals?:?|(county|state|district)[ -]?wide|all( precincts)?|", re.IGNORECASE)
"""Units that are sums of units."""
FILE_NAME = re.compile(r"[0-9]{8}__(?P<state>[a-z]{2})__(?P<rest>[a-z0-9_]+)")
ONE_PRIMARY = frozenset({"ak", "ca", "la", "wa"})
"""States whose primaries have all parties in one contest, but for President (docs/feeds/openelections.md has the statutes)."""


def openelections(file: File) -> Iterator[Counted]:
    """Read an OpenElections file with a column of votes; a contest with rows out of the ordinary is unclear."""
    rows = csv.DictReader(StringIO(file.text, newline=""))
    rows.fieldnames = [squeezed(column).lower().replace(" ", "_") for column in rows.fieldnames or ()]
    if not {"office", "candidate", "votes"} <= set(rows.fieldnames):
        raise Unclear("it has no columns office, candidate and votes")
    counted = Counted(at=None, complete=False)
    for row in rows:
        cells = {column: squeezed(cell or "") for column, cell in row.items() if isinstance(cell, str | None) and column}
        option, key = cells["candidate"], _key(cells, file.name)
        if not key or NOT_OPTIONS.fullmatch(option) or NOT_OPTIONS.fullmatch(cells["office"]):
            continue
        county, unit = cells.get("county", ""), cells.get("precinct", WHOLE)
        part = counted.part(key)
        part.unclear = part.unclear or _doubt(option, unit)
        part.put(f"{county} / {unit}", TOTAL, option, cells["votes"])
    yield counted


def _doubt(option: str, unit: str) -> str:
    if MARKED.search(option):
        return f'"{option}" holds more than a name'
    return f'the unit "{unit}" may be a sum of units' if unit != WHOLE and WHOLE_UNIT.fullmatch(unit) else ""


def _key(cells: Mapping[str, str], name: str) -> str:
    office, district = cells["office"], cells.get("district", "")
    ends_so = district and re.search(rf"\b{re.escape(district)}$", office, re.IGNORECASE)
    title = office if ends_so else f"{office} {district}".strip()
    party = cells.get("party", "") if _by_party(name, office) else ""
    return f"{title} ({party})" if party else title


def _by_party(name: str, office: str) -> bool:
    found = FILE_NAME.match(name.rpartition("/")[2])
    if found is None or "primary" not in found["rest"]:
        return False
    return found["state"] not in ONE_PRIMARY or re.match(r"(?i)(u\.?s\.? )?president\b", office) is not None
