"""From the record of a live night to the evidence behind each place: the same road that the back-test takes, with what is public now.

The back-test reads archives, the desk reads the ledger; both make `RunningCount`s and hand them to `judge_night`, so that a rate measured
on the one is a rate of the other. Contests of one election day are judged together: they share the night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

import numpy as np

from racecall.calls.calibration import Threshold
from racecall.calls.calibration_file import Calibration
from racecall.calls.night import JudgedCount, judge_night
from racecall.ledger.records import ContestCount, RecordedRelease, Records
from racecall.model.contest import Contest, Election, ElectionType
from racecall.model.counts import BallotKind
from racecall.model.release import ResultsStatus, Statement
from racecall.model.units import UnitType
from racecall.outstanding.path import CountPath
from racecall.outstanding.running import RunningCount
from racecall.outstanding.setting import ContestSetting, district_key
from racecall.outstanding.volume import Stated
from racecall.projection.base import Projection
from racecall.projection.forecast import Forecast, forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.outlook import contest_look
from racecall.rules.law import Rule
from racecall.rules.places import majority_clause, slots


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSettings:
    """How live evidence is made.

    Args:
        alpha: Chance of any false call in a contest, over the whole night.
        draws: Joint draws for chances and intervals.
        draws_of_many: The same where there are more than `many` contests: chances are then good to about two per cent points.
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
        elected_score: The same for a majority outright; None where the rule knows none.
        share_low, share_high: 90% interval of the final share (0 to 1).
        p_place: Chance to fill a place (to advance, where there is a next round).
        p_majority: Chance of a majority outright.
    """

    score: float
    elected_score: float | None
    share_low: float
    share_high: float
    p_place: float
    p_majority: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the model says of one contest now.

    Args:
        options: By option id, only those whose votes are given.
        threshold: The score from which a place is called.
        to_come: Votes still to come: low, likely and high [votes].
        p_tie_or_recount: Chance that the margin at the cut ends inside the recount zone.
    """

    options: Mapping[str, OptionEvidence]
    threshold: Threshold
    to_come: tuple[float, float, float]
    p_tie_or_recount: float


def live_evidence(
    contests: Sequence[tuple[Contest, Rule]],
    election: Election,
    records: Records,
    calibration: Calibration,
    *,
    as_of: datetime,
    settings: LiveSettings | None = None,
    projection: Projection | None = None,
) -> dict[str, Evidence]:
    """Return the evidence of every contest that can be judged: votes counted, not certified, contested, and a known close of the polls.

    Args:
        contests: Contests with their rules.
        election: The election, for state, counties and the close of polls.
        records: What was recorded up to `as_of`.
        calibration: What other nights taught; anything it holds of the same night is left out.
        as_of: The moment.
        settings: Alpha, draws, seed.
        projection: Draws the final counts; the product's own if None.
    """
    settings = settings or LiveSettings()
    primary = {contest.polls_close or election.polls_close for contest, rule in contests if _is_regular_primary(contest, rule)}
    running = [run for contest, rule in contests for run in _running(contest, rule, election, records, as_of, primary)]
    running.sort(key=lambda run: run.setting.night)
    draws = settings.draws_of_many if len(running) > settings.many else settings.draws
    found: dict[str, Evidence] = {}
    for night, group in groupby(running, key=lambda run: run.setting.night):
        judged = judge_night(list(group), calibration.experience(night))
        threshold = calibration.threshold(election.state, night, settings.alpha)
        for one in judged:
            found[one.count.setting.id] = _evidence(one, threshold, projection or LogRatioProjection(), draws=draws, seed=settings.seed)
    return found


def _is_regular_primary(contest: Contest, rule: Rule) -> bool:
    """Whether a contest makes its day a primary day: a first round that is not a special election of its own."""
    regular = contest.election_type in {ElectionType.PRIMARY, ElectionType.OTHER}
    return regular and rule.advance is not None


def _running(
    contest: Contest, rule: Rule, election: Election, records: Records, as_of: datetime, primary: set[datetime | None]
) -> Iterator[RunningCount]:
    counts = records.counts(contest.id)
    close = contest.polls_close or election.polls_close
    if close is None or not counts or counts[-1][0].status is ResultsStatus.CERTIFIED or counts[-1][0].moment < close:
        return
    after = [(release, count) for release, count in counts if release.moment >= close and count.total]
    setting = _setting(contest, rule, election, after, night=close, primary=close in primary) if after else None
    if setting is None or not setting.contested:
        return
    path = _path(setting, after, close)
    yield RunningCount(setting=setting, path=path, feed=election.id.split("-", 1)[0], stated=_stated(contest, records, after, close, as_of))


def _setting(
    contest: Contest,
    rule: Rule,
    election: Election,
    counts: Sequence[tuple[RecordedRelease, ContestCount]],
    *,
    night: datetime,
    primary: bool,
) -> ContestSetting | None:
    given = {option for _, count in counts for option in count.votes}
    options = [option for option in contest.options if option.id in given]
    clause = majority_clause(rule)
    able = sum(option.can_advance for option in options)
    majority = clause is not None and clause.fraction == Fraction(1, 2) and able > 2
    places = len(slots(rule, contest)) if able > 2 or clause is None else contest.number_elected
    if clause is not None and clause.fraction != Fraction(1, 2):
        return None
    return ContestSetting(
        id=contest.id,
        title=contest.title,
        options=tuple(option.id for option in options),
        parties=tuple(option.party for option in options),
        eligible=tuple(option.can_advance for option in options),
        slots=places,
        majority=majority,
        first_round=rule.advance is not None,
        primary_night=primary,
        night=night.astimezone(election.zone).date().isoformat(),
        state=election.state,
        office=contest.office,
        counties=_counties(election),
        district=district_key(election.state, contest.office, contest.title),
    )


def _counties(election: Election) -> dict[str, float]:
    """The one county of the election; nothing where it has several, since nobody has said how the votes divide."""
    names = [unit.name.removesuffix(" County") for unit in election.units if unit.type is UnitType.COUNTY]
    return {names[0]: 1.0} if len(names) == 1 else {}


def _path(setting: ContestSetting, counts: Sequence[tuple[RecordedRelease, ContestCount]], close: datetime) -> CountPath:
    hours = np.array([(release.moment - close).total_seconds() / 3600 for release, _ in counts])
    votes = np.array([[float(count.votes.get(option, np.nan)) for option in setting.options] for _, count in counts])
    return CountPath(hours=hours, votes=_filled_forward(votes))


def _filled_forward(votes: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """An option that a release does not name keeps its votes; before its first figure it has none."""
    known = np.where(np.isfinite(votes), np.arange(len(votes))[:, None], 0)
    filled = np.take_along_axis(votes, np.maximum.accumulate(known, axis=0), axis=0)
    return np.nan_to_num(filled, nan=0.0)


def _stated(
    contest: Contest, records: Records, counts: Sequence[tuple[RecordedRelease, ContestCount]], close: datetime, as_of: datetime
) -> Stated | None:
    """The newest statement at each look, as ballots out over ballots counted; what was said since the last release belongs to it."""
    own = [said for _, said in records.statements if said.contest == contest.id and said.kind is BallotKind.OUTSTANDING]
    made = _by_moment(own)
    known = [(at, ballots, includes) for at, ballots, includes in made if at <= as_of]
    if not known:
        return None
    looks = [release.moment for release, _ in counts[:-1]] + [as_of]
    newest = [max((index for index, (at, _, _) in enumerate(known) if at <= look), default=-1) for look in looks]
    ratio = [known[index][1] / max(_counted(counts, known[index][0]), 1) if index >= 0 else np.nan for index in newest]
    hours = [(known[index][0] - close).total_seconds() / 3600 if index >= 0 else np.nan for index in newest]
    return Stated(ratio=np.array(ratio), hours=np.array(hours), includes_arrivals=known[newest[-1]][2])


def _by_moment(statements: Iterable[Statement]) -> list[tuple[datetime, int, bool]]:
    """Ballots said to be out at each moment, all categories together, and whether mail still to arrive is in them."""
    ordered = sorted(statements, key=lambda said: said.stated_at)
    groups = [(at, list(group)) for at, group in groupby(ordered, key=lambda said: said.stated_at)]
    return [(at, sum(said.ballots for said in group), all(said.includes_arrivals for said in group)) for at, group in groups]


def _counted(counts: Sequence[tuple[RecordedRelease, ContestCount]], moment: datetime) -> int:
    """Votes counted at a moment; before the first release, as many as that has."""
    before = [count.total for release, count in counts if release.moment <= moment]
    return before[-1] if before else counts[0][1].total


def _evidence(judged: JudgedCount, threshold: Threshold, projection: Projection, *, draws: int, seed: int) -> Evidence:
    count, at = judged.count, len(judged.count.path.hours) - 1
    look = contest_look(count.path, at, count.setting, judged.volume, judged.drift)
    said = forecast(projection.draw(look, draws=draws, seed=seed), count.setting)
    volume = judged.volume
    return Evidence(
        options={option: _option(judged, said, at, index) for index, option in enumerate(count.setting.options)},
        threshold=threshold,
        to_come=(float(volume.lower[at]), float(volume.likely[at]), float(volume.upper[at])),
        p_tie_or_recount=said.p_tie_or_recount,
    )


def _option(judged: JudgedCount, said: Forecast, at: int, index: int) -> OptionEvidence:
    low, high = said.share_interval[0.9][index]
    elected = judged.scores.elected
    return OptionEvidence(
        score=float(judged.scores.place[at, index]),
        elected_score=None if elected is None else float(elected[at, index]),
        share_low=float(low),
        share_high=float(high),
        p_place=float(said.p_place[index]),
        p_majority=float(said.p_majority[index]),
    )
