"""One number an option, from whatever detail a source prints.

Inside a unit a printed total stands beside its count types, and for the whole contest a printed total (unit ``all``) stands beside its
units. Totals are never added to their parts. Where both are printed they must agree; where they do not, the printed total is shown and the
difference is a finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

from racecall.ledger.records import ContestCount
from racecall.ledger.resolve import Resolution
from racecall.model.contest import Election
from racecall.model.counts import BallotKind, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest
from racecall.model.units import ALL_UNITS
from racecall.model.words import some

if TYPE_CHECKING:
    import polars as pl

KEYS = ("contest", "unit", "option")


def by_unit(counts: pl.DataFrame) -> pl.DataFrame:
    """Return one row a contest x unit x option: `votes` (the printed total, else the sum of the count types), `printed`, `parts`."""
    import polars as pl

    is_total = pl.col("count_type") == CountType.TOTAL
    if counts.select(is_total.all()).item() and counts.select(_numbers()).n_unique() == counts.height:
        # Each row is a printed total and alone. Grouping 1.6 million takes a second, and numbers made of the keys a tenth of one:
        # where these differ, so do the keys.
        return counts.select(*KEYS, printed="votes", parts=pl.lit(None, pl.Int64), withheld=pl.lit(0, pl.UInt32), votes="votes")
    printed = pl.col("votes").filter(is_total).first().alias("printed")
    parts = pl.col("votes").filter(~is_total)
    split = counts.group_by(*KEYS, maintain_order=True).agg(
        printed, pl.when(parts.count() > 0).then(parts.sum()).alias("parts"), parts.null_count().alias("withheld")
    )
    return split.with_columns(votes=pl.coalesce("printed", "parts"))


def _numbers() -> pl.Expr:
    """Return a number made of the keys of each row."""
    import polars as pl

    return reduce(add, [pl.col(key).hash(seed) for seed, key in enumerate(KEYS)])


def by_contest(units: pl.DataFrame) -> pl.DataFrame:
    """Return one row a contest x option from `by_unit`: `votes`, `printed` (unit ``all``), `parts` (sum over the other units)."""
    import polars as pl

    is_all = pl.col("unit") == ALL_UNITS
    printed = pl.col("votes").filter(is_all).first().alias("printed")
    parts = pl.col("votes").filter(~is_all)
    split = units.group_by("contest", "option", maintain_order=True).agg(
        printed, pl.when(parts.count() > 0).then(parts.sum()).alias("parts"), parts.null_count().alias("withheld")
    )
    return split.with_columns(votes=pl.coalesce("printed", "parts"))


def contest_counts(
    resolution: Resolution, election: Election
) -> tuple[dict[str, ContestCount], dict[BallotKind, int], tuple[Finding, ...]]:
    """Return the count of every contest, the ballots of the whole jurisdiction, and where parts and totals disagree."""
    counts = resolution.release.counts
    flat = _is_flat(counts)
    units = counts.rename({"votes": "printed"}).with_columns(votes="printed") if flat else by_unit(counts)
    totals = units if flat else by_contest(units)
    ballots = _ballots(resolution.release.ballots)
    votes: dict[str, dict[str, int]] = {}
    for contest, option, number in totals.select("contest", "option", "votes").rows():
        votes.setdefault(contest, {}).update({} if number is None else {option: number})
    number = {} if flat else _units(units)
    made = {contest: _count(contest, votes[contest], resolution, ballots.get(contest, {}), number.get(contest, 0)) for contest in votes}
    findings = () if flat else (*_unit_findings(units, resolution, election), *_contest_findings(totals, resolution, election))
    return made, ballots.get("", {}), findings


def _is_flat(counts: pl.DataFrame) -> bool:
    """Whether the source prints nothing but contest totals (Los Angeles County): then there is nothing to add up."""
    import polars as pl

    return bool(counts.select(((pl.col("unit") == ALL_UNITS) & (pl.col("count_type") == CountType.TOTAL)).all()).item())


def _units(units: pl.DataFrame) -> dict[str, int]:
    """Number of units with counts of their own, by contest."""
    import polars as pl

    own = units.filter((pl.col("unit") != ALL_UNITS) & pl.col("votes").is_not_null())
    return dict(own.group_by("contest").agg(pl.col("unit").n_unique()).iter_rows())


def _count(contest: str, votes: Mapping[str, int], resolution: Resolution, ballots: Mapping[BallotKind, int], units: int) -> ContestCount:
    unknown = resolution.unknown.get(contest, frozenset())
    listed = resolution.listed.get(contest, ListedContest(key="", title=""))
    return ContestCount(
        votes={option: number for option, number in votes.items() if option not in unknown},
        unknown={option: number for option, number in votes.items() if option in unknown},
        ballots=ballots,
        units_reported=listed.units_reported,
        units_total=listed.units_total,
        units=units,
    )


def _ballots(ballots: pl.DataFrame) -> dict[str, dict[BallotKind, int]]:
    """Ballots by contest and kind: printed totals, else sums; kinds that are not reported stay out."""
    if not ballots.height:
        return {}
    renamed = ballots.rename({"kind": "option", "ballots": "votes"})
    found: dict[str, dict[BallotKind, int]] = {}
    for contest, kind, number in by_contest(by_unit(renamed)).select("contest", "option", "votes").rows():
        if number is not None:
            found.setdefault(contest, {})[BallotKind(kind)] = number
    return found


def _unit_findings(units: pl.DataFrame, resolution: Resolution, election: Election) -> Iterator[Finding]:
    import polars as pl

    wrong = units.filter(pl.col("printed").is_not_null() & pl.col("parts").is_not_null() & (pl.col("printed") != pl.col("parts")))
    wrong = wrong.filter(pl.col("withheld") == 0)
    for contest, rows in _by_contest(wrong):
        first = rows[0]
        yield Finding(
            check="methods_do_not_add_up",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            unit=first["unit"],
            option=first["option"],
            count=len(rows),
            problem=f"Printed totals and count types disagree in {some(len(rows), 'cell')}; first: unit {first['unit']}, "
            f"{election.contest(contest).name_of(first['option'])}: total {first['printed']:,}, count types {first['parts']:,}.",
            next_step="Check the columns against the source: a column may have been moved, or a count type left out.",
            origin=resolution.release.origin,
        )


def _contest_findings(totals: pl.DataFrame, resolution: Resolution, election: Election) -> Iterator[Finding]:
    import polars as pl

    wrong = totals.filter(pl.col("printed").is_not_null() & pl.col("parts").is_not_null() & (pl.col("printed") != pl.col("parts")))
    wrong = wrong.filter((pl.col("withheld") == 0) | (pl.col("parts") > pl.col("printed")))
    for contest, rows in _by_contest(wrong):
        first = rows[0]
        yield Finding(
            check="parts_do_not_add_up",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            option=first["option"],
            count=len(rows),
            problem=f"{election.contest(contest).name_of(first['option'])}: the printed total is {first['printed']:,}, the reporting units "
            f"add up to {first['parts']:,}" + (f"; {some(len(rows) - 1, 'other option')} as well." if len(rows) > 1 else "."),
            next_step="A unit may be missing or loaded twice. Compare with the source before accepting.",
            origin=resolution.release.origin,
        )


def _by_contest(wrong: pl.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for contest in wrong.get_column("contest").unique(maintain_order=True):
        yield contest, wrong.filter(wrong.get_column("contest") == contest).to_dicts()
