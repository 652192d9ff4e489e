"""The hazard of a first presence: importance resampling against NUTS, on the same country-years."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
import pytest
from numpyro.infer import MCMC, NUTS

from afterfall.reference.country_years import FIRST_YEAR, RiskSet, risk_set
from afterfall.reference.event_rate import DRAWS
from afterfall.reference.founding_fit import COEFFICIENT_SD, INTERCEPT_PRIOR, fit_founding, hazard_draws, proposals
from afterfall.reference.reference_class import open_reference_class

PERSISTENCE, SHOCK = 0.7, 0.7


def _model(design: jnp.ndarray, risk: RiskSet, years: int) -> None:
    """The model of `founding_fit`, written for numpyro, at one point of its grid."""
    b0 = numpyro.sample("b0", dist.Normal(*INTERCEPT_PRIOR))
    b = numpyro.sample("b", dist.Normal(0.0, COEFFICIENT_SD).expand([design.shape[1]]))
    e = numpyro.sample("e", dist.Normal(0.0, 1.0).expand([years]))
    u = [SHOCK / np.sqrt(1 - PERSISTENCE**2) * e[0]]
    for shock in e[1:]:
        u.append(PERSISTENCE * u[-1] + SHOCK * shock)
    logs = b0 + design @ b + jnp.stack(u)[jnp.array(risk.year - FIRST_YEAR)]
    weight = jnp.array(risk.weight[risk.country])
    fitted = jnp.sum(weight * jnp.where(jnp.array(risk.first), logs, 0.0))
    numpyro.factor("firsts", fitted - jnp.sum(weight * jnp.exp(logs) * jnp.array(risk.exposure)))


@pytest.mark.slow
@pytest.mark.parametrize("family", ["ISIS"])
def test_draws_agree_with_nuts(family: str) -> None:
    risk = risk_set(open_reference_class("2016-08-01"), family)
    fit = fit_founding(risk, ((PERSISTENCE, SHOCK, 1.0),))
    ours = hazard_draws(fit, 0, draws=4000).coefficients
    design = jnp.array(fit.design(risk.covariates)[:, 1:])
    sampler = MCMC(NUTS(_model), num_warmup=500, num_samples=2000, progress_bar=False)
    sampler.run(jax.random.key(1), design, risk, risk.last_year - FIRST_YEAR + 1)
    found = sampler.get_samples()
    theirs = np.column_stack([found["b0"], found["b"]])
    for ours_of_one, theirs_of_one in zip(ours.T, theirs.T, strict=True):
        spread = theirs_of_one.std()
        assert abs(ours_of_one.mean() - theirs_of_one.mean()) < 0.15 * spread
        assert 0.8 < ours_of_one.std() / spread < 1.25


def test_enough_proposals_are_effective() -> None:
    """The widest posterior, that of ISIS, keeps at least half as many independent proposals as there are draws."""
    fit = fit_founding(risk_set(open_reference_class("2017-02-13"), "ISIS"))
    _, _, ratios = proposals(fit, np.random.default_rng(1))
    weights = np.exp(ratios - ratios.max())
    assert weights.sum() ** 2 / (weights**2).sum() > DRAWS / 2
