"""Days and times as papers print them, read against the day of the story.

News days are near: a weekday is the one within three days of the story, the story's own weekday is today, and the tense decides where both
sides would do ("expected Friday", "voted Tuesday"). Libraries that search dates in text were tried and read "28% of" as 28 April
(research notes): a table of the forms that papers use is safer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from racecall.coverage.patterns import Pattern

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|"
    r"Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = "|".join(day.capitalize() for day in DAYS) + r"|Mon\.|Tues?\.|Wed\.|Thurs?\.|Fri\.|Sat\.|Sun\."
PARTS: dict[str, tuple[int, int]] = {
    "early": (0, 9),
    "morning": (0, 12),
    "midday": (11, 14),
    "noon": (11, 13),
    "afternoon": (12, 18),
    "evening": (17, 24),
    "night": (18, 30),
    "late": (18, 30),
}
"""Hours of a day that a word means, from midnight; the night goes on after it."""
_PART = r"(?P<part{n}>early|late|morning|midday|noon|afternoon|evening|night)"
WHEN = Pattern(
    r"(?=[\dA-Zbeilnosty])(?:"  # most places of a text begin no time
    r"(?<!^date )(?P<iso>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?:\b(?P<pre>early|late|last|next|this|"
    rf"on)\s+)?(?P<weekday>\b(?:{_DAY}))(?:,?\s+(?P<wm>{_MONTH})\s+(?P<wd>\d{{1,2}})(?!\d)(?:,\s*(?P<wy>(?:19|"
    r"20)\d\d))?)?(?:\s+(?P<part>morning|afternoon|evening|night))?"
    rf"|\b(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d,]*\d)(?:,\s*(?P<year>(?:19|20)\d\d))?"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month2>{_MONTH})(?:\s+(?P<year2>(?:19|20)\d\d))?\b"
    r"|(?<![\d/])(?P<m3>\d{1,2})/(?P<d3>\d{1,2})(?:/(?P<y3>\d{2,4}))?(?![\d/])"
    r"|\b(?P<word>(?:the )?election night|(?:the )?election day|election evening|the night|overnight|[Yy]esterday|(?<!USA )[Tt]oday|"
    r"[Tt]onight|[Tt]omorrow|this morning|this afternoon|this evening|last night)\b"
    rf"|\b(?:in|since|by|of|last|the)\s+(?P<only>{_MONTH})(?:\s+(?P<onlyyear>(?:19|20)\d\d))?\b(?!\s+\d)"
    rf"|(?<=\bthe\s)(?P<only2>{_MONTH})(?=\s+(?:primary|runoff|election|vote|contest|ballot)))",
)
FUTURE = Pattern(
    r"\b(?:will|would|next|expected|until|by|due|scheduled|set for|set to|upcoming|to be|going to|plans?|slated|should|"
    r"comes?|expects?|look for|hopes?|releases|posts|publishes|resumes|continues|certifies|nothing new|meets?|faces?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time in a sentence.

    Args:
        start, end: Characters of the sentence.
        first, last: First and last moment it can mean, local time without a zone.
        night: It means the night of the count ("election night").
        month_only: Only a month was said.
        explicit: A day and month were said, not a weekday or "yesterday".
    """

    start: int
    end: int
    first: datetime
    last: datetime
    night: bool = False
    month_only: bool = False
    explicit: bool = False

    @property
    def day(self) -> date:
        """The day it begins."""
        return self.first.date()


def times(text: str, now: datetime, election_day: date) -> Iterator[When]:
    """Yield the times a sentence names, in order.

    Args:
        text: The sentence.
        now: When it was written, local time.
        election_day: The day "election night" is about.
    """
    for found in WHEN.finditer(text):
        if made := _when(text, found, now.replace(tzinfo=None), election_day):
            yield made


def _when(text: str, found: re.Match[str], now: datetime, election_day: date) -> When | None:
    if found["word"]:
        return _named(found, now, election_day)
    if month := found["only"] or found["only2"]:
        return _whole_month(found, month, now)
    day = _day(text, found, now)
    if day is None:
        return None
    first, last = _hours(day, (found["part"] or _early_or_late(found["pre"])).lower())
    return When(start=found.start(), end=found.end(), first=first, last=last, explicit=not found["weekday"] or bool(found["wm"]))


def _early_or_late(word: str | None) -> str:
    return word if word and word.lower() in {"early", "late"} else ""


def _day(text: str, found: re.Match[str], now: datetime) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["weekday"] and not found["wm"]:
            return _weekday(text, found, now.date())
        month = found["wm"] or found["month"] or found["month2"]
        number = _month(month) if month else int(found["m3"])
        day = int(found["wd"] or found["day"] or found["day2"] or found["d3"])
        year = found["wy"] or found["year"] or found["year2"] or found["y3"]
        return _near(number, day, now.date()) if not year else date(int(year) + (2000 if len(year) == 2 else 0), number, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    return next(place for place, month in enumerate(MONTHS, 1) if month.startswith(word.lower().rstrip(".")[:3]))


def _near(month: int, day: int, today: date) -> date:
    """Return the day of that name nearest to the story."""
    return min((date(today.year + step, month, day) for step in (-1, 0, 1)), key=lambda found: abs((found - today).days))


def _weekday(text: str, found: re.Match[str], today: date) -> date:
    name = found["weekday"].lower()[:3]
    ahead = (next(place for place, day in enumerate(DAYS) if day.startswith(name)) - today.weekday()) % 7
    around = text[max(0, found.start() - 60) : found.start()] + "|" + text[found.end() : found.end() + 25]
    future = bool(FUTURE.search(around)) or (found["pre"] or "").lower() == "next"
    past = (found["pre"] or "").lower() == "last"
    if ahead == 0 and not past:
        return today
    return today + timedelta(days=ahead if future and not past else ahead - 7)


def _hours(day: date, part: str) -> tuple[datetime, datetime]:
    begin, end = PARTS.get(part, (0, 24))
    midnight = datetime.combine(day, time())
    return midnight + timedelta(hours=begin), midnight + timedelta(hours=end) - timedelta(minutes=1)


def _named(found: re.Match[str], now: datetime, election_day: date) -> When:
    word = found["word"].lower().removeprefix("the ")
    night = "election" in word or word in {"night", "overnight"}
    step = {"yesterday": -1, "last night": -1, "tomorrow": 1}.get(word, 0)
    day = election_day if night else now.date() + timedelta(days=step)
    first, last = _hours(day, "night" if night or word == "last night" else word.removeprefix("this "))
    return When(start=found.start("word"), end=found.end("word"), first=first, last=last, night=night)


def _whole_month(found: re.Match[str], month: str, now: datetime) -> When:
    number = _month(month)
    year = int(found["onlyyear"]) if found["onlyyear"] else _near(number, 15, now.date()).year
    first = datetime.combine(date(year, number, 1), time())
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(minutes=1)
    return When(start=found.start(), end=found.end(), first=first, last=last, month_only=True)
