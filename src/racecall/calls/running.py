"""From the record of a live night to running counts: the same values that the back-test makes of an archive, with what is public now.

The back-test reads archives, the desk reads the ledger; both hand `RunningCount`s to `judge_night`, so that a rate measured on the one is a
rate of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from racecall.calls.announced import announced, on_the_way
from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest, Election, ElectionType
from racecall.model.counts import BallotKind, CountType
from racecall.model.release import ResultsStatus
from racecall.model.units import ALL_UNITS, UnitType
from racecall.outstanding.cells import UnitCounts, filled_forward
from racecall.outstanding.path import CountPath, Floats
from racecall.outstanding.running import RunningCount
from racecall.outstanding.setting import ContestSetting, district_key
from racecall.rules.law import Rule
from racecall.rules.places import majority_clause, slots

if TYPE_CHECKING:
    import polars as pl

Counts = Sequence[tuple[RecordedRelease, ContestCount]]
Tables = Callable[[str], "pl.DataFrame"]
"""Gives the table of cells that a hash names; reading it is the caller's business."""


def running_counts(
    contests: Sequence[tuple[Contest, Rule]], election: Election, records: Records, *, as_of: datetime, tables: Tables | None = None
) -> list[RunningCount]:
    """Return every contest that can be judged: votes counted since the polls closed, not certified, contested.

    Args:
        contests: Contests with their rules.
        election: The election, for state, counties and the close of polls.
        records: What was recorded up to `as_of`.
        as_of: The moment.
        tables: Gives the cells of a release, for contests that are counted by units; None leaves them as totals.
    """
    primary = {contest.polls_close or election.polls_close for contest, rule in contests if _is_regular_primary(contest, rule)}
    return [run for contest, rule in contests for run in _running(contest, rule, election, records, as_of, primary, tables)]


def _is_regular_primary(contest: Contest, rule: Rule) -> bool:
    """Whether a contest makes its day a primary day: a first round that is not a special election of its own."""
    regular = contest.election_type in {ElectionType.PRIMARY, ElectionType.OTHER}
    return regular and rule.advance is not None


def _running(
    contest: Contest,
    rule: Rule,
    election: Election,
    records: Records,
    as_of: datetime,
    primary: set[datetime | None],
    tables: Tables | None,
) -> Iterator[RunningCount]:
    counts = records.counts(contest.id)
    close = contest.polls_close or election.polls_close
    if close is None or not counts or counts[-1][0].status is ResultsStatus.CERTIFIED or counts[-1][0].moment < close:
        return
    after = [(release, count) for release, count in counts if release.moment >= close and count.total]
    setting = _setting(contest, rule, election, after, night=close, primary=close in primary) if after else None
    if setting is None or not setting.contested:
        return
    path = _path(setting, after, close)
    said = announced(contest, records, after, close=close, as_of=as_of)
    yield RunningCount(
        setting=setting,
        path=path,
        feed=election.id.split("-", 1)[0],
        cells=_cells(election, setting, path, after, tables),
        stated=said,
        on_the_way=on_the_way(contest, records, after, as_of=as_of, state=election.state, first_round=setting.first_round),
    )


def _setting(
    contest: Contest,
    rule: Rule,
    election: Election,
    counts: Sequence[tuple[RecordedRelease, ContestCount]],
    *,
    night: datetime,
    primary: bool,
) -> ContestSetting | None:
    given = set().union(*(count.votes for _, count in counts))
    options = [option for option in contest.options if option.id in given]
    clause = majority_clause(rule)
    able = sum(option.can_advance for option in options)
    majority = clause is not None and clause.fraction == Fraction(1, 2) and able > 2
    places = len(slots(rule, contest)) if able > 2 or clause is None else contest.number_elected
    if clause is not None and clause.fraction != Fraction(1, 2):
        return None
    return ContestSetting(
        id=contest.id,
        title=contest.title,
        options=tuple(option.id for option in options),
        parties=tuple(option.party for option in options),
        eligible=tuple(option.can_advance for option in options),
        slots=places,
        majority=majority,
        first_round=rule.advance is not None,
        primary_night=primary,
        night=night.astimezone(election.zone).date().isoformat(),
        state=election.state,
        office=contest.office,
        counties=_counties(election),
        district=district_key(election.state, contest.office, contest.title),
    )


def _counties(election: Election) -> dict[str, float]:
    """The one county of the election; nothing where it has several, since nobody has said how the votes divide."""
    names = [unit.name.removesuffix(" County") for unit in election.units if unit.type is UnitType.COUNTY]
    return {names[0]: 1.0} if len(names) == 1 else {}


def _path(setting: ContestSetting, counts: Sequence[tuple[RecordedRelease, ContestCount]], close: datetime) -> CountPath:
    hours = np.array([(release.moment - close).total_seconds() / 3600 for release, _ in counts])
    votes = np.array([[float(count.votes.get(option, np.nan)) for option in setting.options] for _, count in counts])
    return CountPath(hours=hours, votes=filled_forward(votes))


# -- Units and count types ------------------------------------------------------------------------------------------------------------


def _cells(election: Election, setting: ContestSetting, path: CountPath, counts: Counts, tables: Tables | None) -> UnitCounts | None:
    """Return the count by unit and count type at the end of the night and now; None where the source has no units.

    What the units had in between decides nothing, and their tables may be large.
    """
    if tables is None or counts[-1][1].units < 2:
        return None
    looks = sorted({path.night_end, len(counts) - 1})
    read = [_cell_votes(tables(counts[at][0].counts), setting.id) for at in looks]
    units = sorted({unit for votes in read for unit, _, _ in votes})
    types = sorted({kind for votes in read for _, kind, _ in votes})
    table = np.full((len(counts), len(units), len(types), len(setting.options)), np.nan)
    places = [{name: at for at, name in enumerate(names)} for names in (units, types, setting.options)]
    for look, votes in zip(looks, read, strict=True):
        for (unit, kind, option), number in votes.items():
            if option in places[2]:
                table[look, places[0][unit], places[1][kind], places[2][option]] = number
    return UnitCounts(
        units=tuple(units),
        votes=filled_forward(table),
        groups=_groups(election, units),
        sizes=_voters(counts[-1][0], setting.id, units, tables),
    )


def _groups(election: Election, units: Sequence[str]) -> Floats | None:
    """Return which units lie in one county, as a number a unit; None where election.toml says nothing of it."""
    parents = {unit.id: unit.parent for unit in election.units}
    if not any(parents.get(unit) for unit in units):
        return None
    return np.unique([parents.get(unit, "") for unit in units], return_inverse=True)[1].astype(np.float64)


def _cell_votes(table: pl.DataFrame, contest: str) -> dict[tuple[str, str, str], int]:
    """Return the votes of every unit, count type and option of a contest; totals stay out where a unit has count types."""
    import polars as pl

    rows = table.filter((pl.col("contest") == contest) & (pl.col("unit") != ALL_UNITS)).drop_nulls("votes")
    typed = rows.filter(pl.col("count_type") != CountType.TOTAL)
    rows = rows if typed.is_empty() else typed
    return {(unit, kind, option): votes for unit, kind, option, votes in rows.select("unit", "count_type", "option", "votes").iter_rows()}


def _voters(release: RecordedRelease, contest: str, units: Sequence[str], tables: Tables) -> Floats | None:
    """Return the voters on the roll of each unit, where the release prints them; None if it prints none."""
    import polars as pl

    if not release.ballots:
        return None
    rows = tables(release.ballots).filter((pl.col("kind") == BallotKind.REGISTERED) & pl.col("contest").is_in([contest, ""]))
    roll = {unit: voters for unit, voters in rows.sort("contest").select("unit", "ballots").iter_rows() if voters}
    return np.array([float(roll.get(unit, np.nan)) for unit in units]) if roll.keys() & set(units) else None
