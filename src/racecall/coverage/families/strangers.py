"""Figures of other things: 2,778 trees, a 96 percent rating, what somebody got who does not stand.

A story is full of figures that are none of the count. One that counts another thing, by the noun behind it, by its size or by whose it is,
calls for nobody: what would be contradicted cannot be checked, and the reason says why.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene

SMALL = (
    "a an the this that these those his her its their he she they it him them who whom whose which what than then of to in at on by for "
    "from with without and but or nor so as while when where after before since until though although because if over under up down off "
    "out into onto per about against between across among more fewer less each apiece respectively not only just now too also both either "
    "plus versus thus perhaps vs yes always sometimes afterwards towards besides unless was is has does had have were are did been be"
)
"""Words that count nothing."""
DOES = (
    "puts gives leaves makes marks remains represents separates stands means comes goes gets beats leads trails shows says adds works "
    "equals keeps takes wins needs awaits falls sits follows looks seems reflects includes gains loses drops rises sends suffices "
    "divides edges tops finishes counts ranks advances holds votes ballots points percents precincts others rivals candidates results "
    "returns tallies finishers contenders hopefuls voters registrants envelopes sunday tuesday"
)
"""Words that end like a noun of many and are none, and those that are of a count."""
NOT_THINGS = frozenset((*SMALL.split(), *DOES.split()))
THING = re.compile(r"^[ -](?P<one>[a-z][a-z'-]+)(?:[ -](?P<two>[a-z][a-z'-]+))?(?:[ -](?P<three>[a-z][a-z'-]+))?")
MANY = re.compile(r"(?:[^s]s|people|children|police|media)$")
SHARES = (
    "share lead margin vote advantage edge turnout point majority plurality deficit gap tally mark portion slice chunk cut showing "
    "finish threshold cushion spread win victory plus minus chance favorite"
)
OF_A_COUNT = frozenset(SHARES.split())
"""What a percentage can be of in a count: "a 28 percent share"."""
OF_OTHERS = re.compile(
    r"^ of (?!\{|them\b|those\b|it\b|that\b|what\b|(?:all |the |its |his |her |their |both )*(?:[\w'-]+ ){0,3}?(?:votes?|voters?|ballots?|"
    r"total|count|tally|turnout|returns?|electorate|precincts?|mail|money|contributions?|donations?|support|registered|registrants|rolls?)\b)"
)
"""A percentage of something that is not counted here."""
COUNTED = frozenset(
    {"votes", "share", "total", "change", "margin", "outstanding", "turnout", "field", "pair", "progress", "group", "whatif"}
)


def of_something_else(parsed: Parsed, item: Item, scene: Scene, checked: CheckedClaim) -> CheckedClaim:
    """Return a verdict, or that it cannot be checked where a person would be called for a figure of something else."""
    if not checked.verdict.needs_a_person or checked.claim.type not in COUNTED:
        return checked
    kind = checked.claim.type
    reason = next((words for words, types, holds in STRANGE if kind in types and holds(parsed, item, scene)), "")
    return replace(checked, verdict=Verdict.CANNOT_CHECK, reason=reason, suggestion="") if reason else checked


def counts_things(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether a number is of things by the noun behind it: "5,504 households"."""
    del scene
    found = THING.match(parsed.after_of(item)) if item.figure.unit is Unit.NUMBER else None
    for word in found.groups() if found else ():
        if word is None or word in NOT_THINGS or word.endswith("ly"):
            return False
        if MANY.search(word):
            return True
    return False


def describes_things(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether a percentage describes or is a part of something else: "a 96 percent rating", "28 percent of the city's curbs"."""
    del scene
    if item.figure.unit is not Unit.PERCENT:
        return False
    after = parsed.after_of(item)
    found = THING.match(after) if re.search(r"\ban? $", parsed.before_of(item, 12)) else None
    named = found and found["one"] not in NOT_THINGS | OF_A_COUNT and found["two"] not in OF_A_COUNT
    return bool(named) or (not item.figure.base and bool(OF_OTHERS.match(after)))


def is_of_nobody_here(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether the sentence is about somebody who does not stand: "Becerra won his last term with 77% and 122,842 votes"."""
    del scene
    names = [one for one in parsed.items if one.end <= item.start and one.mark in {"C", "P"} and parsed.text[one.start].isupper()]
    return bool(names) and all(one.mark == "P" for one in names) and parsed.place(names[0])[0] <= FIRST


FIRST = 12
"""Characters before which the first name of a sentence is what it is about."""


def is_more_than_all(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether so many votes were not cast in any count that is held; beside who stands here such a figure is a digit too many."""
    if parsed.candidates and item.figure.unit is Unit.VOTES:
        return False
    every = [held.ballots or held.total or 0 for counts in scene.race.counts.values() for held in counts]
    return item.figure.unit in {Unit.VOTES, Unit.NUMBER} and bool(every) and item.figure.value > TOO_MANY * max(every)


TOO_MANY = 1.5
EXPECTED = re.compile(
    r"^[^.;{]{0,45}\bthan (?:any(?:one|body)|expected|predicted|projected|forecast|polls?|many|most|some|pundits|experts|usual|what|"
    r"the polls)\b"
)


def is_beside_hopes(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether a figure is set against what was expected: "seven points better than anyone had guessed"."""
    del scene
    return bool(EXPECTED.match(parsed.after_of(item)))


def is_of_no_one_near(parsed: Parsed, item: Item, scene: Scene) -> bool:
    """Whether nobody who stands is named, here or in the sentences before."""
    del item, scene
    one: Parsed | None = parsed
    for _ in range(NEAR_BY):
        if one is None:
            return True
        if any(item.mark in {"C", "G"} for item in one.items):
            return False
        one = one.before
    return True


NEAR_BY = 6
"""Sentences back in which somebody who stands may be named."""
STRANGE: tuple[tuple[str, frozenset[str], Callable[[Parsed, Item, Scene], bool]], ...] = (
    ("It counts something else than votes or ballots.", COUNTED, counts_things),
    ("It is a percentage of something else than votes or ballots.", COUNTED, describes_things),
    ("It is said of somebody who does not stand.", COUNTED - {"outstanding", "progress"}, is_of_nobody_here),
    ("Nobody who stands is named near it.", frozenset({"votes", "share", "change", "margin", "pair"}), is_of_no_one_near),
    ("It is set against what was expected, and not against the count.", COUNTED, is_beside_hopes),
    ("It is more than was cast in any count that is held.", frozenset({"votes", "change", "margin"}), is_more_than_all),
)
"""Why a figure is none of the count, of which types of claims, the first that holds."""
