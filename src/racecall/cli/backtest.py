"""`racecall backtest`: replay archived counts and print how often calls were wrong, beside how early they were right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False)


@app.command()
def backtest(
    archives: Annotated[list[Path], typer.Argument(help="Folders of archived elections, or folders of such folders.")],
    alpha: Annotated[float, typer.Option(help="Chance of any false call in a contest.")] = 0.005,
    calibration: Annotated[Path | None, typer.Option(help="Calibration to use; the packaged one if not given.")] = None,
    open_weighted: Annotated[bool, typer.Option(help="Weight alpha by the share of contests still open early in the night.")] = False,
    draws: Annotated[int, typer.Option(help="Joint draws at each fixed look.")] = 500,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Judge every archived night as it was public, with a calibration that has not seen it."""
    from racecall.backtest.run import BacktestSettings
    from racecall.backtest.run import backtest as run
    from racecall.calls.calibration_file import parse_calibration
    from racecall.cli.progress import bar, over
    from racecall.desk.archives import archive_folders, packaged_calibration, read_archive, read_text

    made = (
        parse_calibration(read_text(calibration), str(calibration))
        if calibration
        else parse_calibration(packaged_calibration(), "packaged")
    )
    elections = [read_archive(folder) for folder in over(archive_folders(archives), "reading archives")]
    settings = BacktestSettings(alpha=alpha, open_weighted=open_weighted, draws=draws, seed=seed)
    with bar(sum(len(election.contests) for election in elections), "judging contests") as step:
        result = run(elections, made, settings, progress=step)
    typer.echo(json.dumps(result, indent=1) if as_json else summary(result))


def summary(result: Mapping[str, Any]) -> str:
    """Return the figures as a table in words: one line a rule, risk beside speed."""
    head = f"{'':34}{'false':>12}{'95% up to':>11}{'by night':>10}{'median':>8}{'by 60%':>8}{'never':>7}{'Brier':>8}"
    rules = [("racecall", result), *((f"  {rule['title']}", rule) for rule in result["baselines"].values())]
    lines = [f"{len(result['nights'])} nights, {result['contests']} contests, {result['slots']} places, alpha {result['alpha']:.1%}", head]
    lines += [_line(name, rule) for name, rule in rules]
    lines += ["by election", *(_line(f"  {name}", rule) for name, rule in result["elections"].items())]
    lines += [
        f"90% intervals cover {_percent(result['coverage']['0.9'])}, 50% intervals {_percent(result['coverage']['0.5'])} of final shares."
    ]
    return "\n".join(lines)


def _line(name: str, rule: Mapping[str, Any]) -> str:
    false = f"{rule['false_calls']}/{rule['contests']}"
    brier = rule.get("brier")
    return (
        f"{name[:33]:34}{false:>12}{_percent(rule['false_call_upper95']):>11}{_percent(rule['false_call_upper95_by_night']):>10}"
        f"{_percent(rule['time_to_call']['median']):>8}{_percent(rule['called_by']['0.6']):>8}{_percent(rule['never_called']):>7}"
        f"{'' if brier is None else format(brier, '.4f'):>8}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"
