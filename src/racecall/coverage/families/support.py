"""Endorsements: given, declined, withdrawn, each in its stage and true in its time; and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.families.subjects import clause_subject, subject_of
from racecall.coverage.parsing import ANY, C, Item, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import Named, folded_text
from racecall.coverage.rows import Endorsement, Polarity
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged

DECLINED = Pattern(
    r"\b(?:declin\w+|refus\w+|chose not|opted not|did not|didn't|has not|had not|hasn't|have not|stayed out|stayed neutral|"
    r"sat out|sat on the sidelines|sat on the fence|withheld|remain\w* neutral)\b(?:[^.;{]{0,30}?(?:endors\w+|back\w*|"
    r"take sides|the race|support\w*|neutral)\b)?",
    re.IGNORECASE,
)
GIVES = Pattern(
    r"(?<!to )\b(?:endors(?:ed|es?|ing)|back(?:ed|s|ing)\b(?! (?:away|down|out|up|off|to))|threw (?:his|her|their|"
    r"its) (?:support|weight) behind|came out for|lin(?:ed|ing) up behind|support(?:ed|s|ing)\b(?! from)|picked|"
    rf"chose)(?: for)? (?:\w+ ){{0,2}}?(?P<whom>{C}|me\b)",
    re.IGNORECASE,
)
HAS = Pattern(
    r"\{Q\d+\} (?:of \w+ )?(?:from|of|by) [^.;{]{0,60}?,? (?:including|among them|such as)|"
    r"\b(?:endorsed by|backed by|supported by|endorsements? (?:of|from|by)|(?:support|backing|blessing|nod|"
    r"seal of approval) (?:of|from)|endorsements? from [^.;]{0,60}?(?:including|like|such as)|endorsements?,? including|"
    r"endorsements? [^.;]{0,50}? including)",
    re.IGNORECASE,
)
STANDS = Pattern(
    r"\b(?:is|are|got|stands?|stood|were|was) (?:now |firmly |squarely )?(?:behind|in the corner of|with|"
    rf"for) (?P<whom>{C})(?=[,.]| early| in\b)"
)
GOES = Pattern(
    r"(?:'s)? (?:(?:endorsement|backing|support|nod|blessing) (?:went|goes|has gone|is going) to|(?:has |have )?(?:threw|"
    rf"thrown) (?:its|his|her|their) (?:support|weight|backing) (?:to|behind)) (?P<whom>{C})"
)
VOTES = Pattern(rf" (?:has |have )?voted (?:{Q}\s?(?:-|to)\s?{Q} |overwhelmingly |narrowly )?to (?:endorse|back|support) (?P<whom>{C})")
WHOM = Pattern(rf"(?P<whom>{C}),? whom (?P<by>(?:the )?{ANY}(?:,? and (?:the )?{ANY})*) (?:has |have |had )?(?:endorsed|backed|supported)")
LIST = Pattern(rf"\b(?:[Ee]ndorsements?|[Ss]upporters|[Bb]ackers|[Ee]ndorsers) (?:for|of) (?P<whom>{C}) (?:include|are|come from)\w*")
REACH = 140
ABOUT = Pattern(r"endors|back(?:ing|ed)? (?:a|any)|take sides|neutral|support|sidelines|fence")
TITLES = {"officeholder": "elected officials", "union": "unions", "newspaper": "newspapers", "group": "groups"}


def endorsements(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Schiff endorsed Gomez", "backed by Our Revolution", "declined to endorse"."""
    read: set[str] = set()
    for reading in (_declined, _given, _stood_behind, _received):
        for span, endorser, whom, polarity in reading(parsed, scene):
            if endorser.id != whom:
                read.add(endorser.id)
                yield _checked(parsed, span, scene, endorser, whom, polarity)
    yield from (one for one in _otherwise(parsed, scene, read) if one.verdict is Verdict.CONFIRMED)


def _otherwise(parsed: Parsed, scene: Scene, read: set[str]) -> Iterator[CheckedClaim]:
    """Support told in words that no pattern has: read as what is recorded, and never contradicted."""
    whom = list(dict.fromkeys(option for item in parsed.candidates for option in item.options))
    for item in parsed.items if SUPPORT.search(parsed.skeleton) and whom else ():
        if (
            item.mark in {"P", "C"}
            and len(item.who) == 1
            and item.who[0].id not in read
            and _is_name(parsed, f"{{{item.mark}{parsed.items.index(item)}}}")
        ):
            for option in (option for option in whom if option != item.who[0].id):
                yield _checked(parsed, parsed.place(item), scene, item.who[0], option, Polarity.ENDORSED)


SUPPORT = Pattern(
    r"endors|\bback(?:s|ed|ing|ers?)\b|support|\bnods?\b|blessing|weight behind|\bbehind\b|on board|lent (?:\w+ )?names?|"
    r"\bTeam\b|favou?rite|\bin (?:his|her) corner\b|\bpick\b|likewise|rallied",
    re.IGNORECASE,
)


Told = tuple[tuple[int, int], Named, str, Polarity]
"""Where it stands in the skeleton, who did it, for whom, what."""


def _declined(parsed: Parsed, _scene: Scene) -> Iterator[Told]:
    declined = DECLINED.search(parsed.skeleton) if ABOUT.search(parsed.skeleton) else None
    for item in _named(parsed, parsed.skeleton[: declined.start()][-REACH:], candidates=False) if declined else ():
        yield (parsed.place(item)[0], declined.end() if declined else 0), item.who[0], "", Polarity.DECLINED


def _given(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    for found in GIVES.finditer(parsed.skeleton):
        whom = _whom(parsed, found, scene)
        for item in _named(parsed, parsed.skeleton[: found.start()][-REACH:], candidates=True) if whom else ():
            yield (parsed.place(item)[0], found.end()), item.who[0], whom, Polarity.ENDORSED


def _stood_behind(parsed: Parsed, _scene: Scene) -> Iterator[Told]:
    for pattern in (STANDS, GOES, VOTES, WHOM):
        for found in pattern.finditer(parsed.skeleton):
            whom = parsed.item(found["whom"]).options
            by = f"{found['by']} " if "by" in pattern.groupindex else parsed.skeleton[: found.start()][-REACH:]
            for item in _named(parsed, by, candidates=True) if whom else ():
                yield found.span(), item.who[0], whom[0], Polarity.ENDORSED


def _received(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    lists = [(found.end(), parsed.item(found["whom"]).options) for found in LIST.finditer(parsed.skeleton)]
    lists += [(found.end(), _receiver(parsed, found, scene)) for found in HAS.finditer(parsed.skeleton)]
    for end, whom in lists:
        for item in _listed(parsed, end) if whom else ():
            yield parsed.place(item), item.who[0], whom[0], Polarity.ENDORSED


def _receiver(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """Who is backed: the name just before ("Maria Cabildo, endorsed by"), else whoever the clause is about."""
    beside = re.search(rf"({C}),? (?:(?:who|which) (?:is|was|has been) )?$", parsed.skeleton[: found.start()])
    return parsed.item(beside[1]).options if beside else clause_subject(parsed, found.start(), scene).options


def _whom(parsed: Parsed, found: re.Match[str], scene: Scene) -> str:
    """Who is endorsed; "me" in a quote is whoever speaks."""
    if found["whom"].lower() != "me":
        options = parsed.item(found["whom"]).options
        return options[0] if options else ""
    speaker = next(
        (item for item in parsed.items if item.mark == "C" and not parsed.is_quoted(item.start, item.end) and len(item.options) == 1), None
    )
    names = re.findall(rf"({C})(?:'s)?[^.;\"]{{0,90}}?(?:said|responded|replied|told|shot back|answered|countered|added)", parsed.skeleton)
    return (
        parsed.item(names[-1]).options[0]
        if names
        else speaker.options[0]
        if speaker
        else clause_subject(parsed, found.start(), scene).options[0]
        if clause_subject(parsed, found.start(), scene).options
        else ""
    )


def _named(parsed: Parsed, before: str, *, candidates: bool) -> Iterator[Item]:
    """The bodies and people named just before the verb, all of a list."""
    names = [one for one in re.finditer(ANY, before) if _is_name(parsed, one.group())]
    last = len(before)
    for found in reversed(names):
        gap = re.sub(r",? (?:which|who|that)\b[^,]*,", "", before[found.end() : last])
        if last != len(before) and not re.fullmatch(
            r",? and (?:the |\w+\. )?|, (?:the )?|,? as well as |, [\w' ]{3,60}, | and \w+ \w+ ", gap
        ):
            return
        if last == len(before) and re.search(r"[;]|\bthat\b|\bwho\b|\bwhich\b", gap):
            return
        item = parsed.item(found.group())
        if len(item.who) == 1 and (item.mark == "P" or candidates):
            yield item
        last = found.start()


def _is_name(parsed: Parsed, mark: str) -> bool:
    """Whether a mark stands for a name and not for "he" or "they"."""
    return parsed.text[parsed.item(mark).start].isupper() and parsed.text[parsed.item(mark).start : parsed.item(mark).end].lower() not in {
        "he",
        "she",
        "they",
    }


def _listed(parsed: Parsed, start: int) -> Iterator[Item]:
    after = parsed.skeleton[start : start + 160]
    last = 0
    for found in re.finditer(ANY, after):
        gap = after[last : found.start()]
        limit = 45 if last else 70
        if len(gap) > limit or re.search(r"[;.]|\bwho\b|\bwhich\b|\bwhose\b|\bthat\b|\bwhile\b|\bbut\b", gap):
            return
        item = parsed.item(found.group())
        if len(item.who) == 1:
            yield item
        last = found.end()


def _checked(parsed: Parsed, span: tuple[int, int], scene: Scene, endorser: Named, option: str, polarity: Polarity) -> CheckedClaim:
    claim = claim_at(parsed, "endorsement", *parsed.span(*span), endorser=endorser.name, option=option, polarity=polarity.value)
    person = scene.race.coverage.person_of(option)
    ids = {option, person.id if person else option}
    rows = [one for one in scene.race.coverage.of(Endorsement) if _is_by(one, endorser)]
    stage = scene.race.coming.id if scene.race.coming and not re.search(r"primary|first round", parsed.text, re.IGNORECASE) else ""
    rows = sorted(rows, key=lambda one: (one.stage != stage,))
    same = [one for one in rows if one.polarity is polarity and (polarity is Polarity.DECLINED or one.candidate in ids)]
    if same:
        row = same[0]
        return judged(scene, claim, Verdict.CONFIRMED, f"{_words(row, scene)}.", [_trace(row, scene)])
    against = [
        one
        for one in rows
        if one.polarity is Polarity.DECLINED
        or (polarity is Polarity.ENDORSED and one.candidate not in ids)
        or (polarity is Polarity.DECLINED and one.polarity is Polarity.ENDORSED)
    ]
    if against:
        row = against[-1]
        later = polarity is Polarity.DECLINED
        verdict = Verdict.STALE if later and any(one.polarity is Polarity.DECLINED for one in rows) else Verdict.CONTRADICTED
        if verdict is Verdict.CONTRADICTED and _is_free_again(row, stage, scene):
            verdict = Verdict.CANNOT_CHECK
        return judged(scene, claim, verdict, f"{_words(row, scene)}.", [_trace(row, scene)])
    whole = scene.race.coverage.is_complete("endorsement")
    verdict = Verdict.CONTRADICTED if whole else Verdict.CANNOT_CHECK
    return judged(
        scene,
        claim,
        verdict,
        f"No row has {endorser.name} endorsing {scene.name(option) if option else 'anybody'}; the list is "
        f"{'whole' if whole else 'not complete'}.",
    )


def _is_free_again(row: Endorsement, stage: str, scene: Scene) -> bool:
    """Whether an endorsement was of an earlier round and of somebody who does not stand in this one: nobody said whom they back now."""
    standing = {option.id for contest in scene.race.contests if contest.id == stage for option in contest.options}
    people = {person.id for option in standing if (person := scene.race.coverage.person_of(option))}
    return bool(stage) and row.stage != stage and row.candidate not in standing | people


def _is_by(row: Endorsement, endorser: Named) -> bool:
    name = folded_text(re.sub(r"\s*\([^)]*\)", "", row.endorser))
    return name in {folded_text(endorser.name), folded_text(endorser.id)} or folded_text(row.endorser) == folded_text(endorser.id)


def _words(row: Endorsement, scene: Scene) -> str:
    stage = next((one.title for one in scene.race.contests if one.id == row.stage), row.stage)
    person = scene.race.coverage.people.get(row.candidate)
    whom = person.name if person else row.candidate
    return {
        Polarity.ENDORSED: f"{row.endorser} endorsed {whom} ({stage})",
        Polarity.DECLINED: f"{row.endorser} declined to endorse ({stage})",
        Polarity.WITHDRAWN: f"{row.endorser} withdrew the endorsement of {whom} ({stage})",
    }[row.polarity]


def _trace(row: Endorsement, scene: Scene) -> Trace:
    return Trace(
        table="endorsement",
        row=row.id,
        column="polarity",
        value=row.polarity.value,
        words=f"endorsements · {_words(row, scene)} · {row.source}",
        at=row.as_of,
    )


def endorsement_count(parsed: Parsed, item: Item, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "dozens of endorsements": only a whole list can contradict a number."""
    given = re.match(rf"[^.;]{{0,30}}endors\w+ ({C})", parsed.after_of(item))
    options = parsed.item(given[1]).options if given else subject_of(parsed, item, scene).options
    if not options or not re.search(r"endors|back|support", parsed.text):
        return
    type_ = next((type_ for words, type_ in TYPES if re.search(words, parsed.text[item.start : item.end + 60])), "")
    number = _number_of(options[0], type_, scene)
    complete = scene.race.coverage.is_complete("endorsement", f"{type_}/{scene.contest.id}")
    who, whole = TITLES.get(type_, "endorsers"), "whole" if complete else "not complete"
    words = f"{number} {who} of {scene.name(options[0])} are recorded; the list is {whole}"
    claim = claim_at(parsed, "endorsement_count", item.start, item.end, option=options[0], value=item.figure.value, endorser_type=type_)
    enough = item.figure.fits(number) or (number and item.figure.is_weak(number))
    verdict = Verdict.CONFIRMED if enough else Verdict.CONTRADICTED if complete else Verdict.CANNOT_CHECK
    yield judged(scene, claim, verdict, f"{words}.", [Trace(table="endorsement", row="*", column="count", value=number, words=words)])


TYPES = ((r"elected|official|officeholder|lawmaker", "officeholder"), (r"\bunions?\b", "union"), (r"newspaper", "newspaper"))
"""Words for a type of endorser."""


def _number_of(option: str, type_: str, scene: Scene) -> int:
    """How many endorsements of an option are recorded, of every type if ""."""
    person = scene.race.coverage.person_of(option)
    given = (row for row in scene.race.coverage.of(Endorsement) if person and row.candidate == person.id)
    return sum(row.polarity is Polarity.ENDORSED and type_ in {"", row.endorser_type} for row in given)
