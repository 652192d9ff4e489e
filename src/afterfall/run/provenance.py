"""Provenance: when, where, with what software and by which command a run was made. It does not determine numbers."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from afterfall.run.errors import RunError

LIBRARIES = ("afterfall", "numpy", "numba", "scipy", "xarray", "h5netcdf", "h5py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a run was made.

    Attributes
    ----------
    command
        The command line, or the call in Python, that made it.
    started, finished
        UTC times in ISO format, of the process that finished it.
    host, system
        Name of the machine, and its operating system and processor.
    versions
        Versions of Python, afterfall and the libraries that compute or write numbers.
    threads
        Number of threads, of all workers where there are some.
    chunks_found, chunks_computed
        Numbers of chunks left by an earlier, interrupted process, and computed by this one.
    run_sha256
        SHA-256 of the assembled file, or None for a run in memory.
    """

    command: str
    started: str
    finished: str
    host: str
    system: str
    versions: dict[str, str]
    threads: int
    chunks_found: int
    chunks_computed: int
    run_sha256: str | None = None

    def to_json(self) -> str:
        """The text of ``provenance.json``."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Read it back.

        Raises
        ------
        RunError
            If the text is not a provenance.
        """
        try:
            values = json.loads(text)
            return cls(**{field.name: values[field.name] for field in fields(cls)})
        except (ValueError, TypeError, KeyError) as problem:
            raise RunError(f"not a provenance: {problem!r}") from problem


def now() -> str:
    """The time in UTC, to the second, in ISO format."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def witness(
    *, command: str, started: str, threads: int, found: int, computed: int, sha256: str | None = None
) -> Provenance:
    """The provenance of a run that finishes now, on this machine."""
    return Provenance(
        command=command,
        started=started,
        finished=now(),
        host=platform.node(),
        system=f"{platform.platform()}, {platform.processor() or platform.machine()}",
        versions={"python": platform.python_version(), **library_versions()},
        threads=threads,
        chunks_found=found,
        chunks_computed=computed,
        run_sha256=sha256,
    )


@cache
def library_versions() -> dict[str, str]:
    """Versions of afterfall and of the libraries that compute or write numbers."""
    found = {}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "not installed"
    return found
