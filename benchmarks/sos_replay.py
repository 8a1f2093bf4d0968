"""`replay` of the ninety snapshots of the California Secretary of State's House returns, November 2022."""

from __future__ import annotations

from benchmarks.base import Figures, Place, racecall, require
from benchmarks.status_all import count_objects

SNAPSHOTS = "feeds/ca-sos-json/us-rep-90-distinct-snapshots.jsonl.gz"
RELEASES = 90


def run(place: Place) -> Figures:
    """Time the whole command over all districts and releases; making the folder and recording them is given beside it."""
    file, folder = place.data(SNAPSHOTS), place.scratch / "election"
    made = racecall("new", folder, "--from", file, scratch=place.scratch)
    added = racecall("add", folder, file, "--backfill", scratch=place.scratch)
    replay = racecall("replay", folder, "--json", scratch=place.scratch)
    objects = count_objects(replay.stdout)
    require(objects >= RELEASES, f"replay --json gave {objects} objects for {RELEASES} releases")
    return {
        "seconds": replay.seconds,
        "releases": RELEASES,
        "objects": objects,
        "peak_mb": replay.peak_mb,
        "seconds_to_make_the_folder": made.seconds,
        "seconds_to_record": added.seconds,
    }
