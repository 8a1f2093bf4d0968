"""The few pieces that every chart is made of, as text: one scale, ticks, words that stand clear of what is behind them, and the marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, floor, log10

from markupsafe import Markup, escape

from racecall.publish.site.page import LETTERS, Mark

LONGEST = 26
"""Letters of a name that fit into a chart at 300 pixels; the table has the whole name."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to the chart's width.

    Args:
        low, high: Values at the two ends.
        left, right: Where the ends lie [per cent of the width].
    """

    low: float
    high: float
    left: float = 0.0
    right: float = 100.0

    def __call__(self, value: float) -> float:
        """Return where a value lies, never outside the ends [per cent of the width]."""
        part = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.left + min(1.0, max(0.0, part)) * (self.right - self.left)


def ticks(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Return round values from `low` to `high`, at most `most` of them, in steps of 1, 2 or 5."""
    rough = (high - low) / max(1, most - 1)
    if rough <= 0:
        return (low,)
    power = 10.0 ** floor(log10(rough))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= rough * 0.999)
    return tuple(number * step for number in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1))


def top_of(value: float, step: float) -> float:
    """Return the next full step at or above a value."""
    return max(step, ceil(value / step - 1e-9) * step)


def cut(name: str, longest: int = LONGEST) -> str:
    """Shorten a long name for a chart."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def at(x: float) -> str:
    """Write a position along the width."""
    return f"{x:.2f}".rstrip("0").rstrip(".") + "%"


def text(x: float, y: float, words: str, classes: str = "", *, anchor: str = "", dx: float = 0) -> str:
    """Write words; `anchor` is where `x` lies in them: "" at the start, else middle or end."""
    more = f' text-anchor="{anchor}"' if anchor else ""
    more += f' dx="{dx:g}"' if dx else ""
    more += f' class="{classes}"' if classes else ""
    return f'<text x="{at(x)}" y="{y:g}"{more}>{_escaped(words)}</text>'


_escaped = lru_cache(maxsize=4096, typed=True)(escape)
"""Times, numbers and names are written again for every language; typed, for markup that reads the same as a text is equal to it."""


def line(x1: float, y1: float, x2: float, y2: float, classes: str, width: float = 0) -> str:
    """Draw a line."""
    more = f' stroke-width="{width:g}"' if width else ""
    return f'<line x1="{at(x1)}" y1="{y1:g}" x2="{at(x2)}" y2="{y2:g}" class="{classes}"{more}/>'


def upright(x: float, top: float, bottom: float, classes: str, width: float = 0) -> str:
    """Draw an upright line."""
    return line(x, top, x, bottom, classes, width)


def stroke(moves: str, height: float, classes: str) -> str:
    """Draw a path of many points, each written once: half the bytes of lines between them.

    Its box is stretched to the chart's width and the stroke is not; no text may stand in it.

    Args:
        moves: Path data: x in tenths of a per cent of the width, y in pixels.
        height: Height of the chart [pixels].
        classes: Classes of the path.
    """
    box = f'width="100%" height="{height:g}" viewBox="0 0 1000 {height:g}" preserveAspectRatio="none"'
    return f'<svg {box}><path class="{classes}" vector-effect="non-scaling-stroke" d="{moves}"/></svg>'


def box(x: float, y: float, wide: float, high: float, paint: str) -> str:
    """Draw a box; `paint` is its attributes, e.g. ``class="fa"``."""
    return f'<rect x="{at(x)}" y="{y:g}" width="{at(max(0.0, wide))}" height="{high:g}" {paint}/>'


def mark(kind: Mark, x: float, y: float, size: float = 5.5, *, hollow: bool = False) -> str:
    """Draw a candidate's mark, `size` pixels to each side; hollow for what is no count."""
    letter = LETTERS[kind]
    paint = f'class="s{letter} fpaper" stroke-width="2"' if hollow else f'class="f{letter}"'
    return f'<svg x="{at(x)}" y="{y:g}"><path d="{outline(kind, size)}" {paint}/></svg>'


def outline(kind: Mark, size: float) -> str:
    """Return a mark's outline around 0, 0: square, circle, diamond or dash."""
    s = f"{size:g}"
    if kind is Mark.FIRST:
        return f"M-{s}-{s}h{2 * size:g}v{2 * size:g}h-{2 * size:g}z"
    if kind is Mark.SECOND:
        return f"M-{s} 0a{s} {s} 0 1 1 {2 * size:g} 0a{s} {s} 0 1 1-{2 * size:g} 0z"
    if kind is Mark.THIRD:
        wide = f"{size * 1.2:g}"
        return f"M0-{wide}l{wide} {wide}-{wide} {wide}-{wide}-{wide}z"
    return f"M-{s}-{size / 3:.1f}h{2 * size:g}v{size / 1.5:.1f}h-{2 * size:g}z"


@lru_cache(maxsize=4)
def key_mark(kind: Mark) -> Markup:
    """Return a candidate's mark for a line of text; the name beside it says what it means."""
    return Markup('<svg class="mk" aria-hidden="true"><use href="#m-{}"/></svg>').format(LETTERS[kind])


def spread(wanted: Iterable[float], gap: float) -> tuple[float, ...]:
    """Move labels down where they would touch: each at least `gap` below the one above, in the order given.

    Args:
        wanted: Heights, each where its label would like to be [pixels].
        gap: Least distance [pixels].
    """
    heights = list(wanted)
    order = sorted(range(len(heights)), key=heights.__getitem__)
    for above, below in pairwise(order):
        heights[below] = max(heights[below], heights[above] + gap)
    return tuple(heights)


def chart(height: float, label: str, pieces: Iterable[str], classes: str = "chart") -> Markup:
    """Put a chart together; `label` is the sentence that says what it shows."""
    head = f'<svg class="{classes}" width="100%" height="{height:g}" role="img" aria-label="{escape(label)}">'
    return Markup(head + "".join(pieces) + "</svg>")  # noqa: S704 -- every word in the pieces went through `text`
