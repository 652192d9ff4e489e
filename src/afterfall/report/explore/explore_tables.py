"""Tables of an exploration: measures of robustness, boxes, what outcomes rest on, rank flips, all outcomes."""

from __future__ import annotations

import numpy as np

from afterfall.exploration.explored import Exploration
from afterfall.exploration.findings import Findings
from afterfall.exploration.rank_flips import RankFlip
from afterfall.exploration.robustness import RANKING
from afterfall.exploration.scenario_boxes import Discovery, ScenarioBox
from afterfall.exploration.sobol_indices import Sensitivity
from afterfall.policy.endpoints import Endpoint
from afterfall.policy.option_set import WORTH
from afterfall.report.explore.explore_words import assumption_of, limit_words
from afterfall.report.kit.number_formats import NOTHING, interval, share, signed, two_figures
from afterfall.report.kit.text_table import TableColumn, TextTable, number_columns, word_columns

MEASURES = {
    "mean": "mean",
    "worst": "worst case",
    "percentile": "90th percentile",
    "worst_regret": "worst regret",
    "usual_regret": "90th percentile of regret",
    "domain": "share that meets the target",
    "spread": "spread (standard deviation)",
    "mean_variance": "mean-variance",
    "weighted_mean": "mean, weighted by priors",
}
HAPPENINGS = {"best": "is best", "worse": "is worse than {0}"}
ARROWS = {"less": "fewer", "more": "more"}
#: Assumptions listed for each option in the table of sensitivities.
LISTED = 4


def explore_grids(findings: Findings) -> tuple[TextTable, ...]:
    """All tables."""
    tables = [_outcomes(findings.explored), _robustness(findings)]
    tables += [table for table in (_boxes(findings), _flips(findings), _sensitivities(findings)) if table is not None]
    return tuple(tables)


def shown_outcomes(found: Exploration) -> tuple[Endpoint, ...]:
    """Outcomes that some option changes by `WORTH` or more in the mean over scenarios."""
    shown = []
    for outcome in found.judged:
        values = found.outcome_values(outcome).mean(axis=0)
        if np.abs(values - values[0]).max() >= WORTH:
            shown.append(outcome)
    return tuple(shown)


def _outcomes(found: Exploration) -> TextTable:
    shown = shown_outcomes(found)
    rows = tuple(_outcome_row(found, outcome) for outcome in shown)
    if not rows:
        rows = (("no outcome differs by as much", *[""] * (len(found.options) + 1)),)
    hidden = len(found.judged) - len(shown)
    columns = (*word_columns("outcome", "better if"), *number_columns(*found.options))
    title = (
        f"What options change against {found.options[0]!r}: mean over the sets of assumptions (5th to 95th percentile)"
    )
    return TextTable(columns, (rows,), f"{title}; {hidden} outcomes that change by less than {WORTH:g} are left out")


def _outcome_row(found: Exploration, outcome: Endpoint) -> tuple[str, ...]:
    values = found.outcome_values(outcome)
    gaps = values - values[:, :1]
    cells = [two_figures(float(values[:, 0].mean()))]
    for i in range(1, len(found.options)):
        low, high = np.quantile(gaps[:, i], [0.05, 0.95])
        cells.append(f"{signed(float(gaps[:, i].mean()))} ({interval(float(low), float(high))})")
    return (found.label(outcome.quantity), ARROWS[outcome.direction], *cells)


def _robustness(findings: Findings) -> TextTable:
    found = findings.explored
    rows = []
    for name in sorted(RANKING, key=list(MEASURES).index):
        cells = [_measure(name, getattr(one, name)) for one in findings.robustness]
        chosen = findings.preferred[name]
        words = "all equal" if len(chosen) == len(found.options) else ", ".join(chosen)
        rows.append((MEASURES[name], *cells, words))
    columns = (*word_columns("measure"), *number_columns(*found.options), *word_columns("prefers"))
    target = two_figures(findings.target)
    title = (
        f"Robustness: people {found.label(findings.outcome.quantity)}, each option net of deaths against "
        f"{found.options[0]!r}, regret net of those against every other; the target is {target} people"
    )
    effective = (
        f"; weighted by priors, {found.scenarios:,} sets are worth {found.effective_scenarios:,.0f} of equal weight"
    )
    return TextTable(columns, (tuple(rows),), title + effective)


def _measure(name: str, value: float) -> str:
    return share(value) if name == "domain" else two_figures(value)


def _boxes(findings: Findings) -> TextTable | None:
    found = findings.explored
    rows = [row for one in findings.discoveries for row in _box_rows(found, one)]
    if not rows:
        return None
    columns = (
        *word_columns("option", "by"),
        TableColumn("where", wrap=60),
        *number_columns("in all sets", "density", "coverage", "quasi-p"),
    )
    return TextTable(columns, (tuple(rows),), "Where options win and fail: boxes by PRIM, and by CART as a check")


def _box_rows(found: Exploration, one: Discovery) -> list[tuple[str, ...]]:
    what = f"{one.option} {HAPPENINGS[one.happening].format(found.options[0])}"
    rows: list[tuple[str, ...]] = []
    for method, box in (("PRIM", one.prim), ("CART", one.cart)):
        if box is not None:
            where = "; ".join(limit_words(found, limit) for limit in box.limits)
            first = what if not rows else ""
            rows.append((first, method, where, share(one.share), share(box.density), share(box.coverage), _quasi(box)))
    return rows


def _quasi(box: ScenarioBox) -> str:
    values = [limit.quasi_p for limit in box.limits if limit.quasi_p is not None]
    if not values:
        return NOTHING
    return "<0.001" if max(values) < 0.001 else two_figures(max(values))


def ranking_word(one: RankFlip) -> str:
    """Whether the best option is the same over an assumption's range, clearly not, or neither."""
    if one.flips:
        return "belief"
    return "robust" if len(set(one.best)) == 1 else "not clear"


def _flips(findings: Findings) -> TextTable | None:
    found = findings.explored
    if not findings.flips:
        return None
    rows = []
    for one in findings.flips:
        assumption = assumption_of(found, one.assumption)
        at = NOTHING if one.crossing is None else two_figures(one.crossing)
        if one.crossing_low is not None and one.crossing_high is not None:
            at += f" ({interval(one.crossing_low, one.crossing_high)})"
        limits = interval(assumption.low, assumption.high)
        best = [f"{name} (by {two_figures(lead)})" for name, lead in zip(one.best, one.leads, strict=True)]
        rows.append((one.assumption, assumption.basis, limits, *best, ranking_word(one), at))
    columns = (
        *word_columns("assumption", "rests on", "range", "best where low", "in the middle", "where high", "ranking"),
        *number_columns("crosses at"),
    )
    return TextTable(columns, (tuple(rows),), "The best option over the range of each assumption, averaged over others")


def _sensitivities(findings: Findings) -> TextTable | None:
    found = findings.explored
    rows = []
    for i, option in enumerate(found.options):
        some = [one for one in findings.sensitivities if one.option == option and one.share > error_of(one)][:LISTED]
        for one in some:
            what = (option if i == 0 else f"{option} minus {found.options[0]}") if one is some[0] else ""
            total = NOTHING if one.total is None else f"{one.total:.2f} ± {one.total_error or 0.0:.2f}"
            rows.append((what, one.assumption, f"{one.first:.2f} ± {one.first_error:.2f}", total))
    if not rows:
        return None
    columns = (*word_columns("variance of", "assumption"), *number_columns("alone", "with interactions"))
    title = (
        f"What people {found.label(findings.outcome.quantity)} rest on: share of the variance, with half the width of "
        f"its 90% interval; the first {LISTED} that exceed it"
    )
    return TextTable(columns, (tuple(rows),), title)


def error_of(one: Sensitivity) -> float:
    """Half the width of the interval of the index by which assumptions are ranked."""
    return one.first_error if one.total_error is None else one.total_error
