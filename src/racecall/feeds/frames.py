"""The two tables of a release, built from plain rows. Polars is imported on first use: sniffing and `--help` must not pay for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from racecall.model.counts import BALLOT_COLUMNS, COUNT_COLUMNS

if TYPE_CHECKING:
    import polars as pl

CountRow = tuple[str, str, str, str, int | None, int]
"""contest, unit, count type, option, votes (None = withheld), place in the source."""
BallotRow = tuple[str, str, str, str, int | None, int]
"""contest ("" = jurisdiction), unit, count type, kind, ballots, place in the source."""


def count_frame(rows: Iterable[CountRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `COUNT_COLUMNS`."""
    return _frame(COUNT_COLUMNS, rows)


def ballot_frame(rows: Iterable[BallotRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `BALLOT_COLUMNS`."""
    return _frame(BALLOT_COLUMNS, rows)


def _frame(names: Sequence[str], rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Return the rows as four columns of text, one of numbers and one of places; by column, which takes Polars a third of the time."""
    import polars as pl

    types = (pl.String, pl.String, pl.String, pl.String, pl.Int64, pl.UInt32)
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    return pl.DataFrame([pl.Series(name, cells, dtype=kind) for name, cells, kind in zip(names, columns, types, strict=True)])
