"""The runs that a folder keeps: what each is, how much room it takes, and how it is removed.

A run is a folder with a ``request.json`` that can be read (see `afterfall.run.store`). Nothing else is ever listed or
removed. Removing renames the folder first, so that an interrupted removal leaves a leftover that is no run and goes
with the next removal, and never half a run.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from afterfall.run.errors import RunError, advice
from afterfall.run.request import Request
from afterfall.run.store import RunFolder

REMOVING = ".removing-"
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
AGE = re.compile(r"(\d{1,6})([hdw])")


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run in a folder.

    Attributes
    ----------
    path
        The folder of the run.
    request
        What the run is.
    finished
        Whether it is finished; an unfinished run resumes when its command is given again. The checksum is not read.
    command
        The command that made it; empty for an unfinished one.
    size
        Bytes of its files, pictures and tables in the folder included.
    changed
        When a file of it changed last, UTC.
    """

    path: Path
    request: Request
    finished: bool
    command: str
    size: int
    changed: datetime

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.path.name


def kept_runs(run_dir: Path | str = "runs") -> tuple[KeptRun, ...]:
    """The runs that a folder keeps, the one changed last first; folders that are no runs are passed over.

    Raises
    ------
    RunError
        If the folder cannot be read. A folder that is not there keeps no runs.
    """
    folder = Path(run_dir)
    if not folder.exists():
        return ()
    try:
        inside = [p for p in folder.iterdir() if not p.is_symlink() and not p.name.startswith(REMOVING)]
        found = [run for p in inside if (p / "request.json").is_file() and (run := _kept(p)) is not None]
    except OSError as problem:
        raise RunError(f"cannot read {folder}: {problem.strerror or problem}; {advice(problem)}") from problem
    return tuple(sorted(found, key=lambda run: (run.changed, run.name), reverse=True))


def older_ones(runs: Iterable[KeptRun], age: timedelta, now: datetime | None = None) -> tuple[KeptRun, ...]:
    """Those of some runs of which no file changed for a time."""
    before = (now or datetime.now(UTC)) - age
    return tuple(run for run in runs if run.changed <= before)


def age_of(text: str) -> timedelta:
    """A time as ``12h``, ``30d`` or ``4w``.

    >>> age_of("2w").days
    14

    Raises
    ------
    ValueError
        If it is none.
    """
    found = AGE.fullmatch(text.strip().lower())
    if found is None:
        raise ValueError(f"found {text!r}, expected a number of hours, days or weeks (12h, 30d, 4w)")
    return int(found[1]) * UNITS[found[2]]


def remove(runs: Sequence[KeptRun]) -> int:
    """Remove runs with all that lies in their folders; returns the bytes freed.

    Raises
    ------
    RunError
        If one cannot be removed; those before it are.
    """
    freed = 0
    for run in runs:
        try:
            for leftover in run.path.parent.glob(f"{REMOVING}*"):
                shutil.rmtree(leftover)
            going = run.path.with_name(REMOVING + run.name)
            run.path.rename(going)
            shutil.rmtree(going)
        except OSError as problem:
            raise RunError(f"cannot remove {run.path}: {problem.strerror or problem}; {advice(problem)}") from problem
        freed += run.size
    return freed


def _kept(path: Path) -> KeptRun | None:
    """The run in a folder; None where its request cannot be read."""
    try:
        folder = RunFolder.at(path)
    except (RunError, ValueError):
        return None
    files = [p.lstat() for p in (path, *path.rglob("*"))]
    try:
        command, finished = folder.provenance().command, folder.run_file.is_file()
    except RunError:
        command, finished = "", False
    return KeptRun(
        path=path,
        request=folder.request,
        finished=finished,
        command=command,
        size=sum(one.st_size for one in files),
        changed=datetime.fromtimestamp(max(one.st_mtime for one in files), UTC),
    )
