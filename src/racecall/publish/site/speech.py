"""Pieces of sentences that every part of a page needs: names, lists of names, words of the record, where to read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup

from racecall.calls.view import ContestView
from racecall.model.contest import ANSWERS, ElectionType, Option, SlotKind, is_measure
from racecall.model.writing import NONE
from racecall.publish.languages.words import Words
from racecall.publish.site.page import LETTERS, ContestPage, Mark

MANY = 3
"""From here on a sentence counts candidates instead of naming them."""


def letter(mark: Mark, _: Words) -> str:
    """Return the letter of a mark."""
    return LETTERS[mark]


def english(text: str, t: Words) -> str:
    """Mark text that stays English on a page in another language: names, and words of the record."""
    return _english(text, t.code)


@lru_cache(maxsize=4096)
def _english(text: str, code: str) -> str:
    return Markup('<span lang="en">{}</span>').format(text) if code != "en" else text


def person(option: Option, t: Words) -> str:
    """Return a name as the ballot prints it, where it stands alone; never translated."""
    return english(option.name, t)


def name(option: Option, t: Words) -> str:
    """Return a name where a sentence goes on after it."""
    return _titled(option, english(option.name, t), t)


def plain_name(option: Option, t: Words) -> str:
    """Return a name where a sentence goes on after it and no markup can stand: in what a screen reader says of a picture."""
    return _titled(option, option.name, t)


def _titled(option: Option, written: str, t: Words) -> str:
    """Add what a language puts after a candidate's name, so that no grammar depends on how the name ends; an answer has no title."""
    if not option.is_person or option.name.casefold() in ANSWERS:
        return written
    return t.of("a candidate in a sentence", "%(name)s", name=written)


def names(options: Sequence[Option], t: Words) -> str:
    """Name up to three candidates, count more."""
    if len(options) > MANY:
        return t.plural("%(num)s candidate", "%(num)s candidates", len(options))
    return t.listed([name(option, t) for option in options])


def source(text: str, t: Words) -> str:
    """Return where something can be read: every address in it becomes a link under the words before it."""
    return _source(text, t.code)


@lru_cache(maxsize=4096)
def _source(text: str, code: str) -> str:
    *pairs, rest = ADDRESS.split(text)
    if not pairs:
        return _english(text, code)
    links = [_link(words, address, code) for words, address in zip(pairs[::2], pairs[1::2], strict=True)]
    left = rest.strip(" ,;.)")
    return Markup("; ").join([*links, _english(left, code)] if left else links)


ADDRESS = re.compile(r"(https?://\S+)")


def _link(words: str, address: str, code: str) -> str:
    label = words.strip(" :;,(") or address.split("/")[2]
    return Markup('<a href="{}" rel="noopener">{}</a>').format(address.rstrip(").,;"), _english(label, code))


def hash_words(text: str) -> Markup:
    """Return the start of a hash; whoever points at it sees the whole."""
    return Markup('<span class="hash" title="{}">{}</span>').format(text, text[:12])


def origin(text: str, t: Words) -> str:
    """Return who said something, without the address."""
    return english(ADDRESS.split(text)[0].strip(" :(") or text, t)


def share(part: float | None, t: Words, beside: float | None = None) -> str:
    """Write a share with one decimal, with two where it and the one `beside` it are less than a point apart."""
    close = part is not None and beside is not None and abs(part - beside) < 0.01
    return t.percent(part, 2 if close else 1)


def points(votes: int, view: ContestView, t: Words) -> str:
    """Write a margin in points of all votes counted; with two decimals under one point."""
    if not view.votes_counted:
        return NONE
    gap = 100 * votes / view.votes_counted
    return t.number(gap, 2 if 0 < gap < 1 else 1)


def goal(page: ContestPage) -> str:
    """Return what filling a place of the contest means: ``measure``, ``elect`` or ``advance``."""
    if is_measure(page.contest):
        return "measure"
    slots = page.view.slots
    return "advance" if slots and slots[0].slot.kind is SlotKind.ADVANCE else "elect"


_ROUNDS = {
    ElectionType.RUNOFF: "runoff",
    ElectionType.SPECIAL_RUNOFF: "runoff",
    ElectionType.GENERAL: "general",
}


def next_round(page: ContestPage) -> str:
    """Return what the contest's places lead to: ``runoff``, ``general``, or "" where only the law knows."""
    known = _ROUNDS.get(page.after.election_type, "") if page.after else ""
    return known or page.view.outcome.next_round


def whither(page: ContestPage, t: Words) -> str:
    """Say where whoever fills a place goes."""
    followed = next_round(page)
    if followed == "runoff":
        return t.of("whither", "to the runoff")
    if followed == "general":
        return t.of("whither", "to the general election")
    return t.of("whither", "to the next round")
