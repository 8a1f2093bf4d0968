"""Who a story speaks of: the names of a race's candidates, of everybody in the record of coverage, of agencies and endorsers.

A list of the names that can occur beats a model that guesses which words are names (research notes): a candidate is found by full name,
by any spelling the settings hold, and by surname where only one candidate has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import product

from racecall.coverage.record import Coverage
from racecall.coverage.rows import Endorsement, Organization, Person, Post
from racecall.model.contest import Contest

AGENCIES: Mapping[str, str] = {
    "AP": "Associated Press",
    "The AP": "Associated Press",
    "Associated Press": "Associated Press",
    "Decision Desk HQ": "Decision Desk HQ",
    "DDHQ": "Decision Desk HQ",
    "Decision Desk": "Decision Desk HQ",
    "NBC News": "NBC News",
    "CNN": "CNN",
    "ABC News": "ABC News",
    "CBS News": "CBS News",
    "Fox News": "Fox News",
    "Edison Research": "Edison Research",
}
"""Those who call races, by the names papers use."""
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})
PARTICLES = frozenset({"de", "la", "del", "van", "von", "der", "den", "los", "las", "di", "da", "st", "mc", "san", "el", "al"})
"""Words that belong to the surname behind them."""


class Who(StrEnum):
    """What a name stands for."""

    CANDIDATE = "candidate"
    PERSON = "person"
    ORGANIZATION = "organization"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody a story may name.

    Args:
        id: Option id for a candidate, else the id of the row or the name.
        name: Full name.
        kind: Candidate, person, organization, agency.
        person: Person id in the record of coverage, "" if there is none.
        gender: ``female``, ``male`` or "".
    """

    id: str
    name: str
    kind: Who
    person: str = ""
    gender: str = ""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The names of a race.

    Args:
        names: Who is meant by each spelling (folded, see `folded_text`).
        contests: The rounds of the race, in order.
    """

    names: Mapping[str, Named]
    contests: tuple[Contest, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds every name, the longest first; only as a whole word and only with a capital."""
        return _pattern(self.names)

    def find(self, text: str) -> tuple[tuple[int, int, Named], ...]:
        """Return the names of a text, with their places."""
        return self._find(text)

    @cached_property
    def _find(self) -> Callable[[str], tuple[tuple[int, int, Named], ...]]:
        """The same names stand in a text whenever it is read, and a stored story is read for two moments."""
        return lru_cache(maxsize=1024)(self._found)

    def _found(self, text: str) -> tuple[tuple[int, int, Named], ...]:
        plain = folded_text(text)
        pattern, names = (self._capitals, self._in_capitals) if plain.isupper() else (self.pattern, self.names)
        return tuple((found.start(), found.end(), names[found.group()]) for found in pattern.finditer(plain)) if names else ()

    @cached_property
    def _in_capitals(self) -> Mapping[str, Named]:
        return {form.upper(): named for form, named in self.names.items()}

    @cached_property
    def _capitals(self) -> re.Pattern[str]:
        """The same for a headline in capitals."""
        return _pattern(self._in_capitals)


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    first = "".join(sorted({re.escape(form[0]) for form in longest_first if form}))  # most places of a text begin no name
    names = "|".join(re.escape(form) for form in longest_first)
    return re.compile(rf"(?=[{first}])(?<![\w-])(?:{names})(?![\w]|-[A-Za-z])")


@lru_cache(maxsize=1024)
def folded_text(text: str) -> str:
    """Return a text without accents and with straight quotes, every character at its place."""
    return text if text.isascii() else text.translate(PLAIN)


class _Plain(dict[int, str]):
    """Plain letters by what they stand for; of one that is asked for first its accents are left out."""

    def __missing__(self, letter: int) -> str:
        char = chr(letter)
        first = unicodedata.normalize("NFD", char)[0]
        self[letter] = first if first.isascii() else char
        return self[letter]


QUOTES = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "‑": "-", "′": "'"}
PLAIN = _Plain((ord(char), plain) for char, plain in QUOTES.items())


def roster_of(contests: Iterable[Contest], coverage: Coverage, agencies: Iterable[str] = ()) -> Roster:
    """Return the names of a race and of everybody recorded about it.

    Args:
        contests: Its rounds; candidates of the first that names them come first.
        coverage: People, posts, organizations, endorsers.
        agencies: Names of those who called anything in the record.
    """
    rounds = tuple(contests)
    people = list(_candidates(rounds, coverage))
    forms: dict[str, Named] = {}
    for named, spellings in (*_agencies(agencies), *_others(coverage, {named.person for named, _ in people}), *people):
        for spelling in spellings:
            forms[folded_text(spelling)] = named
    forms |= _surnames(people, forms)
    return Roster(names=forms, contests=rounds)


def _candidates(contests: Iterable[Contest], coverage: Coverage) -> Iterator[tuple[Named, set[str]]]:
    seen: set[str] = set()
    for option in (option for contest in contests for option in contest.options if option.is_person):
        if option.id not in seen:
            seen.add(option.id)
            person = coverage.person_of(option.id)
            named = Named(
                id=option.id,
                name=option.name,
                kind=Who.CANDIDATE,
                person=person.id if person else "",
                gender=person.gender if person else "",
            )
            yield named, {form for name in (option.name, *option.aliases, *_names(person)) for form in _spellings(name)}


def _names(person: Person | None) -> tuple[str, ...]:
    return (person.name, *person.aliases) if person else ()


INNER = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Fitz)(?=[a-z]{3})")
"""Beginnings of surnames behind which some write a capital: "DEMAIO" is DeMaio to one family and Demaio to another."""


def spoken(name: str) -> tuple[str, ...]:
    """Return a name as a story may have it; a ballot, and a county's file, may have it in capitals or the last name first.

    Where capitals inside a name, or before its particles, cannot be known from "LEON DE LA DEMAIO", every way is returned.
    """
    last, comma, first = name.partition(",")
    if comma and first.strip(" .").lower() not in SUFFIXES:
        name = f"{first.strip()} {last.strip()}"
    capitals = re.sub(r"\b(Mc|Mac)(?=[A-Z]{2})", lambda found: found[1].upper(), name)
    if not capitals.isupper():
        return (name,)
    ways = [_written(word) for word in capitals.split()]
    return tuple(" ".join(words) for words in product(*(ways[0][:1] if len(ways) > 1 else ways[0], *ways[1:])))


def _written(word: str) -> tuple[str, ...]:
    if word.lower().strip(".") in SUFFIXES - {"jr", "sr"} or len(word) == 1:
        return (word,)
    usual = word.title()
    if word.lower() in PARTICLES:
        return usual, word.lower()
    inner = INNER.match(usual)
    return (usual, inner.group() + usual[inner.end() :].title()) if inner else (usual,)


def _spellings(written: str) -> Iterator[str]:
    """A name as printed and as spoken, without its nickname, and as first and last name alone."""
    yield written
    for name in spoken(written):
        yield from _short(name)


def _short(name: str) -> Iterator[str]:
    yield name
    plain = re.sub(r'\s*["“(][^"”)]*["”)]\s*', " ", name).strip()
    yield plain
    if nickname := re.search(r'["“(]([^"”)]*)["”)]', name):
        yield f"{nickname[1]} {surname(plain)}"
    words = plain.split()
    if len(words) > 2:
        yield f"{words[0]} {surname(plain)}"


def surname(name: str) -> str:
    """Return the last name: with its particles ("De La Fuente"), without "Jr."."""
    words = [word.strip(",") for word in re.sub(r'["“(][^"”)]*["”)]', " ", name).split() if word.lower().strip(".,") not in SUFFIXES]
    if not words:
        return name
    start = len(words) - 1
    while start > 1 and words[start - 1].lower().strip(".") in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def _surnames(people: Iterable[tuple[Named, set[str]]], taken: Mapping[str, Named]) -> dict[str, Named]:
    """Surnames that one candidate alone has; of candidates and others with one surname, the candidate is meant."""
    found: dict[str, list[Named]] = {}
    for named, _ in people:
        for last in {folded_text(surname(name)) for name in (named.name, *spoken(named.name))}:
            found.setdefault(last, []).append(named)
    others: dict[str, set[str]] = {}
    for named in {named.id: named for named in taken.values() if named.kind is Who.PERSON}.values():
        others.setdefault(folded_text(surname(named.name)), set()).add(named.id)
    alone = {last: taken_by[0] for last, taken_by in found.items() if len(taken_by) == 1 and len(last) > 1}
    by_id = {named.id: named for named in taken.values() if named.kind is Who.PERSON}
    return {last: by_id[min(ids)] for last, ids in others.items() if len(ids) == 1 and len(last) > 2 and last not in found} | alone


def _agencies(known: Iterable[str]) -> Iterator[tuple[Named, set[str]]]:
    for form, name in (*AGENCIES.items(), *((name, name) for name in known)):
        yield Named(id=name, name=name, kind=Who.AGENCY), {form}


def _others(coverage: Coverage, candidates: set[str]) -> Iterator[tuple[Named, set[str]]]:
    """People, organizations and endorsers who do not stand; a later row of the same name takes the place of an endorser's."""
    for row in coverage.of(Endorsement):
        kind = Who.PERSON if row.endorser_type in {"officeholder", "former candidate", "person"} else Who.ORGANIZATION
        plain = re.sub(r"\s*\([^)]*\)", "", row.endorser)
        if kind is Who.ORGANIZATION or not any(folded_text(person.name) == folded_text(plain) for person in coverage.of(Person)):
            yield Named(id=row.endorser, name=plain, kind=kind), {row.endorser, plain}
    for organization in coverage.of(Organization):
        kind = Who.AGENCY if organization.type == "agency" else Who.ORGANIZATION
        forms = {organization.name, *organization.aliases, *_short_papers(organization, coverage), *_short_unions(organization, coverage)}
        yield Named(id=organization.id, name=organization.name, kind=kind), forms
    for person in coverage.of(Person):
        if person.id not in candidates and not person.private:
            forms = {form for name in _names(person) for form in _spellings(name)}
            yield Named(id=person.id, name=person.name, kind=Who.PERSON, person=person.id, gender=person.gender), forms


PAPER = re.compile(r"\b(Times|Post|Tribune|Chronicle|Bee|Herald|Examiner|Register|Journal|Globe|Daily News|Star|Sun|Inquirer)$")
"""Last words of newspapers' names, by which readers know them."""


def _short_papers(organization: Organization, coverage: Coverage) -> Iterator[str]:
    """Yield "The Times" for the only paper of that name."""
    last = PAPER.search(organization.name) if organization.type == "newspaper" else None
    others = [one for one in coverage.of(Organization) if last and one.id != organization.id and one.name.endswith(last[1])]
    if last and not others:
        yield f"The {last[1]}"
        yield f"the {last[1]}"


TRADE = re.compile(
    r"\b(Nurses|Teachers|Firefighters|Carpenters|Machinists|Janitors|Electricians|Plumbers|Ironworkers|Laborers|Teamsters|Autoworkers|"
    r"Steelworkers|Actors|Writers|Painters|Engineers|Pilots|Doctors|Physicians)\b"
)
"""Trades in the names of unions, by which papers know them."""


def _short_unions(organization: Organization, coverage: Coverage) -> Iterator[str]:
    """Yield "the nurses' union" for the only union of a trade."""
    trade = TRADE.search(organization.name) if organization.type == "union" else None
    unions = [one for one in coverage.of(Organization) if trade and one.type == "union" and trade[1] in one.name]
    if trade and len(unions) == 1:
        yield from (f"{name}{mark} union" for name in (trade[1], trade[1].lower()) for mark in ("", "'"))


def roles_of(coverage: Coverage, people: Iterable[Named]) -> Mapping[str, Named]:
    """Return who is meant by "the assemblyman": roles that one candidate alone holds or held."""
    held: dict[str, set[str]] = {}
    by_person = {named.person: named for named in people if named.person}
    for post in coverage.of(Post):
        if post.person in by_person:
            for role in (post.role, *post.aliases):
                held.setdefault(role.lower(), set()).add(post.person)
    return {role: by_person[min(ids)] for role, ids in held.items() if len(ids) == 1}
