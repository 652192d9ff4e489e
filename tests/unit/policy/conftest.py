"""A small comparison that several tests share, run once."""

import pytest

from afterfall.case import Case
from afterfall.model.levers import Policy, open_levers
from afterfall.policy import Comparison, compare


@pytest.fixture(scope="session")
def policy(case: Case) -> Policy:
    return open_levers().policy(case, None, ["border=0.9", "programmes=0.8"], "brom")


@pytest.fixture(scope="session")
def found(case: Case, policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("runs")
    return compare(case, policy, country="brom", horizon=24, trajectories=30, seed=5, run_dir=folder)
