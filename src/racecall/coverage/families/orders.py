"""Places told without a number: who trails whom, who leads the pack, who got more votes than anyone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Verdict
from racecall.coverage.families.ranks import ahead_of, ranked_claim
from racecall.coverage.families.subjects import clause_subject
from racecall.coverage.numbers import in_words
from racecall.coverage.parsing import BOTH, C, G, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, options_words, right

TRAILS = Pattern(
    rf"(?P<who>{C})(?:,? [^{{}};.]{{3,50}},)?(?: (?:is|was|were|still|also|narrowly|just))* (?P<verb>trail(?:s|ed|ing)(?: behind)?) "
    rf"(?:[\w-]+ ){{0,3}}?(?P<than>{C})(?! by| to| in fund)"
)
PLACED = (
    (Pattern(rf"\b(?P<verb>(?:[Ll]eading|[Tt]opping|[Hh]eading) (?:the (?:\w+ )?(?:pack|field|count|race|results)|all comers|{G})) "
            rf"(?:was|is) "
             rf"(?:[\w-]+ ){{0,3}}?(?P<who>{C})"), 1),
    (Pattern(rf"\b(?P<verb>[Nn](?:o one|obody|o candidate) (?:else )?(?:got|won|received|drew|took|had) more votes) than (?P<who>{C})"), 1),
)  # fmt: skip
"""What is said of whoever is named behind it, and the place it stands for."""
MORE_THAN_ANYONE = Pattern(
    rf"\bmore votes than (?:anyone|anybody|any (?:other )?candidate|any of h\w+ rivals)(?: else)?"
    rf"(?: (?P<but>but|except|save|other than) {C})?"
)
ROUNDS_OUT = Pattern(rf"\b[Rr]ounding out the top (?P<top>\{{Q\d+\}}|\w+),? (?:were|are) (?:\w+ ){{0,2}}?(?P<one>{C}),? and (?P<two>{C})")


def orders(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Carrillo trailed Carmona", "leading the pack was Gomez", "more votes than anyone but Gomez"."""
    for found in TRAILS.finditer(parsed.skeleton):
        behind, ahead = parsed.item(found["who"]).options, parsed.item(found["than"]).options
        if len(behind) == len(ahead) == 1 and behind != ahead:
            yield ahead_of(parsed, found, scene, ahead[0], behind[0], sure=True)
    for pattern, place in PLACED:
        for found in pattern.finditer(parsed.skeleton):
            for option in parsed.item(found["who"]).options[:1]:
                yield ranked_claim(parsed, found.span("verb"), scene, option, place, sure=True)
    for found in MORE_THAN_ANYONE.finditer(parsed.skeleton):
        subject = clause_subject(parsed, found.start(), scene)
        for option in subject.options[:1]:
            yield ranked_claim(parsed, found.span(), scene, option, 2 if found["but"] else 1, sure=subject.sure)
    for found in ROUNDS_OUT.finditer(parsed.skeleton):
        yield from _rounds_out(parsed, found, scene)


def _rounds_out(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "rounding out the top five were Hernandez and Carmona": the last two of so many, in either order."""
    item = parsed.item(found["top"]) if found["top"].startswith("{") else None
    top = int(item.figure.value if item else in_words(found["top"]) or 0)
    two = (*parsed.item(found["one"]).options, *parsed.item(found["two"]).options)
    held = next((one for one in reversed(scene.counts) if not one.printed), None)
    if held and len(two) == BOTH <= top <= len(held.order()):
        last = held.order()[top - len(two) : top]
        claim = claim_at(parsed, "rank", *parsed.span(*found.span()), options=list(two))
        words = f"{options_words(scene, last)} are the last of the top {top}"
        verdict = right(set(two) == set(last)) if not scene.foreign else Verdict.CANNOT_CHECK
        yield judged(scene, claim, verdict, f"{words}.", [held.trace("rank", ", ".join(last), words)])
