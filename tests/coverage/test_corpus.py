"""The sentences with marks: that they are well made, that their arithmetic holds, and that their figures are the record's."""

import json
import re
from collections import Counter
from functools import cache

import pytest

from coverage.texts import Text, packaged, read_texts
from racecall.coverage.claims import Verdict
from racecall.ledger.records import read_records

SEEN, HELD_BACK, PRACTICE = read_texts("seen"), read_texts("held_back"), read_texts("practice")
HELD_BACK_TWO = read_texts("held_back_two")
DRAWN = (*SEEN, *HELD_BACK)
ALL = (*DRAWN, *PRACTICE, *HELD_BACK_TWO)
TYPES = {
    *("votes", "share", "margin", "rank", "pair", "total", "turnout", "progress", "outstanding", "change", "field", "party", "status"),
    *("event", "date", "release", "group", "endorsement", "endorsement_count", "money", "person", "superlative", "other_contest"),
    *("roll_call", "policy", "whatif", "quote", "opinion", "allegation"),
}
FORMULA = re.compile(r"(\d[\d,.]*) ([-+/x]) ([\d,.]*\d) = ([\d,.]*\d)(%?)")
NUMBER = re.compile(r"(?<![\d.,$])\d[\d,]*\d(?:\.\d+)?(?![\d%]|[,.]\d)")


def sentences(texts: tuple[Text, ...]) -> set[str]:
    """The sentences of texts, without those of one or two words."""
    split = (re.split(r"(?<=[.?!”])\s+", block.text) for text in texts for block in text.document.blocks)
    return {sentence for found in split for sentence in found if len(sentence.split()) > 2}


def reasons():
    """Every reason, with the name of its text."""
    return [(text.id, one.words, one.why) for text in ALL for one in text.expected]


@pytest.mark.parametrize("texts", [SEEN, PRACTICE], ids=["seen", "practice"])
def test_no_sentence_that_is_held_back_stands_in_another_set(texts):
    """What is held back has not been seen."""
    assert sentences(texts) & sentences((*HELD_BACK, *HELD_BACK_TWO)) == set()


def test_every_text_has_a_name_of_its_own():
    """Across the sets."""
    assert [name for name, number in Counter(text.id for text in ALL).items() if number > 1] == []


def test_a_third_is_held_back():
    """A third of the texts that were drawn from, to the nearest."""
    assert round(len(DRAWN) / 3) == len(HELD_BACK)


def test_types_are_families_of_claims():
    """And nothing else."""
    assert {type_ for text in ALL for one in text.expected for type_ in one.types} <= TYPES


@pytest.mark.parametrize("texts", [SEEN, HELD_BACK, PRACTICE, HELD_BACK_TWO], ids=["seen", "held back", "practice", "held back two"])
def test_every_family_is_in_each_set(texts):
    """Of each there is at least one claim."""
    assert {one.types[0] for text in texts for one in text.expected} == TYPES


def test_there_are_enough_of_them():
    """At least 110 sentences and 180 checkable claims."""
    assert len(sentences(ALL)) >= 110
    assert sum(one.is_checkable for text in ALL for one in text.expected) >= 180


def test_most_is_true_and_much_is_not():
    """About 60% confirmed, 15% contradicted, 8% overstated, 5% stale, 4% of another base, each to within three points."""
    number = Counter(one.verdicts[0] for text in DRAWN for one in text.expected)
    share = {verdict: 100 * number[verdict] / number.total() for verdict in ABOUT}

    assert share == pytest.approx(ABOUT, abs=3)


ABOUT = {
    Verdict.CONFIRMED: 60,
    Verdict.CONTRADICTED: 15,
    Verdict.OVERSTATED: 8,
    Verdict.STALE: 5,
    Verdict.AMBIGUOUS_BASE: 4,
}


def test_a_fifth_has_a_headline():
    """Or near it, of those that were drawn from: a headline is held to the same words."""
    share = sum("headline" in {block.role.value for block in text.document.blocks} for text in DRAWN) / len(DRAWN)

    assert share == pytest.approx(0.2, abs=0.08)


def test_the_arithmetic_of_every_reason_holds():
    """Each "a - b = c" is calculated again, to the digits that are printed."""
    wrong = [(name, found.group()) for name, _, why in reasons() for found in FORMULA.finditer(why) if not holds(*found.groups())]

    assert wrong == []


def test_there_is_arithmetic_to_check():
    """So that the test above is not about nothing."""
    assert sum(len(FORMULA.findall(why)) for _, _, why in reasons()) > 150


def test_the_figures_of_every_reason_are_in_the_record():
    """Each number of three digits and more is printed in the packaged record, or worked out in a reason from numbers that are."""
    worked_out = {number_in(found.group(4)) for _, _, why in reasons() for found in FORMULA.finditer(why)}
    known = figures() | worked_out
    lost = {
        (name, number)
        for name, _, why in reasons()
        for number in NUMBER.findall(why)
        if is_figure(number) and number_in(number) not in known
    }

    assert lost == set()


def test_a_text_is_never_older_than_the_election():
    """Each is checked for a moment of which there is a record."""
    assert [text.id for text in ALL if text.as_of < packaged(text.election)[1].events[0].at] == []


def holds(left: str, sign: str, right: str, result: str, percent: str) -> bool:
    a, b = number_in(left), number_in(right)
    value = {"-": a - b, "+": a + b, "/": a / b, "x": a * b}[sign] * (100 if percent else 1)
    decimals = len(result.partition(".")[2])
    return abs(value - number_in(result)) <= 0.5 * 10**-decimals + 1e-9


def number_in(words: str) -> float:
    return float(words.rstrip(".,").replace(",", ""))


def is_figure(words: str) -> bool:
    value = number_in(words)
    return value >= 100 and not (value in range(1900, 2100) and "," not in words)


@cache
def figures() -> set[float]:
    """Every number in the packaged ledgers, and the sum of each count."""
    ledgers = [packaged(election)[1] for election in {text.election for text in ALL}]
    printed = re.findall(
        r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", " ".join(json.dumps(dict(event.body)) for ledger in ledgers for event in ledger)
    )
    totals = (count.total for ledger in ledgers for release in read_records(ledger).releases for count in release.contests.values())
    return {*map(float, printed), *map(float, totals)}
