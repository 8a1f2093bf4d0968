"""Draw the pictures of docs/methods from a back-test, write its tables, and keep the figures behind both.

    .venv/bin/python docs/method_pictures.py ../shared/data/archive     runs the back-test and writes everything anew
    .venv/bin/python docs/method_pictures.py                            draws and writes again from figures.json

The same archives, code and seed give the same bytes. The pictures and figures.json are in docs/_static/methods, the tables at the end of
docs/methods/backtest.md.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import drawing as d

from racecall.calls.states import CLOSE_SCORE, TRANSITIONS, SlotEvent, SlotState

TARGET = Path(__file__).parent / "_static" / "methods"
FIGURES = TARGET / "figures.json"
PAGE = Path(__file__).parent / "methods" / "backtest.md"
TABLES = "## Figures\n"
"""Everything from this heading on is written by this program."""

NIGHTS = {
    "ca-2022-11-08-general": "California, state offices, Nov 2022",
    "la-2022-11-08-general": "Los Angeles County, Nov 2022",
    "ca-2024-03-05-primary": "California, state offices, Mar 2024",
    "la-2024-03-05-primary": "Los Angeles County, Mar 2024",
    "thurston-2023-11-07": "Thurston County, Wash., Nov 2023",
    "us-president-2020-states": "President by state, Nov 2020",
}
"""Archives with twenty contests or more, and their names for people."""
SINGLE = {"ca34-2017-04-04-primary": "CA-34 primary, Apr 2017", "ca34-2017-06-06-runoff": "CA-34 runoff, Jun 2017"}
BARS = {
    "racecall": [1.2, 1.35, 1.5, 1.65, 1.8, 1.95, 2.1, 2.3, 2.6, 3.0, 3.5, 4.0],
    "leader_persistence_995": [1.645, 2.576, 4, 6, 9, 13, 18, 25, 35],
    "required_break_20": [0.05, 0.08, 0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.40, 0.50],
}
"""Bars over which each rule is run for the picture of risk against speed; the shipped floor of the threshold is 2.1."""
SHIPPED = {"racecall": 2.1, "leader_persistence_995": 2.576, "required_break_20": 0.20}
LEAST_LATE = 500
"""Contests with fewer late votes of the pair are left out of the picture of late shifts: their shift is chance."""


# -- figures -------------------------------------------------------------------------------------------------------------------------


def measured(paths: Sequence[Path]) -> dict[str, Any]:
    """Run the back-test with the packaged calibration and return what the pictures show."""
    from racecall.backtest.run import BacktestSettings
    from racecall.calls.calibration_file import parse_calibration
    from racecall.desk.archives import archive_folders, packaged_calibration
    from racecall.desk.backtesting import backtest_with, read_archives
    from racecall.desk.workers import workers

    calibration = parse_calibration(packaged_calibration())
    with workers() as run:
        elections = read_archives(archive_folders(list(paths)), run)
        result = backtest_with(run, elections, calibration, BacktestSettings())
    return _rounded(
        {
            "archives": {election.election_id: election.sha256 for election in elections if election.contests},
            "contests": result["contests"],
            "slots": result["slots"],
            "alpha": result["alpha"],
            "rules": _pairs({"racecall": result} | {rule["title"]: rule for rule in result["baselines"].values() if "not_run" not in rule}),
            "elections": _pairs(result["elections"]),
            "coverage_overall": result["coverage"],
            "reliability": result["reliability"],
            "coverage": result["coverage_by_look"],
            "coverage_by_election": {name: result["elections"][name]["coverage_by_look"] for name in NIGHTS},
            "sweep": sweep(elections, calibration),
            "late_shifts": {name: late_shifts(elections, name) for name in (*NIGHTS, *SINGLE)},
        }
    )


def sweep(elections: Sequence[Any], calibration: Any) -> dict[str, Any]:
    """Run every rule over its bars, on the contests whose states count late mail: false contests, and places called by 60%."""
    from racecall.backtest.archive import all_contests
    from racecall.backtest.baselines import BASELINES
    from racecall.backtest.calls import calls_at, evidence
    from racecall.backtest.figures import ContestCalls, figures
    from racecall.calls.calibration import Regime, regime_of
    from racecall.calls.night import judge_night

    rows: dict[str, dict[float, list[ContestCalls]]] = {rule: {bar: [] for bar in bars} for rule, bars in BARS.items()}
    contests = [contest for contest in all_contests(tuple(elections)) if regime_of(contest.setting.state) is Regime.LATE_MAIL]
    for night in sorted({contest.setting.night for contest in contests}):
        mine = [contest for contest in contests if contest.setting.night == night]
        for contest, judged in zip(mine, judge_night([c.count for c in mine], calibration.experience(night)), strict=True):
            strength = {"racecall": (judged.scores.place, judged.scores.elected)}
            strength |= {rule: BASELINES[rule].strength(judged) for rule in BARS if rule in BASELINES}
            for rule, by_bar in rows.items():
                kinds = evidence(contest, *strength[rule])
                for bar, made in by_bar.items():
                    calls = calls_at(contest, kinds, bar)
                    made.append(ContestCalls(contest=contest.key, night=night, places=contest.places, calls=calls))
    found = {rule: [{"bar": bar} | figures(made) for bar, made in by_bar.items()] for rule, by_bar in rows.items()}
    short = {
        rule: [
            {"bar": row["bar"], "false": row["false_calls"], "rate": row["false_call_rate"], "by60": row["called_by"]["0.6"]}
            for row in by_bar
        ]
        for rule, by_bar in found.items()
    }
    return {"contests": len(contests), "rules": short}


def late_shifts(elections: Sequence[Any], name: str) -> list[float]:
    """Return for each contest how many points better the last place's holder of the night did against the next in the late votes."""
    contests = next(election.contests for election in elections if election.election_id == name)
    return sorted(shift for contest in contests if (shift := _late_shift(contest)) is not None)


def _late_shift(contest: Any) -> float | None:
    night, final = contest.path.votes[contest.path.night_end], contest.path.votes[-1]
    able = [option for option in sorted(range(len(night)), key=lambda option: -night[option]) if contest.setting.eligible[option]]
    cut = min(contest.places, len(able) - 1)
    pair = [able[cut - 1], able[cut]]
    before, late = night[pair], final[pair] - night[pair]
    if before.sum() < LEAST_LATE or late.sum() < LEAST_LATE or (late < 0).any():
        return None
    return float(100 * ((late[0] - late[1]) / late.sum() - (before[0] - before[1]) / before.sum()))


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


PAIRS = (
    "false_calls",
    "contests",
    "false_call_upper95",
    "false_call_upper95_by_night",
    "time_to_call",
    "called_by",
    "never_called",
    "brier",
)


def _pairs(rules: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {title: {name: rule[name] for name in PAIRS if name in rule} for title, rule in rules.items()}


def tables(figures: Mapping[str, Any]) -> str:
    """Return the tables of docs/methods/backtest.md."""
    head = "| {} | false | 95% up to | by night | median | by 60% | by 90% | never |{}\n|---|---|---|---|---|---|---|---|{}"
    covered = {LOOKS[look]: figures["coverage"][look] for look in LOOKS} | {"All three": figures["coverage_overall"]}
    return "\n".join(
        [
            TABLES,
            f"{figures['contests']} contests, {figures['slots']:,} places, alpha {figures['alpha']:.1%}, 500 draws, seed 1.",
            "",
            head.format("rule", " Brier |", "---|"),
            *(f"{_row(title, rule)} {rule['brier']:.4f} |" for title, rule in figures["rules"].items()),
            "",
            head.format("racecall, by election", "", ""),
            *(_row(title, rule) for title, rule in figures["elections"].items()),
            "",
            "| final shares inside | 50% range | 90% range |\n|---|---|---|",
            *(f"| {title} | {seen['0.5']:.1%} | {seen['0.9']:.1%} |" for title, seen in covered.items()),
            "",
            "*False*: contests with any wrong call at any look.",
            "*Median*, *by 60%*, *by 90%*: of the places, by the share of the final vote that was counted when each was rightly called.",
            "An election alone is one night, so its bound by night says nothing (100%).",
            "",
        ]
    )


def _row(title: str, rule: Mapping[str, Any]) -> str:
    shares = [rule["false_call_upper95"], rule["false_call_upper95_by_night"], rule["time_to_call"]["median"]]
    shares += [rule["called_by"]["0.6"], rule["called_by"]["0.9"], rule["never_called"]]
    return f"| {title} | {rule['false_calls']} of {rule['contests']} | " + " | ".join(f"{share:.1%}" for share in shares) + " |"


# -- risk against speed --------------------------------------------------------------------------------------------------------------

RULES = {
    "racecall": ("square", d.TEAL, "racecall", "score above {:g}"),
    "leader_persistence_995": ("circle", d.OCHRE, "leader persistence", "{:.3g} standard errors"),
    "required_break_20": ("diamond", d.VIOLET, "required break", "{:.0%}"),
}


def risk_and_speed(figures: Mapping[str, Any]) -> str:
    """Draw false contests against places called by 60% of the vote, for every rule over its bars."""
    found = figures["sweep"]
    sheet = d.Sheet(
        760,
        520,
        title="Risk against speed",
        description="Share of contests with a false call against share of places called by 60% of the final vote, over the bars of "
        "three rules, on the same counts. racecall calls more places at each risk; its shipped threshold has no false call.",
    )
    sheet.heading(
        "At equal risk, the score calls sooner",
        [
            f"{found['contests']} contests of five nights in California and Washington, which count mail for days after the polls close.",
            "Each mark is a rule with one bar for all nights; the filled ones are the bars in use.",
        ],
    )
    x, y = d.linear(0, 1, 84, 720), d.square_root(0.15, 440, 128)
    sheet.add("rect", x=84, y=y(0.005), width=636, height=440 - y(0.005), fill="url(#hatch)", opacity=0.55)
    for rate in (0, 0.005, 0.02, 0.05, 0.10, 0.15):
        sheet.line(84, y(rate), 720, y(rate), colour=d.RULE if rate else d.INK, width=1 if rate else 1.5)
        sheet.words(76, y(rate) + 4.5, f"{100 * rate:g}%", at="end", colour=d.SOFT)
    sheet.words(90, y(0.005) - 6, "promised: one contest in 200", colour=d.SOFT, size=12)
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1.0):
        sheet.line(x(share), 440, x(share), 446, colour=d.INK)
        sheet.words(x(share), 463, f"{share:.0%}", at="middle", colour=d.SOFT)
    sheet.words(720, 486, "places called by the time 60% of the final vote is counted →", at="end")
    sheet.words(24, 108, "↑ contests with any false call (square-root scale)")
    for rule, (shape, colour, _, _) in RULES.items():
        rows = found["rules"][rule]
        sheet.path([(x(row["by60"]), y(row["rate"])) for row in rows], colour=colour, width=1.6)
        for row in rows:
            sheet.mark(shape, x(row["by60"]), y(row["rate"]), colour=colour, size=4, hollow=True)
        used = next(row for row in rows if row["bar"] == SHIPPED[rule])
        sheet.mark(shape, x(used["by60"]), y(used["rate"]), colour=colour, size=7)
    _risk_labels(sheet, found, x, y)
    sheet.words(
        24,
        508,
        "The bar of 2.1 was set with these nights in view; so were the spreads behind the score (see the page on the threshold).",
        size=12,
        colour=d.SOFT,
    )
    return sheet.svg()


def _risk_labels(sheet: d.Sheet, found: Mapping[str, Any], x: d.Scale, y: d.Scale) -> None:
    places = {"racecall": (-12, -34, "end"), "leader_persistence_995": (-14, -6, "end"), "required_break_20": (0, -40, "middle")}
    for rule, (_, colour, name, bar) in RULES.items():
        used = next(row for row in found["rules"][rule] if row["bar"] == SHIPPED[rule])
        right, down, at = places[rule]
        left, top = x(used["by60"]) + right, y(used["rate"]) + down
        said = f"{bar.format(used['bar'])}: {used['false']} false, {used['by60']:.0%} of places"
        sheet.words(left, top, name, colour=colour, at=at, bold=True)
        sheet.words(left, top + 16, said, colour=d.SOFT, at=at, size=12)


# -- chances held against what came --------------------------------------------------------------------------------------------------


def chances(figures: Mapping[str, Any]) -> str:
    """Draw how often what was given a chance came true."""
    rows = figures["reliability"]
    sheet = d.Sheet(
        640,
        620,
        title="Chances and what came of them",
        description="; ".join(
            f"given {row['mean_chance']:.1%} on average, {row['came_true']:.1%} of {row['options']} went through" for row in rows
        )
        + ".",
    )
    total = sum(row["options"] for row in rows)
    sheet.heading(
        "Chances came true about as often as given",
        [
            f"{total:,} chances to go through, at the first release, the end of the night and after three days.",
            "Bars: 9 in 10 by luck alone.",
        ],
    )
    low = 0.0004
    x, y = d.log_odds(low, 96, 600), d.log_odds(low, 556, 116)
    for chance in (0.001, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999):
        sheet.line(x(chance), 116, x(chance), 556, colour=d.HAIR)
        sheet.line(96, y(chance), 600, y(chance), colour=d.HAIR)
        sheet.words(x(chance), 576, f"{100 * chance:g}%", at="middle", colour=d.SOFT)
        sheet.words(86, y(chance) + 4.5, f"{100 * chance:g}%", at="end", colour=d.SOFT)
    sheet.line(x(low), y(low), x(1 - low), y(1 - low), colour=d.SOFT, dash="5 4")
    sheet.words(x(0.99) + 16, y(0.99) + 18, "as promised", colour=d.SOFT, size=12)
    for row in rows:
        _chance(sheet, row, x, y)
    sheet.words(600, 604, "chance that was given (log-odds scale) →", at="end")
    sheet.words(24, 102, "↑ went through")
    return sheet.svg()


def _chance(sheet: d.Sheet, row: Mapping[str, Any], x: d.Scale, y: d.Scale) -> None:
    came = round(row["came_true"] * row["options"])
    below, above = _luck(came, row["options"])
    at = x(row["mean_chance"])
    sheet.line(at, y(below), at, y(above), colour=d.TEAL, width=3)
    sheet.mark("square", at, y(row["came_true"]), colour=d.TEAL, size=5.5)
    left = row["mean_chance"] > 0.5
    sheet.words(
        at + (-12 if left else 12), y(row["came_true"]) + 4.5, f"{came:,} of {row['options']:,}", size=12, at="end" if left else "start"
    )


def _luck(came: int, of: int) -> tuple[float, float]:
    """Return the exact 90% interval of a rate (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv  # type: ignore[import-untyped, unused-ignore]

    low = 0.0 if came == 0 else float(betaincinv(came, of - came + 1, 0.05))
    return low, 1.0 if came == of else float(betaincinv(came + 1, of - came, 0.95))


# -- late shifts ---------------------------------------------------------------------------------------------------------------------


def late_shift_picture(figures: Mapping[str, Any]) -> str:
    """Draw the late shift of every contest, one row an election."""
    shifts = figures["late_shifts"]
    sheet = d.Sheet(
        760,
        682,
        title="Late shifts by election",
        description="; ".join(
            f"{label}: {len(shifts[name])} contests, median {_signed(_quantile(shifts[name], 0.5))} points, 9 in 10 between "
            f"{_signed(_quantile(shifts[name], 0.05))} and {_signed(_quantile(shifts[name], 0.95))}"
            for name, label in NIGHTS.items()
        )
        + ".",
    )
    sheet.heading(
        "Late votes differ from counted ones, either way",
        [
            "One mark a contest: how much better whoever held the last place at the end of the night did against the next",
            "in the votes counted later. Zero: the late votes were like those of the night. Box: 9 in 10; upright line: the median.",
        ],
    )
    x = d.linear(-60, 60, 40, 720)
    for points in range(-60, 61, 10):
        sheet.line(x(points), 112, x(points), 630, colour=d.HAIR if points else d.INK, width=1 if points else 1.2)
        sheet.words(x(points), 650, _signed(points), at="middle", colour=d.SOFT)
    for at, (name, label) in enumerate(NIGHTS.items()):
        _swarm(sheet, shifts[name], label, 152 + 82 * at, x)
    for name, label in SINGLE.items():
        for shift in shifts[name]:
            sheet.mark("diamond", x(shift), 616, colour=d.VIOLET, size=5)
            right = shift > 0
            sheet.words(x(shift) + (12 if right else -12), 620.5, f"{label}: {_signed(shift)}", at="start" if right else "end", size=12)
    sheet.words(720, 672, "points of the pair's votes, late against night (marks at the edge lie beyond it) →", at="end")
    return sheet.svg()


def _swarm(sheet: d.Sheet, shifts: Sequence[float], label: str, middle: float, x: d.Scale) -> None:
    low, median, high = (_quantile(shifts, part) for part in (0.05, 0.5, 0.95))
    sheet.add("rect", x=x(low), y=middle - 16, width=x(high) - x(low), height=40, fill=d.PANEL, stroke=d.RULE, stroke_dasharray="4 3")
    columns: dict[int, int] = {}
    for shift in shifts:
        column = round(x(max(min(shift, 59.5), -59.5)) / 4.4)
        columns[column] = columns.get(column, 0) + 1
    crowd = min(1.0, 12 / max(columns.values()))
    for column, count in sorted(columns.items()):
        for nth in range(count):
            off = (nth + 1) // 2 * (1 if nth % 2 else -1) * 4.4 * crowd
            sheet.add("circle", cx=column * 4.4, cy=middle + 4 + off, r=1.9, fill=d.TEAL, opacity=0.8)
    sheet.line(x(median), middle - 22, x(median), middle + 30, colour=d.INK, width=2)
    sheet.words(40, middle - 26, f"{label} ({len(shifts)})", bold=True)
    sheet.words(x(median) + 6, middle + 36, _signed(median), size=12, bold=True)
    sheet.words(x(high) + 5, middle + 21, _signed(high), size=12, colour=d.SOFT)
    sheet.words(x(low) - 5, middle + 21, _signed(low), size=12, colour=d.SOFT, at="end")


def _quantile(values: Sequence[float], at: float) -> float:
    ordered = sorted(values)
    place = at * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _signed(points: float) -> str:
    whole = round(points)
    return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole)}"


# -- coverage ------------------------------------------------------------------------------------------------------------------------

LOOKS = {"first": "First release", "night": "End of the night", "three_days": "After three days"}
SHORT = dict(zip(NIGHTS, ("CA 2022", "LA 2022", "CA 2024", "LA 2024", "Thurston", "president"), strict=True))
FAR_OFF = 0.12
"""An election further from its level than this is named in the picture."""
ALLOWED = {"0.5": (0.46, 0.54), "0.9": (0.87, 0.93)}


def coverage(figures: Mapping[str, Any]) -> str:
    """Draw how many final shares fell inside their intervals, by stage of the count."""
    sheet = d.Sheet(
        760,
        452,
        title="Intervals held against results",
        description="; ".join(
            f"{label}: 50% intervals hold {figures['coverage'][look]['0.5']:.0%}, 90% intervals {figures['coverage'][look]['0.9']:.0%}"
            for look, label in LOOKS.items()
        )
        + ".",
    )
    sheet.heading(
        "Ranges hold about what they say, overall",
        [
            "Final shares of contested candidates. Hatched: what we ask of ourselves. Large marks: all contests.",
            "Small marks: each election with twenty contests or more. A night errs on one side, so they scatter more than by luck.",
        ],
    )
    x = d.linear(0.2, 1.0, 176, 720)
    for low, high in ALLOWED.values():
        sheet.add("rect", x=x(low), y=112, width=x(high) - x(low), height=272, fill="url(#hatch)", opacity=0.75)
        for edge in (low, high):
            sheet.line(x(edge), 112, x(edge), 384, colour=d.RULE)
    for share in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        sheet.line(x(share), 384, x(share), 390, colour=d.INK)
        sheet.words(x(share), 407, f"{share:.0%}", at="middle", colour=d.SOFT)
    sheet.line(176, 384, 720, 384, colour=d.INK, width=1.5)
    for at, (look, label) in enumerate(LOOKS.items()):
        middle = 160 + 84 * at
        sheet.words(24, middle + 5, label, bold=True)
        _covered(sheet, figures, look, middle, x)
    sheet.words(720, 436, "final shares inside the range →", at="end")
    return sheet.svg()


def _covered(sheet: d.Sheet, figures: Mapping[str, Any], look: str, middle: float, x: d.Scale) -> None:
    for level, shape, colour in (("0.5", "circle", d.OCHRE), ("0.9", "square", d.TEAL)):
        for name in NIGHTS:
            seen = figures["coverage_by_election"][name][look][level]
            if seen is not None:
                sheet.mark(shape, x(seen), middle + 16, colour=colour, size=3.4, hollow=True)
        _name_far_off(sheet, figures, look, level, colour, middle + 35, x)
        share = figures["coverage"][look][level]
        sheet.mark(shape, x(share), middle - 4, colour=colour, size=7)
        sheet.words(x(share), middle - 18, f"{share:.1%} in the {float(level):.0%} range", at="middle", size=12)


def _name_far_off(sheet: d.Sheet, figures: Mapping[str, Any], look: str, level: str, colour: str, top: float, x: d.Scale) -> None:
    """Name elections far from the level; two that lie close together are named outwards."""
    seen = sorted((figures["coverage_by_election"][name][look][level], short) for name, short in SHORT.items())
    far = [(x(share), short) for share, short in seen if abs(share - float(level)) > FAR_OFF]
    for at, (left, short) in enumerate(far):
        near_next = at + 1 < len(far) and far[at + 1][0] - left < 70
        near_last = at > 0 and left - far[at - 1][0] < 70
        side = "middle" if near_next == near_last else "end" if near_next else "start"
        sheet.words(left + {"middle": 0, "end": 8, "start": -8}[side], top, short, at=side, size=12, colour=colour)


# -- states --------------------------------------------------------------------------------------------------------------------------

PLACES = {
    SlotState.TOO_EARLY: (40, 128),
    SlotState.TOO_CLOSE: (40, 192),
    SlotState.LEADING: (40, 256),
    SlotState.LIKELY: (40, 320),
    SlotState.CALLED: (372, 192),
    SlotState.UNDER_REVIEW: (372, 320),
    SlotState.RETRACTED: (372, 448),
    SlotState.CERTIFIED: (604, 128),
}
WIDTH, HEIGHT = 132, 40
WORDS = {
    SlotEvent.NOTHING_TO_SAY: "nothing to say yet",
    SlotEvent.SCORE_SMALL: f"score under {CLOSE_SCORE:g}",
    SlotEvent.SCORE_AHEAD: "score ahead",
    SlotEvent.SCORE_NEAR: "score near the threshold",
    SlotEvent.APPROVED: "two people approve",
    SlotEvent.REVERSAL: "evidence turns",
    SlotEvent.DOUBTED: "one person doubts",
    SlotEvent.REAFFIRMED: "people confirm",
    SlotEvent.WITHDRAWN: "people withdraw",
    SlotEvent.CERTIFIED: "the office certifies",
}
BY_EVIDENCE = (SlotEvent.NOTHING_TO_SAY, SlotEvent.SCORE_SMALL, SlotEvent.SCORE_AHEAD, SlotEvent.SCORE_NEAR)


def states() -> str:
    """Draw the state table. States that evidence moves freely among are one group; every other change is an arrow.

    Raises:
        ValueError: The table has a change that the picture has no place for.
    """
    sheet = d.Sheet(
        760,
        540,
        title="The states of a place",
        description="; ".join(f"{a.value} to {b.value} on {event.value}" for (a, event), b in TRANSITIONS.items() if a is not b) + ".",
    )
    sheet.heading("The score moves a place; only people call it", ["Drawn from the table racecall.calls.states.TRANSITIONS."])
    free = _moved_by_evidence()
    group = [state for state in free if state is not SlotState.RETRACTED]
    if len(group) != 4 or SlotState.RETRACTED not in free:
        raise ValueError(f"the picture groups four states that evidence moves, and retracted; the table has {free}")
    sheet.add("rect", x=24, y=96, width=232, height=290, fill=d.PANEL, stroke=d.RULE, stroke_dasharray="5 4")
    sheet.words(34, 116, "moved by the score alone, at each look", size=12, colour=d.SOFT, rim=False)
    shown = {after: event for (_, event), after in TRANSITIONS.items() if event in BY_EVIDENCE}
    for state in PLACES:
        _state(sheet, state)
    for state in group:
        _, top = PLACES[state]
        words = WORDS[shown[state]].split(" ")
        half = (len(words) + 1) // 2
        sheet.words(180, top + 17, " ".join(words[:half]), size=12, colour=d.SOFT, rim=False)
        sheet.words(180, top + 32, " ".join(words[half:]), size=12, colour=d.SOFT, rim=False)
    arrows: dict[tuple[frozenset[SlotState], SlotState], list[SlotEvent]] = {}
    for sources, event, target in _by_people(group):
        arrows.setdefault((sources, target), []).append(event)
    for (sources, target), events in arrows.items():
        _arrow(sheet, sources, events, target)
    return sheet.svg()


def _moved_by_evidence() -> list[SlotState]:
    """Return the states from which every reading of the score leads to the state it shows."""
    return [state for state in SlotState if all((state, event) in TRANSITIONS for event in BY_EVIDENCE)]


def _by_people(group: Sequence[SlotState]) -> Iterable[tuple[frozenset[SlotState], SlotEvent, SlotState]]:
    """Yield the other changes; those that all states of the group share are one."""
    changes = [(a, event, b) for (a, event), b in TRANSITIONS.items() if event not in BY_EVIDENCE]
    for event, target in dict.fromkeys((event, b) for _, event, b in changes):
        sources = frozenset(a for a, e, b in changes if (e, b) == (event, target))
        if set(group) <= sources:
            yield frozenset(group), event, target
            sources -= set(group)
        for source in sorted(sources):
            yield frozenset({source}), event, target
    yield frozenset({SlotState.RETRACTED}), SlotEvent.SCORE_AHEAD, SlotState.TOO_EARLY


def _state(sheet: d.Sheet, state: SlotState) -> None:
    left, top = PLACES[state]
    solid = state in {SlotState.CALLED, SlotState.CERTIFIED}
    dash = {} if state not in {SlotState.TOO_CLOSE, SlotState.UNDER_REVIEW, SlotState.RETRACTED} else {"stroke_dasharray": "5 3"}
    fill, ink = (d.INK, d.PAPER) if solid else (d.PAPER, d.INK)
    sheet.add("rect", x=left, y=top, width=WIDTH, height=HEIGHT, rx=2, fill=fill, stroke=d.INK, stroke_width=1.6, **dash)
    sheet.words(left + WIDTH / 2, top + 25, state.value.replace("_", " "), at="middle", size=14, bold=True, colour=ink, rim=False)


Point = tuple[float, float]
ROUTES: Mapping[tuple[str, str], tuple[Sequence[Point], Point, str]] = {
    ("group", "called"): ([(256, 212), (372, 212)], (314, 204), "middle"),
    ("group", "certified"): ([(256, 140), (604, 140)], (314, 132), "middle"),
    ("retracted", "called"): ([(504, 460), (556, 460), (556, 220), (504, 220)], (562, 420), "start"),
    ("retracted", "certified"): ([(504, 476), (690, 476), (690, 168)], (682, 496), "end"),
    ("called", "under_review"): ([(418, 232), (418, 320)], (410, 280), "end"),
    ("under_review", "called"): ([(458, 320), (458, 232)], (466, 280), "start"),
    ("under_review", "retracted"): ([(438, 360), (438, 448)], (446, 408), "start"),
    ("called", "certified"): ([(504, 204), (650, 204), (650, 168)], (520, 197), "start"),
    ("under_review", "certified"): ([(504, 340), (668, 340), (668, 168)], (566, 333), "start"),
    ("retracted", "too_early"): ([(372, 476), (140, 476), (140, 386)], (150, 468), "start"),
}


def _arrow(sheet: d.Sheet, sources: frozenset[SlotState], events: Sequence[SlotEvent], target: SlotState) -> None:
    key = ("group" if len(sources) > 1 else next(iter(sources)).value, target.value)
    if key not in ROUTES:
        raise ValueError(f"the table moves {key[0]} to {key[1]}, and the picture has no arrow for it: add one to ROUTES")
    points, (left, top), at = ROUTES[key]
    corners = " L".join(f"{x} {y}" for x, y in points)
    sheet.add("path", d=f"M{corners}", fill="none", stroke=d.INK, stroke_width=1.4, marker_end="url(#tip)")
    for line, event in enumerate(events):
        words = "the score, as before" if event in BY_EVIDENCE else WORDS[event]
        sheet.words(left, top + 15 * line, f"or {words}" if line else words, at=at, size=12, colour=d.SOFT)


# -- all of them ---------------------------------------------------------------------------------------------------------------------

PICTURES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "risk-and-speed": risk_and_speed,
    "chances": chances,
    "late-shifts": late_shift_picture,
    "coverage": coverage,
    "states": lambda _: states(),
}


def main() -> None:
    """Measure if archives are given, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archives", nargs="*", type=Path, help="folders of archived elections, or folders of such folders")
    asked = parser.parse_args()
    TARGET.mkdir(parents=True, exist_ok=True)
    if asked.archives:
        FIGURES.write_text(json.dumps(measured(asked.archives), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    figures = json.loads(FIGURES.read_text(encoding="utf-8"))
    PAGE.write_text(PAGE.read_text(encoding="utf-8").split(TABLES)[0] + tables(figures), encoding="utf-8")
    for name, draw in PICTURES.items():
        (TARGET / f"{name}.svg").write_text(draw(figures), encoding="utf-8")
        print(TARGET / f"{name}.svg")


if __name__ == "__main__":
    main()
