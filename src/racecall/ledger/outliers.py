"""Units that stand apart, and options left out: columns that were shifted in a precinct, a candidate with zeros where votes were due.

Precincts of one contest differ, and in a known way: for nearly every precinct there are others like it. What a moved column makes is a
precinct that is like no other. So a unit is compared with the third nearest of the others, option by option, on a scale on which a share
has the same spread wherever it lies; two wrong units that are alike do not vouch for each other. Distance from the middle was tried and
dropped: where towns differ, nothing that a wrong column does is far from it.

An option that is at zero in one count type, as in DeKalb County in 2022, is at zero nearly everywhere, and no unit stands out. It is found
by the share of the counted votes that lies in units where the option has none, although its share elsewhere would have brought it ten.

Both limits are measured and not derived: `docs/methods/outliers.md` has the rates of false alarms.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from racecall.model.contest import Contest, Election
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity
from racecall.model.units import ALL_UNITS
from racecall.model.words import some
from racecall.origin import Origin

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

FEWEST_UNITS = 15
"""Below this a third nearest unit may be half of the contest away."""
NEAREST = 3
"""Two units wrong in the same way are still alone."""
SPREAD = 0.35
"""What units that are alike may differ by beyond chance, in radians of 2 asin √share: 17 points around a share of one half."""
APART = 3.0
"""Distance from which a unit stands apart: 99.5% of 3,320 first rounds and runoffs of Louisiana have no unit beyond it."""
EXPECTED = 20
"""Votes that an option's share elsewhere must promise in a unit before its zero there says something [votes]."""
LEAST_SHARE = 0.05
"""A local candidate with less has no vote in half of a state's counties, and rightly so."""
ZEROED = 0.20
"""Part of a count type's votes that may lie in such units; 99.8% of the same contests stay below."""
SCREENS = (200, 2000)
"""Units to compare with first. A unit that is near three of some is near three of all, so most need no more."""
ROWS = 512
"""Units compared at a time, so that no table of all pairs is made."""


def check_units(counts: pl.DataFrame, election: Election, *, origin: Origin) -> Iterator[Finding]:
    """Find units that stand apart and options left out, in the contests that have enough units.

    Args:
        counts: Counts of a release, columns `COUNT_COLUMNS`, with our ids.
        election: For names.
        origin: The release.
    """
    import polars as pl

    detail = counts.filter((pl.col("unit") != ALL_UNITS) & pl.col("votes").is_not_null())
    many = detail.group_by("contest", maintain_order=True).agg(pl.col("unit").n_unique()).filter(pl.col("unit") >= FEWEST_UNITS)
    for name in many["contest"]:
        contest, rows = election.contest(name), detail.filter(pl.col("contest") == name)
        yield from _zeroed(contest, rows, origin)
        yield from _apart(contest, rows, origin)


# -- an option that is at zero where votes were due --------------------------------------------------------------------------------------


def _zeroed(contest: Contest, rows: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    import polars as pl

    people = {option.id: option.name for option in contest.options if option.is_person}
    found = left_out(rows).filter((pl.col("part") > ZEROED) & pl.col("option").is_in(list(people)))
    for row in found.to_dicts():
        kind = "" if row["count_type"] == CountType.TOTAL else f" ({row['count_type']})"
        yield Finding(
            check="zeroed_option",
            severity=Severity.HOLD_CALLS,
            contest=contest.id,
            option=row["option"],
            count=row["units"],
            origin=origin,
            problem=f"{people[row['option']]} has no vote in {some(row['units'], 'unit')}{kind} that counted {row['counted']:,} votes; "
            f"at the {100 * row['share']:.1f}% of the units that have any, {row['share'] * row['counted']:,.0f} were to be expected.",
            next_step="A name may be missing from the machines, or a column from the file. Ask the office before accepting.",
        )


def left_out(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the options that are at zero where votes were due, by count type.

    Args:
        rows: Counts of one contest by unit; a printed total is left out where there are count types.

    Returns:
        Columns `count_type`, `option`, `units`, `counted` (all votes of these units) [votes], `share` (the option's, where it has any),
        `part` (of the votes of the count type).
    """
    import polars as pl

    parts = rows.filter(pl.col("count_type") != CountType.TOTAL)
    cells = (parts if parts.height else rows).with_columns(counted=pl.col("votes").sum().over("unit", "count_type"))
    has = pl.col("votes") > 0
    share = pl.col("votes").sum() / pl.col("counted").filter(has).sum()
    shares = cells.with_columns(share=share.over("option")).filter(~has & pl.col("share").is_between(LEAST_SHARE, 1))
    due = shares.filter(pl.col("share") * pl.col("counted") >= EXPECTED)
    whole = cells.group_by("count_type").agg(pl.col("votes").sum().alias("whole"), pl.col("unit").n_unique().alias("all_units"))
    found = due.group_by("count_type", "option").agg(
        pl.col("unit").n_unique().alias("units"), pl.col("counted").sum(), pl.col("share").first()
    )
    many = found.join(whole.filter(pl.col("all_units") >= FEWEST_UNITS), on="count_type")
    return many.with_columns(part=pl.col("counted") / pl.col("whole")).sort("count_type", "option")


# -- units that stand apart --------------------------------------------------------------------------------------------------------------


def _apart(contest: Contest, rows: pl.DataFrame, origin: Origin) -> Iterator[Finding]:
    units, options, votes = matrix(rows)
    if len(units) < FEWEST_UNITS:
        return
    far = distances(votes)
    alone = sorted((at for at, distance in enumerate(far) if distance > APART), key=lambda at: -far[at])
    if alone:
        first = alone[0]
        names = ", ".join(units[at] for at in alone[1:3]) + (" …" if len(alone) > 3 else "")
        yield Finding(
            check="outlying_units",
            severity=Severity.HOLD_CALLS,
            contest=contest.id,
            unit=units[first],
            count=len(alone),
            origin=origin,
            problem=f"Unit {units[first]} is like no other: {_oddest(contest, options, votes, first)}"
            + (f"; so {'is' if len(alone) == 2 else 'are'} {names}." if names else "."),
            next_step="Compare it with the office's own page: columns may have moved there, or votes be missing.",
        )


def _oddest(contest: Contest, options: Sequence[str], votes: NDArray[np.int64], unit: int) -> str:
    """Say which option's share is furthest from that of the whole contest."""
    shares = 100 * votes / votes.sum(axis=1, keepdims=True)
    whole = 100 * votes.sum(axis=0) / votes.sum()
    option = int(abs(_angles(votes)[unit] - _angles(votes.sum(axis=0, keepdims=True))[0]).argmax())
    counted = f"{votes[unit, option]:,} of {votes[unit].sum():,} votes"
    return f"{contest.name_of(options[option])} has {counted} ({shares[unit, option]:.1f}%), in the whole contest {whole[option]:.1f}%"


def matrix(rows: pl.DataFrame) -> tuple[list[str], list[str], NDArray[np.int64]]:
    """Return the units that have votes, the options, and the votes, shape (unit, option) [votes]; a printed total goes before its parts."""
    import numpy as np
    import polars as pl

    is_total = pl.col("count_type") == CountType.TOTAL
    cells = rows.filter(is_total | ~is_total.any().over("unit", "option"))
    unit, option = (cells[column].rank("dense").to_numpy().astype(np.intp) - 1 for column in ("unit", "option"))
    units, options = (cells[column].unique().sort().to_list() for column in ("unit", "option"))
    votes = np.zeros((len(units), len(options)), dtype=np.int64)
    np.add.at(votes, (unit, option), cells["votes"].to_numpy())
    counted = np.flatnonzero(votes.sum(axis=1))
    return [units[at] for at in counted], options, votes[counted]


def distances(votes: NDArray[np.int64], *, above: float = APART) -> NDArray[np.float64]:
    """Return how far each unit is from the third nearest of the others, in standard deviations of like units.

    The distance of two units is that of the option in which they differ most: | 2 asin √a - 2 asin √b | over the root of 1/m + 1/n +
    SPREAD², for shares a and b of m and n votes.

    Args:
        votes: Votes, shape (unit, option), each unit with at least one [votes].
        above: Distances below this need not be exact; they are then too large, and still below.

    Source:
        F. J. Anscombe, "The transformation of Poisson, binomial and negative-binomial data", Biometrika 35 (1948), for the angle; the
        third neighbour and the spread are ours, docs/methods/outliers.md.
    """
    import numpy as np

    angles, noise = _angles(votes), 1 / votes.sum(axis=1)
    found = np.full(len(votes), np.inf)
    order = np.argsort(angles[:, votes.sum(axis=0).argmax()], kind="stable")
    for screen in (*SCREENS, len(votes)):
        beside = np.unique(order[np.linspace(0, len(order) - 1, min(screen, len(order))).astype(np.intp)])
        left = np.flatnonzero(found > above)
        for start in range(0, len(left), ROWS):
            some_units = left[start : start + ROWS]
            found[some_units] = _third_nearest(angles, noise, some_units, beside)
    return found


def _third_nearest(
    angles: NDArray[np.float64], noise: NDArray[np.float64], units: NDArray[np.intp], beside: NDArray[np.intp]
) -> NDArray[np.float64]:
    import numpy as np

    apart = np.zeros((len(units), len(beside)))
    for option in range(angles.shape[1]):
        np.maximum(apart, abs(angles[units, option][:, None] - angles[beside, option]), out=apart)
    apart /= np.sqrt(noise[units][:, None] + noise[beside] + SPREAD**2)
    apart[units[:, None] == beside] = np.inf
    third: NDArray[np.float64] = np.partition(apart, NEAREST - 1, axis=1)[:, NEAREST - 1]
    return third


def _angles(votes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shares as angles whose spread by chance does not depend on the share, only on the votes counted."""
    import numpy as np

    angles: NDArray[np.float64] = 2 * np.arcsin(np.sqrt((votes + 3 / 8) / (votes.sum(axis=1, keepdims=True) + 3 / 4)))
    return angles
