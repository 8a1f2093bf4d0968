"""Endorsements: given, declined, withdrawn, each in its stage and true in its time; and how many."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.families.subjects import clause_subject, subject_of
from racecall.coverage.parsing import ANY, C, Item, Parsed, Q
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import Named, folded_text
from racecall.coverage.rows import Endorsement, Polarity
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, right
from racecall.model.contest import Contest

DECLINED = Pattern(
    r"\b(?:declin\w+|refus\w+|chose not|opted not|did not|didn't|has not|had not|hasn't|have not|never(?= (?:endors|back|support))|"
    r"yet to(?= (?:endorse|back|support))|(?:stay|kept|keep)(?:s|ed|ing)? out|"
    r"(?:stay|remain)(?:s|ed|ing)? neutral|(?:sat|sit(?:s|ting)?) (?:it )?out|(?:sat|stay\w*|remain\w*) on (?:the sidelines|the fence|"
    r"its hands|his hands|her hands)|withheld|(?:took|takes?|taking|picked) no sides?|endors(?:ed|es|ing) (?:no one|nobody|neither|"
    r"none)|made no (?:endorsement|pick)|no endorsement from|(?<=\} )(?:picked|chose) (?:no|a) favou?rite)\b(?:[^.;{]{0,30}?(?:endors\w+|"
    r"back\w*|"
    r"take sides|the race|the (?:primary|run-?off|first round)|support\w*|neutral)\b)?",
    re.IGNORECASE,
)
HIS = rf"(?:his|her|its|their|{ANY})"
PRAISE = r"(?:support|backing|blessing|nod|endorsement|imprimatur|(?:seal|stamp) of approval|vote of confidence)"
"""What is given by who backs somebody."""
GIVES = Pattern(
    rf"(?<!to )\b(?:endors(?:ed|es?|ing)|back(?:ed|s|ing)\b(?! (?:away|down|out|up|off|to))|(?:threw|throws|thrown|put) {HIS} "
    r"(?:support|weight|muscle|money) (?:behind|to)|(?:came|come|comes) out for|lin(?:ed|es|ing) up (?:behind|with)|"
    r"(?:got|gotten|getting|gets) behind|support(?:ed|s|ing)\b(?! from)|picked|(?:went|gone|goes|sided|sides|siding) with|"
    rf"favou?r(?:ed|s|ing)?|rall(?:ied|ies|ying) (?:behind|around|to)|(?:gave|gives?|given|lent|lends) {HIS} {PRAISE} to|"
    rf"recommend(?:ed|s|ing)|chose)(?: for)? (?:(?!by\b)\w+ ){{0,2}}?(?P<whom>{C}|me\b)",
    re.IGNORECASE,
)
HAS = Pattern(
    r"\{Q\d+\} (?:of \w+ )?(?:from|of|by) [^.;{]{0,60}?,? (?:including|among them|such as)|"
    rf"\b(?:endorsed by|backed by|supported by|recommended by|favou?red by|endorsements? (?:of|from|by)|{PRAISE} (?:of|from)|"
    r"(?:choice|pick|favou?rite|preferred candidate|candidate) of(?= (?:the )?(?:[\w.]+ ){0,3}\{P)|boast(?:ed|s|ing)? of|"
    r"(?<=, )whose (?:\w+ )?(?:endorse(?:rs|ments)|backers|supporters|endorsement list) (?:includes?|included|are|come from)|"
    r"count(?:ed|s|ing)? (?:also )?on|rel(?:ied|ies|ying) on the \w+ of|"
    r"endorsements? from [^.;]{0,60}?(?:including|like|such as)|endorsements?,? including|"
    r"endorsements? [^.;]{0,50}? including)",
    re.IGNORECASE,
)
STANDS = Pattern(
    r"\b(?:is|are|got|stands?|stood|were|was|lined up|came down) (?:now |firmly |squarely |also )?(?:behind|in the corner of|with|"
    rf"on the side of|for) (?P<whom>{C})(?=[,.]| early| in\b| as well| too| now|$)"
)
CORNER = Pattern(
    r"\b(?:is|are|was|were|stands?|stood|remains?|came down)(?: \w+)? (?:in|on) "
    rf"(?P<whom>{C})(?:'s)? (?:corner|side|camp|team|bandwagon)\b"
)
WANTS = Pattern(rf"\b(?:wants|wanted|prefers|preferred|anointed|tapped) (?P<whom>{C}) (?:to (?:follow|succeed|replace|win|go)|as|for)\b")
URGES = Pattern(
    r"\b(?:urg(?:ed|es|ing)|ask(?:ed|s|ing)|encourag(?:ed|es|ing)|call(?:ed|s|ing) on|told|implor(?:ed|es|ing)) (?:[\w']+ ){1,3}?to "
    rf"(?:vote for|back|support|choose|elect|pick|send) (?P<whom>{C})|"
    r"\b(?:campaign(?:ed|s|ing)|stump(?:ed|s|ing)|fundrais(?:ed|es|ing)|knock(?:ed|s|ing)(?: on)? doors|canvass(?:ed|es|ing)|"
    rf"hosted \w+ fundraisers?) for (?P<whom2>{C})"
)
"""Support that is told by what was done for somebody."""
SUPPORTER = Pattern(
    rf"\b(?:is|was|are|were|as|became|been) (?:now |also |still )*(?:an? |among )?(?:\w+ )?(?P<whom>{C})(?:'s?)? "
    r"(?:\w+ )?(?:supporters?|backers?|endorsers?|boosters?|allies)\b"
)
BESIDE = Pattern(
    rf"\b[Ww]ith (?:the )?(?P<by>{ANY})(?:'s?)? (?:[\w-]+ )?{PRAISE}(?: (?:in hand|behind {C}))?, (?P<whom>{C})|"
    rf"(?P<whom2>{C}),? (?:has |had |got |with |counts |having )(?P<by2>(?:the )?{ANY}(?:(?:,|,? and) (?:the )?{ANY})*) (?:\w+ )?"
    rf"(?:in {C} (?:corner|camp)|on {C} side|behind {C}|as (?:an? )?(?:supporters?|backers?|endorsers?|allies|ally))\b"
)
"""Who has whom beside them: "with Garcetti's blessing, Gomez", "Ahn has Schiff in his corner"."""
GOES = Pattern(
    rf"(?:'s?)? (?:\w+ )?(?:{PRAISE} (?:went|goes|has gone|is going) to|(?:has |have )?(?:threw|"
    rf"thrown) {HIS} (?:support|weight|backing) (?:to|behind)) (?P<whom>{C})"
)
VOTES = Pattern(rf" (?:has |have )?voted (?:{Q}\s?(?:-|to)\s?{Q} |overwhelmingly |narrowly )?to (?:endorse|back|support) (?P<whom>{C})")
WHOM = Pattern(rf"(?P<whom>{C}),? whom (?P<by>(?:the )?{ANY}(?:,? and (?:the )?{ANY})*) (?:has |have |had )?(?:endorsed|backed|supported)")
PICK = Pattern(
    rf"(?P<whom>{C}),? (?:who (?:is|was) |is |was )?(?:the )?(?P<by>{ANY})(?:'s?)? (?:\w+ )?(?:choice|pick|favou?rite|endorsee|"
    r"preferred candidate)\b|"
    rf"(?P<by2>{ANY})(?:'s?)? (?:\w+ )?(?:choice|pick|favou?rite)(?:,| was| is) (?P<whom2>{C})|"
    rf"(?<=and )(?P<by3>{ANY})'s? (?:\w+ )?(?:choice|pick|favou?rite)\b"
)
WON_OVER = Pattern(
    r"\b(?:won|has won|scored|landed|scooped up|picked up|collected|secured|earned|has|had|holds|got|received) (?:the )?"
    rf"(?P<by>{ANY})(?:'s?)? (?:\w+ )?{PRAISE}\b"
)
ECHO = Pattern(
    rf"\b(?:as|[Ss]o|[Nn]or|[Nn]either)(?: too)? (?:did|does|do|has|have|had|was|were|is|are)(?= (?:\w+\.? ){{0,4}}?{ANY})|"
    rf"(?P<by>{ANY}) (?:did (?:likewise|the same|so,? too)|(?:is|was|are|were) (?:on board|with \w+)(?: too| as well)?|followed suit)\b"
)
LIST = Pattern(rf"\b(?:[Ee]ndorsements?|[Ss]upporters|[Bb]ackers|[Ee]ndorsers) (?:for|of) (?P<whom>{C}) (?:include|are|come from)\w*")
REACH = 140
ABOUT = Pattern(
    r"endors|favou?rite|back(?:ing|ed)? (?:a|any)|take sides|neutral|support|sidelines|fence|no sides?\b|pick (?:a|any)\b|"
    r"\b(?:out|hands)\b[^.;{]{0,12}\b(?:primary|run-?off|race|first round|contest|it)\b"
)
TITLES = {"officeholder": "elected officials", "union": "unions", "newspaper": "newspapers", "group": "groups"}


def endorsements(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Schiff endorsed Gomez", "backed by Our Revolution", "declined to endorse"."""
    told = list(_told(parsed, scene))
    read: set[tuple[str, str, Polarity]] = set()
    for span, endorser, whom, polarity in (*told, *_echoed(parsed, scene, told)):
        if endorser.id != whom and (endorser.id, whom, polarity) not in read:
            read.add((endorser.id, whom, polarity))
            yield _checked(parsed, span, scene, endorser, whom, polarity)
    yield from (one for one in _otherwise(parsed, scene, {endorser for endorser, _, _ in read}) if one.verdict is Verdict.CONFIRMED)


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


def _told(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    for reading in (_declined, _neither, _given, _stood_behind, _picked, _received):
        yield from reading(parsed, scene)


def _echoed(parsed: Parsed, scene: Scene, told: list[Told]) -> Iterator[Told]:
    """Read "as did Harris and Garcetti", "so has Carrillo": the same as what was told last, here or just before."""
    for found in ECHO.finditer(parsed.skeleton):
        here = [one for one in told if one[0][0] < found.start()]
        last = here or (list(_told(parsed.before, scene)) if parsed.before else [])
        names = [parsed.item(found["by"])] if found["by"] else _listed(parsed, found.end())
        for item in (item for item in names if last and len(item.who) == 1):
            _, _, whom, polarity = last[-1]
            yield parsed.place(item), item.who[0], whom, polarity


def _declined(parsed: Parsed, _scene: Scene) -> Iterator[Told]:
    declined = DECLINED.search(parsed.skeleton) if ABOUT.search(parsed.skeleton) else None
    if declined and not MIGHT.search(parsed.skeleton[: declined.start()]):
        whom = (
            re.match(rf" ({C})(?!,? (?:or|nor|and)\b|'s)", parsed.skeleton[declined.end() :]) if ENDORSE.search(declined.group()) else None
        )
        options = parsed.item(whom[1]).options[:1] if whom else ()
        for item in _named(parsed, parsed.skeleton[: declined.start()][-REACH:], candidates=False):
            yield (parsed.place(item)[0], declined.end()), item.who[0], "".join(options), Polarity.DECLINED


MIGHT = re.compile(r"\b(?:should|could|would|might|may|to|will|if|whether)(?: \w+)?(?: have)? $")
"""What somebody should, or may yet, do."""
ENDORSE = re.compile(r"\b(?:endors\w+|back\w*|support\w*)$", re.IGNORECASE)
"""Words behind which somebody is named who is not backed."""
NOT = re.compile(
    r"(?:\b(?:not|never|no longer|hardly)|n't) (?:yet |ever |formally |publicly )*$|\b(?:could|might|may|should|would) have $|"
    r"\b(?:[Nn]one|[Nn]ot one|[Nn]o one|[Nn]obody|[Nn]either)\b[^.;]*$"
)
"""Words that make support what was not, or only might have been, given."""
LACKS = re.compile(
    r"(?:\b(?:not|never|without|lack(?:ed|s|ing)?|minus|no)|n't) (?:(?:have|had|get|got|won?|win|receive|earn|land|the|an?|any|of) )*$"
)
SEEKS = re.compile(
    r"\b(?:seek\w*|sought|hop(?:ed?|es|ing)|want\w*|court\w*|pursu\w+|ask\w*|vied|vying|compet\w+|bid|lobb\w+|expect\w*|fail\w*|lost|los(?:e|es|ing)|"
    r"yet to|(?:could|might|may)(?= (?:yet |still )?(?:win|get|land|be|have)\b))\b"
    r"(?: (?:for|to|win|get|land|have|yet|still|the|an?|any|by|be|been))* ?$"
)
"""Who lacks a name's support, and who only wants it."""


NEITHER = Pattern(
    rf"\b[Nn]either (?:the )?(?:[\w.]+ ){{0,2}}?(?P<one>{ANY}) nor (?:the )?(?:[\w.]+ ){{0,2}}?(?P<two>{ANY}) (?:has |have |had |ever )*"
    r"(?:ma[dk]e an? (?:endorsement|pick)|endors\w+|(?:took|taken|takes?) sides|weighed in|(?:backed|supported|picked|chose) (?:an|no|so))"
    r"(?! \{C)"
)


def _neither(parsed: Parsed, _scene: Scene) -> Iterator[Told]:
    """Read "neither Sanders nor Our Revolution made an endorsement"."""
    for found in NEITHER.finditer(parsed.skeleton):
        for item in (parsed.item(found["one"]), parsed.item(found["two"])):
            if len(item.who) == 1:
                yield (parsed.place(item)[0], found.end()), item.who[0], "", Polarity.DECLINED


def _given(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    for found in GIVES.finditer(parsed.skeleton):
        whom = "" if NOT.search(parsed.skeleton[: found.start()]) else _whom(parsed, found, scene)
        for item in _named(parsed, parsed.skeleton[: found.start()][-REACH:], candidates=True) if whom else ():
            yield (parsed.place(item)[0], found.end()), item.who[0], whom, Polarity.ENDORSED


def _stood_behind(parsed: Parsed, _scene: Scene) -> Iterator[Told]:
    for pattern in (STANDS, CORNER, WANTS, GOES, VOTES, WHOM, URGES, SUPPORTER, BESIDE):
        for found in pattern.finditer(parsed.skeleton):
            groups = found.groupdict()
            whom = parsed.item(groups["whom"] or groups["whom2"] or "").options
            by = groups.get("by") or groups.get("by2")
            before = f"{by} " if by else parsed.skeleton[: found.start()][-REACH:]
            for item in _named(parsed, before, candidates=True) if whom and not NOT.search(before) else ():
                yield parsed.place(item) if pattern is BESIDE else found.span(), item.who[0], whom[0], Polarity.ENDORSED


def _picked(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    """Read "Cabildo, the Times' pick" and "Ahn has won Carrillo's endorsement"."""
    for found in PICK.finditer(parsed.skeleton):
        by = parsed.item(found["by"] or found["by2"] or found["by3"])
        mark = found["whom"] or found["whom2"]
        options = parsed.item(mark).options if mark else clause_subject(parsed, found.start(), scene).options
        if len(options) == len(by.who) == 1:
            yield found.span(), by.who[0], options[0], Polarity.ENDORSED
    for found in WON_OVER.finditer(parsed.skeleton):
        if NOT.search(parsed.skeleton[: found.start()]):
            continue
        options, by = clause_subject(parsed, found.start(), scene).options, parsed.item(found["by"])
        if len(options) == len(by.who) == 1:
            yield found.span(), by.who[0], options[0], Polarity.ENDORSED


def _received(parsed: Parsed, scene: Scene) -> Iterator[Told]:
    lists = [(found.start(), found.end(), parsed.item(found["whom"]).options) for found in LIST.finditer(parsed.skeleton)]
    asked = ASKED.search(parsed.before.skeleton) if parsed.before else None
    lists += [(0, 0, parsed.before.item(asked[1]).options)] if asked and parsed.before else []
    lists += [(found.start(), found.end(), _receiver(parsed, found, scene)) for found in HAS.finditer(parsed.skeleton)]
    for start, end, whom in lists:
        before = parsed.skeleton[:start]
        polarity = Polarity.DECLINED if LACKS.search(before) else Polarity.ENDORSED
        for item in _listed(parsed, end) if whom and not SEEKS.search(before) else ():
            yield parsed.place(item), item.who[0], whom[0], polarity


ASKED = re.compile(rf"^Who (?:has |is )?(?:endorsed|endorses|backs|backed|backing|supports|supported|behind) ({C})\?$")
"""A question whose answer is a list of names."""


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
    before = APPOSED.sub(r"\1 ", before)
    names = [one for one in re.finditer(ANY, before) if _is_name(parsed, one.group())]
    last = len(before)
    for found in reversed(names):
        gap = re.sub(r",? (?:which|who|that)\b[^,]*,", "", before[found.end() : last])
        if last != len(before) and not re.fullmatch(
            r",? (?:and|nor) (?:the |\w+\. )?|, (?:the )?|,? as well as |, [\w' ]{3,60}, | and \w+ \w+ ", gap
        ):
            return
        if last == len(before) and re.search(
            r"[;]|\bthat\b|\bwho\b|\bwhich\b", re.sub(r"^, (?:who|which) (?:(?:ha[sd]|is|was|also|now|since|later|been) )*$", "", gap)
        ):
            return
        item = parsed.item(found.group())
        if len(item.who) == 1 and (item.mark == "P" or candidates):
            yield item
        last = found.start()


APPOSED = re.compile(rf"({ANY}), (?:an?|the|whose|founded|started|led) [^;]{{3,100}}?, ?(?=(?:has |have |had |is |was |also |now )*$)")
"""What is said of a name by the way: "Our Revolution, the group that Sanders founded, has"."""


PRONOUN = re.compile(r"(?i:he|she|they|him|hers?|his|them|their|both)")


def _is_name(parsed: Parsed, mark: str) -> bool:
    """Whether a mark stands for a name and not for "he" or "they"."""
    return not PRONOUN.fullmatch(parsed.text[parsed.item(mark).start : parsed.item(mark).end])


def _listed(parsed: Parsed, start: int) -> Iterator[Item]:
    after = parsed.skeleton[start : start + 160]
    last = 0
    for found in re.finditer(ANY, after):
        gap = ABBREVIATED.sub("", after[last : found.start()])
        limit = 45 if last else 70
        if len(gap) > limit or GOES_ON.search(gap):
            return
        item = parsed.item(found.group())
        if len(item.who) == 1:
            yield item
        last = found.end()


def _checked(parsed: Parsed, span: tuple[int, int], scene: Scene, endorser: Named, option: str, polarity: Polarity) -> CheckedClaim:
    claim = claim_at(parsed, "endorsement", *parsed.span(*span), endorser=endorser.name, option=option, polarity=polarity.value)
    every = [one for one in scene.race.coverage.of(Endorsement) if _is_by(one, endorser)]
    tried = [_of_rows(scene, claim, [one for one in every if one.stage == stage] or every, stage) for stage in _stages(claim, scene)]
    return next((one for one in tried if one.verdict is Verdict.CONFIRMED), tried[0]) if every else _without_row(scene, claim)


ABBREVIATED = re.compile(r"\b(?:U\.S\.|L\.A\.|Sens?\.|Reps?\.|Gov\.|Lt\.|Dr\.|Mr\.|Mrs\.|Ms\.|St\.|[A-Z]\.)")
"""Where a full stop ends no sentence."""
GOES_ON = re.compile(
    r"[;.]|\b(?:who|which|whose|that|while|but|though|although|despite|unlike)\b|"
    r"\b(?:leads?|led|has|had|have|is|was|are|were|won|finished|came|trail\w*|ran|runs|took|got|beat|will|would)\b"
)
"""Where a list of names ends and something else begins."""


def _of_rows(scene: Scene, claim: Claim, rows: list[Endorsement], stage: str) -> CheckedClaim:
    """Hold what is told against what is recorded of who told it, in a round."""
    option, polarity = claim.args["option"], Polarity(claim.args["polarity"])
    person = scene.race.coverage.person_of(option)
    ids = {option, person.id if person else option}
    declines = polarity is Polarity.DECLINED
    if declines and option:
        return _not_backed(scene, claim, [row for row in rows if row.stage == stage or not stage], ids)
    for row in rows:
        if row.polarity is polarity and (declines or row.candidate in ids):
            return judged(scene, claim, Verdict.CONFIRMED, f"{_words(row, scene)}.", [_trace(row, scene)])
    against = [row for row in rows if row.polarity is Polarity.DECLINED or (row.polarity is Polarity.ENDORSED and row.candidate not in ids)]
    if not against:
        return _without_row(scene, claim)
    row = against[-1]
    verdict = Verdict.STALE if declines and any(one.polarity is Polarity.DECLINED for one in rows) else Verdict.CONTRADICTED
    if verdict is Verdict.CONTRADICTED and (_is_free_again(row, stage, scene) or (declines and stage and row.stage != stage)):
        verdict = Verdict.CANNOT_CHECK
    return judged(scene, claim, verdict, f"{_words(row, scene)}.", [_trace(row, scene)])


def _not_backed(scene: Scene, claim: Claim, rows: list[Endorsement], ids: set[str]) -> CheckedClaim:
    """Hold "did not endorse Ahn" against what is recorded: whoever backed another, or nobody, did not."""
    if not rows:
        return _without_row(scene, claim)
    row = next((row for row in rows if row.polarity is Polarity.ENDORSED and row.candidate in ids), rows[-1])
    backed = row.polarity is Polarity.ENDORSED and row.candidate in ids
    return judged(scene, claim, right(not backed), f"{_words(row, scene)}.", [_trace(row, scene)])


def _without_row(scene: Scene, claim: Claim) -> CheckedClaim:
    whole = scene.race.coverage.is_complete("endorsement")
    whom = scene.name(claim.args["option"]) if claim.args["option"] else "anybody"
    words = f"No row has {claim.args['endorser']} endorsing {whom}; the list is {'whole' if whole else 'not complete'}."
    return judged(scene, claim, Verdict.CONTRADICTED if whole else Verdict.CANNOT_CHECK, words)


def _stages(claim: Claim, scene: Scene) -> tuple[str, ...]:
    """Return the rounds in which somebody may be said to be backed: the one that is named beside it; else one named, and the one ahead."""
    text, option = claim.sentence.text, claim.args["option"]
    rounds = scene.race.contests
    beside = re.sub(r", (?:which|who)\b[^,]*,", "", text[claim.start : claim.end]) + re.split(r"[,;]", text[claim.end :])[0]
    ahead = scene.race.coming if scene.race.campaigning and scene.race.coming else scene.race.current
    if option and all(option != one.id for one in ahead.options):
        ahead = rounds[0]
    for words in (beside, text):
        named = _stage_named(words, rounds)
        if named:
            return (named.id,) if words is beside else (ahead.id, named.id)
    return (ahead.id, "") if ahead is rounds[0] else (ahead.id,)


def _stage_named(words: str, rounds: Sequence[Contest]) -> Contest | None:
    """The round that is named first in some words, None if none is."""
    first, last = FIRST_STAGE.search(words), LAST_STAGE.search(words)
    if first and last:
        return rounds[0] if first.start() < last.start() else rounds[-1]
    return rounds[0] if first else rounds[-1] if last else None


FIRST_STAGE = re.compile(r"\b(?:primary|first round|in April|in the spring|the April)\b", re.IGNORECASE)
LAST_STAGE = re.compile(r"\b(?:run-?off|second round|general election|in June|the June)\b", re.IGNORECASE)


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
