"""A sentence taken apart: who is named, which figures and times stand in it, what is quoted, who is said to have said it.

`Parsed.skeleton` is the sentence with every name, figure and time replaced by a mark that says what it is: ``{C0} led with {Q1} and {C2}
had {Q3} on {D4}``. Families of claims are patterns over skeletons, so that one pattern reads every name, every figure and every date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, lru_cache
from operator import attrgetter

from racecall.coverage.dates import When, times
from racecall.coverage.document import Role, Sentence
from racecall.coverage.numbers import Quantity, quantities
from racecall.coverage.patterns import Pattern
from racecall.coverage.roster import Named, Roster, Who, folded_text

C, P, A, G, Q, D = (rf"\{{{mark}\d+\}}" for mark in "CPAGQD")
"""Marks of a candidate, another person or body, an agency, a group of candidates ("the two leaders"), a figure, a time."""
ANY = r"\{[CPAG]\d+\}"

MARKS = {Who.CANDIDATE: "C", Who.PERSON: "P", Who.ORGANIZATION: "P", Who.AGENCY: "A"}
GROUPS: tuple[tuple[str, str], ...] = (
    (r"(?:the )?(?:top two|two top|first two)(?: finishers| vote-getters| candidates)?|(?:the )?top[- ]two finishers", "top"),
    (
        r"(?:the )?two (?:candidates|leaders|front-?runners|finalists|democrats|men|women|rivals|leading candidates|contenders|hopefuls)",
        "top",
    ),
    (r"(?:the pair|the duo|the two(?= (?:will|meet|face|advance|are|were|now))|they both|both (?:men|women|candidates))", "top"),
    (
        (
            r"the (?:front-?runner|leader|leading candidate|first-place finisher|top vote-getter|winner(?! of\b)|"
            r"winner(?= of the (?:first round|primary)\b))(?![’'\w-])"
        ),
        "first",
    ),
    (r"the (?:runner-?up|second-place (?:finisher|candidate))(?![\w-])", "second"),
    (r"the third-place (?:finisher|candidate)|(?:his|her|their) nearest rival", "next"),
    (r"the (?:next|nearest|closest) (?:candidate|rival|contender)", "next"),
    (r"the rest of the (?:\w+ )?field|everyone else|the other candidates|(?<!\d )(?<!dozen )other candidates", "rest"),
    (r"the (?:rest of the )?pack|all (?:the )?others|the rest", "rest"),
)
"""Words for candidates by their place."""
_GROUP = Pattern(rf"(?<![\w-])(?:{'|'.join(f'(?P<g{place}>{words})' for place, (words, _) in enumerate(GROUPS))})", re.IGNORECASE)
PRONOUN = Pattern(
    r"\b(?P<he>he|his|him)\b|\b(?P<she>she|her|hers)\b|"
    r"\b(?P<they>they|(?<!win )(?<!won )(?<!of )(?<!among )(?<!count )them|their|(?<!have )(?<!had )(?<!are )(?<!were )(?<!, )both)\b",
    re.IGNORECASE,
)
OPPONENT = Pattern(
    r"(?:\b(?P<his>[Hh]is|[Hh]er|[Tt]he)|(?P<of>'s)) (?:(?:run-?off|Democratic|lone|only|sole|general[- ]election) )*"
    r"(?:opponent|rival|foe|adversary|challenger|(?<=her )competitor|(?<=his )competitor)\b(?!s| \w+ed\b)"
)
"""Somebody by whom they stand against: "his opponent", "Gomez's rival"."""
BODY = re.compile(
    r"(?:It|The (?:group|organization|newspaper|paper|union|club|party))"
    r"(?= (?:(?:has|had|did|later|also|then|now|is|was) )*(?:n't|not|endors|back|stay|remain|declin|support|refus|sat|behind|threw|thrown))"
)
"""A body that gives or keeps its support, without its name."""
BOTH = 2
QUOTED = Pattern(r'"[^"]{2,}?"|"[^"]{2,}$|^[^"]{2,}"(?=[ ,.]|$)')
SAID = r"(?:said|says|told|tweeted|wrote|argued|insisted|noted|added|claimed|claims|estimated|announced|reported|according to)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A name, a figure or a time in a sentence.

    Args:
        mark: ``C``, ``P``, ``A``, ``G``, ``Q`` or ``D``.
        start, end: Characters of the sentence.
        who: Who is named; for a pronoun, who was named before.
        quantity, when: The figure, the time.
        group: Which candidates by place are meant.
        sure: False where it was told from the sentences before, with more than one it could be.
    """

    mark: str
    start: int
    end: int
    who: tuple[Named, ...] = ()
    quantity: Quantity | None = None
    when: When | None = None
    group: str = ""
    sure: bool = True

    def __hash__(self) -> int:
        """Let what follows from an item be kept beside it; whether two are the same is told from all their fields."""
        return hash((self.mark, self.start, self.end))

    @property
    def figure(self) -> Quantity:
        """The figure of an item that is one."""
        assert self.quantity is not None
        return self.quantity

    @property
    def options(self) -> tuple[str, ...]:
        """Ids of the candidates meant."""
        return tuple(named.id for named in self.who if named.kind is Who.CANDIDATE)


@dataclass(frozen=True, kw_only=True, eq=False)
class Parsed:
    """A sentence and what stands in it; it is the same only as itself, and what is told from it is kept by it.

    Args:
        sentence: The sentence.
        text: Its text without accents and with straight quotes, every character at its place.
        items: Names, figures, times, in order, none over another.
        quotes: Spans inside quotation marks.
        now: When it was written, local time.
    """

    sentence: Sentence
    text: str
    items: tuple[Item, ...]
    now: datetime
    quotes: tuple[tuple[int, int], ...] = ()
    before: Parsed | None = field(default=None, repr=False, compare=False)

    def with_only(self, items: tuple[Item, ...], text: str) -> Parsed:
        """Return it with some of its items, and some of its text."""
        return Parsed(sentence=self.sentence, text=text, items=items, now=self.now, quotes=self.quotes, before=self.before)

    @cached_property
    def _marked(self) -> tuple[str, tuple[tuple[int, int, int], ...]]:
        """The skeleton, and for each item its place in it."""
        parts, places, at, out = [], [], 0, 0
        for number, item in enumerate(self.items):
            plain = self.text[at : item.start].replace("{", "(").replace("}", ")")
            mark = f"{{{item.mark}{number}}}"
            out += len(plain)
            places.append((out, out + len(mark), number))
            parts += [plain, mark]
            out, at = out + len(mark), item.end
        return "".join([*parts, self.text[at:].replace("{", "(").replace("}", ")")]), tuple(places)

    @cached_property
    def skeleton(self) -> str:
        """The sentence with marks in place of its items."""
        return self._marked[0]

    def place(self, item: Item) -> tuple[int, int]:
        """Return where an item's mark stands in the skeleton."""
        return self._places[item.start]

    @cached_property
    def _places(self) -> Mapping[int, tuple[int, int]]:
        """Where a mark stands in the skeleton, by where its item stands in the sentence."""
        return {self.items[number].start: (start, end) for start, end, number in reversed(self._marked[1])}

    def item(self, mark: str) -> Item:
        """Return the item of a mark, e.g. ``{C0}``."""
        return self.items[int(mark.strip("{}")[1:])]

    def marks(self, text: str) -> Iterator[Item]:
        """Yield the items whose marks stand in a piece of skeleton."""
        return (self.item(found) for found in re.findall(r"\{[A-Z]\d+\}", text))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the characters of the sentence behind a piece of skeleton."""
        return self._back(start, first=True), self._back(end, first=False)

    def _back(self, at: int, *, first: bool) -> int:
        shift = 0
        for start, end, number in self._marked[1]:
            item = self.items[number]
            if at <= start:
                break
            if at < end:
                return item.start if first else item.end
            shift = item.end - end
        return at + shift

    def before_of(self, item: Item, reach: int = 90) -> str:
        """Return the skeleton before an item."""
        start, _ = self.place(item)
        return self.skeleton[max(0, start - reach) : start]

    def after_of(self, item: Item, reach: int = 90) -> str:
        """Return the skeleton after an item."""
        _, end = self.place(item)
        return self.skeleton[end : end + reach]

    @cached_property
    def times(self) -> tuple[When, ...]:
        """The times it names."""
        return tuple(item.when for item in self.items if item.when)

    @cached_property
    def candidates(self) -> tuple[Item, ...]:
        """Its mentions of candidates."""
        return tuple(item for item in self.items if item.mark == "C")

    def is_quoted(self, start: int, end: int) -> bool:
        """Whether a span stands inside quotation marks."""
        return any(first <= start and end <= last for first, last in self.quotes)

    @cached_property
    def attribution(self) -> str:
        """Who the sentence says said it, "" if nobody."""
        return _attribution(self)


def parse(
    sentences: Sequence[Sentence], roster: Roster, *, now: datetime, election_day: date, roles: Mapping[str, Named] | None = None
) -> tuple[Parsed, ...]:
    """Take the sentences of a story apart, in order: a pronoun means somebody named before it.

    Args:
        sentences: The sentences.
        roster: Who can be named.
        now: When the story was written, local time.
        election_day: What "election night" is about.
        roles: Who is meant by "the assemblyman".
    """
    found: list[Parsed] = []
    for sentence in sentences:
        found.append(_parsed(sentence, roster, found, now, election_day, roles or {}))
    return tuple(found)


def _parsed(
    sentence: Sentence, roster: Roster, earlier: Sequence[Parsed], now: datetime, election_day: date, roles: Mapping[str, Named]
) -> Parsed:
    text = folded_text(sentence.text)
    whens = [Item(mark="D", start=when.start, end=when.end, when=when) for when in times(text, now, election_day)]
    named = [Item(mark=MARKS[who.kind], start=start, end=end, who=(who,)) for start, end, who in roster.find(text)]
    items = _apart((*named, *whens, *_roles(text, roles), *_groups(text), *_figures(text)))
    if opponents := tuple(_opponents(text, items, earlier, roster)):
        items = _apart((*opponents, *items))
    if others := (*_body(text, earlier), *_pronouns(text, items, earlier)):
        items = _apart((*items, *others))
    quotes = tuple(found.span() for found in QUOTED.finditer(text))
    return Parsed(sentence=sentence, text=text, items=items, now=now, quotes=quotes, before=earlier[-1] if earlier else None)


def _apart(items: Iterable[Item]) -> tuple[Item, ...]:
    """Leave out what lies over something that came before it in the list: names over times over figures."""
    kept: list[Item] = []
    for item in items:
        for one in kept:
            if one.start < item.end and item.start < one.end:
                break
        else:
            kept.append(item)
    return tuple(sorted(kept, key=attrgetter("start")))


@lru_cache(maxsize=1024)
def _groups(text: str) -> tuple[Item, ...]:
    """The groups of a sentence: like its figures the same whenever it is read."""
    return tuple(
        Item(
            mark="G",
            start=found.start(),
            end=found.end(),
            group=next(GROUPS[place][1] for place in range(len(GROUPS)) if found[f"g{place}"]),
        )
        for found in _GROUP.finditer(text)
    )


def _roles(text: str, roles: Mapping[str, Named]) -> Iterator[Item]:
    """Read "the assemblyman" as the one candidate who is one; "Assemblyman Gomez" needs no help."""
    for found in _role_pattern(tuple(roles)).finditer(text) if roles else ():
        who = roles[found["role"].lower()]
        yield Item(mark=MARKS[who.kind], start=found.start(), end=found.end(), who=(who,))


@lru_cache(maxsize=64)
def _role_pattern(roles: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(re.escape(role) for role in sorted(roles, key=len, reverse=True))
    of_the_state = r"(?:(?<!, the )(?:state|city|county)'s (?:new |current )?|new |current |incumbent |sitting )"
    return re.compile(
        rf"\bthe (?:former |one-?time |ex-|{of_the_state})?(?P<role>{longest_first})(?=[\s,.'’]|$)(?!\s+(?-i:[A-Z]))", re.IGNORECASE
    )


@lru_cache(maxsize=1024)
def _figures(text: str) -> tuple[Item, ...]:
    """The figures of a sentence: the same whenever it is read, and a stored story is read for two moments."""
    return tuple(Item(mark="Q", start=one.start, end=one.end, quantity=one) for one in quantities(text))


def _pronouns(text: str, items: Sequence[Item], earlier: Sequence[Parsed]) -> Iterator[Item]:
    taken: dict[str, str] = {}
    for found in PRONOUN.finditer(text):
        if found["they"]:
            if who := _last_two(found, items, earlier):
                yield Item(mark="C", start=found.start(), end=found.end(), who=who)
            continue
        gender = "male" if found["he"] else "female"
        before = [item for item in items if item.mark in {"C", "P"} and item.end <= found.start() and len(item.who) == 1]
        named = [item.who[0] for item in _candidates_before(before, earlier) if item.who[0].gender in {gender, ""}]
        named = [one for one in named if taken.get(one.id, gender) == gender]
        possible = sorted(named, key=lambda one: one.kind is not Who.CANDIDATE)
        if possible:
            last = possible[0]
            taken[last.id] = gender
            yield Item(
                mark="C" if last.kind is Who.CANDIDATE else "P",
                start=found.start(),
                end=found.end(),
                who=(last,),
                sure=len({one.id for one in named[:4]}) == 1 or (last.gender == gender and bool(before) and named[0] is last),
            )


def _opponents(text: str, items: Sequence[Item], earlier: Sequence[Parsed], roster: Roster) -> Iterator[Item]:
    """Read "his opponent" and "Gomez's rival" as the other of two; of more than two it is nobody in particular."""
    for found in OPPONENT.finditer(text):
        own = [item.who[0] for item in items if item.mark == "C" and len(item.who) == 1 and item.end == found.start("of")]
        before = [item for item in items if item.mark == "C" and item.end <= found.start()]
        pool = own or [item.who[0] for item in _candidates_before(before, earlier)] if found["his"] or own else []
        other = _beside(text, items, found.span()) or _other_of_two(pool, roster)
        if pool and other:
            start = next((item.start for item in items if item.end == found.start("of")), found.start()) if own else found.start()
            yield Item(mark="C", start=start, end=found.end(), who=(other,), sure=len({one.id for one in pool[:4]}) <= BOTH)


def _beside(text: str, items: Sequence[Item], span: tuple[int, int]) -> Named | None:
    """Who is named in apposition: "Ahn, his opponent," and "his opponent, Robert Lee Ahn"."""
    near = (item for item in items if item.mark == "C" and len(item.who) == 1)
    found = (item for item in near if {text[item.end : span[0]], text[span[1] : item.start]} & {", ", ", attorney ", ", fellow Democrat "})
    return next((item.who[0] for item in found), None)


def _other_of_two(pool: Sequence[Named], roster: Roster) -> Named | None:
    """The other one of the two who stand in a round, or of the two whom the sentences before name."""
    by_id = {named.id: named for named in roster.names.values() if named.kind is Who.CANDIDATE}
    near = [one.id for one in pool if one.kind is Who.CANDIDATE]
    for two in ({option.id for option in contest.options if option.is_person} for contest in reversed(roster.contests)):
        if near and len(two) == BOTH and near[0] in two:
            return by_id.get(next(iter(two - {near[0]})))
    named = list(dict.fromkeys(near))
    return by_id.get(named[1]) if len(named) == BOTH else None


def _body(text: str, earlier: Sequence[Parsed]) -> Iterator[Item]:
    """Read "It had remained neutral" as the body that the sentence before is about."""
    found = BODY.match(text)
    first = next((item for item in earlier[-1].items if item.mark in MARKS.values()), None) if found and earlier else None
    if found and first and first.who and first.who[0].kind is Who.ORGANIZATION:
        yield Item(mark="P", start=0, end=found.end(), who=first.who, sure=False)


def _candidates_before(here: Sequence[Item], earlier: Sequence[Parsed]) -> Iterator[Item]:
    """Single people named before, the subject of the sentence (its first name) before the others, sentence by sentence back."""
    yield from sorted(here, key=lambda item: item.start)
    for parsed in reversed(earlier[-2:]):
        yield from (item for item in parsed.items if item.mark in {"C", "P"} and len(item.who) == 1)


def _last_two(found: re.Match[str], items: Sequence[Item], earlier: Sequence[Parsed]) -> tuple[Named, ...]:
    """The two candidates named last before "they" or "both", if there are just two in the sentence or the one before."""
    here = [item.who[0] for item in items if item.mark == "C" and len(item.who) == 1]
    if found["they"].lower() == "both":
        here = [item.who[0] for item in items if item.mark == "C" and len(item.who) == 1 and item.start >= found.end()][:2] or here
    pool = (
        here
        if len({named.id for named in here}) == 2
        else [item.who[0] for parsed in earlier[-1:] for item in parsed.items if item.mark == "C" and len(item.who) == 1]
    )
    ids = {named.id: named for named in pool}
    return tuple(ids.values()) if len(ids) == 2 else ()


ATTRIBUTED = (
    Pattern(rf"according to (?:the )?({ANY})"),
    Pattern(rf"({ANY})(?:'s)?[^.;]{{0,60}}? {SAID}\b"),
    Pattern(rf"{SAID} (?:the )?({ANY})"),
)
ACCORDING = Pattern(r"according to ((?:the )?[\w' ]{3,50}?)(?=[,.]|$)")
OFFICE = Pattern(rf"((?:[Tt]he )?(?:county|campaign|city|registrar|office|officials?|clerk)[\w' ]{{0,20}}?) {SAID}\b")
"""Who said it: somebody by name, else somebody by an office."""


def _attribution(parsed: Parsed) -> str:
    skeleton = parsed.skeleton
    for form in ATTRIBUTED:
        if found := form.search(skeleton):
            return ", ".join(named.name for named in parsed.item(found[1]).who) or parsed.text[slice(*parsed.span(*found.span(1)))]
    for form in (ACCORDING, OFFICE):
        if found := form.search(skeleton):
            return found[1]
    return ""


def is_display(parsed: Parsed) -> bool:
    """Whether a sentence is a headline or a caption, in which verbs stand in the present whatever happened."""
    return parsed.sentence.role is not Role.BODY
