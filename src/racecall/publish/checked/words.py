"""What is said of verdicts: one word, one sign and one sentence each, the same on every page, in the terminal and in SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from racecall.coverage.claims import CheckedClaim, CheckedStory, Verdict
from racecall.coverage.document import Role
from racecall.publish.words import MONTHS

VERDICTS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "Contradicted",
    Verdict.OVERSTATED: "Overstated",
    Verdict.STALE: "Stale",
    Verdict.AMBIGUOUS_BASE: "Ambiguous base",
    Verdict.UNDERSTATED: "Understated",
    Verdict.CANNOT_CHECK: "Cannot check",
    Verdict.ALLEGATION: "Allegation",
    Verdict.OPINION: "Opinion",
    Verdict.CONFIRMED: "Confirmed",
}
SIGNS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "✕",
    Verdict.OVERSTATED: "▲",
    Verdict.STALE: "◷",
    Verdict.AMBIGUOUS_BASE: "+",
    Verdict.UNDERSTATED: "▽",
    Verdict.CANNOT_CHECK: "?",
    Verdict.ALLEGATION: "!",
    Verdict.OPINION: "“",
    Verdict.CONFIRMED: "✓",
}
"""A shape beside the word where there is no picture: colour alone says nothing."""
MEANINGS: Mapping[Verdict, str] = {
    Verdict.CONTRADICTED: "Subject, measure, base and release are all settled, and the record says otherwise.",
    Verdict.OVERSTATED: "Stronger than may be said: a certainty above the state of the call, or a bound that the figure does not reach.",
    Verdict.STALE: "True of an earlier count or time, and no longer now.",
    Verdict.AMBIGUOUS_BASE: "The figure is right of another base than the one written: votes, ballots, registered voters.",
    Verdict.UNDERSTATED: "True, and weaker than what the record says.",
    Verdict.CANNOT_CHECK: "Nothing in the record settles it; the reason says what is missing.",
    Verdict.ALLEGATION: "An accusation: recorded, never rated.",
    Verdict.OPINION: "No record could settle it.",
    Verdict.CONFIRMED: "The record says the same.",
}
PARTS: Mapping[Role, str] = {Role.HEADLINE: "Headline", Role.CAPTION: "Caption", Role.ALT: "Picture, in words", Role.BODY: ""}
"""What stands above a sentence that is not of the body."""
ONE_IS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.CONTRADICTED: ("is contradicted", "are contradicted"),
    Verdict.OVERSTATED: ("is overstated", "are overstated"),
    Verdict.STALE: ("is out of date", "are out of date"),
    Verdict.AMBIGUOUS_BASE: ("uses the wrong base", "use the wrong base"),
}
"""For one and for several, the gravest first."""
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def number(count: int) -> str:
    """Write a number as it may begin a sentence: in words to twelve."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def heading(story: CheckedStory) -> str:
    """Say first what an editor has to do: "Four sentences need a change"."""
    wrong = {claim.claim.sentence.number for claim in story.wrong}
    if not story.claims:
        return "Nothing to check was found"
    if not wrong:
        return "No sentence needs a change"
    return f"{number(len(wrong))} sentence{'s need' if len(wrong) > 1 else ' needs'} a change"


def summary(story: CheckedStory, zone: ZoneInfo) -> str:
    """Say how much was checked, against what, and what came of it."""
    claims = f"{number(len(story.claims))} claim{'' if len(story.claims) == 1 else 's'}"
    checked = f"{claims} checked against {story.held or 'the record, which holds no count'}, as of {moment(story.as_of, zone)}."
    counts = Counter(claim.verdict for claim in story.wrong)
    said = [f"{number(counts[verdict])} {words[counts[verdict] > 1]}" for verdict, words in ONE_IS.items() if counts[verdict]]
    said = said[:1] + [one[0].lower() + one[1:] for one in said[1:]]
    return f"{checked} {', '.join(said)}." if said else checked


def counted(claims: Sequence[CheckedClaim]) -> Mapping[Verdict, int]:
    """Return how many claims have each verdict, the gravest first; verdicts that nothing has are left out."""
    found = Counter(claim.verdict for claim in claims)
    return {verdict: found[verdict] for verdict in Verdict if found[verdict]}


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Write a moment as a story does: "5 Apr 2017, 09:05"."""
    local = at.astimezone(zone)
    return f"{local.day} {MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def evidence(claim: CheckedClaim) -> str:
    """Write the rows behind a verdict on one line, without what the reason says already; "" if there are none."""
    said = claim.reason.rstrip(".")
    return " → ".join(dict.fromkeys(_row(trace.words or trace.column, trace.formula, said) for trace in claim.evidence))


def _row(words: str, formula: str, said: str) -> str:
    parts = [part for part in words.split(" · ") if part != said] or [words]
    return " · ".join([*parts, *([formula] if formula and formula not in words else [])])


def as_sentence(check: str) -> str:
    """Write the short name of a remark for people: "who-accuses" as "Who accuses"."""
    return check.replace("-", " ").replace("_", " ").capitalize()
