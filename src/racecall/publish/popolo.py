"""The record of coverage as Popolo JSON (http://www.popoloproject.com/specs/): people, bodies, memberships, debates as events, speeches.

What racecall reads of Popolo (`racecall.coverage.popolo`) it reads back from here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from racecall.coverage.popolo import slug
from racecall.coverage.record import Coverage
from racecall.coverage.rows import Debate, Exchange, Organization, Party, Person, Post, Quote, Row, Turn
from racecall.ledger.events import iso
from racecall.publish.site.speech import ADDRESS


def popolo_json(coverage: Coverage) -> bytes:
    """Return the record as a Popolo file."""
    return (json.dumps(popolo(coverage), ensure_ascii=False, indent=1) + "\n").encode()


def popolo(coverage: Coverage) -> dict[str, Any]:
    """Return the record as Popolo values."""
    return {
        "persons": [_person(row) for row in coverage.of(Person)],
        "organizations": [*(_organization(row) for row in coverage.of(Organization)), *_other_bodies(coverage)],
        "memberships": [*(_post(row, coverage) for row in coverage.of(Post)), *(_party(row) for row in coverage.of(Party))],
        "events": [_event(row) for row in coverage.of(Debate)],
        "speeches": [*_turns(coverage), *_quotes(coverage)],
    }


def _made(row: Row, **values: object) -> dict[str, Any]:
    """Return a row's values with its id and where it is from; what is left open is left out."""
    given = {name: _plain(value) for name, value in values.items() if value not in (None, "", (), [], {})}
    return {"id": row.id, **given, "sources": [_source(row.source)]}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _source(text: str) -> dict[str, str]:
    addresses = ADDRESS.findall(text)
    return {"note": text, **({"url": addresses[0].rstrip(").,;")} if addresses else {})}


def _person(row: Person) -> dict[str, Any]:
    return _made(
        row,
        name=row.name,
        other_names=[{"name": alias} for alias in row.aliases],
        identifiers=[{"scheme": scheme, "identifier": id_} for scheme, id_ in row.identifiers.items()],
        birth_date=row.born,
        gender=row.gender,
    )


def _organization(row: Organization) -> dict[str, Any]:
    return _made(row, name=row.name, classification=row.type, other_names=[{"name": alias} for alias in row.aliases])


def _other_bodies(coverage: Coverage) -> Iterator[dict[str, Any]]:
    """Yield the bodies and parties that posts and parties name and nobody has recorded."""
    known = {row.name for row in coverage.of(Organization)}
    for name, post in {row.organization: row for row in coverage.of(Post) if row.organization not in known | {""}}.items():
        yield {**_made(post, name=name), "id": slug(name)}
    for party, row in {row.party: row for row in coverage.of(Party)}.items():
        yield {**_made(row, name=party, classification="party"), "id": _party_id(party)}


def _party_id(party: str) -> str:
    return f"party-{slug(party)}"


def _post(row: Post, coverage: Coverage) -> dict[str, Any]:
    body = next((one.id for one in coverage.of(Organization) if one.name == row.organization), slug(row.organization))
    area = {"name": row.area} if row.area else None
    return _made(row, person_id=row.person, organization_id=body, role=row.role, area=area, start_date=row.start, end_date=row.end)


def _party(row: Party) -> dict[str, Any]:
    return _made(row, person_id=row.person, organization_id=_party_id(row.party), start_date=row.start, end_date=row.end)


def _event(row: Debate) -> dict[str, Any]:
    return _made(
        row,
        name=row.title,
        classification="debate",
        start_date=iso(row.at),
        location=row.venue,
        attendees=[{"id": person} for person in row.candidates],
        links=[{"note": "video", "url": row.video}] if row.video else None,
    )


def _turns(coverage: Coverage) -> Iterator[dict[str, Any]]:
    """Yield turns in the order of their debates: summaries, because their words are ours."""
    exchanges = {row.id: row for row in coverage.of(Exchange)}
    turns = [(exchanges[row.exchange], row) for row in coverage.of(Turn) if row.exchange in exchanges]
    ordered = sorted(turns, key=lambda pair: (pair[0].debate, pair[0].number, pair[1].number))
    for position, (exchange, row) in enumerate(ordered, 1):
        yield _made(
            row,
            creator_id=row.speaker,
            event_id=exchange.debate,
            role=row.role.value,
            type="summary",
            position=position,
            title=exchange.label,
            text=row.text,
        )


def _quotes(coverage: Coverage) -> Iterator[dict[str, Any]]:
    debates = {row.id for row in coverage.of(Debate)}
    for row in coverage.of(Quote):
        event = row.appearance if row.appearance in debates else ""
        said = iso(row.said_at) if row.said_at else ""
        yield _made(row, creator_id=row.speaker, event_id=event, type="speech", date=said, text=row.text)
