"""Reading alone: one release of Los Angeles County, and a large CSV beside Polars on the same file. Nothing is recorded."""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.base import Figures, Place, python_module
from benchmarks.precincts import FILE, SET
from benchmarks.releases import release_files

ROUNDS = 5
RELEASE_ROUNDS = 50


def release(place: Place) -> Figures:
    """Time the reading and checking of each of the county's releases, less the decoding of its JSON."""
    return _child("release", place, *release_files(place))


def csv_beside_polars(place: Place) -> Figures:
    """Time the CSV reader on 1.6 million precinct rows beside `polars.read_csv` with every column as text."""
    file = place.scratch / FILE
    python_module("benchmarks.precincts", place.data(SET), file, scratch=place.scratch)
    return _child("csv_beside_polars", place, file)


def _child(name: str, place: Place, *files: Path) -> Figures:
    figures: dict[str, float | int | str] = json.loads(python_module("benchmarks.reading", name, *files, scratch=place.scratch).stdout)
    return figures


def measured_release(*files: Path) -> dict[str, Any]:
    """Read each file again and again in one process; the smallest of the rounds is what the work takes."""
    import gzip

    from racecall.feeds.la_county_json import LaCountyJsonFeed, _File
    from racecall.feeds.listing import read_json
    from racecall.testing import document

    documents = [document(file.name, gzip.decompress(file.read_bytes())) for file in files]
    whole = [_least(partial(LaCountyJsonFeed().parse, item)) for item in documents]
    decoding = [_least(partial(read_json, item, _File)) for item in documents]
    after = [all_of_it - part for all_of_it, part in zip(whole, decoding, strict=True)]
    return {
        "seconds_after_decoding": statistics.median(after),
        "seconds_after_decoding_slowest": max(after),
        "seconds_decoding": statistics.median(decoding),
        "releases": len(documents),
    }


def measured_csv_beside_polars(file: Path) -> dict[str, Any]:
    """Read the file with both, in turn; the median of the rounds is compared, and the memory is that of ours alone."""
    import polars as pl

    from racecall.feeds.openelections import OpenElectionsFeed
    from racecall.feeds.sheet import read_sheet
    from racecall.testing import document

    data = file.read_bytes()
    item = document(file.name, data)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: read_sheet(item)))
        theirs.append(_seconds(lambda: pl.read_csv(data, infer_schema=False)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {
        "times_as_long_as_polars": statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True)),
        "share_of_polars_speed": statistics.median(other / mine for mine, other in zip(ours, theirs, strict=True)),
        "seconds": statistics.median(ours),
        "seconds_polars": statistics.median(theirs),
        "seconds_with_every_stage": _seconds(lambda: OpenElectionsFeed().parse(item)),
        "peak_over_file_size_reading": peak / len(data),
        "file_mb": len(data) / 1e6,
    }


def _least(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(RELEASE_ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


MEASURED: dict[str, Callable[..., dict[str, Any]]] = {"release": measured_release, "csv_beside_polars": measured_csv_beside_polars}

if __name__ == "__main__":
    print(json.dumps(MEASURED[sys.argv[1]](*(Path(name) for name in sys.argv[2:]))))
