"""A checked story as one page: no script, nothing loaded from anywhere, readable on a telephone, in the dark and on paper.

Templates and style sheets are handed in as text (`Assets`): nothing here opens a file. Everything from the story is escaped.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from racecall.coverage.claims import CheckedStory
from racecall.publish.checked import words
from racecall.publish.checked.pieces import lines, passages
from racecall.publish.words import REHEARSAL

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True)
class Assets:
    """What ships with the package and is read by `desk/packaged.py`.

    Args:
        templates: Text by name.
        styles: Style sheets in their order: the desk's own, whose tokens and type the page shares, and that of checked stories.
    """

    templates: Mapping[str, str]
    styles: tuple[str, ...]

    def __hash__(self) -> int:
        """Let what is made from them be kept beside them."""
        return id(self)


def checked_page(story: CheckedStory, assets: Assets, *, title: str, zone: ZoneInfo, rehearsal: bool = False) -> str:
    """Return a checked story as a page.

    Args:
        story: The story.
        assets: Templates and style sheets.
        title: Title of the election.
        zone: The county's time zone.
        rehearsal: Whether it was held against a night that is played again.
    """
    style = "\n".join(assets.styles)
    values = {"style_hash": style_hash(style), "rehearsal": REHEARSAL if rehearsal else "", "title": title, "zone": zone}
    page = _environment(assets).get_template("page.html.j2")
    return page.render(style=_markup(style), **values, **story_values(story))


def story_values(story: CheckedStory) -> dict[str, Any]:
    """Return what the templates of a checked story need."""
    return {"story": story, "lines": lines(story), "passages": passages(story), "said": words}


def style_hash(style: str) -> str:
    """Return by what a browser knows the style sheet of the page again (Content Security Policy Level 3, section 8.4)."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704 - our own style sheets, which no story can write into


@lru_cache(maxsize=2)
def _environment(assets: Assets) -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    loader = DictLoader(dict(assets.templates))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
