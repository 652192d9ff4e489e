"""The libraries of the extra ``explore``: whether they are there, and what must be kept quiet and seeded around them.

ema_workbench draws Latin hypercubes from NumPy's global generator, and PRIM's resampling too. It is seeded for the call
and put back afterwards, so that designs depend on the seed alone and nothing else notices.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec

import numpy as np

EXTRA = "afterfall[explore]"
NEEDED = ("ema_workbench", "SALib")
#: NumPy's global generator takes seeds of 32 bits.
SEEDS = 2**32


def require_libraries() -> None:
    """Refuse to begin without the libraries of the extra.

    Raises
    ------
    ImportError
        If one is not installed; the message says what to install.
    """
    absent = [name for name in NEEDED if find_spec(name) is None]
    if absent:
        raise ImportError(f"explore needs {' and '.join(absent)}: pip install '{EXTRA}'", name=EXTRA)


def library_facts() -> dict[str, str]:
    """Versions of the libraries, for provenance."""
    return {name: version(name) for name in NEEDED}


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings and log lines of the libraries, which are for developers."""
    log = logging.getLogger("EMA")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """NumPy's global generator seeded, and put back at the end."""
    before = np.random.get_state()  # noqa: NPY002  (what the libraries use)
    np.random.seed(seed % SEEDS)  # noqa: NPY002
    try:
        yield
    finally:
        np.random.set_state(before)  # noqa: NPY002
