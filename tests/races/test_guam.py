"""Guam, 3 November 1998: the same ballots elect or do not elect, by the base of the majority."""

from pathlib import Path

import pytest

from commands import racecall
from racecall.desk.folder import new_folder
from racecall.desk.recording import AddOptions, add_files

CASE = Path(__file__).parent / "guam-1998"


def status(folder: Path, rule: str):
    """What the desk says under a rule."""
    settings = (CASE / "election.toml").read_text(encoding="utf-8").replace("us-gu-governor", rule)
    list(add_files(new_folder(folder, settings.encode()), [CASE / "1.toml"], AddOptions(actor="A. Editor")))
    return racecall("status", folder, "--contest", "governor").words


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("us-gu-governor", "yes Gutierrez and Bordallo: 24,250 of 46,744 valid votes is 51.9%; more than 50% elects"),
        ("uy-president", "no Gutierrez and Bordallo: 24,250 of 48,666 ballots"),
    ],
)
def test_the_base_decides(tmp_path, rule, said):
    """The Supreme Court took the votes for slates; of all ballots, blank and spoilt ones included, it is 49.8%, and a runoff."""
    assert said in status(tmp_path / "guam", rule)
