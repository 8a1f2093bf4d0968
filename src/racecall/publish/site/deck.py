"""The sentences under a contest's title: what may be said of its places, and how much is still out. Nothing above the state's words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView
from racecall.model.contest import Option
from racecall.model.release import ResultsStatus
from racecall.publish.languages.words import Words
from racecall.publish.site.cards import withdrawn_calls
from racecall.publish.site.page import ContestPage, once
from racecall.publish.site.speech import goal, name, names, points, whither
from racecall.publish.site.states import is_certified

Say = Callable[[Words, str, int, str], str]
"""A sentence about somebody: a language, their names, how many they are, and where they go."""

ORDER = (
    SlotState.CERTIFIED,
    SlotState.CALLED,
    SlotState.UNDER_REVIEW,
    SlotState.RETRACTED,
    SlotState.LIKELY,
    SlotState.LEADING,
    SlotState.TOO_CLOSE,
    SlotState.TOO_EARLY,
)
"""States in the order in which the deck speaks of them."""

SAID: Mapping[tuple[SlotState, str], Say] = {
    (SlotState.CERTIFIED, "advance"): lambda t, who, n, where: t.plural(
        "%(who)s has advanced %(where)s.", "%(who)s have advanced %(where)s.", n, who=who, where=where
    ),
    (SlotState.CERTIFIED, "elect"): lambda t, who, n, _: t.plural("%(who)s was elected.", "%(who)s were elected.", n, who=who),
    (SlotState.CERTIFIED, "measure"): lambda t, who, n, _: t.plural("%(who)s prevailed.", "%(who)s prevailed.", n, who=who),
    (SlotState.CALLED, "advance"): lambda t, who, n, where: t.plural(
        "%(who)s advances %(where)s, racecall projects.", "%(who)s advance %(where)s, racecall projects.", n, who=who, where=where
    ),
    (SlotState.CALLED, "elect"): lambda t, who, n, _: t.plural(
        "%(who)s will be elected, racecall projects.", "%(who)s will be elected, racecall projects.", n, who=who
    ),
    (SlotState.CALLED, "measure"): lambda t, who, n, _: t.plural(
        "%(who)s will prevail, racecall projects.", "%(who)s will prevail, racecall projects.", n, who=who
    ),
    (SlotState.LIKELY, "advance"): lambda t, who, n, where: t.plural(
        "%(who)s is likely to advance %(where)s. Not called.",
        "%(who)s are likely to advance %(where)s. Not called.",
        n,
        who=who,
        where=where,
    ),
    (SlotState.LIKELY, "elect"): lambda t, who, n, _: t.plural(
        "%(who)s is likely to be elected. Not called.", "%(who)s are likely to be elected. Not called.", n, who=who
    ),
    (SlotState.LIKELY, "measure"): lambda t, who, n, _: t.plural(
        "%(who)s is likely to prevail. Not called.", "%(who)s are likely to prevail. Not called.", n, who=who
    ),
}
"""Sentences that depend on what a place is for."""

ALIKE: Mapping[SlotState, Say] = {
    SlotState.LEADING: lambda t, who, n, _: t.plural("%(who)s leads so far. Not called.", "%(who)s lead so far. Not called.", n, who=who),
    SlotState.UNDER_REVIEW: lambda t, who, n, _: t.plural(
        "Our call for %(who)s is under review.", "Our calls for %(who)s are under review.", n, who=who
    ),
    SlotState.RETRACTED: lambda t, who, n, _: t.plural(
        "We have withdrawn our call for %(who)s.", "We have withdrawn our calls for %(who)s.", n, who=who
    ),
}
"""Sentences that are the same for every kind of place."""

OPEN: Mapping[str, Callable[[Words, str], str]] = {
    "advance": lambda t, where: t("It is too close to say who else advances %(where)s.", where=where),
    "elect": lambda t, _: t("It is too close to say who else is elected."),
    "measure": lambda t, _: t("It is too close to say which answer prevails."),
}
CLOSE: Mapping[str, Callable[[Words, str], str]] = {
    "advance": lambda t, where: t("It is too close to say who advances %(where)s.", where=where),
    "elect": lambda t, _: t("It is too close to say who is elected."),
    "measure": OPEN["measure"],
}


@once
def deck(page: ContestPage, t: Words) -> Markup:
    """Say what may be said of the contest, in two or three sentences."""
    return Markup(" ").join([*_places(page, t), *_course(page, t)])


def _places(page: ContestPage, t: Words) -> Iterator[str]:
    view = page.view
    if view.release is None or not view.votes_counted:
        yield t("No votes have been counted yet.")
        return
    if any(slot.conditional for slot in view.slots):
        yield t("Whether somebody wins outright, or there is a next round, is open.")
    held = {state: [slot.option for slot in view.slots if slot.state is state and slot.option] for state in ORDER}
    held[SlotState.RETRACTED] += [view.contest.option(call.option) for call in withdrawn_calls(view)]
    for state in ORDER:
        if state is SlotState.TOO_EARLY or not held[state]:
            continue
        yield _close(page, t) if state is SlotState.TOO_CLOSE else _said(state, held[state], page, t)
    if held[SlotState.TOO_EARLY]:
        yield t("It is too early to say who is ahead.")
    if is_certified(view) and not any(slot.option for slot in view.slots) and not view.outcome.ties:
        yield t("Votes by candidate do not say who is elected.")
    for tie in view.outcome.ties if is_certified(view) else ():
        yield t("%(names)s are tied.", names=names([view.contest.option(one) for one in tie.options], t))


def _said(state: SlotState, options: list[Option], page: ContestPage, t: Words) -> str:
    say = ALIKE.get(state) or SAID[state, _goal(page, options[0])]
    return say(t, names(options, t), len(options), whither(page, t))


def _goal(page: ContestPage, option: Option) -> str:
    """Whoever is elected outright in a first round is elected, and does not advance."""
    return "elect" if option.id in page.view.outcome.elected and is_certified(page.view) and goal(page) != "measure" else goal(page)


def _close(page: ContestPage, t: Words) -> str:
    settled = any(slot.state is not SlotState.TOO_CLOSE for slot in page.view.slots)
    return (OPEN if settled else CLOSE)[goal(page)](t, whither(page, t))


def _course(page: ContestPage, t: Words) -> Iterator[str]:
    view = page.view
    if view.release is None:
        return
    if is_certified(view):
        yield from _since_night(page, t)
    elif view.share_counted:
        yield t("About %(share)s of ballots are counted.", share=t.percent(view.share_counted.likely, 0))
    elif view.votes_counted:
        yield t("How many ballots are still out is not known.")


def night(page: ContestPage) -> ContestView | None:
    """Return the look at the end of election night, None if nobody said which count that was."""
    looks = [look for look in page.looks if look.release and look.release.status is ResultsStatus.UNOFFICIAL_COMPLETE]
    return looks[0] if looks else None


def _since_night(page: ContestPage, t: Words) -> Iterator[str]:
    """Say how the lead of the first over the second moved after election night."""
    then, now = night(page), page.view
    standing = [line for line in now.options if line.option.is_person and line.votes is not None][:2]
    before = {line.option.id: line.votes for line in then.options} if then else {}
    if then is None or len(standing) < 2 or any(before.get(line.option.id) is None for line in standing):
        return
    first, second = standing
    gap = (before[first.option.id] or 0) - (before[second.option.id] or 0)
    yield t(
        "The gap between %(first)s and %(second)s was %(then)s points on election night and is %(now)s in the certified count.",
        first=name(first.option, t),
        second=name(second.option, t),
        then=points(abs(gap), then, t),
        now=points((first.votes or 0) - (second.votes or 0), now, t),
    )
    if gap < 0:
        yield t("They have changed places.")
