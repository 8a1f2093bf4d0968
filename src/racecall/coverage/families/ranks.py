"""Who came first, second, third; who leads whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from racecall.coverage.claims import CheckedClaim, Claim, Verdict
from racecall.coverage.counts import Held
from racecall.coverage.families.subjects import Subject, clause_subject
from racecall.coverage.numbers import in_words
from racecall.coverage.parsing import C, G, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import FIRST_COUNT, Scene, part_of, scene_of
from racecall.coverage.settle import claim_at, judged, options_words

PLACES = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
    "no. 1": 1,
    "no. 2": 2,
    "last": -1,
    "runner-up": 2,
    "runnerup": 2,
}


RANK = Pattern(
    r"(?:\b(?:in|into|to|for|a distant|a strong|a close|finish\w*|placed|placing|"
    r"takes?|took|held|holds?|holding|occup\w+|kept|sits?|sat|clung to|clings to|eked out|wound up|ended up|grabbed|snagged|"
    r"landed|came|was|were|is|ran|running|rank\w*|stood|"
    r"stands|stand|a|the)|(?<=\})'s|(?<=\}),?|^)\s*\b(?:a )?(?:distant |strong |close |surprising |disappointing |respectable |solid |"
    r"comfortable |dead )*"
    r"(?P<place>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\d{1,2}(?:st|nd|rd|th)|"
    r"runner-?up|last)(?:[- ]place)?\b(?!-\w)(?!\s+(?:of the|of a|among|round|time|debate|term|batch|count|update|release|returns|result|"
    r"district|of (?:the|all) (?:vote|ballot)|amendment|and only|week|day|few|woman|korean|latina?|person|half|quarter|month|"
    r"year|night|spring|summer|fall|winter|january|february|march|november|december|generation|name|lady|child|job|stop|attempt|"
    r"campaign|run\b|bid|election|race|two|three|major|public|tim|chance|"
    r"of july|in (?:the )?(?:fund-?rais|money|cash|spending|seniority|polls?\b|raising)|"
    r"\w+est\b|most|least))",
    re.IGNORECASE,
)
TOP = Pattern(
    r"\b(?:(?P<lead>(?:held|holds|has|had|maintain\w*|kept|enjoy\w*|took|takes|opened|built|with) (?:a|an|the|his|"
    r"her) (?:[\w-]+ ){0,2}lead\b|(?:took|takes?|claimed|claims|grabb\w+|captur\w+|holds?|held|won|w[io]ns?|in|secured) (?:the )?"
    r"(?:top|No\. 1) (?:spot|slot|place|position)|paces? the|paced|atop|"
    r"on top(?! of)|paces? (?:the )?field|tops? (?:the )?(?:[A-Z]\w+ |\w+ )?(?:field|ballot|pack)|"
    r"(?:led|leads?|topped) (?:all comers|(?:the|a) (?:\{D\d+\} )?(?:field|ballot|poll|crowded|pack))|topped the \{D|"
    r"leads?|led|leading|was leading|is leading|in the lead|ahead|in front|top(?:ped|"
    r"ping)? the (?:field|ballot|poll|crowded)|top vote-getter|front-?runner|out front|most votes|first-place)|"
    r"(?P<next>runner-up|trail(?:s|ed|ing)?(?! off)))\b(?! (?:\w+ ){0,4}?in (?:the )?(?:fund-?rais|money|cash|spending))"
)


def ranks(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Finished second", "in third place", "led the field"."""
    for found in RANK.finditer(parsed.skeleton):
        if (
            HOLIDAY.match(parsed.skeleton[found.start("place") :])
            or _is_of_a_thing(parsed, found)
            or MISSED.search(parsed.skeleton[: found.start("place")])
            or PART_OF.search(parsed.skeleton[: found.start("place")])
            or PLACED.match(parsed.skeleton[found.start("place") :])
            or _is_one_of_many(parsed, found)
        ):
            continue
        holds = re.match(r"(?i)h[eo]ld|occup|sit|sat|clung|cling", found.group())
        if (not holds and re.match(r"\s*(?:slot|spot|place in|seat|candidate to)", parsed.skeleton[found.end() :])) or re.search(
            r"\bfight|battl|contest|race for|vying|call\w* (?:the )?$", parsed.skeleton[: found.start()][-30:]
        ):
            continue
        place = place_of(found["place"])
        if place > scene.race.people or OF_A_PLACE.match(parsed.skeleton[found.end("place") :]):
            continue
        subject = _rank_subject(parsed, found, scene)
        for option in subject.options[:1]:
            yield ranked_claim(parsed, found.span("place"), scene, option, place, sure=subject.sure)
    yield from _named_by_place(parsed, scene)
    for found in PLACED.finditer(parsed.skeleton):
        item = parsed.item(found["who"])
        for option in item.options[:1]:
            yield ranked_claim(parsed, found.span("place"), scene, option, place_of(found["place"]), sure=item.sure)
    for found in TOP.finditer(parsed.skeleton):
        if found["lead"] and not _is_of_both(parsed, found, scene):
            yield from _leads(parsed, found, of_its_part(parsed, found, scene))


def of_its_part(parsed: Parsed, found: re.Match[str], scene: Scene) -> Scene:
    """Return the first count, where the part of the sentence names it: "who led the early mail vote"."""
    part = part_of(parsed, *parsed.span(*found.span()))
    own = scene_of(part, scene.race) if part is not parsed and FIRST_COUNT.search(part.text) else scene
    return replace(own, foreign=scene.foreign) if own.explicit else scene


def _is_of_both(parsed: Parsed, found: re.Match[str], scene: Scene) -> bool:
    """Whether the two that lead are said to lead together."""
    top = set(scene.held.order()[:2]) if scene.held else set()
    told = (one for one in LEAD_BOTH.finditer(parsed.skeleton) if one.start("verb") <= found.start() < one.end("verb"))
    return any({*parsed.item(one["one"]).options, *parsed.item(one["two"]).options} == top for one in told)


OF_A_PLACE = re.compile(r"\s+(?:[A-Z]|[Dd]istrict|ward|precinct|street|anniversary|century|birthday|floor|grade)")
"""The 34th District, 51st Street: a number and no place in the count."""
BY_PLACE = Pattern(
    rf"(?P<group>{G}),? (?P<who>{C})|"
    rf"(?P<who2>{C})(?:,| was| is| were| finished as| emerged as| remained) (?P<group2>{G})(?=[,.;]| and| with| in\b|$)"
)
"""A word for a place beside a name: "the third-place finisher, Maria Cabildo"."""
PLACE = r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
MANY_PLACES = Pattern(
    rf"(?P<names>{C}(?:(?:,|,? and) (?:\w+ )?{C})+)[^{{}};.]{{0,40}}? (?:finished|placed|came in|ran|were|are|took) "
    rf"(?P<places>{PLACE}(?:(?:,|,? and) {PLACE})+)\b"
)
LEAD_BOTH = Pattern(
    rf"(?P<one>{C})(?: \([^)]*\))?,? (?:and |& )?(?:(?!was|is|who)[\w-]+ ){{0,3}}?"
    rf"(?P<two>{C})(?: \([^)]*\))?(?:,? both [^,{{}};]{{0,50}})?,? "
    rf"(?:[^{{}},;.]{{0,50}} )??(?P<verb>to lead|lead|led|are leading|were leading|top|topped|(?:were|are|as|become|became) {G}|"
    r"are ahead|were ahead|(?:were |are )?running ahead|on top|(?:took|opened|built|had|have|held|hold) (?:\w+ ){0,2}leads|"
    r"(?:finish\w*|came in|placed|ran|go|went) one-two)(?:\b|(?<=\}))(?! by)"
)


def _named_by_place(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read a place said of a name beside it, and two places said of two names."""
    yield from _numbered(parsed, scene)
    yield from _both_lead(parsed, scene)
    for found in BY_PLACE.finditer(parsed.skeleton):
        group, who = parsed.item(found["group"] or found["group2"]), parsed.item(found["who"] or found["who2"])
        place = {"first": 1, "second": 2, "next": 3}.get(group.group)
        if place and "winner" not in parsed.text[group.start : group.end] and len(who.options) == 1:
            mark = "group" if found["group"] else "group2"
            sure = who.sure and "third" in parsed.text[group.start : group.end]
            yield ranked_claim(parsed, found.span(mark), scene, who.options[0], place, sure=sure)
    for found in MANY_PLACES.finditer(parsed.skeleton):
        names, places = re.findall(C, found["names"]), list(re.finditer(PLACE, found["places"]))
        for name, word in zip(names, places, strict=True) if len(names) == len(places) else ():
            span = found.start("places") + word.start(), found.start("places") + word.end()
            for option in parsed.item(name).options[:1]:
                yield ranked_claim(parsed, span, scene, option, PLACES[word.group()], sure=True)


NUMBERED = Pattern(
    rf"(?P<place>\b[Nn]o\. (?P<no>\d{{1,2}}),? (?:was|is|went to)|"
    rf"(?P<last>[Ll]ast)(?: of all)? (?:was|is|came)(?: the [\w-]+,?)?|"
    rf"[Rr]ounding out the top (?P<top>\{{Q\d+\}}|\w+),? (?:[^;]{{3,60}}, )?(?:was|is)|"
    rf"\b(?:highest number of|[Mm]ost) votes (?:was |were |went |goes )(?:received |won |cast |drawn )?(?:by|to|for)) "
    rf"(?:\w+ ){{0,2}}?(?P<who>{C})"
)
"""A place by its number before a name: "No. 3 was Cabildo", "rounding out the top ten was Van Houten"."""


def _both_lead(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez and Ahn finished one-two"."""
    for found in LEAD_BOTH.finditer(parsed.skeleton):
        both = [*parsed.item(found["one"]).options, *parsed.item(found["two"]).options]
        if (mark := re.search(G, found["verb"])) and parsed.item(mark[0]).group != "top":
            continue
        if scene.held and set(both) == set(scene.held.order()[:2]):
            yield ranked_claim(parsed, found.span("verb"), scene, next(iter(scene.held.order())), 1, sure=False)
        elif scene.held and found["verb"].endswith("one-two"):
            behind = next(option for option in both if option not in scene.held.order()[:2])
            yield ranked_claim(parsed, found.span("verb"), scene, behind, 2, sure=True)


def _numbered(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    for found in NUMBERED.finditer(parsed.skeleton):
        place = _numbered_place(parsed, found)
        for option in parsed.item(found["who"]).options[:1] if place else ():
            yield ranked_claim(parsed, found.span("place"), scene, option, place, sure=True)
    for found in HIGHEST.finditer(parsed.skeleton):
        subject = clause_subject(parsed, found.start(), scene)
        for option in subject.options[:1]:
            yield ranked_claim(parsed, found.span("place"), scene, option, PLACES[found["place"]], sure=subject.sure)


HIGHEST = Pattern(
    rf"\b(?P<place>{'|'.join(place for place in PLACES if place.isalpha())})-(?:highest|most|biggest|largest)[ -]"
    r"(?:vote-?getter|votes?\b|total|share|finisher|count)"
)


LAST = -1
"""The place of whoever is behind all others."""


def _numbered_place(parsed: Parsed, found: re.Match[str]) -> int:
    """Return the place a number stands for, 0 if it stands for none."""
    if found["no"] or found["last"]:
        return int(found["no"] or LAST)
    if found["top"]:
        item = parsed.item(found["top"]) if found["top"].startswith("{") else None
        return int(item.figure.value if item else in_words(found["top"]) or 0)
    return 1


PLACED = Pattern(
    rf"\b(?P<place>{'|'.join(PLACES)}|\d{{1,2}}(?:st|nd|rd|th))[- ]place(?:d)? "
    rf"(?:finisher|candidate|contender|challenger)?,? ?(?P<who>{C})",
    re.IGNORECASE,
)


def place_of(word: str) -> int:
    """Return the place a word stands for: "second", "8th"."""
    return PLACES[word.lower()] if word.lower() in PLACES else int(re.sub(r"\D", "", word))


def _rank_subject(parsed: Parsed, found: re.Match[str], scene: Scene) -> Subject:
    """The name before; "in second place was Ahn", "second was Ahn", "runner-up Ahn"."""
    beside = re.match(rf"(?:[- ]place)? ({C})", parsed.skeleton[found.end("place") :])
    if beside and (re.match("runner", found["place"]) or re.search(r"(?:^|[,;] |\band )$", parsed.skeleton[: found.start("place")][-8:])):
        return Subject(options=parsed.item(beside[1]).options, sure=True)
    if edged := EDGED.search(parsed.skeleton[: found.start("place")]):
        return Subject(options=parsed.item(edged[1]).options, sure=parsed.item(edged[1]).sure)
    near = re.search(
        rf"({C}),? (?:who (?:[a-z]+ ){{1,3}}|in|a distant|a close|a strong|at)? ?(?:a )?(?:distant |close |strong )*$",
        parsed.skeleton[: found.start("place")],
    )
    if near:
        return Subject(options=parsed.item(near[1]).options, sure=parsed.item(near[1]).sure)
    after = re.match(
        rf"(?:[- ]place)?\s*(?:place )?(?:was|is|came|went to|belong\w* to|goes to|,|:|(?=\s))\s+(?:fellow \w+ )?({C})",
        parsed.skeleton[found.end("place") :],
    )
    if after and re.search(r"(?:^|[.,;] |\b[Ii]n |and in |\bthe )$", parsed.skeleton[: found.start("place")][-8:]):
        return Subject(options=parsed.item(after[1]).options, sure=True)
    subject = clause_subject(parsed, found.start(), scene)
    before = {option for item in parsed.candidates if parsed.place(item)[0] < found.start() for option in item.options}
    between = OWN_PLACE.search(BY_THE_WAY.sub(" ", parsed.skeleton[: found.start("place")]))
    own = bool(between) and parsed.item(between[1]).options == subject.options if between else False
    return replace(subject, sure=subject.sure and (len(before) == 1 or own))


EDGED = re.compile(
    rf"({C})(?: \([^)]*\))?(?:, [^{{}};]{{3,50}},)? "
    rf"(?:edge[sd]|nose[sd]|squeaked|over(?:took|takes)|beats?|nip(?:ped|s)|pass(?:ed|es)|top(?:ped|s)|outpoll(?:ed|s))"
    rf"(?: out| past)? "
    rf"(?:[^{{}};]{{3,30}} )?{C},?(?: \([^)]*\))? (?:for|to take) $"
)
"""Two who fight for a place, and the one who got it: "Hernandez edged Carmona for fourth"."""
AFTER_A_PLACE = frozenset(
    [
        *(
            "place",
            "spot",
            "slot",
            "position",
            "finisher",
            "finish",
            "behind",
            "with",
            "in",
            "to",
            "at",
            "and",
            "but",
            "after",
            "overall",
            "by",
            "on",
        ),
        *(
            "while",
            "when",
            "as",
            "for",
            "over",
            "is",
            "was",
            "went",
            "vote",
            "if",
            "from",
            "ahead",
            "has",
            "had",
            "of",
            "out",
            "among",
            "candidate",
        ),
    ]
)
"""Words that go on after a place in the count; another noun is what it is the second of."""


def _is_of_a_thing(parsed: Parsed, found: re.Match[str]) -> bool:
    """Whether it is the second of something: "the second pot of stew"."""
    noun = re.match(r" ([a-z]+)", parsed.skeleton[found.end() :])
    article = re.search(r"\bthe $", parsed.skeleton[: found.start("place")])
    return bool(article and noun and noun[1] not in AFTER_A_PLACE)


HOLIDAY = re.compile(r"Fourth \{D")
MISSED = re.compile(r"\b(?:(?:shy|short) of|miss(?:ed|ing|es)|bid for|almost|nearly) (?:\w+ ){0,2}$")
"""A place that somebody did not get."""
PART_OF = re.compile(r"\b(?:took|won|got|had|has|drew|with|of|only|just|about|nearly) a $")
"""A third, a tenth: a part and no place."""
BY_THE_WAY = re.compile(r"(?<=\}), (?:who|whose|which|an?|the|once|now) [^;]{3,110}?, (?=(?:[a-z]+ ){1,3}$)")
"""What is said of a name between it and its verb."""
OWN_PLACE = re.compile(rf"({C})(?: (?!and\b|but\b|to\b|over\b|behind\b|than\b|as\b|before\b)[a-z]+){{1,4}} $")
"""A name with nothing but its verb between it and a place: "Ahn takes second"."""


def _is_one_of_many(parsed: Parsed, found: re.Match[str]) -> bool:
    return any(two.start() <= found.start("place") < two.end() for two in MANY_PLACES.finditer(parsed.skeleton))


def ranked_claim(parsed: Parsed, span: tuple[int, int], scene: Scene, option: str, place: int, *, sure: bool) -> CheckedClaim:
    """Return the verdict on a place in the count."""
    start, end = parsed.span(*span)
    claim = claim_at(parsed, "rank", start, end, option=option, rank=place)
    whole = [held for held in (*scene.earlier, *scene.counts) if held.rank(option)]
    held = next((one for one in reversed(whole) if one in scene.counts), None) or (whole[-1] if whole else None)
    if held is None or (rank := held.rank(option)) is None:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No count is held that ranks {scene.name(option)}.")
    wanted = len(held.order()) if place == -1 else place
    words = f"{scene.name(option)} is number {rank}{_with(held, option)}"
    trace = held.trace(f"rank[{option}]", rank, words)
    of_night = next((one for one in scene.counts if scene.explicit and one.rank(option) == wanted), None)
    if rank == wanted or of_night:
        words = words if rank == wanted or of_night is None else f"{scene.name(option)} is number {wanted}, {of_night.words}"
        return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    ends = FINISHES.search(claim.sentence.text[: claim.start])
    before = [one for one in reversed(scene.earlier) if one.rank(option) == wanted and not (ends and _is_partial(one))]
    if not scene.explicit and (past := next(iter(before), None)):
        reason = f"True of the {past.words}; now {words}."
        return judged(
            scene, claim, Verdict.STALE, reason, [past.trace(f"rank[{option}]", wanted, f"{scene.name(option)} number {wanted}"), trace]
        )
    first = scene.race.counts[scene.race.contests[0].id]
    if not scene.explicit and scene.contest is not scene.race.contests[0] and first and first[-1].rank(option) == wanted:
        reason = f"Number {wanted} in the {first[-1].words} of the first round."
        return judged(scene, claim, Verdict.CONFIRMED, reason, [first[-1].trace(f"rank[{option}]", wanted, reason)])
    few = held.printed and len(held.order()) < scene.race.people and wanted > LEADERS
    if few or not sure or AMONG.search(claim.sentence.text[: claim.start]):
        why = f"Only some candidates' figures were printed; {words} of them" if few else f"It is not settled who is meant; {words}"
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{why}.", [trace])
    return judged(scene, claim, Verdict.CONTRADICTED, f"{words}, {held.words}.", [trace])


LEADERS = 2
"""Places that figures of a few candidates still tell."""
AMONG = re.compile(
    r"(?:\b[Aa]mong|^[Oo]f|[,;] of) (?:the |all |all the )?(?:[\w-]+ ){0,2}?(?:women|men|females?|Democrats|"
    r"Republicans|Latin[oa]s?|progressives|"
    r"also-rans|newcomers|outsiders|losers|Berniecrats|"
    r"(?:mail|absentee|Asian|Latino|Korean|American)(?:[- ]\w+)? voters)\b"
)
"""A place among some who stand, or with some who vote, is no place in the count."""
FINISHES = re.compile(r"\b(?:finish\w*|plac(?:ed|es)|came(?: in)?|ended(?: up)?|wound up|landed)\W+(?:\w+ ){0,2}$")
"""Verbs that say where somebody ended: what was so halfway is no excuse."""


def _is_partial(held: Held) -> bool:
    return not held.certified and (held.units_total is None or held.units_reported != held.units_total)


def _with(held: Held, option: str) -> str:
    return f" with {held.votes[option]:,} votes" if option in held.votes else f" with {100 * held.shares[option]:.1f}%"


def _leads(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Gomez led" is first place; "Ahn led Cabildo" only that he is ahead of her."""
    after = parsed.skeleton[found.end() :]
    if (
        re.match(
            r"\s*(?:to|up to|role|role in|the (?:fight|effort|way|charge|city|county|party|campaign|opposition|committee)|"
            r"a (?:group|team|campaign))\b",
            after,
        )
        or _is_noun(parsed, found)
        or UNTRUE.search(parsed.skeleton[: found.start()])
        or OF_OTHER_THINGS.match(after)
        or (found.group().lower() == "ahead" and re.match(rf" of (?!{C}|{G}|fellow|the (?:field|rest|pack))", after))
    ):
        return
    subject = clause_subject(parsed, found.start(), scene)
    rivals = re.match(rf"(?: of| over| with)?,?\s*(?:fellow \w+ |rival |[a-z]+-place (?:\w+ )?)?({C})", after)
    for option in subject.options[:1]:
        if leader := _both_who_lead(parsed, found, scene, option):
            yield ranked_claim(parsed, found.span(), scene, leader, 1, sure=False)
        elif rivals and (others := parsed.item(rivals[1]).options):
            yield ahead_of(parsed, found.span(), scene, option, others[0], sure=subject.sure)
        elif _is_the_rest(parsed, after) and scene.held and scene.held.rank(option) != 1:
            yield ranked_claim(parsed, found.span(), scene, option, AFTER_TWO, sure=subject.sure)
        else:
            yield ranked_claim(parsed, found.span(), scene, option, 1, sure=subject.sure and not subject.group)


BOTH_BEFORE = re.compile(rf"({C})(?:, [^;]{{3,110}},)? and ({C})(?:, [^;]{{3,110}},)? $")


def _both_who_lead(parsed: Parsed, found: re.Match[str], scene: Scene, option: str) -> str:
    """Return the first of the two that lead where both are said to, each with what is said of them by the way, "" if not both are."""
    two = BOTH_BEFORE.search(parsed.skeleton[: found.start()])
    named = {one for mark in (two[1], two[2]) for one in parsed.item(mark).options} if two else set()
    leaders = tuple(scene.held.order()[:2]) if scene.held else ()
    return leaders[0] if leaders and option in named and named == set(leaders) else ""


def _is_the_rest(parsed: Parsed, after: str) -> bool:
    """Whether who is led are those behind the two who go through."""
    group = re.match(rf" ({G})", after)
    return bool(THE_REST.match(after)) or (group is not None and parsed.item(group[1]).group == "rest")


THE_REST = re.compile(r" (?:the )?(?:rest|others|also-rans|remaining|remainder)\b")
AFTER_TWO = 3
"""The first place behind those."""
UNTRUE = re.compile(
    r"(?:\b(?:never|not|no longer|hardly|rarely|would|could|might|may|can)|n't) (?:\w+ ){0,2}$|"
    rf"\b(?:would|could|might|may|to|will|can) (?:put|leave|place|have|keep) (?:{C} |\w+ ){{0,2}}$"
)
"""Who never led, or would."""


OF_OTHER_THINGS = re.compile(
    rf"(?: (?:of|over))?(?: {C})? (?:\w+ )?in (?:the )?(?:\w+ )?(?:money|cash|fundrais\w+|donations|polls?|polling|surveys?|endorsements|"
    r"contributions|spending|organization|name recognition)\b"
)
"""A lead in something that is not counted with the votes."""
LEADING = re.compile(
    r"(?:^| )(?:[A-Z]?[a-z]+ ){0,2}?(?:Democrats|Republicans|candidates|contenders|figures|officials|lawmakers|politicians|"
    r"voices?|role|newspapers?|unions?|progressives|Latinos?|lights?)\b"
)
"""Who is at the head of something else: "the city's leading Democrats"."""


def _is_noun(parsed: Parsed, found: re.Match[str]) -> bool:
    before = parsed.skeleton[: found.start()]
    word = found.group().lower()
    if re.search(r"\b(?:campaign|strategist|consultant) $", before):
        return True
    if word == "leads" and re.search(r"\b(?:took|taken|opened|built|hold|held|ha[ds]|have)\b[^.;{]{0,24}$", before):
        return True
    if word == "leading" and LEADING.match(parsed.skeleton[found.end() :]) and not re.search(r"\b(?:is|was|are|were|now|still) $", before):
        return True
    return (
        word == "lead"
        and bool(
            re.search(
                r"(?:\b(?:a|the|his|her|their|of|whose|'s|this|early|narrow|wide|point|vote|slim|commanding|comfortable|big|large|initial|cut|"
                r"assemblyman's)\b[- ]|-|\} )$",
                before,
            )
        )
    ) or (
        word in {"leading", "ahead"}
        and bool(re.search(r"\b(?:the|two|a|look\w*|go\w*|days?|months?|weeks?|stay\w*|plan\w*|far)\s$", before))
    )


def ahead_of(parsed: Parsed, span: tuple[int, int], scene: Scene, option: str, rival: str, *, sure: bool) -> CheckedClaim:
    """Return whether one has more votes than another."""
    start, end = parsed.span(*span)
    claim = claim_at(parsed, "rank", start, end, option=option, ahead_of=rival)
    held = next((one for one in reversed(scene.counts) if option in one.votes and rival in one.votes), None)
    if held is None and (shares := _ahead_in_shares(scene, claim, option, rival)):
        return shares
    if held is None:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No count is held that has both {options_words(scene, (option, rival))}.")
    words = f"{scene.name(option)} {held.votes[option]:,}, {scene.name(rival)} {held.votes[rival]:,}"
    verdict = Verdict.CONFIRMED if held.votes[option] > held.votes[rival] else Verdict.CONTRADICTED if sure else Verdict.CANNOT_CHECK
    return judged(
        scene, claim, verdict, f"{words}.", [held.trace(f"margin[{option},{rival}]", held.votes[option] - held.votes[rival], words)]
    )


def _ahead_in_shares(scene: Scene, claim: Claim, option: str, rival: str) -> CheckedClaim | None:
    """Return that one has the larger share of the two that were printed side by side, None if nobody printed both."""
    told = ((held, held.share(option), held.share(rival)) for held in reversed(scene.counts))
    held, one, two = next(((held, one, two) for held, one, two in told if one is not None and two is not None), (None, 0.0, 0.0))
    if held is None or one <= two:
        return None
    words = f"{scene.name(option)} {100 * one:.1f}%, {scene.name(rival)} {100 * two:.1f}%"
    return judged(
        scene, claim, Verdict.CONFIRMED, f"{words}.", [held.trace(f"margin[{option},{rival}]", round(100 * (one - two), 2), words)]
    )
