"""Every benchmark and its bound, in the order they run."""

from __future__ import annotations

from benchmarks import (
    add_release,
    clarity,
    copy_desk,
    demo,
    desk_load,
    elex,
    precincts,
    projection,
    publishing,
    reading,
    replay_night,
    sos_replay,
    startup,
    status_all,
    verify_ledger,
    whole_archive,
)
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
        what="status --json over all 430 contests after start-up, median of 5",
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
        name="sos_replay",
        what="replay --json of the 90 releases of California's House returns of November 2022, start-up included",
        bounds=(Bound(figure="seconds", below=2.0),),
        run=sos_replay.run,
    ),
    Benchmark(
        name="precincts",
        what="1.6 million precinct rows recorded and judged: add and status --json, start-up included",
        bounds=(Bound(figure="seconds", below=10.0), Bound(figure="peak_mb", below=1000.0)),
        run=precincts.run,
    ),
    Benchmark(
        name="clarity",
        what="a Clarity detail file of 60 MB (965,000 counts) read to a release, in a process of its own",
        bounds=(Bound(figure="seconds", below=4.0), Bound(figure="peak_mb", below=300.0)),
        run=clarity.run,
    ),
    Benchmark(
        name="parse_release",
        what="one Los Angeles County release read and checked, after its JSON is decoded; median of 14",
        bounds=(Bound(figure="seconds_after_decoding", below=0.015),),
        run=reading.release,
    ),
    Benchmark(
        name="csv_beside_polars",
        what="1.6 million precinct rows through the CSV reader: at least 60% of the speed of polars.read_csv on the same file",
        bounds=(Bound(figure="times_as_long_as_polars", below=1 / 0.6), Bound(figure="peak_over_file_size_reading", below=20.0)),
        run=reading.csv_beside_polars,
    ),
    Benchmark(
        name="demo",
        what="demo --out, start-up included",
        bounds=(Bound(figure="seconds", below=5.0),),
        run=demo.run,
    ),
    Benchmark(
        name="publish_first",
        what="publish of all 430 contests with the night's first release into nothing, every language, after start-up",
        bounds=(Bound(figure="seconds", below=10.0), Bound(figure="page_bytes", below=60_000)),
        run=publishing.first,
    ),
    Benchmark(
        name="publish_all",
        what="the same with all 14 releases at once, every as-of page: what a site that was lost takes",
        bounds=(Bound(figure="page_bytes", below=60_000),),
        run=publishing.everything,
    ),
    Benchmark(
        name="publish_update",
        what="publish after one release that touches 40 of 430 contests, after start-up",
        bounds=(Bound(figure="seconds", below=1.0), Bound(figure="patch_bytes", below=5_000)),
        run=publishing.update,
    ),
    Benchmark(
        name="verify_ledger",
        what="verify of a ledger of 1,000 releases, every one counted again from its bytes, start-up included",
        bounds=(Bound(figure="seconds", below=10.0),),
        run=verify_ledger.run,
    ),
    Benchmark(
        name="projection_large",
        what="10,000 joint draws of 5,000 units, 4 count types and 24 options, libraries loaded",
        bounds=(Bound(figure="seconds", below=2.0), Bound(figure="peak_mb", below=1000.0)),
        run=projection.large,
    ),
    Benchmark(
        name="projection_peru",
        what="Peru 2021: 18 options in every polling station read, 10,000 joint draws, summed up",
        bounds=(Bound(figure="seconds", below=10.0), Bound(figure="peak_mb", below=2000.0)),
        run=projection.peru,
    ),
    Benchmark(
        name="projection_look",
        what="one look at one contest: judged, 1,000 joint draws, summed up; median over Los Angeles County",
        bounds=(Bound(figure="seconds", below=0.020),),
        run=projection.one_look,
    ),
    Benchmark(
        name="backtest",
        what="backtest --json of the whole development archive, start-up included, one process a core",
        bounds=(Bound(figure="seconds", below=120.0),),
        run=whole_archive.run,
    ),
    Benchmark(
        name="desk_load",
        what="the desk with 200 open pages and 50 requests a second while counts come in, 430 contests",
        bounds=(Bound(figure="p99_ms", below=100.0),),
        run=desk_load.run,
    ),
    Benchmark(
        name="elex_model",
        what="beside elex-model's bootstrap at 5,000 units and 2 options, one after the other: at least 20 times faster",
        bounds=(Bound(figure="share_of_their_time", below=0.05),),
        run=elex.run,
    ),
    Benchmark(
        name="check_story",
        what="check of a story of 1,000 words after start-up, median of 5",
        bounds=(Bound(figure="seconds", below=0.3),),
        run=copy_desk.one,
    ),
    Benchmark(
        name="stale_queue",
        what="1,000 stored stories of 300 words checked again after a release, each for two moments",
        bounds=(Bound(figure="seconds", below=30.0),),
        run=copy_desk.queue,
    ),
)
