"""What it costs to compute a run on workers, and how far that would carry: measured here, then a model of more cores.

    python benchmarks/scale_out.py [chunks]

One forecast of isis-2017, 50 simulations a chunk, in this process and on two worker processes of this machine, both
into a run folder. Costs are processor time, so that waiting for other work does not count; the scheduler and the client
run in this process. Then for 1 to 1,000 cores: the share of the time in which each part would be busy that there is
only once, and what the slowest of them leaves of the speed. The part that is busy all the time is the bottleneck.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from afterfall.case import open_case
from afterfall.model import build
from afterfall.run import Progress, Run, forecast, request_of, simulate_chunk
from afterfall.run.chunk_orders import Side
from afterfall.run.run_making import InFolder, Job
from afterfall.run.store import RunFolder
from afterfall.run.workers import Workers, connected

CORES = (1, 2, 10, 40, 100, 400, 1000)
#: Bytes a second of the client's network: 1 and 10 gigabits.
NETWORKS = {"1 Gbit/s": 1.25e8, "10 Gbit/s": 1.25e9}
#: Seconds that a scheduler takes for a task by the documentation of dask.distributed (https://distributed.dask.org).
DOCUMENTED = 1e-3
EMPTY_TASKS, REPEATED = 500, 20


@dataclass(frozen=True)
class Costs:
    """Costs of one chunk.

    Attributes
    ----------
    here, worker
        Processor seconds to compute and pack it, in this process and on a worker.
    once
        Processor seconds of both workers for a run besides its chunks: building the model, one simulation.
    client
        Processor seconds of the scheduler and the client together: to send, receive and write it.
    task
        Of these, what an empty task costs.
    write
        Seconds of the clock to write it, flushed to disk.
    assemble
        Processor seconds to append it to the run, after all chunks have come.
    wire, packed, arrays
        Bytes that workers sent for it, of its file, and of its arrays in memory.
    order
        Bytes that each worker receives once.
    """

    here: float
    worker: float
    once: float
    client: float
    task: float
    write: float
    assemble: float
    wire: float
    packed: float
    arrays: float
    order: float


def asked(chunks: int, folder: Path, **more: Any) -> Run:
    """The forecast that is timed."""
    return forecast(open_case("isis-2017"), trajectories=50 * chunks, run_dir=folder, draws="prior", **more)


@contextmanager
def stages(seconds: dict[str, float]) -> Iterator[Any]:
    """A callback that notes the processor seconds at which each stage begins, and the clock at its end."""

    def note(step: Progress) -> None:
        seconds.setdefault(step.stage, time.process_time())

    yield note


def in_this_process(chunks: int, folder: Path) -> tuple[float, float]:
    """Processor seconds a chunk to compute and to assemble; the clock of all chunks."""
    seen: dict[str, float] = {}
    with stages(seen) as note:
        asked(chunks, folder, threads=1, progress=note)
    # the first chunk is done when `simulating` is first reported
    return (seen["assembling"] - seen["simulating"]) / (chunks - 1), (seen["done"] - seen["assembling"]) / chunks


def on_workers(chunks: int, folder: Path, workers: Workers) -> tuple[float, float, float]:
    """Processor seconds of the workers for a chunk, and once for a run; bytes that they send for a chunk.

    From runs of two sizes: what both have is once for a run, such as building the model.
    """
    client = workers.client
    used, sent = [], []
    for number, some in enumerate((2, 2, 2 + chunks)):  # the first loads machine code and does not count
        before, bytes_before = sum(client.run(time.process_time).values()), bytes_sent(client)
        asked(some, folder / str(number), scheduler=workers, seed=number)
        used.append(sum(client.run(time.process_time).values()) - before)
        sent.append(bytes_sent(client) - bytes_before)
    each = (used[2] - used[1]) / chunks
    return each, used[1] - 2 * each, (sent[2] - sent[1]) / chunks


def received(workers: Workers, making: InFolder, packed: bytes) -> tuple[float, float]:
    """Processor seconds of this process, scheduler and client together, for a chunk that is sent and for an empty task.

    The chunks are there already: a worker repeats one. So what a client costs while it waits does not count.
    """
    client = workers.client
    there = client.submit(bytes, packed)
    begin = time.process_time()
    tasks = [client.submit(bytes.__add__, there, b"", pure=False) for _ in range(REPEATED)]
    for number, task in enumerate(tasks):
        making.keep(number, task.result())
    chunk = (time.process_time() - begin) / REPEATED
    begin = time.process_time()
    for future in [client.submit(abs, -i, pure=False) for i in range(EMPTY_TASKS)]:
        future.result()
    return chunk, (time.process_time() - begin) / EMPTY_TASKS


def bytes_sent(client: Any) -> float:
    """Bytes that all workers have sent so far."""
    return float(sum(client.run(_sent).values()))


def _sent(dask_worker: Any) -> float:
    return float(dask_worker.transfer_outgoing_bytes_total)


def one_chunk(folder: Path) -> tuple[InFolder, bytes, int]:
    """A run in the making, the file of one of its chunks, and the bytes of its arrays."""
    model = build(open_case("isis-2017"))
    request = request_of(model, trajectories=50 * REPEATED, seed=1)
    making = InFolder(Job(model, request, None, 1, ""), RunFolder.within(folder, request))
    making.prepare()
    batch = simulate_chunk(model, request, 0)
    return making, making.packing.pack(0, batch), sum(array.nbytes for array in batch.arrays().values())


def measured(chunks: int, folder: Path) -> Costs:
    """All costs, measured on this machine."""
    here, assemble = in_this_process(chunks, folder / "here")
    making, packed, arrays = one_chunk(folder)
    with connected("local", 2) as workers:
        assert workers is not None
        client, task = received(workers, making, packed)
        worker, once, wire = on_workers(chunks, folder / "there", workers)
    begin = time.perf_counter()
    for number in range(REPEATED):
        making.keep(number, packed)
    write = (time.perf_counter() - begin) / REPEATED
    order = len(pickle.dumps(Side.of(making), protocol=5))
    return Costs(here, worker, once, client, task, write, assemble, wire, len(packed), arrays, order)


def shares(costs: Costs, cores: int) -> dict[str, float]:
    """Seconds that each part which there is only once is busy for the chunks of one second of so many cores."""
    rate = cores / costs.here
    parts = {
        "scheduler and client, as measured": costs.client * rate,
        "scheduler alone, at 1 ms a task": DOCUMENTED * rate,
        "writing": costs.write * rate,
    }
    return parts | {f"network of {name}": costs.packed * rate / speed for name, speed in NETWORKS.items()}


def main() -> None:
    """Print the measured costs as ratios, and the model."""
    chunks = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    with tempfile.TemporaryDirectory() as folder:
        costs = measured(chunks, Path(folder))
    print("one chunk of 50 simulations, as a share of the processor time to compute and pack it in one process")
    parts = ("worker", "once", "client", "task", "assemble", "write")
    for name in parts:
        print(f"  {name:10s} {getattr(costs, name) / costs.here:8.2%}   {1e3 * getattr(costs, name):8.2f} ms")
    print(f"  workers send {costs.wire / costs.packed:.2f} times its file, {costs.packed / 1e6:.1f} MB, ", end="")
    print(f"which is {costs.packed / costs.arrays:.1%} of its arrays; an order takes {costs.order / 1e6:.1f} MB")
    print("share of the time that each part is busy, by cores; over 100%, the cores wait for it")
    print(f"  {'':36s}" + "".join(f"{cores:>8,}" for cores in CORES))
    for part in shares(costs, 1):
        print(f"  {part:36s}" + "".join(f"{shares(costs, cores)[part]:8.1%}" for cores in CORES))
    for name in NETWORKS:
        kept = [max(v for k, v in shares(costs, cores).items() if "network" not in k or name in k) for cores in CORES]
        print(f"  {'speed of the cores, ' + name:36s}" + "".join(f"{min(1.0, 1 / k):8.1%}" for k in kept))


if __name__ == "__main__":
    main()
