"""Arrivals end with the last ground held and fall first from far away; stocks alone are enough to start from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import afterfall
from afterfall.case import Case, PartialDate, open_case
from afterfall.model import build
from afterfall.run import Run


def arrived(run: Run, origin: str | None = None) -> np.ndarray:
    """People who have travelled by recorded month, ``(trajectory, month)``."""
    return np.asarray(run.quantity("travelled", origin).values, dtype=float)


@pytest.fixture(scope="module")
def mali() -> Run:
    return afterfall.forecast("mali-2013", horizon=36, trajectories=40, draws="prior", seed=1)


def test_nobody_arrives_once_no_ground_is_held(mali: Run) -> None:
    lost = mali.dataset["lost"].values.max(axis=1)
    people = arrived(mali)
    gone = np.flatnonzero(lost <= 30)
    assert gone.size > 20
    for i in gone:
        assert people[i, lost[i] :].max() == people[i, lost[i]]


def test_a_fifth_more_at_most_come_to_a_state_about_to_vanish(mali: Run) -> None:
    people = np.median(arrived(mali), axis=0)
    assert people[-1] < 1.2 * people[0]


def test_arrivals_from_afar_fall_first() -> None:
    """The middle third of the origins is nearer than the last, so that it keeps more of its arrivals."""
    model = build(open_case("isis-2017"), horizon=24)
    rates = {i.rate.name: i for i in model.structure.inflows if not i.per}
    assert list(rates) == ["arrivals", "arrivals.middle", "arrivals.far"]
    farther = {p.name: getattr(p, "times", 0.0) for p in model.structure.paths if p.name.startswith("log_left.")}
    assert 0.0 < farther["log_left.middle"] < farther["log_left.far"]
    covered = [o for inflow in rates.values() for o in (inflow.origins or ())]
    assert sorted(covered) == sorted(model.view.origins)
    assert [i.past for i in rates.values()] == [True, False, False]


def only_stocks(kind: str) -> Case:
    """`tiny` without a total of anybody: one stock in the theatre for each origin."""
    tiny = open_case("tiny")
    like = next(f for f in tiny.figures if f.place == "arda" and f.quantity == "travelled")
    figures = [f for f in tiny.figures if f.quantity == "strength"]
    for place, n in (("arda", 200.0), ("brom", 80.0), ("cern", 30.0)):
        wide = 0.1 * n if kind == "range" else 0.0
        figures.append(
            replace(
                like,
                figure=f"{place}-stock",
                place=place,
                quantity="in_theatre",
                basis="stock",
                bound="at_least" if kind == "at least" else "",
                low=n - wide,
                value=n,
                high=n + wide,
                refers_to=PartialDate("2015-04"),
                published=PartialDate("2015-06"),
            )
        )
    return replace(tiny, figures=tuple(figures))


def test_stocks_alone_start_a_case_alike_whichever_way_they_are_entered() -> None:
    total = {}
    for kind in ("value", "range", "at least"):
        run = afterfall.forecast(only_stocks(kind), horizon=3, trajectories=200, draws="prior", seed=1)
        total[kind] = float(np.median(arrived(run)[:, 0]))
    assert total["range"] == pytest.approx(total["value"], rel=0.05)
    assert total["value"] < total["at least"] < 1.4 * total["value"]
    assert 310.0 < total["value"] < 3.0 * 310.0, "from all who came to three times as many"
