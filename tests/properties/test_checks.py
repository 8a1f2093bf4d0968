"""What must hold of every story: no words break the copy desk, and every claim stands where it says."""

from __future__ import annotations

import random
import re

import pytest

from coverage.texts import document_of, facts_at, read_texts
from racecall.coverage.check import check_story
from racecall.coverage.document import Role

PIECES = tuple(
    dict.fromkeys(
        piece.strip()
        for name in ("seen", "practice")
        for text in read_texts(name)
        for block in text.document.blocks
        for piece in re.split(r"(?<=[,;.])\s+|\s+(?=\b(?:and|with|while|but|after|to|for|by|between|among)\b)", block.text)
        if piece.strip()
    )
)
"""Turns of phrase of the texts we wrote."""
MOMENTS = sorted({(text.election, text.as_of) for text in read_texts("practice")}, key=str)


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 40))])
def test_no_words_break_the_copy_desk(seed):
    """Turns of phrase put together as nobody would: every claim is a piece of its sentence, and has a reason."""
    rng = random.Random(seed)
    for _ in range(60):
        story = document_of("shuffled", [(Role.BODY, " ".join(rng.choice(PIECES) for _ in range(rng.randint(3, 14))))])
        found = check_story(story, facts_at(*rng.choice(MOMENTS))).claims

        assert all(one.reason and one.claim.text and 0 <= one.claim.start < one.claim.end <= len(one.claim.sentence.text) for one in found)
