"""Heavy work: the same results in this process, in several, and on a cluster."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from racecall.desk import workers
from racecall.errors import StorageError, UnknownName, UsageError


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


# -- one process beside a program that answers ---------------------------------------------------------------------------------------


def refuse():
    raise UnknownName("no rule of that name.", where="law.toml", next_step="Look at the list.")


def niceness():
    return os.nice(0)


def test_work_beside_is_done_in_one_other_process():
    """Two calls are answered by the same process, which is not this one and gives way to it."""
    with workers.apart() as process:
        pids = {process(os.getpid), process(os.getpid)}
        gives_way = process(niceness) > niceness()

    assert (len(pids), os.getpid() in pids, gives_way) == (1, False, True)


def test_a_process_that_was_killed_is_started_anew():
    """Whoever calls next is answered, by another process."""
    with workers.apart() as process:
        before = process(os.getpid)
        os.kill(before, signal.SIGKILL)
        after = process(os.getpid)

    assert before != after


def test_a_process_that_ends_twice_is_said_and_tried_again_at_the_next_call():
    """Work that ends its process is not tried for ever; the next call begins with a fresh one."""
    with workers.apart() as process:
        with pytest.raises(
            StorageError, match=r"has ended, and so has the one that was started in its place\.\nLook at the machine's memory"
        ):
            process(os._exit, 1)
        answer = process(double, 2)

    assert answer == 4


def test_work_is_begun_beside_while_this_process_works():
    """Its result is asked for later."""
    with workers.apart() as process:
        waiting = [process.begin(double, number) for number in (1, 2)]
        pid = process.begin(os.getpid)()
        done = [one() for one in waiting]

    assert (done, pid != os.getpid()) == ([2, 4], True)


def test_work_whose_process_was_killed_is_done_here():
    """Nothing is lost, and the next call begins with a fresh one."""
    with workers.apart() as process:
        there = process(os.getpid)
        os.kill(there, signal.SIGKILL)
        done = process.begin(os.getpid)()
        after = process.begin(os.getpid)()

    assert (done, after not in {there, os.getpid()}) == (os.getpid(), True)


def test_an_error_of_ours_comes_back_with_its_words():
    """Where it was and what to do next survive the way."""
    with workers.apart() as process, pytest.raises(UnknownName) as error:
        process(refuse)

    assert str(error.value) == "law.toml: no rule of that name.\nLook at the list."


def test_a_sigterm_to_everything_does_not_end_it():
    """It goes when its parent goes: a desk that is told to stop may still ask it for something."""
    with workers.apart() as process:
        pid = process(os.getpid)
        os.kill(pid, signal.SIGTERM)
        after = process(os.getpid)

    assert after == pid


def gone(pids):
    """Wait until no process has one of these numbers; say whether it came to that."""
    for _ in range(200):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_process_is_gone_with_the_block():
    """Nothing is left running."""
    with workers.apart() as process:
        pid = process(os.getpid)

    assert gone([pid])
