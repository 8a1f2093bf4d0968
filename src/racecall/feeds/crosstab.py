"""A table with a row a reporting unit and a column an option, one table a contest: how counties print statements of votes.

A feed cuts its file into `Block` values; here they become the rows that every table goes through (`feeds.rows`), so that blanks, totals,
doubled rows and columns of ballots are treated as in a CSV.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

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
from racecall.feeds.sums import compare_methods, join_words, keep_totals_apart, settle_duplicates, settle_units
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind
from racecall.model.finding import Finding

if TYPE_CHECKING:
    import polars as pl
    from polars._typing import PolarsDataType

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The table of one contest; the header has the names of all its columns, also of those that are no numbers."""

    contest: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    header: Sequence[str] = ()


def cut(line: str, seen: dict[str, str]) -> list[str | None]:
    """Cut a line at its tabs. Of numbers that stand in a thousand cells, one is kept: a string of its own takes 50 bytes for two.

    Args:
        line: As it stands in the file.
        seen: What stood in the lines before, empty at first; what is new is added.
    """
    return [seen.setdefault(cell, cell) if cell else None for cell in map(str.strip, line.split("\t"))]


def ragged(document: Document, blocks: Iterable[Block]) -> Iterator[Finding]:
    """Say which rows are shorter or longer than the header of their block."""
    for block in blocks:
        yield from ragged_rows(document, ((row.place, row.cells) for row in block.rows), len(block.header))


def lay_out(document: Document, blocks: Iterable[Block], columns: ColumnMap = BY_UNIT, released: str = "") -> Work:
    """Return one row a count; columns of percentages are left out, and voters on the roll are counted once a unit.

    Args:
        document: Where the blocks are from.
        blocks: The contests.
        columns: Words for count types and rules that the stages need.
        released: Time of publication as ISO 8601, "" if the file does not say.
    """
    import polars as pl

    # What is no option comes last, so that setting it aside copies nothing.
    blocks = list(blocks)
    types = _types(blocks)
    parts = [_Part(labels, block, column) for block in blocks for labels in [_labels(block, types)] for column in block.columns]
    kinds = [(not_an_option(part.column.option), part) for part in parts]
    options = [part for kind, part in kinds if not kind]
    others = [part for kind, part in kinds if kind not in {"", SHARE, BallotKind.REGISTERED}]
    voters = [part for kind, part in kinds if kind == BallotKind.REGISTERED]
    rows = _long([*options, *others], _voters_once(_long(voters, pl.DataFrame(schema=types))))
    same = {"county": "", "party": "", "released": released}
    rows = rows.with_columns(
        pl.lit("", pl.Enum(["", *OptionKind])).alias("kind"), *(pl.lit(text, names_of([text])).alias(name) for name, text in same.items())
    )
    return Work(document=document, columns=columns, rows=rows, ballots=rows.clear())


def _types(blocks: Sequence[Block]) -> dict[str, Any]:
    """Return the columns of the long table. A cell of two bytes stands beside nine names, so they are kept as numbers of names."""
    import polars as pl

    columns = [column for block in blocks for column in block.columns]
    rows = [row for block in blocks for row in block.rows]
    return {
        "unit": pl.Categorical(),  # open to names of counties
        "option": names_of(column.option for column in columns),
        "cell": names_of(filter(None, {cell for row in rows for cell in row.cells})),
        "column": names_of(column.printed for column in columns),
        "row": pl.UInt32(),
        "word": names_of(["", *(column.word for column in columns), *(row.word for row in rows)]),
        "contest": names_of(block.contest for block in blocks),
    }


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A column of a block: the cells of one option. The labels are those of the block's rows: ``unit``, ``word`` and ``row``."""

    labels: pl.DataFrame
    block: Block
    column: Column


def _labels(block: Block, types: Mapping[str, Any]) -> pl.DataFrame:
    import polars as pl

    schema = {name: types[name] for name in ("unit", "word", "row")}
    return pl.DataFrame([(row.unit, row.word, row.place) for row in block.rows], schema=schema, orient="row")


def _cells(part: _Part) -> pl.Series:
    import polars as pl

    place = part.column.place
    return pl.Series([row.cells[place] if place < len(row.cells) else None for row in part.block.rows], dtype=pl.String)


_FIELDS: Mapping[str, Callable[[_Part], pl.Series | str]] = {
    "unit": lambda part: part.labels["unit"],
    "option": lambda part: part.column.option,
    "cell": _cells,
    "column": lambda part: part.column.printed,
    "row": lambda part: part.labels["row"],
    "word": lambda part: part.column.word or part.labels["word"],
    "contest": lambda part: part.block.contest,
}
"""What is known of the cells of a part: of each, or of all of them."""


def _long(parts: Sequence[_Part], below: pl.DataFrame) -> pl.DataFrame:
    """Return a row a cell, part by part, above other rows. Each field is put together by itself: only one is there twice at a time."""
    import polars as pl

    def field(name: str) -> pl.Series:
        kind = below[name].dtype  # looked up once: Polars hands out the names of such a type anew each time
        made = (_series(_FIELDS[name](part), part.labels.height, kind) for part in parts)
        return pl.concat([*made, below[name]], rechunk=True)

    return pl.DataFrame({name: field(name) for name in _FIELDS})


def _series(said: pl.Series | str, height: int, kind: PolarsDataType) -> pl.Series:
    import polars as pl

    return pl.repeat(said, height, dtype=kind, eager=True) if isinstance(said, str) else said.cast(kind)


def _voters_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the voters on the roll once: they stand beside every count type of a unit, and belong to none."""
    once = rows.with_columns(as_in(rows, "word", "").alias("word"))
    return once.unique(["contest", "unit", "option", "cell"], keep="first", maintain_order=True)


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
