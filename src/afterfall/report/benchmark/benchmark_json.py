"""Violence against the published benchmarks as one JSON object: scores and skill by year."""

from __future__ import annotations

from typing import Any

from afterfall.conflict.views_scores import NAMES
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.core.verdict import verdict
from afterfall.evaluate.views.views_challenge import FORECASTS, OWN, ViewsComparison, Year
from afterfall.report.benchmark.benchmark_tables import SOURCE
from afterfall.report.kit.json_registry import json_object
from afterfall.report.kit.stamp import PartialStamp


def field_json(field: ViewsComparison, command: str) -> dict[str, Any]:
    """The object that ``afterfall benchmark --json`` prints (schema ``benchmark``)."""
    body = {
        "reproduced": field.trusted,
        "countries": sorted(field.modelled & set(field.years[0].countries)),
        "not_in_views": list(field.not_in_views),
        "not_in_case": list(field.not_in_case),
        "years": [_year_json(field, y) for y in field.years],
        "all_years": _year_json(field, None),
        "entries": [_entry_json(field, entry) for entry in field.entries],
        "source": SOURCE,
    }
    return json_object("benchmark", PartialStamp(case=field.case, command=command), body)


def _year_json(field: ViewsComparison, year: Year | None) -> dict[str, Any]:
    groups = {"modelled": False, "everyone": True}
    found: dict[str, Any] = {"year": None if year is None else year.year}
    for word, everyone in groups.items():
        found[word] = {
            "scores": {
                name: dict(zip(NAMES, map(float, field.mean(name, year, everyone=everyone)), strict=True))
                for name in FORECASTS
            },
            "skill": {rule: _skill_json(field.skill(i, year, everyone=everyone)) for i, rule in enumerate(NAMES)},
            "skill_own_history": {
                rule: _skill_json(field.skill(i, year, against=OWN, everyone=everyone)) for i, rule in enumerate(NAMES)
            },
        }
    if year is not None:
        found["published"] = {n: dict(zip(NAMES, map(float, v), strict=True)) for n, v in year.official.items()}
        found["reproduced"] = {n: dict(zip(NAMES, map(float, v), strict=True)) for n, v in year.reproduced.items()}
        found["weight_of_last_year"] = year.weight
    return found


def _entry_json(field: ViewsComparison, entry: str) -> dict[str, Any]:
    found: dict[str, Any] = {"entry": entry, "years": [year.year for year in field.entered(entry)]}
    for word, everyone in (("modelled", False), ("everyone", True)):
        theirs, ours = field.entry_means(entry, everyone=everyone)
        found[word] = {
            "entry": dict(zip(NAMES, map(float, theirs), strict=True)),
            "afterfall": dict(zip(NAMES, map(float, ours), strict=True)),
            "skill": {
                rule: _skill_json(field.entry_skill(i, entry, everyone=everyone)) for i, rule in enumerate(NAMES)
            },
        }
    return found


def _skill_json(one: Skill) -> dict[str, Any]:
    return {
        "skill": one.skill,
        "low90": one.low90,
        "high90": one.high90,
        "verdict": verdict(one),
    }
