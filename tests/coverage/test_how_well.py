"""How well the copy desk reads, held to what docs/check.md says; each floor is what was measured, and none may fall."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from coverage.mutations import mutants, outcome
from coverage.scoring import Score, score
from coverage.texts import read_texts

PAGE = Path(__file__).parents[2] / "docs" / "check.md"
LINES = {"seen": "built on", "practice": "practised on", "held_back": "held back", "held_back_two": "held back, by a new hand"}


def line_of(result: Score) -> str:
    """The figures of a score as the page has them."""
    found = round(result.recall * result.checkable)
    wrong = len(result.false_contradictions)
    return f"{found} ({result.recall:.1%}) | {result.precision:.1%} | {wrong} ({result.false_contradiction_rate:.2%})"


@pytest.mark.parametrize("name", LINES)
def test_the_page_says_how_well_it_reads(name):
    """The row of each set of texts has what is measured now."""
    row = next(line for line in PAGE.read_text().splitlines() if line.startswith(f"| {LINES[name]} ("))

    assert line_of(score(read_texts(name))) in row


def test_the_page_says_how_many_mutants_are_found():
    """Every kind of change together, over the texts it was built on."""
    told = Counter(outcome(mutant) for text in read_texts("seen") for mutant in mutants(text))

    assert f"({told.total()}), {told['alarming']} are called out" in PAGE.read_text()
