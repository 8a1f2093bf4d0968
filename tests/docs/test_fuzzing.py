"""The page about fuzzing: every test that it names is there, and every reader was measured."""

import re
from pathlib import Path

import pytest

from racecall.desk.plugins import load_feeds

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "fuzzing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("path", "test"), re.findall(r"`(tests/[\w/]+\.py)(?:: (test_\w+))?`", PAGE))
def test_every_test_is_there(path, test):
    """A defence without a test is a hope."""
    assert f"def {test}" in (ROOT / path).read_text(encoding="utf-8") if test else (ROOT / path).is_file()


def test_every_reader_was_measured():
    """A feed that is added has a line in the table."""
    measured = set(re.findall(r"^\| `(\w+)`(?: \(packed\))? \| \d", PAGE, re.MULTILINE))

    assert measured == {feed.id for feed in load_feeds()}
