"""`racecall map`: says which ids met, and ends with 1 where some did not."""

from __future__ import annotations

import json
import shutil

import pytest

from commands import BROKEN, FINDINGS, FINE, USAGE, demo, racecall

PRIMARY = "ca34-2017-primary"


@pytest.fixture
def folder(tmp_path):
    """A copy of the demo."""
    return shutil.copytree(demo(), tmp_path / "election")


def draw(folder, *units: str, contest: str = PRIMARY, prop: str = "id"):
    """Run the command with one square a unit."""
    square = [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]
    features = [{"type": "Feature", "properties": {"id": one}, "geometry": {"type": "Polygon", "coordinates": square}} for one in units]
    path = folder.parent / "units.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return racecall("map", folder, "--contest", contest, "--geojson", path, "--unit-property", prop, "--source", "The county")


def test_units_without_an_outline_are_named(folder):
    """Five of them, and how many more."""
    ran = draw(folder, "0850001A", "elsewhere")

    assert ran.code == FINDINGS
    assert ran.out == (
        "Map of ca34-2017-primary: 2 outlines, 0 kB.\n1 of 195 units with counts have an outline.\n"
        "No outline: 0850012A, 0850037A, 0850061A, 9000010C, 9000014A and 189 more.\nNo counts: elsewhere.\n"
    )


def test_without_counts_by_unit_the_ids_are_not_known(tmp_path):
    """A map may be drawn before the first count."""
    settings = tmp_path / "election.toml"
    settings.write_bytes((demo() / "election.toml").read_bytes())
    racecall("new", tmp_path / "election", "--settings", settings)
    ran = draw(tmp_path / "election", "0850001A")

    assert ran.code == FINE
    assert "There are no counts by unit yet" in ran.out


@pytest.mark.parametrize(("options", "code"), [({"contest": "mayor"}, USAGE), ({"prop": "precinct"}, BROKEN)])
def test_nothing_is_written_where_something_is_wrong(folder, options, code):
    """No contest of that name, no property of that name."""
    ran = draw(folder, "0850001A", **options)

    assert ran.code == code
    assert not (folder / "shapes.json").exists()
