"""What every command shares: how times are read, where words go, how a command ends."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from racecall.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

FINE, FINDINGS, USAGE, BROKEN = 0, 1, 2, 3
"""Exit codes of every command."""

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The election's folder.", show_default=False)]
AsOf = Annotated[str, typer.Option("--as-of", metavar="TIME", help="Only what was known then, e.g. 2017-04-05T12:00 (the county's time).")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Who = Annotated[str, typer.Option("--by", metavar="NAME", help="Who does it, for the record; the login name if not given.")]
ContestId = Annotated[str, typer.Option("--contest", metavar="ID", help="One contest only.")]


def parse_time(text: str, zone: ZoneInfo) -> datetime:
    """Read a time a person typed; without an offset it is the county's time.

    Raises:
        UsageError: It is no time.
    """
    try:
        moment = datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        aware.astimezone(UTC)  # the last hours of the year 9999 have no UTC
    except (ValueError, OverflowError):
        raise UsageError(f'"{text}" is not a time.', next_step="Write it like 2017-04-05T02:00 or 2017-04-05T02:00-07:00.") from None
    return aware


def count(number: int, word: str) -> str:
    """Write a number of things: "1 file", "1,204 files"."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def parse_duration(text: str) -> timedelta:
    """Read a length of time a person typed: 90s, 30m, 4h, 2d.

    Raises:
        UsageError: It is none.
    """
    found = DURATION.fullmatch(text.strip())
    if not found:
        raise UsageError(f'"{text}" is no length of time.', next_step="Write a number and s, m, h or d: 90s, 30m, 4h.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def parse_zone(text: str) -> str:
    """Check the name of a time zone.

    Raises:
        UsageError: There is no such zone.
    """
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f'no time zone "{text}".', next_step='Use an IANA name, e.g. "America/Los_Angeles".') from None


UNSAFE = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {ord("\n")}, "\N{REPLACEMENT CHARACTER}"
)
"""Characters that move the cursor, colour the screen or turn the direction of reading: a file may hold them, a page may not."""


def safe(text: str) -> str:
    """Return text as it may go to a terminal, whoever wrote it."""
    return text.translate(UNSAFE)


class _Safe:
    """A part of a page with every unsafe character replaced, wherever in it they are."""

    def __init__(self, part: RenderableType) -> None:
        self.part = part

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        from rich.segment import Segment

        for text, style, control in console.render(self.part, options):
            yield Segment(text if control else safe(text), style, control)


def say(*parts: RenderableType) -> None:
    """Print to the terminal; wide enough for a table when it goes to a file. Nothing in a text is taken for markup."""
    out = console()
    for part in parts:
        out.print(_Safe(part))


def console(*, stderr: bool = False) -> Console:
    """Return the terminal; 110 columns where there is none."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, markup=False, emoji=False, width=110)


def say_json(*values: Any) -> None:
    """Print JSON values, each on one line."""
    say_lines(json.dumps(value, ensure_ascii=False, sort_keys=False) for value in values)


def say_lines(lines: Iterable[str]) -> None:
    """Print lines as they are; all of them are written at once, since a write takes as long as a line of JSON takes to be made."""
    if text := "\n".join(lines):
        typer.echo(text)


def end(code: int) -> None:
    """End the command with an exit code, 0 by falling through."""
    if code:
        raise typer.Exit(code)


def progress(items: Iterable[Any], what: str, total: int | None = None) -> Iterable[Any]:
    """Show a progress bar on stderr over slow items, only on a terminal."""
    if not sys.stderr.isatty():  # asked first of all: what draws the bar takes a twentieth of a second to import
        return items
    err = console(stderr=True)
    if not err.is_terminal:
        return items
    from rich.progress import track

    return track(items, description=what, total=total, console=err, transient=True)
