"""What reading a document takes, measured in a process of its own: `python tests/resources.py FEED FILE [NAME]` says seconds and MB.

Polars, lxml and calamine take memory outside Python, so it is the process that is measured: its largest size while it reads, less its size
when everything is imported. Time is the processor's, not the clock's: a busy machine changes little.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1 << 20
MOST_MEMORY = 4096 * MEBIBYTE
"""Address space of the child: beyond it, it dies instead of the machine."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a reading took."""

    seconds: float
    megabytes: float
    answer: str


def measure(feed: str, name: str, data: bytes, folder: Path) -> Taken:
    """Read a document in a child process and return what it took."""
    path = folder / "document"
    path.write_bytes(data)
    command = [sys.executable, __file__, feed, str(path), name]
    environment = os.environ | {"POLARS_MAX_THREADS": "2"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    if ran.returncode:
        raise AssertionError(f"{feed}, {name}: {ran.stderr[-2000:]}")
    seconds, megabytes, answer = ran.stdout.strip().split(" ", 2)
    return Taken(float(seconds), float(megabytes), answer)


def _read(feed: str, path: Path, name: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    from dataclasses import replace

    from grown import WITH_TOTALS, grown
    from racecall.desk.plugins import load_feeds
    from racecall.errors import RacecallError
    from racecall.feeds import registry
    from racecall.feeds.text import unpack
    from racecall.testing import document
    from seeds import seeds

    seed, reader = seeds()[feed][0], registry.by_id(load_feeds(), feed)
    reader.parse(seed)  # everything that is imported on first use
    if feed in WITH_TOTALS:  # and the parts of Polars that only totals need: about 8 MB once, whatever the size
        reader.parse(document(*grown(feed, 0.01, WITH_TOTALS)))
    data = path.read_bytes()
    before, began = _size(), _seconds()
    try:
        item = replace(document(name, unpack(name, data)), companions=seed.companions)
        reader.sniff(item)
        answer = f"{len(reader.parse(item).releases)} releases"
    except RacecallError as error:
        answer = " ".join(f"{type(error).__name__} {error.problem}".split())
    seconds, megabytes = _seconds() - began, (_size("VmHWM") - before) / MEBIBYTE
    sys.stdout.write(f"{seconds:.3f} {max(megabytes, 0):.1f} {answer}\n")


def _seconds() -> float:
    """Return processor seconds of all threads."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _size(what: str = "VmRSS") -> int:
    """Return the size of this process [bytes], now or (VmHWM) at its largest; `getrusage` would begin with the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(f"{what}:"))


if __name__ == "__main__":
    _read(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
