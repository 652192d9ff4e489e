"""Prior and posterior of every fitted parameter, with the posterior contraction and a word for it.

Contraction is ``1 - variance of the posterior / variance of the prior`` on the scale on which the prior is normal (of
an effect of a region or of a half-year, given its spread). A parameter is *learned* if it is at least 0.5, *weakly
informed* if it is at least 0.15 (and more than chance gives with so many draws) or the mean has moved by half a prior
standard deviation. All others are *prior only*, and a forecast that rests on them rests on the prior. Draws of the
priors in a posterior (`stacking`) count as draws; R-hat and effective sample size are those of the chains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm  # type: ignore[import-untyped]

from afterfall.engine.program import Floats
from afterfall.infer.fitting import Fit, standardised
from afterfall.model.compile.past_noise import averaged
from afterfall.model.compile.reduced_model import ReducedModel
from afterfall.model.language.parameters import Z95, inverse
from afterfall.posterior import contraction_word
from afterfall.run.quantile_levels import INTERVAL_LEVELS


@dataclass(frozen=True, slots=True)
class PriorPosterior:
    """One parameter: 5, 50 and 95 % points of prior and posterior, on the natural scale and in prior deviations.

    `moved` is the posterior mean in standard deviations of the prior from the prior mean.
    """

    name: str
    label: str
    unit: str
    prior: tuple[float, float, float]
    posterior: tuple[float, float, float]
    standard: tuple[float, float, float]
    contraction: float
    moved: float
    rhat: float
    ess: float
    source: str

    @property
    def word(self) -> str:
        """Whether the parameter is learned, weakly informed, or rests on its prior only."""
        return contraction_word(self.contraction, self.ess, self.moved)


def prior_to_posterior(fit: Fit) -> tuple[PriorPosterior, ...]:
    """Every fitted parameter of the model, the largest contraction first."""
    program, z = fit.density.program, standardised(fit.density, fit.z)
    rows = [_row(fit, i, name, z[:, i]) for i, name in enumerate(program.names)]
    return tuple(sorted(rows, key=lambda r: (-r.contraction, r.name)))


def _row(fit: Fit, i: int, name: str, z: Floats) -> PriorPosterior:
    known = fit.density.program.known
    if i < len(known):
        one, (mean, sd) = known[i], known[i].moments()
        natural = [inverse(one.parameter.scale, mean + sd * s) for s in (-Z95, 0.0, Z95)]
        after = [inverse(one.parameter.scale, float(mean + sd * q)) for q in np.quantile(z, INTERVAL_LEVELS)]
        label, unit, source = one.label, one.unit, one.source or ("derived" if one.note else "uninformed")
    else:
        label, drawn = _effect(fit.density.program, name)
        natural = [float(q) for q in np.exp(np.quantile(drawn, INTERVAL_LEVELS))]
        effect: Floats = fit.posterior.values[:, i].astype(float)
        after = [float(q) for q in np.exp(np.quantile(effect, INTERVAL_LEVELS))]
        unit, source = "ratio", "hierarchy"
    low, centre, high = (float(q) for q in np.quantile(z, INTERVAL_LEVELS))
    return PriorPosterior(
        name,
        label,
        unit,
        (natural[0], natural[1], natural[2]),
        (after[0], after[1], after[2]),
        (low, centre, high),
        float(1.0 - z.var()),
        float(z.mean()),
        float(fit.diagnosis.rhat[i]),
        float(fit.diagnosis.ess[i]),
        source,
    )


def _effect(program: ReducedModel, name: str) -> tuple[str, Floats]:
    """The label of an effect, and its values under the prior over all spreads, on an even grid of probabilities."""
    z = _even(201)[:, None, None]
    for noise in program.noises:
        if name in noise.names:
            sd, memory = _under_prior(program, noise.sd)[:, None], _under_prior(program, noise.memory)
            s = sd * np.sqrt(averaged(memory)[0])
            return noise.labels()[noise.names.index(name)], s * z - 0.5 * s**2
    what, _, region = name.rstrip("]").partition("[")
    spread = _under_prior(program, program.spreads[name])
    return f"{what.partition('.')[0]} in {region} against all", spread * z


def _under_prior(program: ReducedModel, name: str) -> Floats:
    """Equally probable values of a parameter under its prior."""
    one = next(k for k in program.known if k.name == name)
    mean, sd = one.moments()
    return np.array([inverse(one.parameter.scale, float(mean + sd * z)) for z in _even(41)])


def _even(n: int) -> Floats:
    """Equally probable standard normals ``(n,)``."""
    return np.asarray(norm.ppf((np.arange(n) + 0.5) / n))
