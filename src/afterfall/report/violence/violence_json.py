"""Violence by place as one JSON object: deaths by country, by year and by month."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from afterfall.case.dates import month_name
from afterfall.conflict.violence_model import Violence
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import published_count
from afterfall.report.kit.stamp import stamp_of
from afterfall.report.violence.violence_tables import DEFINITION, SOURCE
from afterfall.run.quantile_levels import low_median_high


def violence_json(violence: Violence, country: str | None, command: str) -> dict[str, Any]:
    """The object that ``afterfall violence --json`` prints (schema ``violence``)."""
    codes = violence.countries if country is None else (country,)
    body = {
        "definition": DEFINITION,
        "known_to": month_name(violence.record.last),
        "weights": list(violence.estimate.ensemble.weights),
        "countries": {code: _country_json(violence, code) for code in codes},
        "left_out": [asdict(one) for one in violence.left_out],
        "source": SOURCE,
    }
    return json_object("violence", stamp_of(violence.run, command), body)


def _country_json(violence: Violence, code: str) -> dict[str, Any]:
    place = violence.countries.index(code)
    months = {
        month_name(m): {
            "probability_any": float((violence.deaths[:, i, place] > 0).mean()),
            "deaths": _quantiles(violence.deaths[:, i, place]),
            "events": _quantiles(violence.events[:, i, place]) if violence.counting else None,
        }
        for i, m in enumerate(violence.months)
    }
    years = {str(y): _quantiles(violence.in_year(y)[:, place]) for y in violence.years()}
    return {
        "name": violence.names[place],
        "last_twelve_months": published_count(violence.before(code)),
        "years": years,
        "months": months,
    }


def _quantiles(values: Any) -> dict[str, float]:
    low, median, high = low_median_high(values)
    return {"mean": float(np.mean(values)), "median": median, "low90": low, "high90": high}
