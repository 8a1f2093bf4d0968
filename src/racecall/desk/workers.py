"""Where heavy work is done: in this process, in several processes of this machine, or on a Dask cluster. The results are the same.

A `Run` takes a function and items and yields pairs of index and result, in whatever order they are ready. The function and what it takes
and returns must be values that can be pickled.

`apart` is for a program that answers meanwhile: one process beside it does what would hold it up.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from racecall.desk.resuming import code_sha256
from racecall.errors import StorageError, UsageError

if TYPE_CHECKING:
    from concurrent.futures import Executor, ProcessPoolExecutor

T = TypeVar("T")
R = TypeVar("R")
Run = Callable[[Callable[[Any], Any], Iterable[Any]], Iterator[tuple[int, Any]]]

CONNECT_SECONDS = "15s"
"""A scheduler that has not answered by then is taken as absent."""
GIVES_WAY = 5
"""By how much a process beside one that answers is nicer than that one (nice(2)): it gets a quarter of a core that both want."""
NO_EXTRA = 'Install it with: pip install "racecall[cluster]" (here and on every worker).'


def cores() -> int:
    """Return the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def workers(jobs: int = 0, cluster: str = "") -> Iterator[Run]:
    """Give a way to run work.

    Args:
        jobs: Processes of this machine; 1 works in this process, 0 takes one a core.
        cluster: Address of a Dask scheduler (``tcp://host:8786``); "" for this machine.

    Raises:
        UsageError: The cluster extra is not installed, nobody answers at the address, or a worker runs other code.
    """
    if jobs < 0:
        raise UsageError(f"{jobs} jobs cannot work.", next_step="Give --jobs 1 or more, or leave it out for one a core.")
    if cluster:
        with _cluster(cluster) as run:
            yield run
    elif (jobs or cores()) == 1:
        yield one_by_one
    else:
        with _processes(jobs or cores()) as run:
            yield run


def one_by_one(function: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[int, R]]:
    """Work in this process, in order."""
    return ((at, function(item)) for at, item in enumerate(items))


@contextmanager
def _processes(jobs: int) -> Iterator[Run]:
    pool = _pool(jobs, _end_with_parent)
    try:
        yield lambda function, items: _in_pool(pool, function, items)
    finally:
        pool.shutdown(cancel_futures=True)


def _pool(jobs: int, begin: Callable[[], None]) -> ProcessPoolExecutor:
    """Return fresh processes: a fork would copy the locks of Polars' threads with nobody left to open them."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=begin)


def _end_with_parent() -> None:
    """Make a worker end when the command that started it is gone, however it went; a Ctrl-C is the command's to answer."""
    import signal
    from multiprocessing import parent_process
    from multiprocessing.connection import wait
    from threading import Thread

    parent = parent_process()
    assert parent is not None
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=lambda: (wait([parent.sentinel]), os._exit(1)), daemon=True).start()


def _in_pool(pool: Executor, function: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[int, R]]:
    from concurrent.futures import as_completed

    sent = {pool.submit(function, item): at for at, item in enumerate(items)}
    for future in as_completed(list(sent)):
        yield sent.pop(future), future.result()


# -- one process beside a program that answers -------------------------------------------------------------------------------------------


class Apart:
    """One process beside this one: whoever calls it waits, and all other threads of this process go on undisturbed.

    It is started when it is first needed and started anew when it has ended, whatever ended it.
    """

    def __init__(self, niceness: int = GIVES_WAY) -> None:
        self.niceness = niceness
        self._process: ProcessPoolExecutor | None = None
        self._one_at_a_time = Lock()

    def __call__(self, function: Callable[..., R], *arguments: object) -> R:
        """Call a function there, in a second process if the first has ended, and return its result or raise its error.

        Raises:
            StorageError: The second has ended as well.
        """
        from concurrent.futures.process import BrokenProcessPool

        with self._one_at_a_time:
            for _ in range(2):
                try:
                    self._process = self._process or _pool(1, partial(_begin_apart, self.niceness))
                    return self._process.submit(function, *arguments).result()
                except BrokenProcessPool:
                    self.end()
        raise StorageError(
            "the process that does this work has ended, and so has the one that was started in its place.",
            next_step="Look at the machine's memory, and at what was printed.",
        )

    def begin(self, function: Callable[..., R], *arguments: object) -> Callable[[], R]:
        """Begin a call there and return what waits for its result; if the process has ended by then, the work is done here."""
        from concurrent.futures.process import BrokenProcessPool

        def result() -> R:
            try:
                return begun.result()
            except BrokenProcessPool:
                self.end()
                return function(*arguments)

        try:
            self._process = self._process or _pool(1, partial(_begin_apart, self.niceness))
            begun = self._process.submit(function, *arguments)
        except BrokenProcessPool:
            self.end()
            return lambda: function(*arguments)
        return result

    def end(self) -> None:
        """End the process after what it works on."""
        if self._process:
            self._process.shutdown(cancel_futures=True)
            self._process = None


@contextmanager
def apart(niceness: int = GIVES_WAY) -> Iterator[Apart]:
    """Give a process beside this one; it ends with the block, and with this process however that ends.

    Args:
        niceness: By how much it gives way to this one; 0 where this one only waits for it.
    """
    process = Apart(niceness)
    try:
        yield process
    finally:
        process.end()


def _begin_apart(niceness: int) -> None:
    """Make a process end with its parent and not before, and let the parent go first where both want a core.

    A SIGTERM to everything that belongs to a service is the parent's to answer.
    """
    import signal

    _end_with_parent()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(niceness)


@contextmanager
def _cluster(address: str) -> Iterator[Run]:
    try:
        client = _dask().Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {address}.",
            next_step="Start one with: dask scheduler (and on every worker: dask worker ADDRESS)",
        ) from error
    with client:
        _check_workers(client, address)
        yield lambda function, items: _on_cluster(client, function, items)


def _dask() -> Any:
    """Return Dask's module, which is an extra and gives no types."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise UsageError("a Dask cluster needs the cluster extra, which is not installed.", next_step=NO_EXTRA) from error


def _check_workers(client: Any, address: str) -> None:
    """Make sure that there are workers, and that every one runs this code: figures of two versions must not be mixed."""
    said = client.run(_code_here, on_error="return")
    if not said:
        raise UsageError(f"the Dask scheduler at {address} has no workers.", next_step=f"Start some with: dask worker {address}")
    other = sorted(worker for worker, code in said.items() if code != code_sha256())
    if other:
        raise UsageError(
            f"{len(other)} of {len(said)} workers do not run this racecall ({other[0]}): figures of two versions must not be mixed.",
            where=f"Dask cluster {address}",
            next_step="Install the same racecall[cluster] on every worker.",
        )


def _code_here() -> str:
    return code_sha256()


def _on_cluster(client: Any, function: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[int, R]]:
    sent = {client.submit(function, item, pure=False): at for at, item in enumerate(items)}
    for future, result in _dask().as_completed(list(sent), with_results=True):
        yield sent.pop(future), result
