"""What axe finds on a page, in words."""

from __future__ import annotations

from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Return what axe holds against the page as it stands: rule, what it asks for, and the first element."""
    return list(_lines(Axe().run(page).response["violations"]))


def _lines(found: list[dict]) -> Iterator[str]:
    for rule in found:
        where = rule["nodes"][0]
        yield f"{rule['id']} ({len(rule['nodes'])}): {rule['help']}: {where['html'][:160]}"


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window: a reader on a phone should never have to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
