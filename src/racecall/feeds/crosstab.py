"""A table with a row a reporting unit and a column an option, one table a contest: how counties print statements of votes.

A feed cuts its file into `Block` values; here they become the rows that every table goes through (`feeds.rows`), so that blanks, totals,
doubled rows and columns of ballots are treated as in a CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from racecall.feeds.base import Document
from racecall.feeds.mapping import ColumnMap
from racecall.feeds.options import SHARE, mark_kinds, name_nameless, not_an_option, set_aside_non_options
from racecall.feeds.rows import Stage, Work, any_of, mark_units, name_count_types, note_ballot_groups, numbers, read_times, tidy_names
from racecall.feeds.sums import compare_methods, join_words, keep_totals_apart, settle_duplicates, settle_units
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind

if TYPE_CHECKING:
    import polars as pl

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
    """A row: its place in the file, its unit, its word for the count type, and its cells as text (None is blank)."""

    place: int
    unit: str
    word: str
    cells: Sequence[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The table of one contest."""

    contest: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def lay_out(document: Document, blocks: Iterable[Block], columns: ColumnMap = BY_UNIT, released: str = "") -> Work:
    """Return one row a count; columns of percentages are left out, and voters on the roll are counted once a unit.

    Args:
        document: Where the blocks are from.
        blocks: The contests.
        columns: Words for count types and rules that the stages need.
        released: Time of publication as ISO 8601, "" if the file does not say.
    """
    import polars as pl

    # A cell of two bytes stands beside nine names. They are kept as numbers of names, a quarter of the memory, until `rows.to_reading`.
    rows = _voters_once(pl.concat([_long(block) for block in blocks]))
    same = {"county": "", "party": "", "kind": "", "released": released}
    rows = rows.with_columns(pl.lit(text, pl.Categorical).alias(name) for name, text in same.items())
    return Work(document=document, columns=columns, rows=rows, ballots=rows.clear())


def _long(block: Block) -> pl.DataFrame:
    """Return a row a cell, column by column. A cell of two bytes becomes a row of names, so no more than is needed is kept of each."""
    import polars as pl

    kept = [column for column in block.columns if not_an_option(column.option) != SHARE]
    schema = {"unit": pl.Categorical, "word": pl.Categorical, "row": pl.UInt32}
    labels = pl.DataFrame([(row.unit, row.word, row.place) for row in block.rows], schema=schema, orient="row")
    parts = [
        labels.select(
            "unit",
            option=pl.lit(column.option, pl.Categorical),
            cell=pl.Series([row.cells[column.place] for row in block.rows], dtype=pl.String),
            column=pl.lit(column.printed, pl.Categorical),
            row="row",
            word=pl.lit(column.word, pl.Categorical) if column.word else "word",
            contest=pl.lit(block.contest, pl.Categorical),
        )
        for column in kept
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=_long_schema())


def _long_schema() -> Mapping[str, Any]:
    """Columns of a table of nothing but percentages, which has no cell to count."""
    import polars as pl

    names = dict.fromkeys(("unit", "option", "cell", "column", "row", "word", "contest"), pl.Categorical())
    return {**names, "cell": pl.String(), "row": pl.UInt32()}


def _voters_once(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep the voters on the roll once: they stand beside every count type of a unit, and belong to none."""
    import polars as pl

    voters = any_of(rows, "option", [name for name in rows["option"].unique() if not_an_option(name) == BallotKind.REGISTERED])
    once = rows.filter(voters).with_columns(word=pl.lit("", pl.Categorical))
    key = ["contest", "unit", "option", "cell"]
    return pl.concat([rows.filter(~voters), once.unique(key, keep="first", maintain_order=True)])


def join_columns(work: Work) -> Work:
    """Put the columns of the source, each with rows of its own until now, into one piece: else Polars does it anew in every stage."""
    return work.having(work.rows.rechunk())


def name_write_ins(work: Work) -> Work:
    """Take "WRITE-IN" off the names of qualified write-in candidates, and mark them as such."""
    import polars as pl

    names = {option: found["name"] for option in work.rows["option"].unique() if (found := _named_write_in(option))}
    if not names:
        return work
    kind = pl.when(any_of(work.rows, "option", names)).then(pl.lit(OptionKind.WRITE_IN.value)).otherwise("kind")
    return work.having(work.rows.with_columns(kind=kind, option=pl.col("option").replace(names)))


def _named_write_in(option: str) -> re.Match[str] | None:
    from racecall.feeds.options import option_kind

    return None if option_kind(option) or not_an_option(option) else NAMED_WRITE_IN.match(option)


STAGES: tuple[Stage, ...] = (
    join_columns,
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
