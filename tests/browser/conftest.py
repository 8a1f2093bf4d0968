"""Debian's Chromium, driven by Playwright: the pages as a reader's browser has them, over HTTP, with their own policy."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser.sites import gallery
from commands import FINE, demo, racecall

REQUIRED = "RACECALL_BROWSER"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window; tests that need it are skipped where it is not installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        say = pytest.fail if os.environ.get(REQUIRED) == "required" else pytest.skip
        say(f"needs Chromium (apt-get install -y chromium); {REQUIRED}=required makes this a failure")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and counts what it is asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        """Note the path, and answer with the file; a browser asks for an icon of its own accord."""
        if self.path != "/favicon.ico":
            self.asked.append(self.path)
        del self.headers["If-Modified-Since"]  # whole seconds: two publications of a test lie closer together
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Served:
    """A folder on the loopback."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.asked: list[str] = []
        handler = type("Handler", (Quiet,), {"asked": self.asked})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End it; the address no longer answers."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def serve() -> Iterator[type[Served]]:
    """Serves folders until the test is over."""
    made: list[Served] = []

    class Kept(Served):
        def __init__(self, folder: Path, port: int = 0) -> None:
            super().__init__(folder, port)
            made.append(self)

    yield Kept
    for one in made:
        if one.thread.is_alive():
            one.stop()


@pytest.fixture(scope="session")
def site() -> Iterator[Served]:
    """The demo's site in three languages."""
    served = Served(demo().parent / "site")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def other_site(tmp_path_factory) -> Iterator[Served]:
    """The site of the demo that has a map."""
    out = tmp_path_factory.mktemp("sd7")
    assert racecall("demo", "--election", "sd7-2015", "--out", out).code == FINE
    served = Served(out / "site")
    yield served
    served.stop()


@pytest.fixture(scope="session")
def kinds(tmp_path_factory) -> Iterator[Served]:
    """A page and a widget of every kind."""
    served = Served(gallery(tmp_path_factory.mktemp("kinds")))
    yield served
    served.stop()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without a past, as wide as a desktop."""
    made = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield made
    made.close()


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A tab whose errors fail the test: nothing on the page may be refused by its own policy, and no script may break."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.on("console", lambda message: _no_refusal(message.type, message.text))
    return page


@pytest.fixture
def unscripted(chromium: Browser) -> Iterator[Page]:
    """A tab of a reader who runs no scripts."""
    made = chromium.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    yield made.new_page()
    made.close()


def _no_refusal(kind: str, text: str) -> None:
    if kind == "error" and "Content Security Policy" in text:
        pytest.fail(f"refused by the page's own policy: {text}")
