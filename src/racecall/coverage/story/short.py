"""A story in few words: push alert, digest item, headline, alternative text. Each keeps whole sentences of the story, with their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from racecall.coverage.story.told import Said, Section, Told

PUSH = 178
"""Characters of a push alert that iOS shows before it cuts; *rounded*, what newsrooms keep to."""
ENDS = (".", "!", "?", ":")


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """The short forms of a story, each as the sentences it is made of.

    Args:
        push: A push alert; `text_of` it has at most `PUSH` characters.
        digest: An item of a digest: the headline, what is known, and when more comes.
        headline: The headline, and that it is a rehearsal if it is one.
        alt: What a screen reader says of a chart of the standing; () without a count.
    """

    push: tuple[Said, ...]
    digest: tuple[Said, ...]
    headline: tuple[Said, ...]
    alt: tuple[Said, ...]


def short_forms(told: Told) -> Short:
    """Return the short forms of a story."""
    mark = (told.mark,) if told.mark else ()
    return Short(
        push=_push(told),
        digest=(*mark, told.title, told.headline, *_body(told)),
        headline=(*mark, told.headline),
        alt=(*mark, *told.alt) if told.alt else (),
    )


def text_of(sentences: Iterable[Said]) -> str:
    """Return sentences as one text; a headline or a title among them gets the full stop it does without."""
    found = list(sentences)
    return " ".join([*(_ended(said.text) for said in found[:-1]), *(said.text for said in found[-1:])])


def _ended(text: str) -> str:
    return text if text.endswith(ENDS) else f"{text}."


def _body(told: Told) -> tuple[Said, ...]:
    """Return what a digest says under the headline: where people are, how much is counted, what is out, what comes."""
    lede = [said for said in told.section(Section.LEDE) if not _repeats(said, told.headline)]
    return (*lede, *told.section(Section.OUTSTANDING)[:1], *told.section(Section.NEXT))


def _repeats(said: Said, headline: Said) -> bool:
    """Whether a sentence says what the headline says, of the same people."""
    return said.key.partition(".")[2].partition(":")[0] == headline.key.partition(".")[2]


def _push(told: Told) -> tuple[Said, ...]:
    """Return a push alert: the headline or, where a name is too long, what there is without names; then whatever fits."""
    mark = (told.mark,) if told.mark else ()
    starts = ((*mark, told.title, told.headline), (*mark, told.headline), (*mark, told.brief))
    chosen = next((start for start in starts if _fits(start)), starts[-1])
    for said in _body(told):
        if _fits((*chosen, said)) and told.brief not in chosen:
            chosen = (*chosen, said)
    return chosen


def _fits(sentences: Sequence[Said]) -> bool:
    return len(text_of(sentences)) <= PUSH
