"""Run a back-test with several workers, and go on where a run stopped. The figures are those of `racecall.backtest.run`, byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from racecall.desk.archives import read_archive
from racecall.desk.resuming import code_sha256, keep_finished, key_of, read_finished
from racecall.errors import UsageError

if TYPE_CHECKING:
    from racecall.backtest.archive import ArchiveElection
    from racecall.backtest.run import Backtested, BacktestSettings, PieceName
    from racecall.calls.calibration_file import Calibration
    from racecall.desk.workers import Run
    from racecall.projection.base import Projection

Progress = Callable[[int], None]


def read_archives(folders: Sequence[Path], run: Run, progress: Progress = lambda _: None) -> tuple[ArchiveElection, ...]:
    """Read archived elections, several at once, and return them in the order of the folders.

    Raises:
        UsageError: Two folders hold the same election: its contests would count twice.
    """
    read: dict[int, ArchiveElection] = {}
    for at, election in run(read_archive, folders):
        read[at] = election
        progress(1)
    _no_election_twice(folders, [read[at] for at in range(len(folders))])
    return tuple(read[at] for at in range(len(folders)))


def _no_election_twice(folders: Sequence[Path], elections: Sequence[ArchiveElection]) -> None:
    first: dict[str, Path] = {}
    for folder, election in zip(folders, elections, strict=True):
        other = first.setdefault(election.election_id, folder)
        if other is not folder:
            raise UsageError(
                f"{other} and {folder} are both the election {election.election_id}: its contests would count twice.",
                next_step="Give each election once. A folder of archives already holds all that are in it.",
            )


def backtest_with(
    run: Run,
    elections: Sequence[ArchiveElection],
    calibration: Calibration,
    settings: BacktestSettings,
    *,
    projection: Projection | None = None,
    resume: Path | None = None,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Back-test archives.

    Args:
        run: Workers (`racecall.desk.workers`).
        elections: Archived elections.
        calibration: What other nights taught.
        settings: How.
        projection: What is drawn; the product's own if None.
        resume: File of finished pieces; None keeps nothing.
        progress: Told the number of contests done after each piece.
    """
    from racecall.backtest.run import finish, piece_names, pieces, report

    names = piece_names(elections)
    keys = _keys(names, elections, calibration, settings, projection)
    done = _already(names, keys, read_finished(resume), progress)
    missing = [name for name in names if name not in done]
    work = partial(finish, settings=settings, projection=projection)
    for at, rows in run(work, pieces(elections, calibration, settings, missing)):
        done[missing[at]] = rows
        keep_finished(resume, keys[missing[at]], encode(rows))
        progress(len(rows))
    return report([one for name in names for one in done[name]], elections, settings, calibration)


def _keys(
    names: Iterable[PieceName],
    elections: Sequence[ArchiveElection],
    calibration: Calibration,
    settings: BacktestSettings,
    projection: Projection | None,
) -> Mapping[PieceName, str]:
    from racecall.calls.calibration_file import calibration_json

    whole = {
        "code": code_sha256(),
        "archives": {election.election_id: election.sha256 for election in elections},
        "calibration": calibration_json(calibration),
        "settings": asdict(settings),
        "projection": projection.id if projection else "",
    }
    base = key_of(**whole)
    return {name: key_of(base=base, night=name.night, contests=name.contests) for name in names}


def _already(
    names: Iterable[PieceName], keys: Mapping[PieceName, str], finished: Mapping[str, str], progress: Progress
) -> dict[PieceName, tuple[Backtested, ...]]:
    done = {name: decode(finished[keys[name]]) for name in names if keys[name] in finished}
    progress(sum(len(rows) for rows in done.values()))
    return done


def encode(rows: tuple[Backtested, ...]) -> str:
    """Write back-tested contests as JSON; numbers keep every digit."""
    import msgspec

    return msgspec.json.encode(rows).decode()


def decode(text: str) -> tuple[Backtested, ...]:
    """Read back what `encode` wrote."""
    import msgspec

    from racecall.backtest.run import Backtested

    return msgspec.json.decode(text, type=tuple[Backtested, ...])
