"""Who goes through: how sure a sentence sounds against how sure anybody may be, and what agencies and candidates have said.

A word is allowed only at or above the state of its place (`LADDER`). Headlines, captions and sentences are held to the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum

from racecall.calls.states import SlotState
from racecall.calls.view import ContestView
from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import day_words
from racecall.coverage.families.ranks import ahead_of
from racecall.coverage.families.subjects import clause_subject, in_group
from racecall.coverage.parsing import A, C, G, Parsed
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, options_words, right, upper
from racecall.model.contest import Contest
from racecall.model.release import Report, ReportKind


class Level(IntEnum):
    """How sure a sentence sounds, or may sound."""

    NOTHING = 0
    LEADS = 1
    LIKELY = 2
    CERTAIN = 3
    OFFICIAL = 4


LADDER = {
    SlotState.TOO_EARLY: Level.NOTHING,
    SlotState.TOO_CLOSE: Level.NOTHING,
    SlotState.LEADING: Level.LEADS,
    SlotState.LIKELY: Level.LIKELY,
    SlotState.RETRACTED: Level.LEADS,
    SlotState.UNDER_REVIEW: Level.LIKELY,
    SlotState.CALLED: Level.CERTAIN,
    SlotState.CERTIFIED: Level.OFFICIAL,
}
"""The most that may be said at each state of a place (`docs/check.md` has the words)."""

GO = (
    r"(?:advanc\w+|a runoff|the runoff|runoff|the (?:second|next|final) round|a (?:june )?(?:\{D\d+\} )?(?:run-?off|"
    r"showdown|face-?off|matchup)|(?:run-?off|general election)|Congress|Washington|victory|win|meet|face|the general)"
)
HEDGED = re.compile(
    r"\b(?:appear\w*|seem\w*|look\w*|likely|poised|on (?:track|course|pace)|all but (?:certain|assured|sure)|"
    r"almost certain\w*|virtually|apparently|expected|favou?red|set to|set for|nearly assured|close to|bound for)\b"
    r"(?:(?!\b(?:unlikely|updates?|results?|release|officials|tally|counts?|count|costly|increase|turnout|"
    r"available)\b)[^.;]){0,55}?\b(?:to be |be )?(?:advanc\w*|run-?offs?\b|meet\b|face\b|face off|headed|heading|win\b|"
    r"winner|winning|victor\w*|elected|place\b|spot\b|second round|next round|general election|showdown|go through|move on|"
    r"make|join)",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:will|would now|are to|is to|is going to|are going to|'ll)\s+(?:now |also |both |then |again )*(?:advance|meet|"
    r"face|compete|square off|go head|move on|proceed|be in (?:the|a) (?:\{D\d+\} )?run-?off|be on (?:the )?(?:\w+ |"
    r"\{D\d+\} )?ballot|battle|go on|be (?:the |L\.A\.'s |our )?next|be elected|be sworn|replace|succeed|"
    r"join (?:the )?(?:house|congress)|represent|duel|join|go through|contest|decide)",
    re.IGNORECASE,
)
PRESENT = re.compile(
    r"\b(?:advance[sd]?\b(?! (?:voting|copy|notice|poll|ballots))|advancing|(?:has|have|had) advanced|moves? (?:on|ahead)\b|"
    r"moved on|goes through|(?:go|went|head|heads|headed|heading|going) (?:straight |on |now )?(?:to|into|for) (?:a|the|"
    r"an?)? ?(?:\{D\d+\} )?(?:run-?off|second round|general)|"
    r"(?:is|are|was|were) (?:now )?(?:safely )?(?:through\b|assured|guaranteed|certain (?:of|to))|assured of|runoff-bound|"
    r"(?:place|spot|slot|berth) (?:is|was) (?:now )?(?:secure|safe)|-elect\b|"
    r"makes? (?:it (?:in)?to )?(?:the|a) run-?off|made (?:it (?:in)?to )?(?:the|a) run-?off|qualif(?:y|ies|ied) for|"
    r"(?:secur|clinch|claim|captur|nail|lock|wrapp|punch|earn|grabb|seiz|tak|w)\w* (?:up |down )?(?:a |the |his |her |"
    r"their |one of (?:the )?(?:two )?)?(?:\w+ ){0,2}(?:seat\b|spots?|place in|places in|slots?|berths?|ticket|tickets|"
    r"nomination)|"
    r"(?:faces|to face|meets|to meet|face off|to square off) (?=[^.;]*\{[CGD]|[^.;]*run-?off))",
    re.IGNORECASE,
)
WON = re.compile(
    r"\b(?P<won>won|wins|winning|has won|victorious|triumph\w*|prevail\w*|elected|defeats?|defeated|defeating|beating|"
    r"beats?|beat|bested|captur(?:ed|es)(?= (?:the |a )?(?:seat|spot|nomination|race|district))|"
    r"sweeps?|swept|cruis\w+ to|coasts?|clinch\w+|claims? (?:the )?(?:seat|victory in)|"
    r"victory (?:for|over)|winner)\b"
    r"(?!\s+(?:about |just |only |nearly |roughly |more than |over |almost |some |the )*\{Q|\s+(?:the )?(?:endorsement|"
    r"support|backing|praise|vote|votes|ballots|late|mail|absentee|precinct|most|early|a majority of|debate|by acclam|"
    r"over voters|applause)|\s+officials|\s+(?:members|leaders))",
    re.IGNORECASE,
)
SOFT = re.compile(
    r"\b(?:could|may|might|can|if|whether|hop\w+|want\w*|need\w*|vying|bid|try\w*|seek\w*|fight\w*|chance|would|unless|"
    r"until|should|likely|poised|aim\w*|running to|(?:decid\w+|determin\w+|know\w*|see|question|say|predict\w*|"
    r"settl\w+) who|no(?:t|body|-one| one)|n't|never|yet to|refus\w+|before|expect\w*|projected to|too (?:early|close)|"
    r"whoever|either|required|must|enough|the eventual|the next|for a|vowed|claim(?:ed|s|ing)|declar\w+|believes?|"
    r"confident)\s*(?:\w+\s+){0,3}$",
    re.IGNORECASE,
)
PLACE_WON = re.compile(
    r" (?!Congress|Tuesday|The\b|A\b)[A-Z][a-z]+| (?:the |a |his |her )?(?:debate|precinct|argument|neighborhood|straw poll|"
    r"coin toss|lottery)"
)
"""What can be won besides a place or a seat: "won Koreatown"."""
SAYS = re.compile(r"\b(?:told|insist\w*|predict\w*|vow\w*|boast\w*|believ\w*|(?<!AP )(?<!\} )sa(?:id|ys)|argu\w*)\b(?! by)[^.;]{0,70}$")
"""Somebody else's words follow: what a campaign says of its chances is no statement of the story."""
LOST = re.compile(
    r"\b(?P<lost>lost|loses|was (?:eliminated|knocked out)|(?:is|are|was|were) (?:out of the race|eliminated)|fell short|"
    r"missed (?:the|a) run-?off|failed to (?:advance|make|qualify))\b(?! (?:ground|votes|his|her|the endorsement|ballots))",
    re.IGNORECASE,
)

CALLS = re.compile(
    rf"(?P<who>{A})(?:'s)?[^.;]{{0,40}}?\b(?P<not>(?:has |had |have )?(?:not |n't |yet to |declined to |"
    rf"still to )(?:yet )?)?(?:call(?:ed|s)?|project(?:ed|s)?|declar(?:ed|es?)|gave|race call)\b(?P<what>[^.;]{{0,90}})"
)
CALLED_BY = re.compile(
    rf"\b(?:according to|called by|projected by|declared by|per) (?:the )?(?P<who>{A})|(?P<who2>{A}) (?:has |had )?(?:said|"
    r"says|reports|reported|projected|projects|declared|declares|determined|determines|calls it)\b"
)


NOT_CALLED = re.compile(
    r"\b(?:[Ss]econd|[Oo]ther|[Rr]unner-?up) (?:slot|spot|place|berth)\b[^.;{]{0,20}(?:not|n't|yet to)(?: \w+){0,2} called|"
    r"\b[Nn]o (?:agency|one|network|outlet)[^.;{]{0,12} called the (?:second|other) (?:slot|spot|place)|"
    r"(?P<who>\{A\d+\})[^.;{]{0,12}(?:holding off|held off|waiting)[^.;{]{0,20}(?:second|other)"
)
OFFICIAL = re.compile(
    r"(?<![-\w])(?:[Oo]fficial|[Ff]inal|[Cc]ertified)(?:,? (?:official|final|certified))* (?:results|returns|tally|count|canvass)"
    r"(?=:|,| show| in\b| from| of\b| is complete| put| have| give)"
)


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
            [_call_trace("report", agency, ",".join(second), words)],
        )


def officially(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Official final results": only a certified count is one."""
    for found in OFFICIAL.finditer(parsed.skeleton):
        claim = claim_at(parsed, "status", *parsed.span(*found.span()), level="official")
        certified = any(one.certified for contest in scene.race.contests for one in scene.race.counts[contest.id])
        words = scene.held.words if scene.held else "no count is held"
        trace = [scene.held.trace("status", words, words)] if scene.held else []
        yield judged(scene, claim, Verdict.CONFIRMED if certified else Verdict.OVERSTATED, f"{upper(words)}.", trace)


def statuses(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Every phrase of a sentence that says who goes through, who wins, who is out."""
    calls = [(found.span(), checked) for found in CALLS.finditer(parsed.skeleton) for checked in _agency(parsed, found, scene)]
    yield from (checked for _, checked in calls)
    taken = [span for span, _ in calls]
    for pattern, level in ((HEDGED, Level.LIKELY), (FUTURE, Level.CERTAIN), (PRESENT, Level.CERTAIN), (WON, Level.CERTAIN)):
        for found in pattern.finditer(parsed.skeleton):
            if any(start < found.end() and found.start() < end for start, end in taken) or _is_soft(parsed, found, level, pattern is WON):
                continue
            made = list(_status(parsed, found, scene, level, wins=pattern is WON))
            taken += [found.span()] if made else []
            yield from made
    yield from _losses(parsed, scene)


def _is_soft(parsed: Parsed, found: re.Match[str], level: Level, wins: bool) -> bool:
    before = parsed.skeleton[: found.start()]
    if wins and (
        re.search(r"\b(?:claim\w*|declar\w+)\s*$", before)
        or (found.group().startswith("victory") and not re.search(r"\b(?:clear|outright|the|a|her|his) $", before[-8:]))
    ):
        return True
    if (
        wins
        and re.match(r"(?i)winner|winning", found.group())
        and re.search(r"\b(?:the|a|no|any|either|each|every|prize|award)[ -]$", before)
    ):
        return True
    if wins and re.search(r"(?i)elected", found.group()) and not re.search(r"(?:\b(?:was|is|been|were|are|re|gets?|got) |\} )$", before):
        return True
    if re.search(r"\b[Ii]f\b[^.;]{0,80}$", before) or SAYS.search(before):
        return True
    return level is Level.CERTAIN and bool(SOFT.search(before[-48:]))


def _status(parsed: Parsed, found: re.Match[str], scene: Scene, level: Level, *, wins: bool) -> Iterator[CheckedClaim]:
    options = () if wins and PLACE_WON.match(parsed.skeleton[found.end() :]) else _whom(parsed, found, scene)
    if not options or re.search(r"(?i)(?:top|first|number one) spot", found.group()):
        return
    elects = _elects(parsed, found, scene, wins=wins)
    contest = _contest_of(scene, elects=elects)
    if re.search(r"\b(?:officially|certified)\b", parsed.skeleton[max(0, found.start() - 25) : found.end() + 25]):
        level = Level.OFFICIAL if level is Level.CERTAIN else level
    if wins and not elects and scene.contest.next_round and re.search(r"primary|first round|top spot", parsed.text, re.IGNORECASE):
        return  # "won the primary" says who came first, and is read as a place in the count
    claim = claim_at(parsed, "status", *parsed.span(*found.span()), options=list(options), level=level.name.lower(), contest=contest.id)
    if (
        level is Level.CERTAIN
        and scene.contest.next_round
        and re.search(r"top[- ]two|two top|first two", parsed.text, re.IGNORECASE)
        and not parsed.candidates
    ):
        yield _by_rule(claim, scene, contest)
        return
    if wins and contest.next_round and re.match(r"(?i)beat|best|defeat|bested", found.group()) and len(options) == 1:
        rivals = [option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 25]) for option in parsed.item(mark).options]
        if rivals:
            yield ahead_of(parsed, found, scene, options[0], rivals[0], sure=True)
            return
    agency = _attributed(parsed)
    if agency:
        yield _by_agency(claim, agency, options, scene, contest)
        return
    if elects and contest.next_round and not _somebody_has_won(scene, contest):
        words = "nobody is elected in this round: the two that lead go on"
        yield judged(scene, claim, Verdict.CONTRADICTED, f"{upper(words)}.", [_call_trace("rule", contest.rule, "", words)])
        return
    yield _on_ladder(claim, level, options, scene, contest)


def _by_rule(claim: Claim, scene: Scene, contest: Contest) -> CheckedClaim:
    """Read "The two top finishers will meet": names nobody, and is what the law says unless somebody has a majority."""
    view = scene.race.view(contest)
    best = max((line.share or 0 for line in view.options), default=0)
    words = f"the rule sends the two that lead on unless one has more than half; the most is {100 * best:.1f}%"
    verdict = Verdict.CONFIRMED if best <= 0.5 else Verdict.CONTRADICTED
    return judged(scene, claim, verdict, f"{upper(words)}.", [_call_trace("rule", contest.rule, "", words)])


def _somebody_has_won(scene: Scene, contest: Contest) -> bool:
    """Whether somebody has, or may yet have, the majority that ends the race in the first round."""
    view = scene.race.view(contest)
    return any(line.elected or (line.share or 0) > 0.45 or (line.p_elected or 0) > 0.01 for line in view.options)


def _whom(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """Who goes through: the subject, and whoever is met or faced; "to face" in a headline has both names before it."""
    if found.group().endswith("-elect"):
        return tuple(
            option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 12]) for option in parsed.item(mark).options
        )
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
    if not options and (inside := re.findall(C, found.group() + parsed.skeleton[found.end() : found.end() + 8])):
        options = [option for mark in inside for option in parsed.item(mark).options]
    if not options and re.search(r"(?i)victory for|elected|winner", found.group()):
        options = [
            option for mark in re.findall(C, parsed.skeleton[found.end() : found.end() + 30])[:1] for option in parsed.item(mark).options
        ]
    return tuple(dict.fromkeys(options))


def _elects(parsed: Parsed, found: re.Match[str], scene: Scene, *, wins: bool) -> bool:
    """Whether the sentence speaks of being elected and not of going through."""
    words = parsed.skeleton[found.start() : found.end() + 40]
    if wins and scene.contest.next_round and re.search(r"primary|first round", parsed.text, re.IGNORECASE):
        return False
    if (
        re.search(
            r"run-?off (?:spot|place|slot|berth)|spot|slot|berth|advanc|second round|to (?:a|the) run-?off|in (?:a|"
            r"the) (?:\{D\d+\} )?run-?off\b(?! (?:win|victory))",
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
    return parsed.item(found["who"] or found["who2"]).who[0].name if found else ""


# -- what may be said ---------------------------------------------------------------------------------------------------------------


def _on_ladder(claim: Claim, level: Level, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    """Hold a certainty against what may be said of each of them; the weakest decides."""
    allowed = [(*allowed_level(scene, contest, option), option) for option in options]
    least, words, _, option = min(allowed, key=lambda one: (one[0], "not by" not in one[1]))
    traces = [trace for _, _, trace, _ in allowed]
    if scene.race.view(contest).release is None and not scene.race.counts[contest.id]:
        return judged(
            scene,
            claim,
            Verdict.CONTRADICTED if level >= Level.CERTAIN else Verdict.OVERSTATED,
            "No count of this contest was held at that moment.",
            traces,
        )
    if words.startswith("certified") and least is Level.NOTHING:
        return judged(scene, claim, Verdict.CONTRADICTED, f"{scene.name(option)}: {words}.", traces)
    if level > least:
        word = {
            Level.NOTHING: "nothing is settled",
            Level.LEADS: "it can be said who leads",
            Level.LIKELY: "“appears headed to” or “is likely to” can be said",
            Level.CERTAIN: "it is called, not certified",
        }[least]
        return judged(scene, claim, Verdict.OVERSTATED, f"{scene.name(option)}: {words}; {word}.", traces, SAY[least])
    if level is Level.LIKELY and least is Level.OFFICIAL:
        return judged(scene, claim, Verdict.UNDERSTATED, f"{options_words(scene, options)}: {words}.", traces, "it is certified")
    return judged(scene, claim, Verdict.CONFIRMED, f"{options_words(scene, options)}: {words}.", traces)


SAY = {
    Level.NOTHING: "",
    Level.LEADS: "leads",
    Level.LIKELY: "appears headed to",
    Level.CERTAIN: "",
}


def allowed_level(scene: Scene, contest: Contest, option: str) -> tuple[Level, str, Trace]:
    """Return the most that may be said of an option's chances, why, and the row it rests on."""
    view = scene.race.view(contest)
    certified = bool(view.release and view.release.status == "certified")
    line = next((one for one in view.options if one.option.id == option), None)
    if certified and line:
        through = line.elected or (line.advances and bool(contest.next_round))
        words = f"certified, {'elected' if line.elected else 'through' if through else 'not through'} with {line.votes or 0:,} votes"
        return (
            (Level.OFFICIAL if through else Level.NOTHING),
            words,
            _call_trace("release", str(view.release.seq if view.release else ""), option, words),
        )
    agencies = agency_calls(scene, contest)
    for_it = sorted({one.by for one in agencies if one.option == option})
    every = {one.by for one in agencies}
    slot = next((one for one in view.slots if one.option and one.option.id == option), None)
    state = slot.state if slot else SlotState.TOO_EARLY
    if slot is None and line is not None and (line.eliminated or line.votes is not None) and view.slots:
        words = f"not in a place that goes through ({'out of reach' if line.eliminated else 'behind'})"
        return Level.NOTHING, words, _call_trace("release", str(view.release.seq if view.release else ""), option, words)
    if for_it and set(for_it) == every:
        words = f"called by {' and '.join(for_it)}, not certified"
        return max(LADDER[state], Level.LIKELY), words, _call_trace("report", for_it[0], option, words)
    if for_it:
        words = f"called by {' and '.join(for_it)}, not by {' and '.join(sorted(every - set(for_it)))}"
        return max(LADDER[state], Level.LIKELY), words, _call_trace("report", for_it[0], option, words)
    words = f"no call is recorded, state “{state.value.replace('_', ' ')}”"
    return LADDER[state], words, _call_trace("call", "", option, words)


def _call_trace(table: str, row: str, option: str, words: str) -> Trace:
    return Trace(table=table, row=row, column=f"status[{option}]", value=words, words=f"call log · {words}")


def agency_calls(scene: Scene, contest: Contest) -> list[Report]:
    """Return the calls of agencies that stand at the moment, oldest first."""
    standing: dict[tuple[str, str], Report] = {}
    for one in _reports(scene, contest):
        if one.kind is ReportKind.AGENCY_CALL:
            standing[one.by, one.option] = one
        elif one.kind is ReportKind.AGENCY_RETRACTION:
            standing.pop((one.by, one.option), None)
    return list(standing.values())


def _reports(scene: Scene, contest: Contest) -> list[Report]:
    known = [one for one in scene.race.facts.records.reports if one.contest == contest.id and one.at <= scene.race.facts.as_of]
    return sorted(known, key=lambda one: one.at)


# -- agencies -------------------------------------------------------------------------------------------------------------------------


def _agency(parsed: Parsed, found: re.Match[str], scene: Scene) -> Iterator[CheckedClaim]:
    """Read "AP called the race for Gomez", "AP has not called the second place"."""
    agency = parsed.item(found["who"]).who[0].name
    what = found["what"]
    marks = re.findall(rf"{C}|{G}", what)
    options = tuple(option for mark in marks for option in (parsed.item(mark).options or in_group(parsed.item(mark).group, scene)))
    if re.search(r"\bboth (?:places|spots|slots|seats)\b|\bfor them\b", what) and len(options) < 2:
        options = in_group("top", scene)
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
        trace = _call_trace("report", agency, "", words)
        yield judged(scene, claim, Verdict.CONFIRMED if made else Verdict.OVERSTATED, f"{words}.", [trace])


def _says_nothing(claim: Claim, agency: str, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    """Hold "has not called" against the calls of the agency: of these options, of any if none is named."""
    made = [one for one in _calls_by(agency, scene, contest) if not options or one.option in options]
    words = f"{agency}: {_calls_words(made, scene)}"
    return judged(scene, claim, right(not made), f"{words}.", [_call_trace("report", agency, ",".join(options), words)])


def _calls_by(agency: str, scene: Scene, contest: Contest) -> list[Report]:
    return [one for one in agency_calls(scene, contest) if one.by == agency]


def _by_agency(claim: Claim, agency: str, options: tuple[str, ...], scene: Scene, contest: Contest) -> CheckedClaim:
    made = _calls_by(agency, scene, contest)
    said = {one.option for one in made}
    trace = _call_trace("report", agency, ",".join(options), f"{agency}: {_calls_words(made, scene)}")
    missing = [option for option in options if option not in said]
    if not missing:
        return judged(scene, claim, Verdict.CONFIRMED, f"{agency}: {_calls_words(made, scene)}.", [trace])
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
            rivals_called = any(one.option != option for one in agency_calls(scene, contest))
            if level >= Level.CERTAIN:
                verdict = Verdict.CONTRADICTED
            elif certified or (line and line.eliminated) or (rivals_called and level is Level.NOTHING):
                verdict = Verdict.CONFIRMED
            else:
                verdict = Verdict.OVERSTATED
            yield judged(scene, claim, verdict, f"{scene.name(option)}: {words}.", [trace])


# -- what candidates say ----------------------------------------------------------------------------------------------------------

EVENTS: tuple[tuple[re.Pattern[str], ReportKind, str], ...] = (
    (
        re.compile(
            r"\b(?:retract\w*|took back|takes back|withdr\w+|rescind\w*|backtrack\w*|walked back|reversed|unconced\w+|"
            r"recant\w*)\b[^.;{]{0,30}(?:concession|conced\w+)?",
            re.IGNORECASE,
        ),
        ReportKind.CONCESSION_RETRACTED,
        "taken back the concession",
    ),
    (
        re.compile(r"\b(?:conceded|concedes|conceding|concede|concession|admitted defeat|admits defeat)\b", re.IGNORECASE),
        ReportKind.CONCESSION,
        "conceded",
    ),
    (
        re.compile(
            r"\b(?:claim(?:ed|s|ing)|declar(?:ed|es|ing)) (?:an? )?(?:early |apparent |outright )?(?:victory|a win|"
            r"himself the winner|herself the winner|(?:a |the )?(?:\w+ )?(?:spot|place|slot)|a win)\b",
            re.IGNORECASE,
        ),
        ReportKind.VICTORY_CLAIM,
        "claimed victory",
    ),
)


def events(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "Claimed victory", "conceded", "took back the concession": what is recorded of it, and when."""
    taken: list[tuple[int, int]] = []
    for pattern, kind, words in EVENTS:
        for found in pattern.finditer(parsed.skeleton):
            if kind is ReportKind.CONCESSION_RETRACTED and not re.search(r"conce", parsed.skeleton, re.IGNORECASE):
                continue
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            subject = clause_subject(parsed, found.start(), scene)
            before = parsed.skeleton[max(0, found.start() - 30) : found.start()]
            negative = bool(re.search(r"\b(?:not|yet to|refus\w+ to|never|without)\b|n't", before))
            unsaid = re.search(r"\b(?:could|may|might|if|would|will|should|to|until|before)\s+(?:\w+ )?$", before)
            if subject.options and (negative or not unsaid):
                taken.append(found.span())
                yield _event(parsed, found, scene, subject.options[0], kind, words, negative=negative)


def _event(
    parsed: Parsed, found: re.Match[str], scene: Scene, option: str, kind: ReportKind, words: str, *, negative: bool
) -> CheckedClaim:
    """Hold what a candidate is said to have done against what is recorded of it, and when."""
    claim = claim_at(parsed, "event", *parsed.span(*found.span()), option=option, event=kind.value)
    told = [one for contest in scene.race.contests for one in _reports(scene, contest) if one.kind is kind]
    made = [one for one in told if one.option == option]
    traces = [_event_trace(one, words, scene) for one in made]
    name = scene.name(option)
    if negative:
        return judged(scene, claim, right(not made), f"{name} is {'' if made else 'not '}recorded to have {words}.", traces)
    if not made:
        # Who claims a victory is often not written down; who concedes is, and then it was somebody else.
        settled = bool(told) and kind is not ReportKind.VICTORY_CLAIM
        verdict = Verdict.CONTRADICTED if settled else Verdict.CANNOT_CHECK
        return judged(scene, claim, verdict, f"No row has {name} having {words} by then.", traces)
    day = _moment(made[-1].at, scene)
    if _on_another_day(parsed, made, scene):
        return judged(scene, claim, Verdict.CONTRADICTED, f"{name} is recorded to have {words} on {day}.", traces)
    return judged(scene, claim, Verdict.CONFIRMED, f"{name} is recorded to have {words} ({day}); what a candidate says is no call.", traces)


def _event_trace(one: Report, words: str, scene: Scene) -> Trace:
    said = f"{one.by} · {words} · {_moment(one.at, scene)}"
    return Trace(table="report", row=one.at.isoformat(), column=one.kind.value, value=one.by, words=said, at=one.at)


def _on_another_day(parsed: Parsed, made: list[Report], scene: Scene) -> bool:
    """Whether the sentence names a day on which, and on whose eve and morrow, nothing of it happened."""
    past = (when for when in parsed.times if not when.month_only and when.first <= scene.race.now.replace(tzinfo=None))
    when = next(past, None)
    if when is None or not when.explicit:
        return False
    return min(abs((one.at.astimezone(scene.race.zone).date() - when.day).days) for one in made) > 1


def _moment(at: datetime, scene: Scene) -> str:
    return day_words(at, scene.race.zone)
