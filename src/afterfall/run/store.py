"""The run folder: the files of a run, and how an interrupted run resumes.

::

    runs/<case>-<request hash>/
        request.json        all that determines the bytes; its hash names the folder
        chunks/00042.nc     a chunk of trajectories, a pure function of the request and its number; removed at the end
        run.nc              all chunks in order, with labels: the result
        provenance.json     when, where, by which command; with the checksum of run.nc

Every file is complete or absent. An interrupted run resumes by computing the chunks that are missing or damaged, so
there is no journal and no lock: two processes with one request write the same bytes.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from afterfall.run.atomic_files import replacing, sweep, write_durably
from afterfall.run.errors import RunError
from afterfall.run.netcdf import Damaged, encode_chunk, open_dataset, unsealed, write_run
from afterfall.run.provenance import Provenance
from afterfall.run.request import Request
from afterfall.run.run_layout import Batch, Label

if TYPE_CHECKING:
    import xarray

    from afterfall.run.sums import Sums

AGAIN = "run the same command again to rebuild it"
#: The hash at the end of the name of a run folder.
HASH_IN_NAME = re.compile(r"-([0-9a-f]{12})$")


@dataclass(frozen=True)
class RunFolder:
    """The folder of one request. Nothing is read or written until a method is called."""

    path: Path
    request: Request

    @classmethod
    def within(cls, parent: Path, request: Request) -> RunFolder:
        """The folder of a request inside `parent`."""
        return cls(parent / request.name, request)

    @classmethod
    def at(cls, path: Path) -> RunFolder:
        """An existing run folder (or its ``run.nc``).

        Raises
        ------
        RunError
            If there is none, or its request cannot be read.
        """
        folder = path.parent if path.name == "run.nc" else path
        try:
            text = (folder / "request.json").read_text(encoding="utf-8")
        except OSError as problem:
            raise RunError(f"{path} is not a run folder: {problem.strerror} (request.json)") from problem
        except UnicodeDecodeError as problem:
            raise RunError(f"{folder / 'request.json'} is damaged: it is not UTF-8 text") from problem
        request = Request.from_json(text)
        named = HASH_IN_NAME.search(folder.resolve().name)
        if named is not None and named[1] != request.hash:
            raise RunError(_changed(folder, request.hash, f"the folder's name says {named[1]}"))
        return cls(folder, request)

    @property
    def run_file(self) -> Path:
        """The assembled run."""
        return self.path / "run.nc"

    def chunk_file(self, number: int) -> Path:
        """The file of a chunk."""
        return self.path / "chunks" / f"{number:05d}.nc"

    def prepare(self) -> None:
        """Create the folder, write the request, and remove leftovers of killed processes.

        Raises
        ------
        RunError
            If the folder cannot be written, or holds another request.
        """
        file, text = self.path / "request.json", self.request.to_json()
        if file.exists() and file.read_bytes() != text.encode():
            raise RunError(f"{file} holds another request: move {self.path} away")
        if not file.exists():
            write_durably(file, text.encode())
        sweep(self.path)

    def write_chunk(self, number: int, batch: Batch, sums: Sums, *, threads: int = 1) -> None:
        """Write a chunk (see `encode_chunk`)."""
        self.put_chunk(number, encode_chunk(batch, marks(self.request, number), sums, threads=threads))

    def put_chunk(self, number: int, content: bytes) -> None:
        """Write a chunk that was encoded here or elsewhere."""
        write_durably(self.chunk_file(number), content)

    def missing(self) -> Iterator[int]:
        """Numbers of the chunks to compute (absent or damaged), in order; each is read when it is reached."""
        for number in range(self.request.chunks):
            try:
                self._content(number)
            except Damaged:
                yield number

    def assemble(self, labels: tuple[Label, ...], attrs: dict[str, Any]) -> str:
        """Write the run from its chunks, in order; returns the checksum of the file."""
        contents = (self._content(number) for number in range(self.request.chunks))
        with replacing(self.run_file) as partial:
            write_run(partial, labels, contents, (self.request.trajectories, self.request.chunk_size), attrs)
        return checksum(self.run_file)

    def finish(self, provenance: Provenance) -> None:
        """Write the provenance: from then on the run counts as finished."""
        write_durably(self.path / "provenance.json", provenance.to_json().encode())

    def clear(self) -> None:
        """Remove the chunks; the finished run contains them all."""
        shutil.rmtree(self.path / "chunks", ignore_errors=True)

    def finished(self) -> Provenance | None:
        """The provenance of a run that is finished and undamaged, else None."""
        try:
            provenance = self.provenance()
            return provenance if checksum(self.run_file) == provenance.run_sha256 else None
        except (RunError, OSError):
            return None

    def provenance(self) -> Provenance:
        """Read the provenance.

        Raises
        ------
        RunError
            If the run is not finished.
        """
        try:
            return Provenance.from_json((self.path / "provenance.json").read_text(encoding="utf-8"))
        except OSError as problem:
            raise RunError(f"{self.path} is not finished; run the same command again to resume") from problem
        except UnicodeDecodeError as problem:
            raise RunError(f"{self.path / 'provenance.json'} is damaged: it is not UTF-8 text; {AGAIN}") from problem

    def dataset(self) -> xarray.Dataset:
        """Open the assembled run; its attributes name the command as well.

        Raises
        ------
        RunError
            If it is not finished, or damaged.
        """
        provenance = self.provenance()
        try:
            if checksum(self.run_file) == provenance.run_sha256:
                found = open_dataset(self.run_file)
                made = str(found.attrs["run"])
                if made != self.request.hash:
                    raise RunError(_changed(self.path, self.request.hash, f"the run was made as {made}"))
                found.attrs["command"] = provenance.command
                return found
        except OSError as problem:
            raise RunError(f"{self.run_file} cannot be read: {problem}; {AGAIN}") from problem
        raise RunError(f"{self.run_file} is damaged (its checksum is not that of provenance.json); {AGAIN}")

    def _content(self, number: int) -> bytes:
        """The netCDF file of a chunk, checked to be complete.

        Raises
        ------
        Damaged
            If it is absent, incomplete, or that of another number.
        """
        file = self.chunk_file(number)
        try:
            return unsealed(file.read_bytes(), marks(self.request, number))
        except (OSError, Damaged) as problem:
            raise Damaged(f"{file}: {problem}; {AGAIN}") from problem


def marks(request: Request, number: int) -> dict[str, str]:
    """Attributes of the file of a chunk, by which it is known."""
    return {"run": request.hash, "chunk": str(number)}


def _changed(folder: Path, found: str, made: str) -> str:
    return (
        f"{folder / 'request.json'} was changed after the run was made: it hashes to {found}, and {made}. Put the "
        "original back, or forecast again"
    )


def checksum(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
