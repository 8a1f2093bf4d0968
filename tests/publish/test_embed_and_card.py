"""The widget and the share card: every state, long names, nothing above the state's words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree, html

from racecall.calls.states import SlotState
from racecall.desk.packaged import site_assets
from racecall.publish.site.card import RIGHT, Line, card_png, card_svg, fitted, width
from racecall.publish.site.embed import embed_page
from racecall.publish.site.page import ContestPage
from racecall.publish.site.render import Renderer
from site_pages import page_of, view_of

LONG = "Maximiliana Wolfeschlegelsteinhausen-Bergerdorff y Santamaría de los Ríos"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """Every language there is."""
    return Renderer(site_assets())


@pytest.fixture(scope="module")
def night() -> ContestPage:
    """The count of 5 April 2017, with what the county said is left."""
    return page_of(view_of({"gomez": 8156, "ahn": 5504, "cabildo": 2778}, out=13_400, next_round="runoff"))


def in_state(page: ContestPage, state: SlotState, name: str = "") -> ContestPage:
    """A page whose places are all in one state, held by somebody with another name if one is given."""
    slots = tuple(
        replace(slot, state=state, option=replace(slot.option, name=name) if slot.option and name else slot.option)
        for slot in page.view.slots
    )
    return replace(page, view=replace(page.view, slots=slots))


@pytest.mark.parametrize("state", SlotState)
@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_a_card_is_drawn_in_every_state(renderer: Renderer, night: ContestPage, state: SlotState, language: str) -> None:
    """Every state has a card in every language, and it is a picture that a program can read."""
    card = etree.fromstring(card_svg(renderer, in_state(night, state), 2, language).encode())
    assert card.tag == f"{SVG}svg"


def test_a_long_name_stays_on_its_card(renderer: Renderer, night: ContestPage) -> None:
    """A name of seventy letters is set smaller and over two lines, inside the card."""
    card = etree.fromstring(card_svg(renderer, in_state(night, SlotState.LIKELY, LONG), 2, "en").encode())
    lines = [text for text in card.iter(f"{SVG}text") if text.get("font-weight") == "700" and "Georgia" in text.get("font-family", "")]
    assert max(float(line.get("x", 0)) + width(Line(line.text or "", float(line.get("font-size", 0)))) for line in lines) <= RIGHT


@pytest.mark.parametrize("state", SlotState)
@pytest.mark.parametrize("language", ["en", "es", "ko"])
def test_every_line_stays_on_its_card(renderer: Renderer, night: ContestPage, state: SlotState, language: str) -> None:
    """Other languages take more room: what is too long is set smaller or over two lines."""
    card = etree.fromstring(card_svg(renderer, in_state(night, state), 2, language).encode())
    lines = [text for text in card.iter(f"{SVG}text") if text.get("text-anchor") == "start" and text.getparent().tag != f"{SVG}g"]
    assert max(float(line.get("x", 0)) + width(Line(line.text or "", float(line.get("font-size", 0)))) for line in lines) <= RIGHT


def test_a_card_has_no_marks_of_language_in_its_words(renderer: Renderer, night: ContestPage) -> None:
    """A picture cannot say which words are English, and does not show the markup that says so on a page."""
    assert "span" not in card_svg(renderer, in_state(night, SlotState.LEADING), 1, "es")


def test_a_script_in_a_name_is_text(renderer: Renderer, night: ContestPage) -> None:
    """A name with markup in it is written, not run."""
    card = etree.fromstring(card_svg(renderer, in_state(night, SlotState.CALLED, "<script>alert(1)</script>"), 1, "en").encode())
    assert not list(card.iter(f"{SVG}script"))


def test_nothing_is_advanced_before_a_call(renderer: Renderer, night: ContestPage) -> None:
    """The card of a likely place says no more than that."""
    assert "Likely to be among those who go on." in card_svg(renderer, in_state(night, SlotState.LIKELY), 2, "en")


def test_a_text_is_set_smaller_before_it_is_broken() -> None:
    """A line that is a little too long is made smaller; a much longer one goes over two lines."""
    assert [len(fitted(text, 400, 38, lines=2)) for text in ("Short", "A line that is far too long for one row of it")] == [1, 2]


def test_png(renderer: Renderer, night: ContestPage) -> None:
    """The card can be had as PNG, 1200 by 630."""
    pytest.importorskip("resvg_py", reason="needs resvg-py (pip install 'racecall[cards]')")
    made = card_png(card_svg(renderer, night, 1, "en"))
    assert (made[:8], int.from_bytes(made[16:20]), int.from_bytes(made[20:24])) == (b"\x89PNG\r\n\x1a\n", 1200, 630)


def test_the_widget_has_all_places(renderer: Renderer, night: ContestPage) -> None:
    """The widget of a contest shows each of its places."""
    made = html.fromstring(embed_page(renderer, night, "en"))
    assert len(made.cssselect(".places > li")) == 2


def test_the_widget_can_be_asked_for_one_place(renderer: Renderer, night: ContestPage) -> None:
    """Every place has a name of its own, for an address that ends with it."""
    made = html.fromstring(embed_page(renderer, night, "en"))
    assert [place.get("id") for place in made.cssselect(".places > li")] == ["place-1", "place-2"]


def test_the_widget_links_out_of_its_frame(renderer: Renderer, night: ContestPage) -> None:
    """A link leaves the frame: the contest's page does not open inside a column of 300 pixels."""
    made = html.fromstring(embed_page(renderer, night, "en"))
    assert {link.get("target") for link in made.cssselect("a")} == {"_top"}
