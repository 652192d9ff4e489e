"""The small case run once, and a made-up record learned from once."""

from __future__ import annotations

import pytest

from afterfall.case import Case
from afterfall.conflict import ConflictRecord, Estimate, Violence, estimate, violence
from afterfall.conflict.violence_model import estimate_for
from afterfall.model import build
from afterfall.run import Run, forecast


@pytest.fixture(scope="session")
def fitted(record: ConflictRecord) -> Estimate:
    return estimate(record, range(1, 13))


@pytest.fixture(scope="session")
def run(case: Case) -> Run:
    return forecast(build(case, horizon=12), trajectories=40, seed=7)


@pytest.fixture(scope="session")
def found(run: Run, case: Case, record: ConflictRecord) -> Violence:
    return violence(run, case, fitted=estimate_for(run, record.until(record.last - 18)))
