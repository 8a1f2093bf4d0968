"""Archives: what is read, what is kept out, what is refused."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from backtest_archives import tables
from racecall.backtest.archive import read_election
from racecall.desk.archives import archive_folders
from racecall.errors import BrokenFile, UsageError

THREE = [[100, 90, 20], [300, 260, 90], [500, 480, 200]]


def reasons(made):
    return [skipped.reason for skipped in read_election(made).skipped]


def test_a_contest_becomes_a_path_of_releases():
    """Three releases of three options are three looks of three columns."""
    contest = read_election(tables(THREE)).contests[0]
    assert contest.path.votes.tolist() == THREE


def test_rows_in_any_order_give_the_same_path():
    """Releases are put in order of time, whatever the order of rows."""
    made = tables(THREE)
    shuffled = replace(made, releases=made.releases.sample(fraction=1.0, shuffle=True, seed=3))
    assert read_election(shuffled).contests[0].path.votes.tolist() == THREE


def test_a_fall_is_kept_as_published():
    """A count that falls stays in the path: the record is what was published."""
    made = read_election(tables([[100, 90, 20], [80, 95, 30], [500, 480, 200]]))
    assert made.contests[0].path.votes[1].tolist() == [80, 95, 30]


def test_a_release_that_repeats_the_count_is_no_look():
    """Saying the same again teaches nothing."""
    made = read_election(tables([[100, 90, 20], [100, 90, 20], [500, 480, 200]]))
    assert len(made.contests[0].path.hours) == 2


def test_a_missing_column_names_the_file_and_the_column():
    """The message says which column of which file is missing."""
    made = tables(THREE)
    with pytest.raises(BrokenFile, match=r"xx-2024-03-05-primary, releases\.parquet: the column 'votes' is missing; found contest_id"):
        read_election(replace(made, releases=made.releases.drop("votes")))


def test_an_election_without_a_date_is_refused():
    """Without a date there is no clock."""
    made = tables(THREE)
    with pytest.raises(BrokenFile, match="no date of the election and no close of polls"):
        read_election(replace(made, election={"election_id": "xx"}))


def test_one_release_is_named_and_kept_out():
    """With one release there is nothing to judge before the end."""
    assert reasons(tables(THREE[:1])) == ["one release only: nothing to judge before the end"]


def test_no_votes_at_all_is_named_and_kept_out():
    """Zero votes are no count."""
    assert reasons(tables([[0, 0, 0], [0, 0, 0]])) == ["no votes, or no release before the last that changed anything"]


def test_one_candidate_is_named_and_kept_out():
    """One candidate cannot lose."""
    assert reasons(tables([[5], [9]], rule="plurality", good=(0,))) == ["not contested: no more options than places"]


def test_a_contest_without_a_rule_is_named_and_kept_out():
    """Ranked choice has no outcome in first preferences; an empty rule has none at all."""
    assert reasons(tables(THREE, rule="irv")) == ["no rule that can be judged (irv)"]


def test_a_tie_for_the_last_place_fills_no_place():
    """A call of either tied option counts as false."""
    made = tables([[100, 50, 40], [500, 200, 200]], good=(0,))
    final = made.final.with_columns(pl.when(pl.col("option") != "Option A").then(pl.lit("tied")).otherwise("outcome").alias("outcome"))
    assert read_election(replace(made, final=final)).contests[0].good.tolist() == [True, False, False]


def statement(**ballots):
    """An archive whose office spoke by category, when 650 were counted."""
    rows = [{"contest_id": "c1", "category": name, "as_of": "2024-03-06T18:00:00Z", "ballots": count} for name, count in ballots.items()]
    return replace(tables(THREE), outstanding=pl.DataFrame(rows))


@pytest.mark.parametrize("said", [{"total": 325, "mail": 300, "provisional": 25}, {"mail": 300, "provisional": 25}])
def test_a_statement_by_category_is_its_total(said):
    """325 on hand of 650 counted are a half, whether the office adds them up or not."""
    assert read_election(statement(**said)).contests[0].count.stated.ratio.tolist()[2] == pytest.approx(0.5)


def test_a_folder_without_an_archive_says_what_one_is(tmp_path):
    """The message tells what the folder should hold."""
    with pytest.raises(UsageError, match=r"an archived election is a folder with election\.json"):
        archive_folders([tmp_path])


def test_the_development_archive_gives_668_contests(archive):
    """Ten elections hold 668 canonical contested contests, the tie of CA-16 among them."""
    assert sum(len(election.contests) for election in archive) == 668


def test_the_share_counted_never_passes_one(archive):
    """Counts that fall later do not make more than everything counted."""
    assert all((contest.share_counted <= 1).all() and np.isfinite(contest.share_counted).all() for e in archive for contest in e.contests)
