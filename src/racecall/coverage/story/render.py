"""A story written out: text with footnotes, HTML, Markdown, JSON, and the document that `check_story` reads. Same story, same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from racecall.coverage.claims import Trace
from racecall.coverage.document import Block, Document, Role
from racecall.coverage.story.figures import How
from racecall.coverage.story.short import short_forms, text_of
from racecall.coverage.story.told import Part, Said, Told
from racecall.ledger.events import iso

AS_PRINTED = frozenset({How.NAME, How.NAMES, How.LABEL, How.LABELS})
"""Words of the record that stay as they are in every language."""


@dataclass(slots=True)
class Notes:
    """Sentences written with a number after each figure, and the rows that the numbers stand for.

    Args:
        mark: What stands after a figure, with ``{}`` for its number; "" for nothing.
        clean: Keeps the record's words from being read as markup.
        rows: The rows so far.
    """

    mark: str = ""
    clean: Callable[[str], str] = str
    rows: list[Trace] = field(default_factory=list)

    def write(self, said: Said) -> str:
        """Write a sentence."""
        return "".join(self.clean(part.text) + self._number(part) for part in said.parts)

    def _number(self, part: Part) -> str:
        if not self.mark or not part.figure:
            return ""
        if part.figure.trace not in self.rows:
            self.rows.append(part.figure.trace)
        return self.mark.format(self.rows.index(part.figure.trace) + 1)

    def below(self, line: str) -> list[str]:
        """Return the rows as one block, a line each; nothing where no figure was numbered."""
        lines = [line.format(number, self.clean(note(row))) for number, row in enumerate(self.rows, 1)]
        return ["\n".join(lines)] if lines else []


def as_text(told: Told, *, traces: bool = False) -> str:
    """Write a story as plain text, a paragraph a section.

    Args:
        told: The story.
        traces: Number the figures and put their rows under the story.
    """
    notes = Notes("[{}]" if traces else "")
    opening = [said.text for said in (told.warning, told.title) if said]
    return "\n\n".join([*opening, notes.write(told.headline), *_paragraphs(told, notes), *notes.below("[{}] {}")]) + "\n"


def as_markdown(told: Told, *, traces: bool = False) -> str:
    """Write a story as Markdown, with footnotes on request."""
    notes = Notes("[^{}]" if traces else "", _marked)
    opening = [f"**{_marked(told.warning.text)}**"] if told.warning else []
    opening += [f"*{_marked(told.title.text)}*", f"# {notes.write(told.headline)}"]
    return "\n\n".join([*opening, *_paragraphs(told, notes), *notes.below("[^{}]: {}")]) + "\n"


def _paragraphs(told: Told, notes: Notes) -> list[str]:
    return [" ".join(notes.write(said) for said in paragraph) for _, paragraph in told.sections]


def as_html(told: Told) -> str:
    """Write a story as an HTML article; every figure is a span whose `data-trace` names table, row and column."""
    warning = f'<p class="rehearsal"><strong>{_html(told.warning, told)}</strong></p>\n' if told.warning else ""
    paragraphs = "".join(
        f'<p data-section="{section.value}">{" ".join(_html(said, told) for said in paragraph)}</p>\n'
        for section, paragraph in told.sections
    )
    about = f'data-contest="{escape(told.contest)}" data-stage="{told.stage.value}" data-head="{told.head}"'
    return (
        f'<article lang="{escape(told.language)}" {about}>\n'
        f'{warning}<p class="contest">{_html(told.title, told)}</p>\n<h1>{_html(told.headline, told)}</h1>\n{paragraphs}</article>\n'
    )


def as_json(told: Told) -> str:
    """Write a story with every sentence, part and row: what stands beside a published story so that it can be checked."""
    short = short_forms(told)
    value = {
        "contest": told.contest,
        "stage": told.stage.value,
        "language": told.language,
        "as_of": iso(told.as_of),
        "ledger_head": told.head,
        "rehearsal": told.warning is not None,
        "title": _plain(told.title),
        "headline": _plain(told.headline),
        "sections": [{"section": section.value, "sentences": [_plain(said) for said in said_of]} for section, said_of in told.sections],
        "short": {form: text_of(getattr(short, form)) for form in ("push", "digest", "headline", "alt")},
    }
    return json.dumps(value, ensure_ascii=False) + "\n"


def document_of(told: Told) -> Document:
    """Return a story as `check_story` reads one: the headline, then a block a section."""
    texts = [(Role.HEADLINE, told.headline.text)]
    texts += [(Role.BODY, " ".join(said.text for said in paragraph)) for _, paragraph in told.sections]
    blocks = tuple(Block(role=role, text=text, line=number) for number, (role, text) in enumerate(texts, 1))
    return Document(name=told.headline.text, blocks=blocks, published=told.as_of, source="\n".join(text for _, text in texts))


def note(row: Trace) -> str:
    """Write a row in a line for an editor."""
    formula = f" ({row.formula})" if row.formula else ""
    which = f"{row.table} {row.row}" if row.row.isdigit() else row.table
    return f"{which} · {row.words or f'{row.column} = {row.value}'}{formula}"


SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def _marked(text: str) -> str:
    """Keep what the record says from being read as Markdown."""
    return SPECIAL.sub(r"\\\1", text)


def _html(said: Said, told: Told) -> str:
    return "".join(_span(part, told.language) if part.figure else escape(part.text) for part in said.parts)


def _span(part: Part, language: str) -> str:
    assert part.figure
    row = part.figure.trace
    printed = ' lang="en"' if part.figure.how in AS_PRINTED and language != "en" else ""
    where = escape(f"{row.table}:{row.row}:{row.column}")
    return f'<span data-trace="{where}" title="{escape(note(row))}"{printed}>{escape(part.text)}</span>'


def _plain(said: Said) -> dict[str, Any]:
    return {"id": said.key, "text": said.text, "figures": list(_figures(said.parts))}


def _figures(parts: Iterable[Part]) -> Iterator[dict[str, Any]]:
    """Yield each figure with its place in the sentence and its row."""
    start = 0
    for part in parts:
        if part.figure:
            row = part.figure.trace
            yield {
                "start": start,
                "end": start + len(part.text),
                "text": part.text,
                "trace": {
                    "table": row.table,
                    "row": row.row,
                    "column": row.column,
                    "value": row.value,
                    "formula": row.formula,
                    "at": iso(row.at) if row.at else None,
                },
            }
        start += len(part.text)
