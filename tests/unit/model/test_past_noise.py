"""Noise of the past: a stationary series by half-years of mean one, the same in both lowerings of the history."""

import math

import numpy as np
import pytest

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, sample
from afterfall.model.compile.past_noise import HALF_YEAR, averaged, past_noises, series
from afterfall.model.compile.reduced_model import reduced_model


def test_every_noise_on_moves_has_one_and_arrivals_have_none(tiny: Model) -> None:
    noises = past_noises(tiny.structure, tiny.view.history_months)
    assert [n.path for n in noises] == ["noise_killing", "noise_capture", "noise_leaving"]
    halves = math.ceil(tiny.view.history_months / HALF_YEAR)
    assert all(len(n.names) == halves for n in noises)
    assert noises[0].names[-1] == "noise.killing_sd[-6 months]"
    assert reduced_model(tiny).noises == noises


def test_it_is_stationary_and_of_mean_one() -> None:
    z, sd, memory = np.random.default_rng(1).normal(size=(9, 200_000)), 0.6, 0.9
    x = np.array(series(list(z), sd, memory, np.sqrt))
    variance, kept = averaged(memory)
    assert x.std(axis=1) == pytest.approx(np.full(9, sd * math.sqrt(variance)), rel=0.01)
    assert np.exp(x).mean(axis=1) == pytest.approx(np.ones(9), abs=0.01)
    assert [np.corrcoef(x[i], x[i + 1])[0, 1] for i in range(8)] == pytest.approx([kept] * 8, abs=0.01)


@pytest.mark.parametrize("memory", [0.3, 0.65, 0.9])
def test_half_years_vary_and_last_as_averages_of_months_do(memory: float) -> None:
    generator = np.random.default_rng(2)
    months = [generator.normal(size=200_000)]
    for _ in range(2 * HALF_YEAR - 1):
        months.append(memory * months[-1] + math.sqrt(1.0 - memory**2) * generator.normal(size=200_000))
    first, second = (np.mean(months[i : i + HALF_YEAR], axis=0) for i in (0, HALF_YEAR))
    variance, kept = averaged(memory)
    assert second.var() == pytest.approx(variance, rel=0.02)
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(kept, abs=0.01)


def test_prior_draws_follow_from_their_standard_normals(tiny: Model) -> None:
    draws = sample(tiny, trajectories=4000, seed=2)
    column = {name: i for i, name in enumerate(draws.names)}
    noise = past_noises(tiny.structure, tiny.view.history_months)[0]
    x = draws.values[:, [column[name] for name in noise.names]]
    sd = draws.values[:, column[noise.sd]]
    s = sd * np.sqrt(averaged(draws.values[:, column[noise.memory]])[0])
    z = (x + 0.5 * s[:, None] ** 2) / s[:, None]
    assert z.mean(axis=0) == pytest.approx(np.zeros(x.shape[1]), abs=0.06)
    assert z.std(axis=0) == pytest.approx(np.ones(x.shape[1]), abs=0.05)


def deaths(model: Model, theta: Floats) -> Floats:
    """People expected to die in each month of the past."""
    program = model.history
    put = rate_factors(program, theta, draw_shared_series(program, theta, 1, 0)[0])
    counters = np.zeros((len(model.quantities), program.n_origins))
    stocks, _ = run_means(program, put, np.zeros(program.cell_key.shape), counters)
    killed = [s.fate == "killed" for s in model.states]
    return np.diff(stocks[:, :, killed].sum(axis=(1, 2)))


def test_a_half_year_of_more_killing_kills_in_that_half_year(tiny: Model) -> None:
    theta = sample(tiny, trajectories=[0], seed=3).values[0]
    noise = past_noises(tiny.structure, tiny.view.history_months)[0]
    more = theta.copy()
    more[tiny.parameter_names.index(noise.names[-2])] += 0.5  # the half-year from 12 to 6 months before
    ratio = deaths(tiny, more) / np.maximum(deaths(tiny, theta), 1e-300)
    assert ratio[: -2 * HALF_YEAR] == pytest.approx(np.ones(len(ratio) - 2 * HALF_YEAR))
    within = ratio[-2 * HALF_YEAR : -HALF_YEAR]
    assert within.min() > 1.2
    assert within.max() < math.exp(0.5) + 1e-9
    assert ratio[-HALF_YEAR:].max() < 1.0, "fewer are left to die"
