"""An outlook as one JSON object with stable keys: what ``afterfall forecast --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from afterfall.report.forecast.breaks_in_run import custody_json
from afterfall.report.forecast.breaks_outlook import breaks_json
from afterfall.report.forecast.custody_outlook import HeldAt
from afterfall.report.forecast.foundings_tables import foundings_json
from afterfall.report.forecast.organisation_json import organisations_json
from afterfall.report.forecast.outlook import Fall, Outlook, OutlookLine
from afterfall.report.kit.case_warnings import warnings_json
from afterfall.report.kit.json_registry import json_object


def outlook_json(outlook: Outlook) -> dict[str, Any]:
    """The object that ``afterfall forecast --json`` prints (schema ``forecast``)."""
    body = {
        "title": outlook.title,
        "at": outlook.at,
        "at_date": outlook.at_date,
        "country": outlook.country,
        "total": outlook.total.mean,
        "pathways": _lines(outlook.pathways),
        "fates": _lines(outlook.fates),
        "counters": _lines(outlook.counters),
        "custody": [_held(one) for one in outlook.custody],
        "there": _lines(outlook.there),
        "holdings": [_fall(fall) for fall in outlook.falls],
        "overflow": [
            {"capacity": o.name, "label": o.label, "mean": o.mean, "largest": o.largest} for o in outlook.overflow
        ],
        **organisations_json(outlook.organisations),
        "custody_breaks": breaks_json(outlook.breaks),
        "custody_events": custody_json(outlook.custody_events),
        "first_foundings": foundings_json(outlook.foundings),
        "published_counts": {
            one.quantity: {
                "label": one.label,
                "last": one.last,
                "last_date": one.last_date,
                "counts": one.counts,
                **asdict(one.forecast),
            }
            for one in outlook.counts
        },
        "uninformed_parameters": outlook.priors.uninformed,
        "parameters": outlook.priors.parameters,
        "warnings": warnings_json(outlook.warnings),
    }
    return json_object("forecast", outlook.stamp, body)


def _lines(lines: Sequence[OutlookLine]) -> dict[str, Any]:
    return {
        line.code: {
            **asdict(line.then),
            "probability_anyone": line.anyone,
            "now": asdict(line.now),
            "label": line.label,
            "hindsight": line.hindsight,
        }
        for line in lines
    }


def _held(one: HeldAt) -> dict[str, Any]:
    return {
        "month": one.month,
        "date": one.date,
        "by": {
            line.code: {
                "label": line.label,
                "everyone": asdict(line.everyone),
                **{role: asdict(spread) for role, spread in line.roles.items()},
            }
            for line in one.lines
        },
    }


def _fall(fall: Fall) -> dict[str, Any]:
    return {
        "holding": fall.name,
        "label": fall.label,
        "probability_within_horizon": fall.within,
        "median_month": fall.median,
        "low90_month": fall.low90,
        "high90_month": fall.high90,
        "probability_within": {str(month): chance for month, chance in fall.by.items()},
        "operation_by": fall.operation or None,
    }
