"""What an open page fetches: a tiny pointer every half minute, and one patch when its contest has changed.

The pointer of a contest names its version, the version that its patches begin from, and a patch a language. A page that is older than that
fetches itself anew. A patch holds the parts whose HTML has changed, and one sentence for people who hear the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView, SlotView
from racecall.ledger.events import iso
from racecall.publish.languages.words import Words
from racecall.publish.site import paths
from racecall.publish.site.states import state_word


def changed_parts(before: str, parts: Mapping[str, str]) -> dict[str, str]:
    """Return the parts that a published page does not show yet.

    Args:
        before: HTML of the page as it was published last.
        parts: Parts by name as they are now.
    """
    shown = {one.partition('"')[0]: one for one in before.split('data-part="')[1:]}
    return {name: html for name, html in parts.items() if not shown.get(name, "").startswith(f'{name}">{html}</div>')}


def patch(parts: Mapping[str, str], view: ContestView, *, version: int, say: str, urgent: bool) -> bytes:
    """Return a patch.

    Args:
        parts: The changed parts by name.
        view: What the contest's page shows now.
        version: The version that the patch leads to.
        say: A sentence for people who hear the page.
        urgent: Whether a call was withdrawn: the only thing that interrupts.
    """
    return _json({"version": version, "as_of": iso(view.as_of), "say": say, "urgent": urgent, "parts": dict(parts)})


def contest_pointer(view: ContestView, languages: Iterable[str], *, version: int, before: int) -> bytes:
    """Return the pointer of a contest; without a version before (0) there is nothing to patch."""
    patches = {language: paths.patch(version, view.contest.id, language) for language in languages} if before else {}
    return _json({"version": version, "from": before, "as_of": iso(view.as_of), "patches": patches})


def site_pointer(version: int, as_of: str) -> bytes:
    """Return the pointer of the whole site."""
    return _json({"version": version, "as_of": as_of})


def sentence(view: ContestView, states_before: Mapping[int, str], t: Words) -> str:
    """Say in one sentence what is new, places whose state has changed first.

    Args:
        view: What the contest's page shows now.
        states_before: State by place as it was published last.
        t: The language.
    """
    said = [_place(slot, t) for slot in view.slots if states_before.get(slot.slot.number) != slot.state]
    if view.share_counted:
        said.append(str(t("About %(share)s of ballots are counted.", share=t.percent(view.share_counted.likely, 0))))
    elif view.votes_counted:
        said.append(t.plural("%(num)s vote is counted.", "%(num)s votes are counted.", view.votes_counted))
    return str(t("Update: %(news)s", news=" ".join(said)))


def _place(slot: SlotView, t: Words) -> str:
    state = state_word(slot.state, t)
    if slot.option is None:
        return t("Place %(place)s: %(state)s.", place=slot.slot.number, state=state)
    return t("Place %(place)s, %(name)s: %(state)s.", place=slot.slot.number, name=slot.option.name, state=state)


def is_withdrawn(view: ContestView, states_before: Mapping[int, str]) -> bool:
    """Whether a call was withdrawn since the page was published last."""
    return any(slot.state is SlotState.RETRACTED != states_before.get(slot.slot.number) for slot in view.slots)


def _json(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(value)
