"""From the source's words to our ids: which contest, which option, and what nobody has heard of.

A name is matched as printed, then after Unicode composition (NFC) and without regard to case, then with accents and punctuation folded
away; the last kind of match is noted. A name that still matches nothing is never made into a new candidate: its votes are kept, count
in the denominator, and hold the contest's calls until a person looks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from racecall.model.contest import Contest, Election, Option, OptionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import ListedContest, Reading, Release, Statement

if TYPE_CHECKING:
    import polars as pl


def plain(name: str) -> str:
    """Compose and lower-case a name, spaces squeezed: "JIMMY  GOMEZ" is "Jimmy Gomez"."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def folded(name: str) -> str:
    """Fold accents, quotes and punctuation away as well: 'José "Pepe" Huízar' is "Jose Pepe Huizar"."""
    letters = "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w\s]|_", " ", letters).split())


SUMS = frozenset({OptionKind.AGGREGATE, OptionKind.NON_CANDIDATE})
"""Kinds that need no place in election.toml: "Write-in" is nobody's name, and its votes only count in the total."""


class NameIndex:
    """Names that stand for ids, in three widths; a name that would stand for two ids stands for none. The wider ones are made if needed."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = tuple(names)
        self._exact = _unambiguous(self._names)

    @cached_property
    def _plain(self) -> dict[str, str]:
        return _unambiguous((plain(name), id_) for name, id_ in self._names)

    @cached_property
    def _folded(self) -> dict[str, str]:
        return _unambiguous((folded(name), id_) for name, id_ in self._names)

    def find(self, name: str) -> tuple[str, bool]:
        """Return the id ("" if none) and whether accents or punctuation had to be folded to find it."""
        found = self._exact.get(name) or self._plain.get(plain(name))
        if found:
            return found, False
        return self._folded.get(folded(name), ""), True


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    ambiguous = {name for name, id_ in pairs if found.setdefault(name, id_) != id_}
    return {name: id_ for name, id_ in found.items() if name not in ambiguous}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A release in our words.

    Args:
        release: The same release with contest and option ids; unknown options keep the printed name in `option` and stand in `unknown`.
        listed: What the source lists, by contest id.
        unknown: Printed option names that match nothing, by contest id.
        ignored: Contests in the file that the election does not follow.
        findings: What a person should look at.
    """

    release: Release
    listed: Mapping[str, ListedContest]
    unknown: Mapping[str, frozenset[str]]
    ignored: tuple[str, ...]
    findings: tuple[Finding, ...]


def contest_index(election: Election) -> NameIndex:
    """Index every name that stands for a contest of the election."""
    return NameIndex((name, contest.id) for contest in election for name in _contest_names(contest))


def resolve_findings(reading: Reading, election: Election) -> tuple[Finding, ...]:
    """Put our contest ids into findings that a feed made in the source's words; one about a contest we do not follow holds nothing."""
    made = []
    index = contest_index(election)
    titles = {listed.key: listed.title for release in reading.releases for listed in release.contests}
    for finding in reading.findings:
        contest = find_contest(index, finding.contest, titles.get(finding.contest, "")) if finding.contest else ""
        ignored = finding.contest and not contest
        made.append(replace(finding, contest=contest or finding.contest, severity=Severity.NOTE if ignored else finding.severity))
    return tuple(made)


def resolve_statements(reading: Reading, election: Election) -> tuple[Statement, ...]:
    """Put our contest ids into statements that a feed made in the source's words; one about a contest we do not know stays as it is."""
    index = contest_index(election)
    return tuple(
        replace(said, contest=index.find(said.contest)[0] or said.contest) if said.contest else said for said in reading.statements
    )


def resolve(release: Release, election: Election) -> Resolution:
    """Replace the source's names by the election's ids and drop the contests that are not followed."""
    keys = _contest_keys(release)
    index = contest_index(election)
    contests = {key: found for key in keys if (found := find_contest(index, key, keys[key]))}
    names = OptionNames(release, election, contests)
    counts = names.translate(release.counts)
    return Resolution(
        release=release.with_tables(counts, _translate_ballots(release.ballots, contests)),
        listed={contests[listed.key]: listed for listed in release.contests if listed.key in contests},
        unknown=names.unknown,
        ignored=tuple(key for key in keys if key not in contests),
        findings=tuple(names.findings),
    )


def _contest_keys(release: Release) -> dict[str, str]:
    """Every contest key in the file with its printed title, in order."""
    titles = {listed.key: listed.title for listed in release.contests}
    in_tables = release.counts.get_column("contest").unique(maintain_order=True).to_list()
    return titles | {key: titles.get(key, key) for key in in_tables if key}


def _contest_names(contest: Contest) -> tuple[str, ...]:
    return (contest.id, contest.title, *contest.source_names)


def find_contest(index: NameIndex, key: str, title: str) -> str:
    """Return the id of the contest that a source names by key or by title, "" if we do not follow it."""
    return index.find(key)[0] or index.find(title)[0]


class OptionNames:
    """The options of one release, looked up contest by contest; collects what it could not place."""

    def __init__(self, release: Release, election: Election, contests: Mapping[str, str]) -> None:
        self.release = release
        self.contests = contests
        self.findings: list[Finding] = []
        self.unknown: dict[str, frozenset[str]] = {}
        self._indexes = {contest: option_index(election.contest(contest).options) for contest in contests.values()}
        self._names = {contest: {option.id: option.name for option in election.contest(contest).options} for contest in contests.values()}
        self._sums = {(listed.key, option.key) for listed in release.contests for option in listed.options if option.kind in SUMS}

    def translate(self, counts: pl.DataFrame) -> pl.DataFrame:
        """Return the counts with ids, followed contests only; what a feed kept as numbers of names is text from here on."""
        import polars as pl

        pairs = counts.select("contest", "option").unique(maintain_order=True)
        rows = [(key, name, self.contests[key], self._place(key, name)) for key, name in pairs.rows() if key in self.contests]
        if len({contest for _, _, contest, _ in rows}) < len({key for key, *_ in rows}):
            self._note_merged(rows)
        schema = dict.fromkeys(("contest", "option", "contest_id", "option_id"), pl.String)
        table = pl.DataFrame(rows, schema=schema, orient="row").cast(pairs.schema)
        number = _number(pairs)
        placed = counts.select("unit", "count_type", "votes", "row", number).join(
            table.select("contest_id", "option_id", number), on="number", how="inner", maintain_order="left"
        )
        return placed.select(
            pl.col("contest_id").alias("contest"),
            pl.col("unit", "count_type").cast(pl.String),
            pl.col("option_id").alias("option"),
            "votes",
            "row",
        )

    def _place(self, key: str, name: str) -> str:
        contest = self.contests[key]
        found, was_folded = self._indexes[contest].find(name)
        if not found:
            self.unknown[contest] = self.unknown.get(contest, frozenset()) | {name}
            if (key, name) not in self._sums:
                self._note_unknown(contest, name)
            return name
        if was_folded:
            self._note_variant(contest, name, found)
        return found

    def _note_unknown(self, contest: str, name: str) -> None:
        self.findings.append(
            Finding(
                check="unknown_option",
                severity=Severity.HOLD_CALLS,
                contest=contest,
                problem=f'"{name}" is not an option of this contest. Its votes are kept and counted in the total, for nobody.',
                next_step="If it is another spelling, add it to the option's aliases in election.toml; if it is new, add the option.",
                origin=self.release.origin,
            )
        )

    def _note_variant(self, contest: str, name: str, option: str) -> None:
        self.findings.append(
            Finding(
                check="name_variant",
                severity=Severity.NOTE,
                contest=contest,
                option=option,
                problem=f'"{name}" was read as {self._names[contest][option]}: the names differ in accents or punctuation only.',
                next_step="Add the spelling to the option's aliases in election.toml to silence this note.",
                origin=self.release.origin,
            )
        )

    def _note_merged(self, rows: list[tuple[str, str, str, str]]) -> None:
        titles: dict[str, set[str]] = {}
        for key, _, contest, _ in rows:
            titles.setdefault(contest, set()).add(key)
        for contest, keys in titles.items():
            if len(keys) > 1:
                self.findings.append(
                    Finding(
                        check="contest_listed_twice",
                        severity=Severity.HOLD_CALLS,
                        contest=contest,
                        problem=f"The file has {len(keys)} contests that stand for this one: {', '.join(sorted(keys))}.",
                        next_step="Keep one of the names in source_names in election.toml.",
                        origin=self.release.origin,
                    )
                )


def _number(pairs: pl.DataFrame) -> pl.Expr:
    """Return a number for each row of a table that has these columns and no other pairs of names: one to join instead of two names."""
    import polars as pl

    first, second = pairs.columns
    numbers = (pl.col(first).hash(seed) + pl.col(second).hash(seed + 1) for seed in count(step=2))
    return next(number for number in numbers if pairs.select(number).n_unique() == pairs.height).alias("number")


def option_index(options: tuple[Option, ...]) -> NameIndex:
    """Index every name that stands for an option."""
    return NameIndex((name, option.id) for option in options for name in (option.id, option.name, *option.aliases))


def _translate_ballots(ballots: pl.DataFrame, contests: Mapping[str, str]) -> pl.DataFrame:
    import polars as pl

    known = {**contests, "": ""}
    text = ballots.cast(dict.fromkeys(("contest", "unit", "count_type", "kind"), pl.String))
    followed = text.filter(pl.col("contest").is_in(list(known)))
    return followed.with_columns(pl.col("contest").replace_strict(known, return_dtype=pl.String)) if followed.height else followed
