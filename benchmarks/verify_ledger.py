"""`verify` of a ledger of 1,000 releases: chain, files, totals, every release counted again from its bytes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.base import Figures, Place, python_module, racecall, require

if TYPE_CHECKING:
    from racecall.desk.folder import ElectionFolder
    from racecall.ledger.events import Draft

RELEASES = 1000
OPTIONS = {"MAYOR": ("ANN LEE", "BO NUNEZ", "CY ROE", "DI WEST"), "COUNCIL 1": ("ED POE", "FAY SUN", "GUS OAK"), "MEASURE A": ("YES", "NO")}
"""A few contests, as a city has them."""
START = datetime(2022, 11, 9, 5, tzinfo=UTC)
STEP = timedelta(minutes=20)


def run(place: Place) -> Figures:
    """Make the ledger, and time the command with and without a printed standing."""
    folder = place.scratch / "election"
    python_module("benchmarks.verify_ledger", folder, scratch=place.scratch)
    verified = racecall("verify", folder, "--json", scratch=place.scratch)
    said = json.loads(verified.stdout)
    require(said["recounted"] == RELEASES, f"{said['recounted']:,} releases were counted again; {RELEASES:,} were recorded")
    require(not said["problems"], f"verify found {said['problems'][:1]}")
    return {
        "seconds": verified.seconds,
        "peak_mb": verified.peak_mb,
        "releases": RELEASES,
        "events": said["events"],
        "captures": said["captures"],
        "contests": len(OPTIONS),
    }


def county_file(number: int) -> bytes:
    """Write the release of a number as Los Angeles County would: votes that grow, no two files alike."""
    contests = [
        {
            "Title": title,
            "Type": "Candidate",
            "Candidates": [{"Name": name, "Party": "", "Votes": 40 * number * (place + 1)} for place, name in enumerate(names)],
        }
        for title, names in OPTIONS.items()
    ]
    at = (START + number * STEP).isoformat()
    return json.dumps({"Election": {"ContestGroups": [{"Name": "All", "Contests": contests}]}, "Timestamp": at}).encode()


def make_ledger(folder: Path) -> None:
    """Record every release as `add` does, but in one transaction and without looking for what seems wrong."""
    from racecall.desk.drafting import draft_election
    from racecall.desk.folder import new_folder
    from racecall.desk.settings import render_election
    from racecall.feeds.la_county_json import LaCountyJsonFeed
    from racecall.testing import document

    first = document("first.json", county_file(1))
    reading = LaCountyJsonFeed().parse(first)
    drafted = draft_election(
        [reading], id_="bench", title="Bench", day=START.date(), timezone="America/Los_Angeles", rule="generic-top-two"
    )
    made = new_folder(folder, render_election(replace(drafted, polls_close=START)).encode(), at=START)
    with made.store.writing() as writing:
        writing.append(_drafts(made))


def _drafts(folder: ElectionFolder) -> Iterator[Draft]:
    from racecall.desk.recording import record_release
    from racecall.feeds.la_county_json import LaCountyJsonFeed
    from racecall.ledger.events import Draft, EventKind
    from racecall.ledger.records import Records, release_draft
    from racecall.testing import document

    for number in range(1, RELEASES + 1):
        data, at = county_file(number), START + number * STEP
        source = document(f"release-{number}.json", data, received_at=at, timezone="America/Los_Angeles")
        [release] = LaCountyJsonFeed().parse(source).releases
        recorded, _ = record_release(folder, release, Records(), at=at)
        body = {
            "sha256": folder.store.captures.put(data),
            "name": source.capture.name,
            "size": len(data),
            "feed": release.feed,
            "defines": False,
        }
        yield Draft(kind=EventKind.CAPTURE, at=at, body=body)
        yield release_draft(recorded, actor="bench")


if __name__ == "__main__":
    make_ledger(Path(sys.argv[1]))
