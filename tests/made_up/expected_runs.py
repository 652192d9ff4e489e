"""Expected people of the small case with every hazard shut but those in question, for tests of mechanisms."""

import numpy as np

from afterfall.engine.means import run_means
from afterfall.engine.program import Floats
from afterfall.engine.rate_factors import RateFactors, rate_factors
from afterfall.engine.shared_series import draw_shared_series
from afterfall.model import Model, sample

SHUT = -80.0


def theta_of(model: Model, **changes: float) -> Floats:
    """Prior medians, with every hazard shut but those given (by name, on the engine's scale)."""
    values = sample(model, trajectories=[0], seed=1).values[0].copy()
    for i, known in enumerate(model.parameters):
        values[i] = SHUT if known.parameter.scale == "log" else known.moments()[0]
        if known.parameter.scale in ("positive", "share"):
            values[i] = known.median
    values[len(model.parameters) :] = 0.0
    for name, value in changes.items():
        values[model.parameter_names.index(name.replace("__", "."))] = value
    return values


def run(model: Model, theta: Floats, people: dict[tuple[int, str], float], seed: int = 4):  # type: ignore[no-untyped-def]
    program = model.program
    path, _ = draw_shared_series(program, theta, seed, 0)
    put = rate_factors(program, theta, path)
    start = np.zeros(program.cell_key.shape)
    names = [s.name for s in model.states]
    for (cohort, state), count in people.items():
        start[cohort, names.index(state)] = count
    counters = np.zeros((len(model.quantities), program.n_origins))
    stocks, counted = run_means(program, shut_inflow(put, model), start, counters)
    return stocks, counted, path


def shut_inflow(put: RateFactors, model: Model) -> RateFactors:
    base = put.base.copy()
    base[model.program.inflow_rate] = 0.0
    return put._replace(base=base)


def stock(model: Model, stocks: Floats, state: str) -> Floats:
    return stocks[:, :, [s.name for s in model.states].index(state)].sum(axis=1)
