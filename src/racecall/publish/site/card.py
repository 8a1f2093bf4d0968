"""The share card of a place: what a link to the page looks like where people pass it on. One SVG of 1200 by 630, and PNG from it.

Networks draw the card once and keep it, so everything on it carries its time. Text is set by estimated widths and made smaller, or broken
over two lines, until it fits: no font is shipped, and the reader's may be wider than ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from unicodedata import east_asian_width

from markupsafe import Markup, escape

from racecall.calls.states import SlotState
from racecall.publish.site.cards import Card, place_cards
from racecall.publish.site.counting import counting_bar, headline, out_sentence
from racecall.publish.site.page import ContestPage, Mark
from racecall.publish.site.render import Renderer
from racecall.publish.site.states import is_certified

WIDTH, LEFT, RIGHT = 1200, 72, 1128
"""The card, and where text begins and ends [px]."""

COLOURS = {Mark.FIRST: "#00696b", Mark.SECOND: "#a84b00", Mark.THIRD: "#67409a", Mark.OTHERS: "#77736a"}
"""Colours of the marks on paper (mock-ups/STYLE.md section 1): an image has no style sheet."""

NARROW, WIDE = frozenset("ijlftrI.,:;'|!()[] ·"), frozenset("mwMW%@")
"""Letters that take about a third of the size, and those that take nine tenths; measured on Liberation Sans and Serif, bold."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that fits: its words and its size [px]."""

    text: str
    size: float


def card_svg(renderer: Renderer, page: ContestPage, slot: int, language: str) -> str:
    """Return the share card of a place.

    Args:
        renderer: Templates and languages.
        page: What the contest's page shows.
        slot: Number of the place, from 1.
        language: Language code.
    """
    t = renderer.words[language]
    card = next(card for card in place_cards(page, t) if card.number == slot)
    chip = Line(card.chip, 34)
    return renderer.other(
        "card.svg.j2",
        language,
        path="",
        page=page,
        view=page.view,
        card=card,
        colour=COLOURS[page.mark(card.holders[0].id)] if card.holders else COLOURS[Mark.OTHERS],
        shape=page.mark(card.holders[0].id) if card.holders else "",
        chip=chip,
        chip_width=round(width(chip) + 110),
        title=fitted(f"{page.contest.title} · {card.label}", RIGHT - LEFT - round(width(chip) + 150), 32, lines=2),
        who=fitted(_who(card, t.of("between two names", "or")), RIGHT - 160, 82, lines=2),
        sentence=_plain(card.sentence),
        said=fitted(_plain(card.sentence), RIGHT - LEFT, 38, lines=2),
        counted=fitted(f"{headline(page.view, t)}. {out_sentence(page, t)}".strip(), RIGHT - LEFT, 27, lines=2),
        rungs=card.rungs,
        pieces=_pieces(page, renderer, language),
        text=set_text,
        serif=SERIF,
        filled=card.state in {SlotState.CALLED, SlotState.CERTIFIED},
    )


def _plain(sentence: str) -> str:
    """Take out the marks that say which words are English: a picture has no place for them."""
    return sentence.striptags() if isinstance(sentence, Markup) else sentence


def _who(card: Card, joined: str) -> str:
    return f" {joined} ".join(option.name for option in card.holders) or card.nobody


def _pieces(page: ContestPage, renderer: Renderer, language: str) -> list[tuple[str, int, int]]:
    """Return kind, x and width of every piece of the bar [px]."""
    bar = counting_bar(page, renderer.words[language])
    if bar is None or not bar.total:
        return [("counted", LEFT, RIGHT - LEFT)] if is_certified(page.view) else []
    made, x = [], float(LEFT)
    for piece in bar.pieces:
        wide = (RIGHT - LEFT) * piece.ballots / bar.total
        made.append((piece.kind, round(x), round(wide)))
        x += wide
    return made


def width(line: Line) -> float:
    """Estimate how wide a line is [px], rather too wide than too narrow."""
    return line.size * sum(map(_part, line.text))


@lru_cache(maxsize=4096)
def _part(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return 1.0
    return 0.34 if letter in NARROW else 0.92 if letter in WIDE else 0.72 if letter.isupper() else 0.58


SANS = escape("'Helvetica Neue', Arial, 'Liberation Sans', 'Noto Sans CJK KR', 'Noto Sans KR', sans-serif")
SERIF = escape("'Iowan Old Style', 'Palatino Linotype', Palatino, Georgia, 'Liberation Serif', 'Noto Serif CJK KR', serif")
"""Fonts, the reader's own; whoever has none of them has one for their script."""


def set_text(
    x: float, y: float, size: float, words: str, fill: str = "#1c1b18", weight: str = "400", family: str = SANS, anchor: str = "start"
) -> Markup:
    """Set one line of text; a macro of the template took three times as long, fifteen times a card."""
    drawn = f'x="{x}" y="{y}" font-family="{family}" font-size="{round(size, 1)}" font-weight="{weight}" fill="{fill}"'
    return Markup(f'<text {drawn} text-anchor="{anchor}">{escape(words)}</text>\n')  # noqa: S704 -- the words are escaped, the rest is ours


SMALLEST = 0.55
"""How much smaller than planned a line may become before it is cut."""


@lru_cache(maxsize=4096)
def fitted(text: str, space: int, size: float, *, lines: int = 1) -> tuple[Line, ...]:
    """Set a text into a space: smaller, then over several lines, at last cut with an ellipsis.

    Args:
        text: What to set.
        space: How wide a line may be [px].
        size: The size it is planned at [px].
        lines: How many lines it may take.
    """
    for part in (1.0, 0.9, 0.8, 0.7, 0.62, SMALLEST):
        made = _broken(text, space, size * part)
        if len(made) <= (1 if part > 0.8 and lines > 1 else lines):
            return made
    kept = [*_broken(text, space, size * SMALLEST)[:lines]]
    kept[-1] = Line(_cut(kept[-1].text + "…", space, kept[-1].size), kept[-1].size)
    return tuple(kept)


def _broken(text: str, space: int, size: float) -> tuple[Line, ...]:
    rows: list[list[str]] = [[]]
    wide = 0.0
    for word in text.split():
        own, gap = size * _word(word), size * _part(" ") if rows[-1] else 0.0
        if rows[-1] and wide + gap + own > space:
            rows.append([])
            wide = gap = 0.0
        rows[-1].append(word)
        wide += gap + own
    return tuple(Line(_cut(" ".join(row), space, size), size) for row in rows)


@lru_cache(maxsize=4096)
def _word(word: str) -> float:
    """Width of a word of size 1: it is measured at six sizes, on three cards."""
    return sum(map(_part, word))


def _cut(text: str, space: int, size: float) -> str:
    """Cut one word that no line can hold."""
    if width(Line(text, size)) <= space:
        return text
    while text and width(Line(text + "…", size)) > space:
        text = text[:-1]
    return text.rstrip("…") + "…"


def card_png(svg: str) -> bytes:
    """Return the card as PNG, with the fonts of the machine; the extra `cards` has the library.

    Korean needs a font that has it (Debian: fonts-noto-cjk), or its letters are left blank.
    """
    from resvg_py import svg_to_bytes

    return bytes(svg_to_bytes(svg_string=svg))
