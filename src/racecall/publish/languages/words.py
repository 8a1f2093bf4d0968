"""One language: sentences from its catalogue, numbers and dates as its readers write them.

English stands in the code and the templates; another language is one `.po` file (`docs/languages.md`). Candidates' names are never
translated and never bent by grammar.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from gettext import NullTranslations
from io import BytesIO
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape

from racecall.errors import UnknownName

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
        return plain if self == PLAIN else plain.translate({ord(","): self.group, ord("."): self.decimal})

    def signed(self, number: float | None, digits: int = 1) -> str:
        """Write a number with its sign, a real minus for negative ones."""
        return NONE if number is None else ("+" if round(number, digits) > 0 else "") + self.number(number, digits)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Write a share (0 to 1) as per cent."""
        return NONE if share is None else f"{self.number(100 * share, digits)}%"


PLAIN = Figures(",", ".")
"""How Python itself writes numbers."""


class Words:
    """A language to write a page in.

    Args:
        code: Language code, e.g. ``es``.
        catalogue: Its `.po` file; None for English, which the code is written in.

    Raises:
        UnknownName: Nobody knows how this language writes numbers and dates.
    """

    def __init__(self, code: str, catalogue: bytes | None = None) -> None:
        self.code = code
        try:
            self.locale = Locale.parse(LOCALES.get(code, code))
        except (ValueError, UnknownLocaleError) as error:
            raise UnknownName(f"no language {code!r}.", next_step="Use a code such as es or zh_Hans.") from error
        self._translations = _translations(catalogue) if catalogue else NullTranslations()

    @cached_property
    def name(self) -> str:
        """The language's own name for itself: "Español"."""
        name = self.locale.get_language_name(self.code) or self.code
        return name[0].upper() + name[1:]

    def __call__(self, message: str, **values: object) -> str:
        """Say a sentence; `values` fill its ``%(name)s`` places."""
        return _filled(self._translations.gettext(message), values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """Say a sentence about `number` things, which it may write as ``%(num)s``."""
        return _filled(self._translations.ngettext(one, many, number), {"num": self.number(number), **values})

    def of(self, context: str, message: str, **values: object) -> str:
        """Say a word that means different things in different places, e.g. ``of("state of a place", "Likely")``."""
        return _filled(self._translations.pgettext(context, message), values)

    def number(self, number: float | None, digits: int = 0) -> str:
        """Write a number with its thousands apart; `NONE` if there is none."""
        return self.figures.number(number, digits)

    def signed(self, number: float | None, digits: int = 1) -> str:
        """Write a number with its sign, a real minus for negative ones."""
        return self.figures.signed(number, digits)

    def percent(self, share: float | None, digits: int = 1) -> str:
        """Write a share (0 to 1) as per cent."""
        return self.figures.percent(share, digits)

    def listed(self, names: Sequence[str]) -> str:
        """Write names in a row: "A, B, and C"."""
        return _filled(_row(self.locale, len(names)), {str(at): name for at, name in enumerate(names)})

    def day(self, day: date, pattern: str = "long") -> str:
        """Write a day: "April 5, 2017", "5 de abril de 2017"; `pattern` as Babel knows it."""
        return _day(self.locale, day, pattern)

    def moment(self, moment: datetime, zone: ZoneInfo) -> str:
        """Write day and time in the county's time: "Wednesday, April 5, 2017, 1:05 PM"."""
        return self.joined(self.day(moment.astimezone(zone).date(), "full"), self.time(moment, zone))

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


@lru_cache(maxsize=256)
def _row(locale: Locale, number: int) -> str:
    return format_list([f"%({at})s" for at in range(number)], locale=locale)


@lru_cache(maxsize=4096)
def _short(t: Words, moment: datetime, zone: ZoneInfo) -> str:
    """Write day and time without the year: a release's stands on a page four times, and on every page."""
    pattern = str(t.locale.datetime_skeletons["MMMd"].pattern)
    return t.joined(t.day(moment.astimezone(zone).date(), pattern), t.time(moment, zone))


@lru_cache(maxsize=4096)
def _day(locale: Locale, day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _time(locale: Locale, hour: int, minute: int) -> str:
    """Write a time of day; "오후" and not "PM": the wide form of the half of the day (CLDR ``aaaa``)."""
    pattern = HALF_OF_DAY.sub("aaaa", str(locale.time_formats["short"].pattern))
    return format_time(time(hour, minute), pattern, locale=locale)


HALF_OF_DAY = re.compile(r"\ba\b")


def _translations(catalogue: bytes) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(catalogue)))
    compiled.seek(0)
    return Translations(compiled)


FULL_STOPS = (".", ".</span>", ".</time>", ".</b>")


def _filled(message: str, values: Mapping[str, object]) -> str:
    """Fill the places of a sentence; with markup among the values the sentence is markup, and everything else in it is escaped."""
    if not values:
        return message
    if ")s." in message:
        message = _ended_once(message, values)
    if any(isinstance(value, Markup) for value in values.values()):
        return escape(message) % values
    return message % values


def _ended_once(message: str, values: Mapping[str, object]) -> str:
    """Take out a full stop that would be the second one: a value that ends with one ("p.m.", "Jr.") ends its sentence with it."""
    for name, value in values.items():
        if str(value).endswith(FULL_STOPS):
            message = message.replace(f"%({name})s.", f"%({name})s")
    return message
