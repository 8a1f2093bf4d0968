"""What a benchmark is, and how a command is timed and its memory read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RACECALL = Path(sys.executable).with_name("racecall")

FINE = (0, 1)
"""Exit codes of a command that did its work: 1 means that it found something."""

CRASH = "Traceback (most recent call last)"
"""Python ends with exit code 1 too when a program breaks: that is no finding."""

Figures = Mapping[str, float | int | str]


class DataAbsent(Exception):
    """The data set that a benchmark reads is not on this machine."""


class CommandFailed(Exception):
    """A command did not do its work."""


def require(done: bool, what: str) -> None:
    """Stop the benchmark if the work that was timed was not done.

    Raises:
        CommandFailed: With what was expected.
    """
    if not done:
        raise CommandFailed(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A promise about one figure.

    Args:
        figure: Name of the figure.
        below: It must be less than this, in the unit of its name (`seconds`, `peak_mb`: 10^6 bytes).
    """

    figure: str
    below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a benchmark works.

    Args:
        scratch: An empty folder of its own.
        shared: The data set beside the checkout.
    """

    scratch: Path
    shared: Path

    def data(self, name: str) -> Path:
        """Return a file or folder of the data set.

        Raises:
            DataAbsent: It is not there.
        """
        path = self.shared / name
        if not path.exists():
            raise DataAbsent(f"needs {name} of the shared data set, which is not in {self.shared}")
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """One entry of the registry.

    Args:
        name: Short name.
        what: What is measured, for people.
        bounds: What was promised.
        run: Measures and returns the figures.
    """

    name: str
    what: str
    bounds: tuple[Bound, ...]
    run: Callable[[Place], Figures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one command took.

    Args:
        seconds: Wall clock, from start to exit [s].
        peak_mb: Largest resident set of the process and its children [10^6 bytes].
        stdout: What it printed.
    """

    seconds: float
    peak_mb: float
    stdout: str


def racecall(*arguments: str | Path, scratch: Path) -> Run:
    """Run the `racecall` command as a user would.

    Raises:
        CommandFailed: It ended with anything but 0 or 1.
    """
    if not RACECALL.exists():
        raise CommandFailed(f"there is no racecall command beside {sys.executable}: run `make setup`")
    return measure([str(RACECALL), *map(str, arguments)], scratch=scratch)


def python_module(module: str, *arguments: str | Path, scratch: Path) -> Run:
    """Run a module of this checkout in a fresh Python."""
    return measure([sys.executable, "-m", module, *map(str, arguments)], scratch=scratch, cwd=ROOT)


def measure(command: Sequence[str], *, scratch: Path, cwd: Path | None = None) -> Run:
    """Run a command in a process of its own and return what it took.

    A child inherits the memory peak of the process that starts it (Linux keeps it over `exec`), so nothing heavy may be imported here:
    whatever needs tables runs in a child too.
    """
    said, complained = scratch / ".stdout", scratch / ".stderr"
    with said.open("wb") as out, complained.open("wb") as err:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd or scratch, env=_environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    complaint = complained.read_text(errors="replace")
    if process.returncode not in FINE or CRASH in complaint:
        raise CommandFailed(_failure(command, process.returncode, complaint))
    return Run(seconds=seconds, peak_mb=_megabytes(usage.ru_maxrss), stdout=said.read_text(errors="replace"))


def _environment() -> dict[str, str]:
    """Let Python keep what it compiled, as it does for a user: without that every run compiles the whole checkout again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _failure(command: Sequence[str], code: int, complaint: str) -> str:
    shown = " ".join([Path(command[0]).name, *command[1:6]]) + (" ..." if len(command) > 6 else "")
    return f"`{shown}` ended with exit code {code}: {complaint.strip()[-600:] or 'it said nothing'}"


def _megabytes(maxrss: int) -> float:
    """Linux gives the peak in units of 1,024 bytes, macOS in bytes (getrusage(2))."""
    return maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
