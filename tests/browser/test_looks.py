"""Every page in a real browser: at every width, in every language, light, dark, forced colours, print, with and without script."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from itertools import product

import pytest

from browser.audit import CONTRAST, misplaced, open_all, overflow, violations
from browser.sites import LANGUAGES, place_of, widget_of
from site_kinds import KINDS

WIDTHS = (320, 390, 768, 1280)
PAGES = ("index.html", "c/ca34-2017-primary/", "c/ca34-2017-runoff/", "embed/ca34-2017-primary.html")
"""The demo's, in every language."""
AT = "c/ca34-2017-primary/at/1/"
"""The same contest as it stood after its first release, in English alone."""
MOST_SHEETS = 4
"""24 candidates, certified, everything opened."""


def slow(cases: Iterable[tuple[str, ...]]) -> Iterator[object]:
    """Mark cases: the same page with other words is looked at in the slow suite."""
    return (pytest.param(*case, marks=pytest.mark.slow) for case in cases)


EVERYWHERE = [*product(PAGES, LANGUAGES[:1]), (AT, "en"), *slow(product(PAGES, LANGUAGES[1:]))]


def address(site, page: str, language: str = "en") -> str:
    return site.url + ("" if language == "en" else f"{language}/") + page


def look(tab, url: str, width: int) -> list[str]:
    """What is misplaced at a width, closed and opened."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(url)
    closed = [*misplaced(tab), *(["wider than its window"] if overflow(tab) else [])]
    open_all(tab)
    return [*closed, *misplaced(tab), *(["wider than its window when opened"] if overflow(tab) else [])]


# -- where things lie ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("page", "language"), EVERYWHERE)
def test_nothing_lies_on_anything_else_on_the_demo(tab, site, page, language):
    """From a telephone to a desktop no text lies on another, and nobody scrolls sideways."""
    assert {width: wrong for width in WIDTHS if (wrong := look(tab, address(site, page, language), width))} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_lies_on_anything_else_on_any_kind_of_page(tab, kinds, kind):
    """Also with names of sixty letters, nine places or no votes."""
    assert {width: wrong for width in WIDTHS if (wrong := look(tab, kinds.url + place_of(kind), width))} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_the_widget_fits_three_hundred_pixels(tab, kinds, kind):
    """The narrowest column of somebody else's page."""
    assert look(tab, kinds.url + widget_of(kind), 300) == []


def test_a_map_lies_beside_its_words(tab, other_site):
    """The demo with boundaries, at every width."""
    assert {width: wrong for width in WIDTHS if (wrong := look(tab, other_site.url + "c/sd7-2015-primary/", width))} == {}


def test_four_times_as_large_reads_as_a_telephone(tab, site):
    """A window of 1,280 pixels at 400% is one of 320, and its height is a quarter as well."""
    tab.set_viewport_size({"width": 320, "height": 225})
    tab.goto(address(site, PAGES[1]))

    assert (overflow(tab), misplaced(tab)) == (0, [])


# -- axe -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, AT])
def test_axe_finds_nothing_on_the_demo(tab, site, page):
    """Light with everything opened, then dark."""
    tab.goto(address(site, page))
    open_all(tab)
    light = violations(tab)
    tab.emulate_media(color_scheme="dark")

    assert (light, violations(tab, CONTRAST)) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize(("page", "language"), [*product(PAGES, LANGUAGES[1:])])
def test_axe_finds_nothing_in_other_languages(tab, site, page, language):
    """The same page with other words in it."""
    tab.goto(address(site, page, language))

    assert violations(tab) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_on_any_kind_of_page(tab, kinds, kind):
    """Light with everything opened, then dark."""
    tab.goto(kinds.url + place_of(kind))
    open_all(tab)
    light = violations(tab)
    tab.emulate_media(color_scheme="dark")

    assert (light, violations(tab, CONTRAST)) == ([], [])


def test_axe_finds_nothing_on_a_page_with_a_map(tab, other_site):
    """The demo with boundaries."""
    tab.goto(other_site.url + "c/sd7-2015-primary/")

    assert violations(tab) == []


# -- other ways to read --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, AT])
def test_without_script_the_page_says_the_same(tab, unscripted, site, page):
    """What a script adds is a search box; it takes nothing away and nothing waits for it."""
    tab.goto(address(site, page))
    unscripted.goto(address(site, page))
    added = tab.locator("[data-find]").all_inner_texts()

    with_script = tab.inner_text("body").replace("".join(added), "") if added else tab.inner_text("body")

    assert unscripted.inner_text("body").split() == with_script.split()


@pytest.mark.parametrize("page", PAGES)
def test_dark_is_dark_and_light_is_light(tab, site, page):
    """The ground changes with the reader's setting."""
    tab.goto(address(site, page))
    grounds = []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        grounds.append(tab.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert grounds == ["rgb(253, 252, 249)", "rgb(21, 20, 17)"]


@pytest.mark.parametrize("page", PAGES)
def test_with_forced_colours_nothing_that_counts_is_drawn_in_the_colour_of_the_ground(tab, site, page):
    """Bars, marks and letters stand out from the reader's own ground."""
    tab.emulate_media(forced_colors="active")
    tab.goto(address(site, page))

    lost = tab.evaluate(
        """() => {
          const ground = getComputedStyle(document.body).backgroundColor;
          const drawn = 'svg text, .fa, .fb, .fc, .fo, .fdone, .fink, .hd, .chip';
          return [...document.querySelectorAll(drawn)].filter((one) => {
            const style = getComputedStyle(one);
            return (one instanceof SVGElement ? style.fill : style.color) === ground;
          }).map((one) => one.outerHTML.slice(0, 120));
        }"""
    )

    assert lost == []


def test_with_forced_colours_a_chip_has_an_edge(tab, kinds):
    """Its ground is gone, so its border carries it."""
    tab.emulate_media(forced_colors="active")
    tab.goto(kinds.url + place_of("called"))

    assert tab.evaluate("[...document.querySelectorAll('.chip')].map((one) => getComputedStyle(one).borderTopStyle)") == ["solid", "solid"]


@pytest.mark.parametrize("page", PAGES)
def test_nothing_moves_for_who_asked_for_stillness(tab, site, page):
    """No smooth scrolling, no animation, no transition."""
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(address(site, page))

    moving = "[...document.querySelectorAll('*')].filter((one) => getComputedStyle(one).transitionDuration !== '0s').length"

    assert tab.evaluate(f"[getComputedStyle(document.documentElement).scrollBehavior, document.getAnimations().length, {moving}]") == [
        "auto",
        0,
        0,
    ]


def sheets(tab) -> int:
    """How many sheets of Letter paper the page takes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", tab.pdf(format="Letter")))


@pytest.mark.parametrize(("page", "most"), [(PAGES[0], 1), (PAGES[1], MOST_SHEETS), (PAGES[2], 3), (AT, 3), (PAGES[3], 1)])
def test_a_page_is_printed_on_few_sheets(tab, site, page, most):
    """Two columns, small letters."""
    tab.goto(address(site, page))

    assert sheets(tab) <= most


def test_what_can_be_opened_is_open_on_paper(tab, site):
    """Nobody can open it there; what is only for the screen is not printed."""
    tab.goto(address(site, PAGES[1]))
    tab.emulate_media(media="print")

    assert tab.get_by_role("cell", name="79", exact=True).is_visible()
    assert not tab.get_by_role("navigation", name="On this page").is_visible()


def test_on_paper_nothing_lies_on_anything_else(tab, site):
    """On the width of a sheet of Letter paper without its margins."""
    tab.emulate_media(media="print")

    assert {page: wrong for page in (*PAGES, AT) if (wrong := look(tab, address(site, page), 740))} == {}


# -- weight --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", [*PAGES, AT])
def test_a_first_view_is_page_styles_and_scripts_and_weighs_little(tab, site, page):
    """Under 60 kB compressed in all, and nothing from anywhere else."""
    bodies = []
    tab.on("response", lambda answer: bodies.append((answer.url, answer.body())))
    tab.goto(address(site, page), wait_until="networkidle")
    kinds = {url.rpartition(".")[2] if "." in url.rpartition("/")[2] else "html" for url, _ in bodies} - {"ico"}

    assert all(url.startswith(site.url) for url, _ in bodies)
    assert kinds <= {"html", "css", "js"}
    assert sum(len(gzip.compress(body)) for _, body in bodies) < 60_000
