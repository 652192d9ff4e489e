"""Organisations, places and events of an outlook as part of its JSON object."""

from __future__ import annotations

from typing import Any

from afterfall.report.forecast.organisation_outlook import OrganisationOutlook, OrganisationsOutlook, PlaceOutlook
from afterfall.report.kit.spread import Range


def organisations_json(found: OrganisationsOutlook | None) -> dict[str, Any]:
    """The keys of a forecast on organisations: each of them, places, events, successor organisations, slow stocks."""
    if found is None:
        return {"organisations": [], "places": [], "events": [], "successor_organisations": None, "slow_stocks": []}
    return {
        "organisations": [_organisation_json(o) for o in found.organisations],
        "places": [_place_json(p) for p in found.places],
        "events": [
            {
                "event": h.code,
                "label": h.label,
                "kind": h.kind,
                "probability": h.by,
                "probability_within_horizon": h.within,
                "median_month": h.median_month,
            }
            for h in found.happenings
        ],
        "successor_organisations": {
            "now": _range_json(found.count_now),
            **_range_json(found.count),
            "probability_of_any": {c.kind: c.any for c in found.chances},
            "expected_number": {c.kind: c.expected for c in found.chances},
        },
        "slow_stocks": [{"stock": s.code, "label": s.label, **_range_json(s.then)} for s in found.slow],
    }


def _range_json(of: Range) -> dict[str, float]:
    return {name: getattr(of, name) for name in ("median", "low90", "high90")}


def _organisation_json(one: OrganisationOutlook) -> dict[str, Any]:
    return {
        "organisation": one.code,
        "label": one.label,
        "kind": one.kind,
        "place": one.place,
        "descended": one.descended,
        "published": one.published,
        "now": _range_json(one.now),
        **_range_json(one.then),
        "mean": one.mean,
        "probability_exists": one.exists,
        "foreign_share": one.foreign_share,
        "probability_grown": one.grown,
        "probability_contained": one.contained,
    }


def _place_json(one: PlaceOutlook) -> dict[str, Any]:
    return {
        "place": one.code,
        "label": one.label,
        "new": one.new,
        "probability_reached": one.reached,
        "median_month_founded": one.founded_month,
        "strength": _range_json(one.strength),
        "foreign_fighters": _range_json(one.foreigners),
        "probability_doubled": one.doubled,
        "probability_halved": one.halved,
        "probability_reached_by_month": list(one.by_month),
        "probability_exists": one.there,
        "probability_exists_by_month": list(one.there_by_month),
    }
