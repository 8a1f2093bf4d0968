"""A figure of a story: a value in the trace of its row, and how it is written. Nothing else can fill a place of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from racecall.coverage.claims import Trace


class How(StrEnum):
    """How a value is written; the words around it are the language's."""

    NAME = "name"
    """A candidate, as the ballot prints it."""
    NAMES = "names"
    """Candidates in a row, a list of names."""
    LABEL = "label"
    """Words of the record, which no language changes: an answer to a measure, a title, an agency."""
    LABELS = "labels"
    WORD = "word"
    """A word of the record that a language may know: an agency, a group of voters, a method."""
    NUMBER = "number"
    """A number without a unit; negative digits round it to tens, hundreds …"""
    VOTES = "votes"
    BALLOTS = "ballots"
    CANDIDATES = "candidates"
    VOTERS = "voters"
    QUESTIONS = "questions"
    """Open findings."""
    SHARE = "share"
    """0 to 1, written as per cent."""
    POINTS = "points"
    """Percentage points."""
    DOLLARS = "dollars"
    DAY = "day"
    """An aware moment, in ISO 8601, or a date: only the day is written."""
    DATE = "date"
    """The same, without the day of the week."""
    MOMENT = "moment"
    """An aware moment, in ISO 8601: hour and day."""
    ORDINAL = "ordinal"
    """1 for the first."""
    PARTIES = "parties"
    """Pairs of a party's code and a number of candidates."""
    PARTY = "party"
    """A party's code."""
    ROUND = "round"
    """``runoff``, ``general`` or "" where only the law knows."""


NUMBERS = frozenset({How.VOTES, How.BALLOTS, How.CANDIDATES, How.VOTERS, How.QUESTIONS})
"""Whole numbers that carry their unit: a language writes one of a thing otherwise than several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value to be shown, inside the trace of the row it rests on.

    Args:
        how: How it is written.
        trace: The row; `Trace.value` is the value.
        digits: Decimals.
        about: The source said "about", or it is an estimate.
    """

    how: How
    trace: Trace
    digits: int = 0
    about: bool = False
