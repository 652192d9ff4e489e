"""Hashes of the inputs of a run: the arrays of a program, and the code that uses them.

A finished run is reused when the same run is requested again, so the request must change whenever the numbers could.
The names in a model are not enough: an edited rate keeps its name. The arrays reflect every change of the case or the
mechanisms, the sources every change of the numerical scheme.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

from afterfall.engine.bands import Bands
from afterfall.engine.program import Program

DIGITS = 16
#: The code that determines the bytes of a run, relative to the package.
SOURCES = (
    "engine",
    "model",
    "posterior",
    "run/chunk.py",
    "run/run_layout.py",
    "run/netcdf.py",
    "run/blocks.py",
    "run/sums.py",
    "run/conditional_series.py",
    "run/condition_windows.py",
    "run/event_inputs.py",
)


def program_hash(*programs: Program | Bands) -> str:
    """Hash of the names, shapes and contents of all arrays (16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for program in programs:
        for name, value in program._asdict().items():
            array = np.ascontiguousarray(value)
            digest.update(f"{name}:{array.dtype.str}:{array.shape}:".encode())
            digest.update(array.tobytes())
    return digest.hexdigest()[:DIGITS]


@cache
def code_hash() -> str:
    """Hash of the source text of the engine, the model and the chunks, as installed (16 hexadecimal digits)."""
    return sources_hash(files("afterfall"))


def sources_hash(package: Traversable) -> str:
    """Hash of the files named in `SOURCES` within a package's folder (16 hexadecimal digits)."""
    digest = hashlib.sha256()
    for part in SOURCES:
        for source in _python_files(package.joinpath(part)):
            digest.update(f"{part}/{source.name}\0".encode() + source.read_bytes() + b"\0")
    return digest.hexdigest()[:DIGITS]


def _python_files(node: Traversable) -> list[Traversable]:
    if node.is_file():
        return [node] if node.name.endswith(".py") else []
    return [found for child in sorted(node.iterdir(), key=lambda c: c.name) for found in _python_files(child)]
