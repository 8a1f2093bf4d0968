"""Joint draws at three sizes: a large made-up contest, all polling stations of Peru in 2021, and one look at one contest.

The work runs in a process of its own; what is timed is the work, with the libraries loaded, unless the entry says otherwise.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.base import Figures, Place, python_module

if TYPE_CHECKING:
    import numpy as np

    from racecall.projection.base import Look

DRAWS = 10_000
LOOK_DRAWS = 1_000
PERU = "precinct/scale_peru2021_r1.parquet"
PERU_UNITS = "precinct/scale_peru2021_r1.units.parquet"
ARCHIVE = "archive/la-2022-11-08-general"


def large(place: Place) -> Figures:
    """Time 10,000 draws of 5,000 units, 4 count types and 24 options."""
    return _child("large", place)


def peru(place: Place) -> Figures:
    """Time the reading, drawing and summing up of Peru's first round of 2021 with half of its polling stations counted."""
    return _child("peru", place, place.data(PERU), place.data(PERU_UNITS))


def one_look(place: Place) -> Figures:
    """Time one look at each contest of Los Angeles County in November 2022, as the live desk takes it."""
    return _child("one_look", place, place.data(ARCHIVE))


def _child(name: str, place: Place, *files: Path) -> Figures:
    figures: dict[str, float | int | str] = json.loads(python_module("benchmarks.projection", name, *files, scratch=place.scratch).stdout)
    return figures


def measured_large() -> dict[str, Any]:
    """Draw the large contest."""
    import numpy as np

    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(24), size=(5_000, 4))
    look = _look(rng.poisson(40 * shares).astype(float), rng.gamma(2, 20, (5_000, 4)), sides=False)
    return _drawn(look, time.perf_counter()) | {"units": 5_000, "count_types": 4, "options": 24}


def measured_two_sides(units: Path) -> dict[str, Any]:
    """Draw the contest of `benchmarks.elex`: counted units as they are, the others at their earlier turnout."""
    import numpy as np
    import polars as pl

    table = pl.read_csv(units)
    counted = table.select(pl.col("dem", "gop") * pl.col("reporting")).to_numpy().astype(float)[:, None, :]
    before = table.select((pl.col("before_dem") + pl.col("before_gop")) * (1 - pl.col("reporting"))).to_numpy().astype(float)
    look = _look(counted, before, sides=True)
    made = _drawn(look, time.perf_counter(), keep=True)
    votes = made.pop("votes")
    margin = (votes[:, 0] - votes[:, 1]) / votes.sum(axis=1)
    low, high = np.quantile(margin, (0.05, 0.95))
    return made | {"low": float(low), "high": float(high)}


def measured_peru(votes: Path, units: Path) -> dict[str, Any]:
    """Read, draw and sum up: the lower half of the station numbers is counted, the rest is to come at the turnout so far."""
    import numpy as np
    import polars as pl

    started = time.perf_counter()
    wide = pl.read_parquet(votes, columns=["precinct", "candidate", "votes"]).pivot("candidate", index="precinct", values="votes")
    table = wide.join(pl.read_parquet(units, columns=["precinct", "registered"]), on="precinct").sort("precinct").fill_null(0)
    counts = table.drop("precinct", "registered").to_numpy().astype(float)
    in_yet = np.arange(len(counts)) < len(counts) / 2
    registered = table["registered"].to_numpy().astype(float)
    turnout = counts[in_yet].sum() / registered[in_yet].sum()
    look = _look((counts * in_yet[:, None])[:, None, :], (registered * turnout * ~in_yet)[:, None], sides=False)
    return _drawn(look, started) | {"units": len(counts), "options": counts.shape[1]}


def measured_one_look(archive: Path) -> dict[str, Any]:
    """Judge and draw the newest look before the result, contest by contest, from the counts of that contest alone."""
    from racecall.calls.calibration_file import parse_calibration
    from racecall.calls.night import judge_night
    from racecall.desk.archives import packaged_calibration, read_archive
    from racecall.projection.forecast import forecast
    from racecall.projection.logratio import LogRatioProjection
    from racecall.projection.outlook import contest_look

    experience = parse_calibration(packaged_calibration()).experience("2022-11-08")
    projection, taken = LogRatioProjection(), []
    for contest in read_archive(archive).contests:
        count = contest.count.until(len(contest.path.hours) - 2)
        started = time.perf_counter()
        judged = judge_night([count], experience)[0]
        look = contest_look(count.path, len(count.path.hours) - 1, count.setting, judged.volume, judged.drift)
        forecast(projection.draw(look, draws=LOOK_DRAWS, seed=1), count.setting)
        taken.append(time.perf_counter() - started)
    return {"seconds": statistics.median(taken), "seconds_slowest": max(taken), "contests": len(taken), "draws": LOOK_DRAWS}


def _look(counted: np.ndarray[Any, Any], to_come: np.ndarray[Any, Any], *, sides: bool) -> Look:
    import numpy as np

    from racecall.outstanding.setting import ContestSetting
    from racecall.projection.base import Look

    options = counted.shape[2]
    setting = ContestSetting(
        id="bench",
        options=tuple(map(str, range(options))),
        parties=("DEM", "REP") if sides else ("",) * options,
        eligible=(True,) * options,
        slots=1 if sides else 2,
        majority=not sides,
    )
    flat = np.zeros(options)
    return Look(setting=setting, counted=counted, to_come=to_come, to_come_log_sd=0.1, late_mean=flat, late_sd=flat + 0.1)


def _drawn(look: Look, started: float, *, keep: bool = False) -> dict[str, Any]:
    from racecall.projection.forecast import forecast
    from racecall.projection.logratio import LogRatioProjection

    final = LogRatioProjection().draw(look, draws=DRAWS, seed=1)
    drawn = time.perf_counter()
    forecast(final, look.setting)
    figures = {"seconds": time.perf_counter() - started, "seconds_to_sum_up": time.perf_counter() - drawn, "draws": DRAWS}
    return figures | {"peak_mb": _peak_mb()} | ({"votes": final.votes} if keep else {})


def _peak_mb() -> float:
    """Linux gives the peak in units of 1,024 bytes, macOS in bytes (getrusage(2))."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6


MEASURED: dict[str, Callable[..., dict[str, Any]]] = {
    "large": measured_large,
    "two_sides": measured_two_sides,
    "peru": measured_peru,
    "one_look": measured_one_look,
}

if __name__ == "__main__":
    print(json.dumps(MEASURED[sys.argv[1]](*map(Path, sys.argv[2:]))))
