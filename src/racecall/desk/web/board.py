"""The board: every contest once, under the first thing about it that needs a person.

A finding about a whole file holds every contest; it stands on the board once, and the contests stay where they would be without it.
Words and order are the same for every candidate: by what is to be done, then by the turn it would take to change a place, then by title.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, Recommendation, SlotView, View
from racecall.ledger.events import EventKind, Ledger
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind
from racecall.publish import words
from racecall.publish.terminal import urgency

LATE = timedelta(minutes=15)
"""An announced count is late after this; the watch says so at the same time."""


class Part(StrEnum):
    """A part of the board, in the order of the page."""

    HELD = "held"
    SECOND = "second"
    RECOMMENDED = "recommended"
    CLOSE = "close"
    STALE = "stale"
    MOVED = "moved"
    REST = "rest"


TITLES: dict[Part, tuple[str, str]] = {
    Part.HELD: ("Held: findings and open questions", "Accepted with a reason; what holds calls by two people."),
    Part.SECOND: ("Needs a second person", "One has decided; another one looks and decides as well."),
    Part.RECOMMENDED: ("Recommended", "The evidence allows a call; nobody has decided yet."),
    Part.CLOSE: ("Too close", "Nothing to approve. Least settled first."),
    Part.STALE: ("Old figures", "What is out is reckoned from an old figure, or an announced count has not come."),
    Part.MOVED: ("Others have moved", "Calls by agencies, claims and concessions where we have called nothing. None is a call of ours."),
    Part.REST: ("All others", "By the turn that it would take to change a place, least first."),
}
"""Heading and caption of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """What is said of one place.

    Args:
        number: The place, from 1.
        name: Who holds it, "nobody" if nobody does.
        state: The state.
    """

    number: int
    name: str
    state: SlotState

    @property
    def words(self) -> str:
        """The state for people."""
        return words.STATES[self.state]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A short word beside a title.

    Args:
        text: The word.
        stop: Whether something is held by it.
    """

    text: str
    stop: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contest on the board.

    Args:
        contest: Contest id.
        title: Its title.
        part: Where it stands.
        chips: Its places.
        tags: Short words.
        why: One sentence: what a person should know first.
        pair: Who is ahead of whom at the line, "" if there is no line.
        lead_votes, lead_points: The gap at the line [votes; points of all votes].
        needs: The turn it would take, in words.
        counted: How much is counted, in words.
        order: Key inside its part.
        decide: Id of the option to decide about, "" if nobody has to.
    """

    contest: str
    title: str
    part: Part
    chips: tuple[Chip, ...]
    tags: tuple[Tag, ...]
    why: str
    pair: str
    lead_votes: int | None
    lead_points: float | None
    needs: str
    counted: str
    order: tuple[int, float, str]
    decide: str = ""

    @property
    def states(self) -> tuple[tuple[SlotState, tuple[Chip, ...]], ...]:
        """The places by what is said of them; a template that sorts four hundred rows by itself takes far longer."""
        return tuple(
            (state, tuple(chip for chip in self.chips if chip.state is state)) for state in sorted({one.state for one in self.chips})
        )

    @property
    def said(self) -> str:
        """Everything by which somebody may look for the contest."""
        return " ".join((self.title, self.pair, *(chip.name for chip in self.chips)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How a source is doing.

    Args:
        name: The source.
        at: When something new last came from it, None if nothing ever did.
        quiet: Whether that is longer ago than it should be.
    """

    name: str
    at: datetime | None
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the board.

    Args:
        rows: Every contest once, in the order of the page.
        files: Open findings that hold and are about a whole file.
        feeds: How the sources are doing.
        due: When the next count was announced for, None if none was.
    """

    rows: tuple[Row, ...]
    files: tuple[Finding, ...]
    feeds: tuple[Feed, ...]
    due: datetime | None

    def part(self, part: Part) -> tuple[Row, ...]:
        """Return the rows of a part."""
        return tuple(row for row in self.rows if row.part is part)

    def count(self, part: Part) -> int:
        """Return how many things stand in a part: findings about a whole file are held once each."""
        return len(self.part(part)) + (len(self.files) if part is Part.HELD else 0)

    def found(self, text: str) -> Board:
        """Return the board with those contests alone whose title, or whose names at a place, contain a text in any case."""
        asked = text.strip().casefold()
        return replace(self, rows=tuple(row for row in self.rows if asked in row.said.casefold()))

    def changed(self, before: Board) -> tuple[str, ...]:
        """Return the contests whose row is not what it was."""
        were = {row.contest: row for row in before.rows}
        return tuple(row.contest for row in self.rows if were.get(row.contest) != row)

    @property
    def summary(self) -> str:
        """What waits, in one sentence."""
        said = [f"{self.count(part):,} {word}" for part, word in SUMMARY if self.count(part)]
        return f"{', '.join(said)}. Sorted by what a person must do first." if said else "Nothing waits for a person."


SUMMARY = (
    (Part.HELD, "held"),
    (Part.SECOND, "waiting for a second person"),
    (Part.RECOMMENDED, "recommended"),
    (Part.CLOSE, "too close"),
    (Part.STALE, "on old figures"),
    (Part.MOVED, "where others have moved"),
)


def make_board(view: View, ledger: Ledger) -> Board:
    """Sort an election by what needs a person.

    Args:
        view: The election at a moment.
        ledger: The record behind it, for when something last came from each source.
    """
    rows = sorted((make_row(contest, view) for contest in view.contests), key=lambda row: (list(Part).index(row.part), row.order))
    files = {finding.id: finding for contest in view.contests for finding in held(contest) if not finding.contest}
    due = min((contest.due.at for contest in view.contests if contest.due), default=None)
    return Board(rows=tuple(rows), files=tuple(files.values()), feeds=tuple(_feeds(view, ledger)), due=due)


def make_row(view: ContestView, election: View) -> Row:
    """Put one contest into its part of the board."""
    closest = view.pairs[0] if view.pairs and view.votes_counted else None
    name = view.contest.name_of
    return Row(
        contest=view.contest.id,
        title=view.contest.title,
        part=next(part for part, holds in PARTS if holds(view, election)),
        chips=tuple(_chip(slot) for slot in view.slots),
        tags=tuple(_tags(view, election)),
        why=_why(view, election),
        pair=f"{name(closest.holder)} over {name(closest.rival)}" if closest else "",
        lead_votes=closest.margin_votes if closest else None,
        lead_points=round(100 * closest.margin_votes / view.votes_counted, 1) if closest else None,
        needs=words.needs_words(closest) if closest else "",
        counted=words.percent(view.share_counted.likely, 0) if view.share_counted else f"{view.votes_counted:,} votes",
        order=urgency(replace(view, findings=())),
        decide=next(_to_decide(view), ""),
    )


def _to_decide(view: ContestView) -> Iterator[str]:
    """Options that somebody has to decide about: what waits for a second person, what is under review, what is recommended."""
    yield from (decision.option for decision in waiting(view))
    reviewed = tuple(slot for slot in view.slots if slot.state is SlotState.UNDER_REVIEW)
    yield from (slot.option.id for slot in (*reviewed, *recommended(view)) if slot.option)


def _chip(slot: SlotView) -> Chip:
    return Chip(number=slot.slot.number, name=slot.option.name if slot.option else "nobody", state=slot.state)


# -- What holds a contest where it stands ------------------------------------------------------------------------------------------------


def held(view: ContestView) -> tuple[Finding, ...]:
    """Return the open findings that hold something."""
    return tuple(finding for finding in view.findings if finding.severity is not Severity.NOTE)


def own_findings(view: ContestView) -> tuple[Finding, ...]:
    """Return those of them that are about the contest itself."""
    return tuple(finding for finding in held(view) if finding.contest)


def waiting(view: ContestView) -> tuple[Decision, ...]:
    """Return decisions that one person has made and a second one has not."""
    return tuple(decision for call in view.calls for decision in call.waiting)


def recommended(view: ContestView) -> tuple[SlotView, ...]:
    """Return the places that evidence allows to call, and that are not called."""
    return tuple(slot for slot in view.slots if slot.recommendation is Recommendation.CALL and slot.state not in SETTLED)


SETTLED = {SlotState.CALLED, SlotState.UNDER_REVIEW, SlotState.CERTIFIED}
OTHERS = {ReportKind.AGENCY_CALL, ReportKind.VICTORY_CLAIM, ReportKind.CONCESSION}
"""Reports that somebody should look at where we have called nothing."""


def others(view: ContestView) -> tuple[Report, ...]:
    """Return what others have called, claimed or conceded."""
    return tuple(report for report in view.reports if report.kind in OTHERS)


def is_stale(view: ContestView, election: View) -> bool:
    """Whether the figure of ballots out is old, or an announced count has not come; certified contests wait for nothing."""
    return not words.is_certified(view) and (view.inventory.stale or is_late(view, election))


def is_late(view: ContestView, election: View) -> bool:
    """Whether a count of the calendar should have come by now, and none has come since."""
    due = [release.at for release in election.election.calendar if release.at <= election.as_of - LATE]
    return bool(due) and (view.release is None or view.release.moment < max(due) - LATE) and (view.due is not None or view.release is None)


PARTS: tuple[tuple[Part, Callable[[ContestView, View], bool]], ...] = (
    (Part.HELD, lambda view, _: bool(own_findings(view))),
    (Part.SECOND, lambda view, _: bool(waiting(view)) or any(slot.state is SlotState.UNDER_REVIEW for slot in view.slots)),
    (Part.RECOMMENDED, lambda view, _: bool(recommended(view))),
    (Part.CLOSE, lambda view, _: any(slot.state is SlotState.TOO_CLOSE for slot in view.slots)),
    (Part.STALE, is_stale),
    (Part.MOVED, lambda view, _: bool(others(view)) and any(slot.state not in SETTLED for slot in view.slots)),
    (Part.REST, lambda *_: True),
)
"""The first that holds says where a contest stands."""


# -- The words beside it -----------------------------------------------------------------------------------------------------------------

HOLDS = {Severity.HOLD_CALLS: "holds calls", Severity.HOLD_PUBLICATION: "holds publication", Severity.NOTE: "note"}
SAID = {ReportKind.AGENCY_CALL: "agency call", ReportKind.VICTORY_CLAIM: "claim", ReportKind.CONCESSION: "concession"}
PROPOSED = {
    DecisionKind.APPROVE: "{name}: {by} approves the call.",
    DecisionKind.RETRACT: "{name}: {by} takes the call back.",
    DecisionKind.REAFFIRM: "{name}: {by} lets the call stand.",
}
"""What one person has decided, said to the second."""


def _tags(view: ContestView, election: View) -> Iterator[Tag]:
    for severity in dict.fromkeys(finding.severity for finding in own_findings(view)):
        yield Tag(text=HOLDS[severity], stop=True)
    if any(slot.conditional for slot in view.slots):
        yield Tag(text="majority in doubt")
    if is_stale(view, election):
        yield Tag(text="count is late" if is_late(view, election) else "old figure")
    for kind in dict.fromkeys(report.kind for report in others(view)):
        yield Tag(text=SAID[kind])


def _why(view: ContestView, election: View) -> str:
    """One sentence: of the first part that applies, the first thing."""
    return next((sentence for say in REASONS if (sentence := say(view, election))), "")


def _finding_words(view: ContestView, _: View) -> str:
    found = own_findings(view)
    return f"{found[0].problem}{f' ({len(found) - 1} more)' if len(found) > 1 else ''}" if found else ""


def _waiting_words(view: ContestView, _: View) -> str:
    said = waiting(view)
    return PROPOSED[said[0].kind].format(name=view.contest.name_of(said[0].option), by=said[0].by) if said else ""


def _recommended_words(view: ContestView, _: View) -> str:
    found = recommended(view)
    return f"{words.place_name(found[0])}: {found[0].option.name}. {found[0].reasons[0]}" if found and found[0].option else ""


def _stale_words(view: ContestView, election: View) -> str:
    if not is_stale(view, election):
        return ""
    return "A count was announced and has not come." if is_late(view, election) else "The latest figure of ballots outstanding is old."


def _moved_words(view: ContestView, _: View) -> str:
    said = others(view)
    return words.report_sentence(said[-1], view.contest, len(view.slots)) if said else ""


REASONS: Sequence[Callable[[ContestView, View], str]] = (_finding_words, _waiting_words, _recommended_words, _stale_words, _moved_words)


# -- The sources -------------------------------------------------------------------------------------------------------------------------


def _feeds(view: View, ledger: Ledger) -> Iterable[Feed]:
    last: dict[str, datetime] = {}
    for event in ledger.of_kind(EventKind.CAPTURE):
        if source := event.body.get("fetched", {}).get("source"):
            last[source] = event.at
    for source in view.election.sources:
        at = last.get(source.name)
        yield Feed(name=source.name, at=at, quiet=at is None or view.as_of - at > timedelta(minutes=source.quiet_after_minutes))
