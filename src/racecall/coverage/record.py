"""The record of coverage as it stood at a moment: the rows of the ledger, the latest of each id, sorted by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import msgspec

from racecall.coverage.rows import KINDS, Completeness, Endorsement, Money, Party, Person, Post, Row, kind_of
from racecall.errors import SettingsError
from racecall.ledger.events import Draft, Event, EventKind, Ledger

R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Coverage:
    """Every row that was known at a moment.

    Args:
        rows: In the order they were recorded; of two with one kind and id, only the later one.
    """

    rows: tuple[Row, ...] = ()
    _by_kind: dict[type[Row], tuple[Row, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __hash__(self) -> int:
        """Let what follows from the rows be kept beside them; whether two are the same is told from all rows."""
        return hash(len(self.rows))

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """Return the rows of a kind, in the order they were recorded."""
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(row for row in self.rows if type(row) is kind)
        return self._by_kind[kind]  # type: ignore[return-value]

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """People by id."""
        return {person.id: person for person in self.of(Person)}

    def person_of(self, option: str) -> Person | None:
        """Return the person who stands as an option, None if nobody is recorded."""
        return next((person for person in self.of(Person) if person.option == option), None)

    def posts(self, person: str) -> Iterator[Post]:
        """Yield the posts of a person, held and past."""
        return (post for post in self.of(Post) if post.person == person)

    def parties(self, person: str) -> Iterator[Party]:
        """Yield the parties of a person."""
        return (party for party in self.of(Party) if party.person == person)

    def endorsements(self, stage: str = "") -> Iterator[Endorsement]:
        """Yield what endorsers did in a stage, in every stage if ""."""
        return (row for row in self.of(Endorsement) if stage in {"", row.stage})

    def money(self, candidate: str, until: date) -> Iterator[Money]:
        """Yield what was reported of a candidate for periods that had ended by a day: a later total never answers for it."""
        return (row for row in self.of(Money) if row.candidate == candidate and row.end <= until)

    def is_complete(self, kind: str, scope: str = "") -> bool:
        """Whether the list of a kind, or a part of it, is marked whole."""
        return any(row.complete for row in self.of(Completeness) if row.of == kind and row.scope in {"", scope})


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a row.

    Args:
        row: The row.
        actor: Who recorded it.
        recorded_at: When.
        seq: Number of its event.
    """

    row: Row
    actor: str
    recorded_at: datetime
    seq: int


def standing_rows(rows: Iterable[Row], as_of: datetime) -> tuple[Row, ...]:
    """Return the rows known at a moment, the latest of each kind and id, in the order they were first recorded."""
    known: dict[tuple[type[Row], str], Row] = {}
    for row in sorted((row for row in rows if row.as_of <= as_of), key=lambda row: row.as_of):
        known[type(row), row.id] = row
    return tuple(known.values())


def coverage_of(ledger: Ledger, as_of: datetime) -> Coverage:
    """Return the record of coverage as it stood at a moment."""
    return Coverage(standing_rows(rows_in(ledger), as_of))


def rows_in(ledger: Ledger) -> Iterator[Row]:
    """Yield every row of a ledger in the order they were recorded, those that others have taken the place of among them."""
    return (row_of(event) for event in ledger.of_kind(EventKind.COVERAGE))


def row_draft(row: Row, *, actor: str, contest: str = "") -> Draft:
    """Return the event that records a row; what a row leaves open is left out."""
    body = {name: value for name, value in msgspec.to_builtins(row).items() if value not in (None, "", [], {})}
    del body["as_of"]
    return Draft(kind=EventKind.COVERAGE, at=row.as_of, contest=contest, actor=actor, body={"kind": kind_of(row), "row": body})


def row_from(kind: str, values: Mapping[str, Any], *, as_of: datetime, where: str = "") -> Row:
    """Return a row from plain values, as a file or an event has them.

    Raises:
        SettingsError: There is no such kind, or the values do not make a row of it.
    """
    if kind not in KINDS:
        raise SettingsError(f"there is no kind of row {kind!r}.", where=where, next_step=f"Kinds: {', '.join(KINDS)}.")
    if unknown := set(values) - _names(KINDS[kind]):
        raise SettingsError(
            f"a row of kind {kind} has no {min(unknown)!r}.", where=where, next_step=f"It has: {', '.join(sorted(_names(KINDS[kind])))}."
        )
    try:
        return msgspec.convert({**values, "as_of": as_of}, KINDS[kind], strict=False)
    except msgspec.ValidationError as error:
        raise SettingsError(
            f"this row of kind {kind} does not make sense: {error}.", where=where, next_step="docs/coverage.md has the fields."
        ) from error


@lru_cache(maxsize=4096)
def row_of(event: Event) -> Row:
    """Read a row; a replay asks for the same ones again at each of its moments."""
    return row_from(event.body["kind"], event.body["row"], as_of=event.at, where=f"event {event.seq}")


def _names(kind: type[Row]) -> frozenset[str]:
    return frozenset(one.name for one in fields(kind)) - {"as_of"}
