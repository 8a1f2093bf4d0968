"""The copy desk in a real browser: a story is pasted, comes back with notes, is stored; the pages in every width, in the dark, for axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.audit import CONTRAST, misplaced, overflow, violations
from browser.conftest import Served
from browser.newsroom import Newsroom, newsroom
from checked_stories import checked_story
from racecall.desk.packaged import checked_assets
from racecall.publish.checked.page import checked_page

STORY = "The mayor's race is close\n\nAnn Lee had 900 votes.\n\nPhoto: Ann Lee, left, at the count."
WIDTHS = (320, 390, 1280)


@pytest.fixture
def room(chromium: Browser, tmp_path: Path) -> Iterator[Newsroom]:
    """A desk of one's own that runs."""
    made = newsroom(chromium, tmp_path)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def page_of_every_verdict(tmp_path_factory) -> Iterator[Served]:
    """The annotated page of a story with every verdict, as `racecall check --format html` writes it."""
    folder = tmp_path_factory.mktemp("checked")
    html = checked_page(checked_story(), checked_assets(), title="Congress, 34th District", zone=ZoneInfo("America/Los_Angeles"))
    (folder / "index.html").write_text(html, encoding="utf-8")
    served = Served(folder)
    yield served
    served.stop()


def test_a_story_is_pasted_comes_back_with_notes_and_is_stored(chromium: Browser, room: Newsroom):
    """From the board to the list of stories, as an editor does it."""
    page = room.person(chromium, "A. Editor", "/stories")
    page.get_by_role("link", name="Check a story").click()
    page.get_by_label("The story").fill(STORY)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_role("heading", name="The story with notes")).to_be_visible()
    found = violations(page)
    page.get_by_role("button", name="Store it as A. Editor").click()
    expect(page.get_by_role("heading", name="The story with notes")).to_be_visible()
    page.get_by_role("link", name="Stories", exact=True).first.click()

    expect(page.get_by_role("rowheader", name="The mayor's race is close")).to_be_visible()
    assert (found, violations(page)) == ([], [])


@pytest.mark.parametrize("width", WIDTHS)
def test_the_annotated_page_fits_every_width(tab: Page, page_of_every_verdict: Served, width: int):
    """Nothing is cut, nothing lies on something else, and axe finds nothing."""
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(page_of_every_verdict.url)

    assert (overflow(tab), misplaced(tab), violations(tab)) == (0, [], [])


def test_the_annotated_page_can_be_read_in_the_dark(chromium: Browser, page_of_every_verdict: Served):
    """Every mark keeps its contrast."""
    context = chromium.new_context(color_scheme="dark", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(page_of_every_verdict.url)
    found = violations(page, CONTRAST)
    context.close()

    assert found == []


def test_a_note_is_reached_from_its_words(tab: Page, page_of_every_verdict: Served):
    """The number behind the words leads to the reason, without a script."""
    tab.goto(page_of_every_verdict.url)
    tab.get_by_role("link", name="Note 6: contradicted").click()

    expect(tab.locator("#e6")).to_be_in_viewport()
