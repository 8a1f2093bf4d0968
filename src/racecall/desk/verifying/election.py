"""What `election.toml` says, as far as counts, rules and places need it; and from a printed name to an id.

A name is looked for as printed, then without regard to case, then without accents and punctuation; a name that would stand for two is
nobody's (docs/verifying.md, "Names").
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

PEOPLE = ("printed", "write_in")
"""Kinds of options that are somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """What can be voted for."""

    id: str
    name: str
    kind: str
    withdrawn: bool
    party: str = ""

    @property
    def is_standing(self) -> bool:
        """Whether it is a person who has not withdrawn."""
        return self.kind in PEOPLE and not self.withdrawn


@dataclass(frozen=True, kw_only=True)
class Contest:
    """A contest that is followed; `options` in the order of the ballot, `spellings` of each by its id, `night` and `close` of its own."""

    id: str
    rule: str
    number_elected: int
    votes_allowed: int
    options: tuple[Option, ...]
    spellings: tuple[tuple[str, str], ...]
    night: str = ""
    title: str = ""
    type: str = "other"
    office: str = ""
    close: datetime | None = None

    @cached_property
    def names(self) -> Names:
        """From printed names to the ids of options."""
        return Names(self.spellings)


@dataclass(frozen=True, kw_only=True)
class Election:
    """What is followed; `zone` is for times that sources print without one, `night` the local day on which the polls close."""

    id: str
    zone: str
    contests: Mapping[str, Contest]
    names: Names
    state: str = ""
    night: str = ""
    close: datetime | None = None
    counties: tuple[str, ...] = ()


def read_election(data: bytes) -> Election:
    """Read settings as they were recorded.

    Raises:
        ValueError, KeyError, TypeError: They are not what they should be.
    """
    document = tomllib.loads(data.decode("utf-8-sig"))
    tables = document.get("contest", [])
    spellings = [(name, table["id"]) for table in tables for name in (table["id"], table["title"], *table.get("source_names", ()))]
    head = document["election"]
    zone = head["timezone"]
    contests = {table["id"]: _contest(table, zone) for table in tables}
    return Election(
        id=head["id"],
        zone=zone,
        contests=contests,
        names=Names(spellings),
        state=head.get("state", ""),
        night=_night(head, zone),
        close=_close(head, zone),
        counties=tuple(unit.get("name", "") for unit in document.get("unit", ()) if unit.get("type") == "county"),
    )


def _night(table: Mapping[str, Any], zone: str) -> str:
    """Return the local day of the polls' close, "" where it is not given; a time without an offset is local."""
    close = _close(table, zone)
    return str(close.astimezone(ZoneInfo(zone)).date()) if close else ""


def _close(table: Mapping[str, Any], zone: str) -> datetime | None:
    close: datetime | None = table.get("polls_close")
    return close if close is None or close.tzinfo else close.replace(tzinfo=ZoneInfo(zone))


def _contest(table: Mapping[str, Any], zone: str) -> Contest:
    options = table.get("option", [])
    return Contest(
        id=table["id"],
        rule=table["rule"],
        number_elected=table.get("number_elected", 1),
        votes_allowed=table.get("votes_allowed", 1),
        options=tuple(
            Option(
                id=one["id"],
                name=one["name"],
                kind=one.get("kind", "printed"),
                withdrawn=one.get("withdrawn", False),
                party=one.get("party", ""),
            )
            for one in options
        ),
        spellings=tuple((name, one["id"]) for one in options for name in (one["id"], one["name"], *one.get("aliases", ()))),
        night=_night(table, zone),
        title=table["title"],
        type=table.get("election_type", "other"),
        office=table.get("office", ""),
        close=_close(table, zone),
    )


def caseless(name: str) -> str:
    """Compose accents, squeeze spaces, and leave case out of account."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def bare(name: str) -> str:
    """Leave accents and punctuation out as well."""
    marked = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w\s]|_", " ", letters).split())


WIDTHS: tuple[Callable[[str], str], ...] = (str, caseless, bare)
"""How closely a name is looked at, one after the other."""


class Names:
    """Names that stand for ids."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        pairs = tuple(pairs)
        self._tables = [(width, _one_meaning((width(name), id_) for name, id_ in pairs)) for width in WIDTHS]

    def id_of(self, *names: str) -> str:
        """Return the id of the first name that has one, "" if none has."""
        return next((table[width(name)] for name in names for width, table in self._tables if width(name) in table), "")


def _one_meaning(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    meanings: dict[str, set[str]] = {}
    for name, id_ in pairs:
        meanings.setdefault(name, set()).add(id_)
    return {name: min(ids) for name, ids in meanings.items() if len(ids) == 1}
