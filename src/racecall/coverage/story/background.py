"""What stands around the count: the field, early ballots, money, what others called and claimed, and how the story was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from racecall.coverage.claims import Trace
from racecall.coverage.rows import GroupCount, Money
from racecall.coverage.story.figures import Figure, How
from racecall.coverage.story.ground import Ground
from racecall.coverage.story.opening import OPEN, field_size, standing
from racecall.coverage.story.places import Rung, agency_calls, groups, is_certified
from racecall.coverage.story.told import Point
from racecall.ledger.events import iso
from racecall.model.contest import Option, OptionKind
from racecall.model.finding import Severity
from racecall.model.release import Report, ReportKind

MANY = 4
"""Groups of early ballots, and candidates before a count, that a story names."""


def field(ground: Ground) -> Iterator[Point]:
    """Yield how many stand, how many of them as write-ins, and for which parties."""
    people = standing(ground)
    if ground.is_measure or not people:
        return
    if len(people) > 2:
        yield Point(id="field.count" if ground.view.release else "field.count.now", figures={"candidates": field_size(ground)})
        yield from _printed(ground, people)
    yield from _parties(ground, people)
    gone = [option for option in ground.contest.options if option.is_person and option.withdrawn]
    if gone:
        yield Point(id="field.gone", figures={"names": ground.names(gone)})


def _printed(ground: Ground, people: tuple[Option, ...]) -> Iterator[Point]:
    """Yield how many are printed on the ballot, where others are written in: papers that count only these print another number."""
    number = sum(option.kind is OptionKind.PRINTED for option in ground.contest.options)
    if any(option.kind is OptionKind.WRITE_IN for option in people):
        trace = Trace(
            table="election", row=ground.contest.id, column="printed", value=number, words="election.toml: options of people, no kind"
        )
        yield Point(id="field.printed", figures={"candidates": Figure(how=How.CANDIDATES, trace=trace)})


def _parties(ground: Ground, people: tuple[Option, ...]) -> Iterator[Point]:
    if len(people) < 2 or not all(option.party for option in people):
        return
    numbers = Counter(option.party for option in people)
    if len(numbers) == 1 and len(people) == 2:
        figures = {"names": ground.names(people), "party": ground.label(people[0].party, "party", how=How.PARTY)}
        yield Point(id="field.same_party", figures=figures)
        return
    ordered = sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
    trace = Trace(table="election", row=ground.contest.id, column="parties", value=ordered, words="election.toml: party of each option")
    yield Point(id="field.parties", figures={"parties": Figure(how=How.PARTIES, trace=trace)})


# -- early ballots and money ----------------------------------------------------------------------------------------------------------


def early(ground: Ground) -> Iterator[Point]:
    """Yield ballots returned by group: always an estimate, with who made it and how; a certified count has the last word."""
    if is_certified(ground.view):
        return
    latest = {row.group: row for row in ground.facts.coverage.of(GroupCount) if _is_told(row, ground)}
    ordered = sorted(latest.values(), key=lambda row: (row.group != "all", -(row.number or 0), row.group))
    yield from (_group(ground, row) for row in ordered[:MANY])


def _is_told(row: GroupCount, ground: Ground) -> bool:
    return row.contest == ground.contest.id and row.measure == "ballots_returned" and row.number is not None and bool(row.firm)


def _group(ground: Ground, row: GroupCount) -> Point:
    figures = {
        "ballots": ground.recorded(row, "number", How.BALLOTS, about=row.approximate),
        "day": ground.recorded(row, "as_of", How.DATE, value=iso(row.as_of)),
        "firm": ground.recorded(row, "firm", How.LABEL),
    }
    if row.group == "all":
        return Point(id="early.all", figures={**figures, "number": ground.recorded(row, "number", How.NUMBER, about=row.approximate)})
    figures["group"] = ground.recorded(row, "group", How.WORD)
    if row.method:
        figures["method"] = ground.recorded(row, "method", How.WORD)
    return Point(id="early.group" if row.method else "early.group.unsaid", figures=figures, about=row.group)


MONEY = ("donors", "receipts", "loans", "spent", "cash")
"""What is told of a candidate's money, in this order; receipts only where donors are not apart from loans."""


def money(ground: Ground) -> Iterator[Point]:
    """Yield what committees had reported by the day of the story; a total to a later day never answers for it."""
    if is_certified(ground.view):
        return
    for option, row in _reported(ground):
        for column in MONEY:
            if getattr(row, column) is not None and not (column == "receipts" and row.donors is not None):
                yield _amount(ground, option, row, column)


def _reported(ground: Ground) -> Iterator[tuple[Option, Money]]:
    """Yield the latest report of those whom the standing names; before a count, of those who reported most."""
    people = [line.option for line in ground.shown] if ground.stage not in OPEN else list(standing(ground))
    found = [(option, row) for option in people if (row := _latest(ground, option))]
    if ground.stage in OPEN:
        found.sort(key=lambda one: -(one[1].donors or one[1].receipts or 0))
    yield from found[:MANY]


def _latest(ground: Ground, option: Option) -> Money | None:
    """Return the report that reaches furthest; of two that end on a day, the one that begins earlier."""
    person = ground.facts.coverage.person_of(option.id)
    rows = ground.facts.coverage.money(person.id, ground.local(ground.facts.as_of).date()) if person else ()
    told = [row for row in rows if any(getattr(row, column) is not None for column in MONEY)]
    return max(told, key=lambda row: (row.end, -(row.start or date.min).toordinal(), row.as_of), default=None)


def _amount(ground: Ground, option: Option, row: Money, column: str) -> Point:
    figures = {
        "name": ground.name(option),
        "amount": ground.recorded(row, column, How.DOLLARS, about=row.approximate),
        "day": ground.recorded(row, "end", How.DATE),
    }
    if row.start and column != "cash":
        return Point(id=f"money.{column}.between", figures={**figures, "start": ground.recorded(row, "start", How.DATE)}, about=option.id)
    return Point(id=f"money.{column}", figures=figures, about=option.id)


# -- calls and claims -----------------------------------------------------------------------------------------------------------------

CLAIMS: Mapping[ReportKind, str] = {
    ReportKind.AGENCY_RETRACTION: "calls.withdrawn",
    ReportKind.VICTORY_CLAIM: "calls.victory",
    ReportKind.CONCESSION: "calls.conceded",
    ReportKind.CONCESSION_RETRACTED: "calls.unconceded",
}
"""What people and agencies said besides calls: their words, never a result."""
WORDS_OF_LOSERS = frozenset({ReportKind.CONCESSION, ReportKind.CONCESSION_RETRACTED})
"""One takes the other back, whoever speaks for the candidate."""


def calls(ground: Ground) -> Iterator[Point]:
    """Yield calls of agencies, claims of victory and concessions, each with who said it; what is said again is told once."""
    standing_calls = set(map(id, agency_calls(ground.view.reports)))
    called = {(report.by, report.option) for report in ground.view.reports if report.kind is ReportKind.AGENCY_CALL}
    last: dict[tuple[str, str], ReportKind] = {}
    for report in ground.view.reports:
        if report.kind in CLAIMS or id(report) in standing_calls:
            topic = (report.option, "") if report.kind in WORDS_OF_LOSERS else (report.option, f"{report.by} {report.kind}")
            known = report.kind is not ReportKind.AGENCY_RETRACTION or (report.by, report.option) in called
            if known and last.get(topic) is not report.kind:
                yield from _said(ground, report)
            last[topic] = report.kind


def _said(ground: Ground, report: Report) -> Iterator[Point]:
    """Say one of them; of somebody who withdrew, or whom the election does not list, nothing is said."""
    option = next((one for one in ground.contest.options if one.id == report.option), None)
    if option is None or not option.can_advance:
        return
    figures = {"by": _by(ground, report, option), "name": ground.name(option)}
    figures["day"] = Figure(how=How.DAY, trace=ground.said(report, "at", iso(report.at)))
    if ground.goal == "advance":
        figures["round"] = ground.round()
    yield Point(id=CLAIMS.get(report.kind, f"calls.{ground.goal}"), figures=figures, about=f"{report.by},{report.option},{iso(report.at)}")


def _by(ground: Ground, report: Report, option: Option) -> Figure:
    """Return who said it: a candidate as a candidate, everybody else in the words of the record."""
    if report.by == option.name:
        return ground.name(option)
    return Figure(how=How.WORD, trace=ground.said(report, "by", report.by))


# -- how it was made ------------------------------------------------------------------------------------------------------------------


def method(ground: Ground) -> Iterator[Point]:
    """Yield what the reader should know of the story itself."""
    trace = Trace(table="election", row=ground.contest.id, column="as_of", value=iso(ground.facts.as_of), words="the moment of the story")
    yield Point(id="method.as_of", figures={"moment": Figure(how=How.MOMENT, trace=trace)})
    if any(group.rung in {Rung.AGENCY, Rung.CALLED} for group in groups(ground)):
        yield Point(id="method.call")
    if any(group.rung is Rung.LIKELY for group in groups(ground)):
        yield Point(id="method.likely")
    holding = [finding for finding in ground.view.findings if finding.severity is not Severity.NOTE]
    if holding:
        words = "; ".join(finding.problem for finding in holding)
        trace = Trace(table="finding", row=ground.contest.id, column="open", value=len(holding), words=words)
        yield Point(id="method.findings", figures={"questions": Figure(how=How.QUESTIONS, trace=trace)})
    yield Point(id="method.rows")
