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
from dataclasses import dataclass
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
"""Distance from which a unit stands apart: 99.7% of 4,274 contests of Louisiana have no unit beyond it."""
EXPECTED = 20
"""Votes that an option's share elsewhere must promise in a unit before its zero there says something [votes]."""
LEAST_SHARE = 0.05
"""A local candidate with less has no vote in half of a state's counties, and rightly so."""
ZEROED = 0.20
"""Part of a count type's votes that may lie in such units; 99.9% of the same contests stay below."""
SCREENS = (30, 300)
"""Units to compare with first. A unit that is near three of some is near three of all, so most need no more."""
PAIRS = 100_000
"""Pairs of units compared at a time: no table of all of them is made, and what is made stays in the processor's cache."""


def check_units(counts: pl.DataFrame, election: Election, *, origin: Origin) -> Iterator[Finding]:
    """Find units that stand apart and options left out, in the contests that have enough units.

    Args:
        counts: Counts of a release, columns `COUNT_COLUMNS`, with our ids.
        election: For names.
        origin: The release.
    """
    import polars as pl

    words = ["contest", "unit", "count_type", "option"]
    detail = counts.filter((pl.col("unit") != ALL_UNITS) & pl.col("votes").is_not_null()).select(
        pl.col(words).cast(pl.Categorical), "votes"
    )
    ordered = detail.sort(pl.col("contest").to_physical(), maintain_order=True)
    codes, start = [_codes(ordered[axis]) for axis in AXES], 0
    for length, name in ordered["contest"].rle().struct.unnest().rows():
        cells, contest = _cells(ordered.slice(start, length), [all_[start : start + length] for all_ in codes]), election.contest(name)
        start += length
        yield from _zeroed(contest, cells, origin)
        yield from _apart(contest, cells, origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of one contest.

    Args:
        types, options: Names, in the order of the axes.
        units: One row of `rows` for each unit, in the order of the axis.
        rows: The table they were made from.
        votes: Shape (type, unit, option) [votes].
        listed: Whether the file has the cell, same shape: an option may stand in some units only.
    """

    types: tuple[str, ...]
    units: NDArray[np.intp]
    options: tuple[str, ...]
    rows: pl.DataFrame
    votes: NDArray[np.int64]
    listed: NDArray[np.bool_]

    @property
    def parts(self) -> list[int]:
        """The count types that add up to the total; the total alone, if there are none."""
        return [at for at, name in enumerate(self.types) if name != CountType.TOTAL] or [0]

    @property
    def totals(self) -> NDArray[np.int64]:
        """Votes of all count types together, the printed total before the sum of its parts, shape (unit, option) [votes]."""
        import numpy as np

        totals: NDArray[np.int64] = self.votes[self.parts].sum(axis=0)
        if CountType.TOTAL in self.types:
            printed = self.types.index(CountType.TOTAL)
            totals = np.where(self.listed[printed], self.votes[printed], totals)
        return totals


def cells_of(rows: pl.DataFrame) -> Cells:
    """Put the counts of one contest, one row a cell, into tables."""
    return _cells(rows, [_codes(rows[axis]) for axis in AXES])


AXES = ("count_type", "unit", "option")


def _cells(rows: pl.DataFrame, codes: Sequence[NDArray[np.intp]]) -> Cells:
    import numpy as np

    kind, unit, option = map(_axis, codes)
    votes = np.zeros((len(kind[0]), len(unit[0]), len(option[0])), dtype=np.int64)
    listed = np.zeros(votes.shape, dtype=np.bool_)
    places = kind[1], unit[1], option[1]
    np.add.at(votes, places, rows["votes"].to_numpy())
    listed[places] = True
    types, options = (tuple(rows[column][axis[0].tolist()].to_list()) for column, axis in (("count_type", kind), ("option", option)))
    return Cells(types=types, units=unit[0], options=options, rows=rows, votes=votes, listed=listed)


def _codes(names: pl.Series) -> NDArray[np.intp]:
    """Return a number for each name, the same wherever it stands."""
    import numpy as np
    import polars as pl

    return names.cast(pl.Categorical).to_physical().to_numpy().astype(np.intp)


def _axis(codes: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Number the names of a column from 0: a row that has each, and the number of every row."""
    import numpy as np

    codes = codes - (codes.min() if len(codes) else 0)  # a contest of one county has few of all names, and mostly in a row
    row = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.intp)
    row[codes] = np.arange(1, len(codes) + 1)
    seen = np.flatnonzero(row)
    number = np.zeros(len(row), dtype=np.intp)
    number[seen] = np.arange(len(seen))
    return row[seen] - 1, number[codes]


# -- an option that is at zero where votes were due --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An option that is at zero in some units where votes were due.

    Args:
        units: How many.
        counted: Votes for all options there [votes].
        share: What the option has of the votes of the units that have any for it.
        part: Votes counted there, as part of those of the count type.
    """

    count_type: str
    option: str
    units: int
    counted: int
    share: float
    part: float


def left_out(cells: Cells) -> Iterator[LeftOut]:
    """Yield the options that are at zero where votes were due, in each count type of enough units."""
    import numpy as np

    votes, listed = cells.votes[cells.parts], cells.listed[cells.parts]
    counted = votes.sum(axis=2, keepdims=True)
    share = votes.sum(axis=(0, 1)) / np.maximum(1, ((votes > 0) * counted).sum(axis=(0, 1)))
    due = listed & (votes == 0) & (share * counted >= EXPECTED) & (share >= LEAST_SHARE)
    enough = listed.any(axis=2).sum(axis=1) >= FEWEST_UNITS
    for kind, option in np.argwhere(due.any(axis=1) & enough[:, None]):
        there = due[kind, :, option]
        lost = int(counted[kind, there].sum())
        yield LeftOut(
            count_type=cells.types[cells.parts[kind]],
            option=cells.options[option],
            units=int(there.sum()),
            counted=lost,
            share=float(share[option]),
            part=lost / int(counted[kind].sum()),
        )


def _zeroed(contest: Contest, cells: Cells, origin: Origin) -> Iterator[Finding]:
    people = {option.id: option.name for option in contest.options if option.is_person}
    for found in left_out(cells):
        if found.part <= ZEROED or found.option not in people:
            continue
        kind = "" if found.count_type == CountType.TOTAL else f" ({found.count_type})"
        yield Finding(
            check="zeroed_option",
            severity=Severity.HOLD_CALLS,
            contest=contest.id,
            option=found.option,
            count=found.units,
            origin=origin,
            problem=f"{people[found.option]} has no vote in {some(found.units, 'unit')}{kind} that counted {found.counted:,} votes; "
            f"at the {100 * found.share:.1f}% of the units that have any, {found.share * found.counted:,.0f} were to be expected.",
            next_step="A name may be missing from the machines, or a column from the file. Ask the office before accepting.",
        )


# -- units that stand apart --------------------------------------------------------------------------------------------------------------


def _apart(contest: Contest, cells: Cells, origin: Origin) -> Iterator[Finding]:
    import numpy as np

    totals = cells.totals
    counted = np.flatnonzero(totals.sum(axis=1))
    if len(counted) < FEWEST_UNITS:
        return
    votes = totals[counted]
    far = distances(votes)
    alone = np.flatnonzero(far > APART)
    if len(alone):
        alone = alone[np.argsort(-far[alone], kind="stable")]
        names = cells.rows["unit"][cells.units[counted[alone]].tolist()].to_list()
        others = ", ".join(names[1:3]) + (" …" if len(names) > 3 else "")
        yield Finding(
            check="outlying_units",
            severity=Severity.HOLD_CALLS,
            contest=contest.id,
            unit=names[0],
            count=len(names),
            origin=origin,
            problem=f"Unit {names[0]} is like no other: {_oddest(contest, cells.options, votes, int(alone[0]))}"
            + (f"; so {'is' if len(names) == 2 else 'are'} {others}." if others else "."),
            next_step="Compare it with the office's own page: columns may have moved there, or votes be missing.",
        )


def _oddest(contest: Contest, options: tuple[str, ...], votes: NDArray[np.int64], unit: int) -> str:
    """Say which option's share is furthest from that of the whole contest."""
    own, whole = votes[unit], votes.sum(axis=0)
    option = int(abs(_angles(own[None]) - _angles(whole[None]))[0].argmax())
    counted = f"{own[option]:,} of {own.sum():,} votes ({100 * own[option] / own.sum():.1f}%)"
    return f"{contest.name_of(options[option])} has {counted}, in the whole contest {100 * whole[option] / whole.sum():.1f}%"


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

    angles, noise = _angles(votes).astype(np.float32), (1 / votes.sum(axis=1)).astype(np.float32)
    found = np.full(len(votes), np.inf)
    order = np.argsort(angles[:, votes.sum(axis=0).argmax()], kind="stable")
    for screen in (*SCREENS, len(votes)):
        beside = order[:: max(1, len(order) // screen)]
        left = np.flatnonzero(found > above)
        for start in range(0, len(left), step := max(1, PAIRS // len(beside))):
            some_units = left[start : start + step]
            found[some_units] = _third_nearest(angles, noise, some_units, beside)
    return found


def _third_nearest(
    angles: NDArray[np.float32], noise: NDArray[np.float32], units: NDArray[np.intp], beside: NDArray[np.intp]
) -> NDArray[np.float32]:
    import numpy as np

    apart = np.zeros((len(units), len(beside)), dtype=np.float32)
    for option in range(angles.shape[1]):
        np.maximum(apart, abs(angles[units, option][:, None] - angles[beside, option]), out=apart)
    apart /= np.sqrt(noise[units][:, None] + noise[beside] + np.float32(SPREAD**2))
    apart[units[:, None] == beside] = np.inf
    third: NDArray[np.float32] = np.partition(apart, NEAREST - 1, axis=1)[:, NEAREST - 1]
    return third


def _angles(votes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Shares as angles whose spread by chance does not depend on the share, only on the votes counted."""
    import numpy as np

    angles: NDArray[np.float64] = 2 * np.arcsin(np.sqrt((votes + 3 / 8) / (votes.sum(axis=1, keepdims=True) + 3 / 4)))
    return angles
