"""Take the pictures of the desk for its page: `.venv/bin/python docs/desk_pictures.py` writes docs/pictures/desk-*.png.

It records Los Angeles County's count of 9 November 2022, 430 contests, and what the county said was out, in a scratch folder, and serves
the desk over it with its clock at that morning. Votes, contests and the figure of ballots out are real; the people and what they decide are
made up. It needs the large data set beside the checkout, the system's Chromium, and Pillow (`pip install pillow`), which makes a picture a
quarter as large by giving it a palette.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from picture_files import keep
from playwright.sync_api import Browser, sync_playwright

from racecall.desk.web import deeds
from racecall.desk.web.accounts import Role
from racecall.desk.web.app import application, front
from racecall.desk.web.board import Part
from racecall.desk.web.service import Desk, DeskSettings, open_desk

TARGET = Path(__file__).parent / "pictures"
RACECALL = Path(sys.executable).with_name("racecall")
COUNTS = Path(__file__).resolve().parents[2] / "shared/data/feeds/la-lavote-json"
FIRST = "2022-11-09T083136.json.gz"
MORNING = datetime(2022, 11, 9, 18, 0, tzinfo=UTC)
PASSWORD = "four words that do not belong"
OUT = """racecall = "entry/1"
[[statement]]
kind = "outstanding"
ballots = 1_006_300
includes_arrivals = false
stated_at = 2022-11-09T09:00:00-08:00
source = "Los Angeles County Registrar-Recorder, 9 November 2022"
"""
PICTURES = (
    ("board", "", 1280, 1500, "light"),
    ("board-phone", "", 390, 1300, "light"),
    ("contest", "contests/{contest}", 1280, 1500, "light"),
    ("decide", "contests/{contest}/decide/{option}", 1280, 1150, "light"),
    ("decide-phone", "contests/{contest}/decide/{option}", 390, 1500, "dark"),
    ("log", "log", 1280, 900, "light"),
)
"""Name, address, width and most height [pixels], light or dark."""


def main() -> None:
    """Record, serve, decide once, photograph, and write each picture with a palette."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        desk = _desk(_folder(Path(scratch)))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--hide-scrollbars"])
        with _served(desk) as url:
            _pictures(browser, desk, url)
        browser.close()


def _folder(scratch: Path) -> Path:
    folder = scratch / "la-county-2022"
    election = ("--title", "Los Angeles County, election of 8 November 2022", "--date", "2022-11-08")
    _racecall("new", folder, "--from", COUNTS / FIRST, *election, "--state", "CA", "--polls-close", "2022-11-08T20:00")
    _racecall("add", folder, COUNTS / FIRST, "--backfill")
    (scratch / "out.toml").write_text(OUT, encoding="utf-8")
    _racecall("add", folder, scratch / "out.toml", "--backfill")
    return folder


def _racecall(*words: object) -> None:
    subprocess.run([RACECALL, *map(str, words)], check=False, stdout=subprocess.DEVNULL)


def _desk(folder: Path) -> Desk:
    """Open the desk at its morning, and let a first person approve the call of the largest contest that is recommended."""
    desk = open_desk(DeskSettings(folder=folder, site=folder.parent / "site"), clock=lambda: MORNING)
    first, _ = (desk.accounts.add(name, Role.CALLER, PASSWORD) for name in ("A. Rivera", "J. Park"))
    contest, option = _recommended(desk)
    reason = "More than enough is counted; the rest would have to break as no county's ever has."
    deeds.make_call(desk, contest, option, by=first, kind="approve", reason=reason, head=desk.now.ledger.head, seen=True)
    return desk


def _recommended(desk: Desk) -> tuple[str, str]:
    """Return contest and option of what waits for a second person, else of the largest contest that is recommended."""
    parts = (Part.SECOND, Part.RECOMMENDED)
    rows = [
        row for part in parts for row in sorted(desk.now.board.part(part), key=lambda row: -desk.now.contest(row.contest).votes_counted)
    ]
    return rows[0].contest, rows[0].decide


@contextmanager
def _served(desk: Desk) -> Iterator[str]:
    """Serve the desk on the loopback, and give its address."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(front(desk, application(desk, watching=False), lambda _: None), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}/"
        server.should_exit = True
        thread.join()


def _pictures(browser: Browser, desk: Desk, url: str) -> None:
    contest, option = _recommended(desk)
    second = next(account for account in desk.accounts.all() if account.name == "J. Park")
    cookie = {"name": "racecall-desk", "value": desk.sessions.begin(second), "url": url}
    for name, path, width, height, scheme in PICTURES:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        context.add_cookies([cookie])
        tab = context.new_page()
        tab.goto(url + path.format(contest=contest, option=option))
        keep(tab.screenshot(), TARGET / f"desk-{name}.png")
        context.close()


if __name__ == "__main__":
    main()
