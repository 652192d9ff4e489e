"""Warnings of a case as people and programs read them; the rules are in `afterfall.case.plausibility`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from afterfall.case import Case
from afterfall.case.plausibility import warnings_about
from afterfall.case.problems import Problem, report_lines
from afterfall.case.records import WORLD
from afterfall.model import Model
from afterfall.model.observation.figure_rules import FIT_USES, FORECAST_USES

#: Quantities of figures that a forecast or a fit reads.
READ = frozenset({*FORECAST_USES, *FIT_USES})


def warning_lines(case: Case) -> list[str]:
    """Lines that list what is implausible in a case and which files of its folder were ignored."""
    lines = [f"ignored, not part of a case: {', '.join(case.strays)}"] if case.strays else []
    if case.warnings:
        lines.append(
            f"{counted(len(case.warnings))}; the case can be forecast, but these rows are most likely wrong or will "
            "not be used:"
        )
        lines += [f"  {line}" for line in report_lines(case.warnings)]
    return lines


def warnings_behind(model: Model, origin: str | None = None) -> tuple[Problem, ...]:
    """Warnings of the rows that numbers rest on.

    Parameters
    ----------
    model
        The model that the numbers come from.
    origin
        Code of the origin that they are of; None for the world, to which all rows matter.

    Returns
    -------
    tuple of Problem
        Of an origin: warnings of rows about it, about the world, or about no place (holdings). A figure counts when the
        forecast or the fit reads figures of its quantity.
    """
    case = model.case
    if origin is None:
        return case.warnings
    unread = {(f.where.file, f.where.row) for f in case.figures if f.where is not None and f.quantity not in READ}
    about = warnings_about(case, frozenset({origin, WORLD}))
    return tuple(one for one in about if (one.file, one.row) not in unread)


def warnings_note(warnings: Sequence[Problem]) -> list[str]:
    """Warnings as notes below the numbers that rest on their rows; nothing where there are none."""
    if not warnings:
        return []
    head = f"{counted(len(warnings))} about rows behind these numbers that look implausible:"
    return [head, *(f"  {line}" for line in report_lines(warnings))]


def counted(number: int) -> str:
    """A number of warnings in words.

    >>> counted(1), counted(1200)
    ('1 warning', '1,200 warnings')
    """
    return "1 warning" if number == 1 else f"{number:,} warnings"


def warnings_json(warnings: Sequence[Problem]) -> list[dict[str, Any]]:
    """The warnings as JSON objects: file, row, column, what was found and expected, and the nearest name."""
    return [asdict(one) for one in warnings]
