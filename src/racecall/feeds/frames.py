"""The two tables of a release, built from plain rows. Polars is imported on first use: sniffing and `--help` must not pay for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

CountRow = tuple[str, str, str, str, int | None, int]
"""contest, unit, count type, option, votes (None = withheld), place in the source."""
BallotRow = tuple[str, str, str, str, int | None, int]
"""contest ("" = jurisdiction), unit, count type, kind, ballots, place in the source."""


def count_frame(rows: Iterable[CountRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `COUNT_COLUMNS`."""
    import polars as pl

    return pl.DataFrame(
        list(rows),
        schema={"contest": pl.String, "unit": pl.String, "count_type": pl.String, "option": pl.String, "votes": pl.Int64, "row": pl.UInt32},
        orient="row",
    )


def ballot_frame(rows: Iterable[BallotRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `BALLOT_COLUMNS`."""
    import polars as pl

    return pl.DataFrame(
        list(rows),
        schema={"contest": pl.String, "unit": pl.String, "count_type": pl.String, "kind": pl.String, "ballots": pl.Int64, "row": pl.UInt32},
        orient="row",
    )
