"""Final results by unit and count type, read from the shared data set for tests."""

import numpy as np
import polars as pl

from racecall.backtest.partial import UnitResult
from racecall.outstanding.setting import ContestSetting

ORDER = {"early": 0, "mail": 0.5, "election_day": 1, "provisional": 2.5, "absentee_mail": 0.5}
"""Early and mail votes come first, provisional ones last."""


def setting(options, *, first_round, contest="c", majority=False, parties=None, night=""):
    able = tuple(option.lower() not in {"write-in", "all others"} for option in options)
    return ContestSetting(
        id=contest,
        options=tuple(options),
        parties=tuple((parties or {}).get(option, "") for option in options),
        eligible=able,
        slots=min(2 if first_round else 1, max(sum(able) - 1, 1)),
        first_round=first_round,
        primary_night=True,
        night=night,
        majority=majority and len(options) > 2,
    )


def cube(frame, unit, kind, option, *, first_round, group=None, contest="c", parties=None, night=""):
    """A table in long form as an array of unit x count type x option."""
    frame = frame.with_columns(pl.col(unit).cast(pl.String), pl.col(kind).cast(pl.String), pl.col(option).cast(pl.String))
    units, kinds, options = (sorted(frame[name].unique().to_list()) for name in (unit, kind, option))
    final = np.zeros((len(units), len(kinds), len(options)))
    at = [np.searchsorted(values, frame[name].to_numpy().astype(str)) for values, name in ((units, unit), (kinds, kind), (options, option))]
    np.add.at(final, tuple(at), np.maximum(frame["votes"].to_numpy(), 0))
    names = [name.split("|")[0] for name in units] if group else units
    return UnitResult(
        setting=setting(options, first_round=first_round, contest=contest, parties=parties, night=night),
        final=final,
        groups=np.unique(names, return_inverse=True)[1].astype(float),
        order=np.array([ORDER.get(name, 1) for name in kinds], dtype=float),
    )


def precinct_results(folder, name, wanted, *, first_round):
    """Contests of one precinct set, by contest id."""
    rows = (
        pl.scan_parquet(folder / f"{name}.parquet")
        .filter(pl.col("contest_id").cast(pl.String).is_in(wanted) & pl.col("unit_kind").cast(pl.String).is_in(["unit", "pseudo"]))
        .filter(~pl.col("method").cast(pl.String).is_in(["total"]))
    )
    names = rows.collect_schema().names()
    if "row_kind" in names:
        rows = rows.filter(pl.col("row_kind").cast(pl.String) == "candidate")
    table = rows.select(
        pl.col("contest_id").cast(pl.String),
        (pl.col("county").cast(pl.String) + "|" + pl.col("precinct").cast(pl.String)).alias("cell"),
        pl.col("method").cast(pl.String),
        pl.col("candidate").cast(pl.String).fill_null("?"),
        pl.col("party").cast(pl.String),
        "votes",
    ).collect()
    parts = table.partition_by("contest_id", as_dict=True)
    return [
        cube(
            part,
            "cell",
            "method",
            "candidate",
            first_round=first_round,
            group=True,
            contest=key[0],
            parties=printed_parties(part),
            night=key[0].split(".")[1],
        )
        for key, part in sorted(parts.items())
    ]


def printed_parties(table):
    """Party of each candidate, with the long and short forms of the two largest made one."""
    short = {"D": "DEM", "R": "REP", "DEMOCRAT": "DEM", "DEMOCRATIC": "DEM", "REPUBLICAN": "REP"}
    rows = table.select("candidate", "party").drop_nulls().unique(maintain_order=True).iter_rows()
    return {name: short.get(party.upper(), party.upper()) for name, party in rows}


def chosen(folder, *, state, least_candidates, since, methods, contests, seed=1):
    """Ids of seeded contests of the corpus: at least 30 units and 5,000 votes, nobody above 80%."""
    index = pl.read_parquet(folder / "corpus_index.parquet").filter(
        (pl.col("state") == state)
        & (pl.col("n_candidates") >= least_candidates)
        & (pl.col("election_date") >= since)
        & (pl.col("n_methods") >= methods)
        & (pl.col("n_units") >= 30)
        & (pl.col("votes") > 5000)
        & (pl.col("share1") < 0.8)
    )
    ids = sorted(index["contest_id"].unique().to_list())
    return sorted(np.random.default_rng(seed).choice(ids, size=min(contests, len(ids)), replace=False).tolist())
