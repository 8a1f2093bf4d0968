"""Words that several templates need: `{{ value | name_of_filter }}`, each a function of a value and the page's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from racecall.ledger.events import iso
from racecall.publish.languages.words import Words
from racecall.publish.site import beside_words, cards, counting, course, deck, speech, standing, states
from racecall.publish.site.index import group_words
from racecall.publish.site.index_words import deck_words, people_words, state_glyphs, state_meaning

DOWNLOADS: Mapping[str, Callable[[Words], str]] = {
    "nist-json": lambda t: t("Results report (NIST, JSON)"),
    "nist-xml": lambda t: t("Results report (NIST, XML)"),
    "openelections": lambda t: t("Counts (OpenElections, CSV)"),
    "elex": lambda t: t("Counts (elex, CSV)"),
    "parquet": lambda t: t("Counts by release (Parquet)"),
    "atom": lambda t: t("What happens in this contest (Atom feed)"),
    "arrow": lambda t: t("Counts by release (Arrow)"),
}
"""Names of files to take away, by the id of the publisher that writes them."""


def download(publisher: str, t: Words) -> str:
    """Name a file to take away; one that an unknown publisher wrote has that publisher's name."""
    known = DOWNLOADS.get(publisher)
    return known(t) if known else publisher


def isotime(moment: datetime, _: Words) -> str:
    """Write a moment for machines: the `datetime` of a `<time>`."""
    return iso(moment)


@lru_cache(maxsize=4096)
def when(moment: datetime, t: Words, zone: ZoneInfo) -> Markup:
    """Write a moment for people and machines: a `<time>` in the county's time."""
    return Markup('<time datetime="{}">{}</time>').format(iso(moment), t.short(moment, zone))


FILTERS: Mapping[str, Callable[..., Any]] = {
    "isotime": isotime,
    "when": when,
    "download": download,
    "letter": speech.letter,
    "english": speech.english,
    "name": speech.english,
    "person": speech.person,
    "named": speech.name,
    "source": speech.source,
    "origin": speech.origin,
    "goal": lambda page, _: speech.goal(page),
    "next_round": lambda page, _: speech.next_round(page),
    "certified": lambda view, _: states.is_certified(view),
    "status": states.status,
    "deck": deck.deck,
    "place_cards": cards.place_cards,
    "order_note": cards.order_note,
    "withdrawn": cards.withdrawn,
    "headline": counting.headline,
    "precincts": counting.precincts,
    "certainty": counting.certainty,
    "roll": counting.roll,
    "counting_bar": counting.counting_bar,
    "out_sentence": counting.out_sentence,
    "standing_table": standing.standing_table,
    "recount": standing.recount,
    "call_log": course.call_log,
    "coming": course.coming,
    "election_day": course.election_day,
    "callers": course.callers,
    "claims": course.claims,
    "claims_heading": course.claims_heading,
    "claim": course.claim,
    "figures": course.figures,
    "figure": course.figure,
    "holds": course.holds,
    "corrections": course.corrections,
    "deck_words": deck_words,
    "group_words": group_words,
    "people_words": people_words,
    "state_glyphs": state_glyphs,
    "state_meaning": state_meaning,
    "state_words": states.state_word,
    **beside_words.FILTERS,
}
"""Filters by name; each is called with the value and the page's `Words`, then what the template adds."""
