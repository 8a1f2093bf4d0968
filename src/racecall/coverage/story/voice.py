"""A point of the plan said in a language: which of its sentences, and every figure as its readers write it."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from racecall.coverage.story.figures import NUMBERS, Figure, How
from racecall.coverage.story.languages import Catalogue
from racecall.coverage.story.told import Part, Point, Said
from racecall.model.writing import Writing

GIVEN = frozenset({How.NAME, How.NAMES, How.LABEL, How.LABELS})
"""What nobody changes, not even its first letter."""


class Voice:
    """A language, for one contest at one moment.

    Args:
        catalogue: Its sentences.
        contest: Contest id: of several ways to say a thing it takes the same one each time.
        zone: The county's time.
        year: Days of another year are written with it.
    """

    def __init__(self, catalogue: Catalogue, *, contest: str, zone: ZoneInfo, year: int) -> None:
        self.catalogue = catalogue
        self.writing = Writing(catalogue.code)
        self.contest, self.zone, self.year = contest, zone, year

    def say(self, point: Point) -> Said:
        """Say a point."""
        return Said(key=point.key, parts=tuple(_joined(self._parts(self.way(point), point.figures))))

    def way(self, point: Point) -> str:
        """Return the sentence for a point, with its places; no figure has a part in the choice."""
        sentences = self.catalogue.sentences
        ways = (sentences.get(f"{point.id}.one") if point.is_one else None) or sentences[point.id]
        seed = sha256(f"{self.contest}|{point.key}".encode()).digest()
        return ways[int.from_bytes(seed[:8], "big") % len(ways)]

    def write(self, figure: Figure) -> str:
        """Write a figure."""
        text = WRITERS[figure.how](self, figure.trace.value, figure.digits)
        return self.catalogue.about.format(text) if figure.about else text

    def _parts(self, sentence: str, figures: Mapping[str, Figure]) -> Iterator[Part]:
        for words, name, particles, _ in string.Formatter().parse(sentence):
            if words:
                yield Part(text=words)
            if name is not None:
                text = self.write(figures[name])
                yield Part(text=text, figure=figures[name])
                if particles:
                    yield Part(text=particle(text, particles))

    # -- values ---------------------------------------------------------------------------------------------------------------------

    def counted(self, number: float, digits: int, *, how: How) -> str:
        """Write a number with its unit."""
        one, several = self.catalogue.units[how]
        shown = round(number, digits)
        return (one if shown == 1 else several).format(self.writing.number(shown, max(digits, 0)))

    def listed(self, names: list[str]) -> str:
        """Write names in a row."""
        row = Writing(self.catalogue.lists).row(len(names)) if self.catalogue.lists else self.writing.row(len(names))
        return row % {str(at): name for at, name in enumerate(names)}

    def word(self, word: str) -> str:
        """Write a word of the record, in the language if it knows it."""
        return self.catalogue.words.get(word, word)

    def person(self, name: str) -> str:
        """Write a candidate's name."""
        return self.catalogue.name.format(name)

    def dollars(self, amount: float) -> str:
        """Write an amount, with cents only where there are some."""
        return self.catalogue.dollars.format(self.writing.number(amount, 0 if amount == int(amount) else 2))

    def ordinal(self, place: int) -> str:
        """Write a place in the count."""
        known = self.catalogue.ordinals
        return known[place - 1] if place <= len(known) else self.catalogue.ordinal.format(place)

    def member(self, party: str, number: int) -> str:
        """Write so many members of a party."""
        one, several = self.catalogue.parties.get(party, (None, None))
        text = one if number == 1 else several
        return text.format(self.writing.number(number)) if text else self.catalogue.party.format(self.writing.number(number), party)

    def party(self, party: str) -> str:
        """Write the members of a party without their number."""
        known = self.catalogue.parties.get(party)
        return NUMBER.sub(" ", known[1]).strip() if known else party

    def day(self, text: str, pattern: str) -> str:
        """Write a day, with the year if it is another one than the story's."""
        day = self._local(text).date() if "T" in text else date.fromisoformat(text)
        return self.writing.day(day, pattern if day.year == self.year else self.catalogue.year.format(pattern))

    def moment(self, text: str) -> str:
        """Write an hour and its day in the county's time."""
        time = self.writing.time(self._local(text), self.zone) + " "
        for written, wanted in self.catalogue.tidy:
            time = time.replace(written, wanted)
        return self.catalogue.moment.format(time=self.word(time.strip()), day=self.day(text, self.catalogue.day))

    def _local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).astimezone(self.zone)


NUMBER = re.compile(r"\s*\{\}\S*\s*")

WRITERS: Mapping[How, Callable[[Voice, Any, int], str]] = {
    How.NAME: lambda voice, name, _: voice.person(name),
    How.NAMES: lambda voice, names, _: voice.listed([voice.person(name) for name in names]),
    How.LABEL: lambda _, text, __: str(text),
    How.LABELS: lambda voice, texts, _: voice.listed(list(texts)),
    How.WORD: lambda voice, word, _: voice.word(word),
    How.NUMBER: lambda voice, number, digits: voice.writing.number(round(number, digits), max(digits, 0)),
    How.SHARE: lambda voice, share, digits: voice.writing.percent(share, digits),
    How.DOLLARS: lambda voice, amount, _: voice.dollars(amount),
    How.DAY: lambda voice, day, _: voice.day(day, voice.catalogue.day),
    How.DATE: lambda voice, day, _: voice.day(day, voice.catalogue.date),
    How.MOMENT: lambda voice, moment, _: voice.moment(moment),
    How.ORDINAL: lambda voice, place, _: voice.ordinal(place),
    How.PARTY: lambda voice, party, _: voice.party(party),
    How.PARTIES: lambda voice, numbers, _: voice.listed([voice.member(party, number) for party, number in numbers]),
    How.ROUND: lambda voice, after, _: voice.catalogue.rounds.get(after, voice.catalogue.rounds[""]),
    **{how: partial(Voice.counted, how=how) for how in (*NUMBERS, How.POINTS)},
}
"""How each kind of value is written."""


def _joined(parts: Iterator[Part]) -> Iterator[Part]:
    """Begin a figure with a capital where it begins the sentence and is not somebody's name, and end with one full stop ("a.m.", "Jr.")."""
    last = ""
    for part in parts:
        text = part.text[1:] if part.text.startswith(".") and last.endswith(".") else part.text
        if not last and part.figure and part.figure.how not in GIVEN:
            text = text[:1].upper() + text[1:]
        last = text or last
        if text:
            yield Part(text=text, figure=part.figure)


# -- Korean particles -----------------------------------------------------------------------------------------------------------------

DIGITS = frozenset("013678")
"""Digits whose Korean name ends with a consonant: 영, 일, 삼, 육, 칠, 팔."""
LATIN = frozenset("lmn")
"""Letters after which a foreign name ends with a consonant in Korean: ㄹ, ㅁ, ㄴ. *Rounded*: "ng" is in it, "Mac" (맥) is not."""
RIEUL = 8
"""Number of ㄹ among the final consonants: 로 and not 으로 follows it."""


def particle(text: str, pair: str) -> str:
    """Return the particle of a pair such as ``이/가`` that fits the sound a text ends with: the first after a consonant.

    Source:
        A Hangul syllable is 0xAC00 + (initial * 21 + vowel) * 28 + final, and the final is 0 where there is none (Unicode 3.12).
    """
    consonant, vowel = pair.split("/")
    last = next((character for character in reversed(text) if character.isalnum()), "")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        return consonant if final and not (final == RIEUL and pair == "으로/로") else vowel
    return consonant if last in DIGITS or last.lower() in LATIN else vowel
