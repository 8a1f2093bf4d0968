"""Feeds and publishers as they are installed: the built-in ones and any other package's, found through entry points.

An entry point belongs to the machine and not to the record, so it is looked up here and handed down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecall.desk.files import read_limited
from racecall.errors import UsageError
from racecall.feeds.base import Feed
from racecall.feeds.mapping import ColumnMap, parse_map, parse_mapping

if TYPE_CHECKING:
    from racecall.publish.base import Publisher

GROUP = "racecall.feeds"
PUBLISHERS = "racecall.publishers"


def load_feeds(points: Iterable[EntryPoint] | None = None) -> tuple[Feed, ...]:
    """Return every installed feed, in the order of their names.

    Raises:
        UsageError: A feed cannot be imported, is none, or has another name than its entry point.
    """
    return _load_all(points, GROUP, Feed, "feed", "id, title, sniff and parse")


def load_publishers(points: Iterable[EntryPoint] | None = None) -> tuple[Publisher, ...]:
    """Return every installed publisher, in the order of their names.

    Raises:
        UsageError: A publisher cannot be imported, is none, or has another name than its entry point.
    """
    from racecall.publish.base import Publisher

    return _load_all(points, PUBLISHERS, Publisher, "publisher", "id, title and write")


def _load_all(points: Iterable[EntryPoint] | None, group: str, protocol: Any, word: str, parts: str) -> tuple[Any, ...]:
    found = _installed(group) if points is None else points
    return tuple(_load(point, protocol, word, parts) for point in sorted(found, key=lambda point: point.name))


@cache
def _installed(group: str) -> Sequence[EntryPoint]:
    """Look once in a process: a desk that watches its sources would read the description of every package again for each file."""
    return tuple(entry_points(group=group))


def _load(point: EntryPoint, protocol: Any, word: str, parts: str) -> Any:
    try:
        made = point.load()()
    except Exception as error:
        # Whatever another package's module raises while it is imported, the reader needs its name and a way round it.
        raise UsageError(
            f'the {word} "{point.name}" cannot be loaded from {point.value} ({error}).',
            next_step=f"Reinstall or remove {_package(point)}.",
        ) from error
    if not isinstance(made, protocol):
        raise UsageError(
            f'"{point.name}" ({point.value}) is no {word}: a {word} has {parts}.',
            next_step=f"Test it with racecall.testing.check_{word}.",
        )
    if made.id != point.name:
        raise UsageError(
            f'the {word} "{point.name}" calls itself "{made.id}" ({point.value}).',
            next_step=f"Give the entry point and the {word} one name in {_package(point)}.",
        )
    return made


def _package(point: EntryPoint) -> str:
    return f"the package {point.dist.name}" if point.dist else "the package that brings it"


def load_mapping(text: str) -> ColumnMap | None:
    """Return the column mapping given as ``--map``: a TOML file by its name, or ``KEY=COLUMN,…``; None if nothing was given.

    Raises:
        SettingsError: It makes no sense.
        UsageError: There is no such file.
    """
    if not text:
        return None
    if text.endswith(".toml") and "=" not in text:
        return parse_mapping(read_limited(Path(text)).decode("utf-8", "replace"), where=text)
    return parse_map(text)
