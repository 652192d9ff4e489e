"""The posterior density of a case: the map from standard normals to parameters, the prior, and the likelihood.

Every unknown is parametrised by a standard normal z (non-centred). A parameter is its prior mean plus the standard
deviation times z, on its own scale. A region effect is its standard deviation times z. The noise of a half-year follows
from its z and those before (`model.compile.past_noise`). The discrepancy is half-normal with scale `DISCREPANCY`. The
negative log density that NUTS samples is ``z'z / 2 - log likelihood``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import jax.numpy as jnp
import numpy as np

from afterfall.infer.jax_factors import Array, half_normal
from afterfall.infer.likelihood import Shares, by_group, falls
from afterfall.infer.mortality_pool import NAMES as PAST_NAMES
from afterfall.infer.mortality_pool import mortality_pool
from afterfall.infer.past_collapses import past_collapses
from afterfall.model import Model
from afterfall.model.compile.past_noise import series
from afterfall.model.compile.reduced_model import ReducedModel, reduced_model
from afterfall.model.observation.fit_data import FitFigures, fit_figures
from afterfall.posterior.sample import DISCREPANCY as DISCREPANCY_NAME

DISCREPANCY = 0.3


@dataclass(frozen=True)
class LogPosterior:
    """Log density of a model's unknowns given its figures.

    `names` are the unknowns in the order of z: the parameters of the fit program, then those of the fit only.
    """

    model: Model
    program: ReducedModel
    fit_figures: FitFigures = field(repr=False)

    @classmethod
    def of(cls, model: Model) -> LogPosterior:
        """The density of a model.

        Raises
        ------
        ValueError
            If a policy is set or a parameter is fixed: neither belongs to the past.
        """
        if model.policy:
            raise ValueError(f"found {', '.join(model.policy)}; expected a model without policy or fixed parameters")
        return cls(model, reduced_model(model), fit_figures(model.view))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the unknowns."""
        return (*self.program.names, DISCREPANCY_NAME, *PAST_NAMES)

    @cached_property
    def parameters(self) -> Callable[[Array], Array]:
        """The function from standard normals to parameters on the engine's scale, ``[P]``."""
        known, names = self.program.known, self.program.names
        moments = np.array([k.moments() for k in known])
        scales = [k.parameter.scale for k in known]
        positive = np.array([s == "positive" for s in scales])
        share = np.array([s == "share" for s in scales])
        column = {name: i for i, name in enumerate(names)}
        spread = np.array([column[sd] for sd in self.program.spreads.values()], dtype=int)
        regional = slice(len(known), len(known) + len(spread))

        def run(z: Array) -> Array:
            own = moments[:, 0] + moments[:, 1] * z[: len(known)]
            own = jnp.where(positive, jnp.exp(jnp.where(positive, own, 0.0)), own)
            own = jnp.where(share, 1.0 / (1.0 + jnp.exp(-jnp.where(share, own, 0.0))), own)
            behind = [
                value
                for noise in self.program.noises
                for value in series(
                    [z[column[name]] for name in noise.names],
                    own[column[noise.sd]],
                    own[column[noise.memory]],
                    jnp.sqrt,
                )
            ]
            return jnp.concatenate([own, own[spread] * z[regional], jnp.array(behind)])

        return run

    def discrepancy(self, z: Array) -> Array:
        """The discrepancy common to all counts, as a relative standard deviation."""
        return DISCREPANCY * half_normal(z[len(self.program.names)])

    @cached_property
    def log_likelihood(self) -> Callable[[Array], Array]:
        """Log likelihood of all figures as a function of the standard normals."""
        view, n = self.model.view, len(self.program.names)
        figures = by_group(view, self.program, self.fit_figures)
        fallen = falls(self.program, self.fit_figures)
        past = mortality_pool(past_collapses(self.model.case.as_of))

        def run(z: Array) -> Array:
            theta = self.parameters(z)
            groups, shares = figures(theta, self.discrepancy(z))
            return groups.sum() + fallen(theta) + past(z[n + 1 :], world_dead(shares))

        return run

    @cached_property
    def potential(self) -> Callable[[Array], Array]:
        """Negative log density, up to a constant, as a function of the standard normals."""
        return lambda z: 0.5 * (z**2).sum() - self.log_likelihood(z)


def world_dead(shares: Shares) -> Array:
    """Share of all who travelled who are dead at the as-of date."""
    return (shares.dead[-1] * shares.people[-1]).sum() / shares.people[-1].sum()
