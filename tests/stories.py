"""Stories for tests, in every format; made up here, about the election that the demo plays."""

from __future__ import annotations

from collections.abc import Sequence

from racecall.testing_fuzz import zipped

PLAIN = b"""Two lead in the 34th District
By A. Reporter
April 5, 2017, 9:05 a.m.

Jimmy Gomez was leading with 28% of the vote on Wednesday, and this line was
broken by hand because the next word had no room.

Photo: Robert Lee Ahn, left, before the count.
"""

PAGE = b"""<!doctype html>
<html><head><title>Two lead &amp; wait - A Paper</title><meta property="article:published_time" content="2017-04-05T16:05:00Z">
<script>var a = "Jimmy Gomez won";</script></head>
<body><nav>Home <a href="/">Two lead &amp; wait</a></nav>
<header><h1>Two lead &amp; wait</h1></header>
<article><p>Jimmy <b>Gomez</b>&rsquo;s share is
 28%&nbsp;of the <a href="/vote">vote</a>.<br>Ahn has 19%.</p>
<aside>An advertisement.</aside><h2>What&#39;s next</h2>
<figure><img src="x.png" alt="Gomez at a microphone"><figcaption>Gomez before the count.</figcaption></figure>
<ul><li>One <script>void 0</script>count on Friday</li></ul><blockquote>It is early.</blockquote><p hidden>Not shown.</p></article>
<footer>All rights.</footer></body></html>
"""

MARKDOWN = b"""---
title: "Two lead in the 34th"
date: 2017-04-05
---

Jimmy **Gomez** has [28%](https://example.org/count) of the
vote & more.

## Later

> It is _early_.

![Gomez at a microphone](x.png)

- One count on Friday
"""

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (("Titel", "Title"), ("berschrift1", "heading 1"), ("Beschriftung", "caption"), ("Standard", "Normal"))
"""Ids as a German Word has them, and the names that are the same everywhere."""


def docx(paragraphs: Sequence[tuple[str, str]], *, extra: str = "") -> bytes:
    """Return a Word document.

    Args:
        paragraphs: Style id and XML of the runs of each paragraph.
        extra: XML after the last paragraph.
    """
    styles = "".join(f'<w:style w:type="paragraph" w:styleId="{id_}"><w:name w:val="{name}"/></w:style>' for id_, name in STYLES)
    body = "".join(f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>' for style, runs in paragraphs)
    return zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}{extra}</w:body></w:document>'.encode(),
            "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'.encode(),
        }
    )


def run(text: str) -> str:
    """Return a run of text in a Word document."""
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


DOCX = docx(
    (
        ("Titel", run("Two lead in the ") + run("34th")),
        ("Standard", run("April 5, 2017")),
        (
            "Standard",
            run("Jimmy Gomez has 28")
            + "<w:del><w:r><w:delText>7</w:delText></w:r></w:del>"
            + "<w:ins>"
            + run("% of the vote.")
            + "</w:ins>",
        ),
        ("Beschriftung", run("Gomez before the count.")),
    )
)

EVERY = {"story.txt": PLAIN, "story.html": PAGE, "story.md": MARKDOWN, "story.docx": DOCX}
"""By file name."""

NIGHT_STORY = """Gomez leads, Ahn is second

April 5, 2017

Jimmy Gomez was leading with 28% of the vote, and Robert Lee Ahn was in second place with 19%. Gomez had 8,156 votes.
"""
"""Right when it was published, of the demo's election; the certified count says something else."""
WRONG_STORY = NIGHT_STORY.replace("8,156", "8,651")
