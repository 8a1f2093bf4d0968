"""Heavy work: the same results in this process, in several, and on a cluster."""

import sys

import pytest

from racecall.desk import workers
from racecall.errors import UsageError


def double(number):
    return 2 * number


def results(run, items):
    return [result for _, result in sorted(run(double, items))]


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_item_is_worked_on_once(jobs):
    """Three items give three results, each under its own index."""
    with workers.workers(jobs) as run:
        made = results(run, [1, 2, 3])

    assert made == [2, 4, 6]


def test_no_items_give_no_results():
    """Nothing to do is no error."""
    with workers.workers(2) as run:
        made = results(run, [])

    assert made == []


def test_an_error_of_a_worker_reaches_the_reader():
    """A worker that fails does not fail in silence."""
    with workers.workers(2) as run, pytest.raises(TypeError, match="unsupported operand"):
        results(run, [None])


def test_a_number_of_jobs_below_zero_is_refused():
    """Minus one process cannot work."""
    with pytest.raises(UsageError, match=r"-1 jobs cannot work\."), workers.workers(-1):
        pass


def test_a_cluster_without_the_extra_says_what_to_install(monkeypatch):
    """The message holds the command."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(
            UsageError, match=r'needs the cluster extra, which is not installed\.\nInstall it with: pip install "racecall\[cluster\]"'
        ),
        workers.workers(cluster="tcp://127.0.0.1:9"),
    ):
        pass


def test_a_cluster_where_nobody_answers_is_named(monkeypatch):
    """The message holds the address and the command that starts a scheduler."""
    pytest.importorskip("distributed", reason="needs the cluster extra: pip install 'racecall[cluster]'")
    monkeypatch.setattr(workers, "CONNECT_SECONDS", "1s")
    with (
        pytest.raises(UsageError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9\.\nStart one with: dask scheduler"),
        workers.workers(cluster="tcp://127.0.0.1:9"),
    ):
        pass
