"""The widget: a contest, or one of its places, in a frame of somebody else's page."""

from __future__ import annotations

from markupsafe import escape

from racecall.publish.site import paths
from racecall.publish.site.page import ContestPage
from racecall.publish.site.render import Renderer

HEIGHT = 420
"""Height of the frame until the script has said a better one [px]: two places at 300 pixels' width fit."""


def embed_page(renderer: Renderer, page: ContestPage, language: str, slot: int = 0, *, version: int = 0) -> str:
    """Return the widget of a contest; of one of its places if `slot` is not 0."""
    path = paths.embed(page.contest.id, language, slot)
    return renderer.other("embed.html.j2", language, path=path, page=page, view=page.view, contest=page.contest, slot=slot, version=version)


def embed_code(contest_id: str, title: str, language: str, *, address: str, script: str) -> str:
    """Return what a newsroom pastes into its page: the frame, and the script that gives it its height.

    Args:
        contest_id: Contest id.
        title: Its title, which a screen reader says of the frame.
        language: Language code.
        address: Where the site is published, with a slash at the end.
        script: Path of `embed-parent.js` from the site's root.
    """
    frame = f'<iframe data-racecall src="{escape(address + paths.embed(contest_id, language))}" title="{escape(title)}" '
    return f'{frame}width="100%" height="{HEIGHT}" loading="lazy"></iframe>\n<script src="{escape(address + script)}" defer></script>'
