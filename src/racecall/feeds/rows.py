"""From a table's cells to votes: the stages that every table goes through, each a function from `Work` to `Work`.

A stage changes rows, adds findings, or both; none stops the others. The order is fixed by what a stage needs: names before types,
types before numbers, duplicates before totals, totals before the sums are compared. `table` and `openelections` each list their stages,
and reading the list is reading what happens to a file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from itertools import accumulate
from operator import add
from typing import TYPE_CHECKING, Any

from racecall.errors import BrokenFile
from racecall.feeds.base import Document
from racecall.feeds.mapping import ABSENTEE_WORDS, ColumnMap, count_type_of, listed, plain_word
from racecall.feeds.sheet import PARQUET, Sheet
from racecall.feeds.text import (
    MAX_COUNT,
    Cell,
    CellKind,
    CellPlace,
    Moment,
    cell_findings,
    local_time,
    tidy,
    unescape_formula,
    whole_number,
)
from racecall.model.contest import OptionKind
from racecall.model.counts import BALLOT_COLUMNS, COUNT_COLUMNS, CountType
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, ListedOption, Reading, Release
from racecall.model.units import ALL_UNITS
from racecall.origin import Origin

if TYPE_CHECKING:
    import polars as pl

CHECKS: Mapping[str, str] = {
    "unread_columns": "Columns of the table were not read.",
    "accents_encoded_twice": "A name is printed in two encodings that look the same.",
    "ballot_groups": "Reporting units are groups of ballots without territory.",
    "unknown_count_type": "A word for a count type is not known.",
    "absentee_meaning": "A column of absentee votes was read as mail.",
    "doubtful_time": "A time cannot be read, happened twice, or never happened.",
}
"""What is looked for here, by the name of the finding."""

EXAMPLES = 5
"""How many cases a finding spells out before it gives the number of the others."""
PLACE = ("released", "county", "contest", "unit", "word")
"""With the option, what makes a row's key; `word` is the source's own word for the count type."""
NAMES = ("county", "contest", "unit", "word", "option", "party")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Work:
    """A table on its way to a reading.

    Args:
        document: The document.
        columns: The mapping in use.
        rows: One row a count: `NAMES`, ``released`` (time of publication: as printed, in UTC after `read_times`, "" if not known),
            ``kind`` (option kind), ``column`` and ``row`` (place in the source); ``cell`` (as printed) until `numbers` makes it
            ``votes``; ``count_type`` after `name_count_types`.
        ballots: The same for numbers of ballots; ``option`` is then the `BallotKind`.
        findings: What was found so far.
    """

    document: Document
    columns: ColumnMap
    rows: pl.DataFrame
    ballots: pl.DataFrame
    findings: tuple[Finding, ...] = ()

    def having(self, rows: pl.DataFrame, *findings: Finding) -> Work:
        """Return the work with other rows and more findings."""
        return replace(self, rows=rows, findings=(*self.findings, *findings))

    def noting(self, findings: Iterable[Finding]) -> Work:
        """Return the work with more findings."""
        return replace(self, findings=(*self.findings, *findings))


Stage = Callable[[Work], Work]


def run(work: Work, stages: Iterable[Stage]) -> Work:
    """Put the work through the stages, in order."""
    for stage in stages:
        work = stage(work)
    return work


def as_in(rows: pl.DataFrame, column: str, name: str) -> pl.Expr:
    """Return a name as the column has them: as text, or as the number of a name."""
    import polars as pl

    return pl.lit(name, rows.schema[column])


def any_of(rows: pl.DataFrame, column: str, names: Iterable[str]) -> pl.Expr:
    """Say which rows have one of some names. Numbers of names are compared as such: Polars would write each row's name out first."""
    import polars as pl

    return pl.col(column).is_in(pl.Series(list(names), dtype=rows.schema[column]).implode())


def distinct(rows: pl.DataFrame, column: str) -> pl.Series:
    """Return the names in a column, each once; a name that stands in every row is not written out for it."""
    import polars as pl

    return rows.select(pl.col(column).unique()).to_series()


def those(rows: pl.DataFrame, so: pl.Expr) -> pl.DataFrame:
    """Return the rows that are so; where they lie together in long runs, nothing is copied."""
    import polars as pl

    found = rows.select(so.alias("")).to_series()
    edges = [*(found != found.shift(1, fill_value=False)).arg_true(), rows.height]  # a run begins, it ends, the next begins
    if len(edges) * LONG_RUN > rows.height:
        return rows.filter(found)
    return pl.concat([rows.clear(), *(rows.slice(first, end - first) for first, end in zip(edges[::2], edges[1::2], strict=False))])


def aligned(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with all columns cut at the same places; where they are not, Polars copies all of them for each question of one."""
    import polars as pl

    if len(set(rows.n_chunks("all"))) == 1:
        return rows
    columns = rows.get_columns()
    cuts = max((column.chunk_lengths() for column in columns), key=len)
    pieces = zip(accumulate(cuts, initial=0), cuts, strict=False)
    return pl.concat(pl.DataFrame([column.slice(start, length) for column in columns]) for start, length in pieces)


LONG_RUN = 100
"""Rows of a run, on average, from which runs are left where they are: shorter ones cost more time than a copy takes memory."""


def names_of(names: Iterable[str]) -> pl.Enum:
    """Return the type of a column whose names are all known: a number of one byte (two, if there are more than 255) stands for each."""
    import polars as pl

    return pl.Enum(sorted(set(names)))


def for_each_name(names: pl.Series, look_up: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Return what stands for each of many numbers of names; each name is looked up once, and Polars' own tables of pairs are spared.

    Args:
        names: A column of a type of `names_of`.
        look_up: From names as text to what stands for them.
    """
    import polars as pl

    assert isinstance(names.dtype, pl.Enum)
    return look_up(names.dtype.categories).gather(names.to_physical()).alias(names.name)


def renamed(names: pl.Series, by: Mapping[str, str]) -> pl.Series:
    """Return a column with other names for some of its names."""
    import polars as pl

    if not isinstance(names.dtype, pl.Enum):
        return names.replace(by)
    return for_each_name(names, lambda known: (after := known.replace(by)).cast(names_of(after)))


MOST_AT_ONCE = 6_000
"""Rows that are compared at a time: putting rows into groups takes ten times their memory, and of a large table only a part at once."""
MOST_HASHES = 100_000
"""The same where all that is compared is one number a row."""
PARTS = 48
"""Parts of a table before they grow with it: each part is looked for in the whole table, or costs a millisecond before it begins."""


def by_units(*tables: pl.DataFrame, most: int = MOST_AT_ONCE) -> Iterator[tuple[pl.DataFrame, ...]]:
    """Yield tables in parts, each with the rows of the same units: what is compared within a unit needs no other unit."""
    import polars as pl

    parts = min(max(table.height for table in tables) // most, PARTS) + 1
    places = [(_number(table["unit"]) % parts).cast(pl.UInt16) for table in tables]
    for part in range(parts):
        yield tuple(table.filter(place == part) for table, place in zip(tables, places, strict=True)) if parts > 1 else tables


def _number(names: pl.Series) -> pl.Series:
    """Return a number for each name, the same wherever it stands."""
    import polars as pl

    return names.to_physical() if names.dtype == pl.Categorical else names.hash()


def hashes(rows: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Return one number a key: where these differ, so do the keys. Polars' own hash of several columns writes each row out first."""
    import polars as pl

    return rows.select(reduce(add, [pl.col(key).hash(seed) for seed, key in enumerate(keys)])).to_series()


def repeats(rows: pl.DataFrame, keys: Sequence[str]) -> pl.Series:
    """Say which rows have a key that stands more than once; a hash stands for a key."""
    return hashes(rows, keys).is_duplicated()


def repeat(rows: pl.DataFrame, keys: Sequence[str]) -> bool:
    """Say whether any key may stand more than once, part by part."""
    return any(hashes(part, keys).n_unique() < part.height for (part,) in by_units(rows.select(keys), most=MOST_HASHES))


def told(rows: pl.DataFrame, table: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the rows with what a table says of each, in its columns beside the keys; null where it says nothing.

    Hashes are joined instead of several columns of names, and nothing else of the rows is touched.

    Args:
        rows: The rows.
        table: At most one row for each key.
        keys: Names of the columns of the keys, in both.
    """
    import polars as pl

    own, its = (hashes(one, keys).alias("hash of the key") for one in (rows, table.cast({key: rows.schema[key] for key in keys})))
    said = pl.DataFrame(own).join(table.drop(keys).with_columns(its), on=own.name, how="left", maintain_order="left")
    return aligned(rows.with_columns(said.drop(own.name)))


def slices(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield a table in parts, in its order; an empty one is a part."""
    height = max(rows.height, 1)
    step = max(MOST_AT_ONCE, height // PARTS)
    return (rows.slice(place, step) for place in range(0, height, step))


# --- Cells to rows -----------------------------------------------------------------------------------------------------------------


def stretch(document: Document, sheet: Sheet, columns: ColumnMap, extra: Sequence[str] = ()) -> Work:
    """Return one row a count, whether the table has one count a row or several; `extra` columns are kept under their names."""
    import polars as pl

    parts = [_part(sheet.cells, columns, extra, vote) for vote in _vote_columns(columns)]
    rows = parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical_relaxed").sort("row", maintain_order=True)
    read = (*columns.columns, *extra)
    unread = () if columns.as_written else unread_columns(document, [name for name in sheet.header if name not in read])
    return Work(document=document, columns=columns, rows=rows, ballots=rows.clear(), findings=(*sheet.findings, *unread))


def unread_columns(document: Document, names: Collection[str]) -> Iterator[Finding]:
    """Name the columns that were not read: a count type with a word of its own may be among them."""
    if names:
        yield Finding(
            check="unread_columns",
            severity=Severity.NOTE,
            problem=f"{'1 column was' if len(names) == 1 else f'{len(names)} columns were'} not read: {listed(names)}.",
            next_step="If one holds votes, say which: --map early=COLUMN (or election_day, absentee_mail, provisional, other …).",
            origin=document.at(),
            count=len(names),
        )


def _vote_columns(columns: ColumnMap) -> list[tuple[str, str, str]]:
    """Vote column, count type word, option for each vote column; "" where another column says it."""
    if columns.by_option:
        return [(column, "", option) for column, option in columns.by_option]
    if columns.by_count_type:
        return [(column, column, "") for column, _ in columns.by_count_type]
    return [(columns.votes, "", "")]


def _part(cells: pl.DataFrame, columns: ColumnMap, extra: Sequence[str], vote: tuple[str, str, str]) -> pl.DataFrame:
    import polars as pl

    votes, word, option = vote
    named = {
        "county": _text(columns, "county", columns.county),
        "contest": _joined(columns, "contest", columns.contest, " "),
        "unit": _joined(columns, "unit", columns.unit, " / "),
        "word": pl.lit(word, pl.Categorical) if word else _text(columns, "count_type", columns.count_type),
        "option": pl.lit(option, pl.Categorical) if option else _text(columns, "option", columns.option),
        "party": _text(columns, "party", columns.party),
    }
    return cells.select(
        released=_released(cells, columns),
        **named,
        **{name: pl.col(name).cast(pl.String).fill_null("") for name in extra},
        kind=pl.lit("", names_of(["", *map(str, OptionKind)])),
        cell=pl.col(votes),
        column=pl.lit(votes, pl.Categorical),
        row=pl.col("row").cast(pl.UInt32),
    )


def _released(cells: pl.DataFrame, columns: ColumnMap) -> pl.Expr:
    """Write times as ISO 8601, so that typed and printed times go the same way."""
    import polars as pl

    if not columns.released_at:
        return pl.lit(columns.fixed_value("released_at"), pl.Categorical)
    kind = cells.schema[columns.released_at]
    if isinstance(kind, pl.Datetime):
        zone = "%:z" if kind.time_zone else ""
        return pl.col(columns.released_at).dt.to_string(f"%Y-%m-%dT%H:%M:%S%.6f{zone}").fill_null("")
    return pl.col(columns.released_at).cast(pl.String).str.strip_chars().fill_null("")


def _text(columns: ColumnMap, key: str, column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).cast(pl.String).fill_null("") if column else pl.lit(columns.fixed_value(key), pl.Categorical)


def _joined(columns: ColumnMap, key: str, names: tuple[str, ...], separator: str) -> pl.Expr:
    import polars as pl

    if len(names) < 2:
        return _text(columns, key, names[0] if names else "")
    cells = [pl.col(name).cast(pl.String).str.strip_chars().replace("", None) for name in names]
    return pl.concat_str(cells, separator=separator, ignore_nulls=True)


# --- Names -------------------------------------------------------------------------------------------------------------------------


def tidy_names(work: Work) -> Work:
    """Compose accents (NFC) and squeeze white space in every name; say where two spellings became one."""
    changes = {name: _changed(work, name) for name in NAMES}
    rows = work.rows.with_columns(renamed(work.rows[name], change) for name, change in changes.items() if change)
    return work.having(rows, *(finding for name in changes for finding in _merged(work, name, changes[name])))


def _changed(work: Work, name: str) -> dict[str, str]:
    """Return what becomes of the names; in text, the apostrophe goes that keeps a spreadsheet from taking a name for a formula."""
    plain = str if work.document.data.startswith(PARQUET) else unescape_formula
    return {value: after for value in distinct(work.rows, name) if (after := tidy(plain(value))) != value}


def _merged(work: Work, name: str, changes: Mapping[str, str]) -> Iterator[Finding]:
    """Note the names that were printed both composed and decomposed."""
    import polars as pl

    present = set(distinct(work.rows, name)) if changes else set()
    for before, after in sorted(changes.items()):
        if " ".join(before.split()) != after and after in present:
            first = work.rows.filter(pl.col(name) == before)
            yield Finding(
                check="accents_encoded_twice",
                severity=Severity.NOTE,
                problem=f'"{after}" is printed in two ways that look the same (its accents are encoded differently); read as one name.',
                option=after if name == "option" else "",
                origin=work.document.at(row=first["row"][0], column=name),
                count=first.height,
            )


def mark_units(work: Work) -> Work:
    """Apply the named rules for unit ids, and call the unit of a table without units `ALL_UNITS`."""
    import polars as pl

    unit = pl.col("unit")
    if "strip_leading_zeros" in work.columns.unit_rules:
        stripped = unit.str.strip_chars_start("0")
        unit = pl.when((stripped == "") & (unit != "")).then(pl.lit("0")).otherwise(stripped)
    if not work.columns.unit and not work.columns.fixed_value("unit"):
        unit = pl.lit(ALL_UNITS)
    return work.having(work.rows.with_columns(unit=unit))


NO_TERRITORY = (
    r"(?i)^999[0-9]{4}[a-z]$|^(?:absentee|advance|early|fail-?safe|provisional|emergency|one[ -]?stop|transfer|curbside|"
    r"uocava|military|overseas|federal|write[ -]?in|mail)(?:[ -]?(?:voting|votes?|ballots?|in person|by mail|precinct|[0-9]+))*$"
)
"""Units that are groups of ballots and no ground. Los Angeles County: ``999xxxxA`` rows are "ballot groups, which cannot be attributed to a
physical precinct". Not here: Tulare County's ``Mail Ballot <place>``, real precincts that vote by mail only."""


def note_ballot_groups(work: Work) -> Work:
    """Say which units are groups of ballots without territory."""
    import polars as pl

    names = pl.concat(distinct(part, "unit") for part in slices(work.rows)).unique().cast(pl.String)
    groups = names.filter(names.str.contains(NO_TERRITORY)).sort()
    if not groups.len() or groups.len() == names.len():
        return work
    first = work.rows.filter(pl.col("unit").is_in(groups.implode()))
    words = "1 reporting unit is a group" if groups.len() == 1 else f"{groups.len():,} reporting units are groups"
    return work.noting(
        [
            Finding(
                check="ballot_groups",
                severity=Severity.NOTE,
                problem=f"{words} of ballots without territory: {listed(groups, EXAMPLES)}. Counted, but not to be put on a map.",
                origin=work.document.at(row=first["row"][0], column=" / ".join(work.columns.unit)),
                count=groups.len(),
            )
        ]
    )


# --- Times -------------------------------------------------------------------------------------------------------------------------


def read_times(work: Work) -> Work:
    """Read every time of publication, once, and write it in UTC; one that cannot be read is left out and holds calls."""
    import polars as pl

    read = {text: local_time(text, work.document.zone) for text in distinct(work.rows, "released").sort() if text}
    if not read:
        return work
    utc = {text: moment.at.astimezone(UTC).isoformat() if moment.at else "" for text, moment in read.items()}
    doubts = tuple(_doubtful_time(work, text, moment) for text, moment in read.items() if moment.doubt)
    kind = names_of(["", *utc.values()]) if isinstance(work.rows.schema["released"], pl.Enum) else work.rows.schema["released"]
    return work.having(work.rows.with_columns(pl.col("released").cast(pl.String).replace(utc).cast(kind)), *doubts)


def _doubtful_time(work: Work, text: str, moment: Moment) -> Finding:
    return Finding(
        check="doubtful_time",
        severity=Severity.NOTE if moment.at else Severity.HOLD_CALLS,
        problem=moment.doubt if moment.at else f"{moment.doubt} Its counts are kept as a release without a time.",
        next_step="" if moment.at else "Correct the time, or give it: --published-at 2017-04-05T02:00:00-07:00",
        origin=work.document.at(row=_first(work.rows, "released", text), column=work.columns.released_at),
    )


# --- Count types -------------------------------------------------------------------------------------------------------------------


def name_count_types(work: Work) -> Work:
    """Read the source's words for count types; an unknown word is `other` and holds calls, because it may be a total."""
    import polars as pl

    known = {**dict(work.columns.by_count_type), **dict(work.columns.words)}
    types: dict[str, CountType] = {}
    unknown = []
    for word in distinct(work.rows, "word").sort():
        found = known.get(word) or (count_type_of(word, known) if word else CountType.TOTAL)
        types[word] = found or CountType.OTHER
        unknown += [] if found else [word]
    kinds = list(map(str, types.values()))
    # What stands in every row is kept once, not once a row.
    read = pl.lit(kinds[0], names_of(kinds)) if len(kinds) == 1 else renamed(work.rows["word"], types)
    return work.having(work.rows.with_columns(count_type=read), *_unknown_words(work, unknown), *_absentee(work, types))


def _unknown_words(work: Work, words: list[str]) -> Iterator[Finding]:
    for word in words:
        yield unknown_word(word, work.document.at(row=_first(work.rows, "word", word), column=work.columns.count_type))


def unknown_word(word: str, origin: Origin) -> Finding:
    """Say that a source's word for a count type is not known."""
    return Finding(
        check="unknown_count_type",
        severity=Severity.HOLD_CALLS,
        problem=f'"{word}" is not a count type we know; its votes were read as "other". If it is a total, they would be counted twice.',
        next_step=f'Say what it means in a mapping file: [words] then "{word}" = "election_day" (or early, absentee_mail, total …).',
        origin=origin,
    )


def _absentee(work: Work, types: Mapping[str, CountType]) -> Iterator[Finding]:
    for word, found in types.items():
        if is_doubtful_absentee(word, found, work.columns):
            yield absentee_note(word, work.document.at(column=work.columns.count_type or word))


def is_doubtful_absentee(word: str, found: CountType, columns: ColumnMap) -> bool:
    """Say whether a word was read as mail though it means more in some states, and the user has not said what it means."""
    return plain_word(word) in ABSENTEE_WORDS and found is CountType.ABSENTEE_MAIL and word not in dict(columns.words)


def absentee_note(word: str, origin: Origin) -> Finding:
    """Note that a word was read as mail."""
    return Finding(
        check="absentee_meaning",
        severity=Severity.NOTE,
        problem=f'"{word}" was read as mail. In Texas and California it is; in Arkansas it includes early votes cast in person.',
        next_step=f'If it is not mail here: [words] then "{word}" = "other" in a mapping file.',
        origin=origin,
    )


def _first(rows: pl.DataFrame, column: str, value: str) -> int:
    import polars as pl

    return int(rows.filter(pl.col(column) == value)["row"][0])


# --- Numbers -----------------------------------------------------------------------------------------------------------------------


def numbers(work: Work) -> Work:
    """Read every count cell; what is no whole number from 0 up is null, and a finding says how many cells, of which kind, and where.

    Raises:
        BrokenFile: No cell of the vote columns holds a number: the wrong column is mapped.
    """
    import polars as pl

    rows = work.rows.with_columns(votes=_plain_numbers(work.rows["cell"]))
    work = replace(work, ballots=rows.clear().drop("cell"))
    odd = rows.filter(pl.col("votes").is_null()).with_columns(pl.col("cell").cast(pl.String).fill_null(""))
    if not odd.height:
        return work.having(rows.drop("cell"))
    read = {text: whole_number(text) for text in odd["cell"].unique(maintain_order=True)}
    values = {text: cell.value for text, cell in read.items() if cell.value is not None}
    if values:
        text = pl.col("cell").cast(pl.String)
        rows = rows.with_columns(pl.coalesce("votes", text.replace_strict(values, default=None, return_dtype=pl.Int64)))
    if rows["votes"].null_count() == rows.height and any(cell.is_fault for cell in read.values()):
        raise _no_numbers(work, read)
    kept = _without_unused_columns(rows, read)
    return work.having(kept.drop("cell"), *cell_findings(work.document, _places(_still_there(odd, kept), read)))


def _plain_numbers(cells: pl.Series) -> pl.Series:
    import polars as pl

    if cells.dtype.is_integer():
        whole = cells.cast(pl.Int64, strict=False)
        return whole.set((whole < 0) | (whole > MAX_COUNT), None)
    if isinstance(cells.dtype, pl.Enum):
        return for_each_name(cells, lambda names: _small(_plain_numbers(names), cells.to_physical()))
    text = cells.cast(pl.String)
    return text.set(~text.str.contains("^[0-9]{1,10}$"), None).cast(pl.Int64, strict=False)


def _small(numbers: pl.Series, places: pl.Series) -> pl.Series:
    """Return numbers in half the space, if no sum of what is looked up in them can be too large for it: Polars would not say so.

    Args:
        numbers: None is below 0.
        places: Which of them will be looked up, and how often.
    """
    import polars as pl

    parts = (places.slice(first, MOST_HASHES) for first in range(0, places.len(), MOST_HASHES))
    return numbers.cast(pl.Int32) if sum(numbers.gather(part).sum() for part in parts) <= MOST_SMALL else numbers


MOST_SMALL = 2**31 - 1


def _no_numbers(work: Work, read: Mapping[str, Cell]) -> BrokenFile:
    columns = listed(work.rows["column"].unique(maintain_order=True))
    sample = next(cell.text for cell in read.values() if cell.is_fault)
    return BrokenFile(
        f'no cell of {columns} holds a number of votes; found "{sample}" and the like.',
        where=work.document.capture.name,
        next_step="Name the column that holds the votes: --map votes=COLUMN",
    )


def _without_unused_columns(rows: pl.DataFrame, read: Mapping[str, Cell]) -> pl.DataFrame:
    """Drop the blank cells of a vote column that a county does not use for a contest: no count type, rather than one not reported."""
    import polars as pl

    blank = [text for text, cell in read.items() if cell.kind is CellKind.BLANK]
    if not blank or distinct(rows, "column").len() == 1:
        return rows
    used = ~pl.col("cell").cast(pl.String).fill_null("").is_in(blank)
    return rows.filter(used.any().over("county", "contest", "column") | ~used.any().over("county", "contest"))


def _still_there(odd: pl.DataFrame, kept: pl.DataFrame) -> pl.DataFrame:
    return odd.join(kept.select("row", "column"), on=["row", "column"], how="semi", maintain_order="left")


def _places(odd: pl.DataFrame, read: Mapping[str, Cell]) -> Iterator[CellPlace]:
    import polars as pl

    grouped = odd.group_by("column", "cell", maintain_order=True).agg(pl.col("row").first(), count=pl.len())
    for column, text, row, count in grouped.rows():
        if read[text].value is None:
            yield CellPlace(row=row, column=column, cell=read[text], count=count)


# --- Words for findings ------------------------------------------------------------------------------------------------------------


def by_contest(wrong: pl.DataFrame) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the rows of each contest as dicts, in order of first appearance."""
    for (contest,), rows in wrong.group_by("contest", maintain_order=True):
        yield str(contest), rows.to_dicts()


def unit_words(row: Mapping[str, Any]) -> str:
    """Name the unit of a row."""
    place = " / ".join(part for part in (row.get("county", ""), row["unit"]) if part)
    return "the whole contest" if place == ALL_UNITS else f"unit {place}" if place else "no unit"


def more(count: int, noun: str) -> str:
    """Say how many cases there are beside the first."""
    return "" if count == 1 else f" ({count - 1:,} more {noun}{'s' if count > 2 else ''} like it)"


# --- Rows to a reading -------------------------------------------------------------------------------------------------------------


def to_reading(work: Work, *, feed: str, source: str) -> Reading:
    """Return the reading: one release for each time in the table, oldest first; a table without times is one release."""
    import polars as pl

    rows, ballots = _by_time(work.rows), _by_time(work.ballots)
    moments = sorted({*rows, *ballots}, key=lambda at: (at is None, at or datetime.min.replace(tzinfo=UTC)))
    releases = tuple(
        Release(
            source=source,
            feed=feed,
            published_at=at,
            contests=listed_contests(rows.get(at, work.rows.clear())),
            ballots=_ballots(ballots.get(at, work.ballots.clear())),
            counts=rows.get(at, work.rows.clear()).select(COUNT_COLUMNS).cast({"votes": pl.Int64}),
            origin=work.document.at(),
        )
        for at in moments
    )
    return Reading(feed=feed, releases=releases, findings=work.findings, words=_words(work.rows))


def _words(rows: pl.DataFrame) -> tuple[tuple[str, CountType], ...]:
    """Return the source's words for count types and how each was read, without those that are ours."""
    rows = rows.head(1) if distinct(rows, "word").len() == 1 else rows  # a word has one count type
    read = dict(pair for part in slices(rows) for pair in part.select("word", "count_type").unique(maintain_order=True).rows())
    return tuple((word, CountType(kind)) for word, kind in read.items() if word not in {"", kind})


def _by_time(rows: pl.DataFrame) -> dict[datetime | None, pl.DataFrame]:
    if not rows.height:
        return {}
    times = distinct(rows, "released")
    if times.len() == 1:  # spare large tables a copy
        text = times[0]
        return {datetime.fromisoformat(text) if text else None: rows}
    parts = rows.partition_by("released", as_dict=True, maintain_order=True)
    return {datetime.fromisoformat(str(text)) if text else None: part for (text,), part in parts.items()}


def _ballots(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the table of ballots; the parties of a primary, each with its ballots, are added up."""
    import polars as pl

    named = rows.select("contest", "unit", "count_type", kind="option", ballots="votes", party="party", row="row")
    keys = ["contest", "unit", "count_type", "kind"]
    if not repeat(named, keys):
        return named.select(BALLOT_COLUMNS).cast({"ballots": pl.Int64})
    whole = pl.col("ballots").filter(pl.col("party") == "")
    number = pl.when(whole.count() > 0).then(whole.first()).when(pl.col("ballots").count() > 0).then(pl.col("ballots").sum())
    return (
        named.group_by(keys, maintain_order=True)
        .agg(number.alias("ballots"), pl.col("row").first())
        .select(BALLOT_COLUMNS)
        .cast({"ballots": pl.Int64})
    )


def listed_contests(rows: pl.DataFrame) -> tuple[ListedContest, ...]:
    """Return the contests and options of a table, in the order they first appear."""
    import polars as pl

    named = pl.concat(part.group_by(OPTION, maintain_order=True).agg(pl.col("row").min()) for part in slices(rows))
    options = _options(named).sort("row", maintain_order=True)
    found: dict[str, list[ListedOption]] = {}
    for contest, option, party, kind, _ in options.rows():
        found.setdefault(contest, []).append(ListedOption(key=option, name=option, party=party or "", kind=kind))
    return tuple(ListedContest(key=contest, title=contest, options=tuple(listed)) for contest, listed in found.items())


OPTION = ("contest", "option", "party", "kind")
"""What a row says of an option."""


def _options(rows: pl.DataFrame) -> pl.DataFrame:
    """Return each option once, with its party if any row names one, its kind and its first row."""
    import polars as pl

    party = pl.col("party").filter(pl.col("party") != "").first()
    return rows.group_by("contest", "option", maintain_order=True).agg(party, pl.col("kind").first(), pl.col("row").min())
