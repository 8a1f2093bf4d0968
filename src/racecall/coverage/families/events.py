"""What candidates do when the count comes in: claim victory, concede, take a concession back. None of it is a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from racecall.coverage.claims import CheckedClaim, Claim, Trace, Verdict
from racecall.coverage.counts import day_words
from racecall.coverage.families.ladder import reports_of
from racecall.coverage.families.subjects import Subject, clause_subject
from racecall.coverage.parsing import C, P, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.rows import Organization
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, right
from racecall.model.release import Report, ReportKind

EVENTS: tuple[tuple[Pattern, ReportKind, str], ...] = (
    (
        Pattern(
            r"\b(?:retract\w*|t(?:ook|akes|aken|aking) (?:it |that |this )?back|withdr\w+|rescind\w*|backtrack\w*|"
            r"walk(?:ed|s|ing) (?:it )?back|revers(?:ed|ing|es)|un-?conced\w+|recant\w*)\b[^.;{]{0,30}(?:concession|conced\w+)?",
            re.IGNORECASE,
        ),
        ReportKind.CONCESSION_RETRACTED,
        "taken back the concession",
    ),
    (
        Pattern(
            r"\b(?:called|calls|phone[sd]|telephoned|rang|rings|contacted|reached)\b[^.;]{0,50}? to (?:concede|congratulate)\b",
            re.IGNORECASE,
        ),
        ReportKind.CONCESSION,
        "conceded",
    ),
    (
        Pattern(
            r"\b(?:(?:conceded|concedes|conceding|concede)(?! (?:that|some|a point|there|ground|the point))|concession|"
            r"bow(?:s|ed|ing) out|gave up the (?:fight|race)|(?:threw|throws) in the towel|"
            r"(?:acknowledg|admit|accept|recogni[sz])\w* (?:\{C\d+\} |the )?(?:defeat|loss)|admitted defeat|admits defeat)\b",
            re.IGNORECASE,
        ),
        ReportKind.CONCESSION,
        "conceded",
    ),
    (
        Pattern(
            r"\b(?:claim(?:ed|s|ing)?|(?:declar|proclaim)(?:ed|es|s|ing|e)?) (?:an? )?(?:early |apparent |outright )?(?:victory|a win|"
            r"(?:himself|herself) (?:the |a )?(?:\w+ ){0,2}?(?:winner|finalist|victor)|(?:a |the )?(?:\w+ )?(?:spot|place|slot)|a win)\b",
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
            if kind is ReportKind.CONCESSION_RETRACTED and not _is_of_concession(parsed, found):
                continue
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            subject = _subject(parsed, found, scene)
            before = parsed.skeleton[max(0, found.start() - 30) : found.start()]
            negative = bool(re.search(r"\b(?:not|yet to|refus\w+ to|never|without)\b|n't", before))
            ahead = re.search(r"\b(?:will|would|won't|wouldn't) (?:not |never )?(?:\w+ )?$", before)
            unsaid = ahead or re.search(r"\b(?:could|may|might|if|would|will|should|to|until|before)\s+(?:\w+ )?$", before)
            options = subject.options or _by_others(parsed, found, scene)
            if options and (not unsaid or (negative and not ahead)):
                taken.append(found.span())
                yield _event(parsed, found, scene, options[0], kind, words, negative=negative)


def _subject(parsed: Parsed, found: re.Match[str], scene: Scene) -> Subject:
    """Who does it: who takes "it" back is who is said to have conceded just before."""
    conceded = list(CONCEDED.finditer(parsed.skeleton[: found.start()])) if IT.search(found.group()) else []
    same = conceded and not re.search(rf"{C}", parsed.skeleton[conceded[-1].end() : found.start()])
    return clause_subject(parsed, conceded[-1].start() if same else found.start(), scene)


IT = re.compile(r"\b(?:it|that|this)\b")
CONCEDED = Pattern(r"\bconced(?:ed|es|ing)\b")


def _by_others(parsed: Parsed, found: re.Match[str], scene: Scene) -> tuple[str, ...]:
    """Who does it where no candidate is named before: whose campaign does, or who is named next ("After conceding to Gomez, Ahn …")."""
    bodies = {row.id: row.founder for row in scene.race.coverage.of(Organization) if row.type == "campaign"}
    before = [parsed.item(mark).who[0].id for mark in re.findall(P, parsed.skeleton[: found.start()])]
    person = scene.race.coverage.people.get(bodies.get(before[-1], "")) if before else None
    if person and person.option:
        return (person.option,)
    after = re.match(rf"[^;.]{{0,50}}?, ({C})(?!'s)", parsed.skeleton[found.end() :]) if found.group().lower().endswith("ing") else None
    return parsed.item(after[1]).options if after else ()


def _is_of_concession(parsed: Parsed, found: re.Match[str]) -> bool:
    """Whether what is taken back is a concession: it is named here, or just before where this only has "it"."""
    near = parsed if not re.search(r"\b(?:it|that|this)\b", found.group()) or parsed.before is None else parsed.before
    return bool(re.search(r"conce", parsed.skeleton + near.skeleton, re.IGNORECASE))


def _event(
    parsed: Parsed, found: re.Match[str], scene: Scene, option: str, kind: ReportKind, words: str, *, negative: bool
) -> CheckedClaim:
    """Hold what a candidate is said to have done against what is recorded of it, and when."""
    claim = claim_at(parsed, "event", *parsed.span(*found.span()), option=option, event=kind.value)
    told = [one for contest in scene.race.contests for one in reports_of(scene, contest) if one.kind is kind]
    made = [one for one in told if one.option == option]
    traces = [_event_trace(one, words, scene) for one in made]
    name = scene.name(option)
    if negative:
        return _not_done(parsed, found, scene, claim, [one for one in made if one.contest == scene.contest.id], words)
    if not made:
        # Who claims a victory is often not written down; who concedes is, and then it was somebody else.
        settled = bool(told) and (kind is not ReportKind.VICTORY_CLAIM or _is_beaten(scene, option, {one.option for one in told}))
        verdict = Verdict.CONTRADICTED if settled else Verdict.CANNOT_CHECK
        return judged(scene, claim, verdict, f"No row has {name} having {words} by then.", traces)
    day = _moment(made[-1].at, scene)
    if stranger := _stranger(parsed, found, scene, made[-1]):
        return judged(scene, claim, Verdict.CONTRADICTED, f"{stranger} does not stand in the round in which {name} has {words}.", traces)
    if _on_another_day(parsed, made, scene):
        return judged(scene, claim, Verdict.CONTRADICTED, f"{name} is recorded to have {words} on {day}.", traces)
    return judged(scene, claim, Verdict.CONFIRMED, f"{name} is recorded to have {words} ({day}); what a candidate says is no call.", traces)


def _not_done(parsed: Parsed, found: re.Match[str], scene: Scene, claim: Claim, made: list[Report], words: str) -> CheckedClaim:
    """Hold what a candidate is said not to have done against what is recorded of this round."""
    name, traces = scene.name(claim.args["option"]), [_event_trace(one, words, scene) for one in made]
    if made and AGAIN.search(parsed.skeleton[found.end() :]):
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{name} is recorded to have {words}; whether again, no row says.", traces)
    if made and made[-1].kind is ReportKind.CONCESSION and (back := _taken_back(scene, claim.args["option"], made[-1])):
        reason = f"{name} is recorded to have conceded, and to have taken it back ({_moment(back.at, scene)})."
        verdict = Verdict.CONFIRMED if NOW.search(parsed.skeleton[: found.start()]) else Verdict.CANNOT_CHECK
        return judged(scene, claim, verdict, reason, [*traces, _event_trace(back, "taken back the concession", scene)])
    return judged(scene, claim, right(not made), f"{name} is {'' if made else 'not '}recorded to have {words}.", traces)


AGAIN = re.compile(r"^[^.;]{0,40}\b(?:again|second time|since|publicly|formally|yet|so far|on camera)\b")


def _taken_back(scene: Scene, option: str, made: Report) -> Report | None:
    """Return how a concession was taken back after it was made, None if it stands."""
    told = (one for contest in scene.race.contests for one in reports_of(scene, contest))
    return next((one for one in told if one.kind is ReportKind.CONCESSION_RETRACTED and one.option == option and one.at > made.at), None)


NOW = re.compile(r"\b(?:is|are|has)(?:(?: now| still)? not|n't) (?:\w+ )?$|\bno longer $|\b(?:now|still) (?:refus\w+|declin\w+) to $")
"""Who is not conceding, whatever they did before."""


def _is_beaten(scene: Scene, option: str, claimed: set[str]) -> bool:
    """Whether those who lead have claimed every place there is, and somebody else is behind them."""
    places = 2 if scene.contest.next_round else scene.contest.number_elected
    rank = scene.held.rank(option) if scene.held else None
    return len(claimed) >= places and rank is not None and rank > places


def _stranger(parsed: Parsed, found: re.Match[str], scene: Scene, made: Report) -> str:
    """Return to whom somebody is said to have conceded who does not stand in that round, "" if there is nobody."""
    words = found.group() + "".join(re.findall(rf"^(?:{C})?[^.;{{]{{0,20}}\bto {C}", parsed.skeleton[found.end() :]))
    options = [option for mark in re.findall(C, words)[-1:] for option in parsed.item(mark).options]
    people = {one.id for contest in scene.race.contests if contest.id == made.contest for one in contest.options}
    return next((scene.race.name(option) for option in options if option not in people), "")


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
