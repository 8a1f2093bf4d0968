"""Draw README's picture: what `racecall demo` prints in a terminal, as SVG.

Run it when the output changes: `.venv/bin/python docs/pictures.py` writes docs/_static/demo.svg. The text is that of the program, in a
fresh folder; nothing is typed by hand. The same output gives the same file, so that a change of the picture is a change of the words.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

TARGET = Path(__file__).parent / "_static" / "demo.svg"
RACECALL = Path(sys.executable).with_name("racecall")
WIDTH = 110
BEGINS, ENDS = "United States Representative", "What the law would make"
"""README shows the page of the morning of 5 April: from its title to the law."""

WITHOUT_THIRD_PARTIES = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
"""Rich's frame without the web font it would load from another site."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw the demo, or any other racecall command."""
    asked = _parser().parse_args(arguments)
    command = asked.command or ["demo", "--out", "demo"]
    lines = printed(command, width=asked.width).splitlines()
    lines = lines[slice(asked.first - 1, asked.last)] if asked.first else _the_morning(lines)
    svg = drawn("\n".join(lines), title=" ".join(["racecall", *command]), width=asked.width)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(svg, encoding="utf-8")
    print(asked.out)


def _the_morning(lines: list[str]) -> list[str]:
    """The first contest page in the output, without what follows the places."""
    begins = next(number for number, line in enumerate(lines) if BEGINS in line)
    return lines[begins : next(number for number, line in enumerate(lines) if number > begins and ENDS in line)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="*", help="arguments of racecall (default: demo --out demo)")
    parser.add_argument("--out", type=Path, default=TARGET, help="SVG to write")
    parser.add_argument("--width", type=int, default=WIDTH, help="columns of the terminal")
    parser.add_argument("--first", type=int, default=None, help="first line of the output to draw (default: the page of 5 April)")
    parser.add_argument("--last", type=int, default=None, help="last line of the output to draw")
    return parser


def printed(command: Sequence[str], *, width: int) -> str:
    """Run racecall in an empty folder and return what it printed, colours included."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [str(RACECALL), *command],
            cwd=folder,
            env={**environment, "COLUMNS": str(width), "FORCE_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if result.returncode not in {0, 1}:
        sys.exit(f"racecall {' '.join(command)} ended with exit code {result.returncode}:\n{result.stderr}")
    return result.stdout


def drawn(output: str, *, title: str, width: int) -> str:
    """Return terminal output as SVG."""
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(output), soft_wrap=True)
    svg = console.export_svg(title=title, code_format=WITHOUT_THIRD_PARTIES, unique_id="racecall")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    main()
