"""The nineteen threats: every check they name has a page, and every place in the code and every test is there."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from racecall.feeds import checks as feed_checks
from racecall.ledger import checks as ledger_checks

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "threats.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if re.match(r"\| \d", line)]
CHECKS = {**feed_checks.CHECKS, **ledger_checks.CHECKS}
CASES = {
    path.parent.name: tomllib.loads(path.read_text(encoding="utf-8"))["threats"] for path in (ROOT / "tests" / "races").glob("*/case.toml")
}


def names(path: Path) -> set[str]:
    """Functions and tables that a module defines."""
    body = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.name for node in body if isinstance(node, ast.FunctionDef)} | set(
        re.findall(r"^(\w+)\b.* = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.fixture(params=ROWS, ids=lambda row: row[0])
def row(request) -> list[str]:
    return request.param


def test_there_are_nineteen():
    """Numbered as they stand."""
    assert [row[0] for row in ROWS] == [str(number) for number in range(1, 20)]


def test_every_check_has_a_page(row):
    """And is made by the program."""
    named = re.findall(r"\[`(\w+)`\]\(findings/(\w+)\.md\)", row[3])

    assert all(check == page and check in CHECKS and (ROOT / "docs" / "findings" / f"{page}.md").is_file() for check, page in named)
    assert named or row[3] == "none"


def test_every_place_in_the_code_is_there(row):
    """A module and a function or table in it."""
    module, name = re.fullmatch(r"`([\w/]+\.py): (\w+)`", row[5]).groups()

    assert name in names(ROOT / "src" / "racecall" / module)


def test_every_test_is_there(row):
    """A folder of a real night, or a test by its name."""
    named = re.findall(r"`(tests/[\w./-]+)(?:: (\w+))?`", row[6])
    missing = [
        (path, test)
        for path, test in named
        if not (ROOT / path).exists() or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]

    assert (missing, bool(named)) == ([], True)


def test_every_night_stands_beside_its_threat():
    """No folder is replayed for nothing, and none is named that is not."""
    listed = {(case, int(row[0])) for row in ROWS for case in re.findall(r"`tests/races/([\w-]+)`", row[6])}

    assert listed == {(case, number) for case, numbers in CASES.items() for number in numbers}


def test_what_is_not_caught_is_said_of_numbered_threats():
    """The list below the table refers to rows above it."""
    numbers = re.findall(r"\d+", " ".join(re.findall(r"^- \*\*([\d, ]+)\.\*\*", PAGE, re.MULTILINE)))

    assert numbers
    assert {int(number) for number in numbers} <= set(range(1, 20))
