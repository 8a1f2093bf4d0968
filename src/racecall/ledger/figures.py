"""Figures that papers and desks print beside the official count: kept, never added in, and compared with all we know.

Most are rounded, and rounding is no contradiction. What is named is a figure that no rounding explains: two tables of one day that cannot
both be right, a total beside a release that it almost but not quite matches, a number that the certified count rules out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from racecall.ledger.records import Records
from racecall.model.contest import Contest
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind

SAME_DAY = timedelta(hours=24)
"""Tables printed within a day of each other are taken to be of one count."""
BESIDE = timedelta(hours=12)
"""A total printed this soon after a release is taken to be of that release …"""
ALMOST = 0.01
"""… if it differs by less than this share of it."""
SAME_COUNT = 0.005
"""Two tables whose shares differ by more than this are of two moments of a moving count, not two tellings of one."""
ROUNDED_GAIN = 0.10
"""Gains are often rounded to the nearest hundred or five hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A table as one outlet printed it at one moment."""

    by: str
    at: datetime
    figures: tuple[Report, ...]

    def shares(self, contest: Contest) -> Mapping[str, tuple[float, float]]:
        """Share and the rounding it allows, by option: as printed, else from the votes where every candidate's are given."""
        printed = {figure.option: (figure.share, _rounding(figure.share)) for figure in self.figures if figure.option and figure.share}
        votes = {figure.option: figure.votes for figure in self.figures if figure.option and figure.votes is not None}
        people = {option.id for option in contest.options if option.can_advance}
        total = sum(votes.values())
        implied = {option: (number / total, 0.0) for option, number in votes.items()} if votes.keys() == people and total else {}
        return printed | implied


def _rounding(share: float) -> float:
    """Half of the last digit of a share that was printed in per cent, with up to two decimals."""
    return next(half for digits, half in ((2, 0.005), (3, 0.0005), (4, 0.00005)) if digits == 4 or round(share, digits) == share)


def tables_of(reports: Iterable[Report], contest: str) -> tuple[Printed, ...]:
    """Put the figures about a contest together that one outlet printed at one moment."""
    figures = [report for report in reports if report.kind is ReportKind.FIGURE and report.contest == contest]
    figures.sort(key=lambda report: (report.at, report.by))
    groups = groupby(figures, key=lambda report: (report.by, report.at))
    return tuple(Printed(by=by, at=at, figures=tuple(group)) for (by, at), group in groups)


def check_figures(new: Sequence[Report], contests: Iterable[Contest], records: Records) -> Iterator[Finding]:
    """Compare newly printed figures with the counts and with each other; `records` already holds the new ones."""
    for contest in contests:
        tables = tables_of(records.reports, contest.id)
        for table in tables:
            if table.figures[0] in new:
                yield from _almost_a_release(table, contest, records)
                yield from _other_tables(table, tables, contest)


def _almost_a_release(table: Printed, contest: Contest, records: Records) -> Iterator[Finding]:
    counts = [(release, count) for release, count in records.counts(contest.id) if timedelta(0) <= table.at - release.moment <= BESIDE]
    for figure in table.figures:
        if figure.option or figure.votes is None or not counts:
            continue
        total = counts[-1][1].total
        if 0 < abs(figure.votes - total) < ALMOST * total:
            yield _finding(
                contest, figure, f"{table.by} printed {figure.votes:,} in all; the release it stands beside has {total:,} votes."
            )


def _other_tables(table: Printed, tables: Iterable[Printed], contest: Contest) -> Iterator[Finding]:
    own = table.shares(contest)
    for other in tables:
        if other.by == table.by or not timedelta(0) <= table.at - other.at <= SAME_DAY:
            continue
        both = {option: share for option, share in other.shares(contest).items() if option in own}
        for option, (share, rounding) in both.items():
            if rounding + own[option][1] < abs(own[option][0] - share) < SAME_COUNT:
                name = contest.option(option).name
                text = f"{name}: {table.by} has {100 * own[option][0]:.2f}%, {other.by} {100 * share:.2f}%; no rounding explains it."
                yield _finding(contest, table.figures[0], text, option=option)
                break


def _finding(contest: Contest, figure: Report, problem: str, *, option: str = "") -> Finding:
    return Finding(
        check="figures_disagree",
        severity=Severity.NOTE,
        contest=contest.id,
        option=option or figure.option,
        problem=problem,
        next_step="Both figures stay in the record; neither is added in.",
        origin=figure.origin,
    )


def contradiction(contest: Contest, report: Report, final: Mapping[str, int], records: Records) -> str:
    """Say why the certified count rules a printed figure out, "" if it does not.

    Args:
        contest: The contest.
        report: The figure.
        final: Certified votes by option id [votes].
        records: What was recorded before certification.
    """
    if report.option not in final:
        return ""
    votes = final[report.option]
    who = f"{contest.option(report.option).name}: {report.by} printed"
    if report.votes is not None and report.votes > votes:
        return f"{who} {report.votes:,} votes; the certified count is {votes:,}."
    earlier = [count for release, count in records.counts(contest.id) if release.moment <= report.at]
    base = earlier[-1].votes.get(report.option) if earlier else None
    if report.gain is not None and base is not None and report.gain > (votes - base) * (1 + ROUNDED_GAIN):
        return f"{who} a gain of {report.gain:,} votes; from that release to the certified count it is {votes - base:,} in all."
    return ""
