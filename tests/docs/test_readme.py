"""What README.md shows is what the program prints (`tests/console.py` says how a document is read)."""

from __future__ import annotations

from pathlib import Path

import pytest

from console import Shown, differences, files_in, shown_in, trimmed

README = Path(__file__).resolve().parents[2] / "README.md"


# -- README --------------------------------------------------------------------------------------------------------------------------


def test_readme_shows_what_the_program_prints(tmp_path: Path):
    """Every racecall command in README.md ends as shown and prints what is shown."""
    wrong = list(differences(README.read_text(encoding="utf-8"), tmp_path))

    assert "\n".join(wrong) == ""


def test_readme_shows_a_command_with_its_output():
    """The first screen has one command and what it really prints."""
    first_screen = "\n".join(README.read_text(encoding="utf-8").splitlines()[:60])

    assert [shown.command.split()[1] for shown in shown_in(first_screen) if trimmed(shown.output)][:1] == ["demo"]


# -- that the runner above reads a document as it should -----------------------------------------------------------------------------


def test_commands_and_outputs_are_told_apart():
    """A block may hold several commands; each keeps the lines under it."""
    document = "```console\n$ racecall a\none\ntwo\n$ racecall b --c  # exit code 3\nthree\n```\n```console\n$ make demo\n```\n"

    assert list(shown_in(document)) == [
        Shown(command="racecall a", output="one\ntwo\n", codes=(0, 1)),
        Shown(command="racecall b --c", output="three\n", codes=(3,)),
    ]


def test_a_block_with_a_caption_is_a_file():
    """What a page calls a file can be given to a command."""
    document = "```{code-block} text\n:caption: night.csv\n\ncontest,votes\nMayor,7\n```\n```text\nno file\n```\n"

    assert files_in(document) == {"night.csv": "contest,votes\nMayor,7\n"}


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
