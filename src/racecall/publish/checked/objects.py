"""A checked story as JSON values with fixed names: names may be added and are never renamed (`docs/check.md` has them)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from racecall.coverage.claims import CheckedClaim, CheckedStory, Remark, Trace
from racecall.coverage.document import Sentence
from racecall.coverage.places import region_of
from racecall.ledger.events import iso
from racecall.publish.checked.words import counted


def checked_object(story: CheckedStory, *, election: str) -> dict[str, Any]:
    """Return a checked story as plain JSON values."""
    document = story.document
    return {
        "election": election,
        "story": document.name,
        "format": document.format,
        "published": iso(document.published) if document.published else None,
        "as_of": iso(story.as_of),
        "ledger_head": story.head,
        "held": story.held,
        "needs_a_person": len(story.wrong),
        "verdicts": {verdict.value: number for verdict, number in counted(story.claims).items()},
        "claims": [claim_object(story, number, claim) for number, claim in enumerate(story.claims, 1)],
        "remarks": [remark_object(story, remark) for remark in story.remarks],
    }


def claim_object(story: CheckedStory, number: int, checked: CheckedClaim) -> dict[str, Any]:
    """Return one claim: what the sentence says, what the record says, and the rows behind that."""
    claim = checked.claim
    return {
        "number": number,
        "sentence": claim.sentence.text,
        "text": claim.text,
        "type": claim.type,
        "verdict": checked.verdict.value,
        "evidence": [trace_object(trace) for trace in checked.evidence],
        "as_of": iso(checked.as_of or story.as_of),
        "reason": checked.reason,
        "suggestion": checked.suggestion,
        "attribution": claim.attribution,
        "quoted": claim.quoted,
        "args": plain(claim.args),
        **_place(story, claim.sentence, claim.start, claim.end),
    }


def remark_object(story: CheckedStory, remark: Remark) -> dict[str, Any]:
    """Return one remark."""
    place = _place(story, remark.sentence, remark.start, remark.end)
    return {"check": remark.check, "sentence": remark.sentence.text, "words": remark.words, **place}


def _place(story: CheckedStory, sentence: Sentence, start: int, end: int) -> dict[str, Any]:
    """Return where words stand: in the sentence, and in the file if that is text."""
    region = region_of(story.document, sentence, start, end)
    return {
        "role": sentence.role.value,
        "sentence_number": sentence.number,
        "start": start,
        "end": end,
        "region": asdict(region) if region else None,
    }


def trace_object(trace: Trace) -> dict[str, Any]:
    """Return one row behind a verdict."""
    return {
        "table": trace.table,
        "row": trace.row,
        "column": trace.column,
        "value": plain(trace.value),
        "formula": trace.formula,
        "words": trace.words,
        "at": iso(trace.at) if trace.at else None,
    }


def plain(value: Any) -> Any:
    """Return a value of a claim as JSON has it: what it has no way to write becomes text."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return msgspec.to_builtins(value, enc_hook=str, str_keys=True)
