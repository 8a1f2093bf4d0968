"""The widget: a contest in a frame of somebody else's page."""

from __future__ import annotations

from racecall.publish.site import paths
from racecall.publish.site.page import ContestPage
from racecall.publish.site.render import Renderer


def embed_page(renderer: Renderer, page: ContestPage, language: str, *, version: int = 0) -> str:
    """Return the widget of a contest; with ``#place-2`` at the end of its address it shows that place alone."""
    path = paths.embed(page.contest.id, language)
    return renderer.other("embed.html.j2", language, path=path, page=page, view=page.view, contest=page.contest, version=version)
