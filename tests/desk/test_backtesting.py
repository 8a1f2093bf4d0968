"""The back-test with several workers, on a cluster, and stopped half-way: always the same figures."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from backtest_archives import CLOSE, tables
from racecall.backtest.calibrate import make_calibration
from racecall.backtest.run import BacktestSettings, backtest
from racecall.desk.archives import read_archive
from racecall.desk.backtesting import backtest_with, decode, encode
from racecall.desk.resuming import read_finished
from racecall.desk.workers import one_by_one, workers

SETTINGS = BacktestSettings(draws=100)


def write_archive(folder, *, contests, date, seed):
    """Write an archived election of several three-way contests with four releases each."""
    import polars as pl

    rng = np.random.default_rng(seed)
    made = [tables(_votes(rng), election=f"xx-{date}-primary", date=date) for _ in range(contests)]
    folder.mkdir(parents=True)
    for name, write in (("contests", "write_csv"), ("releases", "write_parquet"), ("final", "write_csv")):
        frames = [getattr(one, name).with_columns(pl.lit(f"c{at}").alias("contest_id")) for at, one in enumerate(made)]
        path = folder / {"releases": "releases.parquet"}.get(name, f"{name}.csv")
        getattr(pl.concat(frames), write)(path)
    about = dict(made[0].election) | {"polls_close_utc": f"{date}T04:00:00Z", "end_of_night_utc": f"{date}T12:00:00Z"}
    shifted = pl.read_parquet(folder / "releases.parquet").with_columns(
        pl.col("released_at") + (pl.lit(f"{date}T04:00:00Z").str.to_datetime(time_zone="UTC") - pl.lit(CLOSE))
    )
    shifted.write_parquet(folder / "releases.parquet")
    (folder / "election.json").write_text(json.dumps(about))
    return folder


def _votes(rng):
    shares = np.sort(rng.dirichlet([5, 4, 3]))[::-1]
    return [[round(share * total) for share in shares] for total in (1_000, 6_000, 9_000, 10_000)]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("archives")
    dates = ("2022-06-07", "2024-03-05")
    return [write_archive(root / date, contests=15, date=date, seed=at) for at, date in enumerate(dates)]


@pytest.fixture(scope="module")
def elections(folders):
    return tuple(read_archive(folder) for folder in folders)


@pytest.fixture(scope="module")
def calibration(elections):
    return make_calibration(elections)


@pytest.fixture(scope="module")
def expected(elections, calibration):
    """The figures of one process that does everything in order."""
    return json.dumps(backtest(elections, calibration, SETTINGS))


def test_two_processes_give_the_bytes_of_one(elections, calibration, expected):
    """The number of jobs changes the time and nothing else."""
    with workers(2) as run:
        made = backtest_with(run, elections, calibration, SETTINGS)

    assert json.dumps(made) == expected


def test_two_workers_of_a_cluster_give_the_bytes_of_one_process(elections, calibration, expected):
    """A Dask cluster changes the place and nothing else."""
    distributed = pytest.importorskip("distributed", reason="needs the cluster extra: pip install 'racecall[cluster]'")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        workers(cluster=cluster.scheduler_address) as run,
    ):
        made = backtest_with(run, elections, calibration, SETTINGS)

    assert json.dumps(made) == expected


@pytest.mark.slow
def test_a_cluster_from_the_command_line(folders, tmp_path):
    """`--cluster ADDRESS` is all it takes."""
    distributed = pytest.importorskip("distributed", reason="needs the cluster extra: pip install 'racecall[cluster]'")
    file = tmp_path / "calibration.json"
    racecall("calibrate", *folders, "--out", file, "--jobs", 1)
    common = ("backtest", *folders, "--calibration", file, "--draws", 100, "--json")
    _, here, _ = racecall(*common, "--jobs", 1)
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        code, there, wrong = racecall(*common, "--cluster", cluster.scheduler_address)

    assert (code, there, wrong) == (0, here, "")


def stopped_after(count):
    """Work like one process, and break down after some pieces."""

    def run(function, items):
        for at, result in one_by_one(function, items):
            if at == count:
                raise KeyboardInterrupt
            yield at, result

    return run


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(elections, calibration, expected, tmp_path):
    """What was finished before the stop is not done again, and the figures are those of a run that was never stopped."""
    file = tmp_path / "work.jsonl"
    with pytest.raises(KeyboardInterrupt):
        backtest_with(stopped_after(2), elections, calibration, SETTINGS, resume=file)
    kept = len(read_finished(file))
    made = backtest_with(one_by_one, elections, calibration, SETTINGS, resume=file)

    assert (kept, len(read_finished(file)), json.dumps(made)) == (2, 4, expected)


def test_a_finished_run_does_nothing_again(elections, calibration, expected, tmp_path):
    """With everything in the file no piece is worked on."""
    file = tmp_path / "work.jsonl"
    backtest_with(one_by_one, elections, calibration, SETTINGS, resume=file)
    made = backtest_with(stopped_after(0), elections, calibration, SETTINGS, resume=file)

    assert json.dumps(made) == expected


@pytest.mark.slow
@pytest.mark.shared
def test_a_killed_run_goes_on_and_leaves_nobody_behind(shared, tmp_path):
    """A run that is killed without warning ends with its workers; the next one finds its pieces and prints the bytes of a run in one go."""
    archive, file = shared / "archive" / "la-2024-03-05-primary", tmp_path / "work.jsonl"
    command = [sys.executable, "-m", "racecall", "backtest", str(archive), "--json", "--jobs", "2"]
    whole = subprocess.run(command, capture_output=True, check=True).stdout
    killed = subprocess.Popen([*command, "--resume", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while killed.poll() is None and not (file.exists() and file.stat().st_size):
        time.sleep(0.01)
    workers_of_it = children(killed.pid)
    killed.kill()
    killed.wait()
    kept = len(read_finished(file))
    again = subprocess.run([*command, "--resume", str(file)], capture_output=True, check=True).stdout

    assert 0 < kept < len(read_finished(file))
    assert again == whole
    assert still_there(workers_of_it) == []


def children(pid):
    """Return the processes that a process started; none where the system does not say."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return listed.read_text(encoding="ascii").split() if listed.exists() else []


def still_there(pids, seconds=10):
    """Return the processes that have not ended after some time."""
    until = time.monotonic() + seconds
    while (left := [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]) and time.monotonic() < until:
        time.sleep(0.05)
    return left


def test_other_settings_use_nothing_of_the_file(elections, calibration, tmp_path):
    """Another seed is other work: the file grows by as many pieces as there are."""
    file = tmp_path / "work.jsonl"
    for seed in (1, 2):
        backtest_with(one_by_one, elections, calibration, BacktestSettings(draws=100, seed=seed), resume=file)

    assert len(read_finished(file)) == 8


def test_back_tested_contests_are_read_back_as_they_were(elections, calibration):
    """Writing and reading a finished piece loses no digit."""
    from racecall.backtest.run import finish, piece_names, pieces

    rows = finish(next(pieces(elections, calibration, SETTINGS, piece_names(elections))), SETTINGS)

    assert decode(encode(rows)) == rows


def racecall(*arguments):
    made = subprocess.run([sys.executable, "-m", "racecall", *map(str, arguments)], capture_output=True, encoding="utf-8", check=False)
    return made.returncode, made.stdout, made.stderr


def test_calibrate_and_backtest_from_the_command_line(folders, tmp_path):
    """A calibration that was just made is the one the back-test uses, and nothing but JSON is printed."""
    file = tmp_path / "calibration.json"
    code, said, wrong = racecall("calibrate", *folders, "--out", file, "--jobs", 1)
    assert (code, "30 contests of 2 nights; alpha 0.5%" in said, wrong) == (0, True, "")
    code, said, wrong = racecall("backtest", *folders, "--calibration", file, "--draws", 100, "--json", "--resume", tmp_path / "work.jsonl")
    result = json.loads(said)

    assert (code, result["contests"], sorted(result["called_by"]), wrong) == (0, 30, ["0.5", "0.6", "0.75", "0.9"], "")


def test_the_page_has_risk_beside_speed(folders, tmp_path):
    """The table names false calls and the median call in one row, for us and for every other rule."""
    file = tmp_path / "calibration.json"
    racecall("calibrate", folders[0], "--out", file, "--jobs", 1)
    _, said, _ = racecall("backtest", folders[1], "--calibration", file, "--jobs", 1)
    heading = next(line for line in said.splitlines() if line.startswith("rule"))
    rows = [line.split("  ")[0] for line in said.splitlines() if " of 15 " in line]

    assert (heading.split()[1:3], rows[:3]) == (
        ["false", "rate"],
        ["racecall", "Leader persistence at 99.5%", "Required break above 20 points"],
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--alpha", "2"], "alpha is a chance above 0 and not above 0.5; found 2."),
        (["--draws", "3"], "a 90% interval needs 100 draws or more; found 3."),
        (["--calibration", "nowhere.json"], "no file nowhere.json."),
        (["--jobs", "-2"], "-2 jobs cannot work."),
    ],
)
def test_what_cannot_be_done_is_said_in_words(folders, arguments, words):
    """Exit code 2, one sentence, no figures."""
    code, said, wrong = racecall("backtest", folders[1], *arguments)

    assert (code, said, words in wrong) == (2, "", True)


def test_an_election_that_is_given_twice_is_refused(folders):
    """A folder and the folder it lies in: the contests would count twice."""
    code, said, wrong = racecall("backtest", folders[1], folders[1].parent, "--jobs", 1)

    assert (code, said, "are both the election xx-2024-03-05-primary: its contests would count twice." in wrong) == (2, "", True)


def test_a_calibration_that_knew_other_counts_is_said_so(folders, tmp_path):
    """An archive that was corrected after the calibration is named on the page."""
    file = tmp_path / "calibration.json"
    racecall("calibrate", *folders, "--out", file, "--jobs", 1)
    known = json.loads(file.read_text())["archives"]["xx-2024-03-05-primary"]
    file.write_text(file.read_text().replace(known, "0" * 64))
    _, said, _ = racecall("backtest", *folders, "--calibration", file, "--draws", 100, "--jobs", 1)

    assert "The calibration was made from another version of xx-2024-03-05-primary" in said


def test_a_calibration_of_another_scoring_function_is_refused(folders, tmp_path):
    """Its thresholds would promise nothing here."""
    file = tmp_path / "calibration.json"
    racecall("calibrate", folders[0], "--out", file, "--jobs", 1)
    file.write_text(file.read_text().replace('"score_version": "', '"score_version": "older-'))
    code, said, wrong = racecall("backtest", folders[1], "--calibration", file)

    assert (code, said, "made by scoring code older-" in wrong) == (2, "", True)
