"""How well the copy desk reads sentences it was not written for.

    PYTHONPATH=tests .venv/bin/python -m coverage.scoring [seen|held_back|held_back_two|practice|practice_two…] [--json] [--misses]

A claim is *found* if something was found at its words, under a type that is meant, with a verdict that is right. Then:

- recall: the share of checkable claims that were found;
- precision: of the verdicts that settle something, the share that is right; one where nobody expected a claim counts as wrong if it calls
  for a person, and not at all otherwise (the text may well say more than we marked);
- false contradictions: "contradicted" where none of the claims marked at those words is, by verdicts given. This is the figure to keep low.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from coverage.texts import CORPUS, UNSETTLED, Expected, Text, facts_at, place_of, read_texts
from racecall.coverage.claims import CheckedClaim, CheckedStory, Verdict

Check = Callable[[Text], CheckedStory]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and what was found in it."""

    text: Text
    found: tuple[CheckedClaim, ...]

    @property
    def missed(self) -> tuple[Expected, ...]:
        """Checkable claims that were not found."""
        return tuple(one for one in self.text.expected if one.is_checkable and not _is_found(one, self.found))

    @property
    def settled(self) -> tuple[CheckedClaim, ...]:
        """What was found and settles something."""
        return tuple(claim for claim in self.found if claim.verdict not in UNSETTLED)

    @property
    def wrong(self) -> tuple[CheckedClaim, ...]:
        """Verdicts that are not right, and alarms where nobody marked a claim."""
        return tuple(
            claim for claim in self.settled if not self._is_right(claim) and (self._is_foreseen(claim) or claim.verdict.needs_a_person)
        )

    @property
    def counted(self) -> tuple[CheckedClaim, ...]:
        """Verdicts by which precision is measured."""
        return tuple(claim for claim in self.settled if self._is_foreseen(claim) or claim.verdict.needs_a_person)

    @property
    def false_contradictions(self) -> tuple[CheckedClaim, ...]:
        """Contradictions of words of which no mark says that they are wrong."""
        return tuple(claim for claim in self.found if claim.verdict is Verdict.CONTRADICTED and not self._is_contradictable(claim))

    def _is_right(self, claim: CheckedClaim) -> bool:
        return any(one.is_right(claim) for one in self.text.expected)

    def _is_foreseen(self, claim: CheckedClaim) -> bool:
        return any(one.is_met_by(claim) for one in self.text.expected)

    def _is_contradictable(self, claim: CheckedClaim) -> bool:
        place = place_of(claim)
        return any(one.place.overlaps(place) and Verdict.CONTRADICTED in one.verdicts for one in self.text.expected)


@dataclass(frozen=True, slots=True)
class Score:
    """How a set of texts was read."""

    marked: tuple[Marked, ...]

    @property
    def expected(self) -> tuple[Expected, ...]:
        """Every claim that was marked."""
        return tuple(chain.from_iterable(one.text.expected for one in self.marked))

    @property
    def checkable(self) -> int:
        """Claims that the record settles."""
        return sum(one.is_checkable for one in self.expected)

    @property
    def given(self) -> int:
        """Verdicts given."""
        return sum(len(one.found) for one in self.marked)

    @property
    def recall(self) -> float:
        """Share of checkable claims that were found."""
        return 1 - _ratio(sum(len(one.missed) for one in self.marked), self.checkable)

    @property
    def precision(self) -> float:
        """Share of settling verdicts that are right."""
        return 1 - _ratio(sum(len(one.wrong) for one in self.marked), sum(len(one.counted) for one in self.marked))

    @property
    def false_contradictions(self) -> tuple[CheckedClaim, ...]:
        """Contradictions that are not."""
        return tuple(chain.from_iterable(one.false_contradictions for one in self.marked))

    @property
    def false_contradiction_rate(self) -> float:
        """False contradictions by verdicts given."""
        return _ratio(len(self.false_contradictions), self.given)

    def by(self, key: Callable[[Expected], str]) -> dict[str, tuple[int, int]]:
        """Return checkable claims, and how many of them were found, by type or by verdict, the most first."""
        missed = Counter(key(one) for one in chain.from_iterable(marked.missed for marked in self.marked))
        asked = Counter(key(one) for one in self.expected if one.is_checkable)
        return {name: (number, number - missed[name]) for name, number in asked.most_common()}


def check_text(text: Text) -> CheckedStory:
    """Check a text against what was known when it was published."""
    from racecall.coverage.check import check_story

    return check_story(text.document, facts_at(text.election, text.as_of))


def score(texts: Iterable[Text], check: Check = check_text) -> Score:
    """Check texts and compare."""
    return Score(tuple(Marked(text, check(text).claims) for text in texts))


def type_of(expected: Expected) -> str:
    """Return the type we would give a claim."""
    return expected.types[0]


def verdict_of(expected: Expected) -> str:
    """Return the verdict we would give a claim."""
    return expected.verdicts[0].value


# -- to look at ----------------------------------------------------------------------------------------------------------------------


def as_table(result: Score) -> str:
    """Return a score for people."""
    return "\n".join(_lines(result))


def as_json(result: Score) -> str:
    """Return a score for programs."""
    values = {
        "texts": len(result.marked),
        "checkable": result.checkable,
        "given": result.given,
        "recall": round(result.recall, 4),
        "precision": round(result.precision, 4),
        "false_contradictions": len(result.false_contradictions),
        "false_contradiction_rate": round(result.false_contradiction_rate, 4),
        "by_type": {name: {"checkable": asked, "found": found} for name, (asked, found) in result.by(type_of).items()},
        "by_verdict": {name: {"checkable": asked, "found": found} for name, (asked, found) in result.by(verdict_of).items()},
    }
    return json.dumps(values, indent=2)


def misses(result: Score) -> Iterator[str]:
    """Yield a line for each claim that was not found, and each verdict that is wrong."""
    for one in result.marked:
        for expected in one.missed:
            got = ", ".join(f"{claim.claim.type} {claim.verdict.value}" for claim in one.found if expected.place.overlaps(place_of(claim)))
            yield f"missed  {one.text.id}: {expected.words!r} is {type_of(expected)} {verdict_of(expected)}; found: {got or 'nothing'}"
        for claim in one.wrong:
            yield f"wrong   {one.text.id}: {claim.claim.text!r} as {claim.claim.type} {claim.verdict.value}: {claim.reason}"
        for claim in one.false_contradictions:
            yield f"false   {one.text.id}: {claim.claim.text!r} as {claim.claim.type}: {claim.reason}"


def _lines(result: Score) -> Iterator[str]:
    yield f"{len(result.marked)} texts, {len(result.expected)} claims marked, {result.checkable} checkable, {result.given} verdicts given"
    falsely = f"false contradictions {len(result.false_contradictions)} ({result.false_contradiction_rate:.2%})"
    yield f"recall {result.recall:.1%}   precision {result.precision:.1%}   {falsely}"
    for title, key in (("type", type_of), ("verdict", verdict_of)):
        yield f"\n{title:<20}checkable   found"
        yield from (f"{name:<20}{asked:>9}{found:>8}" for name, (asked, found) in result.by(key).items())


def _is_found(expected: Expected, found: Iterable[CheckedClaim]) -> bool:
    return any(expected.is_right(claim) for claim in found)


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def main() -> None:
    """Score one of the sets."""
    options = argparse.ArgumentParser(description="How well the copy desk reads sentences it was not written for.")
    options.add_argument("name", nargs="?", default="seen", choices=[file.stem for file in sorted(CORPUS.glob("*.toml"))])
    options.add_argument("--json", action="store_true", help="for programs")
    options.add_argument("--misses", action="store_true", help="a line for each claim that was missed or judged wrongly")
    asked = options.parse_args()
    result = score(read_texts(asked.name))
    lines = [as_json(result) if asked.json else as_table(result), *(misses(result) if asked.misses else ())]
    sys.stdout.write("\n".join([*lines, ""]))


if __name__ == "__main__":
    main()
