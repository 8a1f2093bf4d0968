"""`manifest.json`: what a published site says of itself, so that anybody can check it with `racecall verify` or without.

It lists every file with its hash, names the event of the ledger that the site rests on, and repeats the figures that are shown. The format
is on the page docs/verifying.md; the code that checks it is not this one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from racecall import __version__
from racecall.calls.view import ContestView, View
from racecall.ledger.events import Ledger, iso
from racecall.origin import sha256_hex
from racecall.publish.status_json import status_object

NAME = "manifest.json"
FORMAT = "manifest/1"


def manifest(view: View, ledger: Ledger, files: Mapping[str, bytes]) -> bytes:
    """Return the manifest of a site.

    Args:
        view: What the site shows.
        ledger: The record it was made from.
        files: Every file of the site but the manifest: path from its root, with slashes, and bytes.
    """
    return (json.dumps(manifest_object(view, ledger, files), ensure_ascii=False, indent=1) + "\n").encode()


def manifest_object(view: View, ledger: Ledger, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the manifest as plain JSON values."""
    hashes = {event.seq: event.hash for event in ledger}
    return {
        **header(view.election.id, view.as_of, view.head),
        "files": [file_entry(path, data) for path, data in sorted(files.items())],
        "contests": [contest_figures(contest, hashes) for contest in view.contests],
    }


def header(election: str, as_of: datetime, head: str) -> dict[str, Any]:
    """Return what a manifest begins with: its format, and what the site rests on."""
    return {"racecall": FORMAT, "version": __version__, "election": election, "as_of": iso(as_of), "ledger_head": head}


def file_entry(path: str, data: bytes) -> dict[str, Any]:
    """Return how a manifest lists a file."""
    return {"path": path, "sha256": sha256_hex(data), "size": len(data)}


def contest_figures(view: ContestView, hashes: Mapping[int, str]) -> dict[str, Any]:
    """Return the figures of a contest that a site shows.

    Args:
        view: What is shown of it; its moment may be earlier than the site's, if nothing became known since.
        hashes: Hashes of the ledger's events by number.
    """
    said = status_object(view, election="", head="")
    return {
        **_only(said, "contest", "as_of", "rule", "results_status", "votes_counted", "units_reported", "units_total"),
        "release": hashes[view.release.seq] if view.release else None,
        "options": [_only(option, "option", "votes") for option in said["options"]],
        "outstanding": _only(said["ballots_outstanding"], "low", "likely", "high", "bound", "official"),
        "slots": [_only(slot, "slot", "option", "state", "recommendation", "score", "threshold", "called") for slot in said["slots"]],
    }


def _only(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values[name] for name in names}
