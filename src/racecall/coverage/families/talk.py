"""What no row settles: opinions and accusations; and what an editor should look at besides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Remark, Verdict
from racecall.coverage.parsing import Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged

OPINION = Pattern(
    r"\b(?:surprising(?:ly)?|stunning(?:ly)?|predictabl[ey]|disappointing|astonishing|remarkabl[ey]|impressive(?:ly)?|"
    r"humiliating|shocking(?:ly)?|unsurprising(?:ly)?|dramatic(?:ally)?|"
    r"resounding|decisive(?:ly)?|lackluster|dismal|embarrassing|historic|relatively unknown|testament to|mandate|bruising|"
    r"bitter|formidable|insurgent|upset (?:victory|win)|long[- ]shot|"
    r"a (?:victory|win|triumph) for|best (?:candidate|choice)|out of touch|nothing progressive|no accountability|payback|"
    r"status quo|corporate Democrat|politics as usual|strong showing|weak showing|underwhelming|heartbreaking)\b",
    re.IGNORECASE,
)
ACCUSED = Pattern(
    r"\b(?P<what>accus(?:ed|es|ing|ations?)|alleg(?:ed|es|ations?|edly)|charges? that|under (?:fire|investigation) (?:for|over))\b",
    re.IGNORECASE,
)
PASSIVE = Pattern(r"\b(?:was|were|been|is|are)\s+(?:\w+\s+)?accused\b(?![^.;]{0,80}\bby\b)", re.IGNORECASE)
COMPLETE = Pattern(
    r"\b(?:complete|full|final) (?:results|count|tally|returns)\b[^.;]{0,40}\b(?:until|by|on|expected|available)\b", re.IGNORECASE
)
WORTH_A_LOOK = (
    ("who-accuses", PASSIVE, "Who accuses? The sentence does not say."),
    ("complete-results", COMPLETE, "“Complete” is for the certified count: counting goes on after an update."),
)


def talk(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Opinions and accusations, named as what they are."""
    if accused := ACCUSED.search(parsed.text):
        claim = claim_at(parsed, "allegation", *accused.span())
        yield judged(scene, claim, Verdict.ALLEGATION, "An accusation: recorded, never rated.")
    if opinion := OPINION.search(parsed.text):
        claim = claim_at(parsed, "opinion", *opinion.span())
        yield judged(scene, claim, Verdict.OPINION, "No data could decide this.")


def remarks(parsed: Parsed, scene: Scene, claims: tuple[CheckedClaim, ...]) -> Iterator[Remark]:
    """What is worth a look besides: precincts told as progress, an accusation without an accuser, "complete" results."""
    for one in claims:
        if one.claim.type == "progress" and one.verdict is Verdict.CONFIRMED and "precinct" in one.reason:
            yield from _precincts(parsed, scene, one)
    for check, pattern, words in WORTH_A_LOOK:
        if found := pattern.search(parsed.text):
            yield Remark(check=check, sentence=parsed.sentence, start=found.start(), end=found.end(), words=words)


def _precincts(parsed: Parsed, scene: Scene, one: CheckedClaim) -> Iterator[Remark]:
    share = scene.view.share_counted
    held = scene.held
    if share and share.likely < 0.97 and held and not held.certified:
        words = f"Precincts are no share of the count: about {100 * share.likely:.0f}% of the expected votes are counted."
        yield Remark(check="precincts-as-progress", sentence=parsed.sentence, start=one.claim.start, end=one.claim.end, words=words)
