"""Count by count: shares as the count grew, what each batch was on its own, and the night's shares beside the certified ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from racecall.ledger.diff import Change, difference
from racecall.ledger.records import ContestCount
from racecall.model.contest import Contest
from racecall.model.release import ReportKind, ResultsStatus
from racecall.publish.languages.words import Figures, Words
from racecall.publish.site.charts.svg import Scale, box, chart, cut, line, mark, spread, stroke, text, ticks, top_of, upright
from racecall.publish.site.page import LETTERS, ContestPage, Mark, ReleaseLook, once
from racecall.publish.site.states import is_certified

if TYPE_CHECKING:
    from markupsafe import Markup

POINTS = 24
"""Releases that are drawn and listed; of more, those nearest to equal steps of votes."""
CORRECTIONS = 6
"""Releases that took votes away which are drawn and listed whatever their size."""
BATCHES = 10
"""Batches that are drawn; of more, neighbours are one row."""
NIGHT = timedelta(hours=16)
"""After the polls close, what still counts as the night's count."""
SHOWN = 9
"""Candidates whose night and certified shares are drawn."""
TOP, BOTTOM, LEFT, RIGHT = 14.0, 214.0, 10.0, 88.0
"""Plot of the running shares [pixels; per cent of the width]; right of it is room for the last share."""
HIGH = 256.0
"""Height of the whole chart [pixels]."""
WORDS_FROM = 86.0
"""End of the scale where shares are written to the right of their marks [per cent of the width]."""
ROW = 58
"""Height of a batch's row [pixels]."""


# What is drawn.


@once
def marked(page: ContestPage) -> tuple[str, ...]:
    """Return the options that have a shape and a colour of their own, in the order of the standing."""
    return tuple(line.option.id for line in page.view.options if page.mark(line.option.id) is not Mark.OTHERS)


def thinned(looks: Sequence[ReleaseLook], most: int = POINTS) -> tuple[ReleaseLook, ...]:
    """Return the first release, the last, and those nearest to equal steps of votes between them, `most` in all.

    Releases that took votes away stay as well, each with the one before it, so that a correction is never hidden in a larger batch.
    """
    counted = [look for look in looks if look.count.total]
    if len(counted) <= most:
        return tuple(counted)
    first, last = counted[0].count.total, counted[-1].count.total
    steps = [first + (last - first) * number / (most - 1) for number in range(1, most - 1)]
    kept = {0, len(counted) - 1} | {min(range(len(counted)), key=lambda i: abs(counted[i].count.total - step)) for step in steps}
    fallen = [number for number, look in enumerate(counted) if _fell(look)][:CORRECTIONS]
    return tuple(counted[number] for number in sorted(kept.union(*((max(0, number - 1), number) for number in fallen))))


@once
def listed_releases(page: ContestPage) -> tuple[ReleaseLook, ...]:
    """Return the releases that are drawn and listed."""
    return thinned(page.releases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What was counted between two releases.

    Args:
        look: The later release.
        releases: How many releases it joins.
        change: What it added, option by option.
        shares: Share inside the batch by option id (0 to 1), exact; without options whose votes one of the counts does not give.
        is_correction: Votes were taken away, so that the batch has no composition.
    """

    look: ReleaseLook
    releases: int
    change: Change
    shares: Mapping[str, float]
    is_correction: bool

    @property
    def added(self) -> int:
        """Votes added; negative if the count fell [votes]."""
        return self.change.added


@once
def batches(page: ContestPage) -> tuple[Batch, ...]:
    """Return the batches of a contest, neighbours joined where there are many."""
    kept = thinned(page.releases, BATCHES)
    people = {option.id for option in page.contest.options if option.is_person}
    return tuple(_batch(before, look, people) for before, look in pairwise((None, *kept)) if look)


def _batch(before: ReleaseLook | None, look: ReleaseLook, people: AbstractSet[str]) -> Batch:
    """A sum over others that a later count gives one by one ("All others") is no vote taken away."""
    change = difference(before.count if before else None, look.count)
    added = change.added
    known = {one.option: one.added for one in change.options if before is None or (one.before is not None and one.after is not None)}
    wrong = added <= 0 or any(one.option in people for one in (*change.falls, *change.gone))
    shares = {} if wrong else {option: votes / added for option, votes in known.items()}
    number = look.number - (before.number if before else 0)
    return Batch(look=look, releases=number, change=change, shares=shares, is_correction=wrong)


@once
def falls(page: ContestPage) -> int:
    """Return how many releases took votes away."""
    return sum(map(_fell, page.releases))


def _fell(look: ReleaseLook) -> bool:
    return look.before is not None and look.count.total < look.before.total


def night_count(page: ContestPage) -> ReleaseLook | None:
    """Return the last count of election night: the one the source calls so, else the last within hours of the close of the polls."""
    named = [look for look in page.releases if look.release.status is ResultsStatus.UNOFFICIAL_COMPLETE and look.count.total]
    if named:
        return named[0]
    closed = page.contest.polls_close or page.election.polls_close
    early = [look for look in page.releases if closed and look.release.moment <= closed + NIGHT and look.count.total]
    return early[-1] if early else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PressFigure:
    """Shares that a paper printed of a count that was never published as a release.

    Args:
        at: When.
        votes: All votes, as printed [votes].
        shares: By option id, as printed (0 to 1).
    """

    at: datetime
    votes: int
    shares: Mapping[str, float]


@once
def press_figures(page: ContestPage) -> tuple[PressFigure, ...]:
    """Return shares printed before the first release, where the same source gave their total at the same time."""
    first = page.releases[0].release.moment if page.releases else None
    found: dict[tuple[datetime, str], dict[str, float]] = {}
    for report in page.view.reports:
        if report.kind is ReportKind.FIGURE and first and report.at < first:
            given = found.setdefault((report.at, report.by), {})
            if report.option and report.share is not None:
                given[report.option] = report.share
            elif not report.option and report.votes and report.gain is None:
                given[""] = report.votes
    made = (
        PressFigure(at=at, votes=int(one.pop("")), shares=one) for (at, _), one in sorted(found.items()) if one.get("") and len(one) > 1
    )
    return tuple(made)


# Running shares.


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The running shares without a word.

    Args:
        ground: What lies behind the shares.
        out: The middle of what is still out [per cent of the width]; None where no word has room in it.
        lines: The shares.
        axis: The votes.
    """

    ground: str
    out: float | None
    lines: str
    axis: str


@once
def running_chart(page: ContestPage, t: Words) -> Markup:
    """Draw the shares over the votes counted; what is still out is hatched up to the expected total."""
    drawn = _running(page, t.figures)
    out = text(drawn.out, BOTTOM - 9, t("still out"), "halo", anchor="middle") if drawn.out is not None else ""
    votes = text(LEFT, 252, t("Votes counted →"), "s")
    label = t("Share of each leading candidate as the count grew, by votes counted. The same numbers are in the table that follows.")
    return chart(HIGH, label, [drawn.ground, out, drawn.lines, votes, drawn.axis])


@once
def _running(page: ContestPage, t: Figures) -> Running:
    looks, press, options = listed_releases(page), press_figures(page), marked(page)
    counted = looks[-1].count.total
    likely = page.view.share_counted.likely if page.view.share_counted and page.view.share_counted.likely else 1.0
    most = max(counted / likely, *(look.count.total for look in looks))
    x = Scale(0, most, LEFT, RIGHT)
    top = top_of(max((share for option in options for share in _all_shares(option, looks, press)), default=0.1), 0.1)
    start, end = x(counted), x(most)
    lines = [piece for option in options for piece in _run(page, option, looks, press, x, top)]
    return Running(
        ground="".join([*_levels(top, t), *_still_out(start, end)]),
        out=(start + end) / 2 if end - start > 14 else None,
        lines="".join([*lines, *_last_shares(options, looks[-1].count, x, top, t)]),
        axis="".join(_votes_axis([look.count.total for look in looks], x, t)),
    )


def _share(count: ContestCount, option: str) -> float | None:
    return count.votes[option] / count.total if option in count.votes and count.total else None


def _all_shares(option: str, looks: Sequence[ReleaseLook], press: Sequence[PressFigure]) -> list[float]:
    counted = [share for look in looks if (share := _share(look.count, option)) is not None]
    return counted + [figure.shares[option] for figure in press if option in figure.shares]


def _y(share: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share / top, 1)


def _levels(top: float, t: Figures) -> list[str]:
    pieces = []
    for value in ticks(0, top, 6):
        y = _y(value, top)
        pieces += [line(LEFT, y, 100, y, "grid"), text(0, y + 4, t.percent(value, 0), "s")]
    return pieces


def _still_out(start: float, end: float) -> list[str]:
    if end - start < 0.5:
        return []
    return [box(start, TOP, end - start, BOTTOM - TOP, 'class="fh faint"'), upright(start, TOP, BOTTOM, "axis")]


def _run(page: ContestPage, option: str, looks: Sequence[ReleaseLook], press: Sequence[PressFigure], x: Scale, top: float) -> list[str]:
    kind = page.mark(option)
    colour = f"s{LETTERS[kind]}"
    printed = [(x(figure.votes), _y(figure.shares[option], top)) for figure in press if option in figure.shares]
    counted = [(x(look.count.total), _y(share, top)) for look in looks if (share := _share(look.count, option)) is not None]
    pieces = [line(*a, *b, f"ln {colour} dots") for a, b in pairwise([*printed, *counted[:1]])]
    if len(counted) > 1:
        pieces.append(stroke("M" + " ".join(f"{10 * across:.0f} {y:g}" for across, y in counted), HIGH, f"ln {colour}"))
    pieces += [mark(kind, *point, 4.5, hollow=True) for point in printed]
    return pieces + [mark(kind, *point, 4.5) for point in counted]


def _last_shares(options: Sequence[str], count: ContestCount, x: Scale, top: float, t: Figures) -> list[str]:
    shares = [share for option in options if (share := _share(count, option)) is not None]
    heights = spread([_y(share, top) + 5 for share in shares], 15)
    at = x(count.total)
    return [text(at, height, t.number(100 * share, 1), "bold halo", dx=10) for height, share in zip(heights, shares, strict=True)]


def _votes_axis(totals: Sequence[int], x: Scale, t: Figures) -> list[str]:
    """Write the votes under the last release, and under earlier ones as far as they have room."""
    ordered = sorted(set(totals), reverse=True)
    pieces = [stroke("".join(f"M{10 * x(total):.0f} {BOTTOM:g}v5" for total in ordered), HIGH, "axis")]
    free = 200.0
    for total in ordered:
        if free - x(total) >= 20:
            pieces.append(text(x(total), BOTTOM + 19, t.number(total), "s", anchor="middle"))
            free = x(total)
    return pieces


# Batches.


@once
def batch_chart(page: ContestPage, t: Words) -> Markup:
    """Draw each batch's own shares, one row a batch; batches are never joined by lines, and a correction has words instead of shares."""
    axis, drawn = _batches_drawn(page, t.figures)
    pieces = [axis]
    for number, (row, shares) in enumerate(zip(batches(page), drawn, strict=True)):
        title = t("%(moment)s: %(votes)s", moment=t.short(row.look.release.moment, page.election.zone), votes=batch_words(row, t))
        pieces += [text(0, ROW * number + 16, title, "bold halo"), shares]
        if row.is_correction:
            pieces.append(text(0, ROW * number + 43, t("A correction: no shares"), "s halo"))
    label = t("Shares inside each batch of the count; the same numbers are in the table that follows.")
    return chart(ROW * len(drawn) + 24, label, pieces)


@once
def _batches_drawn(page: ContestPage, t: Figures) -> tuple[str, tuple[str, ...]]:
    """Draw the axis and each batch's shares, without a word."""
    rows, options = batches(page), marked(page)
    top = top_of(max((share for row in rows if not row.is_correction for o in options if (share := row.shares.get(o))), default=0.1), 0.1)
    scale = Scale(0, top, 0, WORDS_FROM)
    bottom = ROW * len(rows) + 2
    return _axis(scale, top, bottom, t), tuple(
        "".join(_batch_row(page, row, options, ROW * number, scale, t)) for number, row in enumerate(rows)
    )


def _axis(scale: Scale, top: float, bottom: float, t: Figures) -> str:
    return "".join(
        upright(scale(value), 0, bottom, "axis")
        + text(scale(value), bottom + 18, t.percent(value, 0), "s", anchor="" if not value else "middle")
        for value in ticks(0, top, 6)
    )


def _batch_row(page: ContestPage, row: Batch, options: Sequence[str], y: float, scale: Scale, t: Figures) -> list[str]:
    pieces = [line(0, y + 38, 100, y + 38, "grid")]
    if row.is_correction:
        return pieces
    drawn = sorted((row.shares[option], option) for option in options if 0 <= row.shares.get(option, -1) <= 1)
    for number, (share, option) in enumerate(drawn):
        pieces.append(mark(page.mark(option), scale(share), y + 38))
        if _has_room(number, drawn, scale):
            left = number == 0 and scale(share) > 10
            pieces.append(
                text(scale(share), y + 43, t.number(100 * share, 1), "halo", anchor="end" if left else "", dx=-10 if left else 10)
            )
    return pieces


def _has_room(number: int, drawn: Sequence[tuple[float, str]], scale: Scale) -> bool:
    """The lowest share is written on its left, others on their right, if the next mark leaves room; the table has them all."""
    following = drawn[number + 1][0] if number + 1 < len(drawn) and number else None
    return following is None or scale(following) - scale(drawn[number][0]) > 15


def batch_words(row: Batch, t: Words) -> str:
    """Say how many votes a batch added or took away, and of how many releases it is made."""
    if row.added < 0:
        votes = t.plural("%(num)s vote fewer", "%(num)s votes fewer", -row.added)
    else:
        votes = t.plural("%(num)s vote", "%(num)s votes", row.added)
    return votes if row.releases < 2 else t("%(votes)s in %(releases)s releases", votes=votes, releases=t.number(row.releases))


# The tables.


def release_rows(page: ContestPage, t: Words) -> tuple[tuple[ReleaseLook, str, str, tuple[str, ...]], ...]:
    """Return the releases that are listed, the newest first: votes, votes added, and the share of each marked option, as written."""
    return tuple((look, votes, added, _held(shares, t)) for look, votes, added, shares in _release_rows(page, t.figures))


@once
def _release_rows(page: ContestPage, t: Figures) -> tuple[tuple[ReleaseLook, str, str, tuple[str, ...]], ...]:
    return tuple(
        (
            look,
            t.number(look.count.total),
            t.signed(look.count.total - look.before.total if look.before else None, 0),
            tuple(_written(_share(look.count, option), t) for option in marked(page)),
        )
        for look in reversed(listed_releases(page))
    )


def batch_rows(page: ContestPage, t: Words) -> tuple[tuple[Batch, str, tuple[str, ...]], ...]:
    """Return the batches: votes, and the share of each marked option, as written."""
    return tuple((row, votes, _held(shares, t)) for row, votes, shares in _batch_rows(page, t.figures))


@once
def _batch_rows(page: ContestPage, t: Figures) -> tuple[tuple[Batch, str, tuple[str, ...]], ...]:
    return tuple((row, t.number(row.added), tuple(_written(row.shares.get(option), t) for option in marked(page))) for row in batches(page))


def _written(share: float | None, t: Figures) -> str:
    return "" if share is None else t.percent(share)


def _held(shares: tuple[str, ...], t: Words) -> tuple[str, ...]:
    """Say in words that a count does not give an option's votes."""
    return shares if all(shares) else tuple(share or t("not held") for share in shares)


# From the night to the certified count.


def night_chart(page: ContestPage, t: Words) -> Markup:
    """Draw each candidate's share on the night (open circle) and certified (solid mark)."""
    rows = night_rows(page)
    top = top_of(max(max(before, after) for _, before, after in rows), 0.1)
    scale, bottom = Scale(0, top, 0, WORDS_FROM), 8 + 44 * len(rows)
    pieces = [_axis(scale, top, bottom, t.figures)]
    for number, (option, before, after) in enumerate(rows):
        pieces += _night_row(page, option, before, after, 44 * number, scale, t)
    return chart(bottom + 22, t("Shares on election night and certified; the same numbers are in the table that follows."), pieces)


def night_rows(page: ContestPage) -> tuple[tuple[str, float, float], ...]:
    """Return option id, share on the night and certified share of the first candidates; none before certification, or without a night."""
    night = night_count(page) if is_certified(page.view) and len(page.releases) > 1 else None
    if night is None or night.number == page.releases[-1].number:
        return ()
    people = [line for line in page.view.options if line.option.is_person and line.share is not None]
    pairs = ((line.option.id, _share(night.count, line.option.id), line.share) for line in people)
    return tuple((option, before, after) for option, before, after in pairs if before is not None and after is not None)[:SHOWN]


def _night_row(page: ContestPage, option: str, before: float, after: float, y: float, scale: Scale, t: Words) -> list[str]:
    kind, ends = page.mark(option), sorted((scale(before), scale(after)))
    words = t("%(before)s → %(after)s", before=t.number(100 * before, 1), after=t.number(100 * after, 1))
    left = ends[1] > 68
    return [
        text(0, y + 14, cut(_name(page.contest, option), 34), "bold halo"),
        line(ends[0], y + 30, ends[1], y + 30, f"s{LETTERS[kind]}", 2.5),
        f'<svg x="{scale(before):.1f}%" y="{y + 30:g}"><circle r="5" class="s{LETTERS[kind]} fpaper" stroke-width="2"/></svg>',
        mark(kind, scale(after), y + 30, 5),
        text(ends[0] if left else ends[1], y + 35, words, "halo", anchor="end" if left else "", dx=-11 if left else 11),
    ]


def _name(contest: Contest, option: str) -> str:
    return contest.name_of(option)
