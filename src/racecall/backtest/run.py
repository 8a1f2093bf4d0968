"""The back-test: every archived night judged as it was public, with a calibration that has not seen it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from racecall.backtest.archive import ArchiveContest, ArchiveElection, all_contests
from racecall.backtest.baselines import BASELINES, NOT_RUN, Baseline
from racecall.backtest.calibrate import open_early
from racecall.backtest.calls import SlotCall, calls_at, evidence
from racecall.backtest.coverage import Checked, check_contest, reliability, summed_up
from racecall.backtest.figures import ContestCalls, figures
from racecall.calls.bounds import clinched
from racecall.calls.calibration import LEAST_TONIGHT, Threshold
from racecall.calls.calibration_file import Calibration
from racecall.calls.night import JudgedCount, judge_night
from racecall.projection.base import Projection
from racecall.projection.logratio import LogRatioProjection

PIECE = 12
"""Contests in a piece: half a second of work, so that two cores end together and a killed run loses little."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtested:
    """One contest, back-tested: plain values only, so that it can be kept in a file and sent between machines.

    Args:
        contest_id: Its id in the archive.
        election_id: The archive.
        night: Election day.
        title: For people.
        places: Places that were filled.
        calls: What the product would have called.
        threshold: The threshold it called by.
        baselines: What other rules would have called.
        checked: Intervals and chances at the fixed looks.
    """

    contest_id: str
    election_id: str
    night: str
    title: str
    places: int
    calls: tuple[SlotCall, ...]
    threshold: Threshold
    baselines: dict[str, tuple[SlotCall, ...]]
    checked: tuple[Checked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceName:
    """Which contests a piece holds.

    Args:
        night: Election day.
        contests: Names over several archives (`ArchiveContest.key`).
    """

    night: str
    contests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """Some contests of one night, judged and ready to be held against their outcome: what one worker does at a time.

    Args:
        name: Which contests.
        contests: The contests.
        judged: Each judged with its whole night, in the same order.
        thresholds: Threshold of each, in the same order.
    """

    name: PieceName
    contests: tuple[ArchiveContest, ...]
    judged: tuple[JudgedCount, ...]
    thresholds: tuple[Threshold, ...]


Progress = Callable[[int], None]


def backtest(
    elections: Sequence[ArchiveElection],
    calibration: Calibration,
    settings: BacktestSettings | None = None,
    projection: Projection | None = None,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """Back-test archives one contest after the other, and return the figures under the names that `backtest --json` fixes.

    Several processes, a cluster and runs that go on where they stopped are `racecall.desk.backtesting`; the figures are the same.

    Args:
        elections: Archived elections; those of one date share the night.
        calibration: What other nights taught; whatever it holds of the night being judged is left out.
        settings: How.
        projection: What is drawn; the product's own if None.
        progress: Told the number of contests done after each piece.
    """
    settings = settings or BacktestSettings()
    done: list[Backtested] = []
    for piece in pieces(elections, calibration, settings, piece_names(elections)):
        done.extend(finish(piece, settings, projection))
        progress(len(piece.contests))
    return report(done, elections, settings, calibration)


def piece_names(elections: Sequence[ArchiveElection]) -> tuple[PieceName, ...]:
    """Cut the contests into pieces, night by night, in the order of the report."""
    nights: dict[str, list[str]] = {}
    for contest in all_contests(tuple(elections)):
        nights.setdefault(contest.setting.night, []).append(contest.key)
    return tuple(
        PieceName(night=night, contests=tuple(keys[at : at + PIECE]))
        for night, keys in sorted(nights.items())
        for at in range(0, len(keys), PIECE)
    )


def pieces(
    elections: Sequence[ArchiveElection], calibration: Calibration, settings: BacktestSettings, wanted: Sequence[PieceName]
) -> Iterator[Piece]:
    """Judge every night that is wanted as a whole, with everything that other nights taught, and yield its pieces.

    Contests of one night share knowledge (the turnout factor), so a night is always judged whole, also if only one piece of it is wanted.
    """
    contests = tuple(all_contests(tuple(elections)))
    for night in dict.fromkeys(name.night for name in wanted):
        mine = [contest for contest in contests if contest.setting.night == night]
        yield from _night_pieces(mine, calibration, settings, [name for name in wanted if name.night == night])


def _night_pieces(
    contests: Sequence[ArchiveContest], calibration: Calibration, settings: BacktestSettings, wanted: Sequence[PieceName]
) -> Iterator[Piece]:
    night = contests[0].setting.night
    judged = judge_night([contest.count for contest in contests], calibration.experience(night))
    weighted = settings.open_weighted and len(judged) >= LEAST_TONIGHT
    tonight = sum(open_early(count) for count in judged) / len(judged) if weighted else None
    states = {contest.setting.state for contest in contests}
    thresholds = {state: _plain(calibration.threshold(state, night, settings.alpha, tonight)) for state in states}
    at = {contest.key: index for index, contest in enumerate(contests)}
    for name in wanted:
        mine = [at[key] for key in name.contests]
        yield Piece(
            name=name,
            contests=tuple(contests[index] for index in mine),
            judged=tuple(judged[index] for index in mine),
            thresholds=tuple(thresholds[contests[index].setting.state] for index in mine),
        )


def _plain(threshold: Threshold) -> Threshold:
    """Write "no losing option ever had a score" as None: JSON has no infinity."""
    return threshold if threshold.conformal is None or isfinite(threshold.conformal) else replace(threshold, conformal=None)


def finish(piece: Piece, settings: BacktestSettings, projection: Projection | None = None) -> tuple[Backtested, ...]:
    """Hold the contests of a piece against their outcome."""
    drawn = projection or LogRatioProjection()
    rows = zip(piece.contests, piece.judged, piece.thresholds, strict=True)
    return tuple(_one(contest, judged, threshold, settings, drawn) for contest, judged, threshold in rows)


def _one(
    contest: ArchiveContest, judged: JudgedCount, threshold: Threshold, settings: BacktestSettings, projection: Projection
) -> Backtested:
    return Backtested(
        contest_id=contest.setting.id,
        election_id=contest.election_id,
        night=contest.setting.night,
        title=contest.setting.title,
        places=contest.places,
        calls=calls_of(contest, judged, threshold),
        threshold=threshold,
        baselines={name: _baseline_calls(contest, judged, rule) for name, rule in BASELINES.items()},
        checked=tuple(check_contest(contest, judged, projection, draws=settings.draws, seed=settings.seed)),
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


def report(
    done: Sequence[Backtested], elections: Sequence[ArchiveElection], settings: BacktestSettings, calibration: Calibration
) -> dict[str, Any]:
    """Return all figures as one JSON object."""
    checks = summed_up([checked for one in done for checked in one.checked])
    brier = checks.pop("brier")
    assert isinstance(brier, dict)
    baselines = {
        name: figures([_contest_calls(one, one.baselines[name]) for one in done]) | {"title": rule.title, "brier": brier.get(name)}
        for name, rule in BASELINES.items()
    }
    return (
        {"alpha": settings.alpha, "open_weighted": settings.open_weighted}
        | figures([_contest_calls(one, one.calls) for one in done])
        | checks
        | {
            "brier": brier.get("racecall"),
            "reliability": reliability([checked for one in done for checked in one.checked]),
            "baselines": {**baselines, **NOT_RUN},
            "elections": {name: _election(name, done) for name in sorted({one.election_id for one in done})},
            "thresholds": _thresholds(done),
            "calibration": _calibration(calibration, elections),
            "skipped": [
                {"election_id": s.election_id, "contest_id": s.contest_id, "reason": s.reason} for e in elections for s in e.skipped
            ],
            "per_contest": [_per_contest(one) for one in done],
        }
    )


def _calibration(calibration: Calibration, elections: Sequence[ArchiveElection]) -> dict[str, Any]:
    """Return where the calibration comes from, and which of these archives it knew in another version."""
    known = calibration.archives
    return {
        "score_version": calibration.score_version,
        "nights": list(calibration.nights),
        "contests": len(calibration.maxima),
        "other_versions": sorted(e.election_id for e in elections if known.get(e.election_id, e.sha256) != e.sha256),
    }


def _election(name: str, done: Sequence[Backtested]) -> dict[str, Any]:
    mine = [one for one in done if one.election_id == name]
    checks = summed_up([checked for one in mine for checked in one.checked])
    return figures([_contest_calls(one, one.calls) for one in mine]) | {
        "coverage": checks["coverage"],
        "coverage_by_look": checks["coverage_by_look"],
    }


def _contest_calls(one: Backtested, calls: tuple[SlotCall, ...]) -> ContestCalls:
    return ContestCalls(contest=f"{one.election_id}/{one.contest_id}", night=one.night, places=one.places, calls=calls)


def _thresholds(done: Sequence[Backtested]) -> list[dict[str, Any]]:
    rows = {
        (one.night, one.threshold.regime.value): {
            "night": one.night,
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
        "contest_id": one.contest_id,
        "election_id": one.election_id,
        "night": one.night,
        "title": one.title,
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
