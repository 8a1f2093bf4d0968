"""The states of a place in a reader's language, and the glyph of each (mock-ups/STYLE.md section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from racecall.calls.states import SlotState
from racecall.publish.languages.words import Words

STATE: Mapping[SlotState, Callable[[Words], str]] = {
    SlotState.TOO_EARLY: lambda t: t.of("state of a place", "Too early"),
    SlotState.TOO_CLOSE: lambda t: t.of("state of a place", "Too close"),
    SlotState.LEADING: lambda t: t.of("state of a place", "Leading"),
    SlotState.LIKELY: lambda t: t.of("state of a place", "Likely"),
    SlotState.CALLED: lambda t: t.of("state of a place", "Called"),
    SlotState.UNDER_REVIEW: lambda t: t.of("state of a place", "Call under review"),
    SlotState.RETRACTED: lambda t: t.of("state of a place", "Call withdrawn"),
    SlotState.CERTIFIED: lambda t: t.of("state of a place", "Certified"),
}
"""Literal, so that translators find them."""


def state_words(state: SlotState, t: Words) -> str:
    """Name a state."""
    return STATE[state](t)
