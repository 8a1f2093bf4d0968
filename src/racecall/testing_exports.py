"""What every publisher must pass, and elections to test it with. The public names are `racecall.testing.check_publisher` and `exports`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from racecall.calls.judge import judge_contest
from racecall.calls.view import View
from racecall.feeds.frames import BallotRow, CountRow, ballot_frame, count_frame
from racecall.feeds.text import MAX_COUNT
from racecall.ledger.records import RecordedRelease, Records
from racecall.ledger.resolve import Resolution
from racecall.ledger.totals import contest_counts
from racecall.model.contest import Contest, Election, ElectionType, Option, OptionKind, SlotKind
from racecall.model.counts import BallotKind, CountType
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import ListedContest, Release, ResultsStatus, Statement
from racecall.model.settings import Settings
from racecall.model.units import ALL_UNITS, ReportingUnit, UnitType
from racecall.publish.base import Counted, Export, Publisher

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

NIGHT = datetime(2022, 11, 9, 5, 30, tzinfo=UTC)
PARTIES = ("", "DEM", "REP", "NPP")
RULE = "generic-plurality"


def check_publisher(publisher: Publisher, made: Iterable[Export]) -> None:
    """Hold a publisher to its promises; an `AssertionError` says which it broke.

    It has an id and a title; the same export gives the same files; their names are plain and each stands once; no file is empty; and
    nothing is written before the first count.

    Args:
        publisher: The publisher.
        made: What it is to write, e.g. `example_export()`.
    """
    broken = [*_about_itself(publisher), *(problem for export in made for problem in _about_files(publisher, export))]
    if broken:
        raise AssertionError(f"{publisher.id}: " + "; ".join(dict.fromkeys(broken)))


def _about_itself(publisher: object) -> Iterator[str]:
    if not isinstance(publisher, Publisher):
        yield "it lacks one of id, title, write"
        return
    if not re.fullmatch(r"[a-z][a-z0-9-]*", publisher.id):
        yield f'its id "{publisher.id}" is not lower-case letters, digits and hyphens'
    if not publisher.title.strip():
        yield "it has no title"


def _about_files(publisher: Publisher, export: Export) -> Iterator[str]:
    files = list(publisher.write(export))
    names = [name for name, _ in files]
    if files != list(publisher.write(export)):
        yield "written twice, an export gives other bytes"
    if len(set(names)) < len(names) or not all(re.fullmatch(r"[\w-][\w.-]*", name) for name in names):
        yield f"its files are called {', '.join(names)}; plain names were expected, each once"
    if not all(data for _, data in files):
        yield "a file is empty"
    if not export.counted and files:
        yield "it writes a file before the first count"


# --- Elections to write ------------------------------------------------------------------------------------------------------------


def make_export(
    election: Election,
    counts: Sequence[CountRow],
    ballots: Sequence[BallotRow] = (),
    *,
    statements: Iterable[Statement] = (),
    status: ResultsStatus = ResultsStatus.UNOFFICIAL_PARTIAL,
    at: datetime = NIGHT,
    note: str = "",
    reported: Mapping[str, tuple[int, int]] | None = None,
    decisions: Sequence[Decision] = (),
) -> Export:
    """Return an election with one release, judged; no rows give an election before its first count.

    Args:
        election: The election; its contests need rules of the packaged law.
        counts: Cells, contest and option as ids.
        ballots: Ballots.
        statements: What offices said.
        status: Results status of the release.
        at: When the count is from, and the moment of the view.
        note: The source's label.
        reported: Units reported and units in all, by contest.
        decisions: What people decided about calls.
    """
    release = Release(source="The county", feed="test", published_at=at, counts=count_frame(counts), ballots=ballot_frame(ballots))
    units = {key: ListedContest(key=key, title=key, units_reported=some, units_total=of) for key, (some, of) in (reported or {}).items()}
    made, jurisdiction, _ = contest_counts(Resolution(release=release, listed=units, unknown={}, ignored=(), findings=()), election)
    recorded = RecordedRelease(
        seq=1,
        at=at,
        published_at=at,
        source=release.source,
        feed=release.feed,
        status=status,
        capture="f" * 64,
        counts="c" * 64 if counts else "",
        ballots="b" * 64 if ballots else "",
        contests=made,
        jurisdiction=jurisdiction,
        note=note,
    )
    told = tuple((said.stated_at, said) for said in statements)
    records = Records(releases=(recorded,) if counts else (), statements=told, decisions=tuple(decisions))
    return _judged(election, records, release)


def _judged(election: Election, records: Records, release: Release) -> Export:
    from racecall.desk.packaged import rulebook

    as_of = max(
        [NIGHT, *(said.at for said in records.releases), *(at for at, _ in records.statements), *(one.at for one in records.decisions)]
    )
    views = tuple(
        judge_contest(contest, election, rulebook().rule(contest.rule), records, as_of=as_of, settings=Settings()) for contest in election
    )
    own = tuple(view for view in views if view.release)
    ids = [view.contest.id for view in own]
    counted = (
        Counted(
            release=records.releases[0],
            contests=own,
            counts=release.counts.filter(release.counts["contest"].is_in(ids)),
            ballots=release.ballots,
        )
        if own
        else None
    )
    return Export(view=View(election=election, as_of=as_of, head="0" * 64, contests=views), counted=(counted,) if counted else ())


def signed(kind: DecisionKind, *people: str, option: str = "ruiz", after: timedelta = timedelta(hours=2)) -> list[Decision]:
    """Return the decisions of some people about the mayor of the example, a minute apart.

    Args:
        kind: What they decided.
        people: Who, in order.
        option: Id of the option.
        after: When the first one decided, from the night's count on.
    """
    return [
        Decision(
            contest="mayor",
            option=option,
            goal=SlotKind.ELECT,
            slot=1,
            kind=kind,
            by=by,
            reason=f"{by} looked at the count.",
            at=NIGHT + after + timedelta(minutes=number),
            evidence="e" * 64,
            state="likely",
        )
        for number, by in enumerate(people)
    ]


def called_export(*later: Decision) -> Export:
    """Return a night on which two people called a mayor, and whatever was decided later."""
    election = example_export().view.election
    election = replace(election, contests=(election.contest("mayor"),))
    rows = [("mayor", ALL_UNITS, "total", "ruiz", 520, 1), ("mayor", ALL_UNITS, "total", "cole", 430, 1)]
    said = Statement(contest="mayor", kind=BallotKind.OUTSTANDING, ballots=20, stated_at=NIGHT + timedelta(hours=1), source="The county")
    decisions = [*signed(DecisionKind.APPROVE, "A. Editor", "B. Chief"), *later]
    return make_export(election, rows, statements=[said], decisions=decisions)


def before_the_first_count() -> Export:
    """Return the election of the example when nothing is counted."""
    return make_export(example_export().view.election, ())


def example_export() -> Export:
    """Return a night of two contests: count types, precincts, ballots, and what the office says is left."""
    cells = [
        ("mayor", unit, kind, option, 100 * unit_number + 10 * kind_number + number, 1)
        for unit_number, unit in enumerate(("p1", "p2"), 1)
        for kind_number, kind in enumerate(("election_day", "absentee_mail", "in_person"), 1)
        for number, option in enumerate(("ruiz", "cole", "write-in"), 1)
    ]
    cells += [("a", ALL_UNITS, "total", "yes", 520, 1), ("a", ALL_UNITS, "total", "no", 430, 1)]
    ballots = [
        ("", ALL_UNITS, "total", "cast", 1000, 0),
        ("", ALL_UNITS, "total", "registered", 2500, 0),
        ("a", ALL_UNITS, "total", "overvoted", 4, 0),
        ("a", ALL_UNITS, "total", "undervoted", 46, 0),
    ]
    said = Statement(
        contest="", kind=BallotKind.OUTSTANDING, ballots=400, stated_at=NIGHT + timedelta(hours=1), source="The county", category="mail"
    )
    return make_export(_example_election(), cells, ballots, statements=[said], reported={"mayor": (2, 2)}, note="semi-official")


def _example_election() -> Election:
    mayor = Contest(
        id="mayor",
        title="Mayor",
        rule=RULE,
        electoral_district="City of Example",
        office="city",
        options=(
            Option(id="ruiz", name="Ana Ruiz", party="DEM", ballot_order=1),
            Option(id="cole", name="=Ben Cole", party="REP", ballot_order=2),
            Option(id="write-in", name="Write-in", kind=OptionKind.AGGREGATE, ballot_order=3),
        ),
    )
    answers = (Option(id="yes", name="Yes", ballot_order=1), Option(id="no", name="No", ballot_order=2))
    return Election(
        id="example-2022",
        title="Example County, November 2022",
        date=date(2022, 11, 8),
        timezone="America/Los_Angeles",
        state="CA",
        contests=(mayor, Contest(id="a", title="Measure A", rule=RULE, options=answers)),
        units=(ReportingUnit(id="p1", name="Precinct 1", type=UnitType.PRECINCT), ReportingUnit(id="p2", type=UnitType.PRECINCT)),
    )


# --- Strategies for Hypothesis -----------------------------------------------------------------------------------------------------


def exports(names: SearchStrategy[str]) -> SearchStrategy[Export]:
    """Elections of a few contests with one release: every count type, gaps, ballots, statements; names as the strategy makes them.

    Args:
        names: Ids, titles, names of options and units.
    """
    from hypothesis import strategies as st

    few = st.lists(names, min_size=1, max_size=3, unique=True)

    @st.composite
    def made(draw: Any) -> Export:
        contests = tuple(
            _contest(draw, id_, title, draw(few)) for id_, title in zip(draw(few), draw(st.permutations(draw(few))), strict=False)
        )
        units = [ALL_UNITS, *(name for name in draw(few) if name != ALL_UNITS)]
        return make_export(
            _election(draw, names, contests),
            _counts(draw, contests, units),
            draw(_ballots(units)),
            statements=draw(_statements(contests)),
            status=draw(st.sampled_from(ResultsStatus)),
            at=NIGHT + timedelta(minutes=draw(st.integers(0, 10_000))),
            note=draw(st.just("") | names),
            reported={contest.id: (draw(st.integers(0, 9)), 9) for contest in contests},
        )

    return made()


def _election(draw: Any, names: SearchStrategy[str], contests: tuple[Contest, ...]) -> Election:
    from hypothesis import strategies as st

    id_, title, state = draw(names), draw(names), draw(st.sampled_from(["", "CA"]))
    return Election(id=id_, title=title, date=date(2022, 11, 8), timezone="UTC", state=state, contests=contests)


def _counts(draw: Any, contests: Iterable[Contest], units: Sequence[str]) -> list[tuple[str, str, str, str, int | None, int]]:
    from hypothesis import strategies as st

    kinds = st.sampled_from([kind.value for kind in CountType])
    options = [(contest.id, option.id) for contest in contests for option in contest.options]
    cell = st.tuples(st.sampled_from(options), st.sampled_from(units), kinds)
    votes = st.none() | st.integers(0, MAX_COUNT)
    keys = draw(st.lists(cell, min_size=1, max_size=20, unique=True))
    return [(contest, unit, kind, option, draw(votes), row) for row, ((contest, option), unit, kind) in enumerate(keys, 1)]


def _contest(draw: Any, id_: str, title: str, options: Sequence[str]) -> Contest:
    from hypothesis import strategies as st

    parties, kinds = st.sampled_from(PARTIES), st.sampled_from([OptionKind.PRINTED, OptionKind.WRITE_IN])
    listed = tuple(
        Option(id=name, name=name, party=draw(parties), kind=draw(kinds), ballot_order=order) for order, name in enumerate(options, 1)
    )
    return Contest(id=id_, title=title, rule=RULE, options=listed, election_type=draw(st.sampled_from(ElectionType)))


def _ballots(units: Sequence[str]) -> SearchStrategy[list[BallotRow]]:
    from hypothesis import strategies as st

    kinds = st.sampled_from([BallotKind.CAST.value, BallotKind.REJECTED.value])
    types = st.sampled_from([kind.value for kind in CountType])
    rows = st.tuples(st.just(""), st.sampled_from(units), types, kinds, st.integers(0, MAX_COUNT), st.just(0))
    return st.lists(rows, max_size=5, unique_by=lambda row: row[:4])


def _statements(contests: Sequence[Contest]) -> SearchStrategy[list[Statement]]:
    from hypothesis import strategies as st

    about = st.sampled_from(["", *(contest.id for contest in contests)])
    made = st.builds(
        Statement,
        contest=about,
        kind=st.just(BallotKind.OUTSTANDING),
        ballots=st.integers(0, MAX_COUNT),
        stated_at=st.just(NIGHT + timedelta(days=30)),
        source=st.just("The county"),
        category=st.sampled_from(["total", "mail", "provisional", "conditional", "other"]),
    )
    return st.lists(made, max_size=4, unique_by=lambda said: (said.contest, said.category))
