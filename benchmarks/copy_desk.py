"""The copy desk: one long story after start-up, and a thousand stored ones checked again after a release.

The stories are made up from sentences about the demo's election, with figures of the night. No sentence stands in two of them: each has a
made-up word of its own, so that nothing is kept from one story to the next but what is known of the race.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks.base import Figures, Place, python_module, require

WORDS = 1_000
STORIES, STORY_WORDS = 1_000, 300
RUNS = 5

SENTENCES = (
    "Assemblyman Jimmy Gomez was leading with 28% of the vote on Wednesday, and Robert Lee Ahn was in second place with 19%.",
    "With 100% of precincts reporting, Gomez had 8,156 votes and Ahn had {votes:,} votes.",
    "Ahn was 2,726 votes ahead of Maria Cabildo, who was in third place with 9.6%.",
    "The two top finishers will meet in a June 6 runoff, because nobody won more than half of the vote.",
    "About 13,400 ballots were still to be counted, county officials said, and the next count is expected Friday.",
    "It was a long night in Boyle Heights, where volunteers waited in the back of a restaurant for figures that came late.",
    "“We always knew that it would be close,” said a neighbor who has voted in every election for {years} years.",
    "There were 23 names on the ballot in the 34th Congressional District, 19 of them Democrats.",
    "The Associated Press said that Gomez will advance.",
    "Turnout was 14% of registered voters, and the seat has been empty since Xavier Becerra became attorney general.",
)
"""About twenty words each; six of ten say something that can be checked."""
SYLLABLES = tuple(consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou")


def story(number: int, words: int) -> str:
    """Return a story of so many words, a little different from every other."""
    sentences: list[str] = []
    while sum(len(sentence.split()) for sentence in sentences) < words:
        place = (len(sentences) * 7 + number) % len(SENTENCES)
        sentence = SENTENCES[place].format(votes=5_504 + number % 3, years=10 + (number + len(sentences)) % 50)
        sentences.append(f"{sentence[:-1]}, as {made_up(number * words + len(sentences))} had it.")
    paragraphs = (" ".join(sentences[place : place + 3]) for place in range(0, len(sentences), 3))
    return "\n\n".join((f"Story {number}: two lead in the 34th", "April 5, 2017, 12:30 p.m.", *paragraphs)) + "\n"


def made_up(number: int) -> str:
    """Return a word that no language has, another one for each number."""
    word = ""
    while number or not word:
        number, part = divmod(number, len(SYLLABLES))
        word += SYLLABLES[part]
    return word


def one(place: Place) -> Figures:
    """Time the check of one story of a thousand words, in a process that has checked another one before."""
    return measured(place, "one")


def queue(place: Place) -> Figures:
    """Time a thousand stored stories that are checked for two moments each, in a process of its own."""
    return measured(place, "queue")


def measured(place: Place, what: str) -> Figures:
    """Run one of `WORK` in a process of its own and return its figures."""
    run = python_module("benchmarks.copy_desk", what, place.scratch, scratch=place.scratch)
    figures: dict[str, float | int | str] = json.loads(run.stdout)
    return figures | {"peak_mb": run.peak_mb}


def _one(scratch: Path) -> Iterator[tuple[str, float | int | str]]:
    from racecall.coverage.check import check_story
    from racecall.coverage.reading import read_story
    from racecall.desk.checking import moment_of
    from racecall.desk.copydesk import facts_of
    from racecall.desk.demo import build_demo

    folder = build_demo(scratch / "election")
    zone = folder.election.zone
    seconds, with_facts, claims = [], [], 0
    for number in range(RUNS + 1):  # the first one loads what is loaded once
        began = time.perf_counter()
        ledger = folder.ledger()
        text = story(number, WORDS).encode()
        facts = facts_of(folder, ledger, moment_of(folder, ledger, read_story("story.txt", text, zone=zone)))
        check_story(read_story("warm.txt", b"Gomez leads\n\nJimmy Gomez had 8,156 votes.", zone=zone), facts)
        made = time.perf_counter()
        checked = check_story(read_story("story.txt", text, zone=zone), facts)
        seconds.append(time.perf_counter() - made)
        with_facts.append(time.perf_counter() - began)
        claims = len(checked.claims)
    require(claims > WORDS / 30, f"only {claims} claims were found in {WORDS:,} words")
    yield "seconds", statistics.median(seconds[1:])
    yield "seconds_with_facts", statistics.median(with_facts[1:])
    yield "seconds_first", with_facts[0]
    yield "claims", claims
    yield "measured", "story read and every claim checked, what was known at hand; with_facts: ledger read and contests judged too"


def _queue(scratch: Path) -> Iterator[tuple[str, float | int | str]]:
    from racecall.desk.demo import build_demo
    from racecall.desk.stale import standings

    folder = build_demo(scratch / "election")
    _store(folder)
    began, cpu = time.perf_counter(), time.process_time()
    ledger = folder.ledger()
    found = list(standings(folder, ledger, folder.store.clock()))
    seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    stale = sum(bool(standing.changes) for standing in found)
    require(len(found) == STORIES, f"{len(found):,} stories were checked, not {STORIES:,}")
    require(stale == STORIES, f"{stale:,} stories need an update; each has figures of the night, and the count is certified")
    yield "seconds", seconds
    yield "cpu_seconds", busy
    yield "stories", len(found)
    yield "words", STORIES * STORY_WORDS
    yield "measured", "ledger and bytes read, each story checked as of when it was published and as of now"


def _store(folder: object) -> None:
    """Put the stories into the record in one transaction: one after the other would read the ledger a thousand times."""
    from racecall.coverage.reading import read_story
    from racecall.coverage.record import row_draft
    from racecall.coverage.rows import Story
    from racecall.desk.folder import ElectionFolder

    assert isinstance(folder, ElectionFolder)
    drafts = []
    for number in range(STORIES):
        data = story(number, STORY_WORDS).encode()
        published = read_story("story.txt", data, zone=folder.election.zone).published
        assert published is not None
        at = published + timedelta(minutes=number)
        row = Story(
            id=f"story-{number}",
            source="a newsroom",
            as_of=at,
            title=f"Story {number}",
            outlet="A Paper",
            published=at,
            capture=folder.store.captures.put(data),
        )
        drafts.append(row_draft(row, actor="bench"))
    with folder.store.writing() as writing:
        writing.append(drafts)


WORK: Mapping[str, Callable[[Path], Iterator[tuple[str, float | int | str]]]] = {"one": _one, "queue": _queue}

if __name__ == "__main__":
    print(json.dumps(dict(WORK[sys.argv[1]](Path(sys.argv[2])))))
