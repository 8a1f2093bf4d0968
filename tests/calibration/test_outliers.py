"""How often units that merely differ are called outlying, and how often a damaged one is found; both tables are on the method's page.

    PYTHONPATH=tests python tests/calibration/test_outliers.py ../shared/data

prints both tables anew.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import builders as make
from racecall.feeds.frames import count_frame
from racecall.ledger.outliers import APART, FEWEST_UNITS, cells_of, check_units, distances
from racecall.model.contest import Contest, Option
from racecall.origin import Origin

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

pytestmark = pytest.mark.slow
PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "outliers.md"
SETS = ("la_sos_jungle", "oe_ca", "oe_ga", "la_county_cd34_ad51", "scale_chile2021_r1", "scale_peru2021_r1")
LARGE = 5000
"""Units from which a contest is a country's."""


# -- real contests, as published -----------------------------------------------------------------------------------------------------


def contests(shared: Path, name: str) -> "Iterator[tuple[str, pl.DataFrame]]":
    """Every contest of a stored set with its counts by unit and count type; rows of totals, over and under votes are left out."""
    import polars as pl

    stored = pl.scan_parquet(shared / "precinct" / f"{name}.parquet")
    columns = stored.collect_schema().names()
    if "row_kind" in columns:
        kinds = pl.col("row_kind").cast(pl.String).is_in(["candidate", "writein"]) & pl.col("unit_kind").cast(pl.String).is_in(
            ["unit", "pseudo"]
        )
        stored = stored.filter(kinds)
    places = [pl.col(column).cast(pl.String) for column in ("county", "precinct") if column in columns]
    option = pl.col("candidate_key" if "candidate_key" in columns else "candidate").cast(pl.String)
    cells = stored.select(
        contest=pl.col("contest_id").cast(pl.String) if "contest_id" in columns else pl.lit(name),
        unit=pl.concat_str(places, separator=" / "),
        count_type=pl.col("method").cast(pl.String),
        option=option,
        votes=pl.col("votes").cast(pl.Int64),
    )
    summed = cells.group_by("contest", "unit", "count_type", "option").agg(pl.col("votes").sum()).collect()
    for (contest,), rows in summed.group_by("contest"):
        yield str(contest), rows.sort("unit", "count_type", "option")


def group_of(name: str, contest: str, dates: Mapping[str, int]) -> str:
    """The line of the table that a contest belongs to."""
    if name == "la_sos_jungle":
        return (
            "Louisiana 1982-2023, the other dates"
            if dates[contest.split(".")[1]] % 2
            else "Louisiana 1982-2023, every other date: the limits are from here"
        )
    early = contest[3:7] in {"2014", "2015", "2016"}
    california = "California 2014-2016" if early else "California 2018-2020"
    lines = {"oe_ca": california, "oe_ga": "Georgia 2014-2024", "la_county_cd34_ad51": "Los Angeles County, one district of each house"}
    return lines.get(name, "Chile and Peru 2021, first rounds, 46,605 and 76,203 units")


def found(contest: str, rows: "pl.DataFrame") -> set[str]:
    """The checks that a contest fails."""
    names = rows["option"].unique().drop_nulls().to_list()
    options = tuple(Option(id=name, name=name, ballot_order=at) for at, name in enumerate((name for name in names if name), 1))
    election = make.election(Contest(id=contest, title=contest, rule="generic-plurality", options=options))
    return {finding.check for finding in check_units(rows, election, origin=Origin())}


def rates(shared: Path) -> list[str]:
    """The table of false alarms."""
    tally: dict[str, list[int]] = {}
    for name in SETS:
        known = {contest: rows for contest, rows in contests(shared, name) if rows["option"].n_unique() > 1}
        dates = {date: at for at, date in enumerate(sorted({contest.split(".")[1] for contest in known if "." in contest}))}
        for contest, rows in known.items():
            if cells_of(rows).totals.any(axis=1).sum() >= FEWEST_UNITS:
                checks = found(contest, rows)
                line = tally.setdefault(group_of(name, contest, dates), [0, 0, 0, 0])
                for at, one in enumerate((True, "outlying_units" in checks, "zeroed_option" in checks, bool(checks))):
                    line[at] += one
    return [
        f"| {name} | {line[0]:,} | {100 * line[1] / line[0]:.2f}% | {100 * line[2] / line[0]:.2f}% | {100 * line[3] / line[0]:.2f}% |"
        for name, line in sorted(tally.items(), reverse=True)
    ]


# -- the same contests with a unit damaged -------------------------------------------------------------------------------------------

Damage = Callable[["NDArray[np.int64]", int, "NDArray[np.intp]"], "NDArray[np.int64]"]


def zeroed(votes: "NDArray[np.int64]", unit: int, order: "NDArray[np.intp]") -> "NDArray[np.int64]":
    """The leader has no vote in the unit."""
    return np.where(np.arange(len(order)) == order[0], 0, votes[unit])


def swapped(votes: "NDArray[np.int64]", unit: int, order: "NDArray[np.intp]") -> "NDArray[np.int64]":
    """The first and the last have each other's votes."""
    row = votes[unit].copy()
    row[[order[0], order[-1]]] = row[[order[-1], order[0]]]
    return row


DAMAGES: Mapping[str, Damage] = {
    "the leader has no vote": zeroed,
    "the first and the last are swapped": swapped,
    "the columns are in reverse": lambda votes, unit, _: votes[unit][::-1],
    "the columns are moved by one": lambda votes, unit, _: np.roll(votes[unit], 1),
}


def power(shared: Path) -> list[str]:
    """The table of faults found: one unit of median size is damaged in each sixth contest of Louisiana."""
    hits: dict[tuple[str, bool], list[bool]] = {}
    clean = [(rows, name) for name, rows in contests(shared, "la_sos_jungle")]
    for rows, _ in sorted(clean, key=lambda pair: pair[1])[::6]:
        votes = cells_of(rows).totals
        votes = votes[votes.any(axis=1)]
        if len(votes) < FEWEST_UNITS or votes.shape[1] < 2:
            continue
        order, unit = np.argsort(-votes.sum(axis=0), kind="stable"), int(np.argsort(votes.sum(axis=1), kind="stable")[len(votes) // 2])
        for name, damage in DAMAGES.items():
            worse = votes.copy()
            worse[unit] = damage(votes, unit, order)
            seen = bool(worse[unit].sum() and distances(worse)[unit] > APART)
            hits.setdefault((name, votes.shape[1] > 2), []).append(seen)
    return [f"| {name} | {100 * np.mean(hits[name, False]):.0f}% | {100 * np.mean(hits[name, True]):.0f}% |" for name in DAMAGES]


def table(page: str, first: str) -> list[str]:
    """The rows of the table on the page that begins with this heading."""
    rows = page[page.index(first) :].split("\n\n", maxsplit=1)[0].splitlines()
    return rows[2:]


@pytest.mark.shared
def test_the_rates_on_the_page_are_measured(shared):
    """About five minutes; every line under 1%."""
    measured = rates(shared)

    assert measured == table(PAGE.read_text(encoding="utf-8"), "| contests of ")
    assert all(float(line.split("|")[-2].strip(" %")) < 1 for line in measured)


@pytest.mark.shared
def test_the_faults_found_on_the_page_are_measured(shared):
    """What the check misses is said as well."""
    assert power(shared) == table(PAGE.read_text(encoding="utf-8"), "| fault in one unit ")


# -- drawn contests ------------------------------------------------------------------------------------------------------------------


def drawn(rng: np.random.Generator, units: int = 150) -> "NDArray[np.int64]":
    """Votes of units that differ as towns do."""
    base = rng.uniform(8, 60) * rng.dirichlet(np.ones(int(rng.integers(2, 8))))
    shares = rng.dirichlet(base + 0.3, units)
    return np.array([rng.multinomial(rng.integers(1, 900), share) for share in shares])


def test_towns_that_differ_are_not_outlying():
    """1,000 seeded contests of 150 units with shares drawn from one Dirichlet each: at most 10 have an outlying unit.

    With a rate of 0.4%, as in Louisiana, more than 10 come by luck in about three runs in a thousand.
    """
    rng = np.random.default_rng(41)

    assert sum(distances(drawn(rng)).max() > APART for _ in range(1000)) <= 10


def test_a_unit_of_another_contest_is_found():
    """500 seeded contests of even shares, one unit with all votes but eight for one: found in all but a few (95%)."""
    rng = np.random.default_rng(42)
    hits = 0
    for _ in range(500):
        votes = np.array([rng.multinomial(400, share) for share in rng.dirichlet([12.0, 12.0, 12.0], 60)])
        votes[7] = (4, 4, 392)
        hits += bool(distances(votes)[7] > APART)

    assert hits >= 475


def test_a_candidate_at_zero_in_most_units_is_found():
    """500 seeded contests, the third of three at zero in 30 of 40 units: found in every one, and in none before."""
    rng = np.random.default_rng(43)
    election = make.election(make.contest("Ahn", "Cabildo", "Gomez"))
    seen = []
    for _ in range(500):
        votes = np.array([rng.multinomial(300, share) for share in rng.dirichlet([20.0, 15.0, 10.0], 40)])
        for zeros in (0, 30):
            votes[:zeros, 2] = 0
            cells = [
                ("c", f"{unit:02}", "total", option, int(votes[unit, at]), 1)
                for unit in range(40)
                for at, option in enumerate(("ahn", "cabildo", "gomez"))
            ]
            seen.append("zeroed_option" in {finding.check for finding in check_units(count_frame(cells), election, origin=Origin())})

    assert (sum(seen[::2]), sum(seen[1::2])) == (0, 500)


if __name__ == "__main__":
    data = Path(sys.argv[1])
    sys.stdout.write("\n".join([*rates(data), "", *power(data), ""]))
