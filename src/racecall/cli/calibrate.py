"""`racecall calibrate`: learn from archived counts, and write a calibration with its provenance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def calibrate(
    archives: Annotated[list[Path], typer.Argument(help="Folders of archived elections, or folders of such folders.")],
    out: Annotated[Path, typer.Option(help="Where to write the calibration.")],
    alpha: Annotated[float, typer.Option(help="Chance of any false call in a contest.")] = 0.005,
    night_shares: Annotated[
        Path | None, typer.Option(help="CSV with county, election_date, election_night_pct: habits older than the archives.")
    ] = None,
) -> None:
    """Learn lessons, habits and the path maximum of every contest from archived counts."""
    from racecall.backtest.calibrate import make_calibration
    from racecall.calls.calibration_file import calibration_json
    from racecall.cli.progress import over
    from racecall.desk.archives import archive_folders, night_share_rows, read_archive, write_text

    elections = [read_archive(folder) for folder in over(archive_folders(archives), "reading archives")]
    made = make_calibration(elections, night_share_rows(night_shares) if night_shares else ())
    write_text(out, calibration_json(made, tuple(sorted({alpha, 0.005, 0.01, 0.02}))))
    for state in sorted({contest.setting.state for election in elections for contest in election.contests}):
        fitted = made.threshold(state, "", alpha)
        typer.echo(f"{state}: {_words(fitted.value, fitted.reason)} ({fitted.contests} contests, {fitted.nights} nights)")


def _words(value: float | None, reason: str) -> str:
    return f"threshold {value:.2f}" if value is not None else reason
