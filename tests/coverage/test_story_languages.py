"""Stories in each language: no sentence is missing, no place is left open, and the language's own grammar holds."""

from __future__ import annotations

import ast
import re
import string
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from racecall.coverage.claims import Trace
from racecall.coverage.story import languages
from racecall.coverage.story.figures import Figure, How
from racecall.coverage.story.languages import Catalogue, catalogue
from racecall.coverage.story.told import Point
from racecall.coverage.story.voice import Voice, particle

FOLDER = Path(languages.__file__).parent
CODES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")
ENGLISH = catalogue("en")
FORM = re.compile(r"\.one$")


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def spoken() -> set[str]:
    """The ids of the sentences that the code says, as far as they stand there in full."""
    found = set()
    for path in sorted(FOLDER.parent.glob("*.py")):
        texts = (
            node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        found |= {
            text
            for text in texts
            if re.fullmatch(r"(?:headline|lede|standing|out|next|since|field|early|money|calls|method|alt|brief)\.[a-z_.]+", text)
        }
    return found - {"calls.", "money."}


def voice(made: Catalogue) -> Voice:
    return Voice(made, contest="c", zone=ZoneInfo("America/Los_Angeles"), year=2017)


def figure(how: How, value: object, **values: object) -> Figure:
    return Figure(how=how, trace=Trace(table="release", row="1", column="x", value=value), **values)


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_is_there(code: str):
    """A story never stops for want of a word; what is for a single subject alone may be missing."""
    missing = {name for name in ENGLISH.sentences if not FORM.search(name)} - catalogue(code).sentences.keys()

    assert sorted(missing) == []


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_is_there_that_nobody_says(code: str):
    """Every sentence is one of English."""
    plain = {FORM.sub("", name) for name in catalogue(code).sentences}

    assert sorted(plain - ENGLISH.sentences.keys()) == []


def test_every_sentence_that_the_code_says_is_in_the_catalogue():
    """Ids are written in full, but for rungs, goals and kinds of ballots."""
    assert sorted(spoken() - ENGLISH.sentences.keys()) == []


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_has_the_same_places(code: str):
    """Nothing that English says is left out, and nothing added; every way to say it has them all."""
    wrong = [
        (name, way)
        for name, ways in catalogue(code).sentences.items()
        for way in ways
        if places(way) != places(ENGLISH.sentences[FORM.sub("", name)][0])
    ]

    assert wrong == []


@pytest.mark.parametrize("code", CODES)
def test_no_sentence_has_a_digit_of_its_own(code: str):
    """A number comes with its row, or not at all; "1차 투표" is the one name with a digit in it."""
    sentences = [way for ways in catalogue(code).sentences.values() for way in ways]

    assert [way for way in sentences if re.search(r"\d", way.replace("1차 투표", ""))] == []


@pytest.mark.parametrize("code", CODES)
def test_every_unit_has_words(code: str):
    """Votes, ballots, candidates and the rest, one and several."""
    made = catalogue(code)

    assert {How.VOTES, How.BALLOTS, How.CANDIDATES, How.VOTERS, How.QUESTIONS, How.POINTS} <= made.units.keys()
    assert {"runoff", "general", ""} <= made.rounds.keys()
    assert made.parties.keys() == ENGLISH.parties.keys()


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_one_file(code: str):
    """It is found by its name, and says which language it is."""
    assert import_module(f"racecall.coverage.story.languages.{code}").CATALOGUE.code == code


@pytest.mark.parametrize(
    ("text", "pair", "wanted"),
    [
        ("김", "은/는", "은"),
        ("로버트 안", "이/가", "이"),
        ("지미 고메스", "이/가", "가"),
        ("서울", "으로/로", "로"),
        ("부산", "으로/로", "으로"),
        ("Jimmy Gomez 후보", "을/를", "를"),
        ("Ahn", "은/는", "은"),
        ("Lee", "은/는", "는"),
        ("3", "이/가", "이"),
        ("2", "이/가", "가"),
        ("결선 투표", "은/는", "는"),
        ('"Sal" (김)', "과/와", "과"),
    ],
)
def test_particles_follow_the_sound(text: str, pair: str, wanted: str):
    """The first after a consonant, the second after a vowel; 로 after ㄹ."""
    assert particle(text, pair) == wanted


@pytest.mark.parametrize(
    ("code", "made", "written"),
    [
        ("en", figure(How.MOMENT, "2017-04-05T19:00:00Z"), "noon Wednesday, April 5"),
        ("en", figure(How.MOMENT, "2017-04-05T07:30:00Z"), "12:30 a.m. Wednesday, April 5"),
        ("en", figure(How.DAY, "2018-04-05T19:00:00Z"), "Thursday, April 5, 2018"),
        ("en", figure(How.DATE, "2017-03-15"), "March 15"),
        ("en", figure(How.VOTES, 1), "1 vote"),
        ("en", figure(How.NAMES, ["A", "B", "C"]), "A, B and C"),
        ("en", figure(How.BALLOTS, 13_400, about=True), "about 13,400 ballots"),
        ("en", figure(How.NUMBER, 11_122, digits=-2), "11,100"),
        ("en", figure(How.ORDINAL, 11), "No. 11"),
        ("en", figure(How.DOLLARS, 50_778.8), "$50,778.80"),
        ("en", figure(How.PARTIES, [["DEM", 2], ["XYZ", 1]]), "2 Democrats and 1 listed as XYZ"),
        ("en", figure(How.PARTY, "DEM"), "Democrats"),
        ("es", figure(How.MOMENT, "2017-04-05T07:30:00Z"), "miércoles 5 de abril, 12:30 a.m."),
        ("es", figure(How.DAY, "2018-04-05T19:00:00Z"), "jueves 5 de abril de 2018"),
        ("es", figure(How.PARTY, "GRN"), "del Partido Verde"),
        ("es", figure(How.WORD, "Korean American"), "coreano-estadounidense"),
        ("es", figure(How.WORD, "Armenian"), "Armenian"),
        ("ko", figure(How.MOMENT, "2017-04-05T07:30:00Z"), "4월 5일 수요일 오전 12:30"),
        ("ko", figure(How.DAY, "2018-04-05T19:00:00Z"), "2018년 4월 5일 목요일"),
        ("ko", figure(How.NAME, "Jimmy Gomez"), "Jimmy Gomez 후보"),
        ("ko", figure(How.SHARE, 0.28139), "28%"),
        ("ko", figure(How.PARTY, "DEM"), "민주당"),
        ("ko", figure(How.DOLLARS, 338_702.0), "338,702달러"),
    ],
)
def test_figures_are_written_as_readers_write_them(code: str, made: Figure, written: str):
    """Hours, days, lists, units, names."""
    assert voice(catalogue(code)).write(made) == written


def test_a_sentence_ends_with_one_full_stop():
    """Names and hours that end with one bring it along."""
    point = Point(
        id="standing.ahead",
        figures={
            "name": figure(How.NAME, "A"),
            "votes": figure(How.VOTES, 2),
            "behind": figure(How.NAME, "B Jr."),
            "margin": figure(How.VOTES, 1),
        },
    )
    closed = Point(
        id="lede.first_round", figures={"name": figure(How.NAME, "A Jr."), "ordinal": figure(How.ORDINAL, 1), "votes": figure(How.VOTES, 2)}
    )

    assert voice(ENGLISH).say(point).text == "A had 2 votes, ahead of B Jr. by 1 vote."
    assert voice(ENGLISH).say(closed).text == "A Jr. finished first in the first round with 2 votes."


def test_a_name_is_never_given_a_capital():
    """It stands as the ballot prints it."""
    said = voice(ENGLISH).say(Point(id="standing.had", figures={"name": figure(How.NAME, "de la Fuente"), "votes": figure(How.VOTES, 2)}))

    assert said.text == "de la Fuente had 2 votes."


def test_the_way_to_say_a_thing_depends_on_the_contest_alone():
    """Over many contests each way is taken, and for one contest always the same."""
    point = Point(id="lede.led", about="gomez")
    ways = [Voice(ENGLISH, contest=f"c{number}", zone=ZoneInfo("UTC"), year=2017).way(point) for number in range(40)]

    assert set(ways) == set(ENGLISH.sentences["lede.led"])
    assert voice(ENGLISH).way(point) == voice(ENGLISH).way(point)
