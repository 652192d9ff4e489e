"""The first simulation on a machine: processor seconds with an empty cache of machine code, and with a full one.

    python benchmarks/first_use.py

Each is a new process that opens isis-2017, builds its model and runs one trajectory; opening and building are not
counted. With an empty cache a second process compiles at the same time (`afterfall.run.first_use`). Processor time of
each is taken, so waiting for other work does not count: on two quiet processors the clock shows the longer of the two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile

CASE = "isis-2017"

ONE = f"""
import json, resource, time
from numba.core import event
import afterfall
from afterfall.run.chunk import simulate
from afterfall.run.first_use import make_code

model = afterfall.build(afterfall.open_case({CASE!r}))
begin = time.process_time()
with event.install_recorder("numba:compile") as compiled:
    if {{apart}}:
        make_code(model, lambda functions: None)
    simulate(model, seed=1, trajectories=[0])
starts = sum(e.is_start for _, e in compiled.buffer)
other = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([time.process_time() - begin, other.ru_utime + other.ru_stime, starts]))
"""


def first_simulation(cache: str, apart: bool) -> tuple[float, float, int]:
    """Processor seconds of one simulation in a new process and of its second process, and functions in the first."""
    environment = {**os.environ, "AFTERFALL_CACHE": cache}
    program = ONE.format(apart=apart)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    own, other, functions = json.loads(done.stdout)
    return float(own), float(other), int(functions)


def main() -> None:
    """Print both, and what one process alone takes with an empty cache."""
    for label, apart in (("one process", False), ("two processes", True)):
        with tempfile.TemporaryDirectory() as cache:
            own, other, functions = first_simulation(cache, apart)
            print(f"empty cache, {label}: {own:.1f} s and {other:.1f} s of processor time, ", end="")
            print(f"{functions} functions compiled or loaded in the first", flush=True)
            if apart:
                own, _, functions = first_simulation(cache, apart=False)
                print(f"full cache: {own:.1f} s of processor time, {functions} functions loaded", flush=True)


if __name__ == "__main__":
    main()
