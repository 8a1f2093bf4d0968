"""`replay` of the fourteen real Los Angeles County releases of November 2022."""

from __future__ import annotations

from benchmarks.base import Figures, Place, racecall, require
from benchmarks.releases import recorded_folder
from benchmarks.status_all import count_objects


def run(place: Place) -> Figures:
    """Time the whole command over all contests and releases; recording them is given beside it."""
    folder, releases, recording = recorded_folder(place)
    replay = racecall("replay", folder, "--json", scratch=place.scratch)
    objects = count_objects(replay.stdout)
    require(objects >= releases, f"replay --json gave {objects} objects for {releases} releases")
    return {
        "seconds": replay.seconds,
        "releases": releases,
        "objects": objects,
        "peak_mb": replay.peak_mb,
        "seconds_to_record": recording,
    }
