"""A story in, a verdict for each of its claims out.

Theory of operation. A story is cut into sentences; in each, names, figures and times are found and put in the place of marks
(`racecall.coverage.parsing`), so that what a sentence says is a pattern over a few marks and not over every name there is. Each figure goes
to one family (`families.figures.TABLE`), each family knows which rows settle it. A sentence is held against the count it was written from
(`racecall.coverage.scene`), and is contradicted only when subject, measure, base and count are all settled; what is not settled cannot be
checked, and says why.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from racecall.coverage.claims import CheckedClaim, CheckedStory, Claim, Remark, Verdict
from racecall.coverage.document import Document, Sentence
from racecall.coverage.facts import Facts
from racecall.coverage.families import FIGURES, PHRASES, Figure, gains, standing
from racecall.coverage.families.figures import figures
from racecall.coverage.families.groups import group_pattern
from racecall.coverage.families.readings import reread, unclaimed
from racecall.coverage.families.strangers import of_something_else
from racecall.coverage.families.talk import remarks
from racecall.coverage.families.whose import pair_of_others, whose
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import Item, Parsed, parse
from racecall.coverage.patterns import Pattern
from racecall.coverage.record import Coverage
from racecall.coverage.roster import Roster, folded_text, roster_of, spoken, surname
from racecall.coverage.scene import Race, Same, Scene, is_in_part, is_of_later_times, other_scenes, part_of, race_of, scene_at, scene_of
from racecall.coverage.sentences import sentences_of
from racecall.coverage.settle import is_telling
from racecall.model.contest import Contest, Election

Part = TypeVar("Part", Claim, Remark)


def check_story(document: Document, facts: Facts, *, contest: str = "", only: Collection[int] | None = None) -> CheckedStory:
    """Hold every claim of a story against what was known when it was written.

    Args:
        document: The story.
        facts: What was known at the moment it is checked for.
        contest: Contest id it is about, "" to find it from the names in the story.
        only: Numbers of the sentences whose claims are asked for; all if None. The others are read all the same: names are told from them.
    """
    race = _race(Same(facts), contest or most_named(document, facts.election))
    sentences = sentences_of(document)
    claims: list[CheckedClaim] = []
    notes: list[Remark] = []
    written = min(document.published or facts.as_of, facts.as_of)
    for parsed in _parsed(tuple(piece for sentence in sentences for piece in pieces_of(sentence)), race, written):
        if only is not None and parsed.sentence.number not in only:
            continue
        scene = scene_of(parsed, race)
        whole = sentences[parsed.sentence.number]
        found = tuple(claims_of(parsed, scene))
        claims += found if parsed.sentence is whole else (replace(one, claim=_within(one.claim, whole)) for one in found)
        notes += (_within(one, whole) for one in remarks(parsed, scene, found))
    held = race.counts[race.current.id]
    return CheckedStory(
        document=document,
        sentences=sentences,
        claims=tuple(claims),
        remarks=tuple(notes),
        as_of=facts.as_of,
        head=facts.head,
        held=next((one.words for one in reversed(held) if not one.printed), held[-1].words if held else ""),
    )


def pieces_of(sentence: Sentence) -> Iterator[Sentence]:
    """Yield what stands between semicolons: each piece may speak of a moment and a candidate of its own."""
    if ";" not in sentence.text:
        yield sentence
        return
    start = 0
    for end in (*(found.end() for found in PIECE.finditer(sentence.text)), len(sentence.text)):
        yield replace(sentence, start=sentence.start + start, end=sentence.start + end, text=sentence.text[start:end])
        start = end


PIECE = re.compile(r";\s+")


def _within(found: Part, whole: Sentence) -> Part:
    """Give the place of a claim or remark in its whole sentence."""
    if found.sentence is whole:
        return found
    shift = found.sentence.start - whole.start
    return replace(found, sentence=whole, start=found.start + shift, end=found.end + shift)


def claims_of(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Yield the claims of a sentence in the order of its words, each figure read once."""
    pairs = (
        []
        if standing.BALLOT_OF_OTHERS.search(parsed.text)
        else [(items, _reread_pair(parsed, items, scene, checked)) for items, checked in _pairs(parsed, scene)]
    )
    taken = [*(item for items, _ in pairs for item in items), *standing.denied(parsed)]
    found = [checked for _, checked in pairs]
    told = list(figures(parsed, group_pattern(scene.race.coverage)))
    read = [*taken, *(item for item, _ in told)]
    for item in (item for item in parsed.items if item.mark == "Q" and item not in read):
        found += unclaimed(parsed, item, scene)
    for item, family in told:
        if item not in taken and family in FIGURES and not standing.is_of_others(parsed, item):
            first = _of_figure(parsed, item, scene, FIGURES[family])
            known = (whose(parsed, item, scene, reread(parsed, item, scene, checked)) for checked in first)
            found += (of_something_else(parsed, item, scene, checked) for checked in known)
    for phrase in PHRASES:
        found += phrase(parsed, scene)
    found = [checked for checked in found if checked.claim.type not in {"status", "rank"} or not _is_elsewhere(parsed, scene, checked)]
    if scene.partial:
        found = [checked for checked in found if checked.claim.type != "rank"]
    if is_of_later_times(parsed, scene.race):
        found = [_of_later_times(checked) for checked in found]
    yield from sorted(_once(found), key=lambda checked: (checked.claim.start, checked.claim.end))


def _of_later_times(checked: CheckedClaim) -> CheckedClaim:
    """An election told of long afterwards may be another one: nothing is held against this one."""
    if not checked.verdict.needs_a_person or checked.claim.type in {"person", "policy"}:
        return checked
    words = "The race was over long before; nothing says that the sentence is about it"
    return replace(checked, verdict=Verdict.CANNOT_CHECK, reason=f"{words}. {checked.reason}", suggestion="")


def _is_elsewhere(parsed: Parsed, scene: Scene, checked: CheckedClaim) -> bool:
    """Whether a claim is of another race, or of a part of the district."""
    return scene.foreign or is_in_part(part_of(parsed, checked.claim.start, checked.claim.end).skeleton, scene.race)


def _pairs(parsed: Parsed, scene: Scene) -> Iterator[tuple[tuple[Item, Item], CheckedClaim]]:
    """Read pairs at the moment that is meant; what fails there may be a pair of another moment that is named."""
    for items, first in standing.pairs(parsed, scene):
        if first.verdict not in {Verdict.CONTRADICTED, Verdict.STALE}:
            yield items, first
            continue
        moments = (
            scene_at(parsed, items[0], scene),
            *other_scenes(parsed, items[0], scene),
            *((replace(scene, explicit=False),) if scene.explicit else ()),
        )
        others = (again for moment in moments for pair, again in standing.pairs(parsed, moment) if pair == items)
        better = next((again for again in others if again.verdict in {Verdict.CONFIRMED, Verdict.STALE}), first)
        keep = better is first or better.verdict is Verdict.CONFIRMED
        yield items, better if keep else first if first.verdict is Verdict.STALE else _open(first, better)


def _of_figure(parsed: Parsed, item: Item, scene: Scene, family: Figure) -> tuple[CheckedClaim, ...]:
    """Read a figure at the moment its part of the sentence names; what fails there may be true of another moment that is named."""
    first = tuple(family(parsed, item, scene_at(parsed, item, scene)))
    if not any(one.verdict in {Verdict.CONTRADICTED, Verdict.STALE} for one in first):
        return first
    for other in other_scenes(parsed, item, scene):
        again = tuple(family(parsed, item, other))
        if again and all(one.verdict is Verdict.CONFIRMED for one in again):
            return (
                again
                if is_telling(item.figure) or other.explicit or other.contest is scene.race.current
                else tuple(_open(one, two) for one, two in zip(first, again, strict=False))
            )
    if scene.explicit and not any(one.claim.args.get("strong") for one in first):
        again = tuple(family(parsed, item, replace(scene, explicit=False)))
        if again and all(one.verdict in {Verdict.CONFIRMED, Verdict.STALE} for one in again):
            past = all(one.verdict is Verdict.CONFIRMED for one in again)
            return again if past else tuple(_open(one, two) for one, two in zip(first, again, strict=False))
    return first


def _open(first: CheckedClaim, other: CheckedClaim) -> CheckedClaim:
    """A figure that would be right of another moment, and has too few digits to say that it is meant."""
    words = f"Not settled which count is meant; of another one: {other.reason}"
    return replace(first, verdict=Verdict.CANNOT_CHECK, reason=words, evidence=(*first.evidence, *other.evidence), suggestion="")


LATE_PAIR = Pattern(
    r"\b(?:late|later|last|latest|remaining|new)[ -](?:\w+ ){0,3}(?:ballots|votes|count|batch|mail)|"
    r"\b(?:ballots|votes)[^.;]{0,20}(?:after|since)"
)


def _reread_pair(parsed: Parsed, items: tuple[Item, Item], scene: Scene, checked: CheckedClaim) -> CheckedClaim:
    """A pair that is no standing may be what two gained: each half has to be borne out."""
    if checked.verdict in {Verdict.CONTRADICTED, Verdict.CANNOT_CHECK} and LATE_PAIR.search(parsed.text[: items[0].start]):
        options = checked.claim.args["options"]
        larger_first = sorted(items, key=lambda item: -(item.quantity.value if item.quantity else 0))
        percents = [replace(item, quantity=standing.as_unit(item.figure, Unit.PERCENT)) for item in larger_first]
        late = [gains.batch_of(parsed, item, scene, option, sure=False) for item, option in zip(percents, options, strict=True)]
        if all(half.verdict is Verdict.CONFIRMED for half in late):
            return replace(late[0], claim=checked.claim, reason=" ".join(half.reason for half in late))
    if others := pair_of_others(parsed, items, scene, checked):
        return others
    halves = [reread(parsed, item, scene, half) for item, half in _halves(parsed, items, checked)]
    right = checked.verdict is not Verdict.CONFIRMED and all(half.verdict is Verdict.CONFIRMED for half in halves)
    return replace(halves[0], claim=checked.claim) if right else checked


def _halves(parsed: Parsed, items: tuple[Item, Item], checked: CheckedClaim) -> Iterator[tuple[Item, CheckedClaim]]:
    """Each figure of a pair, with whose it is where a name says so."""
    named = {option for item in parsed.candidates for option in item.options}
    options = checked.claim.args["options"]
    larger_first = items[0].figure.value >= items[1].figure.value
    for item, option in zip(items, options if larger_first else reversed(options), strict=True):
        more = {"option": option, "strong": True} if option in named else {}
        yield item, replace(checked, claim=replace(checked.claim, args={**checked.claim.args, **more}))


def _once(found: Iterable[CheckedClaim]) -> Iterator[CheckedClaim]:
    """Leave out a claim that says the same of the same words again."""
    seen: set[tuple[str, int, int, str]] = set()
    for checked in found:
        key = (
            checked.claim.type,
            checked.claim.start,
            checked.claim.end,
            str([checked.claim.args.get(name) for name in ("option", "options", "endorser", "issue")]),
        )
        if key not in seen:
            seen.add(key)
            yield checked


def _parsed(sentences: tuple[Sentence, ...], race: Race, written: datetime) -> tuple[Parsed, ...]:
    """Read sentences; a weekday in them is near the day on which they were written, whenever they are checked."""
    day = race.day_of(race.round_at(written))
    return parse(sentences, race.roster, now=written.astimezone(race.zone), election_day=day, roles=race.roles)


@lru_cache(maxsize=8)
def _race(known: Same[Facts], contest: str) -> Race:
    """Return a race: the same for every story that is held against the same facts."""
    facts = known.value
    rounds = rounds_of(facts.election, contest)
    return race_of(facts, rounds, _roster(facts.coverage, rounds, _agencies(facts)))


def _agencies(facts: Facts) -> tuple[str, ...]:
    return tuple(sorted({report.by for report in facts.records.reports if report.kind.value.startswith("agency")}))


@lru_cache(maxsize=16)
def _roster(coverage: Coverage, rounds: tuple[Contest, ...], agencies: tuple[str, ...]) -> Roster:
    """Return the names of a race: the same for every story about it."""
    return roster_of(rounds, coverage, agencies)


def most_named(document: Document, election: Election) -> str:
    """Return the contest whose candidates a story names most, by full name before surname; the first one if it names nobody."""
    return _most_named(document, tuple(election))


@lru_cache(maxsize=16)
def _most_named(document: Document, contests: tuple[Contest, ...]) -> str:
    """Return the contest that a story names most: the same at every moment that it is checked for."""
    text = folded_text(" ".join(block.text for block in document.blocks))
    names = Counter({contest.id: sum(text.count(form) for form in _forms(contest)) for contest in contests})
    best = max(names.values(), default=0)
    return next((contest.id for contest in contests if names[contest.id] == best), "")


@lru_cache(maxsize=1024)
def _forms(contest: Contest) -> tuple[str, ...]:
    people = [option for option in contest.options if option.is_person]
    written = [folded_text(form) for option in people for name in (option.name, *option.aliases) for form in (name, *spoken(name))]
    return tuple(dict.fromkeys([*written, *(surname(form) for form in written if form)]))


def rounds_of(election: Election, contest: str) -> tuple[Contest, ...]:
    """Return a contest with the rounds before and after it, in order."""
    start = election.contest(contest)
    while before := next((one for one in election if one.next_round == start.id and one.id != start.id), None):
        start = before
    found = [start]
    while (after := next((one for one in election if one.id == found[-1].next_round), None)) and after not in found:
        found.append(after)
    return tuple(found)
