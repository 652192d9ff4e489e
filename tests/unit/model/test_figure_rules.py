"""The rules by which figures are read: what is listed as used is what the nowcast and the fit use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.made_up.figures import figure, known_later

from afterfall.case import WORLD, Case, open_case
from afterfall.evaluate.core.outcomes import select
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.data_usage import data_usage, figure_use, scored_as
from afterfall.model.observation.figure_rules import (
    FIT_QUANTITIES,
    FIT_USES,
    FORECAST_USES,
    MODEL_QUANTITY,
    SHARES,
    interval,
    latest_count,
)
from afterfall.model.observation.fit_data import fit_figures
from afterfall.model.observation.fit_readings import fit_readings
from afterfall.model.observation.held_figures import HELD_QUANTITIES
from afterfall.model.observation.nowcast_data import nowcast_figures
from afterfall.model.observation.readings import readings_of


@pytest.fixture(scope="module", params=["tiny", "isis-2017"])
def case(request: pytest.FixtureRequest) -> Case:
    return open_case(request.param)


def test_every_figure_that_a_fit_or_nowcast_uses_is_listed_as_used(case: Case) -> None:
    view = CaseView(case)
    used = {row.kind for row in data_usage(case) if row.record == "figure" and row.used_for}
    read = {one.figure.quantity for one in fit_figures(view).observed}
    read |= {one.figure.quantity for origin in view.origins for one in nowcast_figures(view, origin)}
    assert read
    assert read <= used
    assert read - {"travelled"} <= set(FIT_QUANTITIES)


def test_the_table_of_uses_names_what_the_start_and_the_fit_read_and_nothing_else() -> None:
    view = CaseView(open_case("isis-2017"))
    rows = {row.kind: row for row in data_usage(view.case) if row.record == "figure"}
    start = {r.figure.quantity for place in (*view.origins, WORLD) for r in readings_of(view, place) if r.used}
    readings = fit_readings(view)
    fit = {f.quantity for f in view.case.figures if readings[f.figure].used}
    assert fit == {kind for kind, row in rows.items() if row.fit}
    others = {"attacks", "strength", "arrivals"}
    listed = {kind for kind, row in rows.items() if row.forecast} - others
    assert start == {kind for kind in listed if kind in start or kind not in HELD_QUANTITIES}


@pytest.mark.parametrize("quantity", [*MODEL_QUANTITY, "arrivals", "arrests", "camp_population", "territory_area"])
def test_the_table_of_uses_names_what_later_figures_score(quantity: str) -> None:
    later = [figure(f"made-up-{basis}", quantity=quantity, basis=basis) for basis in ("stock", "cumulative")]
    found = select(known_later("tiny", later), open_case("tiny").as_of, 24).outcomes
    assert bool(found) == bool(scored_as(quantity))
    assert all(scored_as(quantity) == f"`{o.quantity}`" for o in found)


def test_the_page_on_cases_has_the_table_of_uses() -> None:
    page = (Path(__file__).parents[3] / "docs" / "case-format.md").read_text(encoding="utf-8")
    for quantity in {*FORECAST_USES, *FIT_USES, *MODEL_QUANTITY, *SHARES}:
        use = figure_use(quantity)
        texts = (f"`{quantity}`", use.forecast, use.fit, use.scored)
        assert "| " + " | ".join(text or "–" for text in texts) + " |" in page, quantity


def test_the_interval_of_a_figure_is_half_the_unit_to_which_it_is_rounded(case: Case) -> None:
    for one in case.figures:
        low, high = interval(one)
        assert low <= one.value <= high
        if one.low < one.high:
            assert (low, high) == (one.low, one.high)


def test_intervals_do_not_jump_at_powers_of_ten(case: Case) -> None:
    one = replace(next(f for f in case.figures if f.quantity == "travelled"), low=1.0, high=1.0)

    def half(value: float) -> float:
        low, high = interval(replace(one, value=value))
        return (high - low) / 2.0

    assert [half(v) for v in (7.0, 90.0, 100.0, 110.0, 650.0, 1000.0)] == [0.5, 5.0, 10.0, 5.0, 5.0, 100.0]
    for power in (100.0, 1000.0, 10_000.0):
        below = 0.9 * power
        assert half(power) / power < 2.0 * half(below) / below


def test_the_latest_count_is_a_running_total_of_everyone(case: Case) -> None:
    found = latest_count(case.figures)
    assert found is not None
    assert found.is_running_total
    assert found.counts_everyone
