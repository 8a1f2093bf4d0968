"""Archives of real counts as values: tables in, contests with their path of releases out.

The format is that of `docs/archives.md`. Reading files is `racecall.desk.archives`; nothing here opens one. A contest that cannot be
judged (one release, no rule, nobody to lose) is kept out with its reason and never becomes a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from racecall.errors import BrokenFile
from racecall.model.counts import CountType
from racecall.model.units import ALL_UNITS
from racecall.outstanding.cells import UnitCounts, filled_forward
from racecall.outstanding.path import CountPath, Flags, Floats
from racecall.outstanding.running import RunningCount
from racecall.outstanding.setting import ContestSetting, district_key
from racecall.outstanding.volume import Stated

if TYPE_CHECKING:
    import polars as pl

AGGREGATES = frozenset({"write-in", "all others"})
"""Names that stand for several people: counted in totals, never through."""
TWO_ADVANCE = frozenset({"top_two", "majority_or_runoff"})
RULES = TWO_ADVANCE | {"plurality", "top_k"}
"""Rules the back-test can judge. Ranked choice (`irv`) has no outcome in first preferences."""
NEEDED = {
    "contests.csv": ("contest_id", "name", "state", "rule", "number_elected"),
    "releases.parquet": ("contest_id", "released_at", "unit", "count_type", "option", "votes"),
    "final.csv": ("contest_id", "option", "outcome"),
}
GOOD_OUTCOMES = frozenset({"advanced", "elected"})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArchiveTables:
    """The files of one archived election, read but not understood.

    Args:
        election: `election.json`.
        contests: `contests.csv`.
        releases: `releases.parquet`.
        final: `final.csv`.
        outstanding: `outstanding.csv`, None if the archive has none.
        ballots: `ballots.csv`, None if the archive has none.
        sha256: Hash over the files, for the provenance of a calibration.
    """

    election: Mapping[str, Any]
    contests: pl.DataFrame
    releases: pl.DataFrame
    final: pl.DataFrame
    outstanding: pl.DataFrame | None = None
    ballots: pl.DataFrame | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArchiveContest:
    """One contest with its whole count and its outcome.

    Args:
        election_id: Archive it comes from.
        count: Every release that changed it, with what was public beside it.
        released_at: Times of the looks, ISO 8601.
        good: Which options filled a place in the end, shape (option,). Options tied for the last place did not: a call of either is false.
        advanced: Whether places were filled by advancing (no majority).
    """

    election_id: str
    count: RunningCount
    released_at: tuple[str, ...]
    good: Flags
    advanced: bool

    @property
    def setting(self) -> ContestSetting:
        """The contest before the count."""
        return self.count.setting

    @property
    def path(self) -> CountPath:
        """The looks."""
        return self.count.path

    @property
    def key(self) -> str:
        """Name of the contest over several archives."""
        return f"{self.election_id}/{self.setting.id}"

    @property
    def places(self) -> int:
        """Places that were filled: one if a majority elected outright."""
        return 1 if self.setting.majority and not self.advanced else self.setting.slots

    @property
    def share_counted(self) -> Floats:
        """Share of the final vote counted at each look, at most 1, shape (look,). Known only afterwards: reports speed, decides nothing."""
        final = max(self.path.total[-1], 1.0)
        return np.asarray(np.minimum(self.path.total / final, 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A contest that is not judged, and why."""

    election_id: str
    contest_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ArchiveElection:
    """One archived election.

    Args:
        election_id: Its id.
        night: Election day, ``YYYY-MM-DD``.
        contests: Contests that can be judged.
        skipped: The others, with reasons.
        sha256: Hash over its files.
    """

    election_id: str
    night: str
    contests: tuple[ArchiveContest, ...]
    skipped: tuple[Skipped, ...] = ()
    sha256: str = ""


def read_election(tables: ArchiveTables) -> ArchiveElection:
    """Make contests of the tables of one archived election.

    Raises:
        BrokenFile: A file lacks a column, a column holds something else, a contest is listed twice, or `election.json` lacks a date or the
            close of polls.
    """
    import polars as pl

    election_id = str(tables.election.get("election_id", ""))
    _check_columns(tables, election_id)
    _check_types(tables, election_id)
    clock = replace(_clock(tables.election, election_id), primary=_primary_night(tables.contests), county=_jurisdiction(tables.ballots))
    totals = tables.releases.filter((pl.col("unit") == ALL_UNITS) & (pl.col("count_type") == "total"))
    parts = tables.releases.filter(pl.col("unit") != ALL_UNITS)
    by_contest = {"all": _split(totals), "parts": _split(parts), "final": _split(tables.final)}
    out: list[ArchiveContest] = []
    skipped: list[Skipped] = []
    for row in tables.contests.iter_rows(named=True):
        reason = _why_not(row) or _too_little(by_contest, str(row["contest_id"]), row)
        if reason:
            skipped.append(Skipped(election_id=election_id, contest_id=str(row["contest_id"]), reason=reason))
            continue
        made = _contest(row, by_contest, clock, tables)
        if isinstance(made, str):
            skipped.append(Skipped(election_id=election_id, contest_id=str(row["contest_id"]), reason=made))
        else:
            out.append(made)
    return ArchiveElection(election_id=election_id, night=clock.night, contests=tuple(out), skipped=tuple(skipped), sha256=tables.sha256)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clock:
    """What holds for the whole election: its clock, its kind, the one county it covers ("" if several)."""

    election_id: str
    night: str
    close: datetime
    night_hours: float
    primary: bool = False
    county: str = ""

    def hours(self, moment: datetime) -> float:
        """Hours after the polls closed."""
        return (moment - self.close).total_seconds() / 3600

    @property
    def feed(self) -> str:
        return self.election_id.split("-", 1)[0]


def _check_columns(tables: ArchiveTables, election_id: str) -> None:
    frames = {"contests.csv": tables.contests, "releases.parquet": tables.releases, "final.csv": tables.final}
    for name, needed in NEEDED.items():
        missing = [column for column in needed if column not in frames[name].columns]
        if missing:
            raise BrokenFile(
                f"the column {missing[0]!r} is missing; found {', '.join(frames[name].columns)}.",
                where=f"archive {election_id}, {name}",
                next_step="See docs/archives.md for the columns an archive needs.",
            )


def _check_types(tables: ArchiveTables, election_id: str) -> None:
    """Refuse votes that are no numbers, releases without a time, and a contest listed twice."""
    import polars as pl

    votes, moments = tables.releases["votes"].dtype, tables.releases["released_at"]
    listed = tables.contests["contest_id"].cast(pl.String)
    twice = listed.filter(listed.is_duplicated()).unique().sort().to_list()
    problems = [
        ("releases.parquet", "votes are numbers", f"{votes} in the column 'votes'", not votes.is_numeric()),
        ("releases.parquet", "every release has a time", f"{moments.dtype} in 'released_at'", not isinstance(moments.dtype, pl.Datetime)),
        ("releases.parquet", "every release has a time", f"{moments.null_count()} rows without", bool(moments.null_count())),
        ("contests.csv", "a contest has one row", f"{', '.join(twice[:3])} listed more than once", bool(twice)),
    ]
    for name, expected, found, wrong in problems:
        if wrong:
            raise BrokenFile(
                f"{expected}; found {found}.",
                where=f"archive {election_id}, {name}",
                next_step="See docs/archives.md for what an archive needs.",
            )


def _clock(election: Mapping[str, Any], election_id: str) -> _Clock:
    night = str(election.get("date", ""))[:10]
    close = _moment(election.get("polls_close_utc")) or (_moment(f"{night}T00:00:00Z", days=1, hours=4) if night else None)
    if not night or close is None:
        raise BrokenFile("no date of the election and no close of polls.", where=f"archive {election_id}, election.json")
    end = _moment(election.get("end_of_night_utc")) or _moment(close.isoformat(), hours=12)
    assert end is not None
    return _Clock(election_id=election_id, night=night, close=close, night_hours=(end - close).total_seconds() / 3600)


def _primary_night(contests: pl.DataFrame) -> bool:
    kinds = contests["election_type"].to_list() if "election_type" in contests.columns else []
    return "primary" in kinds


def _moment(text: object, *, days: int = 0, hours: int = 0) -> datetime | None:
    from datetime import timedelta

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(str(text)) + timedelta(days=days, hours=hours)
    except ValueError as error:
        raise BrokenFile(f'"{text}" is no time.', where="archive", next_step="Write times like 2024-03-06T04:00:00Z.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _split(frame: pl.DataFrame) -> dict[str, pl.DataFrame]:
    import polars as pl

    frame = frame.with_columns(pl.col("contest_id").cast(pl.String))
    return {str(key[0]): part for key, part in frame.partition_by("contest_id", as_dict=True, maintain_order=True).items()}


def _yes(value: object) -> bool:
    return str(value).lower() == "true"


def _why_not(row: Mapping[str, Any]) -> str:
    if "canonical" in row and not _yes(row["canonical"]):
        return "not canonical: a part of a contest, or a second copy"
    if row["rule"] not in RULES:
        return f"no rule that can be judged ({row['rule'] or 'none given'})"
    if "contested" in row and not _yes(row["contested"]):
        return "not contested: no more options than places"
    return ""


def _too_little(tables: Mapping[str, Mapping[str, pl.DataFrame]], contest_id: str, row: Mapping[str, Any]) -> str:
    if contest_id not in tables["all"]:
        return "no releases of the whole contest"
    if contest_id not in tables["final"]:
        return "no final result"
    if tables["all"][contest_id]["released_at"].n_unique() < 2:
        return "one release only: nothing to judge before the end"
    if not row["number_elected"]:
        return "no number of seats"
    return _bad_votes(tables["all"][contest_id]) or _bad_outcome(tables, contest_id)


def _bad_votes(frame: pl.DataFrame) -> str:
    """Say what is wrong with the counts of a contest, "" if nothing: a number that is not there must not become a zero."""
    import polars as pl

    number = pl.col("votes").cast(pl.Float64)
    bad = frame.filter(number.is_null() | number.is_nan() | (number < 0))
    if len(bad):
        return f"a count is missing, negative or no number ({bad['option'][0]} at {bad['released_at'][0]:%Y-%m-%d %H:%M})"
    twice = frame.filter(frame.select("released_at", "option").is_duplicated())
    return f"a release counts an option twice ({twice['option'][0]} at {twice['released_at'][0]:%Y-%m-%d %H:%M})" if len(twice) else ""


def _bad_outcome(tables: Mapping[str, Mapping[str, pl.DataFrame]], contest_id: str) -> str:
    """Say what is wrong with the outcome of a contest, "" if nothing: without a winner every call would count as false."""
    import polars as pl

    final = tables["final"][contest_id]
    named = set(final["option"].cast(pl.String))
    counted = set(tables["all"][contest_id]["option"].cast(pl.String))
    strange = sorted(option for option in counted - named if option.lower() not in AGGREGATES)
    if strange:
        return f"counted, and not in the final result: {', '.join(strange[:3])}"
    return "" if final["outcome"].is_in(list(GOOD_OUTCOMES)).any() else "nobody filled a place in the final result"


def _contest(
    row: Mapping[str, Any], tables: Mapping[str, Mapping[str, pl.DataFrame]], clock: _Clock, archive: ArchiveTables
) -> ArchiveContest | str:
    contest_id = str(row["contest_id"])
    final = {str(r["option"]): r for r in tables["final"][contest_id].iter_rows(named=True)}
    moments, options, votes = _wide(tables["all"][contest_id], "option")
    keep = _changed(votes)
    moments, votes = [moment for moment, kept in zip(moments, keep, strict=True) if kept], votes[keep]
    if moments and clock.hours(moments[-1]) <= 0:
        return "every release is from before the polls closed"
    setting = _setting(row, options, final, clock)
    if not setting.contested:
        return "not contested: no more options than places"
    if len(moments) < 2 or votes[-1].sum() <= 0:
        return "no votes, or no release before the last that changed anything"
    path = CountPath(hours=np.array([clock.hours(moment) for moment in moments]), votes=votes, night_hours=clock.night_hours)
    return ArchiveContest(
        election_id=clock.election_id,
        count=RunningCount(
            setting=setting,
            path=path,
            feed=clock.feed,
            cells=_cells(tables["parts"].get(contest_id), moments, options, archive.ballots),
            stated=_stated(archive, contest_id, path, clock),
        ),
        released_at=tuple(moment.isoformat() for moment in moments),
        good=np.array([final.get(option, {}).get("outcome") in GOOD_OUTCOMES for option in options]),
        advanced=any(r["outcome"] == "advanced" for r in final.values()),
    )


def _setting(row: Mapping[str, Any], options: tuple[str, ...], final: Mapping[str, Mapping[str, Any]], clock: _Clock) -> ContestSetting:
    eligible = tuple(option.lower() not in AGGREGATES for option in options)
    majority = row["rule"] == "majority_or_runoff" and sum(eligible) > 2
    state, office, title = str(row["state"] or ""), str(row.get("office_class") or ""), str(row["name"] or "")
    return ContestSetting(
        id=str(row["contest_id"]),
        title=title,
        options=options,
        parties=tuple(str(final.get(option, {}).get("party") or "") for option in options),
        eligible=eligible,
        slots=2 if row["rule"] == "top_two" or majority else 1 if row["rule"] == "majority_or_runoff" else int(row["number_elected"]),
        majority=majority,
        first_round=majority or row["rule"] == "top_two",
        primary_night=clock.primary,
        night=clock.night,
        state=state,
        office=office,
        counties={clock.county: 1.0} if clock.county else {},
        district=district_key(state, office, title),
    )


def _wide(frame: pl.DataFrame, column: str) -> tuple[list[datetime], tuple[str, ...], Floats]:
    """Return times (oldest first), names, and votes of shape (time, name); a name missing at a time keeps its last votes."""
    import polars as pl

    frame = frame.select("released_at", pl.col(column).cast(pl.String).alias("name"), pl.col("votes").cast(pl.Float64))
    wide = (
        frame.group_by("released_at", "name")
        .agg(pl.col("votes").sum())
        .pivot("name", index="released_at", values="votes")
        .sort("released_at")
    )
    names = sorted(wide.columns[1:])
    table = wide.select(names).fill_null(strategy="forward").fill_null(0.0).to_numpy()
    return [_aware(moment) for moment in wide["released_at"].to_list()], tuple(names), np.asarray(table, dtype=np.float64)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _changed(votes: Floats) -> Flags:
    """Mark the looks that have votes and differ from the one before. A release that repeats a contest says nothing new about it."""
    changed = np.ones(len(votes), dtype=bool)
    changed[1:] = (votes[1:] != votes[:-1]).any(axis=1)
    return np.asarray(changed & (votes.sum(axis=1) > 0))


def _cells(
    frame: pl.DataFrame | None, moments: list[datetime], options: tuple[str, ...], ballots: pl.DataFrame | None
) -> UnitCounts | None:
    """Return the count by unit and count type at each look: the newest rows of every unit that are not later."""
    import polars as pl

    if frame is None or not len(frame):
        return None
    rows = frame.select(pl.col("released_at", "votes"), pl.col("unit", "count_type", "option").cast(pl.String))
    if rows["count_type"].n_unique() > 1:
        rows = rows.filter(pl.col("count_type") != CountType.TOTAL)
    times = sorted(rows["released_at"].unique().to_list())
    axes = (times, sorted(rows["unit"].unique().to_list()), sorted(rows["count_type"].unique().to_list()), list(options))
    table = np.full([len(axis) for axis in axes], np.nan)
    names = ("released_at", "unit", "count_type", "option")
    places = [rows[name].replace_strict(axis, range(len(axis)), default=-1).to_numpy() for name, axis in zip(names, axes, strict=True)]
    known = places[3] >= 0
    table[tuple(place[known] for place in places)] = rows["votes"].to_numpy()[known]
    stamps = np.array([_aware(moment).timestamp() for moment in times])
    at = np.searchsorted(stamps, [moment.timestamp() for moment in moments], side="right") - 1
    seen = filled_forward(table)[np.maximum(at, 0)]
    units = tuple(axes[1])
    sizes = _unit_sizes(ballots, str(frame["contest_id"][0]), units)
    return UnitCounts(units=units, votes=np.where((at >= 0)[:, None, None, None], seen, 0.0), sizes=sizes)


def _unit_sizes(ballots: pl.DataFrame | None, contest_id: str, units: tuple[str, ...]) -> Floats | None:
    """Return how large each unit is by what was printed before the first vote: the precincts of this contest in it; None if nobody says."""
    import polars as pl

    if ballots is None or not {"contest_id", "unit", "precincts_total"} <= set(ballots.columns):
        return None
    rows = ballots.filter((pl.col("contest_id").cast(pl.String) == contest_id) & (pl.col("precincts_total") > 0))
    first = dict(rows.group_by("unit", maintain_order=True).agg(pl.col("precincts_total").first()).iter_rows())
    return np.array([float(first.get(unit, np.nan)) for unit in units]) if first.keys() & set(units) else None


def _stated(archive: ArchiveTables, contest_id: str, path: CountPath, clock: _Clock) -> Stated | None:
    """Return the newest statement at each look, about this contest or, where there is none, about the whole jurisdiction."""
    own = _statements(archive.outstanding, contest_id)
    counted = list(zip(path.hours.tolist(), path.total.tolist(), strict=True)) if own else []
    said = own or _statements(archive.outstanding, "")
    counted = counted or _jurisdiction_ballots(archive.ballots, clock)
    pairs = [(clock.hours(at), ballots / known) for at, ballots in said if (known := _at(counted, clock.hours(at)))]
    if not pairs:
        return None
    hours = np.array([hour for hour, _ in pairs])
    at = np.searchsorted(hours, path.hours, side="right") - 1
    newest = np.maximum(at, 0)
    ratio = np.array([ratio for _, ratio in pairs])[newest]
    return Stated(ratio=np.where(at >= 0, ratio, np.nan), hours=np.where(at >= 0, hours[newest], np.nan))


def _statements(frame: pl.DataFrame | None, contest_id: str) -> list[tuple[datetime, float]]:
    """Return time and ballots of the statements about a contest ("" for the jurisdiction), oldest first; without a total its categories."""
    import polars as pl

    if frame is None or not {"contest_id", "category", "as_of", "ballots"} <= set(frame.columns):
        return []
    about = pl.col("contest_id").cast(pl.String).fill_null("") == contest_id
    whole, parts = pl.col("ballots").filter(pl.col("category") == "total"), pl.col("ballots").filter(pl.col("category") != "total")
    said = frame.filter(about & (pl.col("ballots") >= 0)).group_by("as_of").agg(whole.last().alias("total"), parts.sum().alias("parts"))
    return sorted(
        (moment, float(parts if total is None else total)) for at, total, parts in said.iter_rows() if (moment := _moment(at)) is not None
    )


def _jurisdiction_ballots(frame: pl.DataFrame | None, clock: _Clock) -> list[tuple[float, float]]:
    """Return hours and ballots counted in a feed that covers one jurisdiction; nothing where it covers several."""
    import polars as pl

    if frame is None or not {"contest_id", "unit", "released_at", "ballots_counted"} <= set(frame.columns):
        return []
    rows = frame.filter(pl.col("contest_id").cast(pl.String).fill_null("") == "").drop_nulls("ballots_counted")
    if rows["unit"].n_unique() != 1:
        return []
    return sorted(
        (clock.hours(moment), float(n)) for at, n in rows.select("released_at", "ballots_counted").iter_rows() if (moment := _moment(at))
    )


def _jurisdiction(frame: pl.DataFrame | None) -> str:
    """Return the one unit that ballots of the whole jurisdiction are reported for, "" if there are several or none."""
    import polars as pl

    if frame is None or not {"contest_id", "unit"} <= set(frame.columns):
        return ""
    units = frame.filter(pl.col("contest_id").cast(pl.String).fill_null("") == "")["unit"].drop_nulls().unique().to_list()
    return str(units[0]) if len(units) == 1 and units[0] != ALL_UNITS else ""


def _at(series: list[tuple[float, float]], hour: float) -> float:
    """Return the newest value of a series at an hour, 0 if there is none. A minute's grace: statements carry the time of their release."""
    return next((value for when, value in reversed(series) if when <= hour + 0.02), 0.0)


def all_contests(elections: tuple[ArchiveElection, ...]) -> Iterator[ArchiveContest]:
    """Yield the contests of several archives."""
    for election in elections:
        yield from election.contests
