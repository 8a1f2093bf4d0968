"""Quantities as papers print them: a figure, how firmly it is said, and what it counts.

A printed figure stands for every value that would be printed so: "28%" for 27.5 to 28.5, "23,000" for 22,500 to 23,500, "8,156" for itself.
Words before it widen, narrow or turn that: `QUANTIFIERS` is the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from racecall.coverage.patterns import Pattern

ONES = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
TENS = dict(zip(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], range(20, 100, 10), strict=True))
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "dozen": 12, "k": 1_000, "m": 1_000_000}
FRACTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fourth": 1 / 4,
    "fifth": 1 / 5,
    "sixth": 1 / 6,
    "seventh": 1 / 7,
    "tenth": 1 / 10,
}
CROWDS: dict[str, tuple[float, float]] = {
    "tens of thousands": (20_000, 199_999),
    "thousands": (2_000, 19_999),
    "hundreds": (200, 1_999),
    "scores": (40, 199),
    "dozens": (24, 199),
    "a couple": (2, 2),
    "a handful": (3, 7),
    "a few": (2, 9),
    "several": (3, 12),
    "a dozen": (11, 13),
    "two dozen": (23, 25),
}
"""What a number in words without a figure is read as [low, high]."""


MANY = {"dozen": 12, "hundred": 100, "thousand": 1_000}


class Unit(StrEnum):
    """What a figure counts."""

    PERCENT = "percent"
    POINTS = "points"
    VOTES = "votes"
    BALLOTS = "ballots"
    PRECINCTS = "precincts"
    VOTERS = "voters"
    CANDIDATES = "candidates"
    PARTY = "party"
    WOMEN = "women"
    ENDORSEMENTS = "endorsements"
    DOLLARS = "dollars"
    CENTS = "cents"
    YEARS = "years"
    PLACE = "place"
    NUMBER = "number"


class Firmness(StrEnum):
    """How a figure is said."""

    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    AT_LEAST = "at least"
    JUST_OVER = "just over"
    NEARLY = "nearly"
    UNDER = "under"
    AT_MOST = "at most"
    CROWD = "crowd"


MOVED = re.compile(r"(?:\b(?:rose|crept|grew|went|was|is|now|him|her|[A-Z][\w'-]+)|ed|ing) $")
"""No bound: "ticked up to 60.85 percent", "nudged Gomez up to"."""
QUANTIFIERS: tuple[tuple[str, Firmness], ...] = (
    (r"(?:just|a (?:little|bit|shade|touch|hair)|slightly|barely|narrowly) (?:over|more than|above|north of)", Firmness.JUST_OVER),
    (r"(?:just|a (?:little|bit|shade|touch|hair)|slightly) (?:under|less than|below|shy of|short of|fewer than)", Firmness.NEARLY),
    (r"(?:at least|no fewer than|no less than|a minimum of)", Firmness.AT_LEAST),
    (r"(?:at most|up to|as many as|as much as|no more than|a maximum of|(?<!the )within(?: just)?)", Firmness.AT_MOST),
    (r"(?:more than|greater than|over|above|past|upwards? of|north of|better than|in excess of|exceeding|topping|topped)", Firmness.OVER),
    (r"(?:nearly|almost|close to|approaching|not quite|shy of)", Firmness.NEARLY),
    (r"(?:fewer than|less than|under|below|south of|short of even|not even)", Firmness.UNDER),
    (r"(?:about|roughly|around|approximately|some|an estimated|estimated|circa|or so)", Firmness.ABOUT),
)
"""Words before a figure and what they make of it; the first that fits counts."""
CUT, THOUSAND = 0.0025, 1_000
"""A figure in whole thousands may be cut and not rounded, by so small a part of it: "305,000" of 305,551."""
LOST = 1e-9
"""What a float may lose."""
NEAR, WIDE = 0.05, 0.15
"""How far "about" and "more than" reach, as a part of the figure."""
ROUND = 0.8
"""How far "about 10 points" may be from 9.4: percentages and points in fives are rounded more than others. *Our choice.*"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A figure in a sentence.

    Args:
        start, end: Characters of the sentence, words that belong to it included.
        value: As printed, in units of `unit` (a percentage as 28.0).
        low, high: Values it stands for.
        unit: What it counts.
        firmness: How it is said.
        words: Adjectives between the figure and what it counts, lower case.
        base: What a percentage is of, as printed and lower case, "" if it does not say.
        noun: What it counts, as printed and lower case.
        range_: It is a range of two figures.
    """

    start: int
    end: int
    value: float
    low: float
    high: float
    unit: Unit
    firmness: Firmness = Firmness.EXACT
    words: str = ""
    base: str = ""
    noun: str = ""
    range_: bool = False

    def fits(self, actual: float) -> bool:
        """Whether an actual value would be printed so."""
        if self.firmness is Firmness.OVER and actual <= self.value and self.unit not in {Unit.PERCENT, Unit.POINTS}:
            return False
        if self.firmness is Firmness.UNDER and actual >= self.value:
            return False
        return self.low - LOST <= actual <= self.high + LOST

    @property
    def reach(self) -> tuple[float, float]:
        """The least and the most that may fit."""
        return self.low - LOST, self.high + LOST

    def is_weak(self, actual: float) -> bool:
        """Whether it is true and says less than it could: "more than 4,000" of 9,000."""
        rising = self.firmness in {Firmness.OVER, Firmness.AT_LEAST, Firmness.CROWD, Firmness.JUST_OVER}
        falling = self.firmness in {Firmness.UNDER, Firmness.AT_MOST}
        return (rising and actual > self.high) or (falling and 0 <= actual < self.low)


_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WORD = "|".join(sorted([*ONES, *TENS], key=len, reverse=True))
_WORDS = (
    rf"(?:(?:{_WORD}|a|half a)(?:[\s-]+(?:{_WORD}))?)(?:[\s-]+(?:hundred|thousand|million|"
    rf"dozen))*(?:(?:\s+and)?[\s-]+(?:{_WORD})(?:[\s-]+(?:{_WORD}))?(?:[\s-]+hundred\b(?:(?:\s+and)?[\s-]+(?:{_WORD})"
    rf"(?:[\s-]+(?:{_WORD}))?)?)?)?"
)
_ONE_OF = "third|quarter|fourth|fifth|sixth|seventh|tenth"
_FEW = "one|two|three|four|five|six|seven|eight|nine|ten|1?[1-9]|10|20"
_SCALE = r"(?:[\s-]?(?:hundred|thousand|million|billion)\b|[kKmM]\b(?!\.))"
FIGURE = re.compile(
    r"(?=[$\d.adefhnoqstuz])(?:\b|(?=[$.]))(?:"  # most places of a text begin no figure
    rf"(?<![\w.,$-])(?P<ratio>(?:{_FEW}) (?:in|out of(?: every)?) (?:{_FEW}))(?![\w%]|[.,]\d| percent)"
    rf"|(?P<money>us\$|\$)?(?P<digits>(?:(?<![\w.,/:-])|(?<=\$)|(?<=[\d%][-–]))(?:{_DIGITS}))(?P<scale>{_SCALE})?(?![\d/]|:\d| ?[ap]\.?m\b)"
    r"|(?<![\w-])(?P<crowd>tens of thousands|thousands|hundreds|scores|dozens|a couple|a handful|a few|"
    r"several)(?:\s+(?P<many>dozen|hundred|thousand))?\b"
    r"|(?<![\w-])(?P<part>(?:two|three|four)[\s-](?:thirds|quarters|fifths|sixths|sevenths|tenths)\b|"
    rf"(?:(?:(?:a|one)[\s-]+)(?:{_ONE_OF})|(?:one[\s-])?half)(?=\s+(?:of(?! july)|the|went|voted|backed|chose|picked|were)\b)|"
    rf"(?<=(?:about|under|early|lmost|ughly| than) )(?:(?:a|one)[\s-](?:{_ONE_OF})|half)(?=[.,;:)]|$| (?:in|on)\b))"
    rf"|(?<![\w-])(?P<words>{_WORDS})(?![\w]))"
)
"""A figure, in a text in lower case."""
_BEFORE = tuple((Pattern(rf"(?:^|[\s(\"“])(?P<q>{words}) +(?:a |an )?$", re.IGNORECASE), firmness) for words, firmness in QUANTIFIERS)

ADJECTIVE = (
    r"(?:early|late|late-arriving|mail|mail-in|mailed|by-mail|vote[ -]by[ -]mail|absentee|provisional|conditional|uncounted|"
    r"unprocessed|remaining|outstanding|additional|"
    r"more|new|total|valid|registered|eligible|printed|declared|write-in|other|elected|female|male|women|in-person|"
    r"election-day|same-day|damaged|"
    r"estimated|unopened|untallied|leftover|further|extra|fellow|rival|local|state|federal|different|separate|questioned|challenged|signed|sealed|the|of|and|or|"
    r"combined|counted|final|"
    r"lower-profile|active|likely|first-time|self-styled|major|minor|democratic|republican|progressive|latino|latina|asian|"
    r"korean|american|korean-american|asian-american|public|congressional|special|primary|campaign)"
)
_PEOPLE = (
    r"candidates?|contenders?|hopefuls?|contestants|names|people|person|aspirants|challengers?|rivals?|opponents?|"
    r"competitors?|entrants|field|names on the ballot|way(?= (?:[\w-]+ ){0,2}(?:race|field|contest|battle|primary|election))"
)
NOUNS: tuple[tuple[str, Unit], ...] = (
    (r"percentage[\s-]+points?|(?:percentage[\s-]+)?points?|pts?\b\.?", Unit.POINTS),
    (r"%|percent|per ?cent|pct\b\.?", Unit.PERCENT),
    (r"endorsements?|elected (?:officials?|leaders)|officeholders?|lawmakers", Unit.ENDORSEMENTS),
    (r"precincts?|polling places?|voting precincts?", Unit.PRECINCTS),
    (r"ballots?|envelopes", Unit.BALLOTS),
    (r"votes?(?! by mail)", Unit.VOTES),
    (r"voters?|registrants", Unit.VOTERS),
    (r"women|females?", Unit.WOMEN),
    (_PEOPLE, Unit.CANDIDATES),
    (
        r"democrats?|republicans?|greens?|libertarians?|independents?|green party members?|democratic candidates|republican candidates",
        Unit.PARTY,
    ),
    (r"cents?", Unit.CENTS),
    (r"dollars", Unit.DOLLARS),
    (r"years?[\s-]old", Unit.YEARS),
)
_NOUN = re.compile(
    r"(?P<hyphen>-)?(?P<lead>[\s-]*(?:or so\s+)?)(?P<words>(?:"
    + ADJECTIVE
    + r"[\s,]+){0,6}?)(?:"
    + "|".join(f"(?P<u{place}>{words})" for place, (words, _) in enumerate(NOUNS))
    + r")(?!\w|-by-)",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?:\s+share)?\s+(?:of|in)\s+(?P<base>(?:[\w,'’-]+\s+){0,6}?(?:those registered|those on the rolls?|the rolls|"
    r"what is left|what's left|what remains|them|votes?|"
    r"ballots?|precincts?|voters|electorate|total|returns?|count|tally|money|contributions|donations|"
    r"receipts)\b(?:\s+(?:cast|counted|tallied|left|remaining|outstanding|expected|still out|that remain|returned|"
    r"reporting))?)",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"\s*(?:-|–|—|to|and)\s*(?P<money>\$)?(?P<digits>{_DIGITS})(?P<scale>{_SCALE})?", re.IGNORECASE)
SINGLE = frozenset({Unit.CANDIDATES, Unit.WOMEN, Unit.VOTERS, Unit.BALLOTS, Unit.PRECINCTS, Unit.VOTES, Unit.PARTY})
"""Of these, "a" and "one" are no figure: "cast a ballot"."""
YEAR = re.compile(r"(?:1[89]|20)\d\d")


def quantities(text: str) -> Iterator[Quantity]:
    """Yield every figure of a sentence in order; a year, an ordinal and a bare "a" or "one" are none."""
    end = 0
    for figure in FIGURE.finditer(text.lower()):
        if figure.start() < end:
            continue
        if made := _quantity(text, figure):
            yield made
            end = made.end


def _quantity(text: str, figure: re.Match[str]) -> Quantity | None:
    noun = _NOUN.match(text, figure.end())
    unit, named = _unit(figure, noun)
    value = _value(figure)
    if value is None or _is_no_figure(text, figure, unit):
        return None
    end = noun.end() if noun and unit is not Unit.DOLLARS and unit is not Unit.NUMBER else figure.end()
    base = _BASE.match(text, end) if unit is Unit.PERCENT or figure["part"] or figure["ratio"] else None
    start, firmness = _firmness(text, figure)
    inside = base and FIGURE.search(figure.string, base.start("base"), base.end())
    low, high = _crowd(figure) or _bounds(figure.group(), value, firmness, unit)
    return Quantity(
        start=start,
        end=base.end() if base and not (inside and inside["digits"]) else end,
        value=value,
        low=low,
        high=high,
        unit=Unit.PERCENT if figure["part"] or figure["ratio"] else unit,
        firmness=Firmness.CROWD if figure["crowd"] else firmness,
        words=" ".join(noun["words"].lower().split()) if noun and noun["words"] else "",
        base=base["base"].lower() if base else "",
        noun=named,
    )


def _unit(figure: re.Match[str], noun: re.Match[str] | None) -> tuple[Unit, str]:
    if figure["money"]:
        return Unit.DOLLARS, "$"
    if noun is None:
        return Unit.NUMBER, ""
    place = next(place for place in range(len(NOUNS)) if noun[f"u{place}"])
    return NOUNS[place][1], noun[f"u{place}"].lower()


CROWDED = re.compile(r"\b(?:[Ff]ield|[Cc]rowd|[Ss]late|[Pp]ack|[Cc]ast|one|last) of (?:about |some )?$")
"""What is of a number, which is a figure then."""
ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
NUMBERED = re.compile(
    r"(?:District|Proposition|Prop\.|Measure|No\.|AB|SB|Bill|CD|AD|SD|H\.R\.|Title|Section|Route|Highway|NBC|Channel|Article)[\s-]*$"
)
"""What is named by a number, which is no figure then."""


def _is_no_figure(text: str, figure: re.Match[str], unit: Unit) -> bool:
    """Whether it only looks like a figure: a year, an ordinal, "a" or "one" with nothing counted, the number of a district or a law."""
    bare = unit is Unit.NUMBER and not (text[figure.end() :].startswith(" of the ") and figure.group().lower() not in {"a", "one"})
    if figure["words"]:
        bare = bare and not CROWDED.search(text[: figure.start()])
        return bare or (figure["words"].lower() in {"a", "one"} and unit in SINGLE)
    if figure["crowd"]:
        return bare
    after = text[figure.end() : figure.end() + 2]
    before = text[max(0, figure.start() - 14) : figure.start()]
    return bool((bare and YEAR.fullmatch(figure.group())) or ORDINAL.match(after) or NUMBERED.search(before))


def _value(figure: re.Match[str]) -> float | None:
    if figure["digits"]:
        scale = SCALES[figure["scale"].strip(" -").lower()] if figure["scale"] else 1
        return float(figure["digits"].replace(",", "")) * scale
    if crowd := _crowd(figure):
        return crowd[0]
    if figure["part"]:
        return 100 * _part(figure["part"].lower())
    if figure["ratio"]:
        part, *_, whole = figure["ratio"].lower().split()
        return 100 * _small(part) / _small(whole)
    return in_words(figure["words"])


def _small(word: str) -> int:
    return int(word) if word.isdigit() else ONES[word]


def _part(words: str) -> float:
    *many, part = re.split(r"[\s-]+", words)
    one = FRACTIONS[part] if part in FRACTIONS else FRACTIONS[part.removesuffix("s")]
    return one * (ONES.get(many[0], 1) if many else 1)


def in_words(text: str) -> float | None:
    """Return the number that words say, None if they say none: "twenty-eight", "two dozen", "half a million"."""
    total, current = 0.0, 0.0
    for word in re.split(r"[\s-]+", text.lower()):
        if word in SCALES:
            current = (current or 1) * SCALES[word]
            total, current = (total + current, 0) if SCALES[word] >= 1_000 else (total, current)
        elif word == "half":
            current = 0.5
        elif word not in {"a", "and"}:
            current += ONES.get(word, TENS.get(word, 0))
    return total + current or (1.0 if text.lower() in {"a", "one"} else None if text.lower() != "zero" else 0.0)


OR_SO = re.compile(r"\s+or so\b|-odd\b|\s+(?:votes |ballots )?(?:and change|or thereabouts|give or take)\b")


def _firmness(text: str, figure: re.Match[str]) -> tuple[int, Firmness]:
    before = text[max(0, figure.start() - 40) : figure.start()]
    for words, firmness in _BEFORE:
        if found := words.search(before):
            if found["q"].lower() == "up to" and MOVED.search(before[: found.start("q")]):
                break
            return figure.start() - len(before) + found.start("q"), firmness
    if OR_SO.match(text, figure.end()):
        return figure.start(), Firmness.ABOUT
    return figure.start(), Firmness.EXACT


def _crowd(figure: re.Match[str]) -> tuple[float, float] | None:
    """Return what "several", "a few hundred" may be, None if it is no such word."""
    if not figure["crowd"]:
        return None
    low, high = CROWDS[figure["crowd"].lower()]
    many = MANY[figure["many"].lower()] if figure["many"] else 1
    return low * many, high * many


PART = re.compile(r"third|quarter|fifth|half|sixth|seventh|tenth| in | out of ", re.IGNORECASE)
DIGITS = re.compile(r"[\d,]*\.?\d+")


def _bounds(printed: str, value: float, firmness: Firmness, unit: Unit) -> tuple[float, float]:
    points = unit in {Unit.PERCENT, Unit.POINTS}
    half = half_unit(printed, value) or (0.5 if points else 0.0)
    if PART.search(printed):
        half = 0.1 * value
    near = max(NEAR * value, half, ROUND if points and value % 5 == 0 else 0)
    return {
        Firmness.EXACT: (value - half, value + max(half, CUT * value if half >= THOUSAND / 2 else 0.0)),
        Firmness.ABOUT: (value - near, value + near),
        Firmness.OVER: (value, value * (1 + WIDE) + (1 if points else 0)),
        Firmness.AT_LEAST: (value, value * (1 + WIDE) + (1 if points else 0)),
        Firmness.JUST_OVER: (value, value + (0.6 if points else NEAR * value)),
        Firmness.NEARLY: (value * 0.9, value),
        Firmness.UNDER: (value * (1 - WIDE) - (1 if points else 0), value),
        Firmness.AT_MOST: (value * (1 - WIDE), value),
        Firmness.CROWD: (value, value),
    }[firmness]


def half_unit(printed: str, value: float) -> float:
    """Return half a unit of the last printed place: 0.5 for "28", 0.05 for "28.1", 500 for "23,000", 0 for a count under a thousand."""
    digits = DIGITS.search(printed)
    if digits is None:
        return 0.0
    text = digits.group().replace(",", "")
    scale = value / float(text) if float(text) else 1.0
    if "." in text:
        return float(0.5 * 10 ** -len(text.split(".")[1]) * scale)
    if scale > 1:
        return 0.5 * scale
    zeros = len(text) - len(text.rstrip("0"))
    return 0.5 * 10**zeros if value >= 1_000 and zeros else 0.0
