"""What stands in a candidate column: options, aggregates, and rows that are no option at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from racecall.feeds.mapping import listed
from racecall.feeds.rows import EXAMPLES, PLACE, Work, any_of, as_in, by_contest, by_units, distinct, more, renamed, those, unit_words
from racecall.model.contest import OptionKind
from racecall.model.counts import BallotKind
from racecall.model.finding import Finding, Severity

if TYPE_CHECKING:
    import polars as pl

CHECKS: Mapping[str, str] = {
    "not_options": "Rows in the candidate column are ballots, totals or percentages.",
    "options_do_not_add_up": "The printed total of a contest in a unit differs from the sum of its options.",
    "nameless_option": "Rows with votes name no candidate.",
}
"""What is looked for here, by the name of the finding."""

NAMELESS = "(no name)"
"""Stands for the candidate of a row that names none."""
TOTAL = "total"
SHARE = "share"

_NOT_OPTIONS: tuple[tuple[str, str], ...] = (
    (r"(?:number of |times )?over[ -]?vote[sd]?", BallotKind.OVERVOTED),
    (r"(?:number of |times )?under[ -]?vote[sd]?", BallotKind.UNDERVOTED),
    (r"(?:ballots cast[ -]+)?blank(?: ballots?| votes?)?", BallotKind.BLANK),
    (r"(?:invalid|spoiled|void)(?: ballots?| votes?)?", BallotKind.INVALID),
    (r"(?:rejected|unqualified|non[ -]?qualified|uncertified|non[ -]?certified) write[ -]?ins?", BallotKind.INVALID),
    (r"rejected/unassigned write[ -]?ins?", BallotKind.INVALID),
    (r"rejected(?: ballots?)?", BallotKind.REJECTED),
    (r"(?:total )?(?:ballots|voters|cards|times)(?: cast)?(?:[ -]+total)?", BallotKind.CAST),
    (r"(?:total )?(?:registered|registration|eligible)(?: voters?)?(?:[ -]+total)?", BallotKind.REGISTERED),
    (r"(?:contest |grand |election )?totals?(?: votes?)?(?: cast| for contest)?|votes cast|cast votes", TOTAL),
    (r"(?:voter )?turn[ -]?out.*|ballots cast %|.*percent(?:age)?", SHARE),
)
"""What stands in the place of a candidate and is none: ballots, a total, or a percentage. Whole names, without regard to case."""
_KINDS: tuple[tuple[str, str], ...] = (
    (
        r"(?:misc(?:ellaneous)?\.? |total |unresolved |unassigned |other |all |undeclared )?write[ -]?ins?(?: totals?| votes?)?",
        OptionKind.AGGREGATE,
    ),
    (r"scatter(?:ed|ing)|(?:all )?others?(?: candidates| write[ -]?ins?)?|rest", OptionKind.AGGREGATE),
    (r"none of (?:these|the above)(?: candidates)?|no preference|uncommitted(?: delegates?)?", OptionKind.NON_CANDIDATE),
)
_NOT_OPTION_PATTERNS = tuple((re.compile(rf"(?:{pattern}):?", re.IGNORECASE), what) for pattern, what in _NOT_OPTIONS)
_KIND_PATTERNS = tuple((re.compile(rf"(?:{pattern}):?", re.IGNORECASE), what) for pattern, what in _KINDS)


def not_an_option(name: str) -> str:
    """Return what a name in the candidate column is when it is no option: a `BallotKind`, ``total`` or ``share``; "" if it is an option."""
    return next((str(what) for pattern, what in _NOT_OPTION_PATTERNS if pattern.fullmatch(name)), "")


def option_kind(name: str) -> str:
    """Return `aggregate` or `non_candidate` for a name that is no person's, "" otherwise."""
    return next((str(what) for pattern, what in _KIND_PATTERNS if pattern.fullmatch(name)), "")


def mark_kinds(work: Work) -> Work:
    """Mark the options that are nobody: write-ins taken together, "none of these candidates"."""
    import polars as pl

    kinds = {name: kind for name in distinct(work.rows, "option") if (kind := option_kind(name))}
    if not kinds:
        return work
    marked: pl.Expr = pl.col("kind")
    for what in sorted(set(kinds.values())):  # two at most; looking every name up in a table would take more memory than the rows
        marked = (
            pl.when(any_of(work.rows, "option", [name for name in kinds if kinds[name] == what]))
            .then(as_in(work.rows, "kind", what))
            .otherwise(marked)
        )
    return work.having(work.rows.with_columns(kind=marked))


def set_aside_non_options(work: Work) -> Work:
    """Move ballots out of the candidate column into their own table, compare printed totals, drop percentages."""
    not_options = {name: what for name in distinct(work.rows, "option") if (what := not_an_option(name))}
    kinds = {name: what for name, what in not_options.items() if what not in {TOTAL, SHARE}}
    options = those(work.rows, ~any_of(work.rows, "option", not_options))
    ballots = those(work.rows, any_of(work.rows, "option", kinds))
    ballots = ballots.with_columns(renamed(ballots["option"], kinds))
    totals = those(work.rows, any_of(work.rows, "option", [name for name, what in not_options.items() if what == TOTAL]))
    findings = (*_set_aside(work, not_options), *_contest_totals(work, options, ballots, totals))
    return replace(work, ballots=ballots).having(options, *findings)


def _set_aside(work: Work, names: Mapping[str, str]) -> Iterator[Finding]:

    if names:
        rows = work.rows.select("row", "option").filter(any_of(work.rows, "option", names))
        yield Finding(
            check="not_options",
            severity=Severity.NOTE,
            problem=f"{rows.height:,} rows name no option but ballots, totals or percentages: {listed(sorted(names), EXAMPLES)}. "
            "Ballots were put in the table of ballots, totals compared; none was counted as votes.",
            origin=work.document.at(row=rows["row"][0], column=work.columns.option),
            count=rows.height,
        )


def _contest_totals(work: Work, options: pl.DataFrame, ballots: pl.DataFrame, totals: pl.DataFrame) -> Iterator[Finding]:
    """Compare each printed total of a contest in a unit with its options, with or without the over and under votes."""
    import polars as pl

    if not totals.height:
        return
    wrong = pl.concat(_wrong_totals(*part) for part in by_units(options, ballots, totals)).sort("row")
    for contest, rows in by_contest(wrong):
        first = rows[0]
        yield Finding(
            check="options_do_not_add_up",
            severity=Severity.HOLD_CALLS,
            problem=f"{contest}, {unit_words(first)}: the printed total is {first['votes']:,}, the options add up to {first['sum']:,}"
            f"{more(len(rows), 'total')}.",
            next_step="An option may be missing or read wrongly. Compare with the source.",
            contest=contest,
            unit=first["unit"],
            origin=work.document.at(row=first["row"], column=first["column"]),
            count=len(rows),
        )


def _wrong_totals(options: pl.DataFrame, ballots: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    """Return the totals that are not the sum of their options, with it (``sum``)."""
    import polars as pl

    counted = options.group_by(*PLACE).agg(pl.col("votes").sum().alias("sum"), pl.col("votes").null_count().alias("missing"))
    residual = ballots.filter(pl.col("option").is_in([BallotKind.OVERVOTED.value, BallotKind.UNDERVOTED.value])).group_by(*PLACE)
    joined = totals.join(counted, on=PLACE, how="inner").join(residual.agg(pl.col("votes").sum().alias("residual")), on=PLACE, how="left")
    with_residual = pl.col("sum") + pl.col("residual").fill_null(0)
    return joined.filter((pl.col("votes") != pl.col("sum")) & (pl.col("votes") != with_residual) & (pl.col("missing") == 0))


def name_nameless(work: Work) -> Work:
    """Give the votes of rows without an option a name, so that they stay in the denominator."""
    import polars as pl

    nameless = work.rows.filter(pl.col("option") == "")
    if not nameless.height:
        return work
    kind = pl.when(pl.col("option") == "").then(as_in(work.rows, "kind", OptionKind.AGGREGATE)).otherwise("kind")
    rows = work.rows.with_columns(renamed(work.rows["option"], {"": NAMELESS}), kind=kind)
    finding = Finding(
        check="nameless_option",
        severity=Severity.HOLD_CALLS,
        problem=f'{nameless.height:,} rows name no candidate (first: row {nameless["row"][0]:,}); kept under "{NAMELESS}".',
        next_step="Ask the office whose votes these are.",
        origin=work.document.at(row=nameless["row"][0], column=work.columns.option),
        count=nameless.height,
    )
    return work.having(rows, finding)
