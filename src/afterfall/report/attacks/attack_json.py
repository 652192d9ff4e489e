"""Attacks as one JSON object: by place and year, counts they are conditioned on, entry among migrants, later counts.

Published counts under 5 are the text ``<5``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from afterfall.attack.attack_result import SOURCES, Attacks
from afterfall.attack.border_crossings import BorderScreening
from afterfall.attack.importance_resampling import ATTEMPT_PARAMETERS
from afterfall.evaluate.events.attack_counts import CountOpponent, LaterCount, best_baseline
from afterfall.report.attacks.attack_tables import DEFINITION, returnee_chance
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.number_formats import SMALL_CELL, published_count
from afterfall.report.kit.stamp import stamp_of
from afterfall.run.quantile_levels import INTERVAL_LEVELS, low_median_high


def attack_json(
    attacks: Attacks,
    place: str | None,
    screened: BorderScreening | None,
    later: Sequence[LaterCount] | None,
    command: str,
) -> dict[str, Any]:
    """The object that ``afterfall attacks --json`` prints (schema ``attacks``)."""
    places = [place] if place is not None else [*attacks.groups(), *attacks.countries]
    body: dict[str, Any] = {
        "definition": DEFINITION,
        "estimated_from": [
            {"place": c.place, "year": c.year, "attempts": published_count(c.attempts)} for c in attacks.counts
        ],
        "listed_attacks": len(attacks.public.attacks),
        "shares": [
            {
                "by": list(s.by),
                "part": published_count(s.part),
                "whole": s.whole,
                "weight": s.weight,
                "expected": _named(low_median_high(attacks.expected_share(s))),
            }
            for s in attacks.public.shares
        ],
        "not_forecast": [{"place": h.place, "name": h.name, "reason": h.why} for h in attacks.hosts],
        "effective_candidates": float(np.median(attacks.effective_candidates)),
        "attempt_parameters": {
            name: _named(np.quantile(attacks.attempt_parameters[:, k], INTERVAL_LEVELS))
            for k, name in enumerate(ATTEMPT_PARAMETERS)
        },
        "places": {code: _place_json(attacks, code) for code in places},
        "screening": None if screened is None else _screening_json(screened),
    }
    if later is not None:
        body["later"] = [_later_json(one) for one in later]
        body["later_opponent"] = _opponent_json(best_baseline(later))
    return json_object("attacks", stamp_of(attacks.run, command), body)


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
        "change_24_months": dict(zip(("more", "same", "fewer"), attacks.more_of_the_same(place), strict=True)),
        "attempts_24_months_before": _quantiles(attacks.before(place)),
        "attempts_24_months_after": _quantiles(attacks.after(place)),
        "attempts_per_adult_returnee": returnee_chance(attacks, place),
    }


def _quantiles(values: Any) -> dict[str, float]:
    return {"mean": float(np.mean(values)), **_named(low_median_high(values))}


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
        "baselines": [
            {"years": b.years, "spread": b.spread, "mean": _hidden(b.mean), "crps": b.crps} for b in one.baselines
        ],
    }


def _hidden(mean: float) -> float | None:
    """A mean of published counts; None where it would reveal a count under 5."""
    return None if 0 < mean < SMALL_CELL else mean


def _opponent_json(one: CountOpponent | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "years": one.years,
        "spread": one.spread,
        "counts": one.counts,
        "crps": one.crps,
        "forecast_crps": one.forecast_crps,
        "baselines": [{"years": y, "spread": s, "crps": mean} for (y, s), mean in one.means.items()],
    }
