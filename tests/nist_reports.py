"""Small reports in the common data format of NIST, as another program might write them, in both of its forms."""

import json
from typing import Any

from racecall.publish.nist import Tree, thing
from racecall.publish.nist_xml import xml_document

FORMS = {"json": lambda tree: json.dumps(tree).encode(), "xml": xml_document}
"""How a report is written."""


def text(*contents: str, language: str = "en") -> Tree:
    """A text in one language, or in several editions of it."""
    return thing("InternationalizedText", Text=[thing("LanguageString", Content=one, Language=language) for one in contents])


def votes(number: Any, unit: str = "ru1", kind: str = "total", **fields: Any) -> Tree:
    """A count of votes."""
    before = {name: fields.pop(name) for name in ("DeviceClass",) if name in fields}
    after = {name: fields.pop(name) for name in ("IsSuppressedForPrivacy", "Round") if name in fields}
    return thing("VoteCounts", "", **before, GpUnitId=unit, **after, Type=kind, **fields, Count=number)


def selection(number: int, *counts: Tree, **fields: Any) -> Tree:
    """The option of one candidate."""
    return thing("CandidateSelection", f"cs{number}", VoteCounts=list(counts), CandidateIds=[f"can{number}"], **fields)


def candidate(number: int, name: str, **fields: Any) -> Tree:
    """A candidate."""
    return thing("Candidate", f"can{number}", BallotName=text(name), **fields)


def contest(*selections: Tree, kind: str = "CandidateContest", id_: str = "cc1", name: str = "Mayor", **fields: Any) -> Tree:
    """A contest; the fields that stand behind its name in the schema may be given."""
    allowed = {"VotesAllowed": 1} if kind == "CandidateContest" else {}
    return thing(kind, id_, ContestSelection=list(selections), ElectionDistrictId="ru1", Name=name, **fields, **allowed)


CANDIDATES = (candidate(1, "Ana Ruiz", PartyId="par1"), candidate(2, "Ben Cole"))


def election(*contests: Tree, candidates: tuple[Tree, ...] = CANDIDATES, name: str = "General", **fields: Any) -> Tree:
    """An election of a city."""
    return thing(
        "Election",
        "",
        BallotCounts=fields.pop("BallotCounts", []),
        Candidate=list(candidates),
        Contest=list(contests),
        ElectionScopeId="ru0",
        Name=text(name),
        StartDate="2022-11-08",
        EndDate="2022-11-08",
        Type="general",
    )


UNITS = (
    thing("ReportingUnit", "ru0", Name=text("Example County"), Type="county", VotersRegistered=2500),
    thing("ReportingUnit", "ru1", Name=text("City of Example"), Type="city"),
    thing("ReportingUnit", "ru2", Name=text("Precinct 7"), Type="precinct"),
)


def report(
    *elections: Tree,
    units: tuple[Tree, ...] = UNITS,
    status: str = "unofficial-partial",
    at: str = "2022-11-08T21:30:00-08:00",
    **fields: Any,
) -> Tree:
    """A whole report."""
    part = {"SequenceStart": fields.pop("SequenceStart", 1), "SequenceEnd": fields.pop("SequenceEnd", 1)}
    test_type = fields.pop("TestType", None)
    party = thing("Party", "par1", Abbreviation=text("DEM"), Name=text("Democratic Party"))
    return thing(
        "ElectionReport",
        "",
        Election=list(elections),
        Format="summary-contest",
        GeneratedDate=at,
        GpUnit=list(units),
        Issuer="Example County Clerk",
        IssuerAbbreviation="CA",
        **fields,
        Party=[party],
        **part,
        Status=status,
        TestType=test_type,
        VendorApplicationId="a test",
    )


MAYOR = contest(selection(1, votes(1204)), selection(2, votes(900)))
NIGHT = report(election(MAYOR))
