"""Sites that the tests look at: every kind of page as plain values, and a small election that is published count by count."""

from __future__ import annotations

from pathlib import Path

from commands import FINE, county_json, file, racecall
from racecall.desk import packaged
from racecall.publish.site import paths
from racecall.publish.site.embed import embed_page
from racecall.publish.site.page import ContestPage
from racecall.publish.site.render import Renderer
from site_kinds import KINDS

LANGUAGES = ("en", "es", "ko")


def place_of(kind: str, language: str = "en") -> str:
    """Return where the gallery has a kind of page."""
    return paths.contest(kind.replace(" ", "-"), language)


def gallery(folder: Path) -> Path:
    """Write a page of every kind in every language, and the widget of each."""
    made = Renderer(packaged.site_assets(), LANGUAGES)
    for kind, page in KINDS.items():
        for language in LANGUAGES:
            _write(folder / place_of(kind, language), made.contest(page, language, version=1))
            _write(folder / widget_of(kind, language), embed_page(made, page, language, version=1))
    for path, data in made.static.items():
        _write(folder / path, data.decode())
    return folder


def widget_of(kind: str, language: str = "en") -> str:
    """Return where the gallery has the widget of a kind of page."""
    return paths.embed(kind.replace(" ", "-"), language)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def publish(folder: Path, *options: object, out: str = "site") -> Path:
    """Publish an election beside itself and return its site."""
    ran = racecall("publish", folder, "--out", folder.parent / out, *options)
    assert ran.code == FINE, ran.err
    return folder.parent / out


def add(folder: Path, votes, at: str) -> None:
    """Record a county's next count."""
    assert racecall("add", folder, file(folder.parent, "next.json", county_json(votes, at)), "--backfill").code == FINE


def page_with(page: ContestPage, folder: Path, version: int) -> None:
    """Write one contest's page as a version of it."""
    made = Renderer(packaged.site_assets(), ("en",))
    _write(folder / paths.contest(page.contest.id, "en"), made.contest(page, "en", version=version))
    for path, data in made.static.items():
        _write(folder / path, data.decode())
