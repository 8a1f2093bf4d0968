"""The score of a place, worked out again: how many standard deviations of past late shifts an option is from losing it.

No draws: arithmetic on the counts, the settings and the packaged calibration, one contest and one moment at a time. Chances, intervals and
the risk of a tie need joint draws, and are not worked out here.

Source: docs/methods/volume.md (what is still to come), docs/methods/shift.md (how late votes differ), docs/methods/share.md.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from racecall.desk.verifying.lessons import END_OF_NIGHT, HOURS, Drift, Lessons, between, expit, logit
from racecall.desk.verifying.running import Running

TURNOUT_HOURS = tuple(4.5 + step / 2 for step in range(20))
"""Hours after the close at which the night is set beside other nights."""
LEAST_COMPARABLE = 5
"""Contests that must have a comparable election before the night's turnout is told."""
CURVE_SD = ((13.0, 0.40), (24.0, 0.45), (72.0, 0.60), (120.0, 0.75), (168.0, 1.1), (240.0, 1.5), (480.0, 1.6))
LEFT_OUT = ((24.0, 0.40), (72.0, 0.25), (144.0, 0.03))
LEFT_OUT_SD = ((24.0, 0.35), (72.0, 0.30), (144.0, 0.15))


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Votes still to come: what a trailing option may count on, the likely figure, what a leader must survive."""

    lower: float
    likely: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What the model says of a contest: scores by option, and the votes still to come."""

    scores: Mapping[str, float]
    volume: Volume


def scored(runs: Sequence[Running], lessons: Lessons) -> dict[str, Scored]:
    """Return what the model says of the contests of one night, which share its turnout."""
    ratios = [_against_other_nights(run, lessons, votes) for run in runs if (votes := _comparable(run, lessons))]
    return {run.contest.id: _scored(run, lessons, ratios) for run in runs}


def _scored(run: Running, lessons: Lessons, ratios: Sequence[Sequence[float | None]]) -> Scored:
    volume = _volume(run, lessons, _expected_total(run, lessons, ratios))
    early = run.hours[run.last] < 4.5
    drift = Drift(mean=0.0, variance=0.2**2, known=False) if early else lessons.drift(run.mix(lessons, run.last))
    place = _place_scores(run, volume, drift)
    if run.has_majority:
        most = max(_majority_score(run, volume, at) for at, able in enumerate(run.able) if able)
        place = {option: min(score, -most) for option, score in place.items()}
    return Scored(scores=place, volume=volume)


# -- how large the contest is in the end ---------------------------------------------------------------------------------------------


def _comparable(run: Running, lessons: Lessons) -> float | None:
    """Return the votes of the same ground in other nights; only contests between parties are alike enough."""
    return lessons.votes_of(run.district) if run.is_partisan else None


def _against_other_nights(run: Running, lessons: Lessons, votes: float) -> list[float | None]:
    """Return the log of this night's votes over those of other nights, at `TURNOUT_HOURS`; None before the first look."""
    return [_one_ratio(run, lessons, votes, bisect_right(run.hours, min(hour, 12.0)) - 1) for hour in TURNOUT_HOURS]


def _one_ratio(run: Running, lessons: Lessons, votes: float, look: int) -> float | None:
    if look < 0:
        return None
    odds = lessons.night_odds(run.mix(lessons, look)) if run.hours[look] > 5.5 else _curve(run, lessons, look)
    return math.log(max(run.totals[look], 1.0)) - math.log(expit(odds)) - math.log(votes)


def _expected_total(run: Running, lessons: Lessons, ratios: Sequence[Sequence[float | None]]) -> float | None:
    """Return the votes to be expected in all: those of other nights, times the median of this night's contests so far."""
    votes, at = _comparable(run, lessons), bisect_right(TURNOUT_HOURS, run.hours[run.last]) - 1
    seen = [ratio for row in ratios if at >= 0 and (ratio := row[at]) is not None]
    return votes * math.exp(median(seen)) if votes and len(seen) >= LEAST_COMPARABLE else None


def _curve(run: Running, lessons: Lessons, look: int) -> float:
    """Return the log odds of the share counted at a look; on the night the curve is moved to the habit of the counties."""
    curve = lessons.curve(run.feed)
    here = between(math.log(max(run.hours[look], HOURS[0])), curve)
    return here - curve[END_OF_NIGHT][1] + lessons.night_odds(run.mix(lessons, look)) if look <= run.night_end else here


# -- votes to come -------------------------------------------------------------------------------------------------------------------


def _volume(run: Running, lessons: Lessons, expected: float | None) -> Volume:
    total, at_night = run.totals[run.last], run.last <= run.night_end
    likely, sd = (_on_the_night if at_night else _after_the_night)(run, lessons, expected)
    likely, sd = _with_paper(run, *_with_statement(run, likely, sd))
    since = max(bisect_right(run.hours, run.hours[run.last] - 72) - 1, run.night_end)
    recent = 0.0 if at_night else total - run.totals[since]
    upper = max(likely * math.exp(0.5 * sd), recent, 0.01 * total, 1.0)
    return Volume(lower=min(max(likely * math.exp(-sd), 0.002 * total), upper), likely=likely, upper=upper)


def _on_the_night(run: Running, lessons: Lessons, expected: float | None) -> tuple[float, float]:
    total, hours, units_in = run.totals[run.last], run.hours[run.last], run.units_in(lessons)
    share = expit(_curve(run, lessons, run.last))
    sd = math.hypot(0.5 if hours < 1.5 else 0.27, 1 - units_in)
    if expected and hours > 9:
        return max(_final(total, share, expected) - total, 0.05 * total), sd
    return max(total, 1.0) * math.exp(-logit(share * units_in)), sd


def _after_the_night(run: Running, lessons: Lessons, expected: float | None) -> tuple[float, float]:
    """Join what the night says of the total with what the curve says of the rest, by precision on the log scale."""
    total, hours, end = run.totals[run.last], run.hours[run.last], run.night_end
    odds = lessons.night_odds(run.mix(lessons, run.last)) if run.hours[end] > 5.5 else _curve(run, lessons, end)
    final = _final(run.totals[end], expit(odds), expected)
    anchored = max(final - total, 0.01 * final)
    anchored_sd = max((0.10 if expected else 0.15) * final / anchored, 0.20)
    curve_sd = between(math.log(max(hours, 1.0)), [(math.log(hour), sd) for hour, sd in CURVE_SD])
    weight = curve_sd**2 / (anchored_sd**2 + curve_sd**2)
    by_curve = math.log(max(total, 1.0)) - _curve(run, lessons, run.last)
    return math.exp(weight * math.log(anchored) + (1 - weight) * by_curve), 1 / math.sqrt(anchored_sd**-2 + curve_sd**-2)


def _final(counted: float, share: float, expected: float | None) -> float:
    """Return the final total: what is counted over its share, a quarter of it where other nights say three."""
    own = math.log(max(counted, 1.0)) - math.log(share)
    return math.exp(0.25 * own + 0.75 * math.log(expected) if expected else own)


def _with_statement(run: Running, likely: float, sd: float) -> tuple[float, float]:
    said = run.said
    if said is None:
        return likely, sd
    total = run.totals[run.last]
    then = run.totals[max(bisect_right(run.hours, said.hours + 1e-6) - 1, 0)]
    left_out = 0.0 if said.with_arrivals else between(said.hours, LEFT_OUT)
    out_then = then * said.ratio * math.exp(left_out)
    out = max(out_then - (total - then), 0.003 * total)
    spread = math.hypot(between(said.hours, LEFT_OUT_SD), 0.10)
    said_sd = max(spread * out_then / out, spread)
    return _joined((likely, sd), (max(out, 1.0), said_sd))


def _with_paper(run: Running, likely: float, sd: float) -> tuple[float, float]:
    said = run.on_paper
    return _joined((likely, sd), (said[0], max(said[1], 0.05))) if said and said[0] > 0 else (likely, sd)


def _joined(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Join two figures by their precision on the log scale; each is a median and a standard deviation of the log."""
    weight = one[1] ** 2 / (one[1] ** 2 + other[1] ** 2)
    joined = (1 - weight) * math.log(max(one[0], 1.0)) + weight * math.log(other[0])
    return math.exp(joined), one[1] * math.sqrt(1 - weight)


# -- late votes ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two sides of a count: votes now, at the end of the night and since; what is expected of the late ones, in log ratio.

    Args:
        votes, night, late: Of each side.
        to_come: Votes of all options to come that the pair must reckon with.
        total: Votes of all options.
        shift: Expected difference of the late votes to the counted ones.
        variance: Of the shift.
    """

    votes: tuple[float, float]
    night: tuple[float, float]
    late: tuple[float, float]
    to_come: float
    total: float
    shift: float
    variance: float

    @property
    def score(self) -> float:
        """Return by how many standard deviations the first side is ahead of drawing level in the end."""
        shares = [votes / max(self.total, 1.0) for votes in self.votes]
        mean, variance = (
            self._late(self.to_come * sum(shares)) if sum(self.late) >= 1 else (_ratio(self.votes, 0.5) + self.shift, self.variance)
        )
        lead = (self.votes[0] - self.votes[1]) / max(self.to_come * sum(shares), 1e-9)
        level = -2 * math.atanh(min(max(lead, -0.9995), 0.9995))
        noise = sum(1 / max(self.to_come * share, 1.0) for share in shares)
        return (mean - level) / math.sqrt(variance + noise)

    def _late(self, to_come: float) -> tuple[float, float]:
        """Return mean and variance of the late log ratio, learned from the late votes that are in."""
        expected = _ratio(self.night, 0.5) + self.shift
        part = min(max(sum(self.late) / max(sum(self.late) + to_come, 1e-9), 1e-6), 1 - 1e-6)
        noise = 2 * sum(1 / (votes + 1) for votes in self.late) + 0.008 * (1 - part) / part
        weight = self.variance / (self.variance + noise)
        mean = expected + weight * (_ratio(self.late, 1.0) - expected)
        return mean, self.variance * (1 - weight) + 0.15**2 * (1 + 2 * part**4)


def _ratio(votes: tuple[float, float], more: float) -> float:
    return math.log((votes[0] + more) / (votes[1] + more))


def _place_scores(run: Running, volume: Volume, drift: Drift) -> dict[str, float]:
    """Return for each option its k-th smallest score against the others, for k places: it loses only if k rivals pass it."""
    able = [at for at, can in enumerate(run.able) if can]
    place = min(run.places, len(able) - 1)
    return {
        run.options[own]: sorted(_pair(run, volume, drift, own, rival).score for rival in able if rival != own)[place - 1] for own in able
    }


def _pair(run: Running, volume: Volume, drift: Drift, own: int, rival: int) -> Pair:
    contrast = (run.sides[own] - run.sides[rival]) / 2
    now, night = run.votes[run.last], run.votes[run.night_end]
    return Pair(
        votes=(now[own], now[rival]),
        night=(night[own], night[rival]),
        late=(run.late[own], run.late[rival]),
        to_come=volume.upper if now[own] >= now[rival] else volume.lower,
        total=run.totals[run.last],
        shift=drift.mean * contrast,
        variance=_spread(run, abs(contrast), known=drift.known) ** 2 + drift.variance * contrast**2,
    )


def _spread(run: Running, contrast: float, *, known: bool) -> float:
    """Return the standard deviation of the late shift of a pair by its class (docs/methods/shift.md)."""
    parties = known and contrast == 1
    if run.is_committee:
        return 0.125
    if not run.first_round:
        return 0.15 if parties else 0.28 if run.primary_night else 0.20
    usual = 0.25 if parties else 0.20 if contrast == 0 and run.is_partisan else 0.31
    return usual * _crowd(run)


def _crowd(run: Running) -> float:
    return 1.4 if sum(run.able) > 6 else 1.0


def _majority_score(run: Running, volume: Volume, own: int) -> float:
    """Return the score of an option against all others together."""
    now, night = run.votes[run.last], run.votes[run.night_end]
    total = run.totals[run.last]
    rest = total - now[own]
    late = max(rest - (run.totals[run.night_end] - night[own]), 0.0) if run.last > run.night_end else 0.0
    return Pair(
        votes=(now[own], rest),
        night=(night[own], run.totals[run.night_end] - night[own]),
        late=(run.late[own], late),
        to_come=volume.upper if now[own] >= rest else volume.lower,
        total=total,
        shift=0.0,
        variance=((0.20 if run.is_partisan else 0.31) * _crowd(run)) ** 2,
    ).score
