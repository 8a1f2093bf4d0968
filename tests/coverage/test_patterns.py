"""Patterns that look for plain words first find what they would find without, and the words follow from the pattern."""

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

import racecall.coverage
from coverage.texts import facts_at, read_texts
from racecall.coverage.check import _parsed, _roster, rounds_of
from racecall.coverage.patterns import OFTEN, Pattern, Vocabulary, is_lower, needs
from racecall.coverage.scene import race_of
from racecall.coverage.sentences import sentences_of


def used(pattern):
    """A pattern that has been used so often that it looks for its words first."""
    for number in range(OFTEN):
        pattern.search(f"{number}")
    return pattern


def patterns():
    """Every pattern of the package, by module and name."""
    for folder in (racecall.coverage, import_module("racecall.coverage.families")):
        for found in iter_modules(folder.__path__, f"{folder.__name__}."):
            for name, value in vars(import_module(found.name)).items():
                yield from ((f"{found.name} {name} {number}", one) for number, one in enumerate(_in(value)))


def _in(value):
    """The patterns in a value: itself, or those in a table."""
    if isinstance(value, Pattern):
        return [value]
    return [one for part in value for one in _in(part)] if isinstance(value, tuple) else []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (r"\bwon\b", [{"won"}]),
        (r"\b(?:appear\w*|seem\w*)\b", [{"appear", "seem"}]),
        (r"(?:the )?two (?:leaders|rivals)", [{"leaders", "rivals"}, {"two "}]),
        (r"[Ff]inal (?:count)?", [{"final "}]),
        (r"\d+", []),
        (r"(?:won|\d+)", []),
        (r"w[io]n|lost", [{"lost", "w"}]),
        (r"(?:lead|leads|leading)", [{"lead"}]),
    ],
)
def test_what_a_pattern_needs_follows_from_it(source, words):
    """One word of each of these stands in whatever it fits, what says no most often first; none where it can do without."""
    assert list(needs(source, re.IGNORECASE)) == words


def test_words_are_looked_for_in_a_text_once():
    """Short ones and long ones, wherever they stand, and nothing in a text that is not plain."""
    vocabulary = Vocabulary(["w", "to", "won", "won by", "lost"])

    assert vocabulary.told("Ahn WON by two") == ("ahn won by two", {"w", "won", "won by"})
    assert vocabulary.told("Añn won by two") is None


@pytest.mark.parametrize(
    ("source", "lower"),
    [(r"\b(?:won|\W+)\S", True), (r"(?P<who>won)", True), (r"Won", False), (r"[A-Z]on", False), (r"(?-i:won)", False)],
)
def test_a_pattern_in_lower_case_is_told(source, lower):
    """Escapes and names of groups have capitals that are no letters of a text."""
    assert is_lower(source) is lower


def test_case_says_nothing_where_it_should_not():
    """It is tried in lower case, and what is found is the text as it stands."""
    found = used(Pattern("won|lost", re.IGNORECASE)).search("Ahn LOST.")

    assert found
    assert found.group() == "LOST"


def test_there_are_many():
    """All the long ones."""
    assert len(dict(patterns())) > 60


def test_looking_for_words_first_finds_the_same():
    """In every sentence that may be seen, as it is and with its names, figures and times as marks."""
    lines = [line for text in read_texts("seen") for line in _lines(text)]

    for name, pattern in patterns():
        ready = used(Pattern(pattern.compiled.pattern, pattern.compiled.flags))
        for line in lines:
            assert [found.span() for found in ready.finditer(line)] == [found.span() for found in pattern.compiled.finditer(line)], name


def test_other_letters_are_looked_at_whole():
    """What is no plain letter may be the same as one to a pattern: then nothing is told from words."""
    assert used(Pattern("kiss", re.IGNORECASE)).search("a Ki\u017fs")


def _lines(text):
    facts = facts_at(text.election, text.as_of)
    rounds = rounds_of(facts.election, facts.election.contests[0].id)
    race = race_of(facts, rounds, _roster(facts.coverage, rounds, ()))
    for parsed in _parsed(sentences_of(text.document), race, race.facts.as_of):
        yield from (parsed.text, parsed.skeleton)
