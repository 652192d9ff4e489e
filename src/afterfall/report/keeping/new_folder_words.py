"""What to say of a case folder that was made."""

from __future__ import annotations

import shlex

from afterfall.report.kit.number_formats import day
from afterfall.run.case_writing import EMPTY, NewFolder


def new_folder_words(made: NewFolder) -> tuple[str, ...]:
    """The folder, what is in it, and what to do next."""
    alone = not made.path.is_absolute() and len(made.path.parts) == 1
    folder = shlex.quote(f"./{made.path}" if alone else str(made.path))
    what = f"as of {day(made.as_of)}, {len(made.files)} files"
    if made.source == EMPTY:
        first = f"{made.path}: an empty case {what}. Every row is a placeholder."
    else:
        first = f"{made.path}: a copy of {made.source} {what}."
    views = tuple(f"Its view {view} opens as {made.path}/{view}." for view in made.views)
    return (
        first,
        *views,
        "Next:",
        f"- afterfall check {folder}",
        f"- afterfall add {folder} figures.csv --dry-run",
        f"- afterfall forecast {folder}",
    )
