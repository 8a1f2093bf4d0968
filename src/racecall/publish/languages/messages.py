"""The sentences that have to be translated, read from the templates and the code, and what a catalogue lacks of them.

A sentence is a literal first argument of ``t("…")`` or ``words("…")``; ``.plural("one", "many", n)`` and ``.of("context", "word")`` are the
other two forms (`racecall.publish.languages.words.Words`). `docs/languages.py` keeps the catalogues in step; a test holds that they are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

SAY, PLURAL, CONTEXT = ("t", "words"), "plural", "of"
PLACE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
"""A place that a value fills: ``%(name)s`` on a page, ``{name}`` in alerts and in what a script says."""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A sentence to translate.

    Args:
        text: In English, as the code has it.
        many: The form for several things, "" if it has one form.
        context: What tells it from the same word elsewhere, "" if nothing.
    """

    text: str
    many: str = ""
    context: str = ""

    @property
    def places(self) -> frozenset[str]:
        """Names of the values that fill it."""
        return places_in(self.text + self.many)

    @property
    def key(self) -> str | tuple[str, str]:
        """What catalogues list it under."""
        return (self.text, self.many) if self.many else self.text


def places_in(text: str) -> frozenset[str]:
    """Return the names of the values that fill a text."""
    return frozenset(name for names in PLACE.findall(text) for name in names if name)


def messages_in(templates: Iterable[str], code: Iterable[bytes]) -> frozenset[Message]:
    """Return every sentence of some templates and Python modules."""
    found = {message for template in templates for message in _in_template(template)}
    return frozenset(found | {message for module in code for message in _in_module(module)})


def _in_template(template: str) -> Iterator[Message]:
    for call in Environment(autoescape=True).parse(template).find_all(nodes.Call):
        said = [argument.value for argument in call.args if isinstance(argument, nodes.Const) and isinstance(argument.value, str)]
        if isinstance(call.node, nodes.Name) and call.node.name in SAY:
            yield from _message("", said)
        elif isinstance(call.node, nodes.Getattr) and isinstance(call.node.node, nodes.Name) and call.node.node.name in SAY:
            yield from _message(call.node.attr, said)


def _in_module(module: bytes) -> Iterator[Message]:
    """Read the syntax tree: Babel's own reader loses calls inside f-strings, and the plural of a sentence whose values are calls."""
    for call in (node for node in ast.walk(ast.parse(module)) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
        said = [argument.value for argument in call.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        yield from _message("" if name in SAY else name, said)


def _message(form: str, said: list[str]) -> Iterator[Message]:
    if form == "" and said:
        yield Message(said[0])
    elif form == PLURAL and len(said) >= 2:
        yield Message(said[0], many=said[1])
    elif form == CONTEXT and len(said) >= 2:
        yield Message(said[1], context=said[0])


def lacks(catalogue: bytes, wanted: Iterable[Message]) -> Iterator[str]:
    """Yield what is wrong with a catalogue: sentences without a translation, with other places to fill, or that nobody says any more."""
    held = read_po(BytesIO(catalogue))
    wanted = frozenset(wanted)
    for message in sorted(wanted):
        entry = held.get(message.key, message.context or None)
        forms = _forms(entry.string) if entry else ()
        if entry is None or not forms or not all(forms):
            yield f"not translated: {message.text!r}"
        elif entry.fuzzy:
            yield f"marked as a guess (fuzzy): {message.text!r}"
        elif any(places_in(form) - message.places for form in forms) or message.places - places_in("".join(forms)):
            yield f"other places to fill than {', '.join(sorted(message.places)) or 'none'}: {message.text!r}"
        elif not all(_can_be_filled(form, message) for form in forms):
            yield f"a per cent sign that is none (write %% where there are places to fill, % where there are none): {message.text!r}"
    known = {(message.key, message.context) for message in wanted}
    yield from (
        f"nobody says any more: {_name(entry.id)!r}" for entry in held if entry.id and (_key(entry.id), entry.context or "") not in known
    )


def _can_be_filled(form: str, message: Message) -> bool:
    """A sentence with values is filled as Python fills one, in which ``%%`` is a per cent sign; one without is said as it stands."""
    if "%(" not in message.text and not message.many:
        return "%%" not in form
    try:
        return bool(form % dict.fromkeys(message.places | {"num"}, "x"))
    except (TypeError, ValueError):
        return False


def updated(catalogue: bytes, wanted: Iterable[Message], language: str) -> bytes:
    """Return a catalogue with the sentences that are said now, in the order of the alphabet; translations that fit are kept."""
    held = read_po(BytesIO(catalogue))
    made = Catalog(locale=language)
    for message in sorted(wanted):
        entry = held.get(message.key, message.context or None)
        fits = entry is not None and _key(entry.id) == message.key  # a sentence that has become a plural is written anew
        made.add(message.key, entry.string if entry and fits else None, context=message.context or None)
    body = BytesIO()
    write_po(body, made, width=0, omit_header=True)
    return HEADER.format(language=language, plural_forms=made.plural_forms).encode() + body.getvalue()


HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""What programs for translators need to know of a catalogue; who wrote it when is in the record of changes."""


def _forms(string: object) -> tuple[str, ...]:
    """The one text or the several of an entry; a text that the code works out is ""."""
    return tuple(text or "" for text in string) if isinstance(string, (tuple, list)) else (str(string),)


def _key(key: object) -> object:
    return tuple(key) if isinstance(key, (tuple, list)) else key


def _name(key: object) -> str:
    return _forms(key)[0]
