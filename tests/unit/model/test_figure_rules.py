"""The rules by which figures are read: what is listed as used is what the nowcast and the fit use."""

from __future__ import annotations

from dataclasses import replace

import pytest

from afterfall.case import Case, open_case
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.data_usage import data_usage
from afterfall.model.observation.figure_rules import FIT_QUANTITIES, interval, latest_count
from afterfall.model.observation.fit_data import fit_figures
from afterfall.model.observation.nowcast_data import nowcast_figures


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


def test_what_a_fit_says_of_a_kind_of_figure_is_marked(case: Case) -> None:
    rows = {row.kind: row.used_for for row in data_usage(case) if row.record == "figure"}
    for quantity in FIT_QUANTITIES:
        assert "fit: " in rows.get(quantity, "fit: ")


def test_the_interval_of_a_figure_is_half_the_unit_to_which_it_is_rounded(case: Case) -> None:
    for figure in case.figures:
        low, high = interval(figure)
        assert low <= figure.value <= high
        if figure.low < figure.high:
            assert (low, high) == (figure.low, figure.high)


def test_intervals_do_not_jump_at_powers_of_ten(case: Case) -> None:
    figure = replace(next(f for f in case.figures if f.quantity == "travelled"), low=1.0, high=1.0)

    def half(value: float) -> float:
        low, high = interval(replace(figure, value=value))
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
