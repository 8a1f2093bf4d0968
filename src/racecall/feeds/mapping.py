"""Which column of a table is what: said by the user, or guessed from the header.

A `ColumnMap` can be written in TOML, given on the command line, or guessed; what the user says lies over what we guess. The words that
sources use for their columns and count types are tables here, so that a new word is a line and not a branch.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from racecall.errors import SettingsError
from racecall.feeds.text import tidy
from racecall.model.counts import CountType

FIXED_KEYS = ("contest", "unit", "county", "count_type", "option", "party", "released_at")
"""What may hold one value for the whole table, when it has no column for it."""
UNIT_RULES = ("strip_leading_zeros",)
"""Rules for the ids of units; each is named, none is applied unless asked for (Fresno prints 0000001 in one file and 1 in another)."""
DUPLICATES = ("first", "sum")
"""What to do with rows of the same key and different votes: keep the first and hold the calls, or add them up because the user said so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Which column of a table is what.

    Args:
        contest: Columns that name the contest; several are joined by a space ("U.S. House" and "34").
        county: Column of the county, put before the unit when the table holds several.
        unit: Columns that name the reporting unit; several are joined by " / ".
        count_type: Column that says how the ballots were cast.
        option: Column of the candidate or choice.
        party: Column of the party.
        votes: Column of the votes, in a table with one count a row.
        released_at: Column of the time a count was published; each time becomes a release.
        by_count_type: Vote columns, each with its count type, in a table with several counts a row.
        by_option: Vote columns, each with its option.
        fixed: Values for what the table has no column for (`FIXED_KEYS`).
        words: The source's words for count types, in addition to the known ones.
        unit_rules: Named rules for the ids of units (`UNIT_RULES`).
        duplicates: ``first`` or ``sum`` (`DUPLICATES`).
        as_written: The table is known to be clean: no row is taken for a total or an over vote, no name is touched.
    """

    contest: tuple[str, ...] = ()
    county: str = ""
    unit: tuple[str, ...] = ()
    count_type: str = ""
    option: str = ""
    party: str = ""
    votes: str = ""
    released_at: str = ""
    by_count_type: tuple[tuple[str, CountType], ...] = ()
    by_option: tuple[tuple[str, str], ...] = ()
    fixed: tuple[tuple[str, str], ...] = ()
    words: tuple[tuple[str, CountType], ...] = ()
    unit_rules: tuple[str, ...] = ()
    duplicates: str = "first"
    as_written: bool = False

    def __post_init__(self) -> None:
        for rule in self.unit_rules:
            _one_of("unit rule", rule, UNIT_RULES)
        _one_of("rule for duplicates", self.duplicates, DUPLICATES)
        for key, _ in self.fixed:
            _one_of("fixed value", key, FIXED_KEYS)

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it names, in the order of the fields."""
        wide = (*(column for column, _ in self.by_count_type), *(column for column, _ in self.by_option))
        single = (self.county, self.count_type, self.option, self.party, self.votes, self.released_at)
        return tuple(dict.fromkeys(name for name in (*self.contest, *self.unit, *single, *wide) if name))

    @property
    def names_columns(self) -> bool:
        """Whether it says anything about columns, or only gives rules and values."""
        return bool(self.columns)

    def fixed_value(self, key: str) -> str:
        """Return the value given for the whole table, "" if none."""
        return dict(self.fixed).get(key, "")

    def over(self, guess: ColumnMap) -> ColumnMap:
        """Return this mapping with everything it leaves open taken from `guess`.

        Vote columns that are named by count type stand beside those that are known by their names; a single vote column, or a column an
        option, stands alone.
        """
        alone = _VOTE_FIELDS if self.votes or self.by_option or self.by_count_type else ()
        mine = {name: getattr(self, name) for name in _FIELDS if getattr(self, name) != getattr(_NOTHING, name) or name in alone}
        if self.by_count_type:
            mine["by_count_type"] = (*self.by_count_type, *self._others(guess))
        settled = {key: (() if key in _LIST_FIELDS else "") for key, _ in self.fixed if key not in mine}
        return replace(guess, **{**settled, **mine, "as_written": self.as_written or (guess.as_written and not self.names_columns)})

    def _others(self, guess: ColumnMap) -> tuple[tuple[str, CountType], ...]:
        """Return the vote columns of a guess that this mapping does not name."""
        total = ((guess.votes, CountType.TOTAL),) if guess.votes and not guess.count_type else ()
        return tuple((column, kind) for column, kind in (*guess.by_count_type, *total) if column not in self.columns)


_LIST_FIELDS = ("contest", "unit")
_TEXT_FIELDS = ("county", "count_type", "option", "party", "votes", "released_at")
_VOTE_FIELDS = ("votes", "by_count_type", "by_option")
_FIELDS = (*_LIST_FIELDS, *_TEXT_FIELDS, "by_count_type", "by_option", "fixed", "words", "unit_rules", "duplicates")


def _one_of(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise SettingsError(f'no {what} "{value}".', where="column mapping", next_step=f"Known: {', '.join(known)}.")


_NOTHING = ColumnMap()


def as_recorded(columns: ColumnMap) -> dict[str, Any]:
    """Return a mapping as JSON has it, without what it leaves open: the ledger keeps it, so that a table can be counted again."""
    said = asdict(columns)
    return {name: value for name, value in said.items() if value != getattr(_NOTHING, name)}


# --- Words -------------------------------------------------------------------------------------------------------------------------

_COUNT_TYPE_WORDS: Mapping[CountType, str] = {
    CountType.TOTAL: "total totals total_votes votes_total vote_total totalvotes votes vote vote_count votes_cast num_votes votecount",
    CountType.ELECTION_DAY: "election_day electionday election_day_votes election_day_voting election eday ed polls poll polling "
    "polls_votes polling_place polling_places precinct_votes",
    CountType.EARLY: "early early_vote early_votes early_voting early_voting_votes early_in_person in_person_early advance advance_voting "
    "advanced_voting advanced_voting_votes advance_in_person one_stop onestop absentee_in_person in_person_absentee",
    CountType.ABSENTEE_MAIL: "absentee_mail absentee absentee_votes absentee_by_mail absentee_by_mail_votes mail mail_votes mail_in "
    "by_mail mail_ballot mail_ballots mail_in_votes vote_by_mail vbm late_mail postal mail_only_precinct",
    CountType.PROVISIONAL: "provisional provisionals provisional_votes provisional_ballots prov affidavit",
    CountType.UOCAVA: "uocava military overseas military_overseas federal",
    CountType.IN_PERSON: "in_person inperson in_person_votes vote_center vote_centers vote_centre",
    CountType.OTHER: "other limited curbside transfer canvass failsafe emergency hand_count conditional",
}
"""The source's words, normalised by `plain_word`. Seen in OpenElections files of seven states, Clarity exports and county sheets;
`affidavit` and `federal` are New York's words for provisional and overseas ballots."""

COUNT_TYPE_WORDS: Mapping[str, CountType] = {word: kind for kind, words in _COUNT_TYPE_WORDS.items() for word in words.split()}
TOTAL_WORDS = frozenset(_COUNT_TYPE_WORDS[CountType.TOTAL].split())
ABSENTEE_WORDS = frozenset({"absentee", "absentee_votes"})
"""Mail in Texas and California, but mail and early in person together in Arkansas: read as mail, and said so."""

_COLUMN_WORDS: Mapping[str, str] = {
    "contest": "contest contest_id contest_name contest_title race race_name race_title office office_name office_title",
    "county": "county county_name parish jurisdiction",
    "unit": "unit reporting_unit unit_id precinct precinct_name precinct_id precinct_code precinct_number pct ward mesa polling_station",
    "count_type": "count_type counttype vote_type votetype count_item_type method vote_method voting_method mode vote_mode ballot_type",
    "option": "option option_name candidate candidate_name candidate_issue_name choice choice_name selection name",
    "party": "party party_name candidate_party party_preference party_abbreviation",
    "released_at": "released_at published_at as_of release_time timestamp updated_at last_updated",
}
COLUMN_WORDS: Mapping[str, tuple[str, ...]] = {key: tuple(words.split()) for key, words in _COLUMN_WORDS.items()}
DISTRICT_WORDS = ("district", "district_name", "district_number", "seat")


def plain_word(name: str) -> str:
    """Write a header or a count type as lower-case words joined by underscores: ``Election Day`` is ``election_day``."""
    return re.sub(r"[^0-9a-z]+", "_", tidy(name).lower()).strip("_")


def count_type_of(name: str, extra: Mapping[str, CountType] | None = None) -> CountType | None:
    """Return the count type that a source's word means, None if it is not known; ``advance_in_person_2`` is the second of its kind."""
    word = plain_word(name)
    known = {**COUNT_TYPE_WORDS, **{plain_word(key): kind for key, kind in (extra or {}).items()}}
    return known.get(word) or known.get(re.sub(r"_?(?<![0-9])[0-9]++$", "", word))


# --- Guessing ----------------------------------------------------------------------------------------------------------------------

PLAIN_HEADER = ("contest", "unit", "count_type", "option", "votes")
"""Header of our own plain CSV, exactly and in this order."""
PLAIN = ColumnMap(contest=("contest",), unit=("unit",), count_type="count_type", option="option", votes="votes", as_written=True)
ARCHIVE_HEADER = frozenset({"contest_id", "released_at", "unit", "count_type", "option", "votes"})
"""Columns of a replay archive's `releases.parquet`."""
ARCHIVE = replace(PLAIN, contest=("contest_id",), party="party", released_at="released_at")


def guess(header: tuple[str, ...]) -> ColumnMap:
    """Guess a mapping from the names of the columns; what cannot be told stays open."""
    if header == PLAIN_HEADER:
        return PLAIN
    if set(header) >= ARCHIVE_HEADER:
        return ARCHIVE if "party" in header else replace(ARCHIVE, party="")
    found = {key: _first_known(header, words) for key, words in COLUMN_WORDS.items()}
    district = _first_known(header, DISTRICT_WORDS)
    office = plain_word(found["contest"]).startswith("office")
    places: dict[str, Any] = {
        "contest": (found["contest"], district) if office and district else tuple(filter(None, [found["contest"]])),
        "unit": tuple(filter(None, [found["unit"] or found["county"]])),
        "county": found["county"] if found["unit"] else "",
    }
    rest: dict[str, Any] = {key: found[key] for key in ("count_type", "option", "party", "released_at")}
    return ColumnMap(**places, **rest, **_vote_columns(header, found))


def _first_known(header: tuple[str, ...], words: Iterable[str]) -> str:
    by_word = {plain_word(name): name for name in reversed(header)}
    return next((by_word[word] for word in words if word in by_word), "")


def _vote_columns(header: tuple[str, ...], found: Mapping[str, str]) -> dict[str, Any]:
    taken = set(found.values())
    known = tuple((name, kind) for name in header if name not in taken and (kind := count_type_of(name)))
    if len(known) == 1 and (known[0][1] is CountType.TOTAL or found["count_type"]):
        return {"votes": known[0][0]}
    if found["count_type"]:
        return {"votes": next((name for name, kind in known if kind is CountType.TOTAL), "")}
    return {"by_count_type": known}


def settle(given: ColumnMap | None, header: tuple[str, ...]) -> ColumnMap:
    """Return the mapping to use: what the user gave, with every column found in the header, over what the header suggests.

    Raises:
        SettingsError: The user's mapping names a column that the table does not have.
    """
    suggestion = guess(header)
    return suggestion if given is None else _in_header(given, header).over(suggestion)


def _in_header(given: ColumnMap, header: tuple[str, ...]) -> ColumnMap:
    """Write the columns of a mapping as the header has them, so that ``votes=total`` finds ``Total``."""
    names = {name: _column(name, header) for name in given.columns}
    single: dict[str, Any] = {key: names.get(getattr(given, key), "") for key in _TEXT_FIELDS}
    return replace(
        given,
        contest=tuple(names[name] for name in given.contest),
        unit=tuple(names[name] for name in given.unit),
        by_count_type=tuple((names[name], kind) for name, kind in given.by_count_type),
        by_option=tuple((names[name], option) for name, option in given.by_option),
        **single,
    )


def _column(name: str, header: tuple[str, ...]) -> str:
    if name in header:
        return name
    alike = [column for column in header if plain_word(column) == plain_word(name)]
    if len(alike) == 1:
        return alike[0]
    near = get_close_matches(name, header, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise SettingsError(f'the table has no column "{name}".{hint}', where="column mapping", next_step=f"Columns: {listed(header)}.")


def listed(names: Iterable[str], most: int = 12) -> str:
    """Write names as a list for people, at most `most` of them."""
    names = list(names)
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(f'"{name}"' for name in names[:most]) + more


# --- Written by the user -----------------------------------------------------------------------------------------------------------

_TABLES = ("fixed", "count_types", "options", "words", "units")
_SETTINGS = ("racecall", "duplicates", "as_written")


def parse_mapping(text: str, *, where: str = "column mapping") -> ColumnMap:
    """Read a mapping written in TOML (`docs/feeds/table.md` has the keys).

    Raises:
        SettingsError: Not TOML, or a key that is not known or has the wrong type; all problems are named together.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"this is not TOML: {error}.", where=where) from error
    problems = [*_unknown_keys(data), *_wrong_types(data)]
    if problems:
        known = ", ".join((*_LIST_FIELDS, *_TEXT_FIELDS, *_SETTINGS[1:], *(f"[{name}]" for name in _TABLES)))
        raise SettingsError(" ".join(problems), where=where, next_step=f"Keys: {known}.")
    return _from_toml(data)


def _unknown_keys(data: Mapping[str, Any]) -> list[str]:
    known = {*_LIST_FIELDS, *_TEXT_FIELDS, *_TABLES, *_SETTINGS}
    return [f'There is no key "{key}".' for key in data if key not in known]


def _wrong_types(data: Mapping[str, Any]) -> list[str]:
    texts = [f'"{key}" is text.' for key in (*_TEXT_FIELDS, "duplicates") if not isinstance(data.get(key, ""), str)]
    lists = [f'"{key}" is a column or a list of columns.' for key in _LIST_FIELDS if not _is_text_list(data.get(key, ""))]
    tables = [f"[{key}] is a table." for key in _TABLES if not isinstance(data.get(key, {}), dict)]
    return texts + lists + tables


def _is_text_list(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _from_toml(data: Mapping[str, Any]) -> ColumnMap:
    return ColumnMap(
        contest=_names(data.get("contest", ())),
        unit=_names(data.get("unit", ())),
        **{key: data.get(key, "") for key in _TEXT_FIELDS},
        by_count_type=tuple((column, _count_type(kind)) for column, kind in data.get("count_types", {}).items()),
        by_option=tuple((column, str(option)) for column, option in data.get("options", {}).items()),
        words=tuple((word, _count_type(kind)) for word, kind in data.get("words", {}).items()),
        fixed=tuple((key, _fixed(value)) for key, value in data.get("fixed", {}).items()),
        unit_rules=tuple(rule for rule, wanted in data.get("units", {}).items() if wanted),
        duplicates=data.get("duplicates", "first"),
        as_written=bool(data.get("as_written", False)),
    )


def _names(value: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _fixed(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _count_type(word: str) -> CountType:
    _one_of("count type", str(word), [kind.value for kind in CountType])
    return CountType(word)


def parse_map(text: str) -> ColumnMap:
    """Read a mapping given on the command line: ``votes=Total,option=Candidate,unit=County+Precinct,contest:=Mayor``.

    ``KEY=COLUMN`` names a column; several are joined by ``+``. ``KEY:=VALUE`` gives a value for the whole table. A count type as the key
    names the vote column of that type: ``absentee_mail=VBM``. A column whose name holds a comma is put in quotes with its key.

    Raises:
        SettingsError: A part without an equals sign, or a key that is not known.
    """
    fields: dict[str, Any] = {"fixed": (), "by_count_type": (), "unit_rules": ()}
    for part in _parts(text):
        key, sign, value = part.partition("=")
        if not sign or not value.strip():
            problem = "has no equals sign" if not sign else "has nothing after the equals sign"
            raise SettingsError(f'"{part}" {problem}.', where="--map", next_step="Write KEY=COLUMN: --map votes=Total,option=Candidate")
        fields = _with_option(fields, key.strip(), value.strip())
    return ColumnMap(**fields)


def _parts(text: str) -> list[str]:
    try:
        return [cell.strip() for row in csv.reader([text], skipinitialspace=True) for cell in row if cell.strip()]
    except csv.Error as error:
        raise SettingsError(f"it cannot be split at its commas ({error}).", where="--map", next_step="Put it on one line.") from error


def _with_option(fields: dict[str, Any], key: str, value: str) -> dict[str, Any]:
    if key.endswith(":"):
        name = key[:-1].strip()
        single = {"duplicates": value} if name == "duplicates" else {"fixed": (*fields["fixed"], (name, value))}
        return {**fields, **single}
    if key == "units":
        return {**fields, "unit_rules": (*fields["unit_rules"], *value.split("+"))}
    if key in set(CountType):
        return {**fields, "by_count_type": (*fields["by_count_type"], *((column, CountType(key)) for column in value.split("+")))}
    _one_of("key", key, (*_LIST_FIELDS, *_TEXT_FIELDS, *CountType, "units"))
    return {**fields, key: tuple(value.split("+")) if key in _LIST_FIELDS else value}
