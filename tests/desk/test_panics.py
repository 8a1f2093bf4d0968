"""A library's panic: said in our words, and nothing else on the screen."""

import os

import pytest

from commands import file, started
from racecall.desk.panics import PANIC, without_panics
from racecall.errors import BrokenFile
from workbooks import old_workbook

LINES = b"thread '<unnamed>' (12) panicked at xls.rs:606:29:\nrange out of range\nnote: run with `RUST_BACKTRACE=1` environment variable\n"


def broken() -> bytes:
    """An old workbook on which calamine panics."""
    data = bytearray(old_workbook("1", [["Precinct", "Ana Ruiz", "Ben Cole"], ["1", 10, 7], ["2", 8, 3]]))
    data[1562] = 136
    return bytes(data)


@pytest.mark.parametrize("words", [("feed", "check", "a.xls"), ("new", "e", "--from", "a.xls")])
def test_a_user_sees_our_words_and_no_panic(tmp_path, words):
    """In a process of its own: the lines are printed below Python."""
    file(tmp_path, "a.xls", broken())
    ran = started(*(tmp_path / word if word in {"a.xls", "e"} else word for word in words))

    assert ran.err.startswith("racecall: a.xls: the workbook is damaged (")
    assert "panicked" not in ran.err


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (LINES, b""),
        (b"before\n" + LINES + b"after\n", b"before\nafter\n"),
        (LINES.split(b"note")[0], b""),
        (b"a warning\n", b"a warning\n"),
    ],
)
def test_only_the_lines_of_a_panic_are_left_out(said, left):
    """What else was printed is printed."""
    assert PANIC.sub(b"", said) == left


def printed(said: bytes, error: Exception) -> None:
    """Print below Python, then fail."""
    with without_panics():
        os.write(2, said)
        raise error


def test_lines_are_kept_where_no_error_of_ours_says_the_same(capfd):
    """Whoever reports a bug needs them."""
    with pytest.raises(KeyError):
        printed(LINES, KeyError())

    assert capfd.readouterr().err == LINES.decode()


def test_warnings_come_through(capfd):
    """With an error or without."""
    with pytest.raises(BrokenFile):
        printed(b"a warning\n" + LINES, BrokenFile("x", where="y"))

    assert capfd.readouterr().err == "a warning\n"
