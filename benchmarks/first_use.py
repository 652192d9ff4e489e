"""The first simulation on a machine: processor seconds with an empty cache of machine code, and with a full one.

    python benchmarks/first_use.py

Each is a new process that opens isis-2017, builds its model and runs one trajectory; opening and building are not
counted. Processor time is taken, so waiting for other work does not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

CASE = "isis-2017"

ONE = f"""
import json, time
from numba.core import event
import afterfall
from afterfall.run.chunk import simulate

model = afterfall.build(afterfall.open_case({CASE!r}))
begin = time.process_time()
with event.install_recorder("numba:compile") as compiled:
    simulate(model, seed=1, trajectories=[0])
starts = sum(e.is_start for _, e in compiled.buffer)
print(json.dumps([time.process_time() - begin, starts]))
"""


def first_simulation(cache: str) -> tuple[float, int]:
    """Processor seconds of one simulation in a new process, and the number of functions compiled or loaded in it."""
    environment = {**os.environ, "AFTERFALL_CACHE": cache}
    done = subprocess.run([sys.executable, "-c", ONE], env=environment, capture_output=True, text=True, check=True)
    seconds, functions = json.loads(done.stdout)
    return float(seconds), int(functions)


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as cache:
        for label in ("empty cache", "full cache"):
            seconds, functions = first_simulation(cache)
            print(f"{label}: {seconds:.1f} s of processor time, {functions} functions compiled or loaded", flush=True)


if __name__ == "__main__":
    main()
