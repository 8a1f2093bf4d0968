"""A published site against its own list, `manifest.json` (docs/verifying.md, "The manifest"), and its figures against a record."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import msgspec

from racecall.desk.verifying.claims import Claim, read_claims
from racecall.desk.verifying.fetch import Address
from racecall.desk.verifying.folder import verify_folder
from racecall.desk.verifying.record import Event, read_record
from racecall.desk.verifying.result import Verified
from racecall.errors import BrokenFile, NotAnElection, SourceError

NAME = "manifest.json"
FORMAT = "manifest/1"
MOST_MANIFEST = 64 << 20
"""A manifest is not larger than this [bytes]."""
MOST_FILE = 1 << 30
"""Nor is a file of a site."""
FIGURES = (".json", ".jsonl")
"""Files in which a standing may be printed, beside the manifest."""


class File(msgspec.Struct, frozen=True):
    """A file of the site: where, its hash, how long [bytes]."""

    path: str
    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """What a site says of itself."""

    racecall: str
    version: str
    election: str
    as_of: datetime
    ledger_head: str
    files: list[File]
    contests: list[dict[str, Any]]

    @property
    def claims(self) -> list[Claim]:
        """The figures that the site shows, each with its moment: its own, or the site's."""
        return [{"as_of": self.as_of.isoformat(), **contest, "election": self.election} for contest in self.contests]


class Site(Protocol):
    """Where the files of a site are."""

    def get(self, path: str, most: int) -> bytes:
        """Return a file of at most so many bytes; `SourceError` if it cannot be had."""
        ...

    def others(self, listed: set[str]) -> Iterator[str]:
        """Yield the files that are there and not listed, as far as that can be seen."""
        ...


class FolderSite:
    """A site in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, path: str, most: int) -> bytes:
        """Return a file's bytes, one more than `most` at the most."""
        file = self.folder / path
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise SourceError("it lies outside the site.", where=path)
        try:
            with file.open("rb") as stream:
                return stream.read(most + 1)
        except OSError as error:
            raise SourceError(f"{(error.strerror or str(error)).lower()}.", where=path) from error

    def others(self, listed: set[str]) -> Iterator[str]:
        """Yield the files that are not listed."""
        for file in sorted(self.folder.rglob("*")):
            path = file.relative_to(self.folder).as_posix()
            if file.is_file() and path != NAME and path not in listed:
                yield path


def is_site(target: str) -> bool:
    """Whether this is a published site, and not an election folder."""
    folder = Path(target)
    return is_address(target) or ((folder / NAME).is_file() and not (folder / "ledger.db").is_file())


def is_address(target: str) -> bool:
    """Whether this is an address."""
    return target.startswith(("http://", "https://"))


def verify_site(target: str, ledger: Path | None = None) -> Verified:
    """Check every file of a site against its manifest and, with a ledger, every figure against the record.

    Args:
        target: A folder or an address.
        ledger: The election folder it was made from, None to check the files alone.

    Raises:
        SourceError: The manifest cannot be had, or is none.
    """
    site: Site = Address(target) if is_address(target) else FolderSite(Path(target))
    manifest = _manifest(site, target)
    problems, printed = _files(site, manifest)
    if ledger is None:
        notes = ("its figures were not compared with a record: name one with --ledger.",)
        return Verified(files=len(manifest.files), head=manifest.ledger_head, differences=tuple(problems), not_recomputed=notes)
    if not ledger.is_dir():
        raise NotAnElection("there is no such folder.", where=str(ledger), next_step="Name the election's folder.")
    found = verify_folder(ledger, [*manifest.claims, *printed])
    problems += _head_problems(manifest, read_record(ledger).events)
    return replace(found, files=len(manifest.files), differences=(*problems, *found.differences))


def _manifest(site: Site, target: str) -> Manifest:
    data = site.get(NAME, MOST_MANIFEST)
    try:
        made = msgspec.json.decode(data, type=Manifest)
    except msgspec.DecodeError as error:
        raise BrokenFile(
            f"the manifest is not as expected: {error}.", where=target, next_step="Compare it with docs/verifying.md."
        ) from error
    if made.racecall != FORMAT or made.as_of.tzinfo is None:
        raise BrokenFile(f'its format is "{made.racecall}"; "{FORMAT}" was expected.', where=target, next_step="Use a newer racecall.")
    return made


def _files(site: Site, manifest: Manifest) -> tuple[list[str], list[Claim]]:
    """Hash every file; return what is wrong, and the standings that are printed in them."""
    problems: list[str] = []
    claims: list[Claim] = []
    paths = [file.path for file in manifest.files]
    problems += [f"{path} is listed twice in the manifest." for path in sorted(set(paths)) if paths.count(path) > 1]
    for file in manifest.files:
        try:
            data = _checked(site, file)
        except SourceError as error:
            problems.append(f"{file.path}: {error.problem}")
            continue
        claims += _printed(file.path, data)
    problems += [f"{path} is not in the manifest." for path in site.others(set(paths))]
    return problems, claims


def _checked(site: Site, file: File) -> bytes:
    path = PurePosixPath(file.path)
    if not is_plain(file.path) or path.is_absolute() or ".." in path.parts or not 0 <= file.size <= MOST_FILE:
        raise SourceError("the manifest names a file that no site can have.")
    data = site.get(file.path, file.size)
    if len(data) != file.size:
        longer = "longer" if len(data) > file.size else "shorter"
        raise SourceError(f"it is {longer} than the {file.size:,} bytes that were published.")
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise SourceError("it was changed after it was published.")
    return data


def is_plain(path: str) -> bool:
    """Whether a path is the same in a folder and in an address."""
    return bool(path) and path.isprintable() and not set(path) & set('\\?#%:*"<>|') and path == str(PurePosixPath(path))


def _printed(path: str, data: bytes) -> list[Claim]:
    if not path.endswith(FIGURES):
        return []
    try:
        return read_claims(data, path)
    except BrokenFile:  # another kind of JSON, a map for instance
        return []


def _head_problems(manifest: Manifest, events: tuple[Event, ...]) -> Iterator[str]:
    """The site rests on an event of this record: the last that was known at its moment."""
    as_of = manifest.as_of.astimezone(UTC)
    known = [event.hash for event in events if event.at <= as_of]
    if manifest.ledger_head != (known[-1] if known else "0" * 64):
        where = "an earlier or later moment of it" if manifest.ledger_head in {event.hash for event in events} else "another record"
        yield f"the site was not made from this record as of {manifest.as_of.isoformat()}, but from {where}."
