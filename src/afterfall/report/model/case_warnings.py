"""Warnings of a case as people and programs read them; the rules are in `afterfall.case.plausibility`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from afterfall.case import Case
from afterfall.case.plausibility import warnings_of
from afterfall.case.problems import report_lines


def warning_lines(case: Case) -> list[str]:
    """Lines that list what is implausible in a case and which files of its folder were ignored."""
    found = warnings_of(case)
    lines = [f"ignored, not part of a case: {', '.join(case.strays)}"] if case.strays else []
    if found:
        count = "1 warning" if len(found) == 1 else f"{len(found)} warnings"
        lines.append(f"{count}; the case can be forecast, but these rows are most likely wrong or will not be used:")
        lines += [f"  {line}" for line in report_lines(found)]
    return lines


def warnings_json(case: Case) -> list[dict[str, Any]]:
    """The warnings as JSON objects: file, row, column, what was found and expected, and the nearest name."""
    return [asdict(one) for one in warnings_of(case)]
