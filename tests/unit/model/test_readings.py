"""How figures are read: every figure has a reading or a reason, and contradictions are named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from afterfall.case import Case, PartialDate, open_case
from afterfall.model import build, nowcast, sample
from afterfall.model.language.case_view import CaseView
from afterfall.model.mechanisms.recruitment import ArrivalCurve
from afterfall.model.observation.measurement_error import recent_totals, totals
from afterfall.model.observation.nowcast_data import nowcast_figures
from afterfall.model.observation.readings import contradictions, reading_of, readings_of

N, SEED = 120, 7


@pytest.fixture(scope="module")
def case() -> Case:
    return open_case("isis-2017", as_of="2016-08-01")


@pytest.fixture(scope="module")
def tiny() -> Case:
    return open_case("tiny")


def test_every_figure_is_read_or_has_a_reason(case: Case) -> None:
    view, used = CaseView(case), 0
    for place in dict.fromkeys(f.place for f in case.figures):
        for one in readings_of(view, place):
            assert one.used != bool(one.reason), one
            assert (0.0 < one.weight <= 1.0) == one.used
            assert one.low <= one.figure.value <= one.high
            assert reading_of(one.figure, view) == one
            used += one.used
    assert used > 150


def test_readings_are_what_the_nowcast_uses(case: Case) -> None:
    view = CaseView(case)
    for origin in view.named:
        read = {one.figure.figure: one.read_as for one in readings_of(view, origin) if one.used}
        assert read == {one.figure.figure: one.use for one in nowcast_figures(view, origin)}


def test_weights_of_what_competes_sum_to_one(case: Case) -> None:
    view = CaseView(case)
    for origin in view.named:
        read = [one for one in readings_of(view, origin) if one.used and not one.bound]
        for read_as in {one.read_as for one in read} - {"roles", "total"}:
            assert sum(one.weight for one in read if one.read_as == read_as) == pytest.approx(1.0)


def test_official_parts_of_france_contradict_its_totals(case: Case) -> None:
    found = {one.read_as: one for one in contradictions(CaseView(case), "FRA")}
    assert "parts" in found
    family, people, _ = found["parts"].components[0]
    assert family == "official-fra"
    assert people == pytest.approx(203 + 187 + 650 + 179)
    assert not contradictions(CaseView(case), "JOR")


def test_no_growth_is_carried_across_a_newer_total(case: Case) -> None:
    view = CaseView(case)
    curve, older = ArrivalCurve.of(view), 0
    for origin in view.named:
        figures, read = recent_totals(view, origin), totals(view, origin, curve)
        newest = max((view.month_of(f.refers_to.last_day) for f in figures), default=0)
        for figure, one in zip(figures, read, strict=True):
            low, high = max(figure.low, 0.5), max(figure.high, 0.5)
            assert np.exp(one.log) == pytest.approx(np.sqrt(low * high) * curve.growth(newest))
            older += view.month_of(figure.refers_to.last_day) < newest
    assert older > 50


def median_total(case: Case, origin: str) -> float:
    model = build(case, horizon=1)
    _, counters = nowcast(model, sample(model, trajectories=N, seed=SEED), seed=SEED, trajectories=range(N))
    travelled = [q.name for q in model.quantities].index("travelled")
    return float(np.median(counters[:, travelled, model.origins.index(origin)]))


@pytest.mark.parametrize("definition", ["affiliates", "fighters", "all_theatres"])
def test_a_better_copy_of_a_known_total_does_not_halve_it(tiny: Case, definition: str) -> None:
    """The same number by a better source reads alike, whatever its definition and report family."""
    view = CaseView(tiny)
    for origin in view.named:
        first = recent_totals(view, origin)[0]
        known = replace(first, definition=definition, bound="", grade="C3")
        others = tuple(f for f in tiny.figures if not (f.place == origin and f.quantity == "travelled" and not f.role))
        before = median_total(replace(tiny, figures=(*others, known)), origin)
        for family in (known.report_family, "another"):
            better = replace(known, figure="better", grade="A1", family=family)
            after = median_total(replace(tiny, figures=(*others, known, better)), origin)
            assert 0.75 < after / before < 1.35, (origin, family)


def test_a_newer_count_takes_the_place_of_an_older_one_of_its_source(tiny: Case) -> None:
    view = CaseView(tiny)
    origin = view.named[0]
    count = next(f for f in tiny.figures if f.place == origin and f.quantity == "returned")
    old = replace(count, figure="old", value=5.0, low=5.0, high=5.0, refers_to=PartialDate("2015-01"))
    with_old = CaseView(replace(tiny, figures=(*tiny.figures, old)))
    one = reading_of(old, with_old)
    assert not one.used
    assert count.figure in one.reason
    other = replace(old, family="another")
    read = reading_of(other, CaseView(replace(tiny, figures=(*tiny.figures, other))))
    assert read.used
    assert read.read_on == count.refers_to.last_day
