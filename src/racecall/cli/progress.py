"""Progress on standard error, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")


def over(items: Sequence[T], what: str) -> Iterator[T]:
    """Yield items with a progress bar."""
    with bar(len(items), what) as step:
        for item in items:
            yield item
            step(1)


@contextmanager
def bar(total: int, what: str) -> Iterator[Callable[[int], None]]:
    """Give a function that moves a progress bar; nothing is shown off a terminal."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)
