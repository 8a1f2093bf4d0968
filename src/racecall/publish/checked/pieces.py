"""A checked story as lines of marked words: what a page and a terminal both show, cut once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from racecall.coverage.claims import CheckedClaim, CheckedStory, Remark, Verdict
from racecall.coverage.document import Role, Sentence

ORDER: Mapping[Verdict, int] = {verdict: place for place, verdict in enumerate(Verdict)}
"""The gravest first."""


@dataclass(frozen=True, slots=True)
class Note:
    """A claim with the number that it has in the story, from 1."""

    number: int
    claim: CheckedClaim


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence.

    Args:
        text: Its words.
        notes: The claims that are made there; none between claims.
    """

    text: str
    notes: tuple[Note, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The gravest verdict of its claims."""
        return min((note.claim.verdict for note in self.notes), key=lambda verdict: ORDER[verdict], default=None)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as it is shown.

    Args:
        sentence: The sentence.
        pieces: Its words, in order; together they are the sentence.
        notes: Its claims, in order.
        remarks: What is worth a look besides.
    """

    sentence: Sentence
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    remarks: tuple[Remark, ...]

    @property
    def wrong(self) -> tuple[Note, ...]:
        """Claims that somebody has to look at."""
        return tuple(note for note in self.notes if note.claim.verdict.needs_a_person)


@dataclass(frozen=True, slots=True)
class Passage:
    """Sentences of one paragraph that are shown beside their notes together.

    Args:
        lines: The sentences.
        begins: Whether the paragraph begins with it.
    """

    lines: tuple[Line, ...]
    begins: bool

    @property
    def role(self) -> Role:
        """What its paragraph is."""
        return self.lines[0].sentence.role

    @property
    def notes(self) -> tuple[Note, ...]:
        """Claims of all its sentences."""
        return tuple(note for line in self.lines for note in line.notes)

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Remarks of all its sentences."""
        return tuple(remark for line in self.lines for remark in line.remarks)


def lines(story: CheckedStory) -> tuple[Line, ...]:
    """Return every sentence of a story with its marked words, claims numbered in reading order."""
    notes = [Note(number, claim) for number, claim in enumerate(story.claims, 1)]
    by_sentence: dict[int, list[Note]] = {}
    for note in notes:
        by_sentence.setdefault(note.claim.claim.sentence.number, []).append(note)
    remarks: dict[int, list[Remark]] = {}
    for remark in story.remarks:
        remarks.setdefault(remark.sentence.number, []).append(remark)
    return tuple(
        _line(sentence, by_sentence.get(sentence.number, ()), tuple(remarks.get(sentence.number, ()))) for sentence in story.sentences
    )


def _line(sentence: Sentence, notes: Sequence[Note], remarks: tuple[Remark, ...]) -> Line:
    return Line(sentence=sentence, pieces=tuple(_pieces(sentence.text, notes)), notes=tuple(notes), remarks=remarks)


def _pieces(text: str, notes: Sequence[Note]) -> Iterator[Piece]:
    """Cut a sentence at its claims; claims that lie in one another are marked together."""
    at = 0
    for start, end, group in _stretches(notes):
        if start > at:
            yield Piece(text[at:start])
        yield Piece(text[start:end], tuple(group))
        at = end
    if at < len(text):
        yield Piece(text[at:])


def _stretches(notes: Sequence[Note]) -> Iterator[tuple[int, int, list[Note]]]:
    group: list[Note] = []
    start = end = 0
    for note in sorted(notes, key=lambda note: (note.claim.claim.start, note.number)):
        claim = note.claim.claim
        if group and claim.start < end:
            group, end = [*group, note], max(end, claim.end)
            continue
        if group:
            yield start, end, group
        group, start, end = [note], claim.start, claim.end
    if group:
        yield start, end, group


def passages(story: CheckedStory) -> tuple[Passage, ...]:
    """Return a story in passages: a sentence with something beside it ends one, so that notes stand beside their words."""
    found: list[Passage] = []
    together: list[Line] = []
    block = -1
    for line in lines(story):
        if together and line.sentence.block != together[0].sentence.block:
            found.append(_passage(together, block))
            block, together = together[0].sentence.block, []
        together.append(line)
        if line.notes or line.remarks:
            found.append(_passage(together, block))
            block, together = line.sentence.block, []
    return (*found, *([_passage(together, block)] if together else []))


def _passage(together: Sequence[Line], block: int) -> Passage:
    return Passage(lines=tuple(together), begins=together[0].sentence.block != block)
