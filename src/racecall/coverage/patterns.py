"""Patterns that are quick to say no: most sentences have none of the words that a pattern cannot do without.

A pattern over a sentence of twenty words tries each of its turns of phrase at each word. Looking for plain words first takes a twentieth of
that, and which words a pattern cannot do without follows from the pattern itself (`needs`): there is no second list to keep. Telling them
takes as long as making the pattern, so a pattern does so when it has been used often: a single story is read without.

A pattern that takes no heed of case is tried in lower case before it is tried for good (`is_lower`): most find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from itertools import chain
from threading import Lock
from typing import Any

Words = frozenset[str]
"""Words of which one has to stand in a text, in lower case."""
OFTEN = 200
"""Texts after which a pattern tells which words it needs."""
KEPT = 256
"""Texts of which a pattern knows what it found: a sentence is asked about for each of its figures, and a stored story for two moments."""
GRAM = 3
"""Letters by which words are looked up in a text: few of them stand in it, and only of those the words are looked for."""


_GROWS = Lock()
"""No two threads add to the vocabulary at once: what one adds the other would leave out."""


class Vocabulary:
    """Words that patterns need, looked for in a text once for all of them.

    Args:
        words: The words.
    """

    def __init__(self, words: Iterable[str] = ()) -> None:
        self.words = frozenset(words)
        self._short = sorted(word for word in self.words if len(word) < GRAM)
        self._long: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(self.words.difference(self._short)):
            self._long.setdefault(tuple(word[:GRAM]), []).append(word)
        self.told = lru_cache(maxsize=KEPT)(self._told)
        """Returns a text in lower case and the words that stand in it, None if it is not plain enough to tell."""

    def _told(self, text: str) -> tuple[str, Words] | None:
        if not text.isascii():
            return None
        lower = text.lower()
        grams = self._long.keys() & set(zip(lower, lower[1:], lower[2:], strict=False))
        near = chain(self._short, chain.from_iterable(map(self._long.__getitem__, grams)))
        return lower, frozenset(filter(lower.__contains__, near))


class Pattern:
    """A pattern like those of `re`, that looks for its words first.

    Args:
        source: The pattern.
        flags: As `re.compile` takes them.
    """

    vocabulary = Vocabulary()
    """What all patterns that know their words need."""

    def __init__(self, source: str, flags: int = 0) -> None:
        self.compiled = re.compile(source, flags)
        self.groupindex = self.compiled.groupindex
        self.pattern, self.flags = source, self.compiled.flags
        self.match = self.compiled.match
        self._needs: tuple[Words, ...] | None = None
        self._lower: re.Pattern[str] | None = None
        self._uses = 0
        self.search: Callable[[str], re.Match[str] | None] = lru_cache(maxsize=KEPT)(self._search)
        """Returns the first place of a text that fits, None if none does."""
        self.finditer: Callable[[str], tuple[re.Match[str], ...]] = lru_cache(maxsize=KEPT)(self._finditer)
        """Returns every place of a text that fits, none over another."""

    def could(self, text: str) -> bool:
        """Whether a text has the words, and fits in lower case where case says nothing, or is not plain enough to tell."""
        needs = self._needs  # before the vocabulary is asked for: by then it has these words, whatever another thread does
        if needs is None:
            self._uses += 1
            if self._uses >= OFTEN:
                self._get_ready()
            return True
        told = Pattern.vocabulary.told(text)
        if told is None:
            return True
        lower, words = told
        for one in needs:
            if one.isdisjoint(words):
                return False
        return self._lower is None or self._lower.search(lower) is not None

    def _get_ready(self) -> None:
        if self.flags & re.IGNORECASE and is_lower(self.pattern):
            self._lower = re.compile(self.pattern, self.flags & ~re.IGNORECASE)
        found = needs(self.pattern, self.flags)
        with _GROWS:
            Pattern.vocabulary = Vocabulary(Pattern.vocabulary.words.union(*found))
        self._needs = found

    def _search(self, text: str) -> re.Match[str] | None:
        return self.compiled.search(text) if self.could(text) else None

    def _finditer(self, text: str) -> tuple[re.Match[str], ...]:
        return tuple(self.compiled.finditer(text)) if self.could(text) else ()


def is_lower(source: str) -> bool:
    """Whether a pattern that takes no heed of case is written in lower case: on a text in lower case it then fits the same with heed.

    `re` is three times as quick with heed: it tries a turn of phrase only where its first letter stands.
    """
    plain = re.sub(r"\\.|\(\?P", "", source)
    return plain == plain.lower() and "(?-" not in plain


def needs(source: str, flags: int = 0) -> tuple[Words, ...]:
    """Return sets of words: of each one word stands in whatever a pattern fits. None if it has no such words or this Python does not tell.

    What says no most often comes first: the words of which the shortest is longest, then the fewest.
    """
    try:
        tree = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # its place in the standard library is not promised
        return ()
    return tuple(sorted(set(_parts(tree)), key=_how_telling, reverse=True))


def _how_telling(words: Words) -> tuple[int, int, list[str]]:
    return min(map(len, words)), -len(words), sorted(words)


def _of_sequence(tree: Iterable[tuple[Any, Any]]) -> Words | None:
    """Words of one part of a sequence: the part that says no most often."""
    return max(_parts(tree), key=_how_telling, default=None)


def _parts(tree: Iterable[tuple[Any, Any]]) -> Iterator[Words]:
    """Yield words of each part of a sequence that cannot do without some."""
    run = ""
    for operation, value in tree:
        name = str(operation)
        if letter := _letter(name, value):
            run += letter
            continue
        if name == "AT":
            continue
        if run:
            yield frozenset({run})
        run = ""
        yield from _of_part(name, value)
    if run:
        yield frozenset({run})


def _letter(name: str, value: Any) -> str:
    """The one letter that stands at a place, whatever its case; "" if several may."""
    if name == "LITERAL":
        return chr(value).lower()
    letters = {chr(one).lower() if str(kind) == "LITERAL" else "" for kind, one in value} if name == "IN" else set()
    return letters.pop() if len(letters) == 1 else ""


def _of_part(name: str, value: Any) -> Iterator[Words]:
    if name == "SUBPATTERN":
        yield from _parts(value[3])
    elif name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
        yield from _parts(value[2])
    elif name == "ATOMIC_GROUP":
        yield from _parts(value)
    elif name == "BRANCH":
        each = [_of_sequence(branch) for branch in value[1]]
        if all(each):
            yield _shortest(frozenset().union(*(one for one in each if one)))


def _shortest(words: Words) -> Words:
    """Leave out words in which another one stands: that one is looked for anyway."""
    return frozenset(word for word in words if not any(other != word and other in word for other in words))
