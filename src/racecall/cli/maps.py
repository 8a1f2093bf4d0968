"""The command that gives a contest its map."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import FINDINGS, FINE, Folder, count, end, say

if TYPE_CHECKING:
    from racecall.desk.maps import MapAdded

NAMED = 5
"""Units that are named where ids do not meet."""


def draw(
    dir_: Folder,
    contest: Annotated[str, typer.Option("--contest", metavar="ID", help="The contest that the map is of.", show_default=False)],
    geojson: Annotated[Path, typer.Option("--geojson", metavar="FILE", help="The boundaries, in WGS 84.", show_default=False)],
    unit_property: Annotated[
        str,
        typer.Option("--unit-property", metavar="NAME", help="The property with the unit's id, as the counts have it.", show_default=False),
    ],
    source: Annotated[str, typer.Option("--source", metavar="TEXT", help="Who drew the boundaries: the page says it.", show_default=False)],
) -> None:
    """Give a contest a map: boundaries from a GeoJSON file, made small enough for a page.

    Says which units of the current count have no outline, and which outlines have no counts. Writes shapes.json in DIR.

    Example: racecall map sd7 --contest sd7-2015-primary --geojson precincts.geojson --unit-property precinct --source "The county, 2015"
    """
    from racecall.desk.folder import open_folder
    from racecall.desk.maps import add_map

    added = add_map(open_folder(dir_), contest, geojson, unit_property=unit_property, source=source)
    say("\n".join(map_lines(added, contest)))
    end(FINDINGS if added.without_outline else FINE)


def map_lines(added: MapAdded, contest: str) -> list[str]:
    """Say what the map holds, and whether its ids are those of the counts."""
    weight = sum(len(shape.path) for shape in added.drawn.shapes)
    lines = [f"Map of {contest}: {count(len(added.drawn.shapes), 'outline')}, {weight / 1000:,.0f} kB."]
    if not added.joined and not added.without_outline:
        return [*lines, "There are no counts by unit yet, so whether the ids are the same is not known. Run this again when there are."]
    lines.append(f"{added.joined:,} of {count(added.joined + len(added.without_outline), 'unit')} with counts have an outline.")
    if added.without_outline:
        lines.append(f"No outline: {_some(added.without_outline)}.")
    if added.without_count:
        lines.append(f"No counts: {_some(added.without_count)}.")
    return lines


def _some(units: tuple[str, ...]) -> str:
    more = len(units) - NAMED
    return ", ".join(units[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
