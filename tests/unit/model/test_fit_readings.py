"""How the fit reads each figure is what the likelihood does with it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import WORLD, Case, open_case
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.fit_arrays import fit_arrays
from afterfall.model.observation.fit_data import fit_figures
from afterfall.model.observation.fit_readings import ARRIVAL_CURVE, arrival_curve_figures, fit_readings
from afterfall.model.observation.measurement_error import RECENT, recent_totals


@pytest.fixture(scope="module", params=["tiny", "isis-2017"])
def view(request: pytest.FixtureRequest) -> CaseView:
    return CaseView(open_case(request.param))


def without(case: Case, name: str) -> CaseView:
    return CaseView(replace(case, figures=tuple(f for f in case.figures if f.figure != name)))


def test_every_figure_of_the_case_is_read_or_has_a_reason(view: CaseView) -> None:
    found = fit_readings(view)
    assert list(found) == [f.figure for f in view.case.figures]
    for name, one in found.items():
        assert one.used != bool(one.reason), name
        assert (one.weight > 0.0) == one.used, name
        assert one.weight <= 1.0 + 1e-12, name


def test_what_is_read_is_what_the_likelihood_uses(view: CaseView) -> None:
    figures, found = fit_figures(view), fit_readings(view)
    read = {name for name, one in found.items() if one.used and one.read_as not in ("total", ARRIVAL_CURVE)}
    assert read == {o.figure.figure for o in figures.observed}
    totals = {name for name, one in found.items() if one.read_as == "total"}
    assert totals == {f.figure for o in figures.totals for f in recent_totals(view, view.origins[o])}


def test_weights_are_those_of_the_likelihood(view: CaseView) -> None:
    figures, found = fit_figures(view), fit_readings(view)
    arrays = fit_arrays(view, figures)
    expected = (np.exp(arrays.family_weight) @ arrays.family).sum(axis=0)
    for one, weight in zip(figures.observed, expected, strict=True):
        assert found[one.figure.figure].weight == pytest.approx(weight)
    by_place: dict[str, float] = defaultdict(float)
    for figure in view.case.figures:
        if found[figure.figure].read_as == "total":
            by_place[figure.place] += found[figure.figure].weight
    assert by_place
    assert all(total == pytest.approx(1.0) for total in by_place.values())


def test_the_arrival_curve_follows_from_its_figures_and_from_no_others(view: CaseView) -> None:
    named, curve = arrival_curve_figures(view), ArrivalCurve.of(view)
    assert named
    for figure in view.case.figures:
        if figure.place == WORLD:
            moved = ArrivalCurve.of(without(view.case, figure.figure)) != curve
            assert moved == (figure.figure in named), figure.figure


def test_an_outdated_total_says_so() -> None:
    view = CaseView(open_case("isis-2017"))
    old = fit_readings(view)["travelled-can-2013-12-17"]
    assert old.reason == f"more than {RECENT} months older than the newest count"
    alone = without(view.case, "travelled-can-2015-12")
    assert fit_readings(alone)["travelled-can-2013-12-17"].read_as == "total"
