"""Words that several templates need: `{{ value | name_of_filter }}`, each a function of a value and the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from racecall.publish.languages.words import Words
from racecall.publish.site import paths


def name(text: str, words: Words) -> Markup:
    """Write a candidate's name as the ballot prints it; on a page in another language it says that it is not of that language."""
    return escape(text) if words.code == paths.DEFAULT else Markup('<span lang="en">{}</span>').format(text)


FILTERS: Mapping[str, Callable[..., Any]] = {"name": name}
"""Filters by name; each is called with the value and the page's `Words`, then what the template adds."""
