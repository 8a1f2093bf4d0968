"""What README.md shows is what the program prints.

Blocks marked ``console`` whose first line starts with ``$ racecall`` are run in an empty folder, in the order they stand, and their output
is compared. ``...`` stands for anything, across lines too. A command is expected to end with 0 or 1 unless the line says
``# exit code 3``. Other blocks, and other commands, are left alone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "README.md"

BLOCK = re.compile(r"^```console\n(?P<text>\$ racecall.*?)^```$", flags=re.DOTALL | re.MULTILINE)
EXIT_CODE = re.compile(r"\s+# exit code (?P<code>\d)\s*$")
PROGRAM = "import sys; from racecall.cli.main import run; sys.argv[0] = 'racecall'; run()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A command as a document shows it.

    Args:
        command: What is typed, without the prompt.
        output: What is shown under it.
        codes: Exit codes that are fine.
    """

    command: str
    output: str
    codes: tuple[int, ...]

    def matches(self, printed: str) -> bool:
        """Whether the output is what is shown; spaces at the ends of lines do not count."""
        parts = [re.escape(part) for part in _trimmed(self.output).split("...")]
        return re.fullmatch(".*".join(parts), _trimmed(printed), flags=re.DOTALL) is not None


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def shown_in(document: str) -> Iterator[Shown]:
    """Yield every racecall command that a document shows, in order."""
    for block in BLOCK.finditer(document):
        for entry in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            line, _, output = entry.partition("\n")
            code = EXIT_CODE.search(line)
            yield Shown(command=EXIT_CODE.sub("", line), output=output, codes=(int(code["code"]),) if code else (0, 1))


def typed(command: str, folder: Path) -> tuple[int, str]:
    """Run a racecall command as a reader would, in a terminal of 100 columns without colours."""
    words = shlex.split(command)
    assert words[0] == "racecall", f"only racecall commands are run, not {words[0]!r}"
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    result = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words[1:]],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return result.returncode, result.stdout + result.stderr


# -- README --------------------------------------------------------------------------------------------------------------------------


def test_readme_shows_what_the_program_prints(tmp_path: Path):
    """Every racecall command in README.md ends as shown and prints what is shown."""
    wrong = []
    for shown in shown_in(README.read_text(encoding="utf-8")):
        code, printed = typed(shown.command, tmp_path)
        if code not in shown.codes or not shown.matches(printed):
            wrong.append(f"$ {shown.command}\nended with {code} and printed:\n{printed}\nREADME shows:\n{shown.output}")

    assert "\n".join(wrong) == ""


def test_readme_shows_a_command_with_its_output():
    """The first screen has one command and what it really prints."""
    first_screen = "\n".join(README.read_text(encoding="utf-8").splitlines()[:60])

    assert [shown.command.split()[1] for shown in shown_in(first_screen) if _trimmed(shown.output)][:1] == ["demo"]


# -- that the runner above reads a document as it should -----------------------------------------------------------------------------


def test_commands_and_outputs_are_told_apart():
    """A block may hold several commands; each keeps the lines under it."""
    document = "```console\n$ racecall a\none\ntwo\n$ racecall b --c  # exit code 3\nthree\n```\n```console\n$ make demo\n```\n"

    assert list(shown_in(document)) == [
        Shown(command="racecall a", output="one\ntwo\n", codes=(0, 1)),
        Shown(command="racecall b --c", output="three\n", codes=(3,)),
    ]


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("Gomez 28.1%\n", "Gomez 28.1%  \n", True),
        ("Gomez ...\nCabildo 9.6%\n", "Gomez 28.1%\nAhn 19.0%\nCabildo 9.6%\n", True),
        ("Gomez 28.1%\n", "Gomez 28.2%\n", False),
        ("Gomez\n", "Gomez\nAhn\n", False),
    ],
)
def test_three_dots_stand_for_anything_and_nothing_else_does(shown: str, printed: str, same: bool):
    """A changed figure is seen; what three dots stand for is not."""
    assert Shown(command="", output=shown, codes=(0,)).matches(printed) is same
