"""Atomic files: written to a temporary file in the same folder, flushed to disk, then renamed into place.

A process that is killed leaves the old file, the new file, or a leftover with the suffix `PARTIAL` that nothing reads.
All files of the package are written through this module.
"""

from __future__ import annotations

import io
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from afterfall.run.errors import RunError, advice

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Buffer

PARTIAL = ".partial"
#: A leftover that is older than this many seconds has no living writer: a chunk takes a second, the assembly a minute.
ABANDONED = 3600.0


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to; on leaving without an error it becomes `path`, durably.

    Raises
    ------
    OSError
        If there is no such folder, it cannot be written to, or the disk is full; of `path`, not of the temporary one.
    """
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}{PARTIAL}")
    try:
        yield partial
        _flush(partial)
        partial.replace(path)
        _flush(path.parent)
    except OSError as problem:
        raise OSError(problem.errno, problem.strerror or str(problem), str(path)) from problem
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """As `whole_file`, for a file of a run: its folder is made if need be.

    Raises
    ------
    RunError
        If the folder cannot be written to or the disk is full.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as partial:
            yield partial
    except OSError as problem:
        raise RunError(
            f"cannot write {path}: {problem.strerror or problem}; {advice(problem)}. Finished work is kept: run the "
            "same command again to resume"
        ) from problem


def write_whole(path: Path, content: bytes) -> None:
    """Write a whole file into a folder that is there; see `whole_file`."""
    with whole_file(path) as partial:
        partial.write_bytes(content)


def write_durably(path: Path, content: bytes) -> None:
    """Write a whole file atomically; see `replacing`."""
    with replacing(path) as partial:
        partial.write_bytes(content)


class Steadfast(io.FileIO):
    """A new file, open for reading and writing, that raises write errors only when it is closed.

    The HDF5 library crashes the process when the disk is full. The first failed write is therefore remembered, later
    writes are dropped, and the error is raised on leaving the context.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w+")
        self._failure: OSError | None = None

    def write(self, content: Buffer) -> int:
        """Write all of `content`, or remember the error."""
        left = memoryview(content).cast("B")
        size = len(left)
        while self._failure is None and len(left):
            try:
                left = left[super().write(left) or 0 :]
            except OSError as failure:
                self._failure = failure
        return size

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file, and raise the remembered error."""
        super().__exit__(kind, raised, trace)
        if self._failure is not None:
            raise self._failure


def sweep(folder: Path) -> None:
    """Remove leftovers of killed processes."""
    for leftover in folder.rglob(f".*{PARTIAL}"):
        if time.time() - leftover.stat().st_mtime > ABANDONED:
            leftover.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Flush a file, or the entries of a folder (on systems that can open a folder), to disk."""
    if path.is_dir() and os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
