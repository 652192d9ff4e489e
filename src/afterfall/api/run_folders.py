"""The verbs that keep house among runs: list those that a folder keeps, and remove some."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from afterfall.run import SettingError, UnknownName
from afterfall.run.kept_runs import KeptRun, age_of, older_ones, remove
from afterfall.run.kept_runs import kept_runs as all_runs


def kept_runs(
    run_dir: Path | str = "runs",
    *,
    names: Sequence[str] = (),
    older_than: str | None = None,
    unfinished: bool = False,
) -> tuple[KeptRun, ...]:
    """The runs that a folder keeps, the one changed last first.

    Parameters
    ----------
    run_dir
        The folder. One that is not there keeps no runs; folders inside it that are no runs are passed over.
    names
        Only these runs, by the names of their folders.
    older_than
        Only runs of which no file changed for so long: hours, days or weeks, as ``12h``, ``30d``, ``4w``.
    unfinished
        Only runs that were interrupted.

    Returns
    -------
    tuple of KeptRun
        Name, request, size in bytes, command and time of the last change of each.

    Raises
    ------
    UnknownName
        If a name is of no run in the folder.
    SettingError
        If `older_than` is no time.
    RunError
        If the folder cannot be read.

    Examples
    --------
    >>> kept_runs("no such folder")
    ()
    """
    found = all_runs(run_dir)
    known = [run.name for run in found]
    for name in names:
        if name.rstrip("/") not in known:
            raise UnknownName("run", name, known)
    wanted = {name.rstrip("/") for name in names}
    if older_than is not None:
        try:
            age = age_of(older_than)
        except ValueError as problem:
            raise SettingError(f"{{0}}: {problem}", "older_than") from problem
        found = older_ones(found, age)
    return tuple(r for r in found if (not wanted or r.name in wanted) and not (unfinished and r.finished))


def remove_runs(runs: Sequence[KeptRun]) -> int:
    """Remove runs, with the pictures and tables in their folders.

    Parameters
    ----------
    runs
        What `kept_runs` gave.

    Returns
    -------
    int
        Bytes freed.

    Raises
    ------
    RunError
        If one cannot be removed; those before it are.
    """
    return remove(runs)
