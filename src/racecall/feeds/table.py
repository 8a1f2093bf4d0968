"""Any table of counts: CSV, TSV or Parquet, through a column mapping that is given, or guessed from the header.

Our own plain CSV (``contest,unit,count_type,option,votes``) and a replay archive's `releases.parquet` are read as they are written. Any
other table is read with suspicion: totals, over votes, blanks and repeated rows are looked for, as the stages below list them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from racecall.errors import RacecallError, SettingsError, UnknownFormat
from racecall.feeds.base import Document, Match
from racecall.feeds.mapping import ARCHIVE_HEADER, PLAIN_HEADER, ColumnMap, as_recorded, guess, listed, settle
from racecall.feeds.options import mark_kinds, name_nameless, set_aside_non_options
from racecall.feeds.rows import (
    Stage,
    Work,
    mark_units,
    name_count_types,
    note_ballot_groups,
    numbers,
    read_times,
    run,
    stretch,
    tidy_names,
    to_reading,
)
from racecall.feeds.sheet import PARQUET, Sheet, header_of, read_sheet
from racecall.feeds.sums import compare_methods, join_words, keep_totals_apart, settle_duplicates, settle_units
from racecall.feeds.text import escape_formula
from racecall.model.release import Reading

if TYPE_CHECKING:
    import polars as pl

AS_WRITTEN: tuple[Stage, ...] = (tidy_names, read_times, mark_units, name_count_types, numbers, mark_kinds, settle_duplicates, join_words)
"""What happens to a table that is known to be clean."""

STAGES: tuple[Stage, ...] = (
    tidy_names,
    read_times,
    mark_units,
    name_count_types,
    numbers,
    mark_kinds,
    set_aside_non_options,
    name_nameless,
    settle_duplicates,
    keep_totals_apart,
    settle_units,
    join_words,
    compare_methods,
    note_ballot_groups,
)
"""What happens to any other table, in this order."""


class TableFeed:
    """Any table of counts."""

    id = "table"
    title = "CSV, TSV or Parquet table"

    def sniff(self, document: Document) -> Match | None:
        """Say whether this looks like a table whose columns we can tell, or are told."""
        if document.data.startswith(PARQUET):
            return Match(feed=self.id, certainty=0.7, reason="a Parquet file")
        if document.head.lstrip()[:1] in {b"{", b"[", b"<"}:
            return None
        header, _, _ = header_of(document.head)
        certainty, reason = _certainty(header, given_mapping(document))
        return Match(feed=self.id, certainty=certainty, reason=reason) if certainty else None

    def parse(self, document: Document) -> Reading:
        """Read the table.

        Raises:
            BrokenFile: Empty, cut off, wrongly encoded, too large, or without a number.
            UnknownFormat: Not a table, or columns that cannot be told and are not said.
            SettingsError: The mapping names a column that is not there.
        """
        work = _stretched(document)
        stages = AS_WRITTEN if work.columns.as_written else STAGES
        reading = to_reading(run(work, stages), feed=self.id, source=document.source or document.capture.name)
        is_plain = document.mapping is None and work.columns.as_written
        return reading if is_plain else replace(reading, columns=as_recorded(work.columns))


def _stretched(document: Document) -> Work:
    """Return one row a count; the table itself is let go, since it may be large."""
    sheet = read_sheet(document)
    columns = settle(given_mapping(document), sheet.header)
    _refuse_incomplete(document, sheet, columns)
    return stretch(document, sheet, columns)


def given_mapping(document: Document) -> ColumnMap | None:
    """Return the mapping the user gave.

    Raises:
        SettingsError: It is something else.
    """
    if document.mapping is None or isinstance(document.mapping, ColumnMap):
        return document.mapping
    raise SettingsError(
        "this is not a column mapping.", where="column mapping", next_step="Make one with racecall.feeds.mapping.parse_mapping."
    )


def _certainty(header: tuple[str, ...], given: ColumnMap | None) -> tuple[float, str]:
    if header and given is not None and given.names_columns:
        return 0.75, "a table, and you named its columns"
    if header == PLAIN_HEADER:
        return 0.95, f"the header {','.join(header)}"
    if set(header) >= ARCHIVE_HEADER:
        return 0.9, "the columns of a replay archive"
    columns = guess(header)
    seen = f"the columns {listed(columns.columns)}"
    missing = left_open(columns if given is None else given.over(columns))
    if not missing:
        return 0.6, seen
    return (0.3, f"{seen}; which column holds the {' and the '.join(missing)} cannot be told") if columns.names_columns else (0.0, "")


def left_open(columns: ColumnMap) -> list[str]:
    """Return what the mapping leaves open and cannot do without."""
    votes = columns.votes or columns.by_count_type or columns.by_option
    option = columns.option or columns.by_option or columns.fixed_value("option")
    contest = columns.contest or columns.fixed_value("contest")
    return [what for what, found in (("contest", contest), ("option", option), ("votes", votes)) if not found]


def _refuse_incomplete(document: Document, sheet: Sheet, columns: ColumnMap) -> None:
    missing = left_open(columns)
    if not missing:
        return
    kind: type[RacecallError] = UnknownFormat if document.mapping is None else SettingsError
    one_contest = ' If the whole table is one contest: --map "contest:=NAME"' if "contest" in missing else ""
    raise kind(
        f"it cannot be told which column holds the {' and the '.join(missing)}. Columns: {listed(sheet.header)}.",
        where=document.capture.name,
        next_step=f"Say which: --map {','.join(f'{what}=COLUMN' for what in missing)}.{one_contest}",
    )


def plain_csv(counts: pl.DataFrame) -> bytes:
    """Write counts as our plain CSV, safe to open in a spreadsheet; `TableFeed` reads them back (tidied names, without places)."""
    import polars as pl

    names = [name for name in PLAIN_HEADER if counts.schema[name] == pl.String]
    safe = [pl.col(name).map_elements(escape_formula, return_dtype=pl.String) for name in names]
    return counts.select(PLAIN_HEADER).with_columns(safe).write_csv().encode()
