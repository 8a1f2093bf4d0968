"""Who goes through: how sure a sentence sounds against how sure anybody may be, and what agencies have said.

Headlines, captions and sentences are held to the same words (`racecall.coverage.families.ladder`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from racecall.calls.view import ContestView
from racecall.coverage.claims import CheckedClaim, Claim, Verdict
from racecall.coverage.counts import day_words
from racecall.coverage.families.certainty import HAS_WON, LEVELS, LOST
from racecall.coverage.families.ladder import Level, agency_calls, allowed_level, call_trace, on_ladder
from racecall.coverage.families.ranks import ahead_of
from racecall.coverage.families.subjects import clause_subject, in_group
from racecall.coverage.parsing import A, C, D, G, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, options_words, right, upper
from racecall.model.contest import Contest
from racecall.model.release import Report

SOFT = Pattern(
    r"\b(?:could|may|might|can|if|whether|hop\w+|want\w*|need\w*|vying|bid|try\w*|seek\w*|fight\w*|chance|would|unless|fail\w* to|"
    r"until|should|likely|poised|aim\w*|running to|(?:decid\w+|determin\w+|know\w*|see|question|say|predict\w*|"
    r"settl\w+) who|no(?:t|body|-one| one)|n't|never|yet to|refus\w+|before|expect\w*|projected to|too (?:early|close)|"
    r"whoever|either|required|must|enough|the eventual|the next|for a|vowed|claim(?:ed|s|ing)|declar\w+|believes?|"
    r"confident)\s*(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
PLACE_WON = re.compile(
    r" (?!Congress|Tuesday|The\b|A\b)[A-Z][a-z]+| (?:the |a |his |her )?(?:debate|precinct|argument|neighborhood|straw poll|"
    r"coin toss|lottery|"
    r"to the (?:state )?(?:[Aa]ssembly|[Ll]egislature|(?:[Cc]ity )?[Cc]ouncil|school board)|"
    r"(?:[Ee]lection[- ][Dd]ay|mail|early|absentee|in-person|late) (?:vote|ballots|count))"
)
"""What can be won besides a place or a seat: "won Koreatown"."""
OFFICE_WON = re.compile(
    r" (?:again |first )?(?:\{D\d+\} |in \d{4} )?(?:to )?(?:the |an? |his |her )?(?:[\w-]+ ){0,3}?"
    r"(?P<office>Assembl|[Ss]tate Senat|[Cc]ity [Cc]ouncil|[Ll]egislat|school board)\w*\b"
)
OWN_OFFICES = (("assembl", ("assembl", "legislat")), ("senat", ("state senat", "legislat")), ("council", ("city council",)))
"""Words in a race's title, and the offices that are its own with them."""


def _is_something_else(after: str, scene: Scene) -> bool:
    """Whether what follows a word for winning is not the seat, nor an office of this race: "elected to the Assembly in 2012"."""
    if PLACE_WON.match(after):
        return True
    found, title = OFFICE_WON.match(after), scene.race.title.lower()
    own = {office for word, offices in OWN_OFFICES if word in title for office in offices}
    return found is not None and found["office"].lower() not in own


SAYS = Pattern(r"\b(?:told|insist\w*|predict\w*|vow\w*|boast\w*|believ\w*|(?<!AP )(?<!\} )sa(?:id|ys)|argu\w*)\b(?! by)[^.;]{0,70}$")
"""Somebody else's words follow: what a campaign says of its chances is no statement of the story."""
CALLS = Pattern(
    rf"(?P<who>{A})(?:'s)?[^.;]{{0,40}}?\b(?P<not>(?:has |had |have )?(?:not |n't |yet to |declined to |"
    rf"still to )(?:yet )?)?(?:only )?(?:call(?:ed|s)?|project(?:ed|s)?|declar(?:ed|es?)|gave|puts? (?=\{{C)|"
    rf"ha[sd] named|weigh(?:ed)? in|race call)\b"
    rf"(?P<what>(?:(?!,? (?:while|whereas|but) |,? and {A}|, and {C} [a-z])[^.;]){{0,90}})"
)
CALLED_BY = Pattern(
    rf"\b(?:according to|called by|projected by|declared by|per) (?:[Tt]he )?(?P<who>{A})|(?P<who2>{A}) (?:has |had )?(?:said|"
    rf"says|reports|reported|projected|projects|declared|declares|determined|determines|calls it)\b|^\W*(?P<who3>{A}):"
)


BOTH_PLACES = re.compile(r"\bboth(?= ?(?:$|[,.;)]))|\bboth (?:places|spots|slots|seats|berths)\b|\bfor them\b")
ONE_PLACE = re.compile(r"\b(first|second|other) (?:place|spot|slot|berth)\b")
NOT_CALLED = Pattern(
    r"\b(?:[Ss]econd|[Oo]ther|[Rr]unner-?up) (?:slot|spot|place|berth)\b[^.;{]{0,20}(?:not|n't|yet to)(?: \w+){0,2} called|"
    r"\b[Nn]o (?:agency|one|network|outlet)[^.;{]{0,12} called the (?:second|other) (?:slot|spot|place)|"
    r"(?P<who>\{A\d+\})[^.;{]{0,12}(?:holding off|held off|waiting)[^.;{]{0,20}(?:second|other)"
)
OFFICIAL = Pattern(
    r"(?<![-\w])(?:[Oo]fficial|[Ff]inal|[Cc]ertified)(?:,? (?:official|final|certified))* (?:results|returns|tally|count|canvass)"
    r"(?=:|,| show| in\b| from| of\b| is complete| put| have| give)"
    r"(?![^.;]{0,30}\b(?:may|might|will|won't|not|could|expected|until|due|await\w*|weeks?|days?)\b)|"
    r"\b(?:victory|win|result|outcome|it)\b[^.;]{0,60}? (?:is|was|made|became|becomes) (?:now )?official\b"
)


NO_CALL = re.compile(
    r"\b[Nn](?:o one|obody|one of the agencies|o (?:news )?(?:agency|network|outlet|service|organi[sz]ation)|either agency) "
    r"(?:has |had )?(?:yet |so far )?(?:called|projected|declared) (?:the (?:race|contest|election|run-?off)|it|a winner)\b|"
    r"\b[Nn]either (?:the )?\{A\d+\} nor (?:the )?\{A\d+\} (?:has |had )?(?:yet )?called (?:the (?:race|contest|run-?off)|it)\b|"
    r"\btoo (?:close|early) to call\b(?! (?:the )?(?:second|other))|"
    r"\b(?:the )?(?:race|contest|run-?off) (?:has|had) (?:not|n't|yet to) (?:yet )?(?:been |be )?called\b|^\W*[Nn]o call yet\b"
)


def no_call(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "No one has called the race"."""
    for found in NO_CALL.finditer(parsed.skeleton):
        made = agency_calls(scene, scene.contest)
        claim = claim_at(parsed, "status", *parsed.span(*found.span()), level="nothing")
        words = upper(_calls_words(made, scene))
        yield judged(scene, claim, right(not made), f"{words}.", [call_trace("report", "", "", words)])


CALLED_FOR = Pattern(
    rf"\b(?:outlets|agencies|networks|organizations|media) (?P<all>(?:have |has |had )?(?:all |now |both )?(?:called|projected|declared) "
    rf"(?:the |it )?(?:race|contest|election|seat|run-?off)? ?for (?P<both>{C}(?: and {C})?))|"
    rf"\b(?:race|contest|election|seat|run-?off) (?P<what>(?:has been|had been|was|is) (?:called|declared)(?: (?:on|late) {D})? "
    rf"(?:for|in favou?r of) (?:\w+ )?(?P<who>{C}))"
)


def called_for(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The race was called for Gomez": by some agency, whichever it was."""
    for found in CALLED_FOR.finditer(parsed.skeleton):
        options = tuple(option for mark in re.findall(C, found["who"] or found["both"]) for option in parsed.item(mark).options)
        contest = _contest_of(scene, elects=True)
        made = [one for one in agency_calls(scene, contest) if one.option in options]
        claim = claim_at(
            parsed, "status", *parsed.span(*found.span("what" if found["what"] else "all")), options=list(options), level="called"
        )
        words = upper(", ".join(f"{one.by}: {_calls_words([one], scene)}" for one in made) or "no call of an agency is recorded")
        verdict = Verdict.CONFIRMED if made else Verdict.CONTRADICTED if agency_calls(scene, contest) else Verdict.OVERSTATED
        if not any(item.mark == "A" for item in parsed.items):
            yield judged(scene, claim, verdict, f"{words}.", [call_trace("report", one.by, one.option, words) for one in made])


def uncalled(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Second slot not called", "AP is holding off on the second spot"."""
    for found in NOT_CALLED.finditer(parsed.skeleton):
        second = in_group("second", scene)
        agency = parsed.item(found["who"]).who[0].name if found["who"] else ""
        made = [one for one in agency_calls(scene, scene.contest) if one.option in second and agency in {"", one.by}]
        claim = claim_at(parsed, "status", *parsed.span(*found.span()), options=list(second), level="nothing")
        words = upper(_calls_words(made, scene))
        yield judged(
            scene,
            claim,
            Verdict.CONTRADICTED if made else Verdict.CONFIRMED,
            f"{words}.",
            [call_trace("report", agency, ",".join(second), words)],
        )


def officially(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Official final results": only a certified count is one."""
    for found in OFFICIAL.finditer(parsed.skeleton):
        claim = claim_at(parsed, "status", *parsed.span(*found.span()), level="official")
        certified = any(one.certified for contest in scene.race.contests for one in scene.race.counts[contest.id])
        words = scene.held.words if scene.held else "no count is held"
        trace = [scene.held.trace("status", words, words)] if scene.held else []
        yield judged(scene, claim, Verdict.CONFIRMED if certified else Verdict.OVERSTATED, f"{upper(words)}.", trace)


NEITHER = re.compile(r"\b[Nn]either (?:the )?\{A\d+\} nor ")


def statuses(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Every phrase of a sentence that says who goes through, who wins, who is out."""
    told = [] if NEITHER.search(parsed.skeleton) else CALLS.finditer(parsed.skeleton)
    calls = [(found.span(), checked) for found in told for checked in _agency(parsed, found, scene)]
    calls += [(found.span(), checked) for found in PROJECTED.finditer(parsed.skeleton) for checked in _projected(parsed, found, scene)]
    yield from (checked for _, checked in calls)
    yield from _echoed(parsed, scene)
    taken = [span for span, _ in calls]
    for pattern, level, wins in LEVELS:
        for found in pattern.finditer(parsed.skeleton):
            if any(start < found.end() and found.start() < end for start, end in taken) or _is_soft(parsed, found, level, wins):
                continue
            beaten = _beaten_stranger(parsed, found, scene) if wins else []
            made = beaten or list(_status(parsed, found, scene, level, wins=wins))
            taken += [found.span()] if made else []
            yield from made
    yield from _losses(parsed, scene)


ECHO = Pattern(rf"\b[Ss]o (?:has|did) (?:the )?(?P<who>{A})(?=[,.;]|$)|(?P<who2>{A}) (?:followed|did the same|did likewise|agreed)\b")


def _echoed(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "So has Decision Desk HQ", "the AP followed": the same call as the one told last, here or just before."""
    for found in ECHO.finditer(parsed.skeleton):
        told = [(parsed, one) for one in CALLS.finditer(parsed.skeleton[: found.start()])]
        told = told or [(parsed.before, one) for one in CALLS.finditer(parsed.before.skeleton)] if parsed.before else told
        for where, call in told[-1:]:
            agency = parsed.item(found["who"] or found["who2"]).who[0].name
            marks = re.findall(C, call["what"])
            options = tuple(option for mark in marks for option in where.item(mark).options)
            contest = _contest_of(scene, elects=False)
            claim = claim_at(parsed, "status", *parsed.span(*found.span()), agency=agency, options=list(options))
            made = _calls_by(agency, scene, contest)
            if options:
                yield _by_agency(claim, agency, options, scene, contest)
            elif made and not call["not"]:
                words = f"{agency}: {_calls_words(made, scene)}"
                yield judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [call_trace("report", agency, "", words)])


PROJECTED = Pattern(
    rf"(?P<who>{C})[^.;{{}}]{{0,40}}?\b(?:was|is|has been|were|are) (?P<verb>(?:projected|declared|called)(?: by (?:the )?{A})? "
    r"(?:to win|to advance|as the winner|winner|the victor|(?:as )?\{G\d+\}))(?!\w)"
)


def _projected(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "was projected to win, the Associated Press said"."""
    agency = next((item.who[0].name for item in parsed.items if item.mark == "A"), "")
    options = parsed.item(found["who"]).options
    if agency and options:
        contest = _contest_of(scene, elects="advance" not in found["verb"])
        claim = claim_at(parsed, "status", *parsed.span(*found.span("verb")), agency=agency, options=list(options))
        yield _by_agency(claim, agency, options, scene, contest)


def _is_soft(parsed: Parsed, found: re.Match[str], level: Level, wins: bool) -> bool:
    """Whether words that sound sure say nothing of anybody: supposed, hoped for, somebody's own words, or of whoever it is."""
    before, word = parsed.skeleton[: found.start()], found.group()
    if wins and _is_no_win(word, before):
        return True
    if (place := re.search(G, word)) and found.re is HAS_WON.compiled and "winner" not in _text_of(parsed, place[0]):
        return True
    if word == "defeat" and ACKNOWLEDGED.search(before):
        return True
    if SOMEBODY.search(before) or (IN_ORDER_TO.search(before) and GETS.match(word)):
        return True
    if SUPPOSED.search(before) or SAYS.search(before):
        return True
    return level is Level.CERTAIN and bool(SOFT.search(before[-48:]) or ONE_OF.search(before))


ACKNOWLEDGED = re.compile(r"\b(?:acknowledg|admit|accept|conced|recogni[sz])\w* (?:\{C\d+\} |\w+ )?$")
SUPPOSED = re.compile(r"\b[Ii]f\b[^.;]{0,80}$")
SOMEBODY = re.compile(r"(?<!, )(?<!\} )\b[Ww]ho $|\bwhoever (?:\w+ )?$")
"""Whoever it is that will: "who will represent the district"."""
IN_ORDER_TO = re.compile(r"(?<!on )(?<!way )(?<!managed )(?<!able )(?<!enough )\bto $")
GETS = re.compile(r"(?:win|secure|claim|capture|clinch|nail|lock|punch|earn|grab|seize|take|defeat|beat|oust)\b")
"""What somebody is to get, or would be the first to get."""


def _text_of(parsed: Parsed, mark: str) -> str:
    item = parsed.item(mark)
    return parsed.text[item.start : item.end].lower()


def _is_no_win(word: str, before: str) -> bool:
    """Whether a word for winning says it of nobody: "claimed victory", "the winner of a prize", "to get him elected"."""
    winner = re.match(r"(?i)winner|winning", word) and re.search(r"\b(?:the|a|no|any|either|each|every|prize|award)[ -]$", before)
    elected = re.search(r"(?i)elected", word)
    return bool(
        re.search(r"\b(?:claim\w*|declar\w+)\s*$", before)
        or (word.startswith("victory") and not re.search(r"\b(?:an?|the|her|his)(?: \w+){0,2} $", before[-30:]))
        or (winner and not re.search(r"\} (?:is|was) the $", before))
        or (elected and not re.search(r"(?:\b(?:was|is|been|were|are|re|gets?|got|[Vv]oters(?: have)?) |\},? )$", before))
        or re.search(r"\b(?:get|getting|have|see|help\w*) \{C\d+\} $", before)
    )


ONE_OF = re.compile(r"\b(?:[Oo]ne of|[Ee]ither)\b[^.;]{0,50}$")
"""One of them will: which is not said."""
BARRING = re.compile(r"\b(?:[Bb]arring|[Ss]hort of an?|[Aa]bsent an?|[Uu]nless)\b[^.;]*$")
"""What is certain but for a miracle is likely."""


ADVANCED = re.compile(r"(?i)(?:(?:has |have |had )?advance[sd]?|advancing|qualif\w+ for|made (?:it (?:in)?to )?(?:the|a) run-?off)$")
"""What is done in a first round."""


def _first_round(scene: Scene) -> Contest:
    """The round that somebody goes through: the one before, where the last one is being told of."""
    return next((one for one in scene.race.contests if one.next_round == scene.contest.id), scene.contest)


TOP_SPOT = re.compile(r"(?i)(?:top|first|number one) spot")
IN_A_RUNOFF = re.compile(r"^(?!.*\b(?:be|land|end up|wind up|finish)\b).*\w+ to .*\bin (?:the|a) (?:\{D\d+\} )?run-?off$")
"""What somebody is to do in a runoff says nothing of who is in it."""
LIKELY_AFTER = re.compile(
    r"[^.;]{0,70}?\b(?:looks?|appears?|seems?|is|was|remains?) (?:very |highly |most |increasingly )?(?:likely|probable)\b"
)


def _status(parsed: Parsed, found: re.Match[str], scene: Scene, level: Level, *, wins: bool) -> Iterator[CheckedClaim]:
    options = () if wins and _is_something_else(parsed.skeleton[found.end() :], scene) else _whom(parsed, found, scene)
    if not options or TOP_SPOT.search(found.group()) or IN_A_RUNOFF.search(found.group()):
        return
    advanced = not wins and bool(ADVANCED.match(found[0]))
    elects = not advanced and _elects(parsed, found, scene, wins=wins)
    contest = _first_round(scene) if advanced else _contest_of(scene, elects=elects)
    if re.search(r"\b(?:officially|certified)\b", parsed.skeleton[max(0, found.start() - 25) : found.end() + 25]):
        level = Level.OFFICIAL if level is Level.CERTAIN else level
    if wins and not elects and scene.contest.next_round and re.search(r"primary|first round|top spot", parsed.text, re.IGNORECASE):
        return  # "won the primary" says who came first, and is read as a place in the count
    hedged = BARRING.search(parsed.skeleton[: found.start()]) or LIKELY_AFTER.match(parsed.skeleton[found.end() :])
    level = Level.LIKELY if level is Level.CERTAIN and hedged else level
    claim = claim_at(parsed, "status", *parsed.span(*found.span()), options=list(options), level=level.name.lower(), contest=contest.id)
    if (
        level is Level.CERTAIN
        and (scene.contest.next_round or scene.held is None)
        and re.search(r"top[- ]two|two top|first two", parsed.text, re.IGNORECASE)
        and not parsed.candidates
    ):
        yield _by_rule(claim, scene, contest)
        return
    if wins and contest.next_round and re.match(r"(?i)beat|best|defeat|bested", found.group()) and len(options) == 1:
        rivals = [option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 25]) for option in parsed.item(mark).options]
        if rivals:
            yield ahead_of(parsed, found.span(), scene, options[0], rivals[0], sure=True)
            return
    said = _said_near(parsed, options, scene, contest, wins=wins)
    if agency := _attributed(parsed) or said:
        yield _by_agency(claim, agency, options, scene, contest)
    elif elects and contest.next_round and not _somebody_has_won(scene, contest):
        words = "nobody is elected in this round: the two that lead go on"
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{upper(words)}.", [call_trace("rule", contest.rule, "", words)])
    else:
        yield on_ladder(claim, level, options, scene, contest)


BEATEN = re.compile(rf"(?: (?:fellow|rival|challenger|opponent|attorney|[A-Z][a-z]+))* ({C})")


def _beaten_stranger(parsed: Parsed, found: re.Match[str], scene: Scene) -> list[CheckedClaim]:
    """Read "Gomez, who defeated Carmona" of a round in which Carmona does not stand."""
    beaten = BEATEN.match(parsed.skeleton[found.end() :]) if re.match(r"(?i)beat|best|defeat", found.group()) else None
    contest = _contest_of(scene, elects=_elects(parsed, found, scene, wins=True))
    strangers = [option for option in parsed.item(beaten[1]).options if all(option != one.id for one in contest.options)] if beaten else []
    if not strangers or scene.foreign:
        return []
    claim = claim_at(parsed, "status", *parsed.span(*found.span()), options=strangers, level="out", contest=contest.id)
    words = f"{scene.race.name(strangers[0])} does not stand in this round ({contest.title})"
    return [judged(scene, claim, Verdict.CONTRADICTED, f"{words}.", [call_trace("election", contest.id, strangers[0], words)])]


def _by_rule(claim: Claim, scene: Scene, contest: Contest) -> CheckedClaim:
    """Read "The two top finishers will meet": names nobody, and is what the law says unless somebody has a majority."""
    view = scene.race.view(contest)
    best = max((line.share or 0 for line in view.options), default=0)
    words = f"the rule sends the two that lead on unless one has more than half; the most is {100 * best:.1f}%"
    verdict = Verdict.CONFIRMED if best <= 0.5 else Verdict.CONTRADICTED
    return judged(scene, claim, verdict, f"{upper(words)}.", [call_trace("rule", contest.rule, "", words)])


def _somebody_has_won(scene: Scene, contest: Contest) -> bool:
    """Whether somebody has, or may yet have, the majority that ends the race in the first round."""
    view = scene.race.view(contest)
    return any(line.elected or (line.share or 0) > 0.45 or (line.p_elected or 0) > 0.01 for line in view.options)


def _whom(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """Who goes through: the subject, and whoever is met or faced; "to face" in a headline has both names before it."""
    if found.group().endswith("-elect"):
        own = re.search(rf"({C})(?: (?:is|was|becomes|became)|,) (?:now )?(?:the |a )?[\w-]*$", parsed.skeleton[: found.start()])
        near = [own[1]] if own else re.findall(C, parsed.skeleton[found.end() : found.end() + 12])
        return tuple(option for mark in near for option in parsed.item(mark).options)
    subject = clause_subject(parsed, found.start(), scene)
    options = list(subject.options)
    before = parsed.skeleton[: found.start()]
    if pair := re.search(rf"({C}),? (?:and|&|,) (?:fellow \w+ |\w+ )*({C})[^.;{{]{{0,40}}$", before):
        options = [*parsed.item(pair[1]).options, *parsed.item(pair[2]).options]
    elif not options and re.search(r"\b(?:two|pair|both|candidates|finishers|they)\b", before[-60:], re.IGNORECASE):
        options = list(in_group("top", scene))
    if re.search(
        r"(?i)\b(?:meet|face|faces|battle|compete|square off|duel|runoff (?:with|against)|match-?up)",
        found.group() + parsed.skeleton[found.end() : found.end() + 30],
    ):
        options += [
            option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 60]) for option in parsed.item(mark).options
        ]
    if beside := WITH.match(parsed.skeleton[found.end() :]):
        options += parsed.item(beside[1]).options
    if not options and (inside := re.findall(C, found.group() + parsed.skeleton[found.end() : found.end() + 8])):
        options = [option for mark in inside for option in parsed.item(mark).options]
    if not options and re.search(r"(?i)victory for|elected|winner", found.group()):
        options = [
            option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 30])[:1] for option in parsed.item(mark).options
        ]
    return tuple(dict.fromkeys(options))


WITH = re.compile(rf" (?:along |together )?(?:with|alongside) (?:fellow \w+ )?({C})")
"""Who goes through as well: "moves on with Gomez"."""


MEETS = re.compile(r"\b(?:fac\w+|meet\w*|square|compete|battle|duel|contest|vie)\b", re.IGNORECASE)
"""Whoever meets for a seat has not got it."""


def _elects(parsed: Parsed, found: re.Match[str], scene: Scene, *, wins: bool) -> bool:
    """Whether the sentence speaks of being elected and not of going through."""
    words = parsed.skeleton[found.start() : found.end() + 40]
    if wins and re.search(r"\boutright\b", words):
        return True
    if scene.contest.next_round and (MEETS.search(found[0]) if not wins else re.search(r"primary|first round", parsed.text, re.IGNORECASE)):
        return False
    if (
        re.search(
            r"run-?off (?:spot|place|slot|berth)|spot|slot|berth|advanc|second round|\brun-?off\b(?! (?:win|victory))",
            words,
            re.IGNORECASE,
        )
        and scene.contest.next_round
    ):
        return False
    return (
        wins
        or not scene.contest.next_round
        or bool(re.search(r"Congress|Washington|seat|next (?:congress|representative)|represent|elected", words))
    )


def _contest_of(scene: Scene, *, elects: bool) -> Contest:
    """The round in which that is decided: a seat in the last one."""
    return (
        scene.race.contests[-1]
        if elects and scene.race.contests[-1] is not scene.contest and scene.race.counts[scene.race.contests[-1].id]
        else scene.contest
    )


def _attributed(parsed: Parsed) -> str:
    found = CALLED_BY.search(parsed.skeleton)
    return parsed.item(found["who"] or found["who2"] or found["who3"]).who[0].name if found else ""


def _said_near(parsed: Parsed, options: tuple[str, ...], scene: Scene, contest: Contest, *, wins: bool) -> str:
    """Return an agency that is named here, or of who goes through just before, if it has called all of these, "" if not."""
    near = (parsed,) if wins else (parsed, parsed.before)
    named = [item.who[0].name for one in near if one and not DENIES.search(one.skeleton) for item in one.items if item.mark == "A"]
    called = {name: {one.option for one in _calls_by(name, scene, contest)} for name in named}
    return next((name for name in reversed(named) if set(options) <= called[name]), "")


DENIES = re.compile(
    r"\{A\d+\}[^.;]{0,40}?\b(?:not|n't|yet to|declin\w+|too (?:early|close)|wait\w*|held off|only)\b|\b(?:before|until|unlike) (?:the )?\{A"
)
"""An agency is named for what it has not said."""


def _agency(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "AP called the race for Gomez", "AP has not called the second place"."""
    agency = parsed.item(found["who"]).who[0].name
    what = found["what"]
    marks = re.findall(rf"{C}|{G}", what)
    options = tuple(option for mark in marks for option in (parsed.item(mark).options or in_group(parsed.item(mark).group, scene)))
    if BOTH_PLACES.search(what) and len(options) < 2:
        options = in_group("top", scene)
    elif not options and (slot := ONE_PLACE.search(what)) and not found["not"]:
        options = in_group("first" if slot[1] == "first" else "second", scene)
    contest = _contest_of(scene, elects=bool(re.search(r"elected|winner|seat|Congress|won\b", what)))
    claim = claim_at(
        parsed,
        "status",
        *parsed.span(found.start(), found.end("what") if marks else found.start("what")),
        agency=agency,
        options=list(options),
    )
    if found["not"]:
        second = in_group("second", scene) if re.search(r"second|other|runner-?up", what) else ()
        yield _says_nothing(claim, agency, options or second, scene, contest)
    elif options:
        yield _by_agency(claim, agency, options, scene, contest)
    elif re.search(r"\b(?:race|contest|election|run-?off|seat|it)\b", what):
        made = _calls_by(agency, scene, contest)
        words = f"{agency}: {_calls_words(made, scene)}"
        trace = call_trace("report", agency, "", words)
        yield judged(scene, claim, Verdict.CONFIRMED if made else Verdict.OVERSTATED, f"{words}.", [trace])


def _says_nothing(claim: Claim, agency: str, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    """Hold "has not called" against the calls of the agency: of these options, of any if none is named."""
    made = [one for one in _calls_by(agency, scene, contest) if not options or one.option in options]
    words = f"{agency}: {_calls_words(made, scene)}"
    return judged(scene, claim, right(not made), f"{words}.", [call_trace("report", agency, ",".join(options), words)])


def _calls_by(agency: str, scene: Scene, contest: Contest) -> list[Report]:
    return [one for one in agency_calls(scene, contest) if one.by == agency]


def _by_agency(claim: Claim, agency: str, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    made = _calls_by(agency, scene, contest)
    said = {one.option for one in made}
    trace = call_trace("report", agency, ",".join(options), f"{agency}: {_calls_words(made, scene)}")
    missing = [option for option in options if option not in said]
    if not missing:
        return judged(scene, claim, Verdict.CONFIRMED, f"{agency}: {_calls_words(made, scene)}.", [trace])
    if len(said) >= (TOP_TWO if contest.next_round else contest.number_elected):
        words = f"{agency} is recorded with {_calls_words(made, scene)}"
        return judged(scene, claim, Verdict.CONTRADICTED, f"{words}.", [trace], options_words(scene, sorted(said)))
    if not any(one.by == agency for contest_ in scene.race.contests for one in agency_calls(scene, contest_)) and agency not in {
        one.by for one in scene.race.facts.records.reports
    }:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"Nothing that {agency} called is recorded.", [trace])
    words = f"{agency} is recorded with {_calls_words(made, scene)}; no row has it calling {options_words(scene, missing)}"
    return judged(
        scene, claim, Verdict.OVERSTATED if len(missing) < len(options) or made or options else Verdict.CONTRADICTED, f"{words}.", [trace]
    )


def _calls_words(made: list[Report], scene: Scene) -> str:
    if not made:
        return "no call"
    return ", ".join(f"a call for {scene.name(one.option)} ({day_words(one.at, scene.race.zone)})" for one in made)


TOP_TWO = 2
"""How many go on to another round."""


def _losses(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Cabildo was eliminated", "lost": only a certified count, or arithmetic, puts somebody out."""
    for found in LOST.finditer(parsed.skeleton):
        if SOFT.search(parsed.skeleton[: found.start()][-48:]):
            continue
        options = clause_subject(parsed, found.start(), scene).options
        for option in options[:1]:
            contest = _contest_of(scene, elects=True) if re.match("(?i)los", found["lost"]) else scene.contest
            claim = claim_at(parsed, "status", *parsed.span(*found.span()), options=[option], level="out")
            level, words, trace = allowed_level(scene, contest, option)
            view: ContestView = scene.race.view(contest)
            line = next((one for one in view.options if one.option.id == option), None)
            certified = bool(view.release and view.release.status == "certified")
            places = TOP_TWO if contest.next_round else contest.number_elected
            rivals_called = len({one.option for one in agency_calls(scene, contest)} - {option}) >= places
            if level >= Level.CERTAIN:
                verdict = Verdict.CONTRADICTED
            elif certified or (line and line.eliminated) or (rivals_called and level is Level.NOTHING):
                verdict = Verdict.CONFIRMED
            else:
                verdict = Verdict.OVERSTATED
            yield judged(scene, claim, verdict, f"{scene.name(option)}: {words}.", [trace])
