"""What we hand on we read back: the same release, from every format that we both write and read."""

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from racecall.feeds.nist_json import NistJsonFeed
from racecall.feeds.nist_xml import NistXmlFeed
from racecall.feeds.openelections import OpenElectionsFeed
from racecall.feeds.table import TableFeed
from racecall.feeds.text import escape_formula, unescape_formula
from racecall.ledger.totals import by_unit
from racecall.publish.base import Export
from racecall.publish.nist_json import NistJsonPublisher
from racecall.publish.nist_xml import NistXmlPublisher
from racecall.publish.openelections_csv import OpenElectionsPublisher
from racecall.publish.tables import ParquetPublisher
from racecall.testing import document, exports

SLOW = settings(max_examples=40, suppress_health_check=list(HealthCheck))
MARKS = st.sampled_from(["", "=", "+", "-", "@"])
PLAIN = st.builds("{}Q{}".format, MARKS, st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=8))
"""Names that mean nothing to the OpenElections feed, which reads "Total" or "write-in" for what they are; some look like formulas."""


def read(publisher, feed, export):
    """Write an export and read the one file again."""
    ((name, data),) = publisher.write(export)
    return feed.parse(document(name, data))


def given_rows(table, number):
    """The rows of a table that have a number, without their places."""
    return sorted(table.filter(pl.col(number).is_not_null()).drop("row").rows())


@pytest.mark.parametrize(("publisher", "feed"), [(NistJsonPublisher(), NistJsonFeed()), (NistXmlPublisher(), NistXmlFeed())])
def test_a_nist_report_is_the_same_release(publisher, feed):
    """Every number, its contest, unit and count type, names and parties, hour, status and note, units, and what the office said is left."""

    @SLOW
    @given(exports())
    def holds(export):
        reading = read(publisher, feed, export)
        (release,), (counted,) = reading.releases, export.counted
        views = counted.contests

        assert given_rows(release.counts, "votes") == given_rows(counted.counts, "votes")
        assert given_rows(release.ballots, "ballots") == given_rows(counted.ballots, "ballots")
        assert (release.published_at, release.status) == (counted.release.moment, counted.release.status)
        assert (release.source, release.note) == (counted.release.source, counted.release.note)
        assert [(one.key, one.title, one.units_reported, one.units_total) for one in release.contests] == [
            (view.contest.id, view.contest.title, view.units_reported, view.units_total) for view in views
        ]
        assert [(option.key, option.name, option.party) for one in release.contests for option in one.options] == [
            (option.id, option.name, option.party) for view in views for option in view.contest.options
        ]
        assert {(said.contest, said.category, said.ballots) for said in reading.statements} == {
            (said.contest, said.category, said.ballots) for view in views for said in view.statements
        }

    holds()


@SLOW
@given(exports())
def test_a_parquet_table_is_the_same_count(export):
    """Every cell, also those without a number, and the hour."""
    (release,), (counted,) = read(ParquetPublisher(), TableFeed(), export).releases, export.counted

    assert sorted(release.counts.drop("row").rows(), key=str) == sorted(counted.counts.drop("row").rows(), key=str)
    assert release.published_at == counted.release.moment


@SLOW
@given(exports(PLAIN))
def test_an_openelections_table_is_the_same_count(export):
    """Count types of every unit, and their sums as totals; the contest is known by its title, the option by its name."""
    (counted,) = export.counted
    parts = (pl.col("unit") != "all") & (pl.col("count_type") != "total") & pl.col("votes").is_not_null()
    own = counted.counts.filter(parts)
    assume(own.height)
    kept = type(counted)(release=counted.release, contests=counted.contests, counts=own, ballots=counted.ballots.clear())
    (release,) = read(OpenElectionsPublisher(), OpenElectionsFeed(), Export(view=export.view, counted=(kept,))).releases
    titled = own.with_columns(pl.col("contest").replace({view.contest.id: view.contest.title for view in counted.contests}))

    assert given_rows(release.counts.filter(pl.col("count_type") != "total"), "votes") == given_rows(titled, "votes")
    assert sorted(by_unit(release.counts).select("contest", "unit", "option", "votes").rows()) == sorted(
        by_unit(titled).select("contest", "unit", "option", "votes").rows()
    )


@given(st.text(max_size=12))
def test_every_text_comes_back_from_its_escape(text):
    """Whatever it begins with."""
    assert unescape_formula(escape_formula(text)) == text
