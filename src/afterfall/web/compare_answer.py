"""A comparison of policies for the page: rows with their dots and sentences, fans of both sides, and the tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from afterfall.live.refinement import Refined
from afterfall.policy import Comparison
from afterfall.policy.endpoints import ATTEMPTS, Endpoint
from afterfall.policy.people_counts import People
from afterfall.policy.sides import PolicyRun
from afterfall.report.comparison.comparison_json import comparison_json
from afterfall.report.comparison.comparison_picture import finding
from afterfall.report.comparison.comparison_tables import (
    GROUPS,
    better_words,
    comparison_grids,
    comparison_headline,
    comparison_notes,
    marked,
    row_is_shown,
    same_words,
)
from afterfall.report.comparison.difference_words import (
    DOTS,
    comparison_sentence,
    difference_sentence,
    verdict,
)
from afterfall.report.kit.likelihood_words import SCALES
from afterfall.report.kit.text_table import TextTable
from afterfall.run.quantile_levels import FAN_LEVELS
from afterfall.web.entries import fan_entry, sent, sent_list, stamp_entry, table_entry
from afterfall.web.schemas import CompareStep, DifferenceRow, FanEntry, SideFan, TableEntry
from afterfall.web.view_state import ViewQuery, code_of

#: Outcomes whose course under A and B is sent.
COURSES = ("returned_at_risk", "disengage", "detained", "at_large_in_theatre", "killed_so_far")


def compare_step(refined: Refined, view: ViewQuery, milliseconds: int) -> CompareStep:
    """One step of a comparison."""
    found = refined.comparison
    run = found.a.run
    code = code_of("compare", view, run.request.case, refined.simulations)
    tables = {one.title: one for one in comparison_grids(replace(found, endpoints=(), others={}))}
    dots = _dots(found)
    return CompareStep(
        simulations=refined.simulations,
        final=refined.final,
        milliseconds=milliseconds,
        stamp=stamp_entry(run, view),
        code=code,
        title=finding(found),
        headline=list(comparison_headline(found)),
        sentence=comparison_sentence(found, SCALES[view.words]),
        rows=[_row(found, one, dots) for one in found.endpoints if one.quantity in found.differences],
        fans=[_fan(found, name) for name in COURSES if name in run.quantity_names],
        side_effects=_table(tables, "Side effects"),
        costs=_table(tables, "Capacity and cost") or TableEntry(title="", headings=[], numeric=[], sections=[]),
        evidence=_table(tables, "What the effects") or TableEntry(title="", headings=[], numeric=[], sections=[]),
        notes=list(comparison_notes(found)),
        compare=comparison_json(found, code.command) if refined.final else None,
    )


def _dots(found: Comparison) -> dict[str, list[float]]:
    """Twenty quantiles of B minus A of every outcome, as `difference_dots` gives them one by one."""
    a, b = (People(one.run, found.country, found.month) for one in (found.a, found.b))
    names = [name for name in found.differences if not name.startswith(ATTEMPTS)]
    gaps = np.stack([b.at(name) - a.at(name) for name in names], axis=1)
    levels = (np.arange(DOTS) + 0.5) / DOTS
    rows = np.quantile(gaps, levels, axis=0, method="inverted_cdf").T
    return dict(zip(names, map(sent_list, rows), strict=True))


def _row(found: Comparison, outcome: Endpoint, dots: Mapping[str, list[float]]) -> DifferenceRow:
    one = found.differences[outcome.quantity]
    return DifferenceRow(
        quantity=outcome.quantity,
        label=marked(found, outcome.quantity),
        group=outcome.group,
        group_label=GROUPS[outcome.group],
        direction=outcome.direction,
        hindsight=found.is_hindsight(outcome.quantity),
        shown=row_is_shown(found, outcome),
        mean_a=sent(one.mean_a),
        mean_b=sent(one.mean_b),
        mean=sent(one.mean),
        median=sent(one.median),
        low90=sent(one.low90),
        high90=sent(one.high90),
        dots=dots.get(outcome.quantity, []),
        verdict=verdict(one),
        better_words=better_words(one),
        same_words=same_words(one),
        text=difference_sentence(found, outcome.quantity),
    )


def _fan(found: Comparison, quantity: str) -> SideFan:
    a, b = (_course(side, quantity, found.country) for side in (found.a, found.b))
    return SideFan(code=quantity, label=found.label(quantity), a=a, b=b)


def _course(side: PolicyRun, quantity: str, country: str | None) -> FanEntry:
    months, values = side.run.series(quantity, country)
    chosen = [i for i, m in enumerate(months) if int(m) % 3 == 0 or i == len(months) - 1]
    quantiles = np.quantile(values[:, chosen], FAN_LEVELS, axis=0, method="inverted_cdf")
    return fan_entry(side.run, [int(months[i]) for i in chosen], quantiles)


def _table(tables: Mapping[str, TextTable], start: str) -> TableEntry | None:
    found = next((one for title, one in tables.items() if title.startswith(start)), None)
    return None if found is None else table_entry(found)
