"""Ballots on the way: from what was issued, returned, and said to be on hand, to the votes that a contest can still get.

Theory of operation. An office knows paper, a contest needs votes, and between the two are four uncertain steps, each a function here:

1. *What an office says* leaves things out: mail in the post is not on hand, and part of the provisional ballots is rejected
   (`from_statement`, one factor and one spread a category).
2. *Returns*: ballots returned and not rejected, plus those that still arrive, less those counted (`from_returns`); before returns are
   known, ballots issued times the share of a comparable election that was returned (`from_issued`).
3. *A contest's share* of a county-wide figure is the share of the counted ballots that carry it, which differs in what is left
   (`contest_share`).
4. *Fall-off*: not every ballot has a vote in the contest, and mail differs from the polls (`fall_off`).

Every step gives a median and a spread on the log scale, and `joined` puts several estimates of one figure together.

Source: research/live-models.md section 4, layer 1; the spreads of statements from research/late-shift-study.md section 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from racecall.errors import UsageError
from racecall.outstanding.path import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure above zero with its uncertainty.

    Args:
        likely: Median [ballots or votes].
        log_sd: Standard deviation of the log.
    """

    likely: float
    log_sd: float

    def __post_init__(self) -> None:
        if not (self.likely >= 0 and self.log_sd >= 0 and np.isfinite([self.likely, self.log_sd]).all()):
            raise UsageError(f"an estimate is zero or more, with a spread of zero or more; found {self.likely:g} and {self.log_sd:g}.")

    def times(self, factor: Estimate) -> Estimate:
        """Return the product with an independent factor."""
        return Estimate(likely=self.likely * factor.likely, log_sd=float(np.hypot(self.log_sd, factor.log_sd)))

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Return the interval that holds the figure with a probability, both tails alike."""
        from scipy.special import ndtri  # type: ignore[import-untyped, unused-ignore]

        reach = float(ndtri((1 + level) / 2)) * self.log_sd
        return self.likely * float(np.exp(-reach)), self.likely * float(np.exp(reach))


COMES_OF = {
    "mail": Estimate(likely=1.45, log_sd=0.30),
    "provisional": Estimate(likely=0.80, log_sd=0.15),
    "conditional": Estimate(likely=0.85, log_sd=0.15),
    "other": Estimate(likely=0.90, log_sd=0.25),
    "total": Estimate(likely=1.35, log_sd=0.35),
}
"""What is counted in the end of a ballot said to be on hand on the first day, by category.

Mail and total: Los Angeles and Thurston statements (late-shift study section 2: 0.83 to 2.42). Provisional, conditional, other: unknown,
rounded from the usual rates of acceptance; no archived statement splits them together with what came."""
ARRIVALS_KNOWN = Estimate(likely=1.0, log_sd=0.15)
"""The same for mail where the office says that mail still to arrive is in the figure, or none can arrive any more."""


def from_statement(categories: Mapping[str, float], *, includes_arrivals: bool = False) -> Estimate:
    """Return the ballots that will be counted of those said to be on hand.

    Args:
        categories: Ballots by category: mail, provisional, conditional, other; or "total" alone.
        includes_arrivals: Whether mail still to arrive is in the figure.

    Raises:
        UsageError: A category is unknown, negative, or beside a total that contains it.
    """
    strange = [name for name, ballots in categories.items() if name not in COMES_OF or not ballots >= 0]
    if strange or not categories:
        raise UsageError(
            f"a statement has ballots of zero or more by category ({', '.join(COMES_OF)}); found {dict(categories)}.",
            next_step="Name the category as the office does, or use total.",
        )
    if "total" in categories and len(categories) > 1:
        raise UsageError("a statement gives a total or its categories; both would be counted twice.", next_step="Keep the categories.")
    arrived = {name: ARRIVALS_KNOWN if includes_arrivals and name in {"mail", "total"} else factor for name, factor in COMES_OF.items()}
    return summed(Estimate(likely=ballots, log_sd=0.0).times(arrived[name]) for name, ballots in categories.items())


def summed(parts: Iterable[Estimate]) -> Estimate:
    """Return the sum of independent figures: medians and spreads are matched to the first two moments of the sum."""
    table = np.array([[part.likely * np.exp(part.log_sd**2 / 2), part.likely**2 * _log_variance(part)] for part in parts])
    if not len(table) or table[:, 0].sum() <= 0:
        return Estimate(likely=0.0, log_sd=0.0)
    mean, variance = table.sum(axis=0)
    log_sd = float(np.sqrt(np.log1p(variance / mean**2)))
    return Estimate(likely=float(mean * np.exp(-(log_sd**2) / 2)), log_sd=log_sd)


def _log_variance(part: Estimate) -> float:
    return float(np.expm1(part.log_sd**2) * np.exp(part.log_sd**2))


def from_returns(*, returned: float, counted: float, accepted: Estimate, arriving: Estimate | None = None) -> Estimate:
    """Return the ballots still to be counted, of those returned and those that still arrive.

    Args:
        returned: Ballots returned so far [ballots].
        counted: Of them, counted [ballots].
        accepted: Share of returned ballots that is counted in the end.
        arriving: Ballots that will still arrive in time; None if none can.

    Raises:
        UsageError: More is counted than was returned.
    """
    if counted > returned:
        raise UsageError(
            f"{counted:,.0f} ballots are counted of {returned:,.0f} returned.", next_step="Check that both figures are of one count type."
        )
    good = returned * accepted.likely
    left = max(good - counted, 0.0)
    spread = accepted.log_sd * good / max(left, 1.0)
    here = Estimate(likely=left, log_sd=float(min(spread, MOST_LOG_SD)))
    return summed([here, arriving.times(accepted)]) if arriving else here


MOST_LOG_SD = 1.0
"""A figure that is left over from two large ones is never taken to be less sure than this."""


def from_issued(*, issued: float, returned: float, rate: Estimate) -> Estimate:
    """Return the ballots that will still be returned.

    Args:
        issued: Ballots issued [ballots].
        returned: Returned so far [ballots].
        rate: Share of issued ballots returned in the end, from comparable elections.

    Raises:
        UsageError: More was returned than was issued.
    """
    if returned > issued:
        raise UsageError(f"{returned:,.0f} ballots were returned of {issued:,.0f} issued.", next_step="Check the two figures' dates.")
    total = min(issued * rate.likely, issued)
    left = max(total - returned, 0.0)
    return Estimate(likely=left, log_sd=float(min(rate.log_sd * total / max(left, 1.0), MOST_LOG_SD)))


ALLOCATION_SD = 0.10
"""Spread of a contest's share of a county's ballots between counted and uncounted ones [log]. *Assumed* in the late-shift study."""


def contest_share(*, contest: float, whole: float, allocation_sd: float = ALLOCATION_SD) -> Estimate:
    """Return the share of a county-wide figure that belongs to a contest.

    Args:
        contest: Counted ballots that carry the contest [ballots].
        whole: Counted ballots of the county [ballots].
        allocation_sd: How much the share differs in what is left, standard deviation of the log.

    Raises:
        UsageError: Nothing is counted, or more in the contest than in the county.
    """
    if not 0 <= contest <= whole or not whole:
        raise UsageError(f"a contest is part of its county; found {contest:,.0f} of {whole:,.0f} ballots.")
    share = (contest + 0.5) / (whole + 1.0)
    noise = (1 - share) / (contest + 0.5)
    return Estimate(likely=share, log_sd=float(np.hypot(allocation_sd * (1 - share) ** 0.5, noise**0.5)))


FALL_OFF_WEIGHT = 200.0
"""Ballots of all types together that are mixed into a type's own fall-off: under a few hundred a type says little of itself."""


def fall_off(ballots: Sequence[float], votes: Sequence[float]) -> tuple[Estimate, ...]:
    """Return votes for options a ballot, by count type, with types of few ballots shrunk to all types together.

    Args:
        ballots: Counted ballots that carry the contest, by count type [ballots].
        votes: Votes for options, by count type [votes]; more than ballots where several can be chosen.

    Raises:
        UsageError: Lists of different length, or no ballot at all.
    """
    paper, marks = np.asarray(ballots, dtype=np.float64), np.asarray(votes, dtype=np.float64)
    if paper.shape != marks.shape or not paper.sum() > 0 or (paper < 0).any() or (marks < 0).any():
        raise UsageError("fall-off needs ballots and votes by count type, none negative, and at least one ballot.")
    pooled = max(float(marks.sum() / paper.sum()), 1e-6)
    rate = (marks + FALL_OFF_WEIGHT * pooled) / (paper + FALL_OFF_WEIGHT)
    spread = np.sqrt(np.maximum(1 - np.minimum(rate, 1.0), 0.01) / (np.maximum(rate, 1e-6) * (paper + FALL_OFF_WEIGHT)))
    return tuple(Estimate(likely=float(one), log_sd=float(sd)) for one, sd in zip(rate, spread, strict=True))


def joined(estimates: Sequence[Estimate]) -> Estimate:
    """Return one estimate of one figure from several independent ones, by precision on the log scale.

    Where they disagree by more than their spreads allow, the spread is widened until they do not.

    Raises:
        UsageError: There is none, or one is zero or sure beyond doubt.
    """
    if not estimates or any(one.likely <= 0 or one.log_sd <= 0 for one in estimates):
        raise UsageError("only figures above zero, with a spread, can be joined.")
    logs, weight = np.log([one.likely for one in estimates]), np.array([one.log_sd**-2 for one in estimates])
    mean = float((weight * logs).sum() / weight.sum())
    disagreement = float((weight * (logs - mean) ** 2).sum() / max(len(estimates) - 1, 1))
    return Estimate(likely=float(np.exp(mean)), log_sd=float(np.sqrt(max(disagreement, 1.0) / weight.sum())))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OnTheWay:
    """Votes still to come in a contest as reckoned from ballots, one figure a look.

    Args:
        likely: Median, shape (look,) [votes]; NaN where nothing was public.
        log_sd: Standard deviation of the log, shape (look,).
    """

    likely: Floats
    log_sd: Floats


def votes_on_the_way(ballots: Sequence[Estimate | None], share: Estimate, rate: Estimate) -> OnTheWay:
    """Return the votes that a contest gets from ballots on the way, look by look.

    Args:
        ballots: Ballots still to be counted in the county at each look; None where nothing was public.
        share: The contest's share of the county (`contest_share`).
        rate: Votes a ballot (`fall_off`).
    """
    made = [one and one.times(share).times(rate) for one in ballots]
    return OnTheWay(
        likely=np.array([one.likely if one else np.nan for one in made]), log_sd=np.array([one.log_sd if one else np.nan for one in made])
    )
