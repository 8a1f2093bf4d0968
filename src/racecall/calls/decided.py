"""What people have made of each option: proposed, called, under review, withdrawn.

Theory of operation. Two streams meet in the order in which they became known: what people signed (`racecall.model.decision`), and where a
count spoke against an option or certified it (`Turn`). Signatures become events (`SIGNED`), and events move the state by
`racecall.calls.states.TRANSITIONS`, the one table. A call is about an option and what it is said to reach, never about a number of a
place. People are told apart by `folded` names: the record knows names and not persons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType

from racecall.calls import arithmetic
from racecall.calls.standing import Standing, as_listed, outcome_of, tally_of
from racecall.calls.states import SlotEvent, SlotState, after, reversal
from racecall.ledger.records import ContestCount, Counts, RecordedRelease
from racecall.ledger.resolve import folded
from racecall.model.contest import SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import ResultsStatus
from racecall.rules.places import majority_clause

UNSAID = SlotState.TOO_EARLY
"""Where every option begins: nobody has called it, and what is said of it comes from evidence alone."""
STANDING = frozenset({SlotState.CALLED, SlotState.UNDER_REVIEW})
"""A call in one of these holds its place on the page, whoever leads by now."""
MEANS: Mapping[SlotState, frozenset[DecisionKind]] = MappingProxyType(
    {
        UNSAID: frozenset({DecisionKind.APPROVE}),
        SlotState.RETRACTED: frozenset({DecisionKind.APPROVE}),
        SlotState.CALLED: frozenset({DecisionKind.RETRACT}),
        SlotState.UNDER_REVIEW: frozenset({DecisionKind.RETRACT, DecisionKind.REAFFIRM}),
        SlotState.CERTIFIED: frozenset(),
    }
)
"""The decisions that can move a call on from each state."""
SIGNED: Mapping[tuple[DecisionKind, int], SlotEvent] = MappingProxyType(
    {
        (DecisionKind.APPROVE, 2): SlotEvent.APPROVED,
        (DecisionKind.RETRACT, 1): SlotEvent.DOUBTED,
        (DecisionKind.RETRACT, 2): SlotEvent.WITHDRAWN,
        (DecisionKind.REAFFIRM, 2): SlotEvent.REAFFIRMED,
    }
)
"""What so many different people who signed the same make happen; one doubt is enough to hold everything, nothing else takes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A count that spoke against an option, or certified it.

    Args:
        at: When it became known.
        seq: Number of its event.
        event: `REVERSAL` or `CERTIFIED`.
    """

    at: datetime
    seq: int
    event: SlotEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What people have made of one option so far.

    Args:
        option: Option id.
        goal: Whether it is said to advance or to be elected.
        state: Called, under review, retracted or certified; `UNSAID` while it is only proposed.
        since: When it came into this state, None while it is only proposed.
        made: The approvals that made the call, () while it is only proposed.
        last: The decisions behind the state; () where a count is.
        waiting: Decisions that take a second person to have an effect, or another one.
    """

    option: str
    goal: SlotKind
    state: SlotState = UNSAID
    since: datetime | None = None
    made: tuple[Decision, ...] = ()
    last: tuple[Decision, ...] = ()
    waiting: tuple[Decision, ...] = ()

    @property
    def stands(self) -> bool:
        """Whether it is called, if only under review."""
        return self.state in STANDING

    @property
    def by(self) -> tuple[str, ...]:
        """Who called it."""
        return tuple(decision.by for decision in self.made)

    @property
    def at(self) -> datetime | None:
        """When it was called: by the second person."""
        return self.made[-1].at if self.made else None

    @property
    def evidence(self) -> str:
        """Hash of the last event that the second person could see, "" while it is only proposed."""
        return self.made[-1].evidence if self.made else ""


# -- people --------------------------------------------------------------------------------------------------------------------------


def fold(option: str, goal: SlotKind, decisions: Iterable[Decision], turns: Iterable[Turn] = ()) -> Call:
    """Return what decisions about one option and goal have come to.

    Args:
        option: Option id.
        goal: What it is said to reach.
        decisions: Decisions about this option and goal.
        turns: What counts said of it.
    """
    call = Call(option=option, goal=goal)
    both: list[Decision | Turn] = [*decisions, *turns]
    for one in sorted(both, key=lambda one: (one.at, one.seq)):
        call = _moved(call, one.event, one.at) if isinstance(one, Turn) else signed(call, one)
    return call


def signed(call: Call, decision: Decision) -> Call:
    """Take a signature: a retraction ends what others proposed and waits for a second person, and nobody signs the same twice."""
    takes_back = decision.kind is DecisionKind.RETRACT
    waiting = tuple(one for one in call.waiting if one.kind is decision.kind or not takes_back)
    same = [one for one in waiting if one.kind is decision.kind]
    if decision.kind not in MEANS[call.state] or folded(decision.by) in {folded(one.by) for one in same}:
        return replace(call, waiting=waiting)
    event = SIGNED.get((decision.kind, len(same) + 1))
    call = replace(call, waiting=(*waiting, decision))
    return _moved(call, event, decision.at, (*same, decision)) if event else call


def _moved(call: Call, event: SlotEvent, at: datetime, last: tuple[Decision, ...] = ()) -> Call:
    """Move by the table; signatures are spent by what they brought about, but a doubt is the first half of a withdrawal."""
    state = after(call.state, event)
    if state is call.state:
        return call
    begins = event is SlotEvent.APPROVED or call.state is SlotState.RETRACTED  # a withdrawn call does not come back by a certificate
    made = last if begins else call.made
    return replace(call, state=state, since=at, made=made, last=last, waiting=last if event is SlotEvent.DOUBTED else ())


# -- counts --------------------------------------------------------------------------------------------------------------------------


def calls_of(decisions: Iterable[Decision], standing: Standing, counts: Counts, told_at: datetime | None = None) -> tuple[Call, ...]:
    """Return every call of a contest, and every proposal that waits for a second person, in the order in which they were first signed.

    Args:
        decisions: What people decided about the contest.
        standing: The contest now, with the evidence.
        counts: All its counts, oldest first.
        told_at: When the last statement about its ballots became known, None if there is none.
    """
    own: dict[tuple[str, SlotKind], list[Decision]] = {}
    for decision in decisions:
        own.setdefault((decision.option, decision.goal), []).append(decision)
    listed = {option.id for option in standing.contest.options}
    made = (fold(*key, about, turns(*key, standing, counts, told_at)) for key, about in own.items() if key[0] in listed)
    return tuple(call for call in made if call.made or call.waiting)


def turns(option: str, goal: SlotKind, standing: Standing, counts: Counts, told_at: datetime | None = None) -> Iterator[Turn]:
    """Yield where a count spoke against an option, or certified it.

    It speaks against it when the option does not reach its goal in that count, or when its score falls below zero. A certified count
    that has it through ends the matter; one that has it not is the last word against it, and people withdraw the call.
    """
    scores = _scores(option, goal, standing, counts)
    for release, count in _became_current(counts):
        against = _is_lost(option, goal, standing, release, count) or reversal(scores.get(release.seq, 0.0))
        if against or release.status is ResultsStatus.CERTIFIED:
            yield Turn(at=release.at, seq=release.seq, event=SlotEvent.REVERSAL if against else SlotEvent.CERTIFIED)
    if told_at and counts and reversal(scores.get(counts[-1][0].seq, 0.0)):
        yield Turn(at=told_at, seq=0, event=SlotEvent.REVERSAL)  # the votes are as they were: what is out has turned the score


def _became_current(counts: Counts) -> Iterator[tuple[RecordedRelease, ContestCount]]:
    """Yield the counts in the order in which they became known; an old copy that came late was never current, and says nothing."""
    newest = None
    for release, count in sorted(counts, key=lambda pair: (pair[0].at, pair[0].seq)):
        if newest is None or release.order > newest:
            newest = release.order
            yield release, count


def _scores(option: str, goal: SlotKind, standing: Standing, counts: Counts) -> Mapping[int, float]:
    """Return the option's score by number of the release; a look of the model is a count with votes, from the polls' closing on."""
    said = standing.evidence.options.get(option) if standing.evidence and goal is standing.slots[0].kind else None
    looks = [release.seq for release, count in counts if count.total]
    return dict(zip(reversed(looks), reversed(said.scores), strict=False)) if said else {}


def _is_lost(option: str, goal: SlotKind, standing: Standing, release: RecordedRelease, count: ContestCount) -> bool:
    """Whether an option does not reach its goal in a count; one whose votes are not given is not said to have lost."""
    rule, contest = standing.rule, standing.contest
    tally = tally_of(rule, contest, as_listed(contest, count))
    if release.status is ResultsStatus.CERTIFIED:
        outcome = outcome_of(rule, contest, tally)
        through = outcome.elected if goal is SlotKind.ELECT else outcome.elected + outcome.advancing
        if outcome.elected + outcome.advancing:
            return option not in through and not any(option in tie.options for tie in outcome.ties)
    if option not in tally.votes or not count.total:
        return False
    if goal is standing.slots[0].kind:
        return option not in arithmetic.ranked(tally.votes)[: standing.places]
    clause, share = majority_clause(rule), Fraction(tally.votes[option], count.total)
    return clause is not None and (share < clause.fraction or (clause.strict and share == clause.fraction))
