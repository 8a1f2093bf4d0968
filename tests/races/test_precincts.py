"""The 195 precincts of the certified count of 14 April 2017, as published, and then with what an office or a file can do to them."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from racecall.desk.folder import new_folder
from racecall.desk.recording import AddOptions, add_files
from racecall.model.finding import Severity

FOLDER = files("racecall.data").joinpath("ca34_2017")
[ENTRY] = [path for path in FOLDER.joinpath("entries").iterdir() if path.name.startswith("14")]
[CERTIFIED] = tomllib.loads(ENTRY.read_text(encoding="utf-8"))["release"]
OPTIONS: list[str] = CERTIFIED["options"]
LARGEST = max((unit for unit in CERTIFIED["units"] if unit != "all"), key=lambda unit: sum(CERTIFIED["units"][unit]))

Units = Mapping[str, list[int]]


@pytest.fixture
def found(tmp_path: Path):
    """Add counts one after the other, and return what the last one brought, notes left out."""

    def play(*counts: Units):
        folder = new_folder(tmp_path / "election", FOLDER.joinpath("election.toml").read_bytes())
        for number, units in enumerate(counts, 1):
            path = tmp_path / f"{number}.csv"
            lines = [
                f"{CERTIFIED['contest']},{unit},{name},{votes}"
                for unit, row in units.items()
                for name, votes in zip(OPTIONS, row, strict=True)
            ]
            path.write_text("\n".join(["contest,precinct,candidate,votes", *lines]) + "\n", encoding="utf-8")
            [added] = add_files(folder, [path], AddOptions(actor="A. Editor", source="The county"))
        return {finding.check: finding for finding in added.findings if finding.severity is not Severity.NOTE}

    return play


def changed(**units: list[int] | None) -> Units:
    """The certified count with some units replaced, or left out."""
    return {unit: row for unit, row in (CERTIFIED["units"] | units).items() if row is not None}


def test_the_count_as_published_has_nothing_wrong(found):
    """195 precincts, three ballot groups, 24 candidates."""
    assert found(CERTIFIED["units"]) == {}


def test_a_precinct_that_is_left_out_is_missed(found):
    """The printed total does not fit any more."""
    assert found(changed(**{LARGEST: None}))["parts_do_not_add_up"].severity == "hold_calls"


def test_two_precincts_that_became_one_are_missed(found):
    """The sum is right, and a precinct is gone."""
    other = next(unit for unit in CERTIFIED["units"] if unit not in {LARGEST, "all"})
    merged = [a + b for a, b in zip(CERTIFIED["units"][LARGEST], CERTIFIED["units"][other], strict=True)]
    finding = found(CERTIFIED["units"], changed(**{LARGEST: merged, other: None}))["missing_units"]

    assert finding.problem == f"Not in this release, though in the one before: 1 unit: {other}."


def test_columns_in_reverse_order_make_a_precinct_like_no_other(found):
    """As an old ballot definition does; the total is that of the county, so the sum is wrong too."""
    turned = changed(**{LARGEST: CERTIFIED["units"][LARGEST][::-1]})
    finding = found({unit: row for unit, row in turned.items() if unit != "all"})["outlying_units"]

    assert finding.unit == LARGEST
    assert finding.problem.startswith(f"Unit {LARGEST} is like no other: ")


def test_a_precinct_twice_as_large_as_before_is_found(found):
    """Its batch was loaded again; the county's own total does not know."""
    units = {unit: row for unit, row in CERTIFIED["units"].items() if unit != "all"}
    finding = found(units, units | {LARGEST: [2 * votes for votes in units[LARGEST]]})["doubled_units"]

    assert finding.problem == f"Exactly twice the votes of the release before, for every option, in 1 unit: {LARGEST}."


def test_two_digits_swapped_do_not_fit_the_printed_total(found):
    """A figure typed by hand: 12 for 21 is 9 votes off."""
    row = list(CERTIFIED["units"][LARGEST])
    at = next(at for at, votes in enumerate(row) if votes >= 10 and len(set(str(votes))) == 2)
    row[at] = int(str(row[at])[::-1])

    assert set(found(changed(**{LARGEST: row}))) == {"parts_do_not_add_up"}
