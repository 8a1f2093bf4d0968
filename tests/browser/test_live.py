"""An open page while counts come in: what it asks for, shows, says and leaves alone. The browser's clock is wound on, never waited for."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.sites import add, page_with, place_of, publish, widget_of
from commands import LATER, NIGHT, recorded
from racecall.publish.languages.words import Words
from racecall.publish.site import live, paths
from site_kinds import KINDS
from site_pages import RENDERER

POLL = 40_000
"""Longer than half a minute and a quarter: an open page has asked once [ms]."""
MAYOR = "c/mayor/index.html"
SECOND, THIRD, FOURTH = "2022-11-09T17:00:00", "2022-11-10T17:00:00", "2022-11-11T17:00:00"
CLOSER = {"MAYOR": {"ANN LEE": 900, "BO NÚÑEZ": 880, "CY ROE": 250}}
TURNED = {"MAYOR": {"ANN LEE": 950, "BO NÚÑEZ": 990, "CY ROE": 260}, "MEASURE A": {"YES": 700, "NO": 699}}
MANY = {**{f"MEASURE {letter}": {"YES": 500 + 7 * at, "NO": 480} for at, letter in enumerate("BCDEFGH")}, **NIGHT}

HIDE = """(hidden) => {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""
"""What a browser does when its reader looks at another tab."""
PARTS = "Object.fromEntries([...document.querySelectorAll('[data-part]')].map((one) => [one.dataset.part, one.innerHTML]))"
"""Each part of a page as it stands."""


@pytest.fixture(scope="session")
def counted(tmp_path_factory) -> Path:
    """An election and its site after one count, and copies of the site after the second and the third."""
    folder = recorded(tmp_path_factory.mktemp("live"), MANY)
    site = publish(folder, "--language", "en")
    shutil.copytree(site, folder.parent / "first")
    for name, votes, at in (("second", {"MAYOR": LATER["MAYOR"]}, SECOND), ("third", CLOSER, THIRD), ("fourth", TURNED, FOURTH)):
        add(folder, votes, at)
        publish(folder, "--language", "en")
        shutil.copytree(site, folder.parent / name)
    return folder.parent


class Night:
    """A site that moves on, and a browser whose clock can be wound."""

    def __init__(self, made: Path, own: Path, tab, serve) -> None:
        self.made, self.own, self.tab = made, own, tab
        self.becomes("first")
        self.serve = serve
        self.served = serve(own)

    def becomes(self, name: str) -> None:
        """Publish a later count: the folder has what it then has."""
        shutil.copytree(self.made / name, self.own, dirs_exist_ok=True)

    def opens(self, page: str = MAYOR) -> None:
        """Open a page at a clock of its own."""
        self.tab.clock.install()
        self.tab.goto(self.served.url + page)
        self.served.asked.clear()

    def waits(self, milliseconds: int = POLL) -> None:
        """Let time pass in the browser, and everything that it then asks for arrive."""
        self.tab.clock.fast_forward(milliseconds)
        self.tab.wait_for_load_state("networkidle")


@pytest.fixture
def night(counted, tmp_path, tab, serve) -> Night:
    return Night(counted, tmp_path / "site", tab, serve)


def version(night) -> int:
    return int(night.tab.evaluate("document.body.dataset.version"))


def is_of(night, number: int) -> None:
    """Wait until the page has become a version."""
    expect(night.tab.locator("body")).to_have_attribute("data-version", str(number), timeout=10_000)


# -- what is asked for ---------------------------------------------------------------------------------------------------------------


def test_an_open_page_becomes_the_next_count_within_its_time(night):
    """One pointer and one patch, and the figures are the new ones."""
    night.opens()
    night.becomes("second")
    night.waits()
    is_of(night, 2)

    assert night.served.asked == ["/c/mayor/latest.json", "/v/2/mayor.json"]
    assert "1,700" in night.tab.inner_text("#standing")


def test_a_page_that_is_up_to_date_asks_for_the_pointer_alone(night):
    """Every half minute, give or take a quarter."""
    night.opens()
    for _ in range(3):
        night.waits()

    assert set(night.served.asked) == {"/c/mayor/latest.json"}
    assert version(night) == 1


def test_what_changes_little_weighs_little(night):
    """The pointer and the patch of the next count are under 5 kB compressed."""
    night.becomes("second")
    sent = [(night.own / path).read_bytes() for path in ("c/mayor/latest.json", "v/2/mayor.json")]

    assert sum(len(gzip.compress(data)) for data in sent) < 5000


def test_a_page_three_versions_old_fetches_itself_and_is_the_newest(night):
    """No chain of patches: the page as it is now."""
    night.opens()
    night.becomes("fourth")
    night.waits()
    is_of(night, 4)
    shown = night.tab.evaluate(PARTS)
    fresh = night.tab.context.new_page()
    fresh.goto(night.served.url + MAYOR)

    assert night.served.asked[:2] == ["/c/mayor/latest.json", "/c/mayor/index.html"]
    assert shown == fresh.evaluate(PARTS)


def test_a_patched_page_is_the_published_page(night):
    """Part for part, what a reader sees after a patch is what a new reader gets."""
    night.opens()
    night.becomes("second")
    night.waits()
    is_of(night, 2)
    patched = night.tab.evaluate(PARTS)
    night.tab.reload()

    assert patched == night.tab.evaluate(PARTS)


def test_a_hidden_page_asks_for_nothing(night):
    """And once when somebody looks again."""
    night.opens()
    night.tab.evaluate(HIDE, True)
    night.waits(20 * POLL)
    asked = list(night.served.asked)
    night.tab.evaluate(HIDE, False)
    with night.tab.expect_request("**/latest.json"):
        night.waits(2500)

    assert asked == []


def test_a_page_of_an_earlier_moment_asks_for_nothing(night):
    """It never changes."""
    night.opens("c/mayor/at/1/index.html")
    night.waits(20 * POLL)

    assert night.served.asked == []


# -- what stays as it is -------------------------------------------------------------------------------------------------------------


def test_what_is_open_stays_open_and_the_focus_where_it_is(night):
    """A reader in the middle of the law is not thrown out of it."""
    night.opens()
    summary = night.tab.locator("#method summary").first
    summary.focus()
    summary.press("Enter")
    night.becomes("second")
    night.waits()
    is_of(night, 2)

    assert night.tab.evaluate("[document.activeElement.tagName, document.activeElement.parentElement.open]") == ["SUMMARY", True]


def test_the_page_does_not_scroll_by_itself(night):
    """What a reader looks at stays on the screen."""
    night.opens()
    night.tab.set_viewport_size({"width": 390, "height": 700})
    night.tab.evaluate("document.getElementById('method').scrollIntoView({behavior: 'instant'})")
    before = night.tab.evaluate("document.getElementById('method').getBoundingClientRect().top")
    night.becomes("second")
    night.waits()
    is_of(night, 2)

    assert night.tab.evaluate("document.getElementById('method').getBoundingClientRect().top") == pytest.approx(before, abs=40)


# -- what is said --------------------------------------------------------------------------------------------------------------------


def test_one_sentence_is_said_politely(night):
    """It says what is new, once, and nothing interrupts."""
    night.opens()
    night.becomes("second")
    night.waits()
    region = night.tab.locator("[data-announce]")
    expect(region).not_to_be_empty()

    assert region.inner_text() == json.loads((night.own / "v/2/mayor.json").read_text())["say"]
    assert night.tab.locator("[data-alert]").text_content() == ""


def test_two_counts_in_a_minute_are_one_sentence_a_minute(night):
    """The second one waits, and is the newest when it is said."""
    night.opens()
    night.becomes("second")
    night.waits()
    region = night.tab.locator("[data-announce]")
    expect(region).not_to_be_empty()
    first = region.inner_text()
    night.becomes("third")
    night.waits()
    is_of(night, 3)
    then = region.inner_text()
    night.waits(60_000)
    expect(region).not_to_have_text(first)

    assert then == first


def test_a_withdrawn_call_interrupts(tmp_path, tab, serve):
    """At once, in the one region that interrupts, and its place card says it."""
    before, after = KINDS["called"], KINDS["withdrawn"]
    page_with(before, tmp_path, 1)
    states = {slot.slot.number: slot.state for slot in before.view.slots}
    parts = RENDERER.parts(after, "en", base="../../")
    changed = live.changed_parts((tmp_path / "c/c/index.html").read_text(), parts)
    say = live.sentence(after.view, states, Words("en"))
    patch = live.patch(changed, after.view, version=2, say=say, urgent=live.is_withdrawn(after.view, states))
    served = serve(tmp_path)
    tab.clock.install()
    tab.goto(served.url + "c/c/index.html")
    (tmp_path / "v/2").mkdir(parents=True)
    (tmp_path / paths.patch(2, "c", "en")).write_bytes(patch)
    (tmp_path / "c/c/latest.json").write_bytes(live.contest_pointer(after.view, ("en",), version=2, before=1))
    tab.clock.fast_forward(POLL)
    expect(tab.get_by_role("alert")).to_have_text(say)

    assert "Call withdrawn" in tab.locator("#place-1, .slot").first.inner_text()


# -- a server that does not answer ---------------------------------------------------------------------------------------------------


def test_a_page_whose_server_is_gone_says_how_old_it_is_and_recovers(night):
    """In words, with its minutes; when the server is back the line goes and the count is there."""
    night.opens()
    night.waits()
    expect(night.tab.locator("[data-stale]")).to_be_hidden()
    port = night.served.server.server_port
    night.served.stop()
    night.waits(5 * POLL)
    night.waits(15 * POLL)
    expect(night.tab.locator("[data-stale]")).to_be_visible()
    old = night.tab.inner_text("[data-stale]")
    night.becomes("second")
    night.served = night.serve(night.own, port)
    night.waits(20 * POLL)
    is_of(night, 2)

    assert old.startswith("This page is 13 minutes old. Our server does not answer.")
    expect(night.tab.locator("[data-stale]")).to_be_hidden()


# -- the page with all contests ------------------------------------------------------------------------------------------------------


def titles(tab) -> list[str]:
    return tab.locator("#contests tbody tr:visible th a").all_inner_texts()


def test_rows_change_where_they_are_until_the_reader_asks(night):
    """The figures are new, the order is the old one, and a button offers the new one."""
    night.opens("index.html")
    before = titles(night.tab)
    night.becomes("fourth")
    night.waits()
    button = night.tab.get_by_role("button")
    expect(button).to_be_visible()
    kept = titles(night.tab)
    offered = button.inner_text()
    button.click()
    fresh = night.tab.context.new_page()
    fresh.goto(night.served.url + "index.html")

    assert (kept, offered.startswith("Contests that have moved: ")) == (before, True)
    assert titles(night.tab) == titles(fresh) != before
    assert night.tab.evaluate("document.activeElement.textContent") == "Sorted."


def test_a_name_is_found_while_it_is_typed(night):
    """Without accents; how many are found is said."""
    night.opens("index.html")
    night.tab.get_by_role("searchbox").fill("nunez")
    expect(night.tab.locator("[data-find] [role=status]")).to_have_text("Contests found: 1.")

    assert titles(night.tab) == ["MAYOR"]


def test_what_is_searched_for_stays_so_when_a_count_comes_in(night):
    """The new rows are searched as well."""
    night.opens("index.html")
    night.tab.get_by_role("searchbox").fill("mayor")
    expect(night.tab.locator("[data-find] [role=status]")).to_have_text("Contests found: 1.")
    night.becomes("second")
    night.waits()
    is_of(night, 2)

    assert titles(night.tab) == ["MAYOR"]


def test_filters_need_no_script(night, unscripted):
    """A link makes its group the target, and the rest goes; the first link brings all back."""
    unscripted.goto(night.served.url + "index.html")
    everything = titles(unscripted)
    unscripted.get_by_role("link", name="Measures").click()
    measures = titles(unscripted)
    unscripted.get_by_role("link", name="All 9").click()

    assert measures == [title for title in everything if title.startswith("MEASURE")] != everything
    assert titles(unscripted) == everything


# -- the widget ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def framed(night, tmp_path, serve):
    """The widget in a page of somebody else's, on another origin."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    frame = f'<iframe data-racecall src="{night.served.url}embed/mayor.html" title="Mayor" width="320" height="100"></iframe>'
    script = f'<script src="{night.served.url}embed/embed-parent.js" defer></script>'
    (theirs / "story.html").write_text(f"<!doctype html><title>A story</title>{frame}{script}")
    night.tab.clock.install()
    night.tab.goto(serve(theirs).url + "story.html")
    return night


def test_a_frame_is_as_tall_as_its_widget(framed):
    """The height goes to the page around it, and nothing scrolls in the frame."""
    box = framed.tab.locator("iframe")
    inner = framed.tab.frame_locator("iframe").locator("body")
    expect(box).to_have_attribute("style", re.compile("height"))

    assert box.bounding_box()["height"] == pytest.approx(inner.evaluate("(body) => body.scrollHeight"), abs=5)


def test_a_widget_becomes_the_next_count(framed):
    """Within its own time, in its frame."""
    framed.becomes("second")
    framed.waits()

    expect(framed.tab.frame_locator("iframe").locator("main")).to_contain_text("5.9 points")


# -- nothing that anybody writes is run ----------------------------------------------------------------------------------------------

WHERE = ("hostile names", "a finding")


@pytest.mark.parametrize("kind", WHERE)
@pytest.mark.parametrize("place", ["page", "widget"])
def test_a_script_in_a_name_a_title_or_a_finding_is_text(tab, kinds, kind, place):
    """No alert, no element made of it."""
    alerts = []
    tab.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    tab.goto(kinds.url + (place_of if place == "page" else widget_of)(kind), wait_until="networkidle")

    assert (alerts, tab.locator("body script, body img, [onerror], [onload]").count()) == ([], 0)


def test_a_script_in_a_patch_is_never_run(tmp_path, tab, serve):
    """Names, findings, reports and sources arrive in it as text, and a file that somebody else put there is stopped by the policy."""
    page = KINDS["on the night"]
    page_with(page, tmp_path, 1)
    bad = {**RENDERER.parts(KINDS["hostile names"], "en", base="../../")}
    served, alerts = serve(tmp_path), []
    tab.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    tab.clock.install()
    tab.goto(served.url + "c/c/index.html")
    (tmp_path / "v/2").mkdir(parents=True)
    (tmp_path / paths.patch(2, "c", "en")).write_bytes(
        live.patch(bad, page.view, version=2, say="<img src=x onerror=alert(1)>", urgent=True)
    )
    (tmp_path / "c/c/latest.json").write_bytes(live.contest_pointer(page.view, ("en",), version=2, before=1))
    tab.clock.fast_forward(POLL)
    expect(tab.get_by_role("alert")).to_have_text("<img src=x onerror=alert(1)>")

    assert (alerts, tab.locator("body script, body img, [onerror], [onload]").count()) == ([], 0)
