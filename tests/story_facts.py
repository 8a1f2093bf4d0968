"""Facts for stories: a contest with its counts and whatever was said of it, judged as the desk judges it; and random ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

import builders as make
from racecall.calls.judge import judge_contest
from racecall.calls.view import ContestView
from racecall.coverage.facts import Facts
from racecall.coverage.record import Coverage
from racecall.coverage.rows import Row
from racecall.desk.packaged import rulebook
from racecall.ledger.records import RecordedRelease, Records
from racecall.model.contest import Contest, ElectionType, OptionKind, SlotKind
from racecall.model.counts import BallotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import Report, ReportKind, ResultsStatus, Statement
from racecall.model.settings import Settings

CLOSE = make.hours(-5)
"""When the polls close; the night's count is five hours later."""
NOTHING = Records()
RUNOFF_DAY = make.hours(24 * 63)


def facts(*contests: Contest, records: Records = NOTHING, at: datetime = make.NIGHT, rows: Sequence[Row] = (), **values: Any) -> Facts:
    """Everything known of some contests at a moment; `records` holds nothing later."""
    election = replace(make.election(*contests), polls_close=CLOSE)
    judged: dict[str, ContestView] = {}

    def look(contest: str, moment: datetime) -> ContestView:
        one = election.contest(contest)
        if contest not in judged:
            rule = rulebook().rule(one.rule)
            judged[contest] = judge_contest(one, election, rule, records, as_of=moment, settings=Settings())
        return judged[contest]

    defaults: dict[str, Any] = {"election": election, "records": records, "coverage": Coverage(tuple(rows)), "as_of": at, "head": "f" * 64}
    return Facts(**defaults | {"look": look} | values)


def primary(*names: str, **values: Any) -> Contest:
    """A top-two primary."""
    return make.contest(*names or ("Gomez", "Ahn", "Cabildo"), **{"next_round": "r", "rule": "us-ca-special-primary"} | values)


def runoff(*names: str, **values: Any) -> Contest:
    """The runoff that follows it."""
    kind = {"election_type": ElectionType.SPECIAL_RUNOFF, "polls_close": RUNOFF_DAY, "rule": "us-ca-general-voter-nominated"}
    return make.contest(*names or ("Gomez", "Ahn"), **{"id": "r", "title": "The runoff"} | kind | values)


def approved(
    option: str, *people: str, goal: SlotKind = SlotKind.ADVANCE, kind: DecisionKind = DecisionKind.APPROVE, hour: float = 1
) -> list[Decision]:
    """What some people signed."""
    return [
        Decision(
            contest="c",
            option=option,
            goal=goal,
            slot=1,
            kind=kind,
            by=by,
            reason="r",
            at=make.hours(hour),
            evidence="f" * 64,
            seq=50 + number,
        )
        for number, by in enumerate(people)
    ]


def report(kind: ReportKind, by: str, option: str = "", *, hour: float = 1, **values: Any) -> Report:
    """What somebody said."""
    return Report(contest="c", kind=kind, by=by, at=make.hours(hour), source="A paper", option=option, **values)


# -- random elections -----------------------------------------------------------------------------------------------------------------

NAMES = ("Ana Núñez", "Bo Roe", "Cy Lee", "Dee Jr.", "Ed O'Hara", "Flor del Río")
PARTIES = ("DEM", "REP", "GRN", "XYZ", "")
AGENCIES = ("Associated Press", "Decision Desk HQ")
RULES = ("us-ca-special-primary", "us-ca-primary-voter-nominated", "us-ca-general-voter-nominated", "us-ak-primary")


@dataclass(frozen=True)
class Night:
    """A random contest and everything that was said of it.

    Args:
        contest: The contest.
        records: What was recorded.
        at: The moment of the story.
    """

    contest: Contest
    records: Records
    at: datetime

    @property
    def facts(self) -> Facts:
        """Its facts, the runoff with it."""
        return facts(self.contest, runoff(), records=self.records, at=self.at)


@st.composite
def nights(draw: Callable[..., Any]) -> Night:
    """Contests of two to six people at any stage, with whatever may have been said of them."""
    contest = draw(contests())
    counts = draw(st.lists(votes_of(contest), max_size=3))
    status = draw(st.sampled_from([ResultsStatus.UNOFFICIAL_PARTIAL] * 4 + [ResultsStatus.CERTIFIED, ResultsStatus.RECOUNT]))
    releases = [
        _release(draw, count, number, status if number == len(counts) else ResultsStatus.UNOFFICIAL_PARTIAL)
        for number, count in enumerate(counts, 1)
    ]
    people = [option.id for option in contest.options if option.is_person]
    said = draw(st.lists(statements(), max_size=2))
    reports = draw(st.lists(reports_of(people), max_size=4))
    signed = draw(st.lists(st.tuples(st.sampled_from(people), st.sampled_from(["Bo", "Cy"])), max_size=4))
    goal = SlotKind.ELECT if contest.rule == "us-ca-general-voter-nominated" else SlotKind.ADVANCE
    decisions = [one for option, by in signed for one in approved(option, by, goal=goal, hour=2)]
    records = Records(
        releases=tuple(releases),
        statements=tuple((one.stated_at, one) for one in said),
        reports=tuple(sorted(reports, key=lambda one: one.at)),
        decisions=tuple(replace(one, seq=50 + number) for number, one in enumerate(decisions)),
    )
    return Night(contest=contest, records=records, at=make.hours(draw(st.integers(4, 90))))


@st.composite
def contests(draw: Callable[..., Any]) -> Contest:
    """Contests with people of several parties, somebody who withdrew or is written in, and a sum of others."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, max_size=6, unique=True))
    made = primary(*names, rule=draw(st.sampled_from(RULES)), others=draw(st.booleans()))
    gone = draw(st.sampled_from([None, *range(len(names))]))
    kinds = st.sampled_from([OptionKind.PRINTED] * 5 + [OptionKind.WRITE_IN])
    options = [
        replace(option, withdrawn=number == gone, party=draw(st.sampled_from(PARTIES)), kind=draw(kinds)) if option.is_person else option
        for number, option in enumerate(made.options)
    ]
    return replace(made, options=tuple(options))


def votes_of(contest: Contest) -> st.SearchStrategy[dict[str, int]]:
    """Counts, small ones and ties often among them."""
    numbers = st.one_of(st.integers(0, 3), st.integers(0, 40_000))
    return st.fixed_dictionaries({option.id: numbers for option in contest.options})


def statements() -> st.SearchStrategy[Statement]:
    """What an office said is left."""
    return st.builds(
        lambda ballots, hour, category, about: make.statement(ballots, at=make.hours(hour), category=category, approximate=about),
        st.one_of(st.integers(0, 3), st.integers(0, 60_000)),
        st.integers(0, 3),
        st.sampled_from(["total", "mail", "provisional", "other"]),
        st.booleans(),
    )


def reports_of(people: Sequence[str]) -> st.SearchStrategy[Report]:
    """Calls, claims, concessions, and an announced count."""
    said = st.builds(
        lambda kind, by, option, hour: report(kind, by, option, hour=hour),
        st.sampled_from([kind for kind in ReportKind if kind not in {ReportKind.FIGURE, ReportKind.NEXT_RELEASE}]),
        st.sampled_from(AGENCIES),
        st.sampled_from(people),
        st.integers(0, 3),
    )
    due = st.integers(4, 200).map(lambda hour: report(ReportKind.NEXT_RELEASE, "The county", hour=1, due_at=make.hours(hour)))
    return st.one_of(said, said, due)


def _release(draw: Callable[..., Any], votes: dict[str, int], number: int, status: ResultsStatus) -> RecordedRelease:
    total = sum(votes.values())
    cast = {BallotKind.CAST.value: total + draw(st.integers(0, 50)), BallotKind.REGISTERED.value: 3 * total + 60_000}
    units = draw(st.sampled_from([{}, {"units_reported": 21, "units_total": 192}, {"units_reported": 192, "units_total": 192}]))
    ballots = cast if draw(st.booleans()) else None
    at = make.NIGHT + timedelta(minutes=number)
    return make.recorded(votes, at=at, seq=number, status=status, ballots=ballots, **units)
