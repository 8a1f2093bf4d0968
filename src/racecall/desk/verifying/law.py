"""The packaged rules, as the TOML files have them, and the tests in them (docs/rules/index.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

Rule = Mapping[str, Any]
"""One rule, as TOML has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test of a rule.

    Args:
        what: ``share``, ``lead``, ``blank``, ``turnout``, ``spread`` or ``plurality``.
        amount: The fraction to reach, exact.
        above: Whether it must be exceeded.
        of: What it is a fraction of, "" if that is plain.
    """

    what: str
    amount: Fraction = Fraction(0)
    above: bool = False
    of: str = ""

    def passed_by(self, part: Fraction) -> bool:
        """Whether a fraction reaches the amount."""
        return part > self.amount if self.above else part >= self.amount


@cache
def packaged_rules() -> Mapping[str, Rule]:
    """Return every packaged rule by its id."""
    folder = files("racecall.data") / "rules" / "law"
    texts = [part.read_text(encoding="utf-8") for part in folder.iterdir() if part.name.endswith(".toml")]
    return {rule["id"]: rule for text in texts for family in tomllib.loads(text).get("family", []) for rule in family["rule"]}


WORDS = re.compile(r"(?P<what>share|lead|blank|turnout) (?P<sign>>=?) (?P<amount>[\d./%]+)(?: of (?P<of>\w+)| in (?P<parts>.+))?")


def read_test(words: str) -> Test:
    """Read a test such as ``share > 50% of valid``."""
    if words == "plurality":
        return Test(what="plurality")
    found = WORDS.fullmatch(words)
    if found is None:
        raise ValueError(f'no test reads "{words}"')
    amount = found["amount"]
    fraction = Fraction(amount[:-1]) / 100 if amount.endswith("%") else Fraction(amount)
    return Test(what="spread" if found["parts"] else found["what"], amount=fraction, above=found["sign"] == ">", of=found["of"] or "")


def elect_of(rule: Rule) -> list[list[Test]]:
    """Return the clauses of which one is enough; every test of a clause must hold."""
    return [[read_test(words) for words in line.split(" and ")] for line in rule["elect"]]


def places_of(rule: Rule, seats: int) -> int:
    """Return how many places there are for certain: those of the next round if there can be one, otherwise the seats."""
    advance = rule.get("advance")
    return places_in_next_round(advance, seats) if advance else seats


def places_in_next_round(advance: Mapping[str, Any], seats: int) -> int:
    """Return the places of a next round with so many seats still open."""
    return int(advance.get("count") or advance.get("min", 0)) * (seats if advance.get("per_seat") else 1)
