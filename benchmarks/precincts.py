"""1.6 million precinct rows recorded and judged: California precinct results in the layout of OpenElections."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.base import Figures, Place, python_module, racecall, require
from benchmarks.status_all import count_objects

SET = "precinct/oe_ca.parquet"
"""The replay archive of San Francisco has 69,555 rows in all, so the precinct corpus is used."""

ROWS = 1_600_000
FILE = "20140603__ca__primary__precinct.csv"


def run(place: Place) -> Figures:
    """Time `add` and `status` on a file of the first 1.6 million vote totals; making the folder is given beside it."""
    file = place.scratch / FILE
    python_module("benchmarks.precincts", place.data(SET), file, scratch=place.scratch)
    folder = place.scratch / "election"
    made = racecall("new", folder, "--from", file, scratch=place.scratch)
    added = racecall("add", folder, file, scratch=place.scratch)
    status = racecall("status", folder, "--json", scratch=place.scratch)
    contests = count_objects(status.stdout)
    require(contests > 0, "status --json gave no contest")
    return {
        "seconds": added.seconds + status.seconds,
        "peak_mb": max(added.peak_mb, status.peak_mb),
        "rows": ROWS,
        "contests": contests,
        "file_mb": file.stat().st_size / 1e6,
        "seconds_to_add": added.seconds,
        "seconds_to_judge": status.seconds,
        "seconds_to_make_the_folder": made.seconds,
        "peak_mb_to_make_the_folder": made.peak_mb,
    }


def write_csv(source: Path, target: Path) -> None:
    """Write the first `ROWS` printed totals as one OpenElections file.

    The corpus holds several elections: the election is put into the name of the office, so that no two contests fall together. What is
    wrong in the corpus (double rows, blank precincts, withheld cells) stays as it is.
    """
    import polars as pl

    office = pl.format("{} {} {}", *(pl.col(name).cast(pl.String) for name in ("office", "election_date", "election_type")))
    rows = pl.scan_parquet(source).filter(pl.col("method") == "total").head(ROWS)
    rows.select("county", "precinct", office.alias("office"), "district", "party", "candidate", "votes").collect().write_csv(target)


if __name__ == "__main__":
    write_csv(Path(sys.argv[1]), Path(sys.argv[2]))
