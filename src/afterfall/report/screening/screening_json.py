"""A country's screening as one JSON object: verdicts over time, predictive values, capacity, relapse."""

from __future__ import annotations

from typing import Any

from afterfall.model.language.parameters import Known
from afterfall.policy.paired_differences import Floats
from afterfall.policy.screening import Screening
from afterfall.policy.test_accuracy import Verdicts, pooled
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.screening.screening_tables import PARTS, quantiles


def screening_json(found: Screening, command: str) -> dict[str, Any]:
    """The object that ``afterfall screening --json`` prints (schema ``screening``)."""
    body = {
        "country": found.country,
        "periods": [
            {
                "start": s.start,
                "end": s.end,
                "end_date": found.run.date(s.end),
                **_verdict_json(s.verdicts),
                "pooled": _pooled_json(s.verdicts),
                "stocks": {q: _json(values) for q, values in s.stocks.items()},
            }
            for s in found.periods
        ],
        "whole": {**_verdict_json(found.whole), "pooled": _pooled_json(found.whole)},
        "sensitivity": _json(found.sensitivity),
        "specificity": _json(found.specificity),
        "probability_of_a_flag": {d: _json(values) for d, values in found.by_disposition.items()},
        "probability_of_a_flag_now": {d: _json(values) for d, values in found.now.items()},
        "probability_of_a_flag_last": {d: _json(values) for d, values in found.last.items()},
        "per_1000_at_base_rate": {f"{rate:g}": _verdict_json(one) for rate, one in found.at_base_rate.items()},
        "relapse_hazard_a_month": {d: _json(values) for d, values in found.relapse.items()},
        "relapse_prior": {d: _prior(known) for d, known in found.priors.items()},
        "share_of_months_beyond_capacity": {name: _json(values) for name, values in found.over_capacity.items()},
    }
    return json_object("screening", stamp_of(found.run, command), body)


def _json(values: Floats) -> dict[str, float]:
    return dict(zip(("low90", "median", "high90"), quantiles(values), strict=True))


def _pooled_json(one: Verdicts) -> dict[str, float]:
    over_all = pooled(one)
    return {name: getattr(over_all, name) for name in ("base_rate", "positive_value", "negative_value")}


def _prior(known: Known) -> dict[str, float | str | None]:
    return {"low90": known.low, "high90": known.high, "source": known.source, "note": known.note}


def _verdict_json(one: Verdicts) -> dict[str, Any]:
    parts = {part: _json(getattr(one, part)) for part in PARTS}
    shares = ("base_rate", "positive_value", "negative_value")
    return {**parts, **{name: _json(getattr(one, name)) for name in shares}}
