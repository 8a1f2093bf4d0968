"""Take the pictures of the site for its page: `.venv/bin/python docs/site_pictures.py` writes docs/pictures/site-*.png.

It publishes the demo elections into a scratch folder and photographs them in the system's Chromium. Beside our own tools it needs Pillow
(`pip install pillow`), which makes a picture a quarter as large by giving it a palette.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from picture_files import keep
from playwright.sync_api import Browser, sync_playwright

TARGET = Path(__file__).parent / "pictures"
RACECALL = Path(sys.executable).with_name("racecall")
NOON = "2017-04-05T12:00"
RUNOFF = "2017-06-06T12:00"
PICTURES = (
    ("night", "night/c/ca34-2017-primary/index.html", 1280, 1950, "light"),
    ("night-phone", "night/c/ca34-2017-primary/index.html", 390, 1700, "light"),
    ("night-dark", "night/c/ca34-2017-primary/index.html", 768, 1500, "dark"),
    ("certified", "demo/site/c/ca34-2017-primary/index.html", 1280, 1950, "light"),
    ("runoff", "demo/site/c/ca34-2017-runoff/index.html", 1280, 1500, "light"),
    ("debate", "demo/site/coverage/debate/debate-2017-05-25/index.html", 1280, 1500, "light"),
    ("endorsements", "runoff/coverage/race/ca34-2017-primary/index.html", 1280, 1600, "light"),
    ("map", "sd7/site/c/sd7-2015-primary/index.html", 1280, 2050, "light"),
)
"""Name, page, width and most height [pixels], light or dark."""


def main() -> None:
    """Publish, photograph, and write each picture with a palette."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        _publish(Path(scratch))
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--hide-scrollbars"])
        for name, page, width, height, scheme in PICTURES:
            keep(_photograph(browser, Path(scratch) / page, width, height, scheme), TARGET / f"site-{name}.png")
        browser.close()


def _publish(scratch: Path) -> None:
    _racecall("demo", "--out", scratch / "demo")
    _racecall("publish", scratch / "demo/election", "--out", scratch / "night", "--as-of", NOON)
    _racecall("publish", scratch / "demo/election", "--out", scratch / "runoff", "--as-of", RUNOFF)
    _racecall("demo", "--election", "sd7-2015", "--out", scratch / "sd7")


def _racecall(*words: object) -> None:
    subprocess.run([RACECALL, *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def _photograph(browser: Browser, page: Path, width: int, height: int, scheme: str) -> bytes:
    tab = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab.goto(page.as_uri())
    taken = tab.screenshot()
    tab.close()
    return taken


if __name__ == "__main__":
    main()
