"""People, posts and bodies from Popolo JSON (http://www.popoloproject.com/specs/), as civic databases publish them.

Read: ``persons`` (or ``people``), ``organizations``, ``posts`` and ``memberships``. A membership in a body that is classified as a party
becomes a party, any other a post. A date that is only a year or a month is left out of the row and said in its note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from racecall.coverage.files import Entry
from racecall.errors import BrokenFile
from racecall.ledger.resolve import folded

WHOLE = re.compile(r"\d{4}-\d{2}-\d{2}")
PARTIES = frozenset({"party", "political party"})
"""What Popolo's files call a party, in small letters."""


class Named(msgspec.Struct, frozen=True):
    """Another name, or an area."""

    name: str = ""


class Identifier(msgspec.Struct, frozen=True):
    """An id elsewhere."""

    identifier: str
    scheme: str = "id"


class Link(msgspec.Struct, frozen=True):
    """Where something can be read."""

    url: str = ""


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """What persons, organizations, posts and memberships have in common."""

    id: str = ""
    name: str = ""
    other_names: list[Named] = []
    identifiers: list[Identifier] = []
    sources: list[Link] = []


class Somebody(Thing, frozen=True, kw_only=True):
    """A person."""

    birth_date: str | None = None
    gender: str | None = None


class Body(Thing, frozen=True, kw_only=True):
    """An organization."""

    classification: str | None = None


class Seat(Thing, frozen=True, kw_only=True):
    """A post that somebody may hold."""

    label: str | None = None
    role: str | None = None
    organization_id: str | None = None
    area: Named | None = None


class Membership(Thing, frozen=True, kw_only=True):
    """That somebody belongs to a body, or holds a post."""

    person_id: str
    organization_id: str | None = None
    post_id: str | None = None
    label: str | None = None
    role: str | None = None
    area: Named | None = None
    start_date: str | None = None
    end_date: str | None = None


class Popolo(msgspec.Struct, frozen=True):
    """A file."""

    persons: list[Somebody] = []
    people: list[Somebody] = []
    organizations: list[Body] = []
    posts: list[Seat] = []
    memberships: list[Membership] = []


def popolo_entries(name: str, text: str) -> tuple[Entry, ...]:
    """Read a Popolo file.

    Raises:
        BrokenFile: It is not JSON, not Popolo, or there is nobody in it.
    """
    try:
        read = msgspec.json.decode(text, type=Popolo)
    except msgspec.DecodeError as error:  # what is no JSON and what is no Popolo
        raise BrokenFile(f"this is not Popolo JSON: {error}.", where=name, next_step="docs/coverage.md says what is read of it.") from error
    entries = (*_people(read), *_bodies(read), *_memberships(read))
    if not entries:
        raise BrokenFile("there are no persons, organizations or memberships in it.", where=name, next_step="Give a file in Popolo JSON.")
    return entries


def _people(read: Popolo) -> Iterator[Entry]:
    for number, person in enumerate((*read.persons, *read.people), 1):
        values = {
            "gender": person.gender or "",
            "identifiers": {one.scheme: one.identifier for one in person.identifiers},
            **_days(born=person.birth_date),
        }
        yield _entry("person", f"persons, number {number}", person, {**_named(person), **values})


def _bodies(read: Popolo) -> Iterator[Entry]:
    for number, body in enumerate(read.organizations, 1):
        yield _entry("organization", f"organizations, number {number}", body, {**_named(body), "type": (body.classification or "").lower()})


def _memberships(read: Popolo) -> Iterator[Entry]:
    seats, bodies = {seat.id: seat for seat in read.posts}, {body.id: body for body in read.organizations}
    for number, one in enumerate(read.memberships, 1):
        seat = seats.get(one.post_id or "", Seat())
        body = bodies.get(one.organization_id or seat.organization_id or "", Body())
        held = {"person": slug(one.person_id), **_days(start=one.start_date, end=one.end_date)}
        place = f"memberships, number {number}"
        if (body.classification or "").lower() in PARTIES:
            yield _entry("party", place, one, {**held, "party": body.name}, number)
        else:
            role = one.role or one.label or seat.role or seat.label or "member"
            area = (one.area or seat.area or Named()).name
            yield _entry("post", place, one, {**held, "role": role, "organization": body.name, "area": area}, number)


def _named(thing: Thing) -> Mapping[str, Any]:
    return {"name": thing.name, "aliases": [other.name for other in thing.other_names if other.name]}


def _days(**days: str | None) -> Mapping[str, Any]:
    """Return the days that are whole, and a note of those that are not."""
    given = {name: day for name, day in days.items() if day}
    whole = {name: day for name, day in given.items() if WHOLE.fullmatch(day)}
    partial = [f"{name} {day}" for name, day in given.items() if name not in whole]
    return {**whole, **({"note": f"Printed only as {', '.join(partial)}."} if partial else {})}


def _entry(kind: str, place: str, thing: Thing, values: Mapping[str, Any], number: int = 0) -> Entry:
    source = next((link.url for link in thing.sources if link.url), "")
    id_ = slug(thing.id) or f"{kind}-{values.get('person', '')}-{number}"
    given = {"id": id_, "source": source, **values}
    return Entry(kind=kind, values={name: value for name, value in given.items() if value}, place=place)


def slug(text: str) -> str:
    """Return an id as we write them: ``ocd-person/4F8A`` is ``ocd-person-4f8a``."""
    return re.sub(r"[^a-z0-9_.]+", "-", folded(text)).strip("-._")[:80]
