"""An election's maps: `shapes.json` in its folder, made from a file of boundaries. They are no evidence, so the ledger has none of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.desk.files import read_limited, write_whole
from racecall.desk.folder import ElectionFolder
from racecall.ledger.records import read_records
from racecall.model.units import ALL_UNITS
from racecall.origin import sha256_hex

if TYPE_CHECKING:
    from racecall.publish.site.page import MapShapes

FILE = "shapes.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapAdded:
    """A map that was put into an election's folder, beside the units of its current count.

    Args:
        drawn: The map.
        joined: Units with counts and an outline.
        without_outline: Units with counts and no outline.
        without_count: Outlines whose unit has no counts.
    """

    drawn: MapShapes
    joined: int
    without_outline: tuple[str, ...]
    without_count: tuple[str, ...]


def election_maps(folder: Path) -> Mapping[str, MapShapes]:
    """Return an election folder's maps by contest id; none if nobody has added any.

    Raises:
        BrokenFile: `shapes.json` is not what `racecall map` writes.
    """
    from racecall.publish.site.outlines import read_shapes

    path = folder / FILE
    return read_shapes(read_limited(path), where=str(path)) if path.is_file() else {}


def maps_sha256(folder: Path) -> str:
    """Return the hash of an election folder's maps, "" if nobody has added any: a page rests on them, too."""
    path = folder / FILE
    return sha256_hex(read_limited(path)) if path.is_file() else ""


def add_map(folder: ElectionFolder, contest: str, boundaries: Path, *, unit_property: str, source: str) -> MapAdded:
    """Draw a contest's map from a GeoJSON file, in place of an earlier one.

    Args:
        folder: The election.
        contest: Contest id.
        boundaries: The GeoJSON file, in WGS 84.
        unit_property: The property that holds the unit's id as the counts give it.
        source: Who drew the boundaries, as the page prints it.

    Raises:
        UnknownName: The election has no such contest.
        SourceError: The file cannot be drawn.
    """
    from racecall.publish.site.outlines import draw_map, read_outlines, write_shapes

    folder.election.contest(contest)
    drawn = draw_map(read_outlines(read_limited(boundaries), unit_property, where=boundaries.name), source)
    write_whole(folder.path / FILE, write_shapes({**election_maps(folder.path), contest: drawn}))
    counted, outlined = _counted_units(folder, contest), [shape.unit for shape in drawn.shapes]
    return MapAdded(
        drawn=drawn,
        joined=sum(unit in counted for unit in outlined),
        without_outline=tuple(sorted(counted - set(outlined))),
        without_count=tuple(sorted(set(outlined) - counted)),
    )


def _counted_units(folder: ElectionFolder, contest: str) -> frozenset[str]:
    import polars as pl

    counts = read_records(folder.ledger()).counts(contest)
    if not counts or counts[-1][1].units < 1:
        return frozenset()
    cells = folder.store.get_table(counts[-1][0].counts)
    return frozenset(cells.filter((pl.col("contest") == contest) & (pl.col("unit") != ALL_UNITS))["unit"].unique())
