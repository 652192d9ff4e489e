"""The best mix under a budget as one JSON object."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from afterfall.policy.best_mix import BestMix
from afterfall.report.comparison.mix_tables import mix_sentences
from afterfall.report.comparison.option_json import option_body, option_stamp
from afterfall.report.kit.json_registry import json_object


def mix_json(found: BestMix, command: str) -> dict[str, Any]:
    """The object that ``afterfall compare --budget ... --json`` prints (schema ``mix``)."""
    costs = found.options.spent[0]
    second = found.runner_up
    body = {
        "sentences": mix_sentences(found),
        "outcome": found.outcome.quantity,
        "direction": found.outcome.direction,
        "budgets": [{"name": b.name, "amount": b.amount, "unit": b.unit(costs)} for b in found.budgets],
        "candidates": found.candidates,
        "best": found.best.name,
        "runner_up": None if second is None else second.name,
        "mixes": [asdict(one) for one in found.mixes],
        "options": option_body(found.options),
    }
    return json_object("mix", option_stamp(found.options, command), body)
