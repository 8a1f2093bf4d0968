"""What of the record of coverage is published: everything but private persons, and whatever names one."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from racecall.coverage.record import Coverage
from racecall.coverage.references import REFERENCES
from racecall.coverage.rows import Person, Row, kind_of


def openly(coverage: Coverage) -> Coverage:
    """Return a record without private persons: rows about them go, rows that name them in words, and rows that rest on those."""
    private = [person for person in coverage.of(Person) if person.private]
    if not private:
        return coverage
    names = tuple(name for person in private for name in (person.name, *person.aliases))
    gone = {(kind_of(row), row.id) for row in coverage.rows if row in private or _says(row, names)}
    while fallen := {(kind_of(row), row.id) for row in coverage.rows if _rests_on(row, gone)} - gone:
        gone |= fallen
    return Coverage(tuple(row for row in coverage.rows if (kind_of(row), row.id) not in gone))


def _says(row: Row, names: Iterable[str]) -> bool:
    """Whether one of the names stands anywhere in a row's words."""
    said = msgspec.json.encode(row).decode()
    return any(name in said for name in names)


def _rests_on(row: Row, gone: set[tuple[str, str]]) -> bool:
    """Whether a row refers to one that is gone; a turn loses nothing but the claim, so lists do not count."""
    kind = kind_of(row)
    fields = ((name.partition(".")[2], kinds) for name, kinds in REFERENCES.items() if name.startswith(f"{kind}."))
    return any((one, getattr(row, name)) in gone for name, kinds in fields for one in kinds)
