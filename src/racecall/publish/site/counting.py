"""What is counted and what is still out, as pieces of one bar: official figures and estimates apart, always in ballots."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from racecall.calls.view import ContestView
from racecall.ledger.records import ContestCount
from racecall.model.counts import BallotKind
from racecall.outstanding.inventory import InventoryLine
from racecall.publish.languages.words import Words
from racecall.publish.site.page import ContestPage, once
from racecall.publish.site.speech import english
from racecall.publish.site.states import is_certified

CATEGORIES: Mapping[str, Callable[[Words], str]] = {
    "counted_without_votes": lambda t: t("counted, votes not published yet"),
    "total": lambda t: t("still out"),
    "mail": lambda t: t("mail"),
    "provisional": lambda t: t("provisional"),
    "conditional": lambda t: t("same-day registration"),
    "other": lambda t: t("other"),
}
"""Kinds of ballots that are still out."""

NOTES: Mapping[str, Callable[[Words], str]] = {
    "no count has been published": lambda t: t("No count has been published."),
    "no statement of ballots outstanding is recorded": lambda t: t("The office has not said how many ballots are still out."),
    "the county's figure cannot be split": lambda t: t("The county has given one figure for all contests, and it cannot be split."),
}
"""Why nothing can be said of what is left (`Inventory.note`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One part of the bar.

    Args:
        kind: ``counted``, ``official`` or ``estimate``.
        ballots: How many it is drawn as [ballots].
        figure: The figure as it is written.
        label: What the ballots are.
        source: Who said it; "" for the count itself.
        stated_at: When it was said.
    """

    kind: str
    ballots: float
    figure: str
    label: str
    source: str = ""
    stated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Everything that the bar shows.

    Args:
        pieces: Its parts from the left.
        full_precincts: Where it stood when all precincts had reported [ballots]; None if that is not known, or has not happened.
    """

    pieces: tuple[Piece, ...]
    full_precincts: float | None

    @property
    def total(self) -> float:
        """What the whole bar stands for [ballots]."""
        return sum(piece.ballots for piece in self.pieces)

    def sum(self, kind: str) -> float:
        """Return the ballots of one kind of piece [ballots]."""
        return sum(piece.ballots for piece in self.pieces if piece.kind == kind)


@once
def counting_bar(page: ContestPage, t: Words) -> Bar | None:
    """Return the bar of a contest; None where nothing is known of what is left, or nothing is left."""
    view = page.view
    if view.inventory.likely is None or not view.votes_counted or is_certified(view):
        return None
    pieces = (_counted(page, t), *_outstanding(view, t))
    return Bar(pieces=pieces, full_precincts=_full_precincts(page))


def count_of(view: ContestView) -> ContestCount | None:
    """Return the contest's count in the current release."""
    return view.release.contests.get(view.contest.id) if view.release else None


def _counted(page: ContestPage, t: Words) -> Piece:
    view, count = page.view, count_of(page.view)
    given = count.ballots.get(BallotKind.CAST) if count else None
    ballots = given if given is not None else view.votes_counted / view.inventory.votes_per_ballot
    if given is None:
        return Piece(
            kind="counted",
            ballots=ballots,
            figure=t.number(view.votes_counted),
            label=t.plural(
                "vote counted; the ballots behind it were not given",
                "votes counted; the ballots behind them were not given",
                view.votes_counted,
            ),
        )
    return Piece(
        kind="counted",
        ballots=ballots,
        figure=t.number(given),
        label=t("ballots counted, with %(votes)s votes in this contest", votes=t.number(view.votes_counted)),
    )


def _outstanding(view: ContestView, t: Words) -> Iterator[Piece]:
    for line in view.inventory.lines:
        if line.category != "estimate" and line.likely:
            yield _line(line, t)
    more = (view.inventory.high or 0) - (view.inventory.likely or 0)
    fewer = (view.inventory.likely or 0) - (view.inventory.low or 0)
    if more > 0:
        yield Piece(kind="estimate", ballots=more, figure=t("up to %(num)s", num=t.number(more)), label=_estimate(fewer, t))


def _estimate(fewer: int, t: Words) -> str:
    if fewer <= 0:
        return t("more, our estimate: such figures have run low before")
    return t("more, or up to %(num)s fewer, our estimate: such figures have been wrong by that much", num=t.number(fewer))


def _line(line: InventoryLine, t: Words) -> Piece:
    label = CATEGORIES.get(line.category, CATEGORIES["other"])(t)
    official = t("%(kind)s, official", kind=label) if line.official else t("%(kind)s, our share of an official figure", kind=label)
    return Piece(
        kind="official" if line.official else "estimate",
        ballots=line.likely,
        figure=t.number(line.likely),
        label=official,
        source=line.source,
        stated_at=line.stated_at,
    )


def _full_precincts(page: ContestPage) -> float | None:
    """Return the ballots that were counted when the last precinct first reported."""
    for look in page.releases:
        count = look.count
        if count.units_total and count.units_reported == count.units_total and count.total:
            return count.total / page.view.inventory.votes_per_ballot
    return None


def precincts(view: ContestView, t: Words) -> str:
    """Say how many precincts have reported, and what that does not mean; "" if the source does not say, or all is counted."""
    reported, total = view.units_reported, view.units_total
    if reported is None or total is None or is_certified(view):
        return ""
    if reported == total:
        return t(
            "All %(total)s precincts have reported. That is not a measure of progress: it says nothing of mail and provisional ballots.",
            total=t.number(total),
        )
    return t(
        "%(num)s of %(total)s precincts have reported. That is not a measure of progress.", num=t.number(reported), total=t.number(total)
    )


def headline(view: ContestView, t: Words) -> str:
    """Say in a heading how much is counted."""
    if is_certified(view):
        return t("All ballots are counted")
    if view.release is None or not view.votes_counted:
        return t("Nothing is counted yet")
    if view.share_counted is None:
        return t("How much is counted cannot be said yet")
    return t("About %(share)s of ballots are counted", share=t.percent(view.share_counted.likely, 0))


def certainty(view: ContestView, t: Words) -> str:
    """Say how sure the share counted is, or why there is none."""
    counted = view.share_counted
    if is_certified(view) or view.release is None:
        return ""
    if counted is None:
        known = NOTES.get(view.inventory.note)
        return known(t) if known else english(view.inventory.note, t)
    low, high = t.percent(counted.low, 0), t.percent(counted.high, 0)
    return t("Counted: about %(share)s, somewhere from %(low)s to %(high)s.", share=t.percent(counted.likely, 0), low=low, high=high)


def roll(view: ContestView, t: Words) -> str:
    """Say how many ballots were cast and by how many of those registered, where the count gives it."""
    count = count_of(view)
    cast = count.ballots.get(BallotKind.CAST) if count else None
    registered = count.ballots.get(BallotKind.REGISTERED) if count else None
    if cast is None:
        return ""
    if not registered:
        return t("%(ballots)s ballots were cast.", ballots=t.number(cast))
    return t(
        "%(ballots)s ballots were cast, %(share)s of %(registered)s registered.",
        ballots=t.number(cast),
        share=t.percent(cast / registered),
        registered=t.number(registered),
    )


def out_sentence(page: ContestPage, t: Words) -> str:
    """Say in one sentence how many ballots are still out, by whose figure; "" where nobody knows, or none are."""
    bar = counting_bar(page, t)
    if bar is None:
        return ""
    official, more = bar.sum("official"), bar.sum("estimate")
    if official:
        return t("%(ballots)s are still out, by the office's figure.", ballots=t.number(round(official)))
    return t("About %(ballots)s are still out, by our estimate.", ballots=t.number(round(more))) if more else ""
