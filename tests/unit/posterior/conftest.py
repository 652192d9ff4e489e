"""A model and a made-up posterior of it."""

import numpy as np
import pytest

from afterfall.case import case_hash
from afterfall.model import Model
from afterfall.posterior import Posterior, fit_key
from afterfall.posterior.posterior_file import Origin

FITTED = ("killing.fighter", "leaving.mover", "leaving.region_sd[north]", "fit.discrepancy")


@pytest.fixture(scope="session")
def posterior(tiny: Model) -> Posterior:
    return made_up_posterior(tiny)


def made_up_origin(model: Model, kept: int) -> Origin:
    """Where draws that nobody fitted come from."""
    return Origin(
        case=model.case.id,
        as_of=model.case.as_of,
        key=fit_key(model),
        case_hash=case_hash(model.case),
        model_version="test",
        seed=2**63 - 1,
        chains=2,
        warmup=10,
        kept=kept,
        divergences=0,
        command="made up",
    )


def made_up_posterior(model: Model) -> Posterior:
    """Fifty draws of four parameters that nobody fitted."""
    values = np.random.default_rng(1).normal(-3.0, 0.1, (50, len(FITTED))).astype(np.float32)
    ones = np.ones(len(FITTED), dtype=np.float32)
    return Posterior(made_up_origin(model, 50), FITTED, values, ones, 50 * ones, 0.5 * ones)
