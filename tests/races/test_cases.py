"""Real nights on which a count was wrong, replayed: what is found, in which words, and that the contest's calls are held.

Each folder has `case.toml` (what happened, where the figures are from, which of them are reconstructed, what must be found) and the files
in the order in which they came.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from commands import racecall
from racecall.desk.folder import new_folder
from racecall.desk.recording import AddOptions, add_files
from racecall.model.finding import Finding, Severity

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/case.toml"))
THREATS = range(1, 20)


def facts(case: Path) -> dict[str, Any]:
    """What happened, as the case's file has it."""
    return tomllib.loads((case / "case.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Replayed:
    """A case that was played to its end.

    Args:
        folder: The election.
        found: What each file brought, notes left out.
    """

    folder: Path
    found: list[list[Finding]]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request) -> Path:
    return request.param


@pytest.fixture(scope="module")
def replayed(case: Path, tmp_path_factory) -> Replayed:
    """The files of a case, added one after the other as a desk would on the night."""
    path = tmp_path_factory.mktemp(case.name) / "election"
    folder = new_folder(path, (case / "election.toml").read_bytes())
    found = []
    for step in facts(case)["step"]:
        options = AddOptions(actor="A. Editor", source="The office", published_at=step.get("published_at"))
        [added] = add_files(folder, [case / step["file"]], options)
        found.append([finding for finding in added.findings if finding.severity is not Severity.NOTE])
    return Replayed(path, found)


def test_what_is_found_is_what_was_wrong(case, replayed):
    """These checks and no others, file by file."""
    expected = [(step["file"], sorted(step["holds"])) for step in facts(case)["step"]]

    assert [
        (step["file"], sorted({finding.check for finding in found}))
        for step, found in zip(facts(case)["step"], replayed.found, strict=True)
    ] == expected


def test_it_is_said_in_words(case, replayed):
    """With the numbers of the night."""
    missing = [
        words
        for step, found in zip(facts(case)["step"], replayed.found, strict=True)
        for words in step["words"]
        if not any(words in finding.problem for finding in found)
    ]

    assert missing == []


def test_calls_are_held(case, replayed):
    """No place is recommended for a call while somebody should look."""
    [status] = racecall("status", replayed.folder, "--json").lines
    held = [any("Held by a finding" in reason for reason in slot["reasons"]) for slot in status["slots"]]

    assert held == [facts(case)["held"]] * len(held)


def test_two_people_free_what_was_held(replayed):
    """Each finding with two names and a reason; then no finding holds anything."""
    held = [finding for found in replayed.found for finding in found]
    for finding in held:
        for name in ("A. Editor", "B. Chief")[: finding.severity.people]:
            racecall("findings", "accept", replayed.folder, finding.id, "--by", name, "--reason", "The office confirmed it in writing.")
    ran = racecall("findings", "list", replayed.folder)

    assert (ran.code, [finding.id for finding in held if finding.id in ran.out]) == (0, [])


def test_a_case_says_where_it_is_from(case):
    """Sources, and which cells are ours."""
    known = facts(case)

    assert known["sources"]
    assert known["reconstructed"]
    assert set(known["threats"]) <= set(THREATS)
