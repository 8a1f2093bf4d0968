"""Python's collector of garbage, kept out of the way of what people wait for.

It counts what is made, and visits it; now and then it visits all that a process holds. In one that has judged a night that takes as long
as ten pages, and finds nothing: what a publication throws away is gone without it, but for a little.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (50_000, 50, 1000)
"""Visits after so many values that were made (`gc.set_threshold`); Python's own are after 700."""

_is_spared = False
"""Whether what the process holds is spared already, by a block around or for good: Python would have to count it to say so."""


def spare_for_good() -> None:
    """Throw away what nobody needs, and spare the rest from every visit for as long as the process lives."""
    global _is_spared  # noqa: PLW0603 -- the collector is one a process
    gc.collect()
    gc.freeze()
    _is_spared = True


@contextmanager
def kept_away() -> Iterator[None]:
    """Spare what the process holds already from every visit, and what is made inside from most; as it was afterwards."""
    global _is_spared  # noqa: PLW0603 -- see above
    before, was_spared = gc.get_threshold(), _is_spared
    if not was_spared:
        gc.freeze()
    _is_spared = True
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        _is_spared = was_spared
        if not was_spared:
            gc.unfreeze()
