"""Machine code at the first use on a machine, made by two processes at once.

numba compiles one function at a time in a process, and a function with all that it calls. Two thirds of the time go to
the draw of the initial state. So a second process compiles the two largest parts of that, while this one compiles the
months of a trajectory, its history, and the other parts; then it joins them. Both write to the same cache folder.
What is compiled depends on the types of the arguments alone, and these are the same in every case: the second process
takes the smallest one. If it fails, nothing is lost: this process compiles what is missing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from afterfall.case import open_case
from afterfall.engine.jit import cache_folder, user_cache
from afterfall.model import build, nowcast, sample
from afterfall.model.observation.compiled_apart import Which, compile_parts
from afterfall.model.observation.nowcast import history
from afterfall.run.chunk import Simulator
from afterfall.run.workers import processors

if TYPE_CHECKING:
    from afterfall.model import Model

SMALLEST = "tiny"
OTHER_PROCESS = "from afterfall.run.first_use import make_parts, smallest; make_parts(smallest(), 'largest')"


def make_code(model: Model, done: Callable[[int], None]) -> None:
    """Make the machine code of a trajectory where it cannot be loaded, in two processes if there are two processors.

    Parameters
    ----------
    model
        A model that will be run.
    done
        Called with the number of functions that this process has compiled or loaded so far.
    """
    with _counted(done), _other_process() as other:
        make_months(model)
        make_history(model)
        if other is not None:
            make_parts(model, "others")
            other.wait()
        make_start(model)


def smallest() -> Model:
    """The model that is built quickest; the types of its arrays are those of every model."""
    return build(open_case(SMALLEST), horizon=1)


def make_parts(model: Model, which: Which) -> None:
    """Make the code of some parts of the draw of the initial state."""
    compile_parts(model.nowcaster, model.view.history_months, sample(model, trajectories=1, seed=0), which)


def make_history(model: Model) -> None:
    """Make the code of the history: run one."""
    history(model.nowcaster, model.history, sample(model, trajectories=1, seed=0).values, 0)


def make_start(model: Model) -> None:
    """Make the code of the start of a trajectory: draw one."""
    nowcast(model, sample(model, trajectories=1, seed=0), seed=0, trajectories=[0])


def make_months(model: Model) -> None:
    """Make the code of the months of a trajectory: run one with nobody in it."""
    theta = sample(model, trajectories=1, seed=0).values[0]
    counters = np.zeros((len(model.quantities), len(model.origins)), dtype=np.int64)
    Simulator(model, 0).run(0, theta, np.zeros(model.program.cell_key.shape, dtype=np.int64), counters)


@contextmanager
def _other_process() -> Iterator[subprocess.Popen[bytes] | None]:
    """A process that makes the largest parts, ended on leaving; None where it could not help."""
    folder = cache_folder()
    shared = folder is not None and folder.parent == user_cache()
    if not shared or processors() < 2 or not sys.executable:
        yield None
        return
    package = str(Path(__file__).parents[2])
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    quiet: Any = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        other = subprocess.Popen([sys.executable, "-c", OTHER_PROCESS], env={**os.environ, "PYTHONPATH": path}, **quiet)
    except OSError:
        yield None
        return
    try:
        yield other
    finally:
        other.kill()
        other.wait()


@contextmanager
def _counted(done: Callable[[int], None]) -> Iterator[None]:
    """Count the functions that are compiled or loaded meanwhile."""
    from numba.core import event

    class Count(event.Listener):
        number = 0

        def on_start(self, _: event.Event) -> None:
            """Nothing."""

        def on_end(self, _: event.Event) -> None:
            """One more."""
            self.number += 1
            done(self.number)

    with event.install_listener("numba:compile", Count()):
        yield
