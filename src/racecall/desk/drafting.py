"""A first `election.toml` from a results file: contests and options as the source lists them, rules guessed and marked for a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from racecall.model.contest import Contest, Election, Option, OptionKind
from racecall.model.release import ListedContest, ListedOption, Reading

PLURALITY, MEASURE = "generic-plurality", "measure-majority"
"""Rules put in where the source does not say: not law, and said so wherever they are used."""

YES_NO = frozenset({"yes", "no"})


def draft_election(readings: Iterable[Reading], *, id_: str, title: str, day: date, timezone: str, rule: str = "") -> Election:
    """Return an election with every contest that the files list.

    Args:
        readings: The files, as read.
        id_: Id of the election.
        title: Its title.
        day: Election day.
        timezone: IANA zone.
        rule: Rule for the contests between candidates; `PLURALITY` if empty.
    """
    listed = {contest.key: contest for reading in readings for release in reading.releases for contest in release.contests}
    ids = Ids()
    return Election(id=id_, title=title, date=day, timezone=timezone, contests=tuple(_contest(one, ids, rule) for one in listed.values()))


class Ids:
    """Short ids from names, each used once."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def make(self, name: str, *, fallback: str = "contest") -> str:
        """Return the name in lower-case letters, digits and hyphens, with a number if it was used before."""
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or fallback
        self._used[slug] = self._used.get(slug, 0) + 1
        return slug if self._used[slug] == 1 else f"{slug}-{self._used[slug]}"


def _contest(listed: ListedContest, ids: Ids, rule: str) -> Contest:
    names = {option.name.casefold() for option in listed.options}
    own = Ids()
    return Contest(
        id=ids.make(listed.title),
        title=listed.title,
        rule=MEASURE if names == YES_NO else rule or PLURALITY,
        votes_allowed=listed.votes_allowed or 1,
        number_elected=listed.votes_allowed or 1,
        source_names=() if listed.key == listed.title else (listed.key,),
        options=tuple(_option(option, order, own) for order, option in enumerate(listed.options, 1)),
    )


def _option(listed: ListedOption, order: int, ids: Ids) -> Option:
    kind = OptionKind(listed.kind) if listed.kind in set(OptionKind) else OptionKind.PRINTED
    aliases = () if listed.key == listed.name else (listed.key,)
    return Option(
        id=ids.make(listed.name, fallback="option"), name=listed.name, party=listed.party, kind=kind, ballot_order=order, aliases=aliases
    )
