"""The small case forecast once, with the brief on one of its countries, for all tests of what people see of a run."""

from __future__ import annotations

import pytest

from afterfall.case import open_case
from afterfall.model import Model, build
from afterfall.report.brief import Brief, make_brief
from afterfall.run import Run, forecast


@pytest.fixture(scope="session")
def tiny_model() -> Model:
    return build(open_case("tiny"), horizon=36)


@pytest.fixture(scope="session")
def tiny_run(tiny_model: Model) -> Run:
    return forecast(tiny_model, trajectories=90, seed=11)


@pytest.fixture(scope="session")
def prior_run(tiny_model: Model) -> Run:
    """The same as `tiny_run`, which draws from the posterior that comes with the case, from priors alone."""
    return forecast(tiny_model, trajectories=90, seed=11, draws="prior")


@pytest.fixture(scope="session")
def arda(tiny_run: Run, tiny_model: Model) -> Brief:
    return make_brief(tiny_run, tiny_model, country="arda", command="afterfall brief RUN --country arda")
