"""Places told of several at once: lists with numbers, "followed by", "in that order", the top five."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from racecall.coverage.claims import CheckedClaim
from racecall.coverage.families.ranks import LAST, OF_OTHER_THINGS, PLACES, ahead_of, of_its_part, ranked_claim
from racecall.coverage.families.subjects import clause_subject
from racecall.coverage.numbers import Unit, in_words
from racecall.coverage.parsing import C, G, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene

LISTED = rf"{C}(?:(?:,|,? and|,? then) (?:\w+ ){{0,2}}?{C})+"
"""Names of a list, in its order."""
NUMBER = re.compile(r"(?:^|\s)(?P<no>\d{1,2})\.$")
LINE = re.compile(rf"(?P<who>{C})(?: \([A-Z-]+\))?[,:]? ?[-(]? ?(?:with )?(?P<figure>{Q})")
"""A line of a list: a name with its figure."""
COUNTED = frozenset({Unit.VOTES, Unit.PERCENT, Unit.NUMBER})


def orders(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read the places of several who are named together."""
    if not parsed.candidates or any(item.quantity and item.quantity.unit is Unit.DOLLARS for item in parsed.items):
        return
    yield from _line(parsed, scene)
    yield from _first_of_all(parsed, scene)
    for reading in (_followed, _in_order, _behind, _rounding_out, _in_the_top) if WORDS.search(parsed.skeleton) else ():
        yield from reading(parsed, scene)


WORDS = re.compile(r"followed|trail|then came|that order|behind|\btop |ound(?:ing|s|ed) out")
"""One of these stands where several have an order."""


def _line(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "4. Sara Hernandez, 1,525": the number ends the piece before the name."""
    number = NUMBER.search(parsed.before.text) if parsed.before else None
    found = LINE.match(parsed.skeleton)
    if number and found and parsed.item(found["figure"]).figure.unit in COUNTED and 0 < int(number["no"]) <= scene.race.people:
        for option in parsed.item(found["who"]).options[:1]:
            yield ranked_claim(parsed, found.span("who"), scene, option, int(number["no"]), sure=True)


FOLLOWED = Pattern(r"\b(?P<verb>(?:followed|trailed)(?: \w+)? by|and then came|then came)(?= )")
IN_THE_COUNT = re.compile(
    rf"{Q}|\b(?:{'|'.join(place for place in PLACES if place.isalpha())}|led|leads|leading|lead|finish\w*|placed|topped|ahead|on top)\b"
)
ELSEWHERE = re.compile(r"\b(?:spoke|speak\w*|spent|rais(?:ed|es|ing)|endors\w+|debate\w*|arriv\w+|speech|remarks|polls?|ballot order)\b")
"""One after the other at something else than the count."""
LINK = re.compile(
    rf"(?:[\s,()%]|and\b|then\b|with\b|at\b|or\b|by\b|percent\b|votes?\b|of the vote\b|just\b|only\b|about\b|a\b|distant\b|{Q}|"
    r"[A-Z][a-z]+\b|state\b|former\b|fellow\b|(?:\w+)(?=[ ,]+\w*$))*"
)
"""What may stand between the names of those who come one after the other."""


def _followed(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez finished first, followed by Ahn and Cabildo": each has more votes than the next."""
    for found in FOLLOWED.finditer(parsed.skeleton):
        before = parsed.skeleton[: found.start()]
        if not IN_THE_COUNT.search(before) or ELSEWHERE.search(parsed.skeleton):
            continue
        subject = clause_subject(parsed, found.start(), scene)
        names = [*subject.options[:1], *_names_after(parsed, found.end())]
        if len(subject.options) == 1:
            yield from _one_by_one(parsed, found.span("verb"), scene, names, sure=subject.sure)


def _names_after(parsed: Parsed, start: int) -> Iterator[str]:
    """Yield the candidates of a list that may have a figure beside each name."""
    last = start
    for found in re.finditer(C, parsed.skeleton[start:]):
        if not LINK.fullmatch(parsed.skeleton[last : start + found.start()]):
            return
        yield from parsed.item(found.group()).options[:1]
        last = start + found.end()


def _one_by_one(parsed: Parsed, span: tuple[int, int], scene: Scene, names: Sequence[str], *, sure: bool) -> Iterator[CheckedClaim]:
    for ahead, behind in pairwise(names):
        if ahead != behind:
            yield ahead_of(parsed, span, scene, ahead, behind, sure=sure)


IN_ORDER = Pattern(rf"(?P<names>{LISTED}),? (?:[a-z]+ ){{0,4}}(?P<words>in that order)\b")


def _in_order(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez, Ahn and Cabildo finished in that order"."""
    for found in IN_ORDER.finditer(parsed.skeleton):
        if not ELSEWHERE.search(parsed.skeleton):
            yield from _one_by_one(parsed, found.span("words"), scene, _options(parsed, found["names"]), sure=True)


def _options(parsed: Parsed, names: str) -> list[str]:
    return [option for mark in re.findall(C, names) for option in parsed.item(mark).options[:1]]


BEHIND = Pattern(
    r"\b(?P<words>(?:finish\w*|placed|placing|came in|came|ran|just|right|but|narrowly|well|far|close|fell) behind|"
    rf"trail(?:s|ed|ing)) (?:fellow \w+ |leader |\w+-place (?:finisher )?)?(?P<whom>{C})(?!'s|[^.;{{}}]{{0,12}}? by\b)"
)
BEFORE_THAT = re.compile(r"\b(?:had|had been|once|early|initially|at first|never|not|would|could|if)\b(?: \w+)? ?$")


def _behind(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Ahn finished just behind Gomez": the one who is named before has fewer votes."""
    for found in BEHIND.finditer(parsed.skeleton):
        before, after = parsed.skeleton[: found.start()], parsed.skeleton[found.end() :]
        if BEFORE_THAT.search(before) or OF_OTHER_THINGS.match(after) or ELSEWHERE.search(parsed.skeleton):
            continue
        subject, whom = clause_subject(parsed, found.start(), scene), parsed.item(found["whom"])
        if len(subject.options) == 1 and len(whom.options) == 1 and subject.options != whom.options:
            held = of_its_part(parsed, found, scene)
            sure = subject.sure and whom.sure
            yield ahead_of(parsed, found.span("words"), held, whom.options[0], subject.options[0], sure=sure)


COUNT = rf"(?P<top>{Q}|three|four|five|six|seven|eight|nine|ten|dozen)"
ROUNDS_OUT = Pattern(
    rf"(?:(?P<before>{LISTED}|{C}),? (?:then )?(?P<words>round(?:s|ed)? out) the top {COUNT.replace('top', 'one')}|"
    rf"\b(?P<words2>[Rr]ounding out) the top {COUNT.replace('top', 'two')},? (?:were|are|was|is) (?P<after>{LISTED}))"
)


def _rounding_out(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Cabildo, Hernandez and Carmona rounded out the top five": the last of its places, in whatever order."""
    for found in ROUNDS_OUT.finditer(parsed.skeleton):
        last = _number(parsed, found["one"] or found["two"])
        options = _options(parsed, found["before"] or found["after"])
        span = found.span("words" if found["words"] else "words2")
        yield from _within(parsed, span, scene, options, range(last - len(options) + 1, last + 1))


IN_TOP = Pattern(
    rf"(?:(?P<names>{LISTED}) (?:were|are) (?:the )?(?P<words>top {COUNT.replace('top', 'one')}) (?:finishers|vote-getters|candidates)|"
    rf"\b(?:finish\w*|placed|made|cracked|ended up|landed)(?: \w+)? (?P<words2>the top {COUNT.replace('top', 'two')}))\b"
)


def _in_the_top(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "were the top three finishers" and "finished in the top five"."""
    for found in IN_TOP.finditer(parsed.skeleton):
        last = _number(parsed, found["one"] or found["two"])
        subject = clause_subject(parsed, found.start(), scene)
        options = _options(parsed, found["names"]) if found["names"] else list(subject.options[:1] if subject.sure else ())
        span = found.span("words" if found["names"] else "words2")
        yield from _within(parsed, span, scene, options, range(1, last + 1))


def _number(parsed: Parsed, words: str) -> int:
    return int(parsed.item(words).figure.value if words.startswith("{") else in_words(words) or 0)


def _within(parsed: Parsed, span: tuple[int, int], scene: Scene, options: Sequence[str], places: range) -> Iterator[CheckedClaim]:
    """Hold everybody's place against a range of places: right wherever in it, else wrong of the last of them."""
    for option in options if scene.held else ():
        rank = scene.held.rank(option) if scene.held else None
        yield ranked_claim(parsed, span, scene, option, rank if rank is not None and rank in places else places[-1], sure=True)


REAR = Pattern(
    rf"(?P<who>{C})(?: \([^)]*\))?,? (?:who )?(?P<verb>trail(?:s|ed) the (?:pack|field)|(?:brings|brought|bringing) up the rear|"
    r"(?:finished|came in|was|is) (?:dead )?last)\b"
)
FIRST = Pattern(
    rf"\b(?P<pack>(?:[Ll]eading|[Tt]opping|[Hh]eading) (?:the (?:\w+ )?(?:pack|field|count|race|results)|all comers|{G}) (?:was|is)) "
    rf"(?:[\w-]+ ){{0,3}}?(?P<who>{C})|"
    rf"\b(?P<most>[Nn](?:o one|obody|o candidate) (?:else )?(?:got|won|received|drew|took|had) more votes) than (?P<whom>{C})|"
    rf"\b(?P<all>more votes than (?:anyone|anybody|any (?:other )?candidate|any of h\w+ rivals)(?: else)?)"
    rf"(?P<but> (?:but|except|save|other than) {C})?"
)


def _first_of_all(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "leading the pack was Gomez", "no one got more votes than Gomez", "more votes than anyone but Gomez"."""
    for found in REAR.finditer(parsed.skeleton):
        for option in parsed.item(found["who"]).options[:1]:
            yield ranked_claim(parsed, found.span("verb"), scene, option, LAST, sure=False)
    for found in FIRST.finditer(parsed.skeleton):
        who = found["who"] or found["whom"]
        options = parsed.item(who).options if who else clause_subject(parsed, found.start(), scene).options
        words = next(name for name in ("pack", "most", "all") if found[name])
        for option in options[:1]:
            yield ranked_claim(parsed, found.span(words), scene, option, 2 if found["but"] else 1, sure=True)
