"""What is wrong with a page as a browser shows it, in words: what axe finds, what is too wide, what lies on something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
"""Every rule; what passes is not listed, because naming a thousand marks of a chart takes axe minutes."""
CONTRAST = {**EVERYTHING, "runOnly": ["color-contrast"]}
"""All that can change when the page is dark."""


def violations(page: Page, options: dict[str, Any] = EVERYTHING) -> list[str]:
    """Return what axe holds against the page as it stands: rule, what it asks for, and the first element."""
    return list(_lines(AXE.run(page, options=options).response["violations"]))


def _lines(found: list[dict]) -> Iterator[str]:
    for rule in found:
        where = rule["nodes"][0]
        yield f"{rule['id']} ({len(rule['nodes'])}): {rule['help']}: {where['html'][:160]}"


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window: a reader on a phone should never have to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def open_all(page: Page) -> None:
    """Open whatever can be opened."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def misplaced(page: Page) -> list[str]:
    """Return texts that lie on other texts, and texts that reach over the edge of the window.

    Boxes of lines are a little taller than their letters, so two lines count as overlapping from a third of a line's height on. What
    scrolls in a box of its own may reach beyond the window, and what is for screen readers alone has no place.
    """
    return list(page.evaluate(MISPLACED))


MISPLACED = """() => {
  const words = [];
  const unseen = '.vh, .skip, .watermark, defs, script, title, noscript';
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const owner = node.parentElement;
    const style = getComputedStyle(owner);
    if (!node.data.trim() || owner.closest(unseen) || !owner.checkVisibility() || style.visibility === 'hidden') continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = owner.closest('svg') ? [owner.getBoundingClientRect()] : range.getClientRects();
    for (const box of boxes) if (box.width > 1) words.push({ box, owner, text: node.data.trim().slice(0, 40) });
  }
  const wrong = [];
  const wide = document.documentElement.clientWidth;
  for (const { box, owner, text } of words) {
    if ((box.left < -1 || box.right > wide + 1) && !owner.closest('.scroll')) wrong.push(`over the edge: ${text}`);
  }
  words.sort((one, other) => one.box.top - other.box.top);
  words.forEach((one, at) => {
    for (let next = at + 1; next < words.length && words[next].box.top < one.box.bottom; next += 1) {
      const other = words[next];
      if (one.owner === other.owner) continue; // a table's head comes again where a sheet or a column breaks
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (across > 1 && down > Math.min(one.box.height, other.box.height) / 3) wrong.push(`on each other: ${one.text} | ${other.text}`);
    }
  });
  return wrong;
}"""
