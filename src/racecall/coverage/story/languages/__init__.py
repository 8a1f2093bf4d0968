"""The languages of stories, one file each: whole sentences, words for units and parties, and how days are written.

Adding a language is adding a file with a `CATALOGUE`; a test says which sentences and places it lacks. Sentences hold no digit of their
own: a place in braces takes a figure, and a figure brings its row. A sentence can stand in several ways; which one is taken depends on the
contest and the sentence and on no figure. The key ``….one`` is for a single subject. In ``{name:이/가}`` the first particle follows a
final consonant, the second a vowel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module

from racecall.coverage.story.figures import How
from racecall.errors import UnknownName

CODE = re.compile(r"[a-z]{2,3}(_[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """A language.

    Args:
        code: Language code.
        sentences: Ways to say each point, by its id.
        units: A number with its noun, one and several; ``{}`` is the number.
        ordinals: First, second and on; `ordinal` with ``{}`` for what lies beyond.
        parties: Members of a party, one and several, by the party's code; one that is not listed stands as its code.
        party: Members of a party that has no words of its own: ``{0}`` of ``{1}``.
        rounds: What places lead to, by `How.ROUND`.
        words: Words of the record this language knows, by the English ones.
        name: What stands around a candidate's name, so that no grammar depends on how it ends.
        about: A figure that is not exact.
        dollars: An amount of money.
        day, date: Patterns of a day with and without its weekday, as Babel knows them.
        year: The same for a day of another year, with ``{}`` for the pattern.
        moment: ``{time}`` and ``{day}``.
        tidy: What Babel writes of hours, and what stands here instead.
        lists: Locale whose lists are written, "" for the language's own.
    """

    code: str
    sentences: Mapping[str, tuple[str, ...]]
    units: Mapping[How, tuple[str, str]]
    ordinals: tuple[str, ...]
    ordinal: str
    parties: Mapping[str, tuple[str, str]]
    party: str
    rounds: Mapping[str, str]
    words: Mapping[str, str] = field(default_factory=dict)
    name: str = "{}"
    about: str
    dollars: str
    day: str
    date: str
    year: str
    moment: str
    tidy: tuple[tuple[str, str], ...] = ()
    lists: str = ""


def catalogue(code: str) -> Catalogue:
    """Return a language.

    Raises:
        UnknownName: No story can be written in it.
    """
    try:
        found: Catalogue = import_module(f"{__name__}.{code if CODE.fullmatch(code) else ''}").CATALOGUE
    except ImportError:
        raise UnknownName(
            f"no story can be written in {code!r}.", next_step="There are en, es and ko; docs/story.md says how one is added."
        ) from None
    return found
