"""What tables of many rows are kept in, and what becomes of it."""

from itertools import chain

import polars as pl

from builders import contest, election, release
from racecall.feeds.rows import aligned, by_units, names_of, renamed, repeat, those, told
from racecall.ledger.resolve import resolve

NAMES = pl.Series("option", ["BEN", "ANA", None, "BEN"], dtype=names_of(["BEN", "ANA"]))


def test_a_name_is_renamed_wherever_it_stands() -> None:
    """What is blank stays blank, and the column keeps its name."""
    made = renamed(NAMES, {"BEN": "CAT"})

    assert (made.name, made.to_list()) == ("option", ["CAT", "ANA", None, "CAT"])


def test_two_names_may_become_one() -> None:
    """As when a name was printed in two encodings."""
    assert renamed(NAMES, {"BEN": "ANA"}).to_list() == ["ANA", "ANA", None, "ANA"]


def test_text_is_renamed_as_well() -> None:
    """Tables that have a name a row are kept as text."""
    assert renamed(NAMES.cast(pl.String), {"BEN": "CAT"}).to_list() == ["CAT", "ANA", None, "CAT"]


def test_a_name_takes_a_byte() -> None:
    """Four columns of text take 64 bytes a row."""
    assert NAMES.to_physical().dtype == pl.UInt8


def test_rows_that_lie_together_are_found() -> None:
    """They are given without a copy."""
    rows = pl.DataFrame({"row": [1, 2, 3, 4]})

    assert those(rows, pl.col("row").is_between(2, 3))["row"].to_list() == [2, 3]


def test_rows_that_lie_apart_are_found() -> None:
    """In their order."""
    rows = pl.DataFrame({"row": [1, 2, 3, 4]})

    assert those(rows, pl.col("row") != 2)["row"].to_list() == [1, 3, 4]


def test_long_runs_of_rows_are_found() -> None:
    """Totals that stand once in a thousand rows, also first and last."""
    rows = pl.DataFrame({"row": range(3_001)})

    assert those(rows, pl.col("row") % 1_000 != 0).equals(rows.filter(pl.col("row") % 1_000 != 0))


def test_no_rows_are_found() -> None:
    """A table without rows is an answer."""
    assert those(pl.DataFrame({"row": [1, 2]}), pl.col("row") > 2).height == 0


def test_a_large_table_comes_in_parts_with_whole_units() -> None:
    """No unit is in two parts, and no row is lost."""
    units = pl.int_range(12_000, eager=True) % 7
    rows = pl.DataFrame({"unit": units.cast(pl.String).cast(pl.Categorical)})
    parts = [part["unit"].unique().to_list() for (part,) in by_units(rows)]

    assert (len(parts), sorted(chain(*parts))) == (3, list("0123456"))


def test_columns_are_cut_at_the_same_places() -> None:
    """Nothing is copied and no row moves, whatever the columns came from."""
    pieces = pl.concat([pl.DataFrame({"unit": ["1", "2"]}), pl.DataFrame({"unit": ["3"]})])
    rows = pieces.with_columns(pl.Series("votes", [10, 20, 30]), kind=pl.lit(""))
    cut = aligned(rows)

    assert (set(cut.n_chunks("all")), cut.rows()) == ({2}, rows.rows())


def test_a_table_says_something_of_each_key() -> None:
    """In the order of the rows; null where it says nothing, and whatever type the names have."""
    rows = pl.DataFrame({"contest": ["a", "b", "a"], "option": ["x", "x", "y"]}).with_columns(pl.col("contest").cast(pl.Categorical))
    table = pl.DataFrame({"contest": ["a", "b"], "option": ["x", "x"], "name": ["first", "second"]})

    assert told(rows, table, ("contest", "option"))["name"].to_list() == ["first", "second", None]


def test_keys_that_only_swap_their_names_are_two() -> None:
    """Ann in contest Bo is not Bo in contest Ann."""
    rows = pl.DataFrame({"unit": ["1", "1"], "contest": ["Ann", "Bo"], "option": ["Bo", "Ann"]})

    assert [repeat(table, ("unit", "contest", "option")) for table in (rows, pl.concat([rows, rows.head(1)]))] == [False, True]


def test_the_ledger_makes_text_of_numbers_of_names() -> None:
    """So that a record has the same bytes whatever a reader kept its names in."""
    text = release([("c", "1", "total", "a", 10)])
    kinds = {name: names_of(text.counts[name]) for name in ("contest", "unit", "count_type", "option")}
    numbers = text.with_tables(text.counts.cast(kinds), text.ballots)
    made = [resolve(one, election(contest("a", "b"))).release.counts for one in (text, numbers)]

    assert (made[0].equals(made[1]), made[1].schema) == (True, text.counts.schema)
