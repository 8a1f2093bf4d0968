"""What happened between two looks at a record: each thing once, named so that the same record always gives the same alerts.

Two looks at a contest are laid side by side: places, counts, findings, what others said, the next release. What is new becomes an event;
what takes back something said before names it (`AlertEvent.supersedes`). Nothing is remembered between two calls but what is handed in,
so a fold in two parts gives what a fold in one gives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView, View
from racecall.ledger.events import from_iso, iso
from racecall.model.contest import is_measure
from racecall.model.counts import BallotKind
from racecall.model.decision import DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.publish import words
from racecall.publish.alerts.event import URGENCY, AlertEvent, AlertKind, Fact, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is new in a contest, before it has a name.

    Args:
        kind: What happened.
        topic: What it is about, within its contest.
        cause: What in the record caused it: with kind and topic, it makes the id.
        facts: What there is to say.
        option: Option id, "" if none.
        slot: Number of the place, None if none.
        everywhere: Whether it is about the whole election.
        replaces: Whether it takes the place of what was said last on its topic.
    """

    kind: AlertKind
    topic: str
    cause: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    option: str = ""
    slot: int | None = None
    everywhere: bool = False
    replaces: bool = False


def alert_events(views: Iterable[View], *, before: View | None = None, earlier: Iterable[AlertEvent] = ()) -> tuple[AlertEvent, ...]:
    """Return what happened over successive views of one election, oldest first, the most urgent of a moment first.

    Args:
        views: The views, oldest first; one need not have every contest.
        before: The view before the first one; without it, everything in the first view is new.
        earlier: Events that were made before, oldest first: a correction of one of them names it.
    """
    earlier = tuple(earlier)
    told = {(event.contest, event.topic): event for event in earlier}
    known = {event.id for event in earlier}
    seen = {contest.contest.id: contest for contest in before.contests} if before else {}
    made: list[AlertEvent] = []
    for view in views:
        for contest, news in sorted(_all_news(view, seen), key=lambda pair: URGENCY[pair[1].kind]):
            event = _event(view, contest, news, told)
            if event.id not in known:
                known.add(event.id)
                told[event.contest, event.topic] = event
                made.append(event)
        seen |= {contest.contest.id: contest for contest in view.contests}
    return tuple(made)


def _all_news(view: View, seen: Mapping[str, ContestView]) -> Iterator[tuple[ContestView, News]]:
    for contest in view.contests:
        for look in LOOKS:
            yield from ((contest, news) for news in look(seen.get(contest.contest.id), contest, view))


def _event(view: View, contest: ContestView, news: News, told: Mapping[tuple[str, str], AlertEvent]) -> AlertEvent:
    about = "" if news.everywhere else contest.contest.id
    last = told.get((about, news.topic)) if news.replaces else None
    return AlertEvent(
        id=event_id(view.election.id, about, news.kind, news.topic, news.cause),
        kind=news.kind,
        election=view.election.id,
        contest=about,
        title=plain(view.election.title if news.everywhere else contest.contest.title),
        topic=news.topic,
        at=view.as_of,
        timezone=view.election.timezone,
        head=view.head,
        option=news.option,
        slot=news.slot,
        facts={name: plain(fact) if isinstance(fact, str) else fact for name, fact in news.facts.items()},
        supersedes=(last.id, *last.supersedes) if last else (),
        rehearsal=view.rehearsal,
    )


def event_id(*parts: str) -> str:
    """Return the id of an event that is made of these: the same for the same."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


# -- places --------------------------------------------------------------------------------------------------------------------------

SAID: Mapping[SlotState, AlertKind] = {
    SlotState.LIKELY: AlertKind.LIKELY,
    SlotState.CALLED: AlertKind.CALLED,
    SlotState.UNDER_REVIEW: AlertKind.UNDER_REVIEW,
    SlotState.RETRACTED: AlertKind.RETRACTED,
    SlotState.CERTIFIED: AlertKind.CERTIFIED,
}
"""States of a place that are news; too early, too close and leading are not: they come and go with every count."""
TAKES_BACK = frozenset({AlertKind.UNDER_REVIEW, AlertKind.RETRACTED, AlertKind.STEPPED_BACK})
STILL_SAID = frozenset(SAID) - {SlotState.RETRACTED}
"""States that say something of the place: when one goes without another in its place, that is news as well."""


def _places(before: ContestView | None, after: ContestView, view: View) -> Iterator[News]:
    then, now = _holders(before), _holders(after)
    for option in {**then, **now}:
        kind = _kind_of_change(then.get(option), now.get(option), withdrawn=_is_withdrawn(after, option))
        if kind is not None:
            yield _place_news(kind, then.get(option), now.get(option) or then[option], after, view)


def _holders(contest: ContestView | None) -> dict[str, SlotView]:
    return {slot.option.id: slot for slot in contest.slots if slot.option} if contest else {}


def _is_withdrawn(after: ContestView, option: str) -> bool:
    """Whether the last word about a call of an option is that it was withdrawn; no place shows that where the option holds none."""
    states = [call.state for call in after.calls if call.option == option]
    return SlotState.RETRACTED in states and not any(call.stands for call in after.calls if call.option == option)


def _kind_of_change(then: SlotView | None, now: SlotView | None, *, withdrawn: bool) -> AlertKind | None:
    was, is_ = then.state if then else None, now.state if now else None
    if is_ is was and (now is None or then is None or now.slot.kind is then.slot.kind):
        return None
    if withdrawn and was in {SlotState.CALLED, SlotState.UNDER_REVIEW}:
        return AlertKind.RETRACTED
    if now and now.state in SAID:
        return SAID[now.state]
    return AlertKind.STEPPED_BACK if was in STILL_SAID else None


def _place_news(kind: AlertKind, then: SlotView | None, slot: SlotView, after: ContestView, view: View) -> News:
    assert slot.option is not None  # `_holders` keeps no other
    called, withdrawn = (_decided(after, slot.option.id, what) for what in (DecisionKind.APPROVE, DecisionKind.RETRACT))
    reason = withdrawn if kind in TAKES_BACK else called
    return News(
        kind=kind,
        topic=f"place/{slot.option.id}",
        cause=view.head,
        option=slot.option.id,
        slot=slot.slot.number,
        facts={
            "name": slot.option.name,
            "goal": "answer" if is_measure(after.contest) else slot.slot.kind.value,
            "was": then.state.value if then else "",
            "place": slot.slot.number if slot.slot.of > 1 else None,
            "places": slot.slot.of,
            "conditional": slot.conditional or None,
            "called_at": called[0] if called and kind in TAKES_BACK else None,
            "reason": reason[1].rstrip(".") if reason else None,
            **_counted(after),
        },
        replaces=kind in TAKES_BACK or (then is not None and then.state is SlotState.UNDER_REVIEW),
    )


def _decided(after: ContestView, option: str, kind: DecisionKind) -> tuple[str, str] | None:
    """When people decided something last about an option, and why."""
    found = [decision for decision in after.decisions if decision.option == option and decision.kind is kind]
    return (iso(found[-1].at), found[-1].reason) if found else None


def _counted(after: ContestView) -> dict[str, Fact]:
    """Say how much is counted: as a share of the expected votes, as all of them, or without knowing of how many."""
    share, votes, facts = after.share_counted, after.votes_counted, _left(after)
    if share is None:
        return {**facts, "votes_unsized": votes}
    if share.low == share.high == 1.0:
        return {**facts, "votes_all": votes}
    return {**facts, "votes_sized": votes, "share": share.likely, "share_low": share.low, "share_high": share.high}


def _left(after: ContestView) -> dict[str, Fact]:
    """Say what is out: what it comes to now, and what the office said last, with its moment, because counting has gone on since."""
    left = after.inventory
    said = [statement for statement in after.statements if statement.kind is BallotKind.OUTSTANDING]
    official: dict[str, Fact] = {"out": left.official, "out_source": left.source, "stated_at": iso(said[-1].stated_at)} if said else {}
    return {**official, "left": left.likely, "left_low": left.low, "left_high": left.high} if left.likely else {}


# -- counts --------------------------------------------------------------------------------------------------------------------------


def _release(before: ContestView | None, after: ContestView, _: View) -> Iterator[News]:
    release, earlier = after.release, before.release if before else None
    if release is None or (earlier and earlier.seq == release.seq):
        return
    falls = _falls(before, after)
    corrected = earlier is not None and (bool(falls) or release.status is ResultsStatus.CORRECTION)
    if not corrected and not _is_news(before, after):
        return
    yield News(
        kind=AlertKind.CORRECTION if corrected else AlertKind.RELEASE,
        topic="count",
        cause=f"release {release.seq}",
        facts={
            "added": after.votes_counted - before.votes_counted if before and earlier else None,
            "votes": after.votes_counted,
            "source": release.source,
            "falls": falls or None,
            "standing": _standing(after),
            **_counted(after),
        },
        replaces=corrected,
    )


def _is_news(before: ContestView | None, after: ContestView) -> bool:
    """Whether a count says something: one of nothing before the polls close, or the same again, does not."""
    return after.votes_counted > 0 if before is None or before.release is None else _votes(before) != _votes(after)


def _votes(contest: ContestView) -> dict[str, int | None]:
    return {line.option.id: line.votes for line in contest.options}


def _falls(before: ContestView | None, after: ContestView) -> tuple[tuple[str, int, float], ...]:
    """Return whose votes fell: name, how many are gone, and none of a share."""
    earlier = _votes(before) if before else {}
    gone = [(line.option.name, (line.votes or 0) - (earlier.get(line.option.id) or 0)) for line in after.options]
    return tuple((plain(name), fell, 0.0) for name, fell in gone if fell < 0)


def _standing(after: ContestView) -> tuple[tuple[str, int, float], ...]:
    """Return who holds the places and who is next, most votes first: name, votes, share."""
    lines = [line for line in after.options if line.votes is not None and line.option.is_person]
    return tuple((plain(line.option.name), line.votes or 0, line.share or 0.0) for line in lines[: len(after.slots) + 1])


# -- findings, what others said, the next release --------------------------------------------------------------------------------------


def _findings(before: ContestView | None, after: ContestView, _: View) -> Iterator[News]:
    then, now = _holding(before), _holding(after)
    yield from (_finding_news(AlertKind.HELD, finding) for id_, finding in now.items() if id_ not in then)
    yield from (_finding_news(AlertKind.FREE, finding) for id_, finding in then.items() if id_ not in now)


def _holding(contest: ContestView | None) -> dict[str, Finding]:
    return {found.id: found for found in contest.findings if found.severity is Severity.HOLD_CALLS} if contest else {}


def _finding_news(kind: AlertKind, finding: Finding) -> News:
    return News(
        kind=kind,
        topic=f"finding/{finding.id}",
        cause=finding.id,
        facts={"finding": finding.id, "check": finding.check, "problem": finding.problem},
        everywhere=not finding.contest,
        replaces=kind is AlertKind.FREE,
    )


OTHERS: Mapping[ReportKind, tuple[AlertKind, str]] = {
    ReportKind.AGENCY_CALL: (AlertKind.AGENCY_CALL, "agency"),
    ReportKind.AGENCY_RETRACTION: (AlertKind.AGENCY_RETRACTION, "agency"),
    ReportKind.VICTORY_CLAIM: (AlertKind.VICTORY_CLAIM, "claim"),
    ReportKind.CONCESSION: (AlertKind.CONCESSION, "concession"),
    ReportKind.CONCESSION_RETRACTED: (AlertKind.CONCESSION_RETRACTED, "concession"),
}
"""What others said that is told, and the topic on which they may take it back. Figures in the press are not told."""


def _reports(before: ContestView | None, after: ContestView, _: View) -> Iterator[News]:
    known = set(before.reports) if before else set()
    yield from (_report_news(report, after) for report in after.reports if report.kind in OTHERS and report not in known)


def _report_news(report: Report, after: ContestView) -> News:
    kind, topic = OTHERS[report.kind]
    name = after.contest.name_of(report.option)
    return News(
        kind=kind,
        topic=f"{topic}/{report.by}/{report.option}" if topic == "agency" else f"{topic}/{report.option or report.by}",
        cause=event_id(iso(report.at), str(report.slot), report.source),
        option=report.option,
        slot=report.slot,
        facts={"by": report.by, "name": name, "place": words.report_place(report, len(after.slots)), "source": report.source},
        replaces=kind in {AlertKind.AGENCY_RETRACTION, AlertKind.CONCESSION_RETRACTED},
    )


def _due(before: ContestView | None, after: ContestView, view: View) -> Iterator[News]:
    """Tell when the office said anew when it will publish next; that the calendar moved on to its next line is no news."""
    due = after.due
    if due is None or due in view.election.calendar or (before and before.due == due):
        return
    own = any(report.due_at == due.at for report in after.reports if report.kind is ReportKind.NEXT_RELEASE)
    yield News(
        kind=AlertKind.NEXT_RELEASE,
        topic="due",
        cause=event_id(iso(due.at), due.what, due.source),
        facts={"due_at": iso(due.at), "what": due.what.rstrip("."), "source": due.source},
        everywhere=not own,
        replaces=_was_to_come(before, after.as_of),
    )


def _was_to_come(before: ContestView | None, moment: datetime) -> bool:
    """Whether the release announced before is still to come, so that a new announcement moves it."""
    return before is not None and before.due is not None and before.due.at > moment


LOOKS: Sequence[Callable[[ContestView | None, ContestView, View], Iterator[News]]] = (_places, _release, _findings, _reports, _due)
"""What is compared, one after the other."""


def superseded(events: Iterable[AlertEvent]) -> dict[str, AlertEvent]:
    """Return, by id, the event that took the place of another; the latest where several did."""
    return {old: event for event in events for old in event.supersedes}


def due_of(event: AlertEvent) -> datetime:
    """Return when the release is due that an event announces."""
    return from_iso(str(event.facts["due_at"]))
