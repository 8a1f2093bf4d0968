"""The desk in a real browser: what two people and an admin do in a night, who is kept out, and what a page says when things go wrong."""

from __future__ import annotations

import re
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.audit import CONTRAST, misplaced, overflow, violations
from browser.newsroom import CLINCHED, PASSWORD, Newsroom, ago, newsroom, publish, sign_in
from commands import FINE, LATER, election, events, file, racecall
from racecall.desk.clock import now
from racecall.desk.web.accounts import Accounts, hasher
from racecall.desk.web.database import DeskDatabase

FALLEN = {"MAYOR": {"ANN LEE": 600, "BO NÚÑEZ": 340, "CY ROE": 150}, "MEASURE A": {"YES": 520, "NO": 430}}
"""A correction: ten votes fewer for the second candidate."""

Rooms = Callable[[], Newsroom]


@pytest.fixture
def room(chromium: Browser, tmp_path: Path) -> Iterator[Newsroom]:
    """A desk of one's own that runs."""
    made = newsroom(chromium, tmp_path)
    made.start()
    yield made
    made.close()


@pytest.fixture(scope="module")
def door(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A desk for those who are kept out: nothing they try leaves a trace in it."""
    made = newsroom(chromium, tmp_path_factory.mktemp("door"))
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


# -- a night -------------------------------------------------------------------------------------------------------------------------


def test_a_call_goes_from_the_county_s_file_to_the_page_and_back(room, chromium, serve, tab):
    """A count that falls, two who accept it, two who call, an admin who publishes; then two who take it back: readers see each step."""
    editor, one, two, admin = (room.person(chromium, name) for name in ("A. Editor", "C. One", "D. Two", "E. Admin"))
    room.add(FALLEN, hours=1)
    editor.get_by_role("button", name="Show the new order").click()
    expect(editor.locator("#held")).to_contain_text("MAYOR")
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
    assert [word for word in ("the office says 10", "Counted", "Open findings", "C. One", "What will change") if word not in evidence] == []
    assert ("not published" in shown, "Called" in called, "call withdrawn" in withdrawn.lower()) == (True, True, True)
    assert "Call withdrawn" in tab.locator("main").inner_text()
    assert [event["kind"] for event in events(room.folder)].count("decision") == 4


# -- at the door ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["A. Editor", "Nobody"])
def test_a_wrong_password_and_an_unknown_name_are_told_the_same(door, chromium, name):
    """Nobody learns at the door who has an account."""
    page = door.person(chromium, path="/sign-in")
    sign_in(page, name, "four words that are wrong")

    assert page.get_by_role("alert").inner_text() == "Name or password is wrong."


def test_somebody_who_is_disabled_is_told_no_more_than_that(room, chromium):
    """Signed out at once, and the right password lets nobody in."""
    editor = room.person(chromium, "A. Editor")
    accounts_of(room).disable("A. Editor")
    editor.reload()
    sign_in(editor, "A. Editor")

    assert editor.get_by_role("alert").inner_text() == "Name or password is wrong."


def test_who_tries_too_often_is_told_how_long_to_wait(room, chromium):
    """Ten tries for a name; the eleventh is refused even with the right password."""
    page = room.person(chromium, path="/sign-in")
    for _ in range(10):
        sign_in(page, "A. Editor", "four words that are wrong")
        page.get_by_role("alert").wait_for()
    sign_in(page, "A. Editor")

    assert "Wait 15 minutes and try again" in page.get_by_role("alert").inner_text()


def accounts_of(room: Newsroom) -> Accounts:
    """Open the accounts beside the running desk, as `racecall account` does."""
    return Accounts(DeskDatabase(room.folder), clock=now, hasher=hasher())


def end_sessions(room: Newsroom) -> None:
    """Let half a day pass for everybody who is signed in."""
    with closing(sqlite3.connect(room.folder / "desk.db")) as connection, connection:
        connection.execute("update sessions set begun_at = '2020-01-01T00:00:00Z'")


def test_what_was_typed_when_the_session_ended_is_given_back(room, chromium):
    """The page says that nothing was recorded, and shows every word to copy."""
    editor = room.person(chromium, "A. Editor", "/contests/mayor/report")
    editor.get_by_label("Who says so").fill("An agency")
    editor.get_by_label("When").fill(ago(minutes=5)[:16])
    editor.get_by_label("Where it can be read").fill("Its wire, at length")
    end_sessions(room)
    editor.get_by_role("button", name="See what it changes").click()
    said = editor.locator("main").inner_text()

    assert ("You are signed out" in said, "nothing was recorded" in said, "Its wire, at length" in said) == (True, True, True)


def test_what_was_typed_under_an_older_session_is_given_back(room, chromium):
    """Whoever signed in again in another tab is refused the old page, and loses nothing of it."""
    context = room.browser(chromium, "A. Editor")
    old, other = context.new_page(), context.new_page()
    old.goto(f"{room.url}/contests/mayor/report")
    old.get_by_label("Who says so").fill("An agency")
    old.get_by_label("When").fill(ago(minutes=5)[:16])
    old.get_by_label("Where it can be read").fill("Its wire, at length")
    end_sessions(room)
    other.goto(f"{room.url}/sign-in")
    sign_in(other, "A. Editor")
    other.get_by_role("heading", name="What needs a person").wait_for()
    old.get_by_role("button", name="See what it changes").click()
    said = old.locator("main").inner_text()

    assert ("nothing was recorded" in said, "Its wire, at length" in said) == (True, True)


def test_no_password_is_shown_when_a_form_comes_too_late(room, chromium):
    """What nobody should read over a shoulder is not given back."""
    editor = room.person(chromium, "A. Editor", "/password")
    editor.get_by_label("The password you have").fill(PASSWORD)
    editor.get_by_label(re.compile("The new one")).fill("another four words of mine")
    end_sessions(room)
    editor.get_by_role("button", name="Change it").click()
    editor.get_by_role("heading", name="Sign in").wait_for()

    assert "four words" not in editor.content()


# -- what others send ----------------------------------------------------------------------------------------------------------------

REPORT = {
    "kind": "agency_call",
    "by": "An agency",
    "option": "ann-lee",
    "at": "2022-11-08T21:40",
    "source": "its wire",
    "note": "",
    "slot": "",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_form_on_another_page_is_refused(door, chromium, serve, tmp_path, host):
    """From another port, which is the same site and so brings the cookie, and from another site: refused in words, nothing recorded."""
    fields = "".join(f'<input name="{name}" value="{text}">' for name, text in (REPORT | {"do": "record"}).items())
    trap = f'<form method="post" action="{door.url}/contests/mayor/report">{fields}<button>Win a prize</button></form>'
    (tmp_path / "trap").mkdir()
    file(tmp_path / "trap", "index.html", trap)
    before = len(events(door.folder))
    page = door.browser(chromium, "A. Editor").new_page()
    page.goto(serve(tmp_path / "trap").url.replace("127.0.0.1", host))
    page.get_by_role("button").click()
    said = page.locator("main").inner_text()

    assert ("This form does not come from the desk; nothing was recorded." in said, len(events(door.folder))) == (True, before)


def test_a_forged_token_is_refused(door, chromium):
    """A form from the desk's own address with another token records nothing."""
    before = len(events(door.folder))
    editor = door.person(chromium, "A. Editor", "/contests/mayor/report")
    editor.evaluate("document.querySelectorAll('[name=form_token]').forEach((one) => one.value = 'x'.repeat(43))")
    editor.get_by_label("Who says so").fill("An agency")
    editor.get_by_label("When").fill(ago(minutes=5)[:16])
    editor.get_by_label("Where it can be read").fill("Its wire")
    editor.get_by_role("button", name="See what it changes").click()
    said = editor.locator("main").inner_text()

    assert ("This form does not come from the desk" in said, len(events(door.folder))) == (True, before)


TURN_INTO_A_REPORT = """(fields) => {
  const form = document.querySelector('.mast form');
  form.action = '/contests/mayor/report';
  for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { name, value }));
}"""


def test_a_viewer_who_makes_a_form_is_refused(door, chromium):
    """No button is there for them; one they make themselves is refused by name of the role."""
    before = len(events(door.folder))
    viewer = door.person(chromium, "V. Wall", "/contests/mayor")
    shown = buttons(viewer)
    viewer.evaluate(TURN_INTO_A_REPORT, REPORT | {"do": "record"})
    viewer.get_by_role("button", name="Sign out").click()
    said = viewer.locator("main").inner_text()

    assert ("This takes the role editor; yours is viewer." in said, shown, len(events(door.folder))) == (True, [], before)


# -- what others wrote ---------------------------------------------------------------------------------------------------------------

EVIL = "<script>window.broken=1</script><img src=x onerror=window.broken=1>\"'"
HOSTILE = {f"Mayor {EVIL}": {f"Ann {EVIL}": 600, "Bo": 350}}


def test_a_script_in_a_name_a_title_a_reason_or_a_source_is_text(chromium, tmp_path):
    """On every page of the desk: nothing runs, nothing is fetched, and people read what was written."""
    room = newsroom(chromium, tmp_path / "room")
    hostile = Newsroom(election(tmp_path, HOSTILE), room.states)
    shutil.copy(room.folder / "desk.db", hostile.folder)
    assert racecall("add", hostile.folder, tmp_path / "night.json", "--backfill").code == FINE
    hostile.start()
    try:
        page = hostile.person(chromium, "E. Admin")
        contest = page.locator("#board a").first.get_attribute("href")
        option = racecall("status", hostile.folder, "--json").lines[0]["options"][0]["option"]
        seen = [page.content()]
        for path in (
            contest,
            f"{contest}/statement",
            f"{contest}/report",
            f"{contest}/count",
            f"{contest}/decide/{option}",
            "/log",
            "/publish",
        ):
            page.goto(hostile.url + path)
            seen.append(page.content())
        page.goto(f"{hostile.url}{contest}/report")
        for label in ("Who says so", "Where it can be read", "Note"):
            page.get_by_label(label).fill(EVIL)
        page.get_by_label("When").fill(ago(minutes=5)[:16])
        page.get_by_role("button", name="See what it changes").click()
        preview = page.locator("main").inner_text()
        page.get_by_role("button", name=re.compile("^Record it as")).click()
        after = page.locator("main").inner_text()

        assert (EVIL in preview, EVIL in after, page.evaluate("window.broken")) == (True, True, None)
        assert [text for text in seen if "<script>window" in text or "<img" in text] == []
        assert all("&lt;script&gt;" in text for text in seen)
    finally:
        hostile.close()


# -- kept fresh ----------------------------------------------------------------------------------------------------------------------


def row(page: Page) -> object:
    """Return the contest's row on the board."""
    return page.locator('#board [data-key="mayor"]')


def test_an_open_board_shows_a_count_within_seconds(room, chromium):
    """Nobody touches the page; the row shows the new figures, and the page says so."""
    wall = room.person(chromium, "V. Wall")
    room.add(LATER, hours=1)

    expect(row(wall)).to_contain_text("1,700 votes")
    expect(wall.locator("#live")).to_contain_text("Update:")


def test_a_row_that_somebody_is_in_is_left_alone(room, chromium):
    """The focus stays where it was; the row is renewed after they have left it."""
    wall = room.person(chromium, "V. Wall")
    link = row(wall).get_by_role("link").first
    link.focus()
    room.add(LATER, hours=1)
    expect(wall.locator('[data-key="measure-a"]')).to_contain_text("1,390 votes")

    assert wall.evaluate("document.activeElement.getAttribute('href')") == "/contests/mayor"
    assert "1,100 votes" in row(wall).inner_text()


def test_what_is_being_typed_is_never_touched(room, chromium):
    """A count comes in while somebody types: text, focus and caret stay."""
    editor = room.person(chromium, "A. Editor", "/contests/mayor/report")
    wall = room.person(chromium, "V. Wall")
    field = editor.get_by_label("Who says so")
    field.press_sequentially("An agen")
    room.add(LATER, hours=1)
    expect(row(wall)).to_contain_text("1,700 votes")
    field.press_sequentially("cy")

    assert (field.input_value(), editor.evaluate("document.activeElement.id")) == ("An agency", "f-by")


def test_everything_can_be_done_without_a_script(room, chromium):
    """Sign in, read, enter, record: forms and links."""
    page = room.person(chromium, path="/", java_script_enabled=False)
    sign_in(page, "A. Editor")
    page.get_by_role("link", name="MAYOR").first.click()
    enter(page, "outstanding", "10")

    assert "Registrar, by phone" in page.locator("#statements").inner_text()


def test_a_desk_that_dies_is_said_and_its_pages_come_back_by_themselves(room, chromium):
    """While it is dead the page says that it may be old; when it is back, it shows what came in meanwhile."""
    wall = room.person(chromium, "V. Wall")
    room.end(signal.SIGKILL)
    expect(wall.locator("#live")).to_contain_text("The desk does not answer")
    room.add(LATER, hours=1)
    room.start()

    expect(row(wall)).to_contain_text("1,700 votes")


# -- looks ---------------------------------------------------------------------------------------------------------------------------

PAGES = (
    "/",
    "/contests/mayor",
    CLINCHED,
    "/contests/mayor/statement",
    "/contests/mayor/report",
    "/contests/mayor/count",
    "/log",
    "/statement",
    "/publish",
    "/accounts",
    "/password",
    "/nowhere",
)
MAIN = ("/", "/contests/mayor", CLINCHED, "/publish")
"""Pages that are looked at in every run; the others in the slow suite."""
WIDTHS = (320, 390, 1280)


@pytest.fixture(scope="module")
def shown(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A desk to look at: a call waits for its second person, a finding holds, a count was typed once."""
    made = newsroom(chromium, tmp_path_factory.mktemp("shown"))
    made.state(hours=1)
    made.start()
    one = made.person(chromium, "C. One", CLINCHED)
    decide(one, "Approve", "Fewer ballots are out than it would take.")
    yield made
    made.close()


def finding_of(room: Newsroom) -> str:
    """Return the address of a finding."""
    found = [event["body"]["id"] for event in events(room.folder) if event["kind"] == "finding"]
    return f"/findings/{found[0]}"


@pytest.mark.parametrize("path", [*MAIN, *(pytest.param(page, marks=pytest.mark.slow) for page in PAGES if page not in MAIN)])
def test_axe_finds_nothing_on_any_page_of_the_desk(shown, chromium, path):
    """Light, then the contrast in the dark; at a desktop's width and a telephone's."""
    page = shown.person(chromium, "E. Admin", path)
    light = violations(page)
    page.emulate_media(color_scheme="dark")
    dark = violations(page, CONTRAST)
    page.set_viewport_size({"width": 320, "height": 700})

    assert (light, dark, violations(page)) == ([], [], [])


@pytest.mark.parametrize("path", PAGES)
def test_nobody_scrolls_sideways_at_the_desk(shown, chromium, path):
    """From the narrowest telephone to a desktop, and no text lies on another."""
    page = shown.person(chromium, "E. Admin", path)
    wrong = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong[width] = [*misplaced(page), *(["wider than its window"] if overflow(page) else [])]

    assert {width: found for width, found in wrong.items() if found} == {}


def test_the_decision_on_a_telephone_is_a_page_of_its_own(shown, chromium):
    """Reached from the board, with the evidence above the button."""
    page = shown.person(chromium, "D. Two", viewport={"width": 390, "height": 800})
    page.locator("#second").get_by_role("link", name=re.compile("^Review and decide")).click()
    box = page.get_by_role("button", name="Approve as second person").bounding_box()
    facts = page.locator(".facts").bounding_box()

    assert box
    assert facts
    assert (page.url.endswith(CLINCHED), box["y"] > facts["y"] + facts["height"]) == (True, True)


# -- a rehearsal ---------------------------------------------------------------------------------------------------------------------


def test_a_rehearsal_is_marked_on_every_page_and_never_published(chromium, tmp_path):
    """Words on the page and a mark behind them, on paper too, and no way to publish."""
    room = newsroom(chromium, tmp_path)
    settings = (room.folder / "election.toml").read_text(encoding="utf-8")
    (room.folder / "election.toml").write_text(settings.replace("[election]\n", "[election]\nrehearsal = true\n"), encoding="utf-8")
    room.start()
    try:
        page = room.person(chromium, "E. Admin")
        marks = set()
        for path in PAGES:
            page.goto(room.url + path)
            page.emulate_media(media="print")
            paper = page.locator(".watermark").is_visible()
            page.emulate_media(media="screen")
            marks.add((page.locator(".watermark").is_visible(), paper, page.get_by_role("link", name="Publish", exact=True).count()))
        page.goto(f"{room.url}/publish")
        said = page.locator("main").inner_text()
    finally:
        room.close()

    assert (marks, "a rehearsal is never published" in said, room.site.exists()) == ({(True, True, 0)}, True, False)
