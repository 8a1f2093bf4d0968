"""The words for what may be said, the same for every candidate (English; other languages join with the page)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from racecall.calls.arithmetic import PairBreak
from racecall.calls.decided import Call
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView
from racecall.model.contest import Contest, SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.release import Report, ReportKind, ResultsStatus

STATES: dict[SlotState, str] = {
    SlotState.TOO_EARLY: "Too early",
    SlotState.TOO_CLOSE: "Too close",
    SlotState.LEADING: "Leading",
    SlotState.LIKELY: "Likely",
    SlotState.CALLED: "Called",
    SlotState.UNDER_REVIEW: "Call under review",
    SlotState.RETRACTED: "Call withdrawn",
    SlotState.CERTIFIED: "Certified",
}

RESULTS: dict[ResultsStatus, str] = {
    ResultsStatus.PRE_ELECTION: "before the election",
    ResultsStatus.UNOFFICIAL_PARTIAL: "unofficial",
    ResultsStatus.UNOFFICIAL_COMPLETE: "unofficial, the night's count",
    ResultsStatus.CORRECTION: "corrected",
    ResultsStatus.CERTIFIED: "certified",
    ResultsStatus.RECOUNT: "recount",
}

REPORTS: dict[ReportKind, str] = {
    # The place is "place 2" where there are several and "the contest" where there is one; a claim is always somebody's, never ours.
    ReportKind.AGENCY_CALL: "{by} calls {place} for {name}.",
    ReportKind.AGENCY_RETRACTION: "{by} withdraws its call of {place} for {name}.",
    ReportKind.VICTORY_CLAIM: "{by} claims {place}.",
    ReportKind.CONCESSION: "{by} concedes.",
    ReportKind.CONCESSION_RETRACTED: "{by} takes the concession back.",
    ReportKind.FIGURE: "{by} prints a figure.",
    ReportKind.NEXT_RELEASE: "{by} announces the next count.",
}

GOALS = {SlotKind.ADVANCE: "to advance", SlotKind.ELECT: "to be elected"}

DECISIONS: dict[DecisionKind, str] = {
    DecisionKind.APPROVE: "{by} approves calling {name} {goal}: {reason}",
    DecisionKind.RETRACT: "{by} takes back the call of {name} {goal}: {reason}",
    DecisionKind.REAFFIRM: "{by} lets the call of {name} {goal} stand: {reason}",
}

WAITING: dict[DecisionKind, str] = {
    DecisionKind.APPROVE: "{by} would call {name} {goal}; a second person must agree.",
    DecisionKind.RETRACT: "{by} would withdraw the call; a second person must agree.",
    DecisionKind.REAFFIRM: "{by} would let the call stand; a second person must agree.",
}

CALLS: dict[SlotState, str] = {
    SlotState.CALLED: "{name} was called {goal} by {by} ({at}).",
    SlotState.UNDER_REVIEW: "{name} was called {goal} by {by} ({at}). The call is under review ({since}). {why}",
    SlotState.RETRACTED: "{name} was called {goal} by {by} ({at}). The call was withdrawn ({since}). {why}",
    SlotState.CERTIFIED: "{name} was called {goal} by {by} ({at}). The count is certified.",
}
NOTHING_LEFT = "Nothing is proposed any more."
"""Said when a retraction has ended a proposal that nobody had agreed to."""
REAFFIRMED = "The call was reviewed and stands ({since}). {why}"
"""Follows a call that two people let stand."""

CATEGORIES = {
    "counted_without_votes": "counted, votes not published yet",
    "total": "not counted, says the office",
    "mail": "mail, says the office",
    "provisional": "provisional, says the office",
    "conditional": "same-day registration, says the office",
    "other": "other, says the office",
    "estimate": "such statements have been wrong by",
}

REHEARSAL = "REHEARSAL: a recorded night played again. Nothing here is a count of today."
"""Stands above everything that is made from a rehearsal."""

MINUS = "\N{MINUS SIGN}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """Write a moment in the county's time: ``Wed 5 Apr 2017, 12:00 PDT``."""
    local = moment.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M %Z}"


def percent(share: float | None, digits: int = 1) -> str:
    """Write a share (0 to 1) as per cent, "" if there is none."""
    return "" if share is None else f"{100 * share:.{digits}f}%"


def range_words(low: float | None, high: float | None) -> str:
    """Write a range of shares in whole per cents, as a projection is written; "" if there is none."""
    return "" if low is None or high is None else f"{100 * low:.0f} to {100 * high:.0f}%"


def signed(number: float, digits: int = 0) -> str:
    """Write a number with its sign, a real minus for negative ones."""
    return f"{number:+,.{digits}f}".replace("-", MINUS)


def place_name(slot: SlotView) -> str:
    """Name a place: "Place 2 of 2, to advance"."""
    goal = GOALS[slot.slot.kind]
    return f"Place {slot.slot.number} of {slot.slot.of}, {goal}" if slot.slot.of > 1 else goal.capitalize()


def call_sentences(call: Call, contest: Contest, zone: ZoneInfo) -> list[str]:
    """Say what people have made of an option, in order: the call and its state, then who waits for a second person."""
    words = {"name": contest.name_of(call.option), "goal": GOALS[call.goal], **_behind(call, zone)}
    said = [CALLS[call.state].format(**words)] if call.made else []
    said += [REAFFIRMED.format(**words)] if call.state is SlotState.CALLED and call.last != call.made else []
    # Whoever put a call under review has been named, and is the first of two who may withdraw it.
    return said + [WAITING[one.kind].format(**{**words, "by": one.by}) for one in call.waiting if one not in call.last]


def _behind(call: Call, zone: ZoneInfo) -> dict[str, str]:
    why = " ".join(f'{decision.by}: "{decision.reason}"' for decision in call.last)
    times = {name: clock(at, zone) if at else "" for name, at in (("at", call.at), ("since", call.since))}
    return {"by": " and ".join(call.by), "why": why or "The count speaks against it.", **times}


def decision_sentence(decision: Decision, contest: Contest) -> str:
    """Say in one sentence what somebody decided, with the reason they gave."""
    name = contest.name_of(decision.option)
    return DECISIONS[decision.kind].format(by=decision.by, name=name, goal=GOALS[decision.goal], reason=decision.reason)


def is_certified(view: ContestView) -> bool:
    """Whether the count is certified."""
    return any(slot.state is SlotState.CERTIFIED for slot in view.slots)


def counted_sentence(view: ContestView) -> str:
    """Say how much is counted, with the range, and never from precincts."""
    if view.share_counted is None:
        why = view.inventory.note or "nothing is known of what is left"
        return f"{view.votes_counted:,} votes. What share of all votes that is cannot be said: {why}."
    share = view.share_counted
    if share.low == share.high == 1.0:
        return f"{view.votes_counted:,} votes, all of them."
    limits = f"{percent(share.low, 0)} to {percent(share.high, 0)}"
    return f"{view.votes_counted:,} votes, about {percent(share.likely, 0)} of the expected votes ({limits})."


def units_sentence(view: ContestView) -> str:
    """Say how many precincts have reported, and what that does not mean; "" if the source does not say, or all is counted."""
    if view.units_reported is None or view.units_total is None or is_certified(view):
        return ""
    return f"{view.units_reported:,} of {view.units_total:,} have reported. That is not a measure of progress."


def cut_sentence(view: ContestView) -> str:
    """Say what the line after the last place means and how wide the gap at it is."""
    if not view.pairs:
        return ""
    closest = view.pairs[0]
    points = 100 * closest.margin_votes / view.votes_counted if view.votes_counted else 0.0
    places = len(view.slots)
    verb = "advance" if view.slots[-1].slot.kind is SlotKind.ADVANCE else ("are elected" if places > 1 else "is elected")
    first = f"first {places} {verb}" if places > 1 else f"first {verb if verb != 'advance' else 'advances'}"
    return f"{first} · {closest.margin_votes:,} votes ({points:.1f} points)"


def report_sentence(report: Report, contest: Contest, places: int) -> str:
    """Say in one sentence what somebody else said."""
    name = next((option.name for option in contest.options if option.id == report.option), report.option)
    return REPORTS[report.kind].format(by=report.by, name=name, place=report_place(report, places))


def report_place(report: Report, places: int) -> str:
    """Name the place that somebody else spoke of."""
    return f"place {report.slot}" if report.slot and places > 1 else "the contest"


def outright_sentence(view: ContestView) -> str:
    """Say what it would take to win outright; "" where nobody can, or where it is settled."""
    test = view.outright
    if test is None or test.possible is False or is_certified(view):
        return ""
    name, share = view.contest.option(test.option).name, percent(float(test.fraction), 0)
    if test.assured:
        return f"{name} passes {share} whatever the ballots still out say."
    needs = f" It would take {percent(test.needed)} of the ballots still out." if test.needed is not None else ""
    return f"Passing {share} would elect outright and end it here. {name} has {percent(test.share)}.{needs}"


def needs_words(pair: PairBreak) -> str:
    """Write the break a rival needs, short: "+20.3", or that it cannot happen; "" if it is not known."""
    if pair.cannot_happen:
        return "cannot"
    return "" if pair.points is None else signed(pair.points, 1) if pair.points <= 100 else ">100"


def places_sentence(view: ContestView) -> str:
    """Name who holds the places and what may be said of them, the state once where it is the same for all."""
    names = [slot.option.name if slot.option else "nobody" for slot in view.slots]
    states = [STATES[slot.state].lower() for slot in view.slots]
    if len(set(states)) == 1:
        return f"{', '.join(names)}: {states[0]}"
    return "; ".join(f"{name}: {state}" for name, state in zip(names, states, strict=True))
