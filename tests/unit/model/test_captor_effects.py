"""Who takes the ground that is still held is uncertain, and where foreigners are on it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import polygamma

from afterfall.case import open_case
from afterfall.engine.program import Floats, Program
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, build, sample
from afterfall.model.compile.reduced_model import reduced_model
from afterfall.model.mechanisms.capture import campaign_counts, captor_shares, captors, trigamma

IRAQ, SDF, OTHER = 0, 1, 2


@pytest.fixture(scope="module")
def early() -> Model:
    """ISIS as of August 2016."""
    return build(open_case("isis-2017", as_of="2016-08-01"), horizon=24)


def theta_with(model: Model, **changes: float) -> Floats:
    theta = sample(model, trajectories=[3], seed=1).values[0].copy()
    theta[[i for i, name in enumerate(model.parameter_names) if name.startswith("captor.")]] = 0.0
    theta[model.parameter_names.index("ground.foreigners")] = 0.0
    for name, value in changes.items():
        theta[model.parameter_names.index(name.replace("__", ".").replace("_", "-"))] = value
    return theta


def rows(model: Model, program: Program, theta: Floats) -> dict[str, Floats]:
    path, _ = draw_shared_series(program, theta, 1, 0)
    return {p.name: path[i] for i, p in enumerate(model.structure.paths)}


@pytest.mark.parametrize("x", [0.3, 1.0, 2.5, 30.0])
def test_trigamma_is_that_of_scipy(x: float) -> None:
    assert trigamma(x) == pytest.approx(float(polygamma(1, x)), rel=1e-9)


def test_half_years_of_losses_are_the_observations(early: Model) -> None:
    counts = campaign_counts(early.view)
    assert len(counts) == len(captors(early.view)) == 3
    lost = {
        (s.country, -early.view.month_of(s.lost) // 6)
        for s in early.view.spells
        if s.lost is not None and sum(captor_shares(early.view, s)) > 0.0
    }
    assert sum(counts) == pytest.approx(1.0 + len(lost))
    assert counts[IRAQ] > counts[SDF] > counts[OTHER] > 1.0 / 3.0
    prior = {k.name: k for k in early.parameters}
    for captor, count in zip(captors(early.view), counts, strict=True):
        known = prior[captor.parameter]
        assert known.moments() == pytest.approx((0.0, math.sqrt(trigamma(count))))
        assert not known.uninformed


def test_without_effects_fronts_are_the_expected_shares(early: Model) -> None:
    """With zero effects and equal density, weights are those of the population and shares those of the case."""
    found = rows(early, early.program, theta_with(early))
    np.testing.assert_allclose(found["people_of_ground"], found["held"])
    _, fired = draw_shared_series(early.program, theta_with(early), 1, 0)
    shares = np.array([captor_shares(early.view, s) for s in early.view.spells])
    weight = early.program.held_weight[0]
    month = next(m for m in range(1, 25) if (fired == m).any())
    taken = (weight[:, None] * shares)[fired == month].sum(axis=0) / weight[fired == month].sum()
    fronts = [found[c.path][month] for c in captors(early.view)]
    np.testing.assert_allclose(fronts, taken, atol=0.05)


def test_effects_move_ground_still_held_and_nothing_of_the_past(early: Model) -> None:
    still, moved = theta_with(early), theta_with(early, captor__ne_syria_camp=3.0, ground__foreigners=1.0)
    for program in (early.history, reduced_model(early).program):
        assert (program.held_parameter == -1).all()
        assert (program.taken_parameter == -1).all()
    before, after = rows(early, early.program, still), rows(early, early.program, moved)
    assert after["front_ne-syria-camp"].mean() > 1.5 * before["front_ne-syria-camp"].mean()
    np.testing.assert_allclose(sum(after[c.path] for c in captors(early.view)), 1.0)
    assert np.array_equal(before["held"], after["held"])
    assert "ground.foreigners" not in reduced_model(early).names


def test_foreigners_are_denser_in_the_country_of_the_way_in(early: Model) -> None:
    """At ten times the density, a town of Syria weighs ten times one of Iraq with as many people."""
    program, spells = early.program, early.view.spells
    names = [p.name for p in early.structure.paths]
    row = program.path_arg[names.index("people_of_ground"), 0]
    tilt = {s.name: program.held_tilt[row, i] for i, s in enumerate(spells)}
    assert (tilt["raqqa"], tilt["mosul"]) == (1.0, 0.0)
    assert {tilt[s.name] for s in spells if s.kind == "remainder"} == {0.5}
    found = rows(early, program, theta_with(early, ground__foreigners=math.log(10.0)))
    held = [s.lost is None for s in spells]
    weight = program.held_weight[row] * 10.0 ** program.held_tilt[row]
    assert found["people_of_ground"][0] == pytest.approx(weight[held].sum() + program.held_floor[row])


def test_cases_without_a_corridor_or_with_one_country_have_no_density() -> None:
    for name in ("mali-2013", "tiny"):
        model = build(open_case(name), horizon=3)
        assert "ground.foreigners" not in model.parameter_names
        assert not any(p.startswith("captor.") for p in model.parameter_names)
