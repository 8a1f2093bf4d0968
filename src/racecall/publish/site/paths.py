"""Where every file of a site lies, as paths from its root; `base` makes them links from a page that lies deeper."""

from __future__ import annotations

import re

DEFAULT = "en"
"""The language whose pages lie at the root."""

INDEX = "index.html"
POINTER = "latest.json"
"""The tiny file an open page asks for: the number of the current version and where it lies."""


def folder(language: str) -> str:
    """Return the folder of a language: "" or "es/"."""
    return "" if language == DEFAULT else f"{language}/"


def index(language: str) -> str:
    """Return the page with all contests."""
    return folder(language) + INDEX


def contest(contest_id: str, language: str) -> str:
    """Return a contest's page."""
    return f"{folder(language)}c/{contest_id}/{INDEX}"


def as_of(contest_id: str, number: int, language: str) -> str:
    """Return a contest's page as it stood after its release `number`."""
    return f"{folder(language)}c/{contest_id}/at/{number}/{INDEX}"


def contest_pointer(contest_id: str) -> str:
    """Return the tiny file that a contest's open page asks for, in any language."""
    return f"c/{contest_id}/{POINTER}"


def patch(version: int, contest_id: str, language: str) -> str:
    """Return the parts of a contest's page that a version changed; never written twice."""
    return f"v/{version}/{folder(language)}{contest_id}.json"


def state(version: int, contest_id: str) -> str:
    """Return what a version says of a contest, as `status --json` says it; never written twice."""
    return f"v/{version}/state/{contest_id}.json"


def export(contest_id: str, name: str) -> str:
    """Return a file with a contest's current count in a format of others; `name` is the publisher's."""
    return f"c/{contest_id}/{name}"


CALENDAR = "releases.ics"
"""The releases that are due, for anybody's calendar."""


def feed(kind: str, contest_id: str = "", language: str = DEFAULT) -> str:
    """Return the feed of what happened, ``atom`` or ``json``: of a contest, or of all."""
    return f"{folder(language)}{f'c/{contest_id}/' if contest_id else ''}alerts.{kind}"


FRAME_SCRIPT = "embed-parent.js"


def frame_script() -> str:
    """Return the script that gives a widget's frame its height: other people's pages name it, so its name never changes."""
    return f"embed/{FRAME_SCRIPT}"


def embed(contest_id: str, language: str) -> str:
    """Return the widget of a contest."""
    return f"{folder(language)}embed/{contest_id}.html"


def card(contest_id: str, slot: int, language: str, kind: str = "svg") -> str:
    """Return the share card of a place."""
    return f"{folder(language)}card/{contest_id}-{slot}.{kind}"


BESIDE = "coverage/"
"""Folder of the pages beside the count and of the record of coverage in the formats of others."""


def beside(kind: str, id_: str, language: str) -> str:
    """Return a page beside the count: ``race``, ``debate`` or ``questionnaire``."""
    return f"{folder(language)}{BESIDE}{kind}/{id_}/{INDEX}"


def record(name: str) -> str:
    """Return a file with the record of coverage in a format of others."""
    return BESIDE + name


def is_beside(path: str) -> bool:
    """Whether a file belongs to the record of coverage, in whatever language."""
    return bool(IS_BESIDE.match(path))


IS_BESIDE = re.compile(rf"(?!(?:c|v|embed|card)/)(?:[\w-]+/)?{BESIDE}")
"""Not the folder of a contest that somebody has named so."""


def static(name: str) -> str:
    """Return a file that all pages share; its name carries its hash, so that it may be kept for a year."""
    return f"static/{name}"


def base(path: str) -> str:
    """Return how a page at `path` reaches the root: "../../" from "c/x/index.html"."""
    return "../" * path.count("/")
