"""What the index says of the states of its contests: what they mean, and how many there are of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from markupsafe import Markup

from racecall.calls.states import SlotState
from racecall.publish.languages.words import Figures, Words
from racecall.publish.site.index import Section
from racecall.publish.site.states import state_word

MEANING: Mapping[SlotState, Callable[[Words], str]] = {
    SlotState.TOO_EARLY: lambda t: t("Too little is counted to speak of a lead, or nobody knows how much is left."),
    SlotState.TOO_CLOSE: lambda t: t("The next candidate in line needs little more than an even split of what is left."),
    SlotState.LEADING: lambda t: t("Late ballots have made such a turn before."),
    SlotState.LIKELY: lambda t: t("Few past counts have turned this much. Not called."),
    SlotState.CALLED: lambda t: t("Two people have called every place. None of it is certified."),
    SlotState.UNDER_REVIEW: lambda t: t("New evidence speaks against a call. People are looking at it."),
    SlotState.RETRACTED: lambda t: t("A call was withdrawn. The contest's page says why."),
    SlotState.CERTIFIED: lambda t: t("The election office has certified the count."),
}
"""What a section of the index says of its contests."""

DECK: Mapping[SlotState, Callable[[Words, int], str]] = {
    SlotState.TOO_EARLY: lambda t, n: t.plural("In %(num)s contest it is too early.", "In %(num)s contests it is too early.", n),
    SlotState.TOO_CLOSE: lambda t, n: t.plural("%(num)s contest is too close.", "%(num)s contests are too close.", n),
    SlotState.LEADING: lambda t, n: t.plural("In %(num)s there is a lead.", "In %(num)s there is a lead.", n),
    SlotState.LIKELY: lambda t, n: t.plural("In %(num)s it is likely who goes through.", "In %(num)s it is likely who goes through.", n),
    SlotState.CALLED: lambda t, n: t.plural("%(num)s contest is called.", "%(num)s contests are called.", n),
    SlotState.UNDER_REVIEW: lambda t, n: t.plural("A call is under review.", "Calls in %(num)s contests are under review.", n),
    SlotState.RETRACTED: lambda t, n: t.plural("A call was withdrawn.", "Calls in %(num)s contests were withdrawn.", n),
    SlotState.CERTIFIED: lambda t, n: t.plural("%(num)s contest is certified.", "%(num)s contests are certified.", n),
}
"""How many contests there are of each, a sentence a state."""


def state_meaning(state: SlotState, t: Words) -> str:
    """Say what a state means of the contests under it."""
    return MEANING[state](t)


def deck_words(section: Section, t: Words) -> str:
    """Say how many contests a section has."""
    return DECK[section.state](t, len(section.rows))


People = tuple[tuple[str, float | None], ...]
"""Names, each with the share so far (0 to 1)."""


def people_words(people: People, t: Words) -> Markup:
    """Name people with their shares; there are no words in it, so that it is written once for all languages."""
    return _people_words(people, t.figures)


@lru_cache(maxsize=8192)
def _people_words(people: People, t: Figures) -> Markup:
    each = (Markup("{}&nbsp;{}").format(name, t.number(None if share is None else 100 * share, 1)) for name, share in people)
    return Markup(", ").join(each)


@lru_cache(maxsize=1024)
def state_glyphs(states: tuple[SlotState, ...], t: Words) -> Markup:
    """Draw the states of a contest's places; hundreds of contests have the same ones."""
    glyph = Markup('<svg class="pl" role="img" aria-label="{}"><use href="#g-{}"/></svg>')
    return Markup().join(glyph.format(state_word(state, t), state.value) for state in states)
