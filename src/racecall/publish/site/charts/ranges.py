"""Where the final shares could end: a projection, drawn so that nobody takes it for votes; after certification, how it did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from racecall.calls.view import ContestView, OptionLine
from racecall.model.contest import Option
from racecall.publish.languages.words import Words
from racecall.publish.site.charts.svg import Scale, box, chart, cut, text, ticks, top_of, upright
from racecall.publish.site.page import LETTERS, ContestPage
from racecall.publish.site.states import is_certified

if TYPE_CHECKING:
    from markupsafe import Markup

SHOWN = 6
"""Options with a range that are drawn, by votes; the standing opens as many rows."""
ROW = 52
"""Height of a row [pixels]."""
WORDS_FROM = 80.0
"""End of the scale [per cent of the width]: a range is written to the right of its box."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRange:
    """Where an option's final share could end.

    Args:
        option: The option.
        low, high: 9 in 10 (0 to 1).
        inner: 5 in 10, low and high (0 to 1).
        result: The certified share (0 to 1), None before.
    """

    option: Option
    low: float
    high: float
    inner: tuple[float, float]
    result: float | None = None

    @property
    def hit(self) -> bool:
        """Whether the result lies within the 9-in-10 range."""
        return self.result is not None and self.low <= self.result <= self.high

    @property
    def inner_hit(self) -> bool:
        """Whether the result lies within the 5-in-10 range."""
        return self.result is not None and self.inner[0] <= self.result <= self.inner[1]


def stated_look(page: ContestPage) -> ContestView | None:
    """Return the look whose ranges are shown: this one, or after certification the last one before it that gave any."""
    looks = [look for look in page.looks if not is_certified(look)] if is_certified(page.view) else [page.view]
    return next((look for look in reversed(looks) if any(line.share_inner for line in look.options)), None)


def stated_ranges(page: ContestPage) -> tuple[StatedRange, ...]:
    """Return the ranges of the first options by votes, beside the certified shares if there are any; none without a projection."""
    look = stated_look(page)
    if look is None:
        return ()
    results = {line.option.id: line.share for line in page.view.options} if is_certified(page.view) else {}
    made = (_range(line, results.get(line.option.id)) for line in look.options if line.option.is_person)
    return tuple(one for one in made if one)[:SHOWN]


def _range(line: OptionLine, result: float | None) -> StatedRange | None:
    if line.share_low is None or line.share_high is None or line.share_inner is None:
        return None
    return StatedRange(option=line.option, low=line.share_low, high=line.share_high, inner=line.share_inner, result=result)


def range_chart(page: ContestPage, t: Words) -> Markup:
    """Draw each range: a box as likely to hold the final share as not, inside a dashed one that holds it 9 times in 10. No middle."""
    ranges = stated_ranges(page)
    scale = Scale(0, top_of(max(max(one.high, one.result or 0.0) for one in ranges), 0.05), 0, WORDS_FROM)
    bottom = 8 + ROW * len(ranges)
    pieces = [_tick(scale(value), value, bottom, t) for value in ticks(0, scale.high)]
    for number, one in enumerate(ranges):
        pieces += _row(page, one, 26 + ROW * number, scale, t)
    label = (
        t("Certified shares beside the ranges stated before; the same numbers are in the table that follows.")
        if any(one.result is not None for one in ranges)
        else t("Projected ranges of the final shares; the same numbers are in the table that follows.")
    )
    return chart(bottom + 22, label, pieces)


def _tick(x: float, value: float, bottom: float, t: Words) -> str:
    return upright(x, 8, bottom, "axis") + text(x, bottom + 18, t.percent(value, 0), "s", anchor="middle" if x else "")


def _row(page: ContestPage, one: StatedRange, y: float, scale: Scale, t: Words) -> list[str]:
    letter = LETTERS[page.mark(one.option.id)]
    low, high, inner = scale(one.low), scale(one.high), [scale(share) for share in one.inner]
    words_at = scale(max(one.high, one.result or 0.0))
    pieces = [
        text(0, y, cut(one.option.name, 34), "bold halo2"),
        box(low, y + 9, high - low, 18, f'rx="9" class="fp{letter} half"'),
        box(low, y + 9, high - low, 18, f'rx="9" class="fnone s{letter} dash"'),
        box(inner[0], y + 9, inner[1] - inner[0], 18, f'class="fp{letter}"'),
        box(inner[0], y + 9, inner[1] - inner[0], 18, f'class="fnone s{letter}" stroke-width="1.5"'),
        text(words_at, y + 23, whole_range(one.low, one.high, t), "halo2", dx=7),
    ]
    return pieces if one.result is None else [*pieces, upright(scale(one.result), y + 4, y + 32, "ink", 3)]


def whole_range(low: float, high: float, t: Words) -> str:
    """Write a range in whole per cents, as a projection is always written."""
    return f"{t.number(100 * low)}\N{EN DASH}{t.percent(high, 0)}"
