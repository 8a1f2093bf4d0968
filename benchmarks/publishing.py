"""`publish` of all 430 contests of Los Angeles County: from nothing with one release and with all, and after one of 40 contests."""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.base import Figures, Place, python_module, racecall, require
from benchmarks.releases import CONTESTS, recorded_folder, release_files

TOUCHED = 40
"""Contests in the release that the update publishes."""


def first(place: Place) -> Figures:
    """Publish the night's first release into nothing, in every language, in as many processes as the command takes."""
    return _from_nothing(place, 1)


def everything(place: Place) -> Figures:
    """Publish a folder with every release into nothing: what a site that was lost, or a new version of the program, takes."""
    return _from_nothing(place, None)


def _from_nothing(place: Place, count: int | None) -> Figures:
    folder, releases, _ = recorded_folder(place, count)
    figures = _inside("all", folder, place)
    require(figures["contests"] >= CONTESTS, f"publish baked {figures['contests']} contests; the releases have {CONTESTS}")
    return {
        **figures,
        "releases": releases,
        "measured": "one process started before; pages, as-of pages, exports, manifest, all written",
    }


def update(place: Place) -> Figures:
    """Publish one release that touches 40 contests onto a site that has all the others, as a watch does on the night; then as a command."""
    folder, _, _ = recorded_folder(place)
    last = release_files(place)[-1]
    figures = _inside("update", folder, place, last)
    require(figures["contests"] == TOUCHED, f"{figures['contests']} contests changed; the release has {TOUCHED}")
    racecall("add", folder, _of_a_few(last, place.scratch, more=2), "--backfill", scratch=place.scratch)
    command = racecall("publish", folder, "--out", place.scratch / "site", scratch=place.scratch)
    return {
        **figures,
        "seconds_of_a_command": command.seconds,
        "measured": "as watch --publish: folder opened, ledger read, 40 contests judged, rendered and written, index and manifest",
    }


def _inside(what: str, folder: Path, place: Place, *files: Path) -> dict[str, Any]:
    ran = python_module("benchmarks.publishing", what, folder, place.scratch / "site", *files, scratch=place.scratch)
    return {**json.loads(ran.stdout.splitlines()[-1]), "peak_mb": ran.peak_mb}


def all_inside(folder: Path, site: Path) -> dict[str, float | int]:
    """Publish into nothing; return what it took and how large pages are, compressed as a server would."""
    from racecall.desk.folder import open_folder
    from racecall.desk.publishing import publish

    started = time.perf_counter()
    done = publish(open_folder(folder), site)
    seconds = time.perf_counter() - started
    pages = sorted(_compressed(path) for path in (site / "c").glob("*/index.html"))
    return {
        "seconds": seconds,
        "contests": len(done.changed),
        "files": done.files,
        "total_mb": done.total_bytes / 1e6,
        "page_bytes": pages[-1],
        "page_bytes_median": pages[len(pages) // 2],
        "index_bytes": _compressed(site / "index.html"),
    }


def update_inside(folder: Path, site: Path, source: Path) -> dict[str, float | int]:
    """Publish, record a later release of a few contests, and publish that; return what the second publication took.

    That is what `racecall watch --publish` does: one process that stays, and one beside it where there is a core.
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.recording import AddOptions, add_files
    from racecall.desk.republishing import Site
    from racecall.desk.workers import apart, cores

    with apart(niceness=0) as beside:
        kept = Site(folder=folder, out=site, beside=beside if cores() > 1 else None)
        kept.get_ready()
        kept.bring_up_to_date()
        list(add_files(open_folder(folder), [_of_a_few(source, folder.parent, more=1)], AddOptions(backfill=True)))
        started = time.perf_counter()
        done = kept.bring_up_to_date()
        seconds = time.perf_counter() - started
    assert done is not None, "there was something new"
    patches = sorted(_compressed(path) for path in (site / f"v/{done.version}").glob("*.json"))
    return {
        "seconds": seconds,
        "contests": len(done.changed),
        "files_written": done.written,
        "patch_bytes": patches[-1],
        "patch_bytes_median": patches[len(patches) // 2],
    }


def _of_a_few(source: Path, folder: Path, *, more: int) -> Path:
    """The last release as it would be some days later, with 40 of its contests and as many more votes for each candidate."""
    whole = json.loads(gzip.decompress(source.read_bytes()))
    contests = [contest for group in whole["Election"]["ContestGroups"] for contest in group["Contests"]][:TOUCHED]
    for contest in contests:
        for candidate in contest["Candidates"]:
            candidate["Votes"] += more
    whole["Election"]["ContestGroups"] = [{**whole["Election"]["ContestGroups"][0], "Contests": contests}]
    whole["Timestamp"] = f"2022-12-{5 + more:02}T17:00:00"
    made = folder / f"few-{more}.json"
    made.write_text(json.dumps(whole), encoding="utf-8")
    return made


def _compressed(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 6))


WHAT: Mapping[str, Callable[..., dict[str, Any]]] = {"all": all_inside, "update": update_inside}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](*(Path(name) for name in sys.argv[2:]))))
