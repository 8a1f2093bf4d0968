"""`status --json` over all 430 contests of Los Angeles County, with every release recorded."""

from __future__ import annotations

import json
import statistics

from benchmarks.base import Figures, Place, racecall, require
from benchmarks.releases import CONTESTS, recorded_folder

RUNS = 5


def run(place: Place) -> Figures:
    """Time the whole command, start-up included."""
    folder, _, _ = recorded_folder(place)
    runs = [racecall("status", folder, "--json", scratch=place.scratch) for _ in range(RUNS)]
    contests = count_objects(runs[0].stdout)
    require(contests >= CONTESTS, f"status --json gave {contests} contests; the releases have {CONTESTS}")
    return {
        "seconds": statistics.median(one.seconds for one in runs),
        "contests": contests,
        "peak_mb": max(one.peak_mb for one in runs),
        "runs": RUNS,
    }


def count_objects(text: str) -> int:
    """Return how many objects a command printed: JSON lines, one array, or one object with a list of contests."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return sum(1 for line in text.splitlines() if line.strip())
    listed = whole.get("contests", [whole]) if isinstance(whole, dict) else whole
    return len(listed)
