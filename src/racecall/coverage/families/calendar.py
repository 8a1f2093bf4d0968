"""Days: of the election, of the runoff, of the next count, of certification."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from racecall.coverage.claims import CheckedClaim, Trace, Verdict
from racecall.coverage.dates import When
from racecall.coverage.parsing import Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.scene import Scene
from racecall.coverage.settle import claim_at, judged, upper
from racecall.model.contest import Contest, ElectionType
from racecall.model.release import ReportKind

CONTEST = (
    r"(?P<what>special general election|general election|run-?off(?: election)?|second round|special primary(?: election)?|"
    r"primary(?: election)?|first round|special election|election|contest|vote|balloting|ballot(?!s)|showdown|face-?off|match-?up)"
)
BEFORE = Pattern(
    r"(?P<mark>\{D\d+\})(?:'s|,)?(?: (?:special|congressional|crowded|top-two|all-party|open|nonpartisan|election))*? ?" + CONTEST + r"\b",
    re.IGNORECASE,
)
AFTER = Pattern(
    r"\b"
    + CONTEST
    + (
        r"(?: (?:is|was|will be|would be|to be|has been|are|date|set|now))*(?: (?:set|scheduled|slated|held|planned|due|called|"
        r"takes? place|took place|comes?|fixed|expected))*,? (?:(?:for|on|of|in) |(?<=be )|(?<=held )|(?<=is )|(?<=was )|"
        r"(?<=place )|(?<=comes ))(?P<mark>\{D\d+\})"
    ),
    re.IGNORECASE,
)
BARE = Pattern(r"\b" + CONTEST + r"[,:]? (?P<mark>\{D\d+\})(?!'s)", re.IGNORECASE)
"""A day right behind the word, "runoff June 6": a day and no weekday, which may be when something was said."""
DECIDED = Pattern(
    r"\b(?:will |to |would |voters )(?:\w+ ){0,2}?(?P<what>face|meet|square off|decide|(?:back )?to the polls|settle|vote|"
    r"choose)\b[^.;{]{0,12}(?:\{[CG]\d+\})?[^.;{]{0,30}?(?:on |in )?(?P<mark>\{D\d+\})",
    re.IGNORECASE,
)
"""Voters decide, or two meet, on a day: the next round's."""
COUNT = Pattern(
    r"\b(?:(?:next|latest|final|complete|updated|new|full|more|further|another|fresh) (?:\w+ )?(?:(?:round|set) of )?"
    r"(?:update|results?|count|"
    r"tally|release|returns|totals|batch|numbers)|updates?|(?:release|post|publish|report|announce|issue|update|certif)\w*|"
    r"results? (?:may|will|might|are|is|come|due)|tally|available|(?:last|final|next|another|fresh|further|more|new) (?:[\w-]+ )?count|"
    r"count (?:comes|is due|on)|nothing new|new (?:numbers|figures|totals)|next batch)\b",
    re.IGNORECASE,
)
CERTIFY = Pattern(r"\bcertif(?:y|ies|ied|ication)\b", re.IGNORECASE)


NO_SUCH_DAY = Pattern(
    r"\b(?:(?:January|March|May|July|August|October|December|Jan\.|Aug\.|Oct\.|Dec\.) (?:3[2-9]|[4-9]\d)|(?:April|June|September|November|"
    r"Sept\.|Nov\.) (?:3[1-9]|[4-9]\d)|(?:February|Feb\.) (?:3\d|[4-9]\d))(?=[,.;)]|$| (?:and|at|in|for|run-?off|primary|election)\b)"
    r"(?!,\d|\.\d)"
)
"""A day that no month has."""


def dates(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "A June 6 runoff", "the election is set for June 6"."""
    seen: set[str] = set()
    for found in NO_SUCH_DAY.finditer(parsed.text):
        claim = claim_at(parsed, "date", *found.span(), day=found.group())
        yield judged(scene, claim, Verdict.CONTRADICTED, f"There is no {found.group()}.")
    for pattern in (BEFORE, AFTER, BARE, DECIDED):
        for found in pattern.finditer(parsed.skeleton):
            when = parsed.item(found["mark"]).when
            if (
                when
                and (pattern is not BARE or when.explicit)
                and found["mark"] not in seen
                and not when.month_only
                and not re.search(r"(?i)count|update|release|result", found["what"])
            ):
                seen.add(found["mark"])
                yield _date(parsed, found, scene, when)
    yield from _answered(parsed, scene)
    yield from _known_days(parsed, scene, seen)


ASKED = re.compile(
    r"^(?:When|What day|On what day) (?:is|are|was|were|will|does) (?:the )?(?:\w+ )?" + CONTEST + r"\b[^.{}]{0,20}\?$", re.IGNORECASE
)


def _answered(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "When is the runoff? Tuesday, June 6."."""
    asked = ASKED.match(parsed.before.skeleton) if parsed.before else None
    for item in (one for one in parsed.items[:1] if asked and one.when and one.start < SOON):
        day, contest = (
            item.when.day if item.when else None,
            _which(asked["what"].lower(), scene, item.when) if asked and item.when else None,
        )
        if day and contest and not (item.when and item.when.month_only):
            right_day = scene.race.day_of(contest)
            words = f"{contest.title}: {right_day.day} {right_day:%B} {right_day.year}"
            claim = claim_at(parsed, "date", item.start, item.end, day=day.isoformat(), contest=contest.id)
            trace = Trace(table="election", row=contest.id, column="date", value=right_day.isoformat(), words=f"calendar · {words}")
            yield judged(scene, claim, Verdict.CONFIRMED if day == right_day else Verdict.CONTRADICTED, f"{words}.", [trace])


SOON = 12
"""Characters after which an answer does not begin any more."""
VOTING = Pattern(r"\b(?:run-?off|election|vot(?:e[rs]?|ing)|polls|ballot|primary|faces?|meet|decide\w*|round)\b", re.IGNORECASE)


RESULT = Pattern(
    r"\b(?:w[io]ns?|won|beat|defeat\w*|finish\w*|led|lead\w*|advanc\w*|conced\w*|call(?:ed|s)|victory|crush\w*|rout\w*)\b", re.IGNORECASE
)


def _known_days(parsed: Parsed, scene: Scene, seen: set[str]) -> Iterator[CheckedClaim]:
    """A day that is that of an election, in a sentence about voting: right, however it is said."""
    for place, item in enumerate(parsed.items):
        when = item.when
        about = VOTING.search(parsed.text) or (parsed.candidates and RESULT.search(parsed.text))
        if when is None or when.month_only or when.night or f"{{D{place}}}" in seen or not about:
            continue
        contest = next((one for one in scene.race.contests if scene.race.day_of(one) in _meant(when, scene)), None)
        if not when.explicit and (contest is None or re.match(r"'s (?!election|run-?off|primary|vote|contest)", parsed.after_of(item))):
            continue
        if contest:
            day = scene.race.day_of(contest)
            claim = claim_at(parsed, "date", item.start, item.end, day=day.isoformat(), contest=contest.id)
            words = f"{contest.title}: {day.day} {day:%B} {day.year}"
            trace = Trace(table="election", row=contest.id, column="date", value=day.isoformat(), words=f"calendar · {words}")
            yield judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])


def _meant(when: When, scene: Scene) -> set[date]:
    """Return the day that a time names; a weekday without a tense may be the one that is ahead."""
    ahead = when.day + timedelta(days=A_WEEK)
    return {when.day} | ({ahead} if not when.explicit and ahead >= scene.race.now.date() else set())


def _date(parsed: Parsed, found: re.Match[str], scene: Scene, when: When) -> CheckedClaim:
    contest = _which(found["what"].lower(), scene, when)
    day = scene.race.day_of(contest)
    claim = claim_at(parsed, "date", *parsed.span(*found.span()), day=when.day.isoformat(), contest=contest.id)
    words = f"{contest.title}: {day.day} {day:%B} {day.year}"
    trace = Trace(table="election", row=contest.id, column="date", value=day.isoformat(), words=f"calendar · {words}")
    if scene.foreign and when.day != day:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "The sentence speaks of another race or place; nothing held settles it.", [trace])
    if when.day == day:
        return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    if not when.explicit and abs((when.day - day).days) == 7:
        return judged(scene, claim, Verdict.CONFIRMED, f"{words}.", [trace])
    if abs((when.day - day).days) > 200:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{words}; this seems to be another election.", [trace])
    if not _is_about(parsed) and abs((when.day - day).days) > A_WEEK:
        return judged(scene, claim, Verdict.CANNOT_CHECK, f"{words}; nothing says that this election is meant.", [trace])
    return judged(scene, claim, Verdict.CONTRADICTED, f"{words}.", [trace], f"{day:%B} {day.day}")


def _is_about(parsed: Parsed) -> bool:
    """Whether somebody who stands is named, here or just before."""
    one: Parsed | None = parsed
    for _ in range(NEAR_BY):
        if one and any(item.mark in {"C", "G"} for item in one.items):
            return True
        one = one.before if one else None
    return False


A_WEEK = 7
"""So few days off it is this election with a wrong day; more may be another one."""
NEAR_BY = 6
"""Sentences back in which somebody who stands may be named."""


def _which(word: str, scene: Scene, when: When) -> Contest:
    """Which round a word for an election means; "election" alone is the one nearest to the day."""
    rounds = scene.race.contests
    runoff = next(
        (one for one in rounds if one.election_type in {ElectionType.RUNOFF, ElectionType.SPECIAL_RUNOFF, ElectionType.GENERAL}), rounds[-1]
    )
    if re.search(r"polls|vote|choose|decide|settle", word):
        return next((one for one in rounds if scene.race.day_of(one) >= scene.race.now.date()), runoff)
    if re.search(r"run-?off|second|general|showdown|face|match|meet|square", word):
        return runoff
    if re.search(r"primary|first", word):
        return rounds[0]
    return min(rounds, key=lambda one: abs((scene.race.day_of(one) - when.day).days))


AHEAD = Pattern(
    r"\b(?:will|next|expect\w*|due|schedul\w*|to be|later|plan\w*|would|again|until|await\w*|set|slated|coming|another)\b", re.IGNORECASE
)
"""Words without which "in returns Wednesday", on a Wednesday, is about a count that is there."""


def releases(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "The next update is expected Friday", "certified on 14 April"."""
    yield from _next_answered(parsed, scene)
    words = COUNT.search(parsed.skeleton)
    if words is None:
        return
    for item in parsed.items:
        when = item.when
        if when is None or when.month_only or (when.night and not when.explicit) or SAID.search(parsed.before_of(item, 60)):
            continue
        start, end = parsed.place(item)
        near = [found for found in COUNT.finditer(parsed.skeleton) if -80 <= found.start() - end <= 60 or 0 <= start - found.end() <= 80]
        if not near or re.match(r"(?:'s)? (?:\w+ ){0,3}(?:run-?off|primary|election|contest|debate)", parsed.skeleton[end:]):
            continue
        if CERTIFY.search(f"{_own_words(parsed, start)}|{re.split(r'[{,;]| and ', parsed.skeleton[end : end + 20])[0]}"):
            yield from _certified(parsed, item.start, item.end, scene, when)
        elif PUBLISHED.search(parsed.text) and not AHEAD.search(parsed.text):
            yield from _published(parsed, item, scene, when)
        elif when.last > scene.race.now.replace(tzinfo=None) and (when.day > scene.race.now.date() or AHEAD.search(parsed.text)):
            yield _next(parsed, item.start, item.end, scene, when)


def _own_words(parsed: Parsed, start: int) -> str:
    """What stands before a day, from the day before it on: a month alone ("the April primary") is no day."""
    days = (parsed.place(item)[1] for item in parsed.items if item.when and not item.when.month_only)
    return parsed.skeleton[max((end for end in days if end < start), default=0) : start]


def _next_answered(parsed: Parsed, scene: Scene) -> Iterator[CheckedClaim]:
    """Read "When is the next count? Friday.": a weekday in the answer is ahead."""
    asked = parsed.before and ASKED_NEXT.match(parsed.before.skeleton)
    for item in parsed.items[:1] if asked else ():
        if item.when and item.start < SOON and not item.when.month_only:
            past = not item.when.explicit and item.when.day < scene.race.now.date()
            week = timedelta(days=A_WEEK if past else 0)
            yield _next(parsed, item.start, item.end, scene, replace(item.when, first=item.when.first + week, last=item.when.last + week))


ASKED_NEXT = re.compile(
    r"^When (?:is|are|will|does|do|can)\b[^?]*\b(?:next|more|final|new|last)\b[^?]*"
    r"\b(?:counts?|update|results?|tally|numbers|release)\b[^?]*\?$"
)


SAID = re.compile(
    r"\b(?:said|says|told reporters|estimated)(?: on)? $|\b(?:postmark\w*|received|arriv\w*|turned in|dropped off|mailed)\b[^.;]{0,40}$"
)
"""When somebody said it, or by when a ballot has to come."""
PUBLISHED = re.compile(r"\b(?:released|posted|published|updated|announced|reported|issued)\b")
"""What an office has done; "released Friday" says nothing of the next count."""


def _published(parsed: Parsed, item: Item, scene: Scene, when: When) -> Iterator[CheckedClaim]:
    """A count that was released on a day: right if one was, and never wrong, as not every release is held."""
    days = {when.day} | (set() if when.explicit else {when.day - timedelta(days=A_WEEK)})
    zone = scene.race.zone
    held = next((one for one in reversed(scene.race.counts[scene.race.current.id]) if one.at.astimezone(zone).date() in days), None)
    if held and PUBLISHED.search(parsed.before_of(item, 60)) and re.search(r"count|tall|result|total|return|number", parsed.text):
        claim = claim_at(parsed, "release", item.start, item.end, day=when.day.isoformat())
        yield judged(scene, claim, Verdict.CONFIRMED, f"{upper(held.words)}.", [held.trace("at", held.at.isoformat(), held.words)])


def _next(parsed: Parsed, start: int, end: int, scene: Scene, when: When) -> CheckedClaim:
    claim = claim_at(parsed, "release", start, end, day=when.day.isoformat())
    due = _due(scene)
    if not due:
        return judged(scene, claim, Verdict.CANNOT_CHECK, "No announced release is recorded.")
    days = [day for day, _ in due]
    trace = [
        Trace(
            table="report",
            row=day.isoformat(),
            column="due_at",
            value=day.isoformat(),
            words=f"calendar · next count {day.day} {day:%B} · {by}",
        )
        for day, by in due
    ]
    if when.day in days:
        return judged(scene, claim, Verdict.CONFIRMED, f"The next count is announced for {_day(when.day)} ({dict(due)[when.day]}).", trace)
    return judged(scene, claim, Verdict.CONTRADICTED, f"The next count is announced for {_day(days[0])}.", trace, _day(days[0]))


def _due(scene: Scene) -> list[tuple[date, str]]:
    """Announced releases that are still ahead, the next one first."""
    now, zone = scene.race.facts.as_of, scene.race.zone
    said = [
        (one.due_at.astimezone(zone).date(), one.by)
        for one in scene.race.facts.records.reports
        if one.kind is ReportKind.NEXT_RELEASE and one.due_at and one.due_at >= now - timedelta(hours=12)
    ]
    calendar = [
        (one.at.astimezone(zone).date(), one.source.split(",")[0])
        for one in scene.race.facts.election.calendar
        if one.at >= now - timedelta(hours=12)
    ]
    return sorted({*said, *calendar})


def _certified(parsed: Parsed, start: int, end: int, scene: Scene, when: When) -> Iterator[CheckedClaim]:
    claim = claim_at(parsed, "date", start, end, day=when.day.isoformat(), event="certified")
    zone = scene.race.zone
    done = [held for contest in scene.race.contests for held in scene.race.counts[contest.id] if held.certified]
    planned = [(one.at.astimezone(zone).date(), one.what) for one in scene.race.facts.election.calendar if CERTIFY.search(one.what)]
    days = [held.at.astimezone(zone).date() for held in done] + [day for day, _ in planned]
    if not days:
        yield judged(scene, claim, Verdict.CANNOT_CHECK, "No day of certification is recorded.")
        return
    trace = Trace(
        table="release",
        row=done[-1].row if done else "calendar",
        column="certified",
        value=days[-1].isoformat(),
        words=f"certification · {_day(days[-1])}",
    )
    near = any(abs(when.day - day) <= SAME_CANVASS for day in days)
    verdict = Verdict.CONFIRMED if when.day in days else Verdict.CONTRADICTED if done and when.explicit and near else Verdict.CANNOT_CHECK
    yield judged(scene, claim, verdict, f"Certification: {', '.join(map(_day, dict.fromkeys(days)))}.", [trace])


SAME_CANVASS = timedelta(days=21)
"""A day so far from every certification that is recorded is one of another round."""


def _day(day: date) -> str:
    return f"{day:%A}, {day:%B} {day.day}"
