"""A table with a row a reporting unit and a column an option, one table a contest: how counties print statements of votes.

A feed cuts its file into `Block` values; here they become the rows that every table goes through (`feeds.rows`), so that blanks, totals,
doubled rows and columns of ballots are treated as in a CSV.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat
from typing import TYPE_CHECKING

from racecall.feeds.base import Document
from racecall.feeds.mapping import ColumnMap
from racecall.feeds.options import SHARE, mark_kinds, name_nameless, not_an_option, set_aside_non_options
from racecall.feeds.rows import (
    Stage,
    Work,
    any_of,
    as_in,
    distinct,
    mark_units,
    name_count_types,
    names_of,
    note_ballot_groups,
    numbers,
    read_times,
    renamed,
    tidy_names,
)
from racecall.feeds.sheet import ragged_rows
from racecall.feeds.sums import compare_methods, join_words, keep_totals_apart, looks_like_total, settle_duplicates, settle_units
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind
from racecall.model.finding import Finding

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    Numbers = np.ndarray[tuple[int], np.dtype[np.uint32]]

BY_UNIT = ColumnMap(unit=("unit",))
"""The mapping of a table of this shape: every row names its unit."""
NAMED_WRITE_IN = re.compile(r"(?i)^write[ -]?in[ :-]+(?P<name>\S.*\S)$")
"""``WRITE-IN K. PEARCE``: a qualified write-in candidate; ``WRITE-IN TOTALS`` is none, and is looked for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of numbers.

    Args:
        place: Its number in the table, from 0.
        printed: Its name, for findings.
        option: The option (or what stands in the place of one: "Under Vote", "Registration").
        word: The source's word for the count type; "" if the row says it, or nobody.
    """

    place: int
    printed: str
    option: str
    word: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its place in the file, its unit, its word for the count type, and its cells as text (None is blank, as are those it lacks)."""

    place: int
    unit: str
    word: str
    cells: Sequence[str | None]


class Rows:
    """The rows of all tables of a file, in columns of numbers: as values of their own they take six times the file.

    Attributes:
        labels: Number of each name of a unit and of each word.
        texts: Number of each text of a cell; 0 is a blank one, 1 one that is filled with whatever.
        places: Place of each row in the file.
        units: Number of its unit's name.
        words: Number of its word for the count type.
        cells: Numbers of the cells, row after row.
        ends: Where the cells of each row end and those of the next begin; 0 stands before the first.
    """

    def __init__(self) -> None:
        self.labels: dict[str, int] = {}
        self.texts: dict[str | None, int] = {None: 0, "…": 1}
        self.places, self.units, self.words, self.cells, self.ends = (array("I") for _ in range(5))
        self.ends.append(0)

    def take(self, rows: Iterable[Row], columns: Sequence[Column]) -> range:
        """Add the rows of a table, and return their numbers; of a cell that is in none of the columns, it is kept whether it is filled."""
        texts, first = self.texts, len(self.places)
        places = {column.place for column in columns}
        is_kept = [place in places for place in range(max(places, default=-1) + 1)]
        for row in rows:
            self.places.append(row.place)
            self.units.append(self.label(row.unit))
            self.words.append(self.label(row.word))
            pairs = zip(row.cells, chain(is_kept, repeat(False)))  # noqa: B905 - the second never ends
            self.cells.extend([texts.setdefault(cell, len(texts)) if kept else cell is not None for cell, kept in pairs])
            self.ends.append(len(self.cells))
        return range(first, len(self.places))

    def label(self, name: str) -> int:
        """Return the number of a name."""
        return self.labels.setdefault(name, len(self.labels))

    def under(self, column: Column, rows: Numbers) -> Numbers:
        """Return the numbers of the cells that some rows have in a column; a row that is too short has a blank one."""
        import numpy as np

        cells, ends = np.frombuffer(self.cells, dtype=np.uint32), np.frombuffer(self.ends, dtype=np.uint32)
        at = ends[rows] + np.uint32(column.place)
        return np.where(at < ends[rows + 1], cells[np.minimum(at, len(cells) - 1)], 0)

    def cut(self, rows: Iterable[int]) -> Iterator[tuple[int, Sequence[str | None]]]:
        """Yield the place of each row, and its cells as far as they are kept."""
        texts = list(self.texts)
        for row in rows:
            yield self.places[row], [texts[cell] for cell in self.cells[self.ends[row] : self.ends[row + 1]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The table of one contest: the numbers of its rows, and the names of all its columns, also of those that are no numbers."""

    contest: str
    columns: Sequence[Column]
    rows: range
    header: Sequence[str] = ()


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text one after the other: all of them at once would take twice its size."""
    begin = 0
    while (end := text.find("\n", begin)) >= 0:
        yield text[begin:end].rstrip("\r")
        begin = end + 1
    yield text[begin:].rstrip("\r")


def cut(line: str) -> Sequence[str | None]:
    """Cut a line at its tabs."""
    return [cell or None for cell in map(str.strip, line.split("\t"))]


def ragged(document: Document, blocks: Iterable[Block], rows: Rows) -> Iterator[Finding]:
    """Say which rows are shorter or longer than the header of their block."""
    for block in blocks:
        yield from ragged_rows(document, rows.cut(block.rows), len(block.header))


def lay_out(document: Document, blocks: Iterable[Block], rows: Rows, columns: ColumnMap = BY_UNIT, released: str = "") -> Work:
    """Return one row a count; columns of percentages are left out, and voters on the roll are counted once a unit.

    Args:
        document: Where the blocks are from.
        blocks: The contests.
        rows: Their rows.
        columns: Words for count types and rules that the stages need.
        released: Time of publication as ISO 8601, "" if the file does not say.
    """
    import polars as pl

    # What is no option comes last, and totals come last of both: to take them out copies nothing then.
    parts = [part for totals in (False, True) for part in _parts(blocks, rows, totals=totals)]
    kinds = [(not_an_option(part.column.option), part) for part in parts]
    options = [part for kind, part in kinds if not kind]
    others = [part for kind, part in kinds if kind not in {"", SHARE, BallotKind.REGISTERED}]
    voters = [part for kind, part in kinds if kind == BallotKind.REGISTERED]
    same = {"county": "", "party": "", "released": released}
    long = _long([*options, *others, *_voters_once(voters, rows)], rows).with_columns(
        pl.lit("", pl.Enum(["", *OptionKind])).alias("kind"), *(pl.lit(text, names_of([text])).alias(name) for name, text in same.items())
    )
    return Work(document=document, columns=columns, rows=long, ballots=long.clear())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Part:
    """Some cells of a column.

    Args:
        contest: The contest.
        column: The column.
        rows: Numbers of the rows.
        word: Number of the word for their count type, None if each row says it.
    """

    contest: str
    column: Column
    rows: Numbers
    word: int | None


def _parts(blocks: Iterable[Block], rows: Rows, *, totals: bool) -> Iterator[_Part]:
    """Yield the cells of every column, either those of the units or those of the totals over them."""
    import numpy as np

    units = np.frombuffer(rows.units, dtype=np.uint32)
    is_total = np.array([looks_like_total(label) for label in rows.labels], dtype=bool)
    for block in blocks:
        own = np.arange(block.rows.start, block.rows.stop, dtype=np.uint32)
        own = own[is_total[units[own]] == totals]
        for column in block.columns if own.size else ():
            yield _Part(contest=block.contest, column=column, rows=own, word=rows.label(column.word) if column.word else None)


def _voters_once(parts: Iterable[_Part], rows: Rows) -> Iterator[_Part]:
    """Yield the voters on the roll once: they stand beside every count type of a unit, and belong to none."""
    import numpy as np

    seen: dict[tuple[str, str], set[tuple[int, int]]] = {}
    for part in parts:
        said = seen.setdefault((part.contest, part.column.option), set())
        first: dict[tuple[int, int], int] = {}
        for row, cell in zip(part.rows.tolist(), rows.under(part.column, part.rows).tolist(), strict=True):
            first.setdefault((rows.units[row], cell), row)
        once = [row for key, row in first.items() if key not in said]
        said.update(first)
        yield replace(part, rows=np.array(once, dtype=np.uint32), word=rows.label(""))


def _long(parts: Sequence[_Part], rows: Rows) -> pl.DataFrame:
    """Return a row a cell, part by part. A cell of two bytes stands beside nine names, so they are kept as numbers of names."""
    import numpy as np
    import polars as pl

    units, words, places = (np.frombuffer(numbers, dtype=np.uint32) for numbers in (rows.units, rows.words, rows.places))
    labels = list(rows.labels)
    return pl.DataFrame(
        {
            "unit": pl.Series(labels, dtype=pl.Categorical()).gather(_each(parts, lambda part: units[part.rows])),
            "option": _same(parts, lambda part: part.column.option),
            "cell": _named(list(rows.texts), _each(parts, lambda part: rows.under(part.column, part.rows))),
            "column": _same(parts, lambda part: part.column.printed),
            "row": _each(parts, lambda part: places[part.rows]),
            "word": _named(labels, _each(parts, lambda part: words[part.rows] if part.word is None else part.word)),
            "contest": _same(parts, lambda part: part.contest),
        }
    )


def _same(parts: Sequence[_Part], said: Callable[[_Part], str]) -> pl.Series:
    """Return what is the same for all cells of a part."""
    number: dict[str, int] = {}
    numbers = _each(parts, lambda part: number.setdefault(said(part), len(number)))
    return _named(list(number), numbers)


def _each(parts: Sequence[_Part], number: Callable[[_Part], Numbers | int]) -> Numbers:
    """Return a number for each cell, part by part: those of a part, or the same for all of it."""
    import numpy as np

    made, end = np.empty(sum(len(part.rows) for part in parts), dtype=np.uint32), 0
    for part in parts:
        begin, end = end, end + len(part.rows)
        made[begin:end] = number(part)
    return made


def _named(names: Sequence[str | None], numbers: Numbers) -> pl.Series:
    """Return the names that numbers stand for; those that nobody asks for take no number in the type."""
    import numpy as np
    import polars as pl

    asked = np.zeros(len(names), dtype=bool)
    asked[numbers] = True
    known = [name if is_asked else None for name, is_asked in zip(names, asked, strict=True)]
    return pl.Series(known, dtype=names_of(["", *filter(None, known)])).gather(numbers)


def name_write_ins(work: Work) -> Work:
    """Take "WRITE-IN" off the names of qualified write-in candidates, and mark them as such."""
    import polars as pl

    names = {option: found["name"] for option in distinct(work.rows, "option") if (found := _named_write_in(option))}
    if not names:
        return work
    kind = pl.when(any_of(work.rows, "option", names)).then(as_in(work.rows, "kind", OptionKind.WRITE_IN)).otherwise("kind")
    return work.having(work.rows.with_columns(kind=kind, option=renamed(work.rows["option"], names)))


def _named_write_in(option: str) -> re.Match[str] | None:
    from racecall.feeds.options import option_kind

    return None if option_kind(option) or not_an_option(option) else NAMED_WRITE_IN.match(option)


STAGES: tuple[Stage, ...] = (
    tidy_names,
    read_times,
    mark_units,
    name_count_types,
    numbers,
    name_write_ins,
    mark_kinds,
    set_aside_non_options,
    name_nameless,
    settle_duplicates,
    keep_totals_apart,
    settle_units,
    join_words,
    compare_methods,
    note_ballot_groups,
)
"""What happens to such a table, in this order."""
