"""What one sentence is about: which round, which count, which moment, so that a figure meets the count it was written from.

A story is written at one moment, and a sentence in it may speak of another: "on election night", "as of late Tuesday", "in the certified
count", "with 23,000 votes counted". Each of these picks the counts that it can mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from racecall.calls.view import ContestView
from racecall.coverage.counts import Held, filled, held_counts
from racecall.coverage.dates import When
from racecall.coverage.facts import Facts
from racecall.coverage.numbers import Unit
from racecall.coverage.parsing import BOTH, Item, Parsed
from racecall.coverage.patterns import Pattern
from racecall.coverage.record import Coverage
from racecall.coverage.roster import Named, Roster, roles_of
from racecall.coverage.rows import Post
from racecall.ledger.records import Records
from racecall.model.contest import Contest, ElectionType

FIRST_ROUND = Pattern(r"\b(?:primary|first round|in April|the April)\b", re.IGNORECASE)
CERTIFIED = Pattern(
    r"\b(?:certified|official (?:count|result|tally|returns|canvass)s?|final (?:count|tally|results?|canvass|margin|numbers|returns))\b",
    re.IGNORECASE,
)
FIRST_COUNT = Pattern(
    r"\b(?:(?:first|early|initial|earliest) (?:mail[- ]?(?:in )?|vote-by-mail |absentee )?(?:returns?|results?|count|batch|"
    r"tall(?:y|ies)|numbers|"
    r"release|votes?|ballots|tabulations?)|"
    r"first [\d,]{4,} (?:votes|ballots)|(?:of|in) the mail\b(?![- ]?ins?\b| (?:ballots|vote))|"
    r"(?:mail|absentee|vote-by-mail) (?:count|votes?(?! \w+ (?:left|remain))))\b",
    re.IGNORECASE,
)
FIRST_TYPES = frozenset({ElectionType.PRIMARY, ElectionType.SPECIAL_PRIMARY})
SECOND_TITLE = Pattern(r"\b(?:general|run-?off|second round)\b", re.IGNORECASE)
FEWEST_IN_FIRST = 3
"""Two who stand alone came through a round before, or never needed one."""
SEASON = timedelta(days=7)
AFTERMATH = timedelta(days=60)
"""So long after it was certified, an election that is told of is likely another one. *Our choice.*"""
NIGHT = timedelta(hours=30)
"""A count of election day goes on until six in the morning."""
COUNTED = Pattern(r"^[\s,]*(?:(?:had|have|has|were|was|been|so far|already|are|is|now) )*(?:counted|tallied|tabulated|in\b|reported)")


T = TypeVar("T")
KEPT = 256
"""Sentences, and parts of sentences, of which is kept what they are about: each figure in one asks for it, and some ask more than once."""
COUNTS = 4096
"""Counts of which is kept what every sentence asks."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Race:
    """A race with everything a story about it is held against; like a sentence and a scene it is the same only as itself.

    Args:
        facts: What was known.
        contests: Its rounds, in order.
        roster: Who can be named.
        counts: Every count held, by contest id, oldest first.
    """

    facts: Facts
    contests: tuple[Contest, ...]
    roster: Roster
    counts: Mapping[str, tuple[Held, ...]]
    _looks: dict[str, ContestView] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[str, date] = field(default_factory=dict, repr=False, compare=False)

    @property
    def coverage(self) -> Coverage:
        """The record of coverage."""
        return self.facts.coverage

    @property
    def zone(self) -> ZoneInfo:
        """The county's time zone."""
        return self.facts.election.zone

    @cached_property
    def roles(self) -> Mapping[str, Named]:
        """Who is meant by "the assemblyman"."""
        return roles_of(self.coverage, list(self.roster.names.values()))

    @cached_property
    def now(self) -> datetime:
        """The moment of the check, local time."""
        return self.facts.as_of.astimezone(self.zone)

    @cached_property
    def current(self) -> Contest:
        """The round that counts stand for at the moment: the last one with a count, else the first."""
        return self.round_at(self.facts.as_of)

    def round_at(self, moment: datetime) -> Contest:
        """Return the last round with a count of a moment or before, else the first."""
        begun = (one for one in reversed(self.contests) if any(held.at <= moment for held in self.counts[one.id]))
        return next(begun, self.contests[0])

    @cached_property
    def coming(self) -> Contest | None:
        """The round that is ahead at the moment, None if none is."""
        later = self.contests[self.contests.index(self.current) + 1 :]
        return later[0] if later else None

    def day_of(self, contest: Contest) -> date:
        """Return election day of a round."""
        if contest.id not in self._days:
            close = contest.polls_close or self.facts.election.polls_close
            own = contest.polls_close or (None if contest is not self.contests[0] else close)
            self._days[contest.id] = own.astimezone(self.zone).date() if own else self.facts.election.date
        return self._days[contest.id]

    @cached_property
    def years(self) -> frozenset[str]:
        """Years of its rounds."""
        return frozenset(str(self.day_of(contest).year) for contest in self.contests)

    @cached_property
    def districts(self) -> frozenset[str]:
        """Numbers of the district that is followed, and of those that its candidates hold."""
        areas = [contest.electoral_district for contest in self.contests] + [post.area for post in self.coverage.of(Post)]
        return frozenset(number.lstrip("0") for area in areas for number in re.findall(r"\d+", area))

    def name(self, option: str) -> str:
        """Return the name of an option of any round."""
        return next((name for contest in self.contests if (name := contest.name_of(option)) != option), option)

    def view(self, contest: Contest) -> ContestView:
        """Return what may be said of a round at the moment."""
        if contest.id not in self._looks:
            self._looks[contest.id] = self.facts.look(contest.id, self.facts.as_of)
        return self._looks[contest.id]

    @cached_property
    def title(self) -> str:
        """What its election and its rounds are called: places in it are no part of the district."""
        return " ".join((self.facts.election.title, *(contest.title for contest in self.contests)))

    @cached_property
    def has_first_round(self) -> bool:
        """Whether a primary or first round can be among its rounds: not in a general election whose primary was never recorded."""
        first = self.contests[0]
        is_second = self.people < FEWEST_IN_FIRST or SECOND_TITLE.search(self.title)
        return len(self.contests) > 1 or first.election_type in FIRST_TYPES or not is_second

    @cached_property
    def campaigning(self) -> bool:
        """Whether the next round is ahead and the count of the last one over: polls and hopes are told in its words."""
        counts = self.counts[self.current.id]
        return self.coming is not None and bool(counts) and self.facts.as_of - counts[-1].at > SEASON

    @cached_property
    def is_over(self) -> bool:
        """Whether it was certified so long ago that the news is of other races."""
        certified = [held.at for held in self.counts[self.contests[-1].id] if held.certified]
        return bool(certified) and self.facts.as_of - certified[-1] > AFTERMATH

    @cached_property
    def people(self) -> int:
        """How many people stand."""
        return sum(option.is_person for option in self.contests[0].options)


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """What a sentence is held against.

    Args:
        race: The race.
        contest: The round it speaks of.
        counts: Counts it can mean, the likeliest last; () if none is held.
        explicit: It says which count it means.
        earlier: Counts of the round before those, for what was true once.
        missing: It names a count that is not held: what, in words.
        now: The counts in force at the moment of the check.
        both: It names a kind of count and a time besides.
        said: The time by which the counts were picked, None if it was not by a time.
        foreign: It speaks of another race or another year: nothing in it is contradicted by this one.
        partial: It speaks of some of the ballots: no candidate's standing in it is contradicted by all of them.
    """

    race: Race
    contest: Contest
    counts: tuple[Held, ...]
    explicit: bool = False
    earlier: tuple[Held, ...] = ()
    missing: str = ""
    foreign: bool = False
    partial: bool = False
    now: tuple[Held, ...] = ()
    said: When | None = None
    both: bool = False

    @property
    def held(self) -> Held | None:
        """The count it most likely means: a release before a figure that was printed."""
        return next((one for one in reversed(self.counts) if not one.printed), self.counts[-1] if self.counts else None)

    @cached_property
    def could_mean(self) -> tuple[Held, ...]:
        """Every count that a figure of the sentence could be of, those that are only tried when the others fail among them."""
        others = (counts[-1] for counts in self.race.counts.values() if counts)
        return tuple({id(one): one for one in (*reversed(self.counts), *self.now, *self.earlier, *others)}.values())

    @property
    def view(self) -> ContestView:
        """What may be said of its round at the moment of the check."""
        return self.race.view(self.contest)

    def name(self, option: str) -> str:
        """Return an option's name, as a sentence has it: the surname is what papers print, the full name is what is meant."""
        return self.contest.name_of(option)


def race_of(facts: Facts, contests: Sequence[Contest], roster: Roster) -> Race:
    """Return a race with its counts in order."""
    zone = facts.election.zone
    counts = {contest.id: _counts(Same(facts.records), contest, zone) for contest in contests}
    return Race(facts=facts, contests=tuple(contests), roster=roster, counts=counts)


def is_of_later_times(parsed: Parsed, race: Race) -> bool:
    """Whether a sentence of long afterwards may be of another election: it names neither two finalists nor a day of this one."""
    if not race.is_over:
        return False
    finalists = {option.id for option in race.contests[-1].options}
    named = {option for one in (parsed, parsed.before) if one for item in one.candidates for option in item.options}
    last = race.day_of(race.contests[-1]) + timedelta(days=30)
    dated = any(when.last.date() <= last for when in parsed.times)
    return len(named & finalists) < BOTH and not dated


class Same(Generic[T]):
    """What is the same only as itself, so that what follows from it is kept without comparing all it says."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


@lru_cache(maxsize=64)
def _counts(known: Same[Records], contest: Contest, zone: ZoneInfo) -> tuple[Held, ...]:
    """Every count of a contest: the same for every story that is held against the same records."""
    return filled(held_counts(known.value, contest, zone))


@lru_cache(maxsize=KEPT)
def scene_of(parsed: Parsed, race: Race) -> Scene:
    """Return what a sentence is held against."""
    return _scene(parsed, race, foreign=is_foreign(parsed, race))


@lru_cache(maxsize=KEPT)
def _scene(parsed: Parsed, race: Race, *, foreign: bool) -> Scene:
    """Return what a sentence, or a part of one, is held against; whether it speaks of another race is told of the whole sentence."""
    contest, partial = _contest(parsed, race), is_partial(parsed)
    held = race.counts[contest.id]
    latest = _latest(held)
    missing = "" if _by_total(parsed, held, race, contest) else _missing(parsed)
    if missing := missing or _missing_before(parsed, held, race, contest):
        earlier = held[: len(held) - len(latest)]
        return Scene(race=race, contest=contest, counts=latest, earlier=earlier, missing=missing, foreign=foreign, partial=partial)
    for pick in (_by_total, _by_words, _by_time):
        if picked := pick(parsed, held, race, contest):
            said = _time_of(parsed, race, contest)
            other = _by_time(parsed, held, race, contest) if pick is not _by_time and said else ()
            return Scene(
                race=race,
                contest=contest,
                counts=picked,
                explicit=True,
                earlier=tuple(one for one in held if one.at < picked[0].at),
                now=other or latest,
                said=said,
                both=bool(other),
                foreign=foreign,
                partial=partial,
            )
    return Scene(race=race, contest=contest, counts=latest, earlier=held[: len(held) - len(latest)], foreign=foreign, partial=partial)


CLAUSE = Pattern(
    r",\s|;|\s-\s|:\s|\b(?:while|but|whereas|than|after|before|compared|though|although|when|by the time|up from|down from|and now|"
    r"from|to)\b"
)
"""Where one part of a sentence ends and the next may speak of another moment."""


COMPARED = Pattern(r"\b(?:up from|down from|compared (?:with|to)|versus)\b")
"""What stands behind is of another moment, and says nothing of what stands before."""


@lru_cache(maxsize=KEPT)
def scene_at(parsed: Parsed, item: Item, scene: Scene) -> Scene:
    """Return what one figure is held against: its own part of the sentence may name a round or a time of its own."""
    if (other := COMPARED.search(parsed.text)) and item.end <= other.start():
        return _with_both(_scene(_only(parsed, 0, other.start()), scene.race, foreign=scene.foreign), scene)
    part = part_of(parsed, item.start, item.end)
    if is_in_part(part.skeleton, scene.race) and not scene.foreign:
        scene = replace(scene, foreign=True)
    if part is parsed or not (part.times or CUES.search(part.text) or part.candidates):
        return scene
    own = _scene(part, scene.race, foreign=scene.foreign)
    return _with_both(own, scene) if own.explicit or own.contest is not scene.contest else scene


def _with_both(own: Scene, scene: Scene) -> Scene:
    """Return a scene of a part of a sentence; whether a kind of count and a time are named is told of the whole."""
    return own if own.both is scene.both else replace(own, both=scene.both)


CUES = Pattern(rf"\b(?:run-?off|second round)\b|{FIRST_ROUND.pattern}|{CERTIFIED.pattern}|{FIRST_COUNT.pattern}", re.IGNORECASE)


@lru_cache(maxsize=KEPT)
def other_scenes(parsed: Parsed, item: Item, scene: Scene) -> tuple[Scene, ...]:
    """Return what else a figure can be held against in a sentence that names a moment or a round: each of them, then what is in force."""
    return tuple(_others(parsed, item, scene))


def _others(parsed: Parsed, item: Item, scene: Scene) -> Iterator[Scene]:
    race = scene.race
    own = scene_at(parsed, item, scene)
    if own is not scene:
        yield scene
    for when in parsed.times:
        yield _scene(_only_time(parsed, when), race, foreign=scene.foreign)
    if scene.explicit or scene.contest is not race.current:
        yield _in_force(race, race.current, foreign=scene.foreign)
    for contest in race.contests:
        if contest is not race.current and race.counts[contest.id]:
            yield _in_force(race, contest, foreign=scene.foreign)


@lru_cache(maxsize=KEPT)
def _in_force(race: Race, contest: Contest, *, foreign: bool) -> Scene:
    """Return what is in force in a round, whatever a sentence says."""
    return Scene(race=race, contest=contest, counts=_latest(race.counts[contest.id]), foreign=foreign)


def part_of(parsed: Parsed, first: int, last: int) -> Parsed:
    """Return a sentence with everything blanked but the part in which some of its characters stand."""
    cuts = _cuts(parsed)
    start = max((end for _, end in cuts if end <= first), default=0)
    end = min((begin for begin, _ in cuts if begin >= last), default=len(parsed.text))
    return parsed if (start, end) == (0, len(parsed.text)) else _only(parsed, start, end)


@lru_cache(maxsize=KEPT)
def _cuts(parsed: Parsed) -> tuple[tuple[int, int], ...]:
    """Where a sentence may be cut into parts."""
    return tuple(found.span() for found in CLAUSE.finditer(parsed.text))


@lru_cache(maxsize=KEPT)
def _only(parsed: Parsed, start: int, end: int) -> Parsed:
    """Return a sentence with everything blanked but some of its characters."""
    text = " " * start + parsed.text[start:end] + " " * (len(parsed.text) - end)
    return parsed.with_only(tuple(one for one in parsed.items if start <= one.start and one.end <= end), text)


@lru_cache(maxsize=KEPT)
def _only_time(parsed: Parsed, when: When) -> Parsed:
    """Return a sentence of which nothing is read but a time."""
    return parsed.with_only(tuple(one for one in parsed.items if one.when is when), parsed.text)


ELSEWHERE = Pattern(
    r"\b(?:student council|school board (?!members?\b)|city council race|first (?:race|campaign|run) for|"
    r"(?:his|her|their) (?:first|previous|last|earlier|prior) (?:race|campaign|run|election|term|contest|bid)|"
    r"(?:city|state|county|nation)wide|nationally|municipal (?:election|ballot|primary|race)|"
    r"years? ago|last (?:year|cycle|time|november)|"
    r"in (?:(?:January|February|March|April|May|June|July|August|September|October|November|December) )?"
    r"(?P<year>(?:19|20)\d\d))\b",
    re.IGNORECASE,
)


DISTRICT = Pattern(r"\b(?P<number>\d{1,2})(?:st|nd|rd|th) (?:(?:Congressional|Senate|State Senate|Assembly|Council|House) )?[Dd]istrict\b")
OFFICE = Pattern(
    r"\b(?:City Council|school board|mayor(?:al|'s)?(?: race)?|sheriff's race|supervisors?'? race|governor's race|"
    r"presidential (?:race|primary))\b"
)
"""Offices that are none of this race, in a sentence that names nobody who stands."""


def is_foreign(parsed: Parsed, race: Race) -> bool:
    """Whether a sentence speaks of another race or another year."""
    if any(found["number"] not in race.districts for found in DISTRICT.finditer(parsed.text)):
        return True
    if not parsed.candidates and OFFICE.search(parsed.text):
        return True
    if any(not found["year"] or found["year"] not in race.years for found in ELSEWHERE.finditer(parsed.text)):
        return True
    if FIRST_ROUND.search(parsed.text) and (not race.has_first_round or _is_long_before(parsed, race)):
        return True
    leading = PART.search(parsed.skeleton[:LEADING])
    return bool(leading and is_in_part(parsed.skeleton[:LEADING], race) and leading.start() == 0) or bool(UNITS.search(parsed.skeleton))


LEADING = 40
"""A place that begins a sentence is the place of all of it."""


def is_in_part(words: str, race: Race) -> bool:
    """Whether words name a part of the district."""
    whole = (found["place"] in race.title or set(found["place"].split()) <= WHOLE_WORDS for found in PART.finditer(words))
    return not all(whole)


def _is_long_before(parsed: Parsed, race: Race) -> bool:
    """Whether a sentence names a month before the first round that is held: "in the June primary", in November."""
    first = race.day_of(race.contests[0])
    if len({option for item in parsed.candidates for option in item.options}) >= BOTH:
        return False
    return any(when.last.date() < first - timedelta(days=30) for when in parsed.times)


SOME_BALLOTS = Pattern(
    r"\b(?:in|among|of|with|from|by|on) (?:the |those |these |all |his |her )?(?:\w+ )?(?:absentee|mail(?:ed)?(?:-in| in)?|vote-by-mail|"
    r"by-mail|in-person|early|provisional|election[- ]day) (?:\w+ )?(?:ballots?|votes?|voters?|voting)\b|"
    r"\bamong (?:[A-Z][a-z]+(?!s? [A-Z])|women|men|younger|older|likely|independent|registered)\b"
)
"""Ballots of one kind, or those of some voters; told of the first count they are all that was counted."""
AT_POLLS = re.compile(
    r"\b(?:ballots|votes|those) cast (?:at (?:the polls|polling places|precincts)|in person|by mail|(?:on|before) election day)",
    re.IGNORECASE,
)
SOME_VOTERS = Pattern(
    r"\b(?:Election Day|election-day|in-person|early|mail|late|absentee|provisional|Latino|Asian|Korean(?:[- ]American)?|young\w*|"
    r"older|Black|white) (?:voters|votes|ballots)\b"
)
"""The same as the subject of a sentence: "Election Day voters broke for Gomez"."""


def is_partial(parsed: Parsed) -> bool:
    """Whether a sentence speaks of some of the ballots, by how they were cast or by whom: a count of all says nothing of these."""
    if SOME_VOTERS.search(parsed.text) or AT_POLLS.search(parsed.text):
        return True
    return bool(SOME_BALLOTS.search(parsed.skeleton)) and not FIRST_COUNT.search(parsed.text)


PART = Pattern(
    r"\b(?:[Ii]n|carried|won|lost|across|around|throughout) (?P<place>(?!The\b|A\b|His\b|Her\b)[A-Z][a-z]+(?: [A-Z][a-z]+)*)"
    r"(?!'s| Angeles|\w| [A-Z]| (?:race|seat|contest|election|primary|campaign|runoff)\b)"
)
"""A part of the district: "in Koreatown"."""
WHOLE_PLACES = frozenset(
    {
        "Los Angeles",
        "California",
        "Congress",
        "Washington",
        "District",
        "Sacramento",
        "House",
        "Tuesday",
        "Monday",
        "America",
        "Southern California",
        "Northern California",
        "State",
        "Election",
        "Senate",
        "Orinda",
    }
)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
PARTIES = ("Democratic", "Republican", "Latino", "Asian", "Korean")
WHOLE_WORDS = frozenset((*MONTHS, *PARTIES, *(word for place in WHOLE_PLACES for word in place.split())))
"""Words with a capital after "in" that are no part of the district."""
UNITS = Pattern(
    r"\b(?:precincts? (?!report|count|were|was|in\b|have|had|are|is\b|tall)\w+|"
    r"(?:(?:his|her|one|a|a single|that|this|home)(?-i:(?: [A-Z]\w+){0,3})|"
    r"heavily \w+) precincts?|exit polls?|(?<!topped )(?:the|a|an|one|recent|new|internal|public|tracking|opinion|latest) (?:\w+ )?poll|"
    r"polls? (?:shows?|showed|suggest\w*|had|puts?|gave|gives?|found|taken|conducted|of)|"
    r"polling (?!place|station|location|site|booth)\w+|surveys?)\b",
    re.IGNORECASE,
)
"""Single precincts, and polls."""


@lru_cache(maxsize=COUNTS)
def _latest(held: tuple[Held, ...]) -> tuple[Held, ...]:
    """The newest count; printed figures that are newer than the last release stand beside it, the release where they say nothing."""
    if not held:
        return ()
    last = max((place for place, one in enumerate(held) if not one.printed), default=0)
    return held[last:] if held[last].certified is False else held[last : last + 1]


LATER_ROUND = Pattern(r"\b(?:run-?off|general|second round|June|elected|Congress)\b", re.IGNORECASE)


def _contest(parsed: Parsed, race: Race) -> Contest:
    """An earlier round is meant where its name, its day or somebody who stood in it alone is named, else the one that counts stand for."""
    text = parsed.text
    standing = {option.id for option in race.current.options}
    gone = [option for item in parsed.candidates for option in item.options if option not in standing]
    if gone and not LATER_ROUND.search(text) and race.current is not race.contests[0]:
        return next(one for one in race.contests if any(option.id == gone[0] for option in one.options))
    for contest in race.contests[: race.contests.index(race.current)]:
        days = [when for when in parsed.times if when.first.date() <= race.day_of(contest) + timedelta(days=20)]
        is_first = contest.election_type in FIRST_TYPES and FIRST_ROUND.search(text)
        if is_first or any(when.last.date() >= race.day_of(contest) for when in days):
            return contest
    return race.current


def _by_total(parsed: Parsed, held: tuple[Held, ...], race: Race, contest: Contest) -> tuple[Held, ...]:
    """Read "With 23,000 votes counted": the counts whose total would be printed so."""
    del race, contest
    for item in parsed.items:
        quantity = item.quantity
        if quantity and quantity.unit in {Unit.VOTES, Unit.BALLOTS} and _says_counted(parsed, item):
            return tuple(one for one in held if one.total and quantity.fits(one.total))
        if quantity and quantity.unit is Unit.PRECINCTS and not quantity.words:
            before = parsed.before_of(item)
            if match := REPORTED.search(before):
                reported = parsed.item(match[1]).quantity
                return tuple(one for one in held if reported and one.units_reported == reported.value)
    return ()


REPORTED = re.compile(r"(\{Q\d+\}) of (?:the )?$")
WITH = re.compile(r"\b[Ww]ith (?:only |just )?$")


def _says_counted(parsed: Parsed, item: Item) -> bool:
    return bool(WITH.search(parsed.before_of(item))) and bool(COUNTED.search(parsed.after_of(item)))


def _by_words(parsed: Parsed, held: tuple[Held, ...], race: Race, contest: Contest) -> tuple[Held, ...]:
    if CERTIFIED.search(parsed.text):
        return tuple(one for one in held if one.certified)
    told = FIRST_COUNT.finditer(text := parsed.text)
    first = next((one for one in told if not SINCE.search(text[: one.start()]) or CAME.match(text[one.end() :])), None)
    if first and NIGHTLY.match(first[0]):
        close = datetime.combine(race.day_of(contest), time()) + NIGHT
        return tuple(one for one in held if _local(one, race.zone) <= close) or held[:2]
    return held[:2] if first else ()


NIGHTLY = re.compile(r"(?:early|initial) (?:returns?|results?|tall|numbers)", re.IGNORECASE)
"""What is early may be any count of the night; the first one is the first."""


SINCE = re.compile(r"\b(?:since|after|from|than|beyond|following)\s+(?:the |that )?(?:very )?$", re.IGNORECASE)
"""What comes after a count is no part of it."""
CAME = re.compile(r"^[^.;,]{0,40}\b(?:was|were|had been|came|arrived) ?(?:in\b|counted|tallied|released|posted|published|reported|added)")
"""Unless it is as of its end: "after the first batch was counted"."""


def _by_time(parsed: Parsed, held: tuple[Held, ...], race: Race, contest: Contest) -> tuple[Held, ...]:
    """The counts of the latest time in the past that the sentence names; a count stands until the next one."""
    when = _time_of(parsed, race, contest)
    if when:
        last = max(when.last, datetime.combine(when.day, time()) + NIGHT) if when.day == race.day_of(contest) else when.last
        during = tuple(one for one in held if _local(one, race.zone) <= last)
        if during:
            inside = tuple(one for one in during if _local(one, race.zone) >= when.first)
            return inside or during[-1:]
    return ()


NAMES_ELECTION = re.compile(r"(?:'s)? (?:\w+ ){0,2}(?:primary|election|run-?off|contest|first round|debate)\b", re.IGNORECASE)
"""A day that only says which election is meant: "the 4 April primary"."""


BEGINNING = re.compile(r"\b(?:since|from|after|between)\s*(?:the )?$", re.IGNORECASE)


def _time_of(parsed: Parsed, race: Race, contest: Contest) -> When | None:
    """The last time in a sentence that picks a count: past, a day, and not the beginning of something ("since Tuesday")."""
    for when in reversed(parsed.times):
        since = BEGINNING.search(parsed.text[: when.start])
        named = NAMES_ELECTION.match(parsed.text[when.end :]) or _is_day_of_victory(parsed, when, race, contest) or _is_a_way(parsed, when)
        if not since and not named and not when.month_only and _is_past(when, race) and when.last.date() >= race.day_of(contest):
            return when
    return None


def _is_day_of_victory(parsed: Parsed, when: When, race: Race, contest: Contest) -> bool:
    """Whether a day says when an election was that is certified by now, and not which count: "won on May 19 with 68,996 votes"."""
    certified = any(one.certified for one in race.counts[contest.id])
    whole = when.day == race.day_of(contest) and when.explicit and not when.night
    return certified and whole and bool(VICTORY.search(parsed.text[: when.start]))


def _is_a_way(parsed: Parsed, when: When) -> bool:
    """Whether election day says how ballots were cast: "22,376 by mail and 20,538 on election day"."""
    return parsed.text[when.start : when.end].lower().endswith("election day") and bool(BY_MAIL.search(parsed.text))


BY_MAIL = re.compile(r"\b(?:by mail|vote-by-mail|mail(?:-in|ed)? ballots|early)\b", re.IGNORECASE)
VICTORY = re.compile(r"\b(?:won|wins|beat|defeated|elected|victory)\b")


def _is_past(when: When, race: Race) -> bool:
    return when.first <= race.now.replace(tzinfo=None)


@lru_cache(maxsize=COUNTS)
def _local(held: Held, zone: ZoneInfo) -> datetime:
    return held.at.astimezone(zone).replace(tzinfo=None)


def _missing_before(parsed: Parsed, held: tuple[Held, ...], race: Race, contest: Contest) -> str:
    """What count the sentence before names and nobody holds: this one goes on with it, unless it names a time of its own."""
    before = parsed.before
    if before is None or parsed.times or before.sentence.block != parsed.sentence.block:
        return ""
    return "" if _by_total(before, held, race, contest) else _missing(before)


def _missing(parsed: Parsed) -> str:
    """What count a sentence names by its size; it was looked for and is not held."""
    for item in parsed.items:
        if item.quantity and item.quantity.unit in {Unit.VOTES, Unit.BALLOTS} and _says_counted(parsed, item):
            return parsed.text[item.start : item.end]
    return ""
