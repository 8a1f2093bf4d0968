"""The pages beside the count in a real browser: at every width, in every language, light, dark, on paper, without script."""

from __future__ import annotations

from itertools import product

import pytest

from browser.audit import CONTRAST, misplaced, open_all, overflow, violations
from browser.sites import LANGUAGES
from browser.test_looks import WIDTHS, address, look, sheets, slow

PAGES = {
    "coverage/race/ca34-2017-primary/": 5,
    "coverage/debate/debate-2017-05-25/": 3,
    "coverage/questionnaire/los-angeles-times-2017/": 1,
}
"""With the most sheets of Letter paper."""


@pytest.mark.parametrize(("page", "language"), [*product(PAGES, LANGUAGES[:1]), *slow(product(PAGES, LANGUAGES[1:]))])
def test_nothing_lies_on_anything_else(tab, site, page, language):
    """From a telephone to a desktop, and nobody scrolls the page sideways."""
    assert {width: wrong for width in WIDTHS if (wrong := look(tab, address(site, page, language), width))} == {}


@pytest.mark.slow
@pytest.mark.parametrize(("page", "language"), [*product(PAGES, LANGUAGES[1:])])
def test_axe_finds_nothing_in_other_languages(tab, site, page, language):
    """The same page with other words in it."""
    tab.goto(address(site, page, language))

    assert violations(tab) == []


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(tab, site, page):
    """Light with everything opened, then dark."""
    tab.goto(address(site, page))
    open_all(tab)
    light = violations(tab)
    tab.emulate_media(color_scheme="dark")

    assert (light, violations(tab, CONTRAST)) == ([], [])


@pytest.mark.parametrize("page", PAGES)
def test_data_for_machines_is_not_refused_by_the_policy(tab, site, page):
    """Nothing is said on the console; the tab itself fails on a refusal."""
    said = []
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(address(site, page))

    assert [text for text in said if "favicon" not in text and "404" not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_without_script_the_page_says_the_same(tab, unscripted, site, page):
    """There is none."""
    tab.goto(address(site, page))
    unscripted.goto(address(site, page))

    assert unscripted.inner_text("body") == tab.inner_text("body")


@pytest.mark.parametrize(("page", "most"), PAGES.items())
def test_a_page_is_printed_on_few_sheets(tab, site, page, most):
    """Two columns, small letters."""
    tab.goto(address(site, page))

    assert sheets(tab) <= most


def test_four_times_as_large_reads_as_a_telephone(tab, site):
    """A window of 1,280 pixels at 400% is one of 320."""
    tab.set_viewport_size({"width": 320, "height": 225})
    tab.goto(address(site, next(iter(PAGES))))

    assert (overflow(tab), misplaced(tab)) == (0, [])
