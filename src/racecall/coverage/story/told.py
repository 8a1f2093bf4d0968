"""A story as values: what is to be said (points), and what a language made of it (sentences), each part with the figure it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from racecall.coverage.claims import Trace
from racecall.coverage.story.figures import NUMBERS, Figure, How


class Stage(StrEnum):
    """Where a contest is, in the order in which most contests go through it."""

    BEFORE = "before"
    """No count yet."""
    RUNOFF = "runoff"
    """A second round of which there is no count yet: who meets, and how they got there."""
    COUNTING = "counting"
    LIKELY = "likely"
    """A place is likely, and none is called."""
    CALLED = "called"
    """A place is called, by us or by an agency that is named."""
    COUNTED = "counted"
    """Nothing is left to count, and nobody has certified it."""
    CERTIFIED = "certified"


class Section(StrEnum):
    """Paragraphs of a story, in their order."""

    LEDE = "lede"
    STANDING = "standing"
    OUTSTANDING = "outstanding"
    NEXT = "next"
    SINCE = "since"
    FIELD = "field"
    EARLY = "early"
    MONEY = "money"
    CALLS = "calls"
    METHOD = "method"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something to say, in no language yet.

    Args:
        id: Which sentence of the catalogue, e.g. ``standing.finished``.
        figures: What fills its places.
        about: What tells it from other points with the same sentence, e.g. an option's id.
    """

    id: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    about: str = ""

    @property
    def key(self) -> str:
        """Its name in the story; it does not depend on any figure's value."""
        return f"{self.id}:{self.about}" if self.about else self.id

    @property
    def is_one(self) -> bool:
        """Whether its subject is a single thing: languages have another sentence for that."""
        first = next(iter(self.figures.values()), None)
        if first is None:
            return False
        named = first.how in {How.NAMES, How.LABELS} and len(first.trace.value) == 1
        return named or (first.how in NUMBERS and first.trace.value == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a sentence: words of the catalogue, or a figure."""

    text: str
    figure: Figure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence.

    Args:
        key: Which point it says.
        parts: Its pieces, in order.
    """

    key: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence."""
        return "".join(part.text for part in self.parts)

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The rows behind it, each once."""
        rows = [part.figure.trace for part in self.parts if part.figure]
        return tuple(row for at, row in enumerate(rows) if row not in rows[:at])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story.

    Args:
        contest: Contest id.
        stage: The stage it is written for.
        language: Language code.
        as_of: The moment.
        head: Hash of the last ledger event it rests on.
        title: What it is about: the contest's title.
        headline: The headline.
        sections: Paragraphs; those with nothing to say are left out.
        warning, mark: That it is a rehearsal, in full and in a word; None if it is not.
        alt: The standing, for the alternative text of a chart; () without a count.
        brief: A headline without names, for where there is no room for them.
    """

    contest: str
    stage: Stage
    language: str
    as_of: datetime
    head: str
    title: Said
    headline: Said
    sections: tuple[tuple[Section, tuple[Said, ...]], ...]
    brief: Said
    warning: Said | None = None
    mark: Said | None = None
    alt: tuple[Said, ...] = ()

    @property
    def sentences(self) -> tuple[Said, ...]:
        """Everything that is said, in reading order, the headline first."""
        opening = (self.warning, self.title, self.headline) if self.warning else (self.title, self.headline)
        return (*opening, *(said for _, paragraph in self.sections for said in paragraph))

    def section(self, section: Section) -> tuple[Said, ...]:
        """Return the sentences of a section, () if it has none."""
        return dict(self.sections).get(section, ())
