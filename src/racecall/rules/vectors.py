"""Decision vectors: counts with the outcome they must have, from statutes, worked examples and real elections."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from racecall.model.outcome import Tally, Tie

TALLY_KEYS = ("votes", "other_valid", "blank", "invalid", "ballots", "voters_in_contest", "registered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A count and what the law makes of it.

    Args:
        name: What it shows.
        rule: Rule id.
        tally: The count.
        elected: Who is elected.
        advancing: Who advances; None if the vector does not say.
        ties: Ties left open.
        source: Where the count is from; "" if it is made up to stand on an edge.
    """

    name: str
    rule: str
    tally: Tally
    elected: tuple[str, ...]
    advancing: tuple[str, ...] | None = None
    ties: tuple[Tie, ...] = ()
    seats: int = 1
    votes_allowed: int = 1
    source: str = ""


def parse_vectors(text: str | bytes) -> tuple[Vector, ...]:
    """Read vectors from TOML, one ``[[vector]]`` table each."""
    document = tomllib.loads(text.decode("utf-8") if isinstance(text, bytes) else text)
    return tuple(_vector(raw) for raw in document["vector"])


def _vector(raw: Mapping[str, Any]) -> Vector:
    return Vector(
        name=raw["name"],
        rule=raw["rule"],
        tally=Tally(**{key: raw[key] for key in TALLY_KEYS if key in raw}, units=tuple(raw.get("units", ()))),
        elected=tuple(raw["elected"]),
        advancing=tuple(raw["advancing"]) if "advancing" in raw else None,
        ties=tuple(Tie(options=tuple(tie["options"]), places=tie["places"], method=tie["method"]) for tie in raw.get("ties", ())),
        seats=raw.get("seats", 1),
        votes_allowed=raw.get("votes_allowed", 1),
        source=raw.get("source", ""),
    )
