"""The language the law is written in: TOML, with tests that read like the statute.

    elect = ["share > 45% of valid", "share >= 40% of valid and lead > 10% of valid"]

Each line is a clause and any clause is enough; every test of a clause, joined by ``and``, must hold. ``>`` is "more than" and ``>=`` "at
least": the difference has decided elections. Recount provisions are written the same way: ``margin < 2000 votes and margin < 0.5% of
pair_votes``. `GRAMMAR` is the whole language, and `text_of` writes back what was read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

import tomli

from racecall.errors import SettingsError
from racecall.origin import sha256_hex
from racecall.rules.law import (
    Advance,
    Area,
    BlankTest,
    Confidence,
    ContestSize,
    Denominator,
    Effective,
    Family,
    IrvOptions,
    LeadTest,
    MarginShare,
    MarginTest,
    MarginVotes,
    Method,
    PluralityTest,
    Recount,
    RecountKind,
    RecountLimit,
    Replacement,
    Rule,
    Rulebook,
    Runoff,
    ShareTest,
    SpreadTest,
    Stage,
    Test,
    Threshold,
    TieMethod,
    Trigger,
    TurnoutTest,
    WriteIns,
    states_of,
)
from racecall.rules.words import amount

T = TypeVar("T")


def parse_rules(text: str | bytes) -> Rulebook:
    """Read the law.

    Args:
        text: TOML: ``[[family]]`` tables with ``[[family.rule]]`` tables inside, and ``[[recount]]`` tables.

    Raises:
        SettingsError: The text is not TOML, or an entry has an unknown key, lacks one, or has a test that does not follow `GRAMMAR`.
    """
    data = text.encode() if isinstance(text, str) else text
    document = _toml(data)
    recounts = tuple(build(Recount, raw, where=f"recount {raw.get('jurisdiction', '?')}") for raw in document.get("recount", []))
    families = document.get("family", [])
    return Rulebook(
        rules=tuple(_rule(raw, family["id"], recounts) for family in families for raw in family.get("rule", [])),
        families=tuple(build(Family, _without(family, "rule"), where="family") for family in families),
        recounts=recounts,
        version=sha256_hex(data),
    )


def parse_test(text: str, *kinds: type[T]) -> T:
    """Read one test, e.g. ``share > 50% of valid``.

    Args:
        text: The test.
        kinds: What it may be in its place: a margin says nothing of who is elected.

    Raises:
        SettingsError: It does not follow `GRAMMAR`, or is of another kind.
    """
    for pattern, make in GRAMMAR:
        if (match := pattern.fullmatch(text.strip())) and isinstance(test := make(match), kinds):
            return test
    raise SettingsError(f'no test here reads "{text}".', next_step=f"All tests: {'; '.join(EXAMPLES)}.")


def parse_clauses(lines: Iterable[str], *kinds: type[T]) -> tuple[tuple[T, ...], ...]:
    """Read clauses: one a line, tests joined by ``and``."""
    return tuple(tuple(parse_test(part, *kinds) for part in line.split(" and ")) for line in lines)


def text_of(test: Test | MarginTest) -> str:
    """Write a test as the law files have it: `parse_test(text_of(test)) == test`."""
    return TEXTS[type(test)](test)


def build(kind: type[T], raw: Mapping[str, Any], *, where: str) -> T:
    """Make a value of `kind` from a TOML table, each key read as `READERS` says.

    Raises:
        SettingsError: A key is unknown, missing, or cannot be read.
    """
    known = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    if unknown := sorted(set(raw) - set(known)):
        raise SettingsError(f'unknown key "{unknown[0]}".', where=where, next_step=f"Keys: {', '.join(known)}.")
    missing = [name for name, item in known.items() if item.default is MISSING and item.default_factory is MISSING and name not in raw]
    if missing:
        raise SettingsError(f'no "{missing[0]}".', where=where, next_step=f"Add `{missing[0]} = …`.")
    return kind(**{key: _read(key, value, where) for key, value in raw.items()})


def _read(key: str, value: object, where: str) -> object:
    reader = READERS.get(key)
    try:
        return reader(value) if reader else value
    except SettingsError as error:
        raise SettingsError(error.problem, where=f"{where}, {key}", next_step=error.next_step) from error


def _toml(data: bytes) -> dict[str, Any]:
    try:
        return tomli.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise SettingsError(
            f"the rules are not TOML in UTF-8: {error}.", where="rules", next_step="Compare with docs/rules/index.md."
        ) from error


def _rule(raw: Mapping[str, Any], family: str, recounts: tuple[Recount, ...]) -> Rule:
    rule = build(Rule, {**raw, "family": family}, where=f"rule {raw.get('id', '?')}")
    places = states_of(rule.jurisdiction)
    return replace(rule, recounts=tuple(entry for entry in recounts if entry.jurisdiction in places))


def _without(raw: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name != key}


def _fraction(text: str) -> Fraction:
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def _threshold(match: re.Match[str], sign: str = "sign", share: str = "share") -> dict[str, Any]:
    return {"fraction": _fraction(match[share]), "strict": match[sign] in {">", "<"}}


def _choice(kind: type[StrEnum], value: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        raise SettingsError(f'"{value}" is not one of the choices.', next_step=f"Choices: {', '.join(n for n in kind if n)}.") from None


def _build_share(kind: type[Any], match: re.Match[str]) -> object:
    return kind(**_threshold(match), of=_choice(Denominator, match["of"]))


def _build_spread(match: re.Match[str]) -> object:
    return SpreadTest(**_threshold(match), parts=Threshold(**_threshold(match, "sign2", "share2")), unit=match["unit"])


def _build_size(match: re.Match[str]) -> object:
    votes = int(match["votes"])
    return ContestSize(at_least=votes) if match["sign"] == ">=" else ContestSize(at_most=votes)


_SHARE = r"(?P<share>\d+(?:\.\d+)?%|\d+/\d+)"
_MORE, _LESS = r"(?P<sign>>=?)", r"(?P<sign><=?)"
_SPREAD = rf"share {_MORE} {_SHARE} in (?P<sign2>>=?) (?P<share2>\d+/\d+|\d+%) of (?P<unit>\w+)"
GRAMMAR: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], object]], ...] = (
    (re.compile(r"plurality"), lambda _: PluralityTest()),
    (re.compile(rf"share {_MORE} {_SHARE} of (?P<of>\w+)"), partial(_build_share, ShareTest)),
    (re.compile(rf"lead {_MORE} {_SHARE} of (?P<of>\w+)"), partial(_build_share, LeadTest)),
    (re.compile(rf"blank {_MORE} {_SHARE} of (?P<of>\w+)"), partial(_build_share, BlankTest)),
    (re.compile(rf"turnout {_MORE} {_SHARE}"), lambda match: TurnoutTest(**_threshold(match))),
    (re.compile(_SPREAD), _build_spread),
    (re.compile(r"tie"), lambda _: MarginVotes(votes=0, strict=False)),
    (
        re.compile(rf"margin {_LESS} (?P<votes>\d+) votes"),
        lambda match: MarginVotes(votes=int(match["votes"]), strict=match["sign"] == "<"),
    ),
    (re.compile(rf"margin {_LESS} {_SHARE} of (?P<of>\w+)"), partial(_build_share, MarginShare)),
    (re.compile(r"valid (?P<sign>[<>]=) (?P<votes>\d+) votes"), _build_size),
)
"""The whole language: a pattern, and what it makes."""

EXAMPLES = (
    "plurality",
    "share > 50% of valid",
    "lead >= 10% of valid",
    "blank > 50% of valid_plus_blank",
    "turnout > 50%",
    "share >= 20% in > 1/2 of provinces",
    "tie",
    "margin < 2000 votes",
    "margin <= 0.5% of pair_votes",
    "valid <= 500 votes",
)

ELECTING: tuple[type[Any], ...] = (ShareTest, LeadTest, TurnoutTest, SpreadTest, PluralityTest)
MARGINS: tuple[type[Any], ...] = (MarginVotes, MarginShare, ContestSize)

READERS: Mapping[str, Callable[[Any], Any]] = {
    "elect": lambda lines: parse_clauses(lines, *ELECTING),
    "tests": lambda lines: parse_clauses(lines, *MARGINS),
    "qualify": lambda text: parse_test(text, ShareTest),
    "merge": lambda text: parse_test(text, ShareTest),
    "void_if": lambda text: parse_test(text, BlankTest),
    "advance": partial(build, Advance, where="advance"),
    "trigger": partial(build, Trigger, where="trigger"),
    "runoff": partial(build, Runoff, where="runoff"),
    "replacement": partial(build, Replacement, where="replacement"),
    "write_ins": partial(build, WriteIns, where="write_ins"),
    "irv": partial(build, IrvOptions, where="irv"),
    "effective": partial(build, Effective, where="effective"),
    "limits": lambda rows: tuple(build(RecountLimit, row, where="limits") for row in rows),
    "non_candidates": tuple,
    "tie_cut": partial(_choice, TieMethod),
    "tie_final": partial(_choice, TieMethod),
    "method": partial(_choice, Method),
    "confidence": partial(_choice, Confidence),
    "kind": partial(_choice, RecountKind),
    "stage": partial(_choice, Stage),
    "area": partial(_choice, Area),
}
"""How a key is read; a key that is not here is taken as TOML has it."""


def _at_least(test: Threshold) -> str:
    return f"{'>' if test.strict else '>='} {amount(test.fraction)}"


TEXTS: Mapping[type[Any], Callable[[Any], str]] = {
    PluralityTest: lambda _: "plurality",
    ShareTest: lambda test: f"share {_at_least(test)} of {test.of}",
    LeadTest: lambda test: f"lead {_at_least(test)} of {test.of}",
    BlankTest: lambda test: f"blank {_at_least(test)} of {test.of}",
    TurnoutTest: lambda test: f"turnout {_at_least(test)}",
    SpreadTest: lambda test: f"share {_at_least(test)} in {_at_least(test.parts)} of {test.unit}",
    MarginVotes: lambda test: f"margin {'<' if test.strict else '<='} {test.votes} votes",
    MarginShare: lambda test: f"margin {'<' if test.strict else '<='} {amount(test.fraction)} of {test.of}",
    ContestSize: lambda test: f"valid >= {test.at_least} votes" if test.at_most is None else f"valid <= {test.at_most} votes",
}
