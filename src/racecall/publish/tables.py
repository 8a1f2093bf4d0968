"""The current counts as one table for programs, every cell with its contest, hour and status: Parquet, and Arrow's file format.

The first columns are those of a replay archive, so that the `table` feed reads the Parquet file back.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from racecall.publish.base import Counted, Export, options_of

if TYPE_CHECKING:
    import polars as pl

COLUMNS = ("contest_id", "released_at", "unit", "count_type", "option", "votes", "party", "contest", "name", "kind", "status", "source")
"""Columns of the table; `released_at` is when the count is from, `votes` is empty where no number was reported."""


class ParquetPublisher:
    """Writes every current cell into one Parquet file."""

    id = "parquet"
    title = "Parquet table"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield the table, nothing before the first count."""
        if export.counted:
            out = io.BytesIO()
            table(export).write_parquet(out, compression="zstd", statistics=False)
            yield "counts.parquet", out.getvalue()


class ArrowPublisher:
    """Writes every current cell into one Arrow IPC file."""

    id = "arrow"
    title = "Arrow IPC table"

    def write(self, export: Export) -> Iterator[tuple[str, bytes]]:
        """Yield the table, nothing before the first count."""
        if export.counted:
            out = io.BytesIO()
            table(export).write_ipc(out, compression="zstd")
            yield "counts.arrow", out.getvalue()


def table(export: Export) -> pl.DataFrame:
    """Return the cells of all current counts, columns `COLUMNS`."""
    import polars as pl

    return pl.concat([_cells(counted) for counted in export.counted])


def _cells(counted: Counted) -> pl.DataFrame:
    import polars as pl

    release = counted.release
    of_release = {"released_at": release.moment.astimezone(UTC), "status": release.status.value, "source": release.source}
    texts = {name: pl.lit(value) for name, value in of_release.items()}
    joined = counted.counts.rename({"contest": "contest_id"}).join(
        _names(counted), on=["contest_id", "option"], how="left", maintain_order="left"
    )
    return joined.with_columns(**texts).select(COLUMNS)


def _names(counted: Counted) -> pl.DataFrame:
    """Return what the election says of each contest and option."""
    import polars as pl

    rows = [
        (view.contest.id, option.id, view.contest.title, option.name, option.party, option.kind.value)
        for view in counted.contests
        for option in options_of(view.contest, counted)
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("contest_id", "option", "contest", "name", "party", "kind"), pl.String), orient="row")
