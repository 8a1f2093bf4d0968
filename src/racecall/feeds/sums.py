"""Rows that say the same thing twice: repeated keys, totals beside their parts, count types beside a total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from racecall.feeds.rows import (
    EXAMPLES,
    PLACE,
    Work,
    aligned,
    any_of,
    as_in,
    by_contest,
    by_units,
    distinct,
    hashes,
    more,
    repeat,
    repeats,
    slices,
    those,
    unit_words,
)
from racecall.model.counts import CountType
from racecall.model.finding import Finding, Severity
from racecall.model.units import ALL_UNITS

if TYPE_CHECKING:
    import polars as pl

CHECKS: Mapping[str, str] = {
    "repeated_rows": "The same row stands more than once.",
    "conflicting_rows": "The same key stands more than once with different numbers.",
    "total_rows": "Rows are totals over reporting units and agree with the sum.",
    "county_only": "An option stands in the total of a county and in none of its units.",
    "parts_do_not_add_up": "The printed total of a contest differs from the sum of its units.",
    "methods_do_not_add_up": "A printed total of a unit differs from the sum of its count types.",
    "no_printed_total": "Counts have count types and no total.",
}
"""What is looked for here, by the name of the finding."""


# --- The same key twice ------------------------------------------------------------------------------------------------------------


def settle_duplicates(work: Work) -> Work:
    """Leave one row for every key; what was done depends on whether the rows agree, and on what the user said."""
    keys = (*PLACE, "option")
    rows, findings = one_row_a_key(work, work.rows, keys)
    ballots, about_ballots = one_row_a_key(work, work.ballots, (*keys, "party"))  # a primary has ballots for each party
    return replace(work, ballots=ballots).having(rows, *findings, *about_ballots)


def settle_units(work: Work) -> Work:
    """Leave one row for every key once totals and counties have given their names to units: two of them may now be one."""
    return work if _distinct(work.rows) and _distinct(work.ballots) else settle_duplicates(_without_county(work))


def _distinct(rows: pl.DataFrame) -> bool:
    """Say whether no unit can have been made from two; looks only at those that took a name from elsewhere."""
    import polars as pl

    if not rows.height:
        return True
    counties = distinct(rows, "county").cast(pl.String)
    elsewhere = those(rows, any_of(rows, "unit", [ALL_UNITS, *counties]))
    if elsewhere.select("released", "contest", "unit", "word", "option").is_duplicated().any():
        return False
    nowhere = distinct(those(rows, any_of(rows, "county", [""])), "unit").cast(pl.String)
    plain = not pl.concat([counties, nowhere]).str.contains(" / ", literal=True).any()  # as only a county's name and a unit's are joined
    return counties.len() == 1 or plain or hashes(rows, ("county", "unit")).n_unique() == rows["unit"].n_unique()


def _without_county(work: Work) -> Work:
    nowhere = as_in(work.rows, "county", "").alias("county")
    return replace(work, ballots=work.ballots.with_columns(nowhere)).having(work.rows.with_columns(nowhere))


def one_row_a_key(work: Work, rows: pl.DataFrame, keys: tuple[str, ...]) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the rows with one for each key.

    Rows of the same key with the same votes are one row printed twice. With different votes the first is kept and the calls are held:
    in McLennan County, Texas, such rows were two ballot styles of one precinct and adding was right; elsewhere the second was a
    correction. Nobody but the source can tell, so adding is done only if the user says so.
    """
    import polars as pl

    if not repeat(rows, keys):
        return rows, ()
    twice = repeats(rows, keys)
    settled = _settled(rows.filter(twice), keys, work.columns.duplicates)
    groups = _groups(rows.filter(twice), keys)
    kept = pl.concat([rows.filter(~twice), settled.select(rows.columns)]).sort("row", maintain_order=True)
    differ = pl.col("numbers").list.len() > 1
    return kept, (*_repeated(work, groups.filter(~differ)), *_conflicts(work, groups.filter(differ)))


def _settled(repeated: pl.DataFrame, keys: Sequence[str], rule: str) -> pl.DataFrame:
    import polars as pl

    numbers = pl.col("votes").drop_nulls()
    value = pl.when(numbers.len() > 0).then(numbers.sum()).alias("votes") if rule == "sum" else numbers.first()
    return repeated.group_by(keys, maintain_order=True).agg(value, pl.exclude("votes").first())


def _groups(repeated: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return each key that stands more than once, with its distinct ``numbers``, ``parties`` and lines (``row``)."""
    import polars as pl

    numbers = pl.col("votes").drop_nulls().unique(maintain_order=True).alias("numbers")
    parties = pl.col("parties").unique(maintain_order=True)
    grouped = repeated.with_columns(parties="party").group_by(keys, maintain_order=True)
    groups = grouped.agg(numbers, parties, pl.col("row"), pl.col("column").first())
    return groups.filter(pl.col("row").list.len() > 1)  # equal hashes of different keys are no repetition


def _repeated(work: Work, groups: pl.DataFrame) -> Iterator[Finding]:
    if not groups.height:
        return
    same = groups.height
    first = groups.row(0, named=True)
    summed = work.columns.duplicates == "sum"
    keys = "1 key stands" if same == 1 else f"{same:,} keys stand"
    yield Finding(
        check="repeated_rows",
        severity=Severity.NOTE,
        problem=f"{keys} more than once with the same number (first: {_key_words(first)}, rows {_rows_words(first['row'])}); "
        + ("added up, as you asked." if summed else "counted once."),
        origin=work.document.at(row=first["row"][1]),
        count=same,
    )


def _conflicts(work: Work, groups: pl.DataFrame) -> Iterator[Finding]:
    summed = work.columns.duplicates == "sum"
    for contest, rows in by_contest(groups):
        cases = "; ".join(f"{_key_words(row)}: {_values(row)} in rows {_rows_words(row['row'])}" for row in rows[:EXAMPLES])
        more = f"; and {len(rows) - EXAMPLES:,} more" if len(rows) > EXAMPLES else ""
        yield Finding(
            check="conflicting_rows",
            severity=Severity.NOTE if summed else Severity.HOLD_CALLS,
            problem=f"{contest}: the same key stands more than once with different numbers. {cases}{more}. "
            + ("Added up, as you asked." if summed else "The first was kept."),
            next_step=""
            if summed
            else "Ask the office. If they are parts of one precinct (two ballot styles), add them up: --map duplicates:=sum",
            contest=contest,
            unit=rows[0]["unit"],
            option=rows[0]["option"],
            origin=work.document.at(row=rows[0]["row"][1], column=rows[0]["column"]),
            count=len(rows),
        )


def _key_words(row: Mapping[str, Any]) -> str:
    return ", ".join(str(part) for part in (row["option"], unit_words(row), row["word"]) if part)


def _values(row: Mapping[str, Any]) -> str:
    parties = f" (listed under {' and '.join(party or 'no party' for party in row['parties'])})" if len(row["parties"]) > 1 else ""
    return " and ".join(f"{number:,}" for number in row["numbers"][:EXAMPLES]) + parties


def _rows_words(rows: Sequence[int]) -> str:
    return " and ".join(f"{row:,}" for row in rows[:EXAMPLES])


def join_words(work: Work) -> Work:
    """Add up the counts of several words for one count type (three weeks of advance voting, two early sites)."""
    return replace(work.having(_joined_words(work.rows)), ballots=_joined_words(work.ballots))


def _joined_words(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    if distinct(rows, "word").len() == distinct(rows, "count_type").len():  # a word has one count type
        return rows
    keys = ["released", "county", "contest", "unit", "count_type", "option"]
    is_total = pl.col("count_type") == CountType.TOTAL.value
    # Two total columns ("votes" and "total_votes") are one number printed twice; parts of the same type are added.
    printed, added = pl.col("votes").drop_nulls().first(), pl.col("votes").sum()
    value = pl.when(is_total.first()).then(printed).when(pl.col("votes").count() > 0).then(added).alias("votes")
    return rows.group_by(keys, maintain_order=True).agg(value, pl.exclude("votes").first()).select(rows.columns)


# --- Totals beside their parts -----------------------------------------------------------------------------------------------------

TOTAL_UNIT = (
    r"(?i)^(?:county|grand|election|precincts?|contest|district|jurisdiction|overall|cumulative)?[ -]*totals?:?$"
    r"|^(?:county|state|district|election)[ -]?wide$|^all(?: precincts)?$|^$"
)
"""Units that are totals over units: by name, or because the cell is blank."""
LIKE_TOTAL = r"(?i)\btotals?:?$"
"""Names that end in "total": a total of something, but not surely of everything ("ABSENTEE TOTAL" in South Carolina held the county's)."""


def looks_like_total(unit: str) -> bool:
    """Say whether a unit's name is that of a total over units, of everything or of something."""
    return bool(re.search(TOTAL_UNIT, unit) or re.search(LIKE_TOTAL, unit))


def keep_totals_apart(work: Work) -> Work:
    """Take rows that are totals over units out of the sums, and compare them with the sums.

    A total of everything in the table becomes the contest's printed total (unit `ALL_UNITS`), unless it is smaller than the sum of the
    units: then it is stale or a placeholder (Arkansas prints zeros), and is set aside. In a table of several counties, a county's total
    is compared with its precincts and left out: beside them, it would count every vote twice. Where there is nothing finer, the total
    is all there is, and stays.
    """
    import polars as pl

    units, totals = _totals_beside(work.rows)
    work = replace(work, ballots=_prefixed(_totals_beside(work.ballots)[0], units))
    if not totals.height:
        return work.having(_prefixed(units, units))
    compared = _compared(units, totals)
    kept = pl.concat([_printed_totals(compared), _county_only(compared)]).select(totals.columns)
    return work.having(aligned(pl.concat([_prefixed(units, units), kept])), *_about_totals(work, compared))


def _totals_beside(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split the rows into units, and totals that stand beside units of their own county and contest.

    A total that stands alone is a unit: the county, or the whole contest.
    """
    import polars as pl

    total = named_like(rows, "unit", TOTAL_UNIT, LIKE_TOTAL)
    units, totals = those(rows, ~total), those(rows, total)
    if not totals.height:
        return rows, totals
    county, anywhere = ["released", "county", "contest"], ["released", "contest"]
    compared = any_of(units, "contest", distinct(totals, "contest").cast(pl.String))
    beside_units = pl.concat(part.filter(compared).select(county).unique() for part in slices(units))
    in_county, nowhere = totals.filter(pl.col("county") != ""), totals.filter(pl.col("county") == "")
    alone = in_county.join(beside_units, on=county, how="anti", maintain_order="left")
    whole = nowhere.join(beside_units, on=anywhere, how="anti", maintain_order="left")
    vague = ~named_like(totals, "unit", TOTAL_UNIT)
    single = [
        alone.with_columns(unit=pl.when(vague).then("unit").otherwise(pl.col("county").cast(rows.schema["unit"]))),
        whole.with_columns(unit=pl.when(vague).then("unit").otherwise(as_in(rows, "unit", ALL_UNITS))),
    ]
    beside = [
        in_county.join(beside_units, on=county, how="semi", maintain_order="left"),
        nowhere.join(beside_units, on=anywhere, how="semi", maintain_order="left"),
    ]
    return pl.concat([units, *single]), pl.concat(beside).sort("row", maintain_order=True)


def named_like(rows: pl.DataFrame, column: str, *patterns: str) -> pl.Expr:
    """Say which rows have such a name in a column; the names are looked at once each, not row by row."""
    import polars as pl

    names = distinct(rows, column).cast(pl.String)
    return any_of(rows, column, [name for pattern in patterns for name in names.filter(names.str.contains(pattern))])


def _prefixed(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Put the county before the unit if there are several counties: precinct 1 is in each of them."""
    import polars as pl

    if len(set(distinct(units, "county")) - {""}) < 2:
        return rows
    as_is = (pl.col("county") == "") | (pl.col("county") == pl.col("unit"))
    return rows.with_columns(unit=pl.when(as_is).then("unit").otherwise(pl.concat_str("county", "unit", separator=" / ")))


def _compared(units: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the total rows beside the sums of their units.

    Returns:
        The rows of `totals` with ``sum`` [votes], ``missing`` (units without a number), ``surplus`` (printed minus sum), ``whole`` (covers
        the table), ``short`` (an option of the same total row is smaller than the sum), ``vague`` (a total, but of what?) and
        ``county_only`` (no unit of the county has the option).
    """
    import polars as pl

    keys = ["released", "contest", "word", "option"]
    by_county = _with_missing_totals(_sums(units, totals, ["county", *keys]), totals, ["county", *keys])
    sums = [by_county.drop("count_type")]
    if "" not in set(by_county["county"].unique()):
        sums.append(_added(by_county, keys).select(as_in(units, "county", "").alias("county"), pl.col(*keys, "sum", "missing")))
    has_units = by_county.select("released", "county", "contest", "option").unique().with_columns(listed=pl.lit(value=True))
    joined = totals.join(pl.concat(sums), on=["county", *keys], how="left", maintain_order="left")
    joined = joined.join(has_units, on=["released", "county", "contest", "option"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("sum", "missing").fill_null(0), county_only=pl.col("listed").is_null()).with_columns(
        surplus=pl.col("votes") - pl.col("sum"),
        whole=(pl.col("county") == "") | pl.lit(by_county["county"].n_unique() == 1),
        short=(pl.col("votes") < pl.col("sum")).any().over("released", "county", "contest", "unit"),
        vague=~named_like(totals, "unit", TOTAL_UNIT),
    )


def _sums(units: pl.DataFrame, totals: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the votes of each key in the contests that have totals (``sum``), and how many numbers are missing, a slice at a time."""
    import polars as pl

    compared = pl.col("contest").is_in(totals["contest"].unique().implode())
    votes = {"sum": pl.col("votes").sum(), "missing": pl.col("votes").null_count(), "count_type": pl.col("count_type").first()}
    return _added(pl.concat(part.filter(compared).group_by(keys).agg(**votes) for part in slices(units)), keys)


def _added(sums: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    return sums.group_by(keys).agg(pl.col("sum", "missing").sum(), pl.col("count_type").first())


def _with_missing_totals(sums: pl.DataFrame, totals: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the sums with those of all count types under each word for a total that only total rows have, for comparison."""
    import polars as pl

    words = totals.filter(pl.col("count_type") == CountType.TOTAL.value)["word"].unique()
    missing = [word for word in words if word not in set(sums["word"].unique())]
    parts = sums.filter(pl.col("count_type") != CountType.TOTAL.value)
    return pl.concat([sums, *(_added(parts.with_columns(as_in(sums, "word", word).alias("word")), keys) for word in missing)])


def _printed_totals(compared: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that can stand as printed totals of the contest, one for each key."""
    import polars as pl

    fit = compared.filter(pl.col("whole") & ~pl.col("short") & ~pl.col("vague")).with_columns(unit=as_in(compared, "unit", ALL_UNITS))
    return fit.unique(["released", "contest", "word", "option"], keep="first", maintain_order=True)


def _county_only(compared: pl.DataFrame) -> pl.DataFrame:
    """Return the totals of options that no unit of the county lists (write-ins, mostly): the county is their unit."""
    import polars as pl

    alone = compared.filter(~pl.col("whole") & ~pl.col("vague") & pl.col("county_only"))
    return alone.with_columns(unit=pl.col("county").cast(compared.schema["unit"]))


def _about_totals(work: Work, compared: pl.DataFrame) -> Iterator[Finding]:
    import polars as pl

    alone = pl.col("county_only") & ~pl.col("whole") & ~pl.col("vague")
    yield from _county_only_note(work, compared.filter(alone))
    yield from _agreeing(work, compared.filter((pl.col("surplus").fill_null(0) == 0) & ~alone))
    for contest, rows in by_contest(compared.filter((pl.col("surplus") != 0) & ~alone).sort("row")):
        yield _total_differs(work, contest, rows)


def _agreeing(work: Work, rows: pl.DataFrame) -> Iterator[Finding]:
    if not rows.height:
        return
    first = rows["row"][0]
    fate = "kept beside the units as printed totals" if rows["whole"].all() else "left out, so that nothing is counted twice"
    many = f"{rows.height:,} rows (first: {first:,}) are totals over units and agree"
    words = "This row is a total over units and agrees" if rows.height == 1 else many
    yield Finding(
        check="total_rows",
        severity=Severity.NOTE,
        problem=f"{words} with the sum; {fate}.",
        origin=work.document.at(row=first),
        count=rows.height,
    )


def _county_only_note(work: Work, rows: pl.DataFrame) -> Iterator[Finding]:
    if rows.height:
        first = rows.row(0, named=True)
        yield Finding(
            check="county_only",
            severity=Severity.NOTE,
            problem=f"{first['option']} stands in the total row of {first['county']} and in none of its units{more(rows.height, 'row')}; "
            "the county was taken as the unit of these votes.",
            contest=first["contest"],
            origin=work.document.at(row=first["row"]),
            count=rows.height,
        )


def _total_differs(work: Work, contest: str, rows: list[dict[str, Any]]) -> Finding:
    first = rows[0]
    withheld = all(row["missing"] and row["surplus"] > 0 for row in rows)
    kept = first["whole"] and not first["short"] and not first["vague"]
    place = f"of {first['county']} " if first["county"] else ""
    label = f'"{first["unit"]}"' if first["unit"] else "unit left blank"
    why = f"; {first['missing']:,} of them are blank or withheld" if withheld else ""
    return Finding(
        check="parts_do_not_add_up",
        severity=Severity.NOTE if withheld else Severity.HOLD_CALLS,
        problem=f"{contest}: the total row {place}({label}) gives {first['option']} {first['votes']:,}, "
        f"its units add up to {first['sum']:,}{why}"
        f"{more(len(rows), 'row')}. {'It was kept as the printed total.' if kept else 'It was set aside; the units count.'}",
        next_step="" if withheld else "A unit may be missing or loaded twice. Compare with the source.",
        contest=contest,
        option=first["option"],
        origin=work.document.at(row=first["row"], column=first["column"]),
        count=len(rows),
    )


def compare_methods(work: Work) -> Work:
    """Compare printed totals with the sum of their count types, inside each unit."""
    import polars as pl

    types = set(distinct(work.rows, "count_type"))
    if CountType.TOTAL not in types or len(types) == 1:
        return work
    odd = [(part.filter(pl.col("total").is_null())["row"], part.drop_nulls("total")) for part in map(_odd_sums, by_units(work.rows))]
    underived, wrong = pl.concat(rows for rows, _ in odd), pl.concat(part for _, part in odd).sort("row", maintain_order=True)
    return work.noting([*_no_total(work, underived), *(_methods_differ(work, contest, rows) for contest, rows in by_contest(wrong))])


def _odd_sums(part: tuple[pl.DataFrame, ...]) -> pl.DataFrame:
    """Return the counts whose total is missing (None), or is not the sum of their count types."""
    import polars as pl

    [rows] = part
    is_total = pl.col("count_type") == CountType.TOTAL.value
    parts = pl.col("votes").filter(~is_total)
    split = rows.group_by("released", "contest", "unit", "option", maintain_order=True).agg(
        total=pl.col("votes").filter(is_total).first(),
        parts=pl.when(parts.len() > 0).then(parts.sum()),
        missing=parts.null_count(),
        row=pl.col("row").first(),
        column=pl.col("column").first(),
    )
    return split.filter(pl.col("total").ne_missing(pl.col("parts")) & pl.col("parts").is_not_null() & (pl.col("missing") == 0))


def _no_total(work: Work, rows: pl.Series) -> Iterator[Finding]:
    if rows.len():
        first: int = rows.sort().item(0)
        yield Finding(
            check="no_printed_total",
            severity=Severity.NOTE,
            problem=f"Counts with count types and no total: {rows.len():,} (first: row {first:,}); the sum stands for the total.",
            origin=work.document.at(row=first),
            count=rows.len(),
        )


def _methods_differ(work: Work, contest: str, rows: list[dict[str, Any]]) -> Finding:
    first = rows[0]
    return Finding(
        check="methods_do_not_add_up",
        severity=Severity.HOLD_CALLS,
        problem=f"{contest}, unit {first['unit']}: {first['option']} has a total of {first['total']:,}, the count types add up to "
        f"{first['parts']:,}{more(len(rows), 'count')}.",
        next_step="Check the columns against the source: one may have moved, or a count type may be left out.",
        contest=contest,
        unit=first["unit"],
        option=first["option"],
        origin=work.document.at(row=first["row"], column=first["column"]),
        count=len(rows),
    )
