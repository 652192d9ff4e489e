"""What is listed as conditioning an origin does condition it, and what is not listed does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case, open_case
from afterfall.model import build
from afterfall.model.language.case_view import CaseView
from afterfall.model.observation.initial_state_plan import InitialStatePlan
from afterfall.model.observation.nowcast_data import nowcast_figures


def plan(case: Case) -> InitialStatePlan:
    return build(case, horizon=3).nowcaster.plan


def without(case: Case, figure: str) -> Case:
    return replace(case, figures=tuple(f for f in case.figures if f.figure != figure))


def same(one: InitialStatePlan, other: InitialStatePlan) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.fixture(scope="module")
def tiny() -> Case:
    return open_case("tiny")


def test_taking_a_listed_figure_away_changes_the_start(tiny: Case) -> None:
    whole, view = plan(tiny), CaseView(tiny)
    listed = {c.figure.figure for o in view.named for c in nowcast_figures(view, o)}
    assert len(listed) >= 6
    for figure in listed - {"brom-2015-ministry", "cern-2014-survey"}:  # without these two an origin would be gone
        assert not same(plan(without(tiny, figure)), whole), figure


def test_taking_an_unlisted_figure_away_changes_nothing(tiny: Case) -> None:
    whole, view = plan(tiny), CaseView(tiny)
    listed = {c.figure.figure for o in view.named for c in nowcast_figures(view, o)}
    others = [f.figure for f in tiny.figures if f.place in view.named and f.figure not in listed]
    assert others
    for figure in others:
        assert same(plan(without(tiny, figure)), whole), figure


def test_stocks_in_the_theatre_are_listed_and_read() -> None:
    case = open_case("isis-2017", as_of="2016-08-01")
    whole, view = plan(case), CaseView(case)
    for origin in ("FRA", "BEL"):
        listed = {c.figure.figure for c in nowcast_figures(view, origin) if c.use == "in_theatre"}
        assert listed
        assert all(not same(plan(without(case, figure)), whole) for figure in listed)
        others = {f.figure for f in case.figures_of("in_theatre", place=origin)} - listed
        assert others
        assert all(same(plan(without(case, figure)), whole) for figure in others)


def test_of_the_world_only_totals_are_read() -> None:
    view = CaseView(open_case("isis-2017"))
    assert view.case.figures_of("returned", place="WLD")
    assert {c.use for c in nowcast_figures(view, "WLD")} == {"total"}


def test_figures_of_canada_are_those_public_at_the_time() -> None:
    view = CaseView(open_case("isis-2017"))
    found = {c.figure.figure: c.use for c in nowcast_figures(view, "CAN")}
    assert set(found.values()) == {"total", "returned", "in_theatre"}
    stocks = {figure for figure, use in found.items() if use == "in_theatre"}
    assert {"in-theatre-can-2016-02-23", "in-theatre-can-2016-08"} <= stocks
    assert all(c.figure.published.last_day <= view.case.as_of for c in nowcast_figures(view, "CAN"))
    assert "travelled-can-2017-10" not in found
