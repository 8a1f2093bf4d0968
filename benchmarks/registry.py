"""Every benchmark and its bound (issue: "Speed and size"), in the order they run."""

from __future__ import annotations

from benchmarks import add_release, demo, precincts, replay_night, startup, status_all
from benchmarks.base import Benchmark, Bound

BENCHMARKS = (
    Benchmark(
        name="startup",
        what="racecall --version, median of 10",
        bounds=(Bound(figure="seconds", below=0.3),),
        run=startup.run,
    ),
    Benchmark(
        name="add_release",
        what="add of one Los Angeles County release (430 contests, 323 between candidates) after start-up, median",
        bounds=(Bound(figure="seconds", below=0.2),),
        run=add_release.run,
    ),
    Benchmark(
        name="status_all",
        what="status --json over all its contests, start-up included, median of 5",
        bounds=(Bound(figure="seconds", below=0.5),),
        run=status_all.run,
    ),
    Benchmark(
        name="replay_night",
        what="replay --json of the 14 Los Angeles County releases of November 2022, start-up included",
        bounds=(Bound(figure="seconds", below=5.0),),
        run=replay_night.run,
    ),
    Benchmark(
        name="precincts",
        what="1.6 million precinct rows recorded and judged: add and status --json, start-up included",
        bounds=(Bound(figure="seconds", below=10.0), Bound(figure="peak_mb", below=1000.0)),
        run=precincts.run,
    ),
    Benchmark(
        name="demo",
        what="demo --out, start-up included",
        bounds=(Bound(figure="seconds", below=5.0),),
        run=demo.run,
    ),
)
