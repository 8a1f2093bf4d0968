"""A checked story as SARIF 2.1.0, the format in which checks tell a repository what they found (OASIS, 27 March 2020).

Verdicts and remarks are its rules. What is confirmed, an opinion or an allegation is no result: nobody has to look at it there.
Lines and columns are those of the file, counted in characters (`unicodeCodePoints`); of a Word document the line is the paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from racecall import __version__
from racecall.coverage.claims import CheckedClaim, CheckedStory, Remark, Verdict
from racecall.coverage.document import Sentence
from racecall.coverage.places import region_of
from racecall.origin import sha256_hex
from racecall.publish.checked.words import MEANINGS, VERDICTS, as_sentence, evidence

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "error",
    Verdict.OVERSTATED: "warning",
    Verdict.STALE: "warning",
    Verdict.AMBIGUOUS_BASE: "warning",
    Verdict.UNDERSTATED: "note",
    Verdict.CANNOT_CHECK: "note",
}
"""Section 3.27.10; verdicts that are not here are no results."""
REMARK_LEVEL = "note"


def sarif_log(stories: Sequence[CheckedStory]) -> dict[str, Any]:
    """Return checked stories as one log with one run.

    Args:
        stories: The stories; the name of each is the path of its file as the repository has it.
    """
    rules = [*(_verdict_rule(verdict) for verdict in LEVELS), *(_remark_rule(check) for check in _checks(stories))]
    index = {rule["id"]: place for place, rule in enumerate(rules)}
    results = [result for story in stories for result in _results(story, index)]
    run = {
        "tool": {"driver": {"name": "racecall", "version": __version__, "semanticVersion": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "artifacts": [{"location": {"uri": _uri(story)}} for story in stories],
        "results": results,
        "invocations": [{"executionSuccessful": True}],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _checks(stories: Sequence[CheckedStory]) -> list[str]:
    return sorted({remark.check for story in stories for remark in story.remarks})


def _verdict_rule(verdict: Verdict) -> dict[str, Any]:
    return _rule(verdict.value, VERDICTS[verdict], MEANINGS[verdict], LEVELS[verdict])


def _remark_rule(check: str) -> dict[str, Any]:
    return _rule(check, as_sentence(check), f"{as_sentence(check)}: worth a look, and no claim.", REMARK_LEVEL)


def _rule(id_: str, name: str, meaning: str, level: str) -> dict[str, Any]:
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in name.split()),
        "shortDescription": {"text": name},
        "fullDescription": {"text": meaning},
        "help": {"text": meaning},
        "defaultConfiguration": {"level": level},
    }


def _results(story: CheckedStory, index: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for checked in story.claims:
        if checked.verdict in LEVELS:
            claim = checked.claim
            place = _place(story, claim.sentence, claim.start, claim.end)
            yield {
                **_result(index, checked.verdict.value, LEVELS[checked.verdict], _message(checked)),
                **place,
                "properties": _more(checked),
            }
    for remark in story.remarks:
        yield {**_result(index, remark.check, REMARK_LEVEL, remark.words), **_remark_place(story, remark)}


def _result(index: Mapping[str, int], rule: str, level: str, message: str) -> dict[str, Any]:
    return {"ruleId": rule, "ruleIndex": index[rule], "level": level, "message": {"text": message}}


def _message(checked: CheckedClaim) -> str:
    """Write a claim for somebody who sees one line of it: what is said, the verdict, the reason, the row, and better words."""
    said = f"“{checked.claim.text}”: {VERDICTS[checked.verdict].lower()}. {checked.reason}"
    row = evidence(checked)
    return " ".join(filter(None, (said, f"[{row}]" if row else "", f"Say: {checked.suggestion}" if checked.suggestion else "")))


def _more(checked: CheckedClaim) -> dict[str, str]:
    return {"type": checked.claim.type, "suggestion": checked.suggestion, "evidence": evidence(checked)}


def _remark_place(story: CheckedStory, remark: Remark) -> dict[str, Any]:
    return _place(story, remark.sentence, remark.start, remark.end)


def _place(story: CheckedStory, sentence: Sentence, start: int, end: int) -> dict[str, Any]:
    """Return where a result lies, and by which words it is known again when lines before it move (3.27.17)."""
    said = sentence.text[start:end]
    place = {"artifactLocation": {"uri": _uri(story)}, "region": _region(story, sentence, start, end)}
    return {
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"racecallWords/v1": sha256_hex(f"{sentence.text}|{said}".encode())},
    }


def _region(story: CheckedStory, sentence: Sentence, start: int, end: int) -> dict[str, Any]:
    found = region_of(story.document, sentence, start, end)
    if found is None:
        return {"startLine": story.document.blocks[sentence.block].line}
    lines = {"startLine": found.line, "startColumn": found.column, "endLine": found.end_line, "endColumn": found.end_column}
    snippet = story.document.source[found.start : found.end]
    return {**lines, "charOffset": found.start, "charLength": found.end - found.start, "snippet": {"text": snippet}}


def _uri(story: CheckedStory) -> str:
    """Return the path of a story as a relative reference (RFC 3986)."""
    return quote(story.document.name.replace("\\", "/").removeprefix("./")) or "story"
