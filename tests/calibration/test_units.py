"""Coverage with units and count types: partial counts simulated from final precinct results, and real county and precinct counts."""

import numpy as np
import polars as pl
import pytest

from racecall.backtest.compare import share_errors
from racecall.backtest.coverage import contenders, fixed_looks
from racecall.backtest.partial import partial_look, reveal
from racecall.calls.calibration_file import parse_calibration
from racecall.calls.night import judge_night
from racecall.desk.archives import packaged_calibration, read_archive
from racecall.projection.forecast import forecast
from racecall.projection.logratio import LogRatioProjection
from racecall.projection.outlook import contest_look, over_units
from unit_results import chosen, cube, precinct_results

pytestmark = [pytest.mark.slow, pytest.mark.shared]
SHARES = (0.3, 0.6, 0.85)
GEORGIA = {"state": "GA", "least_candidates": 2, "since": "2014", "methods": 3, "contests": 80, "seed": 2}
LOUISIANA = {"state": "LA", "least_candidates": 3, "since": "2007", "methods": 2, "contests": 100, "seed": 2}


def errors_of(look, final, setting, *, seed, draws=400):
    """Rows of an option: error, inside 50%, inside 90%."""
    made = forecast(LogRatioProjection().draw(look, draws=draws, seed=seed), setting)
    return share_errors(made, final, contenders(look.votes, setting.eligible, setting.slots))


def simulated(results):
    """Errors of every contest at every share counted."""
    rows = []
    for at, result in enumerate(results):
        for share in SHARES:
            rng = np.random.default_rng([5, at, int(100 * share)])
            counted = reveal(result, share, rng)
            if counted.sum() >= 200:
                rows.append(errors_of(partial_look(result, counted, rng), result.final.sum(axis=(0, 1)), result.setting, seed=at))
    return np.concatenate(rows)


@pytest.mark.parametrize(("name", "which", "first_round"), [("oe_ga", GEORGIA, False), ("la_sos_jungle", LOUISIANA, True)])
def test_intervals_cover_partial_precinct_counts(shared, name, which, first_round):
    """90% intervals cover 85% to 93% of final shares at 30%, 60% and 85% counted, in a seeded sample other than the one fitted on."""
    folder = shared / "precinct"
    table = simulated(precinct_results(folder, name, chosen(folder, **which), first_round=first_round))
    assert 0.85 <= table[:, 2].mean() <= 0.93, table[:, :3].mean(axis=0)


def releases(shared, election):
    """The unit rows of an archived election, by contest and time."""
    rows = pl.read_parquet(shared / "archive" / election / "releases.parquet").with_columns(
        pl.col("contest_id", "unit", "count_type", "option", "party").cast(pl.String)
    )
    return rows.filter(pl.col("unit") != "all").partition_by("contest_id", as_dict=True, maintain_order=True)


def real(shared, election, *, first_round, share):
    """Errors at the newest release with at most a share counted; votes to come are right but for a stated error."""
    rows = []
    for (contest,), table in sorted(releases(shared, election).items()):
        by_time = [part for _, part in sorted(table.partition_by("released_at", as_dict=True).items())]
        parties = {option: party for option, party in by_time[-1].select("option", "party").unique().iter_rows() if party}
        result = cube(by_time[-1], "unit", "count_type", "option", first_round=first_round, contest=contest, parties=parties)
        counts = [cube(part, "unit", "count_type", "option", first_round=first_round).final for part in by_time]
        then = [count for count in counts if count.shape == result.final.shape and count.sum() <= share * result.final.sum()]
        if then:
            rng = np.random.default_rng([7, int(100 * share)])
            rows.append(errors_of(partial_look(result, then[-1], rng), result.final.sum(axis=(0, 1)), result.setting, seed=1))
    return np.concatenate(rows)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6, 0.85, 0.95])
def test_the_georgia_runoffs_of_2021_stay_inside(shared, share):
    """County by count type, where mail and election day were 1.3 apart in the log ratio: what came lies inside every 90% interval."""
    assert real(shared, "ga-2021-01-05-runoff", first_round=False, share=share)[:, 2].all()


@pytest.mark.parametrize("share", [0.7, 0.95])
def test_san_francisco_precincts_cover(shared, share):
    """First choices of 2024 by precinct, as a count (no winner is meant): 90% intervals cover at least 87% of 28 shares."""
    assert real(shared, "sf-2024-11-05", first_round=True, share=share)[:, 2].mean() >= 0.87


@pytest.fixture(scope="module")
def counties(shared):
    """Contests of March 2024 in more than one county: errors by look, as one total and by county."""
    calibration = parse_calibration(packaged_calibration())
    contests = [c for c in read_archive(shared / "archive" / "ca-2024-03-05-primary").contests if len(c.count.counties) > 1]
    experience = calibration.experience("2024-03-05")
    tables = {key[0]: table for key, table in releases(shared, "ca-2024-03-05-primary").items()}
    rows = {}
    for contest, judged in zip(contests, judge_night([c.count for c in contests], experience), strict=True):
        for name, at in fixed_looks(contest):
            whole = contest_look(contest.path, at, contest.setting, judged.volume, judged.drift)
            counted, names = by_county(tables[contest.setting.id], contest, at)
            habit = np.exp(-np.array([experience.night_share.get(county, 0.08) for county in names]))
            for form, look in (("total", whole), ("county", over_units(whole, counted, counted.sum(axis=1) * habit + 1))):
                rows.setdefault((form, name), []).append(errors_of(look, contest.path.votes[-1], contest.setting, seed=1))
    return {key: np.concatenate(errors) for key, errors in rows.items()}


def by_county(table, contest, at):
    """Votes by county and option, as public at a look."""
    moment = pl.lit(contest.released_at[at]).str.to_datetime(time_zone="UTC")
    then = table.filter(pl.col("released_at") <= moment)
    then = then.filter(pl.col("released_at") == then["released_at"].max())
    wide = (
        then.group_by("unit", "option").agg(pl.col("votes").sum()).pivot("option", index="unit", values="votes").fill_null(0).sort("unit")
    )
    return wide.select(contest.setting.options).to_numpy().astype(float), wide["unit"].to_list()


@pytest.mark.parametrize("look", ["night", "three_days"])
def test_county_units_cover(counties, look):
    """With county units 90% intervals cover 87% to 93% of final shares, at the end of the night and after three days."""
    assert 0.87 <= counties["county", look][:, 2].mean() <= 0.93


@pytest.mark.parametrize("look", ["night", "three_days"])
def test_county_units_lose_nothing(counties, look):
    """The error of the median share with county units is at most two hundredths above that of one total."""
    errors = [np.sqrt((counties[form, look][:, 0] ** 2).mean()) for form in ("county", "total")]
    assert errors[0] <= 1.02 * errors[1]
