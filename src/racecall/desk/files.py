"""Files that are written whole or not at all, and found again by their hash."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from racecall.errors import LedgerError, StorageError, UsageError
from racecall.feeds.text import Limits, refuse_large
from racecall.origin import sha256_hex


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a crash, sees all of it or nothing.

    Raises:
        StorageError: The disk is full or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise storage_error(error, path) from error


def _replace(path: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        _sync_folder(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make sure that the name is on disk as well: an event that names the file may be committed next."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage_error(error: OSError, path: Path) -> StorageError:
    """Say in words why the machine could not keep a file."""
    problem, next_step = REFUSALS.get(
        error.errno or 0, (f"cannot be written ({error.strerror or error}).", "Check the folder's permissions.")
    )
    return StorageError(problem, where=str(path), next_step=next_step)


FULL = "the disk is full; nothing was recorded, and what was recorded before is untouched."
AGAIN = "Free some space and run the same command again."
REFUSALS = {
    errno.ENOSPC: (FULL, AGAIN),
    errno.EDQUOT: ("your share of the disk is full; nothing was recorded, and what was recorded before is untouched.", AGAIN),
    errno.EFBIG: (
        "the machine allows no file this large here; nothing was recorded, and what was recorded before is untouched.",
        "Raise the limit (ulimit -f), or choose another disk, and run the same command again.",
    ),
    errno.EROFS: ("this disk can be read and not written; nothing was recorded.", "Copy the folder to another disk and work there."),
    errno.EIO: ("the disk failed to write; nothing was recorded.", "Look at the disk before anything else, and keep a copy of the folder."),
}
"""Why the machine kept a file from being written: in words, and what to do."""


def read_limited(path: Path, limits: Limits | None = None) -> bytes:
    """Read a file whose size is looked at first.

    Raises:
        UsageError: There is no such file.
        BrokenFile: It is larger than the limit.
    """
    try:
        refuse_large(str(path), path.stat().st_size, limits or Limits())
        return path.read_bytes()
    except IsADirectoryError as error:
        raise UsageError("this is a folder, not a file.", where=str(path), next_step="Name the files in it.") from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError("there is no such file.", where=str(path), next_step="Check the name.") from error
    except OSError as error:
        words = f"the file cannot be read ({error.strerror or error})."
        raise UsageError(words, where=str(path), next_step="Check its permissions and the disk it is on.") from error


def name_of(path: Path) -> str:
    """Return a file's name as text that can be written down: bytes that are not UTF-8 are replaced."""
    return os.fsencode(path.name).decode("utf-8", "replace")


class Files(Protocol):
    """Files named by their SHA-256, wherever they are kept."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their hash; nothing is written if they are kept already."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes, checked by `check_bytes`."""

    def __iter__(self) -> Iterator[str]:
        """Yield the hashes of all files kept here, sorted."""


def check_bytes(data: bytes | None, sha256: str, *, where: str) -> bytes:
    """Return the bytes that were kept under a hash, None if there are none any more.

    Raises:
        LedgerError: They are gone, or not what they were.
    """
    if data is None:
        raise LedgerError("the file is gone.", where=where, next_step="Restore it from a backup, then run racecall verify.")
    if sha256_hex(data) != sha256:
        raise LedgerError("the file was changed after it was kept.", where=where, next_step="Restore it, then run racecall verify.")
    return data


class HashedFiles:
    """A folder of files named by their SHA-256, two letters of it as a subfolder."""

    def __init__(self, folder: Path, suffix: str = "") -> None:
        self.folder = folder
        self.suffix = suffix

    def path(self, sha256: str) -> Path:
        """Return where a file with this hash is kept."""
        return self.folder / sha256[:2] / f"{sha256}{self.suffix}"

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their hash; nothing is written if they are kept already."""
        sha256 = sha256_hex(data)
        if not self.path(sha256).exists():
            write_whole(self.path(sha256), data)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes.

        Raises:
            LedgerError: They are gone, or not what they were.
        """
        path = self.path(sha256)
        return check_bytes(path.read_bytes() if path.exists() else None, sha256, where=str(path))

    def __iter__(self) -> Iterator[str]:
        """Yield the hashes of all files kept here, sorted."""
        if self.folder.is_dir():
            yield from sorted(path.name.removesuffix(self.suffix) for path in self.folder.glob("??/*") if not path.name.startswith("."))
