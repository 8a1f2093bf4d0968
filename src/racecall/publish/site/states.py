"""What a state of a place looks like and is called, the same for every candidate (mock-ups/STYLE.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView
from racecall.model.release import ResultsStatus
from racecall.publish.languages.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLook:
    """How a state is shown; its glyph is the symbol ``g-<state>``, and the state's name the class of its chip.

    Args:
        card: Class of the card, which draws the rule above it.
        rung: How far up the ladder leading, likely, called, certified it stands, 0 for none.
        word: Its word.
    """

    card: str
    rung: int
    word: Callable[[Words], str]


LOOKS: Mapping[SlotState, StateLook] = {
    SlotState.TOO_EARLY: StateLook(card="thin", rung=0, word=lambda t: t.of("state of a place", "Too early")),
    SlotState.TOO_CLOSE: StateLook(card="tight", rung=0, word=lambda t: t.of("state of a place", "Too close")),
    SlotState.LEADING: StateLook(card="open", rung=1, word=lambda t: t.of("state of a place", "Leading")),
    SlotState.LIKELY: StateLook(card="open", rung=2, word=lambda t: t.of("state of a place", "Likely")),
    SlotState.CALLED: StateLook(card="firm", rung=3, word=lambda t: t.of("state of a place", "Called")),
    SlotState.UNDER_REVIEW: StateLook(card="warn", rung=0, word=lambda t: t.of("state of a place", "Call under review")),
    SlotState.RETRACTED: StateLook(card="warn", rung=0, word=lambda t: t.of("state of a place", "Call withdrawn")),
    SlotState.CERTIFIED: StateLook(card="firm", rung=4, word=lambda t: t.of("state of a place", "Certified")),
}
LADDER = (SlotState.LEADING, SlotState.LIKELY, SlotState.CALLED, SlotState.CERTIFIED)
CONDITIONAL: Mapping[SlotState, Callable[[Words], str]] = {
    SlotState.LEADING: lambda t: t.of("state of a place", "Leading, conditional"),
    SlotState.LIKELY: lambda t: t.of("state of a place", "Likely, conditional"),
}
"""Words of a state that rests on another question."""


def state_word(state: SlotState, t: Words) -> str:
    """Return the word of a state."""
    return LOOKS[state].word(t)


def chip_word(slot: SlotView, t: Words) -> str:
    """Return the words of a place's chip."""
    word = CONDITIONAL.get(slot.state, LOOKS[slot.state].word) if slot.conditional else LOOKS[slot.state].word
    return word(t)


@lru_cache(maxsize=256)
def chip(state: SlotState, words: str) -> Markup:
    """Draw a state with its words."""
    return Markup('<span class="chip {}"><svg aria-hidden="true"><use href="#g-{}"/></svg>{}</span>').format(state, state, words)


def ladder(state: SlotState, t: Words) -> tuple[tuple[str, str], ...]:
    """Return the rungs under a name, each with its word and the class that draws it."""
    rung = LOOKS[state].rung
    return tuple((state_word(step, t), _drawn(at, rung)) for at, step in enumerate(LADDER, 1))


def _drawn(at: int, rung: int) -> str:
    return "on here" if at == rung else "on" if at < rung else ""


def is_certified(view: ContestView) -> bool:
    """Whether the count is certified."""
    return view.release is not None and view.release.status is ResultsStatus.CERTIFIED


STATUSES: Mapping[ResultsStatus, Callable[[Words], str]] = {
    ResultsStatus.PRE_ELECTION: lambda t: t("Before the election."),
    ResultsStatus.UNOFFICIAL_PARTIAL: lambda t: t("Unofficial, not certified."),
    ResultsStatus.UNOFFICIAL_COMPLETE: lambda t: t("Unofficial: election night's count, which is not the whole count."),
    ResultsStatus.CORRECTION: lambda t: t("Unofficial, corrected by the office."),
    ResultsStatus.CERTIFIED: lambda t: t("Certified."),
    ResultsStatus.RECOUNT: lambda t: t("A recount."),
}


def status(view: ContestView, t: Words) -> str:
    """Say what kind of count the page shows; "" before there is one."""
    return STATUSES[view.release.status](t) if view.release else ""
