"""From the record to what may be said: one pure function of records, rules, settings and a moment.

`judge` is the only road to a view. Replay, status, the demo and later the desk and the published page all take it, so that whatever was
said can be computed again from the same ledger.

What may be said of a place is a table, read from the top (`STATES`); the first row whose condition holds decides. A call is recommended
when arithmetic makes a place certain, or when its score reaches the calibrated threshold, and no gate (`GATES`) is shut. Without a
calibration only arithmetic recommends. The model's half is imported only when a calibration is handed in: it needs NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING

from racecall.calls import arithmetic
from racecall.calls.arithmetic import OutrightTest, PairBreak
from racecall.calls.states import SlotEvent, SlotState, event_of
from racecall.calls.view import ContestView, OptionLine, Recommendation, SlotView, View
from racecall.ledger.diff import difference
from racecall.ledger.events import Ledger
from racecall.ledger.records import ContestCount, RecordedRelease, Records, read_records
from racecall.model.contest import Contest, Election, Option, OptionKind, ReleaseDue, Slot, SlotKind
from racecall.model.counts import BallotKind
from racecall.model.finding import Finding, Severity
from racecall.model.outcome import Outcome, Tally
from racecall.model.release import ReportKind, ResultsStatus
from racecall.model.settings import Settings
from racecall.outstanding.inventory import Interval, Inventory, share_counted, take_inventory
from racecall.rules.engine import decide
from racecall.rules.law import Denominator, Rule, Rulebook
from racecall.rules.places import majority_clause, slots
from racecall.rules.tally import tally_for

if TYPE_CHECKING:
    from racecall.calls.calibration_file import Calibration
    from racecall.calls.live import Evidence

ARITHMETIC_ALONE = "No past count can be compared (election.toml: polls_close, state), so only what is certain is recommended."
TIE_RISK = 0.02
"""A place is not called while the chance of a tie or a recount at the cut is above this."""


def judge(
    ledger: Ledger,
    election: Election,
    rulebook: Rulebook,
    *,
    as_of: datetime,
    settings: Settings | None = None,
    contests: Iterable[str] = (),
    calibration: Calibration | None = None,
) -> View:
    """Return what may be said of an election at a moment.

    Args:
        ledger: The record.
        election: The contests.
        rulebook: Their rules.
        as_of: The moment; nothing that became known later takes part.
        settings: Spreads and limits.
        contests: Ids to judge, all if empty.
        calibration: What past nights taught; None for arithmetic alone.

    Raises:
        UnknownName: A contest names a rule that is not in the rulebook, or `contests` one that is not in the election.
    """
    known = ledger.as_of(as_of)
    records = read_records(known)
    chosen = [election.contest(contest) for contest in contests] or election.contests
    settings = settings or Settings()
    ruled = [(contest, rulebook.rule(contest.rule)) for contest in chosen]
    evidence = _evidence(ruled, election, records, calibration, as_of)
    made = tuple(
        judge_contest(contest, election, rule, records, as_of=as_of, settings=settings, evidence=evidence.get(contest.id))
        for contest, rule in ruled
    )
    return View(election=election, as_of=as_of, head=known.head, contests=made)


def _evidence(
    ruled: Sequence[tuple[Contest, Rule]], election: Election, records: Records, calibration: Calibration | None, as_of: datetime
) -> Mapping[str, Evidence]:
    if calibration is None:
        return {}
    from racecall.calls.live import live_evidence

    return live_evidence(ruled, election, records, calibration, as_of=as_of)


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


def judge_contest(
    contest: Contest,
    election: Election,
    rule: Rule,
    records: Records,
    *,
    as_of: datetime,
    settings: Settings,
    evidence: Evidence | None = None,
) -> ContestView:
    """Return what may be said of one contest; `records` must hold nothing later than `as_of`."""
    counts = records.counts(contest.id)
    release, count = counts[-1] if counts else (None, ContestCount(votes={}))
    standing = _stand(contest, rule, count, release, take_inventory(contest, records, as_of, settings))
    standing = replace(standing, evidence=evidence)
    pairs = arithmetic.boundary_pairs(standing.votes, standing.places, standing.total, standing.inventory)
    findings = records.open_findings(contest.id)
    return ContestView(
        contest=contest,
        rule_source=rule.source,
        rule_warning=rule.warning,
        as_of=as_of,
        release=release,
        change=difference(counts[-2][1] if len(counts) > 1 else None, count) if release else None,
        votes_counted=count.total,
        inventory=standing.inventory,
        share_counted=standing.share,
        units_reported=count.units_reported,
        units_total=count.units_total,
        options=_lines(standing, count),
        slots=_slots(standing, counts, findings, settings),
        pairs=pairs,
        votes_to_come=evidence.to_come if evidence else None,
        p_tie_or_recount=evidence.p_tie_or_recount if evidence else None,
        outright=standing.outright,
        outcome=standing.outcome,
        findings=findings,
        statements=tuple(statement for _, statement in records.statements if statement.contest in {contest.id, ""}),
        reports=tuple(report for report in records.reports if report.contest == contest.id),
        due=_due(contest, election, records, as_of),
    )


def _stand(contest: Contest, rule: Rule, count: ContestCount, release: RecordedRelease | None, inventory: Inventory) -> Standing:
    able = [option.id for option in contest.options if option.can_advance]
    votes = {option: count.votes[option] for option in able if option in count.votes}
    places = slots(rule, contest)
    bounds = votes | _hidden(able, votes, count)
    return Standing(
        contest=contest,
        rule=rule,
        votes=votes,
        total=count.total,
        slots=places,
        outcome=decide(rule, _tally(rule, contest, count), seats=contest.number_elected, votes_allowed=contest.votes_allowed),
        inventory=inventory,
        share=share_counted(count.total, inventory) if release else None,
        clinched=arithmetic.clinched(bounds, len(places), inventory.bound) & votes.keys(),
        eliminated=arithmetic.eliminated(bounds, len(places), inventory.bound) & votes.keys(),
        outright=_outright(rule, votes, count.total, inventory),
        certified=release is not None and release.status is ResultsStatus.CERTIFIED,
    )


def _hidden(able: Iterable[str], votes: Mapping[str, int], count: ContestCount) -> dict[str, int]:
    """Options whose own votes are not given might each have all of "All others": the worst case, so that nothing clinches too soon."""
    rest = count.total - sum(votes.values())
    return {option: rest for option in able if option not in votes}


def _tally(rule: Rule, contest: Contest, count: ContestCount) -> Tally:
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


# -- the standing --------------------------------------------------------------------------------------------------------------------


def _lines(standing: Standing, count: ContestCount) -> tuple[OptionLine, ...]:
    """People by votes and equal ones in ballot order, then sums and names that are not listed, then people without a figure."""
    options = [*standing.contest.options, *(_stranger(name) for name in count.unknown)]
    votes = {**count.votes, **count.unknown}
    given = sorted((option for option in options if option.id in votes), key=lambda option: (not option.is_person, -votes[option.id]))
    missing = [option for option in options if option.id not in votes and option.is_person]
    return tuple(_line(option, votes.get(option.id), standing) for option in (*given, *missing))


def _stranger(name: str) -> Option:
    return Option(id=name, name=name, kind=OptionKind.AGGREGATE)


def _line(option: Option, votes: int | None, standing: Standing) -> OptionLine:
    said = standing.evidence.options.get(option.id) if standing.evidence and option.can_advance else None
    advances = standing.slots[0].kind is SlotKind.ADVANCE
    return OptionLine(
        option=option,
        votes=votes,
        share=votes / standing.total if votes is not None and standing.total else None,
        clinched=option.id in standing.clinched,
        eliminated=option.id in standing.eliminated,
        advances=option.id in standing.outcome.advancing,
        elected=option.id in standing.outcome.elected,
        share_low=said.share_low if said else None,
        share_high=said.share_high if said else None,
        p_advance=said.p_place if said and advances else None,
        p_elected=None if said is None else said.p_majority if advances else said.p_place,
    )


# -- the places ----------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """One place, as the state table sees it."""

    standing: Standing
    slot: Slot
    option: Option | None
    required: PairBreak | None
    settings: Settings

    @property
    def certified(self) -> bool:
        return self.standing.certified

    @property
    def is_early(self) -> bool:
        share = self.standing.share
        return not self.standing.total or self.option is None or (share is not None and share.likely < self.settings.too_early_share)

    @property
    def is_clinched(self) -> bool:
        return self.option is not None and self.option.id in self.standing.clinched and not self.conditional

    @property
    def score(self) -> float | None:
        """Standard deviations from losing the place."""
        evidence = self.standing.evidence
        said = evidence.options.get(self.option.id) if evidence and self.option and not self.certified else None
        return said.score if said and isfinite(said.score) else None

    @property
    def threshold(self) -> float | None:
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
        if self.event is not None:
            return self.event is SlotEvent.SCORE_SMALL
        points = self.required.points if self.required else None
        level = self.required is not None and not self.required.margin_votes
        return level or (points is not None and points < self.settings.too_close_points)

    @property
    def conditional(self) -> str:
        """What the place depends on: in a majority-or-runoff contest a later place vanishes if somebody wins outright."""
        test = self.standing.outright
        if test is None or test.possible is False or self.certified or self.is_over:
            return ""
        if test.assured:
            return "Somebody wins outright, whatever the ballots still out say."
        return f"Somebody may still pass {_percent(float(test.fraction))} and win outright; then there is no runoff."


STATES: tuple[tuple[Callable[[_Place], bool], SlotState], ...] = (
    (lambda place: place.certified, SlotState.CERTIFIED),
    (lambda place: place.is_early, SlotState.TOO_EARLY),
    (lambda place: place.is_clinched, SlotState.LIKELY),
    (lambda place: place.event is SlotEvent.SCORE_NEAR, SlotState.LIKELY),
    (lambda place: place.is_close, SlotState.TOO_CLOSE),
    (lambda _: True, SlotState.LEADING),
)
"""What may be said of a place, from the top; `called` and `retracted` come from people (`racecall.calls.states.TRANSITIONS`)."""


def _held(place: _Place, findings: tuple[Finding, ...]) -> str:
    held = [finding for finding in findings if finding.severity is Severity.HOLD_CALLS]
    more = f" ({len(held) - 1} more)" if len(held) > 1 else ""
    return f"Held by a finding ({held[0].id}): {held[0].problem}{more}" if held and not place.certified else ""


def _old_figure(place: _Place, _: tuple[Finding, ...]) -> str:
    return "The latest figure of ballots outstanding is old." if place.standing.inventory.stale else ""


def _tie_risk(place: _Place, _: tuple[Finding, ...]) -> str:
    evidence = place.standing.evidence
    if evidence is None or evidence.p_tie_or_recount <= TIE_RISK or not place.is_over:
        return ""
    return f"A tie or a recount at the cut has a chance of {evidence.p_tie_or_recount:.0%}."


GATES: tuple[Callable[[_Place, tuple[Finding, ...]], str], ...] = (_held, _old_figure, _tie_risk)
"""What shuts a call that evidence would allow, outside the stated error rate; each says why, or nothing. Two people are the last gate."""


def _slots(
    standing: Standing, counts: tuple[tuple[RecordedRelease, ContestCount], ...], findings: tuple[Finding, ...], settings: Settings
) -> tuple[SlotView, ...]:
    order = _holders(standing)
    made = []
    for slot, option in zip(_places(standing, order), order, strict=True):
        required = _required(standing, option)
        place = _Place(standing=standing, slot=slot, option=option, required=required, settings=settings)
        made.append(_slot_view(place, counts, findings))
    return tuple(made)


def _holders(standing: Standing) -> list[Option | None]:
    """Who holds each place: by law once the count is certified, by votes before."""
    option = standing.contest.option
    final = standing.outcome.elected + standing.outcome.advancing
    if standing.certified and (final or standing.outcome.ties):
        return [option(name) for name in final] + [None] * sum(tie.places for tie in standing.outcome.ties)
    held = [option(name) for name in arithmetic.ranked(standing.votes) if standing.votes[name]][: standing.places]
    return [*held, *[None] * (standing.places - len(held))]


def _places(standing: Standing, order: list[Option | None]) -> list[Slot]:
    """One slot a holder: more than the law foresees if ties all advance, fewer if somebody is elected outright."""
    elected = set(standing.outcome.elected) if standing.certified else set()
    kinds = [SlotKind.ELECT if option and option.id in elected else standing.slots[0].kind for option in order]
    return [Slot(number=number, of=len(order), kind=kind) for number, kind in enumerate(kinds, 1)]


def _required(standing: Standing, holder: Option | None) -> PairBreak | None:
    """The pair that decides a place: its holder and the best option outside."""
    outside = arithmetic.ranked(standing.votes)[standing.places :]
    if holder is None or not outside or standing.certified or holder.id not in standing.votes:
        return None
    return arithmetic.pair_break(holder.id, outside[0], standing.votes, standing.total, standing.inventory)


def _slot_view(place: _Place, counts: tuple[tuple[RecordedRelease, ContestCount], ...], findings: tuple[Finding, ...]) -> SlotView:
    shut = [sentence for gate in GATES if (sentence := gate(place, findings))]
    ready = (place.is_clinched or place.is_over) and not shut and not place.certified
    return SlotView(
        slot=place.slot,
        option=place.option,
        state=next(state for condition, state in STATES if condition(place)),
        recommendation=Recommendation.CALL if ready else Recommendation.WAIT,
        reasons=(*_reasons(place), *shut),
        required_break=place.required,
        since=_held_since(place.option, counts, place.standing),
        conditional=place.conditional,
        score=place.score,
        threshold=place.threshold,
    )


def _reasons(place: _Place) -> Iterable[str]:
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


def _score_sentence(place: _Place) -> str:
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


def _break_sentence(place: _Place, required: PairBreak) -> str:
    rival = place.standing.contest.option(required.rival).name
    holder = place.standing.contest.option(required.holder).name
    so_far = abs(required.observed_points)
    return (
        f"Of the ballots still out, {rival} would have to win by {required.points:.1f} points over {holder}; "
        f"so far {rival} has trailed by {so_far:.1f}."
    )


def _held_since(option: Option | None, counts: tuple[tuple[RecordedRelease, ContestCount], ...], standing: Standing) -> datetime | None:
    """When the option came into a place and has stayed in one, reckoned over all releases from the last one back."""
    if option is None:
        return None
    since = None
    for release, count in reversed(counts):
        if option.id not in _first(count, standing):
            break
        since = release.moment
    return since


def _first(count: ContestCount, standing: Standing) -> tuple[str, ...]:
    votes = {name: count.votes[name] for name in standing.votes if count.votes.get(name)}
    return arithmetic.ranked(votes)[: max(standing.places, len(standing.outcome.advancing))]


def _due(contest: Contest, election: Election, records: Records, as_of: datetime) -> ReleaseDue | None:
    """The next announced release: what the office said last, else the calendar."""
    said = [
        r for r in records.reports if r.kind is ReportKind.NEXT_RELEASE and r.contest in {contest.id, ""} and r.due_at and r.due_at > as_of
    ]
    if said and said[-1].due_at:
        return ReleaseDue(at=said[-1].due_at, what=said[-1].note or "next count", source=said[-1].source)
    return min((due for due in election.calendar if due.at > as_of), key=lambda due: due.at, default=None)


def _percent(share: float) -> str:
    return f"{100 * share:g}%"
