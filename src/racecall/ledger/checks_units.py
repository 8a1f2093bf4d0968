"""What looks wrong in single units: counts that fall, units that vanish or double, more votes than paper and more paper than people.

A total can rise while a precinct falls, so the cells of a release are laid beside those of the release before. The findings' names are
in `racecall.ledger.checks.CHECKS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from racecall.ledger.totals import by_unit
from racecall.model.contest import Election
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity
from racecall.model.units import ALL_UNITS
from racecall.model.words import some
from racecall.origin import Origin

if TYPE_CHECKING:
    import polars as pl

DOUBLED = 20
"""Votes from which a unit that doubles in every option is a finding: at fewer, one more ballot for each may do it [votes]."""


def check_cells(before: pl.DataFrame, after: pl.DataFrame, contests: Election, *, origin: Origin) -> Iterator[Finding]:
    """Compare two releases cell by cell: falls hidden inside a rising total, units that vanish, units that double.

    Args:
        before: Counts of the release before, columns `COUNT_COLUMNS`.
        after: Counts of the new release.
        contests: The election, for names.
        origin: The new release.
    """
    both = before.join(after, on=["contest", "unit", "count_type", "option"], how="inner", suffix="_after")
    yield from _falls(both, contests, origin)
    yield from _gone(before, after, origin)
    yield from _doubled(both, origin)


def _falls(both: pl.DataFrame, contests: Election, origin: Origin) -> Iterator[Finding]:
    import polars as pl

    whole = (pl.col("unit") == ALL_UNITS) & (pl.col("count_type") == CountType.TOTAL)  # `checks.falls` looks at it
    for contest, rows in _grouped(both.filter(~whole & (pl.col("votes_after") < pl.col("votes")))):
        worst = min(rows, key=lambda row: row["votes_after"] - row["votes"])
        where = f"unit {worst['unit']}, {contests.contest(contest).name_of(worst['option'])}, {worst['count_type']}"
        yield Finding(
            check="fall",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            unit=worst["unit"],
            option=worst["option"],
            count=len(rows),
            origin=origin,
            problem=f"Counts fall in {some(len(rows), 'cell')}; the largest: {where}: from {worst['votes']:,} to {worst['votes_after']:,}.",
            next_step="Counts do not usually fall. If the office has corrected itself, accept the finding with its words as the reason.",
        )


def _gone(before: pl.DataFrame, after: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    import polars as pl

    units = before.select("contest", "unit").unique().join(after.select("contest", "unit").unique(), on=["contest", "unit"], how="anti")
    followed = units.join(after.select("contest").unique(), on="contest", how="semi")
    for contest, rows in _grouped(followed.filter(pl.col("unit") != ALL_UNITS).sort("contest", "unit")):
        yield Finding(
            check="missing_units",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            count=len(rows),
            origin=origin,
            problem=f"Not in this release, though in the one before: {some(len(rows), 'unit')}: {_names(rows)}.",
            next_step="Was the file cut off, or were units merged? Compare with the source before accepting.",
        )


def _doubled(both: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    """Monmouth County, 2022: the memory of six districts was loaded twice, and the wrong person was seated."""
    import polars as pl

    changed = both.filter((pl.col("unit") != ALL_UNITS) & (pl.col("votes_after") == 2 * pl.col("votes")))
    units = changed.filter(pl.col("votes") > 0).group_by("contest", "unit").agg(pl.len().alias("options"), pl.col("votes").sum())
    some_doubled = units.filter((pl.col("options") > 1) & (pl.col("votes") >= DOUBLED)).select("contest", "unit")
    others = both.filter(pl.col("votes_after") != 2 * pl.col("votes")).join(some_doubled, on=["contest", "unit"], how="semi")
    wholly = some_doubled.join(others, on=["contest", "unit"], how="anti").sort("contest", "unit")
    for contest, rows in _grouped(wholly):
        yield Finding(
            check="doubled_units",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            unit=rows[0]["unit"],
            count=len(rows),
            origin=origin,
            problem=f"Exactly twice the votes of the release before, for every option, in {some(len(rows), 'unit')}: {_names(rows)}.",
            next_step="A batch was probably loaded twice. Compare the votes with the voters who came before accepting.",
        )


def check_ballots(counts: pl.DataFrame, ballots: pl.DataFrame, contests: Election, *, origin: Origin) -> Iterator[Finding]:
    """Compare each unit's votes with its ballots, and its ballots with its voters; whole contests are looked at in `checks`.

    Args:
        counts: Counts of the release, columns `COUNT_COLUMNS`.
        ballots: Ballots of the release, columns `BALLOT_COLUMNS`.
        contests: The election, for votes allowed.
        origin: The release.
    """
    import polars as pl

    paper = ballots.filter(pl.col("unit") != ALL_UNITS) if ballots.height else ballots
    if not paper.height:
        return
    kinds = by_unit(paper.rename({"kind": "option", "ballots": "votes"})).pivot(on="option", index=["contest", "unit"], values="votes")
    kinds = kinds.with_columns(pl.lit(None, pl.Int64).alias(kind) for kind in ("cast", "registered") if kind not in kinds.columns)
    votes = by_unit(counts.filter(pl.col("unit") != ALL_UNITS)).group_by("contest", "unit").agg(pl.col("votes").sum())
    allowed = pl.DataFrame([(contest.id, contest.votes_allowed) for contest in contests], ["contest", "allowed"], orient="row")
    units = kinds.join(votes, on=["contest", "unit"], how="left").join(allowed, on="contest", how="left").sort("contest", "unit")
    yield from _crowded(units.filter(pl.col("votes") > pl.col("cast") * pl.col("allowed")), origin)
    yield from _overfull(units.filter(pl.col("cast") > pl.col("registered")), origin)


def _crowded(units: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    for contest, rows in _grouped(units):
        worst = max(rows, key=lambda row: row["votes"] - row["cast"] * row["allowed"])
        yield Finding(
            check="votes_above_ballots",
            severity=Severity.HOLD_CALLS,
            contest=contest,
            unit=worst["unit"],
            count=len(rows),
            origin=origin,
            problem=f"Unit {worst['unit']}: {worst['votes']:,} votes on {worst['cast']:,} ballots, with {worst['allowed']} allowed on each"
            f"{_more(rows)}.",
            next_step="Either a column was misread or a batch was loaded twice.",
        )


def _overfull(units: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    for contest, rows in _grouped(units):
        worst = max(rows, key=lambda row: row["cast"] - row["registered"])
        yield Finding(
            check="ballots_above_registered",
            severity=Severity.HOLD_PUBLICATION,
            contest=contest,
            unit=worst["unit"],
            count=len(rows),
            origin=origin,
            problem=f"Unit {worst['unit']}: {worst['cast']:,} ballots counted, {worst['registered']:,} voters on the roll{_more(rows)}.",
            next_step="Same-day registrations may not be on the roll yet; otherwise a batch was loaded twice.",
        )


def _more(rows: Sequence[Mapping[str, Any]]) -> str:
    return f"; {some(len(rows) - 1, 'other unit')} as well" if len(rows) > 1 else ""


def _names(rows: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(row["unit"] for row in rows[:3]) + (" …" if len(rows) > 3 else "")


def _grouped(frame: pl.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for (contest,), rows in frame.group_by("contest", maintain_order=True):
        yield str(contest), rows.to_dicts()
