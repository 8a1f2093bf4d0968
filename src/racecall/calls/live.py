"""From the record of a live night to the evidence behind each place: the same road that the back-test takes, with what is public now.

The back-test reads archives, the desk reads the ledger; both make `RunningCount`s and hand them to `judge_night`, so that a rate measured
on the one is a rate of the other. Contests of one election day are judged together: they share the night.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from racecall.calls.calibration import Threshold
from racecall.calls.calibration_file import Calibration
from racecall.calls.night import JudgedCount, judge_night, look_at
from racecall.calls.running import Tables, running_counts
from racecall.ledger.records import Records
from racecall.model.contest import Contest, Election
from racecall.projection.base import Projection
from racecall.projection.forecast import Forecast, forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.rules.law import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """How live evidence is made.

    Args:
        alpha: Chance of any false call in a contest, over the whole night.
        draws: Joint draws for chances and intervals.
        draws_of_many: The same in an election with more than `many` contests to judge: chances are then good to about two per cent points.
        many: See `draws_of_many`.
        seed: Same seed, same ledger, same bytes.
    """

    alpha: float = 0.005
    draws: int = 2000
    draws_of_many: int = 400
    many: int = 20
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionEvidence:
    """What the model says of one option.

    Args:
        score: Standard deviations from losing its place.
        scores: The same at every look since the polls closed, the last one included.
        elected_score: The same for a majority outright; None where the rule knows none.
        share_low, share_high: 90% interval of the final share (0 to 1).
        share_inner: 50% interval of the final share (0 to 1).
        p_place: Chance to fill a place (to advance, where there is a next round).
        p_majority: Chance of a majority outright.
    """

    score: float
    elected_score: float | None
    share_low: float
    share_high: float
    share_inner: tuple[float, float]
    p_place: float
    p_majority: float
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """What the model says of one contest now.

    Args:
        options: By option id, only those whose votes are given.
        threshold: The score from which a place is called.
        to_come: Votes still to come: low, likely and high [votes].
        p_tie_or_recount: Chance that the margin at the cut ends inside the recount zone.
        calibration: Version of the calibration.
    """

    options: Mapping[str, OptionEvidence]
    threshold: Threshold
    to_come: tuple[float, float, float]
    p_tie_or_recount: float
    calibration: str = ""


def live_evidence(
    contests: Sequence[tuple[Contest, Rule]],
    election: Election,
    records: Records,
    calibration: Calibration,
    *,
    as_of: datetime,
    asked: Collection[str] | None = None,
    settings: LiveSettings | None = None,
    projection: Projection | None = None,
    tables: Tables | None = None,
) -> dict[str, Evidence]:
    """Return the evidence of every contest that can be judged: votes counted, not certified, contested, and a known close of the polls.

    Args:
        contests: All contests of the election with their rules: those of one night share it, whichever are asked for.
        election: The election, for state, counties and the close of polls.
        records: What was recorded up to `as_of`.
        calibration: What other nights taught; anything it holds of the same night is left out.
        as_of: The moment.
        asked: Ids of the contests that the evidence is wanted of; all if None.
        settings: Alpha, draws, seed.
        projection: Draws the final counts; the product's own if None.
        tables: Gives the cells of a release, so that contests counted by units are projected by them.
    """
    settings = settings or LiveSettings()
    running = running_counts(contests, election, records, as_of=as_of, tables=tables)
    running.sort(key=lambda run: run.setting.night)
    draws = settings.draws_of_many if len(running) > settings.many else settings.draws
    found: dict[str, Evidence] = {}
    for night, group in groupby(running, key=lambda run: run.setting.night):
        judged = judge_night(list(group), calibration.experience(night), asked=asked)
        threshold = calibration.threshold(election.state, night, settings.alpha)
        for one in judged:
            made = _evidence(one, threshold, projection or LogRatioProjection(), draws=draws, seed=settings.seed)
            found[one.count.setting.id] = replace(made, calibration=calibration.score_version)
    return found


def _evidence(judged: JudgedCount, threshold: Threshold, projection: Projection, *, draws: int, seed: int) -> Evidence:
    count, at = judged.count, len(judged.count.path.hours) - 1
    said = forecast(projection.draw(look_at(judged, at), draws=draws, seed=seed), count.setting)
    volume = judged.volume
    return Evidence(
        options={option: _option(judged, said, at, index) for index, option in enumerate(count.setting.options)},
        threshold=threshold,
        to_come=(float(volume.lower[at]), float(volume.likely[at]), float(volume.upper[at])),
        p_tie_or_recount=said.p_tie_or_recount,
    )


def _option(judged: JudgedCount, said: Forecast, at: int, index: int) -> OptionEvidence:
    low, high = said.share_interval[0.9][index]
    inner_low, inner_high = said.share_interval[0.5][index]
    elected = judged.scores.elected
    return OptionEvidence(
        score=float(judged.scores.place[at, index]),
        elected_score=None if elected is None else float(elected[at, index]),
        share_low=float(low),
        share_high=float(high),
        share_inner=(float(inner_low), float(inner_high)),
        p_place=float(said.p_place[index]),
        p_majority=float(said.p_majority[index]),
        scores=tuple(judged.scores.place[:, index].tolist()),
    )
