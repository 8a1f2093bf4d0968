"""What it would take: how far a rival trails among the ballots counted, and by how much it must win those still out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from markupsafe import Markup

from racecall.calls.arithmetic import PairBreak
from racecall.publish.languages.words import Words
from racecall.publish.site.charts.svg import Scale, chart, cut, line, outline, text, ticks, upright
from racecall.publish.site.page import LETTERS, ContestPage
from racecall.publish.site.speech import plain_name
from racecall.publish.site.states import is_certified

FROM, TO = 30.0, 70.0
"""Where "so far" and "needed" stand [per cent of the width]: apart enough for their words at 300 pixels."""
END = 97.0
"""Beyond it a tick's figure would leave the page at 320 pixels [per cent of the width]."""
LISTED = 6
"""Pairs that the table lists, closest first."""


class BreakKind(StrEnum):
    """What can be said of the pair at the line."""

    NONE = "none"
    """Nobody is outside, or nothing is counted: no section."""
    AFTER = "after"
    """Certified: what had been needed, beside what came."""
    NEVER = "never"
    """Whatever the ballots still out say, it cannot be undone."""
    TOO_FEW = "too_few"
    """It would take more ballots than are likely out."""
    UNKNOWN = "unknown"
    """How many ballots are out is not known."""
    LEVEL = "level"
    """Equal votes."""
    OPEN = "open"
    """The break can be said and drawn."""


def break_kind(page: ContestPage) -> BreakKind:
    """Say what can be said of the pair at the line."""
    view = page.view
    if not view.pairs or not view.votes_counted:
        return BreakKind.NONE
    if is_certified(view):
        return BreakKind.AFTER if breaks_came(page) else BreakKind.NONE
    return _open_kind(view.pairs[0])


def _open_kind(pair: PairBreak) -> BreakKind:
    if pair.cannot_happen:
        return BreakKind.NEVER
    if pair.margin_votes == 0:
        return BreakKind.LEVEL
    if pair.points is None:
        return BreakKind.UNKNOWN
    return BreakKind.TOO_FEW if pair.points > 100 else BreakKind.OPEN


def listed_pairs(page: ContestPage) -> tuple[PairBreak, ...]:
    """Return the pairs across the line that a table lists, closest first."""
    return page.view.pairs[:LISTED]


def break_chart(page: ContestPage, t: Words) -> Markup:
    """Draw the closest pair's required break: so far, needed, the turn between them, and the reach of the figures for ballots out."""
    pair = page.view.pairs[0]
    if pair.points is None:
        return Markup()
    scale = _scale(pair.observed_points, pair.points)
    holder, rival = cut(page.contest.name_of(pair.holder)), cut(page.contest.name_of(pair.rival))
    return chart(
        188,
        t(
            "Among the ballots counted so far %(rival)s trails %(holder)s by %(behind)s points. Of those still out %(rival)s would have to "
            "win by %(needed)s points more than %(holder)s, a turn of %(turn)s points.",
            **_words(page, pair, t),
        ),
        [
            *_axis(scale, t),
            text(0, 167, t("← %(name)s ahead, points", name=holder), "s"),
            text(100, 184, t("%(name)s ahead, points →", name=rival), "s", anchor="end"),
            *_so_far(pair, scale, t),
            *_tail(page, pair, scale),
            *_needed(page, pair, scale, t),
            *_turn(pair, scale, t),
        ],
    )


def _words(page: ContestPage, pair: PairBreak, t: Words) -> dict[str, str]:
    needed = pair.points or 0.0
    return {
        "holder": plain_name(page.contest.option(pair.holder), t),
        "rival": plain_name(page.contest.option(pair.rival), t),
        "behind": t.number(-pair.observed_points, 1),
        "needed": t.number(needed, 1),
        "turn": t.number(needed - pair.observed_points, 1),
    }


def _scale(observed: float, needed: float) -> Scale:
    """Put "so far" and "needed" where their words have room; "even" is between them, because a rival that trails has to win."""
    turn = needed - observed
    per_point = (TO - FROM) / turn
    return Scale(low=observed - FROM / per_point, high=needed + (100 - TO) / per_point)


def _axis(scale: Scale, t: Words) -> list[str]:
    made = []
    for value in ticks(max(scale.low, -100), min(scale.high, 100), 6):
        x, even = scale(value), abs(value) < 1e-9
        if x > END:
            continue
        made += [
            upright(x, 48, 132, "ink" if even else "axis"),
            text(x, 148, t("even") if even else _plain(value, t), "s", anchor="middle"),
        ]
    return made


def _plain(value: float, t: Words) -> str:
    return t.number(abs(value), 0 if abs(value) >= 1 and value == round(value) else 1)


def _so_far(pair: PairBreak, scale: Scale, t: Words) -> list[str]:
    x = scale(pair.observed_points)
    return [
        upright(x, 48, 94, "ink", 3),
        text(x, 20, t("%(points)s behind", points=t.number(-pair.observed_points, 1)), "bold", anchor="middle"),
        text(x, 37, t("counted so far"), "s", anchor="middle"),
    ]


def _tail(page: ContestPage, pair: PairBreak, scale: Scale) -> list[str]:
    """Where the diamond would stand with the high and the low figure for ballots still out."""
    if pair.points_low is None or pair.points_high is None:
        return []
    stroke = f"s{LETTERS[page.mark(pair.rival)]}"
    low, high = scale(pair.points_low), scale(min(pair.points_high, 100))
    return [line(low, 71, high, 71, stroke, 2), upright(low, 65, 77, stroke, 2), upright(high, 65, 77, stroke, 2)]


def _needed(page: ContestPage, pair: PairBreak, scale: Scale, t: Words) -> list[str]:
    x, kind = scale(pair.points or 0.0), page.mark(pair.rival)
    return [
        f'<svg x="{x:.1f}%" y="71"><path d="{outline(kind, 9)}" class="f{LETTERS[kind]}"/></svg>',
        text(x, 20, t("%(points)s ahead", points=t.number(pair.points, 1)), "bold", anchor="middle"),
        text(x, 37, t("needed from the rest"), "s", anchor="middle"),
    ]


def _turn(pair: PairBreak, scale: Scale, t: Words) -> list[str]:
    start, end = scale(pair.observed_points), scale(pair.points or 0.0)
    words = t("a turn of %(points)s points", points=t.number((pair.points or 0.0) - pair.observed_points, 1))
    return [
        line(start, 108, end, 108, "ink", 1.5),
        upright(start, 102, 114, "ink", 1.5),
        f'<svg x="{end:.1f}%" y="108"><path d="M0 0l-9-5v10z" class="fink"/></svg>',
        text((start + end) / 2, 126, words, "halo far", anchor="middle"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakCame:
    """A break that had been stated, and what the ballots then said.

    Args:
        pair: As stated.
        came: Rival minus holder among the votes counted afterwards [points of them].
    """

    pair: PairBreak
    came: float


def breaks_came(page: ContestPage) -> tuple[BreakCame, ...]:
    """Return the breaks stated last before the certified count, each beside what the votes counted after it said."""
    stated = next(
        (look for look in reversed(page.looks) if not is_certified(look) and look.pairs and look.pairs[0].points is not None), None
    )
    if stated is None:
        return ()
    then = {line.option.id: line.votes for line in stated.options}
    now = {line.option.id: line.votes for line in page.view.options}
    late = page.view.votes_counted - stated.votes_counted
    made = []
    for pair in stated.pairs[:LISTED]:
        known = [votes.get(option) for votes in (now, then) for option in (pair.rival, pair.holder)]
        if late > 0 and None not in known:
            rival, holder, rival_then, holder_then = (votes or 0 for votes in known)
            made.append(BreakCame(pair=pair, came=100 * ((rival - rival_then) - (holder - holder_then)) / late))
    return tuple(made)
