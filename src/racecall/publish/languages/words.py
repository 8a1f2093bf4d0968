"""One language: sentences from its catalogue, numbers and dates as its readers write them.

English stands in the code and the templates; another language is one `.po` file (`docs/languages.md`). Candidates' names are never
translated and never bent by grammar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape

from racecall.model.writing import MINUS, NONE, PLAIN, Figures, Writing

__all__ = ["MINUS", "NONE", "PLAIN", "Figures", "Words"]


class Words(Writing):
    """A language to write a page in.

    Args:
        code: Language code, e.g. ``es``.
        catalogue: Its `.po` file; None for English, which the code is written in.

    Raises:
        UnknownName: Nobody knows how this language writes numbers and dates.
    """

    def __init__(self, code: str, catalogue: bytes | None = None) -> None:
        super().__init__(code)
        self._translations = _translations(catalogue) if catalogue else NullTranslations()

    def __call__(self, message: str, **values: object) -> str:
        """Say a sentence; `values` fill its ``%(name)s`` places."""
        return _filled(self._translations.gettext(message), values)

    def plural(self, one: str, many: str, number: int, **values: object) -> str:
        """Say a sentence about `number` things, which it may write as ``%(num)s``."""
        return _filled(self._translations.ngettext(one, many, number), {"num": self.number(number), **values})

    def of(self, context: str, message: str, **values: object) -> str:
        """Say a word that means different things in different places, e.g. ``of("state of a place", "Likely")``."""
        return _filled(self._translations.pgettext(context, message), values)

    def listed(self, names: Sequence[str]) -> str:
        """Write names in a row: "A, B, and C"; markup among them stays markup."""
        return _filled(self.row(len(names)), {str(at): name for at, name in enumerate(names)})


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
    if Markup in map(type, values.values()):
        return escape(message) % values
    return message % values


def _ended_once(message: str, values: Mapping[str, object]) -> str:
    """Take out a full stop that would be the second one: a value that ends with one ("p.m.", "Jr.") ends its sentence with it."""
    for name, value in values.items():
        if str(value).endswith(FULL_STOPS):
            message = message.replace(f"%({name})s.", f"%({name})s")
    return message
