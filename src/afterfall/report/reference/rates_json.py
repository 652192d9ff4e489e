"""The reference class as one JSON object: every rate with its prior and counts, and first presences by country."""

from __future__ import annotations

from typing import Any

import numpy as np

from afterfall.reference.event_rate import EventRate
from afterfall.reference.first_foundings import FirstFoundings
from afterfall.reference.reference_rates import ReferenceRates
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def reference_json(found: ReferenceRates, command: str) -> dict[str, Any]:
    """The object that ``afterfall reference --json`` prints (schema ``reference``)."""
    body = {
        "rates": [_rate_json(rate) for rate in found.rates],
        "first_presences": {family: _firsts_json(forecast) for family, forecast in found.firsts.items()},
    }
    return json_object("reference", PartialStamp(as_of=found.as_of, command=command), body)


def _rate_json(rate: EventRate) -> dict[str, Any]:
    return {
        "event": rate.event,
        "stratum": rate.stratum,
        "unit": rate.unit,
        "mean": rate.mean,
        "low90": rate.low,
        "high90": rate.high,
        "events": rate.events,
        "exposure": rate.exposure,
        "prior": rate.prior,
        "source": rate.source,
    }


def _firsts_json(forecast: FirstFoundings) -> dict[str, Any]:
    low, median, high = np.quantile(forecast.totals, (0.05, 0.5, 0.95))
    return {
        "until": forecast.until,
        "total": {"mean": float(forecast.totals.mean()), "median": median, "low90": low, "high90": high},
        "countries": [
            {"country": code, "probability": p, "low90": below, "high90": above}
            for code, p, below, above in forecast.ranked()
        ],
    }
