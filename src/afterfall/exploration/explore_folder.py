"""The folder of an exploration, and how an interrupted one resumes.

::

    runs/explore-<case>-<request hash>/
        exploration.json    all that determines the bytes; its hash names the folder
        blocks/00042.bin    people in the cases of a block of scenarios; removed at the end
        people.bin          people in all cases, in order
        cases.parquet       one row for each explored case
        provenance.json     when, where and by which command; with the checksum of people.bin

Every file is complete or absent, and each array has a seal at its end, so that a damaged block is computed again.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from afterfall.exploration.case_evaluator import ExplorePlan, People32
from afterfall.exploration.explore_request import ExploreRequest
from afterfall.run.atomic_files import sweep, write_durably
from afterfall.run.errors import RunError
from afterfall.run.provenance import Provenance
from afterfall.run.store import checksum

SEAL_BYTES = 32


def sealed(people: People32, mark: str) -> bytes:
    """An array as a file with a seal that covers it and the mark, by which it is known."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(people, dtype="<i4"), allow_pickle=False)
    content = stream.getvalue()
    return content + _seal(content, mark)


def opened(content: bytes, mark: str) -> People32 | None:
    """The array in a sealed file; None where it is damaged, or another."""
    inner, seal = content[:-SEAL_BYTES], content[-SEAL_BYTES:]
    if seal != _seal(inner, mark):
        return None
    found: People32 = np.load(io.BytesIO(inner), allow_pickle=False)
    return found


def _seal(content: bytes, mark: str) -> bytes:
    return hashlib.sha256(mark.encode() + b"\0" + content).digest()


@dataclass(frozen=True)
class ExploreFolder:
    """The folder of one request. Nothing is read or written until a method is called."""

    path: Path
    request: ExploreRequest

    @property
    def people_file(self) -> Path:
        """People in all cases."""
        return self.path / "people.bin"

    def block_file(self, number: int) -> Path:
        """The file of a block."""
        return self.path / "blocks" / f"{number:05d}.bin"

    def mark(self, number: int | None) -> str:
        """By what a block, or (None) the whole, is known."""
        return f"{self.request.hash}/{'people' if number is None else number}"

    def prepare(self) -> None:
        """Create the folder, write the request, and remove leftovers of killed processes.

        Raises
        ------
        RunError
            If the folder cannot be written, or holds another request.
        """
        file, text = self.path / "exploration.json", self.request.to_json().encode()
        if file.exists() and file.read_bytes() != text:
            raise RunError(f"{file} holds another request: move {self.path} away")
        if not file.exists():
            write_durably(file, text)
        sweep(self.path)

    def put(self, number: int, content: bytes) -> None:
        """Keep a block; from then on an interruption does not lose it."""
        write_durably(self.block_file(number), content)

    def missing(self, plan: ExplorePlan) -> Iterator[int]:
        """Numbers of the blocks to compute (absent or damaged), in order."""
        return (number for number in range(plan.blocks) if self._block(number) is None)

    def assemble(self, plan: ExplorePlan) -> People32:
        """Write the whole from its blocks, and return it.

        Raises
        ------
        RunError
            If a block was damaged meanwhile, or the folder cannot be written.
        """
        blocks = [self._block(number) for number in range(plan.blocks)]
        there = [block for block in blocks if block is not None]
        if len(there) < len(blocks):
            raise RunError(f"blocks in {self.path} were damaged meanwhile; run the same command again")
        people = np.concatenate(there)
        write_durably(self.people_file, sealed(people, self.mark(None)))
        return people

    def finish(self, provenance: Provenance) -> None:
        """Write the provenance, and remove the blocks: from then on the exploration counts as finished."""
        write_durably(self.path / "provenance.json", provenance.to_json().encode())
        shutil.rmtree(self.path / "blocks", ignore_errors=True)

    def finished(self) -> tuple[People32, Provenance] | None:
        """People in all cases and the provenance of a finished and undamaged exploration, else None."""
        try:
            provenance = Provenance.from_json((self.path / "provenance.json").read_text(encoding="utf-8"))
            if checksum(self.people_file) != provenance.run_sha256:
                return None
            people = opened(self.people_file.read_bytes(), self.mark(None))
        except (RunError, OSError, UnicodeDecodeError):
            return None
        return None if people is None else (people, provenance)

    def _block(self, number: int) -> People32 | None:
        try:
            return opened(self.block_file(number).read_bytes(), self.mark(number))
        except OSError:
            return None
