"""`backtest --json` over the whole development archive, as anyone would run it: reading, judging and drawing, one process a core."""

from __future__ import annotations

import json

from benchmarks.base import Figures, Place, racecall, require

ARCHIVE = "archive"


def run(place: Place) -> Figures:
    """Time the whole command, start-up included, and the same once more where everything is finished already."""
    folder, finished = place.data(ARCHIVE), place.scratch / "work.jsonl"
    first = racecall("backtest", folder, "--json", "--resume", finished, scratch=place.scratch)
    again = racecall("backtest", folder, "--json", "--resume", finished, scratch=place.scratch)
    result = json.loads(first.stdout)
    require(again.stdout == first.stdout, "a back-test that went on from its file printed other bytes")
    require(result["contests"] > 0, "the archive gave no contest")
    return {
        "seconds": first.seconds,
        "seconds_with_everything_finished": again.seconds,
        "peak_mb": first.peak_mb,
        "contests": result["contests"],
        "false_calls": result["false_calls"],
        "median_share_counted_at_call": result["time_to_call"]["median"],
    }
