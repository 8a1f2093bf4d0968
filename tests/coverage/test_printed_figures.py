"""A figure in print stands for every value that would be printed so, and words before it turn that."""

from datetime import date, datetime

import pytest

from racecall.coverage.dates import times
from racecall.coverage.numbers import in_words, quantities
from racecall.coverage.sentences import spans

NOON = datetime(2017, 4, 5, 12)  # noqa: DTZ001 the place's own time, as everywhere in a story
ELECTION_DAY = date(2017, 4, 4)


def only(text):
    """The one figure of a text."""
    [quantity] = quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "fits", "not_"),
    [
        ("28% of the vote", (27.5, 28.14, 28.5), (27.4, 28.6)),
        ("28.1 percent", (28.05, 28.14), (28.0, 28.2)),
        ("8,156 votes", (8156,), (8155, 8157)),
        ("23,000 votes", (22_500, 23_499), (22_400, 23_600)),
        ("about 4,000 ballots", (3_500, 4_001, 4_500), (3_400, 4_600)),
        ("more than 4,000 ballots", (4_001, 4_600), (4_000, 3_999)),
        ("nearly 10 percent", (9.58, 10), (10.4, 8.9)),
        ("thousands of votes", (2_000, 2_726), (1_999,)),
        ("dozens of endorsements", (24, 40), (23,)),
        ("a handful of ballots", (3, 7), (2, 8)),
        ("nine points", (8.5, 9.15), (8.4, 9.6)),
        ("nearly a third of all ballots", (31.6,), (34, 29)),
        ("two dozen candidates", (24,), (23, 25)),
    ],
)
def test_a_figure_stands_for_what_would_be_printed_so(text, fits, not_):
    """Printed precision, and the words around it."""
    quantity = only(text)

    assert ([value for value in fits if not quantity.fits(value)], [value for value in not_ if quantity.fits(value)]) == ([], [])


def test_a_bound_that_is_far_off_is_weak():
    """ "More than 4,000" of 9,000 is true, and says too little."""
    assert (only("more than 4,000 ballots").is_weak(9_000), only("more than 4,000 ballots").is_weak(4_001)) == (True, False)


@pytest.mark.parametrize("text", ["the 34th District", "in 2017", "AB 908", "cast a ballot", "one of the few", "District 7", "Channel 4"])
def test_what_only_looks_like_a_figure_is_none(text):
    """Ordinals, years, numbers of laws and districts."""
    assert list(quantities(text)) == []


def test_numbers_in_words():
    """As papers write them."""
    assert [in_words(words) for words in ("twenty-eight", "two dozen", "three hundred", "half a million")] == [28, 24, 300, 500_000]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("not until Friday", date(2017, 4, 7)),
        ("voted Tuesday", date(2017, 4, 4)),
        ("early Wednesday morning", date(2017, 4, 5)),
        ("a June 6 runoff", date(2017, 6, 6)),
        ("on 14 April 2017", date(2017, 4, 14)),
        ("on election night", date(2017, 4, 4)),
        ("yesterday", date(2017, 4, 4)),
        ("next Tuesday, April 11", date(2017, 4, 11)),
    ],
)
def test_days_are_near_the_story(text, first):
    """The tense decides between the weekday before and the one after."""
    assert [when.day for when in times(text, NOON, ELECTION_DAY)] == [first]


@pytest.mark.parametrize("text", ["28% of the vote", "$15 minimum wage", "the candidates may win", "SB 1"])
def test_no_day_is_read_into_a_figure(text):
    """Libraries read "28%" as the 28th."""
    assert list(times(text, NOON, ELECTION_DAY)) == []


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Gomez led. Ahn was second.", ["Gomez led.", "Ahn was second."]),
        ("L.A. County counted on Nov. 7. It was late.", ["L.A. County counted on Nov. 7.", "It was late."]),
        ("“It is over,” he said. She agreed.", ["“It is over,” he said.", "She agreed."]),
        ("“Is it over?” Ahn said.", ["“Is it over?” Ahn said."]),
        ("At 11 p.m. The count went on.", ["At 11 p.m.", "The count went on."]),
        ("It took 28.1 percent.", ["It took 28.1 percent."]),
    ],
)
def test_a_sentence_ends_where_it_does(text, sentences):
    """Not after an abbreviation, and not between a quotation and who said it."""
    assert [text[start:end] for start, end in spans(text)] == sentences
