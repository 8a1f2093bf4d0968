"""What a file is: every sample we hold is read by the right feed, or refused for the right reason."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

import pytest

from racecall.desk.plugins import load_feeds
from racecall.errors import UnknownFormat
from racecall.feeds import registry
from racecall.feeds.mapping import parse_map
from racecall.feeds.strangers import STRANGERS, refuse_known
from racecall.feeds.text import unpack
from racecall.testing import document

FEEDS = load_feeds()

SAMPLES: dict[str, str] = {
    "ap-elex/00000000_elections.json": "AP's list of elections",
    "ap-elex/20160818_house_trends.json": "a trend table of AP",
    "ap-elex/*": "ap",
    "ca-sos-json/*": "ca_sos",
    "clarity/GA_2020_summary-cassette.json": "a recording of requests to a server",
    "clarity/GA_2020-electionsettings.json": "a recording of requests to a server",
    "clarity/*": "clarity",
    "ddhq/*": "ddhq",
    "democracyclub/*": "modgov",
    "la-counterdata/*": "la_counters",
    "la-ets/*.json.gz": "no format recognises this file",  # the ETS file beside it, as a program of a newsroom wrote it
    "la-ets/*": "la_ets",
    "la-lavote-json/*": "la_county_json",
    "nist-cvr/*.xml": "cast vote records",
    "nist-cvr/*.json": "a JSON schema",
    "nist-err/*.xsd": "an XML schema",
    "nist-err/*.json": "a JSON schema",
    "npr-normalized/*": "npr_ap",
    "onegov/ech0252*": "a Swiss delivery of results (eCH-0252)",
    "onegov/election_onegov_majorz.csv": "an election of OneGov",
    "onegov/vote_onegov.csv": "a vote of OneGov",
    "openelections/*": "openelections",
    "sovc/sf-orr*": "sf_orr",
    "sovc/*": "dominion_sov",
    "texas-sos-html/*": "texas_sos_html",
    "vip/vip-v3-ballot_line_result.xml": "a result of the Voting Information Project",
    "vip/vip_spec.xsd": "an XML schema",
}
"""Every sample, by pattern, the narrower first: the feed that reads it, or how it is named when it is refused."""


def named(path: Path) -> str:
    """Return the feed that reads a file, or the words it is refused with."""
    item = document(path.name, unpack(path.name, path.read_bytes()))
    try:
        feed, _ = registry.choose(item, FEEDS)
    except UnknownFormat as error:
        return error.problem
    return feed.id


@pytest.mark.shared
def test_every_sample_is_read_or_named(shared: Path):
    """No file of a known format is left to guesswork; a new sample needs a line in the table."""
    root = shared / "feeds"
    wrong = []
    for path in sorted(path for path in root.rglob("*") if path.is_file() and path.name != "MANIFEST.md"):
        name = path.relative_to(root).as_posix()
        expected = next((what for pattern, what in SAMPLES.items() if fnmatch(name, pattern)), "a line in SAMPLES")
        if not (found := named(path)).removeprefix("this is ").startswith(expected):
            wrong.append(f"{name}: {found}, expected {expected}")

    assert wrong == []


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda stranger: stranger.what.partition(":")[0])
def test_each_is_named_by_its_marks(stranger):
    """In words, with what to do next."""
    with pytest.raises(UnknownFormat) as caught:
        refuse_known(document("file", b" ".join(stranger.marks)))

    assert caught.value.problem == f"this is {stranger.what}."
    assert caught.value.next_step == stranger.next_step


def test_a_mark_alone_is_not_enough():
    """All marks of a format stand in the head."""
    assert refuse_known(document("file.json", b'{"$schema": "https://example.org"}')) is None


def test_a_stranger_is_named_before_any_feed_is_asked():
    """A template that looks like a table is no table of names."""
    header = b"title,date,shortcode,domain,status,type,group,entity_id,counted,yeas,nays,invalid,empty,eligible_voters\n"

    with pytest.raises(UnknownFormat, match="this is a vote of OneGov"):
        registry.choose(document("vote.csv", header + b"Test,2016-06-13,,canton,,proposal,Chur,3251,True,1458,2421,1,56,6817\n"), FEEDS)


def test_whoever_names_the_columns_is_heeded():
    """A person may know better what the table holds."""
    item = document(
        "vote.csv",
        b"entity_id,counted,yeas,nays,invalid,empty,eligible_voters\nChur,True,1458,2421,1,56,6817\n",
        mapping=parse_map("contest:=Test,unit=entity_id,votes=yeas,option:=Yes"),
    )

    assert registry.choose(item, FEEDS)[0].id == "table"


def test_whoever_names_the_format_is_heeded():
    """One feed is no choice."""
    [table] = [feed for feed in FEEDS if feed.id == "table"]

    assert registry.choose(document("file", b"<VipObject>"), [table])[0].id == "table"
