"""`backtest` and `calibrate`: how often calls were wrong on archived nights, beside how early they were right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from racecall.cli.common import end, say
from racecall.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

    from racecall.backtest.archive import ArchiveElection
    from racecall.calls.calibration_file import Calibration
    from racecall.desk.workers import Run

ALPHAS = (0.005, 0.01, 0.02)
"""Chances for which a calibration always lists its threshold."""

Archives = Annotated[
    list[Path],
    typer.Argument(metavar="ARCHIVE…", help="Folders of archived elections, or folders of such folders.", show_default=False),
]
Alpha = Annotated[float, typer.Option("--alpha", metavar="A", help="Chance of any false call in a contest, all looks together.")]
UsedCalibration = Annotated[
    Path | None, typer.Option("--calibration", metavar="FILE", help="Calibration to use; the packaged one if not given.")
]
OpenWeighted = Annotated[bool, typer.Option("--open-weighted", help="Weight alpha by the share of contests still open early in the night.")]
Resume = Annotated[
    Path | None, typer.Option("--resume", metavar="FILE", help="Keep finished work there, and go on where a run was stopped.")
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", help="Processes on this machine; one a core if not given.", show_default=False)]


def calibrate(
    archives: Archives,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the calibration.", show_default=False)],
    alpha: Alpha = 0.005,
    night_shares: Annotated[
        Path | None,
        typer.Option("--night-shares", metavar="CSV", help="county, election_date, election_night_pct: habits older than the archives."),
    ] = None,
    jobs: Jobs = 0,
) -> None:
    """Learn from archived counts what a score promises, and write it with its provenance."""
    from racecall.backtest.calibrate import make_calibration
    from racecall.calls.calibration_file import calibration_json
    from racecall.desk.archives import night_share_rows, write_text
    from racecall.desk.workers import workers
    from racecall.publish.backtest_tables import calibration_page

    check_alpha(alpha)
    rows = night_share_rows(night_shares) if night_shares else ()
    with workers(jobs) as run:
        elections = _read(archives, run)
    made = make_calibration(elections, rows)
    write_text(out, calibration_json(made, tuple(sorted({alpha, *ALPHAS}))))
    say(calibration_page(made, alpha))
    end(not made.maxima)


def backtest(
    archives: Archives,
    alpha: Alpha = 0.005,
    calibration: UsedCalibration = None,
    open_weighted: OpenWeighted = False,
    draws: Annotated[int, typer.Option("--draws", metavar="N", help="Joint draws at each fixed look.")] = 500,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Same seed, same bytes.")] = 1,
    jobs: Jobs = 0,
    cluster: Annotated[str, typer.Option("--cluster", metavar="ADDRESS", help="A Dask scheduler, e.g. tcp://host:8786.")] = "",
    resume: Resume = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Judge archived nights as they were public, with a calibration that has not seen them."""
    from racecall.backtest.run import BacktestSettings
    from racecall.desk.backtesting import backtest_with
    from racecall.desk.workers import workers
    from racecall.publish.backtest_tables import backtest_page

    check_alpha(alpha)
    check_draws(draws)
    settings = BacktestSettings(alpha=alpha, open_weighted=open_weighted, draws=draws, seed=seed)
    learned = read_calibration(calibration)
    with workers(jobs) as run:
        elections = _read(archives, run)
        if not cluster:
            with _judging(elections) as step:
                result = backtest_with(run, elections, learned, settings, resume=resume, progress=step)
    if cluster:
        with workers(cluster=cluster) as run, _judging(elections) as step:
            result = backtest_with(run, elections, learned, settings, resume=resume, progress=step)
    if as_json:
        typer.echo(json.dumps(result, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        say(backtest_page(result))
    end(not result["contests"])


def _judging(elections: Iterable[ArchiveElection]) -> AbstractContextManager[Callable[[int], None]]:
    from racecall.cli.progress import bar

    return bar(sum(len(election.contests) for election in elections), "judging contests")


def _read(archives: list[Path], run: Run) -> tuple[ArchiveElection, ...]:
    from racecall.cli.progress import bar
    from racecall.desk.archives import archive_folders
    from racecall.desk.backtesting import read_archives

    folders = archive_folders(archives)
    with bar(len(folders), "reading archives") as step:
        return read_archives(folders, run, step)


def read_calibration(path: Path | None) -> Calibration:
    """Read a calibration, the packaged one if no file is given."""
    from racecall.calls.calibration_file import parse_calibration
    from racecall.desk.archives import packaged_calibration, read_text

    return parse_calibration(read_text(path), str(path)) if path else parse_calibration(packaged_calibration(), "packaged calibration")


def check_alpha(alpha: float) -> None:
    """Refuse a chance that promises nothing.

    Raises:
        UsageError: It is not between 0 and one half.
    """
    if not 0 < alpha <= 0.5:
        raise UsageError(
            f"alpha is a chance above 0 and not above 0.5; found {alpha:g}.", next_step="Half a percent is written: --alpha 0.005"
        )


def check_draws(draws: int) -> None:
    """Refuse too few draws for a 90% interval.

    Raises:
        UsageError: Fewer than 100.
    """
    if draws < 100:
        raise UsageError(f"a 90% interval needs 100 draws or more; found {draws}.", next_step="Leave --draws out for 500.")
