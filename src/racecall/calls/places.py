"""What may be said of each place, and why: a state table, gates, and sentences an editor can print.

The state of a place is the first row of `STATES` whose condition holds. A call is recommended when arithmetic makes the place certain, or
when its score reaches the calibrated threshold, and no gate (`GATES`) is shut; then two people decide. The same words for every candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import isfinite

from racecall.calls import arithmetic
from racecall.calls.arithmetic import PairBreak
from racecall.calls.decided import Call
from racecall.calls.standing import Standing
from racecall.calls.states import SlotEvent, SlotState, event_of
from racecall.calls.view import Recommendation, SlotView
from racecall.ledger.records import ContestCount, Counts
from racecall.model.contest import Option, Slot, SlotKind
from racecall.model.finding import Finding, Severity
from racecall.model.settings import Settings
from racecall.rules.law import Method
from racecall.rules.words import METHODS

ARITHMETIC_ALONE = "No past count can be compared (election.toml: polls_close, state), so only what is certain is recommended."
TIE_RISK = 0.02
"""A place is not called while the chance of a tie or a recount at the cut is above this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place, as the state table sees it; `calls` are all of the contest, and `counted_at` is when its current count became known."""

    standing: Standing
    slot: Slot
    option: Option | None
    required: PairBreak | None
    settings: Settings
    calls: tuple[Call, ...] = ()
    counted_at: datetime | None = None

    @property
    def call(self) -> Call | None:
        """What people have made of the option: of two calls, the one that stands, then the later one."""
        own = [call for call in self.calls if self.option and call.option == self.option.id]
        return max(own, key=lambda call: (call.stands, call.at is not None, call.since or call.waiting[-1].at), default=None)

    @property
    def said(self) -> SlotState | None:
        """What people say of the place, None if they say nothing or the office has; a withdrawn call is shown until the next count."""
        call = self.call
        if (
            call is None
            or self.certified
            or (call.state is SlotState.RETRACTED and self.counted_at and call.since and self.counted_at > call.since)
        ):
            return None
        return call.state

    @property
    def certified(self) -> bool:
        """Whether the count is certified."""
        return self.standing.certified

    @property
    def is_early(self) -> bool:
        """Whether too little is counted to speak of a lead."""
        share = self.standing.share
        return not self.standing.total or self.option is None or (share is not None and share.likely < self.settings.too_early_share)

    @property
    def is_clinched(self) -> bool:
        """Whether nothing that is still out can take the place."""
        held = self.option is not None and self.option.id in self.standing.clinched and not self.conditional
        return (held or _wins_outright(self.standing, self.option)) and self.is_tally

    @property
    def is_tally(self) -> bool:
        """Whether votes by option decide; elsewhere the rankings on the ballots do, and first choices fill no place (Oakland, 2022)."""
        return self.standing.rule.method is Method.TALLY

    @property
    def score(self) -> float | None:
        """Standard deviations from losing the place."""
        evidence = self.standing.evidence
        said = evidence.options.get(self.option.id) if evidence and self.option and not self.certified else None
        return said.score if said and isfinite(said.score) else None

    @property
    def threshold(self) -> float | None:
        """The score from which the place is called, None where too little is archived."""
        return self.standing.evidence.threshold.value if self.standing.evidence and not self.certified else None

    @property
    def is_over(self) -> bool:
        """Whether the score reaches the threshold."""
        return self.score is not None and self.threshold is not None and self.score >= self.threshold

    @property
    def event(self) -> SlotEvent | None:
        """What the score means, None without one."""
        return None if self.score is None else event_of(self.score, self.threshold)

    @property
    def is_close(self) -> bool:
        """Whether the order at the cut is open."""
        if self.event is not None:
            return self.event is SlotEvent.SCORE_SMALL
        points = self.required.points if self.required else None
        level = self.required is not None and not self.required.margin_votes
        return level or (points is not None and points < self.settings.too_close_points)

    @property
    def conditional(self) -> str:
        """What the place depends on: in a majority-or-runoff contest a later place vanishes if somebody wins outright."""
        test = self.standing.outright
        if test is None or test.possible is False or self.certified or self.is_over or _wins_outright(self.standing, self.option):
            return ""
        if test.assured:
            return "Somebody wins outright, whatever the ballots still out say."
        return f"Somebody may still pass {_percent(float(test.fraction))} and win outright; then there is no runoff."


STATES: tuple[tuple[Callable[[Place], bool], SlotState], ...] = (
    (lambda place: place.said is SlotState.UNDER_REVIEW, SlotState.UNDER_REVIEW),
    (lambda place: place.said is SlotState.CALLED, SlotState.CALLED),
    (lambda place: place.said is SlotState.RETRACTED, SlotState.RETRACTED),
    (lambda place: place.certified, SlotState.CERTIFIED),
    (lambda place: place.is_early, SlotState.TOO_EARLY),
    (lambda place: place.is_clinched, SlotState.LIKELY),
    (lambda place: place.event is SlotEvent.SCORE_NEAR, SlotState.LIKELY),
    (lambda place: place.is_close, SlotState.TOO_CLOSE),
    (lambda _: True, SlotState.LEADING),
)
"""What may be said of a place, from the top: what people say (`racecall.calls.decided`), then what the evidence does."""


def _held(place: Place, findings: tuple[Finding, ...]) -> str:
    held = [finding for finding in findings if finding.severity is Severity.HOLD_CALLS]
    more = f" ({len(held) - 1} more)" if len(held) > 1 else ""
    return f"Held by a finding ({held[0].id}): {held[0].problem}{more}" if held and not place.certified else ""


def _old_figure(place: Place, _: tuple[Finding, ...]) -> str:
    return "The latest figure of ballots outstanding is old." if place.standing.inventory.stale else ""


def _tie_risk(place: Place, _: tuple[Finding, ...]) -> str:
    evidence = place.standing.evidence
    if evidence is None or evidence.p_tie_or_recount <= TIE_RISK or not place.is_over:
        return ""
    return f"A tie or a recount at the cut has a chance of {evidence.p_tie_or_recount:.0%}."


def _under_review(place: Place, _: tuple[Finding, ...]) -> str:
    doubted = [place.standing.contest.name_of(call.option) for call in place.calls if call.state is SlotState.UNDER_REVIEW]
    return f"Held: the call of {' and '.join(doubted)} is under review until two people decide." if doubted else ""


def _no_next_round(place: Place, _: tuple[Finding, ...]) -> str:
    test = place.standing.outright
    ended = test is not None and test.assured and not place.certified and not _wins_outright(place.standing, place.option)
    return f"{place.standing.contest.name_of(test.option)} wins outright, so nobody else goes on." if test and ended else ""


def _undecided(place: Place, _: tuple[Finding, ...]) -> str:
    words = METHODS[place.standing.rule.method]
    return "" if place.is_tally else f"{words[0].upper()}{words[1:]}, and votes by option do not say who wins."


GATES: tuple[Callable[[Place, tuple[Finding, ...]], str], ...] = (_held, _under_review, _old_figure, _tie_risk, _no_next_round, _undecided)
"""What shuts a call that evidence would allow, outside the stated error rate; each says why, or nothing. Two people are the last gate."""


def slot_views(
    standing: Standing,
    findings: tuple[Finding, ...],
    settings: Settings,
    calls: tuple[Call, ...] = (),
    *,
    counted_at: datetime | None = None,
) -> tuple[SlotView, ...]:
    """Return every place of a contest, who holds it and what may be said; since when it is held is for `held_since` to say.

    Args:
        standing: The count beside its law.
        findings: Open findings.
        settings: Limits.
        calls: What people have made of the options.
        counted_at: When the current count became known.
    """
    order = _holders(standing, frozenset(call.option for call in calls if call.stands))
    made = []
    for slot, option in zip(_places(standing, order), order, strict=True):
        required = _required(standing, option)
        place = Place(standing=standing, slot=slot, option=option, required=required, settings=settings, calls=calls, counted_at=counted_at)
        made.append(_slot_view(place, findings))
    return tuple(made)


def _holders(standing: Standing, called: frozenset[str]) -> list[Option | None]:
    """Who holds each place: by law once the count is certified, by votes before; nobody where the law asks for more than votes.

    Before that, an option whose call stands keeps its place whoever has passed it, so that no call leaves the page by itself.
    """
    option = standing.contest.option
    if standing.certified and standing.rule.method is not Method.TALLY:
        return [None] * standing.places
    final = standing.outcome.elected + standing.outcome.advancing
    if standing.certified and (final or standing.outcome.ties):
        return [option(name) for name in final] + [None] * sum(tie.places for tie in standing.outcome.ties)
    order = [name for name in arithmetic.ranked(standing.votes) if standing.votes[name] or name in called]
    order += [one.id for one in standing.contest.options if one.id in called and one.id not in order]  # votes not given in this count
    kept = set(sorted(order, key=lambda name: name not in called)[: standing.places])
    held = [option(name) for name in order if name in kept]
    return [*held, *[None] * (standing.places - len(held))]


def _places(standing: Standing, order: list[Option | None]) -> list[Slot]:
    """One slot a holder: more than the law foresees if ties all advance, fewer if somebody is elected outright."""
    elected = standing.outcome.elected if standing.certified else ()
    won = [option is not None and (option.id in elected or _wins_outright(standing, option)) for option in order]
    kinds = [SlotKind.ELECT if outright else standing.slots[0].kind for outright in won]
    return [Slot(number=number, of=len(order), kind=kind) for number, kind in enumerate(kinds, 1)]


def _wins_outright(standing: Standing, option: Option | None) -> bool:
    """Whether an option ends the contest before its next round, whatever the ballots still out say."""
    test = standing.outright
    return test is not None and test.assured and option is not None and option.id == test.option and not standing.certified


def _required(standing: Standing, holder: Option | None) -> PairBreak | None:
    """The pair that decides a place: its holder and the best option outside."""
    order = arithmetic.ranked(standing.votes)
    inside, outside = order[: standing.places], order[standing.places :]
    if holder is None or not outside or standing.certified or holder.id not in inside:
        return None
    return arithmetic.pair_break(holder.id, outside[0], standing.votes, standing.total, standing.inventory)


def _slot_view(place: Place, findings: tuple[Finding, ...]) -> SlotView:
    shut = [sentence for gate in GATES if (sentence := gate(place, findings))]
    ready = (place.is_clinched or place.is_over) and not shut and not place.certified
    return SlotView(
        slot=place.slot,
        option=place.option,
        state=next(state for condition, state in STATES if condition(place)),
        recommendation=Recommendation.CALL if ready else Recommendation.WAIT,
        reasons=(*_reasons(place), *shut),
        required_break=place.required,
        conditional=place.conditional,
        score=place.score,
        threshold=place.threshold,
        called=place.call,
    )


def _reasons(place: Place) -> Iterable[str]:
    """Why to call or to wait, in sentences that can be printed."""
    inventory, required = place.standing.inventory, place.required
    if place.certified:
        yield "The count is certified."
        return
    if place.option is None:
        yield "No votes are counted yet." if not place.standing.total else "Nobody holds this place alone."
        return
    if place.conditional:
        yield place.conditional
    if place.is_clinched:
        yield f"Cannot be undone: at most {inventory.bound:,} ballots are out, fewer than it would take."
        return
    if inventory.likely is None and place.score is None:
        yield "It is not known how many ballots are out."
    if required and required.points is not None:
        yield _break_sentence(place, required)
    yield _score_sentence(place)


def _score_sentence(place: Place) -> str:
    evidence, score = place.standing.evidence, place.score
    if evidence is None or score is None:
        return ARITHMETIC_ALONE
    threshold = evidence.threshold
    if threshold.value is None:
        return f"Only what is certain is recommended: {threshold.reason}."
    return (
        f"The lead is {score:.1f} standard deviations of past late shifts; a place is called from {threshold.value:.1f}, for a chance of "
        f"{threshold.alpha:.1%} of any false call in a contest ({threshold.contests:,} contests of {threshold.nights} nights)."
    )


def _break_sentence(place: Place, required: PairBreak) -> str:
    rival = place.standing.contest.option(required.rival).name
    holder = place.standing.contest.option(required.holder).name
    so_far = abs(required.observed_points)
    return (
        f"Of the ballots still out, {rival} would have to win by {required.points:.1f} points over {holder}; "
        f"so far {rival} has trailed by {so_far:.1f}."
    )


def held_since(option: Option | None, counts: Counts, standing: Standing) -> datetime | None:
    """Return when the option came into a place and has stayed in one, reckoned over all releases from the last one back."""
    names = tuple(standing.votes)
    if option is None or option.id not in names:
        return None
    places = max(standing.places, len(standing.outcome.advancing))
    since = seen = None
    for release, count in reversed(counts):
        if count is not seen and not _is_in_place(option.id, names, places, count):  # most releases leave most counts as they were
            break
        since, seen = release, count
    return since.moment if since else None


@lru_cache(maxsize=4096)
def _is_in_place(option: str, names: tuple[str, ...], places: int, count: ContestCount) -> bool:
    """Whether an option has votes and a place in a count; asked again of the same counts by every later moment of a replay."""
    votes, at = count.votes, names.index(option)
    own = votes.get(option)
    # Level votes stay in ballot order (`arithmetic.ranked`): a rival that stands before is ahead as if it had one more. Nobody is sorted.
    ahead = [name for place, name in enumerate(names) if place != at and votes.get(name, 0) + (place < at) > (own or 0)]
    return bool(own) and len(ahead) < places


def _percent(share: float) -> str:
    return f"{100 * share:g}%"
