"""What happened and what comes: changes of state and people's decisions, counts to come, and what others say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView
from racecall.model.contest import Option
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.publish.languages.words import Words
from racecall.publish.site.cards import agency_calls
from racecall.publish.site.page import ContestPage, ReleaseLook, once
from racecall.publish.site.speech import english, name
from racecall.publish.site.states import is_certified, state_word

# -- our log -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log.

    Args:
        at: When.
        sentence: What changed.
        evidence: Hash of the last ledger event it rests on, "" if it is not known.
    """

    at: datetime
    sentence: str
    evidence: str = ""


def call_log(page: ContestPage, t: Words) -> tuple[Entry, ...]:
    """Return what we said of each place when it changed, and what people decided; newest first."""
    entries = [*_changes(page, t), *(_decision(one, page, t) for one in page.view.decisions)]
    return tuple(sorted(entries, key=lambda entry: entry.at, reverse=True))


def _changes(page: ContestPage, t: Words) -> Iterator[Entry]:
    for look, head, before, slot in _changed(page):
        yield Entry(at=look.as_of, sentence=_change(before, slot, len(look.slots), t), evidence=head)


@once
def _changed(page: ContestPage) -> tuple[tuple[ContestView, str, SlotView | None, SlotView], ...]:
    """Return the looks at which a place changed, with the hash behind each, and the place before and then."""
    heads = page.heads if len(page.heads) == len(page.looks) else ("",) * len(page.looks)
    last: dict[int, SlotView] = {}
    found = []
    for look, head in zip(page.looks, heads, strict=True):
        for slot in look.slots if look.release else ():
            before = last.get(slot.slot.number)
            if (_named(before), before.state if before else SlotState.TOO_EARLY) != (_named(slot), slot.state):
                found.append((look, head, before, slot))
            last[slot.slot.number] = slot
    return tuple(found)


def _change(before: SlotView | None, now: SlotView, places: int, t: Words) -> str:
    """Say how a place changed."""
    held = _named(now)
    was = before.state if before else SlotState.TOO_EARLY
    place = t("Place %(number)s", number=now.slot.number) if places > 1 else t("The contest")
    state = Markup("<b>{}</b>").format(state_word(now.state, t))
    if held is None:
        return t("%(place)s: %(state)s.", place=place, state=state)
    if was is now.state:
        return t("%(place)s: now held by %(who)s. %(state)s.", place=place, who=name(held, t), state=state)
    return t("%(place)s, %(who)s: %(was)s, now %(state)s.", place=place, who=name(held, t), was=state_word(was, t), state=state)


def _named(slot: SlotView | None) -> Option | None:
    """Return whoever the page names on a place: nobody while it is too early."""
    return slot.option if slot and slot.state is not SlotState.TOO_EARLY else None


DECIDED: Mapping[DecisionKind, Callable[[Words, str, str], str]] = {
    DecisionKind.APPROVE: lambda t, by, who: t("%(by)s approves the call of %(who)s.", by=by, who=who),
    DecisionKind.RETRACT: lambda t, by, who: t("%(by)s takes back the call of %(who)s.", by=by, who=who),
    DecisionKind.REAFFIRM: lambda t, by, who: t("%(by)s lets the call of %(who)s stand.", by=by, who=who),
}


def _decision(one: Decision, page: ContestPage, t: Words) -> Entry:
    who = next((option for option in page.contest.options if option.id == one.option), None)
    said = DECIDED[one.kind](t, english(one.by, t), name(who, t) if who else english(one.option, t))
    reason = Markup("<q>{}</q>").format(english(one.reason, t))
    return Entry(at=one.at, sentence=t("%(decided)s %(reason)s", decided=said, reason=reason), evidence=one.evidence)


# -- what comes next -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Something that is announced.

    Args:
        at: When.
        what: In the office's words.
        source: Who said so.
    """

    at: datetime
    what: str
    source: str


def coming(page: ContestPage, _: Words) -> tuple[Coming, ...]:
    """Return what is announced after the page's moment, soonest first."""
    due = (*((page.view.due,) if page.view.due else ()), *page.election.calendar)
    ahead = {one.at: Coming(at=one.at, what=one.what, source=one.source) for one in reversed(due) if one.at > page.view.as_of}
    return tuple(ahead[at] for at in sorted(ahead))


def election_day(page: ContestPage, _: Words) -> date:
    """Return the contest's day: a later round closes its polls on another day than the election."""
    closes = page.contest.polls_close
    return closes.astimezone(page.election.zone).date() if closes else page.election.date


# -- what others say -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who has called whom.

    Args:
        by: The agency; "" for us.
        cells: One a place, as written: a name, or that it is not called.
    """

    by: str
    cells: tuple[str, ...]


WIDE = 4
"""From here on the table of calls has one column for all places."""


def callers(page: ContestPage, t: Words) -> tuple[Caller, ...]:
    """Return the agencies' calls of each place, and ours as the last row; none if no agency has called the contest."""
    view = page.view
    standing = agency_calls(view)
    if not standing:
        return ()
    agencies = [Caller(by=by, cells=_cells(options, view, t)) for by, options in standing.items()]
    return (*agencies, Caller(by="", cells=_own_cells(view, t)))


def _cells(options: tuple[str, ...], view: ContestView, t: Words) -> tuple[str, ...]:
    """Whom an agency has called on each place; those who hold none come after, so that no call is lost."""
    held = [slot.option.id if slot.option else "" for slot in view.slots]
    if len(held) >= WIDE:
        return (Markup(", ").join(_option(option, view, t) for option in options) or t("not called"),)
    elsewhere = [option for option in options if option not in held]
    cells = [_option(option, view, t) if option in options else t("not called") for option in held]
    for at, option in enumerate(held):
        if option not in options and elsewhere:
            cells[at] = _option(elsewhere.pop(0), view, t)
    return tuple(cells)


def _option(option: str, view: ContestView, t: Words) -> str:
    return english(view.contest.name_of(option), t)


def _own_cells(view: ContestView, t: Words) -> tuple[str, ...]:
    said = [_own(slot, t) for slot in view.slots]
    return tuple(said) if len(said) < WIDE else (Markup("; ").join(said),)


def _own(slot: SlotView, t: Words) -> str:
    who = _named(slot)
    return t("%(who)s: %(state)s", who=name(who, t), state=state_word(slot.state, t)) if who else state_word(slot.state, t)


SAID: Mapping[ReportKind, Callable[[Words, str, str], str]] = {
    ReportKind.AGENCY_RETRACTION: lambda t, by, who: t("%(by)s withdraws its call of %(who)s.", by=by, who=who),
    ReportKind.VICTORY_CLAIM: lambda t, by, _: t("%(by)s claims victory. A claim, not a call.", by=by),
    ReportKind.CONCESSION: lambda t, by, _: t("%(by)s concedes.", by=by),
    ReportKind.CONCESSION_RETRACTED: lambda t, by, _: t("%(by)s takes the concession back.", by=by),
}


def claims(page: ContestPage, _: Words) -> tuple[Report, ...]:
    """Return claims and concessions, and calls that agencies took back; oldest first."""
    return tuple(report for report in page.view.reports if report.kind in SAID)


def figures(page: ContestPage, _: Words) -> tuple[Report, ...]:
    """Return figures that others printed and that are no count."""
    return tuple(report for report in page.view.reports if report.kind is ReportKind.FIGURE)


def claim(report: Report, t: Words, page: ContestPage) -> str:
    """Say in one sentence what somebody claimed, and that it is a claim."""
    return SAID[report.kind](t, english(report.by, t), _option(report.option, page.view, t))


def figure(report: Report, t: Words, page: ContestPage) -> str:
    """Say in one sentence what somebody printed."""
    by = english(report.by, t)
    about = _option(report.option, page.view, t) if report.option else t("all candidates")
    if report.votes is not None:
        return t("%(by)s: %(votes)s votes for %(who)s.", by=by, votes=t.number(report.votes), who=about)
    if report.share is not None:
        return t("%(by)s: %(share)s for %(who)s.", by=by, share=t.percent(report.share), who=about)
    if report.gain is not None:
        return t("%(by)s: %(votes)s more votes for %(who)s.", by=by, votes=t.number(report.gain), who=about)
    return t("%(by)s, on %(who)s.", by=by, who=about)


# -- findings ------------------------------------------------------------------------------------------------------------------------

HOLDS: Mapping[Severity, Callable[[Words], str]] = {
    Severity.HOLD_CALLS: lambda t: t("Open; it holds every call here until two people have accepted it."),
    Severity.HOLD_PUBLICATION: lambda t: t("Open; it holds the publication of this count."),
    Severity.NOTE: lambda t: t("Noted; it holds nothing."),
}


def holds(finding: Finding, t: Words) -> str:
    """Say what an open finding holds."""
    return HOLDS[finding.severity](t)


def corrections(page: ContestPage, _: Words) -> tuple[ReleaseLook, ...]:
    """Return the releases that the office published as corrections, newest first."""
    return tuple(look for look in reversed(page.releases) if look.release.status is ResultsStatus.CORRECTION)


def claims_heading(view: ContestView, t: Words) -> str:
    """Return the heading over claims: they are settled once the count is certified."""
    return t("Claims, before the count was certified") if is_certified(view) else t("Claims")
