"""The density that weighs starts is the density of the fit, at one start of one origin, over all its figures."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from benchmarks.eight_origins import eight_origins

from afterfall.case import Case, open_case
from afterfall.infer.likelihood import Shares, combine, log_likelihood_each
from afterfall.infer.log_posterior import LogPosterior
from afterfall.model import Model, build, sample
from afterfall.model.observation.candidates import EVERY, log_density
from afterfall.model.observation.expected_figures import (
    empty_terms,
    expected_level,
    family_log_weights,
    figure_terms,
    growth_error,
)
from afterfall.model.observation.figure_rules import COUNTED
from afterfall.model.observation.fit_arrays import fit_arrays
from afterfall.model.observation.fit_data import FitFigures
from afterfall.model.observation.initial_state_plan import InitialStateBeliefs
from afterfall.model.observation.measurement_error import Reading
from afterfall.model.observation.node_shares import growth_of
from afterfall.model.observation.nowcast import _beliefs as beliefs_of
from afterfall.model.observation.nowcast import history
from afterfall.model.observation.origin_figures import competing_counts

#: So alike that origins of a region do not differ: the start has the origin's own shares.
ALIKE = 1e12
STARTS = ((90.0, 0.1, 0.2), (1500.0, 0.3, 0.05), (6000.0, 0.85, 0.6))


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, ...]:
    """A made-up case with every kind of figure, bounds and competing families, and the bundled one."""
    folder: Path = tmp_path_factory.mktemp("eight")
    return eight_origins(folder), open_case("isis-2017", as_of="2016-08-01")


def beliefs_with(model: Model, i: int) -> tuple[InitialStateBeliefs, dict[str, float]]:
    draws = sample(model, trajectories=[i], seed=3)
    past = history(model.nowcaster, model.history, draws.values, 3)
    column = {name: j for j, name in enumerate(draws.names)}
    beliefs = beliefs_of(past, 0, draws, column)._replace(concentration=ALIKE, discrepancy=0.15 * i)
    return beliefs, {name: float(draws.values[0, j]) for name, j in column.items()}


def of_the_start(model: Model, o: int, beliefs: InitialStateBeliefs, start: tuple[float, float, float]) -> float:
    plan = model.nowcaster.plan
    terms = empty_terms(plan, o)
    figure_terms(plan, beliefs, o, terms)
    weights = np.empty(plan.first_family[plan.first_group[o + 1]] - plan.first_family[plan.first_group[o]])
    family_log_weights(plan, beliefs, o, weights)
    there = beliefs.theatre[-1, plan.region[o]]  # the share in the theatre that the history expects
    return float(log_density(plan, beliefs, o, (-1, -1), terms, weights, np.array([*start, there]), EVERY))


def of_the_fit(
    density: LogPosterior,
    o: int,
    beliefs: InitialStateBeliefs,
    values: dict[str, float],
    start: tuple[float, float, float],
) -> float:
    """The fit's likelihood of the same figures, with the start's shares in the place of the region's."""
    model = density.model
    plan = model.nowcaster.plan
    g, months = plan.region[o], beliefs.people.shape[0]
    observed, i = [], plan.first_figure[plan.first_family[plan.first_group[o]]]
    for group in competing_counts(model.view, model.origins[o]):
        for one in (one for family in group.families for one in family):
            error = growth_error(plan, beliefs, COUNTED.index(group.quantity), i, g)
            observed.append(replace(one, column=group.newest, sd=math.hypot(one.sd, error)))
            i += 1
    total = (Reading(math.log(start[0]), 1e-12),)
    data = fit_arrays(model.view, FitFigures(tuple(observed), {o: total}, (), ()))
    home = np.array([min(start[1] / growth_of(beliefs, 0, t, g), 1.0) for t in range(months)])
    dead = (1.0 - home) * np.array([min(start[2] / growth_of(beliefs, 1, t, g), 1.0) for t in range(months)])
    rest = 1.0 - home - dead
    shape = (months, len(model.view.regions))

    def everywhere(share: np.ndarray) -> np.ndarray:
        return np.broadcast_to(share[:, None], shape).copy()

    there = rest * beliefs.theatre[:, g]
    shares = Shares(
        beliefs.people,
        everywhere(home),
        everywhere(dead),
        everywhere(there),
        everywhere(rest - there),
        np.zeros(shape),
        beliefs.dead_per_fighter,
    )
    theta = np.array([values.get(name, 0.0) for name in density.program.names])
    theta[density.program.names.index("nowcast.concentration")] = ALIKE
    each = log_likelihood_each(data, density.program, theta, shares, beliefs.discrepancy, data.points)
    return float(combine(data, each)[0])


def test_the_weight_of_a_start_is_the_likelihood_of_the_fit(cases: tuple[Case, ...]) -> None:
    compared, quantities, bounds, older = 0, set(), 0, 0
    for case in cases:
        model = build(case, horizon=1)
        density, plan = LogPosterior.of(model), model.nowcaster.plan
        for i in range(2):
            beliefs, values = beliefs_with(model, i)
            with_counts = np.flatnonzero(np.diff(plan.first_group))
            for o in with_counts[i :: 2 if len(with_counts) < 12 else 5]:
                for start in STARTS[i:]:
                    expected = of_the_fit(density, int(o), beliefs, values, start)
                    assert of_the_start(model, int(o), beliefs, start) == pytest.approx(expected, rel=1e-6, abs=1e-6)
                    compared += 1
                groups = slice(plan.first_group[o], plan.first_group[o + 1])
                quantities |= set(plan.group_quantity[groups].tolist())
        bounds += int((plan.figure_bound != 0).sum())
        older += int((plan.figure_column != plan.figure_newest).sum())
    assert compared >= 30
    assert quantities == set(range(len(COUNTED)))
    assert bounds >= 3
    assert older >= 3


def test_no_growth_is_expected_of_a_quantity_that_nobody_counts_at_another_date(cases: tuple[Case, ...]) -> None:
    model = build(cases[1], horizon=1)
    beliefs, _ = beliefs_with(model, 0)
    last = beliefs.people.shape[0] - 1
    for q in range(len(COUNTED)):
        assert expected_level(beliefs, q, last, 0) > expected_level(beliefs, q, 1, 0)
