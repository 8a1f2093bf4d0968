"""Counted and still out: one bar in ballots. Solid is counted, hatched is what an office said, dotted is our estimate beyond it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from racecall.publish.site.counting import Bar, counting_bar

if TYPE_CHECKING:
    from racecall.publish.languages.words import Words
    from racecall.publish.site.page import ContestPage

TOP, HEIGHT = 26, 36
"""Where the bar lies and how tall it is [px]."""
SLIM = 22
"""How tall it is in a widget [px]."""

BOX = 'x="{x:.2f}%" y="{y}" width="{w:.2f}%" height="{h}"'
FILLS = {
    "counted": f'<rect {BOX} class="fdone"/>',
    "official": f'<rect {BOX} fill="url(#h)"/><rect {BOX} fill="none" class="ink" stroke-width="1.5"/>',
    "estimate": f'<rect {BOX} fill="url(#d)"/><rect {BOX} fill="none" class="ink" stroke-dasharray="3 3"/>',
}
SWATCHES = {
    "counted": '<rect width="22" height="16" class="fdone"/>',
    "official": '<rect width="22" height="16" fill="url(#h)"/><rect width="22" height="16" fill="none" class="ink" stroke-width="1.5"/>',
    "estimate": '<rect width="22" height="16" fill="url(#d)"/>'
    '<rect x=".5" y=".5" width="21" height="15" fill="none" class="ink" stroke-dasharray="3 3"/>',
}


def counted_bar(page: ContestPage, t: Words) -> Markup:
    """Draw the bar; nothing where it is not known what is left."""
    bar = counting_bar(page, t)
    if bar is None or not bar.total:
        return Markup()
    drawn = _pieces(bar, TOP, HEIGHT)
    height = 64 if bar.full_precincts is None else 100
    return Markup(  # noqa: S704 - every value in it is a number or escaped
        f'<svg class="chart wide" width="100%" height="{height}" role="img" aria-label="{escape(_said(bar, t))}">'
        f"{drawn}{_labels(bar, t)}{_precincts(bar, t)}</svg>"
    )


def slim_bar(page: ContestPage, t: Words) -> Markup:
    """Draw the bar without a word on it, for a widget; nothing where it is not known what is left."""
    bar = counting_bar(page, t)
    if bar is None or not bar.total:
        return Markup()
    return Markup(  # noqa: S704 - every value in it is a number or escaped
        f'<svg width="100%" height="{SLIM}" role="img" aria-label="{escape(_said(bar, t))}">{_pieces(bar, 0, SLIM)}</svg>'
    )


def _pieces(bar: Bar, y: int, height: int) -> str:
    starts = (0.0, *accumulate(100 * piece.ballots / bar.total for piece in bar.pieces))
    return "".join(
        FILLS[piece.kind].format(x=x, y=y, w=100 * piece.ballots / bar.total, h=height)
        for piece, x in zip(bar.pieces, starts, strict=False)
    )


def swatch(kind: str, _: Words) -> Markup:
    """Draw the sign of a piece for the list under the bar."""
    return Markup(f'<svg width="22" height="16" aria-hidden="true">{SWATCHES[kind]}</svg>')  # noqa: S704 - constants


def _said(bar: Bar, t: Words) -> str:
    counted, official, more = (t.number(round(bar.sum(kind))) for kind in ("counted", "official", "estimate"))
    if not bar.sum("estimate"):
        return t("Counted: about %(counted)s ballots. Still out, officially: %(official)s.", counted=counted, official=official)
    return t(
        "Counted: about %(counted)s ballots. Still out, officially: %(official)s. By our estimate up to %(more)s more.",
        counted=counted,
        official=official,
        more=more,
    )


def _labels(bar: Bar, t: Words) -> str:
    out = 100 * bar.sum("counted") / bar.total
    made = f'<text x="0" y="17" class="bold">{escape(t("Counted"))}</text>' if out > 20 else ""
    official = bar.sum("official")
    if official:
        made += f'<text x="{min(out, 75):.2f}%" y="17" class="bold" dx="2">{escape(t("Still out"))}</text>'
    if bar.sum("estimate") and out < 50:  # beyond that the words would meet on a telephone; the list under the bar has them
        made += f'<text x="100%" y="17" text-anchor="end" class="s">{escape(t("maybe more") if official else t("our estimate"))}</text>'
    return made


def _precincts(bar: Bar, t: Words) -> str:
    """Mark where all precincts had reported, so that nobody takes it for the end."""
    if bar.full_precincts is None:
        return ""
    x = 100 * bar.full_precincts / bar.total
    side = 'text-anchor="end" dx="-6"' if x > 50 else 'dx="6"'
    return (
        f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="62" y2="84" class="ink" stroke-width="1.5"/>'
        f'<text x="{x:.2f}%" y="80" {side}>{escape(t("“100% of precincts”"))}</text>'
        f'<text x="{x:.2f}%" y="96" {side} class="s">{escape(t("was reached here"))}</text>'
    )
