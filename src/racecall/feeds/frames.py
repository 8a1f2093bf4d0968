"""The two tables of a release, built from plain rows. Polars is imported on first use: sniffing and `--help` must not pay for it."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl
    from polars._typing import PolarsDataType

CountRow = tuple[str, str, str, str, int | None, int]
"""contest, unit, count type, option, votes (None = withheld), place in the source."""
BallotRow = tuple[str, str, str, str, int | None, int]
"""contest ("" = jurisdiction), unit, count type, kind, ballots, place in the source."""


def count_frame(rows: Iterable[CountRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `COUNT_COLUMNS`."""
    return _frame(_schema("option", "votes"), rows)


def ballot_frame(rows: Iterable[BallotRow] = ()) -> pl.DataFrame:
    """Return a table with the columns `BALLOT_COLUMNS`."""
    return _frame(_schema("kind", "ballots"), rows)


def _frame(schema: Mapping[str, PolarsDataType], rows: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """Build the table by column, which takes Polars a third of the time."""
    import polars as pl

    columns = list(zip(*rows, strict=True)) or [()] * len(schema)
    return pl.DataFrame([pl.Series(name, cells, dtype=kind) for (name, kind), cells in zip(schema.items(), columns, strict=True)])


def _schema(option: str, votes: str) -> Mapping[str, PolarsDataType]:
    import polars as pl

    return {"contest": pl.String, "unit": pl.String, "count_type": pl.String, option: pl.String, votes: pl.Int64, "row": pl.UInt32}


def as_text(table: pl.DataFrame) -> pl.DataFrame:
    """Return a table with text for numbers of names: two tables with names of their own cannot be joined."""
    import polars as pl

    return table.cast({pl.Categorical: pl.String, pl.Enum: pl.String})


class Runs:
    """A table of many cells, built run by run: what is equal in a run is said once, and a cell is two numbers.

    A million rows as tuples take 300 MB and seconds; a million cells here take 12 MB. A run is the cells of one list of units.

    Args:
        beside: Another table of the same source: the numbers of its units hold here too.
    """

    def __init__(self, beside: Runs | None = None) -> None:
        self.numbers: dict[str, int] = beside.numbers if beside else {}
        self._runs: list[tuple[str, str, str, int, int]] = []
        self._units = array("i")
        self._votes = array("q")

    def units(self, names: Iterable[str]) -> array[int]:
        """Return the numbers that stand for units, for `add`: a list of units that comes a thousand times is looked up once."""
        return array("i", [self.numbers.setdefault(name, len(self.numbers)) for name in names])

    def add(self, contest: str, count_type: str, option: str, row: int, units: array[int], votes: Iterable[int]) -> None:
        """Add a run: one contest, count type, option (or kind of ballots) and place in the source for all its cells.

        Args:
            contest: As in `CountRow`, as are the other three.
            count_type: See `contest`.
            option: See `contest`.
            row: See `contest`.
            units: From `units`, one a cell.
            votes: One a cell; -1 is a cell without a number.
        """
        self._runs.append((contest, count_type, option, row, len(units)))
        self._units.extend(units)
        self._votes.extend(votes)

    def count_frame(self, contests: Mapping[str, str]) -> pl.DataFrame:
        """Return the cells as `count_frame` does, contests by the keys that `contests` has for them."""
        return self._frame(_schema("option", "votes"), contests)

    def ballot_frame(self, contests: Mapping[str, str]) -> pl.DataFrame:
        """Return the cells as `ballot_frame` does, contests by the keys that `contests` has for them."""
        return self._frame(_schema("kind", "ballots"), contests)

    def _frame(self, schema: Mapping[str, PolarsDataType], contests: Mapping[str, str]) -> pl.DataFrame:
        import numpy as np
        import polars as pl

        contest, unit, count_type, option, votes, row = schema
        keys = [(contests.get(run[0], run[0]), *run[1:]) for run in self._runs]
        runs = pl.DataFrame(
            keys, schema={name: schema[name] for name in (contest, count_type, option, row)} | {"": pl.UInt32}, orient="row"
        )
        place = np.repeat(np.arange(runs.height, dtype=np.uint32), runs[""].to_numpy())
        number = pl.Series(np.frombuffer(self._votes, dtype=np.int64))
        columns = {name: runs[name].gather(place) for name in (contest, count_type, option, row)}
        columns[unit] = pl.Series(list(self.numbers), dtype=pl.String).gather(np.frombuffer(self._units, dtype=np.int32))
        columns[votes] = number.set(number < 0, None)
        return pl.DataFrame({name: columns[name] for name in schema})
