"""Small words that every room needs."""

from __future__ import annotations


def some(count: int, thing: str) -> str:
    """Write a number with its noun: ``1 place``, ``2 places``."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
