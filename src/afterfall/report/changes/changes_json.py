"""What changed as one JSON object: every headline with its steps, and every row in which the cases differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from afterfall.report.changes.attribution import ChangeStep
from afterfall.report.changes.between_runs import Changes, HeadlineChange
from afterfall.report.changes.case_differences import RowChange
from afterfall.report.changes.change_words import cause_words, row_words
from afterfall.report.headlines.headline import HeadlineReading
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import stamp_json, stamp_of


def changes_json(found: Changes, command: str) -> dict[str, Any]:
    """The object that ``afterfall changes --json`` prints (schema ``changes``); its head is of the new forecast."""
    body = {
        "country": found.country,
        "old": stamp_json(stamp_of(found.old)),
        "causes": [{"cause": cause, "label": cause_words(cause, found)} for cause in found.causes],
        "attributed": not found.problem,
        "not_attributed_because": found.problem or None,
        "simulations_of_steps": found.simulations,
        "headlines": [_headline(one) for one in found.judged],
        "not_answered_by_old": found.unanswered,
        "rows": {group: [_row(one, found) for one in rows] for group, rows in found.rows.items()},
    }
    return json_object("changes", stamp_of(found.new, command), body)


def _headline(one: HeadlineChange) -> dict[str, Any]:
    return {
        "key": one.headline.key,
        "label": one.headline.label,
        "event": one.headline.event,
        "date": one.headline.on,
        "old": _reading(one.old),
        "new": _reading(one.new),
        "probability_steps": _steps(one.chance_steps),
        "median_steps": _steps(one.number_steps),
        "probability_rest": one.chance_rest,
        "median_rest": one.number_rest,
    }


def _reading(one: HeadlineReading) -> dict[str, Any]:
    return {"range": asdict(one.number), "probability": one.chance}


def _steps(steps: Sequence[ChangeStep]) -> list[dict[str, Any]]:
    return [{"cause": step.cause, "value": step.value, "standard_error": step.error} for step in steps]


def _row(one: RowChange, found: Changes) -> dict[str, Any]:
    return {
        "table": one.table,
        "name": one.name,
        "what": one.what,
        "words": row_words(one),
        "use": found.uses.get(one.name) if one.table == "figures" else None,
        "published": one.published or None,
        "source": getattr(one.row, "source", None),
        "grade": getattr(one.row, "grade", None),
    }
