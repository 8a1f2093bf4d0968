"""Every check has a page, and the example on it is what the program prints.

The names of the checks are read from the source, as they are written there; the examples are made again, each by the code that makes the
finding, and compared with the page. When words have changed, this writes the examples on all pages anew:

    PYTHONPATH=tests python tests/docs/test_findings.py
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import tempfile
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import builders as make
import nist_reports as nist
import press_files as press
import racecall.feeds
from racecall.desk.folder import new_folder
from racecall.desk.plugins import load_feeds
from racecall.desk.recording import AddOptions, add_files, add_received
from racecall.feeds import checks as feed_checks
from racecall.feeds import registry
from racecall.feeds.frames import count_frame
from racecall.feeds.mapping import parse_map
from racecall.ledger import checks as ledger_checks
from racecall.ledger.checks import check_release
from racecall.ledger.checks_units import check_cells
from racecall.ledger.figures import check_figures
from racecall.ledger.outliers import check_units
from racecall.ledger.resolve import resolve
from racecall.ledger.totals import contest_counts
from racecall.model.contest import Contest, Option
from racecall.model.finding import Finding, Severity
from racecall.model.release import Report, ReportKind, ResultsStatus
from racecall.origin import Capture, Fetched, Origin, sha256_hex
from racecall.publish.terminal import HOLDS, finding_text
from racecall.testing import document
from workbooks import workbook

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "racecall"
PAGES = ROOT / "docs" / "findings"
SAMPLES = ROOT / "tests" / "feeds" / "samples"

FEED_CHECKS = feed_checks.CHECKS
LEDGER_CHECKS = ledger_checks.CHECKS
EVERY = sorted({**FEED_CHECKS, **LEDGER_CHECKS})
"""All checks, by name."""

HANDED_ON = {"check", "identity.check"}
"""Where the source passes on a name that is written elsewhere: `Look.finding`, the table of cells in `feeds.text`, `Identity`."""


# -- the names, as the source has them -----------------------------------------------------------------------------------------------


def written_names() -> Mapping[str, set[str]]:
    """Return every name of a check that the source writes, with the modules that do; what the copy desk remarks on is no finding."""
    found: dict[str, set[str]] = {}
    for path in sorted(path for path in SOURCE.rglob("*.py") if "coverage" not in path.relative_to(SOURCE).parts):
        module = path.relative_to(SOURCE).with_suffix("").as_posix()
        for expression in _expressions(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _literals(expression):
                found.setdefault(name, set()).add(module)
    return found


def _expressions(tree: ast.AST) -> Iterator[ast.expr]:
    """Yield what stands where a name is expected: ``check=…``, ``look.finding(…``, ``("name", Severity.NOTE, …)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "check")
            if isinstance(node.func, ast.Attribute) and node.func.attr == "finding" and node.args:
                yield node.args[0]
        elif isinstance(node, ast.Tuple) and len(node.elts) > 1 and ast.unparse(node.elts[1]).startswith("Severity."):
            yield node.elts[0]


def _literals(expression: ast.expr) -> Iterator[str]:
    """Yield the texts of an expression: one, or both sides of ``a if … else b``."""
    if isinstance(expression, ast.IfExp):
        yield from (*_literals(expression.body), *_literals(expression.orelse))
    elif isinstance(expression, ast.Constant) and isinstance(expression.value, str):
        yield expression.value


def test_every_way_a_name_is_given_is_known():
    """A check named in a new way would slip past the tests below."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py"))
    unread = {ast.unparse(expression) for tree in trees for expression in _expressions(tree) if not list(_literals(expression))}

    assert unread == HANDED_ON


def test_every_check_is_in_one_of_the_two_tables():
    """What can be found is listed, once, and what is listed can be found."""
    both = FEED_CHECKS.keys() & LEDGER_CHECKS.keys()

    assert (set(EVERY) ^ written_names().keys(), both) == (set(), set())


def test_checks_of_feeds_are_made_by_feeds():
    """The table of the feeds has what a feed makes; what is made beside the record is in the ledger's."""
    made = written_names()
    beside = {name for name, modules in made.items() if any(not module.startswith("feeds/") for module in modules)}

    assert (beside, made.keys() - beside) == (LEDGER_CHECKS.keys(), FEED_CHECKS.keys())


def test_no_other_table_names_a_check():
    """What a module lists for itself is in one of the two tables."""
    names = [module.name for module in pkgutil.iter_modules(racecall.feeds.__path__)]
    tables = [getattr(importlib.import_module(f"racecall.feeds.{name}"), "CHECKS", {}) for name in names]

    assert {name for table in tables for name in table} - set(EVERY) == set()


# -- the examples: reading a file ----------------------------------------------------------------------------------------------------

FEEDS = load_feeds()
Findings = Iterable[Finding]
Example = Callable[[Path], Findings]

HEADER = "contest,precinct,candidate,votes\n"
PLACES = "contest,county,precinct,candidate,votes\n"
OFFICES = "county,precinct,office,district,party,candidate,votes\n"
OPEN = "20221108__tx__general__precinct.csv"


def table(text: str, *, name: str = "counts.csv", mapping: str = "") -> Example:
    """Return what is found in a table."""
    columns = parse_map(mapping) if mapping else None
    made = document(name, text.encode(), mapping=columns, timezone="America/Los_Angeles")
    return lambda _: registry.read(made, FEEDS).findings


def rows(*lines: str, header: str = HEADER, name: str = "counts.csv") -> Example:
    """Return what is found in a table of these lines."""
    return table(header + "".join(f"{line}\n" for line in lines), name=name)


def county(*candidates: Mapping[str, Any], titles: Iterable[str] = ("MAYOR",), vote_for: str = "") -> Example:
    """Return what is found in a results file of Los Angeles County."""
    contests = [{"Title": title, "VoteFor": vote_for, "Candidates": candidates} for title in titles]
    file = {"Election": {"ContestGroups": [{"Name": "Cities", "Contests": contests}]}, "Timestamp": "2022-11-09T03:35:19"}
    made = document("results.json", json.dumps(file).encode())
    return lambda _: registry.read(made, FEEDS).findings


def person(name: str, votes: Any = 0, party: str = "") -> Mapping[str, Any]:
    """Return a candidate of a results file of Los Angeles County."""
    return {"Name": name, "Party": party} | ({} if votes is ... else {"Votes": votes})


def counters(**changes: int | None) -> Example:
    """Return what is found in GetCounterData, with some numbers changed (``CBLT_10=1001``); None takes a number away."""
    file = json.loads((SAMPLES / "la_counter_data.json").read_text(encoding="utf-8"))
    numbers = {f"{row['ReferenceType']}_{row['ReferenceID']}".replace("-", "_"): row for row in file["Data"]}
    for key, value in changes.items():
        kind, _, number = key.rpartition("_")
        numbers[key] = {"ReferenceType": kind.replace("_", "-"), "ReferenceID": int(number)} | numbers.get(key, {}) | {"Value": value}
    file["Data"] = [row for row in numbers.values() if row["Value"] is not None]
    return _pair(file)


def counters_twice() -> Example:
    """Return what is found in GetCounterData with a number that is given again, and differs."""
    file = json.loads((SAMPLES / "la_counter_data.json").read_text(encoding="utf-8"))
    file["Data"].append(file["Data"][0] | {"Value": 601})
    return _pair(file)


def _pair(file: Mapping[str, Any]) -> Example:
    names = {"election_data.json": (SAMPLES / "la_election_data.json").read_bytes()}
    made = document("counter_data.json", json.dumps(file).encode(), companions=names)
    return lambda _: registry.read(made, FEEDS).findings


def state(*races: Mapping[str, Any]) -> Example:
    """Return what is found in returns of the Secretary of State."""
    made = document("returns.json", json.dumps(races).encode())
    return lambda _: registry.read(made, FEEDS).findings


def common(report: Mapping[str, Any]) -> Example:
    """Return what is found in a report in the common data format of NIST."""
    made = document("report.json", json.dumps(report).encode())
    return lambda _: registry.read(made, FEEDS).findings


def race(
    title: str, *, at: str = "November 9, 2022, 8:05 a.m.", reporting: str = "100% (174 of 174) precincts reporting"
) -> dict[str, Any]:
    """Return one race of the Secretary of State."""
    candidates = [{"Name": "Ana Ruiz", "Votes": "1,200"}, {"Name": "Ben Cole", "Votes": "800"}]
    return {"raceTitle": f"{title} - Districtwide Results", "Reporting": reporting, "ReportingTime": at, "candidates": candidates}


def shares(*percents: str) -> dict[str, Any]:
    """Return a race with printed shares."""
    made = race("State Senate District 8")
    return made | {"candidates": [line | {"Percent": share} for line, share in zip(made["candidates"], percents, strict=True)]}


def agency(data: bytes) -> Example:
    """Return what is found in a file of an agency."""
    made = document("night.json", data)
    return lambda _: registry.read(made, FEEDS).findings


RECORDS = [
    "000ET2641      JUNE 05, 2018 - PRIMARY",
    "000TD2641      23:38 06/05/2018",
    "001CC00  03    MAYOR",
    f"001CN00  03       ANA RUIZ{'1,204':>56}",
    f"001CN00  03       BEN COLE{'900':>56}",
    "999EF2641      6",
]


def records(*changes: tuple[int, str]) -> Example:
    """Return what is found in an ETS file of Los Angeles County with some lines changed."""
    lines = [dict(changes).get(place, line) for place, line in enumerate(RECORDS)]
    made = document("results.ets", "\n".join(lines).encode(), timezone="America/Los_Angeles")
    return lambda _: registry.read(made, FEEDS).findings


PRECINCTS = (("Precinct", "Ana Ruiz", "Ben Cole"), ("1", 10, 7), ("2", 8, 3))


def sheets(*more: tuple[Any, ...], hidden: Iterable[str] = (), **others: Any) -> Example:
    """Return what is found in a workbook with a sheet of precincts, more rows in it and other sheets."""
    made = document("sov.xlsx", workbook({"Mayor": [*PRECINCTS, *more], **others}, hidden=hidden))
    return lambda _: registry.read(made, FEEDS).findings


ENTRY = """
[[release]]
contest = "mayor"
published_at = 2026-11-03T22:00:00-08:00
source = "The county, results of 22:00"
count = [
  { option = "ruiz", votes = 1204 },
  { option = "cole", votes = 900, source = "The Courier, 3 November 2026, p. 1" },
]
"""

READING: Mapping[str, Example] = {
    "byte_order_mark": rows("Mayor,1,Ana Ruiz,10", header="\ufeff" + HEADER),
    "carriage_returns": table(HEADER.replace("\n", "\r") + "Mayor,1,Ana Ruiz,10\rMayor,1,Ben Cole,7\r"),
    "blank_cells": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,"),
    "withheld_cells": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,****"),
    "negative_count": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,-12"),
    "fractional_count": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,28.1"),
    "impossible_count": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,2135550123000"),
    "not_a_number": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,l2"),
    "lines_above_header": table("Official results\n9 November 2022\n" + HEADER + "Mayor,1,Ana Ruiz,10\nMayor,1,Ben Cole,7\n"),
    "repeated_header": rows("Mayor,1,Ana Ruiz,10", HEADER.strip(), "Mayor,2,Ana Ruiz,8"),
    "repeated_column": rows("Mayor,1,Ana Ruiz,10,12", header=HEADER.strip() + ",votes\n"),
    "ragged_rows": rows("Mayor,1,Ana Ruiz", "Mayor,1,Ben Cole,7", "Mayor,2,Ben Cole,3"),
    "cut_off": table(HEADER + "Mayor,1,Ana Ruiz,10\nMayor,1,Ben"),
    "unread_columns": rows("Mayor,1,Ana Ruiz,10,4", header=HEADER.strip() + ",tuckerman\n"),
    "accents_encoded_twice": rows("Mayor,1,José Ruiz,10", "Mayor,2,Jose\u0301 Ruiz,8"),
    "ballot_groups": rows("Mayor,0850001A,Ana Ruiz,10", "Mayor,9990201A,Ana Ruiz,8"),
    "unknown_count_type": rows("Mayor,1,Drop Box,Ana Ruiz,10", header="contest,precinct,count_type,candidate,votes\n"),
    "absentee_meaning": rows("Mayor,1,Ana Ruiz,4,6", header="contest,precinct,candidate,absentee,election_day\n"),
    "doubtful_time": rows("Mayor,1,Ana Ruiz,10,2022-11-06T01:30", header=HEADER.strip() + ",released_at\n"),
    "not_options": rows("Mayor,1,Ana Ruiz,10", "Mayor,1,Over Votes,1", "Mayor,1,Ballots Cast,12"),
    "options_do_not_add_up": rows("Mayor,1,Ana Ruiz,10", "Mayor,1,Ben Cole,7", "Mayor,1,Total Votes,19"),
    "nameless_option": rows("Mayor,1,Ana Ruiz,10", "Mayor,1,,7"),
    "repeated_rows": rows("Mayor,1,Ana Ruiz,10", "Mayor,1,Ben Cole,7", "Mayor,1,Ana Ruiz,10"),
    "conflicting_rows": rows("Mayor,66,Ana Ruiz,717", "Mayor,66,Ben Cole,512", "Mayor,66,Ana Ruiz,7"),
    "total_rows": rows("Mayor,1,Ana Ruiz,10", "Mayor,2,Ana Ruiz,8", "Mayor,,Ana Ruiz,18"),
    "county_only": rows(
        "Mayor,Adams,1,Ana Ruiz,10",
        "Mayor,Adams,Total,Ana Ruiz,10",
        "Mayor,Adams,Total,Cy Ford,3",
        "Mayor,Baker,1,Ana Ruiz,8",
        header=PLACES,
    ),
    "no_printed_total": rows(
        "Mayor,1,Ana Ruiz,4,6,10", "Mayor,2,Ana Ruiz,3,5,", header="contest,precinct,candidate,mail,election_day,total\n"
    ),
    "nameless_contest": rows("Adams,1,Mayor,,,Ana Ruiz,10", "Adams,1,,,,Ben Cole,7", header=OFFICES, name=OPEN),
    "local_contests": rows("Adams,1,Sheriff,,,Ana Ruiz,10", "Baker,1,Sheriff,,,Ben Cole,7", header=OFFICES, name=OPEN),
    "names_tidied": rows("Adams,1,Governor,,REP,Ana Ruiz (I) (REP),10", header=OFFICES, name=OPEN),
    "spellings_merged": rows("Adams,1,Mayor,,,Ana López,10", "Adams,2,Mayor,,,Ana Lopez,8", header=OFFICES, name=OPEN),
    "similar_names": rows("Adams,1,Mayor,,,Ana López,10", "Adams,1,Mayor,,,Ana Lopez,8", header=OFFICES, name=OPEN),
    "figure_sources": table(ENTRY, name="night.toml"),
    "missing_votes": county(person("ANA RUIZ", 1204), person("BEN COLE", ...)),
    "option_listed_twice": county(person("ANA RUIZ", 1204), person("ANA RUIZ", 1104)),
    "unknown_party": county(person("ANA RUIZ", 1204, "Whig")),
    "votes_as_text": county(person("ANA RUIZ", "1,204"), person("BEN COLE", 900)),
    "votes_allowed_unread": county(person("ANA RUIZ", 1204), vote_for="Vote for as many as you like"),
    "identity_ballots": counters(CBLT_10=1001, NSEL_01_10=41),
    "identity_marks": counters(NSEL_01_10=50),
    "identity_single": counters(CFV_10=950, CUV_10=45),
    "identity_methods": counters(DBLT_77=190),
    "identity_unchecked": counters(CUV_10=None, COV_10=None, CPV_10=None, CFV_10=None, NSEL_01_10=None, CBLT_10=None),
    "number_listed_twice": counters_twice(),
    "unknown_ids": counters(CBLT_8513=1000),
    "unknown_reference_types": counters(XBLT_77=12),
    "old_contest": state(race("State Senate District 8"), race("State Senate District 6", at="December 6, 2020, 8:05 a.m.")),
    "percent_differs": state(shares("58.0", "38.7")),
    "precincts_above_total": state(race("State Senate District 8", reporting="100% (175 of 174) precincts reporting")),
    "part_of_report": common(nist.report(nist.election(nist.MAYOR), SequenceStart=1, SequenceEnd=2)),
    "several_elections": common(
        nist.report(nist.election(nist.MAYOR), nist.election(nist.contest(id_="cc2", name="Clerk"), name="Special", candidates=()))
    ),
    "broken_reference": common(nist.report(nist.election(nist.MAYOR, candidates=nist.CANDIDATES[:1]))),
    "unread_counts": common(nist.report(nist.election(nist.contest(nist.selection(1, nist.votes(1204), nist.votes(1390, Round=2)))))),
    "records_missing": records((5, "")),
    "unknown_records": records((4, RECORDS[4].replace("CN", "WN"))),
    "test_votes": records((1, "000TD2641      10:38 05/10/2018")),
    "sheets_read": sheets(Notes=[["By order of the registrar"]]),
    "hidden_sheets": sheets(hidden=["Old"], Old=PRECINCTS),
    "formulas_without_values": sheets(("3", 4, "=B2+B3")),
    "dates_as_names": sheets((date(2018, 1, 2), 4, 5)),
    "precincts_unread": state(race("State Senate District 8", reporting="All precincts reporting")),
    "counts_elsewhere": lambda _: registry.read(document("current_ver.txt", b"271927"), FEEDS).findings,
    "test_data": agency(press.ap(press.ap_race(press.ap_unit(press.ANA, press.BEN), test=True))),
    "districts_left_out": agency(press.ap(press.ap_race(press.ap_unit(press.ANA), press.ap_unit(press.ANA, level="district")))),
    "count_types_left_out": agency(press.ap(press.ap_race(press.ap_unit(press.ANA | {"absenteeMail": 700}, press.BEN)))),
}
"""What makes each finding that a feed makes."""


# -- the examples: beside the record -------------------------------------------------------------------------------------------------

MAYOR = Contest(
    id="mayor",
    title="Mayor",
    rule="generic-majority-or-runoff",
    options=(Option(id="ruiz", name="Ana Ruiz", ballot_order=1), Option(id="cole", name="Ben Cole", ballot_order=2)),
)
ELECTION = make.election(Contest(id="c", title=MAYOR.title, rule=MAYOR.rule, options=MAYOR.options))
NIGHT = make.recorded({"ruiz": 1204, "cole": 900}, units_reported=20, units_total=30)
SETTINGS = """
[election]
id = "county-2026"
title = "The county, November 2026"
date = 2026-11-03
timezone = "America/Los_Angeles"

[[contest]]
id = "mayor"
title = "Mayor"
rule = "generic-majority-or-runoff"
option = [{ id = "ruiz", name = "Ana Ruiz" }, { id = "cole", name = "Ben Cole" }]
"""
STATEMENT = """
[[statement]]
contest = "mayer"
kind = "outstanding"
ballots = 400
stated_at = 2026-11-04T12:00:00-08:00
source = "The county, by telephone"
"""


def later(votes: Mapping[str, int], *, hours: float = 1, said: int = 0, **values: Any) -> Example:
    """Return what is found in a count some hours after the night's, after a statement of so many ballots outstanding."""
    statements = [make.statement(said, at=make.hours(0.5))] if said else []
    new = make.recorded(votes, **{"seq": 2, "at": make.hours(hours)} | values)
    return lambda _: check_release(new, ELECTION, make.records(NIGHT, statements=statements))


def first(**values: Any) -> Example:
    """Return what is found in a first count."""
    return lambda _: check_release(make.recorded({"ruiz": 1204, "cole": 900}, **values), ELECTION, make.records())


def certified_after(figure: Report) -> Example:
    """Return what is found when the certified count follows a printed figure."""
    final = make.recorded({"ruiz": 1400, "cole": 1000}, seq=2, at=make.hours(9), status=ResultsStatus.CERTIFIED)
    return lambda _: check_release(final, ELECTION, make.records(NIGHT, reports=(figure,)))


def names(*counts: tuple[str, str, int], titles: Iterable[str] = ("Mayor",)) -> Example:
    """Return what is found when these contests, options and votes of a file become ours."""
    made = make.release([(contest, "all", "total", option, votes) for contest, option, votes in counts], titles=titles)
    return lambda _: resolve(made, make.election(Contest(**_fields(source_names=("Mayor (unofficial)",))))).findings


def sums(*cells: tuple[str, str, str, int]) -> Example:
    """Return what is found when these units, count types, options and votes are added up."""
    made = make.release([("Mayor", *cell) for cell in cells], titles=("Mayor",))
    return lambda _: contest_counts(resolve(made, make.election(MAYOR)), make.election(MAYOR))[2]


def _fields(**changes: Any) -> dict[str, Any]:
    return {"id": MAYOR.id, "title": MAYOR.title, "rule": MAYOR.rule, "options": MAYOR.options, **changes}


def vanished() -> Example:
    """Return what is found when units are gone."""
    before = count_frame([("c", f"precinct {number}", "total", "ruiz", 50, number) for number in range(1, 6)])
    after = count_frame([("c", "precinct 1", "total", "ruiz", 50, 1)])
    return lambda _: check_cells(before, after, ELECTION, origin=Origin(capture="f" * 64, name="counts.csv"))


def grown() -> Example:
    """Return what is found when a unit has twice its votes."""
    before, after = (
        count_frame([("c", "District 4", "total", option, times * votes, 1) for option, votes in (("ruiz", 119), ("cole", 95))])
        for times in (1, 2)
    )
    return lambda _: check_cells(before, after, ELECTION, origin=Origin(capture="f" * 64, name="counts.csv"))


def precincts(**odd: tuple[int, int]) -> Example:
    """Return what is found in forty precincts, all of 120 to 80 votes but some."""
    units = {f"{number:02}": (120, 80) for number in range(1, 41)} | {name.removeprefix("p"): votes for name, votes in odd.items()}
    cells = [
        ("c", unit, "total", option, number, 1)
        for unit, votes in units.items()
        for option, number in zip(("ruiz", "cole"), votes, strict=True)
    ]
    return lambda _: check_units(count_frame(cells), ELECTION, origin=Origin(capture="f" * 64, name="counts.csv"))


def printed(by: str, hours: float, **values: Any) -> Report:
    """Return a figure in print."""
    return Report(**{"contest": "c", "kind": ReportKind.FIGURE, "by": by, "at": make.hours(hours), "source": "p. 1"} | values)


def disagreeing() -> Example:
    """Return what is found in two tables of 9 June 2017."""
    runoff = make.contest("Jimmy Gomez", "Robert Lee Ahn")
    gomez, ahn = (option.id for option in runoff.options)
    radio = [printed("KPCC", 0, option=gomez, share=0.6085), printed("KPCC", 0, option=ahn, share=0.3915)]
    desk = [printed("Decision Desk HQ", 1, option=name, votes=votes) for name, votes in ((gomez, 25_269), (ahn, 16_225))]
    return lambda _: check_figures([*radio, *desk], [runoff], make.records(reports=(*radio, *desk)))


def added(name: str, text: str) -> Example:
    """Return what is found when a file is added to an election of one contest."""

    def add(folder: Path) -> Findings:
        election = new_folder(folder / "county-2026", SETTINGS.encode())
        (folder / name).write_text(text, encoding="utf-8")
        return [finding for one in add_files(election, [folder / name], AddOptions(actor="A. Editor")) for finding in one.findings]

    return add


def served(address: str, moment: str) -> Example:
    """Return what is found when an election watches a rehearsal."""

    def watch(folder: Path) -> Findings:
        election = new_folder(folder / "county-2026", SETTINGS.encode())
        body = (HEADER + "Mayor,1,Ana Ruiz,10\n").encode()
        fetched = Fetched(source="county", address=address, rehearsal=moment)
        capture = Capture(sha256=sha256_hex(body), name="results", size=len(body), received_at=make.NIGHT, fetched=fetched)
        return add_received(election, body, capture, AddOptions(actor="A. Editor"), feeds=FEEDS, companions={}).findings

    return watch


BESIDE: Mapping[str, Example] = {
    "unknown_option": names(("Mayor", "Ana Ruiz", 1204), ("Mayor", "Anna Reyes", 900)),
    "name_variant": names(("Mayor", "Ána Ruiz", 1204), ("Mayor", "Ben Cole", 900)),
    "contest_listed_twice": names(
        ("Mayor", "Ana Ruiz", 1204), ("Mayor (unofficial)", "Ana Ruiz", 900), titles=("Mayor", "Mayor (unofficial)")
    ),
    "parts_do_not_add_up": sums(("all", "total", "Ana Ruiz", 1204), ("1", "total", "Ana Ruiz", 700), ("2", "total", "Ana Ruiz", 404)),
    "methods_do_not_add_up": sums(("1", "total", "Ana Ruiz", 120), ("1", "early", "Ana Ruiz", 40), ("1", "election_day", "Ana Ruiz", 70)),
    "fall": later({"ruiz": 1104, "cole": 950}),
    "out_of_order": later({"ruiz": 1000, "cole": 800}, hours=-1),
    "duplicate_release": later({"ruiz": 1204, "cole": 900}, counts=NIGHT.counts),
    "missing_option": later({"ruiz": 1300}),
    "missing_units": vanished(),
    "doubled_units": grown(),
    "outlying_units": precincts(p17=(6, 194)),
    "zeroed_option": precincts(**{f"p{number:02}": (0, 80) for number in range(5, 41)}),
    "units_fall": later({"ruiz": 1210, "cole": 905}, units_reported=19, units_total=30),
    "votes_above_ballots": first(ballots={"cast": 2000}),
    "ballots_above_registered": first(ballots={"cast": 2150, "registered": 2100}),
    "jump_above_outstanding": later({"ruiz": 2000, "cole": 1000}, said=500),
    "one_sided_batch": later({"ruiz": 12_040, "cole": 900}),
    "contests_not_followed": first(ignored=("Sheriff", "Assessor", "Treasurer", "Judge, Office No. 1")),
    "nothing_followed": added("counts.csv", HEADER + "Sheriff,1,Ana Ruiz,10\nSheriff,1,Ben Cole,7\n"),
    "unknown_contest": added("statement.toml", STATEMENT),
    "rehearsal_data": served("http://127.0.0.1:8765/results", "2022-11-09T05:00:00Z"),
    "figures_disagree": disagreeing(),
    "figure_contradicted": certified_after(printed("The Courier", 1, option="ruiz", votes=1500)),
}
"""What makes each finding that is made beside the record."""

EXAMPLES: Mapping[str, Example] = {**READING, **BESIDE}


@pytest.fixture(params=EVERY)
def name(request: pytest.FixtureRequest) -> str:
    """Every check, one after the other."""
    return str(request.param)


def example(check: str, folder: Path) -> Finding:
    """Make the finding of a check that its page shows."""
    return next(finding for finding in EXAMPLES[check](folder) if finding.check == check)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Finding]:
    """Make the finding of every check, once."""
    return {check: example(check, tmp_path_factory.mktemp(check)) for check in EVERY}


def page(check: str) -> str:
    """Return the page of a check."""
    return (PAGES / f"{check}.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    return found[1] if found else ""


def block(finding: Finding) -> str:
    """Return the line that `add`, `findings list` and `status` print, folded for a page."""
    folded = textwrap.wrap(finding_text(finding).plain, width=100, break_long_words=False, break_on_hyphens=False)
    return "```text\n" + "\n".join(folded) + "\n```"


# -- the pages -----------------------------------------------------------------------------------------------------------------------


def test_every_check_can_be_made():
    """No check is on paper only."""
    assert sorted(EXAMPLES) == EVERY


def test_the_example_is_what_the_program_prints(name: str, found: Mapping[str, Finding]):
    """The block on the page is the line that `add`, `findings list` and `status` print."""
    assert section(page(name), "An example").strip() == block(found[name])


def test_the_page_says_what_the_finding_holds(name: str, found: Mapping[str, Finding]):
    """Calls, publication or nothing: as the finding on the page does."""
    sentence = {Severity.HOLD_CALLS: "calls", Severity.HOLD_PUBLICATION: "publication", Severity.NOTE: "nothing"}
    held = section(page(name), "What it holds").strip().lower()

    assert held.startswith(sentence[found[name].severity])


def test_the_page_has_its_sections(name: str):
    """What it means, what it holds, an example, what to do; real cases where there are some; no more than a screen."""
    text = page(name)
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)

    assert text.startswith(f"# `{name}`: ")
    assert headings in (
        ["What it holds", "An example", "What to do"],
        ["What it holds", "An example", "What has been behind it", "What to do"],
    )
    assert 'racecall findings accept DIR ID --by NAME --reason "…"' in section(text, "What to do")


def test_the_index_lists_every_check_with_what_it_holds(found: Mapping[str, Finding]):
    """One table a place, each check in one of them."""
    listed = re.findall(r"^\| \[`(\w+)`\]\((\w+)\.md\) \| .+ \| (.+) \|$", page("index"), flags=re.MULTILINE)
    short = {severity: held.removeprefix("holds ") for severity, held in HOLDS.items()} | {Severity.NOTE: "nothing"}
    wrong = [check for check, _, held in listed if not held.startswith(short[found[check].severity])]

    assert (sorted(check for check, file, _ in listed if check == file), wrong) == (EVERY, [])


def write_examples() -> None:
    """Write the example of every page anew."""
    for check in EVERY:
        with tempfile.TemporaryDirectory() as scratch:
            made = block(example(check, Path(scratch)))
        text = page(check)
        (PAGES / f"{check}.md").write_text(text.replace(section(text, "An example"), f"\n{made}\n\n"), encoding="utf-8")


if __name__ == "__main__":
    write_examples()
