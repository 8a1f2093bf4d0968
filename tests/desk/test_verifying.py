"""The second opinion on a record: its own reading of the database, its own hashes, its own sums."""

import ast
from pathlib import Path

import polars as pl
import pytest

import builders as make
from racecall.desk import verifying
from racecall.desk.store import Store
from racecall.errors import NotAnElection
from racecall.feeds.frames import count_frame
from racecall.ledger.events import Draft, EventKind, canonical, iso
from racecall.ledger.resolve import resolve
from racecall.ledger.totals import contest_counts


def test_it_shares_no_code_with_the_writer():
    """A mistake in the ledger's own code must not be able to hide itself."""
    tree = ast.parse(Path(verifying.__file__).read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}

    assert {module for module in imported if module.startswith("racecall")} == {"racecall.errors"}


def test_both_make_the_same_hash(tmp_path):
    """The recipe of docs/ledger.md, twice written and once the same."""
    store = Store(tmp_path, clock=lambda: make.NIGHT)
    store.create()
    with store.writing() as writing:
        [event] = writing.append(
            [Draft(kind=EventKind.REPORT, at=make.hours(1), contest="c", body={"ñ": [1, None, True, 0.25], "a": "\n"})]
        )
    row = {name: getattr(event, name) for name in ("seq", "kind", "contest", "actor", "previous")}
    row |= {"at": iso(event.at), "recorded_at": iso(event.recorded_at), "body": canonical(event.body)}

    assert verifying._own_hash(row) == event.hash


@pytest.mark.parametrize("row", [{}, {"seq": None}, {"seq": "one", "body": b"\xff"}])
def test_a_row_that_is_no_event_has_a_hash_of_its_own(row):
    """Damage is compared, never a reason to stop."""
    assert len(verifying._own_hash(row)) == 64


ROWS = {
    "parts": ([("c", "1", "total", "a", 10, 1), ("c", "2", "total", "a", 20, 2)], {"a": 30}),
    "a printed total of the contest stands for its units": (
        [("c", "all", "total", "a", 31, 1), ("c", "1", "total", "a", 10, 2), ("c", "2", "total", "a", 20, 3)],
        {"a": 31},
    ),
    "a printed total of a unit stands for its count types": (
        [("c", "1", "total", "a", 12, 1), ("c", "1", "absentee_mail", "a", 5, 2), ("c", "1", "election_day", "a", 6, 3)],
        {"a": 12},
    ),
    "count types without a total are added": ([("c", "1", "absentee_mail", "a", 5, 1), ("c", "1", "election_day", "a", 6, 2)], {"a": 11}),
    "a withheld cell is left out": ([("c", "1", "total", "a", None, 1), ("c", "2", "total", "a", 20, 2)], {"a": 20}),
    "an option with nothing but withheld cells has no votes": (
        [("c", "1", "total", "a", None, 1), ("c", "1", "total", "b", 0, 2)],
        {"b": 0},
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_cells_are_added_as_the_documents_say(tmp_path, name):
    """A total before its parts, never a zero for what was withheld."""
    rows, wanted = ROWS[name]
    count_frame(rows).write_parquet(tmp_path / "cells.parquet")

    assert verifying._sums(tmp_path / "cells.parquet") == {"c": wanted}


@pytest.mark.parametrize("name", ROWS)
def test_both_add_cells_alike(tmp_path, name):
    """The ledger's totals and the second opinion agree on the same cells."""
    rows, _ = ROWS[name]
    election = make.election(make.contest("A", "B"))
    resolution = resolve(make.release([row[:5] for row in rows]), election)
    recorded = contest_counts(resolution, election)[0]["c"]
    resolution.release.counts.write_parquet(tmp_path / "cells.parquet")

    assert verifying._sums(tmp_path / "cells.parquet")["c"] == dict(recorded.votes)


def test_a_table_that_is_none_is_named_and_the_rest_is_looked_at(tmp_path):
    """Whatever a damaged file does to the reader of tables, it ends in a sentence."""
    (tmp_path / "counts" / "ab").mkdir(parents=True)
    (tmp_path / "counts" / "ab" / "ab12.parquet").write_bytes(b"PAR1 and nothing else PAR1")

    [said] = verifying._total_problems(tmp_path, 3, {"counts": "ab12", "contests": {}})

    assert said.startswith("the cells of event 3 cannot be read (")
    assert said.endswith("): counts/ab12.parquet.")


def test_cells_with_other_columns_are_named(tmp_path):
    """A Parquet file of something else."""
    (tmp_path / "counts" / "ab").mkdir(parents=True)
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "counts" / "ab" / "ab12.parquet")

    assert list(verifying._total_problems(tmp_path, 3, {"counts": "ab12", "contests": {}})) == [
        "the cells of event 3 cannot be read (ColumnNotFoundError): counts/ab12.parquet."
    ]


def test_a_folder_without_a_ledger_cannot_be_verified(tmp_path):
    """An empty folder is no whole record."""
    with pytest.raises(NotAnElection, match=r"there is no ledger\.db in this folder, so there is nothing to verify"):
        verifying.verify_folder(tmp_path)
