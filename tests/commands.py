"""Runs `racecall` as a user does: words in, an exit code and two streams out.

`racecall` runs the command in this process, through `racecall.cli.main.run`, which turns errors into words and exit codes; `started` runs
it in a process of its own, for what only a process can show: limits, signals, a real terminal's absence.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from typer.testing import CliRunner

from databases import rows_of
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


# -- what the commands are run on ----------------------------------------------------------------------------------------------------

Votes = Mapping[str, Mapping[str, int | str | float | None]]
"""Votes by option by contest."""

NIGHT: Votes = {
    "MAYOR": {"ANN LEE": 600, "BO NÚÑEZ": 350, "CY ROE": 150},
    "MEASURE A": {"YES": 520, "NO": 430},
}
"""A county's first count: two contests."""

LATER: Votes = {
    "MAYOR": {"ANN LEE": 800, "BO NÚÑEZ": 700, "CY ROE": 200},
    "MEASURE A": {"YES": 700, "NO": 690},
}
"""Its next count."""


def county_json(votes: Votes = NIGHT, at: str = "2022-11-08T21:00:00") -> bytes:
    """Write votes as Los Angeles County's results JSON."""
    contests = [
        {
            "AdditionalText": "",
            "Candidates": [{"Name": name, "Party": "Non Partisan", "Votes": number} for name, number in options.items()],
            "MeasurePassRate": "",
            "MeasureText": "",
            "Title": title,
            "Type": "Measure" if set(options) == {"YES", "NO"} else "Candidate",
            "VoteFor": "",
        }
        for title, options in votes.items()
    ]
    group = {"Contests": contests, "Name": "All"}
    election = {"ContestGroups": [group], "Date": "2022-11-08T00:00:00-08:00", "ID": 1, "Title": "General Election"}
    return json.dumps({"Election": election, "Timestamp": at}, ensure_ascii=False).encode()


def table(*rows: str, header: str = "contest,unit,count_type,option,votes") -> str:
    """Write rows as our plain CSV."""
    return "\n".join((header, *rows)) + "\n"


def file(folder: Path, name: str, content: bytes | str) -> Path:
    """Write a file and return where it is."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


LEDGER: tuple[str, ...] = ()
"""Options that say where the ledger of an election lies; set by the fixtures in `conftest.py`."""


def election(folder: Path, votes: Votes = NIGHT, *options: object) -> Path:
    """Make an election from a county's first count, which is not recorded yet, and return its folder."""
    source = file(folder, "night.json", county_json(votes))
    ran = racecall("new", folder / "election", "--from", source, "--date", "2022-11-08", *LEDGER, *options)
    assert ran.code == FINE, ran.err
    return folder / "election"


def recorded(folder: Path, votes: Votes = NIGHT) -> Path:
    """Make an election with a county's first count recorded at its time, and return its folder."""
    made = election(folder, votes)
    ran = racecall("add", made, folder / "night.json", "--backfill")
    assert ran.code == FINE, ran.err
    return made


def status(folder: Path, contest: str = "mayor", *options: object) -> Any:
    """Return one contest of `racecall status --json`."""
    return racecall("status", folder, "--contest", contest, "--json", *options).json


def votes_of(state: Any) -> dict[str, int]:
    """Return the votes by option id in a status object."""
    return {option["option"]: option["votes"] for option in state["options"] if option["votes"] is not None}


def events(folder: Path) -> list[dict[str, Any]]:
    """Read the ledger as a stranger would: with the database's own driver and `json`."""
    return [{**row, "body": json.loads(row["body"])} for row in rows_of(folder)]


def files_of(folder: Path) -> dict[str, str]:
    """Return the hash of every file of an election folder but the ledger's, by name."""
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith("ledger.db")]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in names}


@cache
def demo() -> Path:
    """Make the demo once for all tests, and return its election folder: to be read, or copied and changed."""
    out = Path(mkdtemp(prefix="racecall-demo-"))
    atexit.register(shutil.rmtree, out, ignore_errors=True)
    ran = racecall("demo", "--out", out)
    assert ran.code == FINE, ran.err
    (out / "page.txt").write_text(ran.out, encoding="utf-8")
    return out / "election"
