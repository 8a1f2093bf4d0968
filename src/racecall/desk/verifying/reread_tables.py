"""A second reading of tables: our plain CSV, and OpenElections files of the regular kind."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO

from racecall.desk.verifying.counted import TOTAL, WHOLE, Counted, Unclear, squeezed

PLAIN = ["contest", "unit", "count_type", "option", "votes"]
COUNT_TYPES = frozenset({"total", "election_day", "early", "absentee_mail", "provisional", "uocava", "in_person", "other"})


def plain_table(text: str, _: str, __: str) -> Iterator[Counted]:
    """Read ``contest,unit,count_type,option,votes`` (docs/feeds/table.md)."""
    rows = csv.reader(StringIO(text, newline=""))
    if [squeezed(name) for name in next(rows, [])] != PLAIN:
        raise Unclear("its columns were named by a guess, or by the user, and the record does not keep which")
    counted = Counted(at=None, complete=False)
    for row in filter(any, rows):
        contest, unit, kind, option, votes = (squeezed(cell) for cell in row)
        if kind not in COUNT_TYPES:
            raise Unclear(f'"{kind}" is not one of our words for a count type')
        counted.part(contest).put(unit, kind, option, votes)
    yield counted


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


def openelections(text: str, name: str, _: str) -> Iterator[Counted]:
    """Read an OpenElections file with a column of votes; a contest with rows out of the ordinary is unclear."""
    rows = csv.DictReader(StringIO(text, newline=""))
    rows.fieldnames = [squeezed(column).lower().replace(" ", "_") for column in rows.fieldnames or ()]
    if not {"office", "candidate", "votes"} <= set(rows.fieldnames):
        raise Unclear("it has no columns office, candidate and votes")
    counted = Counted(at=None, complete=False)
    for row in rows:
        cells = {column: squeezed(cell or "") for column, cell in row.items() if isinstance(cell, str | None) and column}
        option, key = cells["candidate"], _key(cells, name)
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
