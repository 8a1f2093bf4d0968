"""Finished pieces of long work: kept, found again, never mixed with those of other code or data."""

import pytest

from racecall.desk.resuming import keep_finished, key_of, read_finished
from racecall.errors import UsageError


def test_what_is_kept_is_found_again(tmp_path):
    """Two finished pieces are read back under their keys."""
    file = tmp_path / "work.jsonl"
    keep_finished(file, "a", "[1]")
    keep_finished(file, "b", "[2]")

    assert read_finished(file) == {"a": "[1]", "b": "[2]"}


def test_no_file_means_that_nothing_is_finished(tmp_path):
    """The first run has no file yet."""
    assert read_finished(tmp_path / "work.jsonl") == {}


def test_a_torn_last_line_is_work_to_do_again(tmp_path):
    """A run that was killed in the middle of a line loses that piece only."""
    file = tmp_path / "work.jsonl"
    keep_finished(file, "a", "[1]")
    with file.open("ab") as half:
        half.write(b'{"key": "b", "resu')

    assert read_finished(file) == {"a": "[1]"}


def test_the_piece_after_a_torn_line_is_kept_whole(tmp_path):
    """The torn line is cut off before the next one is written."""
    file = tmp_path / "work.jsonl"
    keep_finished(file, "a", "[1]")
    with file.open("ab") as half:
        half.write(b'{"key": "b", "resu')
    keep_finished(file, "c", "[3]")

    assert read_finished(file) == {"a": "[1]", "c": "[3]"}


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path):
    """A name typed wrongly must not cost anyone a file."""
    file = tmp_path / "story.txt"
    file.write_text("Gomez leads Ahn")
    with pytest.raises(UsageError, match=r"story\.txt: not a file of finished work, so nothing is written to it\.") as refused:
        read_finished(file)

    assert (file.read_text(), "Give --resume another file" in str(refused.value)) == ("Gomez leads Ahn", True)


def test_the_key_changes_with_everything_it_is_made_of():
    """Other code or another archive gives another key."""
    keys = {key_of(code="1", archive="a"), key_of(code="2", archive="a"), key_of(code="1", archive="b")}

    assert len(keys) == 3
