"""Levers and packages as a case sees them, as one JSON object: intensities in words, evidence, what may be set."""

from __future__ import annotations

from typing import Any

from afterfall.case import Case, case_hash
from afterfall.model import MODEL_VERSION
from afterfall.model.levers import Catalogue, Lever
from afterfall.model.levers.applying import in_force, level_now, repeal, words_now
from afterfall.model.levers.declaration import Evidence, Package, latest
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def levers_json(catalogue: Catalogue, case: Case, country: str | None, command: str | None = None) -> dict[str, Any]:
    """The object that ``afterfall levers --json`` prints (schema ``levers``).

    Parameters
    ----------
    catalogue
        Levers and packages, the user's own included.
    case
        The case that they are seen from: its as-of date decides what was public, and what is in force.
    country
        Code of the country whose levers they are, or None.
    command
        The command that asked, for the stamp.
    """
    stamp = PartialStamp(
        case=case.id,
        case_hash=case_hash(case),
        as_of=case.as_of,
        model_version=MODEL_VERSION,
        command=command,
        case_warnings=len(case.warnings),
    )
    body = {
        "title": case.title,
        "country": country,
        "levers": {lever.name: _lever(lever, case, country) for lever in catalogue.levers.values()},
        "packages": {package.name: _package(package, case) for package in catalogue.packages.values()},
    }
    return json_object("levers", stamp, body)


def _lever(lever: Lever, case: Case, country: str | None) -> dict[str, Any]:
    return {
        "title": lever.title,
        "scope": lever.scope,
        "published": str(lever.published),
        "public_at_as_of": lever.published.last_day <= case.as_of,
        "source": lever.source,
        "none": lever.words.none,
        "now": words_now(lever, case, country),
        "full": lever.words.full,
        "intensity_now": level_now(lever, case, country),
        "in_force": in_force(lever, case, country),
        "repealed_by": repeal(lever, case, country) or None,
        "ramp_months": lever.ramp,
        "effects": {
            e.name: {"description": e.description, **_evidence(latest(e.evidence, case.as_of))} for e in lever.effects
        },
        "capacities": [
            {"capacity": c.capacity, "description": c.description, "times": c.times} for c in lever.capacities
        ],
        "costs": {
            c.name: {"unit": c.unit, "per": c.per, **_evidence(latest(c.evidence, case.as_of))} for c in lever.costs
        },
        "side_effects": [
            {"name": e.name, "description": e.description, "quantity": e.quantity, "direction": e.direction}
            for e in lever.side_effects
        ],
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    """The interval of a ratio or an amount that counts on the as-of date, and where it comes from."""
    return {
        "low90": one.low,
        "high90": one.high,
        "status": one.status,
        "source": one.source or None,
        "published": None if one.published is None else str(one.published),
        "note": one.note or None,
    }


def _package(package: Package, case: Case) -> dict[str, Any]:
    return {
        "title": package.title,
        "published": str(package.published),
        "public_at_as_of": package.published.last_day <= case.as_of,
        "source": package.source,
        "counterfactual": package.counterfactual,
        "levers": [
            {"lever": p.lever, "intensity": p.intensity, "start": None if p.start is None else str(p.start)}
            for p in package.lines
        ],
    }
