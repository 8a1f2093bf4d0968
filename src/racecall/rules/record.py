"""A rule as plain JSON values, for `--json` and for pages: tests as the law files write them, dates and choices as text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from racecall.rules.law import Recount, Rule
from racecall.rules.text import TEXTS, text_of
from racecall.rules.words import goes_on, wins_outright


def summary(rule: Rule) -> dict[str, Any]:
    """Return what a list of rules shows."""
    return {
        "id": rule.id,
        "place": rule.place,
        "offices": rule.offices,
        "family": rule.family,
        "wins_outright": wins_outright(rule),
        "goes_on": goes_on(rule),
        "tie_cut": rule.tie_cut.value,
        "tie_final": rule.tie_final.value,
        "confidence": rule.confidence.value,
        "uncertain": rule.uncertain,
        "source": rule.source,
    }


def rule_record(rule: Rule) -> dict[str, Any]:
    """Return everything a rule says, with its recount provisions and its warning."""
    return {**_plain(rule), **summary(rule), "warning": rule.warning}


def recount_record(recount: Recount) -> dict[str, Any]:
    """Return everything a recount provision says."""
    return dict(_plain(recount))


def _plain(value: Any) -> Any:
    if type(value) in TEXTS:
        return text_of(value)
    if is_dataclass(value):
        return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
