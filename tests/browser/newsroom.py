"""A desk as a newsroom runs it: `racecall desk` as a process over a folder of its own, and people who each have a browser of their own."""

from __future__ import annotations

import atexit
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Page, expect

from commands import FINE, NIGHT, Votes, command, county_json, file, racecall, surroundings
from racecall.desk.clock import now
from racecall.desk.web.accounts import Accounts, Role, hasher
from racecall.desk.web.database import DeskDatabase

PASSWORD = "four words that do not belong"
PEOPLE = {
    "V. Wall": Role.VIEWER,
    "A. Editor": Role.EDITOR,
    "C. One": Role.CALLER,
    "D. Two": Role.CALLER,
    "E. Admin": Role.ADMIN,
}
"""Who works here."""
CLINCHED = "/contests/mayor/decide/ann-lee"
"""Where people decide on the place that nobody can take any more."""
LOCAL = ZoneInfo("America/Los_Angeles")
"""The county's time."""
WITHIN = 20_000
"""How long a page may take to hear of something [ms]: a second to look, a second to ask, and a machine that is shared."""


def ago(**units: float) -> str:
    """Return a time of the county that lies in the past, as forms and files have it: figures of a night long gone would be old."""
    return (datetime.now(LOCAL) - timedelta(**units)).strftime("%Y-%m-%dT%H:%M:%S")


def county_file(votes: Votes, at: str) -> bytes:
    """Write a count of an election that is held today."""
    return county_json(votes, at).replace(b"2022-11-08", _today().encode())


def _today() -> str:
    return ago(hours=6)[:10]


def election_of(folder: Path, votes: Votes = NIGHT) -> Path:
    """Make an election of today with a county's first count recorded, and everybody's account; return its folder."""
    source = file(folder, "night.json", county_file(votes, ago(hours=2)))
    for words in (("new", folder / "election", "--from", source, "--date", _today()), ("add", folder / "election", source, "--backfill")):
        ran = racecall(*words)
        assert ran.code == FINE, ran.err
    accounts = Accounts(DeskDatabase(folder / "election"), clock=now, hasher=hasher())
    for name, role in PEOPLE.items():
        accounts.add(name, role, PASSWORD)
    return folder / "election"


@dataclass(slots=True)
class Newsroom:
    """A desk that runs, or is dead for the moment.

    Args:
        folder: The election.
        states: Cookies of who is signed in, by name.
        port: Where it listens; the same again when it comes back.
        process: The desk.
        contexts: Browsers that were opened.
    """

    folder: Path
    states: Mapping[str, Any] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[str] | None = None
    contexts: list[BrowserContext] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the desk is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def site(self) -> Path:
        """Where it publishes."""
        return self.folder.parent / "site"

    def start(self) -> None:
        """Start the desk, and wait until it answers."""
        words = command("desk", self.folder, "--port", self.port, "--site", self.site)
        with (self.folder.parent / "desk.log").open("a") as log:
            self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=log, text=True, env=surroundings())
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)/", line)
        assert found, f"the desk did not start: {line} {(self.folder.parent / 'desk.log').read_text(encoding='utf-8')}"
        self.port = int(found[1])

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the desk."""
        if self.process and self.process.stdout:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process.stdout.close()
            self.process = None

    def close(self) -> None:
        """End the desk and close every browser."""
        for context in self.contexts:
            context.close()
        self.end()

    def browser(self, chromium: Browser, name: str = "", **options: Any) -> BrowserContext:
        """Open a browser of its own for somebody, who is signed in already; nobody is without a name."""
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}, storage_state=self.states.get(name))
        context.set_default_timeout(WITHIN)
        self.contexts.append(context)
        return context

    def person(self, chromium: Browser, name: str = "", path: str = "/", **options: Any) -> Page:
        """Open a page for somebody."""
        page = self.browser(chromium, name, **options).new_page()
        page.goto(self.url + path)
        return page

    def add(self, votes: Votes, **units: float) -> None:
        """Record a county's next count from the command line, as `racecall add` does beside a running desk."""
        ran = racecall("add", self.folder, file(self.folder.parent, "next.json", county_file(votes, ago(**units))), "--backfill")
        assert ran.code <= 1, ran.err

    def state(self, **units: float) -> None:
        """Record that an office says ten ballots are out, and how many voters there are: nothing can change the first place then."""
        head = f'[[statement]]\ncontest = "mayor"\nstated_at = {ago(**units)}{_offset()}\nsource = "Registrar"\n'
        out = f'{head}kind = "outstanding"\nballots = 10\nincludes_arrivals = true\n'
        entry = f'racecall = "entry/1"\n{out}{head}kind = "registered"\nballots = 1105\n'
        ran = racecall("add", self.folder, file(self.folder.parent, "left.toml", entry), "--backfill")
        assert ran.code <= 1, ran.err


def _offset() -> str:
    return datetime.now(LOCAL).isoformat()[-6:]


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    """Fill in the form and send it, as people do."""
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def publish(admin: Page) -> str:
    """Look at the difference and publish it; return what was shown."""
    admin.get_by_role("link", name="Publish", exact=True).click()
    shown = admin.locator("main").inner_text()
    admin.get_by_role("button", name=re.compile("^Publish as")).click()
    expect(admin.get_by_role("heading", name="What needs a person")).to_be_visible()
    return shown


@cache
def _signed_in(chromium: Browser) -> tuple[Path, dict[str, Any]]:
    """Make an election in which everybody has signed in once, by the form and at the full cost of a password; all others are copies of it.

    Cookies know no ports, and the copies know the sessions, so one sign-in a person is enough for all tests.
    """
    folder = Path(mkdtemp(prefix="racecall-newsroom-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    room = Newsroom(election_of(folder))
    room.start()
    try:
        return room.folder, {name: _state_of(room.person(chromium, path="/sign-in"), name) for name in PEOPLE}
    finally:
        room.close()


def _state_of(page: Page, name: str) -> Any:
    """Sign somebody in, and return their cookies."""
    sign_in(page, name)
    page.get_by_role("heading", name="What needs a person").wait_for()
    return page.context.storage_state()


def newsroom(chromium: Browser, folder: Path) -> Newsroom:
    """Return a desk of one's own over an election with one count; it is not started yet."""
    made, states = _signed_in(chromium)
    folder.mkdir(exist_ok=True)
    shutil.copytree(made, folder / "election")
    return Newsroom(folder / "election", states)
