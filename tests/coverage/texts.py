"""Texts with what the copy desk should say of each of their claims, and the facts that the desk has at hand.

A text is a headline, a caption and a body, each optional but the body. An expected claim is a stretch of words, the types it may be found
as, and the verdicts that are right for it, the first of them the one we would give. `corpus/README.md` has the rules of marking.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from racecall.calls.view import ContestView
from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.document import Block, Document, Role
from racecall.coverage.facts import Facts
from racecall.desk.copydesk import facts_of
from racecall.desk.demo import build_demo
from racecall.desk.folder import ElectionFolder, open_folder
from racecall.ledger.events import Ledger

CORPUS = Path(__file__).parent / "corpus"
ROLES = (("headline", Role.HEADLINE), ("caption", Role.CAPTION), ("text", Role.BODY))
UNSETTLED = frozenset({Verdict.CANNOT_CHECK, Verdict.OPINION, Verdict.ALLEGATION})
"""Verdicts that settle nothing; a claim of which something else is expected is checkable."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a block of a document.

    Args:
        block: Number of the block, from 0.
        start, end: Characters of the block's text.
    """

    block: int
    start: int
    end: int

    def overlaps(self, other: Place) -> bool:
        """Whether the two share a character."""
        return self.block == other.block and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Expected:
    """A claim that should be found.

    Args:
        words: The shortest stretch of the text that carries it.
        types: Types it may be found as, ours first.
        verdicts: Verdicts that are right, ours first.
        why: What the verdict rests on.
        place: Where the words stand.
    """

    words: str
    types: tuple[str, ...]
    verdicts: tuple[Verdict, ...]
    why: str
    place: Place

    @property
    def is_checkable(self) -> bool:
        """Whether the record settles it."""
        return self.verdicts[0] not in UNSETTLED

    def is_met_by(self, claim: CheckedClaim) -> bool:
        """Whether a claim that was found stands at the same words, under a type that is meant."""
        return claim.claim.type in self.types and self.place.overlaps(place_of(claim))

    def is_right(self, claim: CheckedClaim) -> bool:
        """Whether it is this claim, and its verdict is right."""
        return self.is_met_by(claim) and claim.verdict in self.verdicts


@dataclass(frozen=True, slots=True)
class Text:
    """A text and what should be said of it.

    Args:
        id: Its name.
        manner: How it is written: an agency, a county's release, an alert …
        election: Id of a packaged election.
        as_of: When it was published.
        document: The text.
        expected: The claims in it.
    """

    id: str
    manner: str
    election: str
    as_of: datetime
    document: Document
    expected: tuple[Expected, ...]


def read_texts(name: str) -> tuple[Text, ...]:
    """Read the texts of a file; ``practice`` is read with its later files, of which ``practice_two`` is one."""
    files = sorted(CORPUS.glob("practice*.toml" if name == "practice" else f"{name}.toml"))
    return tuple(text_of(entry) for file in files for entry in tomllib.loads(file.read_text(encoding="utf-8"))["text"])


def text_of(entry: dict[str, Any]) -> Text:
    """Return a text from plain values."""
    document = document_of(entry["id"], [(role, entry[key]) for key, role in ROLES if key in entry])
    expected = tuple(_expected(document, claim) for claim in entry["claim"])
    return Text(entry["id"], entry["manner"], entry["election"], entry["as_of"], document, expected)


def document_of(name: str, pieces: list[tuple[Role, str]]) -> Document:
    """Return a document of one line a piece."""
    source = "\n".join(text for _, text in pieces)
    starts = [sum(len(text) + 1 for _, text in pieces[:number]) for number in range(len(pieces))]
    blocks = (Block(role=role, text=text, line=line, offset=starts[line - 1]) for line, (role, text) in enumerate(pieces, 1))
    return Document(name=name, blocks=tuple(blocks), source=source)


def place_in(document: Document, words: str) -> Place:
    """Return where words stand.

    Raises:
        ValueError: They do not stand there exactly once.
    """
    places = list(_places(document, words))
    if len(places) != 1:
        raise ValueError(f"{document.name}: {words!r} stands {len(places)} times in the text, and has to once.")
    return places[0]


def place_of(claim: CheckedClaim) -> Place:
    """Return where a claim that was found stands."""
    sentence = claim.claim.sentence
    return Place(sentence.block, sentence.start + claim.claim.start, sentence.start + claim.claim.end)


def _places(document: Document, words: str) -> Iterator[Place]:
    for number, block in enumerate(document.blocks):
        start = block.text.find(words)
        while start >= 0:
            yield Place(number, start, start + len(words))
            start = block.text.find(words, start + 1)


def _expected(document: Document, claim: dict[str, Any]) -> Expected:
    return Expected(
        words=claim["words"],
        types=(claim["type"], *claim.get("or_type", ())),
        verdicts=tuple(Verdict(verdict) for verdict in (claim["verdict"], *claim.get("or_verdict", ()))),
        why=claim["why"],
        place=place_in(document, claim["words"]),
    )


# -- what the desk has at hand -------------------------------------------------------------------------------------------------------


@cache
def facts_at(election: str, moment: datetime) -> Facts:
    """Return what was known of a packaged election at a moment; a contest is judged once for a moment, whoever asks."""
    folder, ledger = packaged(election)
    return replace(facts_of(folder, ledger, moment), look=lambda contest, at: _judged(election, contest, at))


@cache
def packaged(election: str) -> tuple[ElectionFolder, Ledger]:
    """Return a packaged election, laid out in a folder of its own for as long as the program runs."""
    home = tempfile.TemporaryDirectory(prefix="racecall-corpus-")
    HOMES.append(home)
    build_demo(Path(home.name) / "election", election)
    folder = open_folder(Path(home.name) / "election")
    return folder, folder.store.ledger()


@cache
def _judged(election: str, contest: str, at: datetime) -> ContestView:
    folder, ledger = packaged(election)
    return facts_of(folder, ledger, at).look(contest, at)


HOMES: list[tempfile.TemporaryDirectory[str]] = []
"""Folders to remove at the end; they go when the program does."""
