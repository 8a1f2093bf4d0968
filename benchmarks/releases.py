"""The fourteen real count releases of Los Angeles County, November 2022, as an election folder to measure on."""

from __future__ import annotations

from pathlib import Path

from benchmarks.base import Place, racecall

FOLDER = "feeds/la-lavote-json"

CONTESTS = 430
"""Contests in each release: 323 between candidates, 16 on keeping a judge, 91 measures."""

SAME_RELEASE_AGAIN = {"2022-11-09T083649.json.gz", "2026-04-09T143608.json.gz"}
"""The first is the 03:35 release fetched twice, the second a later fetch of the final one (MANIFEST.md of the data set)."""


def release_files(place: Place) -> list[Path]:
    """Return the files, oldest first."""
    return sorted(path for path in place.data(FOLDER).glob("*.json.gz") if path.name not in SAME_RELEASE_AGAIN)


def new_folder(place: Place, files: list[Path]) -> Path:
    """Make an election folder that follows every contest of the first file."""
    folder = place.scratch / "election"
    racecall("new", folder, "--from", files[0], scratch=place.scratch)
    return folder


def recorded_folder(place: Place, first: int | None = None) -> tuple[Path, int, float]:
    """Return a folder with the first releases in it, or with every one, how many there are, and the seconds it took to record them."""
    files = release_files(place)[:first]
    folder = new_folder(place, files)
    added = racecall("add", folder, *files, "--backfill", scratch=place.scratch)
    return folder, len(files), added.seconds
