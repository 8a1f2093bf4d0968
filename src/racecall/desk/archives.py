"""Read archived elections from disk: the only part of the back-test that opens a file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

from racecall.errors import BrokenFile, UsageError

if TYPE_CHECKING:
    import polars as pl

    from racecall.backtest.archive import ArchiveElection, ArchiveTables

FILES = ("election.json", "contests.csv", "releases.parquet", "final.csv")
EXTRAS = ("outstanding.csv", "outstanding.csv.gz", "ballots.csv", "ballots.csv.gz")


def archive_folders(paths: list[Path]) -> list[Path]:
    """Return the folders that hold an archived election: the paths themselves, or the folders inside them.

    Raises:
        UsageError: None of the paths holds one.
    """
    found = [path for path in paths if (path / "election.json").is_file()]
    for path in (path for path in paths if path not in found):
        found.extend(sorted(inner.parent for inner in path.glob("*/election.json")))
    if not found:
        raise UsageError(
            f"no archive in {', '.join(str(path) for path in paths)}: an archived election is a folder with election.json.",
            next_step="Give the folder of one election, or a folder of such folders (docs/archives.md).",
        )
    return found


def read_archive(folder: Path) -> ArchiveElection:
    """Read one archived election.

    Raises:
        BrokenFile: A file is missing or cannot be read.
    """
    from racecall.backtest.archive import read_election

    return read_election(read_tables(folder))


def read_tables(folder: Path) -> ArchiveTables:
    """Read the files of one archived election without interpreting them."""
    from racecall.backtest.archive import ArchiveTables

    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise BrokenFile(
            f"{missing[0]} is missing.", where=f"archive {folder}", next_step="See docs/archives.md for the files an archive needs."
        )
    return ArchiveTables(
        election=_json(folder / "election.json"),
        contests=_csv(folder / "contests.csv"),
        releases=_parquet(folder / "releases.parquet"),
        final=_csv(folder / "final.csv"),
        outstanding=_first(folder, "outstanding.csv", "outstanding.csv.gz"),
        ballots=_first(folder, "ballots.csv", "ballots.csv.gz"),
        sha256=folder_sha256(folder),
    )


def folder_sha256(folder: Path) -> str:
    """Hash the names and bytes of an archive's files, in order of name."""
    digest = hashlib.sha256()
    for name in sorted((*FILES, *EXTRAS)):
        if (folder / name).is_file():
            digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    return digest.hexdigest()


def _json(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BrokenFile(f"not JSON: {error}.", where=str(path)) from error
    if not isinstance(value, dict):
        raise BrokenFile(f"expected one object, found {type(value).__name__}.", where=str(path))
    return value


def _csv(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_csv(path, glob=False, infer_schema_length=None, schema_overrides={"contest_id": pl.String, "option": pl.String})
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BrokenFile(f"not a table that can be read: {error}", where=str(path)) from error


def _parquet(path: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BrokenFile(f"not a Parquet file that can be read: {error}", where=str(path)) from error


def _first(folder: Path, *names: str) -> pl.DataFrame | None:
    return next((_csv(folder / name) for name in names if (folder / name).is_file()), None)


def night_share_rows(path: Path) -> list[tuple[str, str, float]]:
    """Read county, election date and share counted on the night from a table; rows without a share or of no confidence are left out.

    Raises:
        BrokenFile: A column is missing.
    """
    frame = _csv(path)
    missing = [name for name in ("county", "election_date", "election_night_pct") if name not in frame.columns]
    if missing:
        raise BrokenFile(f"the column {missing[0]!r} is missing; found {', '.join(frame.columns)}.", where=str(path))
    rows = frame.iter_rows(named=True)
    return [
        (str(row["county"]), str(row["election_date"]), float(row["election_night_pct"]) / 100)
        for row in rows
        if row["election_night_pct"] is not None and row.get("confidence") != "none"
    ]


def read_text(path: Path) -> str:
    """Read a text file.

    Raises:
        UsageError: There is none.
    """
    if not path.is_file():
        raise UsageError(f"no file {path}.")
    return path.read_text("utf-8")


def write_text(path: Path, text: str) -> None:
    """Write a text file in one step, so that a crash leaves the old one."""
    half = path.with_suffix(path.suffix + ".part")
    half.write_text(text, "utf-8")
    half.replace(path)


def packaged_calibration() -> str:
    """Return the calibration that ships with the package.

    Raises:
        UsageError: This build has none.
    """
    from importlib.resources import files

    resource = files("racecall.data").joinpath("calibration.json")
    if not resource.is_file():
        raise UsageError("this build has no packaged calibration.", next_step="Make one with: racecall calibrate ARCHIVE… --out FILE")
    return resource.read_text("utf-8")
