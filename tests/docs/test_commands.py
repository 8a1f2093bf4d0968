"""The pages of the commands show what the program prints, and name everything that its JSON holds."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest

from commands import racecall
from console import differences, files_in, shown_in, trimmed

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "commands"
STATUS_JSON = ROOT / "src" / "racecall" / "publish" / "status_json.py"

NAMES = sorted(path.stem for path in PAGES.glob("*.md"))
"""Every command that has a page."""
NEED_ARCHIVES = {"backtest", "calibrate"}
"""Commands that work on archived elections, which a fresh clone does not have; what they print has tests of its own."""


def page(name: str) -> str:
    """Return the page of a command."""
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def typed(command: str, folder: Path) -> tuple[int, str]:
    """Run a racecall command in a folder, in this process: there are many of them."""
    with chdir(folder):
        ran = racecall(*shlex.split(command)[1:])
    return ran.code, ran.out + ran.err


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the demo was made once."""
    folder = tmp_path_factory.mktemp("made")
    typed("racecall demo --out demo", folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A folder of one's own with the demo in it."""
    shutil.copytree(made / "demo", tmp_path / "demo")
    return tmp_path


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_what_the_program_prints(name: str, folder: Path):
    """Every command on a page ends as shown and prints what is shown, in a folder in which the demo was made."""
    assert "\n".join(differences(page(name), folder, typed)) == ""


@pytest.mark.parametrize("name", sorted({*NAMES} - NEED_ARCHIVES))
def test_the_page_has_an_example_with_its_output(name: str):
    """A reader sees what comes back before typing anything."""
    shown = [shown for shown in shown_in(page(name)) if shown.command.split()[1] == name and trimmed(shown.output)]

    assert shown != []


# -- JSON ----------------------------------------------------------------------------------------------------------------------------


def documented(text: str) -> set[str]:
    """Return the names that a page explains: code at the beginning of a row of a table, several apart by commas."""
    cells = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|", text, flags=re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def names_in(value: Any) -> Iterator[str]:
    """Yield the names in a JSON value; those of findings and of the place they were found at are on the page of `status`."""
    if isinstance(value, list):
        for item in value:
            yield from names_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from names_in([] if name in {"findings", "origin"} else item)


def test_every_name_of_the_status_is_explained():
    """What `status --json` writes, docs/commands/status.md explains; the names are read from the source, so that none is missed."""
    tree = ast.parse(STATUS_JSON.read_text(encoding="utf-8"))
    keys = (key for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys)
    written = {str(key.value) for key in keys if isinstance(key, ast.Constant)}

    assert sorted(written - documented(page("status"))) == []


@pytest.mark.parametrize(
    "command",
    [
        "racecall add demo/election night.csv --published-at 2017-06-06T22:55 --json",
        "racecall call list demo/election --json",
        "racecall findings list demo/election --all --json",
        "racecall feed check night.csv --json",
        "racecall feed list --json",
        "racecall rules list --place California --json",
        "racecall verify demo/election --json",
    ],
)
def test_every_name_of_the_other_commands_is_explained(command: str, folder: Path):
    """What a command writes with --json, its page explains; findings look the same everywhere."""
    (folder / "night.csv").write_text(files_in(page("add"))["night.csv"], encoding="utf-8")
    _, printed = typed(command, folder)
    written = {name for line in printed.splitlines() for name in names_in(json.loads(line))}

    assert sorted(written - documented(page(command.split()[1])) - documented(page("status"))) == []
