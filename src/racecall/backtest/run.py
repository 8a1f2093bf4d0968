"""The back-test: every archived night judged as it was public, with a calibration that has not seen it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from racecall.backtest.archive import ArchiveContest, ArchiveElection, all_contests
from racecall.backtest.baselines import BASELINES, Baseline
from racecall.backtest.calibrate import open_early
from racecall.backtest.calls import SlotCall, calls_at, evidence
from racecall.backtest.coverage import Checked, check_contest, summed_up
from racecall.backtest.figures import ContestCalls, figures
from racecall.calls.bounds import clinched
from racecall.calls.calibration import LEAST_TONIGHT, Threshold
from racecall.calls.calibration_file import Calibration
from racecall.calls.night import JudgedCount, judge_night
from racecall.projection.base import Projection
from racecall.projection.logratio import LogRatioProjection


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestSettings:
    """How a back-test is run.

    Args:
        alpha: Chance of any false call in a contest that is promised.
        open_weighted: Weight alpha by the share of contests still open early in the night.
        draws: Joint draws at each fixed look.
        seed: Same seed, same bytes.
    """

    alpha: float = 0.005
    open_weighted: bool = False
    draws: int = 500
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Backtested:
    """One contest, back-tested."""

    contest: ArchiveContest
    calls: tuple[SlotCall, ...]
    threshold: Threshold
    baselines: dict[str, tuple[SlotCall, ...]]
    checked: list[Checked]


Progress = Callable[[int], None]


def backtest(
    elections: Sequence[ArchiveElection],
    calibration: Calibration,
    settings: BacktestSettings | None = None,
    projection: Projection | None = None,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Back-test archives and return the figures under the names that `backtest --json` fixes.

    Args:
        elections: Archived elections; those of one date share the night.
        calibration: What other nights taught; whatever it holds of the night being judged is left out.
        settings: How.
        projection: What is drawn; the product's own if None.
        progress: Told the number of contests done after each.
    """
    settings = settings or BacktestSettings()
    contests = tuple(all_contests(tuple(elections)))
    nights = sorted({contest.setting.night for contest in contests})
    done: list[Backtested] = []
    for night in nights:
        mine = [contest for contest in contests if contest.setting.night == night]
        done.extend(backtest_night(mine, calibration, settings, projection or LogRatioProjection(), progress))
    return report(done, elections, settings)


def backtest_night(
    contests: Sequence[ArchiveContest],
    calibration: Calibration,
    settings: BacktestSettings,
    projection: Projection,
    progress: Progress = lambda _: None,
) -> list[Backtested]:
    """Back-test the contests of one night, with everything that other nights taught."""
    night = contests[0].setting.night
    judged = judge_night([contest.count for contest in contests], calibration.experience(night))
    weighted = settings.open_weighted and len(judged) >= LEAST_TONIGHT
    tonight = sum(open_early(count) for count in judged) / len(judged) if weighted else None
    thresholds = {state: calibration.threshold(state, night, settings.alpha, tonight) for state in {c.setting.state for c in contests}}
    done = []
    for contest, count in zip(contests, judged, strict=True):
        done.append(_one(contest, count, thresholds[contest.setting.state], settings, projection))
        progress(1)
    return done


def _one(
    contest: ArchiveContest, judged: JudgedCount, threshold: Threshold, settings: BacktestSettings, projection: Projection
) -> Backtested:
    return Backtested(
        contest=contest,
        calls=calls_of(contest, judged, threshold),
        threshold=threshold,
        baselines={name: _baseline_calls(contest, judged, rule) for name, rule in BASELINES.items()},
        checked=check_contest(contest, judged, projection, draws=settings.draws, seed=settings.seed),
    )


def calls_of(contest: ArchiveContest, judged: JudgedCount, threshold: Threshold) -> tuple[SlotCall, ...]:
    """Return the product's calls: by the threshold, or by arithmetic alone where there is none."""
    if threshold.value is not None:
        return calls_at(contest, evidence(contest, judged.scores.place, judged.scores.elected), threshold.value)
    place, elected = clinched(contest.path, contest.setting, judged.volume)
    return calls_at(contest, evidence(contest, place.astype(float), None if elected is None else elected.astype(float)), 0.5)


def _baseline_calls(contest: ArchiveContest, judged: JudgedCount, rule: Baseline) -> tuple[SlotCall, ...]:
    place, elected = rule.strength(judged)
    return calls_at(contest, evidence(contest, place, elected), rule.bar)


def report(done: Sequence[Backtested], elections: Sequence[ArchiveElection], settings: BacktestSettings) -> dict[str, Any]:
    """Return all figures as one JSON object."""
    checks = summed_up([checked for one in done for checked in one.checked])
    brier = checks.pop("brier")
    assert isinstance(brier, dict)
    baselines = {
        name: figures([_contest_calls(one.contest, one.baselines[name]) for one in done]) | {"title": rule.title, "brier": brier.get(name)}
        for name, rule in BASELINES.items()
    }
    return (
        {"alpha": settings.alpha, "open_weighted": settings.open_weighted}
        | figures([_contest_calls(one.contest, one.calls) for one in done])
        | checks
        | {
            "brier": brier.get("racecall"),
            "baselines": baselines,
            "elections": {name: _election(name, done) for name in sorted({one.contest.election_id for one in done})},
            "thresholds": _thresholds(done),
            "skipped": [
                {"election_id": s.election_id, "contest_id": s.contest_id, "reason": s.reason} for e in elections for s in e.skipped
            ],
            "per_contest": [_per_contest(one) for one in done],
        }
    )


def _election(name: str, done: Sequence[Backtested]) -> dict[str, Any]:
    mine = [one for one in done if one.contest.election_id == name]
    checks = summed_up([checked for one in mine for checked in one.checked])
    return figures([_contest_calls(one.contest, one.calls) for one in mine]) | {
        "coverage": checks["coverage"],
        "coverage_by_look": checks["coverage_by_look"],
    }


def _contest_calls(contest: ArchiveContest, calls: tuple[SlotCall, ...]) -> ContestCalls:
    return ContestCalls(contest=contest.key, night=contest.setting.night, places=contest.places, calls=calls)


def _thresholds(done: Sequence[Backtested]) -> list[dict[str, Any]]:
    rows = {
        (one.contest.setting.night, one.threshold.regime.value): {
            "night": one.contest.setting.night,
            "regime": one.threshold.regime.value,
            "threshold": one.threshold.value,
            "conformal": one.threshold.conformal,
            "contests": one.threshold.contests,
            "nights": one.threshold.nights,
            "reason": one.threshold.reason,
        }
        for one in done
    }
    return [rows[key] for key in sorted(rows)]


def _per_contest(one: Backtested) -> dict[str, Any]:
    return {
        "contest_id": one.contest.setting.id,
        "election_id": one.contest.election_id,
        "night": one.contest.setting.night,
        "title": one.contest.setting.title,
        "threshold": one.threshold.value,
        "basis": "calibrated" if one.threshold.value is not None else one.threshold.reason,
        "slots": [_slot(call) for call in one.calls],
    }


def _slot(call: SlotCall) -> dict[str, Any]:
    return {
        "slot": call.slot,
        "option": call.option or None,
        "called_at": call.called_at or None,
        "share_counted_at_call": call.share_counted,
        "correct": call.correct,
        "meaning": call.meaning or None,
    }
