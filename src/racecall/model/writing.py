"""How a language writes numbers, shares, days, hours and lists; what every text in words needs, whoever says it.

Babel is imported when the first language is: most commands write none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from racecall.errors import UnknownName

if TYPE_CHECKING:
    from babel import Locale

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
"""What stands where there is no number: a missing count is never written as 0."""

LOCALES: Mapping[str, str] = {"en": "en_US", "es": "es_US", "ko": "ko_KR"}
"""Locale of each language's numbers and dates (mock-ups/STYLE.md section 4); a language that is not here is its own locale."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How a language writes numbers; what a page shows without a word is drawn once for all languages that write them alike.

    Args:
        group: What stands between thousands.
        decimal: What stands before the decimals.
    """

    group: str
    decimal: str

    def number(self, number: float | None, digits: int = 0) -> str:
        """Write a number with its thousands apart; `NONE` if there is none. Babel itself takes ten times as long."""
        if number is None:
            return NONE
        plain = f"{number:z,.{digits}f}".replace("-", MINUS)  # z: what rounds to zero has no sign
        return plain if self.group == "," and self.decimal == "." else plain.translate({ord(","): self.group, ord("."): self.decimal})

    def signed(self, number: float | None, digits: int = 1) -> str:
        """Write a number with its sign, a real minus for negative ones."""
        return NONE if number is None else ("+" if round(number, digits) > 0 else "") + self.number(number, digits)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Write a share (0 to 1) as per cent."""
        return NONE if share is None else f"{self.number(100 * share, digits)}%"


PLAIN = Figures(",", ".")
"""How Python itself writes numbers."""


class Writing:
    """A language's way with numbers and dates.

    Args:
        code: Language code, e.g. ``es``.

    Raises:
        UnknownName: Nobody knows how this language writes numbers and dates.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.locale = _locale(code)

    @cached_property
    def name(self) -> str:
        """The language's own name for itself: "Español"."""
        name = self.locale.get_language_name(self.code) or self.code
        return name[0].upper() + name[1:]

    def number(self, number: float | None, digits: int = 0) -> str:
        """Write a number with its thousands apart; `NONE` if there is none."""
        return self.figures.number(number, digits)

    def signed(self, number: float | None, digits: int = 1) -> str:
        """Write a number with its sign, a real minus for negative ones."""
        return self.figures.signed(number, digits)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Write a share (0 to 1) as per cent."""
        return self.figures.percent(share, digits)

    def row(self, number: int, style: str = "standard") -> str:
        """Return a list of so many places, ``%(0)s`` and on: "%(0)s, %(1)s, and %(2)s"; `style` as Babel knows it."""
        return _row(self.locale, number, style)

    def listed(self, names: Sequence[str]) -> str:
        """Write names in a row: "A, B, and C"."""
        return self.row(len(names)) % {str(at): name for at, name in enumerate(names)}

    def day(self, day: date, pattern: str = "long") -> str:
        """Write a day: "April 5, 2017", "5 de abril de 2017"; `pattern` as Babel knows it."""
        return _day(self.locale, day, pattern)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write day and time in the county's time: "Wednesday, April 5, 2017, 1:05 PM"."""
        return _moment(self, moment, zone)

    def short(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write day and time without the year: "Apr 5, 1:05 PM"."""
        return _short(self, moment, zone)

    def joined(self, day: str, time: str) -> str:
        """Put day and time beside each other: "Apr 5, 1:05 PM", "4월 5일 오후 1:05" (CLDR ``dateTimeFormat``, medium)."""
        return str(self.locale.datetime_formats["medium"]).replace("{1}", day).replace("{0}", time)

    def time(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write the time of day in the county's time."""
        local = moment.astimezone(zone)
        return _time(self.locale, local.hour, local.minute)

    @cached_property
    def figures(self) -> Figures:
        """How the language writes numbers."""
        symbols = self.locale.number_symbols.get("latn", self.locale.number_symbols)
        return Figures(str(symbols["group"]), str(symbols["decimal"]))


@lru_cache(maxsize=64)
def _locale(code: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(LOCALES.get(code, code))
    except (ValueError, UnknownLocaleError) as error:
        raise UnknownName(f"no language {code!r}.", next_step="Use a code such as es or zh_Hans.") from error


@lru_cache(maxsize=256)
def _row(locale: Locale, number: int, style: str) -> str:
    from babel.lists import format_list

    return format_list([f"%({at})s" for at in range(number)], style, locale)  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _moment(t: Writing, moment: datetime, zone: ZoneInfo) -> str:
    return t.joined(t.day(moment.astimezone(zone).date(), "full"), t.time(moment, zone))


@lru_cache(maxsize=4096)
def _short(t: Writing, moment: datetime, zone: ZoneInfo) -> str:
    """Write day and time without the year: a release's stands on a page four times, and on every page."""
    pattern = str(t.locale.datetime_skeletons["MMMd"].pattern)
    return t.joined(t.day(moment.astimezone(zone).date(), pattern), t.time(moment, zone))


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: date, pattern: str) -> str:
    from babel.dates import format_date

    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _time(locale: Locale, hour: int, minute: int) -> str:
    """Write a time of day; "오후" and not "PM": the wide form of the half of the day (CLDR ``aaaa``)."""
    from babel.dates import format_time

    pattern = HALF_OF_DAY.sub("aaaa", str(locale.time_formats["short"].pattern))
    return format_time(time(hour, minute), pattern, locale=locale)


HALF_OF_DAY = re.compile(r"\ba\b")
