"""The words of the pages beside the count: verdicts, roles, stances, what endorsers did, sums of money; the same for every candidate."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from racecall.coverage.rows import Answer, Endorsement, GroupCount, Money, Person, Polarity, Policy, Post, RollCall, Row, TurnRole
from racecall.publish.languages.words import NONE, Words
from racecall.publish.site.beside import Ground, Period, RacePage, RecordPage
from racecall.publish.site.page import Beside
from racecall.publish.site.speech import english

Say = Callable[[Words], str]

VERDICTS: Mapping[str, Say] = {
    "contradicted": lambda t: t.of("a verdict", "Contradicted"),
    "overstated": lambda t: t.of("a verdict", "Overstated"),
    "stale": lambda t: t.of("a verdict", "Out of date"),
    "ambiguous_base": lambda t: t.of("a verdict", "True of another base"),
    "understated": lambda t: t.of("a verdict", "Understated"),
    "cannot_check": lambda t: t.of("a verdict", "Cannot be checked"),
    "allegation": lambda t: t.of("a verdict", "Accusation, not rated"),
    "opinion": lambda t: t.of("a verdict", "Opinion"),
    "confirmed": lambda t: t.of("a verdict", "Confirmed"),
}
ROLES: Mapping[str, Say] = {
    TurnRole.ATTACK: lambda t: t.of("in a debate", "attacks"),
    TurnRole.DEFENCE: lambda t: t.of("in a debate", "answers"),
    TurnRole.CLAIM: lambda t: t.of("in a debate", "claims"),
    TurnRole.AGREEMENT: lambda t: t.of("in a debate", "agrees"),
    TurnRole.STATEMENT: lambda t: t.of("in a debate", "states"),
}
STANCES: Mapping[str, Say] = {
    "support": lambda t: t.of("a stance", "For"),
    "oppose": lambda t: t.of("a stance", "Against"),
    "mixed": lambda t: t.of("a stance", "For and against"),
    "": lambda t: t.of("a stance", "Answered"),
}
TYPES: Mapping[str, Callable[[Words, int], str]] = {
    "officeholder": lambda t, n: t.plural("%(num)s officeholder", "%(num)s officeholders", n),
    "party": lambda t, n: t.plural("%(num)s party", "%(num)s parties", n),
    "union": lambda t, n: t.plural("%(num)s union", "%(num)s unions", n),
    "newspaper": lambda t, n: t.plural("%(num)s newspaper", "%(num)s newspapers", n),
    "group": lambda t, n: t.plural("%(num)s group", "%(num)s groups", n),
    "club": lambda t, n: t.plural("%(num)s club", "%(num)s clubs", n),
    "former candidate": lambda t, n: t.plural("%(num)s former candidate", "%(num)s former candidates", n),
}
"""Types of endorsers, counted; another type is written as the record has it."""
KIND_OF: Mapping[str, Say] = {
    "officeholder": lambda t: t("officeholder"),
    "party": lambda t: t("party"),
    "union": lambda t: t("union"),
    "newspaper": lambda t: t("newspaper"),
    "group": lambda t: t("group"),
    "club": lambda t: t("club"),
    "former candidate": lambda t: t("former candidate"),
}
ACTS: Mapping[Polarity, Callable[[Words, str], str]] = {
    Polarity.ENDORSED: lambda t, who: t("endorsed %(who)s", who=who),
    Polarity.DECLINED: lambda t, who: t("declined to endorse %(who)s", who=who),
    Polarity.WITHDRAWN: lambda t, who: t("withdrew the endorsement of %(who)s", who=who),
}
NOBODY: Mapping[Polarity, Say] = {
    Polarity.ENDORSED: lambda t: t("endorsed nobody by name"),
    Polarity.DECLINED: lambda t: t("declined to endorse anybody"),
    Polarity.WITHDRAWN: lambda t: t("withdrew an endorsement"),
}
SUMS: Mapping[str, Say] = {
    "receipts": lambda t: t("All money in"),
    "donors": lambda t: t("From donors"),
    "loans": lambda t: t("Loans"),
    "individual": lambda t: t("From individuals"),
    "pac": lambda t: t("From committees (PAC)"),
    "party": lambda t: t("From parties"),
    "self_contributed": lambda t: t("From the candidate"),
    "spent": lambda t: t("Spent"),
    "cash": lambda t: t("On hand at the end"),
    "debts": lambda t: t("Owed at the end"),
}
MEASURES: Mapping[str, Say] = {
    "ballots_returned": lambda t: t("ballots returned"),
    "registered": lambda t: t("voters registered"),
}


def verdict(name: str, t: Words) -> str:
    """Name a verdict."""
    return VERDICTS[name](t) if name in VERDICTS else name


def turn_role(name: TurnRole, t: Words) -> str:
    """Say what a speaker does."""
    return ROLES[name](t)


def stance(name: str, t: Words) -> str:
    """Name a stance."""
    return STANCES[name](t) if name in STANCES else name


def cell(answer: Answer | None, t: Words) -> str:
    """Say in a word or two what a candidate answered, and which kind of no answer there is."""
    if answer is None:
        return t("no answer seen")
    return stance(answer.stance, t) if answer.answered else t("did not answer")


def called(person: Person, t: Words) -> str:
    """Return a person's name where it stands alone."""
    return english(person.name, t)


def in_sentence(written: str, t: Words) -> str:
    """Return a name where a sentence goes on after it."""
    return t.of("a candidate in a sentence", "%(name)s", name=english(written, t))


def act(row: Endorsement, t: Words, page: RecordPage) -> str:
    """Say what an endorser did."""
    who = _name(row.candidate, page)
    return ACTS[row.polarity](t, in_sentence(who, t)) if who else NOBODY[row.polarity](t)


def tally(types: Mapping[str, int], t: Words) -> str:
    """Count endorsers by type."""
    return t.listed([TYPES[name](t, number) if name in TYPES else f"{t.number(number)} {name}" for name, number in types.items()])


def endorser_type(name: str, t: Words) -> str:
    """Name the type of an endorser."""
    return KIND_OF[name](t) if name in KIND_OF else english(name, t)


def sum_name(name: str, t: Words) -> str:
    """Name a column of the money."""
    return SUMS[name](t)


def dollars(amount: float | None, t: Words, row: Money) -> str:
    """Write a sum in whole dollars; a rounded one says so, one that no source gives is a dash."""
    if amount is None:
        return NONE
    written = f"${t.number(amount)}"
    return t("about %(sum)s", sum=written) if row.approximate else written


def period(one: Period, t: Words) -> str:
    """Name the days that sums cover."""
    if len(one.ends) > 1 and one.start:
        return t("From %(start)s, to the day given with each", start=t.day(one.start))
    return days(one.start, one.ends[-1], t)


def days(start: date | None, end: date, t: Words) -> str:
    """Write a span of days; a source may not say when it began."""
    if start is None:
        return t("To %(end)s; the source does not say since when", end=t.day(end))
    return t("%(start)s to %(end)s", start=t.day(start), end=t.day(end))


def covered(row: Money, t: Words) -> str:
    """Write the days that one sum covers."""
    return days(row.start, row.end, t)


def group(name: str, t: Words) -> str:
    """Name a group as its source does."""
    return t("everybody") if name == "all" else english(name, t)


def measured(row: GroupCount, t: Words) -> str:
    """Say what was counted of a group."""
    return MEASURES[row.measure](t) if row.measure in MEASURES else row.measure


def counted(row: GroupCount, t: Words) -> str:
    """Write how many there are of a group."""
    if row.number is None:
        return NONE
    return t("about %(sum)s", sum=t.number(row.number)) if row.approximate else t.number(row.number)


def part_of_all(share: float | None, t: Words) -> str:
    """Write a share as its source did, in whole per cent."""
    return t.percent(share, 0)


def beside_title(one: Beside, t: Words) -> str:
    """Name a page beside the count."""
    if one.kind == "debate" and one.day:
        return t("Debate of %(day)s", day=t.day(one.day))
    if one.kind == "questionnaire":
        return t("Questionnaire: %(name)s", name=english(one.title, t))
    return t("Endorsements, money, early ballots, claims")


def ground(one: Ground, t: Words, page: RecordPage) -> str:
    """Say what a review rests on: a row in a line for people, or the line as it stands."""
    label = GROUNDS.get(type(one.row))
    return label(one.row, t, page) if label else english(one.line, t)


def _name(person: str, page: RecordPage) -> str:
    known = page.coverage.people.get(person)
    return known.name if known else ""


def _endorsement(row: Endorsement, t: Words, page: RecordPage) -> str:
    title = next((contest.title for contest in page.race.rounds if contest.id == row.stage), row.stage)
    return t("%(who)s %(did)s (%(stage)s)", who=english(row.endorser, t), did=act(row, t, page), stage=english(title, t))


def _post(row: Post, t: Words, page: RecordPage) -> str:
    who = _name(row.person, page)
    return english(", ".join(filter(None, (who, row.role, row.organization))), t)


def _money(row: Money, t: Words, page: RecordPage) -> str:
    who = _name(row.candidate, page)
    if row.sector and row.sector_amount is not None:
        return t(
            "%(sum)s from the %(sector)s to %(who)s, by %(day)s",
            sum=dollars(row.sector_amount, t, row),
            sector=english(row.sector, t),
            who=in_sentence(who, t),
            day=t.day(row.end),
        )
    return t("What the committee of %(who)s reported to %(day)s", who=in_sentence(who, t), day=t.day(row.end))


def _policy(row: Policy, t: Words, _: RecordPage) -> str:
    named = english(", ".join(filter(None, (row.topic, row.law, row.jurisdiction))), t)
    return t("%(law)s: in force from %(day)s", law=named, day=t.day(row.effective)) if row.effective else named


def _roll_call(row: RollCall, t: Words, _: RecordPage) -> str:
    where = english(", ".join(filter(None, (row.bill, row.chamber))), t)
    if row.ayes is None:
        return t("Vote of %(day)s: %(where)s", day=t.day(row.held_on), where=where)
    return t("Vote of %(day)s: %(where)s, %(ayes)s ayes", day=t.day(row.held_on), where=where, ayes=t.number(row.ayes))


GROUNDS: Mapping[type, Callable[..., str]] = {
    Endorsement: _endorsement,
    Post: _post,
    Money: _money,
    Policy: _policy,
    RollCall: _roll_call,
}
"""How a row is said in a line, by its kind."""


def cites(rows: Iterable[Row], t: Words, page: RecordPage) -> Markup:
    """Return the numbers of rows' sources, each a link to the list at the end of the page."""
    numbers = dict.fromkeys(page.cited(row) for row in rows)
    links = (
        Markup('<a class="cite" href="#s{}" aria-label="{}">{}</a>').format(number, t("Source %(number)s", number=number), number)
        for number in numbers
    )
    return Markup('<span class="cites">{}</span>').format(Markup(" ").join(links))


def clock(seconds: int, _: Words) -> str:
    """Write how far into a video something was said: 1:02:05."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def topic(name: str, t: Words) -> str:
    """Write the id of an issue as words."""
    return english(re.sub(r"[_-]+", " ", name), t)


def localday(moment: datetime, _: Words, zone: ZoneInfo) -> date:
    """Return the day of a moment in the county."""
    return moment.astimezone(zone).date()


def has_sums(page: RacePage, _: Words) -> bool:
    """Whether the page has any money on it."""
    return bool(page.periods or page.sectors)


FILTERS: Mapping[str, Callable[..., object]] = {
    "verdict": verdict,
    "turn_role": turn_role,
    "stance": stance,
    "cell": cell,
    "called": called,
    "act": act,
    "tally": tally,
    "endorser_type": endorser_type,
    "sum_name": sum_name,
    "dollars": dollars,
    "period": period,
    "covered": covered,
    "group": group,
    "measured": measured,
    "counted": counted,
    "part_of_all": part_of_all,
    "beside_title": beside_title,
    "ground": ground,
    "cites": cites,
    "clock": clock,
    "topic": topic,
    "has_sums": has_sums,
    "localday": localday,
}
"""Filters of these pages, beside those of every page."""
