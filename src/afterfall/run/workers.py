"""Workers of a Dask scheduler: found, checked, and left as they were found.

A run may be computed by the workers of any `dask.distributed` scheduler, or by processes of this machine (``local``).
Workers must compute the same bits as this machine: their code and their libraries are compared with those here before
any work is sent, and each of them repeats one simulation that was made here (`chunk_orders`).

The local scheduler and its workers listen on the loopback address alone, and have no dashboard.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import platform
import re
import signal
import socket
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from afterfall.run.errors import SettingError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

#: Worker processes on this machine.
LOCAL = "local"
EXTRA = "afterfall[cluster]"
#: Seconds in which a scheduler must answer, and in which a first worker must join it.
ANSWER, JOIN = 10.0, 60.0
#: Bytes of the longest greeting of a scheduler.
LONGEST_GREETING = 2**20
#: Workers that a message lists.
LISTED = 5
BOTH = "scheduler", "threads"
#: How Python says that a module is absent; some errors of workers arrive as text.
NO_MODULE = re.compile(r"No module named '([^']+)'")
ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:\[(?P<ip6>[^\]\s]+)\]|(?P<host>[^/\s:\[\]]+)):(?P<port>\d{1,5})")


@dataclass(frozen=True, eq=False)
class Workers:
    """Workers of a scheduler, connected when they are first needed: a finished run needs none.

    Attributes
    ----------
    scheduler
        Address of a scheduler, such as ``tcp://10.0.0.1:8786``, or ``local``.
    processes
        For ``local``: number of processes.
    answer, join
        Seconds in which the scheduler must answer, and in which a first worker must join it.
    """

    scheduler: str
    processes: int = 1
    answer: float = ANSWER
    join: float = JOIN
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)

    @cached_property
    def client(self) -> Client:
        """A client of the scheduler, whose workers were checked.

        Raises
        ------
        SettingError
            If the scheduler does not answer, has no workers, or has workers that differ from this machine.
        """
        from distributed import Client

        self._opened.enter_context(_quiet())
        address = _local(self._opened, self.processes) if self.scheduler == LOCAL else self._answering()
        try:
            client = Client(address, timeout=self.answer, set_as_default=False, direct_to_workers=True)
        except (OSError, TimeoutError, ValueError) as problem:
            raise self._no_answer() from problem
        self._opened.callback(client.close)
        try:
            client.wait_for_workers(1, timeout=self.join)
        except TimeoutError as problem:
            raise SettingError(
                f"{{0}} {self.scheduler}: no worker has joined within {self.join:g} seconds. Start some with "
                f"`dask worker {address} --nthreads 1`",
                "scheduler",
            ) from problem
        check_same(self.scheduler, client.run(facts, on_error="return"))
        return client

    def _answering(self) -> str:
        """The address, where a scheduler answers.

        A scheduler greets who connects: eight bytes give the length of the greeting. What greets otherwise, or waits
        for the other side, as a web page does, is none. A client of it would hold up the end of the process.

        Raises
        ------
        SettingError
            If none does.
        """
        there = ADDRESS.fullmatch(self.scheduler)
        assert there is not None
        place = there["ip6"] or there["host"], int(there["port"])
        try:
            with socket.create_connection(place, timeout=self.answer) as stream:
                greeting = b"" if self.scheduler.startswith("tls:") else stream.recv(8)
        except (OSError, OverflowError) as problem:
            raise self._no_answer() from problem
        if int.from_bytes(greeting, "little") > LONGEST_GREETING:
            raise self._no_answer()
        return self.scheduler

    def _no_answer(self) -> SettingError:
        return SettingError(
            f"{{0}} {self.scheduler}: no scheduler answers there within {self.answer:g} seconds. Start one with "
            "`dask scheduler`, which prints its address",
            "scheduler",
        )

    @property
    def threads(self) -> int:
        """Threads of all workers, now."""
        return sum(self.client.nthreads().values())

    def close(self) -> None:
        """Leave the scheduler; a local one ends."""
        self._opened.close()


#: An address, ``local``, workers at hand, or None for this process.
Scheduler = str | Workers | None


@contextmanager
def connected(scheduler: Scheduler, threads: int | None) -> Iterator[Workers | None]:
    """The workers that a setting names, left at the end; None for None, and workers as they are.

    Parameters
    ----------
    scheduler
        An address, ``local``, or workers that the caller has and goes on to use.
    threads
        For ``local``: number of worker processes; None for the processors that this process may use.

    Raises
    ------
    SettingError
        If it is no address, or threads are given for workers that have their own.
    ImportError
        If the extra ``cluster`` is not installed.
    """
    if not isinstance(scheduler, str):
        yield scheduler
        return
    if scheduler != LOCAL and not ADDRESS.fullmatch(scheduler):
        raise SettingError(
            f"{{0}}: found {scheduler!r}, expected `local` or an address, such as tcp://10.0.0.1:8786", "scheduler"
        )
    if scheduler != LOCAL and threads is not None:
        raise SettingError(f"{{1}} goes with {{0}} {LOCAL}; the workers of {scheduler} have their own", *BOTH)
    if find_spec("distributed") is None:
        raise ImportError(f"workers of a scheduler need dask.distributed: pip install '{EXTRA}'", name=EXTRA)
    workers = Workers(scheduler, threads or processors())
    try:
        yield workers
    finally:
        workers.close()


def processors() -> int:
    """Number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def facts() -> dict[str, str]:
    """What must be the same on all machines for the same bits to come out."""
    from afterfall.run.fingerprint import code_hash
    from afterfall.run.provenance import library_versions

    return {
        "afterfall": f"{library_versions()['afterfall']} (code {code_hash()})",
        "Python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        **{name: found for name, found in library_versions().items() if name != "afterfall"},
    }


def check_same(scheduler: str, found: Mapping[str, Mapping[str, str] | Exception]) -> None:
    """Refuse workers that differ from this machine, all of them at once.

    Parameters
    ----------
    scheduler
        The scheduler, for the message.
    found
        By address of the worker: its `facts`, or what asking for them raised.

    Raises
    ------
    SettingError
        If there are any.
    """
    here = facts()
    wrong = {address: problem for address, one in found.items() if (problem := _difference(one, here))}
    if not wrong:
        return
    lines = [f"  {address}: {problem}" for address, problem in list(wrong.items())[:LISTED]]
    more = [f"  and {len(wrong) - LISTED} more"] * (len(wrong) > LISTED)
    raise SettingError(
        "\n".join(
            [
                f"{{0}} {scheduler}: {len(wrong)} of {len(found)} workers would not compute the same numbers:",
                *lines,
                *more,
                f"Install there what is here: pip install '{EXTRA}', with the same versions",
            ]
        ),
        "scheduler",
    )


def _difference(one: Mapping[str, str] | Exception, here: Mapping[str, str]) -> str:
    """In what a worker differs; empty where in nothing."""
    if isinstance(one, Exception):
        absent = NO_MODULE.search(str(one))
        return f"{absent[1]} is not installed" if absent else f"{type(one).__name__}: {one}"
    return ", ".join(f"{name} {one.get(name)}, expected {value}" for name, value in here.items() if one[name] != value)


def _local(opened: ExitStack, processes: int) -> str:
    """Address of a scheduler of this machine with so many workers, which end with `opened`."""
    from distributed import LocalCluster

    guard = 'A script that asks for it does so below `if __name__ == "__main__":`, since each worker imports it'
    if multiprocessing.parent_process() is not None:
        raise SettingError(f"{{0}} {LOCAL}: found a process that was begun by another. {guard}", "scheduler")
    try:
        with _uninterrupted():
            cluster: LocalCluster = opened.enter_context(
                LocalCluster(
                    n_workers=processes,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address=None,
                    silence_logs=logging.CRITICAL,
                )
            )
    except (RuntimeError, OSError) as problem:
        raise SettingError(f"{{0}} {LOCAL}: worker processes cannot be begun: {problem} {guard}", "scheduler") from None
    return str(cluster.scheduler_address)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are begun meanwhile ignore an interrupt from the keyboard, which this one passes on by itself."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _quiet() -> Iterator[None]:
    """No messages of distributed's own: what matters of them is reported as an error of the run."""
    handlers = logging.getLogger("distributed").handlers
    before = [handler.level for handler in handlers]
    for handler in handlers:
        handler.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"distributed\.")
        try:
            yield
        finally:
            for handler, level in zip(handlers, before, strict=True):
                handler.setLevel(level)
