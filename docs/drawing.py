"""A few marks and scales for the pictures in the documents, written as plain SVG: the same numbers give the same bytes on any machine.

Paper, ink, and teal, ochre and violet for what is compared; no party colours. Every mark has its words beside it, and shape tells apart
what colour does. A chart library would do more and change its bytes with every version.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape

PAPER, PANEL, INK, SOFT, RULE, HAIR = "#fdfcf9", "#f4f1ea", "#1c1b18", "#5c584f", "#cfc9bb", "#e6e1d6"
TEAL, OCHRE, VIOLET, OTHER = "#00696b", "#a84b00", "#67409a", "#77736a"
SANS = "system-ui, -apple-system, 'Segoe UI', 'Liberation Sans', 'DejaVu Sans', Helvetica, Arial, sans-serif"
SERIF = "'Iowan Old Style', Palatino, 'Palatino Linotype', Georgia, serif"

Scale = Callable[[float], float]


def linear(low: float, high: float, start: float, end: float) -> Scale:
    """Return a scale of equal steps."""
    return lambda value: start + (value - low) / (high - low) * (end - start)


def square_root(high: float, start: float, end: float) -> Scale:
    """Return a scale from zero that gives small values more room."""
    return lambda value: start + math.sqrt(max(value, 0.0) / high) * (end - start)


def log_odds(low: float, start: float, end: float) -> Scale:
    """Return a scale of chances from `low` to its complement; beyond them everything lies on the edge."""
    reach = math.log(low / (1 - low))

    def place(value: float) -> float:
        chance = min(max(value, low), 1 - low)
        return start + (math.log(chance / (1 - chance)) - reach) / (-2 * reach) * (end - start)

    return place


class Sheet:
    """A picture that is drawn from back to front."""

    def __init__(self, width: int, height: int, *, title: str, description: str) -> None:
        self.parts: list[str] = []
        self.width, self.height, self.title, self.description = width, height, title, description

    def add(self, tag: str, text: str | None = None, **attributes: float | str) -> None:
        """Add one element; `class_` and `stroke_width` are written class and stroke-width."""
        named = " ".join(f'{name.rstrip("_").replace("_", "-")}="{_written(value)}"' for name, value in attributes.items())
        self.parts.append(f"<{tag} {named}/>" if text is None else f"<{tag} {named}>{escape(text, quote=False)}</{tag}>")

    def line(self, x1: float, y1: float, x2: float, y2: float, *, colour: str = RULE, width: float = 1, dash: str = "") -> None:
        """Draw a straight line."""
        more = {"stroke_dasharray": dash} if dash else {}
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, stroke_width=width, **more)

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = 13,
        colour: str = INK,
        at: str = "start",
        bold: bool = False,
        serif: bool = False,
        rim: bool = True,
    ) -> None:
        """Write words with a rim of paper, so that lines behind them do not cut them; `at` is start, middle or end."""
        more: dict[str, float | str] = {"font_weight": "600"} if bold else {}
        more |= {"font_family": SERIF} if serif else {}
        more |= {"stroke": PAPER, "stroke_width": 3, "paint_order": "stroke"} if rim else {}
        self.add("text", text, x=x, y=y, font_size=size, fill=colour, text_anchor=at, **more)

    def heading(self, text: str, below: Sequence[str]) -> None:
        """Write the headline and the sentences below it."""
        self.words(24, 36, text, size=21, bold=True, serif=True)
        for at, sentence in enumerate(below):
            self.words(24, 60 + 19 * at, sentence, size=14, colour=SOFT)

    def path(self, points: Iterable[tuple[float, float]], *, colour: str, width: float = 2, dash: str = "") -> None:
        """Join points."""
        more = {"stroke_dasharray": dash} if dash else {}
        joined = " L".join(f"{_written(x)} {_written(y)}" for x, y in points)
        self.add("path", d=f"M{joined}", fill="none", stroke=colour, stroke_width=width, stroke_linejoin="round", **more)

    def mark(self, shape: str, x: float, y: float, *, colour: str, size: float = 5, hollow: bool = False) -> None:
        """Draw a square, circle, diamond or dash; a hollow one has paper inside."""
        fill = {"fill": PAPER, "stroke": colour, "stroke_width": 1.8} if hollow else {"fill": colour, "stroke": PAPER, "stroke_width": 1}
        if shape == "circle":
            self.add("circle", cx=x, cy=y, r=size, **fill)
        elif shape == "square":
            self.add("rect", x=x - size, y=y - size, width=2 * size, height=2 * size, **fill)
        elif shape == "dash":
            self.add("rect", x=x - size, y=y - 2, width=2 * size, height=4, **fill)
        else:
            corners = [(x, y - 1.35 * size), (x + 1.35 * size, y), (x, y + 1.35 * size), (x - 1.35 * size, y)]
            self.add("polygon", points=" ".join(f"{_written(a)},{_written(b)}" for a, b in corners), **fill)

    def svg(self) -> str:
        """Return the file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" role="img" aria-labelledby="t d" font-family="{SANS}" '
            'font-variant-numeric="tabular-nums lining-nums">'
        )
        about = [f'<title id="t">{escape(self.title)}</title>', f'<desc id="d">{escape(self.description)}</desc>']
        ground = f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>'
        return "\n".join([head, *about, HATCH, ground, *self.parts, "</svg>"]) + "\n"


HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<line x1="0" y1="0" x2="0" y2="6" stroke="{RULE}" stroke-width="2.4"/></pattern>'
    '<marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    f'<path d="M0 0.8 L10 5 L0 9.2 z" fill="{INK}"/></marker></defs>'
)


def _written(value: float | str) -> str:
    """Write numbers with two digits at most, so that no machine's last bit shows."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "-0" if value <= -0.005 else "0", 1)
