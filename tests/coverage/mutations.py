"""True sentences made false, one thing at a time: what the copy desk says of them.

    PYTHONPATH=tests .venv/bin/python -m coverage.mutations [seen|held_back|practice] [--missed]

From every claim that is confirmed, copies of its text are made in which one number, one name, one base or one hedge is another. A copy's
claim is *alarming* if the desk calls for a person at those words, *open* if it says that it cannot tell, *unseen* if it finds nothing
there, and *missed* if it still confirms it. Only the last is an error that would be printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from coverage.scoring import Check, check_text
from coverage.texts import Expected, Place, Text, document_of, place_of, read_texts
from racecall.coverage.claims import CheckedClaim, Verdict

NUMBER = re.compile(r"(?<![\w.,])\$?(?!(?:19|20)\d\d\b)\d[\d,]*(?:\.\d+)?")
"""A number in figures; years are left alone."""
WORDS = {
    "first": "fifth", "second": "fourth", "third": "second", "fourth": "sixth", "fifth": "third", "sixth": "ninth", "eighth": "sixth",
    "five": "nine", "nine": "four", "eight": "three", "three": "seven", "nineteen": "thirty", "twenty-eight": "thirty-eight",
    "Twenty": "Twelve", "Twenty-three": "Thirty-two", "twelve": "seventeen", "two dozen": "three dozen",
}  # fmt: skip
"""Numbers and ranks in words, and others in their place."""
SURNAMES = {"ca34-2017": ("Gomez", "Ahn", "Cabildo", "Hernandez", "Carmona"), "sd7-2015": ("Glazer", "Bonilla", "Buchanan", "Hertle")}
FULL_NAMES = {
    "Jimmy Gomez": "Sara Hernandez",
    "Robert Lee Ahn": "Arturo Carmona",
    "Robert Ahn": "Arturo Carmona",
    "Maria Cabildo": "Arturo Carmona",
    "Sara Hernandez": "Jimmy Gomez",
    "Steve Glazer": "Joan Buchanan",
    "Susan Bonilla": "Joan Buchanan",
    "Joan Buchanan": "Steve Glazer",
}
"""Candidates by full name, and others in their place."""
BOUNDS = re.compile(r"\b(?:within|near the|fewer than|less than|under|below|at most|no more than|as (?:many|much|few) as)\b", re.IGNORECASE)
"""With these a higher number may be as true as the lower one, and what is under a bound of one may be under it of another."""
FLOORS = re.compile(r"\b(?:more than|over|at least|above)\b", re.IGNORECASE)
"""With these votes and ballots may both be as many."""
NAMED = frozenset({"votes", "share", "margin", "rank", "status", "event", "change", "person", "money", "pair"})
"""Types that are of somebody: with another name they are false, or at least not known to be true."""
SIZED = frozenset({"votes", "share"})
"""Of these, what is under a bound may be anybody's."""
BASES = {"votes": "ballots", "ballots": "votes"}
BASED = frozenset({"total", "outstanding", "share"})
HEDGES = {
    "appears headed to": "has won election to",
    "looking like": "certified as",
    "leads": "has won",
    "held a slim lead": "won the election",
    ", according to the Associated Press": "",
    ", the Associated Press has projected": "",
    ", AP says": "",
    "AP says ": "",
    "The AP called it for Gomez": "It is Gomez",
    "The Associated Press has called the race for Gomez": "The race has been won by Gomez",
}
"""Careful words, and words that say more."""
CERTIFIED = {
    "ca34-2017": ((datetime.fromisoformat("2017-04-14T17:00:00-07:00"), datetime.fromisoformat("2017-06-06T20:00:00-07:00")),
                  (datetime.fromisoformat("2017-06-16T17:00:00-07:00"), datetime.fromisoformat("2100-01-01T00:00:00+00:00"))),
    "sd7-2015": ((datetime.fromisoformat("2015-03-27T17:00:00-07:00"), datetime.fromisoformat("2015-05-19T20:00:00-07:00")),
                 (datetime.fromisoformat("2015-06-16T17:00:00-07:00"), datetime.fromisoformat("2100-01-01T00:00:00+00:00"))),
}  # fmt: skip
"""Times at which a strong word is no overstatement: a count is certified, and the next round has not begun."""

OUTCOMES = ("alarming", "open", "unseen", "missed")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A text in which one thing is wrong.

    Args:
        kind: ``number``, ``name``, ``base`` or ``hedge``.
        text: The text.
        expected: The claim that was true, in the text as it was.
        words: Its words now.
        place: Where they stand.
    """

    kind: str
    text: Text
    expected: Expected
    words: str
    place: Place


def mutants(text: Text) -> Iterator[Mutant]:
    """Yield copies of a text, each with one of its confirmed claims made false."""
    for expected in text.expected:
        if expected.verdicts == (Verdict.CONFIRMED,):
            for kind, change in CHANGES.items():
                if (words := change(text, expected)) not in {"", expected.words}:
                    yield _mutant(kind, text, expected, words)


def other_number(_: Text, expected: Expected) -> str:
    """Return the words with the first digit of the first number one higher, or another word for a number."""
    if BOUNDS.search(expected.words):
        return ""
    if number := NUMBER.search(expected.words):
        digit = re.search(r"\d", expected.words[number.start() :])
        at = number.start() + (digit.start() if digit else 0)
        return f"{expected.words[:at]}{int(expected.words[at]) % 9 + 1}{expected.words[at + 1 :]}"
    return "" if expected.types[0] == "status" else _first_of(WORDS, expected.words)


def other_name(text: Text, expected: Expected) -> str:
    """Return the words with another candidate in place of the one they name."""
    if expected.types[0] not in NAMED or (expected.types[0] in SIZED and BOUNDS.search(expected.words)):
        return ""
    return _first_of(FULL_NAMES, expected.words) or _first_of(_surnames(text.election, expected.words), expected.words)


def other_base(_: Text, expected: Expected) -> str:
    """Return the words with votes for ballots, or ballots for votes."""
    is_bound = BOUNDS.search(expected.words) or FLOORS.search(expected.words)
    return _first_of(BASES, expected.words) if expected.types[0] in BASED and not is_bound else ""


def other_hedge(text: Text, expected: Expected) -> str:
    """Return the words with a certainty in place of a careful word, unless the count was certified then."""
    is_certain = any(since <= text.as_of < until for since, until in CERTIFIED[text.election])
    return "" if is_certain or expected.types[0] not in {"status", "rank"} else _replaced(HEDGES, expected.words)


CHANGES: Mapping[str, Callable[[Text, Expected], str]] = {
    "number": other_number,
    "name": other_name,
    "base": other_base,
    "hedge": other_hedge,
}


def outcome(mutant: Mutant, check: Check = check_text) -> str:
    """Return what became of a mutant: ``alarming``, ``open``, ``unseen`` or ``missed``."""
    there = [claim for claim in check(mutant.text).claims if place_of(claim).overlaps(mutant.place)]
    if any(claim.verdict.needs_a_person for claim in there):
        return "alarming"
    if any(_is_confirmed(claim, mutant.expected) for claim in there):
        return "missed"
    return "open" if there else "unseen"


def _is_confirmed(claim: CheckedClaim, expected: Expected) -> bool:
    return claim.claim.type in expected.types and claim.verdict in {Verdict.CONFIRMED, Verdict.UNDERSTATED}


def _mutant(kind: str, text: Text, expected: Expected, words: str) -> Mutant:
    place = expected.place
    pieces = [(block.role, block.text) for block in text.document.blocks]
    role, line = pieces[place.block]
    pieces[place.block] = (role, line[: place.start] + words + line[place.end :])
    changed = replace(text, document=document_of(text.id, pieces), expected=())
    return Mutant(kind, changed, expected, words, replace(place, end=place.start + max(len(words), 1)))


def _first_of(others: Mapping[str, str], words: str) -> str:
    """Return the words with the first of some whole words, by its place, replaced; "" if none is there."""
    found = [match for name in others if (match := re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", words))]
    if not found:
        return ""
    match = min(found, key=lambda match: (match.start(), -len(match.group())))
    return words[: match.start()] + others[match.group()] + words[match.end() :]


def _replaced(others: Mapping[str, str], words: str) -> str:
    return next((words.replace(careful, certain, 1) for careful, certain in others.items() if careful in words), "")


def _surnames(election: str, words: str) -> dict[str, str]:
    """Return each surname and one that the words do not have."""
    names = SURNAMES[election]
    absent = [name for name in reversed(names) if name not in words]
    return dict.fromkeys(names, absent[0]) if absent else {}


def main() -> None:
    """Say what becomes of the mutants of one of the two sets."""
    options = argparse.ArgumentParser(description="What the copy desk says of true sentences made false.")
    options.add_argument("name", nargs="?", default="seen", choices=["seen", "held_back", "practice"])
    options.add_argument("--missed", action="store_true", help="a line for each that is still confirmed")
    asked = options.parse_args()
    judged = [(mutant, outcome(mutant)) for text in read_texts(asked.name) for mutant in mutants(text)]
    sys.stdout.write("\n".join([*_table(judged), *(_missed(judged) if asked.missed else ()), ""]))


def _table(judged: list[tuple[Mutant, str]]) -> Iterator[str]:
    for kind in CHANGES:
        became = Counter(result for mutant, result in judged if mutant.kind == kind)
        yield f"{kind:<8}{became.total():>5}   " + "   ".join(f"{name} {became[name]}" for name in OUTCOMES)
    became = Counter(result for _, result in judged)
    yield f"{'in all':<8}{len(judged):>5}   " + "   ".join(f"{name} {became[name]} ({became[name] / len(judged):.1%})" for name in OUTCOMES)


def _missed(judged: list[tuple[Mutant, str]]) -> Iterator[str]:
    for mutant, result in judged:
        if result == "missed":
            yield f"{mutant.text.id}: {mutant.expected.words!r} -> {mutant.words!r}"


if __name__ == "__main__":
    main()
