"""The words of an alert: one table of English sentences, the same for every candidate, none above the state of the place.

A sentence whose facts are not known is left out. Another language hands in `translate`, which takes an English sentence of these tables and
gives its own, with the same names in braces; numbers and times are put in afterwards.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from racecall.ledger.events import from_iso
from racecall.model.release import ReportKind
from racecall.publish import words
from racecall.publish.alerts.event import AlertEvent, AlertKind, Fact
from racecall.publish.languages.words import Words

Translate = Callable[[str], str]
"""Gives the sentence of another language for an English one: `Words`, or `str` for English; only `Words` write times in their own way."""

PLACE = "Place {place} of {places}."
COUNTED = (
    "{votes_sized} votes are counted, about {share} of the expected votes ({share_low} to {share_high}).",
    "{votes_all} votes are counted, all of them.",
    "{votes_unsized} votes are counted. What share of all votes that is cannot be said.",
)
"""How much is counted: one of the three can be said at a time."""
OUT = ("About {left} ballots are out ({left_low} to {left_high}).", "At {stated_at} {out_source} said {out}.")
"""What is out now, and what the office said last: counting has gone on since."""
STANDING = "In the count: {standing}."
SOURCE = "Source: {source}"
"""Stands last and without a full stop: a source often ends with an address."""

HEADLINES: Mapping[str, str] = {
    "called/advance": "{title}: {name} advances, racecall projects",
    "called/elect": "{title}: {name} will be elected, racecall projects",
    "called/answer": "{title}: {name} will prevail, racecall projects",
    "likely/advance": "{title}: {name} is likely to advance. Not called",
    "likely/elect": "{title}: {name} is likely to be elected. Not called",
    "likely/answer": "{title}: {name} is likely to prevail. Not called",
    "certified/advance": "{title}: {name} advanced. Certified",
    "certified/elect": "{title}: {name} was elected. Certified",
    "certified/answer": "{title}: {name} prevailed. Certified",
    AlertKind.UNDER_REVIEW: "{title}: call under review: {name}",
    AlertKind.RETRACTED: "{title}: call withdrawn: {name}",
    "stepped_back/advance": "{title}: no longer said: {name} is likely to advance. Not called",
    "stepped_back/elect": "{title}: no longer said: {name} is likely to be elected. Not called",
    "stepped_back/answer": "{title}: no longer said: {name} is likely to prevail. Not called",
    "stepped_back/called": "{title}: no longer said: what stood of {name}. Not called",
    AlertKind.CORRECTION: "{title}: count corrected, now {votes} votes",
    AlertKind.RELEASE: "{title}: {added} votes, {votes} counted",
    "release/first": "{title}: first count, {votes} votes",
    AlertKind.HELD: "{title}: calls are held by a finding",
    AlertKind.FREE: "{title}: a finding was accepted and holds calls no more",
    AlertKind.AGENCY_CALL: "{title}: " + words.REPORTS[ReportKind.AGENCY_CALL],
    AlertKind.AGENCY_RETRACTION: "{title}: " + words.REPORTS[ReportKind.AGENCY_RETRACTION],
    AlertKind.VICTORY_CLAIM: "{title}: " + words.REPORTS[ReportKind.VICTORY_CLAIM],
    AlertKind.CONCESSION: "{title}: " + words.REPORTS[ReportKind.CONCESSION],
    AlertKind.CONCESSION_RETRACTED: "{title}: " + words.REPORTS[ReportKind.CONCESSION_RETRACTED],
    AlertKind.NEXT_RELEASE: "{title}: next count {due_at}",
    AlertKind.STORY_STALE: "{title}: a story needs an update: {name}",
    AlertKind.TEST: "{title}: a test of the alerts; nothing happened",
}
"""By kind, and by what follows a stroke where one kind has several."""

TEXTS: Mapping[AlertKind, Sequence[str]] = {
    AlertKind.CALLED: (PLACE, "{reason}.", *COUNTED, *OUT, "A call is never a result."),
    AlertKind.LIKELY: (PLACE, "{conditional}", *COUNTED, *OUT),
    AlertKind.CERTIFIED: (PLACE, *COUNTED),
    AlertKind.UNDER_REVIEW: (
        PLACE,
        "We called this at {called_at}.",
        "The call is being looked at again; until people have decided, it is neither confirmed nor withdrawn.",
        "The reason given: {reason}.",
    ),
    AlertKind.RETRACTED: (PLACE, "We called this at {called_at}.", "We withdraw it. The reason given: {reason}.", *COUNTED),
    AlertKind.STEPPED_BACK: (PLACE, "{conditional}", *COUNTED, *OUT),
    AlertKind.CORRECTION: ("Fell: {falls}.", STANDING, *COUNTED, *OUT, SOURCE),
    AlertKind.RELEASE: (STANDING, *COUNTED, *OUT, SOURCE),
    AlertKind.HELD: ("{problem}", "No place is recommended for a call until two people have accepted it."),
    AlertKind.FREE: ("It was: {problem}",),
    AlertKind.AGENCY_CALL: ("The call of {by}, not ours.", SOURCE),
    AlertKind.AGENCY_RETRACTION: (SOURCE,),
    AlertKind.VICTORY_CLAIM: ("A claim, not a call.", SOURCE),
    AlertKind.CONCESSION: ("A candidate's word, not a result.", SOURCE),
    AlertKind.CONCESSION_RETRACTED: (SOURCE,),
    AlertKind.NEXT_RELEASE: ("{what}.", SOURCE),
    AlertKind.STORY_STALE: ("Claims to look at: {claims}.", "{problem}"),
    AlertKind.TEST: ("Whoever reads this will be told what happens.",),
}
"""What stands under the headline, sentence by sentence."""

REPLACES = "This takes the place of what was sent before on the same matter."
REPLACED = "No longer so: {headline} ({at})."
"""Stands first in an alert whose place was taken, wherever it can still be read."""
AND_MORE = "{headline} (and {number} more)"
"""Subject of a message that tells several things."""
IN_FULL, LEAVE = "Results in full", "Leave this list"
"""Links at the end of a message."""
SPOKEN_OF = ("the contest", "place {number}")
"""What somebody else's call or claim is about, as `racecall.publish.words.report_place` writes it."""


def spoken() -> frozenset[str]:
    """Return every sentence of these tables, for translators."""
    under = (sentence for told in TEXTS.values() for sentence in told)
    return frozenset({*HEADLINES.values(), *under, REPLACES, REPLACED, words.REHEARSAL, *SPOKEN_OF, AND_MORE, IN_FULL, LEAVE})


def language_of(translate: Translate) -> str:
    """Return the code of the language that sentences are given in."""
    return translate.code if isinstance(translate, Words) else "en"


def headline(event: AlertEvent, translate: Translate = str) -> str:
    """Say in one line what happened."""
    wanted = (f"{event.kind}/{_variant(event)}", event.kind.value)
    found = next(HEADLINES[key] for key in wanted if key in HEADLINES)
    line = _filled(found, event, translate)
    assert line is not None  # every kind carries the facts of its headline
    return f"{translate(words.REHEARSAL)} {line}" if event.rehearsal else line


def _variant(event: AlertEvent) -> Fact:
    if event.kind is AlertKind.RELEASE and event.facts.get("added") is None:
        return "first"
    if event.kind is AlertKind.STEPPED_BACK and event.facts["was"] != "likely":
        return "called"
    return event.facts.get("goal")


def sentences(event: AlertEvent, translate: Translate = str) -> Iterator[str]:
    """Yield what stands under the headline: what is known of it, and that it takes the place of something."""
    if event.supersedes:
        yield translate(REPLACES)
    filled = (_filled(sentence, event, translate) for sentence in TEXTS[event.kind])
    yield from (sentence for sentence in filled if sentence)


def text(event: AlertEvent, translate: Translate = str, *, replaced_by: AlertEvent | None = None) -> str:
    """Write everything under the headline as one paragraph; what took the event's place since stands first."""
    return " ".join((*_replaced(replaced_by, translate), *sentences(event, translate)))


def _replaced(successor: AlertEvent | None, translate: Translate) -> Iterator[str]:
    if successor is not None:
        yield translate(REPLACED).format(headline=headline(successor, translate), at=clock(successor, translate))


def _filled(sentence: str, event: AlertEvent, translate: Translate) -> str | None:
    """Put the facts into a sentence; None if one of them is not known."""
    names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name]
    values = {"title": event.title} | {name: _written(name, event.facts.get(name), event, translate) for name in names if name != "title"}
    if any(values[name] is None for name in names):
        return None
    said = translate(sentence)
    for name in (name for name, value in values.items() if str(value).endswith(".")):
        said = said.replace(f"{{{name}}}.", f"{{{name}}}")  # "Jr." and "p.m." end a sentence by themselves
    return said.format_map(values)


def clock(event: AlertEvent, translate: Translate) -> str:
    """Write when an alert was made, in the county's time."""
    return _clock(event.at, event.zone, translate)


def _clock(moment: datetime, zone: ZoneInfo, translate: Translate) -> str:
    return translate.moment(moment, zone) if isinstance(translate, Words) else words.clock(moment, zone)


def _written(name: str, fact: Fact, event: AlertEvent, translate: Translate) -> str | None:
    """Write a fact as it stands in a sentence; its name says what it is."""
    if fact is None or fact == "":
        return None
    if name == "falls":
        return "; ".join(f"{who} {words.signed(votes)}" for who, votes, _ in _lines(fact))
    if name == "standing":
        return "; ".join(f"{who} {votes:,} ({words.percent(share)})" for who, votes, share in _lines(fact)) or None
    if name.endswith("_at"):
        return _clock(from_iso(str(fact)), event.zone, translate)
    return _spoken_of(fact, translate) if name == "place" and isinstance(fact, str) else _number(name, fact)


def _spoken_of(place: str, translate: Translate) -> str:
    number = place.removeprefix("place ")
    return translate(SPOKEN_OF[1]).format(number=number) if number.isdigit() else translate(place)


def _number(name: str, fact: Fact) -> str:
    if name == "added":
        return words.signed(float(str(fact)))
    if isinstance(fact, float):
        return words.percent(fact, 0) if name.startswith("share") else f"{fact:,.1f}"
    return f"{fact:,}" if isinstance(fact, int) else str(fact)


def _lines(fact: Fact) -> Sequence[tuple[str, int, float]]:
    assert isinstance(fact, Sequence)
    assert not isinstance(fact, str)
    return fact
