"""Words that several templates need: `{{ value | name_of_filter }}`, each a function of a value and the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from racecall.publish.site.index import group_words
from racecall.publish.site.index_words import deck_words, state_meaning, state_words

FILTERS: Mapping[str, Callable[..., Any]] = {
    "deck_words": deck_words,
    "group_words": group_words,
    "state_meaning": state_meaning,
    "state_words": state_words,
}
"""Filters by name; each is called with the value and the page's `Words`, then what the template adds."""
