"""The packaged law, read once, and short ways to decide a count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from racecall.desk.packaged import rulebook
from racecall.model.outcome import Outcome, Tally
from racecall.rules.engine import decide
from racecall.rules.law import Rule, Rulebook
from racecall.rules.text import parse_rules


@pytest.fixture(scope="session")
def book() -> Rulebook:
    return rulebook()


@pytest.fixture(scope="session")
def outcome(book: Rulebook) -> Callable[..., Outcome]:
    """`outcome("us-wa-primary", {"A": 5, "B": 3}, seats=1, blank=2)`: what the packaged rule makes of a count."""

    def of(rule_id: str, votes: Mapping[str, int], *, seats: int = 1, votes_allowed: int = 1, **ballots: Any) -> Outcome:
        return decide(book.rule(rule_id), Tally(votes=votes, **ballots), seats=seats, votes_allowed=votes_allowed)

    return of


@pytest.fixture(scope="session")
def written() -> Callable[[str], Rule]:
    """`written('elect = ["plurality"]')`: a rule made up for one test, from the keys that matter."""

    def rule(keys: str) -> Rule:
        facts = "\n".join(f"{key} = {value}" for key, value in FACTS.items() if f"{key} =" not in keys)
        return next(iter(parse_rules(f'[[family]]\nid = "f"\ntitle = "t"\nabout = "a"\n[[family.rule]]\n{facts}\n{keys}\n')))

    return rule


FACTS = {
    "id": '"made-up"',
    "place": '"Nowhere"',
    "offices": '"a test"',
    "source": '"Test Code 1"',
    "confidence": '"read"',
    "uncertain": "false",
    "elect": "[]",
}
