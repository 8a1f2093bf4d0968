"""Families of claims, one file a subject: how each is said, and what of the record settles it.

`FIGURES` has those that hang on a figure, by the name that `figures.TABLE` gives them; `PHRASES` those told from words alone. A new
family is a function with a line in one of the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from racecall.coverage.claims import CheckedClaim
from racecall.coverage.families import (
    calendar,
    careers,
    debates,
    elsewhere,
    events,
    field,
    gains,
    groups,
    issues,
    law,
    margins,
    money,
    movement,
    multiples,
    orders,
    outstanding,
    people,
    progress,
    quotes,
    ranks,
    standing,
    status,
    support,
    talk,
    ties,
    whatif,
)
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.scene import Scene

Figure = Callable[[Parsed, Item, Scene], Iterable[CheckedClaim]]
Phrase = Callable[[Parsed, Scene], Iterable[CheckedClaim]]

FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        "share": standing.share,
        "votes": standing.votes,
        "attached": standing.attached,
        "total": standing.total,
        "voters": standing.voters,
        "margin": margins.margin,
        "short": margins.short,
        "up": gains.up,
        "margin_change": gains.margin_change,
        "mail": outstanding.mail,
        "mail_share": outstanding.mail_share,
        "change_share": gains.change_share,
        "blank": standing.blank,
        "progress": progress.progress,
        "progress_votes": progress.progress_votes,
        "outstanding": outstanding.outstanding,
        "turnout": progress.turnout,
        "change": gains.change,
        "change_total": gains.change_total,
        "change_margin": gains.change_margin,
        "change_margin_was": gains.change_margin_was,
        "batch": gains.batch,
        "field": field.field,
        "party": field.party_count,
        "women": field.women,
        "age": people.age,
        "endorsement_count": support.endorsement_count,
        "money": money.money,
        "group": groups.groups,
        "returned": groups.returned,
        "whatif": whatif.whatif,
    }
)

PHRASES: tuple[Phrase, ...] = (
    ranks.ranks,
    orders.orders,
    standing.majorities,
    progress.all_precincts,
    movement.movements,
    multiples.multiples,
    ties.ties,
    outstanding.kinds_left,
    outstanding.nothing_left,
    field.lone,
    field.parties,
    field.switches,
    status.statuses,
    status.no_call,
    status.uncalled,
    status.called_for,
    status.officially,
    events.events,
    calendar.dates,
    calendar.releases,
    people.posts,
    careers.careers,
    people.superlatives,
    support.endorsements,
    law.policies,
    issues.positions,
    law.roll_calls,
    elsewhere.elsewhere,
    debates.debates,
    quotes.quotes,
    talk.talk,
)
