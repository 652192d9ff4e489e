"""Attacks as one JSON object with stable keys: by place and year, what taught them, entry among migrants, later counts.

The keys are a promise, as in `as_json`. Published counts under 5 are the text ``<5``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from afterfall.attack.attack_result import SOURCES, Attacks
from afterfall.attack.border_crossings import BorderScreening
from afterfall.attack.importance_resampling import ATTEMPT_PARAMETERS
from afterfall.evaluate.events.attack_counts import LaterCount
from afterfall.report.attacks.attack_tables import DEFINITION, LEVELS, returnee_chance
from afterfall.report.forecast.outlook_json import SCHEMA_VERSION
from afterfall.report.kit.number_formats import json_number, published_count


def attack_json(
    attacks: Attacks,
    place: str | None,
    screened: BorderScreening | None,
    later: Sequence[LaterCount] | None,
    command: str,
) -> dict[str, Any]:
    """The object that ``afterfall attacks --json`` prints."""
    places = [place] if place is not None else [*attacks.groups(), *attacks.countries]
    content: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        **attacks.run.stamp,
        "command": command,
        "definition": DEFINITION,
        "estimated_from": [
            {"place": c.place, "year": c.year, "attempts": published_count(c.attempts)} for c in attacks.counts
        ],
        "effective_candidates": float(np.median(attacks.effective_candidates)),
        "attempt_parameters": {
            name: _named(np.quantile(attacks.attempt_parameters[:, k], LEVELS))
            for k, name in enumerate(ATTEMPT_PARAMETERS)
        },
        "places": {code: _place_json(attacks, code) for code in places},
        "screening": None if screened is None else _screening_json(screened),
    }
    if later is not None:
        content["later"] = [_later_json(one) for one in later]
    return content


def _place_json(attacks: Attacks, place: str) -> dict[str, Any]:
    years = {}
    for year in attacks.years():
        means = attacks.of(attacks.expected, place, year).mean(axis=0)
        years[str(year)] = {
            "attempts": _quantiles(attacks.attempts_in(place, year)),
            "completed": _quantiles(attacks.of(attacks.completed, place, year)),
            "deaths": _quantiles(attacks.of(attacks.deaths, place, year)),
            "probability_any": attacks.chance(place, year),
            "probability_completed": attacks.chance(place, year, completed=True),
            "mean_attempts_by_source": dict(zip(SOURCES, map(float, means), strict=True)),
            "months": int((attacks.year_of == year).sum()),
        }
    return {
        "name": attacks.name(place),
        "years": years,
        "more_of_the_same": dict(zip(("more", "same", "fewer"), attacks.more_of_the_same(place), strict=True)),
        "attempts_24_months_before": _quantiles(attacks.before(place)),
        "attempts_24_months_after": _quantiles(attacks.after(place)),
        "attempts_per_adult_returnee": json_number(returnee_chance(attacks, place)),
    }


def _quantiles(values: Any) -> dict[str, float]:
    found = np.quantile(values, LEVELS, method="inverted_cdf")
    return {"mean": float(np.mean(values)), **_named(found)}


def _named(three: Any) -> dict[str, float]:
    return dict(zip(("low90", "median", "high90"), map(float, three), strict=True))


def _screening_json(screened: BorderScreening) -> dict[str, Any]:
    return {
        "last_known_crossings": screened.last_known,
        "years": {
            str(y): {
                "crossings": _quantiles(screened.crossings[:, k]),
                "sent_per_million_crossings": _quantiles(screened.rate[:, k]),
                "sent_among_crossings": _quantiles(screened.entered[:, k]),
                "found_by_screening": _quantiles(screened.found[:, k]),
            }
            for k, y in enumerate(screened.years)
        },
    }


def _later_json(one: LaterCount) -> dict[str, Any]:
    return {
        "place": one.place,
        "year": one.year,
        "hindcast": one.hindcast,
        "published_later": published_count(one.observed),
        "predicted": _named(one.predicted),
        "inside90": one.inside90,
        "crps": one.crps,
        "baseline_crps": json_number(one.baseline_crps),
        "overdispersed_crps": json_number(one.overdispersed_crps),
    }
