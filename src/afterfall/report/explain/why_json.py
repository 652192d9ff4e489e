"""The chain behind one number as one JSON object: figures, drivers, mechanisms, and what the parameters rest on."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from afterfall.report.explain.figure_tables import accounts_json
from afterfall.report.explain.why import Driver, UsedFigure, Why
from afterfall.report.kit.case_warnings import warnings_json
from afterfall.report.kit.json_registry import json_object


def why_json(why: Why, command: str | None = None) -> dict[str, Any]:
    """The object that ``afterfall why --json`` prints (schema ``why``).

    Parameters
    ----------
    why
        The chain.
    command
        The command that asked, for the stamp; the one that made the run by default.
    """
    body = {
        **why_body(why),
        "quantity": why.quantity,
        "place": why.place,
        "month": why.month,
        "date": why.date,
        "now": asdict(why.now),
        "then": asdict(why.then),
        "spread_shares": None if why.shares is None else asdict(why.shares),
        "warnings": warnings_json(why.warnings),
        "every_figure": None if why.accounts is None else accounts_json(why.accounts),
    }
    return json_object("why", why.stamp if command is None else replace(why.stamp, command=command), body)


def why_body(why: Why) -> dict[str, Any]:
    """The chain itself, as it also stands behind a judgement of a brief."""
    return {
        "label": why.label,
        "definition": why.definition,
        "figures": [_figure(one) for one in why.figures],
        "drivers": [_driver(one) for one in why.drivers],
        "mechanisms": [{"mechanism": m.name, "about": m.about, "moves": m.moves} for m in why.mechanisms],
        "parameter_basis": {
            "sentence": why.rests.sentence,
            "fitted": why.rests.fitted,
            "parameters": why.rests.parameters,
            "learned": why.rests.learned,
            "weakly_informed": why.rests.weakly_informed,
            "uninformed": why.rests.uninformed,
            "uninformed_and_not_learned": why.rests.unlearned,
        },
        "influence_command": why.ranking or None,
    }


def _figure(one: UsedFigure) -> dict[str, Any]:
    return {
        "read_for": one.use,
        "published": one.published,
        "refers_to": one.refers_to,
        "source": one.title,
        "grade": one.grade,
        "family": one.family,
    }


def _driver(one: Driver) -> dict[str, Any]:
    (low, *low_range), (high, *high_range) = one.influence.low, one.influence.high
    return {
        "parameter": one.influence.parameter,
        "label": one.label,
        "rank_correlation": one.influence.correlation,
        "lowest_third": {"median": low, "low90": low_range[0], "high90": low_range[1]},
        "highest_third": {"median": high, "low90": high_range[0], "high90": high_range[1]},
        "information": one.basis,
        "source": one.source,
    }
