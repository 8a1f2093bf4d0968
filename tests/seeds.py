"""A few small documents of every format: what fuzzing damages, and what the tests of time and memory repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nist_reports import FORMS, NIGHT
from press_files import AP, DDHQ, NPR
from racecall.feeds.base import Document
from racecall.publish.nist_json import NistJsonPublisher
from racecall.testing import document
from racecall.testing_exports import example_export
from workbooks import old_workbook, workbook

SAMPLES = Path(__file__).parent / "feeds" / "samples"

ENTRY = b"""racecall = "entry/1"
[[release]]
contest = "ca34-2017-primary"
published_at = 2017-04-05T02:00:00-07:00
source = "Los Angeles County RR/CC"
status = "unofficial_complete"
units_reported = 192
units_total = 192
[release.ballots]
registered = 305551
[[release.count]]
option = "gomez"
votes = 8156
[[release]]
contest = "ca34-2017-runoff"
published_at = 2017-06-16T17:00:00-07:00
source = "Los Angeles County RR/CC"
options = ["gomez", "ahn"]
[release.units]
"0850001A" = [309, "withheld"]
[[statement]]
contest = "ca34-2017-primary"
kind = "outstanding"
ballots = 14000
stated_at = 2017-04-05T02:00:00-07:00
source = "the county"
"""
OPENELECTIONS = b"""county,precinct,office,district,party,candidate,votes,election_day,mail
Los Angeles,0850001A,U.S. House,34,DEM,Jimmy Gomez,28,20,8
Los Angeles,0850001A,U.S. House,34,DEM,"Ahn, Robert Lee",19,9,10
Los Angeles,0850001A,U.S. House,34,,Over Votes,1,1,0
Los Angeles,0850012A,U.S. House,34,DEM,Jimmy Gomez,"1,005",****,
Los Angeles,TOTAL,Registered Voters,,,,305551,,
"""
TABLE = b"contest;precinct;candidate;votes\nMayor;1;Ana Ruiz;12\nMayor;2;Ana Ruiz;7\nMayor;1;Ben Cole;3\nMayor;Total;Ana Ruiz;19\n"
PLAIN = b"contest,unit,count_type,option,votes\nMayor,all,total,Ana Ruiz,12\nMayor,all,total,Ben Cole,3\n"
RACE = """<tr><td colspan=2>{title}</td><td></td><td></td><td></td></tr>
<tr><td></td><td>Ana Ruiz(I)</td><td>REP</td><td>1,204</td><td>57.22%</td></tr>
<tr><td></td><td>Ben Cole</td><td>REP</td><td>900</td><td>42.77%</td></tr>
<tr><td></td><td></td><td>Race Total</td><td>2,104</td><td></td></tr>
"""
SUMMARY = """<html><body><h2>Office of the Secretary of State</h2><h2>2026 Primary Runoff Election</h2><h3>5/26/2026</h3><table>
<tr><th>RACE</th><th>NAME</th><th>PARTY</th><th>CANVASS VOTES</th><th>PERCENT</th></tr>
{races}</table></body></html>"""
COUNTIES = b"""<html><body><h2>Office of the Secretary of State</h2><h2>2026 Runoff Election</h2><h3>5/26/2026  9:29:43 PM</h3>
<h3>State Senator, District 9</h3><table>
<tr><th>...</th><th>Ana</th><th>...</th><th>...</th><th>...</th><th>...</th></tr>
<tr><th>County</th><th>Ruiz</th><th>Cole</th><th>Total</th><th>Precincts</th><th>Total</th></tr>
<tr><th>...</th><th>DEM</th><th>DEM</th><th>Votes</th><th>Reported</th><th>Precincts</th></tr>
<tr><td>ALL COUNTIES</td><td>150</td><td>60</td><td>210</td><td>7</td><td>9</td></tr>
<tr><td>Early</td><td>100</td><td>50</td><td>150</td><td>...</td><td>...</td></tr>
<tr><td>HARRIS</td><td>110</td><td>40</td><td>150</td><td>5</td><td>6</td></tr>
<tr><td>WALLER</td><td>40</td><td>20</td><td>60</td><td>2</td><td>3</td></tr></table></body></html>"""
WARD = b"""<?xml version="1.0" encoding="utf-8"?><election><electionid>9</electionid><title>By-election</title><candidates>
<candidate><electionareaid>1</electionareaid><areatitle>Ward 1</areatitle><candidatename>Ana Ruiz</candidatename><numvotes>1204</numvotes>
<politicalpartytitle/><iselected>True</iselected></candidate></candidates><electionareas><electionarea><electionareaid>1</electionareaid>
<title>Ward 1</title><electorate>5000</electorate><numballotpapersissued>1210</numballotpapersissued>
<endofcountingdatetime>2016-05-06T01:00:00</endofcountingdatetime><numseats>1</numseats><spoiledvotes><spoiledvote>
<description>Blank</description><numvotes>6</numvotes></spoiledvote></spoiledvotes></electionarea></electionareas></election>"""
LIST = [["contest", "precinct", "candidate", "votes"], ["Mayor", "1", "Ana Ruiz", 12], ["Mayor", "2", "Ana Ruiz", 7]]
CROSSTAB = [["Mayor (Vote for 1)"], [], ["Precinct", "Ana Ruiz", None, "Ben Cole"], ["", "Mail", "Total", "Total"]]
CROSSTAB += [["1", 5, 12, 3], ["2", 4, 7, "****"], ["Total", 9, 19, 3]]


def sample(name: str, *beside: str) -> Document:
    """Return one of the samples of real feeds, with others beside it."""
    return document(name, (SAMPLES / name).read_bytes(), companions={other: (SAMPLES / other).read_bytes() for other in beside})


def summary(races: int) -> bytes:
    """Return a page of the Secretary of State of Texas with this many races."""
    return SUMMARY.format(races="".join(RACE.format(title=f"Race {number}") for number in range(races))).encode()


def seeds() -> Mapping[str, Sequence[Document]]:
    """Return the documents of every feed by its id."""
    return {
        "hand": [document("entry.toml", ENTRY)],
        "openelections": [document("20170606__ca__special__general__precinct.csv", OPENELECTIONS)],
        "table": [document("plain.csv", PLAIN), document("table.csv", TABLE)],
        "la_county_json": [sample("la_county.json")],
        "la_counters": [sample("la_counter_data.json", "la_election_data.json"), sample("la_election_data.json")],
        "ca_sos": [sample(f"ca_sos_{name}") for name in ("county.json", "house.json", "justices.json", "measures.json", "night.jsonl")],
        "clarity": [sample(f"clarity_{name}") for name in ("electionsettings.json", "summary.json", "counties.xml", "precincts.xml")],
        "ap": [document("ap.json", AP)],
        "ddhq": [document("ddhq.json", DDHQ)],
        "npr_ap": [document("npr.json", NPR)],
        "texas_sos_html": [document("summary.html", summary(2)), document("counties.html", COUNTIES)],
        "modgov": [document("ward.xml", WARD)],
        "nist_json": [document("night.json", FORMS["json"](NIGHT)), document("own.json", _exported())],
        "nist_xml": [document("night.xml", FORMS["xml"](NIGHT))],
        "la_ets": [sample("la_ets_1998.dat")],
        "sf_orr": [sample("sf_orr_results-100.tsv", "sf_orr_results.json"), sample("sf_orr_results.json")],
        "dominion_sov": [sample("dominion_sov.tsv")],
        "excel": [
            document("list.xlsx", workbook({"Votes": LIST})),
            document("crosstab.xlsx", workbook({"Mayor": CROSSTAB, "Notes": [["=1+1"]]}, merged={"Mayor": ["B3:C3"]})),
            document("old.xls", old_workbook("Mayor", [["Precinct", "Ana Ruiz", "Ben Cole"], ["1", 12, 3], ["2", 7, 4]])),
        ],
    }


def _exported() -> bytes:
    """Return a night as we write it ourselves."""
    [(_, data)] = NistJsonPublisher().write(example_export())
    return data
