"""The second opinion on a record: its own reading of the database, its own hashes, its own sums, its own law."""

import ast
import sys
from pathlib import Path

import polars as pl
import pytest

import builders as make
from racecall.desk import verifying
from racecall.desk.store import Store
from racecall.desk.verifying import cells, record
from racecall.desk.verifying.bodies import Release
from racecall.desk.verifying.folder import verify_folder
from racecall.errors import NotAnElection
from racecall.feeds.frames import count_frame
from racecall.ledger.events import Draft, EventKind, canonical, iso
from racecall.ledger.resolve import resolve
from racecall.ledger.totals import contest_counts

ROOM = Path(verifying.__file__).parent
ALLOWED = {"polars", "msgspec", "urllib3", "racecall.errors"}
"""What the room may use beside the standard library and itself."""


@pytest.mark.parametrize("module", sorted(path.name for path in ROOM.glob("*.py")))
def test_it_shares_no_code_with_the_writer(module):
    """A mistake in the code that writes must not be able to hide itself."""
    tree = ast.parse((ROOM / module).read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    own = {name for name in imported if name.startswith("racecall.desk.verifying")}
    standard = {name for name in imported if name.partition(".")[0] in sys.stdlib_module_names}

    assert imported - own - standard - ALLOWED == set()


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

    assert record.own_hash(row) == event.hash


@pytest.mark.parametrize("row", [{}, {"seq": None}, {"seq": "one", "body": b"\xff"}])
def test_a_row_that_is_no_event_has_a_hash_of_its_own(row):
    """Damage is compared, never a reason to stop."""
    assert (len(record.own_hash(row)), record.holds(row)) == (64, False)


def chained(**changes) -> record.Row:
    """A row whose hash holds."""
    row = {"seq": 1, "kind": "statement", "at": "2017-04-05T09:00:00Z", "recorded_at": "2017-04-05T09:00:00Z", "contest": "c"}
    row |= {"actor": "x", "body": '{"kind":"outstanding","ballots":5,"stated_at":"2017-04-05T09:00:00Z"}', "previous": "0" * 64} | changes
    return row | {"hash": record.own_hash(row)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": "{"}, "event 1 (statement) has its hash, but not the form of such an event: "),
        ({"body": '{"ballots":5}'}, "event 1 (statement) has its hash, but not the form of such an event: Object missing required field"),
        ({"body": "[]"}, "event 1 (statement) has its hash, but not the form of such an event: "),
        (
            {"kind": "coverage", "body": '{"kind":"person","row":{"id":"ann"}}'},
            "event 1 (coverage) has its hash, but not the form of such an event: Object missing required field `source` - at `$.row`.",
        ),
        ({"at": "noon"}, "event 1 (statement) has its hash, but not the form of such an event: Invalid isoformat string: 'noon'."),
    ],
)
def test_an_event_that_was_chained_and_makes_no_sense_is_named(change, said):
    """Whoever can hash can also write nonsense."""
    problems = []

    assert (list(record.events_of([chained(**change)], problems)), problems[0][: len(said)]) == ([], said)


ROWS = {
    "parts": ([("c", "1", "total", "a", 10, 1), ("c", "2", "total", "a", 20, 2)], {"a": 30}),
    "nothing but totals": ([("c", "all", "total", "a", 10, 1), ("c", "all", "total", "b", None, 2)], {"a": 10}),
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


def table(rows) -> bytes:
    from io import BytesIO

    buffer = BytesIO()
    count_frame(rows).write_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ROWS)
def test_cells_are_added_as_the_documents_say(name):
    """A total before its parts, never a zero for what was withheld."""
    rows, wanted = ROWS[name]

    assert cells.sums_of(table(rows)) == {"c": wanted}


@pytest.mark.parametrize("name", ROWS)
def test_both_add_cells_alike(name):
    """The ledger's totals and the second opinion agree on the same cells."""
    rows, _ = ROWS[name]
    election = make.election(make.contest("A", "B"))
    resolution = resolve(make.release([row[:5] for row in rows]), election)
    recorded = contest_counts(resolution, election)[0]["c"]
    buffer = table(resolution.release.counts.rows())

    assert cells.sums_of(buffer)["c"] == dict(recorded.votes)


def release_of(counts: str) -> record.Event:
    """A release whose cells are kept under a name."""
    body = Release(capture="", feed="", status="", contests={}, counts=counts)
    return record.Event(seq=3, kind="release", at=make.NIGHT, contest="", raw={}, body=body, hash="")


def test_a_table_that_is_none_is_named_and_the_rest_is_looked_at(tmp_path):
    """Whatever a damaged file does to the reader of tables, it ends in a sentence."""
    (tmp_path / "counts" / "ab").mkdir(parents=True)
    (tmp_path / "counts" / "ab" / "ab12.parquet").write_bytes(b"PAR1 and nothing else PAR1")

    [said] = cells.cell_problems(tmp_path, release_of("ab12"))

    assert said.startswith("the cells of event 3 cannot be read (")
    assert said.endswith("): counts/ab12.parquet.")


def test_cells_with_other_columns_are_named(tmp_path):
    """A Parquet file of something else."""
    (tmp_path / "counts" / "ab").mkdir(parents=True)
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "counts" / "ab" / "ab12.parquet")

    assert list(cells.cell_problems(tmp_path, release_of("ab12"))) == [
        "the cells of event 3 cannot be read (ColumnNotFoundError): counts/ab12.parquet."
    ]


def test_a_folder_without_a_ledger_cannot_be_verified(tmp_path):
    """An empty folder is no whole record."""
    with pytest.raises(NotAnElection, match=r"there is no ledger\.db in this folder, so there is nothing to verify"):
        verify_folder(tmp_path)
