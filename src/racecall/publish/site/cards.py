"""The place cards: which place, its state, who holds it, one sentence, and what stands behind it. The same order for every state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from racecall.calls.decided import Call
from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, OptionLine, SlotView
from racecall.model.contest import Option, SlotKind
from racecall.model.decision import Decision, DecisionKind
from racecall.model.finding import Severity
from racecall.model.release import ReportKind
from racecall.publish.languages.words import Words
from racecall.publish.site.page import ContestPage, once
from racecall.publish.site.speech import english, goal, name, names, next_round, points, share, whither
from racecall.publish.site.states import LOOKS, chip_word, is_certified, ladder


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One place as a reader sees it.

    Args:
        number: The place, from 1.
        label: Which place it is.
        state: Its state: glyph and class of the chip.
        frame: Class of the card.
        chip: The state in a word or two.
        holders: Who stands on it: one, two between whom it is open, or nobody.
        nobody: What stands there instead of a name.
        struck: Whether the name is struck through: the call is withdrawn.
        sentence: What may be said.
        rungs: The ladder: words and classes.
        notes: What stands behind it, in whole sentences.
        has_break: Whether the page shows what it would take to change it.
        decided: Whether people have decided about it: the log shows it.
    """

    number: int
    label: str
    state: SlotState
    frame: str
    chip: str
    holders: tuple[Option, ...]
    nobody: str
    struck: bool
    sentence: str
    rungs: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    has_break: bool
    decided: bool


@once
def place_cards(page: ContestPage, t: Words) -> tuple[Card, ...]:
    """Return a card for every place of the contest."""
    return tuple(_card(slot, page, t) for slot in page.view.slots)


def _card(slot: SlotView, page: ContestPage, t: Words) -> Card:
    said = SENTENCES[slot.state] if slot.option else _nobody_sentence
    return Card(
        number=slot.slot.number,
        label=label(slot, page, t),
        state=slot.state,
        frame=LOOKS[slot.state].card,
        chip=chip_word(slot, t),
        holders=_holders(slot, page.view),
        nobody=_nobody(slot, page.view, t),
        struck=slot.state is SlotState.RETRACTED,
        sentence=said(slot, page, t),
        rungs=ladder(slot.state, t),
        notes=tuple(_notes(slot, page, t)),
        has_break=slot.required_break is not None and slot.state not in {SlotState.TOO_EARLY, SlotState.CERTIFIED},
        decided=slot.called is not None,
    )


# -- which place, and who ------------------------------------------------------------------------------------------------------------


def label(slot: SlotView, page: ContestPage, t: Words) -> str:
    """Name a place: "Runoff place 2 of 2"."""
    kind = goal(page)
    if kind == "measure":
        return t("The measure")
    if slot.slot.kind is SlotKind.ELECT:
        return t("Seat %(number)s of %(of)s", number=slot.slot.number, of=slot.slot.of) if slot.slot.of > 1 else t("The seat")
    named = RUNOFF if slot.conditional else PLACES
    return named.get(next_round(page), named[""])(t, slot.slot.number, slot.slot.of)


PLACES: Mapping[str, Callable[[Words, int, int], str]] = {
    "runoff": lambda t, number, of: t("Runoff place %(number)s of %(of)s", number=number, of=of),
    "general": lambda t, number, of: t("General election place %(number)s of %(of)s", number=number, of=of),
    "": lambda t, number, of: t("Place %(number)s of %(of)s", number=number, of=of),
}
RUNOFF: Mapping[str, Callable[[Words, int, int], str]] = {
    "runoff": lambda t, number, of: t("Runoff place %(number)s of %(of)s, if there is a runoff", number=number, of=of),
    "": lambda t, number, of: t("Place %(number)s of %(of)s, if there is a next round", number=number, of=of),
}
"""Names of a place that vanishes if somebody wins outright."""


def _holders(slot: SlotView, view: ContestView) -> tuple[Option, ...]:
    """Nobody while it is too early, both of them while it is too close."""
    if slot.option is None or slot.state is SlotState.TOO_EARLY:
        return ()
    pair = slot.required_break
    if slot.state is SlotState.TOO_CLOSE and pair:
        return (slot.option, view.contest.option(pair.rival))
    return (slot.option,)


def _nobody(slot: SlotView, view: ContestView, t: Words) -> str:
    if is_certified(view):
        return t("Tied") if view.outcome.ties else t("Not filled by votes")
    return t("Not yet") if slot.state is SlotState.TOO_EARLY or not view.votes_counted else t("Nobody")


# -- one sentence a state ------------------------------------------------------------------------------------------------------------


def _nobody_sentence(slot: SlotView, page: ContestPage, t: Words) -> str:
    view = page.view
    if not view.votes_counted:
        return t("No votes have been counted yet.")
    for tie in view.outcome.ties:
        who = names([view.contest.option(one) for one in tie.options], t)
        return t.plural("%(who)s are tied for one place.", "%(who)s are tied for %(num)s places.", tie.places, who=who)
    if is_certified(view):
        return t("Votes by candidate do not say who fills it.")
    return _early(slot, page, t) if slot.state is SlotState.TOO_EARLY else t("Nobody holds it alone.")


def _early(_: SlotView, __: ContestPage, t: Words) -> str:
    return t("Too early to say who is ahead.")


def _close(slot: SlotView, page: ContestPage, t: Words) -> str:
    pair, counted = slot.required_break, page.view.share_counted
    if pair is None:
        return t("No one is ahead by enough.")
    if not pair.margin_votes:
        return t("Level on votes so far.")
    if counted is None:
        return t.plural(
            "%(num)s vote apart. No one is ahead by enough.", "%(num)s votes apart. No one is ahead by enough.", pair.margin_votes
        )
    return t.plural(
        "%(num)s vote apart, with about %(share)s of ballots counted.",
        "%(num)s votes apart, with about %(share)s of ballots counted.",
        pair.margin_votes,
        share=t.percent(counted.likely, 0),
    )


def _leading(slot: SlotView, page: ContestPage, t: Words) -> str:
    view, pair = page.view, slot.required_break
    if pair is None:
        return t("Nobody else has votes.")
    rival, gap = name(view.contest.option(pair.rival), t), points(pair.margin_votes, view, t)
    if view.share_counted is None:
        return t("Leads %(rival)s by %(points)s points. How much is still out is not known.", rival=rival, points=gap)
    counted = t.percent(view.share_counted.likely, 0)
    return t("Leads %(rival)s by %(points)s points with about %(share)s counted.", rival=rival, points=gap, share=counted)


def _likely(slot: SlotView, page: ContestPage, t: Words) -> str:
    if slot.conditional:
        return t("Likely to be among those who go on. Whether there is a next round is open.")
    return LIKELY[goal(page)](t)


LIKELY: Mapping[str, Callable[[Words], str]] = {
    "advance": lambda t: t("Likely to advance, not called."),
    "elect": lambda t: t("Likely to be elected, not called."),
    "measure": lambda t: t("Likely to prevail, not called."),
}
CALLED: Mapping[str, Callable[[Words, str], str]] = {
    "advance": lambda t, where: t("Advances %(where)s, racecall projects.", where=where),
    "elect": lambda t, _: t("Will be elected, racecall projects."),
    "measure": lambda t, _: t("Will prevail, racecall projects."),
}
CERTIFIED: Mapping[str, Callable[[Words, str, str, str], str]] = {
    "advance": lambda t, where, votes, part: t("Advanced %(where)s with %(votes)s votes, %(share)s.", where=where, votes=votes, share=part),
    "elect": lambda t, _, votes, part: t("Was elected with %(votes)s votes, %(share)s.", votes=votes, share=part),
    "measure": lambda t, _, votes, part: t("Prevailed with %(votes)s votes, %(share)s.", votes=votes, share=part),
}


def _certified(slot: SlotView, page: ContestPage, t: Words) -> str:
    kind = "elect" if slot.slot.kind is SlotKind.ELECT and goal(page) == "advance" else goal(page)
    line = line_of(page.view, slot)
    return CERTIFIED[kind](t, whither(page, t), t.number(line.votes if line else None), share(line.share if line else None, t))


def line_of(view: ContestView, slot: SlotView) -> OptionLine | None:
    """Return the standing of whoever holds a place."""
    return next((line for line in view.options if slot.option and line.option.id == slot.option.id), None)


def _review(_: SlotView, __: ContestPage, t: Words) -> str:
    return t("We called this place; the call is under review, and nothing new is said of it until people have decided.")


def _retracted(slot: SlotView, page: ContestPage, t: Words) -> str:
    at = slot.called.at if slot.called else None
    if at is None:
        return t("We called this place and withdraw the call.")
    return t("We called this place on %(when)s and withdraw the call.", when=t.short(at, page.election.zone))


SENTENCES: Mapping[SlotState, Callable[[SlotView, ContestPage, Words], str]] = {
    SlotState.TOO_EARLY: _early,
    SlotState.TOO_CLOSE: _close,
    SlotState.LEADING: _leading,
    SlotState.LIKELY: _likely,
    SlotState.CALLED: lambda _, page, t: CALLED[goal(page)](t, whither(page, t)),
    SlotState.UNDER_REVIEW: _review,
    SlotState.RETRACTED: _retracted,
    SlotState.CERTIFIED: _certified,
}


# -- what stands behind it -----------------------------------------------------------------------------------------------------------


def _notes(slot: SlotView, page: ContestPage, t: Words) -> Iterator[str]:
    if slot.option is None:
        return
    yield from _ours(slot, page, t)
    if slot.conditional:
        yield _condition(page.view, t)
    if slot.state is not SlotState.TOO_EARLY:
        yield from _theirs(slot.option.id, page.view, t)
    if slot.state not in {SlotState.CERTIFIED, SlotState.TOO_EARLY, SlotState.TOO_CLOSE} and slot.since:
        yield t("In a place since the count of %(when)s.", when=t.short(slot.since, page.election.zone))
    held = sum(finding.severity is Severity.HOLD_CALLS for finding in page.view.findings)
    if held and slot.state is not SlotState.CERTIFIED:
        yield t.plural("%(num)s open finding holds the call.", "%(num)s open findings hold the call.", held)


def _ours(slot: SlotView, page: ContestPage, t: Words) -> Iterator[str]:
    """Say what people made of whoever holds the place, and who takes it back."""
    call, zone = slot.called, page.election.zone
    if call is None:
        return
    if call.at:
        yield t("Called by racecall on %(when)s, by %(people)s.", when=t.short(call.at, zone), people=_people(call.by, t))
    elif call.waiting:
        yield t("Proposed by %(people)s; a second person has not approved it.", people=_people([one.by for one in call.waiting], t))
    if slot.state is SlotState.UNDER_REVIEW and not call.last:
        yield t("A later count or figure speaks against the call.")
    for one in dict.fromkeys((*call.last, *call.waiting)):
        if one.kind is DecisionKind.RETRACT:
            yield _taken_back(one, page, t)


def _people(names: Sequence[str], t: Words) -> str:
    return t.listed([english(one, t) for one in names])


def _taken_back(one: Decision, page: ContestPage, t: Words) -> str:
    when = t.short(one.at, page.election.zone)
    return t("Taken back by %(by)s on %(when)s: %(reason)s", by=english(one.by, t), when=when, reason=english(one.reason, t))


def withdrawn(page: ContestPage, t: Words) -> tuple[str, ...]:
    """Say of every withdrawn call that no place shows that we made it and withdraw it: it does not vanish with the lead."""
    return tuple(
        t(
            "We called %(who)s on %(when)s and withdraw the call.",
            who=name(page.contest.option(call.option), t),
            when=t.short(call.at, page.election.zone),
        )
        for call in withdrawn_calls(page.view)
        if call.at
    )


def withdrawn_calls(view: ContestView) -> tuple[Call, ...]:
    """Return the withdrawn calls of options that hold no place."""
    shown = {slot.option.id for slot in view.slots if slot.option}
    return tuple(call for call in view.calls if call.state is SlotState.RETRACTED and call.option not in shown)


def _condition(view: ContestView, t: Words) -> str:
    test = view.outright
    if test is None:
        return t("Somebody may still win outright, and then there is no next round.")
    who, limit = name(view.contest.option(test.option), t), t.percent(float(test.fraction), 0)
    if test.assured:
        return t("%(who)s passes %(limit)s whatever the ballots still out say.", who=who, limit=limit)
    if test.needed is None or test.needed > 1:
        return t("%(who)s has %(share)s; passing %(limit)s would end it here.", who=who, share=t.percent(test.share), limit=limit)
    return t(
        "%(who)s has %(share)s and needs %(needed)s of the ballots still out to pass %(limit)s, which would end it here.",
        who=who,
        share=t.percent(test.share),
        needed=t.percent(test.needed),
        limit=limit,
    )


def _theirs(option: str, view: ContestView, t: Words) -> Iterator[str]:
    """Say which agencies have called somebody to go through, and which of those that call this contest have not."""
    standing = agency_calls(view)
    called = [english(by, t) for by, options in standing.items() if option in options]
    silent = [english(by, t) for by, options in standing.items() if option not in options]
    if called:
        yield t.plural("%(who)s has called it.", "%(who)s have called it.", len(called), who=t.listed(called))
    if silent:
        yield t.plural("%(who)s has not called it.", "%(who)s have not called it.", len(silent), who=t.listed(silent))


def agency_calls(view: ContestView) -> Mapping[str, tuple[str, ...]]:
    """Return the options that each agency has called and not taken back, by agency, in the order of their first calls."""
    standing: dict[str, list[str]] = {}
    for report in view.reports:
        if report.kind is ReportKind.AGENCY_CALL:
            standing.setdefault(report.by, []).append(report.option)
        elif report.kind is ReportKind.AGENCY_RETRACTION:
            standing[report.by] = [option for option in standing.get(report.by, []) if option != report.option]
    return {by: tuple(dict.fromkeys(options)) for by, options in standing.items()}


def order_note(page: ContestPage, t: Words) -> str:
    """Say that the order of those who go through is not called; "" where nobody is called or order does not matter."""
    slots = page.view.slots
    called = [slot for slot in slots if slot.state in {SlotState.CALLED, SlotState.LIKELY}]
    if len(slots) < 2 or not called or goal(page) != "advance":
        return ""
    return t("Not called: who finishes first. The places are numbered by the count so far, and late ballots may change the order.")
