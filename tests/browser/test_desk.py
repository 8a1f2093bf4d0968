"""The desk in a real browser: what two people and an admin do in a night, who is kept out, and what a page says when things go wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.newsroom import Newsroom, ago, newsroom
from commands import events

FALLEN = {"MAYOR": {"ANN LEE": 600, "BO NÚÑEZ": 340, "CY ROE": 150}, "MEASURE A": {"YES": 520, "NO": 430}}
"""A correction: ten votes fewer for the second candidate."""
CLINCHED = "/contests/mayor/decide/ann-lee"

Rooms = Callable[[], Newsroom]


@pytest.fixture
def room(chromium: Browser, tmp_path: Path) -> Iterator[Newsroom]:
    """A desk of one's own that runs."""
    made = newsroom(chromium, tmp_path)
    made.start()
    yield made
    made.close()


@pytest.fixture
def settled(chromium: Browser, tmp_path: Path) -> Iterator[Newsroom]:
    """A desk where so little is out that a call is recommended."""
    made = newsroom(chromium, tmp_path)
    made.state(hours=1)
    made.start()
    yield made
    made.close()


def decide(page: Page, button: str, reason: str) -> None:
    """Look, say so, give a reason, and press the button."""
    page.get_by_label(re.compile("I have looked")).check()
    page.get_by_label(re.compile("^Reason")).fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def buttons(page: Page) -> list[str]:
    """Return what can be pressed in the middle of a page."""
    return page.locator("main button:visible").all_inner_texts()


def accept(page: Page, reason: str) -> None:
    """Go from the board to what holds the contest, and accept it."""
    page.get_by_role("link", name="Open MAYOR").click()
    page.get_by_role("link", name=re.compile("Look and accept finding")).first.click()
    page.get_by_label(re.compile("^Reason")).fill(reason)
    page.get_by_role("button", name=re.compile("^Accept it as")).click()


def enter(page: Page, kind: str, ballots: str) -> None:
    """Enter what an office said of its ballots, look at what it changes, and record it."""
    page.goto(page.url.split("/contests")[0].rstrip("/") + "/contests/mayor/statement")
    page.get_by_label("What it is about").select_option(kind)
    page.get_by_label("How many").fill(ballots)
    page.get_by_label("When it was said").fill(ago(minutes=20)[:16])
    page.get_by_label("Who said it").fill("Registrar, by phone")
    page.get_by_label("Does it count mail").select_option("yes")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("button", name=re.compile("^Record it as")).click()
    expect(page.get_by_role("heading", name="MAYOR", level=1)).to_be_visible()


def publish(admin: Page) -> str:
    """Look at the difference and publish it; return what was shown."""
    admin.get_by_role("link", name="Publish", exact=True).click()
    shown = admin.locator("main").inner_text()
    admin.get_by_role("button", name=re.compile("^Publish as")).click()
    expect(admin.get_by_role("heading", name="What needs a person")).to_be_visible()
    return shown


# -- a night -------------------------------------------------------------------------------------------------------------------------


def test_a_call_goes_from_the_county_s_file_to_the_page_and_back(room, chromium, serve, tab):
    """A count that falls, two who accept it, two who call, an admin who publishes; then two who take it back: readers see each step."""
    editor, one, two, admin = (room.person(chromium, name) for name in ("A. Editor", "C. One", "D. Two", "E. Admin"))
    room.add(FALLEN, hours=1)
    expect(editor.locator("#held")).to_contain_text("MAYOR", timeout=20_000)
    enter(editor, "outstanding", "10")
    enter(editor, "registered", "1,105")
    one.reload()
    accept(one, "The registrar confirmed the correction.")
    two.reload()
    accept(two, "I asked as well: one batch was read twice.")

    one.goto(room.url)
    expect(one.locator("#recommended")).to_contain_text("ANN LEE")
    one.goto(room.url + CLINCHED)
    decide(one, "Approve", "Fewer ballots are out than it would take.")
    one.goto(room.url + CLINCHED)
    own = buttons(one)
    two.goto(room.url)
    expect(two.locator("#second")).to_contain_text("C. One approves the call")
    two.goto(room.url + CLINCHED)
    evidence = two.locator("main").inner_text()
    decide(two, "Approve as second person", "Checked with the registrar.")
    expect(two.locator("#places")).to_contain_text("Called")

    admin.reload()
    shown = publish(admin)
    site = serve(room.site)
    tab.goto(f"{site.url}c/mayor/")
    called = tab.locator("main").inner_text()
    for person in (one, two):
        person.goto(room.url + CLINCHED)
        decide(person, "Take the call back", "The registrar found a box.")
    withdrawn = publish(admin)
    tab.reload()

    assert not [name for name in own if name.startswith("Approve")]
    assert all(word in evidence for word in ("10 ballots", "Counted", "Open findings", "C. One", "What will change"))
    assert ("not published" in shown, "Called" in called, "call withdrawn" in withdrawn.lower()) == (True, True, True)
    assert "Call withdrawn" in tab.locator("main").inner_text()
    assert [event["kind"] for event in events(room.folder)].count("decision") == 4
