"""Whose figure it is: the candidates a figure in a sentence belongs to, and how sure that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from racecall.coverage.parsing import C, G, Item, Parsed
from racecall.coverage.scene import Scene

OBJECT = re.compile(
    r"(?:\b(?:endors\w+|backed|backs|backing|lead|leads|led|leading|trail\w*|beat\w*|defeat\w*|edg(?:ed|es|ing)(?: out)?|over|"
    r"ahead of|behind|against|than|"
    r"past|topped|outpac\w*|"
    r"outpoll\w*|surpass\w*|overt\w+|besides|except|unlike|alongside|from|of|chasing|face|faces|facing|meet|between|separat\w+|catch|pass|overtake|followed|"
    r"by|to)\b(?: (?:fellow|rival|runner-up|second-place|Democrat|"
    r"Republican|front-runner|and|the|leader|attorney|Assemblyman|former|candidate))*\s*)$"
)
"""Words that make the name behind them somebody the sentence is not about."""
JOIN = re.compile(
    r"^(?:'s)?,?\s*(?:\([^)]{1,25}\)\s*)?,?\s*(?:(?:who|which)\s+)?(?:(?:had|has|have|with|at|on|got|gets|took|takes|won|"
    r"wins|received|receives|drew|draws|"
    r"was|is|were|stood|stands|sat|sits|earned|earns|claimed|captured|garnered|collected|secured|pulled|polled|managed|"
    r"posted|netted|gained|gains|added|adds|finished|held|holds|"
    r"down|up|scored|racked|tallied|amassed|notched|picked|dropped|fell|rose|slipped|climbed|leads?|led|leading|just|only|"
    r"second|first|third|fourth|runner-up|"
    r"fifth|place|in|in at|came|went|followed|and|then|also|now|far|more|about|but|still|trailing|placed|distant|a|the)[\s,]+)*[-(,:\s]*$"
)
"""Words between a name and a figure that is its own."""
INVERTED = re.compile(
    rf"^(?:(?!\b(?:than|behind|over|ahead|between|of|separat\w+)\b)[^{{}}.;]){{0,60}}?(?:,? or \{{Q\d+\}},)? "
    rf"(?:was|were|came|stood|finished|is) (?:[A-Z]?[a-z]+ ){{0,2}}({C})"
)
"""The name comes last: "Last of five with 3,242 votes was Terry Kremin"."""
OWN_VERB = re.compile(
    r"^(?: (?!and\b|but\b|or\b|than\b|of\b|by\b|to\b|over\b|behind\b|against\b|campaign|supporters?\b|voters?\b)[a-z][a-z-]+){1,4} $|"
    r"^,? (?:who|whose)\b[^{},.;]{0,40} $|"
    r"^[^{}.;]{0,40}\{Q\d+\},? (?:\(|or |good for |for )$|^[^{}.;]{0,40}\{Q\d+\}[ ,]*\($"
)
"""Any verb between a name and a figure that is its own, and a figure before it that is the same in other words: "Ahn, 5,504 (19%)"."""
FOR = re.compile(
    r"^,?\s*(?:votes?,?\s*|(?:in|of|from) (?:the|that|this) (?:\w+ )?(?:vote|update|batch|release),?\s*|"
    r"that |which |were |was |have |has |had |cast |gone |going )*(?:for|to|went to|belong\w* to|"
    rf"goes to|in favou?r of|backed|chose|picked|supported|voted for|"
    rf"(?:(?!followed|trailed|chased|joined)\w+ed |won |taken |drawn |held )?by)\s+({C}|{G})(?!'s|"
    rf"(?:'s)?(?:[\s,]*|\s+(?:with|at|had)\s+)\{{Q)"
)
MAIN = (
    r"had|has|have|got|took|won|received|drew|earned|was|is|were|finished|stood|stands|came|picked|gained|added|led|leads|leading|trailed|trails|"
    r"captured|garnered|collected|still|now|ended|posted|polled|held|holds|edged|beat|defeated|claimed|conceded"
)
"""Verbs with which a sentence goes on after an aside."""
OWNED = re.compile(rf"^ (?:were |was )?({C})'s(?=[,.;]|$| and\b)")
"""A name that owns the figure before it: "5,808 were his and 4,502 Ahn's"."""
STRANGER = re.compile(
    r"\b[A-Z][a-z]+ [A-Z][\w']+, who (?:\w+ )*$|"
    r"(?<![.!?] )(?<!^)\b(?!AP\b|I\b)[A-Z][a-z]+(?: [A-Z][\w']+)*(?:,[^,]{2,60},)? (?:has |had |have |was |were |is |are |"
    r"will |would |also |already )*$|\{[PA]\d+\}(?:,[^,]{2,60},)? (?:has |had |have |was |were |is |are |will |would |also |"
    r"already )*$"
)
"""Somebody else is named just before the verb: a name that nobody recorded, or a body that is no candidate."""
ASIDE = re.compile(rf"(?<=\}}), (?:who|whom|which|whose)\b[^;]{{3,120}}?, (?=(?:\w+ ){{0,2}}?(?:{MAIN})\b)")
"""What is said of a name by the way: the sentence goes on with the name before it."""
STOP = re.compile(r";|(?:,|\s-)\s+(?:but|while|whereas)\b|\bwhile\b|\bwhereas\b| - ")


def _blanked(found: re.Match[str]) -> str:
    return " " + "_" * (len(found.group()) - 2) + " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose figure it is.

    Args:
        options: Option ids; several where each is said to have it, () if nobody is named.
        sure: Only one reading is left.
        group: A group by place ("the two leaders"), "" if none.
        strong: The name stands beside the figure.
    """

    options: tuple[str, ...] = ()
    sure: bool = False
    group: str = ""
    strong: bool = False


NOBODY = Subject()


def subject_of(parsed: Parsed, item: Item, scene: Scene) -> Subject:
    """Return whose figure this is.

    A name right after it ("28% for Gomez") comes first, then the name it hangs on ("Ahn with 19%"), then the subject of its clause.
    Without a name beside the figure it is sure only where the sentence names nobody else.
    """
    by_place = any(one.group for one in parsed.items)
    return _subject(parsed, item, scene if by_place else None)


@lru_cache(maxsize=256)
def _subject(parsed: Parsed, item: Item, scene: Scene | None) -> Subject:
    """Return whose figure it is at every moment, or at one if the sentence names somebody by a place in the count."""
    if in_order := _respective(parsed, item):
        return in_order
    if found := FOR.match(parsed.after_of(item, 160)):
        return replace(_of(parsed.item(found[1]), scene), strong=True)
    if found := OWNED.match(parsed.after_of(item)):
        return replace(_of(parsed.item(found[1]), scene), strong=True)
    return _from_names(parsed, item, scene)


def _from_names(parsed: Parsed, item: Item, scene: Scene | None) -> Subject:
    """The name before a figure that it hangs on, else the subject of its clause."""
    before = parsed.before_of(item, 400)
    before = ASIDE.sub(_blanked, before)
    names = [one for one in re.finditer(rf"{C}|{G}", before) if not _is_pack(parsed, before, one)]
    if not names:
        turned = INVERTED.match(parsed.after_of(item, 160))
        return replace(_of(parsed.item(turned[1]), scene), strong=True) if turned else _from_before(parsed)
    last = names[-1]
    adjacent = bool(JOIN.match(before[last.end() :]) or OWN_VERB.match(before[last.end() :]))
    alone = len({option for one in parsed.candidates for option in one.options}) == 1
    if not _is_object(before, last) and not _is_him(parsed, last):
        found_subject = _joined(parsed, before, names, scene, sure=adjacent or (alone and not STOP.search(before[last.end() :])))
        return replace(found_subject, strong=adjacent and found_subject.sure)
    if adjacent and _has_figure(before, names):
        own = _of(parsed.item(last.group()), scene)
        return replace(own, strong=own.sure)
    subjects = [one for one in names if not _is_object(before, one) and not _is_him(parsed, one)]
    if subjects:
        return _joined(parsed, before, subjects, scene, sure=len(names) <= 2)
    return _of(parsed.item(last.group()), scene) if adjacent else Subject(options=_of(parsed.item(last.group()), scene).options)


RESPECTIVE = re.compile(
    r"(?P<list>\{Q\d+\}(?:(?:,| and|, and) \{Q\d+\})+)(?: each)?(?: of the votes?)?,? respectively|"
    r"\((?P<two>\{Q\d+\}(?: and|,) \{Q\d+\})\)"
)


def _respective(parsed: Parsed, item: Item) -> Subject | None:
    """Read "Carmona, Carrillo and Mejia wound up with 1,520, 1,448 and 1,276 votes respectively"."""
    for found in RESPECTIVE.finditer(parsed.skeleton):
        marks = re.findall(r"\{Q\d+\}", found["list"] or found["two"])
        place = next((at for at, mark in enumerate(marks) if parsed.item(mark).start == item.start), None)
        before = parsed.before
        named = _singles(parsed, parsed.skeleton[: found.start()]) or (_singles(before, before.skeleton) if before else [])
        if place is not None and len(named) >= len(marks) and (found["list"] or len(named) == len(marks)):
            return Subject(options=(named[-len(marks) :][place],), sure=True, strong=True)
    return None


def _singles(parsed: Parsed, words: str) -> list[str]:
    """Candidates named one by one in a piece of skeleton."""
    named = [options[0] for mark in re.findall(C, words) if len(options := parsed.item(mark).options) == 1]
    return list(dict.fromkeys(named))


def clause_subject(parsed: Parsed, start: int, scene: Scene) -> Subject:
    """Return who does what is said at a place of the skeleton: the last name before it that is nobody's object."""
    if beside := WHO.search(parsed.skeleton[:start]):
        return _of(parsed.item(beside[1]), scene)
    before = ASIDE.sub(_blanked, parsed.skeleton[:start])
    names = [one for one in re.finditer(rf"{C}|{G}", before) if not _is_object(before, one) and not _is_him(parsed, one)]
    if names and STRANGER.search(before[names[-1].end() :]):
        return NOBODY
    return _joined(parsed, before, names, scene, sure=True) if names else NOBODY


WHO = re.compile(rf"({C}),? who (?:\w+ )?$")
"""Who does what, of the name just before: "… of Gomez, who prevailed"."""


def _is_him(parsed: Parsed, name: re.Match[str]) -> bool:
    """Whether a name is "him", to whom something is done."""
    item = parsed.item(name.group())
    return parsed.text[item.start : item.end].lower() == "him"


def objects_after(parsed: Parsed, end: int, scene: Scene, reach: int = 60) -> tuple[str, ...]:
    """Return the candidates named soon after a place of the skeleton."""
    after = parsed.skeleton[end : end + reach]
    return tuple(option for found in re.findall(rf"{C}|{G}", after) for option in _of(parsed.item(found), scene).options)


def _is_pack(parsed: Parsed, before: str, name: re.Match[str]) -> bool:
    """Whether a name is "the pack" that somebody leads or trails, who then has a figure of his own."""
    return parsed.item(name.group()).group == "rest" and _is_object(before, name)


def _is_object(before: str, name: re.Match[str]) -> bool:
    return bool(OBJECT.search(before[max(0, name.start() - 60) : name.start()]))


def _has_figure(before: str, names: list[re.Match[str]]) -> bool:
    """Whether the subject of the sentence has a figure of its own already: then a second one hangs on the name before it."""
    return bool(re.search(r"\{Q\d+\}", before[: names[-1].start()]))


def _joined(parsed: Parsed, before: str, names: list[re.Match[str]], scene: Scene | None, *, sure: bool) -> Subject:
    """Read "Ahn and Gomez each had": names joined by "and" share the figure where the sentence says each, both or the like."""
    last = names[-1]
    own = _of(parsed.item(last.group()), scene)
    if (
        len(names) > 1
        and not _is_object(before, names[-2])
        and re.fullmatch(r"(?:,| and|, and)\s+(?:fellow \w+ )?", before[names[-2].end() : last.start()])
    ):
        other = _of(parsed.item(names[-2].group()), scene)
        if not re.match(r"\s*(?:with|at|had|got|,|\()", before[last.end() :]) or "each" in before[last.end() :]:
            return Subject(options=(*other.options, *own.options), sure=sure and own.sure and other.sure)
    return Subject(options=own.options, sure=own.sure and sure, group=own.group)


def _of(item: Item, scene: Scene | None) -> Subject:
    if item.mark == "G" and scene:
        return Subject(options=in_group(item.group, scene), sure=bool(scene.counts), group=item.group)
    return Subject(options=item.options, sure=item.sure)


def in_group(group: str, scene: Scene) -> tuple[str, ...]:
    """Return the candidates a group by place means, as the count has them; everybody who stands where there are but two."""
    held = next((one for one in reversed(scene.counts) if not one.printed), None)
    order = tuple(held.order()) if held else tuple(option.id for option in scene.contest.options if option.is_person)
    return {"top": order[:2], "first": order[:1], "second": order[1:2], "next": order[2:3], "rest": order[2:]}.get(group, ())


def _from_before(parsed: Parsed) -> Subject:
    """The subject of the sentence before, where this one names nobody: likely, and not sure."""
    if parsed.before is None:
        return NOBODY
    names = [item for item in parsed.before.items if item.mark == "C" and len(item.options) == 1]
    return Subject(options=names[0].options) if len({item.options for item in names}) == 1 else NOBODY
