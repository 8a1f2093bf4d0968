"""What a document shows is what the program prints: reads the commands out of a document, and runs them.

Blocks marked ``console`` whose first line starts with ``$ racecall`` are commands with their output. ``...`` stands for anything, across
lines too. A command is expected to end with 0 or 1 unless the line says ``# exit code 3``. A ``{code-block}`` with a caption is a file of
that name. Other blocks, and other commands, are left alone.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```console\n(?P<text>\$ racecall.*?)^```$", flags=re.DOTALL | re.MULTILINE)
FILE = re.compile(r"^```\{code-block\} \w+\n:caption: (?P<name>\S+)\n\n(?P<text>.*?)^```$", flags=re.DOTALL | re.MULTILINE)
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
        parts = [re.escape(part) for part in trimmed(self.output).split("...")]
        return re.fullmatch(".*".join(parts), trimmed(printed), flags=re.DOTALL) is not None


def trimmed(text: str) -> str:
    """Return the text without spaces at the ends of lines, and without empty lines around it."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def shown_in(document: str) -> Iterator[Shown]:
    """Yield every racecall command that a document shows, in order."""
    for block in BLOCK.finditer(document):
        for entry in re.split(r"^\$ ", block["text"], flags=re.MULTILINE)[1:]:
            line, _, output = entry.partition("\n")
            code = EXIT_CODE.search(line)
            yield Shown(command=EXIT_CODE.sub("", line), output=output, codes=(int(code["code"]),) if code else (0, 1))


def files_in(document: str) -> Mapping[str, str]:
    """Return every file that a document shows, by name."""
    return {block["name"]: block["text"] for block in FILE.finditer(document)}


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


def differences(document: str, folder: Path, run: Callable[[str, Path], tuple[int, str]] = typed) -> Iterator[str]:
    """Write the files of a document, run its commands in their order, and say where the program prints something else."""
    for name, text in files_in(document).items():
        (folder / name).write_text(text, encoding="utf-8")
    for shown in shown_in(document):
        code, printed = run(shown.command, folder)
        if code not in shown.codes or not shown.matches(printed):
            yield f"$ {shown.command}\nended with {code} and printed:\n{printed}\nThe document shows:\n{shown.output}"
