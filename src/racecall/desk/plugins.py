"""Feeds as they are installed: the built-in ones and any other package's, found through entry points.

An entry point belongs to the machine and not to the record, so it is looked up here and handed down.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from racecall.desk.files import read_limited
from racecall.errors import UsageError
from racecall.feeds.base import Feed
from racecall.feeds.mapping import ColumnMap, parse_map, parse_mapping

GROUP = "racecall.feeds"


def load_feeds(points: Iterable[EntryPoint] | None = None) -> tuple[Feed, ...]:
    """Return every installed feed, in the order of their names.

    Raises:
        UsageError: A feed cannot be imported, is none, or has another name than its entry point.
    """
    found = entry_points(group=GROUP) if points is None else points
    return tuple(_load(point) for point in sorted(found, key=lambda point: point.name))


def _load(point: EntryPoint) -> Feed:
    try:
        feed = point.load()()
    except Exception as error:
        # Whatever another package's module raises while it is imported, the reader needs its name and a way round it.
        raise UsageError(
            f'the feed "{point.name}" cannot be loaded from {point.value} ({error}).',
            next_step=f"Reinstall or remove {_package(point)}.",
        ) from error
    if not isinstance(feed, Feed):
        raise UsageError(
            f'"{point.name}" ({point.value}) is no feed: a feed has id, title, sniff and parse.',
            next_step="Test it with racecall.testing.check_feed.",
        )
    if feed.id != point.name:
        raise UsageError(
            f'the feed "{point.name}" calls itself "{feed.id}" ({point.value}).',
            next_step=f"Give the entry point and the feed one name in {_package(point)}.",
        )
    return feed


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
