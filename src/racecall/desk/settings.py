"""`election.toml`: from text to an `Election`, and from an `Election` to text.

Every key is checked and everything that is wrong is said at once, with the table and the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import tomli

from racecall.errors import SettingsError
from racecall.model.contest import Contest, EarlierContest, Election, ElectionType, Option, OptionKind, ReleaseDue
from racecall.model.source import Source
from racecall.model.units import ReportingUnit, UnitType, containment

FILE = "election.toml"

Reader = Callable[[Any], Any]
"""Turns one TOML value into a field's value; raises TypeError or ValueError with what was expected."""


def text(value: Any) -> str:
    """Accept text."""
    if not isinstance(value, str):
        raise TypeError("text in quotes")
    return value


def whole(value: Any) -> int:
    """Accept a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number")
    return value


def flag(value: Any) -> bool:
    """Accept true or false."""
    if not isinstance(value, bool):
        raise TypeError("true or false")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """Accept a list of texts."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError('a list of texts, e.g. ["U.S. House 34"]')
    return tuple(value)


def day(value: Any) -> date:
    """Accept a date."""
    if isinstance(value, datetime) or not isinstance(value, date):
        raise TypeError("a date, e.g. 2017-04-04")
    return value


def moment(value: Any) -> datetime:
    """Accept a date with a time; one without a zone is taken in the election's zone."""
    if not isinstance(value, datetime):
        raise TypeError("a date and time, e.g. 2017-04-04T20:00:00-07:00")
    return value


class Unsaid(ValueError):
    """What is wrong with a value that must not be repeated on a screen."""


def ledger_address(value: Any) -> str:
    """Accept the address of a PostgreSQL database, without a password: whoever may read `election.toml` would have it."""
    address = text(value)
    if PASSWORD.search(address):
        raise Unsaid("has a password in it. Take it out; PostgreSQL looks for it in PGPASSWORD and in ~/.pgpass")
    if not address.startswith(("postgresql://", "postgres://")):
        raise ValueError("postgresql://USER@HOST/DATABASE; left out, the ledger is ledger.db in the folder")
    return address


PASSWORD = re.compile(r"//[^?]*:[^?@]+@|[?&](ssl)?password=", re.IGNORECASE)
"""Where an address has its password (https://www.postgresql.org/docs/15/libpq-connect.html#id-1.7.3.8.3.6)."""


def parse_address(value: str) -> str:
    """Check the address of a database that was given with a command.

    Raises:
        SettingsError: It is none, or has a password in it.
    """
    try:
        return ledger_address(value)
    except Unsaid as error:
        raise SettingsError(f"the address {error}.", where="--ledger") from error
    except ValueError as error:
        raise SettingsError(f"{value!r} is no address of a database; expected {error}.", where="--ledger") from error


def standing(value: Any) -> tuple[tuple[str, str, int], ...]:
    """Accept who stood, most votes first: name, party and votes of each."""
    if not isinstance(value, list) or not all(isinstance(row, list) and [type(cell) for cell in row] == [str, str, int] for row in value):
        raise TypeError('name, party and votes of each, e.g. [["Ann Lee", "DEM", 1204], ["Bo Cruz", "", 980]]')
    return tuple((name, party, votes) for name, party, votes in value)


def one_of(kinds: type[StrEnum]) -> Reader:
    """Accept one of the words of an enumeration."""

    def read(value: Any) -> StrEnum:
        try:
            return kinds(value)
        except ValueError:
            raise ValueError("one of " + ", ".join(kinds)) from None

    return read


OPTION: dict[str, Reader] = {
    "id": text,
    "name": text,
    "party": text,
    "kind": one_of(OptionKind),
    "withdrawn": flag,
    "ballot_order": whole,
    "aliases": texts,
}
CONTEST: dict[str, Reader] = {
    "id": text,
    "title": text,
    "rule": text,
    "number_elected": whole,
    "votes_allowed": whole,
    "electoral_district": text,
    "election_type": one_of(ElectionType),
    "source_names": texts,
    "next_round": text,
    "office": text,
    "polls_close": moment,
}
EARLIER: dict[str, Reader] = {"title": text, "date": day, "votes": whole, "options": standing, "source": text}
UNIT: dict[str, Reader] = {"id": text, "name": text, "type": one_of(UnitType), "parent": text, "territory": flag}
CALENDAR: dict[str, Reader] = {"at": moment, "what": text, "source": text}
ELECTION: dict[str, Reader] = {"id": text, "title": text, "date": day, "timezone": text, "polls_close": moment, "state": text}
ELECTION |= {"contact": text, "rehearsal": flag, "ledger": ledger_address}
SOURCE: dict[str, Reader] = {
    "name": text,
    "url": text,
    "feed": text,
    "every_seconds": whole,
    "timezone": text,
    "companions": texts,
    "max_size_mb": whole,
    "quiet_after_minutes": whole,
    "certificate_sha256": text,
    "ca_file": text,
    "private_network": flag,
}
REQUIRED = {"election": ("id", "title", "date", "timezone"), "contest": ("id", "title", "rule"), "option": ("id", "name")}
REQUIRED |= {"earlier": ("title", "date", "votes", "source")}
REQUIRED |= {"unit": ("id",), "calendar": ("at", "what"), "sources": ("name", "url")}
TABLES = ("election", "contest", "unit", "calendar", "sources")


class Problems:
    """Collects everything that is wrong, to be said once.

    Args:
        required: Keys that must be there, by kind of table.
    """

    def __init__(self, required: Mapping[str, Sequence[str]] = REQUIRED) -> None:
        self.found: list[str] = []
        self.required = required

    def read(self, table: Mapping[str, Any], readers: Mapping[str, Reader], *, name: str, where: str) -> dict[str, Any]:
        """Return the table's values; note unknown keys, wrong values and missing keys."""
        values = {}
        for key, value in table.items():
            if key not in readers:
                self.found.append(f"{where}: no such key: {key}. Keys: {', '.join(readers)}.")
                continue
            try:
                values[key] = readers[key](value)
            except Unsaid as error:
                self.found.append(f"{where}: {key} {error}.")
            except (TypeError, ValueError) as error:
                self.found.append(f"{where}: {key} is {value!r}; expected {error}.")
        self.found += [f"{where}: {key} is missing." for key in self.required[name] if key not in table]
        return values

    def tables(self, document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """Return the [[key]] tables of a document, none if there are none."""
        value = document.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.found.append(f"{key}: expected [[{key}]] tables.")
            return []
        return value

    def stop(self, where: str) -> None:
        """Raise everything that was found, if anything was."""
        if self.found:
            listed = self.found[0] if len(self.found) == 1 else "\n" + "\n".join(f"  {problem}" for problem in self.found)
            raise SettingsError(listed, where=where, next_step=f"Correct {where} and run the command again; nothing was changed.")


def parse_election(source: str, *, where: str = FILE) -> Election:
    """Read an election from the text of `election.toml`.

    Raises:
        SettingsError: With every problem that was found.
    """
    document = read_toml(source, where=where)
    problems = Problems()
    problems.found += [
        f"no such table: [{key}]. Tables: [election], [[contest]], [[unit]], [[calendar]], [[sources]]."
        for key in document
        if key not in TABLES
    ]
    election = problems.read(document.get("election", {}), ELECTION, name="election", where="[election]")
    contests = [_contest(table, number, problems) for number, table in enumerate(problems.tables(document, "contest"), 1)]
    units = _simple(document, "unit", UNIT, problems)
    calendar = _simple(document, "calendar", CALENDAR, problems)
    sources = _simple(document, "sources", SOURCE, problems)
    problems.stop(where)
    return _build({**election, "sources": tuple(Source(**source) for source in sources)}, contests, units, calendar)


def read_toml(source: str, *, where: str) -> Mapping[str, Any]:
    """Read TOML.

    Raises:
        SettingsError: It is none.
    """
    try:
        return tomli.loads(source)
    except tomli.TOMLDecodeError as error:
        raise SettingsError(f"not valid TOML: {error}.", where=where, next_step="A quote or bracket is probably not closed.") from error


def _build(
    election: dict[str, Any], contests: Iterable[dict[str, Any]], units: Iterable[dict[str, Any]], calendar: Iterable[dict[str, Any]]
) -> Election:
    made_units = tuple(ReportingUnit(**unit) for unit in units)
    containment(made_units)
    made = Election(**election, contests=tuple(Contest(**contest) for contest in contests), units=made_units)
    zone = made.zone
    due = tuple(ReleaseDue(**{**entry, "at": _aware(entry["at"], zone)}) for entry in calendar)
    polls = _aware(made.polls_close, zone) if made.polls_close else None
    values = {item.name: getattr(made, item.name) for item in fields(made) if item.init}
    zoned = tuple(replace(one, polls_close=_aware(one.polls_close, zone)) if one.polls_close else one for one in made.contests)
    return Election(**{**values, "polls_close": polls, "calendar": due, "contests": zoned})


def _contest(table: Mapping[str, Any], number: int, problems: Problems) -> dict[str, Any]:
    name = table.get("id", number)
    options = problems.tables(table, "option")
    own = {key: value for key, value in table.items() if key not in {"option", "earlier"}}
    values = problems.read(own, CONTEST, name="contest", where=f"[[contest]] {name}")
    before = [
        problems.read(one, EARLIER, name="earlier", where=f"contest {name}, earlier {order}")
        for order, one in enumerate(problems.tables(table, "earlier"), 1)
    ]
    if all(key in one for one in before for key in REQUIRED["earlier"]):
        values["earlier"] = tuple(sorted((EarlierContest(**one) for one in before), key=lambda one: one.date, reverse=True))
    read = [
        problems.read(option, OPTION, name="option", where=f"contest {name}, option {order}") for order, option in enumerate(options, 1)
    ]
    if any("id" not in option or "name" not in option for option in read):
        return values
    return {**values, "options": tuple(Option(**{"ballot_order": order, **option}) for order, option in enumerate(read, 1))}


def _simple(document: Mapping[str, Any], key: str, readers: Mapping[str, Reader], problems: Problems) -> list[dict[str, Any]]:
    tables = problems.tables(document, key)
    return [problems.read(table, readers, name=key, where=f"[[{key}]] {number}") for number, table in enumerate(tables, 1)]


def _aware(value: datetime, zone: ZoneInfo) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=zone)


# -- writing -------------------------------------------------------------------------------------------------------------------------


def render_election(election: Election) -> str:
    """Write an election as the text of `election.toml`, short enough to be read and corrected by hand."""
    head = toml_table("[election]", {"id": election.id, "title": election.title, "date": election.date, "timezone": election.timezone})
    if election.state:
        head += f"state = {_value(election.state)}\n"
    if election.ledger:
        head += f"ledger = {_value(election.ledger)}\n"
    if election.polls_close:
        head += f"polls_close = {election.polls_close.isoformat()}\n"
    head += "".join(f"{key} = {_value(getattr(election, key))}\n" for key in ("contact", "rehearsal") if getattr(election, key))
    lists = (("unit", UNIT, election.units), ("calendar", CALENDAR, election.calendar), ("sources", SOURCE, election.sources))
    rest = "".join("\n" + _entry(name, readers, item) for name, readers, items in lists for item in items)
    return head + "".join(_contest_text(contest) for contest in election) + rest


def render_sources(sources: Iterable[Source]) -> str:
    """Write sources as they stand in `election.toml`."""
    return "\n".join(_entry("sources", SOURCE, source) for source in sources)


def _entry(name: str, readers: Mapping[str, Reader], item: Any, *, inside: str = "") -> str:
    """Write a [[name]] table: what must be there, and what is not as it would be without a word."""
    default = {one.name: one.default for one in fields(item)}
    shown = {key: getattr(item, key) for key in readers if key in REQUIRED[name] or getattr(item, key) != default[key]}
    return toml_table(f"[[{inside}.{name}]]" if inside else f"[[{name}]]", shown)


def _contest_text(contest: Contest) -> str:
    values = {key: getattr(contest, key) for key in CONTEST}
    default = Contest(id="", title="", rule="", options=())
    shown = {key: value for key, value in values.items() if key in REQUIRED["contest"] or value != getattr(default, key)}
    earlier = "".join("\n" + _entry("earlier", EARLIER, one, inside="contest") for one in contest.earlier)
    return "\n" + toml_table("[[contest]]", shown) + "".join(_option_text(option) for option in contest.options) + earlier


def _option_text(option: Option) -> str:
    default = Option(id="", name="", ballot_order=option.ballot_order)
    shown = {key: getattr(option, key) for key in OPTION if key in REQUIRED["option"] or getattr(option, key) != getattr(default, key)}
    return toml_table("[[contest.option]]", shown)


def toml_table(head: str, values: Mapping[str, Any]) -> str:
    """Write one table: text, numbers, truths, dates, times and lists of them."""
    return head + "\n" + "".join(f"{key} = {_value(value)}\n" for key, value in values.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _quoted(str(value))


def _quoted(value: str) -> str:
    """Write a TOML basic string: quotes, backslashes and control characters escaped."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'
