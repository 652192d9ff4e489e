"""Checks of a case beyond its single cells: one small check per file, all run, all problems reported together.

A check is a function from a `Draft` to the problems that it finds. To add one, write its file and add it to `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from afterfall.case.checks import (
    captors,
    chronology,
    columns,
    core,
    custody,
    estimates,
    evaluation,
    files,
    foreknowledge,
    known_names,
    neighbours,
    overlap,
    plausible_dates,
    populations,
    priors,
    references,
    regions,
    sequence,
    sizes,
    theatre,
    unique,
    whole_numbers,
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
    whole_numbers.check,
    known_names.check,
    plausible_dates.check,
    chronology.check,
    foreknowledge.check,
    sequence.check,
    overlap.check,
    populations.check,
    sizes.check,
    core.check,
    theatre.check,
    captors.check,
    custody.check,
    regions.check,
    world.check,
    priors.check,
    neighbours.check,
    evaluation.check,
)


def run_checks(draft: Draft) -> list[Problem]:
    """All problems found by the checks."""
    return [problem for check in CHECKS for problem in check(draft)]
