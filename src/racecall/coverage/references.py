"""What a row refers to: which field names which kind of thing, and whether that thing is in the record or in the settings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from racecall.coverage.rows import Row, kind_of
from racecall.model.contest import Election

REFERENCES: Mapping[str, tuple[str, ...]] = {
    "person.option": ("option",),
    "post.person": ("person",),
    "party.person": ("person",),
    "story.contest": ("contest",),
    "quote.speaker": ("person",),
    "quote.appearance": ("story", "debate"),
    "claim.speaker": ("person", "organization"),
    "claim.about": ("person", "organization"),
    "claim.appearance": ("story", "debate"),
    "review.claim": ("claim",),
    "review.supersedes": ("review",),
    "debate.contest": ("contest",),
    "debate.candidates": ("person",),
    "exchange.debate": ("debate",),
    "turn.exchange": ("exchange",),
    "turn.speaker": ("person",),
    "turn.quote": ("quote",),
    "turn.claims": ("claim",),
    "answer.question": ("question",),
    "answer.candidate": ("person",),
    "position.candidate": ("person",),
    "position.exchange": ("exchange",),
    "endorsement.stage": ("contest",),
    "endorsement.candidate": ("person",),
    "money.candidate": ("person",),
    "group_count.contest": ("contest",),
    "promise.by": ("person",),
    "allegation.against": ("person", "organization"),
    "roll_call.person": ("person",),
}
"""Field -> the kinds of things it names by id; contests and options are those of the settings. Other names are words."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference to nothing.

    Args:
        row: The row.
        field: The field.
        value: What it names.
        kinds: What it could be.
    """

    row: Row
    field: str
    value: str
    kinds: tuple[str, ...]


def contest_of(row: Row) -> str:
    """Return the id of the contest that a row is about, "" if it says none."""
    return next((str(getattr(row, name)) for name, kinds in _references(kind_of(row)) if kinds == ("contest",)), "")


def names_known(rows: Iterable[Row], election: Election) -> Mapping[str, Collection[str]]:
    """Return the ids of everything a row may refer to, by kind."""
    known: dict[str, set[str]] = {
        "contest": {contest.id for contest in election},
        "option": {option.id for contest in election for option in contest.options},
    }
    for row in rows:
        known.setdefault(kind_of(row), set()).add(row.id)
    return known


def broken_references(rows: Iterable[Row], known: Mapping[str, Collection[str]]) -> Iterator[Broken]:
    """Yield what rows refer to and is not there, in their order."""
    for row in rows:
        for name, kinds in _references(kind_of(row)):
            for value in _values(getattr(row, name)):
                if not any(value in known.get(kind, ()) for kind in kinds):
                    yield Broken(row, name, value, kinds)


def _references(kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    return ((field.partition(".")[2], kinds) for field, kinds in REFERENCES.items() if field.partition(".")[0] == kind)


def _values(value: str | tuple[str, ...]) -> Iterable[str]:
    return filter(None, chain([value] if isinstance(value, str) else value))
