"""Tables and the JSON object of violence against the field: scores by year, wins and losses as they fell."""

from __future__ import annotations

from typing import Any

from afterfall.conflict.views_scores import NAMES
from afterfall.evaluate.core.bootstrap import Skill
from afterfall.evaluate.views.views_challenge import (
    CONFLICTOLOGY,
    EXACT,
    FORECASTS,
    LAST,
    OURS,
    ZERO,
    ViewsComparison,
    Year,
)
from afterfall.report.forecast.outlook_json import SCHEMA_VERSION
from afterfall.report.kit.number_formats import json_number
from afterfall.report.kit.table import TableColumn, TextTable
from afterfall.report.scores.score_tables import skill_range, verdict

RULE_WORDS = {"crps": "CRPS", "ignorance": "ignorance", "interval": "interval score, 90%"}
#: Decimals a rule's scores are printed with.
DECIMALS = {"crps": 2, "ignorance": 3, "interval": 1}
SOURCE = "Deaths: UCDP (CC BY 4.0). Actuals, benchmark draws and published scores: VIEWS prediction challenge 2023/24."


def field_headline(field: ViewsComparison) -> tuple[str, ...]:
    """What is compared, and whether the scorer is trusted."""
    return (
        f"Deaths in state-based conflict by country and month, {field.years[0].year} to {field.years[-1].year}, "
        "each year from data to October of the year before",
        "Published scores of the benchmark and of zero, over all countries: "
        + ("reproduced exactly." if field.trusted else "NOT reproduced: do not trust what follows."),
    )


def field_grids(field: ViewsComparison) -> tuple[TextTable, ...]:
    """The check of the scorer, then a table a rule over the countries in the model, and the same over all."""
    inside = sum(1 for c in field.years[0].countries if c in field.modelled)
    everyone = len(field.years[0].countries)
    ours = [_rule(field, k, f"the {inside} countries in {field.case} and in VIEWS", everyone=False) for k in range(3)]
    all_ = [_rule(field, k, f"all {everyone} countries of VIEWS", everyone=True) for k in range(3)]
    return (_check(field), *ours, *all_)


def field_notes(field: ViewsComparison) -> tuple[str, ...]:
    """What to know beside the tables."""
    weights = ", ".join(f"{y.year}: {y.weight:.1f}" for y in field.years)
    return (
        "*: best of the row. The skill's 90% interval resamples countries; open: it holds zero. "
        "A year counts as much as the next.",
        f"Weight of the last twelve months in our mixture, learned before each year: {weights}.",
        SOURCE,
    )


def field_json(field: ViewsComparison, command: str) -> dict[str, Any]:
    """The object that ``afterfall field --json`` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "case": field.case,
        "command": command,
        "trusted": field.trusted,
        "countries": sorted(field.modelled & set(field.years[0].countries)),
        "years": [_year_json(field, y) for y in field.years],
        "all_years": _year_json(field, None),
        "source": SOURCE,
    }


def _columns(*numbers: str) -> tuple[TableColumn, ...]:
    return (TableColumn("year"), *(TableColumn(n, "right") for n in numbers))


def _cell(rule: str, value: float) -> str:
    return f"{value:,.{DECIMALS[rule]}f}"


def _check(field: ViewsComparison) -> TextTable:
    headings = [f"{name}: {RULE_WORDS[rule]}" for name in EXACT for rule in NAMES]
    rows = []
    for y in field.years:
        cells = [
            f"{_cell(rule, y.reproduced[name][i])} ({_cell(rule, y.official[name][i])})"
            for name in EXACT
            for i, rule in enumerate(NAMES)
        ]
        rows.append((str(y.year), *cells))
    return TextTable(_columns(*headings), (tuple(rows),), "The scorer on all countries: ours (published)")


def _rule(field: ViewsComparison, k: int, who: str, *, everyone: bool) -> TextTable:
    """Scores of every forecast by one rule, and our skill against the benchmark; the best of a row is starred."""
    rule = NAMES[k]
    some: list[Year | None] = [*field.years, None]
    rows = [(_name(y), *_rule_cells(field, k, y, everyone)) for y in some]
    columns = (*_columns(*FORECASTS, "skill", "90%"), TableColumn("against conflictology"))
    return TextTable(columns, (tuple(rows[:-1]), (rows[-1],)), f"{RULE_WORDS[rule]} (lower is better), {who}")


def _rule_cells(field: ViewsComparison, k: int, year: Year | None, everyone: bool) -> list[str]:
    means = {name: float(field.mean(name, year, everyone=everyone)[k]) for name in FORECASTS}
    best = min(means.values())
    cells = [_cell(NAMES[k], m) + ("*" if m == best else " ") for m in means.values()]
    one = field.skill(k, year, everyone=everyone)
    return [*cells, f"{one.skill:+.2f}", skill_range(one), verdict(one)]


def _name(year: Year | None) -> str:
    return "all" if year is None else str(year.year)


def _year_json(field: ViewsComparison, year: Year | None) -> dict[str, Any]:
    groups = {"modelled": False, "everyone": True}
    found: dict[str, Any] = {"year": None if year is None else year.year}
    for word, everyone in groups.items():
        found[word] = {
            "scores": {
                name: dict(zip(NAMES, map(float, field.mean(name, year, everyone=everyone)), strict=True))
                for name in (OURS, CONFLICTOLOGY, LAST, ZERO)
            },
            "skill": {rule: _skill_json(field.skill(i, year, everyone=everyone)) for i, rule in enumerate(NAMES)},
        }
    if year is not None:
        found["published"] = {n: dict(zip(NAMES, map(float, v), strict=True)) for n, v in year.official.items()}
        found["reproduced"] = {n: dict(zip(NAMES, map(float, v), strict=True)) for n, v in year.reproduced.items()}
        found["weight_of_last_year"] = year.weight
    return found


def _skill_json(one: Skill) -> dict[str, Any]:
    return {
        "skill": json_number(one.skill),
        "low90": json_number(one.low90),
        "high90": json_number(one.high90),
        "verdict": verdict(one),
    }
