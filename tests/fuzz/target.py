"""One feed under libFuzzer: `python tests/fuzz/target.py FEED FOLDER [libFuzzer options]`, as `make fuzz` starts it.

An input is a document of that feed, packed or not. Anything that comes out but a reading or one of our errors is a crash.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["racecall"], enable_loader_override=False):
    from racecall.desk.plugins import load_feeds
    from racecall.errors import RacecallError
    from racecall.feeds import registry
    from racecall.feeds.base import Document, Feed
    from racecall.feeds.text import MEBIBYTE, Limits, unpack
    from racecall.testing_fuzz import damaged, wrapped
    from seeds import seeds

LIMITS = Limits(max_bytes=16 * MEBIBYTE)


def reads(feed: Feed, seed: Document) -> Callable[[bytes], None]:
    """Return what libFuzzer calls: unpack, recognise, read."""

    def read(data: bytes) -> None:
        try:
            document = replace(seed, data=unpack(seed.capture.name, data, LIMITS))
            feed.sniff(document)
            feed.parse(document)
        except RacecallError as error:
            str(error)

    return read


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Damage an input as a format, two times in three; else as libFuzzer does, byte by byte and with its dictionary."""
    random = Random(seed)
    if random.random() < 1 / 3:
        return atheris.Mutate(data, max_size)
    made = wrapped(damaged(data, random), random)
    return made if len(made) <= max_size else data


def main() -> None:
    """Run until the time is over or something breaks."""
    name, *options = sys.argv[1:]
    feed = registry.by_id(load_feeds(), name)
    atheris.Setup(sys.argv[:1] + options, reads(feed, seeds()[name][0]), custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
