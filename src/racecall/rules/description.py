"""A rule line by line, in words: what a person reads who wants to know how a contest is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from racecall.rules.law import Recount, Rule
from racecall.rules.text import text_of
from racecall.rules.words import CONFIDENCES, METHODS, ROUNDS, TIES, denominators_of, goes_on, requirement, scope, wins_outright


def describe(rule: Rule) -> Iterator[tuple[str, str]]:
    """Yield label and words for everything the rule says; what it does not say is left out."""
    for label, line in LINES.items():
        if text := line(rule):
            yield label, text


def limits(recount: Recount) -> list[str]:
    """Say which margins of a recount provision are computed, one a line."""
    lines = []
    for limit in recount.limits:
        tests = " or ".join(" and ".join(text_of(test) for test in tests) for tests in limit.tests)
        lines.append(f"{tests} ({scope(limit)})" if scope(limit) else tests)
    return lines or ["nothing: no margin is named"]


def _given(value: Any) -> str:
    """Say what a value says beyond its defaults: ``days: 28; winner: plurality``."""
    given = {item.name: getattr(value, item.name) for item in fields(value) if getattr(value, item.name) != item.default} if value else {}
    return "; ".join(name if said is True else f"{name}: {said}" for name, said in given.items()).replace("_", " ")


def _write_ins(rule: Rule) -> str:
    if rule.write_ins is None:
        return ""
    counted = {"declared": "counted for declared candidates", False: "not counted"}.get(rule.write_ins.counted, "counted")
    through = ("can advance" if rule.write_ins.can_advance else "cannot advance") if rule.write_ins.counted else ""
    return _joined(counted, through, "printed in the next round" if rule.write_ins.printed_in_runoff else "")


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _outright(rule: Rule) -> str:
    few = f" (with fewer than {rule.min_candidates} candidates: the most votes)" if rule.min_candidates else ""
    return wins_outright(rule) + few


def _request(rule: Rule) -> str:
    if rule.trigger is None:
        return ""
    days = f" within {rule.trigger.deadline_days} days" if rule.trigger.deadline_days else ""
    return f"the next round is held only if the {rule.trigger.on_request_by} asks for it{days}"


LINES: Mapping[str, Callable[[Rule], str]] = {
    "Place": lambda rule: rule.place,
    "Contests": lambda rule: rule.offices,
    "Open to": lambda rule: {"all": "all candidates", "party": "one party's candidates"}.get(rule.field, rule.field),
    "Decided by": lambda rule: _joined(METHODS[rule.method], _given(rule.irv)),
    "Wins outright": _outright,
    "Counted out of": lambda rule: "; ".join(denominators_of(rule)),
    "Void if": lambda rule: requirement(rule.void_if) if rule.void_if else "",
    "Goes on": goes_on,
    "Next round": lambda rule: _joined(ROUNDS.get(rule.next_round, rule.next_round), _given(rule.runoff)) if rule.advance else "",
    "On request": _request,
    "Otherwise": lambda rule: rule.fallback,
    "Tie at the cut": lambda rule: TIES[rule.tie_cut] if rule.advance else "",
    "Tie for a seat": lambda rule: TIES[rule.tie_final] if rule.elect else "",
    "Write-ins": _write_ins,
    "Withdrawn": lambda rule: "their votes are void" if rule.withdrawn_votes == "void" else "",
    "If one drops out": lambda rule: _joined(_given(rule.replacement), rule.withdrawal),
    "Uncontested": lambda rule: rule.uncontested,
    "Not candidates": lambda rule: ", ".join(rule.non_candidates),
    "Lists may merge": lambda rule: requirement(rule.merge) if rule.merge else "",
    "In force": lambda rule: _given(rule.effective),
    "Note": lambda rule: rule.note,
    "To check": lambda rule: rule.check,
    "Source": lambda rule: rule.source,
    "Known from": lambda rule: CONFIDENCES[rule.confidence],
}
"""Label -> what it says of a rule; "" leaves the line out."""


def markdown(rule: Rule) -> str:
    """Write a rule as a section of its family's page; `tests/rules/test_pages.py` holds the pages to it."""
    return "\n".join([f"## `{rule.id}`", "", *(f"- {label}: {_marked(text)}" for label, text in describe(rule)), ""])


def recount_markdown(recount: Recount) -> str:
    """Write a recount provision as a section of `docs/rules/recounts.md`."""
    doubt = recount.check or ("second hand or from memory" if recount.uncertain else "")
    parts = {
        "In our notes": f"`{recount.text}`",
        "Computed": "; ".join(limits(recount)),
        "Applies to": recount.applies_to,
        "Note": recount.note,
        "Uncertain": doubt,
        "Source": recount.source,
        "Known from": CONFIDENCES[recount.confidence],
    }
    lines = [f"- {label}: {text if label == 'In our notes' else _marked(text)}" for label, text in parts.items() if text]
    return "\n".join([f"## {recount.place}, {recount.kind}", "", *lines, ""])


def _marked(text: str) -> str:
    """Keep signs of comparison and underscores from being read as markup."""
    return text.replace("<", r"\<").replace(">", r"\>").replace("_", r"\_")
