"""`add` of one Los Angeles County release, after start-up."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.base import CommandFailed, Figures, Place, python_module, racecall
from benchmarks.releases import new_folder, release_files


def run(place: Place) -> Figures:
    """Time the work of `add` release by release inside one process, and the whole command from outside."""
    *earlier, last = release_files(place)
    folder = new_folder(place, [*earlier, last])
    inside = _inside(place, folder, earlier)
    command = racecall("add", folder, last, "--backfill", scratch=place.scratch)
    after_startup = command.seconds - racecall("--version", scratch=place.scratch).seconds
    return (
        {**inside, "command_seconds_after_startup": after_startup, "peak_mb": command.peak_mb} if inside else _from_outside(after_startup)
    )


def _inside(place: Place, folder: Path, files: list[Path]) -> Figures:
    """Return the figures measured around the function, nothing if the function is not there (`seconds_inside_the_process`)."""
    try:
        taken = json.loads(python_module("benchmarks.add_release", folder, *files, scratch=place.scratch).stdout)
    except CommandFailed as failure:
        if "No module named" in str(failure) or "cannot import name" in str(failure):
            return {}
        raise
    first, *others = taken
    return {
        "seconds": statistics.median(others),
        "seconds_slowest": max(others),
        "seconds_first_with_imports": first,
        "releases": len(taken),
        "measured": "around add_files, libraries loaded",
    }


def _from_outside(after_startup: float) -> Figures:
    return {"seconds": after_startup, "releases": 1, "measured": "the command's time less that of --version"}


def seconds_inside_the_process(folder: Path, files: list[Path]) -> Iterator[float]:
    """Open the folder and add one file, again and again, as `racecall add` does; yield the seconds each took.

    The first includes the import of Polars, which the code does on first use.
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.recording import AddOptions, add_files

    for file in files:
        started = time.perf_counter()
        for _ in add_files(open_folder(folder), [file], AddOptions(backfill=True)):
            pass
        yield time.perf_counter() - started


if __name__ == "__main__":
    print(json.dumps(list(seconds_inside_the_process(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))))
