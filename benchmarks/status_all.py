"""`status --json` over all 430 contests of Los Angeles County, with every release recorded."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.base import Figures, Place, python_module, racecall, require
from benchmarks.releases import CONTESTS, recorded_folder

RUNS = 5


def run(place: Place) -> Figures:
    """Time the work of `status` inside one process, libraries loaded, and the whole command from outside."""
    folder, _, _ = recorded_folder(place)
    inside = json.loads(python_module("benchmarks.status_all", folder, scratch=place.scratch).stdout)
    commands = [racecall("status", folder, "--json", scratch=place.scratch) for _ in range(RUNS)]
    contests = count_objects(commands[0].stdout)
    require(contests >= CONTESTS, f"status --json gave {contests} contests; the releases have {CONTESTS}")
    return {
        "seconds": statistics.median(inside),
        "seconds_slowest": max(inside),
        "command_seconds": statistics.median(one.seconds for one in commands),
        "contests": contests,
        "peak_mb": max(one.peak_mb for one in commands),
        "runs": RUNS,
        "measured": "after start-up, libraries loaded: folder opened, ledger and law read, all contests judged and written",
    }


def seconds_inside_the_process(folder: Path) -> Iterator[float]:
    """Do what `racecall status --json` does, again and again; yield the seconds each took. Nothing is kept between two runs."""
    from racecall.desk import packaged
    from racecall.desk.folder import open_folder
    from racecall.desk.judging import judge_folder
    from racecall.publish.status_json import status_object

    for _ in range(RUNS):
        packaged.rulebook.cache_clear()
        started = time.perf_counter()
        opened = open_folder(folder)
        view = judge_folder(opened, opened.ledger(), opened.store.clock())
        for contest in view.contests:
            json.dumps(status_object(contest, election=view.election.id, head=view.head), ensure_ascii=False)
        yield time.perf_counter() - started


def count_objects(text: str) -> int:
    """Return how many objects a command printed: JSON lines, one array, or one object with a list of contests."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return sum(1 for line in text.splitlines() if line.strip())
    listed = whole.get("contests", [whole]) if isinstance(whole, dict) else whole
    return len(listed)


if __name__ == "__main__":
    print(json.dumps(list(seconds_inside_the_process(Path(sys.argv[1])))))
