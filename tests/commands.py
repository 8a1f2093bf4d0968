"""Runs `racecall` as a user does: words in, an exit code and two streams out.

`racecall` runs the command in this process, through `racecall.cli.main.run`, which turns errors into words and exit codes; `started` runs
it in a process of its own, for what only a process can show: limits, signals, a real terminal's absence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from racecall.cli.main import run

PLAIN = {"NO_COLOR": "1", "COLUMNS": "110", "FORCE_COLOR": None, "TTY_INTERACTIVE": None, "PYTHONIOENCODING": "utf-8"}
"""Surroundings in which the words are the same on every machine."""
FINE, FINDINGS, USAGE, BROKEN = 0, 1, 2, 3
"""Exit codes."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind.

    Args:
        code: Exit code.
        out: What it printed.
        err: What it printed to stderr.
    """

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value it printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The JSON values it printed, one a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def words(self) -> str:
        """What it printed, with the line breaks of the terminal undone."""
        return " ".join(self.out.split())


def racecall(*arguments: object) -> Ran:
    """Run a command in this process."""
    with CliRunner(env=PLAIN).isolation() as (out, err, _):
        code = _ended([str(argument) for argument in arguments])
        sys.stdout.flush()
        sys.stderr.flush()
        return Ran(code, out.getvalue().decode(), err.getvalue().decode())


def _ended(arguments: list[str]) -> int:
    try:
        run(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def command(*arguments: object) -> list[str]:
    """Return the words that start a command in a process of its own."""
    return [sys.executable, "-m", "racecall", *(str(argument) for argument in arguments)]


def surroundings() -> dict[str, str]:
    """Return this process's environment with `PLAIN` laid over it."""
    changed = {**os.environ, **PLAIN}
    return {key: value for key, value in changed.items() if value is not None}


def started(*arguments: object, before: Callable[[], None] | None = None) -> Ran:
    """Run a command in a process of its own; `before` runs in it first, to set limits."""
    done = subprocess.run(command(*arguments), capture_output=True, check=False, env=surroundings(), preexec_fn=before, timeout=120)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
