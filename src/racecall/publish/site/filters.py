"""Words that several templates need: `{{ value | name_of_filter }}`, each a function of a value and the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

FILTERS: Mapping[str, Callable[..., Any]] = {}
"""Filters by name; each is called with the value and the page's `Words`, then what the template adds."""
