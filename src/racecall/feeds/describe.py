"""What is in a release, in a few numbers: for `racecall feed check`, before anything is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from racecall.model.counts import CountType
from racecall.model.release import Release
from racecall.model.units import ALL_UNITS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestSummary:
    """One contest of a release.

    Args:
        key: The contest as the source names it.
        options: How many options it lists.
        units: How many reporting units it is counted in, `ALL_UNITS` not included.
        count_types: The count types in the file.
        votes: All votes: the printed totals where there are any, else the sum of the parts; None if no figure is reported [votes].
        withheld: Cells that are blank or withheld.
    """

    key: str
    options: int
    units: int
    count_types: tuple[str, ...]
    votes: int | None
    withheld: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSummary:
    """One release.

    Args:
        published_at: When it is from, None if the file does not say.
        source: Who published it.
        status: NIST results status.
        contests: Its contests, in the file's order.
        units: Distinct reporting units over all contests.
        ballots: Kinds of ballots in its table of ballots.
    """

    published_at: datetime | None
    source: str
    status: str
    contests: tuple[ContestSummary, ...]
    units: int
    ballots: tuple[str, ...]

    @property
    def votes(self) -> int:
        """All votes in all contests."""
        return sum(contest.votes or 0 for contest in self.contests)


def describe(release: Release) -> ReleaseSummary:
    """Say what is in a release."""
    import polars as pl

    counts = release.counts
    votes = dict(contest_votes(counts).rows())
    facts = counts.group_by("contest", maintain_order=True).agg(
        pl.col("option").n_unique().alias("options"),
        pl.col("unit").filter(pl.col("unit") != ALL_UNITS).n_unique().alias("units"),
        pl.col("count_type").unique(maintain_order=True),
        pl.col("votes").null_count().alias("withheld"),
    )
    contests = tuple(
        ContestSummary(key=key, options=options, units=units, count_types=tuple(types), votes=votes[key], withheld=withheld)
        for key, options, units, types, withheld in facts.rows()
    )
    return ReleaseSummary(
        published_at=release.published_at,
        source=release.source,
        status=release.status.value,
        contests=contests,
        units=counts.filter(pl.col("unit") != ALL_UNITS)["unit"].n_unique(),
        ballots=tuple(release.ballots["kind"].unique(maintain_order=True)),
    )


def contest_votes(counts: pl.DataFrame) -> pl.DataFrame:
    """Return all votes of each contest: a printed total before its parts, so that nothing is counted twice."""
    import polars as pl

    is_total = pl.col("count_type") == CountType.TOTAL
    units = counts.group_by("contest", "unit", "option", maintain_order=True).agg(
        votes=pl.coalesce(pl.col("votes").filter(is_total).first(), _sum(pl.col("votes").filter(~is_total)))
    )
    whole = pl.col("unit") == ALL_UNITS
    options = units.group_by("contest", "option", maintain_order=True).agg(
        votes=pl.coalesce(pl.col("votes").filter(whole).first(), _sum(pl.col("votes").filter(~whole)))
    )
    return options.group_by("contest", maintain_order=True).agg(votes=_sum(pl.col("votes")))


def _sum(votes: pl.Expr) -> pl.Expr:
    """Add up what is reported; null if nothing is."""
    import polars as pl

    return pl.when(votes.count() > 0).then(votes.sum())
