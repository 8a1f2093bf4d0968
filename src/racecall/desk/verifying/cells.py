"""The totals of a release from its cells: a printed total before its parts, never a zero for what was withheld."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.desk.verifying.kept import kept_bytes
from racecall.desk.verifying.record import Event

if TYPE_CHECKING:
    import polars as pl


def cell_problems(path: Path, event: Event) -> Iterator[str]:
    """Add the cells of a release up again and compare with the totals in its event."""
    data = kept_bytes(path, "counts", event.body.counts) if event.body.counts else None
    if data is None:
        return
    try:
        sums = sums_of(data)
    except Exception as error:  # noqa: BLE001  (a damaged Parquet file may fail in any way; that is what we report)
        yield f"the cells of event {event.seq} cannot be read ({type(error).__name__}): counts/{event.body.counts}.parquet."
        return
    for contest, count in event.body.contests.items():
        if {**count.votes, **count.unknown} != sums.get(contest, {}):
            yield f"event {event.seq}: the totals of {contest} are not the sum of its cells."


def sums_of(table: bytes) -> dict[str, dict[str, int]]:
    """Return votes by contest and option: a printed total before its parts, for the unit and for the contest."""
    import polars as pl

    cells = pl.read_parquet(BytesIO(table))
    contest = cells.select("contest", "option", "votes") if _is_flat(cells) else _added(cells)
    sums: dict[str, dict[str, int]] = {}
    for name, option, votes in contest.select("contest", "option", "votes").rows():
        sums.setdefault(name, {}).update({} if votes is None else {option: votes})
    return sums


def _is_flat(cells: pl.DataFrame) -> bool:
    """Whether there is nothing to add up: every cell is the whole contest's, and stands once."""
    alone = cells.get_column("unit").eq("all").all() and cells.get_column("count_type").eq("total").all()
    return bool(alone) and not cells.select("contest", "option").is_duplicated().any()


def _added(cells: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    is_total, is_all = pl.col("count_type") == "total", pl.col("unit") == "all"
    unit = cells.group_by("contest", "unit", "option").agg(_printed_or_parts(is_total))
    return unit.group_by("contest", "option").agg(_printed_or_parts(is_all))


def _printed_or_parts(printed: pl.Expr) -> pl.Expr:
    """The votes of the printed row, else the sum of the others, else nothing: a withheld cell is no zero."""
    import polars as pl

    parts = pl.col("votes").filter(~printed)
    return pl.coalesce(pl.col("votes").filter(printed).first(), pl.when(parts.count() > 0).then(parts.sum())).alias("votes")
