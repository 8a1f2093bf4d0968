"""What is done stays done: finished pieces of long work in a file, so that a run that was killed goes on and gives the same bytes.

The file is JSON lines, one finished piece a line. The key of a piece is a hash of everything its result depends on: the code, the archives,
the calibration, the settings and its contests. A line with another key is not used; the last line of a killed run may be torn and is not
used either.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from racecall.errors import UsageError


@cache
def code_sha256() -> str:
    """Hash the program: names and bytes of its Python files, in order of name."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for file in sorted(root.rglob("*.py")):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def key_of(**parts: Any) -> str:
    """Return the key of a piece: a hash of all it depends on."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def read_finished(path: Path | None) -> Mapping[str, str]:
    """Return what is finished: the JSON text of each result by key; nothing if there is no file yet.

    Raises:
        UsageError: The file is not one of finished work. It is left as it is.
    """
    if path is None or not path.is_file():
        return {}
    lines = path.read_bytes().split(b"\n")
    torn = lines.pop()  # empty where the last line was written whole
    rows = [_row(line, path) for line in lines if line]
    if torn and not rows:
        _row(torn, path)
    return {row["key"]: row["result"] for row in rows}


def _row(line: bytes, path: Path) -> Mapping[str, str]:
    try:
        row = json.loads(line)
        return {"key": row["key"], "result": row["result"]}
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "not a file of finished work, so nothing is written to it.",
            where=str(path),
            next_step="Give --resume another file, or a new name.",
        ) from error


def keep_finished(path: Path | None, key: str, result: str) -> None:
    """Write a finished piece to the end of the file, and to the disk; a torn line of a killed run is closed first."""
    if path is None:
        return
    with path.open("a+b") as file:
        end = file.seek(0, os.SEEK_END)
        file.seek(max(end - 1, 0))
        if end and file.read(1) != b"\n":
            file.truncate(_last_line_end(path))
        file.write(json.dumps({"key": key, "result": result}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _last_line_end(path: Path) -> int:
    return path.read_bytes().rfind(b"\n") + 1
