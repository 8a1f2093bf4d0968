"""Patterns that are quick to say no: most sentences have none of the words that a pattern cannot do without.

A pattern over a sentence of twenty words tries each of its turns of phrase at each word. Looking for plain words first takes a twentieth of
that, and which words a pattern cannot do without follows from the pattern itself (`needs`): there is no second list to keep. Telling them
takes as long as making the pattern, so a pattern does so when it has been used often: a single story is read without.

A pattern that takes no heed of case is tried in lower case before it is tried for good (`is_lower`): most find nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib import import_module
from typing import Any

Words = frozenset[str]
"""Words of which one has to stand in a text, in lower case."""
OFTEN = 200
"""Texts after which a pattern tells which words it needs."""
KEPT = 256
"""Texts of which a pattern knows what it found: a sentence is asked about for each of its figures, and a stored story for two moments."""


class Pattern:
    """A pattern like those of `re`, that looks for its words first.

    Args:
        source: The pattern.
        flags: As `re.compile` takes them.
    """

    def __init__(self, source: str, flags: int = 0) -> None:
        self.compiled = re.compile(source, flags)
        self.groupindex = self.compiled.groupindex
        self.pattern, self.flags = source, self.compiled.flags
        self.match = self.compiled.match
        self._needs: tuple[str, ...] = ()
        self._lower: re.Pattern[str] | None = None
        self._uses = 0
        self.search: Callable[[str], re.Match[str] | None] = lru_cache(maxsize=KEPT)(self._search)
        """Returns the first place of a text that fits, None if none does."""
        self.finditer: Callable[[str], tuple[re.Match[str], ...]] = lru_cache(maxsize=KEPT)(self._finditer)
        """Returns every place of a text that fits, none over another."""

    def could(self, text: str) -> bool:
        """Whether a text has one of the words, and fits in lower case where case says nothing, or is not plain enough to tell."""
        self._uses += 1
        if self._uses == OFTEN:
            self._get_ready()
        if self._uses < OFTEN or not text.isascii():
            return True
        lower = text.lower()
        if self._needs and not any(map(lower.__contains__, self._needs)):
            return False
        return self._lower is None or self._lower.search(lower) is not None

    def _get_ready(self) -> None:
        self._needs = tuple(sorted(needs(self.pattern, self.flags), key=len))
        if self.flags & re.IGNORECASE and is_lower(self.pattern):
            self._lower = re.compile(self.pattern, self.flags & ~re.IGNORECASE)

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


def needs(source: str, flags: int = 0) -> Words:
    """Return words of which one stands in whatever a pattern fits, none if there are no such words or this Python does not tell."""
    try:
        tree = import_module("re._parser").parse(source, flags)
    except (ImportError, AttributeError):  # its place in the standard library is not promised
        return frozenset()
    return _of_sequence(tree) or frozenset()


def _of_sequence(tree: Iterable[tuple[Any, Any]]) -> Words | None:
    """Words of one part of a sequence: the part whose shortest word is longest says no most often."""
    found: list[Words] = []
    run = ""
    for operation, value in tree:
        name = str(operation)
        if letter := _letter(name, value):
            run += letter
            continue
        if name == "AT":
            continue
        found += [frozenset({run})] if run else []
        run = ""
        if part := _of_part(name, value):
            found.append(part)
    found += [frozenset({run})] if run else []
    return max(found, key=lambda words: (min(map(len, words)), -len(words)), default=None)


def _letter(name: str, value: Any) -> str:
    """The one letter that stands at a place, whatever its case; "" if several may."""
    if name == "LITERAL":
        return chr(value).lower()
    letters = {chr(one).lower() if str(kind) == "LITERAL" else "" for kind, one in value} if name == "IN" else set()
    return letters.pop() if len(letters) == 1 else ""


def _of_part(name: str, value: Any) -> Words | None:
    if name == "SUBPATTERN":
        return _of_sequence(value[3])
    if name in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"} and value[0] > 0:
        return _of_sequence(value[2])
    if name == "ATOMIC_GROUP":
        return _of_sequence(value)
    if name == "BRANCH":
        each = [_of_sequence(branch) for branch in value[1]]
        return _shortest(frozenset().union(*(one for one in each if one))) if all(each) else None
    return None


def _shortest(words: Words) -> Words:
    """Leave out words in which another one stands: that one is looked for anyway."""
    return frozenset(word for word in words if not any(other != word and other in word for other in words))
