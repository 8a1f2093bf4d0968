"""Bad archives and foreign calibrations: a clear error or a named abstention, never a number that looks right."""

from dataclasses import replace

import polars as pl
import pytest

from backtest_archives import tables
from racecall.backtest.archive import read_election
from racecall.backtest.calibrate import make_calibration
from racecall.backtest.run import backtest
from racecall.calls.calibration import PathMaximum, Regime
from racecall.calls.calibration_file import Calibration, score_version
from racecall.errors import BrokenFile, UsageError

THREE = [[100, 90, 20], [300, 260, 90], [500, 480, 200]]


def votes_as(instead, dtype=pl.Int64):
    """An archive in which the 260 of option B is something else."""
    made = tables(THREE)
    changed = pl.when(pl.col("votes") == 260).then(pl.lit(instead, dtype=dtype)).otherwise(pl.col("votes").cast(dtype)).alias("votes")
    return replace(made, releases=made.releases.with_columns(changed))


def reason(made):
    """Why the one contest of an archive is left out."""
    (skipped,) = read_election(made).skipped
    return skipped.reason


@pytest.mark.parametrize(("instead", "dtype"), [(-5, pl.Int64), (None, pl.Int64), (float("nan"), pl.Float64)])
def test_a_count_that_is_no_count_is_named_and_kept_out(instead, dtype):
    """A withheld, negative or missing number does not become a zero."""
    assert reason(votes_as(instead, dtype)) == "a count is missing, negative or no number (Option B at 2024-03-06 17:00)"


def test_an_option_counted_twice_is_named_and_kept_out():
    """Rows that come twice are not added up."""
    made = tables(THREE)
    assert reason(replace(made, releases=pl.concat([made.releases] * 2))) == (
        "a release counts an option twice (Option A at 2024-03-06 05:00)"
    )


def test_an_option_without_a_final_result_is_named_and_kept_out():
    """Names that differ between the releases and the final result would make every call false."""
    made = tables(THREE)
    assert reason(replace(made, final=made.final.filter(pl.col("option") != "Option A"))) == (
        "counted, and not in the final result: Option A"
    )


def test_a_contest_that_nobody_won_is_named_and_kept_out():
    """Without a winner every call would count as false."""
    made = tables(THREE)
    assert reason(replace(made, final=made.final.with_columns(outcome=pl.lit("lost")))) == "nobody filled a place in the final result"


def test_releases_from_before_the_polls_closed_are_named_and_kept_out():
    """Times in another zone or of another year give no count of a night."""
    assert reason(tables(THREE, hours=[-30.0, -20.0, -10.0])) == "every release is from before the polls closed"


def test_an_empty_rule_is_named_and_kept_out():
    """Without a rule there is no place to call."""
    made = tables(THREE)
    empty = made.contests.with_columns(pl.lit(None, dtype=pl.String).alias("rule"))
    assert reason(replace(made, contests=empty)) == "no rule that can be judged (none given)"


def test_votes_that_are_words_are_refused():
    """The message says what was expected and what was found."""
    made = tables(THREE)
    with pytest.raises(BrokenFile, match=r"releases\.parquet: votes are numbers; found String in the column 'votes'\.\nSee docs/archives"):
        read_election(replace(made, releases=made.releases.with_columns(votes=pl.lit("many"))))


def test_a_release_without_a_time_is_refused():
    """One row without a time leaves the order of releases open."""
    made = tables(THREE)
    some = pl.when(pl.col("votes") == 260).then(None).otherwise("released_at").alias("released_at")
    with pytest.raises(BrokenFile, match="every release has a time; found 1 rows without"):
        read_election(replace(made, releases=made.releases.with_columns(some)))


def test_a_contest_listed_twice_is_refused():
    """Two rows of one contest may give two rules."""
    made = tables(THREE)
    with pytest.raises(BrokenFile, match="a contest has one row; found c1 listed more than once"):
        read_election(replace(made, contests=pl.concat([made.contests] * 2)))


def test_a_close_of_polls_that_is_no_time_is_refused():
    """The message shows what a time looks like."""
    with pytest.raises(BrokenFile, match=r'"soon" is no time\.\nWrite times like 2024-03-06T04:00:00Z'):
        read_election(tables(THREE, polls_close_utc="soon"))


def test_an_archive_without_a_judged_contest_teaches_nothing():
    """A calibration of nothing is refused."""
    with pytest.raises(UsageError, match="no contest of these archives can be judged, so nothing can be learned from them"):
        make_calibration([read_election(tables(THREE, rule="irv"))])


def test_one_small_archive_gives_no_threshold_and_arithmetic_calls():
    """A calibration of one contest says so, and calls by arithmetic alone."""
    election = read_election(tables(THREE))
    made = backtest([election], make_calibration([election]))
    assert made["per_contest"][0]["basis"].startswith("insufficient calibration: no archived contest with these mail rules")


def calibration(**archives):
    """A calibration made of archives by name and hash."""
    maximum = PathMaximum(contest="c", night="2022-11-08", regime=Regime.LATE_MAIL, score=1.0)
    return Calibration(score_version=score_version(), archives=archives, lessons=(), night_share={"": {}}, maxima=(maximum,))


NAME = "xx-2024-03-05-primary"


@pytest.mark.parametrize(("made_of", "named"), [({NAME: "a" * 64}, [NAME]), ({NAME: "b" * 64}, []), ({}, [])])
def test_a_calibration_of_other_files_is_named_beside_the_figures(made_of, named):
    """The same name and another hash: nobody could make the same figures again. A night that is new to a calibration is no such case."""
    election = replace(read_election(tables(THREE)), sha256="b" * 64)
    assert backtest([election], calibration(**made_of))["calibration"]["other_versions"] == named
