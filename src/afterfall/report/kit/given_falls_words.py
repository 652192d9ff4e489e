"""A hindcast given the falls that happened, as JSON and as sentences: shared by scores and the track record."""

from __future__ import annotations

from typing import Any

from afterfall.evaluate.record.given_falls import GivenFalls, GivenFallsRow
from afterfall.report.kit.skill_words import skill_json

TITLE = "Given the falls that happened (hindsight)"
MEANING = (
    "The same forecast with the recorded months of the falls taken as given. They were not known on the as-of date: "
    "this is hindsight, and no forecast. What the model gains by them is owed to errors about the campaign; what "
    "remains are errors about people, and about territory that no list names."
)


def given_falls_json(found: GivenFalls | None) -> dict[str, Any] | None:
    """The scores of a forecast given the falls that happened; None where it was not made."""
    if found is None:
        return None
    conditioned = None if found.scores is None else found.scores.run.conditioned
    return {
        "hindsight": True,
        "conditions": found.conditions,
        "missing": found.missing or None,
        "run": None if found.scores is None else found.scores.run.request.hash,
        "effective_number": None if conditioned is None else conditioned.effective,
        "by_quantity": {row.quantity or "all": _row(row) for row in found.rows},
    }


def _row(row: GivenFallsRow) -> dict[str, Any]:
    pairs = {"crps_forecast": row.forecast, "inside90_model_alone": row.inside90, "pit_model_alone": row.pit}
    return {
        "model_alone": skill_json(row.gain),
        **{name: dict(zip(("forecast", "given_falls"), pair, strict=True)) for name, pair in pairs.items()},
    }


def effective_words(found: GivenFalls) -> str:
    """How many falls are given and the effective number, or why there is no such run."""
    if found.scores is None or found.scores.run.conditioned is None:
        return f"not available: {found.missing}"
    number = found.scores.run.conditioned.effective
    falls = "1 fall" if len(found.conditions) == 1 else f"{len(found.conditions)} falls"
    return f"{falls} given, effective number {number:,.0f}"
