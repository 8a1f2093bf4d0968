"""The stories that the documents show are those that the program writes."""

from pathlib import Path

from commands import demo, racecall
from console import differences

PAGE = Path(__file__).resolve().parents[2] / "docs" / "story.md"


def typed(command: str, _: Path) -> tuple[int, str]:
    """Run a command on the demo's election."""
    ran = racecall(*(demo() if word == "demo/election" else word for word in command.split()[1:]))
    return ran.code, ran.out + ran.err


def test_the_page_shows_the_stories_as_they_are_written(tmp_path: Path):
    """Each as it stands, to the letter."""
    assert "\n".join(differences(PAGE.read_text(encoding="utf-8"), tmp_path, typed)) == ""
