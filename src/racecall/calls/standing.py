"""The count of one contest with all that follows from it by law and arithmetic, before anything is said of its places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from racecall.calls import arithmetic
from racecall.calls.arithmetic import OutrightTest
from racecall.ledger.records import ContestCount
from racecall.model.contest import Contest, Slot
from racecall.model.counts import BallotKind
from racecall.model.outcome import Outcome, Tally
from racecall.model.release import ResultsStatus
from racecall.outstanding.inventory import Interval, Inventory, share_counted
from racecall.rules.engine import decide
from racecall.rules.law import Denominator, Rule
from racecall.rules.places import majority_clause, slots
from racecall.rules.tally import tally_for

if TYPE_CHECKING:
    from racecall.calls.live import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The count of one contest and everything that follows from it by law and arithmetic.

    Args:
        votes: Votes of every option that can be elected or advance and whose votes are given, in ballot order [votes].
        total: All votes counted [votes].
        places: How many places there are to be filled by the cut that matters.
        clinched, eliminated: Option ids.
        evidence: What the model says, None without one.
    """

    contest: Contest
    rule: Rule
    votes: Mapping[str, int]
    total: int
    slots: tuple[Slot, ...]
    outcome: Outcome
    inventory: Inventory
    share: Interval | None
    clinched: frozenset[str]
    eliminated: frozenset[str]
    outright: OutrightTest | None
    certified: bool
    evidence: Evidence | None = None

    @property
    def places(self) -> int:
        """How many options go through at the cut."""
        return len(self.slots)


@lru_cache(maxsize=1024)
def stand(contest: Contest, rule: Rule, count: ContestCount, status: ResultsStatus | None, inventory: Inventory) -> Standing:
    """Put a count beside its law and what is still out; the model's evidence, which is another at every moment, is added by who has it.

    Args:
        contest: The contest.
        rule: Its rule.
        count: The current count, an empty one before the first release.
        status: What its release calls itself, None before the first.
        inventory: What is still to be counted.
    """
    tally = tally_of(rule, contest, count)
    votes = tally.votes
    places = slots(rule, contest)
    bounds = {**votes, **_hidden(contest, count, votes)}
    return Standing(
        contest=contest,
        rule=rule,
        votes=votes,
        total=count.total,
        slots=places,
        outcome=outcome_of(rule, contest, tally),
        inventory=inventory,
        share=share_counted(count.total, inventory) if status else None,
        clinched=arithmetic.clinched(bounds, len(places), inventory.bound) & votes.keys(),
        eliminated=arithmetic.eliminated(bounds, len(places), inventory.bound) & votes.keys(),
        outright=_outright(rule, votes, count.total, inventory),
        certified=status is ResultsStatus.CERTIFIED,
    )


def as_listed(contest: Contest, count: ContestCount) -> ContestCount:
    """An option that was taken out of election.toml after a count keeps its votes, as a name that is not listed."""
    listed = {option.id for option in contest.options}
    gone = {option: votes for option, votes in count.votes.items() if option not in listed}
    if not gone:
        return count
    kept = {option: votes for option, votes in count.votes.items() if option in listed}
    return replace(count, votes=kept, unknown={**count.unknown, **gone})


def _hidden(contest: Contest, count: ContestCount, votes: Mapping[str, int]) -> dict[str, int]:
    """Options whose own votes are not given might each have all of "All others": the worst case, so that nothing clinches too soon."""
    rest = count.total - sum(votes.values())
    return {option.id: rest for option in contest.options if option.can_advance and option.id not in count.votes}


def outcome_of(rule: Rule, contest: Contest, tally: Tally) -> Outcome:
    """Say what a rule makes of a count, were it final."""
    return decide(rule, tally, seats=contest.number_elected, votes_allowed=contest.votes_allowed)


def tally_of(rule: Rule, contest: Contest, count: ContestCount) -> Tally:
    """Put the votes of a count where its rule wants them; its options must all be listed (`as_listed`)."""
    ballots = count.ballots
    tally = tally_for(
        rule,
        contest,
        count.votes,
        blank=ballots.get(BallotKind.BLANK),
        invalid=ballots.get(BallotKind.INVALID),
        ballots=ballots.get(BallotKind.CAST),
        registered=ballots.get(BallotKind.REGISTERED),
    )
    return _with_unknown(tally, sum(count.unknown.values()))


def _with_unknown(tally: Tally, unknown: int) -> Tally:
    return replace(tally, other_valid=tally.other_valid + unknown) if unknown else tally


def _outright(rule: Rule, votes: Mapping[str, int], total: int, inventory: Inventory) -> OutrightTest | None:
    clause = majority_clause(rule)
    if clause is None or not votes:
        return None
    test = arithmetic.outright(votes, total, clause.fraction, inventory, strict=clause.strict)
    # Other denominators are larger than the valid votes: passing may then be ruled out here, but never taken for certain.
    return test if test is None or clause.of is Denominator.VALID else replace(test, assured=False)
