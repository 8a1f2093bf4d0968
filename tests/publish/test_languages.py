"""What a reader reads is there in every language, and numbers and dates are written as that language writes them."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from zoneinfo import ZoneInfo

import pytest
from markupsafe import Markup

from racecall.errors import UnknownName
from racecall.publish.languages.messages import Message, lacks, messages_in, updated
from racecall.publish.languages.words import Words

DOCS = Path(__file__).resolve().parents[2] / "docs"
CATALOGUES = sorted((DOCS.parent / "src" / "racecall" / "publish" / "languages").glob("*.po"))
NOON = datetime(2017, 4, 5, 20, 5, tzinfo=UTC)
COUNTY = ZoneInfo("America/Los_Angeles")


def the_script() -> ModuleType:
    """The script that keeps the catalogues, as a module."""
    spec = importlib.util.spec_from_file_location("languages", DOCS / "languages.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_sentence_is_translated(path: Path) -> None:
    """No sentence of the site is without a translation, and no catalogue holds one that nobody says; mend it: python docs/languages.py."""
    assert list(lacks(path.read_bytes(), the_script().wanted())) == []


def test_sentences_are_found_in_templates() -> None:
    """A template's sentences are found in all three forms."""
    template = '{{ t("A %(x)s") }}{{ t.plural("%(num)s vote", "%(num)s votes", n) }}{{ t.of("state", "Likely") }}{{ other("no") }}'
    assert messages_in([template], []) == {
        Message("A %(x)s"),
        Message("%(num)s vote", many="%(num)s votes"),
        Message("Likely", context="state"),
    }


def test_sentences_are_found_in_code() -> None:
    """A module's sentences are found in all three forms, also where a text goes over two lines."""
    module = b'words("A " "b")\nwords.plural("%(num)s cat", "%(num)s cats", 3)\nself.words.of("x", "Y")\nother("no")'
    assert messages_in([], [module]) == {Message("A b"), Message("%(num)s cat", many="%(num)s cats"), Message("Y", context="x")}


def test_sentences_are_found_inside_others() -> None:
    """A sentence inside an f-string, and one whose values are calls themselves, are sentences like others."""
    module = b"made = f'<b>{escape(t(\"Counted\"))}</b>' + t.plural(\n'%(num)s cat', '%(num)s cats', 3, who=name(one, t), by=t('you'))"
    assert messages_in([], [module]) == {Message("Counted"), Message("%(num)s cat", many="%(num)s cats"), Message("you")}


def test_a_sentence_that_has_become_a_plural_is_translated_anew() -> None:
    """One form says nothing of the other."""
    made = updated(catalogue("Un %(x)s"), [Message("A %(x)s", many="%(x)s of them")], "es")
    assert list(lacks(made, [Message("A %(x)s", many="%(x)s of them")])) == ["not translated: 'A %(x)s'"]


def catalogue(translation: str) -> bytes:
    """A catalogue with one sentence."""
    return f'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "A %(x)s"\nmsgstr "{translation}"\n'.encode()


@pytest.mark.parametrize(
    ("translation", "words"),
    [
        ("", "not translated: 'A %(x)s'"),
        ("Uno", "other places to fill than x: 'A %(x)s'"),
        ("Un %(x)s %(y)s", "other places to fill than x: 'A %(x)s'"),
        (
            "Un %(x)s% más",
            "a per cent sign that is none (write %% where there are places to fill, % where there are none): 'A %(x)s'",
        ),
    ],
)
def test_a_lacking_catalogue_is_told(translation: str, words: str) -> None:
    """What is missing, or would lose a figure, is said with its sentence."""
    assert list(lacks(catalogue(translation), [Message("A %(x)s")])) == [words]


def test_a_sentence_that_nobody_says_is_told() -> None:
    """A translation whose sentence has gone is said, so that the catalogue does not grow old."""
    assert list(lacks(catalogue("Un %(x)s"), [])) == ["nobody says any more: 'A %(x)s'"]


def test_an_update_keeps_what_fits() -> None:
    """A new sentence is added without a translation; the ones there keep theirs."""
    made = updated(catalogue("Un %(x)s"), [Message("A %(x)s"), Message("New")], "es")
    assert list(lacks(made, [Message("A %(x)s"), Message("New")])) == ["not translated: 'New'"]


def test_an_update_is_the_same_twice() -> None:
    """Bringing a catalogue in step a second time changes no byte."""
    once = updated(catalogue("Un %(x)s"), [Message("A %(x)s")], "es")
    assert updated(once, [Message("A %(x)s")], "es") == once


@pytest.mark.parametrize(
    ("language", "moment"),
    [
        ("en", "Wednesday, April 5, 2017, 1:05 PM"),
        ("es", "miércoles, 5 de abril de 2017, 1:05 p.m."),
        ("ko", "2017년 4월 5일 수요일 오후 1:05"),
    ],
)
def test_moments_are_local(language: str, moment: str) -> None:
    """A moment is written in the county's time and the language's own way."""
    assert Words(language).moment(NOON, COUNTY).replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ") == moment


@pytest.mark.parametrize(("language", "moment"), [("en", "Apr 5, 1:05 PM"), ("es", "5 abr, 1:05 p.m."), ("ko", "4월 5일 오후 1:05")])
def test_short_moments_have_no_year(language: str, moment: str) -> None:
    """Where room is scarce, day and time are enough, joined as the language joins them."""
    assert Words(language).short(NOON, COUNTY).replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ") == moment


@pytest.mark.parametrize("name", ["Davis Jr.", Markup('<span lang="en">Davis Jr.</span>')])
def test_a_sentence_ends_with_one_full_stop(name: str) -> None:
    """A name or a time that ends with a full stop ends the sentence with it."""
    assert Words("en")("Nobody passes %(who)s.", who=name) == f"Nobody passes {name}"


@pytest.mark.parametrize(("language", "number"), [("en", "−1,234.5"), ("es", "−1,234.5"), ("ko", "−1,234.5"), ("de", "−1.234,5")])
def test_numbers_are_the_languages_own(language: str, number: str) -> None:
    """Thousands and decimals are marked as the language marks them, with a real minus."""
    assert Words(language).number(-1234.5, 1) == number


def test_a_missing_number_is_not_zero() -> None:
    """Where there is no number, a dash stands."""
    assert Words("en").percent(None) == "\N{EN DASH}"


def test_a_language_nobody_knows() -> None:
    """A code that no calendar knows is refused with words."""
    with pytest.raises(UnknownName, match="no language 'zz'"):
        Words("zz")
