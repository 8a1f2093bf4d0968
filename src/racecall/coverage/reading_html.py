"""A page as the story on it: the words in their order, block by block, with menus and scripts left out.

The tree is lxml's, made without network, entities and document types of the page's own (libxml2's HTML reader knows none).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any

from racecall.coverage.document import Block, Document, Role
from racecall.coverage.places import placed
from racecall.coverage.reading import stated_time

if TYPE_CHECKING:
    from lxml import etree

LEFT_OUT = frozenset(
    {"script", "style", "nav", "aside", "footer", "head", "noscript", "template", "form", "button", "select", "textarea", "iframe", "svg"}
)
"""Elements without a word of the story."""
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "samp"}
    | {"small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "script", "style", "noscript", "template", "svg"}
)
"""Elements that lie inside a sentence, seen or not; every other one ends what stands before it."""
DATES = {
    "article:published_time": 0,
    "datepublished": 1,
    "parsely-pub-date": 2,
    "pubdate": 3,
    "publish-date": 4,
    "dc.date.issued": 5,
    "dc.date": 6,
    "date": 7,
}
"""Names under which the head of a page says when it was published, the most precise first."""
MOST_ARTICLES = 50
"""Articles of a page that are compared; the story stands among the first, and what readers say below it is marked so too."""
LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"\\]{4,40})"')
"""schema.org/NewsArticle, in a script of the page."""


def read_html(name: str, source: str, zone: tzinfo) -> Document:
    """Read a page."""
    blocks = page_blocks(source)
    return Document(
        name=name,
        blocks=placed(blocks, source, "html"),
        format="html",
        published=published_at(tree_of(source), source, zone),
        source=source,
    )


def tree_of(source: str) -> etree._Element | None:
    """Return the page as a tree, None if there is nothing in it."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, recover=True)
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def page_blocks(source: str) -> tuple[Block, ...]:
    """Return the headline and the blocks of the story on a page."""
    tree = tree_of(source)
    if tree is None:
        return ()
    blocks = tuple(_Walk().blocks(_story_in(tree)))
    return blocks if any(block.role is Role.HEADLINE for block in blocks) else (*_headline(tree), *blocks)


def _story_in(tree: etree._Element) -> etree._Element:
    """Return the part of a page that is the story: the longest article, the main part, or all of it."""
    articles = sorted(islice(tree.iter("article"), MOST_ARTICLES), key=lambda one: -len("".join(one.itertext())))
    return next((part for part in (*articles[:1], *tree.iter("main"), *tree.iter("body"))), tree)


def _headline(tree: etree._Element) -> Iterator[Block]:
    """Yield the headline of a page whose story has none inside: its first h1, else its title."""
    for part in (*tree.iter("h1"), *tree.iter("title")):
        if text := " ".join("".join(part.itertext()).split()):
            yield Block(role=Role.HEADLINE, text=text)
            return


class _Walk:
    """Goes through a part of a page and puts words together until an element ends them."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.inside: list[Role] = []

    def blocks(self, part: etree._Element) -> Iterator[Block]:
        """Yield what a reader sees, in reading order."""
        from lxml import etree

        walk = etree.iterwalk(part, events=("start", "end"))
        for event, element in walk:
            if event == "start" and _is_left_out(element):
                walk.skip_subtree()
            elif event == "start":
                yield from self._begin(element)
            else:
                yield from self._end(element, tail=element is not part)
        yield from self._flush()

    def _begin(self, element: etree._Element) -> Iterator[Block]:
        tag = str(element.tag)
        if tag not in INLINE:
            yield from self._flush()
        if tag == "img" and (alt := " ".join(element.get("alt", "").split())):
            yield Block(role=Role.ALT, text=alt)
        if tag in ROLES:
            self.inside.append(ROLES[tag])
        self.words.append(" " if tag == "br" else element.text or "")

    def _end(self, element: etree._Element, *, tail: bool) -> Iterator[Block]:
        tag = str(element.tag)
        if tag not in INLINE:
            yield from self._flush()
        if tag in ROLES and self.inside and not _is_left_out(element):
            self.inside.pop()
        self.words.append((element.tail or "") if tail else "")

    def _flush(self) -> Iterator[Block]:
        text, self.words = " ".join("".join(self.words).split()), []
        if text:
            yield Block(role=self.inside[-1] if self.inside else Role.BODY, text=text)


ROLES: Mapping[str, Role] = {"h1": Role.HEADLINE, "figcaption": Role.CAPTION}
HIDING = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def _is_left_out(element: etree._Element) -> bool:
    """Whether a reader does not see it, or it is none of the story."""
    attributes: Any = element.attrib
    return (
        element.tag in LEFT_OUT
        or "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or bool(HIDING.search(attributes.get("style", "")))
    )


def published_at(tree: etree._Element | None, source: str, zone: tzinfo) -> datetime | None:
    """Return when a page says that it was published: in its head, in its linked data, or in its first time element."""
    if tree is None:
        return None
    said = sorted((DATES[name], meta.get("content", "")) for meta in tree.iter("meta") if (name := _name(meta)) in DATES)
    linked = LINKED_DATA.findall(source)
    times = [one.get("datetime", "") for one in _story_in(tree).iter("time")][:1]
    stated = (stated_time(text, zone) for text in (*(text for _, text in said), *linked[:1], *times))
    return next((moment for moment in stated if moment), None)


def _name(meta: etree._Element) -> str:
    return (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
