"""Chunks of runs computed by the workers of a scheduler, and kept here as they come.

A chunk is a pure function of its request, so that it does not matter which machine computes it, nor how often. A worker
that is lost costs the chunks that it had not delivered; the scheduler gives them to others. Only a few chunks for each
thread are on their way at a time, so that results do not pile up on the workers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, suppress
from itertools import islice
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from afterfall.run.chunk_orders import Order, OtherNumbers, Side, chunk_on_worker, first_simulation
from afterfall.run.errors import RunError, SettingError
from afterfall.run.run_making import Making

if TYPE_CHECKING:
    from distributed import Client, Future

    from afterfall.run.workers import Workers

#: Chunks on their way for each thread of the workers, and at least.
AHEAD, LEAST_AHEAD = 3, 16
#: Seconds without a result after which the workers are looked after.
LOOK_AFTER = 5.0
RESUME = "finished chunks of a run folder are kept: run the same command again to resume"


class Sent(Protocol):
    """What is sent to workers once for all their tasks."""

    @property
    def number(self) -> str:
        """A name that nothing else sent has."""


def missing_by_chunk(makings: Sequence[Making]) -> dict[int, list[int]]:
    """By number of a chunk: positions of the runs that lack it, in order."""
    found: dict[int, list[int]] = {}
    for i, making in enumerate(makings):
        for number in making.missing:
            found.setdefault(number, []).append(i)
    return {number: found[number] for number in sorted(found)}


def keep_from_workers(
    workers: Workers, makings: Sequence[Making], missing: Mapping[int, Sequence[int]]
) -> Generator[int]:
    """Compute chunks on workers, and keep each as it comes.

    Parameters
    ----------
    workers
        Where to compute.
    makings
        The runs in the making.
    missing
        By number of a chunk: positions of the runs that lack it. These are computed together, on one worker.

    Yields
    ------
    int
        Number of simulations that have been kept more.

    Raises
    ------
    SettingError
        If a worker does not compute the same numbers.
    RunError
        If workers are lost again and again, or none is left; what was kept stays.
    """
    job = makings[0].job
    first = first_simulation(job.model, job.request, job.posterior, job.series)
    order = Order(tuple(Side.of(making) for making in makings), first)
    tasks = {number: (tuple(which),) for number, which in missing.items()}
    with closing(results_from_workers(workers, order, tasks, chunk_on_worker)) as results:
        for number, found in results:
            for position, packed, simulations in found:
                makings[position].keep(number, packed)
                yield simulations


def results_from_workers(
    workers: Workers, order: Sent, tasks: Mapping[int, tuple[Any, ...]], work: Callable[..., Any]
) -> Generator[tuple[int, Any]]:
    """Do tasks on workers, and give the result of each as it comes.

    Parameters
    ----------
    workers
        Where to compute.
    order
        What all tasks share: plain data that reaches each worker once.
    tasks
        What to do, by number: arguments of `work` after the order and the number.
    work
        A pure function of a module, ``work(order, number, *arguments)``.

    Yields
    ------
    tuple
        Number of a task, and its result.

    Raises
    ------
    SettingError, RunError
        As `keep_from_workers`.
    """
    client = workers.client
    sent = client.submit(_as_sent, order, key=f"afterfall-order-{order.number}")
    todo, done = iter(tasks.items()), SimpleQueue[Any]()
    waiting: dict[str, tuple[Future, int]] = {}
    looked = _Looked(workers)
    try:
        while True:
            for number, arguments in islice(todo, max(looked.ahead() - len(waiting), 0)):
                name = f"afterfall-chunk-{order.number}-{number}"
                future = client.submit(work, sent, number, *arguments, key=name)
                waiting[name] = future, number
                future.add_done_callback(done.put)
            if not waiting:
                return
            future = _next(done, looked)
            number = waiting[future.key][1]
            yield number, _result(future, number, looked, workers)
            del waiting[future.key]
    finally:
        with suppress(Exception):
            _forget(client, [sent, *(future for future, _ in waiting.values())])


def _forget(client: Client, futures: Sequence[Future]) -> None:
    client.cancel(list(futures), force=True)


class _Looked:
    """What is known of the workers, looked up again every few seconds."""

    def __init__(self, workers: Workers) -> None:
        self._workers, self._threads, self._when = workers, workers.threads, time.monotonic()
        self._alive = self._when

    def ahead(self) -> int:
        """Chunks that should be on their way."""
        if time.monotonic() - self._when > LOOK_AFTER:
            self.again()
        return max(AHEAD * self._threads, LEAST_AHEAD)

    def again(self) -> None:
        """Look whether there are workers.

        Raises
        ------
        RunError
            If there has been none for as long as a first worker may take to join.
        """
        try:
            self._threads = self._workers.threads
        except (OSError, TimeoutError) as problem:
            raise RunError(f"the scheduler {self._workers.scheduler} has ended; {RESUME}") from problem
        self._when = time.monotonic()
        if self._threads:
            self._alive = self._when
        elif self._when - self._alive > self._workers.join:
            raise RunError(f"all workers of {self._workers.scheduler} are gone; {RESUME}")


def _next(done: SimpleQueue[Any], looked: _Looked) -> Future:
    """The next chunk that has an end, be it good or bad."""
    while True:
        try:
            return done.get(timeout=LOOK_AFTER)
        except Empty:
            looked.again()


def _result(future: Future, number: int, looked: _Looked, workers: Workers) -> Any:
    """What came of a chunk.

    Raises
    ------
    SettingError, RunError
        As `keep_from_workers`.
    """
    from distributed import KilledWorker

    where = f"{{0}} {workers.scheduler}"
    while True:
        try:
            found = future.result(timeout=LOOK_AFTER)
        except TimeoutError:
            looked.again()  # its worker was lost, so that it is computed again
        except CancelledError as problem:
            raise RunError(f"the scheduler {workers.scheduler} has ended; {RESUME}") from problem
        except KilledWorker as problem:
            raise RunError(
                f"several workers were lost one after the other while they computed chunk {number}, most often for "
                f"want of memory; {RESUME}"
            ) from problem
        except OtherNumbers as problem:
            raise SettingError(f"{where}: {problem}", "scheduler") from problem
        except ImportError as problem:
            raise SettingError(
                f"{where}: a worker has no {problem.name}; install the same there", "scheduler"
            ) from None
        else:
            return found


def _as_sent(order: Any) -> Any:
    """The order. As a result of the scheduler it reaches each worker once, and is there again after one is lost."""
    return order
