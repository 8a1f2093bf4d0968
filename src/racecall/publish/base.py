"""What a publisher is: everything known at a moment in, files out; nothing is opened, fetched or remembered.

A new publisher is one file with one class of one method, an entry point in `pyproject.toml` (group ``racecall.publishers``), a section of
`docs/exports.md` and a line in its test that calls `racecall.testing.check_publisher`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from racecall.calls.view import ContestView, View
from racecall.ledger.records import RecordedRelease
from racecall.model.contest import Contest, Option, OptionKind

if TYPE_CHECKING:
    import polars as pl


Cell = tuple[str, str, str, int | None]
"""Unit, option or kind of ballots, count type, number."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """A release with the contests whose current count it is, and their cells.

    Args:
        release: The release, as the ledger keeps it.
        contests: What may be said of each of its contests, in the order of `election.toml`.
        counts: Votes of these contests, columns `COUNT_COLUMNS`, contest and option as ids (a name that is not listed, as printed).
        ballots: Ballots of these contests and of the jurisdiction, columns `BALLOT_COLUMNS`.
    """

    release: RecordedRelease
    contests: tuple[ContestView, ...]
    counts: pl.DataFrame
    ballots: pl.DataFrame

    def votes_of(self, contest: str) -> Sequence[Cell]:
        """Return the cells of a contest, with votes by option."""
        return _cells(self._counts, contest, "option", "votes")

    def ballots_of(self, contest: str) -> Sequence[Cell]:
        """Return the ballots of a contest by kind; those of the jurisdiction for ""."""
        return _cells(self._ballots, contest, "kind", "ballots")

    @cached_property
    def _counts(self) -> Mapping[tuple[str, ...], pl.DataFrame]:
        return _by_contest(self.counts)

    @cached_property
    def _ballots(self) -> Mapping[tuple[str, ...], pl.DataFrame]:
        return _by_contest(self.ballots)


def _by_contest(table: pl.DataFrame) -> Mapping[tuple[str, ...], pl.DataFrame]:
    """Take a table apart once: a filter a contest and option takes longer than to write the file; a table of one contest stays whole."""
    if not table.height:
        return {}
    contests = table["contest"]
    if contests.eq_missing(contests[0]).all():
        return {(contests[0],): table}
    parts: Mapping[Any, pl.DataFrame] = table.partition_by("contest", as_dict=True)
    return parts


def _cells(parts: Mapping[tuple[str, ...], pl.DataFrame], contest: str, what: str, number: str) -> Sequence[Cell]:
    part = parts.get((contest,))
    return () if part is None else list(zip(*(part[name].to_list() for name in ("unit", what, "count_type", number)), strict=True))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Export:
    """An election at one moment, with every cell of the current counts.

    Args:
        view: What may be said.
        counted: The current releases, in the order of their counts; none before the first count.
    """

    view: View
    counted: tuple[Counted, ...]


@runtime_checkable
class Publisher(Protocol):
    """A format in which counts are handed on."""

    id: str
    """Short name, e.g. ``nist-json``: what `racecall export --format` takes."""
    title: str
    """For people, e.g. "NIST SP 1500-100 v2 results JSON"."""

    def write(self, export: Export) -> Iterable[tuple[str, bytes]]:
        """Yield the files, each with a plain name; the same export gives the same bytes. Nothing counted, no file."""
        ...


def options_of(contest: Contest, counted: Counted) -> tuple[Option, ...]:
    """Return the options to write: everybody who stands, sums that have a number, and names that the election does not list."""
    given = dict.fromkeys(option for _, option, _, _ in counted.votes_of(contest.id))
    listed = {option.id: option for option in contest.options if option.is_person or option.id in given}
    strangers = (Option(id=name, name=name, kind=OptionKind.AGGREGATE) for name in given if name not in listed)
    return (*listed.values(), *strangers)
