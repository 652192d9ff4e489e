"""The runs that a folder keeps, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns
from afterfall.run.kept_runs import KeptRun

#: Characters of the columns that say what a run is, and when it changed.
WIDTH, CHANGED = 24, 10
#: How a setting of a policy is written in a request when it holds from the first month on.
FROM_THE_START = " from month 1"
UNITS = ("B", "kB", "MB", "GB", "TB")


def size_in_words(size: float) -> str:
    """Bytes in the largest unit in which they are at least one, with three digits.

    >>> size_in_words(999), size_in_words(1_250_000), size_in_words(61_234_567)
    ('999 B', '1.25 MB', '61.2 MB')
    """
    unit = 0
    while size >= 999.5 and unit < len(UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.0f} {UNITS[0]}" if unit == 0 else f"{float(f'{size:.3g}'):g} {UNITS[unit]}"


def doing(*, removed: bool, trying: bool) -> str:
    """What is done with the runs that are listed: nothing, removal, or nothing but what removal would free."""
    return "removed" if removed else "would be removed" if trying else ""


def runs_tables(
    runs: Sequence[KeptRun], folder: str, done: str
) -> tuple[tuple[str, ...], tuple[TextTable, ...], tuple[str, ...]]:
    """Lines before, the table, and lines after; `done` says what happens to the runs, if anything."""
    noun = "run" if len(runs) == 1 else "runs"
    total = size_in_words(sum(run.size for run in runs))
    if not runs:
        return (f"{folder}: no runs" + (" to remove" if done else ""),), (), ()
    head = f"{folder}: {len(runs):,} {noun}, {total}" + (f", {done}" if done else "")
    columns = (TableColumn("run"), TableColumn("what", wrap=WIDTH), *number_columns("simulations", "size"))
    rows = tuple(
        (
            run.name,
            _what(run),
            f"{run.request.trajectories:,}",
            size_in_words(run.size),
            f"{run.changed.astimezone():%Y-%m-%d %H:%M}",
        )
        for run in runs
    )
    after = () if done else ("A run whose command is given again is reused, or resumed where it stopped.",)
    return (head,), (TextTable((*columns, TableColumn("changed", wrap=CHANGED)), (rows,)),), after


def _what(run: KeptRun) -> str:
    first, *others = run.request.given or ("",)
    parts = [f"as of {run.request.as_of}"]
    parts += [f"given {first}" + (f" and {len(others)} more" if others else "")] if first else []
    parts += [policy_words(run.request.policy)] if run.request.policy else []
    parts += [] if run.finished else ["unfinished"]
    return ", ".join(parts)


def policy_words(policy: Sequence[str]) -> str:
    """Levers and fixed parameters of a run, by which the runs of one comparison differ.

    >>> policy_words(["border=0.7 for CAN from month 1", "repatriation=0 for CAN from month 1", "rho held at 0.5"])
    'CAN: border=0.7, repatriation=0; rho held at 0.5'
    """
    places: dict[str, list[str]] = {}
    for setting in policy:
        lever, _, place = setting.removesuffix(FROM_THE_START).partition(" for ")
        places.setdefault(place, []).append(lever)
    return "; ".join((f"{place}: " if place else "") + ", ".join(levers) for place, levers in places.items())


def runs_json(runs: Sequence[KeptRun], command: str, *, removed: bool) -> dict[str, Any]:
    """The object that ``afterfall runs --json`` prints (schema ``runs``)."""
    body = {
        "removed": removed,
        "bytes": sum(run.size for run in runs),
        "runs": [
            {
                "name": run.name,
                "folder": str(run.path),
                "case": run.request.case,
                "as_of": run.request.as_of,
                "trajectories": run.request.trajectories,
                "horizon_months": run.request.horizon,
                "seed": run.request.seed,
                "draws": run.request.draws,
                "policy": run.request.policy,
                "given": run.request.given,
                "finished": run.finished,
                "command": run.command or None,
                "bytes": run.size,
                "changed": run.changed.isoformat(timespec="seconds"),
            }
            for run in runs
        ],
    }
    return json_object("runs", PartialStamp(command=command), body)
