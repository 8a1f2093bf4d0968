"""Markdown as the page it makes: rendered, read as a page, and every block found again in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import tzinfo

from racecall.coverage.document import Block, Document, Role
from racecall.coverage.places import BLANK, line_starts, placed
from racecall.coverage.reading import stated_time
from racecall.coverage.reading_html import page_blocks

FRONT = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(?P<body>.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
"""Front matter: what stands between two lines of three signs at the top (Jekyll's, which others follow)."""
KEY = re.compile(
    r"""^(?P<key>title|date|published|publishdate|pubdate)[ \t]*[:=][ \t]*(?P<quote>["']?)(?P<value>[^\n]*?)(?P=quote)[ \t]*$""",
    re.IGNORECASE | re.MULTILINE,
)

HEAD = 10_000
"""Characters of front matter that are looked at."""


def read_markdown(name: str, source: str, zone: tzinfo) -> Document:
    """Read Markdown (CommonMark); raw HTML in it is read as part of the page."""
    front = FRONT.match(source)
    body = re.sub(r"[^\n]", BLANK, front[0]) + source[front.end() :] if front else source
    keys = list(KEY.finditer(source, front.start("body"), min(front.end("body"), HEAD))) if front else []
    stated = (stated_time(key["value"], zone) for key in keys if key["key"].lower() != "title")
    blocks = placed(page_blocks(_rendered(source[front.end() if front else 0 :])), body, "markdown")
    titles = tuple(_titles(keys, source)) if not any(block.role is Role.HEADLINE for block in blocks) else ()
    published = next((moment for moment in stated if moment), None)
    return Document(name=name, blocks=(*titles, *blocks), format="markdown", published=published, source=source)


def _rendered(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").render(text))


def _titles(keys: list[re.Match[str]], source: str) -> Iterator[Block]:
    """Yield the title of the front matter, where the text below has no headline of its own."""
    for key in keys:
        if key["key"].lower() == "title" and key["value"].strip():
            line = sum(start <= key.start("value") for start in line_starts(source))
            yield Block(role=Role.HEADLINE, text=" ".join(key["value"].split()), line=line, offset=key.start("value"))
            return
