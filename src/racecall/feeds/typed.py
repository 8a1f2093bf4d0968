"""A count with its count types, or without them: types are kept where they account for every vote, and left out where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from racecall.feeds.base import Document
from racecall.feeds.listing import Entry, read_votes
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity

CHECKS: Mapping[str, str] = {"count_types_left_out": "Count types do not account for every vote; they were left out, and the totals kept."}
"""What is looked for here, by the name of the finding."""

Typed = Mapping[CountType, int]
"""Votes of an option by count type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A contest, or one unit's part of it, with its count types.

    Not every office sends its counts by type, so the types of a sum may fall short of it: they would look like votes that are missing.

    Args:
        entry: The total.
        types: Votes by count type for each of its options, empty if the file gives none.
    """

    entry: Entry
    types: Sequence[Typed] = ()

    @property
    def falls_short(self) -> bool:
        """Whether count types are given that do not account for every vote."""
        votes = [read_votes(line.votes)[0] for line in self.entry.lines]
        return any(self.types) and votes != [sum(typed.values()) for typed in self.types]

    @property
    def entries(self) -> list[Entry]:
        """The total, and its count types."""
        kinds = [] if self.falls_short else dict.fromkeys(kind for typed in self.types for kind in typed)
        return [self.entry, *(self._of_type(kind) for kind in kinds)]

    def _of_type(self, kind: CountType) -> Entry:
        pairs = zip(self.entry.lines, self.types, strict=True)
        lines = [msgspec.structs.replace(line, votes=typed[kind]) for line, typed in pairs if kind in typed]
        return msgspec.structs.replace(self.entry, lines=lines, count_type=kind, units_reported=None, units_total=None)


def short_types(document: Document, parts: Iterable[Part]) -> Iterator[Finding]:
    """Note where count types were left out."""
    short = [part.entry for part in parts if part.falls_short]
    if short:
        places = "1 unit" if len(short) == 1 else f"{len(short):,} units"
        yield Finding(
            check="count_types_left_out",
            severity=Severity.NOTE,
            problem=f"In {places} (first: {short[0].where}) the votes by count type do not account for every vote; the totals were kept.",
            origin=document.at(row=short[0].lines[0].row if short[0].lines else None),
            count=len(short),
        )
