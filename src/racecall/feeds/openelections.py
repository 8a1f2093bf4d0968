"""OpenElections CSV: certified results by county or precinct, typed in from a thousand sources, and as tidy as these were.

The rules for names are those of `docs/feeds/openelections.md`: how a contest's key is made, which spellings are one person, and which
rows are no person at all. The files carry no time of publication; the caller gives it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from racecall.errors import UnknownFormat
from racecall.feeds.base import Document, Match
from racecall.feeds.mapping import DISTRICT_WORDS, ColumnMap, count_type_of, listed, plain_word, settle
from racecall.feeds.options import mark_kinds, name_nameless, not_an_option, set_aside_non_options
from racecall.feeds.rows import (
    EXAMPLES,
    PLACE,
    Stage,
    Work,
    any_of,
    as_in,
    distinct,
    mark_units,
    more,
    name_count_types,
    note_ballot_groups,
    numbers,
    read_times,
    run,
    slices,
    stretch,
    those,
    tidy_names,
    to_reading,
    told,
)
from racecall.feeds.sheet import PARQUET, header_of, read_sheet
from racecall.feeds.sums import TOTAL_UNIT, compare_methods, join_words, keep_totals_apart, named_like, settle_duplicates, settle_units
from racecall.feeds.table import given_mapping
from racecall.model.contest import OptionKind
from racecall.model.finding import Finding, Severity
from racecall.model.release import Reading

if TYPE_CHECKING:
    import polars as pl

CHECKS: Mapping[str, str] = {
    "nameless_contest": "Rows with votes name no office.",
    "local_contests": "An office has other candidates in every county.",
    "names_tidied": "Marks of party, incumbent or write-in were taken off names.",
    "spellings_merged": "Spellings that differ in case, accents or punctuation were read as one name.",
    "similar_names": "Spellings of what may be one name stand in the same unit.",
}
"""What is looked for here, by the name of the finding."""

FILE_NAME = re.compile(r"(?P<date>[0-9]{8})__(?P<state>[a-z]{2})__(?P<rest>[a-z0-9_]+)")
"""``20170404__ca__special__primary__los_angeles__precinct.csv``: date, state, kind of election, county, level."""
ALL_PARTY_PRIMARY = frozenset({"ak", "ca", "la", "wa"})
"""States whose primaries put all parties' candidates in one contest, for offices below President: Alaska (AS 15.25.010, from 2022),
California (Elections Code 8141.5), Louisiana (La. R.S. 18:481; party primaries again from 2026 for some offices, Act 1 of 2024),
Washington (RCW 29A.52.112). Elsewhere each party's primary is a contest of its own."""
NEVER_LOCAL = (
    r"(?i)^(?:u\.?\s?s\.?\b|united states|president|governor|(?:lieutenant|lt\.?) governor|secretary of state|attorney general|state |"
    r"assembly\b|insurance commissioner|commissioner of|superintendent of public|public instruction|board of equalization|supreme court|"
    r"(?:court of )?appeals?\b|railroad|public service|public utilit|corporation commission|proposition|constitutional|statewide|straight)"
)
"""Offices and questions of a state or a part of it: never a county's own, however differently the counties spell the candidates."""
PRESIDENT = re.compile(r"(?i)^(?:u\.?s\.? )?president\b")


class OpenElectionsFeed:
    """OpenElections CSV, county or precinct."""

    id = "openelections"
    title = "OpenElections CSV"

    def sniff(self, document: Document) -> Match | None:
        """Look for the header: office, candidate, votes, and county or precinct."""
        if document.data.startswith(PARQUET):
            return None
        words = {plain_word(name) for name in header_of(document.head)[0]}
        votes = any(count_type_of(word) for word in words)
        if not ({"office", "candidate"} <= words and votes and words & {"county", "precinct"}):
            return None
        named = FILE_NAME.match(document.capture.name.rsplit("/", 1)[-1])
        reason = "columns office, candidate, votes, county or precinct" + (", and a file name of OpenElections" if named else "")
        return Match(feed=self.id, certainty=0.95 if named else 0.85, reason=reason)

    def parse(self, document: Document) -> Reading:
        """Read the file.

        Raises:
            BrokenFile: Empty, cut off, wrongly encoded, too large, or without a number.
            UnknownFormat: No office, candidate or votes.
        """
        return to_reading(run(_stretched(document), STAGES), feed=self.id, source=document.source or "OpenElections")


def _stretched(document: Document) -> Work:
    """Return one row a count, with the district in a column of its own unless the user said what names a contest."""
    sheet = read_sheet(document)
    columns = settle(given_mapping(document), sheet.header)
    _refuse_other(document, columns, sheet.header)
    district = "" if _key_is_given(document) else _named(sheet.header, DISTRICT_WORDS)
    office = tuple(name for name in columns.contest if name != district)
    columns = replace(columns, contest=office, county=columns.county or _named(sheet.header, ("county",)))
    work = stretch(document, sheet, columns, (district,) if district else ())
    return work.having(work.rows.rename({district: "district"}) if district else _without_district(work.rows))


def _named(header: tuple[str, ...], words: Iterable[str]) -> str:
    return next((name for name in header if plain_word(name) in words), "")


def _key_is_given(document: Document) -> bool:
    """Whether the user said what names a contest; then nothing is added to it."""
    given = given_mapping(document)
    return given is not None and bool(given.contest or given.fixed_value("contest"))


def _refuse_other(document: Document, columns: ColumnMap, header: tuple[str, ...]) -> None:
    if not ((columns.contest or columns.fixed_value("contest")) and columns.option and (columns.votes or columns.by_count_type)):
        raise UnknownFormat(
            f"an OpenElections file has the columns office, candidate and votes; found {listed(header)}.",
            where=document.capture.name,
            next_step="Read it as any other table, and say which column is what: --feed table --map contest=COLUMN,option=COLUMN",
        )


def _without_district(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.with_columns(district=pl.lit(""))


def clear_total_counties(work: Work) -> Work:
    """Leave the county of a row blank where it says "Total": the row is about the whole file."""
    import polars as pl

    county = pl.when(named_like(work.rows, "county", TOTAL_UNIT)).then(pl.lit("")).otherwise("county")
    return work.having(work.rows.with_columns(county=county))


# --- Contests ----------------------------------------------------------------------------------------------------------------------

NO_OFFICE = "(no office)"
OFFICE = ("contest", "district", "party")
"""What the key of a contest is made of."""


def name_contests(work: Work) -> Work:
    """Make the contest's key: office, district, and in a partisan primary the party; rows about ballots have none."""
    import polars as pl

    names = pl.concat(part.select(OFFICE).unique() for part in slices(work.rows)).unique()
    name = work.document.capture.name
    given = _key_is_given(work.document)
    keys = [(*row, contest_key(*row, by_party=not given and splits_by_party(name, row[0]))) for row in names.rows()]
    table = pl.DataFrame(keys, schema={**dict.fromkeys(OFFICE, pl.String), "key": pl.Categorical}, orient="row")
    rows = told(work.rows, table, OFFICE)
    ballots = pl.col("option").is_in([name for name in distinct(rows, "option") if not_an_option(name)])
    # "Registered Voters" and "Ballots Cast" as offices: the candidate is blank, or says the same again; or the office is blank.
    rows = rows.with_columns(
        key=pl.when((pl.col("contest") == "") & ballots).then(as_in(rows, "key", "")).otherwise("key"),
        option=pl.when((pl.col("key") == "") & ~ballots).then("contest").otherwise("option"),
    )
    return work.having(rows.with_columns(contest="key").drop("key", "district"), *_no_office(work, rows))


def contest_key(office: str, district: str, party: str = "", *, by_party: bool = False) -> str:
    """Return the key of a contest: ``U.S. House 34``, ``Governor (REP)``; "" for an office that is a number of ballots.

    The district is left out where the office ends with it. The party is added in partisan primaries only.
    """
    if not_an_option(office):
        return ""
    said = bool(district) and re.search(rf"\b{re.escape(district)}$", office, re.IGNORECASE) is not None
    title = office if said or not district else f"{office} {district}".strip()
    return f"{title or NO_OFFICE} ({party})" if by_party and party else title or NO_OFFICE


def splits_by_party(file_name: str, office: str) -> bool:
    """Say whether each party's candidates for an office are a contest of their own, as far as the file's name tells."""
    found = FILE_NAME.match(file_name.rsplit("/", 1)[-1])
    if found is None or "primary" not in found["rest"]:
        return False
    return found["state"] not in ALL_PARTY_PRIMARY or bool(PRESIDENT.match(office))


def _no_office(work: Work, rows: pl.DataFrame) -> Iterator[Finding]:
    nameless = those(rows.select("key", "row"), named_like(rows, "key", f"^{re.escape(NO_OFFICE)}"))
    if nameless.height:
        yield Finding(
            check="nameless_contest",
            severity=Severity.HOLD_CALLS,
            problem=f'{nameless.height:,} rows have no office (first: row {nameless["row"][0]:,}); kept as the contest "{NO_OFFICE}".',
            next_step="Look at those rows: if they belong to a contest you follow, its count is too low.",
            contest=NO_OFFICE,
            origin=work.document.at(row=nameless["row"][0], column="office"),
            count=nameless.height,
        )


def name_local_contests(work: Work) -> Work:
    """Add the county to contests that only share a name: each county has its own Sheriff.

    A contest of several counties shares at least one candidate between two of them; where no candidate stands in two counties, the
    contests are local, except for state and federal offices. Lettered measures ("Measure A") are always local, since every one of
    them has Yes and No.
    """
    import polars as pl

    if len(set(distinct(work.rows, "county")) - {""}) < 2:
        return work
    local = _local_contests(pl.concat(_candidates(part) for part in slices(work.rows)))
    if not local.len():
        return work
    finding = Finding(
        check="local_contests",
        severity=Severity.NOTE,
        problem=f"Offices with other candidates in every county, each county's read as a contest of its own: {local.len():,} "
        f"({listed(local.sort(), EXAMPLES)}).",
        origin=work.document.at(column="office"),
        count=local.len(),
    )
    return replace(work, ballots=_with_counties(work.ballots, local)).having(_with_counties(work.rows, local), finding)


def _with_counties(rows: pl.DataFrame, local: pl.Series) -> pl.DataFrame:
    """Put the county into the name of local contests."""
    import polars as pl

    its = any_of(rows, "contest", local)
    places = pl.concat(part.filter(its).select("contest", "county").unique() for part in slices(rows)).unique()
    names = places.with_columns(pl.format("{} ({})", "contest", "county").cast(rows.schema["contest"]).alias("local"))
    return told(rows, names, ("contest", "county")).with_columns(contest=pl.coalesce("local", "contest")).drop("local")


def _candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """Return who stands where, as far as rows tell."""
    import polars as pl

    return rows.filter((pl.col("kind") == "") & (pl.col("county") != "")).select("contest", "county", "option").unique()


def _local_contests(people: pl.DataFrame) -> pl.Series:
    """Return the contests of several counties of which no candidate stands in two; spellings do not make another candidate."""
    import polars as pl

    names = {name: folded(name) or name for name in people["option"].unique()}
    places = people.with_columns(pl.col("contest").cast(pl.String), pl.col("option").replace(names)).unique()
    spread = places.group_by("contest", "option").agg(pl.col("county").n_unique().alias("shared"))
    counties = places.group_by("contest").agg(pl.col("county").n_unique().alias("counties"))
    found = spread.group_by("contest").agg(pl.col("shared").max()).join(counties, on="contest")
    own = (pl.col("shared") == 1) | pl.col("contest").str.contains(r"(?i)^measure\b")
    return found.filter((pl.col("counties") > 1) & own & ~pl.col("contest").str.contains(NEVER_LOCAL))["contest"]


# --- Names of candidates -----------------------------------------------------------------------------------------------------------

_INCUMBENT = re.compile(r"(?<!\s)\s*+\((?:I|Inc|Incumbent)\)", re.IGNORECASE)
_PARTY_AFTER = re.compile(r"(?<!\s)\s*+\((?P<party>(?i:DEM|REP|LIB|GRN|NPP|PFP|AIP|IND|CON)|D|R|L|G)\)$")
_PARTY_BEFORE = re.compile(r"^(?P<party>DEM|REP|LIB|GRN|NPP|PFP|AIP|IND|CON)[ :-]+(?=[A-Z][\w.'’-]*\s)")
_WRITE_IN = re.compile(r"(?<![\s-])[\s-]*+\(?\b(?:Qualified |Certified )?write[ -]?in\)?$|^write[ -]?in:\s*", re.IGNORECASE)
_SHORT = {"D": "DEM", "R": "REP", "L": "LIB", "G": "GRN"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A candidate's name without what is not part of it."""

    name: str
    party: str
    kind: str


def plain_name(printed: str, party: str) -> Named:
    """Take the incumbent's mark, the party and "write-in" out of a printed name: ``CHRIS CARR (I) (REP)`` is Chris Carr, REP."""
    name, kind = _INCUMBENT.sub("", printed), ""
    for pattern in (_PARTY_AFTER, _PARTY_BEFORE):
        found = pattern.search(name)
        code = _SHORT.get(found["party"], found["party"].upper()) if found else ""
        if found and party.upper() in {"", code, found["party"]}:
            name, party = pattern.sub("", name), party or code
    if (bare := _WRITE_IN.sub("", name)) and bare != name and not not_an_option(name):
        name, kind = bare, OptionKind.WRITE_IN.value
    return Named(name=name.strip() or printed, party=party, kind=kind)


def plain_names(work: Work) -> Work:
    """Take what is no part of a name out of the candidate column."""
    import polars as pl

    people = (part.filter(pl.col("kind") == "").select("option", "party").unique(maintain_order=True) for part in slices(work.rows))
    read = {pair: plain_name(*pair) for pair in pl.concat(people).unique(maintain_order=True).rows()}
    changed = [(*pair, named.name, named.party, named.kind) for pair, named in read.items() if (named.name, named.party) != pair]
    if not changed:
        return work
    schema = dict.fromkeys(("option", "party", "name", "its_party"), pl.String) | {"its_kind": work.rows.schema["kind"]}
    joined = told(work.rows, pl.DataFrame(changed, schema=schema, orient="row"), ("option", "party"))
    rows = joined.with_columns(
        option=pl.coalesce("name", "option"), party=pl.coalesce("its_party", "party"), kind=pl.coalesce("its_kind", "kind")
    )
    return work.having(rows.drop("name", "its_party", "its_kind"), _tidied(work, changed))


def _tidied(work: Work, changed: list[tuple[str, ...]]) -> Finding:
    printed, _, name, *_ = changed[0]
    return Finding(
        check="names_tidied",
        severity=Severity.NOTE,
        problem=f'"{printed}" was read as "{name}"{more(len(changed), "name")}: marks of party, incumbent and write-in were taken off.',
        origin=work.document.at(column="candidate"),
        count=len(changed),
    )


def folded(name: str) -> str:
    """Fold case, accents and punctuation away, to find spellings of one name."""
    letters = "".join(char for char in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^\w\s]|_", " ", letters).split())


def merge_spellings(work: Work) -> Work:
    """Read names that differ in case, accents or punctuation only as one, unless both stand in the same place."""
    import polars as pl

    groups = _spellings(work.rows)
    if not groups:
        return work
    table = pl.DataFrame(
        [(contest, name, fold, names[0]) for (contest, fold), names in groups.items() for name in names],
        schema=dict.fromkeys(("contest", "option", "fold", "usual"), pl.String),
        orient="row",
    )
    joined = told(work.rows, table, ("contest", "option"))
    apart = _stand_together(joined)
    usual = pl.when(pl.struct("contest", "fold").is_in(apart.implode())).then("option").otherwise(pl.coalesce("usual", "option"))
    clash = {(row["contest"], row["fold"]) for row in apart.to_list()}
    rows = joined.with_columns(option=usual).drop("fold", "usual")
    merged, kept = ({key: names for key, names in groups.items() if (key in clash) is together} for together in (False, True))
    return work.having(rows, *_spelling_findings(work, merged, together=False), *_spelling_findings(work, kept, together=True))


def _spellings(rows: pl.DataFrame) -> Mapping[tuple[str, str], list[str]]:
    """Return the names of each contest that fold to the same, most frequent first."""
    counted = rows.group_by("contest", "option").len().sort("contest", "len", "option", descending=[False, True, False])
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for contest, option, _ in counted.rows():
        if option:
            groups[contest, folded(option) or option].append(option)
    return {key: names for key, names in groups.items() if len(names) > 1}


def _stand_together(joined: pl.DataFrame) -> pl.Series:
    """Return (contest, fold) of the spellings that both have a row in one place: then they may be two people."""
    import polars as pl

    marked = joined.filter(pl.col("fold").is_not_null())
    places = marked.group_by(*PLACE, "fold").agg(pl.col("option").n_unique().alias("spellings"))
    return places.filter(pl.col("spellings") > 1).select(pl.struct("contest", "fold").alias("key").unique())["key"]


def _spelling_findings(work: Work, groups: Mapping[tuple[str, str], list[str]], *, together: bool) -> Iterator[Finding]:
    """Yield one finding a contest: which spellings were read as one name, or were not."""
    by_contest: dict[str, list[list[str]]] = defaultdict(list)
    for (contest, _), names in groups.items():
        by_contest[contest].append(names)
    fate = "stand in the same unit, so they were kept apart" if together else "were read as the first of each"
    for contest, spellings in by_contest.items():
        words = "; ".join(listed(names, EXAMPLES) for names in spellings[:EXAMPLES])
        rest = f"; and {len(spellings) - EXAMPLES:,} more" if len(spellings) > EXAMPLES else ""
        yield Finding(
            check="similar_names" if together else "spellings_merged",
            severity=Severity.HOLD_CALLS if together else Severity.NOTE,
            problem=f"{contest}: names that differ in case, accents or punctuation only {fate}: {words}{rest}.",
            next_step="If they are one person, the same votes may stand twice. Compare with the source." if together else "",
            contest=contest,
            option=spellings[0][0],
            origin=work.document.at(column="candidate"),
            count=len(spellings),
        )


STAGES: tuple[Stage, ...] = (
    tidy_names,
    read_times,
    clear_total_counties,
    mark_units,
    name_count_types,
    name_contests,
    numbers,
    mark_kinds,
    plain_names,
    set_aside_non_options,
    name_nameless,
    name_local_contests,
    merge_spellings,
    settle_duplicates,
    keep_totals_apart,
    settle_units,
    join_words,
    compare_methods,
    note_ballot_groups,
)
"""What happens to an OpenElections file, in this order."""
