"""What a library written in Rust prints when it gives up (calamine, Polars), kept from people to whom the error is said in words.

A panic is printed below Python, to the process's second stream, before Python sees an exception. A feed turns that into one of our errors;
the page of functions and addresses before it would only frighten.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from racecall.errors import RacecallError

PANIC = re.compile(rb"^\n?thread '[^\n]* panicked at .*?(?:RUST_BACKTRACE[^\n]*\n|\Z)", re.DOTALL | re.MULTILINE)
"""From the first line of a panic to the note that ends it; with no note it ends with everything."""
STDERR = 2


def without_panics() -> AbstractContextManager[None]:
    """Return what keeps the lines of panics from the screen, where an error of ours says the same; everything else is printed after it."""
    try:
        return _held_back(os.dup(STDERR))
    except OSError:  # a process without a second stream prints nothing
        return nullcontext()


@contextmanager
def _held_back(screen: int) -> Iterator[None]:
    in_words = False
    with tempfile.TemporaryFile() as aside:
        os.dup2(aside.fileno(), STDERR)
        try:
            yield
        except RacecallError:
            in_words = True
            raise
        finally:
            if sys.stderr:
                sys.stderr.flush()
            os.dup2(screen, STDERR)
            os.close(screen)
            aside.seek(0)
            said = aside.read()
            os.write(STDERR, PANIC.sub(b"", said) if in_words else said)
