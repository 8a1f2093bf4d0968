"""Who stands: how many, of which party, how many women. Every number has a base: printed names, everybody, those still in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.families.standing import total
from racecall.coverage.families.subjects import in_group
from racecall.coverage.numbers import Quantity
from racecall.coverage.parsing import C, G, Item, P, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import Person
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged
from racecall.model.contest import Contest, Option, OptionKind

PARTIES: Mapping[str, tuple[str, ...]] = {
    "DEM": ("democrat", "democratic", "dem"),
    "REP": ("republican", "gop"),
    "GRN": ("green",),
    "LIB": ("libertarian",),
    "NPP": ("independent", "no party preference", "nonpartisan", "unaffiliated"),
}
WORDS = {"DEM": "Democrats", "REP": "Republicans", "GRN": "Greens", "LIB": "Libertarians", "NPP": "without party preference"}
LETTERS = {"D": "DEM", "R": "REP", "G": "GRN", "L": "LIB", "I": "NPP"}
PARTY = r"(?P<party>[Dd]emocrat(?:ic)?s?|[Rr]epublicans?|[Gg]reens?(?: [Pp]arty)?|[Ll]ibertarians?|[Ii]ndependents?)"


def party_of(word: str) -> str:
    """Return the abbreviation a word for a party stands for, "" if it is none."""
    plain = word.lower().removesuffix("s")
    return next((code for code, words in PARTIES.items() if any(plain.startswith(one) for one in words)), "")


BASES: tuple[tuple[str, str], ...] = (
    ("all", "all who can be voted for"),
    ("printed", "names printed on the ballot"),
    ("active", "those who have not withdrawn"),
)


def counted(options: Sequence[Option], base: str) -> int:
    """Count people on a base."""
    return sum(
        option.is_person
        and (base == "all" or (base == "printed" and option.kind is OptionKind.PRINTED) or (base == "active" and not option.withdrawn))
        for option in options
    )


RESTRICTED = re.compile(
    r"^\s*(?:who|that|which|with|ran(?! for the|[.,;]|$)|running as|calling|backed|endorsed|from|seeking|of color|also|tied|cleared|topped|"
    r"received|won|got|had(?! their)|finished|polled|passed|got|did|drew)\b"
)
WHOLE = Pattern(
    r"\bfield\b|in the (?:race|contest|running)|on the (?:\w+ )?ballot|[- ](?:person|way|candidate)\b|crowded|vying|competing|"
    r"running|contenders|hopefuls|candidates (?:for|are|were|stood|in|had)|out of|rivals|pack|others|[- ]way\b|"
    r"stepped up|jumped in|filed to|signed up|lined up|threw|beat out|"
    r"names? (?:were |was )?printed|\b(?:race|contest|seat|primary|election|vacancy|opening|round)\b[^.;]{0,40}\bdrew\b|"
    r"(?:ballot|county) listed|\b(?:want|seek|sought|covet|chase|chasing|seeking)\b[^.;]{0,20}(?:seat|job)\b",
    re.IGNORECASE,
)


def field(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How many stand."""
    quantity = item.figure
    if quantity.value >= NO_FIELD:
        yield from total(parsed, item, scene)
        return
    if tagged := _tagged(parsed, scene):
        yield _so_called(parsed, item, scene, *tagged)
        return
    if (
        (RESTRICTED.match(parsed.after_of(item)) and not FIELD_OF.search(parsed.before_of(item)))
        or quantity.value < 2
        or re.search(r"\btop $|\btwo $", parsed.before_of(item))
        or (quantity.noun in {"people", "person", "names"} and not WHOLE.search(parsed.text))
    ):
        return
    claim = claim_at(parsed, "field", item.start, item.end, value=quantity.value)
    others = 1 if re.search(r"others|rivals|opponents|competitors|challengers", parsed.text[item.start : item.end + 8]) else 0
    if re.search(r"\bother $", parsed.before_of(item)) or "other" in quantity.words.split():
        others = _apart(parsed)
    contest = _round_of(quantity.value, scene)
    yield _on_bases(
        claim,
        quantity,
        contest,
        contest.options,
        scene,
        less=others,
        whole=not scene.foreign
        and not SOME_OF_THEM & set(quantity.words.split())
        and bool(WHOLE.search(parsed.text))
        and (quantity.value > SOME or bool(FIELD_OF.search(parsed.before_of(item)))),
        printed=bool(re.search(r"on the (?:\w+ )?ballot|printed", parsed.text)),
    )


def _so_called(parsed: Parsed, item: Item, scene: Scene, tag: str, named: Sequence[str]) -> CheckedClaim:
    """How many sources call something: "three candidates ran as Berniecrats"."""
    words = f"{len(named)} candidates are recorded as {tag}: {', '.join(named)}"
    trace = Trace(table="person", row="*", column="descriptors", value=len(named), words=words)
    claim = claim_at(parsed, "field", item.start, min(item.end + 7, len(parsed.text)), value=item.figure.value, tag=tag)
    verdict = Verdict.CONFIRMED if item.figure.fits(len(named)) else Verdict.CANNOT_CHECK
    return judged(scene, claim, verdict, f"{words}.", [trace])


def _apart(parsed: Parsed) -> int:
    """How many a sentence sets apart from "the other 22": those whom it names, two for "the two Democrats"."""
    named = {option for item in parsed.candidates for option in item.options}
    return len(named) or (2 if any(item.group == "top" for item in parsed.items) else 1)


SOME_OF_THEM = frozenset(
    [
        "latino",
        "latina",
        "asian",
        "korean",
        "american",
        "korean-american",
        "asian-american",
        "progressive",
        "likely",
        "local",
        "major",
        "minor",
        "serious",
        "leading",
        "rival",
        "third-party",
        "first-time",
        "lower-profile",
        "self-styled",
    ]
)
"""Words that leave some of those who stand."""
EVERYBODY = re.compile(r"\b(?:counting|including|with|plus) (?:the |a |one )?(?:declared )?write-?in\b")
"""Words with which everybody is meant, and not the names on the ballot alone."""
SOME = 4
FIELD_OF = re.compile(r"\b(?:field|one|slate|ballot) of (?:just |only )?$")
"""Up to four may be some of them, unless it is said that they are the field."""
NO_FIELD = 500
"""So many do not stand: "by 1,131 votes out of more than 42,000"."""


def _tagged(parsed: Parsed, scene: Scene) -> tuple[str, tuple[str, ...]] | None:
    """What sources call candidates, where the sentence has the word: "three candidates ran as Berniecrats"."""
    candidates = [person for person in scene.race.coverage.of(Person) if person.option]
    for tag in dict.fromkeys(tag for person in candidates for tag in person.descriptors):
        if re.search(rf"\b{re.escape(tag)}s?\b", parsed.text) and not re.search(r"field|in the race", parsed.text):
            return tag, tuple(person.name for person in candidates if tag in person.descriptors)
    return None


def _round_of(number: float, scene: Scene) -> Contest:
    """Two who stand are a runoff's; a field is the first round's."""
    rounds = scene.race.contests
    return next((one for one in rounds if number <= 2 and counted(one.options, "all") == number), rounds[0])


def _on_bases(
    claim: Claim,
    quantity: Quantity,
    contest: Contest,
    options: Sequence[Option],
    scene: Scene,
    *,
    less: int = 0,
    whole: bool,
    printed: bool,
    every: bool = False,
    what: str = "",
) -> CheckedClaim:
    """Hold a number of people against each base."""
    numbers = {base: counted(options, base) - less for base, _ in BASES}
    said = f"{numbers['all']} {what or 'candidates'}: {numbers['printed']} printed" + (
        f" and {numbers['all'] - numbers['printed']} written in" if numbers["all"] != numbers["printed"] else ""
    )
    trace = Trace(table="election", row=contest.id, column="options", value=numbers["all"], words=f"candidates · {said}")
    right = [base for base, _ in BASES if quantity.fits(numbers[base])]
    on_ballot = f"{numbers['printed']} names"
    meant = (
        (printed, "printed", f"{said}; {on_ballot} are on the ballot.", f"{on_ballot} on the ballot"),
        (every, "all", f"{said}.", str(numbers["all"])),
    )
    for is_meant, base, words, fix in meant:
        if is_meant and right and base not in right:
            return judged(scene, claim, Verdict.AMBIGUOUS_BASE, words, [trace], fix)
    if right:
        return judged(scene, claim, Verdict.CONFIRMED, f"{said}.", [trace])
    wrong = Verdict.CONTRADICTED if whole else Verdict.CANNOT_CHECK
    verdict = Verdict.UNDERSTATED if quantity.is_weak(numbers["all"]) else wrong
    return judged(scene, claim, verdict, f"{said}.", [trace], str(numbers["all"]))


def party_count(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How many of a party stand."""
    quantity = item.figure
    after = re.match(
        r" of (?:the|them|those)\b(?: \{Q\d+\})?[^.;,{]{0,12}?([A-Z]\w+)| (?:are|were) (?:registered )?([A-Z]\w+)", parsed.after_of(item)
    )
    code = (
        party_of(quantity.noun)
        or party_of((after[1] or after[2]) if after else "")
        or next((party_of(word) for word in quantity.words.split() if party_of(word)), "")
    )
    contest = scene.race.contests[0]
    options = [option for option in contest.options if option.party == code]
    if code and (named := LISTED.match(parsed.after_of(item, 400))):
        yield _listed(parsed, item, scene, named[0], code)
    elif code and not re.search(r"members of congress|house|senate|legislature|registered", parsed.text, re.IGNORECASE):
        claim = claim_at(parsed, "party", item.start, item.end, value=quantity.value, party=code)
        if (
            quantity.value == 2
            and len(scene.race.contests) > 1
            and all(one.party == code for one in scene.race.contests[-1].options if one.is_person)
        ):
            contest, options = scene.race.contests[-1], [one for one in scene.race.contests[-1].options if one.is_person]
        every = bool(EVERYBODY.search(parsed.text))
        of_all = quantity.value > SOME and WHOLE.search(parsed.text)
        whole = not quantity.words.split()[1:] and bool(of_all or after or FIELD_OF.search(parsed.before_of(item)))
        whole = whole and not BEATEN.search(parsed.before_of(item))
        whole = whole or quantity.value > counted(options, "all")
        checked = _on_bases(claim, quantity, contest, options, scene, whole=whole, printed=False, every=every, what=WORDS.get(code, code))
        yield _of_a_whole(parsed, item, scene, checked, contest)


BEATEN = re.compile(r"\b(?:beat\w*|defeat\w*|against|over|ahead of|outpoll\w*|topp\w+) $")
"""What is beaten is some of them."""
LISTED = re.compile(rf"(?:,|:| -) {C}(?:(?:,| and|, and) {C})+")


def _listed(parsed: Parsed, item: Item, scene: Scene, names: str, code: str) -> CheckedClaim:
    """Read "Three other Democrats, Hernandez, Carmona and Carrillo": those who are named, and not how many stand."""
    marks = re.findall(C, names)
    held = {option.id: option for contest in reversed(scene.race.contests) for option in contest.options}
    listed = [held[one] for mark in marks for one in parsed.item(mark).options[:1] if one in held]
    said = ", ".join(f"{one.name}: {one.party or 'no party'}" for one in listed)
    claim = claim_at(parsed, "party", item.start, item.end, options=[one.id for one in listed], party=code, value=item.figure.value)
    trace = Trace(table="election", row=scene.contest.id, column="party", value=code, words=f"candidates · {said}")
    fits = all(one.party == code for one in listed) and item.figure.fits(len(marks))
    return judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CANNOT_CHECK, f"{said}.", [trace])


def _of_a_whole(parsed: Parsed, item: Item, scene: Scene, checked: CheckedClaim, contest: Contest) -> CheckedClaim:
    """Hold "twenty of the 24" against the 24 as well."""
    found = re.match(rf" (?:of the ({Q})(?= (?:were|are) )|of them)", parsed.after_of(item))
    before = re.search(rf"({Q})[^.;{{}}]{{0,40}}, $", parsed.before_of(item)) if found and not found[1] else None
    mark = (found[1] or (before[1] if before else "")) if found else ""
    whole = parsed.item(mark).figure if mark else None
    bases = [base for base, _ in BASES if whole and whole.fits(counted(contest.options, base))]
    if whole is None or checked.verdict is not Verdict.CONFIRMED:
        return checked
    if bases:
        party = [option for option in contest.options if option.party == checked.claim.args["party"]]
        if any(item.figure.fits(counted(party, base)) for base in bases):
            return checked
        words = f"{counted(party, bases[0])} of the {whole.value:,.0f}."
        return judged(scene, checked.claim, Verdict.AMBIGUOUS_BASE, words, checked.evidence, str(counted(party, bases[0])))
    words = f"{counted(contest.options, 'all')} candidates, not {whole.value:,.0f}."
    return judged(scene, checked.claim, Verdict.CONTRADICTED, words, checked.evidence)


LONE = Pattern(
    r"\b(?:one (?:is|was) an?|the|a|one|lone|only|sole|single)\s+(?:(?:lone|only|sole|single)\s+)?"
    + PARTY
    + (
        r"(?:\s+(?:member|candidate))?\b(?![- ](?:primary|party\b|establishment|voters|national|vote|stronghold|club|leaders?|"
        r"caucus|base|side|incumbent|majority|seat|nominee|presidential|socialists?|attorney|assembly\w*|donors?|"
        r"new deal))(?!\s*\{C)"
    )
)


def lone(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The only Republican", "a Green Party member" beside a count of others."""
    for found in LONE.finditer(parsed.skeleton):
        code = party_of(found["party"])
        options = [option for option in scene.race.contests[0].options if option.party == code and option.is_person]
        words = found.group().lower()
        if (
            not code
            or re.match(r" (?:to|who|whose|whom)\b", parsed.skeleton[found.end() :])
            or not (re.search(r"only|lone|sole|single|member", words) or _is_listed(parsed, found))
            or not re.search(r"\{Q|field|race|candidate|ballot|run", parsed.skeleton)
        ):
            continue
        claim = claim_at(parsed, "party", *parsed.span(*found.span()), party=code)
        said = f"{len(options)} {WORDS[code]} stand"
        trace = Trace(table="election", row=scene.race.contests[0].id, column=f"party[{code}]", value=len(options), words=said)
        only = re.search(r"only|lone|sole|single", words)
        fits = len(options) == 1 or (not only and len(options) > 0)
        yield judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{said}.", [trace])


def _is_listed(parsed: Parsed, found: re.Match[str]) -> bool:
    """Whether it stands in a list of how many of each party stand: "19 Democrats, one Republican and a Green"."""
    before, after = parsed.skeleton[: found.start()], parsed.skeleton[found.end() :]
    counted_ = any(item.quantity and item.quantity.unit.value in {"party", "candidates"} for item in parsed.items)
    return counted_ and bool(re.search(r"(?:[,;:]| and| plus| with| including) $", before) and re.match(r"[,.;]| and\b|$", after))


BEFORE = Pattern(
    rf"(?:\b[Ff]ellow )?{PARTY}(?!(?<=s) (?!and\b|\{{C))"
    rf"(?P<and>(?: candidate| newcomer| incumbent)?,? and| (?:candidate|newcomer|incumbent|rival|"
    rf"opponent),?)?(?: (?!who|in|of|to|voters|on|at|for|by|from|with|that|have|has|had|is|are|was|were|will|would|as|than|over|about|"
    rf"against|campaign|expenditure|committee|spend|group|leader)[\w.'-]+){{0,6}}? (?P<who>{C})"
)
ARE = Pattern(
    rf"(?P<who>{C}|{C} and {C}|{G}|\b[Bb]oth(?: of them| finalists| men| contenders)?) (?:are|were) (?:both |all |fellow )?{PARTY}"
)
BEHIND = Pattern(
    rf"(?P<who>{C})(?:,? (?:is|was|who is|who was|are|were))?,? (?:both |a |an |the |also |a fellow |fellow |a fellow |"
    rf"registered |longtime |lifelong |moderate |progressive |liberal |former |once a |one-?time |ex-)+(?:(?!and |or )\w+ ){{0,2}}{PARTY}\b"
    r"(?! (?:primary|"
    r"party leaders|voters|establishment|club))"
)
NAMED = Pattern(rf"\b(?:[Tt]he|[Oo]ne|[Aa]|[Aa] single|only|lone|sole) {PARTY}(?: candidate)?, (?P<who>{C})(?=[,.;:)]| who|$)")
ALL_ONE = Pattern(r"\ball-(?P<party>Democrat(?:ic)?|Republican|GOP) (?:run-?off|race|contest|match-?up|showdown|finale?|face-?off|affair)")
BOTH = Pattern(rf"(?P<who>{G}|[Tt]he candidates|[Bb]oth candidates|{C} and {C}),? (?:are |were )?(?:both|{C}) {PARTY}")
SIDES = Pattern(rf"{C} \(L(?:eft)?\)[^.;]*{C} \(R(?:ight)?\)")
"""Where two stand in a picture, which are no parties."""
LETTER = r"(?:'s)?(?: \((?P<letter>[DRGLI])(?:-[^)]*)?\)|, (?P<letter2>[DRGLI])-(?=[A-Z]))"
BRACKET = Pattern(rf"(?P<who>{C}){LETTER}")
OF_PERSON = Pattern(rf"(?P<who>{P})(?:{LETTER}|, (?:(?:another|also a|a fellow|a) )?{PARTY}(?= who|,|\.|$))")


ONCE = re.compile(r"(?:\bformer|\bonce an?|\bone-?time|\bex-|\bwas an?(?: registered| longtime)?) ?$")
"""Words for a party that somebody has left."""


def parties(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Democrat Jimmy Gomez", "Gomez (D)", "the candidates, both Democrats"."""
    seen: set[tuple[str, ...]] = set()
    yield from _groups(parsed, scene)
    yield from _of_people(parsed, scene)
    for found in ALL_ONE.finditer(parsed.skeleton) if not scene.foreign else ():
        yield _of_party(parsed, found, scene, _finalists(scene), party_of(found["party"]))
    for pattern in (BOTH, ARE, *(() if SIDES.search(parsed.skeleton) else (BRACKET,)), NAMED, BEHIND, BEFORE):
        for found in pattern.finditer(parsed.skeleton):
            options = _whom(parsed, found, scene)
            code = LETTERS[found["letter"] or found["letter2"]] if "letter" in pattern.groupindex else party_of(found["party"])
            if (
                code
                and len(options := _whom(parsed, found, scene)) == 1
                and (
                    ONCE.search(parsed.skeleton[found.start() : found.start("party" if "party" in pattern.groupindex else "letter")])
                    or re.match(r" (?:until|before)\b", parsed.skeleton[found.end() :])
                )
            ):
                yield _once_of_party(parsed, found, scene, options[0], code)
                continue
            if (
                code
                and options
                and options not in seen
                and not (
                    pattern is BEFORE
                    and re.search(
                        r"\{[CPG]\d+\}|\band\b|,",
                        found.group()[found.end("and" if found.groupdict().get("and") else "party") - found.start() : -len(found["who"])],
                    )
                )
            ):
                seen.add(options)
                yield _of_party(parsed, found, scene, options, code)


def _of_people(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Xavier Becerra (D-Los Angeles)" of somebody who does not stand, by the parties that are recorded."""
    for found in OF_PERSON.finditer(parsed.skeleton):
        who = parsed.item(found["who"]).who[0]
        rows = list(scene.race.coverage.parties(who.person)) if who.person else []
        if rows:
            code = LETTERS[found["letter"] or found["letter2"]] if not found["party"] else party_of(found["party"])
            said = f"{who.name}: {', '.join(dict.fromkeys(row.party for row in rows))}"
            claim = claim_at(parsed, "party", *parsed.span(*found.span()), who=who.id, party=code)
            trace = Trace(table="party", row=rows[-1].id, column="party", value=rows[-1].party, words=said)
            fits = any(row.party == code for row in rows)
            yield judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{said}.", [trace])


def _groups(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "the two Democrats" as the party of both."""
    for item in (item for item in parsed.items if item.mark == "G"):
        word = re.search(r"\btwo (\w+)$", parsed.text[item.start : item.end])
        code, options = party_of(word[1]) if word else "", in_group(item.group, scene)
        if code and options:
            claim = claim_at(parsed, "party", item.start, item.end, options=list(options), party=code)
            held = {option.id: option for contest in reversed(scene.race.contests) for option in contest.options}
            said = ", ".join(f"{held[one].name}: {held[one].party or 'no party'}" for one in options)
            trace = Trace(table="election", row=scene.contest.id, column="party", value=code, words=f"candidates · {said}")
            fits = all(held[one].party == code for one in options)
            yield judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{said}.", [trace])


def _whom(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    who = found["who"] or ""
    marks = re.findall(rf"{C}|{G}", who)
    if marks:
        return tuple(option for mark in marks for option in (parsed.item(mark).options or in_group(parsed.item(mark).group, scene)))
    return _finalists(scene)


def _finalists(scene: Scene) -> tuple[str, ...]:
    """Those who stand in the last round, or lead where it is not settled who does."""
    last = scene.race.contests[-1]
    return tuple(option.id for option in last.options if option.is_person) if counted(last.options, "all") == 2 else in_group("top", scene)


SWITCHED = Pattern(
    rf"(?P<who>{C})[^.;{{}}]{{0,40}}? (?P<what>(?:changed|switched) (?:(?:his|her|their|{C}) )?(?:party )?"
    r"(?:affiliation|registration|parties)?,? ?"
    r"from (?P<old>[A-Z]\w+) to (?P<new>[A-Z]\w+))(?: in (?P<year>\d{4}))?"
)


def switches(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "changed his affiliation from Republican to Democrat in 2012"."""
    for found in SWITCHED.finditer(parsed.skeleton):
        who = parsed.item(found["who"]).who[0]
        rows = list(scene.race.coverage.parties(who.person)) if who.person else []
        ended = next((row for row in rows if row.end), None)
        if ended is None or len(rows) == 1:
            continue
        claim = claim_at(parsed, "party", *parsed.span(*found.span("what")), who=who.id, former=True)
        said = f"{who.name}: {rows[0].party} until {ended.end}, then {rows[-1].party}"
        parties_ = [party_of(found["old"]), party_of(found["new"])] == [rows[0].party, rows[-1].party]
        fits = parties_ and (not found["year"] or str(ended.end)[:4] == found["year"])
        trace = Trace(table="party", row=rows[-1].id, column="party", value=rows[-1].party, words=said)
        yield judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{said}.", [trace])


def _once_of_party(parsed: Parsed, found: re.Match[str], scene: Scene, option: str, code: str) -> CheckedClaim:
    claim = claim_at(parsed, "party", *parsed.span(*found.span()), options=[option], party=code, former=True)
    person = scene.race.coverage.person_of(option)
    rows = [row for row in scene.race.coverage.parties(person.id) if row.party == code and row.end] if person else []
    if not rows:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"No earlier party of {scene.name(option)} is recorded.")
    words = f"{scene.name(option)}: {code} until {rows[-1].end}"
    return judged(
        scene, claim, Verdict.CONFIRMED, f"{words}.", [Trace(table="party", row=rows[-1].id, column="party", value=code, words=words)]
    )


def _of_party(parsed: Parsed, found: re.Match[str], scene: Scene, options: tuple[str, ...], code: str) -> CheckedClaim:
    claim = claim_at(parsed, "party", *parsed.span(*found.span()), options=list(options), party=code)
    held = {option.id: option for contest in reversed(scene.race.contests) for option in contest.options}
    said = ", ".join(f"{held[one].name}: {held[one].party or 'no party'}" for one in options)
    trace = Trace(table="election", row=scene.contest.id, column="party", value=code, words=f"candidates · {said}")
    fits = all(held[one].party == code for one in options)
    return judged(scene, claim, Verdict.CONFIRMED if fits else Verdict.CONTRADICTED, f"{said}.", [trace])


def women(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """How many women stand, by what is recorded of the candidates."""
    quantity = item.figure
    claim = claim_at(parsed, "field", item.start, item.end, value=quantity.value)
    known = [scene.race.coverage.person_of(option.id) for option in scene.race.contests[0].options if option.is_person]
    women_ = sum(bool(person and person.gender == "female") for person in known)
    printed = [option for option in scene.race.contests[0].options if option.kind is OptionKind.PRINTED]
    printed_women = sum(bool((person := scene.race.coverage.person_of(option.id)) and person.gender == "female") for option in printed)
    right = quantity.fits(women_) or quantity.fits(printed_women)
    said = f"{women_} of {len(known)} candidates are recorded as women, {printed_women} of {len(printed)} whose names were printed"
    trace = Trace(table="person", row="*", column="gender", value=women_, words=said)
    if not all(person and person.gender for person in known):
        yield judged(
            scene,
            claim,
            Verdict.CONFIRMED if right and women_ else Verdict.CANNOT_CHECK,
            f"{said}; the record is not whole.",
            [trace],
        )
    else:
        yield judged(scene, claim, Verdict.CONFIRMED if right else Verdict.CONTRADICTED, f"{said}.", [trace])
