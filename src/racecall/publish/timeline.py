"""The count as it became known: one line a moment, what came in and what it meant for the places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from racecall.calls.view import ContestView, View
from racecall.model.contest import Election
from racecall.model.counts import BallotKind
from racecall.model.release import Report, ReportKind
from racecall.publish import words
from racecall.publish.terminal import rehearsal_line

COLUMNS = 3
"""Options that get a column of their own: those nearest the cut at the end."""


def election_timeline(views: Sequence[View], election: Election) -> RenderableType:
    """Return the whole count: a table a contest where there are few, else one line a moment over all of them."""
    ids = list(dict.fromkeys(contest.contest.id for view in views for contest in view.contests))
    if not ids:
        return Text("Nothing has been published yet.")
    above = rehearsal_line(views[-1])
    if len(ids) > 3:
        return Group(*above, _many(views, election))
    parts: list[RenderableType] = [*above]
    for id_ in ids:
        looks = [contest for view in views for contest in view.contests if contest.contest.id == id_]
        parts += [Text(looks[-1].contest.title, style="bold"), "", contest_timeline(looks, election), ""]
    return Group(*parts)


def contest_timeline(looks: Sequence[ContestView], election: Election) -> RenderableType:
    """Return one contest's moments as a table: what came in, votes, share counted, the leaders, the break the first one out needs."""
    followed = _followed(looks[-1])
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("What became known", ratio=1)
    for name in ("Votes", "Counted", "To come", *(_surname(looks[-1], option) for option in followed), "Needs"):
        table.add_column(name, justify="right", no_wrap=True)
    for before, look in zip((None, *looks), looks, strict=False):
        table.add_row(*_moment_row(before, look, followed, election))
    return table


def _followed(last: ContestView) -> tuple[str, ...]:
    people = [line.option.id for line in last.options if line.option.can_advance and line.votes is not None]
    return tuple(people[:COLUMNS])


def _surname(view: ContestView, option: str) -> str:
    name = view.contest.name_of(option)
    return name.split()[-1] if name.split() else name


def _moment_row(before: ContestView | None, look: ContestView, followed: Iterable[str], election: Election) -> Sequence[RenderableType]:
    is_release = _is_new_release(before, look)
    shares = {line.option.id: line.share for line in look.options}
    counted = words.percent(look.share_counted.likely, 0) if look.share_counted else ""
    out = f"{look.inventory.likely:,}" if look.inventory.likely is not None and look.release else ""
    style = "" if is_release else "dim"
    cells = [f"{look.votes_counted:,}" if look.release else "", counted, out]
    cells += [words.percent(shares.get(option)) if look.release else "" for option in followed]
    cells.append(_needs(look))
    when = Text(_short(look, election), style="dim")
    return (when, Text(" ".join(_news(before, look)) or "again", style=style), *(Text(cell, style=style) for cell in cells))


def _short(look: ContestView, election: Election) -> str:
    local = look.as_of.astimezone(election.zone)
    return f"{words.DAYS[local.weekday()]} {local.day} {words.MONTHS[local.month - 1]} {local:%H:%M}"


def _is_new_release(before: ContestView | None, look: ContestView) -> bool:
    return look.release is not None and (before is None or before.release is None or before.release.seq != look.release.seq)


def _needs(look: ContestView) -> str:
    pairs = [slot.required_break for slot in look.slots if slot.required_break]
    return words.needs_words(min(pairs, key=lambda pair: pair.margin_votes)) if pairs else ""


def _news(before: ContestView | None, look: ContestView) -> Iterable[str]:
    """Say what is new since the look before."""
    if _is_new_release(before, look) and look.release:
        units = (
            f", {look.units_reported:,} of {look.units_total:,} precincts" if look.units_reported is not None and look.units_total else ""
        )
        yield f"{words.RESULTS[look.release.status].capitalize()}{units}."
    known = set() if before is None else set(before.statements)
    for statement in look.statements:
        if statement not in known and statement.kind in STATED:
            yield f"{statement.ballots:,} ballots {STATED[statement.kind]}{_kind_of(statement.category)}."
    seen = set() if before is None else set(before.reports)
    new = [report for report in look.reports if report not in seen]
    told = (report for report in new if report.kind not in {ReportKind.FIGURE, ReportKind.NEXT_RELEASE})
    yield from (words.report_sentence(report, look.contest, len(look.slots)) for report in told)
    if figures := [report for report in new if report.kind is ReportKind.FIGURE]:
        yield f"{figures[0].by}: {_figures(figures, look)}."
    decided = len(before.decisions) if before else 0
    yield from (words.decision_sentence(decision, look.contest) for decision in look.decisions[decided:])


STATED = {BallotKind.CAST: "counted", BallotKind.OUTSTANDING: "left"}


def _kind_of(category: str) -> str:
    return "" if category == "total" else f" ({category})"


def _figures(figures: Sequence[Report], look: ContestView) -> str:
    shown = [text for figure in figures if (text := _figure(figure, look))]
    return ", ".join(shown[:4]) or "a figure without a candidate"


def _figure(figure: Report, look: ContestView) -> str:
    who = _surname(look, figure.option) if figure.option else "all"
    if figure.votes is not None:
        return f"{who} {figure.votes:,}"
    if figure.gain is not None:
        return f"{who} {words.signed(figure.gain)}"
    return f"{who} {100 * round(figure.share, 6):g}%" if figure.share is not None else ""


def _many(views: Sequence[View], election: Election) -> RenderableType:
    """One line a moment over all contests: how many were updated, how many votes came, how many places changed hands or were called."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("", "Contests", "Votes added", "Places that changed hands", "Places called", "Findings that hold"):
        table.add_column(name, justify="left" if not name else "right")
    last: dict[str, ContestView] = {}
    for view in views:
        changed = sum(_holders(contest) != _holders(last[contest.contest.id]) for contest in view.contests if contest.contest.id in last)
        added = sum(
            contest.votes_counted - (last[i].votes_counted if (i := contest.contest.id) in last else 0) for contest in view.contests
        )
        held = sum(any(finding.severity != "note" for finding in contest.findings) for contest in view.contests)
        last |= {contest.contest.id: contest for contest in view.contests}
        called = sum(bool(slot.called_by) for contest in last.values() for slot in contest.slots)
        figures = (f"{len(view.contests):,}", words.signed(added), str(changed), str(called), str(held))
        table.add_row(words.clock(view.as_of, election.zone), *figures)
    return table


def _holders(view: ContestView) -> frozenset[str]:
    return frozenset(slot.option.id for slot in view.slots if slot.option)
