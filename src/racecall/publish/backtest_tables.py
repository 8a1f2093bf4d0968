"""Back-test and calibration as terminal pages: how often wrong, always beside how early right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from racecall.calls.calibration import Regime, fit_threshold
from racecall.calls.calibration_file import Calibration

LOOKS = {"first": "first release", "night": "end of the night", "three_days": "after three days"}
REGIMES = {Regime.LATE_MAIL: "late mail counted for days", Regime.NIGHT_COUNT: "counted on the night"}


def backtest_page(result: Mapping[str, Any]) -> RenderableType:
    """Return the figures of `backtest --json` as a page."""
    nights = len(result["nights"])
    head = (
        f"{_many(nights, 'night')}, {_many(result['contests'], 'contest')}, {_many(result['slots'], 'place')}; alpha {result['alpha']:.1%}"
    )
    if not result["contests"]:
        return Group(Text(head, style="bold"), *_skipped(result["skipped"]))
    rules = {"racecall": result} | {rule["title"]: rule for rule in result["baselines"].values() if "not_run" not in rule}
    return Group(
        Text(head, style="bold"),
        "",
        _pairs("rule", rules, brier=True),
        *(Text(f"{rule['title']} was not run: it {rule['not_run']}") for rule in result["baselines"].values() if "not_run" in rule),
        "",
        _pairs("racecall, by election", result["elections"]),
        "",
        _coverage(result),
        "",
        *_thresholds(result["thresholds"]),
        *_calibration(result["calibration"]),
        *_skipped(result["skipped"]),
        Text(
            "False: contests with any wrong call at any look. By night: the bound if the night, not the contest, is the unit. "
            "Median, by 60%, by 90%: of the places, by the share of the final vote that was counted when each was rightly called.",
            style="dim",
        ),
    )


def _pairs(first: str, rules: Mapping[str, Mapping[str, Any]], *, brier: bool = False) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column(first, no_wrap=True, min_width=24)
    for name in ("false", "rate", "95% up to", "by night", "median", "by 60%", "by 90%", "never", *(["Brier"] if brier else [])):
        table.add_column(name, justify="right", no_wrap=True)
    for title, rule in rules.items():
        table.add_row(title, *_cells(rule), *([_plain(rule.get("brier"))] if brier else []))
    return table


def _cells(rule: Mapping[str, Any]) -> Iterable[str]:
    yield f"{rule['false_calls']} of {rule['contests']}"
    yield _percent(rule["false_call_rate"])
    yield _percent(rule["false_call_upper95"])
    yield _percent(rule["false_call_upper95_by_night"])
    yield _percent(rule["time_to_call"]["median"])
    yield _percent(rule["called_by"]["0.6"])
    yield _percent(rule["called_by"]["0.9"])
    yield _percent(rule["never_called"])


def _coverage(result: Mapping[str, Any]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("intervals for final shares hold", min_width=32)
    table.add_column("50%", justify="right")
    table.add_column("90%", justify="right")
    rows = {"all fixed looks": result["coverage"]} | {LOOKS[name]: seen for name, seen in result["coverage_by_look"].items()}
    for title, seen in rows.items():
        table.add_row(title, _percent(seen["0.5"]), _percent(seen["0.9"]))
    return table


def _thresholds(rows: Sequence[Mapping[str, Any]]) -> Iterable[RenderableType]:
    for row in rows:
        words = (
            row["reason"] or f"threshold {row['threshold']:.2f} from {_many(row['contests'], 'contest')} of {_many(row['nights'], 'night')}"
        )
        yield Text(f"{row['night']}  {words}{'' if not row['reason'] else '; arithmetic calls only'}")


def _calibration(made: Mapping[str, Any]) -> Iterable[RenderableType]:
    if made["other_versions"]:
        yield Text(
            f"The calibration was made from another version of {', '.join(made['other_versions'])}: "
            "thresholds are those of the counts it knew. Make a new one with: racecall calibrate ARCHIVE… --out FILE",
            style="bold",
        )


def _skipped(rows: Sequence[Mapping[str, str]]) -> Iterable[RenderableType]:
    reasons: dict[str, int] = {}
    for row in rows:
        reasons[row["reason"]] = reasons.get(row["reason"], 0) + 1
    for reason, count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0])):
        yield Text(f"left out: {_many(count, 'contest')}, {reason}", style="dim")


def calibration_page(calibration: Calibration, alpha: float) -> RenderableType:
    """Return what a calibration promises as a page."""
    maxima = _many(len(calibration.maxima), "contest")
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("how the count goes on", min_width=28)
    for name in ("contests", "nights", "threshold"):
        table.add_column(name, justify="right")
    table.add_column("")
    for regime in Regime:
        fitted = fit_threshold(calibration.maxima, alpha, regime)
        value = "none" if fitted.value is None else f"{fitted.value:.2f}"
        table.add_row(REGIMES[regime], str(fitted.contests), str(fitted.nights), value, fitted.reason)
    return Group(Text(f"{maxima} of {_many(len(calibration.nights), 'night')}; alpha {alpha:.1%}", style="bold"), "", table)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"


def _plain(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
