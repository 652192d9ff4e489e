"""What must hold of a case beyond its single cells: one small check a file, all run, all reported together.

A check is a function from a `Draft` to the problems it finds. To add one, write its file and put it in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from afterfall.case.checks import (
    chronology,
    columns,
    core,
    estimates,
    evaluation,
    files,
    foreknowledge,
    neighbours,
    overlap,
    priors,
    references,
    regions,
    sequence,
    theatre,
    unique,
    world,
)
from afterfall.case.draft import Draft
from afterfall.case.problems import Problem

CHECKS: tuple[Callable[[Draft], Iterable[Problem]], ...] = (
    files.check,
    columns.check,
    unique.check,
    references.check,
    estimates.check,
    chronology.check,
    foreknowledge.check,
    sequence.check,
    overlap.check,
    core.check,
    theatre.check,
    regions.check,
    world.check,
    priors.check,
    neighbours.check,
    evaluation.check,
)


def run_checks(draft: Draft) -> list[Problem]:
    """Every problem that any check finds."""
    return [problem for check in CHECKS for problem in check(draft)]
