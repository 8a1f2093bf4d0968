"""Large plausible documents of every format, made by repeating small ones."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from nist_reports import FORMS, contest, election, report, selection, text, votes
from press_files import ANA, BEN, NPR_ANA, NPR_BEN, ap, ap_race, ap_unit, ddhq, ddhq_place, ddhq_race, npr, npr_result
from racecall.publish.nist import thing
from seeds import SAMPLES, seeds, summary
from workbooks import workbook

Made = tuple[str, bytes]
"""Name and content."""


def _rows(name: str, header: str, row: str) -> Callable[[int], Made]:
    """A table: contests of a hundred units, with three options each."""

    def made(times: int) -> Made:
        lines = (
            row.format(contest=place // 300, unit=place // 3 % 100, option="ABC"[place % 3], votes=place % 977) for place in range(times)
        )
        return name, "\n".join((header, *lines, "")).encode()

    return made


def _hand(times: int) -> Made:
    units = "".join(f'"{unit:06}A" = [{unit % 977}, {unit % 611}]\n' for unit in range(times))
    return "entry.toml", seeds()["hand"][0].data.replace(b'"0850001A" = [309, "withheld"]\n', units.encode())


def _json(name: str, change: Callable[[Any, int], Any]) -> Callable[[int], Made]:
    """A sample whose list is repeated, with numbers of its own where it has any."""
    return lambda times: (name, json.dumps(change(json.loads((SAMPLES / name).read_bytes()), times)).encode())


def _la_county(file: Any, times: int) -> Any:
    groups = file["Election"]["ContestGroups"]
    file["Election"]["ContestGroups"] = [
        {**group, "Contests": [{**one, "Title": f"{one['Title']} {time}"} for one in group["Contests"]]}
        for time in range(times)
        for group in groups
    ]
    return file


def _la_counters(file: Any, times: int) -> Any:
    """The file beside it knows no more ids, so the same are said again."""
    return {**file, "Data": file["Data"] * times}


def _ca_sos(file: Any, times: int) -> Any:
    return (
        {f"{key}-{time}" if key.startswith("race") else key: value for time in range(times) for key, value in file.items()}
        if isinstance(file, dict)
        else [{**race, "raceTitle": f"{race.get('raceTitle', '')} {time}"} for time in range(times) for race in file]
    )


def _clarity(times: int) -> Made:
    data = (SAMPLES / "clarity_precincts.xml").read_bytes()
    found = re.search(rb"<Contest .*</Contest>", data, re.DOTALL)
    assert found
    return "detail.xml", data[: found.start()] + b"".join(found[0].replace(b'text="', b'text="%d ' % time) for time in range(times)) + data[
        found.end() :
    ]


def _ap(times: int) -> Made:
    units = [ap_unit(ANA, BEN, level="FIPSCode", name=f"County {unit}") for unit in range(50)]
    return "ap.json", ap(*(ap_race(ap_unit(ANA, BEN), *units, raceID=str(race), seatName=f"District {race}") for race in range(times)))


def _ddhq(times: int) -> Made:
    counties = [{**ddhq_place({"1": 1204, "2": 900}), "county": f"County {unit}", "fips": f"{unit:05}"} for unit in range(50)]
    return "ddhq.json", ddhq(*(ddhq_race(ddhq_place({"1": 60200, "2": 45000}), counties, race_id=race) for race in range(times)))


def _npr(times: int) -> Made:
    results = [npr_result(NPR_ANA, NPR_BEN, id=str(unit)) for unit in range(times)]
    return "npr.json", npr(*results)


def _modgov(times: int) -> Made:
    data = seeds()["modgov"][0].data
    candidate, area = (
        re.search(pattern, data, re.DOTALL) for pattern in (rb"<candidate>.*</candidate>", rb"<electionarea>.*</electionarea>")
    )
    assert candidate
    assert area
    people = b"".join(candidate[0].replace(b"id>1<", b"id>%d<" % time).replace(b"Ward 1", b"Ward %d" % time) for time in range(times))
    areas = b"".join(area[0].replace(b"id>1<", b"id>%d<" % time).replace(b"Ward 1", b"Ward %d" % time) for time in range(times))
    return "ward.xml", data.replace(candidate[0], people).replace(area[0], areas)


def _nist(form: str) -> Callable[[int], Made]:
    def made(times: int) -> Made:
        units = tuple(thing("ReportingUnit", f"ru{unit}", Name=text(f"Precinct {unit}"), Type="precinct") for unit in range(60))
        counts = [votes(100 + unit, unit=f"ru{unit}", kind=kind) for unit in range(50) for kind in ("election-day", "absentee-mail")]
        contests = [contest(selection(1, *counts), selection(2, *counts), id_=f"cc{place}", name=f"Seat {place}") for place in range(times)]
        return f"night.{form}", FORMS[form](report(election(*contests), units=units))

    return made


def _la_ets(times: int) -> Made:
    data = (SAMPLES / "la_ets_1998.dat").read_bytes()
    return "night.dat", data * times


Totals = Callable[[Sequence[Sequence[str]]], Iterator[Sequence[str]]]


def _tabbed(name: str, top: int, totals: Totals = lambda _: iter(())) -> Callable[[int], Made]:
    """Repeat the rows of a table, each time for other precincts, and put totals of all of them below."""

    def made(times: int) -> Made:
        lines = list(csv.reader(io.StringIO((SAMPLES / name).read_text(encoding="utf-8")), delimiter="\t"))
        header, rows = lines[:top], lines[top:]
        units = [[f"{row[0]}{time}", *row[1:]] if row else row for time in range(times) for row in rows]
        text_of = io.StringIO()
        csv.writer(text_of, delimiter="\t", lineterminator="\n").writerows([*header, *units, *totals(units)])
        return name, text_of.getvalue().encode()

    return made


def _totals(unit: str, labels: int, words: Mapping[str, str]) -> Totals:
    """Make a total row for each word, of the rows that have the word of its count type; "" is all rows."""

    def made(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
        for word, part in words.items():
            columns = zip(*(row[labels:] for row in rows if row and part in {"", row[1]}), strict=True)
            sums = [str(sum(int(cell) for cell in column if cell.isdecimal())) for column in columns]
            yield [unit, word, *[""] * (labels - 2), *sums]

    return made


def _one_digit(times: int) -> Made:
    """A statement of votes that prints almost nothing but numbers below ten: forty contests of sixteen candidates, with totals."""
    columns = ["PrecinctName", "ReportingType", "PrecinctID", "Precincts", *(f"Candidate {candidate}" for candidate in range(16))]
    lines = [["Statement of votes"], ["Report generated on: Monday, November 19, 2018 at 10:00:00 AM"]]
    for place in range(40):
        rows = [
            [f"Pct {unit}", word, str(unit), "1", *(str((unit * 7 + candidate * 3 + place) % 10) for candidate in range(16))]
            for unit in range(times)
            for word in ("Election Day", "VBM")
        ]
        totals = _totals("Grand Totals", 4, {"Election Day": "Election Day", "VBM": "VBM", "": ""})(rows)
        lines += [[], [f"*** Contest {place} ({place})"], columns, *rows, *map(list, totals)]
    return "dominion_sov.tsv", "\n".join(map("\t".join, lines)).encode()


def _excel(times: int) -> Made:
    rows = [["contest", "precinct", "candidate", "votes"]]
    rows += [[f"Seat {place // 300}", f"P{place // 3 % 100}", "ABC"[place % 3], place % 977] for place in range(times)]
    return "list.xlsx", workbook({"Votes": rows})


GROWN: Mapping[str, tuple[int, Callable[[int], Made]]] = {
    "hand": (40_000, _hand),
    "openelections": (
        17_000,
        _rows(
            "20201103__ca__general__precinct.csv",
            "county,precinct,office,district,candidate,votes",
            "Kern,P{unit},State Assembly,{contest},Option {option} Doe of Kern,{votes}",
        ),
    ),
    "table": (27_000, _rows("plain.csv", "contest,unit,count_type,option,votes", "Seat {contest},Precinct {unit},total,{option},{votes}")),
    "la_county_json": (400, _json("la_county.json", _la_county)),
    "la_counters": (300, _json("la_counter_data.json", _la_counters)),
    "ca_sos": (900, _json("ca_sos_county.json", _ca_sos)),
    "clarity": (24, _clarity),
    "ap": (60, _ap),
    "ddhq": (110, _ddhq),
    "npr_ap": (4_000, _npr),
    "texas_sos_html": (4_000, lambda times: ("page.html", summary(times))),
    "modgov": (1_600, _modgov),
    "nist_json": (54, _nist("json")),
    "nist_xml": (36, _nist("xml")),
    "la_ets": (250, _la_ets),
    "sf_orr": (900, _tabbed("sf_orr_results-100.tsv", 1)),
    "dominion_sov": (700, _tabbed("dominion_sov.tsv", 8)),
    "excel": (53_000, _excel),
}
"""How often what is repeated makes about a megabyte, and what makes it. A workbook is a megabyte when it is packed."""

WITH_TOTALS: Mapping[str, tuple[int, Callable[[int], Made]]] = {
    "sf_orr": (900, _tabbed("sf_orr_results-100.tsv", 1, _totals("ALL", 2, {"TO": "", "ED": "ED", "MV": "MV"}))),
    "dominion_sov": (
        700,
        _tabbed("dominion_sov.tsv", 8, _totals("Grand Totals", 4, {"Election Day": "Election Day", "VBM": "VBM", "": ""})),
    ),
}
"""The same for statements of votes that print totals beside the precincts, as whole ones do."""

ONE_DIGIT: Mapping[str, tuple[int, Callable[[int], Made]]] = {"dominion_sov": (240, _one_digit)}
"""The same where a number takes two bytes and a row of a table many more."""


def grown(feed: str, megabytes: float = 1, among: Mapping[str, tuple[int, Callable[[int], Made]]] = GROWN) -> Made:
    """Return a plausible document of a feed of about this size."""
    times, made = among[feed]
    return made(int(times * megabytes))
