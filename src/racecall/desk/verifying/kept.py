"""Files kept by their hash: captures and count tables, and `election.toml` beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from racecall.desk.verifying.record import Record

PLACES = {"captures": "", "counts": ".parquet"}
"""Folder -> what its files end in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Files that events name, each by its hash, with the first event that needs it."""

    captures: dict[str, int]
    counts: dict[str, int]


def named_files(record: Record) -> Named:
    """Return every file that an event names."""
    found = Named(captures={}, counts={})
    for event in record.events:
        row = event.raw.get("row")  # a story of the record of coverage names its text
        if isinstance(row, dict) and row.get("capture"):
            found.captures.setdefault(str(row["capture"]), event.seq)
        tables = ("counts", "ballots") if event.kind == "release" else ()
        for keys, files in ((("sha256", "settings", "capture"), found.captures), (tables, found.counts)):
            for sha256 in filter(None, (event.raw.get(key) for key in keys)):
                files.setdefault(str(sha256), event.seq)
    return found


def kept_bytes(path: Path, folder: str, sha256: str) -> bytes | None:
    """Return the bytes kept under a hash, None if there are none. A ledger that keeps files elsewhere reads them here."""
    file = file_of(path, folder, sha256)
    return file.read_bytes() if file.is_file() else None


def file_of(path: Path, folder: str, sha256: str) -> Path:
    """Return where a file is kept."""
    return path / folder / sha256[:2] / f"{sha256}{PLACES[folder]}"


def file_problems(path: Path, folder: str, named: dict[str, int]) -> Iterator[str]:
    """Hash every file that is named; say which differ, and which are gone."""
    for sha256, seq in named.items():
        file = file_of(path, folder, sha256)
        if not file.is_file():
            yield f"{folder}/{file.name} is gone; event {seq} needs it."
        elif hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
            yield f"{folder}/{file.name} was changed after it was kept; event {seq} needs it."


def settings_problems(path: Path) -> Iterator[str]:
    """Say that `election.toml` is gone."""
    if not (path / "election.toml").is_file():
        yield "election.toml is gone; a copy is among the captures."


def settings_notes(path: Path, record: Record) -> Iterator[str]:
    """Say that `election.toml` was edited: people are meant to, so it is no damage."""
    file = path / "election.toml"
    recorded = [event.body.settings for event in record.of_kind("opened") if event.body.settings]
    if recorded and file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() != recorded[-1]:
        yield "election.toml is not as it was recorded last. If you edited it, the next racecall add records the change."


def unrecorded(path: Path, named: Collection[str]) -> Iterator[str]:
    """Yield the files that no event names."""
    for folder, suffix in PLACES.items():
        for file in sorted((path / folder).glob("??/*")):
            if file.name.removesuffix(suffix) not in named:
                yield f"{folder}/{file.parent.name}/{file.name}"
