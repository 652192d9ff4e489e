"""What the data taught, parameter by parameter: prior beside posterior, and a word for the difference.

Contraction is ``1 - variance of the posterior / variance of the prior`` on the scale on which the prior is normal. A
parameter is *learned* where it is at least a half, learned *a little* where it is at least 0.15 (and more than chance
makes of so many draws) or the mean has moved by half a prior standard deviation. All else is *prior only*, and a
forecast that rests on it rests on the prior.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from afterfall.draws import taught
from afterfall.engine.program import Floats
from afterfall.infer.fitting import Fit
from afterfall.model.parameters import inverse

LEVELS = (0.05, 0.5, 0.95)
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Learned:
    """One parameter: 5, 50 and 95 % points before and after, on the natural scale and in prior standard deviations."""

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
    def taught(self) -> str:
        """What the data taught, in words."""
        return taught(self.contraction, self.ess, self.moved)


def learned(fit: Fit) -> tuple[Learned, ...]:
    """Every fitted parameter of the model, what the data taught most first."""
    program, n = fit.density.program, len(fit.density.program.names)
    rows = [_row(fit, i, name) for i, name in enumerate(program.names[:n])]
    return tuple(sorted(rows, key=lambda r: (-r.contraction, r.name)))


def _row(fit: Fit, i: int, name: str) -> Learned:
    known, z = fit.density.program.known, fit.z[:, i]
    if i < len(known):
        one, (mean, sd) = known[i], known[i].moments()
        natural = [inverse(one.parameter.scale, mean + sd * s) for s in (-Z90, 0.0, Z90)]
        after = [inverse(one.parameter.scale, float(mean + sd * q)) for q in np.quantile(z, LEVELS)]
        label, unit, source = one.label, one.unit, one.source or ("derived" if one.note else "uninformed")
    else:
        spread = fit.density.program.spreads[name]
        scale = known[[k.name for k in known].index(spread)].median
        natural = [float(np.exp(scale * s)) for s in (-Z90, 0.0, Z90)]
        effect: Floats = fit.posterior.values[:, i].astype(float)
        after = [float(q) for q in np.exp(np.quantile(effect, LEVELS))]
        region = name.partition("[")[2].rstrip("]")
        label, unit, source = f"{name.partition('.')[0]} in {region} against all", "ratio", "hierarchy"
    low, middle, high = (float(q) for q in np.quantile(z, LEVELS))
    return Learned(
        name,
        label,
        unit,
        (natural[0], natural[1], natural[2]),
        (after[0], after[1], after[2]),
        (low, middle, high),
        float(1.0 - z.var()),
        float(z.mean()),
        float(fit.diagnosis.rhat[i]),
        float(fit.diagnosis.ess[i]),
        source,
    )
