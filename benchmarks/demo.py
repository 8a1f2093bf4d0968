"""`demo`: the night of 4 April 2017, recorded, judged and printed."""

from __future__ import annotations

from benchmarks.base import Figures, Place, racecall, require


def run(place: Place) -> Figures:
    """Time the whole command."""
    taken = racecall("demo", "--out", place.scratch / "demo", scratch=place.scratch)
    require((place.scratch / "demo" / "election" / "election.toml").exists(), "demo left no election in demo/election")
    return {"seconds": taken.seconds, "peak_mb": taken.peak_mb, "lines_printed": len(taken.stdout.splitlines())}
