"""Start-up: what every command costs before it does anything."""

from __future__ import annotations

import statistics

from benchmarks.base import Figures, Place, racecall, require
from racecall import __version__

RUNS = 10


def run(place: Place) -> Figures:
    """Time `racecall --version`, after one run that fills the disk cache."""
    first = racecall("--version", scratch=place.scratch)
    require(__version__ in first.stdout, f"racecall --version printed {first.stdout!r}, which does not name version {__version__}")
    taken = [racecall("--version", scratch=place.scratch).seconds for _ in range(RUNS)]
    return {"seconds": statistics.median(taken), "seconds_fastest": min(taken), "seconds_slowest": max(taken), "runs": RUNS}
