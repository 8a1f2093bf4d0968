"""The standing as a table's rows: who, how many votes, how long the bar, and the line after the last who goes through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor

from racecall.calls.view import ContestView, OptionLine
from racecall.model.contest import Option
from racecall.model.outcome import RecountTrigger
from racecall.publish.languages.words import Words
from racecall.publish.site.deck import night
from racecall.publish.site.page import LETTERS, ContestPage
from racecall.publish.site.speech import goal, name, points, share
from racecall.publish.site.states import is_certified

OPEN_ROWS = 6
"""Rows that are open; the tail lies in a `<details>`, and never cuts above the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One option in the table.

    Args:
        option: The option.
        letter: Letter of its shape and colour.
        hatched: Whether it is a sum over several, drawn hatched.
        through: Whether it stands above the line.
        share, votes: As written; votes that are not given read "not held".
        change: Points since election night, as written; None where that is not shown.
        width: Length of the bar, in per cent of the scale; None without a share.
    """

    option: Option
    letter: str
    hatched: bool
    through: bool
    share: str
    votes: str
    change: str | None
    width: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The standing.

    Args:
        rows: Open rows.
        tail: Rows in the `<details>`.
        line: After how many rows the line lies, 0 for none.
        cut: What the line says.
        tail_share: Share of all votes that the tail has together, as written.
        has_change: Whether the change since election night is shown.
    """

    rows: tuple[Row, ...]
    tail: tuple[Row, ...]
    line: int
    cut: str
    tail_share: str
    has_change: bool


def standing_table(page: ContestPage, t: Words) -> Table:
    """Return the standing of a contest, as the page shows it."""
    view = page.view
    through = _through(view)
    scale = _scale(view.options)
    then = night(page) if is_certified(view) else None
    before = {line.option.id: line.share for line in then.options} if then else {}
    near = _neighbours(view.options)
    made = tuple(
        Row(
            option=line.option,
            letter=LETTERS[page.mark(line.option.id)],
            hatched=not line.option.is_person,
            through=line.option.id in through,
            share=share(line.share, t, near.get(line.option.id)),
            votes=t.number(line.votes) if line.votes is not None else t("not held"),
            change=_change(line, before, t) if then else None,
            width=None if line.share is None else 100 * line.share / scale,
        )
        for line in view.options
    )
    line = max((at for at, row in enumerate(made, 1) if row.through), default=0)
    end = len(made) if len(made) <= OPEN_ROWS + 1 else max(OPEN_ROWS, line + 2)
    tail = [one.share for one in view.options[end:] if one.share is not None]
    return Table(
        rows=made[:end],
        tail=made[end:],
        line=line if line < len(made) else 0,
        cut=cut_sentence(page, t),
        tail_share=t.percent(sum(tail)) if tail else "",
        has_change=then is not None,
    )


def _through(view: ContestView) -> frozenset[str]:
    """Whoever holds a place, once anybody has votes."""
    return frozenset(slot.option.id for slot in view.slots if slot.option) if view.votes_counted else frozenset()


def _scale(options: tuple[OptionLine, ...]) -> float:
    """Return the share at the end of the scale: the next five points above the leader's."""
    leader = max((line.share for line in options if line.share is not None), default=0.0)
    return min(1.0, (floor(20 * leader) + 1) / 20)


def _neighbours(options: tuple[OptionLine, ...]) -> Mapping[str, float | None]:
    """Return the share of whoever stands next to an option and nearest to it, so that equal-looking shares are written apart."""
    shares = [line.share for line in options]
    found: dict[str, float | None] = {}
    for line, above, below in zip(options, [None, *shares[:-1]], [*shares[1:], None], strict=True):
        beside = [one for one in (above, below) if one is not None and line.share is not None and one != line.share]
        close = [one for one in beside if line.share is not None and f"{one:.3f}" == f"{line.share:.3f}"]
        found[line.option.id] = close[0] if close else None
    return found


def _change(line: OptionLine, before: Mapping[str, float | None], t: Words) -> str:
    then = before.get(line.option.id)
    # Rounded first: a change of −0.02 points is written 0.0 and has no sign.
    return t.signed(None if then is None or line.share is None else round(100 * (line.share - then), 1) or 0.0)


# -- the line ------------------------------------------------------------------------------------------------------------------------

MEANS: Mapping[str, Callable[[Words, int], str]] = {
    "advance": lambda t, n: t.plural("The highest goes on.", "The %(num)s highest go on.", n),
    "elect": lambda t, n: t.plural("The highest is elected.", "The %(num)s highest are elected.", n),
    "measure": lambda t, _: t("More than half of the votes decide."),
}
MEANT: Mapping[str, Callable[[Words, int], str]] = {
    "advance": lambda t, n: t.plural("The highest went on.", "The %(num)s highest went on.", n),
    "elect": lambda t, n: t.plural("The highest was elected.", "The %(num)s highest were elected.", n),
    "measure": lambda t, _: t("More than half of the votes decided."),
}


def cut_sentence(page: ContestPage, t: Words) -> str:
    """Say what the line after the last place means and how wide the gap at it is."""
    view = page.view
    means = (MEANT if is_certified(view) else MEANS)[goal(page)](t, len(view.slots))
    gap = _gap(page, t)
    return t("%(means)s %(gap)s", means=means, gap=gap) if gap else means


def _gap(page: ContestPage, t: Words) -> str:
    view, votes = page.view, {line.option.id: line.votes for line in page.view.options if line.option.can_advance}
    held = [slot.option for slot in view.slots if slot.option and votes.get(slot.option.id) is not None]
    outside = [line for line in view.options if line.option.can_advance and line.votes is not None and line.option not in held]
    if not held or not outside or not view.votes_counted:
        return ""
    last = min(held, key=lambda option: votes[option.id] or 0)
    margin = (votes[last.id] or 0) - (outside[0].votes or 0)
    who, rival = name(last, t), name(outside[0].option, t)
    if margin <= 0:
        return t("%(who)s and %(rival)s are level.", who=who, rival=rival)
    return t.plural(
        "%(who)s is %(num)s vote (%(points)s points) ahead of %(rival)s.",
        "%(who)s is %(num)s votes (%(points)s points) ahead of %(rival)s.",
        margin,
        who=who,
        rival=rival,
        points=points(margin, view, t),
    )


# -- what the margin sets in motion --------------------------------------------------------------------------------------------------

RECOUNTS: Mapping[str, Callable[[Words, str, str], str]] = {
    "automatic": lambda t, margin, limit: t(
        "A margin of %(margin)s votes (limit %(limit)s) brings a recount by law.", margin=margin, limit=limit
    ),
    "discretionary": lambda t, margin, limit: t(
        "At a margin of %(margin)s votes (limit %(limit)s) the office may order a recount.", margin=margin, limit=limit
    ),
    "request": lambda t, margin, limit: t(
        "At a margin of %(margin)s votes (limit %(limit)s) a recount may be asked for.", margin=margin, limit=limit
    ),
}


def recount(trigger: RecountTrigger, t: Words) -> str:
    """Say what the law says of a recount at this margin, were the count final."""
    return RECOUNTS.get(trigger.kind, RECOUNTS["request"])(t, t.number(trigger.margin_votes), trigger.limit_votes)
