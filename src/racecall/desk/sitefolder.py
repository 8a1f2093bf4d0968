"""A published site on disk: what it says of itself, one writer at a time, and files that readers see whole.

What was published is known from `manifest.json` alone, which is written last. Files are written beside their places and moved into place
in order: data, pages, pointers. A process that is killed leaves a site in which every file is the old or the new one and every pointer
leads to a patch that is there; the next one writes what is missing and removes what nobody lists.

Only the manifest waits for the disk. A machine that loses its power may lose the last files of a site, or their ends. All of them can be
made again, so the next publication looks at the size of every file (`SiteFolder.damaged`) and makes those anew.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from racecall.desk.files import storage_error
from racecall.errors import UsageError
from racecall.publish.manifest import NAME, file_entry

OURS = ("c", "v", "embed", "card", "coverage", "feeds", "static")
"""Folders, of the site and of each language's, in which every file is ours: what no manifest lists there is left over from a killed run."""


class Entry(msgspec.Struct, frozen=True):
    """A file as the manifest lists it."""

    path: str
    sha256: str
    size: int


class ContestState(msgspec.Struct, frozen=True):
    """What is published of a contest.

    Args:
        version: The site's version at which it changed last: what its page and its pointer say.
        key: Hash of all that its page rests on.
        at: The same for each of its as-of pages, by the number of the release.
        held: Findings that keep later counts off the page.
    """

    version: int
    key: str
    at: dict[str, str] = {}
    held: tuple[str, ...] = ()


class SiteState(msgspec.Struct, frozen=True):
    """What is published: the version, and each contest's.

    Args:
        version: Number of the last publication that changed something.
        contests: By contest id.
        coverage: Hash of all that the pages beside the count rest on, "" if there are none.
    """

    version: int
    contests: dict[str, ContestState]
    coverage: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A site's manifest, as far as the next publication needs it."""

    election: str
    as_of: str
    files: list[Entry]
    contests: list[dict[str, Any]]
    site: SiteState = SiteState(0, {})


class SiteFolder:
    """The folder of a site."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def kept(self, election: str) -> Kept | None:
        """Return what is published here, None if nothing is.

        Raises:
            UsageError: Something else is in the folder, or another election's site.
        """
        self.check()
        if not self._is_published():
            return None
        kept = self._read()
        if kept.election != election:
            raise UsageError(
                f'this is the site of another election, "{kept.election}".', where=str(self.path), next_step="Name another folder."
            )
        return kept

    def check(self) -> None:
        """Look whether a site may lie here, without reading what is published.

        Raises:
            UsageError: Something else is in the folder.
        """
        if self.path.exists() and not self._is_published() and not self._is_begun():
            raise UsageError(
                "there is something here that is not a published site.",
                where=str(self.path),
                next_step="Name an empty or a new folder.",
            )

    def _is_published(self) -> bool:
        return (self.path / NAME).is_file()

    def _is_begun(self) -> bool:
        """Whether the folder is empty, or was left by a first publication that was killed: its data goes first."""
        return self.path.is_dir() and (not any(self.path.iterdir()) or (self.path / "v" / "1").is_dir())

    def _read(self) -> Kept:
        try:
            return msgspec.json.decode((self.path / NAME).read_bytes(), type=Kept)
        except msgspec.DecodeError as error:
            raise UsageError(
                f"the manifest is not one that racecall wrote ({error}).", where=str(self.path / NAME), next_step="Publish to a new folder."
            ) from error

    def damaged(self, files: Iterable[Entry]) -> frozenset[str]:
        """Return the files that are gone or have another size than was published: a power failure leaves such, or a careless hand."""
        root = f"{self.path}/"
        return frozenset(file.path for file in files if _size(root + file.path) != file.size)

    def last_version(self) -> int:
        """Return the highest version that anything was written for, also by a run that was killed: no number is used twice."""
        found = (int(folder.name) for folder in (self.path / "v").glob("*") if folder.name.isdecimal())
        return max(found, default=0)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let one process at a time publish here.

        Raises:
            UsageError: Another one is at it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDONLY)
        try:
            _lock(handle, self.path)
            yield
        finally:
            os.close(handle)

    def write(self, files: Mapping[str, bytes]) -> tuple[list[Entry], set[str]]:
        """Write files in their order, those that are there already left alone; return how the manifest lists them, and which were new."""
        root = str(self.path)
        new = {path: data for path, data in files.items() if not _holds(f"{root}/{path}", data)}
        write_together({f"{root}/{path}": data for path, data in new.items()})
        return [Entry(**file_entry(path, data)) for path, data in files.items()], set(new)

    def write_manifest(self, data: bytes) -> None:
        """Write what everything else is held against."""
        write_together({f"{self.path}/{NAME}": data}, surely=True)

    def sweep(self, listed: Iterable[str], languages: Iterable[str]) -> None:
        """Remove what a killed run left: files in our folders that nobody lists."""
        kept = set(listed)
        for folder in (*OURS, *(f"{language}/{name}" for language in languages for name in OURS)):
            self.remove(
                path for file in (self.path / folder).rglob("*") if (path := _below(file, self.path)) not in kept and file.is_file()
            )
        for file in self.path.glob(".writing-*"):
            file.unlink(missing_ok=True)

    def remove(self, paths: Iterable[str]) -> None:
        """Remove files that are published no longer."""
        for path in list(paths):
            (self.path / path).unlink(missing_ok=True)


def _below(file: Path, folder: Path) -> str:
    return file.relative_to(folder).as_posix()


def _lock(handle: int, path: Path) -> None:
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows has no such lock; two publishers there are told apart by nobody
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise UsageError("another process is publishing here.", where=str(path), next_step="Wait until it is done.") from error


# No `Path` is made of a site's files: twelve thousand are looked at, and to make one takes longer than to write a page.


def _size(path: str) -> int:
    """Return a file's size, -1 if there is none."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 -- see above
    except OSError:
        return -1


def _holds(path: str, data: bytes) -> bool:
    """Whether a file has these bytes already."""
    if _size(path) != len(data):
        return False
    with open(path, "rb") as file:  # noqa: PTH123 -- see above
        return file.read() == data


def write_together(files: Mapping[str, bytes], *, surely: bool = False) -> None:
    """Write files beside their places, and move them into place in order when all of them are written.

    Args:
        files: Bytes by path.
        surely: Whether to wait until they are on the disk, which for a file takes longer than to render it.

    Raises:
        StorageError: The disk is full or a folder cannot be written; files that were in place by then stay.
    """
    waiting: deque[tuple[str, str]] = deque()
    try:
        for folder in {os.path.dirname(path) for path in files}:  # noqa: PTH120 -- see above
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 -- see above
        for path, data in files.items():
            waiting.append((_beside(path, data, surely=surely), path))
        while waiting:
            os.replace(*waiting[0])  # noqa: PTH105 -- see above
            waiting.popleft()
    except OSError as error:
        raise storage_error(error, Path(str(error.filename or next(iter(files))))) from error
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)


def _beside(path: str, data: bytes, *, surely: bool) -> str:
    """Write a file beside its place; nobody else writes there, so its name needs no chance."""
    folder, _, name = path.rpartition("/")
    temporary = f"{folder}/.writing-{name}"
    file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), READABLE)
    try:
        os.fchmod(file, READABLE)
        rest = memoryview(data)
        while rest:  # a disk that is nearly full takes less than it is given, and says so the next time
            rest = rest[os.write(file, rest) :]
        if surely:
            os.fsync(file)  # its own file alone: one sync of the whole machine waits for everybody else's
    finally:
        os.close(file)
    return temporary


READABLE = 0o644
"""A web server of another user reads it, whatever the publisher's umask."""
