"""Formats that are known and hold no counts we can read: each is named for what it is, with a way on, before any feed is asked.

A ballot is not a count, a schema is not a file of results, and a template of another program has ids where names should be. Recognised by
bytes that stand in the head, all of them, in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

from racecall.errors import UnknownFormat
from racecall.feeds.base import Document
from racecall.feeds.listing import head_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A format that is no results.

    Args:
        marks: Bytes that all stand in the head.
        what: What it is, and why it cannot be read.
        next_step: What to do instead.
    """

    marks: tuple[bytes, ...]
    what: str
    next_step: str


_SCHEMA = "Ask for a file of results that keeps to it, and add that."

STRANGERS: tuple[Stranger, ...] = (
    Stranger(marks=(b'"$schema"', b'"definitions"'), what="a JSON schema: it describes a format, and holds no results", next_step=_SCHEMA),
    Stranger(
        marks=(b"http://www.w3.org/2001/XMLSchema", b":schema "),
        what="an XML schema: it describes a format, and holds no results",
        next_step=_SCHEMA,
    ),
    Stranger(
        marks=(b"CastVoteRecordReport",),
        what="cast vote records (NIST SP 1500-103): one record a ballot, and no counts",
        next_step="Ask the office for the results of the same election. Cast vote records are for audits.",
    ),
    Stranger(
        marks=(b"<ballot_line_result",),
        what="a result of the Voting Information Project, version 3: votes with numbers in place of names",
        next_step="Ask for a table with the names of contests and candidates.",
    ),
    Stranger(
        marks=(b"<VipObject",),
        what="a file of the Voting Information Project: contests and candidates before an election, and no counts",
        next_step="Ask the office for its results.",
    ),
    Stranger(
        marks=(b'"trendtable"',),
        what="a trend table of AP: seats won and leading by party, and no counts",
        next_step="Ask AP's API for the races: /v3/elections/DATE with format=json.",
    ),
    Stranger(
        marks=(b'"delSum"',),
        what="a delegate report of AP, and no counts",
        next_step="Ask AP's API for the races: /v3/elections/DATE with format=json.",
    ),
    Stranger(
        marks=(b'"elections"', b'"electionDate"', b'"reportQueries"'),
        what="AP's list of elections, and no counts",
        next_step="Ask AP's API for the races: /v3/elections/DATE with format=json.",
    ),
    Stranger(
        marks=(b'"http_interactions"', b'"recorded_at"'),
        what="a recording of requests to a server, made for tests, with the answers inside",
        next_step="Fetch the address itself, and add what comes back.",
    ),
    Stranger(
        marks=(b"http://www.ech.ch/xmlns/eCH-0252/",),
        what="a Swiss delivery of results (eCH-0252), in which candidates are numbers that another file names; it is not read yet",
        next_step="Enter the figures by hand (docs/feeds/hand.md).",
    ),
    Stranger(
        marks=(b"entity_id,entity_counted,entity_eligible_voters", b"candidate_family_name"),
        what="an election of OneGov (Swiss): municipalities are numbers, and names are in two columns; it is not read yet",
        next_step="Join the columns of the name, and say which column is what: --map contest=COLUMN,option=COLUMN,votes=candidate_votes",
    ),
    Stranger(
        marks=(b"entity_id,counted,yeas,nays,invalid,empty,eligible_voters",),
        what="a vote of OneGov (Swiss): yeas and nays in two columns; it is not read yet",
        next_step='Name the columns in a TOML file, with [options] yeas = "Yes" and nays = "No": --map FILE (docs/feeds/table.md)',
    ),
)
"""Every format we know and do not read, the narrower before the wider."""


def refuse_known(document: Document) -> None:
    """Raise `UnknownFormat` for a format that holds no counts we can read."""
    head = head_of(document)
    stranger = next((one for one in STRANGERS if all(mark in head for mark in one.marks)), None)
    if stranger:
        raise UnknownFormat(f"this is {stranger.what}.", where=document.capture.name, next_step=stranger.next_step)
