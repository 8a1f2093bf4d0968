"""Start-up stays light: what a command does not need, it does not import. Times are measured in `benchmarks/startup.py`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commands import demo

PROGRAM = """
import json, sys
from racecall.cli.main import run
sys.argv = ["racecall", *sys.argv[1:]]
try:
    run()
except SystemExit as end:
    sys.stdout.flush()
    print(json.dumps([end.code or 0, sorted({name.partition(".")[0] for name in sys.modules})]), file=sys.stderr)
"""

HEAVY = {"polars", "numpy", "scipy", "sqlalchemy", "lxml", "urllib3", "alembic", "psycopg"}
DATABASE = {"sqlalchemy", "alembic", "psycopg"}


def started(*arguments: str) -> tuple[str, int, set[str]]:
    """Run a command in a fresh Python: what it printed, its exit code, and the libraries it loaded."""
    result = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False)
    assert result.stderr, "the command ended without SystemExit"
    last_line = result.stderr.splitlines()[-1]
    assert last_line.startswith("["), result.stderr
    code, loaded = json.loads(last_line)
    return result.stdout, code, set(loaded)


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["add", "--help"], ["rules", "--help"]])
def test_help_and_version_load_no_heavy_library(arguments: list[str]):
    """Whoever asks for help or the version does not wait for tables or a database."""
    printed, code, loaded = started(*arguments)

    assert (code, loaded & HEAVY) == (0, set()), printed


@pytest.mark.parametrize("words", [["status"], ["replay"], ["findings", "list"], ["verify"]])
def test_who_only_reads_loads_no_library_of_a_database(words: list[str]):
    """A ledger in the folder is read with the standard library."""
    printed, _, loaded = started(*words, str(demo()))

    assert loaded & DATABASE == set(), printed


@pytest.mark.parametrize("words", [["status"], ["replay"]])
def test_who_asks_for_json_waits_for_no_page(words: list[str]):
    """JSON takes nothing that draws tables and bars, and no command takes a second library that checks options."""
    printed, _, loaded = started(*words, str(demo()), "--json")

    assert printed.startswith("{")
    assert loaded & {"rich", "pydantic", "jinja2"} == set()


def test_the_version_is_the_package_version():
    """`racecall --version` names the version that is installed."""
    from racecall import __version__

    printed, _, _ = started("--version")

    assert printed.strip() == f"racecall {__version__}"
